/* The innermost loops over arrays, for a machine with a C compiler. Each does what the numpy code that calls it does, bit for bit;
   the interpreter's lock is not held. Buffers are arrays of the callers in this package: their lengths are checked, their values are not. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#define SEPARATOR 0u
#define DELETED 1u
#define RARE 2u
#define UNSEEN 0xFFFFFFFFu
#define UNSPACED (1u << 24)
#define LONGEST 12
#define NUMBER 6
#define WEIGHT 15u
#define BASE 0x9E3779B97F4A7C15ull

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
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

/* A word as far as it was read: its polynomial hash, its length and its first letter. */
typedef struct {
    uint64_t total, power;
    uint32_t first;
    int length;
} Word;

static inline void add_letter(Word *word, uint32_t code)
{
    if (!word->length) {
        word->total = 0;
        word->power = 1;
        word->first = code;
    }
    word->total += ((uint64_t)code + 1) * word->power;
    word->power *= BASE;
    word->length += word->length <= LONGEST;
}

static inline uint32_t end_word(Word *word)
{
    uint32_t weight = word->first - '0' < 10u ? NUMBER : (uint32_t)(word->length < LONGEST ? word->length : LONGEST) - 1;
    word->length = 0;
    return ((uint32_t)(mix64(word->total) >> 32) & ~WEIGHT) | weight;
}

/* Fold codes, find and hash the words. Returns how many there are, -1 for an unseen code and -2 for a rare one. */
static Py_ssize_t scan(const uint32_t *codes, Py_ssize_t length, const uint32_t *table, const int64_t *ends, int folded, uint32_t *hashes,
                       int64_t *offsets)
{
    Word word = {0, 1, 0, 0}, pair = {0, 1, 0, 0};
    Py_ssize_t count = 0, text = 0;
    offsets[0] = 0;
    for (Py_ssize_t place = 0; place < length; place++) {
        uint32_t code = codes[place] < 0x110000u ? table[codes[place]] : SEPARATOR;
        if (code == UNSEEN)
            return -1;
        if (code == RARE) {
            if (!folded)
                return -2;
            code = codes[place];
        }
        if (code != DELETED) {
            int unspaced = (code & UNSPACED) != 0;
            if (pair.length) { /* a letter of an unspaced script, with the next one if there is one */
                if (unspaced)
                    add_letter(&pair, code);
                hashes[count++] = end_word(&pair);
            }
            if (word.length && (unspaced || code == SEPARATOR))
                hashes[count++] = end_word(&word);
            if (unspaced)
                add_letter(&pair, code);
            else if (code != SEPARATOR)
                add_letter(&word, code);
        }
        if (place + 1 == ends[text])
            offsets[++text] = count;
    }
    return count;
}

WIDE static void sign(const uint64_t *shingles, const int64_t *offsets, Py_ssize_t rows, const uint32_t *a, const uint32_t *b,
                      Py_ssize_t num_perm, uint32_t *lowest, uint32_t *signed_)
{
    for (Py_ssize_t row = 0; row < rows; row++) {
        for (Py_ssize_t number = 0; number < num_perm; number++)
            lowest[number] = 0xFFFFFFFFu;
        for (int64_t place = offsets[row]; place < offsets[row + 1]; place++) {
            uint32_t mixed = mix32((uint32_t)(shingles[place] >> 32));
            for (Py_ssize_t number = 0; number < num_perm; number++) {
                uint32_t value = a[number] * mixed + b[number];
                lowest[number] = value < lowest[number] ? value : lowest[number];
            }
        }
        for (Py_ssize_t number = 0; number < num_perm; number++)
            signed_[number * rows + row] = lowest[number];
    }
}

