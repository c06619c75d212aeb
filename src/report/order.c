/*
 * order - see order.h.
 *
 * Invariant: places [first, next) have begun and are in the ring, each at its
 * number modulo the capacity; `bytes` is the sum of those that have ended.
 */
#include "report/order.h"

#include "record/result.h"

#include <stdlib.h>

enum { SLOTS_FEW = 64 }; /* to begin with; a power of two, as all are */

struct order_slot {
    bool ended;
    struct result result; /* once it has ended */
};

struct order {
    struct order_slot *slots;
    size_t capacity;
    uint64_t first, next;
    size_t bytes;
};

struct order *order_create(void)
{
    struct order *order = calloc(1, sizeof *order);
    if (!order)
        return NULL;
    order->slots = calloc(SLOTS_FEW, sizeof *order->slots);
    if (!order->slots) {
        free(order);
        return NULL;
    }
    order->capacity = SLOTS_FEW;
    return order;
}

static struct order_slot *slot_at(const struct order *order, uint64_t place)
{
    return &order->slots[place & (order->capacity - 1)];
}

void order_destroy(struct order *order)
{
    if (!order)
        return;
    for (uint64_t place = order->first; place < order->next; place++)
        if (slot_at(order, place)->ended)
            result_fini(&slot_at(order, place)->result);
    free(order->slots);
    free(order);
}

/* Twice as many slots; false: there is no memory. */
static bool grow_ring(struct order *order)
{
    struct order larger = *order;
    larger.capacity = 2 * order->capacity;
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (uint64_t place = order->first; place < order->next; place++)
        *slot_at(&larger, place) = *slot_at(order, place);
    free(order->slots);
    *order = larger;
    return true;
}

bool order_has_room(struct order *order)
{
    uint64_t begun = order->next - order->first;
    if (begun == 0)
        return true;
    if (begun >= ORDER_TARGETS_MAX || order->bytes >= ORDER_BYTES_MAX)
        return false;
    return begun < order->capacity || grow_ring(order);
}

uint64_t order_begin(struct order *order)
{
    slot_at(order, order->next)->ended = false;
    return order->next++;
}

void order_end(struct order *order, uint64_t place, const struct result *result)
{
    struct order_slot *slot = slot_at(order, place);
    slot->ended = true;
    slot->result = *result;
    order->bytes += result_size(result);
}

bool order_next(struct order *order, struct result *out)
{
    const struct order_slot *slot = slot_at(order, order->first);
    if (order->first == order->next || !slot->ended)
        return false;
    *out = slot->result;
    order->bytes -= result_size(out);
    order->first++;
    return true;
}
