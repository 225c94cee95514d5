/* write_int.c - Python objects to integers, with every range check.         */
#include "cdata.h"

/* ---- which objects are integers ----------------------------------------- */

static CC_COLD PyObject *not_integer(void)
{
    PyErr_SetString(PyExc_TypeError, "an integer is required");
    return NULL;
}

static bool is_float(PyObject *o)
{
    return PyFloat_Check(o) ||
           (cc_cdata_like(o) &&
            ((CDataObject *)o)->ct->klass == CD_CLASS_FLOAT);
}

PyObject *cc_integer_of(PyObject *o)
{
    PyNumberMethods *number = Py_TYPE(o)->tp_as_number;
    PyObject *n = NULL;
    if (PyLong_Check(o))
        return Py_NewRef(o);
    if (is_float(o) || number == NULL)
        return not_integer();
    if (number->nb_int != NULL)
        n = number->nb_int(o);
    else if (number->nb_index != NULL)
        n = number->nb_index(o);
    else
        return not_integer();
    if (n != NULL && !PyLong_Check(n)) {
        Py_DECREF(n);
        PyErr_SetString(PyExc_TypeError, "integer conversion failed");
        return NULL;
    }
    return n;
}

/* Which of the three messages it is, cc_error_overflow finds out. */
static CC_COLD int does_not_fit(CTypeObject *ct, PyObject *o)
{
    cc_error_overflow(ct, o);
    return -1;
}

/* ---- 64 bits ------------------------------------------------------------ */

static inline bool fits_signed(CTypeObject *ct, int64_t value)
{
    unsigned shift = 64 - 8 * (unsigned)ct->size;
    return (int64_t)((uint64_t)value << shift) >> shift == value;
}

static inline bool fits_unsigned(CTypeObject *ct, uint64_t value)
{
    if (ct->flags & CT_BOOL)
        return value <= 1;
    unsigned shift = 64 - 8 * (unsigned)ct->size;
    return value << shift >> shift == value;
}

static int to_int64_slow(CTypeObject *ct, PyObject *o, int64_t *out)
{
    int overflow;
    PyObject *n = cc_integer_of(o);
    if (n == NULL)
        return -1;
    *out = PyLong_AsLongLongAndOverflow(n, &overflow);
    int status = 0;
    if (overflow != 0)
        status = does_not_fit(ct, n);
    else if (!fits_signed(ct, *out))
        status = does_not_fit(ct, o);
    Py_DECREF(n);
    return status;
}

int cc_to_int64(CTypeObject *ct, PyObject *o, int64_t *out)
{
    Py_ssize_t small;
    if (CC_UNLIKELY(!cc_small_int(o, &small)))
        return to_int64_slow(ct, o, out);
    *out = small;
    return CC_LIKELY(fits_signed(ct, small)) ? 0 : does_not_fit(ct, o);
}

/* From an int that may be of any size: 0, or -1 when it is not in 64 bits. */
static int unsigned_of(PyObject *n, uint64_t *out)
{
    int overflow;
    int64_t value = PyLong_AsLongLongAndOverflow(n, &overflow);
    if (overflow < 0 || (overflow == 0 && value < 0))
        return -1;
    *out = (uint64_t)value;
    if (overflow == 0)
        return 0;
    *out = PyLong_AsUnsignedLongLong(n);
    if (*out != (uint64_t)-1 || !PyErr_Occurred())
        return 0;
    PyErr_Clear();
    return -1;
}

static int to_uint64_slow(CTypeObject *ct, PyObject *o, uint64_t *out)
{
    PyObject *n = cc_integer_of(o);
    if (n == NULL)
        return -1;
    int status = 0;
    if (unsigned_of(n, out) < 0)
        status = does_not_fit(ct, n);
    else if (!fits_unsigned(ct, *out))
        status = does_not_fit(ct, o);
    Py_DECREF(n);
    return status;
}

int cc_to_uint64(CTypeObject *ct, PyObject *o, uint64_t *out)
{
    Py_ssize_t small;
    if (CC_UNLIKELY(!cc_small_int(o, &small)))
        return to_uint64_slow(ct, o, out);
    if (CC_UNLIKELY(small < 0))
        return does_not_fit(ct, o);
    *out = (uint64_t)small;
    return CC_LIKELY(fits_unsigned(ct, *out)) ? 0 : does_not_fit(ct, o);
}

/* ---- the writers -------------------------------------------------------- */

/* X(name, C type, conversion, its 64-bit type) */
#define INT_WRITERS(X)                                                        \
    X(i8, int8_t, cc_to_int64, int64_t)                                       \
    X(u8, uint8_t, cc_to_uint64, uint64_t)                                    \
    X(i16, int16_t, cc_to_int64, int64_t)                                     \
    X(u16, uint16_t, cc_to_uint64, uint64_t)                                  \
    X(i32, int32_t, cc_to_int64, int64_t)                                     \
    X(u32, uint32_t, cc_to_uint64, uint64_t)                                  \
    X(i64, int64_t, cc_to_int64, int64_t)                                     \
    X(u64, uint64_t, cc_to_uint64, uint64_t)

#define WRITER(name, type, convert, wide)                                     \
    static int write_##name(CTypeObject *ct, char *p, PyObject *o)            \
    {                                                                         \
        wide value;                                                           \
        if (convert(ct, o, &value) < 0)                                       \
            return -1;                                                        \
        type narrow = (type)value;                                            \
        memcpy(p, &narrow, sizeof narrow);                                    \
        return 0;                                                             \
    }
INT_WRITERS(WRITER)
#undef WRITER

cc_writer cc_int_writer(Py_ssize_t size, bool is_signed)
{
    switch (size) {
    case 1: return is_signed ? write_i8 : write_u8;
    case 2: return is_signed ? write_i16 : write_u16;
    case 4: return is_signed ? write_i32 : write_u32;
    default: return is_signed ? write_i64 : write_u64;
    }
}

int cc_write_int128(CTypeObject *ct, char *p, PyObject *o)
{
    unsigned char bytes[16]; /* what does not fit changes nothing */
    PyObject *n = cc_integer_of(o);
    if (n == NULL)
        return -1;
    int status = cc_long_to_bytes(n, bytes, (size_t)ct->size, ct->is_signed);
    if (status == 0)
        memcpy(p, bytes, (size_t)ct->size);
    else
        cc_error_overflow(ct, n);
    Py_DECREF(n);
    return status;
}

/* ---- casts -------------------------------------------------------------- */

void cc_write_low_bits(CTypeObject *ct, char *p, const unsigned char bytes[16])
{
    size_t size = (size_t)ct->size;
    memcpy(p, PY_LITTLE_ENDIAN ? bytes : bytes + 16 - size, size);
}
