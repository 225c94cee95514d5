"""What the tests of compile() and verify() build: a function, a constant, a partial struct."""

CDEF = "int add(int, int);\n#define LIMIT ...\nstruct point { int x; ...; };\n"
SOURCE = """\
#define LIMIT 1000000
struct point { double before; int x; };
static int add(int a, int b) { return a + b; }
"""
