/* errors_value.c - messages about values that do not fit.  All of it is cold.
 * Where in a value an error is: notes.c.                                     */
#include "cdata.h"

CC_COLD PyObject *cc_error_init(CTypeObject *ct, PyObject *value,
                                const char *expected)
{
    if (!cc_cdata_like(value))
        return PyErr_Format(PyExc_TypeError,
                            "initializer for ctype '%U' must be a %s, not %s",
                            ct->name, expected, Py_TYPE(value)->tp_name);
    CTypeObject *given = ((CDataObject *)value)->ct;
    if (PyUnicode_Compare(ct->name, given->name) == 0)
        return PyErr_Format(
            PyExc_TypeError,
            "initializer for ctype '%U' appears indeed to be '%U', but the "
            "types are different (check that you are not e.g. mixing up "
            "different ffi instances)",
            ct->name, given->name);
    return PyErr_Format(PyExc_TypeError,
                        "initializer for ctype '%U' must be a %s, not cdata "
                        "'%U'",
                        ct->name, expected, given->name);
}

static bool fits_uint64(PyObject *value)
{
    if (PyLong_AsUnsignedLongLong(value) != (unsigned long long)-1 ||
        !PyErr_Occurred())
        return true;
    PyErr_Clear();
    return false;
}

CC_COLD PyObject *cc_error_overflow(CTypeObject *ct, PyObject *value)
{
    const char *name = PyUnicode_AsUTF8(ct->name);
    return name != NULL ? cc_error_overflow_of(name, ct->is_signed, value)
                        : NULL;
}

/* Which of the three ways an int can fail to fit.                            */
CC_COLD PyObject *cc_error_overflow_of(const char *name, bool is_signed,
                                       PyObject *value)
{
    int overflow = 0;
    long long v = 0;
    if (PyLong_Check(value)) {
        v = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (v == -1 && !overflow && PyErr_Occurred())
            return NULL;
    }
    if (!is_signed && (overflow < 0 || (v < 0 && !overflow))) {
        PyErr_SetString(PyExc_OverflowError,
                        "can't convert negative number to unsigned");
        return NULL;
    }
    if (overflow && (is_signed || !fits_uint64(value))) {
        PyErr_SetString(PyExc_OverflowError, "int too big to convert");
        return NULL;
    }
    return PyErr_Format(PyExc_OverflowError, "integer %S does not fit '%s'",
                        value, name);
}

/* what: "dereference null pointer", "call null function pointer"             */
CC_COLD PyObject *cc_error_null(const char *what, CTypeObject *ct)
{
    return PyErr_Format(PyExc_RuntimeError, "cannot %s from cdata '%U'", what,
                        ct->name);
}

/* A function pointer that ffi.callback() made, which has a type of its own in
 * CFFI.                                                                      */
static bool is_callback(const CDataObject *cd)
{
    const cc_state *st = cd->ct->state;
    if (st->Closure == NULL || !Py_IS_TYPE((PyObject *)cd, st->CDataOwnFunc))
        return false;
    PyObject *owner = ((const CDataFuncObject *)cd)->owner;
    return owner != NULL && Py_IS_TYPE(owner, st->Closure);
}

CC_COLD const char *cc_cdata_kind(PyObject *o)
{
    const CDataObject *cd = (const CDataObject *)o;
    if (!cc_cdata_like(o) || cd->ct->kind != CD_FUNC)
        return Py_TYPE(o)->tp_name;
    const cc_state *st = cd->ct->state;
    return (is_callback(cd) ? st->CDataOwnGC : st->CData)->tp_name;
}
