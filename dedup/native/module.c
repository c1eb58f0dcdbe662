/* What Python calls: arrays in, arrays filled, the interpreter's lock not held meanwhile. Buffers are arrays of the callers in this package:
   their sizes are checked, and of their values those that say where others stand. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "native.h"

#define MOST_BUFFERS 8

typedef struct {
    Py_buffer views[MOST_BUFFERS];
    int held;
} Held;

static void release(Held *buffers)
{
    while (buffers->held)
        PyBuffer_Release(&buffers->views[--buffers->held]);
}

/* Hold the buffers of some arguments: a digit for the size of the items of each, a star after it for one that is written. */
static int hold(Held *buffers, PyObject *const *arguments, const char *sizes)
{
    buffers->held = 0;
    for (int place = 0; *sizes; place++) {
        int size = *sizes++ - '0', flags = PyBUF_C_CONTIGUOUS;
        if (*sizes == '*')
            sizes++, flags |= PyBUF_WRITABLE;
        if (PyObject_GetBuffer(arguments[place], &buffers->views[place], flags) < 0) {
            release(buffers);
            return 0;
        }
        buffers->held++;
        if (buffers->views[place].itemsize != size) {
            release(buffers);
            PyErr_Format(PyExc_TypeError, "buffer %d has items of another size", place + 1);
            return 0;
        }
    }
    return 1;
}

static Py_ssize_t items(const Held *buffers, int place)
{
    return buffers->views[place].len / buffers->views[place].itemsize;
}

static int counted(Py_ssize_t count, Py_ssize_t wanted, const char *usage)
{
    if (count == wanted)
        return 1;
    PyErr_SetString(PyExc_TypeError, usage);
    return 0;
}

static PyObject *finish(Held *buffers, int fits, Py_ssize_t result)
{
    release(buffers);
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "a buffer is too short");
        return NULL;
    }
    return result == NO_MEMORY ? PyErr_NoMemory() : PyLong_FromSsize_t(result);
}

/* Tell whether these are rows of a ragged array of so many values. */
static int are_rows(const Held *buffers, int place, Py_ssize_t rows, Py_ssize_t values)
{
    const int64_t *offsets = buffers->views[place].buf;
    int fits = rows >= 0 && offsets[0] >= 0 && offsets[rows] <= values;
    for (Py_ssize_t row = 0; fits && row < rows; row++)
        fits = offsets[row] <= offsets[row + 1];
    return fits;
}

static int are_numbers_of(const Held *buffers, int place, Py_ssize_t rows)
{
    const int64_t *numbers = buffers->views[place].buf;
    int fits = 1;
    for (Py_ssize_t each = 0; fits && each < items(buffers, place); each++)
        fits = numbers[each] >= 0 && numbers[each] < rows;
    return fits;
}

/* The number of values in rows that are asked for, repeated ones counted each time. */
static Py_ssize_t values_of(const Held *buffers, int offsets_place, int rows_place)
{
    const int64_t *offsets = buffers->views[offsets_place].buf, *rows = buffers->views[rows_place].buf;
    Py_ssize_t total = 0;
    for (Py_ssize_t each = 0; each < items(buffers, rows_place); each++)
        total += (Py_ssize_t)(offsets[rows[each] + 1] - offsets[rows[each]]);
    return total;
}

/* Return the texts of a list, which must not change meanwhile. */
static Text *texts_of(PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "texts must be a list");
        return NULL;
    }
    Py_ssize_t count = PyList_GET_SIZE(list);
    Text *texts = PyMem_Malloc(((size_t)count + 1) * sizeof(Text));
    if (!texts) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *text = PyList_GET_ITEM(list, place);
        if (!PyUnicode_Check(text)) {
            PyMem_Free(texts);
            PyErr_SetString(PyExc_TypeError, "texts must be str");
            return NULL;
        }
        texts[place] = (Text){PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), (int)PyUnicode_KIND(text)};
    }
    return texts;
}

