/* What every binding in the speed benchmark calls. */
#include "functions.h"
#include <stdarg.h>
#include <stdlib.h>

int add(int a, int b)
{
    return a + b;
}

void nothing(void)
{
}

double mul(double a, double b)
{
    return a * b;
}

int first(const char *text)
{
    return text[0];
}

int norm1(const struct point *p)
{
    return abs(p->x) + abs(p->y);
}

void *same(void *p)
{
    return p;
}

double mixed(int a, double b, const char *text, long c, float d, void *p)
{
    return a + b + text[0] + (double)c + (double)d + (p != NULL);
}

struct point make_point(int x, int y)
{
    struct point p = {x, y};
    return p;
}

int sum_point(struct point p)
{
    return p.x + p.y;
}

int sum_ints(int n, ...)
{
    int sum = 0;
    va_list list;

    va_start(list, n);
    while (n-- > 0)
        sum += va_arg(list, int);
    va_end(list);
    return sum;
}

int apply(int (*f)(int), int n)
{
    int sum = 0;

    for (int i = 0; i < n; i++)
        sum += f(i);
    return sum;
}

void sort_ints(int *items, size_t n,
               int (*compare)(const void *, const void *))
{
    qsort(items, n, sizeof *items, compare);
}
