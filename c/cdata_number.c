/* cdata_number.c - arithmetic on pointers; numbers out of cdata; comparison. */
#include "cdata.h"

/* ---- pointer arithmetic ------------------------------------------------- */

/* The pointer type that an array becomes in arithmetic.  New reference; NULL
 * without an exception for what is neither.                                 */
static CTypeObject *decay(CTypeObject *ct)
{
    if (ct->kind == CD_POINTER)
        return (CTypeObject *)Py_NewRef((PyObject *)ct);
    return ct->kind == CD_ARRAY ? cc_ctype_pointer(ct->item) : NULL;
}

static PyObject *add_number(CDataObject *cd, PyObject *number, int sign)
{
    Py_ssize_t i = PyNumber_AsSsize_t(number, PyExc_OverflowError);
    if (i == -1 && PyErr_Occurred())
        return NULL;
    CTypeObject *pointer = decay(cd->ct);
    if (pointer == NULL) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_TypeError, "cannot add a cdata '%U' and a "
                         "number", cd->ct->name);
        return NULL;
    }
    PyObject *result = NULL;
    Py_ssize_t step = cc_step(pointer);
    if (step < 0)
        PyErr_Format(PyExc_TypeError, "ctype '%U' points to items of unknown "
                     "size", cd->ct->name);
    else /* as machines do it: no trap on overflow */
        result = cc_cdata_ref(pointer, (char *)((uintptr_t)cd->data +
                              (size_t)step * ((size_t)i * (size_t)sign)));
    Py_DECREF(pointer);
    return result;
}

static PyObject *subtract_pointers(CDataObject *v, CDataObject *w)
{
    PyObject *result = NULL;
    CTypeObject *a = decay(v->ct), *b = decay(w->ct);
    if (PyErr_Occurred())
        goto done;
    Py_ssize_t step = a != NULL && a == b ? cc_step(a) : -1;
    if (step <= 0) {
        PyErr_Format(PyExc_TypeError, "cannot subtract cdata '%U' and cdata "
                     "'%U'", v->ct->name, (b != NULL ? b : w->ct)->name);
        goto done;
    }
    Py_ssize_t bytes = (Py_ssize_t)((uintptr_t)v->data - (uintptr_t)w->data);
    if (bytes % step != 0)
        PyErr_SetString(PyExc_ValueError,
                        "pointer subtraction: the distance between the two "
                        "pointers is not a multiple of the item size");
    else
        result = PyLong_FromSsize_t(bytes / step);
done:
    Py_XDECREF(a);
    Py_XDECREF(b);
    return result;
}

PyObject *cc_cdata_add(PyObject *v, PyObject *w)
{
    if (cc_cdata_like(v))
        return add_number((CDataObject *)v, w, 1);
    return add_number((CDataObject *)w, v, 1);
}

PyObject *cc_cdata_subtract(PyObject *v, PyObject *w)
{
    if (!cc_cdata_like(v))
        Py_RETURN_NOTIMPLEMENTED;
    if (cc_cdata_like(w))
        return subtract_pointers((CDataObject *)v, (CDataObject *)w);
    return add_number((CDataObject *)v, w, -1);
}

/* ---- numbers ------------------------------------------------------------ */

static CC_COLD PyObject *not_supported(const char *what, CDataObject *cd)
{
    return PyErr_Format(PyExc_TypeError, "%s() not supported on cdata '%U'",
                        what, cd->ct->name);
}

int cc_cdata_bool(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    CTypeObject *ct = cd->ct;
    if (!cc_is_primitive(ct))
        return cd->data != NULL;
    if (ct->klass == CD_CLASS_FLOAT)
        return cc_read_long_double(ct, cd->data) != 0;
    if (ct->klass == CD_CLASS_COMPLEX) {
        Py_complex c = cc_read_complex(ct, cd->data);
        return c.real != 0.0 || c.imag != 0.0;
    }
    for (Py_ssize_t i = 0; i < ct->size; i++)
        if (cd->data[i] != 0)
            return 1;
    return 0;
}

/* The code of a character, signed as its C type is (but char: 0 to 255). */
static PyObject *char_as_int(CTypeObject *ct, const char *p)
{
    return cc_long_from_bytes(p, (size_t)ct->size,
                              ct->is_signed && ct->size > 1);
}

PyObject *cc_cdata_int(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    CTypeObject *ct = cd->ct;
    PyObject *value, *result;
    if (!cc_is_primitive(ct))
        return not_supported("int", cd);
    switch (ct->klass) {
    case CD_CLASS_CHAR:
        return char_as_int(ct, cd->data);
    case CD_CLASS_BOOL:
    case CD_CLASS_SINT:
    case CD_CLASS_UINT:
        value = ct->read(ct, cd->data);
        break;
    case CD_CLASS_FLOAT:
        if (cc_is_wide_float(ct))
            return cc_long_double_to_int(cc_read_long_double(ct, cd->data));
        value = PyFloat_FromDouble(cc_read_double(ct, cd->data));
        break;
    default:
        return not_supported("int", cd);
    }
    if (value == NULL || PyLong_CheckExact(value))
        return value;
    result = PyNumber_Long(value);
    Py_DECREF(value);
    return result;
}

PyObject *cc_cdata_float(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    if (!cc_is_primitive(cd->ct) || cd->ct->klass != CD_CLASS_FLOAT)
        return not_supported("float", cd);
    return PyFloat_FromDouble(cc_read_double(cd->ct, cd->data));
}

PyObject *cc_cdata_complex(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    CDataObject *cd = (CDataObject *)self;
    if (!cc_is_primitive(cd->ct) || cd->ct->klass != CD_CLASS_COMPLEX)
        return not_supported("complex", cd);
    return PyComplex_FromCComplex(cc_read_complex(cd->ct, cd->data));
}

/* ---- comparison --------------------------------------------------------- */

/* What stands for an operand in a comparison by value; NULL with exception. */
static PyObject *comparable(PyObject *o)
{
    CDataObject *cd = (CDataObject *)o;
    if (!cc_cdata_like(o))
        return Py_NewRef(o);
    if (cc_is_wide_float(cd->ct))
        return PyErr_Format(PyExc_NotImplementedError,
                            "cannot use <cdata '%U'> in a comparison",
                            cd->ct->name);
    return cd->ct->read(cd->ct, cd->data);
}

static bool is_number(PyObject *o)
{
    return cc_cdata_like(o) && cc_is_primitive(((CDataObject *)o)->ct);
}

/* Pointers, arrays and records compare by address, numbers by value; a number
 * and an address do not compare.                                            */
PyObject *cc_cdata_richcompare(PyObject *v, PyObject *w, int op)
{
    bool by_value = is_number(v) || is_number(w);
    bool v_address = cc_cdata_like(v) && !is_number(v);
    bool w_address = cc_cdata_like(w) && !is_number(w);
    if (v_address && w_address) {
        uintptr_t a = (uintptr_t)((CDataObject *)v)->data;
        uintptr_t b = (uintptr_t)((CDataObject *)w)->data;
        Py_RETURN_RICHCOMPARE(a, b, op);
    }
    if (!by_value || v_address || w_address)
        Py_RETURN_NOTIMPLEMENTED;
    PyObject *result = NULL, *a = comparable(v);
    PyObject *b = a != NULL ? comparable(w) : NULL;
    if (b != NULL)
        result = PyObject_RichCompare(a, b, op);
    Py_XDECREF(a);
    Py_XDECREF(b);
    return result;
}
