/* cdata_attr.c - p.x, p.x = v, dir(p).
 *
 * The hot path is one pointer-compared probe of the record's names and the
 * field's own reader.  All that can go wrong is out of line.                */
#include "cdata.h"
#include "names.h"

/* ---- errors ------------------------------------------------------------- */

/* An AttributeError in words of C instead of the generic one. */
static CC_COLD void no_attribute(CDataObject *cd, PyObject *name, bool writing)
{
    CTypeObject *record = cc_fields_owner(cd->ct);
    if (!PyErr_ExceptionMatches(PyExc_AttributeError))
        return;
    PyErr_Clear();
    if (record == NULL)
        PyErr_Format(PyExc_AttributeError, "cdata '%U' has no attribute '%U'",
                     cd->ct->name, name);
    else if (record->flags & CT_OPAQUE)
        PyErr_Format(PyExc_AttributeError,
                     "cdata '%U' points to an opaque type: cannot %s fields",
                     cd->ct->name, writing ? "write" : "read");
    else
        PyErr_Format(PyExc_AttributeError, "cdata '%U' has no field '%U'",
                     cd->ct->name, name);
}

/* The field of a name that the table missed; NULL with an exception only if
 * the record cannot be used.                                                */
static CC_COLD CFieldObject *find_field(CDataObject *cd, PyObject *name)
{
    CTypeObject *record = cc_fields_owner(cd->ct);
    if (record == NULL || record->flags & CT_OPAQUE || !PyUnicode_Check(name))
        return NULL;
    if (cc_record_ready(record) < 0)
        return NULL;
    return cc_field_get(record, name);
}

/* ---- reading ------------------------------------------------------------ */

/* Items of `T a[]` that the memory has room for; -1: not known. */
static Py_ssize_t flexible_length(CDataObject *cd, CFieldObject *f)
{
    Py_ssize_t item = f->type->item->size;
    if (!cc_has_extent(cd) || item <= 0)
        return -1;
    Py_ssize_t bytes = cc_extent(cd);
    return bytes < f->offset ? -1 : (bytes - f->offset) / item;
}

/* `T a[]` at the end: an array as long as the memory, where that is known.
 * Otherwise, and of `T a[0]`, a pointer.                                     */
static PyObject *read_flexible(CDataObject *cd, CFieldObject *f)
{
    char *data = cd->data + f->offset;
    Py_ssize_t length = f->type->length < 0 ? flexible_length(cd, f) : -1;
    if (length >= 0)
        return cc_cdata_sized(f->type, data, length);
    CTypeObject *pointer = cc_ctype_pointer(f->type->item);
    if (pointer == NULL)
        return NULL;
    PyObject *result = cc_cdata_ref(pointer, data);
    Py_DECREF(pointer);
    return result;
}

static inline PyObject *read_field(CDataObject *cd, CFieldObject *f)
{
    if (CC_UNLIKELY(cd->data == NULL))
        return cc_error_null("dereference null pointer", cd->ct);
    if (CC_LIKELY(f->bitshift == -1))
        return f->type->read(f->type, cd->data + f->offset);
    if (f->bitshift == -2)
        return read_flexible(cd, f);
    return cc_bits_read(f, cd->data + f->offset);
}

PyObject *cc_cdata_getattro(PyObject *self, PyObject *name)
{
    CDataObject *cd = (CDataObject *)self;
    CTypeObject *ct = cd->ct;
    if (ct->kind == CD_POINTER)
        ct = ct->item;
    CFieldObject *f = cc_names_get(CC_LOAD(ct->names), name);
    if (CC_LIKELY(f != NULL))
        return read_field(cd, f);
    f = find_field(cd, name);
    if (f != NULL)
        return read_field(cd, f);
    if (PyErr_Occurred())
        return NULL;
    PyObject *result = PyObject_GenericGetAttr(self, name);
    if (result == NULL)
        no_attribute(cd, name, false);
    return result;
}

/* ---- writing ------------------------------------------------------------ */

static int write_flexible(CDataObject *cd, CFieldObject *f, PyObject *value)
{
    Py_ssize_t length = f->type->length < 0 ? flexible_length(cd, f) : 0;
    return cc_write_array(f->type, cd->data + f->offset, length, value);
}

static inline int write_member(CDataObject *cd, CFieldObject *f,
                               PyObject *value)
{
    if (CC_LIKELY(f->bitshift == -1))
        return f->type->write(f->type, cd->data + f->offset, value);
    if (f->bitshift == -2)
        return write_flexible(cd, f, value);
    return cc_bits_write(f, cd->data + f->offset, value);
}

static inline int write_field(CDataObject *cd, CFieldObject *f, PyObject *value)
{
    if (CC_UNLIKELY(value == NULL)) {
        PyErr_SetString(PyExc_AttributeError, "cannot delete struct field");
        return -1;
    }
    if (CC_UNLIKELY(cd->data == NULL)) {
        cc_error_null("dereference null pointer", cd->ct);
        return -1;
    }
    cc_hold((PyObject *)cd); /* conversion runs Python code */
    int status = write_member(cd, f, value);
    if (CC_UNLIKELY(status < 0))
        cc_note_field(cc_fields_owner(cd->ct), f, value);
    cc_unhold((PyObject *)cd);
    return status;
}

int cc_cdata_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    CDataObject *cd = (CDataObject *)self;
    CTypeObject *ct = cd->ct;
    if (ct->kind == CD_POINTER)
        ct = ct->item;
    CFieldObject *f = cc_names_get(CC_LOAD(ct->names), name);
    if (CC_LIKELY(f != NULL))
        return write_field(cd, f, value);
    f = find_field(cd, name);
    if (f != NULL)
        return write_field(cd, f, value);
    if (PyErr_Occurred())
        return -1;
    int status = PyObject_GenericSetAttr(self, name, value);
    if (status < 0)
        no_attribute(cd, name, true);
    return status;
}

/* ---- dir ---------------------------------------------------------------- */

PyObject *cc_cdata_dir(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    CTypeObject *record = cc_fields_owner(((CDataObject *)self)->ct);
    PyObject *names = PyList_New(0);
    if (names == NULL || record == NULL || record->flags & CT_OPAQUE)
        return names;
    if (cc_record_ready(record) < 0)
        goto failed;
    Py_ssize_t n = cc_field_count(record);
    for (Py_ssize_t i = 0; i < n; i++)
        if (PyList_Append(names, cc_field_at(record, i)->name) < 0)
            goto failed;
    return names;
failed:
    Py_DECREF(names);
    return NULL;
}
