/* The innermost loops over arrays, for a machine with a C compiler. Their results are those of dedup.kernels.numpy_engine, bit for bit.
   Nothing here depends on Python. Rows are those of dedup.arrays.ragged: row i is values[offsets[i]] to values[offsets[i + 1]]. */

#ifndef BULLETIN_DEDUP_NATIVE_H
#define BULLETIN_DEDUP_NATIVE_H

#include <stddef.h>
#include <stdint.h> /* also tells whether the C library is glibc */

#define CODES 0x110000 /* code points of Unicode */
#define WEIGHT 15u     /* bits of a word's hash that are its weight */
#define OVERFULL 0x80000000u /* flag on the place of a member of an overfull bucket */
#define UNSEEN_CODE (-1)
#define RARE_CODE (-2)
#define NO_ROOM (-3)
#define NO_MEMORY (-4)
#define DAMAGED (-5)

/* Several copies of a function, of which the loader chooses one. The C library must have indirect functions, as glibc, unlike musl. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#define INSIDE static inline __attribute__((always_inline)) /* part of each copy of a function that calls it */
#else
#define PREFETCH(address) ((void)0)
#define INSIDE static inline
#endif

#if defined(__GNUC__)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define UNLIKELY(condition) (condition)
#endif

static inline uint64_t mix64(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xFF51AFD7ED558CCDull;
    x ^= x >> 33;
    x *= 0xC4CEB9FE1A85EC53ull;
    x ^= x >> 33;
    return x;
}

static inline uint32_t mix32(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x85EBCA6Bu;
    x ^= x >> 13;
    x *= 0xC2B2AE35u;
    x ^= x >> 16;
    return x;
}

/* A text as Python holds it: code points of 1, 2 or 4 bytes. */
typedef struct {
    const void *data;
    ptrdiff_t length;
    int kind;
} Text;

/* The folded forms of code points: see dedup.text.fold. In a folded text no code is rare: one that looks like it means itself. */
typedef struct {
    const uint32_t *table, *expansions;
    int folded;
} Folding;

/* The settings of sketches, and the arrays that they are written to. */
typedef struct {
    Folding folding;
    const uint64_t *factors;
    ptrdiff_t shingle_words, print_words, window, num_perm, room;
    const uint32_t *a, *b;
    uint32_t *words, *signed_, *prints;
    int64_t *word_offsets, *print_offsets;
} Sketching;

/* The fields of records that are read: the name of each, the column that its value goes to, -1 where a value makes a line unusual, and its
   rank: of the fields of a column that have a value, the one with the lowest rank counts. required has a bit for each column without which
   a line is unusual, most is the number of bytes of the longest text. */
enum { ID_COLUMN, TEXT_COLUMN, TITLE_COLUMN, SOURCE_COLUMN, TIME_COLUMN, URL_COLUMN, MOST_COLUMNS };

typedef struct {
    const uint8_t *names;
    const int64_t *offsets, *columns, *ranks;
    ptrdiff_t count, required, most;
} Fields;

/* What is written of each line that is not blank: where it is, its number, where the value of each column is, whether it is unusual, and
   the rank of the field that its text is from. */
typedef struct {
    int64_t *lines, *numbers, *spans;
    uint8_t *unusual, *text_ranks;
    ptrdiff_t room;
} Records;

/* Texts as spans of bytes, what they are looked at for, and what is written of each: the number of its code points, whether it may have
   what is left out or written otherwise before it is sketched, and a digest under a secret key. */
typedef struct {
    const int64_t *begins, *ends;
    const uint32_t *name_codes;
    const int64_t *name_offsets;
    ptrdiff_t names, starts;
    const uint64_t *start_codes, *key;
    int64_t *chars;
    uint64_t *digests;
    uint8_t *is_marked;
} Looking;

/* Members of buckets, and for each owner the places of its members. In an overfull bucket, of more than limit members, each is paired with
   the nearest ones. An owner with too many pairs is paired with those that share most keys. */
typedef struct {
    const uint64_t *packed;
    ptrdiff_t length, owners, limit, nearest, most, strongest;
    const int64_t *offsets;
    const uint32_t *places;
} Buckets;

/* How many keys two owners must share: two, and a share of the keys of the one with fewer; one, if that has few. */
typedef struct {
    const int64_t *lengths;
    int64_t few;
    double share;
} Enough;

#define RUN_GROUP 128 /* buckets of a run whose marks are found together */

/* The postings of one kind in a run: how many, the buckets, where the postings, the marks and the places of groups begin, the bits of the
   marks, those of a key that are not its bucket, and those of a posting. */
typedef struct {
    uint64_t count, buckets, postings, marks, groups, mark_bits;
    int low, width;
} RunKind;

/* A run: see runs.c. What has checksums goes from start to end, in blocks; seen has a flag for each of these. */
typedef struct {
    const uint8_t *bytes;
    const uint32_t *checks;
    uint8_t *seen;
    uint64_t start, end, base;
    int block_bits, value_bits;
    RunKind kinds[4];
} RunImage;

/* How postings of one kind are written, from a bit on, the first of them at a place among all. */
typedef struct {
    uint64_t base, bit, first;
    int low, value_bits;
} RunPacking;

/* Rows of tokens, which are numbers, and what is known of each token: its weight, that among own tokens, whether it does not come and go,
   sorted keys, its rank in the order of the alphabet, and the rank behind the last token that begins with it. A token is linked to another
   one that is found by one of its keys, or where one of them begins with the other. */
typedef struct {
    const uint32_t *tokens;
    const int64_t *offsets;
    ptrdiff_t count;
} TokenRows;

