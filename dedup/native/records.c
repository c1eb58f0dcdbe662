/* Lines of JSON to the places of their fields. What is usual is read here; a line with anything else is left to dedup.readers.jsonl. */

#include "native.h"

#include <string.h>

#define DEEPEST 64    /* brackets in brackets; deeper ones are unusual */
#define LONGEST 1000  /* characters of a number: Python refuses some longer ones */
#define UNSEEN_RANK 255

enum { CONTROL = 1, MALFORMED = 2, MARKUP = 4 };

/* Where a line is read. Beyond the end of a line stands its line end, or the last byte of all, which is one too. */
typedef struct {
    uint8_t *at, *end;
} Reader;

typedef struct {
    uint8_t *start, *end;
    int has_escapes, has_markup; /* markup: also escapes of its signs, of NUL, and of a return */
} String;

static inline int is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* What a string has, a bit for each: control characters; bytes that are not surely UTF-8; signs of markup. All bytes are looked at together:
   a byte goes on with a character if and only if one of those before it asks for that. The two bytes before a string, and the one behind
   it, must be there; they are ASCII. */
WIDE static int classify(const uint8_t *bytes, ptrdiff_t length)
{
    uint8_t control = 0, malformed = 0, markup = 0;
    ptrdiff_t place = 0;
#if defined(__GNUC__)
    typedef uint8_t Vector __attribute__((vector_size(32)));
    Vector controls = {0}, wrong = {0}, signs = {0};
    for (; place + (ptrdiff_t)sizeof(Vector) <= length + 1; place += (ptrdiff_t)sizeof(Vector)) {
        Vector byte, before, first;
        memcpy(&byte, bytes + place, sizeof byte);
        memcpy(&before, bytes + place - 1, sizeof before);
        memcpy(&first, bytes + place - 2, sizeof first);
        Vector asked = (Vector)((before >= 0xC2) | ((first & 0xF0) == 0xE0)), goes_on = (Vector)((byte & 0xC0) == 0x80);
        wrong |= (asked ^ goes_on) | (Vector)(((byte & 0xFE) == 0xC0) | (byte == 0xE0) | (byte == 0xED) | (byte >= 0xF0));
        controls |= (Vector)(byte < 0x20);
        signs |= (Vector)((byte == '<') | (byte == '&'));
    }
    for (size_t lane = 0; lane < sizeof(Vector); lane++) {
        control |= controls[lane];
        malformed |= wrong[lane];
        markup |= signs[lane];
    }
#endif
    for (; place <= length; place++) {
        uint8_t byte = bytes[place], before = bytes[place - 1], first = bytes[place - 2];
        uint8_t asked = (before >= 0xC2) | ((first & 0xF0) == 0xE0), goes_on = (byte & 0xC0) == 0x80;
        malformed |= (asked ^ goes_on) | ((byte & 0xFE) == 0xC0) | (byte == 0xE0) | (byte == 0xED) | (byte >= 0xF0);
        control |= byte < 0x20;
        markup |= (byte == '<') | (byte == '&');
    }
    return (control ? CONTROL : 0) | (malformed ? MALFORMED : 0) | (markup ? MARKUP : 0);
}

/* Tell whether bytes are UTF-8: Unicode 16, table 3-7. */
static int is_utf8(const uint8_t *at, const uint8_t *end)
{
    while (at < end) {
        uint8_t byte = *at++;
        if (byte < 0x80)
            continue;
        uint8_t low = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80, high = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
        int more = byte < 0xC2 ? -1 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF5 ? 3 : -1;
        if (more < 0 || end - at < more || *at < low || *at > high)
            return 0;
        for (at++; --more; at++)
            if (!is_continuation(*at))
                return 0;
    }
    return 1;
}

/* Classify bytes, and make sure of what is not UTF-8. */
static int look_at(const uint8_t *start, const uint8_t *end)
{
    int found = classify(start, end - start);
    return found & MALFORMED && is_utf8(start, end) ? found & ~MALFORMED : found;
}

static void skip_space(Reader *in)
{
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\r'))
        in->at++;
}