static PyObject *py_scan(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    Py_ssize_t found = 0;
    (void)module;
    if (!counted(count, 6, "scan takes texts, folded, table, expansions, words, offsets"))
        return NULL;
    int folded = PyObject_IsTrue(arguments[1]);
    Text *texts = folded < 0 ? NULL : texts_of(arguments[0]);
    if (!texts || !hold(&held, arguments + 2, "444*8*")) {
        PyMem_Free(texts);
        return NULL;
    }
    Py_ssize_t rows = PyList_GET_SIZE(arguments[0]);
    int fits = items(&held, 0) >= CODES && items(&held, 3) > rows;
    if (fits) {
        Folding folding = {held.views[0].buf, held.views[1].buf, folded};
        Py_BEGIN_ALLOW_THREADS;
        found = scan(texts, rows, &folding, held.views[2].buf, items(&held, 2), held.views[3].buf);
        Py_END_ALLOW_THREADS;
    }
    PyMem_Free(texts);
    return finish(&held, fits, found);
}

static PyObject *py_sketch(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held arrays, out;
    Py_ssize_t found = 0, shingle_words, print_words, window;
    (void)module;
    if (!counted(count, 15, "sketch takes texts, folded, shingle_words, print_words, window, table, expansions, factors, a, b, words, word_offsets, "
                            "signed, prints, print_offsets"))
        return NULL;
    int folded = PyObject_IsTrue(arguments[1]);
    shingle_words = PyLong_AsSsize_t(arguments[2]);
    print_words = PyLong_AsSsize_t(arguments[3]);
    window = PyLong_AsSsize_t(arguments[4]);
    Text *texts = PyErr_Occurred() ? NULL : texts_of(arguments[0]);
    if (!texts || !hold(&arrays, arguments + 5, "44844")) {
        PyMem_Free(texts);
        return NULL;
    }
    if (!hold(&out, arguments + 10, "4*8*4*4*8*")) {
        PyMem_Free(texts);
        release(&arrays);
        return NULL;
    }
    Py_ssize_t rows = PyList_GET_SIZE(arguments[0]), num_perm = items(&arrays, 3), room = items(&out, 0);
    int fits = items(&arrays, 0) >= CODES && items(&arrays, 2) >= shingle_words && items(&arrays, 2) >= print_words &&
               items(&arrays, 4) >= num_perm && items(&out, 1) > rows && items(&out, 2) >= rows * num_perm && items(&out, 3) >= room &&
               items(&out, 4) > rows && shingle_words > 0 && print_words > 0 && window > 0;
    if (fits) {
        Sketching with = {.folding = {arrays.views[0].buf, arrays.views[1].buf, folded}, .factors = arrays.views[2].buf,
                          .shingle_words = shingle_words, .print_words = print_words, .window = window, .num_perm = num_perm,
                          .room = room, .a = arrays.views[3].buf, .b = arrays.views[4].buf, .words = out.views[0].buf,
                          .word_offsets = out.views[1].buf, .signed_ = out.views[2].buf, .prints = out.views[3].buf,
                          .print_offsets = out.views[4].buf};
        Py_BEGIN_ALLOW_THREADS;
        found = sketch(texts, rows, &with);
        Py_END_ALLOW_THREADS;
    }
    PyMem_Free(texts);
    release(&arrays);
    return finish(&out, fits, found);
}

static PyObject *py_sign(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    (void)module;
    if (!counted(count, 5, "sign takes shingles, offsets, a, b, signed") || !hold(&held, arguments, "88444*"))
        return NULL;
    Py_ssize_t rows = items(&held, 1) - 1, num_perm = items(&held, 2);
    int fits = are_rows(&held, 1, rows, items(&held, 0)) && items(&held, 3) >= num_perm && items(&held, 4) >= rows * num_perm;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        sign(held.views[0].buf, held.views[1].buf, rows, held.views[2].buf, held.views[3].buf, num_perm, held.views[4].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, 0);
}

static PyObject *py_shingle_sets(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    (void)module;
    if (!counted(count, 6, "shingle_sets takes words, offsets, rows, factors, values, set_offsets") ||
        !hold(&held, arguments, "48888*8*"))
        return NULL;
    Py_ssize_t rows = items(&held, 1) - 1, result = 0;
    int fits = are_rows(&held, 1, rows, items(&held, 0)) && are_numbers_of(&held, 2, rows) && items(&held, 3) &&
               items(&held, 4) >= values_of(&held, 1, 2) && items(&held, 5) > items(&held, 2);
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        result = shingle_sets(held.views[0].buf, held.views[1].buf, held.views[2].buf, items(&held, 2), items(&held, 3),
                              held.views[3].buf, held.views[4].buf, held.views[5].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, result);
}

