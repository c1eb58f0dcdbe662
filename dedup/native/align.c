/* Words numbered, and aligned by the fewest edits: Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances",
   2003, with the whole matrix kept. Of several alignments the one that rapidfuzz's Levenshtein.opcodes finds. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT 15u
#define LARGEST (1 << 22) /* words times words beyond which rapidfuzz divides the texts */

/* Number words in the order in which they first appear; returns how many there are. */
ptrdiff_t number_words(const uint32_t *words, ptrdiff_t length, uint32_t *ids)
{
    size_t size = 16;
    while (size < 2 * (size_t)length)
        size *= 2;
    uint64_t *slots = calloc(size, sizeof(uint64_t)); /* words and their numbers */
    if (!slots)
        return NO_MEMORY;
    ptrdiff_t count = 0;
    for (ptrdiff_t place = 0; place < length; place++) {
        uint32_t word = words[place];
        size_t at = mix32(word) & (size - 1);
        while (slots[at] && (uint32_t)(slots[at] >> 32) != word)
            at = (at + 1) & (size - 1);
        if (!slots[at])
            slots[at] = (uint64_t)word << 32 | (uint64_t)++count;
        ids[place] = (uint32_t)slots[at] - 1;
    }
    free(slots);
    return count;
}

typedef struct {
    uint64_t plus, minus; /* vertical differences of a block of 64 words of the one text, after a word of the other */
} Column;

static void fill(const uint32_t *a, ptrdiff_t a_length, const uint32_t *b, ptrdiff_t b_length, ptrdiff_t blocks, uint64_t *places,
                 Column *matrix)
{
    for (ptrdiff_t at = 0; at < a_length; at++)
        places[a[at] * blocks + at / 64] |= 1ull << at % 64;
    for (ptrdiff_t row = 0; row < b_length; row++) {
        uint64_t plus_carry = 1, minus_carry = 0;
        for (ptrdiff_t block = 0; block < blocks; block++) {
            Column before = row ? matrix[(row - 1) * blocks + block] : (Column){~0ull, 0};
            uint64_t x = places[b[row] * blocks + block] | minus_carry;
            uint64_t diagonal = (((x & before.plus) + before.plus) ^ before.plus) | x | before.minus;
            uint64_t plus = before.minus | ~(diagonal | before.plus), minus = diagonal & before.plus;
            uint64_t shifted_plus = plus << 1 | plus_carry, shifted_minus = minus << 1 | minus_carry;
            plus_carry = plus >> 63;
            minus_carry = minus >> 63;
            matrix[row * blocks + block] = (Column){shifted_minus | ~(diagonal | shifted_plus), shifted_plus & diagonal};
        }
    }
    for (ptrdiff_t at = 0; at < a_length; at++) /* clean for the next pair */
        places[a[at] * blocks + at / 64] = 0;
}

/* The weight of words that stand in the place of words which the other text lacks: see dedup.measure.swapped. */
static uint64_t exchanged(const uint32_t *a, ptrdiff_t a_length, const uint32_t *b, ptrdiff_t b_length, const Column *matrix,
                          ptrdiff_t blocks, const uint8_t *own)
{
    uint64_t found = 0, one = 0, other = 0;
    ptrdiff_t col = a_length, row = b_length;
    while (col && row) {
        const Column *here = &matrix[(row - 1) * blocks + (col - 1) / 64];
        int replaced = 0;
        if (here->plus >> (col - 1) % 64 & 1)
            col--;
        else if (--row && matrix[(row - 1) * blocks + (col - 1) / 64].minus >> (col - 1) % 64 & 1)
            ;
        else if (a[--col] != b[row]) {
            replaced = 1;
            one += own[a[col]];
            other += own[b[row]];
        }
        if (!replaced) {
            found += one < other ? one : other;
            one = other = 0;
        }
    }
    return found + (one < other ? one : other);
}

/* For each pair of rows the share of the lighter text that is swapped, -1 for texts too long for this. */
int swapped(const uint32_t *words, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, double *shares)
{
    for (ptrdiff_t pair = 0; pair < pairs; pair++) {
        const uint32_t *texts[2] = {words + offsets[left[pair]], words + offsets[right[pair]]};
        ptrdiff_t lengths[2] = {(ptrdiff_t)(offsets[left[pair] + 1] - offsets[left[pair]]),
                                (ptrdiff_t)(offsets[right[pair] + 1] - offsets[right[pair]])};
        shares[pair] = -1;
        if (lengths[0] && lengths[1] > LARGEST / lengths[0])
            continue;
        ptrdiff_t total = lengths[0] + lengths[1];
        uint32_t *both = malloc(((size_t)total + 1) * 2 * sizeof(uint32_t)), *ids = both + total;
        if (!both)
            return NO_MEMORY;
        memcpy(both, texts[0], (size_t)lengths[0] * sizeof(uint32_t));
        memcpy(both + lengths[0], texts[1], (size_t)lengths[1] * sizeof(uint32_t));
        ptrdiff_t count = number_words(both, total, ids);
        uint32_t *a = ids, *b = ids + lengths[0];
        ptrdiff_t a_length = lengths[0], b_length = lengths[1], blocks;
        uint8_t *held = count < 0 ? NULL : calloc((size_t)count + 1, 2), *own = held ? held + count : NULL;
        if (!held) {
            free(both);
            return NO_MEMORY;
        }
        uint64_t weights[2] = {0, 0};
        for (ptrdiff_t place = 0; place < total; place++) { /* which text has a word, and what each weighs */
            int side = place >= lengths[0];
            if (!(held[ids[place]] & 1 << side))
                weights[side] += both[place] & WEIGHT;
            held[ids[place]] |= (uint8_t)(1 << side);
        }
        for (ptrdiff_t place = 0; place < total; place++)
            own[ids[place]] = held[ids[place]] == 3 ? 0 : both[place] & WEIGHT;
        while (a_length && b_length && *a == *b)
            a++, b++, a_length--, b_length--;
        while (a_length && b_length && a[a_length - 1] == b[b_length - 1])
            a_length--, b_length--;
        blocks = (a_length + 63) / 64;
        uint64_t found = 0, lighter = weights[0] < weights[1] ? weights[0] : weights[1];
        if (a_length && b_length) {
            uint64_t *places = calloc((size_t)(count * blocks), sizeof(uint64_t));
            Column *matrix = malloc((size_t)(b_length * blocks) * sizeof(Column));
            if (places && matrix) {
                fill(a, a_length, b, b_length, blocks, places, matrix);
                found = exchanged(a, a_length, b, b_length, matrix, blocks, own);
            }
            free(places);
            free(matrix);
            if (!places || !matrix)
                lighter = UINT64_MAX;
        }
        free(both);
        free(held);
        if (lighter == UINT64_MAX)
            return NO_MEMORY;
        shares[pair] = lighter ? (double)found / (double)lighter : 0.0;
    }
    return 0;
}
