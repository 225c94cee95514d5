/* The same functions by hand, METH_FASTCALL: what a call costs that converts
 * and checks its arguments and does nothing else. The GIL is kept, but for
 * gil_pair(), which gives it up and takes it again around nothing.          */
#define PY_SSIZE_T_CLEAN
#include "functions.h"
#include <Python.h>

#define METHOD(name)                                                          \
    static PyObject *py_##name(PyObject *module, PyObject *const *args,       \
                               Py_ssize_t nargs)

static int count_is(Py_ssize_t nargs, Py_ssize_t expected)
{
    if (nargs != expected)
        PyErr_Format(PyExc_TypeError, "expected %zd arguments, got %zd",
                     expected, nargs);
    return nargs == expected;
}

static int as_int(PyObject *value)
{
    long n = PyLong_AsLong(value);
    if (n != (int)n) {
        PyErr_SetString(PyExc_OverflowError, "an int is out of range");
        return -1;
    }
    return (int)n;
}

METHOD(add)
{
    if (!count_is(nargs, 2))
        return NULL;
    int a = as_int(args[0]);
    if (a == -1 && PyErr_Occurred())
        return NULL;
    int b = as_int(args[1]);
    if (b == -1 && PyErr_Occurred())
        return NULL;
    return PyLong_FromLong(add(a, b));
}

METHOD(nothing)
{
    if (!count_is(nargs, 0))
        return NULL;
    nothing();
    Py_RETURN_NONE;
}

METHOD(gil_pair)
{
    if (!count_is(nargs, 0))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

METHOD(mul)
{
    if (!count_is(nargs, 2))
        return NULL;
    double a = PyFloat_AsDouble(args[0]);
    if (a == -1 && PyErr_Occurred())
        return NULL;
    double b = PyFloat_AsDouble(args[1]);
    if (b == -1 && PyErr_Occurred())
        return NULL;
    return PyFloat_FromDouble(mul(a, b));
}

METHOD(first)
{
    if (!count_is(nargs, 1))
        return NULL;
    char *text = PyBytes_AsString(args[0]);
    return text == NULL ? NULL : PyLong_FromLong(first(text));
}

#define ENTRY(name)                                                           \
    {#name, (PyCFunction)(void (*)(void))py_##name, METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    ENTRY(add), ENTRY(nothing), ENTRY(gil_pair),
    ENTRY(mul), ENTRY(first),   {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "fastcall", NULL, 0, methods, slots, NULL, NULL,
    NULL};

PyMODINIT_FUNC PyInit_fastcall(void)
{
    return PyModuleDef_Init(&module);
}
