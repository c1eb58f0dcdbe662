/* Sets of shingles and of words, and the values that pairs of sets share. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define SET_BITS 50 /* bits of a shingle's hash that are kept */
#define WORD_BITS 32
#define MANY 64 /* values in one bucket for which an insertion sort is too slow */

int ascending(const void *one, const void *other)
{
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

/* Sort values of this number of bits, which are hashes and so evenly spread, and drop repetitions. Returns the number of values left.
   The scratch array has room for the values and for twice as many counts. */
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
    if (largest > MANY) /* many repetitions, or a text that was made to collide */
        qsort(scratch, (size_t)length, sizeof(uint64_t), ascending);
    else
        for (ptrdiff_t place = 1; place < length; place++) {
            uint64_t value = scratch[place];
            ptrdiff_t to = place;
            for (; to && scratch[to - 1] > value; to--)
                scratch[to] = scratch[to - 1];
            scratch[to] = value;
        }
    ptrdiff_t count = 0;
    for (ptrdiff_t place = 0; place < length; place++)
        if (!place || scratch[place] != scratch[place - 1])
            values[count++] = scratch[place];
    return count;
}

static ptrdiff_t longest_row(const int64_t *offsets, const int64_t *rows, ptrdiff_t count)
{
    int64_t longest = 1;
    for (ptrdiff_t place = 0; place < count; place++) {
        int64_t length = offsets[rows[place] + 1] - offsets[rows[place]];
        longest = length > longest ? length : longest;
    }
    return (ptrdiff_t)longest;
}

int shingle_sets(const uint32_t *words, const int64_t *offsets, const int64_t *rows, ptrdiff_t count, ptrdiff_t size,
                 const uint64_t *factors, uint64_t *values, int64_t *set_offsets)
{
    uint64_t *scratch = malloc(3 * (size_t)longest_row(offsets, rows, count) * sizeof(uint64_t));
    if (!scratch)
        return NO_MEMORY;
    set_offsets[0] = 0;
    for (ptrdiff_t place = 0; place < count; place++) {
        int64_t start = offsets[rows[place]];
        uint64_t *set = values + set_offsets[place];
        ptrdiff_t found = shingle_row(words + start, (ptrdiff_t)(offsets[rows[place] + 1] - start), size, factors, set);
        for (ptrdiff_t number = 0; number < found; number++)
            set[number] >>= 64 - SET_BITS;
        set_offsets[place + 1] = set_offsets[place] + sort_distinct(set, found, SET_BITS, scratch);
    }
    free(scratch);
    return 0;
}

int word_sets(const uint32_t *words, const int64_t *offsets, const int64_t *rows, ptrdiff_t count, uint64_t *values,
              int64_t *set_offsets)
{
    uint64_t *scratch = malloc(3 * (size_t)longest_row(offsets, rows, count) * sizeof(uint64_t));
    if (!scratch)
        return NO_MEMORY;
    set_offsets[0] = 0;
    for (ptrdiff_t place = 0; place < count; place++) {
        ptrdiff_t length = (ptrdiff_t)(offsets[rows[place] + 1] - offsets[rows[place]]);
        uint64_t *set = values + set_offsets[place];
        for (ptrdiff_t number = 0; number < length; number++)
            set[number] = words[offsets[rows[place]] + number];
        set_offsets[place + 1] = set_offsets[place] + sort_distinct(set, length, WORD_BITS, scratch);
    }
    free(scratch);
    return 0;
}

/* For each pair of sorted rows: the number of common values, and the sum of value & mask over them. */
void share(const uint64_t *values, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, uint64_t mask,
           double *counts, double *sums)
{
    for (ptrdiff_t pair = 0; pair < pairs; pair++) {
        int64_t i = offsets[left[pair]], i_end = offsets[left[pair] + 1], j = offsets[right[pair]], j_end = offsets[right[pair] + 1];
        uint64_t count = 0, sum = 0;
        while (i < i_end && j < j_end) {
            uint64_t one = values[i], other = values[j], equal = one == other;
            count += equal;
            sum += one & mask & (0 - equal);
            i += one <= other;
            j += other <= one;
        }
        counts[pair] = (double)count;
        sums[pair] = (double)sum;
    }
}
