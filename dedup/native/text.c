/* Texts to words, shingles, signatures and fingerprints. */

#include "native.h"

#include <stdlib.h>
#include <string.h>

#define SEPARATOR 0u
#define DELETED 1u
#define RARE 2u
#define UNSEEN 0xFFFFFFFFu
#define UNSPACED (1u << 24)
#define LONGEST 12
#define NUMBER 6
#define WEIGHT 15u
#define BASE 0x9E3779B97F4A7C15ull

static inline uint32_t hash_word(uint64_t total, uint32_t first, ptrdiff_t length)
{
    uint32_t weight = first - '0' < 10u ? NUMBER : (uint32_t)(length < LONGEST ? length : LONGEST) - 1;
    return ((uint32_t)(mix64(total) >> 32) & ~WEIGHT) | weight;
}

/* Fold a text, find and hash its words. Returns how many there are, or that a code is unseen or rare. */
static inline ptrdiff_t scan_codes(const void *data, ptrdiff_t length, int kind, const uint32_t *table, int folded, uint32_t *words)
{
    uint64_t total = 0, power = 1;
    uint32_t first = 0, waiting = 0; /* a letter of an unspaced script, until the next one is known */
    ptrdiff_t letters = 0, count = 0;
    for (ptrdiff_t place = 0; place < length; place++) {
        uint32_t plain = kind == 1   ? ((const uint8_t *)data)[place]
                         : kind == 2 ? ((const uint16_t *)data)[place]
                                     : ((const uint32_t *)data)[place];
        uint32_t code = table[plain];
        if (code <= RARE || code >= UNSPACED) { /* anything but a letter of a word */
            if (code == UNSEEN)
                return UNSEEN_CODE;
            if (code == DELETED)
                continue;
            if (code == RARE && !folded)
                return RARE_CODE;
            code = code == RARE ? plain : code;
        }
        if (waiting) {
            uint64_t pair = (uint64_t)waiting + 1;
            words[count++] = code & UNSPACED ? hash_word(pair + ((uint64_t)code + 1) * BASE, waiting, 2) : hash_word(pair, waiting, 1);
            waiting = 0;
        }
        if (code != SEPARATOR && !(code & UNSPACED)) {
            if (!letters++)
                first = code;
            total += ((uint64_t)code + 1) * power;
            power *= BASE;
        } else {
            if (letters)
                words[count++] = hash_word(total, first, letters);
            letters = 0;
            total = 0;
            power = 1;
            waiting = code;
        }
    }
    if (waiting)
        words[count++] = hash_word((uint64_t)waiting + 1, waiting, 1);
    if (letters)
        words[count++] = hash_word(total, first, letters);
    return count;
}

static ptrdiff_t scan_text(const Text *text, const uint32_t *table, int folded, uint32_t *words)
{
    switch (text->kind) { /* a copy of the loop for each */
    case 1:
        return scan_codes(text->data, text->length, 1, table, folded, words);
    case 2:
        return scan_codes(text->data, text->length, 2, table, folded, words);
    default:
        return scan_codes(text->data, text->length, 4, table, folded, words);
    }
}

ptrdiff_t scan(const Text *texts, ptrdiff_t count, const uint32_t *table, int folded, uint32_t *words, int64_t *offsets)
{
    offsets[0] = 0;
    for (ptrdiff_t row = 0; row < count; row++) {
        ptrdiff_t found = scan_text(&texts[row], table, folded, words + offsets[row]);
        if (found < 0)
            return found;
        offsets[row + 1] = offsets[row] + found;
    }
    return (ptrdiff_t)offsets[count];
}

ptrdiff_t shingle_row(const uint32_t *words, ptrdiff_t length, ptrdiff_t size, const uint64_t *factors, uint64_t *out)
{
    ptrdiff_t used = length < size ? length : size, count = length < 1 ? 0 : length - used + 1;
    for (ptrdiff_t place = 0; place < count; place++) {
        uint64_t total = 0;
        for (ptrdiff_t word = 0; word < used; word++)
            total += words[place + word] * factors[word];
        out[place] = mix64(total);
    }
    return count;
}

WIDE static void sign_row(const uint64_t *shingles, ptrdiff_t length, const uint32_t *restrict a, const uint32_t *restrict b,
                          ptrdiff_t num_perm, uint32_t *restrict signed_)
{
    for (ptrdiff_t number = 0; number < num_perm; number++)
        signed_[number] = 0xFFFFFFFFu;
    for (ptrdiff_t place = 0; place < length; place++) {
        uint32_t mixed = mix32((uint32_t)(shingles[place] >> 32));
        for (ptrdiff_t number = 0; number < num_perm; number++) {
            uint32_t value = a[number] * mixed + b[number];
            signed_[number] = value < signed_[number] ? value : signed_[number];
        }
    }
}

void sign(const uint64_t *shingles, const int64_t *offsets, ptrdiff_t rows, const uint32_t *a, const uint32_t *b, ptrdiff_t num_perm,
          uint32_t *signed_)
{
    for (ptrdiff_t row = 0; row < rows; row++)
        sign_row(shingles + offsets[row], (ptrdiff_t)(offsets[row + 1] - offsets[row]), a, b, num_perm, signed_ + row * num_perm);
}

/* The smallest of every window of upper halves, repeated ones once. */
static ptrdiff_t winnow_row(const uint64_t *hashes, ptrdiff_t length, ptrdiff_t window, uint32_t *out)
{
    ptrdiff_t used = length < window ? length : window, count = 0, lowest = -1;
    for (ptrdiff_t end = used; length && end <= length; end++) {
        if (lowest < end - used) /* it left the window */
            for (ptrdiff_t place = lowest = end - used; place < end; place++)
                lowest = hashes[place] >> 32 < hashes[lowest] >> 32 ? place : lowest;
        else if (hashes[end - 1] >> 32 < hashes[lowest] >> 32)
            lowest = end - 1;
        uint32_t smallest = (uint32_t)(hashes[lowest] >> 32);
        if (!count || out[count - 1] != smallest)
            out[count++] = smallest;
    }
    return count;
}

ptrdiff_t sketch(const Text *texts, ptrdiff_t count, const Sketching *with)
{
    ptrdiff_t found = scan(texts, count, with->table, with->folded, with->words, with->word_offsets), longest = 0;
    if (found < 0)
        return found;
    const int64_t *offsets = with->word_offsets;
    for (ptrdiff_t row = 0; row < count; row++)
        longest = offsets[row + 1] - offsets[row] > longest ? (ptrdiff_t)(offsets[row + 1] - offsets[row]) : longest;
    uint64_t *hashes = malloc(((size_t)longest + 1) * sizeof(uint64_t));
    if (!hashes)
        return NO_MEMORY;
    with->print_offsets[0] = 0;
    for (ptrdiff_t row = 0; row < count; row++) {
        const uint32_t *words = with->words + offsets[row];
        ptrdiff_t length = (ptrdiff_t)(offsets[row + 1] - offsets[row]);
        ptrdiff_t shingles = shingle_row(words, length, with->shingle_words, with->factors, hashes);
        sign_row(hashes, shingles, with->a, with->b, with->num_perm, with->signed_ + row * with->num_perm);
        shingles = shingle_row(words, length, with->print_words, with->factors, hashes);
        int64_t start = with->print_offsets[row];
        with->print_offsets[row + 1] = start + winnow_row(hashes, shingles, with->window, with->prints + start);
    }
    free(hashes);
    return found;
}
