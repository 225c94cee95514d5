#include <nanobind/nanobind.h>

static const char *chars(const nanobind::bytes &text)
{
    return text.c_str();
}

#include "bound.h"

NB_MODULE(nano, m)
{
    nanobind::class_<point>(m, "Point")
        .def(nanobind::init<>())
        .def_rw("x", &point::x)
        .def_rw("y", &point::y);
    bind_functions<nanobind::bytes>(m);
}
