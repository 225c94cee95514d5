/* bitfield.c - the value of a field of a record; most of it is bit-fields.
 *
 * A bit-field is `bitsize` bits from bit `bitshift` of its storage unit on,
 * counted from the unit's least significant bit.  The parser says so for every
 * byte order.  Only the bytes that hold it are touched: the unit may reach past
 * the record's end, and a packed field past its unit.                       */
#include "cdata.h"

int cc_field_write(CFieldObject *f, char *record, PyObject *value)
{
    if (f->bitshift >= 0)
        return cc_bits_write(f, record + f->offset, value);
    return f->type->write(f->type, record + f->offset, value);
}

/* ---- bits --------------------------------------------------------------- */

enum { MAX_BYTES = 17 }; /* 128 bits that begin in the middle of a byte */

/* The bytes that hold a field, least significant first. */
typedef struct bits {
    unsigned char byte[MAX_BYTES + 1];
    Py_ssize_t first;       /* byte of the unit, by significance             */
    int n, shift, size;     /* bytes; the field's place in them, in bits     */
} bits;

/* Where byte i of the unit, by significance, lies. */
static inline Py_ssize_t byte_at(CFieldObject *f, Py_ssize_t i)
{
    return PY_LITTLE_ENDIAN ? i : f->type->size - 1 - i;
}

static void bits_load(bits *b, CFieldObject *f, const char *unit)
{
    memset(b, 0, sizeof *b);
    b->size = f->bitsize;
    b->first = f->bitshift / 8;
    b->shift = f->bitshift % 8;
    b->n = (b->shift + b->size + 7) / 8;
    for (int i = 0; i < b->n && i < MAX_BYTES; i++)
        b->byte[i] = (unsigned char)unit[byte_at(f, b->first + i)];
}

/* Bits that fit in a machine word with what precedes them in their first byte:
 * the usual case.                                                            */
static inline bool is_narrow(const CFieldObject *f)
{
    return f->bitshift % 8 + f->bitsize <= 64;
}

static uint64_t load_narrow(CFieldObject *f, const char *unit)
{
    uint64_t word = 0;
    Py_ssize_t first = f->bitshift / 8;
    for (int i = (f->bitshift % 8 + f->bitsize + 7) / 8 - 1; i >= 0; i--)
        word = word << 8 | (unsigned char)unit[byte_at(f, first + i)];
    return word;
}

static void store_narrow(CFieldObject *f, char *unit, uint64_t value)
{
    unsigned shift = (unsigned)f->bitshift % 8;
    uint64_t mask = ~(uint64_t)0 >> (64 - f->bitsize) << shift;
    uint64_t word = (load_narrow(f, unit) & ~mask) | (value << shift & mask);
    Py_ssize_t first = f->bitshift / 8;
    for (int i = 0; i < (f->bitshift % 8 + f->bitsize + 7) / 8; i++)
        unit[byte_at(f, first + i)] = (char)(word >> 8 * i);
}

/* Moves the field down to bit 0 of the bytes. */
static void bits_align(bits *b)
{
    for (int i = 0; i < MAX_BYTES; i++)
        b->byte[i] = (unsigned char)((b->byte[i] | b->byte[i + 1] << 8) >>
                                     b->shift);
}

static PyObject *wide_bits(bits *b, bool is_signed)
{
    int top = b->size - 1;
    bool negative = is_signed && b->byte[top / 8] >> top % 8 & 1;
    for (int i = b->size; i < 8 * MAX_BYTES; i++) {
        unsigned char bit = (unsigned char)(1u << i % 8);
        b->byte[i / 8] = (unsigned char)(negative ? b->byte[i / 8] | bit
                                                  : b->byte[i / 8] & ~bit);
    }
    return _PyLong_FromByteArray(b->byte, MAX_BYTES, 1, is_signed);
}

PyObject *cc_bits_read(CFieldObject *f, const char *unit)
{
    if (!is_narrow(f)) {
        bits b;
        bits_load(&b, f, unit);
        bits_align(&b);
        return wide_bits(&b, f->type->is_signed);
    }
    unsigned shift = 64 - (unsigned)f->bitsize;
    uint64_t value = load_narrow(f, unit) >> f->bitshift % 8 << shift;
    if (f->type->is_signed)
        return PyLong_FromLongLong((int64_t)value >> shift);
    return PyLong_FromUnsignedLongLong(value >> shift);
}

/* ---- writing ------------------------------------------------------------ */

