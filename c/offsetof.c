/* offsetof.c - ffi.offsetof() and ffi.addressof(): fields and indices, one
 * after the other.                                                           */
#include "cdata.h"

static CC_COLD int bad_path(const char *message)
{
    PyErr_SetString(PyExc_TypeError, message);
    return -1;
}

/* ---- one step ----------------------------------------------------------- */

/* *ct (BORROWED) becomes the type there, *offset grows. */
static int follow_name(CTypeObject **ct, PyObject *name, bool first,
                       Py_ssize_t *offset)
{
    CTypeObject *record = *ct;
    if (first && record->kind == CD_POINTER)
        record = record->item;
    if (!cc_is_record(record))
        return bad_path("with a field name argument, expected a struct or "
                        "union ctype");
    if (record->flags & CT_OPAQUE)
        return bad_path("struct/union is opaque");
    if (cc_record_ready(record) < 0)
        return -1;
    CFieldObject *f = cc_field_get(record, name);
    if (f == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetObject(PyExc_KeyError, name);
        cc_note_no_field(record);
        return -1;
    }
    if (f->bitshift >= 0)
        return bad_path("not supported for bitfields");
    *offset += f->offset;
    *ct = f->type;
    return 0;
}

static int follow_index(CTypeObject **ct, PyObject *index, bool first,
                        Py_ssize_t *offset)
{
    CTypeObject *from = *ct;
    Py_ssize_t i = PyNumber_AsSsize_t(index, PyExc_OverflowError);
    if (i == -1 && PyErr_Occurred()) {
        PyErr_Clear();
        return bad_path("field name or array index expected");
    }
    if (!(from->kind == CD_ARRAY || (first && from->kind == CD_POINTER)) ||
        from->item->size < 0)
        return bad_path("with an integer argument, expected an array ctype or "
                        "a pointer to non-opaque");
    Py_ssize_t size = from->item->size;
    Py_ssize_t most = size > 0 ? PY_SSIZE_T_MAX / size : PY_SSIZE_T_MAX;
    if (i > most || i < -most || i * size > PY_SSIZE_T_MAX - *offset) {
        PyErr_SetString(PyExc_OverflowError,
                        "array offset would overflow a Py_ssize_t");
        return -1;
    }
    *offset += i * size;
    *ct = from->item;
    return 0;
}

int cc_offsetof(CTypeObject *ct, PyObject *const *path, Py_ssize_t n,
                Py_ssize_t *offset, CTypeObject **type)
{
    *offset = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        int status;
        if (PyUnicode_Check(path[i]))
            status = follow_name(&ct, path[i], i == 0, offset);
        else if (PyIndex_Check(path[i]))
            status = follow_index(&ct, path[i], i == 0, offset);
        else
            status = bad_path("field name or array index expected");
        if (status < 0)
            return -1;
    }
    *type = (CTypeObject *)Py_NewRef((PyObject *)ct);
    return 0;
}

/* ---- ffi.addressof ------------------------------------------------------ */

/* Says why what was given has no address, in the words of the one FFI class of
 * CFFI's or of the other.                                                    */
static CC_COLD void *no_address(PyObject *o, bool alone, bool out_of_line)
{
    if (!cc_cdata_like(o) && out_of_line)
        PyErr_Format(PyExc_TypeError, "expected a cdata object, got '%.200s'",
                     Py_TYPE(o)->tp_name);
    else if (!cc_cdata_like(o))
        bad_path("expected a 'cdata' object");
    else if (out_of_line && alone)
        bad_path("expected a cdata struct/union/array object");
    else if (((CDataObject *)o)->ct->kind == CD_POINTER)
        bad_path("addressof(pointer)");
    else
        bad_path("expected a cdata struct/union/array/pointer object");
    return NULL;
}

PyObject *cc_addressof(PyObject *const *args, Py_ssize_t n, bool out_of_line)
{
    CDataObject *cd = (CDataObject *)args[0];
    CTypeObject *type, *pointer;
    Py_ssize_t offset;
    if (!cc_cdata_like(args[0]) ||
        (n == 1 && cd->ct->kind != CD_ARRAY && !cc_is_record(cd->ct)))
        return no_address(args[0], n == 1, out_of_line);
    if (out_of_line && cd->ct->kind == CD_FUNC)
        return no_address(args[0], false, true);
    if (cc_offsetof(cd->ct, args + 1, n - 1, &offset, &type) < 0)
        return NULL;
    pointer = cc_ctype_pointer(type);
    Py_DECREF(type);
    if (pointer == NULL)
        return NULL;
    PyObject *result = cc_cdata_ref(pointer, (char *)((uintptr_t)cd->data +
                                                      (size_t)offset));
    Py_DECREF(pointer);
    return result;
}
