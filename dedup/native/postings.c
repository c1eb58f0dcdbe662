/* Posting lists: the postings of some keys are found among many; both are sorted. */

#include "native.h"

/* The first place, from a start on, whose shifted value is not below a key: by doubling steps, then by binary search. */
static ptrdiff_t reach(const uint64_t *values, ptrdiff_t start, ptrdiff_t length, int shift, uint64_t key)
{
    ptrdiff_t step = 1, low = start, high = start;
    while (high < length && values[high] >> shift < key) {
        low = high + 1;
        high = high + step < length ? high + step : length;
        step *= 2;
    }
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (values[middle] >> shift < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Copy the postings that have one of some keys. Returns their number, which is at most that of all postings. */
ptrdiff_t hits(const uint64_t *postings, ptrdiff_t count, const uint64_t *keys, ptrdiff_t wanted, int shift, uint64_t *found)
{
    ptrdiff_t total = 0, at = 0, place = 0;
    while (place < wanted) {
        at = reach(postings, at, count, shift, keys[place]);
        if (at == count)
            break;
        for (; at < count && postings[at] >> shift == keys[place]; at++)
            found[total++] = postings[at];
        if (at == count)
            break;
        place = reach(keys, place + 1, wanted, 0, postings[at] >> shift);
    }
    return total;
}

/* Find for each asking posting its place among the posted ones, and how many of its key come before it; both are sorted. */
void ranks(const uint64_t *posted, ptrdiff_t count, const uint64_t *asking, ptrdiff_t wanted, int shift, int64_t *places, int64_t *found)
{
    ptrdiff_t at = 0, first = 0;
    for (ptrdiff_t each = 0; each < wanted; each++) {
        at = reach(posted, at, count, 0, asking[each]);
        if (first < count && posted[first] >> shift < asking[each] >> shift)
            first = reach(posted, first, count, shift, asking[each] >> shift);
        places[each] = at;
        found[each] = at - first;
    }
}
