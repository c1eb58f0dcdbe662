/* Sorting of hashes, each once. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define LARGE 64 /* values in one bucket for which an insertion sort is too slow */

int ascending(const void *one, const void *other)
{
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

void insertion_sort(uint64_t *values, ptrdiff_t length)
{
    for (ptrdiff_t place = 1; place < length; place++) {
        uint64_t value = values[place];
        ptrdiff_t to = place;
        for (; to && values[to - 1] > value; to--)
            values[to] = values[to - 1];
        values[to] = value;
    }
}

/* Sort values of this number of bits, which are hashes and so evenly spread, and drop repetitions. Returns the number of values left.
   The scratch has room for the values and for twice as many counts. */
ptrdiff_t sort_distinct(uint64_t *values, ptrdiff_t length, int bits, uint64_t *scratch)
{
    if (length < 2)
        return length;
    int exponent = 1;
    while ((ptrdiff_t)1 << exponent < length)
        exponent++;
    uint32_t *starts = (uint32_t *)(scratch + length), largest = 0;
    ptrdiff_t buckets = (ptrdiff_t)1 << exponent;
    int shift = bits > exponent ? bits - exponent : 0;
    memset(starts, 0, (size_t)buckets * sizeof(uint32_t));
    for (ptrdiff_t place = 0; place < length; place++)
        starts[values[place] >> shift]++;
    for (ptrdiff_t bucket = 0, start = 0; bucket < buckets; bucket++) {
        uint32_t size = starts[bucket];
        largest = size > largest ? size : largest;
        starts[bucket] = (uint32_t)start;
        start += size;
    }
    for (ptrdiff_t place = 0; place < length; place++)
        scratch[starts[values[place] >> shift]++] = values[place];
    if (largest > LARGE) /* many repetitions, or a text that was made to collide */
        qsort(scratch, (size_t)length, sizeof(uint64_t), ascending);
    else
        insertion_sort(scratch, length);
    ptrdiff_t count = 0;
    for (ptrdiff_t place = 0; place < length; place++)
        if (!place || scratch[place] != scratch[place - 1])
            values[count++] = scratch[place];
    return count;
}
