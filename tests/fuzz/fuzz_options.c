/*
 * The command line: arguments with NULs between them.  Nothing is run, and
 * what stands in a file ("@FILE") is its name.
 *
 * It is right (0) or wrong (2); what is wrong is said in two lines; what is
 * right makes a well-formed request.
 */
#include "fuzz.h"
#include "wellformed.h"

#include "fetch/request.h"
#include "input/target.h"
#include "options/options.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 64 };

static char said[1 << 20];
static size_t said_len;

static ssize_t keep(void *cookie, const char *bytes, size_t size)
{
    (void)cookie;
    if (size < sizeof said - said_len) {
        memcpy(said + said_len, bytes, size);
        said_len += size;
    }
    return (ssize_t)size;
}

int __wrap_open(const char *name, int flags, ...);
int __real_open(const char *name, int flags, ...);

int __wrap_open(const char *name, int flags, ...)
{
    size_t len = strlen(name);
    (void)flags;
    int file = memfd_create("options", MFD_CLOEXEC);
    fuzz_must(file >= 0 && write(file, name, len) == (ssize_t)len);
    fuzz_must(lseek(file, 0, SEEK_SET) == 0);
    return file;
}

/* "@-" is empty. */
static void empty_stdin(void)
{
    static bool done;
    if (!done)
        fuzz_must(dup2(__real_open("/dev/null", O_RDONLY), STDIN_FILENO) == 0);
    done = true;
}

/* stdout and stderr while options are read. */
static FILE *listener(void)
{
    static FILE *file;
    if (!file) {
        file = fopencookie(NULL, "w", (cookie_io_functions_t){.write = keep});
        fuzz_must(file && setvbuf(file, NULL, _IONBF, 0) == 0);
    }
    return file;
}

static enum options_outcome parse(
    struct options *options, int argc, char **argv)
{
    FILE *out = stdout, *err = stderr;
    said_len = 0;
    stdout = stderr = listener();
    enum options_outcome outcome = options_parse(options, argc, argv);
    stdout = out;
    stderr = err;
    said[said_len] = '\0';
    return outcome;
}

/* "afetch: what is wrong" and where to look. */
static void check_complaint(void)
{
    static const char last[] = "\nTry 'afetch --help'.\n";
    fuzz_must(said_len > strlen(last) && !strncmp(said, "afetch: ", 8));
    char *end = said + said_len - strlen(last);
    fuzz_must(strcmp(end, last) == 0);
    *end = '\0';
    for (const char *byte = said; *byte; byte++)
        fuzz_must((unsigned char)*byte >= ' ' && *byte != 0x7f);
}

static void check_right(const struct options *o)
{
    struct request_wishes wishes = {
        .method = o->method,
        .user_agent = o->user_agent ? o->user_agent : "fuzz",
        .authorization = o->authorization,
        .fields = o->fields,
        .field_count = o->field_count,
        .http11 = o->http11,
    };
    struct target *target;
    const char *reason;
    fuzz_must(o->concurrency > 0 && o->max_time > 0 && o->connect_timeout > 0);
    fuzz_must(o->targets.count + o->input_files.count > 0);
    fuzz_must(o->max_header_size > 0 && o->rounds > 0);
    fuzz_must(target_parse("a.test", 6, &target, &reason) == 0);
    check_wishes(&wishes, target);
    target_destroy(target);
}

static void check(int argc, char **argv)
{
    struct options options;
    enum options_outcome outcome = parse(&options, argc, argv);
    fuzz_must(outcome != OPTIONS_FAILED);
    if (outcome == OPTIONS_RUN)
        check_right(&options);
    if (outcome == OPTIONS_BAD)
        check_complaint();
    else
        fuzz_must(outcome == OPTIONS_RUN ? said_len == 0 : said_len > 0);
    options_fini(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    char *argv[ARGUMENTS_MAX + 2] = {(char[]){"afetch"}};
    int argc = 1;
    empty_stdin();
    while (input.len > 0 && argc <= ARGUMENTS_MAX)
        argv[argc++] = fuzz_string(fuzz_take(&input, '\0'));
    check(argc, argv);
    while (--argc > 0)
        free(argv[argc]);
    return 0;
}
