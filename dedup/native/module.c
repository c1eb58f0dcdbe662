/* The functions that Python calls; they fill arrays. Each loop is a line of a table: how to read and check its arguments, what to run.
   Buffers are arrays of the callers in this package: their sizes are checked, and so are the values that are places of other values.
   Nothing is kept between calls, so any number of threads and interpreters may call at the same time. */

#include "arguments.h"

static int scan_fits(Arguments in)
{
    return in[2].count >= CODES && in[5].count > in[0].count;
}

static Py_ssize_t run_scan(Arguments in)
{
    Folding folding = {in[2].data, in[3].data, in[1].count != 0};
    return scan(in[0].data, in[0].count, &folding, in[4].data, in[4].count, in[5].data);
}

enum { TEXTS, FOLDED, SHINGLE_WORDS, PRINT_WORDS, WINDOW, TABLE, EXPANSIONS, FACTORS, A, B, WORDS, WORD_OFFSETS, SIGNED, PRINTS, PRINT_OFFSETS };

static int sketch_fits(Arguments in)
{
    Py_ssize_t rows = in[TEXTS].count, most = in[FACTORS].count;
    return in[TABLE].count >= CODES && in[SHINGLE_WORDS].count > 0 && in[SHINGLE_WORDS].count <= most && in[PRINT_WORDS].count > 0 &&
           in[PRINT_WORDS].count <= most && in[WINDOW].count > 0 && in[B].count >= in[A].count && in[WORD_OFFSETS].count > rows &&
           (!rows || in[SIGNED].count / rows >= in[A].count) && in[PRINTS].count >= in[WORDS].count && in[PRINT_OFFSETS].count > rows;
}

static Py_ssize_t run_sketch(Arguments in)
{
    Sketching with = {.folding = {in[TABLE].data, in[EXPANSIONS].data, in[FOLDED].count != 0}, .factors = in[FACTORS].data,
                      .shingle_words = in[SHINGLE_WORDS].count, .print_words = in[PRINT_WORDS].count, .window = in[WINDOW].count,
                      .num_perm = in[A].count, .room = in[WORDS].count, .a = in[A].data, .b = in[B].data, .words = in[WORDS].data,
                      .word_offsets = in[WORD_OFFSETS].data, .signed_ = in[SIGNED].data, .prints = in[PRINTS].data,
                      .print_offsets = in[PRINT_OFFSETS].data};
    return sketch(in[TEXTS].data, in[TEXTS].count, &with);
}

enum { DATA, NAMES, NAME_OFFSETS, COLUMNS, RANKS, REQUIRED, MOST_BYTES, LINES, NUMBERS, SPANS, UNUSUAL, TEXT_RANKS };

static int split_records_fits(Arguments in)
{
    Py_ssize_t fields = in[COLUMNS].count, room = in[NUMBERS].count;
    const int64_t *columns = in[COLUMNS].data, *ranks = in[RANKS].data;
    int fits = fields <= 64 && in[RANKS].count == fields && in[NAME_OFFSETS].count == fields + 1 &&
               are_rows(&in[NAME_OFFSETS], in[NAMES].count) && in[LINES].count / 2 >= room && in[SPANS].count / (2 * MOST_COLUMNS) >= room &&
               in[UNUSUAL].count >= room && in[TEXT_RANKS].count >= room && in[MOST_BYTES].count >= 0;
    for (Py_ssize_t field = 0; fits && field < fields; field++)
        fits = columns[field] >= -1 && columns[field] < MOST_COLUMNS && ranks[field] >= 0 && ranks[field] < 255;
    return fits;
}

static Py_ssize_t run_split_records(Arguments in)
{
    Fields with = {in[NAMES].data, in[NAME_OFFSETS].data, in[COLUMNS].data, in[RANKS].data, in[COLUMNS].count, in[REQUIRED].count,
                   in[MOST_BYTES].count};
    Records out = {in[LINES].data, in[NUMBERS].data, in[SPANS].data, in[UNUSUAL].data, in[TEXT_RANKS].data, in[NUMBERS].count};
    return split_records(in[DATA].data, in[DATA].count, &with, &out);
}

