/* Texts to words. */

#include "native.h"

#define SEPARATOR 0u
#define DELETED 1u
#define RARE 2u
#define UNSEEN 0xFFFFFFFFu
#define UNSPACED (1u << 24)
#define EXPANDED (1u << 25) /* folds to several letters: the other bits are the place of their number and codes in the expansions */
#define LETTERS (uint32_t)':' /* folded letters of spaced scripts are behind the digits */
#define LONGEST 12u
#define NUMBER 6u
#define BASE 0x9E3779B97F4A7C15ull
#define BLOCK 1024 /* code points, after which the words found so far are hashed */
#define FIRST 32 /* bit of the first code of a word in what is known of it */
#define EXPANSION 32 /* more than the codes of an expansion, see dedup.text.fold */

/* The current word, as a polynomial, and the words before it. The loop has no branch that depends on where words end. */
typedef struct {
    uint64_t total, power;
    uint64_t info;    /* letters, and the first code */
    uint32_t last;    /* the code before this one */
    uint32_t waiting; /* a letter of an unspaced script, until the next one is known */
    uint32_t aside;   /* whether the next code takes the way of step_aside */
    ptrdiff_t count;
    uint64_t part, part_info; /* the first part of an Arabic name, until the next word is known; no letters if there is none */
    uint64_t totals[2 * BLOCK], infos[2 * BLOCK];
} Words;

static inline void end_word(Words *words, uint64_t total, uint64_t info)
{
    words->totals[words->count] = total;
    words->infos[words->count++] = info;
}

static inline void step(Words *words, uint32_t code, uint32_t letter)
{
    words->totals[words->count] = words->total;
    words->infos[words->count] = words->info;
    words->count += !letter & (words->info != 0);
    words->info = letter ? words->info ? words->info + 1 : (uint64_t)code << FIRST | 1 : 0;
    words->total = letter ? words->total + ((uint64_t)code + 1) * words->power : 0;
    words->power = letter ? words->power * BASE : 1;
    words->last = code;
}

static inline int is_digit(uint32_t code)
{
    return code - '0' < 10u;
}

/* Letters from a to z, percent signs and signs of currencies, which go with digits beside them: the table of dedup.text.edges. */
static int goes_together(uint32_t code)
{
    static const uint32_t signs[][2] = {
        {0x24, 0x25}, {0x61, 0x7A}, {0xA2, 0xA5}, {0x58F, 0x58F}, {0x60B, 0x60B}, {0x7FE, 0x7FF}, {0x9F2, 0x9F3}, {0x9FB, 0x9FB},
        {0xAF1, 0xAF1},
        {0xBF9, 0xBF9}, {0xE3F, 0xE3F}, {0x17DB, 0x17DB}, {0x20A0, 0x20CF}, {0xA838, 0xA838}, {0x11FDD, 0x11FE0}, {0x1E2FF, 0x1E2FF},
        {0x1ECB0, 0x1ECB0},
    };
    for (size_t row = 0; row < sizeof signs / sizeof *signs; row++)
        if (signs[row][0] <= code && code <= signs[row][1])
            return 1;
    return 0;
}

/* A code that is a digit or no letter of a spaced script, or that follows one. A word ends where a digit meets another letter. */
static void step_aside(Words *words, uint32_t code)
{
    uint64_t pair = (uint64_t)words->waiting + 1, first = (uint64_t)words->waiting << FIRST;
    if (words->waiting)
        end_word(words, code & UNSPACED ? pair + ((uint64_t)code + 1) * BASE : pair, first | (code & UNSPACED ? 2 : 1));
    words->waiting = code & UNSPACED ? code : 0;
    words->aside = code != SEPARATOR && (code < LETTERS || code & UNSPACED);
    uint32_t letter = code != SEPARATOR && !(code & UNSPACED);
    if (letter && words->info && is_digit(code) != is_digit(words->last) && !goes_together(code) && !goes_together(words->last))
        step(words, SEPARATOR, 0);
    step(words, code, letter);
}

static inline uint32_t hash_word(uint64_t total, uint64_t info)
{
    uint32_t letters = (uint32_t)info, weight = is_digit((uint32_t)(info >> FIRST)) ? NUMBER : (letters < LONGEST ? letters : LONGEST) - 1;
    return ((uint32_t)(mix64(total) >> 32) & ~WEIGHT) | weight;
}

/* Whether a word is the first part of an Arabic name, with or without a prefix of one letter: see dedup.text.edges. */
static inline int is_first_part(uint64_t total)
{
    const uint64_t abd = 0x63Au + 0x629u * BASE + 0x630u * BASE * BASE, abu = 0x628u + 0x629u * BASE + 0x649u * BASE * BASE;
    uint64_t before_abd = total - BASE * abd - 1, before_abu = total - BASE * abu - 1;
    if (!UNLIKELY((total == abd) | (total == abu) | (before_abd < 0x649) | (before_abu < 0x649)))
        return 0;
    uint64_t prefix = before_abd < before_abu ? before_abd : before_abu;
    return total == abd || total == abu || prefix == 0x648 || prefix == 0x641 || prefix == 0x644 || prefix == 0x628 || prefix == 0x643;
}

static uint32_t *hash_part(Words *words, uint32_t *out)
{
    if (words->part_info)
        *out++ = hash_word(words->part, words->part_info);
    words->part_info = 0;
    return out;
}

