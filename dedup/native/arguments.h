/* Reading and checking the arguments of a call from Python, for all loops. */

#ifndef BULLETIN_DEDUP_ARGUMENTS_H
#define BULLETIN_DEDUP_ARGUMENTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "native.h"

#define MOST_ARGUMENTS 24

/* An argument: a buffer or texts with the number of items, or a number. */
typedef struct {
    void *data;
    Py_ssize_t count;
    double real;
} Argument;

typedef const Argument *Arguments;

/* The kinds of the arguments, a character each: t a list of texts; n a whole number; d a real number; 1, 4, 8 a buffer with items of this
   number of bytes, followed by a star if the loop writes it. */
typedef struct {
    const char *name, *kinds;
    int (*fits)(Arguments);
    Py_ssize_t (*run)(Arguments);
} Loop;

/* Read and check the arguments of a call, and run a loop without the interpreter's lock. Returns the result of the loop. */
PyObject *run_loop(const Loop *loop, PyObject *const *objects, Py_ssize_t count);

/* seals.c */
PyObject *seals(PyObject *module, PyObject *const *objects, Py_ssize_t count);

int are_rows(const Argument *offsets, Py_ssize_t values);
int are_numbers_of(const Argument *numbers, Py_ssize_t rows);
int has_room_for(const Argument *out, const Argument *offsets, const Argument *rows);

#endif
