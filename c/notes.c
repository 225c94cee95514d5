/* notes.c - where in a value an error is.  All of it is cold.  MIT.
 *
 * An exception's message is CFFI's, which rarely says which argument, field or
 * item it is about.  Python 3.11 and newer show an exception's notes below its
 * message: as an error leaves an item, a field, an argument, each adds one.
 * The innermost is the first: it says what was wanted and what was given.    */
#include "cdata.h"

#if PY_VERSION_HEX >= 0x030B0000

/* Not about a value: no memory, an interrupt, ...                            */
static bool is_about_a_value(void)
{
    PyObject *const types[] = {PyExc_TypeError, PyExc_ValueError,
                               PyExc_OverflowError, PyExc_LookupError,
                               PyExc_AttributeError};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (PyErr_ExceptionMatches(types[i]))
            return true;
    return false;
}

/* What takes bytes: char *, unsigned char *, void *; char[]. */
static bool takes_bytes(const CTypeObject *ct)
{
    if (ct->kind == CD_ARRAY)
        return ct->item->klass == CD_CLASS_CHAR && ct->item->size == 1;
    return ct->kind == CD_POINTER &&
           (ct->flags & CT_VOID_PTR || ct->item->flags & CT_CHARLIKE) &&
           ct->item->size <= 1;
}

/* What those who meet the error for the first time have mostly overlooked.   */
static const char *advice(const CTypeObject *wanted, PyObject *given)
{
    if (PyUnicode_Check(given) && takes_bytes(wanted))
        return ": C's text is bytes, str.encode() makes them";
    if (!cc_is_pointer(wanted))
        return "";
    if (given == Py_None)
        return ": C's NULL is ffi.NULL";
    if (wanted->kind == CD_FUNC && PyCallable_Check(given))
        return ": ffi.callback() makes a C function of it";
    if (PyBytes_Check(given) || PyList_Check(given) || PyTuple_Check(given))
        return ": what it points to is made by ffi.new(), and has to be kept";
    return "";
}

/* "got str"; of a cdata, or of a function of a stub, its C type. */
static PyObject *with_given(PyObject *text, CTypeObject *wanted,
                            PyObject *given)
{
    PyObject *function = cc_function_pointer(wanted->state, given);
    if (function != NULL)
        given = function;
    if (cc_cdata_like(given))
        return PyUnicode_FromFormat("%U, '%U': got cdata '%U'", text,
                                    wanted->name,
                                    ((CDataObject *)given)->ct->name);
    return PyUnicode_FromFormat("%U, '%U': got %.200s%s", text, wanted->name,
                                Py_TYPE(given)->tp_name, advice(wanted, given));
}

/* Adds `text`, which is given up; what goes wrong here is nobody's business. */
static void add(PyObject *value, PyObject *text, CTypeObject *wanted,
                PyObject *given)
{
    PyObject *notes = PyObject_GetAttrString(value, "__notes__");
    PyErr_Clear();
    if (text != NULL && wanted != NULL && notes == NULL)
        Py_SETREF(text, with_given(text, wanted, given));
    if (text != NULL)
        Py_XDECREF(PyObject_CallMethod(value, "add_note", "O", text));
    PyErr_Clear();
    Py_XDECREF(text);
    Py_XDECREF(notes);
}

static void note(CTypeObject *wanted, PyObject *given, const char *format, ...)
{
    PyObject *type, *value, *traceback, *text;
    va_list args;
    if (!is_about_a_value())
        return;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    va_start(args, format);
    text = PyUnicode_FromFormatV(format, args);
    va_end(args);
    if (value != NULL)
        add(value, text, wanted, given);
    PyErr_Restore(type, value, traceback);
}

CC_COLD void cc_note_argument(PyObject *func, Py_ssize_t i, CTypeObject *ct,
                              PyObject *given)
{
    CTypeObject *of = ((CDataObject *)func)->ct;
    PyObject *label = NULL; /* a mere address has no room for one */
    if (Py_TYPE(func) != of->state->CDataFunc)
        label = ((CDataFuncObject *)func)->label;
    if (label != NULL)
        note(ct, given, "in argument %zd of %U()", i + 1, label);
    else
        note(ct, given, "in argument %zd of a '%U'", i + 1, of->name);
}

CC_COLD void cc_note_field(CTypeObject *record, CFieldObject *f,
                           PyObject *given)
{
    note(f->type, given, "in field '%U' of '%U'", f->name, record->name);
}

CC_COLD void cc_note_item(CTypeObject *item, Py_ssize_t i, PyObject *given)
{
    note(item, given, "in item [%zd]", i);
}

CC_COLD void cc_note_no_field(CTypeObject *record)
{
    note(NULL, NULL, "'%U' has no such field", record->name);
}

CC_COLD void cc_note_variadic(void)
{
    note(NULL, NULL,
         "'...' says no type, so that the argument has to: "
         "ffi.cast(\"int\", x), ffi.cast(\"double\", x), "
         "ffi.new(\"char[]\", b\"text\"), ...");
}

CC_COLD void cc_note_static(void)
{
    note(NULL, NULL,
         "it is static: the header has its code, and no library. Compiled "
         "modules have it: ffi.verify(), ffi.compile()");
}

#else /* Python 3.10 has none */

void cc_note_argument(PyObject *func, Py_ssize_t i, CTypeObject *ct,
                      PyObject *given)
{
    (void)func, (void)i, (void)ct, (void)given;
}

void cc_note_field(CTypeObject *record, CFieldObject *f, PyObject *given)
{
    (void)record, (void)f, (void)given;
}

void cc_note_item(CTypeObject *item, Py_ssize_t i, PyObject *given)
{
    (void)item, (void)i, (void)given;
}

void cc_note_no_field(CTypeObject *record)
{
    (void)record;
}

void cc_note_variadic(void)
{
}

void cc_note_static(void)
{
}

#endif
