"""What the frozen stubs in stubs/contract-*.c declare, and the C that they were emitted with.

Never changed: a stub of a contract version was made of exactly this. When the contract gets a new
version, print one into stubs/contract-X.Y.c: `./run python testing/contract_declarations.py`.
Functions of one type share a trampoline in it, as in a large module.
"""

CDEF = """
typedef struct { int x; double y; } point;
struct partial { long last; ...; };
struct bits { unsigned a : 3; int b : 7; };
union either { int i; float f; };
struct list { struct list *next; int values[2]; };
enum color { RED, GREEN = 7, BLUE = -2 };
typedef int... counter_t;
typedef float... real_t;
typedef ... opaque_t;
struct opaque;

int add(int, int);
point mirrored(point);
double total(const double *, size_t);
long double half(long double);
const char *name(void);
counter_t count(counter_t);
int sum(int n, ...);
[[cffi::keep_gil]] int quick(int);
int largest(int, int);
opaque_t *make(int);
int look(opaque_t *);
int call(int);

#define LIMIT 40
#define UNKNOWN ...
#define GREETING "hello"
static const double RATIO;
extern int table[...];
extern const int fixed;
extern point origin;
extern "Python" int answer(int);
"""

SOURCE = """
#include <stdarg.h>
#include <stddef.h>
typedef struct { int x; double y; } point;
struct partial { char first; long last; char rest[3]; };
struct bits { unsigned a : 3; int b : 7; };
union either { int i; float f; };
struct list { struct list *next; int values[2]; };
enum color { RED, GREEN = 7, BLUE = -2 };
typedef unsigned short counter_t;
typedef double real_t;
typedef struct opaque { int inside; } opaque_t;
static int add(int a, int b) { return a + b; }
static point mirrored(point p) { p.x = -p.x; p.y = -p.y; return p; }
static double total(const double *v, size_t n)
{
    double t = 0;
    while (n > 0)
        t += v[--n];
    return t;
}
static long double half(long double x) { return x / 2; }
static const char *name(void) { return "stub"; }
static counter_t count(counter_t n) { return (counter_t)(n + 1); }
static int sum(int n, ...)
{
    int t = 0;
    va_list list;
    va_start(list, n);
    while (n-- > 0)
        t += va_arg(list, int);
    va_end(list);
    return t;
}
static int quick(int x) { return x + 1; }
#define largest(a, b) ((a) > (b) ? (a) : (b))
static opaque_t *make(int n) { static opaque_t one; one.inside = n; return &one; }
static int look(opaque_t *o) { return o->inside; }
#define LIMIT 40
#define UNKNOWN (1ull << 63)
#define GREETING "hello"
static const double RATIO = 2.5;
static int table[5] = {1, 2, 3, 4, 5};
static const int fixed = 9;
static point origin = {1, 2.5};
static int answer(int);
static int call(int x) { return answer(x) + 1; }
"""


def text(module: str) -> str:
    import emitted

    with emitted.sharing():
        return emitted.stub_of(CDEF, SOURCE, module).text


if __name__ == "__main__":
    print(text("contract"), end="")
