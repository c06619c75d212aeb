/*
 * A target: an argument, a line of a list, a URL, of any bytes.
 *
 * What is accepted, printed and parsed again is the same; what is refused
 * has a reason and can be shown without its password.
 */
#include "fuzz.h"
#include "wellformed.h"

#include "input/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Of the user name and password nothing is left but "***". */
static void check_hidden(const char *shown)
{
    const char *stars = strstr(shown, "***@");
    fuzz_must(stars);
    for (; shown < stars; shown++)
        fuzz_must(byte_is_alnum(*shown) || strchr("+-.:/", *shown));
}

static void check_refused(const char *line, size_t len, const char *reason)
{
    size_t shown_len;
    char *shown = target_shown(line, len, &shown_len);
    fuzz_must(shown && shown_len <= TARGET_SHOWN_MAX && !shown[shown_len]);
    fuzz_must(*reason);
    if (strstr(reason, "password") && len < TARGET_SHOWN_MAX - 3 &&
        strlen(shown) == shown_len)
        check_hidden(shown);
    free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *line = fuzz_copy((struct span){(const char *)bytes, size});
    struct target *target = NULL;
    const char *reason = NULL;
    int result = target_parse(line, size, &target, &reason);
    fuzz_must(result == 0 || result == -EINVAL);
    if (result == 0)
        check_target(target);
    else
        check_refused(line, size, reason);
    target_destroy(target);
    free(line);
    return 0;
}