/* Hash a word behind the first part of an Arabic name: together, if a letter of Arabic follows. */
static uint32_t *hash_name(Words *words, uint64_t total, uint64_t info, uint32_t *out)
{
    uint64_t first = info >> FIRST, letters = (uint32_t)words->part_info, power = letters == 3 ? BASE * BASE * BASE : BASE * BASE * BASE * BASE;
    if (first >= 0x620 && first <= 0x6D3) {
        words->part += total * power;
        words->part_info += (uint32_t)info;
        return hash_part(words, out);
    }
    out = hash_part(words, out);
    *out++ = hash_word(total, info);
    return out;
}

/* Hash the words that were read. Returns where the next ones go, NULL if there is no room. */
static uint32_t *hash_read(Words *words, uint32_t *out, ptrdiff_t *room)
{
    *room -= words->count;
    if (*room < 0)
        return NULL;
    for (ptrdiff_t place = 0; place < words->count; place++) {
        uint64_t total = words->totals[place], info = words->infos[place];
        if (UNLIKELY(words->part_info != 0))
            out = hash_name(words, total, info, out);
        else if (UNLIKELY(is_first_part(total))) {
            words->part = total;
            words->part_info = info;
        } else
            *out++ = hash_word(total, info);
    }
    words->count = 0;
    return out;
}

/* Fold codes that end or are no words of letters alone. Returns a negative number that says why it stopped. */
static ptrdiff_t fold_aside(Words *words, uint32_t plain, uint32_t code, const Folding *folding)
{
    if (code == UNSEEN)
        return UNSEEN_CODE;
    if (code == RARE && !folding->folded)
        return RARE_CODE;
    if (code == DELETED)
        return 0;
    if (code & EXPANDED && !folding->folded) {
        const uint32_t *expansion = folding->expansions + (code & ~EXPANDED);
        for (uint32_t number = 1; number <= expansion[0]; number++)
            step_aside(words, expansion[number]);
    } else
        step_aside(words, code == RARE || code & EXPANDED ? plain : code);
    return 0;
}

/* Fold a text, and find and hash its words. Returns their number, or a negative number that says why it stopped. */
static inline ptrdiff_t scan_codes(const void *data, ptrdiff_t length, int kind, const Folding *folding, uint32_t *out,
                                   ptrdiff_t room)
{
    Words words;
    uint32_t *start = out;
    const uint32_t *table = folding->table;
    words.total = words.info = words.part_info = 0;
    words.last = words.waiting = words.aside = 0;
    words.power = 1;
    words.count = 0;
    for (ptrdiff_t block = 0; block < length; block += BLOCK) {
        ptrdiff_t end = length - block < BLOCK ? length : block + BLOCK, place = block;
        while (place < end) {
            /* The word in the registers of this loop, for as long as there are letters and separators alone. */
            uint64_t total = words.total, power = words.power, info = words.info, *totals = words.totals, *infos = words.infos;
            ptrdiff_t count = words.count;
            uint32_t plain = 0, code = words.last, last = code, aside = words.aside;
            for (; place < end; place++) {
                plain = kind == 1 ? ((const uint8_t *)data)[place] : kind == 2 ? ((const uint16_t *)data)[place] : ((const uint32_t *)data)[place];
                code = table[plain];
                uint32_t letter = code - LETTERS < UNSPACED - LETTERS;
                if (UNLIKELY((!letter && code != SEPARATOR) || aside))
                    break;
                totals[count] = total;
                infos[count] = info;
                count += !letter & (info != 0);
                uint64_t kept = 0 - (uint64_t)letter, first = (uint64_t)code << FIRST & (0 - (uint64_t)!info);
                info = (info + 1 + first) & kept;
                total = (total + ((uint64_t)code + 1) * power) & kept;
                power = ((power * BASE - 1) & kept) + 1;
                last = code;
            }
            words.total = total;
            words.power = power;
            words.info = info;
            words.count = count;
            words.last = last;
            if (place == end)
                break;
            if (words.count + (end - place) + EXPANSION > 2 * BLOCK && !(out = hash_read(&words, out, &room)))
                return NO_ROOM;
            ptrdiff_t stopped = fold_aside(&words, plain, code, folding);
            if (stopped < 0)
                return stopped;
            place++;
        }
        if (!(out = hash_read(&words, out, &room)))
            return NO_ROOM;
    }
    step_aside(&words, SEPARATOR);
    out = hash_read(&words, out, &room);
    out = out ? hash_part(&words, out) : NULL;
    return out ? out - start : NO_ROOM;
}

ptrdiff_t scan_text(const Text *text, const Folding *folding, uint32_t *words, ptrdiff_t room)
{
    switch (text->kind) { /* a copy of the loop for each */
    case 1:
        return scan_codes(text->data, text->length, 1, folding, words, room);
    case 2:
        return scan_codes(text->data, text->length, 2, folding, words, room);
    default:
        return scan_codes(text->data, text->length, 4, folding, words, room);
    }
}

ptrdiff_t scan(const Text *texts, ptrdiff_t count, const Folding *folding, uint32_t *words, ptrdiff_t room, int64_t *offsets)
{
    offsets[0] = 0;
    for (ptrdiff_t row = 0; row < count; row++) {
        ptrdiff_t found = scan_text(&texts[row], folding, words + offsets[row], room - (ptrdiff_t)offsets[row]);
        if (found < 0)
            return found;
        offsets[row + 1] = offsets[row] + found;
    }
    return (ptrdiff_t)offsets[count];
}
