/* Pairs of what stands in one bucket. Members are packed: a key in the upper half, an owner in the lower, sorted. */

#include "native.h"

/* How far to the right members of a bucket are paired. */
static inline ptrdiff_t reach_of(ptrdiff_t size, ptrdiff_t limit, ptrdiff_t nearest)
{
    return size <= limit ? limit : nearest < limit ? nearest : limit - 1;
}

static inline ptrdiff_t end_of_bucket(const uint64_t *packed, ptrdiff_t start, ptrdiff_t length)
{
    ptrdiff_t end = start + 1;
    while (end < length && packed[end] >> 32 == packed[start] >> 32)
        end++;
    return end;
}

/* Count for each owner the pairs of which it is the smaller. Returns how many buckets had more than limit members. */
ptrdiff_t count_pairs(const uint64_t *packed, ptrdiff_t length, ptrdiff_t limit, ptrdiff_t nearest, uint32_t *counts)
{
    ptrdiff_t crowded = 0;
    for (ptrdiff_t start = 0, end; start < length; start = end) {
        end = end_of_bucket(packed, start, length);
        ptrdiff_t reach = reach_of(end - start, limit, nearest);
        crowded += end - start > limit;
        for (ptrdiff_t one = start; one < end; one++)
            for (ptrdiff_t other = one + 1; other < end && other - one <= reach; other++)
                counts[(uint32_t)packed[one]] += packed[one] != packed[other];
    }
    return crowded;
}

/* List the pairs whose smaller owner is from low to below high: the smaller in the upper half. Returns how many, -1 if there is no room. */
ptrdiff_t list_pairs(const uint64_t *packed, ptrdiff_t length, ptrdiff_t limit, ptrdiff_t nearest, uint64_t low, uint64_t high,
                     uint64_t *codes, ptrdiff_t room)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t start = 0, end; start < length; start = end) {
        end = end_of_bucket(packed, start, length);
        ptrdiff_t reach = reach_of(end - start, limit, nearest);
        for (ptrdiff_t one = start; one < end; one++) {
            uint64_t smaller = packed[one] & 0xFFFFFFFFu;
            if (smaller >= low && smaller < high)
                for (ptrdiff_t other = one + 1; other < end && other - one <= reach; other++)
                    if (packed[one] != packed[other]) {
                        if (count == room)
                            return -1;
                        codes[count++] = smaller << 32 | (packed[other] & 0xFFFFFFFFu);
                    }
        }
    }
    return count;
}
