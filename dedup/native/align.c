/* Alignment of the words of two texts with the fewest edits: Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit
   Distances", 2003. The whole matrix is kept. Of several best alignments it finds the one of rapidfuzz's Levenshtein.opcodes. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST (1 << 22) /* words of one text times words of the other: rapidfuzz divides larger texts */
#define LANES 8           /* blocks of a stripe */
#define ROOM (1 << 22)    /* blocks of the places of words: for more, rapidfuzz needs less memory */

/* Number words, which are hashes, in the order in which they first appear. Returns the number of distinct words. */
static ptrdiff_t number_words(const uint32_t *words, ptrdiff_t length, uint32_t *ids)
{
    size_t size = 64;
    while (size < 4 * (size_t)length)
        size *= 2;
    uint32_t *slots = calloc(size + (size_t)length, sizeof(uint32_t)), *known = slots + size; /* numbers from 1, and their words */
    if (!slots)
        return NO_MEMORY;
    uint32_t count = 0;
    for (ptrdiff_t place = 0; place < length; place++) {
        uint32_t word = words[place];
        size_t at = (word * 0x9E3779B1u >> 4) & (size - 1);
        while (slots[at] && known[slots[at] - 1] != word)
            at = (at + 1) & (size - 1);
        uint32_t number = slots[at], is_new = !number; /* whether a word is new cannot be foreseen: no branch depends on it */
        known[count] = word;
        count += is_new;
        slots[at] = number = is_new ? count : number;
        ids[place] = number - 1;
    }
    free(slots);
    return (ptrdiff_t)count;
}

/* Vertical differences of the blocks of 64 words of one text, after each word of the other text. Blocks are kept in stripes of so many lanes,
   and in a stripe by steps: a lane is as many steps behind the first one as it has lanes before it, times skew. */
typedef struct {
    uint64_t *plus, *minus;
    ptrdiff_t lanes, steps, skew;
} Matrix;

static inline ptrdiff_t element(const Matrix *matrix, ptrdiff_t row, ptrdiff_t block)
{
    ptrdiff_t lane = block % matrix->lanes;
    return (block / matrix->lanes * matrix->steps + row + lane * matrix->skew) * matrix->lanes + lane;
}

/* One block after the other: the carries of a block are needed by the next one. */
static void fill_blocks(const uint32_t *b, ptrdiff_t rows, ptrdiff_t blocks, const uint64_t *places, const Matrix *matrix)
{
    for (ptrdiff_t row = 0; row < rows; row++) {
        uint64_t plus_carry = 1, minus_carry = 0;
        for (ptrdiff_t block = 0; block < blocks; block++) {
            ptrdiff_t here = row * blocks + block;
            uint64_t before_plus = row ? matrix->plus[here - blocks] : ~0ull, before_minus = row ? matrix->minus[here - blocks] : 0;
            uint64_t x = places[b[row] * blocks + block] | minus_carry;
            uint64_t diagonal = (((x & before_plus) + before_plus) ^ before_plus) | x | before_minus;
            uint64_t plus = before_minus | ~(diagonal | before_plus), minus = diagonal & before_plus;
            uint64_t shifted_plus = plus << 1 | plus_carry, shifted_minus = minus << 1 | minus_carry;
            plus_carry = plus >> 63;
            minus_carry = minus >> 63;
            matrix->plus[here] = shifted_minus | ~(diagonal | shifted_plus);
            matrix->minus[here] = shifted_plus & diagonal;
        }
    }
}

#if defined(__GNUC__)
#define FEW_BLOCKS 2
typedef uint64_t Lanes __attribute__((vector_size(LANES * sizeof(uint64_t))));

/* All blocks of a stripe at once, each a row behind the block before it, whose carries it takes from the last step. Before the rows, and
   behind them, stand words that are nowhere in the other text: these change nothing as long as no carry comes. carries has, for each row,
   those that come from the stripe before this one, and gets those for the next one. */
WIDE static void fill_stripe(const uint32_t *b, ptrdiff_t rows, ptrdiff_t blocks, const uint64_t *places, uint64_t *out_plus,
                             uint64_t *out_minus, uint8_t *carries)
{
    const Lanes from = {0, 0, 1, 2, 3, 4, 5, 6};
    Lanes before_plus = ~(Lanes){0}, before_minus = {0}, plus = {0}, minus = {0};
    for (ptrdiff_t at = 0; at < rows + LANES - 1; at++) {
        Lanes x, plus_carry = __builtin_shuffle(plus >> 63, from), minus_carry = __builtin_shuffle(minus >> 63, from);
        for (ptrdiff_t lane = 0; lane < LANES; lane++)
            x[lane] = places[b[at - lane] * blocks + lane];
        plus_carry[0] = at < rows ? carries[at] & 1 : 0;
        minus_carry[0] = at < rows ? carries[at] >> 1 : 0;
        x |= minus_carry;
        Lanes diagonal = (((x & before_plus) + before_plus) ^ before_plus) | x | before_minus;
        plus = before_minus | ~(diagonal | before_plus);
        minus = diagonal & before_plus;
        Lanes shifted_plus = plus << 1 | plus_carry, shifted_minus = minus << 1 | minus_carry;
        before_plus = shifted_minus | ~(diagonal | shifted_plus);
        before_minus = shifted_plus & diagonal;
        memcpy(out_plus + at * LANES, &before_plus, sizeof before_plus);
        memcpy(out_minus + at * LANES, &before_minus, sizeof before_minus);
        if (at >= LANES - 1)
            carries[at - (LANES - 1)] = (uint8_t)(plus[LANES - 1] >> 63 | minus[LANES - 1] >> 63 << 1);
    }
}

