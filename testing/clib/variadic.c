/* Functions with `...`: what variadic.h declares. */
#include <stdarg.h>
#include <stdio.h>
#include <stddef.h>
#include "variadic.h"

double add_up(const char *types, ...)
{
    va_list ap;
    double sum = 0;
    va_start(ap, types);
    for (int i = 1; *types; types++, i++) {
        double v = 0;
        switch (*types) {
        case 'i': v = va_arg(ap, int); break;
        case 'u': v = va_arg(ap, unsigned); break;
        case 'l': v = (double)va_arg(ap, long); break;
        case 'd': v = va_arg(ap, double); break;
        case 'p': v = *va_arg(ap, int *); break;
        case 'L': v = (double)va_arg(ap, long double); break;
        case 's': {
            struct packet s = va_arg(ap, struct packet);
            v = s.a + s.b;
            break;
        }
        case 'b': {
            struct large s = va_arg(ap, struct large);
            v = (double)(s.v[0] + s.v[1] + s.v[2] + s.v[3]);
            break;
        }
        }
        sum += i * v;
    }
    va_end(ap);
    return sum;
}
