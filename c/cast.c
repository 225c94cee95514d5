/* cast.c - ffi.cast(): C's conversions between numbers and addresses.       */
#include "cdata.h"
#include "func.h"

static CC_COLD PyObject *cannot_cast(CTypeObject *ct)
{
    return PyErr_Format(PyExc_TypeError, "cannot cast to ctype '%U'",
                        ct->name);
}

static CC_COLD PyObject *cannot_cast_from(CTypeObject *from, CTypeObject *to)
{
    return PyErr_Format(PyExc_TypeError, "cannot cast ctype '%U' to ctype "
                        "'%U'", from->name, to->name);
}

/* ---- what is cast, as an int -------------------------------------------- */

static PyObject *code_of_str(CTypeObject *ct, PyObject *str)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(str);
    if (n == 1)
        return PyLong_FromUnsignedLong(PyUnicode_READ_CHAR(str, 0));
    return PyErr_Format(PyExc_TypeError, "cannot cast unicode string of "
                        "length %zd to ctype '%U'", n, ct->name);
}

static PyObject *code_of_bytes(CTypeObject *ct, PyObject *bytes)
{
    if (PyBytes_GET_SIZE(bytes) == 1)
        return PyLong_FromLong((unsigned char)PyBytes_AS_STRING(bytes)[0]);
    CTypeObject *character = cc_ctype_prim(ct->state, CD_PRIM_CHAR);
    if (character != NULL)
        cc_error_init(character, bytes, "bytes of length 1");
    Py_XDECREF(character);
    return NULL;
}

/* The int that an object is, cut off towards zero; an address of a pointer. */
static PyObject *integer_of(PyObject *o)
{
    if (PyFloat_Check(o))
        return PyNumber_Long(o);
    if (!cc_cdata_like(o))
        return cc_integer_of(o);
    CDataObject *cd = (CDataObject *)o;
    if (cc_is_pointer(cd->ct) || cd->ct->kind == CD_ARRAY)
        return PyLong_FromVoidPtr(cd->data);
    return cc_cdata_int(o);
}

/* The low 128 bits of an int, in the machine's byte order. */
static int low_bits(PyObject *n, unsigned char bytes[16])
{
    int overflow;
    int64_t value = PyLong_AsLongLongAndOverflow(n, &overflow);
    if (overflow == 0) {
        memset(bytes, value < 0 ? 0xff : 0, 16);
        memcpy(PY_LITTLE_ENDIAN ? bytes : bytes + 8, &value, sizeof value);
        return 0;
    }
    unsigned char ones[16];
    memset(ones, 0xff, sizeof ones);
    PyObject *mask = cc_long_from_bytes(ones, sizeof ones, false);
    PyObject *masked = mask != NULL ? PyNumber_And(n, mask) : NULL;
    int status = -1;
    if (masked != NULL)
        status = cc_long_to_bytes(masked, bytes, 16, false);
    Py_XDECREF(mask);
    Py_XDECREF(masked);
    return status;
}

/* ---- to integers, characters, enums ------------------------------------- */

/* The number behind an object that is to be compared with zero: of one that has
 * both, its float, which keeps a fraction.                                   */
static PyObject *number_for_bool(CTypeObject *ct, PyObject *o)
{
    if (PyUnicode_Check(o))
        return code_of_str(ct, o);
    if (PyBytes_Check(o))
        return code_of_bytes(ct, o);
    if (cc_cdata_like(o))
        return ((CDataObject *)o)->ct->klass == CD_CLASS_FLOAT ? Py_NewRef(o)
                                                               : integer_of(o);
    if (PyLong_Check(o))
        return Py_NewRef(o);
    PyNumberMethods *number = Py_TYPE(o)->tp_as_number;
    if (number != NULL && number->nb_float != NULL)
        return PyNumber_Float(o);
    if (number != NULL && (number->nb_int != NULL || number->nb_index != NULL))
        return integer_of(o);
    PyErr_SetString(PyExc_TypeError, "integer/float expected");
    return NULL;
}

/* C's conversion to _Bool asks for "not zero", of fractions too. */
static PyObject *cast_bool(CTypeObject *ct, PyObject *o)
{
    unsigned char bytes[16];
    PyObject *number = number_for_bool(ct, o);
    if (number == NULL)
        return NULL;
    int truth = PyObject_IsTrue(number);
    Py_DECREF(number);
    if (truth < 0)
        return NULL;
    memset(bytes, 0, sizeof bytes);
    bytes[PY_LITTLE_ENDIAN ? 0 : ct->size - 1] = (unsigned char)truth;
    return cc_cdata_value(ct, (char *)bytes);
}