static int fill_stripes(const uint32_t *b, ptrdiff_t rows, ptrdiff_t blocks, const uint64_t *places, const Matrix *matrix)
{
    uint32_t *padded = calloc((size_t)rows + 2 * LANES, sizeof(uint32_t));
    uint8_t *carries = malloc((size_t)rows + 1);
    int is_done = padded && carries;
    if (is_done) {
        memcpy(padded + LANES, b, (size_t)rows * sizeof(uint32_t));
        memset(carries, 1, (size_t)rows);
        for (ptrdiff_t first = 0; first < blocks; first += LANES) {
            ptrdiff_t start = first / LANES * matrix->steps * LANES;
            fill_stripe(padded + LANES, rows, blocks, places + first, matrix->plus + start, matrix->minus + start, carries);
        }
    }
    free(padded);
    free(carries);
    return is_done;
}
#else
#define FEW_BLOCKS PTRDIFF_MAX
#define fill_stripes(b, rows, blocks, places, matrix) 0
#endif

/* Fill a matrix that is made for it, to be freed by who asks. Returns whether there was memory. */
static int fill(const uint32_t *b, ptrdiff_t rows, ptrdiff_t blocks, const uint64_t *places, Matrix *matrix)
{
    int is_wide = blocks > FEW_BLOCKS;
    ptrdiff_t lanes = is_wide ? LANES : blocks, stripes = is_wide ? (blocks + LANES - 1) / LANES : 1;
    *matrix = (Matrix){NULL, NULL, lanes, rows + (is_wide ? LANES - 1 : 0), is_wide};
    size_t size = (size_t)(stripes * matrix->steps * lanes);
    matrix->plus = malloc((2 * size + 1) * sizeof(uint64_t));
    matrix->minus = matrix->plus ? matrix->plus + size : NULL;
    if (!matrix->plus)
        return 0;
    if (is_wide)
        return fill_stripes(b, rows, blocks, places, matrix);
    fill_blocks(b, rows, blocks, places, matrix);
    return 1;
}

/* Two texts with numbered words, and their middle parts: without the common words at the beginning and at the end. */
typedef struct {
    const uint32_t *words; /* of both texts, one behind the other */
    uint32_t *ids, *a, *b;
    ptrdiff_t length, first_length, a_length, b_length, distinct, blocks, alike;
    void *memory;
} Texts;

/* The weight of substituted words: see dedup.verification.features.substituted. */
static uint64_t exchanged(const Texts *texts, const uint8_t *own_a, const uint8_t *own_b, const Matrix *matrix)
{
    uint64_t found = 0, one = 0, other = 0;
    ptrdiff_t col = texts->a_length, row = texts->b_length;
    while (col && row) {
        ptrdiff_t here = element(matrix, row - 1, (col - 1) / 64), bit = (col - 1) % 64;
        int replaced = 0;
        if (matrix->plus[here] >> bit & 1)
            col--;
        else if (--row && matrix->minus[here - matrix->lanes] >> bit & 1)
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
    *places = calloc((size_t)((count + 1) * texts->blocks) + LANES, sizeof(uint64_t)); /* lanes of a stripe may lie behind the blocks */
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
        if (!texts->b[at]) /* a word that the other text lacks changes nothing */
            continue;
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

/* Weigh the words of each text, and those that only one text has: own is 0 for other words. Returns the weight of the lighter text. No
   branch depends on which words come again. */
static uint64_t weigh(const Texts *texts, uint8_t *held, uint8_t *own)
{
    uint64_t weights[2] = {0, 0};
    for (int side = 0; side < 2; side++) { /* which text has each word */
        ptrdiff_t start = side ? texts->first_length : 0, end = side ? texts->length : texts->first_length;
        for (ptrdiff_t place = start; place < end; place++) {
            uint8_t sides = held[texts->ids[place]];
            weights[side] += texts->words[place] & WEIGHT & ((sides >> side & 1u) - 1u);
            held[texts->ids[place]] = (uint8_t)(sides | 1 << side);
        }
    }
    for (ptrdiff_t place = 0; place < texts->length; place++)
        own[place] = (uint8_t)(texts->words[place] & WEIGHT & ((held[texts->ids[place]] == 3) - 1u));
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
        Matrix matrix = {0};
        int is_filled = row && (!small || fill(texts->b, texts->b_length, texts->blocks, places, &matrix));
        if (is_filled) {
            ptrdiff_t common = texts->alike + (texts->a_length ? longest_common(texts, places, row) : 0);
            *similar = texts->length ? 1.0 - (double)(texts->length - 2 * common) / (double)texts->length : 1.0;
            if (small) {
                found = exchanged(texts, own + (texts->a - texts->ids), own + (texts->b - texts->ids), &matrix);
                *substituted = lighter ? (double)found / (double)lighter : 0.0;
            }
        } else
            result = NO_MEMORY;
        free(matrix.plus);
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
