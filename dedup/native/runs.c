/* Runs of posting lists as dedup.index.storage.run_image writes them: sorted postings of few bits each, and for each kind of key a
   directory of the places where buckets begin, which are the first bits of keys. Whatever is read is checked first: a damaged image gives
   DAMAGED, never a place out of bounds. */

#include "native.h"

#define AHEAD 16     /* keys that are looked up together, so that the memory of one is on its way while another is read */
#define KEY_BITS 32
#define VALUE_BITS 30

static inline uint32_t load32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline uint64_t load64(const uint8_t *at)
{
    return load32(at) | (uint64_t)load32(at + 4) << 32;
}

static inline void store64(uint8_t *at, uint64_t value)
{
    for (int byte = 0; byte < 8; byte++)
        at[byte] = (uint8_t)(value >> 8 * byte);
}

static inline uint64_t low_bits(int count)
{
    return count > 63 ? UINT64_MAX : ((uint64_t)1 << count) - 1;
}

/* Read a number of at most 62 bits. The image goes on for at least 8 bytes after the last one. */
static inline uint64_t bits_at(const uint8_t *bytes, uint64_t bit, int width)
{
    const uint8_t *at = bytes + (bit >> 3);
    int shift = (int)(bit & 7);
    uint64_t found = load64(at) >> shift;
    if (shift + width > 64)
        found |= (uint64_t)at[8] << (64 - shift);
    return found & low_bits(width);
}

/* The tables of CRC-32 for eight bytes at a time (Kounavis, Berry, "A systematic approach to building high performance software-based CRC
   generators", 2005). */
typedef uint32_t Tables[8][256];

static void make_tables(Tables tables)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++)
            rest = rest >> 1 ^ (rest & 1 ? 0xEDB88320u : 0);
        tables[0][byte] = rest;
    }
    for (uint32_t byte = 0; byte < 256; byte++)
        for (int table = 1; table < 8; table++)
            tables[table][byte] = tables[table - 1][byte] >> 8 ^ tables[0][tables[table - 1][byte] & 255];
}

static uint32_t crc32_of(Tables tables, const uint8_t *bytes, ptrdiff_t length)
{
    uint32_t rest = 0xFFFFFFFFu;
    for (; length >= 8; length -= 8, bytes += 8) {
        uint32_t low = load32(bytes) ^ rest, high = load32(bytes + 4);
        rest = tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^ tables[4][low >> 24] ^
               tables[3][high & 255] ^ tables[2][high >> 8 & 255] ^ tables[1][high >> 16 & 255] ^ tables[0][high >> 24];
    }
    for (; length; length--)
        rest = rest >> 8 ^ tables[0][(rest ^ *bytes++) & 255];
    return ~rest;
}

/* Write the checksum of each block of some bytes; the last one may be shorter. */
void block_checks(const uint8_t *bytes, ptrdiff_t length, ptrdiff_t block, uint32_t *checks)
{
    Tables tables;
    make_tables(tables);
    for (ptrdiff_t start = 0; start < length; start += block)
        *checks++ = crc32_of(tables, bytes + start, length - start < block ? length - start : block);
}

typedef struct {
    const RunImage *image;
    Tables tables;
    int has_tables;
} Reader;

/* Tell whether the bytes from one place to another are as they were written; what was seen to be so is not looked at again. */
static int is_sound(Reader *reader, uint64_t start, uint64_t end)
{
    const RunImage *image = reader->image;
    if (start >= end)
        return 1;
    uint64_t last = (end - 1 - image->start) / image->block;
    for (uint64_t block = (start - image->start) / image->block; block <= last; block++) {
        if (image->seen[block])
            continue;
        if (!reader->has_tables) {
            make_tables(reader->tables);
            reader->has_tables = 1;
        }
        uint64_t from = image->start + block * image->block, length = image->end - from;
        if (crc32_of(reader->tables, image->bytes + from, (ptrdiff_t)(length < image->block ? length : image->block)) != image->checks[block])
            return 0;
        image->seen[block] = 1;
    }
    return 1;
}

static inline const RunKind *kind_of(const RunImage *image, uint64_t key)
{
    return &image->kinds[key >> KEY_BITS & 3];
}

