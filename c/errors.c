/* errors.c - messages that several files raise, but for those about values
 * (errors_value.c).  All of it is cold.                                      */
#include "core.h"

/* ---- errors of libraries ------------------------------------------------- */

/* Out-of-line, CFFI raises ffi.error where it raises a builtin in-line, and
 * programs catch what they have met.  A program in which all goes well does not
 * pay for the classes.                                                       */
static CC_COLD PyObject *both(cc_state *st, PyObject **kept, const char *name,
                              PyObject *builtin, PyObject *other)
{
    PyObject *type = CC_LOAD(*kept);
    if (type != NULL)
        return type;
    PyObject *bases = PyTuple_Pack(2, builtin, other);
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
                PyExc_AttributeError, cc_error(st, CC_FFIError));
}

CC_COLD PyObject *cc_variable_error(cc_state *st)
{
    return both(st, &st->VariableError, "cffi_core.VariableError",
                cc_symbol_error(st), PyExc_KeyError);
}

CC_COLD PyObject *cc_closed_error(cc_state *st)
{
    return both(st, &st->ClosedError, "cffi_core.ClosedError",
                PyExc_ValueError, cc_error(st, CC_FFIError));
}

CC_COLD PyObject *cc_size_error(cc_state *st)
{
    return both(st, &st->SizeError, "cffi_core.SizeError", PyExc_ValueError,
                cc_error(st, CC_FFIError));
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

/* CDefError, which for some is also what CFFI raises. */
static CC_COLD PyObject *parse_error(cc_state *st, int kind)
{
    PyObject *error = cc_error(st, CC_CDefError);
    switch (kind) {
    case CD_E_TYPE:
        return both(st, &st->CDefTypeError, "cffi_core.CDefTypeError",
                    PyExc_TypeError, error);
    case CD_E_VALUE:
        return both(st, &st->CDefValueError, "cffi_core.CDefValueError",
                    PyExc_ValueError, error);
    case CD_E_RANGE:
        return both(st, &st->CDefRangeError, "cffi_core.CDefRangeError",
                    PyExc_OverflowError, error);
    default: return error;
    }
}

CC_COLD void cc_raise_parse(cc_state *st, const cd_error *err)
{
    if (err->kind == CD_E_MEMORY)
        PyErr_NoMemory();
    else
        PyErr_SetString(parse_error(st, err->kind), err->text);
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

CC_COLD PyObject *cc_error_no_cdata(cc_state *st, const char *what, PyObject *o)
{
    const PyTypeObject *wanted = cc_type(st, CC_CData);
    if (wanted == NULL)
        return NULL;
    return PyErr_Format(PyExc_TypeError, "%s() argument 1 must be %s, not "
                        "%.200s", what, wanted->tp_name, cc_kind_of(o));
}
