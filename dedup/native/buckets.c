/* Pairs of members of one bucket. Members are packed and sorted: a key in the upper half, an owner in the lower half. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define FEW 24        /* members for which an insertion sort is fast enough */
#define DIGIT_BITS 8 /* so that the ends of all lists of a pass stay in the first cache */
#define DIGITS (1 << DIGIT_BITS)

/* Write the members of some rows, by the first bits of their keys: those of a part stand together, in the order of the rows. The parts
   begin at starts, which has an item more than there are parts. */
void pack_members(const uint32_t *values, const int64_t *offsets, const int64_t *rows, ptrdiff_t count, int bits, int64_t *starts,
                  uint64_t *packed)
{
    ptrdiff_t parts = (ptrdiff_t)1 << bits;
    memset(starts, 0, ((size_t)parts + 1) * sizeof(int64_t));
    for (ptrdiff_t place = 0; place < count; place++)
        for (int64_t at = offsets[rows[place]]; at < offsets[rows[place] + 1]; at++)
            starts[((uint64_t)values[at] << bits >> 32) + 1]++;
    for (ptrdiff_t part = 0; part < parts; part++)
        starts[part + 1] += starts[part];
    for (ptrdiff_t place = 0; place < count; place++)
        for (int64_t at = offsets[rows[place]]; at < offsets[rows[place] + 1]; at++)
            packed[starts[(uint64_t)values[at] << bits >> 32]++] = (uint64_t)values[at] << 32 | (uint64_t)rows[place];
    memmove(starts + 1, starts, (size_t)parts * sizeof(int64_t)); /* each is now the start of the next part */
    starts[0] = 0;
}

/* Sort members by their keys, the bits above some lower ones, a digit at a time from the last one on; those of one key keep their order.
   The scratch has room for all. */
static void sort_by_keys(uint64_t *packed, ptrdiff_t length, int lower, uint64_t *scratch)
{
    uint64_t differing = 0;
    for (ptrdiff_t place = 1; place < length; place++)
        differing |= packed[place] ^ packed[0];
    uint64_t *from = packed, *to = scratch;
    for (int shift = lower; shift < 64; shift += DIGIT_BITS) {
        if (!(differing >> shift & (DIGITS - 1)))
            continue;
        ptrdiff_t ends[DIGITS] = {0}, start = 0;
        for (ptrdiff_t place = 0; place < length; place++)
            ends[from[place] >> shift & (DIGITS - 1)]++;
        for (int digit = 0; digit < DIGITS; digit++) {
            ptrdiff_t size = ends[digit];
            ends[digit] = start;
            start += size;
        }
        for (ptrdiff_t place = 0; place < length; place++)
            to[ends[from[place] >> shift & (DIGITS - 1)]++] = from[place];
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != packed)
        memcpy(packed, from, (size_t)length * sizeof(uint64_t));
}

/* Sort the members of each part from low to below high. Returns 0, NO_MEMORY without room. */
ptrdiff_t sort_members(uint64_t *packed, const int64_t *starts, ptrdiff_t low, ptrdiff_t high)
{
    int64_t largest = 0;
    for (ptrdiff_t part = low; part < high; part++)
        largest = starts[part + 1] - starts[part] > largest ? starts[part + 1] - starts[part] : largest;
    uint64_t *scratch = malloc(((size_t)largest + 1) * sizeof(uint64_t));
    if (!scratch)
        return NO_MEMORY;
    for (ptrdiff_t part = low; part < high; part++)
        if (starts[part + 1] - starts[part] <= FEW)
            insertion_sort(packed + starts[part], starts[part + 1] - starts[part]);
        else
            sort_by_keys(packed + starts[part], starts[part + 1] - starts[part], 32, scratch);
    free(scratch);
    return 0;
}

static inline ptrdiff_t end_of_bucket(const uint64_t *packed, ptrdiff_t start, ptrdiff_t length)
{
    ptrdiff_t end = start + 1;
    while (end < length && packed[end] >> 32 == packed[start] >> 32)
        end++;
    return end;
}

/* Sort members by the bits above some lower ones; those that are equal in these keep their order. Returns 0, NO_MEMORY without room. */
ptrdiff_t sort_above(uint64_t *packed, ptrdiff_t length, int lower)
{
    uint64_t *scratch = malloc(((size_t)length + 1) * sizeof(uint64_t));
    if (!scratch)
        return NO_MEMORY;
    sort_by_keys(packed, length, lower, scratch);
    free(scratch);
    return 0;
}

/* Take the buckets of more than recurrence members out of sorted members, and list their keys. Returns the number of members that are left,
   and, after that, sets the number of keys. */
ptrdiff_t drop_frequent(uint64_t *packed, ptrdiff_t length, ptrdiff_t recurrence, uint32_t *often, int64_t *count)
{
    ptrdiff_t kept = 0, keys = 0;
    for (ptrdiff_t start = 0, end; start < length; start = end) {
        end = end_of_bucket(packed, start, length);
        if (end - start > recurrence)
            often[keys++] = (uint32_t)(packed[start] >> 32);
        else
            for (ptrdiff_t place = start; place < end; place++)
                packed[kept++] = packed[place];
    }
    *count = keys;
    return kept;
}

/* List for each owner, as rows, the places of its members that have another member behind them in their bucket. Owners in an overfull
   bucket, one of more than limit members, are marked as overfull. */