enum {
    BYTES, BEGINS, ENDS, NEAR, NEAR_OFFSETS, STARTS, KEY, SPAN_SIZES, SPAN_TABLE, SPAN_EXPANSIONS, SPAN_FACTORS, SPAN_A, SPAN_B, SPAN_WORDS,
    SPAN_WORD_OFFSETS, SPAN_SIGNED, SPAN_PRINTS, SPAN_PRINT_OFFSETS, CHARS, MARKED, DIGESTS
};

static int sketch_spans_fits(Arguments in)
{
    Py_ssize_t rows = in[BEGINS].count, most = in[SPAN_FACTORS].count;
    const int64_t *begins = in[BEGINS].data, *ends = in[ENDS].data, *sizes = in[SPAN_SIZES].data;
    int fits = in[ENDS].count == rows && in[SPAN_SIZES].count == 3 && sizes[0] > 0 && sizes[0] <= most && sizes[1] > 0 &&
               sizes[1] <= most && sizes[2] > 0 && are_rows(&in[NEAR_OFFSETS], in[NEAR].count) && in[KEY].count == 2 &&
               in[SPAN_TABLE].count >= CODES && in[SPAN_B].count >= in[SPAN_A].count && in[SPAN_WORD_OFFSETS].count > rows &&
               (!rows || in[SPAN_SIGNED].count / rows >= in[SPAN_A].count) && in[SPAN_PRINTS].count >= in[SPAN_WORDS].count &&
               in[SPAN_PRINT_OFFSETS].count > rows && in[CHARS].count >= rows && in[MARKED].count >= rows && in[DIGESTS].count / 2 >= rows;
    for (Py_ssize_t row = 0; fits && row < rows; row++)
        fits = begins[row] >= 0 && begins[row] <= ends[row] && ends[row] <= in[BYTES].count;
    return fits;
}

static Py_ssize_t run_sketch_spans(Arguments in)
{
    const int64_t *sizes = in[SPAN_SIZES].data;
    Looking looking = {in[BEGINS].data, in[ENDS].data, in[NEAR].data, in[NEAR_OFFSETS].data, in[NEAR_OFFSETS].count - 1, in[STARTS].count,
                       in[STARTS].data, in[KEY].data, in[CHARS].data, in[DIGESTS].data, in[MARKED].data};
    Sketching with = {.folding = {in[SPAN_TABLE].data, in[SPAN_EXPANSIONS].data, 0}, .factors = in[SPAN_FACTORS].data,
                      .shingle_words = sizes[0], .print_words = sizes[1], .window = sizes[2], .num_perm = in[SPAN_A].count,
                      .room = in[SPAN_WORDS].count, .a = in[SPAN_A].data, .b = in[SPAN_B].data, .words = in[SPAN_WORDS].data,
                      .word_offsets = in[SPAN_WORD_OFFSETS].data, .signed_ = in[SPAN_SIGNED].data, .prints = in[SPAN_PRINTS].data,
                      .print_offsets = in[SPAN_PRINT_OFFSETS].data};
    return sketch_spans(in[BYTES].data, in[BEGINS].count, &looking, &with);
}

static int sign_fits(Arguments in)
{
    Py_ssize_t rows = in[1].count - 1;
    return are_rows(&in[1], in[0].count) && in[3].count >= in[2].count && (!rows || in[4].count / rows >= in[2].count);
}

static Py_ssize_t run_sign(Arguments in)
{
    sign(in[0].data, in[1].data, in[1].count - 1, in[2].data, in[3].data, in[2].count, in[4].data);
    return 0;
}

/* Tell whether the first arguments are words, offsets and rows, and two later ones have room for the values and offsets of the rows. */
static int sets_fit(Arguments in, int out)
{
    return are_rows(&in[1], in[0].count) && are_numbers_of(&in[2], in[1].count - 1) && has_room_for(&in[out], &in[1], &in[2]) &&
           in[out + 1].count > in[2].count;
}

