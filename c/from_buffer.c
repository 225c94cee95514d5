/* from_buffer.c - __CDataFromBuf: C data over another object's buffer. */
#include "cdata.h"

/* Takes the view out, so that of several threads one releases it; with
 * view->obj NULL there is nothing to release (any more, or yet).             */
static void take_view(CDataBuf *buf, Py_buffer *view)
{
    memset(view, 0, sizeof *view);
    if (buf->holds > 0 || !buf->released)
        return;
    *view = buf->view;
    memset(&buf->view, 0, sizeof buf->view);
}

void cc_buffer_release(CDataBuf *buf)
{
    Py_buffer view;
    CC_BEGIN_CRITICAL(buf);
    buf->released = true;
    buf->sized.base.data = NULL; /* the memory may move or go from now on */
    buf->sized.extent = 0;
    take_view(buf, &view);
    CC_END_CRITICAL();
    PyBuffer_Release(&view);
}

void cc_buffer_hold(CDataBuf *buf)
{
    CC_BEGIN_CRITICAL(buf);
    buf->holds++;
    CC_END_CRITICAL();
}

void cc_buffer_unhold(CDataBuf *buf)
{
    Py_buffer view;
    CC_BEGIN_CRITICAL(buf);
    buf->holds--;
    take_view(buf, &view);
    CC_END_CRITICAL();
    PyBuffer_Release(&view);
}

static int buf_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((CDataBuf *)self)->view.obj);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int buf_clear(PyObject *self)
{
    cc_buffer_release((CDataBuf *)self);
    return 0;
}

static void buf_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    buf_clear(self);
    cc_cdata_forget((CDataObject *)self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyType_Slot buf_slots[] = {
    {Py_tp_doc, "A cdata over another object's buffer: see "
                "ffi.from_buffer()."},
    {Py_tp_dealloc, buf_dealloc},
    {Py_tp_traverse, buf_traverse},
    {Py_tp_clear, buf_clear},
    {0, NULL},
};

PyType_Spec cc_cdata_from_buf_spec = {
    .name = "cffi_core.__CDataFromBuf",
    .basicsize = sizeof(CDataBuf),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = buf_slots,
};

/* ---- ffi.from_buffer ---------------------------------------------------- */

/* Length of the array that fits the buffer (-1: a pointer); -2 on error.    */
static Py_ssize_t fitting_length(CTypeObject *ct, const Py_buffer *view)
{
    if (ct->kind == CD_POINTER)
        return -1;
    if (ct->length < 0) {
        Py_ssize_t item = ct->item->size;
        if (item > 0)
            return view->len / item;
        if (item < 0)
            PyErr_Format(PyExc_ValueError, "array item of unknown size: '%U'",
                         ct->item->name);
        else
            PyErr_Format(PyExc_ZeroDivisionError, "from_buffer('%U', ..): the "
                         "actual length of the array cannot be computed",
                         ct->name);
        return -2;
    }
    if (ct->size <= view->len)
        return ct->length;
    PyErr_Format(PyExc_ValueError,
                 "buffer is too small (%zd bytes) for '%U' (%zd bytes)",
                 view->len, ct->name, ct->size);
    return -2;
}

/* Locks the buffer of an object; -1 with the exception users expect. */
static int get_view(PyObject *obj, bool writable, Py_buffer *view)
{
    if (PyUnicode_Check(obj)) {
        PyErr_SetString(PyExc_TypeError, "from_buffer() cannot return the "
                        "address of a unicode object");
        return -1;
    }
    return PyObject_GetBuffer(obj, view, writable ? PyBUF_WRITABLE
                                                  : PyBUF_SIMPLE);
}

PyObject *cc_from_buffer(cc_state *st, CTypeObject *ct, PyObject *obj,
                         bool writable)
{
    if (ct == NULL)
        ct = cc_char_array(st);
    if (ct == NULL)
        return NULL;
    if (ct->kind != CD_ARRAY && ct->kind != CD_POINTER)
        return PyErr_Format(PyExc_TypeError, "expected a pointer or array "
                            "ctype, got '%U'", ct->name);
    Py_buffer view;
    if (get_view(obj, writable, &view) < 0)
        return NULL;
    Py_ssize_t length = fitting_length(ct, &view);
    CDataBuf *buf = NULL;
    PyTypeObject *type = cc_type(st, CC_CDataFromBuf);
    if (length >= -1 && type != NULL)
        buf = PyObject_GC_New(CDataBuf, type);
    if (buf == NULL) {
        PyBuffer_Release(&view);
        return NULL;
    }
    buf->sized.base.ct = (CTypeObject *)Py_NewRef((PyObject *)ct);
    buf->sized.base.data = view.buf;
    buf->sized.base.weakrefs = NULL;
    buf->sized.extent = length;
    buf->view = view;
    buf->holds = 0;
    buf->released = false;
    PyObject_GC_Track(buf);
    return (PyObject *)buf;
}
