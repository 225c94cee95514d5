/* write.c - Python objects to floating and complex values, and characters. */
#include "cdata.h"

int cc_write_nothing(CTypeObject *ct, char *Py_UNUSED(p),
                     PyObject *Py_UNUSED(o))
{
    return cc_error_not_usable(ct);
}

/* ---- floating and complex types ----------------------------------------- */

int cc_write_float(CTypeObject *ct, char *p, PyObject *o)
{
    if (cc_cdata_like(o)) {
        CDataObject *cd = (CDataObject *)o;
        if (cc_is_wide_float(ct) && cd->ct->klass == CD_CLASS_FLOAT) {
            if (cd->ct == ct) /* not even one bit is lost */
                memmove(p, cd->data, (size_t)ct->size);
            else
                cc_write_long_double(ct, p,
                                     cc_read_long_double(cd->ct, cd->data));
            return 0;
        }
    }
    double value = PyFloat_AsDouble(o);
    if (value == -1.0 && PyErr_Occurred())
        return -1;
    cc_write_double(ct, p, value);
    return 0;
}

int cc_write_complex_object(CTypeObject *ct, char *p, PyObject *o)
{
    if (cc_cdata_like(o)) {
        CDataObject *cd = (CDataObject *)o;
        if (cd->ct == ct) {
            memmove(p, cd->data, (size_t)ct->size);
            return 0;
        }
        if (cd->ct->klass != CD_CLASS_COMPLEX) {
            PyErr_Format(PyExc_TypeError, "complex() not supported on cdata "
                         "'%U'", cd->ct->name);
            return -1;
        }
    }
    Py_complex value = PyComplex_AsCComplex(o);
    if (value.real == -1.0 && PyErr_Occurred())
        return -1;
    cc_write_complex(ct, p, value);
    return 0;
}

/* ---- characters --------------------------------------------------------- */

int cc_write_char(CTypeObject *Py_UNUSED(ct), char *p, PyObject *o)
{
    if (PyBytes_Check(o) && PyBytes_GET_SIZE(o) == 1) {
        *p = PyBytes_AS_STRING(o)[0];
        return 0;
    }
    if (cc_cdata_like(o) && cc_is_char(((CDataObject *)o)->ct)) {
        *p = *((CDataObject *)o)->data;
        return 0;
    }
    PyErr_Format(PyExc_TypeError, "initializer for ctype 'char' must be a "
                 "bytes of length 1, not %.200s", cc_cdata_kind(o));
    return -1;
}

/* CFFI calls a wchar_t by what it is like.                                   */
static CC_COLD int bad_wide(CTypeObject *ct, PyObject *o)
{
    char got[80];
    if (!PyUnicode_Check(o))
        snprintf(got, sizeof got, "%.70s", cc_cdata_kind(o));
    else if (PyUnicode_GET_LENGTH(o) == 1)
        snprintf(got, sizeof got, "larger-than-0xFFFF character");
    else
        snprintf(got, sizeof got, "unicode string of length %lld",
                 (long long)PyUnicode_GET_LENGTH(o));
    PyErr_Format(PyExc_TypeError, "initializer for ctype 'char%d_t' must be a "
                 "unicode string of length 1, not %s", 8 * (int)ct->size, got);
    return -1;
}

int cc_write_wide(CTypeObject *ct, char *p, PyObject *o)
{
    if (PyUnicode_Check(o) && cc_wide_length(ct, o) == 1) {
        cc_wide_copy(ct, o, p, 1);
        return 0;
    }
    if (cc_cdata_like(o)) {
        CDataObject *cd = (CDataObject *)o;
        if (cd->ct->flags & CT_WIDE && cd->ct->size == ct->size) {
            memmove(p, cd->data, (size_t)ct->size);
            return 0;
        }
    }
    return bad_wide(ct, o);
}

/* ---- strings of wide characters ----------------------------------------- */

Py_ssize_t cc_wide_length(CTypeObject *item, PyObject *str)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(str), units = n;
    if (item->size != 2 || PyUnicode_KIND(str) != PyUnicode_4BYTE_KIND)
        return n;
    const Py_UCS4 *c = PyUnicode_4BYTE_DATA(str);
    for (Py_ssize_t i = 0; i < n; i++)
        units += c[i] > 0xFFFF; /* a pair of surrogates */
    return units;
}

static inline char *put16(char *p, Py_UCS4 unit)
{
    uint16_t u = (uint16_t)unit;
    memcpy(p, &u, sizeof u);
    return p + sizeof u;
}

void cc_wide_copy(CTypeObject *item, PyObject *str, char *p, Py_ssize_t units)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(str);
    int kind = PyUnicode_KIND(str);
    const void *data = PyUnicode_DATA(str);
    char *end = p + units * item->size;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (item->size == 4) {
            memcpy(p, &c, sizeof c);
            p += sizeof c;
        } else if (c > 0xFFFF) {
            p = put16(p, 0xD800 - (0x10000 >> 10) + (c >> 10));
            p = put16(p, 0xDC00 + (c & 0x3FF));
        } else {
            p = put16(p, c);
        }
    }
    if (p < end)
        memset(p, 0, (size_t)item->size);
}

/* UTF-16 to a str; a surrogate without its other half stays as it is. */
static PyObject *from_utf16(const char *p, Py_ssize_t units)
{
    Py_UCS4 *text = PyMem_New(Py_UCS4, units > 0 ? units : 1);
    if (text == NULL)
        return PyErr_NoMemory();
    Py_ssize_t n = 0;
    for (Py_ssize_t i = 0; i < units; i++) {
        uint16_t u[2] = {0, 0};
        memcpy(u, p + 2 * i, i + 1 < units ? 4 : 2);
        bool pair = (u[0] & 0xFC00) == 0xD800 && (u[1] & 0xFC00) == 0xDC00;
        text[n++] = pair ? 0x10000 + ((u[0] & 0x3FFu) << 10 | (u[1] & 0x3FFu))
                         : u[0];
        i += pair;
    }
    PyObject *str = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text, n);
    PyMem_Free(text);
    return str;
}

static PyObject *from_utf32(CTypeObject *item, const char *p, Py_ssize_t units)
{
    Py_UCS4 *text = PyMem_New(Py_UCS4, units > 0 ? units : 1);
    PyObject *str = NULL;
    if (text == NULL)
        return PyErr_NoMemory();
    memcpy(text, p, (size_t)units * sizeof *text);
    for (Py_ssize_t i = 0; i < units; i++)
        if (text[i] > 0x10FFFF) {
            PyErr_Format(PyExc_ValueError, "%U out of range for conversion to "
                         "unicode: 0x%x", item->name, (unsigned)text[i]);
            goto done;
        }
    str = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text, units);
done:
    PyMem_Free(text);
    return str;
}

/* One unit, without the detour through an array. */
static PyObject *from_unit(CTypeObject *item, const char *p)
{
    uint16_t u16;
    Py_UCS4 u32;
    if (item->size == 2) {
        memcpy(&u16, p, sizeof u16);
        return PyUnicode_FromOrdinal(u16);
    }
    memcpy(&u32, p, sizeof u32);
    return u32 <= 0x10FFFF ? PyUnicode_FromOrdinal((int)u32)
                           : from_utf32(item, p, 1);
}

PyObject *cc_wide_string(CTypeObject *item, const char *p, Py_ssize_t units)
{
    if (units == 1)
        return from_unit(item, p);
    return item->size == 2 ? from_utf16(p, units) : from_utf32(item, p, units);
}