static int shingle_sets_fits(Arguments in)
{
    return in[3].count > 0 && sets_fit(in, 4);
}

static Py_ssize_t run_shingle_sets(Arguments in)
{
    return shingle_sets(in[0].data, in[1].data, in[2].data, in[2].count, in[3].count, in[3].data, in[4].data, in[5].data);
}

static int word_sets_fits(Arguments in)
{
    return sets_fit(in, 3);
}

static Py_ssize_t run_word_sets(Arguments in)
{
    return word_sets(in[0].data, in[1].data, in[2].data, in[2].count, in[3].data, in[4].data);
}

/* Tell whether the first arguments are values, offsets and two equally long lists of rows, and the next one has room for each pair. */
static int pairs_fit(Arguments in)
{
    Py_ssize_t rows = in[1].count - 1, pairs = in[2].count;
    return are_rows(&in[1], in[0].count) && in[3].count == pairs && in[4].count >= pairs && are_numbers_of(&in[2], rows) &&
           are_numbers_of(&in[3], rows);
}

static int share_fits(Arguments in)
{
    return pairs_fit(in) && in[5].count >= in[2].count && in[6].count >= 0;
}

static Py_ssize_t run_share(Arguments in)
{
    share(in[0].data, in[1].data, in[2].data, in[3].data, in[2].count, (uint64_t)in[6].count, in[4].data, in[5].data);
    return 0;
}

static int weigh_rows_fits(Arguments in)
{
    return are_rows(&in[1], in[0].count) && in[2].count >= in[1].count - 1 && in[3].count >= 0;
}

static Py_ssize_t run_weigh_rows(Arguments in)
{
    weigh_rows(in[0].data, in[1].data, in[1].count - 1, (uint64_t)in[3].count, in[2].data);
    return 0;
}

static int share_kinds_fits(Arguments in)
{
    Py_ssize_t rows = in[2].count - 1, pairs = in[3].count;
    return are_rows(&in[2], in[0].count) && in[1].count >= in[0].count && in[4].count == pairs && in[5].count >= pairs &&
           in[6].count >= pairs && in[7].count >= 0 && are_numbers_of(&in[3], rows) && are_numbers_of(&in[4], rows);
}

static Py_ssize_t run_share_kinds(Arguments in)
{
    share_kinds(in[0].data, in[1].data, in[2].data, in[3].data, in[4].data, in[3].count, (uint64_t)in[7].count, in[5].data, in[6].data);
    return 0;
}

static int align_fits(Arguments in)
{
    return pairs_fit(in) && in[5].count >= in[2].count;
}

static Py_ssize_t run_align(Arguments in)
{
    return align(in[0].data, in[1].data, in[2].data, in[3].data, in[2].count, in[4].data, in[5].data);
}

enum {
    ROW_TOKENS, ROW_OFFSETS, ROWS_LEFT, ROWS_RIGHT, WEIGHTS, OWN_WEIGHTS, CONTENT, TOKEN_KEYS, KEY_OFFSETS, FOUND_BY, FOUND_OFFSETS,
    TOKEN_RANKS, TOKEN_ENDS, SHOWN, SHARES
};

/* Tell whether the first arguments are tokens, their offsets and two equally long lists of rows, and all tokens are below a number. */
static int token_pairs_fit(Arguments in, Py_ssize_t tokens)
{
    const uint32_t *each = in[ROW_TOKENS].data;
    Py_ssize_t rows = in[ROW_OFFSETS].count - 1;
    int fits = are_rows(&in[ROW_OFFSETS], in[ROW_TOKENS].count) && in[ROWS_RIGHT].count == in[ROWS_LEFT].count &&
               are_numbers_of(&in[ROWS_LEFT], rows) && are_numbers_of(&in[ROWS_RIGHT], rows);
    for (Py_ssize_t place = 0; fits && place < in[ROW_TOKENS].count; place++)
        fits = each[place] < (uint64_t)tokens;
    return fits;
}