void index_members(const uint64_t *packed, ptrdiff_t length, ptrdiff_t limit, ptrdiff_t owners, int64_t *offsets, uint32_t *places,
                   uint8_t *overfull)
{
    memset(offsets, 0, ((size_t)owners + 1) * sizeof(int64_t));
    for (ptrdiff_t place = 0; place + 1 < length; place++)
        offsets[(uint32_t)packed[place] + 1] += packed[place] >> 32 == packed[place + 1] >> 32;
    for (ptrdiff_t owner = 0; owner < owners; owner++)
        offsets[owner + 1] += offsets[owner];
    for (ptrdiff_t start = 0, end; start < length; start = end) {
        end = end_of_bucket(packed, start, length);
        uint32_t flag = end - start > limit ? OVERFULL : 0;
        for (ptrdiff_t place = start; flag && place < end; place++)
            overfull[(uint32_t)packed[place]] = 1;
        for (ptrdiff_t place = start; place + 1 < end; place++)
            places[offsets[(uint32_t)packed[place]]++] = (uint32_t)place | flag;
    }
    memmove(offsets + 1, offsets, (size_t)owners * sizeof(int64_t)); /* each offset is now the start of the next row */
    offsets[0] = 0;
}

/* List the pairs of owners that share enough keys, with the smaller owner, from low to below high, in the upper half. Owners with too
   many pairs are marked as overfull. Returns the number of pairs, -1 if there is no room. */
ptrdiff_t shared_pairs(const Buckets *in, const Enough *enough, ptrdiff_t low, ptrdiff_t high, uint64_t *codes, ptrdiff_t room,
                       uint8_t *overfull)
{
    ptrdiff_t count = 0;
    uint32_t *shared = calloc((size_t)in->owners + 1, sizeof(uint32_t)), *others = malloc(((size_t)in->owners + 1) * sizeof(uint32_t));
    uint64_t *ranked = malloc(((size_t)in->owners + 1) * sizeof(uint64_t)); /* those that share most keys first, then the nearest */
    if (!shared || !others || !ranked)
        count = NO_MEMORY;
    for (ptrdiff_t one = low; count >= 0 && one < high; one++) {
        ptrdiff_t found = 0, kept = 0;
        for (int64_t member = in->offsets[one]; member < in->offsets[one + 1]; member++) {
            if (member + 8 < in->offsets[high])
                PREFETCH(&in->packed[in->places[member + 8] & ~OVERFULL]);
            ptrdiff_t place = in->places[member] & ~OVERFULL;
            ptrdiff_t reach = in->places[member] & OVERFULL ? in->nearest : in->limit;
            ptrdiff_t last = reach < in->length - 1 - place ? place + reach : in->length - 1;
            for (ptrdiff_t at = place + 1; at <= last && in->packed[at] >> 32 == in->packed[place] >> 32; at++) {
                uint32_t other = (uint32_t)in->packed[at];
                if (other != one && other < (size_t)in->owners && !shared[other]++)
                    others[found++] = other;
            }
        }
        for (ptrdiff_t place = 0; place < found; place++) {
            uint32_t other = others[place];
            int64_t least = enough->lengths[one] < enough->lengths[other] ? enough->lengths[one] : enough->lengths[other];
            if (least < enough->few || (shared[other] >= 2 && (double)shared[other] >= enough->share * (double)least))
                ranked[kept++] = (uint64_t)(UINT32_MAX - shared[other]) << 32 | other;
            shared[other] = 0;
        }
        if (kept > in->most) {
            overfull[one] = 1;
            qsort(ranked, (size_t)kept, sizeof(uint64_t), ascending);
            kept = in->strongest;
        }
        if (kept > room - count) {
            count = -1;
            break;
        }
        for (ptrdiff_t place = 0; place < kept; place++)
            codes[count++] = (uint64_t)one << 32 | (uint32_t)ranked[place];
    }
    free(shared);
    free(others);
    free(ranked);
    return count;
}

/* The place of a value in a sorted table, -1 where it is not there; those that may equal v begin at starts[v >> shift]. */
static inline int64_t place_of(uint32_t value, const uint32_t *table, const int64_t *starts, int shift)
{
    int64_t at = starts[value >> shift], end = starts[(value >> shift) + 1];
    while (at < end && table[at] < value)
        at++;
    return at < end && table[at] == value ? at : -1;
}

/* Tell for each value whether it is not among some sorted ones. */
void drop(const uint32_t *values, ptrdiff_t count, const uint32_t *often, const int64_t *starts, int shift, uint8_t *kept)
{
    for (ptrdiff_t place = 0; place < count; place++)
        kept[place] = place_of(values[place], often, starts, shift) < 0;
}

ptrdiff_t pick(const uint64_t *values, const int64_t *offsets, ptrdiff_t rows, const uint32_t *table, const uint32_t *marks,
               const int64_t *starts, int shift, uint64_t *picked, uint32_t *picked_marks, int64_t *picked_offsets)
{
    ptrdiff_t count = 0;
    picked_offsets[0] = 0;
    for (ptrdiff_t row = 0; row < rows; row++) {
        for (int64_t place = offsets[row]; place < offsets[row + 1]; place++) {
            int64_t at = place_of((uint32_t)values[place], table, starts, shift);
            if (at >= 0) {
                picked[count] = values[place];
                picked_marks[count++] = marks[at];
            }
        }
        picked_offsets[row + 1] = count;
    }
    return count;
}