typedef struct {
    const uint8_t *weights, *own_weights, *content;
    const uint32_t *keys;
    const int64_t *key_offsets;
    const uint32_t *found_by;
    const int64_t *found_offsets;
    const uint32_t *ranks, *ends;
} TokenFacts;

/* What a pair of rows of tokens shows: see dedup.kernels.protocol. */
enum { SUBSTITUTED, LINKED, APART };

/* sort.c */
int ascending(const void *one, const void *other); /* of uint64_t, for qsort */
void insertion_sort(uint64_t *values, ptrdiff_t length); /* fast for few values, or those that are nearly sorted */
ptrdiff_t sort_distinct(uint64_t *values, ptrdiff_t length, int bits, uint64_t *scratch);

/* text.c */
ptrdiff_t scan_text(const Text *text, const Folding *folding, uint32_t *words, ptrdiff_t room);
ptrdiff_t scan(const Text *texts, ptrdiff_t count, const Folding *folding, uint32_t *words, ptrdiff_t room, int64_t *offsets);

/* sketch.c */
ptrdiff_t shingle_row(const uint32_t *words, ptrdiff_t length, ptrdiff_t size, const uint64_t *factors, uint64_t *out);
void sign(const uint64_t *shingles, const int64_t *offsets, ptrdiff_t rows, const uint32_t *a, const uint32_t *b, ptrdiff_t num_perm,
          uint32_t *signed_);
ptrdiff_t sketch_rows(ptrdiff_t count, const Sketching *with);
ptrdiff_t sketch(const Text *texts, ptrdiff_t count, const Sketching *with);

/* records.c */
ptrdiff_t split_records(uint8_t *data, ptrdiff_t length, const Fields *with, const Records *out);

/* spans.c */
ptrdiff_t sketch_spans(const uint8_t *data, ptrdiff_t rows, const Looking *looking, const Sketching *with);

/* pairs.c */
int shingle_sets(const uint32_t *words, const int64_t *offsets, const int64_t *rows, ptrdiff_t count, ptrdiff_t size,
                 const uint64_t *factors, uint64_t *values, int64_t *set_offsets);
int word_sets(const uint32_t *words, const int64_t *offsets, const int64_t *rows, ptrdiff_t count, uint64_t *values,
              int64_t *set_offsets);
void share(const uint64_t *values, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, uint64_t mask,
           double *counts, double *sums);
void weigh_rows(const uint64_t *values, const int64_t *offsets, ptrdiff_t rows, uint64_t mask, double *sums);
void share_kinds(const uint64_t *values, const uint32_t *kinds, const int64_t *offsets, const int64_t *left, const int64_t *right,
                 ptrdiff_t pairs, uint64_t mask, double *sums, double *most);

/* align.c */
int align(const uint32_t *words, const int64_t *offsets, const int64_t *left, const int64_t *right, ptrdiff_t pairs, double *substituted,
          double *similar);

/* headlines.c */
int compare_tokens(const TokenRows *rows, const TokenFacts *facts, const int64_t *left, const int64_t *right, ptrdiff_t pairs,
                   uint8_t *shown, double *shares);
int pattern_hashes(const TokenRows *rows, const int64_t *signatures, const int64_t *left, const int64_t *right, ptrdiff_t pairs,
                   const uint8_t *flags, uint64_t *hashes);

/* buckets.c */
void pack_members(const uint32_t *values, const int64_t *offsets, const int64_t *rows, ptrdiff_t count, int bits, int64_t *starts,
                  uint64_t *packed);
ptrdiff_t sort_members(uint64_t *packed, const int64_t *starts, ptrdiff_t low, ptrdiff_t high);
ptrdiff_t sort_above(uint64_t *packed, ptrdiff_t length, int lower);
ptrdiff_t drop_frequent(uint64_t *packed, ptrdiff_t length, ptrdiff_t recurrence, uint32_t *often, int64_t *count);
void index_members(const uint64_t *packed, ptrdiff_t length, ptrdiff_t limit, ptrdiff_t owners, int64_t *offsets, uint32_t *places,
                   uint8_t *overfull);
ptrdiff_t shared_pairs(const Buckets *in, const Enough *enough, ptrdiff_t low, ptrdiff_t high, uint64_t *codes, ptrdiff_t room,
                       uint8_t *overfull);
/* Keep the values of rows that a table has, with the mark that it has for each; those that may equal v begin at starts[v >> shift]. */
ptrdiff_t pick(const uint64_t *values, const int64_t *offsets, ptrdiff_t rows, const uint32_t *table, const uint32_t *marks,
               const int64_t *starts, int shift, uint64_t *picked, uint32_t *picked_marks, int64_t *picked_offsets);
void drop(const uint32_t *values, ptrdiff_t count, const uint32_t *often, const int64_t *starts, int shift, uint8_t *kept);

/* postings.c */
ptrdiff_t hits(const uint64_t *postings, ptrdiff_t count, const uint64_t *keys, ptrdiff_t wanted, int shift, uint64_t *found);
void ranks(const uint64_t *posted, ptrdiff_t count, const uint64_t *asking, ptrdiff_t wanted, int shift, int64_t *places, int64_t *found);

/* runs.c */
void block_checks(const uint8_t *bytes, ptrdiff_t length, ptrdiff_t block, uint32_t *checks);
ptrdiff_t find_postings(const RunImage *image, const uint64_t *keys, ptrdiff_t wanted, uint64_t *found, ptrdiff_t room);
ptrdiff_t read_postings(const RunImage *image, uint64_t first, uint64_t *out, ptrdiff_t wanted);
ptrdiff_t pack_postings(const uint64_t *postings, ptrdiff_t count, const RunPacking *with, uint8_t *out, uint8_t *marks,
                        ptrdiff_t mark_bytes, uint32_t *counts);

#endif