/* For each pair of sorted rows: how many values both have, and the sum of (value & mask) ^ flip over these. */
static void share(const uint64_t *values, const int64_t *offsets, const int64_t *left, const int64_t *right, Py_ssize_t pairs, uint64_t mask,
                  uint64_t flip, double *counts, double *sums)
{
    for (Py_ssize_t pair = 0; pair < pairs; pair++) {
        int64_t i = offsets[left[pair]], i_end = offsets[left[pair] + 1], j = offsets[right[pair]], j_end = offsets[right[pair] + 1];
        uint64_t count = 0, sum = 0;
        while (i < i_end && j < j_end) {
            uint64_t one = values[i], other = values[j], equal = one == other;
            count += equal;
            sum += ((one & mask) ^ flip) & (0 - equal);
            i += one <= other;
            j += other <= one;
        }
        counts[pair] = (double)count;
        sums[pair] = (double)sum;
    }
}

/* Number words in the order in which they first appear; returns how many there are. The slots, all zero, hold words and numbers. */
static uint32_t number_words(const uint32_t *words, Py_ssize_t length, uint32_t *ids, uint64_t *slots, uint64_t mask)
{
    uint32_t count = 0;
    for (Py_ssize_t place = 0; place < length; place++) {
        uint32_t word = words[place];
        uint64_t at = mix32(word) & mask;
        while (slots[at] && (uint32_t)(slots[at] >> 32) != word)
            at = (at + 1) & mask;
        if (!slots[at])
            slots[at] = (uint64_t)word << 32 | ++count;
        ids[place] = (uint32_t)slots[at] - 1;
    }
    return count;
}

/* ---- what Python calls ---- */

typedef struct {
    Py_buffer views[8];
    int held;
} Buffers;

static void release(Buffers *buffers)
{
    while (buffers->held)
        PyBuffer_Release(&buffers->views[--buffers->held]);
}

/* Hold the buffers of the first arguments; every one must have items of these sizes. */
static int hold(Buffers *buffers, PyObject *const *arguments, const char *sizes, const char *writable)
{
    buffers->held = 0;
    for (int place = 0; sizes[place]; place++) {
        int flags = PyBUF_C_CONTIGUOUS | (writable[place] == 'w' ? PyBUF_WRITABLE : 0);
        if (PyObject_GetBuffer(arguments[place], &buffers->views[place], flags) < 0) {
            release(buffers);
            return 0;
        }
        buffers->held++;
        if (buffers->views[place].itemsize != sizes[place] - '0') {
            release(buffers);
            PyErr_Format(PyExc_TypeError, "argument %d has items of another size", place + 1);
            return 0;
        }
    }
    return 1;
}

static Py_ssize_t items(const Buffers *buffers, int place)
{
    return buffers->views[place].len / buffers->views[place].itemsize;
}

static PyObject *short_buffer(Buffers *buffers)
{
    release(buffers);
    PyErr_SetString(PyExc_ValueError, "a buffer is too short");
    return NULL;
}

static PyObject *py_scan(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Buffers held;
    (void)module;
    if (count != 6) {
        PyErr_SetString(PyExc_TypeError, "scan takes codes, table, ends, hashes, offsets, folded");
        return NULL;
    }
    int folded = PyObject_IsTrue(arguments[5]);
    if (folded < 0 || !hold(&held, arguments, "44848", "rrrww"))
        return NULL;
    Py_ssize_t length = items(&held, 0), texts = items(&held, 2);
    const int64_t *ends = held.views[2].buf;
    if (items(&held, 1) < 0x110000 || items(&held, 3) < length || items(&held, 4) < texts + 1 || (texts && ends[texts - 1] != length))
        return short_buffer(&held);
    Py_ssize_t found;
    Py_BEGIN_ALLOW_THREADS;
    found = scan(held.views[0].buf, length, held.views[1].buf, ends, folded, held.views[3].buf, held.views[4].buf);
    Py_END_ALLOW_THREADS;
    release(&held);
    return PyLong_FromSsize_t(found);
}

