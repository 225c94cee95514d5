/* cdata_index.c - a[i], a[i:j], len(a).                                     */
#include "cdata.h"

/* ---- one item ----------------------------------------------------------- */

static CC_COLD char *bad_index(PyObject *exception, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    PyErr_FormatV(exception, format, args);
    va_end(args);
    return NULL;
}

/* An owning pointer to a record or number: only [0] is there.               */
static inline bool owns_one(CDataObject *cd)
{
    cc_state *st = cd->ct->state;
    return Py_TYPE(cd) == st->CDataOwn || Py_TYPE(cd) == st->CDataOwnGC;
}

/* As machines do it: no trap on overflow. */
static inline char *step_by(char *p, Py_ssize_t n, Py_ssize_t size)
{
    return (char *)((uintptr_t)p + (size_t)n * (size_t)size);
}

static char *pointer_item(CDataObject *cd, Py_ssize_t i)
{
    CTypeObject *ct = cd->ct;
    if (CC_UNLIKELY(cd->data == NULL)) {
        cc_error_null("dereference null pointer", ct);
        return NULL;
    }
    if (i != 0 && owns_one(cd))
        return bad_index(PyExc_IndexError,
                         "cdata '%U' can only be indexed by 0", ct->name);
    Py_ssize_t size = ct->item->size;
    if (CC_LIKELY(size >= 0))
        return step_by(cd->data, i, size);
    if (ct->item->flags & (CT_LATE | CT_UNAVAIL)) {
        cc_error_not_usable(ct->item);
        return NULL;
    }
    if (ct->item->kind == CD_PRIM)
        return bad_index(PyExc_TypeError, "cdata '%U' is opaque",
                         ct->item->name);
    if (i != 0)
        return bad_index(PyExc_TypeError,
                         "ctype '%U' points to items of unknown size",
                         ct->name);
    return cd->data;
}

/* The reason why there is no item i. */
static CC_COLD char *no_item(CDataObject *cd, Py_ssize_t i)
{
    CTypeObject *ct = cd->ct;
    if (i < 0)
        return bad_index(PyExc_IndexError, "negative index");
    if (cd->data != NULL)
        return bad_index(PyExc_IndexError,
                         "index too large for cdata '%U' (expected %zd < %zd)",
                         ct->name, i, cc_array_length(cd));
    if (Py_TYPE(cd) == ct->state->CDataFromBuf)
        return bad_index(PyExc_ValueError,
                         "the buffer of cdata '%U' has been released",
                         ct->name);
    cc_error_null("dereference null pointer", ct);
    return NULL;
}

static char *array_item(CDataObject *cd, Py_ssize_t i)
{
    CTypeObject *ct = cd->ct;
    Py_ssize_t length = cc_array_length(cd);
    if (CC_LIKELY((size_t)i < (size_t)length && cd->data != NULL))
        return cd->data + i * ct->item->size;
    return no_item(cd, i);
}

/* The address of item `key`; NULL with an exception. */
static char *item_at(CDataObject *cd, PyObject *key)
{
    CTypeObject *ct = cd->ct;
    Py_ssize_t i;
    if (ct->kind != CD_ARRAY && ct->kind != CD_POINTER)
        return bad_index(PyExc_TypeError, "cdata of type '%U' cannot be "
                         "indexed", ct->name);
    if (CC_UNLIKELY(!cc_small_int(key, &i))) {
        i = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred())
            return NULL;
    }
    char *p = ct->kind == CD_ARRAY ? array_item(cd, i) : pointer_item(cd, i);
    if (CC_UNLIKELY(p == NULL) && !PyErr_Occurred())
        cc_error_null("dereference null pointer", ct);
    return p;
}

/* Items that an array's memory has: none of NULL.  Not asked of a buffer's.  */
static inline size_t known_length(const CDataObject *cd)
{
    return (size_t)(cd->ct->length >= 0 ? cd->ct->length
                                        : ((const CDataSized *)cd)->extent);
}

/* The item of an array where all is well, without a call; NULL without an
 * exception: item_at() has to look.                                         */
static inline char *usual_item(CDataObject *cd, PyObject *key)
{
    Py_ssize_t i;
    if (CC_LIKELY(cd->ct->kind == CD_ARRAY && cc_small_int(key, &i)) &&
        CC_LIKELY((size_t)i < known_length(cd) && cd->data != NULL))
        return cd->data + i * cd->ct->item->size;
    return NULL;
}

/* p[0] of a pointer that owns a record owns it too. */
static PyObject *owned_record(CDataObject *cd)
{
    if (Py_TYPE(cd) == cd->ct->state->CDataOwn)
        return cc_cdata_view(cd);
    return Py_NewRef(((CDataKeeper *)cd)->kept);
}

