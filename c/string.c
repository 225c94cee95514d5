/* string.c - ffi.string() and ffi.unpack().                                 */
#include "cdata.h"

static CC_COLD PyObject *null_pointer(const char *what, PyObject *cdata)
{
    return PyErr_Format(PyExc_RuntimeError, "cannot use %s() on %R", what,
                        cdata);
}

/* ---- one value ---------------------------------------------------------- */

PyObject *cc_enum_name(CTypeObject *ct, PyObject *value)
{
    PyObject *names = PyObject_GetAttrString((PyObject *)ct, "elements");
    if (names == NULL) { /* an opaque enum has none */
        if (PyErr_ExceptionMatches(PyExc_AttributeError))
            PyErr_Clear();
        return NULL;
    }
    PyObject *name = PyDict_GetItemWithError(names, value);
    Py_XINCREF(name);
    Py_DECREF(names);
    return name;
}

static PyObject *enum_string(CDataObject *cd)
{
    PyObject *value = cd->ct->read(cd->ct, cd->data);
    if (value == NULL)
        return NULL;
    PyObject *name = cc_enum_name(cd->ct, value);
    if (name == NULL && !PyErr_Occurred())
        name = PyObject_Str(value);
    Py_DECREF(value);
    return name;
}

static PyObject *primitive_string(CDataObject *cd)
{
    CTypeObject *ct = cd->ct;
    if (ct->kind == CD_ENUM)
        return enum_string(cd);
    if (ct->flags & CT_CHARLIKE)
        return PyBytes_FromStringAndSize(cd->data, 1);
    if (ct->flags & CT_WIDE)
        return cc_wide_string(ct, cd->data, 1);
    return PyErr_Format(PyExc_TypeError,
                        "string(): unexpected cdata '%U' argument", ct->name);
}

/* ---- up to the NUL ------------------------------------------------------ */

/* Units before the NUL, at most `most` (-1: however many there are). */
static Py_ssize_t units_before_nul(CTypeObject *item, const char *p,
                                   Py_ssize_t most)
{
    static const char nul[4];
    size_t size = (size_t)item->size;
    Py_ssize_t n = 0;
    if (size == 1) {
        if (most < 0)
            return (Py_ssize_t)strlen(p);
        const char *end = memchr(p, 0, (size_t)most);
        return end != NULL ? end - p : most;
    }
    while ((most < 0 || n < most) && memcmp(p + (size_t)n * size, nul, size))
        n++;
    return n;
}

PyObject *cc_string(cc_state *st, PyObject *cdata, Py_ssize_t maxlen)
{
    CDataObject *cd = (CDataObject *)cdata;
    if (!cc_cdata_like(cdata))
        return cc_error_no_cdata(st, "string", cdata);
    CTypeObject *ct = cd->ct, *item = ct->item;
    if (cc_is_primitive(ct))
        return primitive_string(cd);
    if ((ct->kind != CD_POINTER && ct->kind != CD_ARRAY) ||
        !(item->flags & (CT_CHARLIKE | CT_WIDE)))
        return PyErr_Format(PyExc_TypeError,
                            "string(): unexpected cdata '%U' argument",
                            ct->name);
    if (cd->data == NULL)
        return null_pointer("string", cdata);
    if (ct->kind == CD_ARRAY &&
        (maxlen < 0 || maxlen > cc_array_length(cd)))
        maxlen = cc_array_length(cd);
    Py_ssize_t n = units_before_nul(item, cd->data, maxlen < 0 ? -1 : maxlen);
    if (item->flags & CT_WIDE)
        return cc_wide_string(item, cd->data, n);
    return PyBytes_FromStringAndSize(cd->data, n);
}

/* ---- unpack ------------------------------------------------------------- */

static PyObject *unpack_list(CTypeObject *item, const char *p, Py_ssize_t n)
{
    PyObject *list = PyList_New(n);
    if (list == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++, p += item->size) {
        PyObject *value = item->read(item, p);
        if (value == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, i, value);
    }
    return list;
}

/* An array's own length is no limit: `char data[1]` at the end of a struct is
 * how C before C99 says "and more".                                         */
PyObject *cc_unpack(cc_state *st, PyObject *cdata, Py_ssize_t length)
{
    CDataObject *cd = (CDataObject *)cdata;
    if (!cc_cdata_like(cdata))
        return cc_error_no_cdata(st, "unpack", cdata);
    CTypeObject *ct = cd->ct, *item = ct->item;
    if (ct->kind != CD_POINTER && ct->kind != CD_ARRAY)
        return PyErr_Format(PyExc_TypeError,
                            "expected a pointer or array, got '%U'",
                            ct->name);
    if (length < 0) {
        PyErr_SetString(PyExc_ValueError, "'length' cannot be negative");
        return NULL;
    }
    if (cd->data == NULL)
        return null_pointer("unpack", cdata);
    if (item->size < 0)
        return PyErr_Format(PyExc_ValueError,
                            "'%U' points to items of unknown size", ct->name);
    if (cc_is_char(item))
        return PyBytes_FromStringAndSize(cd->data, length);
    if (item->flags & CT_WIDE)
        return cc_wide_string(item, cd->data, length);
    return unpack_list(item, cd->data, length);
}