static int take(Reader *in, char wanted)
{
    skip_space(in);
    int found = in->at < in->end && *in->at == (uint8_t)wanted;
    in->at += found;
    return found;
}

static int hexadecimal(const uint8_t *at, const uint8_t *end, uint32_t *code)
{
    *code = 0;
    if (end - at < 4)
        return 0;
    for (int place = 0; place < 4; place++) {
        uint32_t digit = at[place], letter = digit | 0x20;
        if (digit - '0' < 10)
            digit -= '0';
        else if (letter - 'a' < 6)
            digit = letter - 'a' + 10;
        else
            return 0;
        *code = *code << 4 | digit;
    }
    return 1;
}

/* Read an escape behind its backslash, as the code point that it means, -1 for one that is unusual. */
static int32_t read_escape(const uint8_t **at, const uint8_t *end)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (*at >= end)
        return -1;
    uint8_t letter = *(*at)++;
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (found)
        return meanings[found - letters];
    uint32_t code, low;
    if (letter != 'u' || !hexadecimal(*at, end, &code))
        return -1;
    *at += 4;
    if (code < 0xD800 || code > 0xDFFF)
        return (int32_t)code;
    if (code > 0xDBFF || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u' || !hexadecimal(*at + 2, end, &low) || low < 0xDC00 ||
        low > 0xDFFF)
        return -1;
    *at += 6;
    return (int32_t)(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
}

static uint8_t *write_utf8(uint8_t *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (uint8_t)code;
        return out;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    *out++ = (uint8_t)((0xF00 >> (more + 1) & 0xFF) | code >> 6 * more);
    while (more--)
        *out++ = (uint8_t)(0x80 | (code >> 6 * more & 0x3F));
    return out;
}

/* Write a string without escapes over itself: none gets longer. A quotation mark is left behind it, as before. */
static void unescape(String *string)
{
    uint8_t *out = string->start;
    const uint8_t *at = string->start;
    while (at < string->end) {
        const uint8_t *slash = memchr(at, '\\', (size_t)(string->end - at)), *next = slash ? slash : string->end;
        memmove(out, at, (size_t)(next - at));
        out += next - at;
        at = next;
        if (slash) {
            at++;
            out = write_utf8(out, (uint32_t)read_escape(&at, string->end));
        }
    }
    *out = '"';
    string->end = out;
    string->has_escapes = 0;
}

/* Read a string behind its first quotation mark. Returns what is wrong or unusual with it, 0 for nothing. */
static int read_string(Reader *in, String *string)
{
    const uint8_t *at = in->at, *slash;
    uint8_t *end = memchr(in->at, '"', (size_t)(in->end - in->at));
    *string = (String){in->at, end, 0, 0};
    while (end && at < end && (slash = memchr(at, '\\', (size_t)(end - at)))) {
        at = slash + 1;
        int32_t code = read_escape(&at, in->end);
        if (code < 0)
            return CONTROL;
        string->has_escapes = 1;
        string->has_markup |= !code || code == '\r' || code == '<' || code == '&';
        if (at > end)
            end = memchr(at, '"', (size_t)(in->end - at));
    }
    if (!end)
        return CONTROL;
    string->end = end;
    in->at = end + 1;
    int found = look_at(string->start, string->end);
    string->has_markup |= found & MARKUP;
    return found & ~MARKUP;
}

static int is_figure(const Reader *in)
{
    return in->at < in->end && (uint32_t)*in->at - '0' < 10u;
}

static int skip_figures(Reader *in)
{
    const uint8_t *start = in->at;
    while (is_figure(in))
        in->at++;
    return in->at > start;
}

