/* points.h - a library to wrap: records by value, a callback, a global. */
#ifndef POINTS_H
#define POINTS_H
#include <stddef.h>

#define POINTS_LIMIT (1 << 10)

typedef struct {
    double x, y;
    int tag; /* the declarations leave it out */
} point;

extern int points_scaled; /* how many points were scaled so far */

double point_length(point p);
point point_scale(point p, double factor);
/* How many points visit() accepts. */
size_t points_count(const point *points, size_t n,
                    int (*visit)(const point *p, void *context), void *context);
#endif