static PyObject *cast_integer(CTypeObject *ct, PyObject *o)
{
    unsigned char bytes[16];
    char value[16];
    PyObject *n = PyUnicode_Check(o) ? code_of_str(ct, o)
                  : PyBytes_Check(o) ? code_of_bytes(ct, o)
                                     : integer_of(o);
    if (n == NULL)
        return NULL;
    int status = low_bits(n, bytes);
    Py_DECREF(n);
    if (status < 0)
        return NULL;
    cc_write_low_bits(ct, value, bytes);
    return cc_cdata_value(ct, value);
}

/* ---- to floating and complex types -------------------------------------- */

/* The code of a text of one character.                                       */
static PyObject *code_of_one(CTypeObject *ct, PyObject *o)
{
    if (PyObject_Length(o) == 1)
        return PyBytes_Check(o) ? code_of_bytes(ct, o) : code_of_str(ct, o);
    return PyErr_Format(PyExc_TypeError, "cannot cast %s object to ctype '%U'",
                        PyBytes_Check(o) ? "bytes" : "str", ct->name);
}

/* The number that stands for an object; NULL with an exception. */
static PyObject *number_of(CTypeObject *ct, PyObject *o)
{
    if (PyUnicode_Check(o) || PyBytes_Check(o))
        return code_of_one(ct, o);
    if (!cc_cdata_like(o))
        return Py_NewRef(o);
    CTypeObject *from = ((CDataObject *)o)->ct;
    if (!cc_is_primitive(from))
        return cannot_cast_from(from, ct);
    if (from->klass == CD_CLASS_FLOAT)
        return Py_NewRef(o);
    if (from->klass == CD_CLASS_COMPLEX)
        return from->read(from, ((CDataObject *)o)->data);
    return cc_cdata_int(o);
}

/* Casts by the writer of the type: what is a number by now, it accepts.     */
static PyObject *cast_float(CTypeObject *ct, PyObject *o)
{
    _Alignas(16) char value[32];
    PyObject *number = number_of(ct, o);
    if (number == NULL)
        return NULL;
    if (ct->klass == CD_CLASS_COMPLEX && cc_cdata_like(number) &&
        ((CDataObject *)number)->ct->klass == CD_CLASS_FLOAT)
        Py_SETREF(number, cc_cdata_float(number));
    int status = number == NULL ? -1 : ct->write(ct, value, number);
    Py_XDECREF(number);
    return status < 0 ? NULL : cc_cdata_value(ct, value);
}

/* ---- to pointers and arrays --------------------------------------------- */

static PyObject *at_address(CTypeObject *ct, char *address)
{
    if (ct->kind == CD_FUNC)
        return cc_func_new(ct, address, NULL, NULL, false);
    return cc_cdata_ref(ct, address);
}

/* The FILE of a Python file, which keeps it until it is closed itself.       */
static PyObject *cast_file(CTypeObject *ct, PyObject *file)
{
    char *address;
    PyObject *keep;
    if (cc_file_argument(file, &address, &keep) < 0)
        return NULL;
    Py_DECREF(keep);
    return cc_cdata_ref(ct, address);
}

static PyObject *cast_address(CTypeObject *ct, PyObject *o)
{
    unsigned char bytes[16];
    PyObject *n;
    char *address;
    if (cc_cdata_like(o)) {
        CDataObject *cd = (CDataObject *)o;
        if (cc_is_pointer(cd->ct) || cd->ct->kind == CD_ARRAY)
            return at_address(ct, cd->data);
    }
    if (!PyLong_CheckExact(o) && cc_is_file_pointer(ct) &&
        PyObject_HasAttrString(o, "fileno"))
        return cast_file(ct, o);
    n = integer_of(o);
    if (n == NULL)
        return NULL;
    int status = low_bits(n, bytes);
    Py_DECREF(n);
    if (status < 0)
        return NULL;
    memcpy(&address, PY_LITTLE_ENDIAN ? bytes : bytes + 16 - sizeof address,
           sizeof address);
    return at_address(ct, address);
}

PyObject *cc_cast(CTypeObject *ct, PyObject *value)
{
    PyObject *function = cc_function_pointer(ct->state, value);
    if (function != NULL)
        value = function;
    if (cc_is_pointer(ct) || (ct->kind == CD_ARRAY && ct->length >= 0))
        return cast_address(ct, value);
    if (!cc_is_primitive(ct) || ct->size <= 0)
        return cannot_cast(ct);
    switch (ct->klass) {
    case CD_CLASS_BOOL: return cast_bool(ct, value);
    case CD_CLASS_CHAR:
    case CD_CLASS_SINT:
    case CD_CLASS_UINT: return cast_integer(ct, value);
    case CD_CLASS_FLOAT:
    case CD_CLASS_COMPLEX: return cast_float(ct, value);
    default: return cannot_cast(ct);
    }
}