/* ---- slices ------------------------------------------------------------- */

static int slice_bound(PyObject *o, const char *which, Py_ssize_t *bound)
{
    if (CC_LIKELY(cc_small_int(o, bound)))
        return 0;
    if (o == Py_None) {
        PyErr_Format(PyExc_IndexError, "slice %s must be specified", which);
        return -1;
    }
    *bound = PyNumber_AsSsize_t(o, PyExc_OverflowError);
    return *bound == -1 && PyErr_Occurred() ? -1 : 0;
}

/* Bounds of a slice, checked against an array's length.  0/-1 */
static int slice_bounds(CDataObject *cd, PyObject *key, Py_ssize_t *start,
                        Py_ssize_t *stop)
{
    PySliceObject *slice = (PySliceObject *)key;
    CTypeObject *ct = cd->ct;
    if (slice_bound(slice->start, "start", start) < 0 ||
        slice_bound(slice->stop, "stop", stop) < 0)
        return -1;
    if (slice->step != Py_None)
        bad_index(PyExc_IndexError, "slice with step not supported");
    else if (ct->kind != CD_ARRAY && ct->kind != CD_POINTER)
        bad_index(PyExc_TypeError, "cdata of type '%U' cannot be indexed",
                  ct->name);
    else if (*start > *stop)
        bad_index(PyExc_IndexError, "slice start > stop");
    else if (ct->kind == CD_ARRAY && *start < 0)
        bad_index(PyExc_IndexError, "negative index");
    else if (ct->kind == CD_ARRAY && *stop > cc_array_length(cd))
        bad_index(PyExc_IndexError, "index too large (expected %zd <= %zd)",
                  *stop, cc_array_length(cd));
    else if (ct->item->size < 0)
        bad_index(PyExc_ValueError, "array item of unknown size: '%U'",
                  ct->item->name);
    else
        return 0;
    return -1;
}

/* "T[]" for slices of a "T *" or "T[n]", which keeps it.                    */
static BORROWED CTypeObject *slice_type(CTypeObject *ct)
{
    CTypeObject *array = CC_LOAD(ct->slices);
    if (CC_LIKELY(array != NULL))
        return array;
    array = cc_ctype_array(ct->item, -1);
    if (array != ct) /* or it would keep itself */
        CC_STORE(ct->slices, array);
    else
        Py_DECREF(array);
    return array;
}

/* The slice of an array where all is well; NULL: exception, or none, and
 * read_slice() has to look.                                                  */
static inline PyObject *usual_slice(CDataObject *cd, PySliceObject *slice)
{
    CTypeObject *ct = cd->ct;
    Py_ssize_t start, stop;
    if (ct->kind != CD_ARRAY || cd->data == NULL || slice->step != Py_None ||
        !cc_small_int(slice->start, &start) ||
        !cc_small_int(slice->stop, &stop))
        return NULL;
    CTypeObject *array = CC_LOAD(ct->slices);
    if (CC_UNLIKELY(start < 0 || start > stop || array == NULL ||
                    (size_t)stop > known_length(cd)))
        return NULL;
    return cc_cdata_sized(array, cd->data + start * ct->item->size,
                          stop - start);
}

static PyObject *read_slice(CDataObject *cd, PyObject *key)
{
    PyObject *usual = usual_slice(cd, (PySliceObject *)key);
    if (CC_LIKELY(usual != NULL) || PyErr_Occurred())
        return usual;
    Py_ssize_t start, stop;
    if (slice_bounds(cd, key, &start, &stop) < 0)
        return NULL;
    if (cd->data == NULL && start < stop) {
        no_item(cd, start < 0 ? 0 : start);
        return NULL;
    }
    CTypeObject *item = cd->ct->item;
    CTypeObject *array = slice_type(cd->ct);
    if (array == NULL)
        return NULL;
    return cc_cdata_sized(array, step_by(cd->data, start, item->size),
                          stop - start);
}

/* bytes and bytearrays into characters: one copy.  1: not such a case.      */
static int write_slice_bytes(CTypeObject *item, char *p, Py_ssize_t n,
                             PyObject *value)
{
    if (!(item->flags & CT_CHARLIKE) ||
        !(PyBytes_Check(value) || PyByteArray_Check(value)))
        return 1;
    Py_buffer view;
    if (PyObject_GetBuffer(value, &view, PyBUF_SIMPLE) < 0)
        return -1;
    Py_ssize_t got = view.len;
    if (got == n && n > 0)
        memmove(p, view.buf, (size_t)n);
    PyBuffer_Release(&view);
    if (got == n)
        return 0;
    PyErr_Format(PyExc_ValueError, "need a string of length %zd, got %zd", n,
                 got);
    return -1;
}

