/* Texts in UTF-8 to sketches, without strings of Python. */

#include "native.h"

#include <stdlib.h>

#define LONGEST_BOXED 4000 /* these three: see dedup.text.furniture */
#define LINE 300
#define EDGE 150
#define SET 4096

static inline uint64_t rotate(uint64_t value, int by)
{
    return value << by | value >> (64 - by);
}

static inline void sip(uint64_t v[4])
{
    v[0] += v[1], v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1], v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

/* Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012, with one round for each word, three at the end, and 128 bits. */
static void digest(const uint8_t *at, ptrdiff_t length, const uint64_t key[2], uint64_t out[2])
{
    uint64_t v[4] = {key[0] ^ 0x736F6D6570736575ull, key[1] ^ 0x646F72616E646F6Dull ^ 0xEE, key[0] ^ 0x6C7967656E657261ull,
                     key[1] ^ 0x7465646279746573ull};
    uint64_t last = (uint64_t)length << 56;
    for (const uint8_t *end = at + (length & ~(ptrdiff_t)7); at < end; at += 8) {
        uint64_t word = 0;
        for (int byte = 0; byte < 8; byte++)
            word |= (uint64_t)at[byte] << 8 * byte;
        v[3] ^= word;
        sip(v);
        v[0] ^= word;
    }
    for (int byte = 0; byte < (length & 7); byte++)
        last |= (uint64_t)at[byte] << 8 * byte;
    v[3] ^= last;
    sip(v);
    v[0] ^= last;
    v[2] ^= 0xEE;
    sip(v), sip(v), sip(v);
    out[0] = v[0] ^ v[1] ^ v[2] ^ v[3];
    v[1] ^= 0xDD;
    sip(v), sip(v), sip(v);
    out[1] = v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Decode UTF-8, which was checked before. Of other bytes no code point is beyond Unicode, and nothing is read beyond their end. Returns the
   number of code points. */
static ptrdiff_t decode(const uint8_t *at, ptrdiff_t length, uint32_t *codes)
{
    const uint8_t *end = at + length;
    uint32_t *out = codes;
    while (end - at >= 4) {
        uint32_t first = at[0];
        if (first < 0x80) {
            *out++ = first;
            at++;
        } else if (first < 0xE0) {
            *out++ = (first & 0x1F) << 6 | (at[1] & 0x3F);
            at += 2;
        } else if (first < 0xF0) {
            *out++ = (first & 0xF) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3F);
            at += 3;
        } else {
            uint32_t code = (first & 7) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3F);
            *out++ = code < CODES ? code : CODES - 1;
            at += 4;
        }
    }
    while (at < end) {
        uint32_t first = *at++, more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        uint32_t code = more ? first & (0x3Fu >> more) : first;
        while (more-- && at < end)
            code = code << 6 | (*at++ & 0x3F);
        *out++ = code < CODES ? code : CODES - 1;
    }
    return out - codes;
}

/* A set of code points by their lower bits: what is not in it is surely none of them. */
typedef struct {
    uint64_t bits[SET / 64];
} Set;

static void add(Set *set, uint32_t code)
{
    set->bits[code % SET / 64] |= 1ull << code % 64;
}

static inline int may_have(const Set *set, uint32_t code)
{
    return set->bits[code % SET / 64] >> code % 64 & 1;
}

/* The letters with which names begin. */
typedef struct {
    Set first, second;
} Beginnings;

static void learn(Beginnings *of, const Looking *with)
{
    *of = (Beginnings){0};
    for (ptrdiff_t name = 0; name < with->names; name++) {
        const uint32_t *codes = with->name_codes + with->name_offsets[name];
        int64_t length = with->name_offsets[name + 1] - with->name_offsets[name];
        if (length < 1)
            continue;
        add(&of->first, codes[0]);
        if (length > 1)
            add(&of->second, codes[1]);
        else /* any letter may be behind it */
            for (int word = 0; word < SET / 64; word++)
                of->second.bits[word] = ~0ull;
    }
}