/* Read a number: -1 for none, 1 for a whole number as Python writes it, 0 for any other. */
static int read_number(Reader *in)
{
    const uint8_t *start = in->at;
    int is_whole = 1;
    in->at += *in->at == '-';
    int is_zero = in->at < in->end && *in->at == '0';
    if (is_zero)
        in->at++;
    else if (!skip_figures(in))
        return -1;
    if (in->at < in->end && *in->at == '.') {
        is_whole = 0;
        in->at++;
        if (!skip_figures(in))
            return -1;
    }
    if (in->at < in->end && (*in->at | 0x20) == 'e') {
        is_whole = 0;
        in->at++;
        in->at += in->at < in->end && (*in->at == '+' || *in->at == '-');
        if (!skip_figures(in))
            return -1;
    }
    if (in->at - start > LONGEST)
        return -1;
    return is_whole && !(is_zero && *start == '-');
}

/* Read true, false or null. Returns its first letter, 0 for none. */
static int read_word(Reader *in)
{
    static const char *const words[] = {"true", "false", "null"};
    for (int number = 0; number < 3; number++) {
        ptrdiff_t length = (ptrdiff_t)strlen(words[number]);
        if (in->end - in->at >= length && !memcmp(in->at, words[number], (size_t)length)) {
            in->at += length;
            return words[number][0];
        }
    }
    return 0;
}

/* Skip a string, a number or a word. Returns whether it is usual. */
static int skip_plain(Reader *in)
{
    String string;
    skip_space(in);
    if (in->at >= in->end)
        return 0;
    if (*in->at == '"') {
        in->at++;
        return !read_string(in, &string);
    }
    return is_figure(in) || *in->at == '-' ? read_number(in) >= 0 : read_word(in);
}

/* Skip a value in brackets. Returns whether it is usual. */
static int skip_nested(Reader *in)
{
    uint64_t objects = 0; /* a bit for each open bracket, the innermost one lowest: whether it is that of an object */
    int depth = 0, is_next = 1; /* whether a value comes next */
    do {
        skip_space(in);
        if (in->at >= in->end)
            return 0;
        if (is_next && (*in->at == '{' || *in->at == '[')) {
            if (++depth > DEEPEST)
                return 0;
            objects = objects << 1 | (*in->at++ == '{');
            skip_space(in);
            is_next = !(in->at < in->end && *in->at == (objects & 1 ? '}' : ']'));
            if (is_next && objects & 1 && !(in->at < in->end && *in->at == '"' && skip_plain(in) && take(in, ':')))
                return 0;
        } else if (is_next) {
            if (!skip_plain(in))
                return 0;
            is_next = 0;
        } else if (*in->at == ',') {
            in->at++;
            skip_space(in);
            if (objects & 1 && !(in->at < in->end && *in->at == '"' && skip_plain(in) && take(in, ':')))
                return 0;
            is_next = 1;
        } else {
            if (*in->at++ != (objects & 1 ? '}' : ']'))
                return 0;
            objects >>= 1;
            depth--;
        }
    } while (depth);
    return 1;
}

/* What is known of a line: for each column where its value is, how good the field is that it stands in, and what the string has. */
typedef struct {
    String values[MOST_COLUMNS];
    uint8_t ranks[MOST_COLUMNS];
    uint64_t seen;
} Found;

/* Note the value of a field. Returns whether it is usual. */
static int note(Found *found, const Fields *with, ptrdiff_t field, String value, int is_number)
{
    int64_t column = with->columns[field], rank = with->ranks[field];
    if (column < 0)
        return 0;
    if (column == TEXT_COLUMN ? is_number : value.end == value.start)
        return 1; /* no text: as if it were not there */
    if (column == TIME_COLUMN && found->ranks[column] != UNSEEN_RANK)
        return 0; /* which of two times can be read is not known here */
    if (rank < found->ranks[column]) {
        found->values[column] = value;
        found->ranks[column] = (uint8_t)rank;
    }
    return 1;
}

static ptrdiff_t field_named(const Fields *with, const String *name)
{
    for (ptrdiff_t field = 0; field < with->count; field++) {
        int64_t start = with->offsets[field], length = with->offsets[field + 1] - start;
        if (length == name->end - name->start && !memcmp(with->names + start, name->start, (size_t)length))
            return field;
    }
    return -1;
}