static PyObject *py_sign(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Buffers held;
    (void)module;
    if (count != 5) {
        PyErr_SetString(PyExc_TypeError, "sign takes shingles, offsets, a, b, signed");
        return NULL;
    }
    if (!hold(&held, arguments, "88444", "rrrrw"))
        return NULL;
    Py_ssize_t rows = items(&held, 1) - 1, num_perm = items(&held, 2);
    const int64_t *offsets = held.views[1].buf;
    if (rows < 0 || offsets[rows] > items(&held, 0) || items(&held, 3) < num_perm || items(&held, 4) < rows * num_perm)
        return short_buffer(&held);
    uint32_t *lowest = PyMem_RawMalloc((size_t)num_perm * sizeof(uint32_t) + 1);
    if (!lowest) {
        release(&held);
        return PyErr_NoMemory();
    }
    Py_BEGIN_ALLOW_THREADS;
    sign(held.views[0].buf, offsets, rows, held.views[2].buf, held.views[3].buf, num_perm, lowest, held.views[4].buf);
    Py_END_ALLOW_THREADS;
    PyMem_RawFree(lowest);
    release(&held);
    Py_RETURN_NONE;
}

static PyObject *py_share(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Buffers held;
    (void)module;
    if (count != 8) {
        PyErr_SetString(PyExc_TypeError, "share takes values, offsets, left, right, counts, sums, mask, flip");
        return NULL;
    }
    unsigned long long mask = PyLong_AsUnsignedLongLong(arguments[6]), flip = PyLong_AsUnsignedLongLong(arguments[7]);
    if (PyErr_Occurred() || !hold(&held, arguments, "888888", "rrrrww"))
        return NULL;
    Py_ssize_t pairs = items(&held, 2), rows = items(&held, 1) - 1;
    const int64_t *left = held.views[2].buf, *right = held.views[3].buf, *offsets = held.views[1].buf;
    int fits = rows >= 0 && offsets[rows] <= items(&held, 0) && items(&held, 3) >= pairs && items(&held, 4) >= pairs && items(&held, 5) >= pairs;
    for (Py_ssize_t pair = 0; fits && pair < pairs; pair++)
        fits = left[pair] >= 0 && left[pair] < rows && right[pair] >= 0 && right[pair] < rows;
    if (!fits)
        return short_buffer(&held);
    Py_BEGIN_ALLOW_THREADS;
    share(held.views[0].buf, offsets, left, right, pairs, mask, flip, held.views[4].buf, held.views[5].buf);
    Py_END_ALLOW_THREADS;
    release(&held);
    Py_RETURN_NONE;
}

static PyObject *py_number(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Buffers held;
    (void)module;
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "number takes words, ids");
        return NULL;
    }
    if (!hold(&held, arguments, "44", "rw"))
        return NULL;
    Py_ssize_t length = items(&held, 0);
    if (items(&held, 1) < length)
        return short_buffer(&held);
    size_t size = 16;
    while (size < 2 * (size_t)length)
        size *= 2;
    uint64_t *slots = PyMem_RawCalloc(size, sizeof(uint64_t));
    if (!slots) {
        release(&held);
        return PyErr_NoMemory();
    }
    uint32_t found;
    Py_BEGIN_ALLOW_THREADS;
    found = number_words(held.views[0].buf, length, held.views[1].buf, slots, size - 1);
    Py_END_ALLOW_THREADS;
    PyMem_RawFree(slots);
    release(&held);
    return PyLong_FromUnsignedLong(found);
}

static PyMethodDef methods[] = {
    {"scan", (PyCFunction)(void (*)(void))py_scan, METH_FASTCALL, "Fold codes, find and hash the words: see dedup.shingle.hash_words."},
    {"sign", (PyCFunction)(void (*)(void))py_sign, METH_FASTCALL, "Sign rows of shingles: see dedup.minhash.signatures."},
    {"share", (PyCFunction)(void (*)(void))py_share, METH_FASTCALL, "Count what pairs of sorted rows share: see dedup.measure."},
    {"number", (PyCFunction)(void (*)(void))py_number, METH_FASTCALL, "Number distinct words: see dedup.measure.similarities."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_kernels", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModule_Create(&definition);
}
