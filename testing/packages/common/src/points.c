#include "points.h"

int points_scaled = 0;

double point_length(point p)
{
    double x = p.x < 0 ? -p.x : p.x, y = p.y < 0 ? -p.y : p.y;
    return x + y;
}

point point_scale(point p, double factor)
{
    points_scaled++;
    p.x *= factor;
    p.y *= factor;
    return p;
}

size_t points_count(const point *points, size_t n,
                    int (*visit)(const point *p, void *context), void *context)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += visit(&points[i], context) != 0;
    return count;
}