/* Read the value of a field, -1 for one that is not asked for. Returns whether it is usual. */
static int read_value(Reader *in, Found *found, const Fields *with, ptrdiff_t field)
{
    String value;
    skip_space(in);
    if (in->at >= in->end)
        return 0;
    if (*in->at == '"') {
        in->at++;
        return !read_string(in, &value) && (field < 0 || note(found, with, field, value, 0));
    }
    if (*in->at == '{' || *in->at == '[')
        return field < 0 && skip_nested(in);
    if (is_figure(in) || *in->at == '-') {
        value = (String){in->at, in->at, 0, 0};
        int kind = read_number(in);
        value.end = in->at;
        return kind >= 0 && (field < 0 || (kind > 0 && note(found, with, field, value, 1)));
    }
    int word = read_word(in);
    return word && (field < 0 || with->columns[field] >= 0 || word == 'n');
}

/* Tell whether a value needs no other care than to be decoded. */
static int is_usual_value(const String *value, int column, ptrdiff_t most)
{
    if (column == TEXT_COLUMN && value->end - value->start > most)
        return 0;
    return !value->has_markup || (column != TEXT_COLUMN && column != TITLE_COLUMN && !value->has_escapes);
}

/* Read a line. Returns whether it is usual; nothing is changed then, or the strings alone lose their escapes. */
static int read_line(Reader *in, Found *found, const Fields *with)
{
    memset(found->ranks, UNSEEN_RANK, sizeof found->ranks);
    found->seen = 0;
    if (!take(in, '{'))
        return 0;
    if (!take(in, '}'))
        do {
            String name;
            if (!take(in, '"') || read_string(in, &name) || name.has_escapes || !take(in, ':'))
                return 0;
            ptrdiff_t field = field_named(with, &name);
            if (field >= 0 && found->seen >> field & 1)
                return 0;
            found->seen |= field >= 0 ? 1ull << field : 0;
            if (!read_value(in, found, with, field))
                return 0;
        } while (take(in, ','));
    else
        return 0; /* a record without fields is an error */
    if (!take(in, '}'))
        return 0;
    skip_space(in);
    if (in->at < in->end)
        return 0;
    for (int column = 0; column < MOST_COLUMNS; column++)
        if (with->required >> column & 1 && found->ranks[column] == UNSEEN_RANK)
            return 0;
    for (int column = 0; column < MOST_COLUMNS; column++)
        if (found->ranks[column] != UNSEEN_RANK && !is_usual_value(&found->values[column], column, with->most))
            return 0;
    for (int column = 0; column < MOST_COLUMNS; column++)
        if (found->ranks[column] != UNSEEN_RANK && found->values[column].has_escapes)
            unescape(&found->values[column]);
    return 1;
}

static int is_blank(const uint8_t *at, const uint8_t *end)
{
    while (at < end && (*at == ' ' || (*at >= '\t' && *at <= '\r')))
        at++;
    return at == end;
}

ptrdiff_t split_records(uint8_t *data, ptrdiff_t length, const Fields *with, const Records *out)
{
    ptrdiff_t count = 0, number = 0;
    for (uint8_t *start = data, *end; start < data + length; start = end + 1, number++) {
        end = memchr(start, '\n', (size_t)(data + length - start));
        if (!end)
            return UNSEEN_CODE; /* the last line is not whole */
        if (is_blank(start, end))
            continue;
        if (count == out->room)
            return NO_ROOM;
        Reader in = {start, end};
        Found found;
        int is_usual = read_line(&in, &found, with);
        out->lines[2 * count] = start - data;
        out->lines[2 * count + 1] = end - data;
        out->numbers[count] = number;
        out->unusual[count] = (uint8_t)!is_usual;
        out->text_ranks[count] = is_usual ? found.ranks[TEXT_COLUMN] : 0;
        for (int column = 0; column < MOST_COLUMNS; column++) {
            int64_t *span = out->spans + 2 * (MOST_COLUMNS * count + column);
            int is_there = is_usual && found.ranks[column] != UNSEEN_RANK;
            span[0] = is_there ? found.values[column].start - data : -1;
            span[1] = is_there ? found.values[column].end - data : -1;
        }
        count++;
    }
    return count;
}
