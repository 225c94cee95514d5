/* The functions as nanobind and pybind11 bind them; both have the same words
 * for it.                                                                   */
extern "C" {
#include "functions.h"
}

/* Bytes is what a bytes object comes as, chars() of it its text.         */
template <class Bytes, class Module> void bind_functions(Module &m)
{
    m.def("add", &add);
    m.def("nothing", &nothing);
    m.def("mul", &mul);
    m.def("first", [](Bytes text) { return first(chars(text)); });
    m.def("norm1", &norm1);
    m.def("same", [](point *p) { return (size_t)same(p); });
    m.def("mixed",
          [](int a, double b, Bytes text, long c, float d, point *p) {
              return mixed(a, b, chars(text), c, d, p);
          });
    m.def("make_point", &make_point);
    m.def("sum_point", &sum_point);
}
