/*
 * sink - see sink.h.
 */
#include "sink.h"

#include "fuzz.h"

#include "output/buffer.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int file = -1;

struct output *sink_output(void)
{
    static struct output *output;
    if (!output) {
        file = memfd_create("sink", MFD_CLOEXEC);
        output = output_create(file);
        fuzz_must(output);
    }
    return output;
}

struct span sink_take(void)
{
    static char *bytes;
    fuzz_must(output_flush(sink_output()) == 0);
    off_t size = lseek(file, 0, SEEK_END);
    free(bytes);
    bytes = malloc((size_t)size + 1);
    fuzz_must(bytes && pread(file, bytes, (size_t)size, 0) == size);
    fuzz_must(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0);
    return (struct span){bytes, (size_t)size};
}
