/* Checksums of rows of a table: of what Python's ascii() writes of its name and the values of a row, byte strings as their own checksums. */

#include "arguments.h"

/* What is written of a row; it grows. */
typedef struct {
    char *data;
    Py_ssize_t length, room;
} Line;

static char *with_room(Line *line, Py_ssize_t more)
{
    if (more > line->room - line->length) {
        Py_ssize_t room = 2 * line->room + more;
        char *data = PyMem_Realloc(line->data, (size_t)room);
        if (!data) {
            PyErr_NoMemory();
            return NULL;
        }
        line->data = data;
        line->room = room;
    }
    return line->data + line->length;
}

static int put(Line *line, const char *data, Py_ssize_t length)
{
    char *end = with_room(line, length);
    if (!end)
        return 0;
    memcpy(end, data, (size_t)length);
    line->length += length;
    return 1;
}

static int put_number(Line *line, unsigned long long value, int is_negative)
{
    char digits[24], *first = digits + sizeof digits;
    do
        *--first = (char)('0' + value % 10);
    while (value /= 10);
    if (is_negative)
        *--first = '-';
    return put(line, first, digits + sizeof digits - first);
}

static int put_real(Line *line, PyObject *value)
{
    char *digits = PyOS_double_to_string(PyFloat_AS_DOUBLE(value), 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    int is_put = digits && put(line, digits, (Py_ssize_t)strlen(digits));
    PyMem_Free(digits);
    return is_put;
}

static char *escaped(char *end, Py_UCS4 code)
{
    static const char hex[] = "0123456789abcdef";
    int digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
    *end++ = '\\';
    *end++ = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        *end++ = hex[code >> shift & 15];
    return end;
}

static int put_text(Line *line, PyObject *text)
{
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(text) < 0)
        return 0;
#endif
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int kind = (int)PyUnicode_KIND(text), has_single = 0, has_double = 0;
    const void *data = PyUnicode_DATA(text);
    if (length > (PY_SSIZE_T_MAX - 2) / 10 - line->length) {
        PyErr_NoMemory();
        return 0;
    }
    char *end = with_room(line, 10 * length + 2);
    if (!end)
        return 0;
    for (Py_ssize_t place = 0; place < length; place++) {
        Py_UCS4 code = PyUnicode_READ(kind, data, place);
        has_single |= code == '\'';
        has_double |= code == '"';
    }
    char quote = has_single && !has_double ? '"' : '\'';
    *end++ = quote;
    for (Py_ssize_t place = 0; place < length; place++) {
        Py_UCS4 code = PyUnicode_READ(kind, data, place);
        if (code == (Py_UCS4)quote || code == '\\') {
            *end++ = '\\';
            *end++ = (char)code;
        } else if (code >= ' ' && code < 0x7F) {
            *end++ = (char)code;
        } else if (code == '\t' || code == '\n' || code == '\r') {
            *end++ = '\\';
            *end++ = code == '\t' ? 't' : code == '\n' ? 'n' : 'r';
        } else {
            end = escaped(end, code);
        }
    }
    *end++ = quote;
    line->length = end - line->data;
    return 1;
}

/* Write what ascii() tells of a value of any other kind. */
static int put_other(Line *line, PyObject *value)
{
    PyObject *text = PyObject_ASCII(value);
    int is_put = text && put(line, PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text));
    Py_XDECREF(text);
    return is_put;
}

static int put_whole(Line *line, PyObject *value)
{
    int is_beyond;
    long long number = PyLong_AsLongLongAndOverflow(value, &is_beyond);
    if (is_beyond)
        return put_other(line, value);
    return put_number(line, number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number, number < 0);
}

static int put_bytes(Line *line, PyObject *value, PyObject *crc32)
{
    PyObject *sum = PyObject_CallOneArg(crc32, value);
    int is_put = sum && put_other(line, sum);
    Py_XDECREF(sum);
    return is_put;
}

static int put_value(Line *line, PyObject *value, PyObject *crc32)
{
    if (value == Py_None)
        return put(line, "None", 4);
    if (PyLong_CheckExact(value))
        return put_whole(line, value);
    if (PyUnicode_CheckExact(value))
        return put_text(line, value);
    if (PyFloat_CheckExact(value))
        return put_real(line, value);
    return PyBytes_Check(value) ? put_bytes(line, value, crc32) : put_other(line, value);
}

