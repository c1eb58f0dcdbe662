/* Alignment of the words of two texts with the fewest edits: Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit
   Distances", 2003. The whole matrix is kept. Of several best alignments it finds the one of rapidfuzz's Levenshtein.opcodes. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST (1 << 22) /* words of one text times words of the other: rapidfuzz divides larger texts */
#define ROOM (1 << 22)    /* blocks of the places of words: for more, rapidfuzz needs less memory */

/* Number words in the order in which they first appear. Returns the number of distinct words. */
static ptrdiff_t number_words(const uint32_t *words, ptrdiff_t length, uint32_t *ids)
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
    uint64_t plus, minus; /* vertical differences of a block of 64 words of one text, after a word of the other text */
} Column;

static void fill(const uint32_t *b, ptrdiff_t b_length, ptrdiff_t blocks, const uint64_t *places, Column *matrix)
{
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
}

/* Two texts with numbered words, and their middle parts: without the common words at the beginning and at the end. */
typedef struct {
    const uint32_t *words; /* of both texts, one behind the other */
    uint32_t *ids, *a, *b;
    ptrdiff_t length, first_length, a_length, b_length, distinct, blocks, alike;
    void *memory;
} Texts;

/* The weight of substituted words: see dedup.verification.features.substituted. */
static uint64_t exchanged(const Texts *texts, const uint8_t *own_a, const uint8_t *own_b, const Column *matrix)
{
    uint64_t found = 0, one = 0, other = 0;
    ptrdiff_t col = texts->a_length, row = texts->b_length, blocks = texts->blocks;
    while (col && row) {
        const Column *here = &matrix[(row - 1) * blocks + (col - 1) / 64];
        int replaced = 0;
        if (here->plus >> (col - 1) % 64 & 1)
            col--;
        else if (--row && matrix[(row - 1) * blocks + (col - 1) / 64].minus >> (col - 1) % 64 & 1)
            ;
        else if (texts->a[--col] != texts->b[row]) {
            replaced = 1;
            one += own_a[col];
            other += own_b[row];
        }
        if (!replaced) {
            found += one < other ? one : other;
            one = other = 0;
        }
    }
    return found + (one < other ? one : other);
}

static int open_texts(Texts *texts, const uint32_t *words, const int64_t *offsets, int64_t left, int64_t right)
{
    ptrdiff_t lengths[2] = {(ptrdiff_t)(offsets[left + 1] - offsets[left]), (ptrdiff_t)(offsets[right + 1] - offsets[right])};
    ptrdiff_t total = lengths[0] + lengths[1];
    uint32_t *both = malloc(((size_t)total + 1) * 2 * sizeof(uint32_t)), *ids = both + total;
    if (!both)
        return NO_MEMORY;
    memcpy(both, words + offsets[left], (size_t)lengths[0] * sizeof(uint32_t));
    memcpy(both + lengths[0], words + offsets[right], (size_t)lengths[1] * sizeof(uint32_t));
    ptrdiff_t distinct = number_words(both, total, ids);
    if (distinct < 0) {
        free(both);
        return NO_MEMORY;
    }
    *texts = (Texts){both, ids, ids, ids + lengths[0], total, lengths[0], lengths[0], lengths[1], distinct, 0, 0, both};
    while (texts->a_length && texts->b_length && *texts->a == *texts->b)
        texts->a++, texts->b++, texts->a_length--, texts->b_length--, texts->alike++;
    while (texts->a_length && texts->b_length && texts->a[texts->a_length - 1] == texts->b[texts->b_length - 1])
        texts->a_length--, texts->b_length--, texts->alike++;
    texts->blocks = (texts->a_length + 63) / 64;
    return 0;
}

/* Number the words of the middle part of the first text from 1, and words that only the other text has 0. Returns the number of words. */
static ptrdiff_t renumber(Texts *texts)
{
    uint32_t *numbers = calloc((size_t)texts->distinct + 1, sizeof(uint32_t)), count = 0;
    if (!numbers)
        return NO_MEMORY;
    for (ptrdiff_t at = 0; at < texts->a_length; at++) {
        if (!numbers[texts->a[at]])
            numbers[texts->a[at]] = ++count;
        texts->a[at] = numbers[texts->a[at]];
    }
    for (ptrdiff_t at = 0; at < texts->b_length; at++)
        texts->b[at] = numbers[texts->b[at]];
    free(numbers);
    return count;
}

