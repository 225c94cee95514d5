"""What the module points._points is made from; run by the build, not installed."""

from cffi_core import FFI

ffibuilder = FFI()
ffibuilder.cdef("""
    #define POINTS_LIMIT ...
    typedef struct { double x, y; ...; } point;
    extern int points_scaled;
    double point_length(point p);
    point point_scale(point p, double factor);
    size_t points_count(const point *points, size_t n,
                        int (*visit)(const point *p, void *context), void *context);
    extern "Python" int points_visit(const point *p, void *context);
""")
ffibuilder.set_source(
    "points._points", '#include "points.h"', sources=["src/points.c"], include_dirs=["src"]
)
