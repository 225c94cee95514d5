/* buffer.c - ffi.buffer: C memory as a buffer of bytes.                     */
#include "cdata.h"
#include "module.h"
#include <structmember.h>

typedef struct BufferObject {
    PyObject_HEAD
    char *data;
    Py_ssize_t size;
    PyObject *owner;        /* owned: the cdata                              */
    PyObject *weakrefs;
} BufferObject;

/* ---- making ------------------------------------------------------------- */

static int warn_if_larger(CDataObject *cd, Py_ssize_t size)
{
    cc_state *st = cd->ct->state;
    if (Py_TYPE(cd) != st->CDataOwn || size <= cc_cdata_bytes(cd))
        return 0;
    return PyErr_WarnFormat(
        PyExc_UserWarning, 1,
        "ffi.buffer(cdata, bytes): creating a buffer of %zd bytes over a "
        "cdata that owns only %zd bytes.  This will crash if you access the "
        "extra memory", size, cc_cdata_bytes(cd));
}

/* size -1: what the type or the array says.                                  */
static PyObject *buffer_of(PyTypeObject *type, PyObject *o, Py_ssize_t size)
{
    if (!cc_cdata_like(o))
        return PyErr_Format(PyExc_TypeError, "buffer() argument 1 must be "
                            "_CDataBase, not %.200s", cc_kind_of(o));
    CDataObject *cd = (CDataObject *)o;
    if (cd->ct->kind != CD_POINTER && cd->ct->kind != CD_ARRAY)
        return PyErr_Format(PyExc_TypeError, "expected a pointer or array "
                            "cdata, got '%U'", cd->ct->name);
    Py_ssize_t known = cc_cdata_bytes(cd);
    if (size < 0 && known < 0)
        return PyErr_Format(PyExc_TypeError,
                            "don't know the size pointed to by '%U'",
                            cd->ct->name);
    if (size < 0)
        size = known;
    else if (warn_if_larger(cd, size) < 0)
        return NULL;
    if (cd->data == NULL && size > 0)
        return PyErr_Format(PyExc_RuntimeError, "cannot use buffer() on %R", o);
    BufferObject *b = PyObject_GC_New(BufferObject, type);
    if (b == NULL)
        return NULL;
    b->data = cd->data;
    b->size = size;
    b->owner = Py_NewRef(o);
    cc_hold(o);
    b->weakrefs = NULL;
    PyObject_GC_Track(b);
    return (PyObject *)b;
}

/* A call of the type itself, with no tuple made of the arguments.            */
PyObject *cc_buffer_call(PyObject *type, PyObject *const *args, size_t nargsf,
                         PyObject *kwnames)
{
    static const cc_params params = {"buffer", 2, 1, {"cdata", "size"}};
    PyObject *a[2];
    Py_ssize_t size = -1;
    if (cc_args(&params, args, PyVectorcall_NARGS(nargsf), kwnames, a) < 0)
        return NULL;
    if (a[1] != NULL) {
        PyObject *index = PyNumber_Index(a[1]);
        size = index ? PyLong_AsSsize_t(index) : -1;
        Py_XDECREF(index);
        if (size == -1 && PyErr_Occurred())
            return NULL;
    }
    return buffer_of((PyTypeObject *)type, a[0], size);
}

static PyObject *buffer_new(PyTypeObject *type, PyObject *args,
                            PyObject *kwargs)
{
    return PyVectorcall_Call((PyObject *)type, args, kwargs);
}

static int buffer_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((BufferObject *)self)->owner);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int buffer_clear(PyObject *self)
{
    BufferObject *b = (BufferObject *)self;
    b->data = NULL;
    b->size = 0;
    if (b->owner != NULL)
        cc_unhold(b->owner);
    Py_CLEAR(b->owner);
    return 0;
}

