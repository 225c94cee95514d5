/* floats.c - floating and complex values of every format, to and from double
 * and long double.                                                          */
#include "cdata.h"
#include <math.h>

/* ---- 16-bit formats ----------------------------------------------------- */

/* _Float16 and __bf16: a sign, `exponent` bits, `mantissa` bits. */
typedef struct small_format {
    int exponent, mantissa;
} small_format;

static small_format format_of(const CTypeObject *ct)
{
    if (ct->prim == CD_PRIM_BFLOAT16)
        return (small_format){8, 7};
    return (small_format){5, 10};
}

static double small_to_double(small_format f, uint16_t bits)
{
    int bias = (1 << (f.exponent - 1)) - 1;
    int e = bits >> f.mantissa & ((1 << f.exponent) - 1);
    int m = bits & ((1 << f.mantissa) - 1);
    double value;
    if (e == (1 << f.exponent) - 1)
        value = m != 0 ? Py_NAN : Py_HUGE_VAL;
    else if (e == 0)
        value = ldexp(m, 1 - bias - f.mantissa);
    else
        value = ldexp(m + (1 << f.mantissa), e - bias - f.mantissa);
    return bits & 0x8000 ? -value : value;
}

/* Rounds once, to nearest even, as the compiler's conversion does. */
static uint16_t double_to_small(small_format f, double value)
{
    int bias = (1 << (f.exponent - 1)) - 1, e;
    unsigned infinity = ((1u << f.exponent) - 1) << f.mantissa;
    unsigned sign = signbit(value) ? 0x8000 : 0;
    if (isnan(value))
        return (uint16_t)(sign | infinity | 1u << (f.mantissa - 1));
    double m = frexp(fabs(value), &e); /* m in [0.5, 1) */
    if (isinf(value) || e > bias + 1)
        return (uint16_t)(sign | infinity);
    if (m == 0.0)
        return (uint16_t)sign;
    int biased = e - 1 + bias;
    if (biased < 1) /* subnormal: the lowest exponent, no hidden bit */
        return (uint16_t)(sign | (unsigned)nearbyint(
                              ldexp(m, e - (1 - bias) + f.mantissa)));
    unsigned digits = (unsigned)nearbyint(ldexp(m, f.mantissa + 1));
    /* The hidden bit adds 1 to the exponent; a carry goes up as it should.  */
    return (uint16_t)(sign | (((unsigned)(biased - 1) << f.mantissa) +
                              digits));
}

/* ---- real types --------------------------------------------------------- */

#if defined(__SIZEOF_FLOAT128__) && __LDBL_MANT_DIG__ != 113
typedef __float128 cc_float128;
#else
typedef long double cc_float128;
#endif

union any_float {
    float f;
    double d;
    long double l;
    cc_float128 q;
    uint16_t h;
};

long double cc_read_long_double(CTypeObject *ct, const char *p)
{
    union any_float u = {0};
    memcpy(&u, p, (size_t)ct->size);
    switch (ct->prim) {
    case CD_PRIM_FLOAT: return u.f;
    case CD_PRIM_DOUBLE: return u.d;
    case CD_PRIM_LDOUBLE: return u.l;
    case CD_PRIM_FLOAT128: return (long double)u.q;
    default: return small_to_double(format_of(ct), u.h);
    }
}

void cc_write_long_double(CTypeObject *ct, char *p, long double value)
{
    union any_float u = {0};
    switch (ct->prim) {
    case CD_PRIM_FLOAT: u.f = (float)value; break;
    case CD_PRIM_DOUBLE: u.d = (double)value; break;
    case CD_PRIM_LDOUBLE: u.l = value; break;
    case CD_PRIM_FLOAT128: u.q = value; break;
    default: u.h = double_to_small(format_of(ct), (double)value); break;
    }
    memcpy(p, &u, (size_t)ct->size);
}

double cc_read_double(CTypeObject *ct, const char *p)
{
    double value;
    if (ct->prim != CD_PRIM_DOUBLE)
        return (double)cc_read_long_double(ct, p);
    memcpy(&value, p, sizeof value);
    return value;
}

void cc_write_double(CTypeObject *ct, char *p, double value)
{
    if (ct->prim == CD_PRIM_DOUBLE)
        memcpy(p, &value, sizeof value);
    else
        cc_write_long_double(ct, p, value);
}

/* Goes through the two halves, each exact: a long double has up to 113 bits. */
PyObject *cc_long_double_to_int(long double value)
{
    double high = (double)value;
    PyObject *a = NULL, *b = NULL, *sum = NULL;
    if (!isfinite(high))
        return PyLong_FromDouble(high);
    value = truncl(value);
    high = (double)value;
    a = PyLong_FromDouble(high);
    b = PyLong_FromDouble((double)(value - (long double)high));
    if (a != NULL && b != NULL)
        sum = PyNumber_Add(a, b);
    Py_XDECREF(a);
    Py_XDECREF(b);
    return sum;
}

/* ---- complex types ------------------------------------------------------ */

Py_complex cc_read_complex(CTypeObject *ct, const char *p)
{
    float f[2];
    double d[2];
    long double l[2];
    switch (ct->prim) {
    case CD_PRIM_FCOMPLEX:
        memcpy(f, p, sizeof f);
        return (Py_complex){f[0], f[1]};
    case CD_PRIM_DCOMPLEX:
        memcpy(d, p, sizeof d);
        return (Py_complex){d[0], d[1]};
    default:
        memcpy(l, p, sizeof l);
        return (Py_complex){(double)l[0], (double)l[1]};
    }
}

void cc_write_complex(CTypeObject *ct, char *p, Py_complex value)
{
    float f[2] = {(float)value.real, (float)value.imag};
    double d[2] = {value.real, value.imag};
    long double l[2];
    switch (ct->prim) {
    case CD_PRIM_FCOMPLEX:
        memcpy(p, f, sizeof f);
        break;
    case CD_PRIM_DCOMPLEX:
        memcpy(p, d, sizeof d);
        break;
    default:
        memset(l, 0, sizeof l);
        l[0] = value.real;
        l[1] = value.imag;
        memcpy(p, l, sizeof l);
    }
}
