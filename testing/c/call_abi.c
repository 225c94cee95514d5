/* call_abi.c - register calls, as the ABI file of this machine makes them.
 *
 * Plain C, so that the files for other machines run under their emulators.
 * Every entry of the tables is called; what arrives is compared place by place.
 * Prints the number of checks and "ok".                                      */
#include "call_abi.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks;

static void check(int ok, const char *what, int n)
{
    checks++;
    if (ok)
        return;
    printf("FAILED: %s %d\n", what, n);
    exit(1);
}

#if CC_REG_INTS > 0

/* ---- what is called: each records its arguments -------------------------- */

static uint64_t ints[CC_REG_INTS];
static double floats[CC_REG_FLOATS];
static const int64_t RESULT = -0x123456789abcdef;

#define I uint64_t
#define D double
static I f_i0(void)
{
    return (I)RESULT;
}
static I f_i1(I a)
{
    ints[0] = a;
    return f_i0();
}
static I f_i2(I a, I b)
{
    ints[1] = b;
    return f_i1(a);
}
static I f_i3(I a, I b, I c)
{
    ints[2] = c;
    return f_i2(a, b);
}
static I f_i4(I a, I b, I c, I d)
{
    ints[3] = d;
    return f_i3(a, b, c);
}
static I f_i5(I a, I b, I c, I d, I e)
{
    ints[4] = e;
    return f_i4(a, b, c, d);
}
static I f_i6(I a, I b, I c, I d, I e, I f)
{
    ints[5] = f;
    return f_i5(a, b, c, d, e);
}
#if CC_REG_INTS == 8
static I f_i7(I a, I b, I c, I d, I e, I f, I g)
{
    ints[6] = g;
    return f_i6(a, b, c, d, e, f);
}
static I f_i8(I a, I b, I c, I d, I e, I f, I g, I h)
{
    ints[7] = h;
    return f_i7(a, b, c, d, e, f, g);
}
#endif
static D f_v1(D a)
{
    floats[0] = a;
    return 2.5;
}
static D f_v2(D a, D b)
{
    floats[1] = b;
    return f_v1(a);
}
static D f_v3(D a, D b, D c)
{
    floats[2] = c;
    return f_v2(a, b);
}
static D f_v4(D a, D b, D c, D d)
{
    floats[3] = d;
    return f_v3(a, b, c);
}

/* The order in which a real function mixes them. */
static double f_mixed(int8_t a, float b, int64_t c, double d, void *e, float f,
                      uint16_t g, D h, D i, D j, D k, int m, D l)
{
    return a + 2 * b + 3 * (double)c + 4 * d + 5 * (e != NULL) + 6 * f + 7 * g +
           8 * h + 9 * i + 10 * j + 11 * k + 12 * l + 13 * m;
}
static float f_float(float a, float b)
{
    return a - b;
}
static int8_t f_narrow(int32_t a)
{
    return (int8_t)a;
}
static int f_float_to_int(float a, double b)
{
    return (int)(a * 100 + b);
}

/* ---- the checks ---------------------------------------------------------- */

static void *const INT_CODE[] = {
    (void *)f_i0, (void *)f_i1, (void *)f_i2, (void *)f_i3,
    (void *)f_i4, (void *)f_i5, (void *)f_i6,
#if CC_REG_INTS == 8
    (void *)f_i7, (void *)f_i8,
#endif
};
static void *const FLOAT_CODE[] = {NULL, (void *)f_v1, (void *)f_v2,
                                   (void *)f_v3, (void *)f_v4};

static void check_ints(void)
{
    cc_word w[CC_REG_WORDS], r;
    for (int n = 0; n <= CC_REG_INTS; n++) {
        memset(ints, 0, sizeof ints);
        for (int i = 0; i < n; i++)
            w[i].u = 0xf00dfeed00000000u + (uint64_t)(n * 16 + i);
        cc_reg_ints[0][n](INT_CODE[n], w, &r);
        check(r.i == RESULT, "integer result with integers", n);
        for (int i = 0; i < n; i++)
            check(ints[i] == w[i].u, "integer argument", n);
    }
}

static void check_floats(void)
{
    cc_word w[CC_REG_WORDS], r;
    for (int n = 1; n <= CC_REG_FEW; n++) {
        for (int i = 0; i < n; i++)
            w[CC_REG_INTS + i].d = n + i / 8.0;
        cc_reg_floats[1][n](FLOAT_CODE[n], w, &r);
        check(r.d == 2.5, "double result with doubles", n);
        for (int i = 0; i < n; i++)
            check(floats[i] == n + i / 8.0, "double argument", n);
    }
}

static void check_mixed(void)
{
    static const double DOUBLES[] = {0.5, 1.5, -2.5, 3.25, 4.125, 5.0};
    cc_word w[CC_REG_WORDS], r;
    memset(w, 0, sizeof w);
    w[0].i = -5;
    w[1].i = 1000000;
    w[2].p = w;
    w[3].u = 65535;
    w[4].i = -77;
    w[CC_REG_INTS].f = 0.25f;
    w[CC_REG_INTS + 1].d = DOUBLES[0];
    w[CC_REG_INTS + 2].f = -8.5f;
    for (int i = 1; i < 6; i++)
        w[CC_REG_INTS + 2 + i].d = DOUBLES[i];
    cc_reg_all[1]((void *)f_mixed, w, &r);
    double wanted =
        f_mixed(-5, 0.25f, 1000000, DOUBLES[0], w, -8.5f, 65535, DOUBLES[1],
                DOUBLES[2], DOUBLES[3], DOUBLES[4], -77, DOUBLES[5]);
    check(r.d == wanted, "mixed arguments", 13);
}

static void check_narrow(void)
{
    cc_word w[CC_REG_WORDS], r;
    memset(w, 0, sizeof w);
    w[CC_REG_INTS].f = 7.5f;
    w[CC_REG_INTS + 1].f = 0.25f;
    cc_reg_floats[1][2]((void *)f_float, w, &r);
    check(r.f == 7.25f, "float result", 2);
    for (int v = -300; v <= 300; v++) {
        w[0].i = v;
        cc_reg_ints[0][1]((void *)f_narrow, w, &r);
        check(*(int8_t *)&r == (int8_t)v, "narrow result", v);
    }
    w[CC_REG_INTS + 1].d = 3;
    cc_reg_floats[0][2]((void *)f_float_to_int, w, &r);
    check((int32_t)r.i == 753, "integer result with floats", 2);
}

int main(void)
{
    check_ints();
    check_floats();
    check_mixed();
    check_narrow();
    printf("%d checks ok\n", checks);
    return 0;
}

#else
int main(void)
{
    check(1, "", 0);
    printf("%d checks ok: no register calls here\n", checks);
    return 0;
}
#endif