/* Tell whether a name stands in some code points. */
static int has_name(const uint32_t *codes, ptrdiff_t count, const Looking *with, const Beginnings *of)
{
    for (ptrdiff_t place = 0; place < count; place++) {
        if (!may_have(&of->first, codes[place]) || (place + 1 < count && !may_have(&of->second, codes[place + 1])))
            continue;
        for (ptrdiff_t name = 0; name < with->names; name++) {
            const uint32_t *wanted = with->name_codes + with->name_offsets[name];
            ptrdiff_t length = (ptrdiff_t)(with->name_offsets[name + 1] - with->name_offsets[name]), same = 0;
            while (same < length && place + same < count && codes[place + same] == wanted[same])
                same++;
            if (length && same == length)
                return 1;
        }
    }
    return 0;
}

/* Tell whether a text may have a share box: where its ends are as dedup.text.furniture looks at them. */
static int may_have_box(const uint32_t *codes, ptrdiff_t count, const Looking *with, const Beginnings *of)
{
    if (count > LONGEST_BOXED)
        return 0;
    ptrdiff_t line = 0, most = count < LINE ? count : LINE, edge = count < EDGE ? count : EDGE;
    while (line < most && codes[line] != '\n')
        line++;
    return has_name(codes + count - edge, edge, with, of) || (line < most && has_name(codes, edge, with, of));
}

/* Letters that begin most texts: a text with another beginning is looked at. */
static int is_letter(uint32_t code)
{
    static const uint32_t letters[][2] = {{'0', '9'},       {'A', 'Z'},       {'a', 'z'},         {0xC0, 0xD6},     {0xD8, 0xF6},
                                          {0xF8, 0x24F},    {0x410, 0x44F},   {0x5D0, 0x5EA},     {0x620, 0x63F},   {0x641, 0x64A},
                                          {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3}};
    for (size_t row = 0; row < sizeof letters / sizeof *letters; row++)
        if (letters[row][0] <= code && code <= letters[row][1])
            return 1;
    return 0;
}

/* Tell whether a text may begin with a slug: with three letters of one, or with no letter. */
static int may_have_slug(const uint32_t *codes, ptrdiff_t count, const Looking *with)
{
    if (!count || !is_letter(codes[0]))
        return count > 0;
    if (count < 3)
        return 0;
    uint64_t wanted = (uint64_t)codes[0] << 42 | (uint64_t)codes[1] << 21 | codes[2];
    ptrdiff_t low = 0, high = with->starts;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (with->start_codes[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < with->starts && with->start_codes[low] == wanted;
}

/* Tell whether a text may be written in several ways: with letters of Persian or Urdu that Arabic does not have, or the sign with which
   references to characters begin. See dedup.text.spellings. */
WIDE static int may_be_respelled(const uint32_t *codes, ptrdiff_t count)
{
    uint32_t found = 0;
    for (ptrdiff_t place = 0; place < count; place++)
        found |= (codes[place] == 0x6CC) | (codes[place] == 0x6AF) | (codes[place] == 0x6D2) | (codes[place] == '&');
    return found != 0;
}

ptrdiff_t sketch_spans(const uint8_t *data, ptrdiff_t rows, const Looking *looking, const Sketching *with)
{
    ptrdiff_t longest = 0, used = 0;
    for (ptrdiff_t row = 0; row < rows; row++) {
        ptrdiff_t length = (ptrdiff_t)(looking->ends[row] - looking->begins[row]);
        longest = length > longest ? length : longest;
    }
    uint32_t *codes = malloc(((size_t)longest + 1) * sizeof(uint32_t));
    if (!codes)
        return NO_MEMORY;
    Beginnings beginnings;
    learn(&beginnings, looking);
    with->word_offsets[0] = 0;
    for (ptrdiff_t row = 0; row < rows; row++) {
        const uint8_t *start = data + looking->begins[row];
        ptrdiff_t length = (ptrdiff_t)(looking->ends[row] - looking->begins[row]), count = decode(start, length, codes);
        Text text = {codes, count, 4};
        ptrdiff_t found = scan_text(&text, &with->folding, with->words + used, with->room - used);
        int is_rare = found == RARE_CODE;
        if (found < 0 && !is_rare) {
            free(codes);
            return found;
        }
        looking->chars[row] = count;
        looking->is_marked[row] = is_rare ? 2 : may_be_respelled(codes, count) || may_have_slug(codes, count, looking) ||
                                  may_have_box(codes, count, looking, &beginnings);
        digest(start, length, looking->key, looking->digests + 2 * row);
        used += is_rare ? 0 : found;
        with->word_offsets[row + 1] = used;
    }
    free(codes);
    return sketch_rows(rows, with);
}