static void buffer_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    BufferObject *b = (BufferObject *)self;
    PyObject_GC_UnTrack(self);
    if (b->weakrefs != NULL)
        PyObject_ClearWeakRefs(self);
    buffer_clear(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

/* ---- items and slices --------------------------------------------------- */

static Py_ssize_t buffer_length(PyObject *self)
{
    return ((BufferObject *)self)->size;
}

static PyObject *buffer_item(PyObject *self, Py_ssize_t i)
{
    BufferObject *b = (BufferObject *)self;
    if (i < 0 || i >= b->size) {
        PyErr_SetString(PyExc_IndexError, "buffer index out of range");
        return NULL;
    }
    return PyBytes_FromStringAndSize(b->data + i, 1);
}

/* The index or slice that `key` means, as start and length.  1 slice, 0 index,
 * -1 error.                                                                 */
static int buffer_key(BufferObject *b, PyObject *key, Py_ssize_t *start,
                      Py_ssize_t *length)
{
    Py_ssize_t stop, step;
    if (PyIndex_Check(key)) {
        *start = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if (*start == -1 && PyErr_Occurred())
            return -1;
        if (*start < 0)
            *start += b->size;
        *length = 1;
        return 0;
    }
    if (!PySlice_Check(key)) {
        PyErr_Format(PyExc_TypeError, "buffer indices must be integers, not "
                     "%.200s", Py_TYPE(key)->tp_name);
        return -1;
    }
    if (PySlice_Unpack(key, start, &stop, &step) < 0)
        return -1;
    *length = PySlice_AdjustIndices(b->size, start, &stop, step);
    if (step == 1)
        return 1;
    PyErr_SetString(PyExc_TypeError,
                    "buffer doesn't support slicing with step != 1");
    return -1;
}

static PyObject *buffer_subscript(PyObject *self, PyObject *key)
{
    BufferObject *b = (BufferObject *)self;
    Py_ssize_t start, length;
    switch (buffer_key(b, key, &start, &length)) {
    case 0: return buffer_item(self, start);
    case 1: return PyBytes_FromStringAndSize(b->data + start, length);
    default: return NULL;
    }
}

static int assign_item(BufferObject *b, Py_ssize_t i, PyObject *value)
{
    if (i < 0 || i >= b->size)
        PyErr_SetString(PyExc_IndexError,
                        "buffer assignment index out of range");
    else if (!PyBytes_Check(value) || PyBytes_GET_SIZE(value) != 1)
        PyErr_Format(PyExc_TypeError, "must assign a bytes of length 1, not "
                     "%.200s", Py_TYPE(value)->tp_name);
    else {
        b->data[i] = PyBytes_AS_STRING(value)[0];
        return 0;
    }
    return -1;
}

static int assign_slice(BufferObject *b, Py_ssize_t start, Py_ssize_t length,
                        PyObject *value)
{
    Py_buffer view;
    if (PyObject_GetBuffer(value, &view, PyBUF_SIMPLE) < 0)
        return -1;
    bool fits = view.len == length;
    if (fits && length > 0)
        memmove(b->data + start, view.buf, (size_t)length);
    if (!fits)
        PyErr_SetString(PyExc_ValueError,
                        "right operand length must match slice length");
    PyBuffer_Release(&view);
    return fits ? 0 : -1;
}

static int buffer_ass_subscript(PyObject *self, PyObject *key, PyObject *value)
{
    BufferObject *b = (BufferObject *)self;
    Py_ssize_t start, length;
    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError,
                        "'del x[n]' not supported for buffer objects");
        return -1;
    }
    switch (buffer_key(b, key, &start, &length)) {
    case 0: return assign_item(b, start, value);
    case 1: return assign_slice(b, start, length, value);
    default: return -1;
    }
}

/* ---- comparison, the buffer protocol ------------------------------------ */

static PyObject *buffer_richcompare(PyObject *v, PyObject *w, int op)
{
    Py_buffer a, b;
    if (PyObject_GetBuffer(v, &a, PyBUF_SIMPLE) < 0)
        return NULL;
    if (!PyObject_CheckBuffer(w) ||
        PyObject_GetBuffer(w, &b, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        PyBuffer_Release(&a);
        Py_RETURN_NOTIMPLEMENTED;
    }
    Py_ssize_t shorter = a.len < b.len ? a.len : b.len;
    Py_ssize_t order = shorter > 0 ? memcmp(a.buf, b.buf, (size_t)shorter) : 0;
    if (order == 0)
        order = (a.len > b.len) - (a.len < b.len);
    PyBuffer_Release(&a);
    PyBuffer_Release(&b);
    Py_RETURN_RICHCOMPARE(order, 0, op);
}

static int buffer_get(PyObject *self, Py_buffer *view, int flags)
{
    BufferObject *b = (BufferObject *)self;
    return PyBuffer_FillInfo(view, self, b->data, b->size, 0, flags);
}

PyDoc_STRVAR(buffer_doc,
"buffer(cdata, size=-1)\n\n"
"The memory that a pointer or array shows to, as a writable buffer of bytes:\n"
"len, indexing (bytes of length 1), slices (bytes), assignment to both,\n"
"comparison, and the buffer protocol.  size: bytes; default: of what the\n"
"pointer's type says, or of the whole array.  Keeps the cdata alive.\n\n"
"TypeError: no pointer or array, or its size is not known.");

static PyMemberDef buffer_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(BufferObject, weakrefs),
     READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot buffer_slots[] = {
    {Py_tp_doc, (void *)buffer_doc},
    {Py_tp_new, buffer_new},
    {Py_tp_dealloc, buffer_dealloc},
    {Py_tp_traverse, buffer_traverse},
    {Py_tp_clear, buffer_clear},
    {Py_tp_richcompare, buffer_richcompare},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_members, buffer_members},
    {Py_sq_item, buffer_item},
    {Py_sq_length, buffer_length},
    {Py_mp_length, buffer_length},
    {Py_mp_subscript, buffer_subscript},
    {Py_mp_ass_subscript, buffer_ass_subscript},
    {Py_bf_getbuffer, buffer_get},
    {0, NULL},
};

PyType_Spec cc_buffer_spec = {
    .name = "cffi_core.buffer",
    .basicsize = sizeof(BufferObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = buffer_slots,
};
