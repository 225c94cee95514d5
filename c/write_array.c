/* write_array.c - initializers of arrays.                                   */
#include "cdata.h"

static CC_COLD int too_many(CTypeObject *array, Py_ssize_t got)
{
    PyErr_Format(PyExc_IndexError, "too many initializers for '%U' (got %zd)",
                 array->name, got);
    return -1;
}

static CC_COLD int too_long(CTypeObject *array, const char *what,
                            Py_ssize_t got)
{
    PyErr_Format(PyExc_IndexError, "initializer %s is too long for '%U' (got "
                 "%zd characters)", what, array->name, got);
    return -1;
}

/* As long as they are small ints in range: no Python code runs, so that with a
 * GIL nobody changes the list.                                               */
#define WRITE_INTS(type)                                                      \
    for (; i < n && cc_small_int(objects[i], &value); i++) {                  \
        type as_item = (type)value;                                           \
        if ((Py_ssize_t)as_item != value || (value < 0 && !item->is_signed))  \
            break;                                                            \
        memcpy(p + i * (Py_ssize_t)sizeof as_item, &as_item, sizeof as_item); \
    }                                                                         \
    break

/* How many of the items were written; those behind may be anything.          */
static Py_ssize_t write_small_ints(CTypeObject *item, char *p, Py_ssize_t n,
                                   PyObject *init)
{
    bool integer =
        item->klass == CD_CLASS_SINT || item->klass == CD_CLASS_UINT;
    if (CC_FREE_THREADED || item->kind != CD_PRIM || !integer)
        return 0;
    PyObject **objects = PySequence_Fast_ITEMS(init);
    Py_ssize_t i = 0, value;
    switch (item->is_signed ? item->size : -item->size) {
    case 1: WRITE_INTS(int8_t);
    case 2: WRITE_INTS(int16_t);
    case 4: WRITE_INTS(int32_t);
    case 8: WRITE_INTS(int64_t);
    case -1: WRITE_INTS(uint8_t);
    case -2: WRITE_INTS(uint16_t);
    case -4: WRITE_INTS(uint32_t);
    case -8: WRITE_INTS(uint64_t);
    default: break;
    }
    return i;
}
#undef WRITE_INTS

int cc_write_items(CTypeObject *item, char *p, Py_ssize_t n, PyObject *init)
{
    bool list = PyList_Check(init);
    Py_ssize_t i = write_small_ints(item, p, n, init);
    for (p += i * item->size; i < n; i++, p += item->size) {
        /* Conversion runs Python code, which may change the list. */
        PyObject *o = list ? cc_list_item(init, i)
                           : Py_NewRef(PyTuple_GET_ITEM(init, i));
        if (o == NULL)
            return -1;
        int status = item->write(item, p, o);
        if (CC_UNLIKELY(status < 0))
            cc_note_item(item, i, o);
        Py_DECREF(o);
        if (status < 0)
            return -1;
    }
    return 0;
}

/* Copies n bytes and the NUL where there is room. */
static int write_bytes(CTypeObject *array, char *p, Py_ssize_t length,
                       PyObject *init)
{
    const char *bytes = PyBytes_AS_STRING(init);
    Py_ssize_t n = PyBytes_GET_SIZE(init);
    if (length >= 0 && n > length)
        return too_long(array, "bytes", n);
    for (Py_ssize_t i = 0; array->item->flags & CT_BOOL && i < n; i++)
        if ((unsigned char)bytes[i] > 1) {
            PyErr_SetString(PyExc_ValueError, "an array of _Bool can only "
                            "contain \\x00 or \\x01");
            return -1;
        }
    memcpy(p, bytes, (size_t)(n + (n != length)));
    return 0;
}

static int write_str(CTypeObject *array, char *p, Py_ssize_t length,
                     PyObject *init)
{
    Py_ssize_t n = cc_wide_length(array->item, init);
    if (length >= 0 && n > length)
        return too_long(array, "unicode", n);
    cc_wide_copy(array->item, init, p, n + (n != length));
    return 0;
}

/* An array of the same type. 1: it is something else. */
static int write_same(CTypeObject *array, char *p, Py_ssize_t length,
                      PyObject *init)
{
    CDataObject *from = (CDataObject *)init;
    if (!cc_cdata_like(init) || from->ct != array)
        return 1;
    Py_ssize_t n = cc_array_length(from);
    if (length >= 0 && n > length)
        return too_many(array, n);
    if (from->data == NULL && n > 0) {
        cc_error_null("dereference null pointer", from->ct);
        return -1;
    }
    if (n > 0)
        memmove(p, from->data, (size_t)(n * array->item->size));
    return 0;
}

/* length -1: the room is not known, and not checked. */
int cc_write_array(CTypeObject *array, char *p, Py_ssize_t length,
                   PyObject *init)
{
    uint32_t flags = array->item->flags;
    const char *expected = "list or tuple";
    if (PyList_Check(init) || PyTuple_Check(init)) {
        Py_ssize_t n = Py_SIZE(init);
        if (length >= 0 && n > length)
            return too_many(array, n);
        return cc_write_items(array->item, p, n, init);
    }
    if (flags & (CT_CHARLIKE | CT_BOOL)) {
        if (PyBytes_Check(init))
            return write_bytes(array, p, length, init);
        expected = "bytes or list or tuple";
    } else if (flags & CT_WIDE) {
        if (PyUnicode_Check(init))
            return write_str(array, p, length, init);
        expected = "unicode or list or tuple";
    }
    int status = write_same(array, p, length, init);
    if (status > 0)
        cc_error_init(array, init, expected);
    return status > 0 ? -1 : status;
}

int cc_write_array_value(CTypeObject *ct, char *p, PyObject *o)
{
    return cc_write_array(ct, p, ct->length, o);
}

Py_ssize_t cc_length_from(CTypeObject *array, PyObject **init)
{
    PyObject *o = *init;
    if (PyList_Check(o) || PyTuple_Check(o))
        return Py_SIZE(o);
    if (PyBytes_Check(o))
        return PyBytes_GET_SIZE(o) + 1; /* and the NUL */
    if (PyUnicode_Check(o))
        return cc_wide_length(array->item, o) + 1;
    if (!PyIndex_Check(o)) {
        PyErr_Format(PyExc_TypeError, "expected new array length or list/tuple"
                     "/str, not %.200s", Py_TYPE(o)->tp_name);
        return -1;
    }
    Py_ssize_t length = PyNumber_AsSsize_t(o, PyExc_OverflowError);
    if (length < 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "negative array length");
    *init = NULL;
    return length;
}