static int compare_tokens_fits(Arguments in)
{
    Py_ssize_t tokens = in[WEIGHTS].count, pairs = in[ROWS_LEFT].count;
    return in[OWN_WEIGHTS].count == tokens && in[CONTENT].count == tokens && in[KEY_OFFSETS].count == tokens + 1 &&
           in[FOUND_OFFSETS].count == tokens + 1 && in[TOKEN_RANKS].count == tokens && in[TOKEN_ENDS].count == tokens &&
           are_rows(&in[KEY_OFFSETS], in[TOKEN_KEYS].count) && are_rows(&in[FOUND_OFFSETS], in[FOUND_BY].count) &&
           token_pairs_fit(in, tokens) && in[SHOWN].count >= pairs && in[SHARES].count / 2 >= pairs;
}

static Py_ssize_t run_compare_tokens(Arguments in)
{
    TokenRows rows = {in[ROW_TOKENS].data, in[ROW_OFFSETS].data, in[ROW_OFFSETS].count - 1};
    TokenFacts facts = {in[WEIGHTS].data, in[OWN_WEIGHTS].data, in[CONTENT].data, in[TOKEN_KEYS].data, in[KEY_OFFSETS].data,
                        in[FOUND_BY].data, in[FOUND_OFFSETS].data, in[TOKEN_RANKS].data, in[TOKEN_ENDS].data};
    return compare_tokens(&rows, &facts, in[ROWS_LEFT].data, in[ROWS_RIGHT].data, in[ROWS_LEFT].count, in[SHOWN].data, in[SHARES].data);
}

enum { SIGNATURES = ROWS_RIGHT + 1, FLAGS, HASHES };

static int pattern_hashes_fits(Arguments in)
{
    Py_ssize_t pairs = in[ROWS_LEFT].count;
    return token_pairs_fit(in, in[SIGNATURES].count) && in[FLAGS].count >= pairs && in[HASHES].count / 2 >= pairs;
}

static Py_ssize_t run_pattern_hashes(Arguments in)
{
    TokenRows rows = {in[ROW_TOKENS].data, in[ROW_OFFSETS].data, in[ROW_OFFSETS].count - 1};
    return pattern_hashes(&rows, in[SIGNATURES].data, in[ROWS_LEFT].data, in[ROWS_RIGHT].data, in[ROWS_LEFT].count, in[FLAGS].data,
                          in[HASHES].data);
}

static int pack_members_fits(Arguments in)
{
    return are_rows(&in[1], in[0].count) && are_numbers_of(&in[2], in[1].count - 1) && has_room_for(&in[3], &in[1], &in[2]) &&
           in[5].count >= 0 && in[5].count < 32 && in[4].count > (Py_ssize_t)1 << in[5].count;
}

static Py_ssize_t run_pack_members(Arguments in)
{
    pack_members(in[0].data, in[1].data, in[2].data, in[2].count, (int)in[5].count, in[4].data, in[3].data);
    return 0;
}

static int sort_members_fits(Arguments in)
{
    return are_rows(&in[1], in[0].count) && in[2].count >= 0 && in[2].count <= in[3].count && in[3].count < in[1].count;
}

static Py_ssize_t run_sort_members(Arguments in)
{
    return sort_members(in[0].data, in[1].data, in[2].count, in[3].count);
}

static int sort_above_fits(Arguments in)
{
    return in[1].count >= 0 && in[1].count < 64;
}

static Py_ssize_t run_sort_above(Arguments in)
{
    return sort_above(in[0].data, in[0].count, (int)in[1].count);
}

static int drop_frequent_fits(Arguments in)
{
    return in[3].count > 0 && in[3].count < PY_SSIZE_T_MAX && in[1].count >= in[0].count / (in[3].count + 1) && in[2].count > 0;
}

static Py_ssize_t run_drop_frequent(Arguments in)
{
    return drop_frequent(in[0].data, in[0].count, in[3].count, in[1].data, in[2].data);
}

