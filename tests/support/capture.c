/*
 * capture - what a report writes, caught in a file to be looked at.
 *
 * Invariant: the file holds what was not read yet, nothing else.
 */
#include "capture.h"

#include "output/buffer.h"

#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void capture_init(struct capture *capture)
{
    capture->fd = memfd_create("capture", MFD_CLOEXEC);
    ck_assert_int_ge(capture->fd, 0);
    capture->out = output_create(capture->fd);
    ck_assert_ptr_nonnull(capture->out);
    capture->text = NULL;
    capture->len = 0;
}

void capture_fini(struct capture *capture)
{
    output_destroy(capture->out);
    close(capture->fd);
    free(capture->text);
}

const char *capture_read(struct capture *capture)
{
    struct stat stat;

    ck_assert_int_eq(output_flush(capture->out), 0);
    ck_assert_int_eq(fstat(capture->fd, &stat), 0);
    free(capture->text);
    capture->len = (size_t)stat.st_size;
    capture->text = calloc(capture->len + 1, 1);
    ck_assert_ptr_nonnull(capture->text);
    ck_assert_int_eq(
        pread(capture->fd, capture->text, capture->len, 0), stat.st_size);
    ck_assert_int_eq(ftruncate(capture->fd, 0), 0);
    ck_assert_int_eq(lseek(capture->fd, 0, SEEK_SET), 0);
    return capture->text;
}
