/* Words to shingles, signatures and fingerprints. */

#include "native.h"

#include <stdlib.h>

ptrdiff_t shingle_row(const uint32_t *words, ptrdiff_t length, ptrdiff_t size, const uint64_t *factors, uint64_t *out)
{
    ptrdiff_t used = length < size ? length : size, count = length < 1 ? 0 : length - used + 1;
    if (used == 3) /* as is usual */
        for (ptrdiff_t place = 0; place < count; place++)
            out[place] = mix64(words[place] * factors[0] + words[place + 1] * factors[1] + words[place + 2] * factors[2]);
    else
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

/* The smallest of every window of upper halves, each once, sorted. The hashes are overwritten; the scratch has three times their room. */
static ptrdiff_t winnow_row(uint64_t *hashes, ptrdiff_t length, ptrdiff_t window, uint64_t *scratch, uint32_t *out)
{
    ptrdiff_t used = length < window ? length : window, kept = 0, lowest = -1;
    for (ptrdiff_t end = used; length && end <= length; end++) {
        if (lowest < end - used) /* it left the window */
            for (ptrdiff_t place = lowest = end - used; place < end; place++)
                lowest = hashes[place] >> 32 < hashes[lowest] >> 32 ? place : lowest;
        else if (hashes[end - 1] >> 32 < hashes[lowest] >> 32)
            lowest = end - 1;
        uint32_t smallest = (uint32_t)(hashes[lowest] >> 32);
        if (!kept || out[kept - 1] != smallest)
            out[kept++] = smallest;
    }
    for (ptrdiff_t place = 0; place < kept; place++)
        hashes[place] = out[place];
    kept = sort_distinct(hashes, kept, 32, scratch);
    for (ptrdiff_t place = 0; place < kept; place++)
        out[place] = (uint32_t)hashes[place];
    return kept;
}

ptrdiff_t sketch_rows(ptrdiff_t count, const Sketching *with)
{
    const int64_t *offsets = with->word_offsets;
    ptrdiff_t longest = 0;
    for (ptrdiff_t row = 0; row < count; row++)
        longest = offsets[row + 1] - offsets[row] > longest ? (ptrdiff_t)(offsets[row + 1] - offsets[row]) : longest;
    uint64_t *hashes = malloc(4 * ((size_t)longest + 1) * sizeof(uint64_t)), *scratch = hashes + longest + 1;
    if (!hashes)
        return NO_MEMORY;
    with->print_offsets[0] = 0;
    for (ptrdiff_t row = 0; row < count; row++) {
        const uint32_t *words = with->words + offsets[row];
        ptrdiff_t length = (ptrdiff_t)(offsets[row + 1] - offsets[row]);
        ptrdiff_t shingles = shingle_row(words, length, with->shingle_words, with->factors, hashes);
        sign_row(hashes, shingles, with->a, with->b, with->num_perm, with->signed_ + row * with->num_perm);
        if (with->print_words != with->shingle_words)
            shingles = shingle_row(words, length, with->print_words, with->factors, hashes);
        int64_t start = with->print_offsets[row];
        with->print_offsets[row + 1] = start + winnow_row(hashes, shingles, with->window, scratch, with->prints + start);
    }
    free(hashes);
    return (ptrdiff_t)offsets[count];
}

ptrdiff_t sketch(const Text *texts, ptrdiff_t count, const Sketching *with)
{
    ptrdiff_t found = scan(texts, count, &with->folding, with->words, with->room, with->word_offsets);
    return found < 0 ? found : sketch_rows(count, with);
}
