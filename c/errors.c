/* errors.c - messages that several files raise.  All of it is cold.          */
#include "core.h"

CC_COLD PyObject *cc_error_init(CTypeObject *ct, PyObject *value,
                                const char *expected)
{
    if (!CData_Check(ct->state, value))
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

/* ---- errors of libraries ------------------------------------------------- */

/* Out-of-line, CFFI raises ffi.error where it raises a builtin in-line, and
 * programs catch what they have met.  A program in which all goes well does not
 * pay for the classes.                                                       */
static CC_COLD PyObject *both(cc_state *st, PyObject **kept, const char *name,
                              PyObject *builtin)
{
    PyObject *type = CC_LOAD(*kept);
    if (type != NULL)
        return type;
    PyObject *bases = PyTuple_Pack(2, builtin, cc_error(st, CC_FFIError));
    PyObject *made = bases ? PyErr_NewException(name, bases, NULL) : NULL;
    Py_XDECREF(bases);
    if (made == NULL) {
        PyErr_Clear();
        return builtin;
    }
    CC_LOCK(&st->lock);
    if (*kept == NULL)
        CC_STORE(*kept, Py_NewRef(made));
    type = *kept;
    CC_UNLOCK(&st->lock);
    Py_DECREF(made);
    return type;
}

CC_COLD PyObject *cc_symbol_error(cc_state *st)
{
    return both(st, &st->SymbolError, "cffi_core.SymbolError",
                PyExc_AttributeError);
}

CC_COLD PyObject *cc_closed_error(cc_state *st)
{
    return both(st, &st->ClosedError, "cffi_core.ClosedError",
                PyExc_ValueError);
}

CC_COLD PyObject *cc_size_error(cc_state *st)
{
    return both(st, &st->SizeError, "cffi_core.SizeError", PyExc_ValueError);
}

/* ---- errors of numbers --------------------------------------------------- */

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

CC_COLD void cc_error_ignored(const char *format, PyObject *about,
                              const char *more)
{
    PyObject *type, *value, *traceback, *text;
    PyErr_Fetch(&type, &value, &traceback);
    text = about != NULL ? PyUnicode_FromFormat(format, about, more)
                            : PyUnicode_FromString(format);
    if (text == NULL)
        PyErr_Clear();
    PyErr_Restore(type, value, traceback);
#if PY_VERSION_HEX >= 0x030D0000
    if (text != NULL)
        PyErr_FormatUnraisable("Exception ignored %U", text);
    else
        PyErr_WriteUnraisable(about);
#else
    const char *utf8 = text != NULL ? PyUnicode_AsUTF8(text) : NULL;
    _PyErr_WriteUnraisableMsg(utf8, utf8 != NULL ? NULL : about);
#endif
    Py_XDECREF(text);
}

CC_COLD void cc_raise_parse(cc_state *st, const cd_error *err)
{
    if (err->kind == CD_E_MEMORY) {
        PyErr_NoMemory();
        return;
    }
    PyErr_SetString(cc_error(st, CC_CDefError), err->text);
}

CC_COLD PyObject *cc_refuse_pickle(PyObject *self, PyObject *Py_UNUSED(unused))
{
    return PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object",
                        Py_TYPE(self)->tp_name);
}

CC_COLD const char *cc_kind_of(PyObject *o)
{
    return o == Py_None ? "None" : Py_TYPE(o)->tp_name;
}
