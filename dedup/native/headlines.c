/* Pairs of rows of tokens: which tokens one row alone has, and what these show. See dedup.kernels.protocol.Kernels.compare_tokens. */

#include "native.h"

#include <stdlib.h>

#define PLACE_BITS 32 /* of the place of a token in a pair */

/* Count how often a token is among some. */
INSIDE ptrdiff_t times(uint32_t token, const uint32_t *tokens, ptrdiff_t count)
{
    uint32_t found = 0;
    for (ptrdiff_t place = 0; place < count; place++)
        found += tokens[place] == token;
    return (ptrdiff_t)found;
}

/* Find the tokens of a row that the other row lacks, or has less often: their number, and what they weigh. held has for each token how often
   the other row has it. */
INSIDE ptrdiff_t find_own(const uint32_t *row, ptrdiff_t length, const uint32_t *other, ptrdiff_t other_length, const TokenFacts *facts,
                          uint32_t *held, uint32_t *own, uint64_t *weight, uint64_t *total)
{
    ptrdiff_t count = 0;
    *weight = *total = 0;
    for (ptrdiff_t place = 0; place < length; place++) {
        uint32_t token = row[place];
        ptrdiff_t in_other = times(token, other, other_length);
        held[place] = (uint32_t)in_other;
        *total += facts->weights[token];
        if (in_other && times(token, row, place) < in_other)
            continue;
        own[count++] = token;
        *weight += facts->own_weights[token];
    }
    return count;
}

static int begins_with(const TokenFacts *facts, uint32_t whole, uint32_t part)
{
    return facts->ranks[part] <= facts->ranks[whole] && facts->ranks[whole] < facts->ends[part];
}

static int are_linked(const TokenFacts *facts, const uint32_t *a, ptrdiff_t a_count, const uint32_t *b, ptrdiff_t b_count)
{
    for (ptrdiff_t i = 0; i < a_count; i++) {
        const uint32_t *keys = facts->keys + facts->key_offsets[a[i]], *keys_end = facts->keys + facts->key_offsets[a[i] + 1];
        for (ptrdiff_t j = 0; j < b_count; j++) {
            if (begins_with(facts, a[i], b[j]) || begins_with(facts, b[j], a[i]))
                return 1;
            const uint32_t *key = keys, *found = facts->found_by + facts->found_offsets[b[j]];
            const uint32_t *found_end = facts->found_by + facts->found_offsets[b[j] + 1];
            while (key < keys_end && found < found_end) {
                if (*key == *found)
                    return 1;
                if (*key < *found)
                    key++;
                else
                    found++;
            }
        }
    }
    return 0;
}

/* The weights of the tokens of both rows that stand in the place of others, where these are all that differs: then the result is 1. */
static int are_substituted(const uint32_t *a, const uint32_t *b, ptrdiff_t length, const TokenFacts *facts, const uint32_t *held_a,
                           const uint32_t *held_b, uint64_t weights[2])
{
    ptrdiff_t differ = 0;
    weights[0] = weights[1] = 0;
    for (ptrdiff_t place = 0; place < length; place++) {
        if (a[place] == b[place])
            continue;
        if (held_a[place] || held_b[place] || !facts->content[a[place]] || !facts->content[b[place]])
            return 0;
        weights[0] += facts->weights[a[place]];
        weights[1] += facts->weights[b[place]];
        differ++;
    }
    return differ > 0;
}

static void set_shares(const uint64_t weights[2], const uint64_t totals[2], double shares[2])
{
    double one = (double)weights[0] / (double)(totals[0] ? totals[0] : 1), other = (double)weights[1] / (double)(totals[1] ? totals[1] : 1);
    shares[0] = one < other ? one : other;
    shares[1] = one < other ? other : one;
}

static ptrdiff_t longest_of(const int64_t *offsets, ptrdiff_t rows)
{
    ptrdiff_t longest = 0;
    for (ptrdiff_t row = 0; row < rows; row++)
        longest = offsets[row + 1] - offsets[row] > longest ? (ptrdiff_t)(offsets[row + 1] - offsets[row]) : longest;
    return longest;
}

