/* How the arguments of a call from Python are read and checked, for all loops alike. */

#ifndef BULLETIN_DEDUP_ARGUMENTS_H
#define BULLETIN_DEDUP_ARGUMENTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "native.h"

#define MOST_ARGUMENTS 16

/* An argument: a buffer or texts, and how many items it has, or a number. */
typedef struct {
    void *data;
    Py_ssize_t count;
    double real;
} Argument;

typedef const Argument *Arguments;

/* The kinds of the arguments, a letter each: t a list of texts; n, d a whole number and a real one; 1, 4, 8 a buffer with items of so many
   bytes, with a star after it one that is written. */
typedef struct {
    const char *name, *kinds;
    int (*fits)(Arguments);
    Py_ssize_t (*run)(Arguments);
} Loop;

/* Read the arguments of a call, check them and run a loop, without the interpreter's lock. Returns what the loop does. */
PyObject *run_loop(const Loop *loop, PyObject *const *objects, Py_ssize_t count);

int are_rows(const Argument *offsets, Py_ssize_t values);
int are_numbers_of(const Argument *numbers, Py_ssize_t rows);
int has_room_for(const Argument *out, const Argument *offsets, const Argument *rows);

#endif
