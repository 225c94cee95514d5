/* memmove.c - ffi.memmove(): between C memory and buffers.                  */
#include "cdata.h"

/* One side of a move: an address, and the buffer to release if it was one.  */
typedef struct side {
    char *data;
    Py_buffer view;         /* view.obj NULL: a cdata                        */
    PyObject *held;         /* that cdata; NULL: none                        */
} side;

/* A bytes object's terminating NUL may be read, as C code expects. */
static int check_length(PyObject *o, const Py_buffer *view, Py_ssize_t n)
{
    Py_ssize_t there = view->len + (PyBytes_CheckExact(o) ? 1 : 0);
    if (n <= there)
        return 0;
    PyErr_Format(PyExc_ValueError, "memmove() of %zd bytes with a '%.200s' "
                 "object of only %zd bytes", n, Py_TYPE(o)->tp_name,
                 view->len);
    return -1;
}

static int open_side(PyObject *o, bool writable, Py_ssize_t n, side *s)
{
    memset(s, 0, sizeof *s);
    if (!cc_cdata_like(o)) {
        int flags = writable ? PyBUF_WRITABLE : PyBUF_SIMPLE;
        if (PyObject_GetBuffer(o, &s->view, flags) < 0)
            return -1;
        s->data = s->view.buf;
        if (check_length(o, &s->view, n) == 0)
            return 0;
        PyBuffer_Release(&s->view);
        return -1;
    }
    CDataObject *cd = (CDataObject *)o;
    s->data = cd->data;
    if (cd->ct->kind != CD_POINTER && cd->ct->kind != CD_ARRAY)
        PyErr_Format(PyExc_TypeError,
                     "expected a pointer or array ctype, got '%U'",
                     cd->ct->name);
    else if (s->data == NULL && n > 0)
        cc_error_null("dereference null pointer", cd->ct);
    else {
        s->held = o;
        cc_hold(o); /* to open the other side may run Python code */
        return 0;
    }
    return -1;
}

static void close_side(side *s)
{
    if (s->held != NULL)
        cc_unhold(s->held);
    PyBuffer_Release(&s->view);
}

PyObject *cc_memmove(cc_state *Py_UNUSED(st), PyObject *dst, PyObject *src,
                     Py_ssize_t n)
{
    side to, from;
    if (n < 0) {
        PyErr_SetString(PyExc_ValueError, "negative size");
        return NULL;
    }
    if (open_side(src, false, n, &from) < 0)
        return NULL;
    if (open_side(dst, true, n, &to) < 0) {
        close_side(&from);
        return NULL;
    }
    if (n > 0)
        memmove(to.data, from.data, (size_t)n);
    close_side(&from);
    close_side(&to);
    Py_RETURN_NONE;
}
