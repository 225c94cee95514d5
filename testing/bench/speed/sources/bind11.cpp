#include <pybind11/pybind11.h>

static const char *chars(const char *text)
{
    return text;
}

#include "bound.h"

PYBIND11_MODULE(bind11, m)
{
    pybind11::class_<point>(m, "Point")
        .def(pybind11::init<>())
        .def_readwrite("x", &point::x)
        .def_readwrite("y", &point::y);
    bind_functions<const char *>(m);
}