/* Copy the postings that have one of some keys, which are sorted. Returns their number, -1 where there is no room, or DAMAGED. */
ptrdiff_t find_postings(const RunImage *image, const uint64_t *keys, ptrdiff_t wanted, uint64_t *found, ptrdiff_t room)
{
    Reader reader = {.image = image, .has_tables = 0};
    ptrdiff_t total = 0;
    for (ptrdiff_t first = 0; first < wanted; first += AHEAD) {
        uint64_t places[AHEAD], starts[AHEAD], ends[AHEAD];
        int count = wanted - first < AHEAD ? (int)(wanted - first) : AHEAD;
        for (int each = 0; each < count; each++) {
            const RunKind *kind = kind_of(image, keys[first + each]);
            uint64_t bucket = (keys[first + each] & 0xFFFFFFFFu) >> kind->low;
            places[each] = kind->count ? kind->directory + 4 * bucket : 0;
            PREFETCH(image->bytes + places[each]);
        }
        for (int each = 0; each < count; each++) {
            starts[each] = ends[each] = 0;
            if (!places[each])
                continue;
            const RunKind *kind = kind_of(image, keys[first + each]);
            if (!is_sound(&reader, places[each], places[each] + 8))
                return DAMAGED;
            starts[each] = load32(image->bytes + places[each]);
            ends[each] = load32(image->bytes + places[each] + 4);
            if (starts[each] > ends[each] || ends[each] > kind->count)
                return DAMAGED;
            PREFETCH(image->bytes + kind->postings + (starts[each] * (uint64_t)kind->width >> 3));
        }
        for (int each = 0; each < count; each++) {
            if (starts[each] == ends[each])
                continue;
            const RunKind *kind = kind_of(image, keys[first + each]);
            uint64_t low = keys[first + each] & low_bits(kind->low), top = keys[first + each] << VALUE_BITS;
            uint64_t bit = starts[each] * (uint64_t)kind->width;
            if (!is_sound(&reader, kind->postings + (bit >> 3), kind->postings + ((ends[each] * (uint64_t)kind->width + 7) >> 3)))
                return DAMAGED;
            for (uint64_t place = starts[each]; place < ends[each]; place++, bit += (uint64_t)kind->width) {
                uint64_t posting = bits_at(image->bytes + kind->postings, bit, kind->width), own = posting >> image->value_bits;
                if (own < low)
                    continue;
                if (own > low)
                    break;
                if (total == room)
                    return -1;
                found[total++] = top | (image->base + (posting & low_bits(image->value_bits)));
            }
        }
    }
    return total;
}

/* Copy postings from a place on, of all in their order. Returns 0 or DAMAGED. */
ptrdiff_t read_postings(const RunImage *image, uint64_t first, uint64_t *out, ptrdiff_t wanted)
{
    Reader reader = {.image = image, .has_tables = 0};
    uint64_t top = 0;
    for (const RunKind *kind = image->kinds; wanted && kind < image->kinds + 4; kind++, top++) {
        if (first >= kind->count) {
            first -= kind->count;
            continue;
        }
        uint64_t last = kind->count - first < (uint64_t)wanted ? kind->count : first + (uint64_t)wanted;
        uint64_t buckets = (uint64_t)1 << (KEY_BITS - kind->low), bucket = 0, step = buckets;
        const uint8_t *directory = image->bytes + kind->directory;
        while (step > 1) { /* to the last bucket that begins at the first posting or before it */
            step /= 2;
            if (!is_sound(&reader, kind->directory + 4 * (bucket + step), kind->directory + 4 * (bucket + step) + 4))
                return DAMAGED;
            if (load32(directory + 4 * (bucket + step)) <= first)
                bucket += step;
        }
        if (!is_sound(&reader, kind->postings + (first * (uint64_t)kind->width >> 3),
                      kind->postings + ((last * (uint64_t)kind->width + 7) >> 3)))
            return DAMAGED;
        for (uint64_t place = first; place < last;) {
            if (bucket >= buckets || !is_sound(&reader, kind->directory + 4 * bucket, kind->directory + 4 * bucket + 8))
                return DAMAGED;
            uint64_t end = load32(directory + 4 * (bucket + 1)), key = (top << KEY_BITS | bucket << kind->low) << VALUE_BITS;
            if (end > kind->count || end < load32(directory + 4 * bucket) || load32(directory + 4 * bucket) > place)
                return DAMAGED;
            for (end = end < last ? end : last; place < end; place++) {
                uint64_t posting = bits_at(image->bytes + kind->postings, place * (uint64_t)kind->width, kind->width);
                *out++ = key | (posting >> image->value_bits) << VALUE_BITS | (image->base + (posting & low_bits(image->value_bits)));
            }
            bucket++;
        }
        wanted -= (ptrdiff_t)(last - first);
        first = 0;
    }
    return wanted ? DAMAGED : 0;
}

/* Write postings of one kind with few bits each, and count those of each bucket at the place after it. Returns the bit after the last one,
   or -1 where a value does not fit. The bytes go on for at least 8 after the last bit. */
ptrdiff_t pack_postings(const uint64_t *postings, ptrdiff_t count, const RunPacking *with, uint8_t *out, uint32_t *counts)
{
    uint64_t bit = with->bit, mask = low_bits(with->low);
    int width = with->low + with->value_bits;
    for (ptrdiff_t place = 0; place < count; place++, bit += (uint64_t)width) {
        uint64_t key = postings[place] >> VALUE_BITS & 0xFFFFFFFFu, value = (postings[place] & low_bits(VALUE_BITS)) - with->base;
        if (value > low_bits(with->value_bits))
            return -1;
        counts[(key >> with->low) + 1]++;
        uint64_t posting = (key & mask) << with->value_bits | value;
        uint8_t *at = out + (bit >> 3);
        int shift = (int)(bit & 7);
        store64(at, load64(at) | posting << shift);
        if (shift + width > 64)
            at[8] |= (uint8_t)(posting >> (64 - shift));
    }
    return (ptrdiff_t)bit;
}