static int index_members_fits(Arguments in)
{
    const uint64_t *packed = in[0].data;
    Py_ssize_t length = in[0].count, owners = in[1].count - 1;
    int fits = owners >= 0 && in[2].count >= length && in[3].count >= owners && length <= INT32_MAX;
    for (Py_ssize_t place = 0; fits && place < length; place++)
        fits = (packed[place] & 0xFFFFFFFFu) < (uint64_t)owners;
    return fits;
}

static Py_ssize_t run_index_members(Arguments in)
{
    index_members(in[0].data, in[0].count, in[4].count, in[1].count - 1, in[1].data, in[2].data, in[3].data);
    return 0;
}

enum { PACKED, OFFSETS, PLACES, LENGTHS, PAIR_CODES, OVERFULL_OWNERS, LIMIT, NEAREST, MOST, STRONGEST, FEW, SHARE, LOW, HIGH };

/* Tell whether the members to be paired are among the packed ones. */
static int are_places(Arguments in)
{
    const int64_t *offsets = in[OFFSETS].data;
    const uint32_t *places = in[PLACES].data;
    int fits = 1;
    for (int64_t member = offsets[in[LOW].count]; fits && member < offsets[in[HIGH].count]; member++)
        fits = (places[member] & ~OVERFULL) < in[PACKED].count;
    return fits;
}

static int shared_pairs_fits(Arguments in)
{
    Py_ssize_t owners = in[OFFSETS].count - 1;
    return are_rows(&in[OFFSETS], in[PLACES].count) && in[LENGTHS].count == owners && in[OVERFULL_OWNERS].count == owners &&
           in[STRONGEST].count >= 0 && in[STRONGEST].count <= in[MOST].count && in[LOW].count >= 0 && in[LOW].count <= in[HIGH].count &&
           in[HIGH].count <= owners && are_places(in);
}

static Py_ssize_t run_shared_pairs(Arguments in)
{
    Buckets buckets = {in[PACKED].data, in[PACKED].count, in[OFFSETS].count - 1, in[LIMIT].count, in[NEAREST].count, in[MOST].count,
                       in[STRONGEST].count, in[OFFSETS].data, in[PLACES].data};
    Enough enough = {in[LENGTHS].data, in[FEW].count, in[SHARE].real};
    return shared_pairs(&buckets, &enough, in[LOW].count, in[HIGH].count, in[PAIR_CODES].data, in[PAIR_CODES].count,
                        in[OVERFULL_OWNERS].data);
}

static int drop_fits(Arguments in)
{
    Py_ssize_t parts = in[2].count - 1, shift = in[4].count;
    return shift >= 0 && shift < 32 && (int64_t)parts == (int64_t)1 << (32 - shift) && are_rows(&in[2], in[1].count) &&
           in[3].count >= in[0].count;
}

static Py_ssize_t run_drop(Arguments in)
{
    drop(in[0].data, in[0].count, in[1].data, in[2].data, (int)in[4].count, in[3].data);
    return 0;
}

static int pick_fits(Arguments in)
{
    Py_ssize_t parts = in[4].count - 1, shift = in[8].count;
    return are_rows(&in[1], in[0].count) && in[3].count >= in[2].count && shift >= 0 && shift < 32 &&
           (int64_t)parts == (int64_t)1 << (32 - shift) && are_rows(&in[4], in[2].count) && in[5].count >= in[0].count &&
           in[6].count >= in[0].count && in[7].count >= in[1].count;
}

static Py_ssize_t run_pick(Arguments in)
{
    return pick(in[0].data, in[1].data, in[1].count - 1, in[2].data, in[3].data, in[4].data, (int)in[8].count, in[5].data, in[6].data,
                in[7].data);
}

static int hits_fits(Arguments in)
{
    return in[3].count >= 0 && in[3].count < 64 && in[2].count >= in[0].count;
}

static Py_ssize_t run_hits(Arguments in)
{
    return hits(in[0].data, in[0].count, in[1].data, in[1].count, (int)in[3].count, in[2].data);
}

static int block_checks_fits(Arguments in)
{
    return in[1].count > 0 && in[2].count >= (in[0].count + in[1].count - 1) / in[1].count;
}

