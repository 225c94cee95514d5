/* Each primitive type as argument and result: what scalars.h declares. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>
#include "scalars.h"

#define ECHO(name, type)                                                       \
    type echo_##name(type x)                                                   \
    {                                                                          \
        return x;                                                              \
    }
ECHO(bool, _Bool)
ECHO(char, char)
ECHO(schar, signed char)
ECHO(uchar, unsigned char)
ECHO(short, short)
ECHO(ushort, unsigned short)
ECHO(int, int)
ECHO(uint, unsigned int)
ECHO(long, long)
ECHO(ulong, unsigned long)
ECHO(llong, long long)
ECHO(ullong, unsigned long long)
ECHO(float, float)
ECHO(double, double)
ECHO(ldouble, long double)
ECHO(wchar, wchar_t)
ECHO(int8, int8_t)
ECHO(uint8, uint8_t)
ECHO(int16, int16_t)
ECHO(uint16, uint16_t)
ECHO(int32, int32_t)
ECHO(uint32, uint32_t)
ECHO(int64, int64_t)
ECHO(uint64, uint64_t)
ECHO(size, size_t)
ECHO(ptrdiff, ptrdiff_t)
ECHO(ptr, void *)
ECHO(fcomplex, float _Complex)
ECHO(dcomplex, double _Complex)
ECHO(color, enum color)

static int calls;
int no_arguments(void)
{
    return 42;
}
void nothing(void)
{
    calls++;
}
int was_called(void)
{
    return calls;
}

long ints_6(long a, long b, long c, long d, long e, long f)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f;
}
long ints_7(long a, long b, long c, long d, long e, long f, long g)
{
    return ints_6(a, b, c, d, e, f) + 7 * g;
}
double doubles_8(double a, double b, double c, double d, double e, double f,
                 double g, double h)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}
double doubles_9(double a, double b, double c, double d, double e, double f,
                 double g, double h, double i)
{
    return doubles_8(a, b, c, d, e, f, g, h) + 9 * i;
}
double mixed_6(int a, double b, long c, float d, signed char e, double f)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f;
}
double mixed_20(int a, double b, long c, float d, short e, double f, int g,
                double h, long i, float j, unsigned char k, double l, int m,
                double n, long o, float p, int q, double r, long s, float t)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i +
           10 * j + 11 * k + 12 * l + 13 * m + 14 * n + 15 * o + 16 * p +
           17 * q + 18 * r + 19 * s + 20 * t;
}
float floats_3(float a, float b, float c)
{
    return a + 2 * b + 3 * c;
}
double int_and_long_double(int a, long double b, int c)
{
    return (double)(a + 2 * b + 3 * c);
}

size_t length(const char *s)
{
    return strlen(s);
}
int sum_ints(const int *p, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i];
    return sum;
}
void fill(char *p, char c, int n)
{
    memset(p, c, (size_t)n);
}
double sum_doubles(double *p, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i];
    return sum;
}
int sum_pointers(int **p, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i] ? *p[i] : 1000;
    return sum;
}
void *same_pointer(void *p)
{
    return p;
}
size_t wide_length(const wchar_t *s)
{
    return wcslen(s);
}
unsigned address_modulo_16(const long double *p)
{
    return (unsigned)((uintptr_t)p % 16);
}
