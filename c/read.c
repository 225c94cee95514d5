/* read.c - C values to Python objects: one small reader for each kind of value,
 * chosen once when the ctype is made (convert.c).  p need not be aligned.    */
#include "cdata.h"

/* ---- integers ----------------------------------------------------------- */

/* Most ints are small, and of these Python has one object each.  value: of any
 * integer type, extended to 64 bits by its sign.                             */
#define IS_SIGNED(type) ((type)-1 < (type)1)
static inline bool is_small(uint64_t value, bool is_signed)
{
    return value + CC_SMALL_INTS_FROM < CC_N_SMALL_INTS &&
           (is_signed || value < CC_N_SMALL_INTS);
}

/* X(name, C type, constructor): every width and sign. */
#define INT_READERS(X)                                                        \
    X(i8, int8_t, PyLong_FromLong)                                            \
    X(u8, uint8_t, PyLong_FromLong)                                           \
    X(i16, int16_t, PyLong_FromLong)                                          \
    X(u16, uint16_t, PyLong_FromLong)                                         \
    X(i32, int32_t, PyLong_FromLong)                                          \
    X(u32, uint32_t, PyLong_FromUnsignedLong)                                 \
    X(i64, int64_t, PyLong_FromLongLong)                                      \
    X(u64, uint64_t, PyLong_FromUnsignedLongLong)

#define READER(name, type, make)                                              \
    static PyObject *read_##name(CTypeObject *ct, const char *p)              \
    {                                                                         \
        type value;                                                           \
        memcpy(&value, p, sizeof value);                                      \
        if (CC_LIKELY(is_small((uint64_t)value, IS_SIGNED(type))))             \
            return Py_NewRef(                                                 \
                ct->state->small_ints[CC_SMALL_INTS_FROM + (int)value]);      \
        return make(value);                                                   \
    }
INT_READERS(READER)
#undef READER

static PyObject *read_int128(CTypeObject *ct, const char *p)
{
    return cc_long_from_bytes(p, (size_t)ct->size, ct->is_signed);
}

static PyObject *read_bool(CTypeObject *ct, const char *p)
{
    for (Py_ssize_t i = 0; i < ct->size; i++) {
        unsigned value = (unsigned char)p[i];
        unsigned limit = i == (PY_LITTLE_ENDIAN ? 0 : ct->size - 1);
        if (value > limit)
            return PyErr_Format(PyExc_ValueError, "got a _Bool of value %u, "
                                "expected 0 or 1", value);
        if (value != 0)
            Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static cc_reader int_reader(Py_ssize_t size, bool is_signed)
{
    switch (size) {
    case 1: return is_signed ? read_i8 : read_u8;
    case 2: return is_signed ? read_i16 : read_u16;
    case 4: return is_signed ? read_i32 : read_u32;
    case 8: return is_signed ? read_i64 : read_u64;
    default: return read_int128;
    }
}

int cc_read_int(CTypeObject *ct, const char *p, int64_t *as_i, uint64_t *as_u)
{
    uint8_t b[8] = {0};
    uint64_t u = 0;
    size_t size = (size_t)ct->size;
    if (size > sizeof b)
        return -1;
    memcpy(b, p, size);
    for (size_t i = 0; i < size; i++)
        u = u << 8 | b[PY_LITTLE_ENDIAN ? size - 1 - i : i];
    unsigned shift = 64 - 8 * (unsigned)size;
    *as_u = u;
    *as_i = ct->is_signed ? (int64_t)(u << shift) >> shift : (int64_t)u;
    return 0;
}

/* ---- characters --------------------------------------------------------- */

static PyObject *read_char(CTypeObject *Py_UNUSED(ct), const char *p)
{
    return PyBytes_FromStringAndSize(p, 1);
}

static PyObject *read_wide(CTypeObject *ct, const char *p)
{
    return cc_wide_string(ct, p, 1);
}

/* ---- floating types ----------------------------------------------------- */

static PyObject *read_float(CTypeObject *Py_UNUSED(ct), const char *p)
{
    float value;
    memcpy(&value, p, sizeof value);
    return PyFloat_FromDouble(value);
}

static PyObject *read_double(CTypeObject *Py_UNUSED(ct), const char *p)
{
    double value;
    memcpy(&value, p, sizeof value);
    return PyFloat_FromDouble(value);
}

static PyObject *read_small_float(CTypeObject *ct, const char *p)
{
    return PyFloat_FromDouble(cc_read_double(ct, p));
}

static PyObject *read_complex(CTypeObject *ct, const char *p)
{
    return PyComplex_FromCComplex(cc_read_complex(ct, p));
}

static cc_reader float_reader(int prim)
{
    switch (prim) {
    case CD_PRIM_FLOAT: return read_float;
    case CD_PRIM_DOUBLE: return read_double;
    case CD_PRIM_FLOAT16:
    case CD_PRIM_BFLOAT16: return read_small_float;
    default: return cc_cdata_value; /* long double, _Float128 */
    }
}

/* ---- everything else ---------------------------------------------------- */

static PyObject *read_pointer(CTypeObject *ct, const char *p)
{
    char *address;
    memcpy(&address, p, sizeof address);
    return cc_cdata_ref(ct, address);
}

static PyObject *read_reference(CTypeObject *ct, const char *p)
{
    return cc_cdata_ref(ct, (char *)p);
}

/* An array of unknown length is read as a pointer to its first item. */
static PyObject *read_array(CTypeObject *ct, const char *p)
{
    if (ct->length >= 0)
        return cc_cdata_ref(ct, (char *)p);
    CTypeObject *pointer = cc_ctype_pointer(ct->item);
    if (pointer == NULL)
        return NULL;
    PyObject *result = cc_cdata_ref(pointer, (char *)p);
    Py_DECREF(pointer);
    return result;
}

static PyObject *read_nothing(CTypeObject *ct, const char *Py_UNUSED(p))
{
    if (ct->flags & (CT_LATE | CT_UNAVAIL)) {
        cc_error_not_usable(ct);
        return NULL;
    }
    return PyErr_Format(PyExc_TypeError, "cdata '%U' is opaque", ct->name);
}

/* ---- the choice --------------------------------------------------------- */

static cc_reader primitive_reader(const CTypeObject *ct)
{
    switch (ct->klass) {
    case CD_CLASS_BOOL: return read_bool;
    case CD_CLASS_SINT:
    case CD_CLASS_UINT: return int_reader(ct->size, ct->is_signed);
    case CD_CLASS_CHAR: return ct->size == 1 ? read_char : read_wide;
    case CD_CLASS_FLOAT: return float_reader(ct->prim);
    case CD_CLASS_COMPLEX:
        return cc_is_wide_float(ct) ? cc_cdata_value : read_complex;
    default: return read_nothing;
    }
}

cc_reader cc_reader_of(const CTypeObject *ct)
{
    switch (ct->kind) {
    case CD_PRIM:
    case CD_ENUM: return ct->size > 0 ? primitive_reader(ct) : read_nothing;
    case CD_POINTER: return read_pointer;
    case CD_ARRAY: return read_array;
    case CD_STRUCT:
    case CD_UNION: return read_reference;
    default: return read_nothing;
    }
}