WIDE static void compare_pairs(const TokenRows *rows, const TokenFacts *facts, const int64_t *left, const int64_t *right,
                               ptrdiff_t pairs, uint32_t *scratch, ptrdiff_t longest, uint8_t *shown, double *shares)
{
    uint32_t *held_a = scratch, *held_b = held_a + longest, *own_a = held_b + longest, *own_b = own_a + longest;
    for (ptrdiff_t pair = 0; pair < pairs; pair++) {
        const uint32_t *a = rows->tokens + rows->offsets[left[pair]], *b = rows->tokens + rows->offsets[right[pair]];
        ptrdiff_t length = (ptrdiff_t)(rows->offsets[left[pair] + 1] - rows->offsets[left[pair]]);
        ptrdiff_t other_length = (ptrdiff_t)(rows->offsets[right[pair] + 1] - rows->offsets[right[pair]]);
        uint64_t own[2], totals[2], substituted[2];
        ptrdiff_t count = find_own(a, length, b, other_length, facts, held_a, own_a, &own[0], &totals[0]);
        ptrdiff_t other_count = find_own(b, other_length, a, length, facts, held_b, own_b, &own[1], &totals[1]);
        shares[2 * pair] = shares[2 * pair + 1] = 0;
        shown[pair] = LINKED;
        if (are_linked(facts, own_a, count, own_b, other_count))
            continue;
        shown[pair] = APART;
        if (length == other_length && are_substituted(a, b, length, facts, held_a, held_b, substituted)) {
            set_shares(substituted, totals, shares + 2 * pair);
            shown[pair] = shares[2 * pair] > 0 ? SUBSTITUTED : APART;
        }
        if (shown[pair] == APART)
            set_shares(own, totals, shares + 2 * pair);
    }
}

int compare_tokens(const TokenRows *rows, const TokenFacts *facts, const int64_t *left, const int64_t *right, ptrdiff_t pairs,
                   uint8_t *shown, double *shares)
{
    ptrdiff_t longest = longest_of(rows->offsets, rows->count);
    uint32_t *scratch = malloc((4 * (size_t)longest + 1) * sizeof(uint32_t));
    if (!scratch)
        return NO_MEMORY;
    compare_pairs(rows, facts, left, right, pairs, scratch, longest, shown, shares);
    free(scratch);
    return 0;
}

static inline void add_to(uint64_t hash[2], uint64_t value)
{
    hash[0] = mix64(hash[0] ^ value);
    hash[1] = mix64(hash[1] + value);
}

WIDE static void hash_patterns(const TokenRows *rows, const int64_t *signatures, const int64_t *left, const int64_t *right, ptrdiff_t pairs,
                               const uint8_t *flags, uint32_t *both, uint64_t *hashes)
{
    for (ptrdiff_t pair = 0; pair < pairs; pair++) {
        const int64_t sides[2] = {left[pair], right[pair]};
        uint64_t *hash = hashes + 2 * pair;
        ptrdiff_t length = 0;
        for (int side = 0; side < 2; side++) {
            const int64_t *ends = rows->offsets + sides[side];
            hash[side] = (uint64_t)(ends[1] - ends[0]);
            for (int64_t place = ends[0]; place < ends[1]; place++)
                both[length++] = rows->tokens[place];
        }
        add_to(hash, hash[0] << 32 | hash[1]);
        for (ptrdiff_t place = 0; place < length; place++) {
            uint64_t first = 0;
            while (both[first] != both[place])
                first++;
            add_to(hash, (uint64_t)signatures[both[place]] << PLACE_BITS | first);
        }
        add_to(hash, flags[pair]);
    }
}

int pattern_hashes(const TokenRows *rows, const int64_t *signatures, const int64_t *left, const int64_t *right, ptrdiff_t pairs,
                   const uint8_t *flags, uint64_t *hashes)
{
    uint32_t *both = malloc((2 * (size_t)longest_of(rows->offsets, rows->count) + 1) * sizeof(uint32_t));
    if (!both)
        return NO_MEMORY;
    hash_patterns(rows, signatures, left, right, pairs, flags, both, hashes);
    free(both);
    return 0;
}