static Py_ssize_t run_block_checks(Arguments in)
{
    block_checks(in[0].data, in[0].count, in[1].count, in[2].data);
    return 0;
}

enum { IMAGE, LAYOUT, CHECKS, SEEN, RUN_KEYS, RUN_FOUND };
enum { RUN_START, RUN_END, RUN_BLOCK_BITS, RUN_BASE, RUN_VALUE_BITS, RUN_KINDS, OF_KIND = 4, RUN_NUMBERS = RUN_KINDS + 4 * OF_KIND };

/* Tell whether all that a layout names is inside of an image, and give it as a structure. */
static int is_image(Arguments in, RunImage *image)
{
    const uint64_t *layout = in[LAYOUT].data;
    if (in[LAYOUT].count != RUN_NUMBERS)
        return 0;
    *image = (RunImage){.bytes = in[IMAGE].data, .checks = in[CHECKS].data, .seen = in[SEEN].data, .start = layout[RUN_START],
                        .end = layout[RUN_END], .block_bits = (int)layout[RUN_BLOCK_BITS], .base = layout[RUN_BASE],
                        .value_bits = (int)layout[RUN_VALUE_BITS]};
    if (!image->start || image->start > image->end || image->end > (uint64_t)in[IMAGE].count || layout[RUN_BLOCK_BITS] < 3 ||
        layout[RUN_BLOCK_BITS] > 31 || layout[RUN_VALUE_BITS] > 30 || image->base >= (uint64_t)1 << 30)
        return 0;
    uint64_t blocks = (image->end - image->start + ((uint64_t)1 << image->block_bits) - 1) >> image->block_bits;
    if (blocks > (uint64_t)in[CHECKS].count || blocks > (uint64_t)in[SEEN].count)
        return 0;
    for (int each = 0; each < 4; each++) {
        const uint64_t *numbers = layout + RUN_KINDS + each * OF_KIND;
        uint64_t count = numbers[0], low = numbers[1], postings = numbers[2], marks = numbers[3];
        if (count > UINT32_MAX || low > 32 || postings < image->start || marks < image->start || postings > image->end ||
            marks > image->end)
            return 0;
        uint64_t width = low + layout[RUN_VALUE_BITS], buckets = (uint64_t)1 << (32 - low), bits = count + buckets;
        uint64_t groups = marks + (((bits + 7) / 8 + 3) / 4 * 4) + 8;
        if (count && (image->end - postings < ((count * width + 7) >> 3) + 8 || groups > image->end ||
                      image->end - groups < 4 * ((buckets + RUN_GROUP - 1) / RUN_GROUP)))
            return 0;
        image->kinds[each] = (RunKind){.count = count, .buckets = buckets, .postings = postings, .marks = marks,
                                       .groups = count ? groups : marks, .mark_bits = bits, .low = (int)low, .width = (int)width};
    }
    return 1;
}

static int find_postings_fits(Arguments in)
{
    RunImage image;
    return is_image(in, &image);
}

static Py_ssize_t run_find_postings(Arguments in)
{
    RunImage image;
    is_image(in, &image);
    return find_postings(&image, in[RUN_KEYS].data, in[RUN_KEYS].count, in[RUN_FOUND].data, in[RUN_FOUND].count);
}

static int read_postings_fits(Arguments in)
{
    RunImage image;
    return in[4].count >= 0 && is_image(in, &image);
}

static Py_ssize_t run_read_postings(Arguments in)
{
    RunImage image;
    is_image(in, &image);
    return read_postings(&image, (uint64_t)in[4].count, in[5].data, in[5].count);
}

enum { PACKED_POSTINGS, PACK_LOW, PACK_VALUE_BITS, PACK_BASE, PACK_BIT, PACK_FIRST, PACK_OUT, PACK_MARKS, PACK_COUNTS };

