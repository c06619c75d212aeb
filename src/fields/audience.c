/*
 * audience - see audience.h.
 */
#include "fields/audience.h"

const char *audience_name(enum audience audience)
{
    static const char *const names[] = {"nobody", "self", "listed", "anyone"};
    return names[audience];
}