static PyObject *py_word_sets(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    (void)module;
    if (!counted(count, 5, "word_sets takes words, offsets, rows, values, set_offsets") || !hold(&held, arguments, "4888*8*"))
        return NULL;
    Py_ssize_t rows = items(&held, 1) - 1, result = 0;
    int fits = are_rows(&held, 1, rows, items(&held, 0)) && are_numbers_of(&held, 2, rows) &&
               items(&held, 3) >= values_of(&held, 1, 2) && items(&held, 4) > items(&held, 2);
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        result = word_sets(held.views[0].buf, held.views[1].buf, held.views[2].buf, items(&held, 2), held.views[3].buf, held.views[4].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, result);
}

static PyObject *py_share(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    (void)module;
    if (!counted(count, 7, "share takes values, offsets, left, right, counts, sums, mask"))
        return NULL;
    unsigned long long mask = PyLong_AsUnsignedLongLong(arguments[6]);
    if (PyErr_Occurred() || !hold(&held, arguments, "88888*8*"))
        return NULL;
    Py_ssize_t pairs = items(&held, 2), rows = items(&held, 1) - 1;
    int fits = are_rows(&held, 1, rows, items(&held, 0)) && items(&held, 3) == pairs && items(&held, 4) >= pairs &&
               items(&held, 5) >= pairs && are_numbers_of(&held, 2, rows) && are_numbers_of(&held, 3, rows);
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        share(held.views[0].buf, held.views[1].buf, held.views[2].buf, held.views[3].buf, pairs, mask, held.views[4].buf, held.views[5].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, 0);
}

typedef int Compare(const uint32_t *, const int64_t *, const int64_t *, const int64_t *, ptrdiff_t, double *);

static PyObject *compared(PyObject *const *arguments, Py_ssize_t count, Compare *compare)
{
    Held held;
    if (!counted(count, 5, "words, offsets, left, right, shares are wanted") || !hold(&held, arguments, "48888*"))
        return NULL;
    Py_ssize_t pairs = items(&held, 2), rows = items(&held, 1) - 1, result = 0;
    int fits = are_rows(&held, 1, rows, items(&held, 0)) && items(&held, 3) == pairs && items(&held, 4) >= pairs &&
               are_numbers_of(&held, 2, rows) && are_numbers_of(&held, 3, rows);
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        result = compare(held.views[0].buf, held.views[1].buf, held.views[2].buf, held.views[3].buf, pairs, held.views[4].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, result);
}

static PyObject *py_swapped(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    (void)module;
    return compared(arguments, count, swapped);
}

static PyObject *py_similar(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    (void)module;
    return compared(arguments, count, similar);
}

static PyObject *py_pack_rows(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    (void)module;
    if (!counted(count, 4, "pack_rows takes values, offsets, rows, packed") || !hold(&held, arguments, "4888*"))
        return NULL;
    Py_ssize_t rows = items(&held, 1) - 1;
    int fits = are_rows(&held, 1, rows, items(&held, 0)) && are_numbers_of(&held, 2, rows) && items(&held, 3) >= values_of(&held, 1, 2);
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        pack_rows(held.views[0].buf, held.views[1].buf, held.views[2].buf, items(&held, 2), held.views[3].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, 0);
}

static PyObject *py_index_members(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    (void)module;
    if (!counted(count, 5, "index_members takes packed, offsets, places, crowded, limit"))
        return NULL;
    Py_ssize_t limit = PyLong_AsSsize_t(arguments[4]);
    if (PyErr_Occurred() || !hold(&held, arguments, "88*4*1*"))
        return NULL;
    const uint64_t *packed = held.views[0].buf;
    Py_ssize_t length = items(&held, 0), owners = items(&held, 1) - 1;
    int fits = owners >= 0 && items(&held, 2) >= length && items(&held, 3) >= owners && length <= INT32_MAX;
    for (Py_ssize_t place = 0; fits && place < length; place++)
        fits = (packed[place] & 0xFFFFFFFFu) < (uint64_t)owners;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        index_members(packed, length, limit, owners, held.views[1].buf, held.views[2].buf, held.views[3].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, 0);
}

