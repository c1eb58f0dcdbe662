/* Sets of shingles and of words, and the values that pairs of sets share. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define SET_BITS 50 /* bits of a shingle's hash that are kept */
#define WORD_BITS 32

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

/* For each pair of sorted rows: the sum of value & mask over the common values, and the same over those of one kind, of the kind with the
   largest sum. kinds has a bit for each kind that a value is of. */
void share_kinds(const uint64_t *values, const uint32_t *kinds, const int64_t *offsets, const int64_t *left, const int64_t *right,
                 ptrdiff_t pairs, uint64_t mask, double *sums, double *most)
{
    for (ptrdiff_t pair = 0; pair < pairs; pair++) {
        int64_t i = offsets[left[pair]], i_end = offsets[left[pair] + 1], j = offsets[right[pair]], j_end = offsets[right[pair] + 1];
        uint64_t sum = 0, largest = 0, of_kind[32] = {0};
        while (i < i_end && j < j_end) {
            uint64_t one = values[i], other = values[j];
            if (one == other) {
                uint32_t bits = kinds[i];
                sum += one & mask;
                for (int kind = 0; bits; kind++, bits >>= 1)
                    of_kind[kind] += bits & 1 ? one & mask : 0;
            }
            i += one <= other;
            j += other <= one;
        }
        for (int kind = 0; kind < 32; kind++)
            largest = of_kind[kind] > largest ? of_kind[kind] : largest;
        sums[pair] = (double)sum;
        most[pair] = (double)largest;
    }
}

#define LANES 4

/* Count the common values of two sorted rows, and add up value & mask over them. Blocks of values are compared all with all: of two blocks
   the one that ends first is done. */
WIDE static void share_rows(const uint64_t *a, ptrdiff_t a_length, const uint64_t *b, ptrdiff_t b_length, uint64_t mask, double *count,
                            double *sum)
{
    uint64_t found = 0, total = 0;
    ptrdiff_t i = 0, j = 0;
#if defined(__GNUC__)
    typedef uint64_t Lanes __attribute__((vector_size(LANES * sizeof(uint64_t))));
    Lanes counts = {0}, sums = {0};
    while (i + LANES <= a_length && j + LANES <= b_length) {
        Lanes one, other;
        memcpy(&one, a + i, sizeof one);
        memcpy(&other, b + j, sizeof other);
        Lanes equal = (Lanes)((one == other) | (one == __builtin_shuffle(other, (Lanes){1, 2, 3, 0})) |
                              (one == __builtin_shuffle(other, (Lanes){2, 3, 0, 1})) | (one == __builtin_shuffle(other, (Lanes){3, 0, 1, 2})));
        counts -= equal;
        sums += one & equal & mask;
        uint64_t last = a[i + LANES - 1], other_last = b[j + LANES - 1];
        i += last <= other_last ? LANES : 0;
        j += other_last <= last ? LANES : 0;
    }
    for (int lane = 0; lane < LANES; lane++) {
        found += counts[lane];
        total += sums[lane];
    }
#endif
    while (i < a_length && j < b_length) {
        uint64_t one = a[i], other = b[j], equal = one == other;
        found += equal;
        total += one & mask & (0 - equal);
        i += one <= other;
        j += other <= one;
    }
    *count = (double)found;
    *sum = (double)total;
}

/* For each pair of sorted rows: the number of common values, and the sum of value & mask over them. */
void share(const uint64_t *values, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, uint64_t mask,
           double *counts, double *sums)
{
    for (ptrdiff_t pair = 0; pair < pairs; pair++) {
        int64_t i = offsets[left[pair]], j = offsets[right[pair]];
        ptrdiff_t length = (ptrdiff_t)(offsets[left[pair] + 1] - i), other_length = (ptrdiff_t)(offsets[right[pair] + 1] - j);
        share_rows(values + i, length, values + j, other_length, mask, &counts[pair], &sums[pair]);
    }
}

/* For each row: the sum of value & mask. */
void weigh_rows(const uint64_t *values, const int64_t *offsets, ptrdiff_t rows, uint64_t mask, double *sums)
{
    for (ptrdiff_t row = 0; row < rows; row++) {
        uint64_t total = 0;
        for (int64_t place = offsets[row]; place < offsets[row + 1]; place++)
            total += values[place] & mask;
        sums[row] = (double)total;
    }
}
