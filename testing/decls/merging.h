// Compatible declarations are one.
int a(int); extern int a(int x); int a();  // expect: function int a(int)
int b(); int b(int, char *); int b(int n, char *s);  // expect: function int b(int, char *)
extern int c[]; int c[4]; extern int c[];  // expect: variable int c[4]
int d[3]; extern int d[];               // expect: variable int d[3]
int64_t e(uint32_t); long e(unsigned);  // expect: function int64_t e(uint32_t)
enum f { F }; enum f g(enum f); unsigned g(unsigned);
// expect: enum f : unsigned int { F=0 }
// expect: function enum f g(enum f)
typedef int T; T h(T *); int h(int *);
// expect: typedef T = int
// expect: function T h(T *)
struct s *i; struct s { int x; }; extern struct s *i;
// expect: variable struct s *i
// expect: struct s size 4 align 4 { x@0 }
int j(int (*)()); int j(int (*)(int));  // expect: function int j(int (*)(int))
int k(int [3]), k(int *), k(int [const 5]);  // expect: function int k(int *)
int l(const int), l(int);               // expect: function int l(const int)
extern int m; int m; int m = 5; static int m;  // expect: variable int m static
int n(void) __asm__("real_n"); int n(void);  // expect: function int n(void) asm "real_n"
int o(void); [[cffi::keep_gil]] int o(void);  // expect: function int o(void) keep_gil
typedef int T; typedef T T; typedef struct s S; typedef struct s S;  // expect: typedef S = struct s
typedef int U[]; U p; int p[4]; U q;
// expect: typedef U = int[]
// expect: variable int p[4]
// expect: variable U q
int r(int); int r(int x) { return x; }  // expect: function int r(int)
extern void *t(void), *t(void);         // expect: function void *t(void)
// ----
// However deep, each gives what it knows.
int (*a)(); extern int (*a)(int, char *); int (*b(void))[]; int (*b(void))[3];
// expect: variable int (*a)(int, char *)
// expect: function int (*b(void))[3]
int c(int (*)[], int (*)(long)); int c(int (*)[4], int (*)()); int d(void (*)(int (*)())), d(void (*)(int (*)(char)));
// expect: function int c(int (*)[4], int (*)(long))
// expect: function int d(void (*)(int (*)(char)))
extern int e[][3], e[2][3], (*f[])(void), (*f[4])(void); extern int (*const g)(), (*const g)(int);
// expect: variable int e[2][3]
// expect: variable int (*f[4])(void)
// expect: variable int (*const g)(int)
// ----
int a(int x, float y); int a(x, y) int x; double y; { }
// error 1:28: 'a' is 'int(int, double)' here, but 'int(int, float)' at <cdef>:1:5
// ----
typedef int (*T)(); T a(T, T); T a(int (*)(int), T); int b(short x, double y); int b(int, double);
// error 1:84: 'b' is 'int(int, double)' here, but 'int(short, double)' at <cdef>:1:58
// ----
typedef int (*T)(); T a(T, T); T a(int (*)(int), T); int b(int x, double y); int b(x, y) short x; float y; { }
// expect: function T a(int (*)(int), T)
// expect: function int b(int, double)
// ----
int f(int);
long f(int);                            // error 2:6: 'f' is 'long(int)' here, but 'int(int)' at <cdef>:1:5
// ----
int f(int);
int f(int, int);                        // error 2:5: 'f' is 'int(int, int)' here, but 'int(int)' at <cdef>:1:5
// ----
int f(int);
int f(int, ...);                        // error 2:5: 'f' is 'int(int, ...)' here, but 'int(int)' at <cdef>:1:5
// ----
int f(char);
int f(signed char);                     // error 2:5: 'f' is 'int(signed char)' here, but 'int(char)' at <cdef>:1:5
// ----
int f(int64_t);
int f(long long);
int g(int32_t);
int g(unsigned);                        // error 4:5: 'g' is 'int(unsigned int)' here, but 'int(int32_t)' at <cdef>:3:5
// ----
int f(struct s *);
int f(union s *);                       // error 2:13: 's' is not a union: it is 'struct s', from <cdef>:1:14
// ----
int f(struct s *);
int f(struct t *);                      // error 2:5: 'f' is 'int(struct t *)' here, but 'int(struct s *)' at <cdef>:1:5
// ----
extern int a[3];
extern int a[4];                        // error 2:12: 'a' is 'int[4]' here, but 'int[3]' at <cdef>:1:12
// ----
int x;
long x;                                 // error 2:6: 'x' is 'long' here, but 'int' at <cdef>:1:5
// ----
int x;
int x(void);                            // error 2:5: 'x' is another kind of name: it was declared at <cdef>:1:5
// ----
typedef int T;
int T;                                  // error 2:5: 'T' is another kind of name: it was declared at <cdef>:1:13
// ----
int f(void);
typedef int f;                          // error 2:13: 'f' is another kind of name: it was declared at <cdef>:1:5
// ----
typedef int T;
typedef long T;                         // error 2:14: 'T' is 'long' here, but 'int' at <cdef>:1:13
// ----
#define X 1
int X;                                  // error 2:5: 'X' is another kind of name: it was declared at <cdef>:1:9
// ----
int f(int);
int g(void), f(long);                   // error 2:14: 'f' is 'int(long)' here, but 'int(int)' at <cdef>:1:5
// ----
extern "Python" int f(int);             // expect: extern "Python" int f(int)
extern "Python" int f(int);
int f(int);
// ----
extern "Python" int f(int);
extern "Python" int f(long);            // error 2:21: 'f' is 'int(long)' here, but 'int(int)' at <cdef>:1:21
// ----
// A macro that is no constant hides no declaration, nor the other way round.
#define a(x) x
typedef int a; a b;
// expect: typedef a = int
// expect: variable a b
#define c(x) x
int c(int); extern int d;
// expect: function int c(int)
// expect: variable int d
#define d x
#define e(x) x
struct e { int e; } e;
// expect: struct e size 4 align 4 { e@0 }
// expect: variable struct e e
// ----
typedef long v __attribute__((vector_size(16)));
typedef int64_t w __attribute__((vector_size(16)));
int f(v); int f(w);                     // expect: function int f(v)
#define S "text"
#define S "te" "xt"
typedef __builtin_va_list a; typedef __builtin_va_list a;
// expect: typedef a = va_list unavailable: a va_list has no value in Python
int b(_Decimal64); int b(_Decimal64); int b(int);
// expect: unavailable b: decimal floating types are not supported (<cdef>:8:5)
int c(int); int c(_Decimal64);
// expect: unavailable c: decimal floating types are not supported (<cdef>:10:17)
int d(_Decimal64); typedef int d;       // expect: typedef d = int
// ----
typedef long v __attribute__((vector_size(16)));
typedef long w __attribute__((vector_size(32)));
int f(v);
int f(w);                               // error 4:5: 'f' is 'int(w)' here, but 'int(v)' at <cdef>:3:5
// ----
typedef struct { int a[2]; } T; typedef struct { int a[3]; } T;  // error 1:62: 'T' has another body than the one at <cdef>:1:30
// ----
typedef struct { int *a; } T; typedef struct { long *a; } T;  // error 1:59: 'T' has another body than the one at <cdef>:1:28
// ----
typedef struct { enum { A } e; } T; typedef struct { enum { A } e; } T; T x;
// expect: struct T size 4 align 4 { e@0 }
// expect: enum $1 : unsigned int { A=0 }
// expect: typedef T = T
// expect: struct T size 4 align 4 { e@0 }
// expect: enum $2 : unsigned int { A=0 }
// expect: variable T x
// ----
// Of a standard name another C library may have another idea, and so may a person.
typedef int int_fast16_t; int_fast16_t a;
// expect: typedef int_fast16_t = int
// expect: variable int_fast16_t a
// ----
# 1 "musl.h"
typedef int int_fast16_t; typedef unsigned short wchar_t; struct s { int_fast16_t a; wchar_t b; };
// expect: typedef int_fast16_t = int
// expect: typedef wchar_t = unsigned short
// expect: struct s size 8 align 4 { a@0 b@4 }