/* -1 where the codes have no room. */
static PyObject *py_shared_pairs(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    Py_ssize_t found = 0;
    (void)module;
    if (!counted(count, 14, "shared_pairs takes packed, offsets, places, lengths, codes, crowded, limit, nearest, most, strongest, few, share, low, "
                            "high"))
        return NULL;
    Py_ssize_t limit = PyLong_AsSsize_t(arguments[6]), nearest = PyLong_AsSsize_t(arguments[7]);
    Py_ssize_t most = PyLong_AsSsize_t(arguments[8]), strongest = PyLong_AsSsize_t(arguments[9]), few = PyLong_AsSsize_t(arguments[10]);
    double share = PyFloat_AsDouble(arguments[11]);
    Py_ssize_t low = PyLong_AsSsize_t(arguments[12]), high = PyLong_AsSsize_t(arguments[13]);
    if (PyErr_Occurred() || !hold(&held, arguments, "88488*1*"))
        return NULL;
    Py_ssize_t owners = items(&held, 1) - 1;
    int fits = items(&held, 3) == owners && items(&held, 5) == owners && strongest <= most && low >= 0 && low <= high && high <= owners && are_rows(&held, 1, owners, items(&held, 2));
    if (fits) {
        Buckets in = {held.views[0].buf, items(&held, 0), owners, limit, nearest, most, strongest, held.views[1].buf, held.views[2].buf};
        Enough enough = {held.views[3].buf, few, share};
        Py_BEGIN_ALLOW_THREADS;
        found = shared_pairs(&in, &enough, low, high, held.views[4].buf, items(&held, 4), held.views[5].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, found);
}

static PyObject *py_drop(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    (void)module;
    if (!counted(count, 5, "drop takes values, often, starts, kept, shift"))
        return NULL;
    long shift = PyLong_AsLong(arguments[4]);
    if (PyErr_Occurred() || !hold(&held, arguments, "4481*"))
        return NULL;
    Py_ssize_t values = items(&held, 0), parts = items(&held, 2) - 1;
    int fits = shift >= 0 && shift < 32 && parts == (Py_ssize_t)1 << (32 - shift) && are_rows(&held, 2, parts, items(&held, 1)) &&
               items(&held, 3) >= values;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        drop(held.views[0].buf, values, held.views[1].buf, held.views[2].buf, (int)shift, held.views[3].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, 0);
}

static PyObject *py_hits(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    Held held;
    Py_ssize_t found = 0;
    (void)module;
    if (!counted(count, 4, "hits takes postings, keys, found, shift"))
        return NULL;
    long shift = PyLong_AsLong(arguments[3]);
    if (PyErr_Occurred() || !hold(&held, arguments, "888*"))
        return NULL;
    Py_ssize_t postings = items(&held, 0), keys = items(&held, 1);
    int fits = shift >= 0 && shift < 64 && items(&held, 2) >= postings;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        found = hits(held.views[0].buf, postings, held.views[1].buf, keys, (int)shift, held.views[2].buf);
        Py_END_ALLOW_THREADS;
    }
    return finish(&held, fits, found);
}

#define METHOD(name, does) {#name, (PyCFunction)(void (*)(void))py_##name, METH_FASTCALL, does}

static PyMethodDef methods[] = {
    METHOD(scan, "Fold texts, find and hash the words: see dedup.shingle.hash_words."),
    METHOD(sketch, "Hash, sign and fingerprint texts: see dedup.sketch."),
    METHOD(sign, "Sign rows of shingles: see dedup.minhash.signatures."),
    METHOD(shingle_sets, "Rows to sets of shingles: see dedup.measure."),
    METHOD(word_sets, "Rows to sets of words: see dedup.measure."),
    METHOD(share, "Count what pairs of sorted rows share: see dedup.measure."),
    METHOD(swapped, "Align pairs of rows: see dedup.measure.swapped."),
    METHOD(similar, "Compare pairs of rows word by word: see dedup.measure.similarities."),
    METHOD(pack_rows, "Pack members of buckets: see dedup.lsh.pack."),
    METHOD(index_members, "List the members of each owner: see dedup.lsh.shared_pairs."),
    METHOD(shared_pairs, "List pairs that share enough buckets: see dedup.lsh.shared_pairs."),
    METHOD(drop, "Mark values that are none of some: see dedup.fingerprint."),
    METHOD(hits, "Find the postings of keys: see dedup.index.postings."),
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_kernels", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModule_Create(&definition);
}
