# cython: language_level=3, freethreading_compatible=True
"""The same functions by Cython, the GIL kept, as its users would write them."""

cdef extern from "functions.h" nogil:
    struct c_point "point":
        int x, y
    int c_add "add"(int, int)
    void c_nothing "nothing"()
    double c_mul "mul"(double, double)
    int c_first "first"(const char *)
    int c_norm1 "norm1"(const c_point *)
    void *c_same "same"(void *)
    double c_mixed "mixed"(int, double, const char *, long, float, void *)
    c_point c_make_point "make_point"(int, int)
    int c_sum_point "sum_point"(c_point)


cdef class Point:
    cdef c_point value

    @property
    def x(self):
        return self.value.x

    @x.setter
    def x(self, int x):
        self.value.x = x

    @property
    def y(self):
        return self.value.y


def add(int a, int b):
    return c_add(a, b)


def nothing():
    c_nothing()


def mul(double a, double b):
    return c_mul(a, b)


def first(const char *text):
    return c_first(text)


def norm1(Point p):
    return c_norm1(&p.value)


def same(Point p):
    return <size_t>c_same(&p.value)


def mixed(int a, double b, const char *text, long c, float d, Point p):
    return c_mixed(a, b, text, c, d, &p.value)


def make_point(int x, int y):
    cdef Point p = Point.__new__(Point)
    p.value = c_make_point(x, y)
    return p


def sum_point(Point p):
    return c_sum_point(p.value)