static int pack_postings_fits(Arguments in)
{
    Py_ssize_t low = in[PACK_LOW].count, value_bits = in[PACK_VALUE_BITS].count, bit = in[PACK_BIT].count;
    if (low < 0 || low > 32 || value_bits < 0 || value_bits > 30 || in[PACK_BASE].count < 0 || bit < 0 || bit > 7 ||
        in[PACK_FIRST].count < 0)
        return 0;
    uint64_t bits = (uint64_t)bit + (uint64_t)in[PACKED_POSTINGS].count * (uint64_t)(low + value_bits);
    uint64_t groups = (((uint64_t)1 << (32 - low)) + RUN_GROUP - 1) / RUN_GROUP;
    return (uint64_t)in[PACK_OUT].count >= ((bits + 7) >> 3) + 8 && (uint64_t)in[PACK_COUNTS].count > groups;
}

static Py_ssize_t run_pack_postings(Arguments in)
{
    RunPacking with = {.base = (uint64_t)in[PACK_BASE].count, .bit = (uint64_t)in[PACK_BIT].count, .first = (uint64_t)in[PACK_FIRST].count,
                       .low = (int)in[PACK_LOW].count, .value_bits = (int)in[PACK_VALUE_BITS].count};
    return pack_postings(in[PACKED_POSTINGS].data, in[PACKED_POSTINGS].count, &with, in[PACK_OUT].data, in[PACK_MARKS].data,
                         in[PACK_MARKS].count, in[PACK_COUNTS].data);
}
static int ranks_fits(Arguments in)
{
    return in[4].count >= 0 && in[4].count < 64 && in[2].count >= in[1].count && in[3].count >= in[1].count;
}

static Py_ssize_t run_ranks(Arguments in)
{
    ranks(in[0].data, in[0].count, in[1].data, in[1].count, (int)in[4].count, in[2].data, in[3].data);
    return 0;
}