/* Mark the places of each word in the middle part of the first text, a bit for each place. Returns whether that was possible. */
static int find_places(Texts *texts, uint64_t **places)
{
    ptrdiff_t count = renumber(texts);
    *places = NULL;
    if (count < 0)
        return NO_MEMORY;
    if (texts->blocks && count + 1 > ROOM / texts->blocks)
        return NO_ROOM;
    *places = calloc((size_t)((count + 1) * texts->blocks) + 1, sizeof(uint64_t));
    if (!*places)
        return NO_MEMORY;
    for (ptrdiff_t at = 0; at < texts->a_length; at++)
        (*places)[texts->a[at] * texts->blocks + at / 64] |= 1ull << at % 64;
    return 0;
}

/* The longest common subsequence of the middle parts of two texts: Hyyrö, "Bit-Parallel LCS-length Computation Revisited", 2004. */
static ptrdiff_t longest_common(const Texts *texts, const uint64_t *places, uint64_t *row)
{
    memset(row, 0xFF, (size_t)texts->blocks * sizeof(uint64_t));
    for (ptrdiff_t at = 0; at < texts->b_length; at++) {
        const uint64_t *here = places + texts->b[at] * texts->blocks;
        uint64_t carry = 0;
        for (ptrdiff_t block = 0; block < texts->blocks; block++) {
            uint64_t before = row[block], matched = before & here[block], sum = before + matched, all = sum + carry;
            carry = (sum < before) | (all < sum);
            row[block] = all | (before - matched);
        }
    }
    ptrdiff_t found = 0;
    for (ptrdiff_t block = 0; block < texts->blocks; block++)
        for (uint64_t bits = ~row[block]; bits; bits &= bits - 1)
            found++;
    return found;
}

/* Weigh the words of each text, and those that only one text has: own is 0 for other words. Returns the weight of the lighter text. */
static uint64_t weigh(const Texts *texts, uint8_t *held, uint8_t *own)
{
    uint64_t weights[2] = {0, 0};
    for (ptrdiff_t place = 0; place < texts->length; place++) { /* which text has each word */
        int side = place >= texts->first_length;
        if (!(held[texts->ids[place]] & 1 << side))
            weights[side] += texts->words[place] & WEIGHT;
        held[texts->ids[place]] |= (uint8_t)(1 << side);
    }
    for (ptrdiff_t place = 0; place < texts->length; place++)
        own[place] = held[texts->ids[place]] == 3 ? 0 : texts->words[place] & WEIGHT;
    return weights[0] < weights[1] ? weights[0] : weights[1];
}

/* Find the substituted share of the lighter text and the similarity of both; -1 for what takes too much room. The first text is the
   shorter one. */
static int align_texts(Texts *texts, double *substituted, double *similar)
{
    int small = !texts->first_length || texts->length - texts->first_length <= LARGEST / texts->first_length;
    uint8_t *held = calloc((size_t)(texts->distinct + texts->length) + 1, 1), *own = held + texts->distinct;
    if (!held)
        return NO_MEMORY;
    uint64_t lighter = weigh(texts, held, own), found = 0, *places;
    int result = find_places(texts, &places);
    *substituted = *similar = -1;
    if (!result) {
        uint64_t *row = malloc(((size_t)texts->blocks + 1) * sizeof(uint64_t));
        Column *matrix = small ? malloc((size_t)(texts->b_length * texts->blocks) * sizeof(Column) + 1) : NULL;
        if (row && (matrix || !small)) {
            ptrdiff_t common = texts->alike + (texts->a_length ? longest_common(texts, places, row) : 0);
            *similar = texts->length ? 1.0 - (double)(texts->length - 2 * common) / (double)texts->length : 1.0;
            if (small) {
                fill(texts->b, texts->b_length, texts->blocks, places, matrix);
                found = exchanged(texts, own + (texts->a - texts->ids), own + (texts->b - texts->ids), matrix);
                *substituted = lighter ? (double)found / (double)lighter : 0.0;
            }
        } else
            result = NO_MEMORY;
        free(matrix);
        free(row);
    }
    free(places);
    free(held);
    return result == NO_MEMORY ? NO_MEMORY : 0;
}

/* For each pair of rows, the shorter one first: the substituted share of the lighter text, and twice the length of the longest common
   subsequence by the sum of lengths; -1 for those that are too long for these loops. */
int align(const uint32_t *words, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, double *substituted,
          double *similar)
{
    int result = 0;
    for (ptrdiff_t pair = 0; pair < pairs && !result; pair++) {
        Texts texts;
        if (open_texts(&texts, words, offsets, left[pair], right[pair]) < 0)
            return NO_MEMORY;
        result = align_texts(&texts, &substituted[pair], &similar[pair]);
        free(texts.memory);
    }
    return result;
}
