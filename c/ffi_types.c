/* ffi_types.c - FFI: questions about types.                                  */
#include "cdata.h"
#include "ffi_methods.h"
#include "lib.h"

const char ffi_typeof_doc[] =
FFI_DOC("typeof", "cdecl", " -> ctype")
"The ctype of a type string, or of a C data object or function.  The same\n"
"type is always the same object.  CDefError for what is no type or a\n"
"function type that is not a pointer; VerificationMissing if it needs\n"
"compiling.";

PyObject *ffi_typeof(FFIObject *ffi, PyObject *arg)
{
    return (PyObject *)cc_ffi_ctype(ffi, arg, CC_ARG_STR | CC_ARG_CDATA);
}

static CC_COLD PyObject *not_known(CTypeObject *ct, const char *what)
{
    if (ct->flags & (CT_LATE | CT_UNAVAIL))
        cc_error_not_usable(ct);
    else
        PyErr_Format(PyExc_ValueError, "ctype '%U' is of unknown %s", ct->name,
                     what);
    return NULL;
}

/* Out-of-line it is an ffi.error. */
static CC_COLD PyObject *no_size(FFIObject *ffi, CTypeObject *ct)
{
    if (!ffi->table->out_of_line || ct->flags & (CT_LATE | CT_UNAVAIL))
        return not_known(ct, "size");
    return PyErr_Format(cc_size_error(ffi->state),
                        "don't know the size of ctype '%U'", ct->name);
}

const char ffi_sizeof_doc[] =
FFI_DOC("sizeof", "cdecl", " -> int")
"Size in bytes of a type string, ctype or C data object; of an array that was\n"
"made with a length, and of a struct with a variable-length array made by\n"
"new(), what it really holds.  ValueError if the type has no size.";

PyObject *ffi_sizeof(FFIObject *ffi, PyObject *arg)
{
    if (cc_cdata_like(arg))
        return cc_sizeof_cdata((CDataObject *)arg);
    CTypeObject *ct = cc_ffi_ctype(ffi, arg,
                                   CC_ARG_STR | CC_ARG_CTYPE | CC_ARG_CDATA);
    if (ct == NULL)
        return NULL;
    PyObject *size = ct->size >= 0 ? PyLong_FromSsize_t(ct->size)
                                   : no_size(ffi, ct);
    Py_DECREF(ct);
    return size;
}

const char ffi_alignof_doc[] =
FFI_DOC("alignof", "cdecl", " -> int")
"Alignment in bytes of a type string, ctype or C data object's type.\n"
"ValueError if it has none.";

/* A typedef may have an alignment that its type, and so its ctype, has not. */
static uint32_t align_of_typedef(FFIObject *ffi, PyObject *name)
{
    Py_ssize_t len;
    uint64_t size;
    uint32_t align = 0;
    const char *utf8 = PyUnicode_AsUTF8AndSize(name, &len);
    if (utf8 == NULL) {
        PyErr_Clear(); /* it is no name, as will be said */
        return 0;
    }
    cc_table_lock(ffi->table);
    cd_table *t = ffi->table->table;
    uint32_t i = cd_find_decl(t, utf8, (size_t)len);
    if (i != 0 && cd_decl_at(t, i)->kind == CD_D_TYPEDEF &&
        !cd_layout_of(t, cd_decl_at(t, i)->type, &size, &align))
        align = 0;
    cc_table_unlock(ffi->table);
    return align;
}

PyObject *ffi_alignof(FFIObject *ffi, PyObject *arg)
{
    uint32_t own = PyUnicode_Check(arg) ? align_of_typedef(ffi, arg) : 0;
    if (own != 0)
        return PyLong_FromUnsignedLong(own);
    CTypeObject *ct = cc_ffi_ctype(ffi, arg,
                                   CC_ARG_STR | CC_ARG_CTYPE | CC_ARG_CDATA);
    if (ct == NULL)
        return NULL;
    PyObject *align = ct->align > 0 ? PyLong_FromUnsignedLong(ct->align)
                                    : not_known(ct, "alignment");
    Py_DECREF(ct);
    return align;
}

