/* Runs of posting lists as dedup.index.storage.run_image writes them: sorted postings of few bits each. The first bits of keys number
   buckets; marks tell how many postings each has, one bit for each posting and a zero after those of a bucket (Elias, "Efficient storage
   and retrieval by content and address of static files", 1974), and for each GROUP of buckets there is a number that tells where their
   marks begin. Whatever is read is checked first: a damaged image gives DAMAGED, never a place out of bounds. */

#include "native.h"

#include <string.h>

#define AHEAD 16 /* keys that are looked up together, so that the memory of one is on its way while another is read */
#define NEAR 24 /* buckets after another one that are reached from it */
#define KEYS_OF_BLOCK 1 /* keys for each block from which on all blocks are checked first */
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

INSIDE int ones_of(uint64_t word)
{
#if defined(__GNUC__)
    return __builtin_popcountll(word);
#else
    word -= word >> 1 & 0x5555555555555555u;
    word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
    return (int)(((word + (word >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u >> 56);
#endif
}

/* The place of the first bit that is set; one is. */
INSIDE int first_one(uint64_t word)
{
    return ones_of((word & (0 - word)) - 1);
}

/* The place of a bit that is set, counted from 1 on; there are so many (Vigna, "Broadword implementation of rank/select queries", 2008). */
INSIDE int place_of_one(uint64_t word, uint64_t number)
{
    const uint64_t each = 0x0101010101010101u, top = 0x8080808080808080u;
    uint64_t sums = word - (word >> 1 & 0x5555555555555555u);
    sums = (sums & 0x3333333333333333u) + (sums >> 2 & 0x3333333333333333u);
    sums = ((sums + (sums >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * each;        /* of each byte and those below it */
    uint64_t fewer = (((number - 1) * each | top) - sums) & top;      /* the bytes up to which there are fewer than that many */
    int shift = (int)((fewer >> 7) * each >> 56) * 8;
    uint64_t found = word >> shift;
    for (number -= sums << 8 >> shift & 255; number > 1; number--)
        found &= found - 1;
    return shift + first_one(found);
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
    int has_tables, is_seen;
    const RunKind *near_kind; /* the bucket after the one that was found last, and where its marks begin */
    uint64_t near_bucket, near_bit;
} Reader;

static int check_blocks(Reader *reader, uint64_t block, uint64_t last)
{
    const RunImage *image = reader->image;
    for (; block <= last; block++) {
        if (image->seen[block])
            continue;
        if (!reader->has_tables) {
            make_tables(reader->tables);
            reader->has_tables = 1;
        }
        uint64_t size = (uint64_t)1 << image->block_bits, from = image->start + (block << image->block_bits), length = image->end - from;
        if (crc32_of(reader->tables, image->bytes + from, (ptrdiff_t)(length < size ? length : size)) != image->checks[block])
            return 0;
        image->seen[block] = 1;
    }
    return 1;
}

/* Tell whether the bytes from one place to another are as they were written; what was seen to be so is not looked at again. */
INSIDE int is_sound(Reader *reader, uint64_t start, uint64_t end)
{
    const RunImage *image = reader->image;
    if (reader->is_seen || start >= end)
        return 1;
    uint64_t first = (start - image->start) >> image->block_bits, last = (end - 1 - image->start) >> image->block_bits;
    return (image->seen[first] && first == last) || check_blocks(reader, first, last);
}

/* Move over some zeros of the marks of a kind, from a bit on, to the bit after the last of them. Returns 0 where there are none left. */
INSIDE int skip_zeros(Reader *reader, const RunKind *kind, uint64_t *bit, uint64_t zeros)
{
    while (zeros) {
        uint64_t byte = kind->marks + (*bit >> 3);
        if (*bit >= kind->mark_bits || !is_sound(reader, byte, byte + 8))
            return 0;
        int shift = (int)(*bit & 7);
        uint64_t found = ~load64(reader->image->bytes + byte) >> shift; /* what is shifted in counts as ones */
        uint64_t count = (uint64_t)ones_of(found);
        if (count < zeros) {
            zeros -= count;
            *bit += (uint64_t)(64 - shift);
            continue;
        }
        *bit += (uint64_t)place_of_one(found, zeros) + 1;
        break;
    }
    return *bit <= kind->mark_bits;
}

/* The place of the first posting of a bucket, and of the first of the next one: from the bucket that was found before, where that is near,
   or from the first one of its group. Returns 0 for damage. */
INSIDE int find_bucket(Reader *reader, const RunKind *kind, uint64_t bucket, uint64_t *start, uint64_t *end)
{
    uint64_t bit = reader->near_bit, zeros = bucket - reader->near_bucket;
    if (reader->near_kind != kind || zeros >= NEAR) {
        uint64_t group = kind->groups + 4 * (bucket / RUN_GROUP);
        if (!is_sound(reader, group, group + 4))
            return 0;
        bit = load32(reader->image->bytes + group);
        zeros = bucket % RUN_GROUP;
    }
    if (!skip_zeros(reader, kind, &bit, zeros) || bit < bucket || bit - bucket > kind->count)
        return 0;
    *start = bit - bucket;
    if (!skip_zeros(reader, kind, &bit, 1) || bit - bucket - 1 > kind->count)
        return 0;
    *end = bit - bucket - 1;
    reader->near_kind = kind;
    reader->near_bucket = bucket + 1;
    reader->near_bit = bit;
    return *start <= *end;
}

/* Where the postings of some keys of one kind, or what is left of them, are written. */
typedef struct {
    uint64_t *found;
    ptrdiff_t total, room;
} Found;

/* Copy the postings of at most AHEAD keys of one kind. Returns 0, -1 where there is no room, or DAMAGED. */
INSIDE ptrdiff_t find_some(Reader *reader, const RunKind *kind, const uint64_t *keys, int count, Found *to)
{
    const RunImage *image = reader->image;
    const uint8_t *groups = image->bytes + kind->groups, *marks = image->bytes + kind->marks, *postings = image->bytes + kind->postings;
    const uint64_t width = (uint64_t)kind->width, low_mask = low_bits(kind->low), value_mask = low_bits(image->value_bits);
    uint64_t buckets[AHEAD], starts[AHEAD], ends[AHEAD];
    for (int each = 0; each < count; each++) {
        buckets[each] = (keys[each] & 0xFFFFFFFFu) >> kind->low;
        PREFETCH(groups + 4 * (buckets[each] / RUN_GROUP));
    }
    for (int each = 0; each < count; each++) {
        uint64_t bit = load32(groups + 4 * (buckets[each] / RUN_GROUP));
        PREFETCH(marks + (bit < kind->mark_bits ? bit >> 3 : 0));
    }
    for (int each = 0; each < count; each++) {
        if (!find_bucket(reader, kind, buckets[each], &starts[each], &ends[each]))
            return DAMAGED;
        PREFETCH(postings + (starts[each] * width >> 3));
    }
    for (int each = 0; each < count; each++) {
        uint64_t low = keys[each] & low_mask, bit = starts[each] * width;
        if (!is_sound(reader, kind->postings + (bit >> 3), kind->postings + ((ends[each] * width + 7) >> 3)))
            return DAMAGED;
        for (uint64_t place = starts[each]; place < ends[each]; place++, bit += width) {
            uint64_t posting = bits_at(postings, bit, kind->width), own = posting >> image->value_bits;
            if (own > low)
                break;
            if (own < low)
                continue;
            if (to->total == to->room)
                return -1;
            to->found[to->total++] = keys[each] << VALUE_BITS | (image->base + (posting & value_mask));
        }
    }
    return 0;
}

/* Copy the postings that have one of some keys, which are sorted. Returns their number, -1 where there is no room, or DAMAGED. */
WIDE ptrdiff_t find_postings(const RunImage *image, const uint64_t *keys, ptrdiff_t wanted, uint64_t *found, ptrdiff_t room)
{
    uint64_t blocks = (image->end - image->start + ((uint64_t)1 << image->block_bits) - 1) >> image->block_bits;
    Reader lazy, sure;
    lazy.image = sure.image = image;
    lazy.has_tables = lazy.is_seen = sure.has_tables = 0;
    sure.is_seen = 1;
    lazy.near_kind = sure.near_kind = NULL;
    Found to = {found, 0, room};
    if (blocks && (uint64_t)wanted > blocks * KEYS_OF_BLOCK && !check_blocks(&lazy, 0, blocks - 1)) /* most will be read anyway */
        return DAMAGED;
    int is_seen = !blocks || !memchr(image->seen, 0, (size_t)blocks);
    for (ptrdiff_t first = 0; first < wanted;) {
        const RunKind *kind = &image->kinds[keys[first] >> KEY_BITS & 3];
        ptrdiff_t result = 0;
        int count = 1;
        while (count < AHEAD && first + count < wanted && keys[first + count] >> KEY_BITS == keys[first] >> KEY_BITS)
            count++;
        if (kind->count)
            result = is_seen ? find_some(&sure, kind, keys + first, count, &to) : find_some(&lazy, kind, keys + first, count, &to);
        if (result < 0)
            return result;
        first += count;
    }
    return to.total;
}

/* The last group of buckets that begins at a posting of a kind or before it. Returns 0 for damage. */
static int find_group(Reader *reader, const RunKind *kind, uint64_t posting, uint64_t *group)
{
    uint64_t low = 0, high = (kind->buckets + RUN_GROUP - 1) / RUN_GROUP;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2, at = kind->groups + 4 * middle;
        if (!is_sound(reader, at, at + 4))
            return 0;
        if (load32(reader->image->bytes + at) <= posting + middle * RUN_GROUP)
            low = middle;
        else
            high = middle;
    }
    *group = low;
    return 1;
}

/* Copy the postings of one kind from a place up to another one. Returns 0 for damage. */
static int read_kind(Reader *reader, int number, uint64_t first, uint64_t last, uint64_t *out)
{
    const RunImage *image = reader->image;
    const RunKind *kind = &image->kinds[number];
    uint64_t group, bucket, bit;
    if (!find_group(reader, kind, first, &group) || !is_sound(reader, kind->groups + 4 * group, kind->groups + 4 * group + 4) ||
        !is_sound(reader, kind->postings + (first * (uint64_t)kind->width >> 3),
                  kind->postings + ((last * (uint64_t)kind->width + 7) >> 3)))
        return 0;
    bucket = group * RUN_GROUP;
    bit = load32(image->bytes + kind->groups + 4 * group);
    if (bit < bucket || bit - bucket > first)
        return 0;
    for (uint64_t place = bit - bucket; place < last; bit++) {
        if (bit >= kind->mark_bits || (!(bit & 7) && !is_sound(reader, kind->marks + (bit >> 3), kind->marks + (bit >> 3) + 1)))
            return 0;
        if (!(image->bytes[kind->marks + (bit >> 3)] >> (bit & 7) & 1)) {
            bucket++;
            continue;
        }
        if (place >= first) {
            uint64_t posting = bits_at(image->bytes + kind->postings, place * (uint64_t)kind->width, kind->width);
            uint64_t key = (uint64_t)number << KEY_BITS | ((bucket << kind->low | posting >> image->value_bits) & 0xFFFFFFFFu);
            *out++ = key << VALUE_BITS | (image->base + (posting & low_bits(image->value_bits)));
        }
        place++;
    }
    return 1;
}

/* Copy postings from a place on, of all in their order. Returns 0 or DAMAGED. */
ptrdiff_t read_postings(const RunImage *image, uint64_t first, uint64_t *out, ptrdiff_t wanted)
{
    Reader reader;
    reader.image = image;
    reader.has_tables = reader.is_seen = 0;
    for (int number = 0; wanted && number < 4; number++) {
        uint64_t count = image->kinds[number].count;
        if (first >= count) {
            first -= count;
            continue;
        }
        uint64_t last = count - first < (uint64_t)wanted ? count : first + (uint64_t)wanted;
        if (!read_kind(&reader, number, first, last, out))
            return DAMAGED;
        out += last - first;
        wanted -= (ptrdiff_t)(last - first);
        first = 0;
    }
    return wanted ? DAMAGED : 0;
}

/* Write postings of one kind with few bits each, their marks, and how many there are in each group of buckets, at the place after it.
   Returns the bit after the last one, or -1 where a value does not fit. The bytes go on for at least 8 after the last bit. */
ptrdiff_t pack_postings(const uint64_t *postings, ptrdiff_t count, const RunPacking *with, uint8_t *out, uint8_t *marks,
                        ptrdiff_t mark_bytes, uint32_t *counts)
{
    uint64_t bit = with->bit, mask = low_bits(with->low), first = with->first;
    int width = with->low + with->value_bits;
    for (ptrdiff_t place = 0; place < count; place++, bit += (uint64_t)width) {
        uint64_t key = postings[place] >> VALUE_BITS & 0xFFFFFFFFu, value = (postings[place] & low_bits(VALUE_BITS)) - with->base;
        uint64_t bucket = key >> with->low, mark = first + (uint64_t)place + bucket;
        if (value > low_bits(with->value_bits) || mark >> 3 >= (uint64_t)mark_bytes)
            return -1;
        counts[bucket / RUN_GROUP + 1]++;
        marks[mark >> 3] |= (uint8_t)(1u << (mark & 7));
        uint64_t posting = (key & mask) << with->value_bits | value;
        uint8_t *at = out + (bit >> 3);
        int shift = (int)(bit & 7);
        store64(at, load64(at) | posting << shift);
        if (shift + width > 64)
            at[8] |= (uint8_t)(posting >> (64 - shift));
    }
    return (ptrdiff_t)bit;
}