/* 2 to the n, minus `less`. */
static PyObject *power_of_two(int n, long less)
{
    PyObject *one = PyLong_FromLong(1), *count = PyLong_FromLong(n);
    PyObject *minus = PyLong_FromLong(less), *power = NULL, *result = NULL;
    if (one != NULL && count != NULL)
        power = PyNumber_Lshift(one, count);
    if (power != NULL && minus != NULL)
        result = PyNumber_Subtract(power, minus);
    Py_XDECREF(one);
    Py_XDECREF(count);
    Py_XDECREF(minus);
    Py_XDECREF(power);
    return result;
}

static CC_COLD int outside(CFieldObject *f, PyObject *value)
{
    PyObject *low = NULL, *high = NULL;
    if (f->type->is_signed) {
        PyObject *power = power_of_two(f->bitsize - 1, 0);
        low = power == NULL ? NULL : PyNumber_Negative(power);
        high = power_of_two(f->bitsize - 1, f->bitsize == 1 ? 0 : 1);
        Py_XDECREF(power);
    } else {
        low = PyLong_FromLong(0);
        high = power_of_two(f->bitsize, 1);
    }
    if (low != NULL && high != NULL)
        PyErr_Format(PyExc_OverflowError, "value %S outside the range allowed "
                     "by the bit field width: %S <= x <= %S", value, low,
                     high);
    Py_XDECREF(low);
    Py_XDECREF(high);
    return -1;
}

/* An int, or an error in the words of an index. */
static PyObject *bits_integer(PyObject *o)
{
    PyObject *n = PyIndex_Check(o) ? PyNumber_Index(o) : cc_integer_of(o);
    if (n == NULL && PyErr_ExceptionMatches(PyExc_TypeError) &&
        !cc_cdata_like(o)) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "'%.200s' object cannot be interpreted "
                     "as an integer", Py_TYPE(o)->tp_name);
    }
    return n;
}

/* The field's bits from an int, least significant first; -1 if out of range. */
static int bits_encode(CFieldObject *f, PyObject *n,
                       unsigned char out[MAX_BYTES + 1])
{
    memset(out, 0, MAX_BYTES + 1);
    int size = f->bitsize;
#if PY_VERSION_HEX >= 0x030D0000
    if (_PyLong_AsByteArray((PyLongObject *)n, out, MAX_BYTES, 1, 1, 1) < 0)
#else
    if (_PyLong_AsByteArray((PyLongObject *)n, out, MAX_BYTES, 1, 1) < 0)
#endif
        return -1; /* beyond 128 bits */
    bool negative = out[MAX_BYTES - 1] >> 7;
    unsigned char fill = negative ? 0xff : 0;
    bool is_signed = f->type->is_signed && !(size == 1 && !negative);
    int used = is_signed ? size - 1 : size;
    if (negative && !f->type->is_signed)
        return outside(f, n);
    for (int i = used; i < 8 * MAX_BYTES; i++)
        if ((out[i / 8] >> i % 8 & 1) != (fill & 1))
            return outside(f, n);
    return 0;
}

/* Puts the field's bits among those that are there. */
static void bits_store(CFieldObject *f, char *unit,
                       const unsigned char value[MAX_BYTES + 1])
{
    bits b;
    bits_load(&b, f, unit);
    for (int i = 0; i < b.size; i++) {
        int at = b.shift + i;
        unsigned char bit = (unsigned char)(1u << at % 8);
        if (value[i / 8] >> i % 8 & 1)
            b.byte[at / 8] |= bit;
        else
            b.byte[at / 8] &= (unsigned char)~bit;
    }
    for (int i = 0; i < b.n; i++)
        unit[byte_at(f, b.first + i)] = (char)b.byte[i];
}

/* Is a small int in the range of the field?  1 is in that of an `int x : 1`,
 * though it reads as -1. */
static bool fits_narrow(const CFieldObject *f, Py_ssize_t value)
{
    unsigned shift = 64 - (unsigned)f->bitsize;
    if (value == 1)
        return true;
    if (!f->type->is_signed)
        return value >= 0 && (uint64_t)value << shift >> shift ==
                                 (uint64_t)value;
    return (int64_t)((uint64_t)value << shift) >> shift == value;
}

int cc_bits_write(CFieldObject *f, char *unit, PyObject *value)
{
    Py_ssize_t small;
    if (is_narrow(f) && cc_small_int(value, &small) &&
        fits_narrow(f, small)) {
        store_narrow(f, unit, (uint64_t)small);
        return 0;
    }
    unsigned char encoded[MAX_BYTES + 1];
    PyObject *n = bits_integer(value);
    if (n == NULL)
        return -1;
    int status = bits_encode(f, n, encoded);
    Py_DECREF(n);
    if (status == 0)
        bits_store(f, unit, encoded);
    return status;
}
