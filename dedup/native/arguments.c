#include "arguments.h"

/* The arguments of one call, and the objects that it holds until it ends. */
typedef struct {
    Argument arguments[MOST_ARGUMENTS];
    Py_buffer views[MOST_ARGUMENTS];
    int viewed;
    PyObject *texts;
} Call;

static void end_call(Call *call)
{
    while (call->viewed)
        PyBuffer_Release(&call->views[--call->viewed]);
    if (call->texts)
        PyMem_Free(call->arguments[0].data);
    Py_CLEAR(call->texts);
}

/* Read the texts of a list, which is always the first argument. The texts are held, because the list may change meanwhile. */
static int read_texts(Call *call, PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "texts must be a list");
        return 0;
    }
    call->texts = PyList_AsTuple(list);
    if (!call->texts)
        return 0;
    Py_ssize_t count = PyTuple_GET_SIZE(call->texts);
    Text *texts = PyMem_Malloc(((size_t)count + 1) * sizeof(Text));
    call->arguments[0] = (Argument){texts, count, 0};
    if (!texts) {
        PyErr_NoMemory();
        return 0;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *text = PyTuple_GET_ITEM(call->texts, place);
        if (!PyUnicode_Check(text)) {
            PyErr_SetString(PyExc_TypeError, "texts must be str");
            return 0;
        }
#if PY_VERSION_HEX < 0x030C0000
        if (PyUnicode_READY(text) < 0)
            return 0;
#endif
        texts[place] = (Text){PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), (int)PyUnicode_KIND(text)};
    }
    return 1;
}

static int read_buffer(Call *call, int place, PyObject *object, Py_ssize_t size, int is_written)
{
    Py_buffer *view = &call->views[call->viewed];
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS | (is_written ? PyBUF_WRITABLE : 0)) < 0)
        return 0;
    call->viewed++;
    if (view->itemsize != size) {
        PyErr_Format(PyExc_TypeError, "argument %d has items of another size", place + 1);
        return 0;
    }
    if ((uintptr_t)view->buf % (size_t)size) {
        PyErr_Format(PyExc_ValueError, "argument %d is not aligned", place + 1);
        return 0;
    }
    call->arguments[place] = (Argument){view->buf, view->len / size, 0};
    return 1;
}

/* Read one argument of a kind. */
static int read_argument(Call *call, int place, PyObject *object, char kind, int is_written)
{
    Argument *argument = &call->arguments[place];
    switch (kind) {
    case 't':
        return read_texts(call, object);
    case 'n':
        argument->count = PyLong_AsSsize_t(object);
        return !PyErr_Occurred();
    case 'd':
        argument->real = PyFloat_AsDouble(object);
        return !PyErr_Occurred();
    default:
        return read_buffer(call, place, object, kind - '0', is_written);
    }
}

static int read_arguments(Call *call, const Loop *loop, PyObject *const *objects, Py_ssize_t count)
{
    Py_ssize_t wanted = 0;
    for (const char *kind = loop->kinds; *kind; kind++)
        wanted += *kind != '*';
    if (count != wanted) {
        PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, not %zd", loop->name, wanted, count);
        return 0;
    }
    int place = 0;
    for (const char *kind = loop->kinds; *kind; kind++, place++) {
        int is_written = kind[1] == '*';
        if (!read_argument(call, place, objects[place], *kind, is_written))
            return 0;
        kind += is_written;
    }
    return 1;
}

PyObject *run_loop(const Loop *loop, PyObject *const *objects, Py_ssize_t count)
{
    Call call = {.viewed = 0, .texts = NULL};
    Py_ssize_t result = 0;
    int fits = 0, is_read = read_arguments(&call, loop, objects, count);
    if (is_read) {
        Py_BEGIN_ALLOW_THREADS;
        fits = loop->fits(call.arguments);
        if (fits)
            result = loop->run(call.arguments);
        Py_END_ALLOW_THREADS;
    }
    end_call(&call);
    if (!is_read)
        return NULL;
    if (!fits) {
        PyErr_Format(PyExc_ValueError, "an argument of %s is too short, or does not fit the others", loop->name);
        return NULL;
    }
    return result == NO_MEMORY ? PyErr_NoMemory() : PyLong_FromSsize_t(result);
}

/* Tell whether these are valid offsets of rows over this number of values. */
int are_rows(const Argument *offsets, Py_ssize_t values)
{
    const int64_t *starts = offsets->data;
    Py_ssize_t rows = offsets->count - 1;
    int fits = rows >= 0 && starts[0] >= 0 && starts[rows] <= values;
    for (Py_ssize_t row = 0; fits && row < rows; row++)
        fits = starts[row] <= starts[row + 1];
    return fits;
}

int are_numbers_of(const Argument *numbers, Py_ssize_t rows)
{
    const int64_t *each = numbers->data;
    int fits = 1;
    for (Py_ssize_t place = 0; fits && place < numbers->count; place++)
        fits = each[place] >= 0 && each[place] < rows;
    return fits;
}

/* Tell whether an argument has room for the values of the given rows; a repeated row counts each time. */
int has_room_for(const Argument *out, const Argument *offsets, const Argument *rows)
{
    const int64_t *starts = offsets->data, *each = rows->data;
    Py_ssize_t room = out->count;
    for (Py_ssize_t place = 0; room >= 0 && place < rows->count; place++)
        room -= (Py_ssize_t)(starts[each[place] + 1] - starts[each[place]]);
    return room >= 0;
}
