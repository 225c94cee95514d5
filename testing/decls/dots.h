// `...`: what only the C compiler knows.
typedef ... opaque, *opaque_p; typedef ... *ptr; typedef ...**ptr2;
// expect: struct opaque opaque
// expect: typedef opaque = opaque
// expect: typedef opaque_p = opaque *
// expect: struct $$ptr opaque
// expect: typedef ptr = struct $$ptr *
// expect: struct $$ptr2 opaque
// expect: typedef ptr2 = struct $$ptr2 **
opaque *a(ptr);                         // expect: function opaque *a(ptr)
typedef int... i; typedef unsigned int... u; typedef long... l; typedef float... f; typedef double... d;
// expect: typedef i = i
// expect: typedef u = u
// expect: typedef l = l
// expect: typedef f = f
// expect: typedef d = d
i b(u, f *); extern i c;
// expect: function i b(u, f *)
// expect: variable i c
struct s { ...; }; struct t { int x; ...; }; struct u_ { int x; ...; int y; }; union v { long z; ...; };
// expect: struct s size ? { ... }
// expect: struct t size ? { x ... }
// expect: struct u_ size ? { x y ... }
// expect: union v size ? { z ... }
struct w { struct t t; int z; };        // expect: struct w size ? { t z ... }
typedef struct { int x; ...; } x; typedef struct { ...; } y;
// expect: struct x size ? { x ... }
// expect: typedef x = x
// expect: struct y size ? { ... }
// expect: typedef y = y
extern int g[...], h[...][3]; typedef int z[...]; struct aa { int a[...]; char b[2][...]; };
// expect: variable int g[...]
// expect: variable int h[...][3]
// expect: typedef z = int[...]
// expect: struct aa size ? { a b ... }
enum e { A, B = 3, ... }; enum ee { C = ..., D };
// expect: enum e : ? { A=... B=3 ... }
// expect: enum ee : ? { C=... D=... ... }
#define E ...
static const int F; static const double G; static char *const H;
// expect: macro F : const int
// expect: macro G : const double
// expect: macro H : char *const
int va(int, ...); int vb(...);
// expect: function int va(int, ...)
// expect: function int vb(...)
typedef ... opaque; typedef ... *ptr; typedef int... i; typedef double... d;
struct s { ...; };
// ----
typedef ... ;                           // error 1:13: expected a name, found ';'
// ----
... x;                                  // error 1:1: expected a type, found '...'
// ----
int... x;                               // error 1:4: expected a name, found '...'
// ----
typedef int... *x;                      // error 1:17: only a plain name may follow '...' here
// ----
typedef struct s ... x;                 // error 1:18: '...' may follow only int, float or typedef
// ----
typedef ... int x;                      // error 1:13: two types in one declaration
// ----
struct s { ... };                       // error 1:16: expected ';', found '}'
// ----
struct s { int ...; };                  // error 1:16: expected a name, found '...'
// ----
int x[... + 1];                         // error 1:11: expected ']', found '+'
// ----
int f(..., ...);                        // error 1:10: expected ')', found ','
// ----
enum e { ..., A };                      // expect: enum e : ? { A=... ... }
// ----
struct s { int x; ...; };
struct s { int x; };                    // error 2:8: 'struct s' has another body than the one at <cdef>:1:8
// ----
int x[sizeof(struct { int a; ...; })];  // error 1:7: the size of 'struct $1' is not known
