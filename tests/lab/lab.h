/* What every room of the lab can reach. Made in main, passed everywhere. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include "behaviour.h"

#include <event2/event.h>

struct lab {
    struct event_base *base;
    struct script *script;
    struct stats *stats;
    struct tls *tls;
    struct dns *dns;
    struct http *http;
};

#endif