static int put_row(Line *line, PyObject *row, Py_ssize_t columns, PyObject *crc32)
{
    PyObject *values = PySequence_Tuple(row); /* which nobody else changes */
    if (!values)
        return 0;
    int is_put = 1;
    if (PyTuple_GET_SIZE(values) < columns) {
        PyErr_SetString(PyExc_ValueError, "a row has too few values");
        is_put = 0;
    }
    for (Py_ssize_t place = 0; is_put && place < columns; place++)
        is_put = put_value(line, PyTuple_GET_ITEM(values, place), crc32) && (place + 1 == columns || put(line, ", ", 2));
    Py_DECREF(values);
    return is_put && (columns == 1 ? put(line, ",))", 3) : put(line, "))", 2));
}

/* Return the checksum of what is written, a new reference. */
static PyObject *sum_of(const Line *line, PyObject *crc32)
{
    PyObject *view = PyMemoryView_FromMemory(line->data, line->length, PyBUF_READ);
    PyObject *sum = view ? PyObject_CallOneArg(crc32, view) : NULL;
    Py_XDECREF(view);
    return sum;
}

/* Read the arguments of a call: the name of a table, rows, how many values of each count, crc32, and where the checksums go. */
static int read_call(PyObject *const *objects, Py_ssize_t count, Py_ssize_t *columns, Py_buffer *out)
{
    if (count != 5) {
        PyErr_Format(PyExc_TypeError, "seals takes 5 arguments, not %zd", count);
        return 0;
    }
    if (!PyUnicode_CheckExact(objects[0]) || !PyList_Check(objects[1]) || !PyCallable_Check(objects[3])) {
        PyErr_SetString(PyExc_TypeError, "seals takes a str, a list of rows, and a function");
        return 0;
    }
    *columns = PyLong_AsSsize_t(objects[2]);
    if ((*columns == -1 && PyErr_Occurred()) || PyObject_GetBuffer(objects[4], out, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE) < 0)
        return 0;
    if (out->itemsize == sizeof(uint32_t) && (uintptr_t)out->buf % sizeof(uint32_t) == 0)
        return 1;
    PyErr_SetString(PyExc_ValueError, out->itemsize == sizeof(uint32_t) ? "argument 5 is not aligned" : "argument 5 has items of another size");
    PyBuffer_Release(out);
    return 0;
}

static int fill_sums(Line *line, PyObject *name, PyObject *rows, Py_ssize_t columns, PyObject *crc32, uint32_t *out)
{
    if (!put(line, "(", 1) || !put_text(line, name) || !put(line, ", (", 3))
        return 0;
    Py_ssize_t start = line->length;
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(rows); place++) {
        line->length = start;
        PyObject *sum = put_row(line, PyTuple_GET_ITEM(rows, place), columns, crc32) ? sum_of(line, crc32) : NULL;
        if (!sum)
            return 0;
        out[place] = (uint32_t)PyLong_AsUnsignedLongMask(sum);
        Py_DECREF(sum);
        if (PyErr_Occurred())
            return 0;
    }
    return 1;
}

PyObject *seals(PyObject *module, PyObject *const *objects, Py_ssize_t count)
{
    Py_ssize_t columns;
    Py_buffer out;
    (void)module;
    if (!read_call(objects, count, &columns, &out))
        return NULL;
    PyObject *rows = PyList_AsTuple(objects[1]); /* which nobody else changes */
    Py_ssize_t total = rows ? PyTuple_GET_SIZE(rows) : 0;
    Line line = {NULL, 0, 0};
    int is_filled = 0;
    if (rows && (columns < 1 || out.len / (Py_ssize_t)sizeof(uint32_t) < total))
        PyErr_SetString(PyExc_ValueError, "an argument of seals is too short, or does not fit the others");
    else if (rows)
        is_filled = fill_sums(&line, objects[0], rows, columns, objects[3], out.buf);
    PyMem_Free(line.data);
    Py_XDECREF(rows);
    PyBuffer_Release(&out);
    return is_filled ? PyLong_FromSsize_t(total) : NULL;
}