const char ffi_offsetof_doc[] =
FFI_DOC("offsetof", "cdecl, /, *fields_or_indexes", " -> int")
"Bytes from the start of the struct, union, array or what a pointer points\n"
"to, following field names and array indexes.  KeyError for a field that\n"
"it does not have; TypeError for a bit-field and for what is no record or\n"
"array.";

PyObject *ffi_offsetof(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs < 2) {
        PyErr_SetString(PyExc_TypeError,
                        "offsetof() expects at least 2 arguments");
        return NULL;
    }
    CTypeObject *ct = cc_ffi_ctype(ffi, args[0], CC_ARG_STR | CC_ARG_CTYPE);
    if (ct == NULL)
        return NULL;
    Py_ssize_t offset;
    CTypeObject *type = NULL;
    int failed = cc_offsetof(ct, args + 1, nargs - 1, &offset, &type);
    Py_XDECREF(type);
    Py_DECREF(ct);
    return failed ? NULL : PyLong_FromSsize_t(offset);
}

static PyObject *lib_addressof(LibObject *lib, PyObject *const *args,
                               Py_ssize_t nargs)
{
    if (nargs != 1 || !PyUnicode_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError,
                        "addressof(lib, name) takes the name of a function or "
                        "variable as a str");
        return NULL;
    }
    return cc_lib_addressof(lib, args[0]);
}

const char ffi_addressof_doc[] =
FFI_SIGNATURE("addressof", "cdata, *fields_or_indexes")
"addressof(cdata, *fields_or_indexes) -> cdata\n"
"addressof(lib, name) -> cdata\n\n"
"A pointer to a struct, union or array, or to the field or item reached from\n"
"it; or to a library's function or variable.  It does not keep what it points\n"
"to alive.  TypeError, KeyError as offsetof(); AttributeError for a name that\n"
"the library does not have.";

/* cdata may be given by name, as the one argument then.                      */
PyObject *ffi_addressof(FFIObject *ffi, PyObject *const *args,
                        Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {"addressof", 1, 1, {"cdata"}};
    PyObject *only;
    if (kwnames != NULL) {
        if (cc_args(&params, args, nargs, kwnames, &only) < 0)
            return NULL;
        args = &only;
        nargs = 1;
    }
    if (nargs < 1) {
        PyErr_SetString(PyExc_TypeError,
                        "addressof() expects at least 1 argument");
        return NULL;
    }
    if (Lib_Check(ffi->state, args[0]))
        return lib_addressof((LibObject *)args[0], args + 1, nargs - 1);
    return cc_addressof(args, nargs, ffi->table->out_of_line);
}

const char ffi_getctype_doc[] =
FFI_DOC("getctype", "cdecl, replace_with=''", " -> str")
"C text of the type with a declarator in its place:\n"
"getctype('char[80]', 'a') == 'char a[80]'.";

PyObject *ffi_getctype(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                       PyObject *kwnames)
{
    static const cc_params params = {
        "getctype", 2, 1, {"cdecl", "replace_with"}};
    PyObject *a[2];
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    if (a[1] != NULL && !PyUnicode_Check(a[1]))
        return PyErr_Format(PyExc_TypeError,
                            "getctype() argument 2 must be str, not %s",
                            Py_TYPE(a[1])->tp_name);
    const char *declarator = a[1] ? PyUnicode_AsUTF8(a[1]) : "";
    if (declarator == NULL)
        return NULL;
    CTypeObject *ct = cc_ffi_ctype(ffi, a[0], CC_ARG_STR | CC_ARG_CTYPE);
    if (ct == NULL)
        return NULL;
    PyObject *text = cc_ctype_spell(ct, declarator);
    Py_DECREF(ct);
    return text;
}