/* An array of the same items: one copy.  1: not such a case. */
static int write_slice_array(CTypeObject *item, char *p, Py_ssize_t n,
                             PyObject *value)
{
    CDataObject *from = (CDataObject *)value;
    if (!cc_cdata_like(value) || from->ct->kind != CD_ARRAY ||
        from->ct->item != item || cc_array_length(from) != n)
        return 1;
    if (from->data == NULL && n > 0) {
        no_item(from, 0);
        return -1;
    }
    if (n > 0)
        memmove(p, from->data, (size_t)(n * item->size));
    return 0;
}

static int write_slice_items(CTypeObject *item, char *p, Py_ssize_t n,
                             PyObject *value)
{
    PyObject *iter = PyObject_GetIter(value);
    if (iter == NULL)
        return -1;
    int status = -1;
    PyObject *object = NULL;
    for (Py_ssize_t i = 0; i < n; i++, p += item->size) {
        object = PyIter_Next(iter);
        if (object == NULL) {
            if (!PyErr_Occurred())
                PyErr_Format(PyExc_ValueError,
                             "need %zd values to unpack, got %zd", n, i);
            goto done;
        }
        if (item->write(item, p, object) < 0)
            goto done;
        Py_CLEAR(object);
    }
    object = PyIter_Next(iter);
    if (object != NULL)
        PyErr_Format(PyExc_ValueError, "got more than %zd values to unpack",
                     n);
    else if (!PyErr_Occurred())
        status = 0;
done:
    Py_XDECREF(object);
    Py_DECREF(iter);
    return status;
}

static int write_slice(CDataObject *cd, PyObject *key, PyObject *value)
{
    Py_ssize_t start, stop;
    if (slice_bounds(cd, key, &start, &stop) < 0)
        return -1;
    if (cd->data == NULL && start != stop) {
        cc_error_null("dereference null pointer", cd->ct);
        return -1;
    }
    CTypeObject *item = cd->ct->item;
    char *p = step_by(cd->data, start, item->size);
    int status = write_slice_bytes(item, p, stop - start, value);
    if (status > 0)
        status = write_slice_array(item, p, stop - start, value);
    if (status > 0)
        status = write_slice_items(item, p, stop - start, value);
    return status;
}

/* ---- slots -------------------------------------------------------------- */

/* Out of line, so that the usual item costs no more than itself. */
static CC_NOINLINE PyObject *read_otherwise(CDataObject *cd, PyObject *key)
{
    if (PySlice_Check(key))
        return read_slice(cd, key);
    char *p = item_at(cd, key);
    if (CC_UNLIKELY(p == NULL))
        return NULL;
    CTypeObject *item = cd->ct->item;
    if (cc_is_record(item) && cd->ct->kind == CD_POINTER && owns_one(cd))
        return owned_record(cd);
    return item->read(item, p);
}

PyObject *cc_cdata_subscript(PyObject *self, PyObject *key)
{
    CDataObject *cd = (CDataObject *)self;
    char *p = usual_item(cd, key);
    if (CC_LIKELY(p != NULL))
        return cd->ct->item->read(cd->ct->item, p);
    return read_otherwise(cd, key);
}

static int write_item(CDataObject *cd, PyObject *key, PyObject *value)
{
    CTypeObject *item = cd->ct->item;
    char *p = usual_item(cd, key);
    if (CC_LIKELY(p != NULL))
        return item->write(item, p, value);
    if (PySlice_Check(key))
        return write_slice(cd, key, value);
    p = item_at(cd, key);
    if (CC_UNLIKELY(p == NULL))
        return -1;
    if (item->flags & CT_FLEX && cc_is_record(item) &&
        cd->ct->kind == CD_POINTER && cc_has_extent(cd))
        return cc_write_record_within(item, p, cc_cdata_bytes(cd), value);
    return item->write(item, p, value);
}

int cc_cdata_ass_subscript(PyObject *self, PyObject *key, PyObject *value)
{
    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError,
                        "'del x[n]' not supported for cdata objects");
        return -1;
    }
    cc_hold(self); /* conversion runs Python code */
    int status = write_item((CDataObject *)self, key, value);
    cc_unhold(self);
    return status;
}

Py_ssize_t cc_cdata_length(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    if (cd->ct->kind == CD_ARRAY)
        return cc_array_length(cd);
    PyErr_Format(PyExc_TypeError, "cdata of type '%U' has no len()",
                 cd->ct->name);
    return -1;
}