#define LOOP(name, kinds, fits) \
    static PyObject *py_##name(PyObject *module, PyObject *const *objects, Py_ssize_t count) \
    { \
        static const Loop loop = {#name, kinds, fits, run_##name}; \
        (void)module; \
        return run_loop(&loop, objects, count); \
    }

LOOP(scan, "tn444*8*", scan_fits)
LOOP(sketch, "tnnnn448444*8*4*4*8*", sketch_fits)
LOOP(split_records, "1*1888nn8*8*8*1*1*", split_records_fits)
LOOP(sketch_spans, "18848888448444*8*4*4*8*8*1*8*", sketch_spans_fits)
LOOP(sign, "88444*", sign_fits)
LOOP(shingle_sets, "48888*8*", shingle_sets_fits)
LOOP(word_sets, "4888*8*", word_sets_fits)
LOOP(share, "88888*8*n", share_fits)
LOOP(weigh_rows, "888*n", weigh_rows_fits)
LOOP(pick, "884488*4*8*n", pick_fits)
LOOP(share_kinds, "848888*8*n", share_kinds_fits)
LOOP(align, "48888*8*", align_fits)
LOOP(compare_tokens, "48881114848441*8*", compare_tokens_fits)
LOOP(pattern_hashes, "4888818*", pattern_hashes_fits)
LOOP(pack_members, "4888*8*n", pack_members_fits)
LOOP(sort_members, "8*8nn", sort_members_fits)
LOOP(sort_above, "8*n", sort_above_fits)
LOOP(drop_frequent, "8*4*8*n", drop_frequent_fits)
LOOP(index_members, "88*4*1*n", index_members_fits)
LOOP(shared_pairs, "88488*1*nnnnndnn", shared_pairs_fits)
LOOP(drop, "4481*n", drop_fits)
LOOP(hits, "888*n", hits_fits)
LOOP(block_checks, "1n4*", block_checks_fits)
LOOP(find_postings, "1841*88*", find_postings_fits)
LOOP(read_postings, "1841*n8*", read_postings_fits)
LOOP(pack_postings, "8nnnnn1*1*4*", pack_postings_fits)
LOOP(ranks, "888*8*n", ranks_fits)

/* The arguments have the names of _kernels.pyi, for inspect.signature. */
#define METHOD(name, arguments, does) \
    {#name, (PyCFunction)(void (*)(void))py_##name, METH_FASTCALL, #name "($module, " arguments ", /)\n--\n\n" does}

static PyMethodDef methods[] = {
    METHOD(scan, "texts, folded, table, expansions, words, offsets", "Fold texts, find and hash the words."),
    METHOD(sketch,
           "texts, folded, shingle_words, fingerprint_words, window, table, expansions, factors, a, b, words, word_offsets, signed, "
           "fingerprints, fingerprint_offsets",
           "Hash, sign and fingerprint texts."),
    METHOD(split_records,
           "data, names, name_offsets, columns, ranks, required, most, lines, numbers, spans, unusual, text_ranks",
           "Find the fields of records of JSON lines."),
    METHOD(sketch_spans,
           "data, begins, ends, names, name_offsets, starts, key, sizes, table, expansions, factors, a, b, words, word_offsets, signed, "
           "fingerprints, fingerprint_offsets, chars, is_marked, digests",
           "Hash, sign and fingerprint texts that are spans of UTF-8."),
    METHOD(sign, "shingles, offsets, a, b, signed", "Sign rows of shingles."),
    METHOD(shingle_sets, "words, offsets, rows, factors, values, set_offsets", "Make sets of shingles of rows."),
    METHOD(word_sets, "words, offsets, rows, values, set_offsets", "Make sets of words of rows."),
    METHOD(share, "values, offsets, left, right, counts, sums, mask", "Count what pairs of sorted rows share."),
    METHOD(weigh_rows, "values, offsets, sums, mask", "Add up the values of rows."),
    METHOD(pick, "values, offsets, table, marks, starts, picked, picked_marks, picked_offsets, shift", "Keep values that a table has."),
    METHOD(share_kinds, "values, kinds, offsets, left, right, sums, most, mask", "Weigh what pairs of sorted rows share, by kinds."),
    METHOD(align, "words, offsets, left, right, substituted, similar", "Align pairs of rows, the shorter one first."),
    METHOD(compare_tokens,
           "tokens, offsets, left, right, weights, own_weights, content, keys, key_offsets, found_by, found_offsets, ranks, ends, shown, "
           "shares",
           "Find what the tokens show that one row of a pair alone has."),
    METHOD(pattern_hashes, "tokens, offsets, left, right, signatures, flags, hashes", "Hash the patterns of pairs of rows of tokens."),
    METHOD(pack_members, "values, offsets, rows, packed, starts, bits", "Pack members of buckets, by the first bits of their keys."),
    METHOD(sort_members, "packed, starts, low, high", "Sort the members of some parts."),
    METHOD(sort_above, "packed, lower", "Sort values by the bits above some lower ones."),
    METHOD(drop_frequent, "packed, often, count, recurrence", "Take out the buckets of too many members."),
    METHOD(index_members, "packed, offsets, places, overfull, limit", "List the members of each owner."),
    METHOD(shared_pairs,
           "packed, offsets, places, lengths, codes, overfull, limit, nearest, most, strongest, few, share, low, high",
           "List pairs that share enough buckets, -1 where the codes have no room."),
    METHOD(drop, "values, often, starts, kept, shift", "Mark values that are none of some."),
    METHOD(hits, "postings, keys, found, shift", "Find the postings of keys."),
    METHOD(block_checks, "data, block, checks", "Write the checksum of each block."),
    METHOD(find_postings, "image, layout, checks, seen, keys, found", "Find the postings of keys in a run, -1 where they have no room."),
    METHOD(read_postings, "image, layout, checks, seen, first, out", "Read postings of a run from a place on."),
    METHOD(pack_postings, "postings, low, value_bits, base, bit, first, out, marks, counts", "Write postings of a run with few bits each."),
    METHOD(ranks, "posted, asking, places, found, shift", "Find the places of postings, and how many of their keys come before."),
    {"seals", (PyCFunction)(void (*)(void))seals, METH_FASTCALL,
     "seals($module, name, rows, columns, crc32, found, /)\n--\n\nFind the checksums of rows of a table."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_kernels", .m_size = 0, .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModuleDef_Init(&definition);
}
