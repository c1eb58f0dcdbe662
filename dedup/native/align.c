/* Words numbered, and aligned by the fewest edits: Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances",
   2003, with the whole matrix kept. Of several alignments the one that rapidfuzz's Levenshtein.opcodes finds. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT 15u
#define LARGEST (1 << 22) /* words times words beyond which rapidfuzz divides the texts */

/* Number words in the order in which they first appear; returns how many there are. */
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
    uint64_t plus, minus; /* vertical differences of a block of 64 words of the one text, after a word of the other */
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

/* Two texts with their words numbered, and what is left of them without what they begin and end with alike. */
typedef struct {
    const uint32_t *words; /* of both, one behind the other */
    uint32_t *ids, *a, *b;
    ptrdiff_t length, first_length, a_length, b_length, distinct, blocks, alike;
    void *memory;
} Texts;

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

/* Where each word stands in what is left of the first text, a bit a place. */
static uint64_t *places_of(const Texts *texts)
{
    uint64_t *places = calloc((size_t)(texts->distinct * texts->blocks) + 1, sizeof(uint64_t));
    for (ptrdiff_t at = 0; places && at < texts->a_length; at++)
        places[texts->a[at] * texts->blocks + at / 64] |= 1ull << at % 64;
    return places;
}

static uint64_t exchanged_in(const Texts *texts, const uint8_t *own, int *failed)
{
    if (!texts->a_length || !texts->b_length)
        return 0;
    uint64_t found = 0, *places = places_of(texts);
    Column *matrix = malloc((size_t)(texts->b_length * texts->blocks) * sizeof(Column));
    *failed = !places || !matrix;
    if (!*failed) {
        fill(texts->b, texts->b_length, texts->blocks, places, matrix);
        found = exchanged(texts->a, texts->a_length, texts->b, texts->b_length, matrix, texts->blocks, own);
    }
    free(places);
    free(matrix);
    return found;
}

/* For each pair of rows the share of the lighter text that is swapped, -1 for texts too long for this. */
int swapped(const uint32_t *words, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, double *shares)
{
    int failed = 0;
    for (ptrdiff_t pair = 0; pair < pairs && !failed; pair++) {
        int64_t lengths[2] = {offsets[left[pair] + 1] - offsets[left[pair]], offsets[right[pair] + 1] - offsets[right[pair]]};
        shares[pair] = -1;
        if (lengths[0] && lengths[1] > LARGEST / lengths[0])
            continue;
        Texts texts;
        if (open_texts(&texts, words, offsets, left[pair], right[pair]) < 0)
            return NO_MEMORY;
        uint8_t *held = calloc((size_t)texts.distinct + 1, 2), *own = held + texts.distinct;
        failed = !held;
        if (held) {
            uint64_t weights[2] = {0, 0};
            for (ptrdiff_t place = 0; place < texts.length; place++) { /* which text has a word, and what each weighs */
                int side = place >= texts.first_length;
                if (!(held[texts.ids[place]] & 1 << side))
                    weights[side] += texts.words[place] & WEIGHT;
                held[texts.ids[place]] |= (uint8_t)(1 << side);
            }
            for (ptrdiff_t place = 0; place < texts.length; place++)
                own[texts.ids[place]] = held[texts.ids[place]] == 3 ? 0 : texts.words[place] & WEIGHT;
            uint64_t lighter = weights[0] < weights[1] ? weights[0] : weights[1], found = exchanged_in(&texts, own, &failed);
            shares[pair] = lighter ? (double)found / (double)lighter : 0.0;
        }
        free(held);
        free(texts.memory);
    }
    return failed ? NO_MEMORY : 0;
}

/* The longest common subsequence of what is left of two texts: Hyyrö, "Bit-Parallel LCS-length Computation Revisited", 2004. */
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

/* For each pair of rows twice the longest common subsequence by the sum of lengths. */
int similar(const uint32_t *words, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, double *shares)
{
    for (ptrdiff_t pair = 0; pair < pairs; pair++) {
        Texts texts;
        if (open_texts(&texts, words, offsets, left[pair], right[pair]) < 0)
            return NO_MEMORY;
        uint64_t *places = places_of(&texts), *row = malloc(((size_t)texts.blocks + 1) * sizeof(uint64_t));
        if (places && row) {
            ptrdiff_t common = texts.alike + (texts.a_length && texts.b_length ? longest_common(&texts, places, row) : 0);
            shares[pair] = texts.length ? 1.0 - (double)(texts.length - 2 * common) / (double)texts.length : 1.0;
        }
        free(texts.memory);
        free(places);
        free(row);
        if (!places || !row)
            return NO_MEMORY;
    }
    return 0;
}
