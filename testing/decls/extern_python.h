// extern "Python" and its like.
extern "Python" int a(int, char *); extern "Python" { void b(void); int c(int x), *d(void); }
// expect: extern "Python" int a(int, char *)
// expect: extern "Python" void b(void)
// expect: extern "Python" int c(int)
// expect: extern "Python" int *d(void)
extern "Python+C" int e(int); extern "Python+C" { struct s { int x; } f(struct s *); }
// expect: extern "Python+C" int e(int)
// expect: struct s size 4 align 4 { x@0 }
// expect: extern "Python+C" struct s f(struct s *)
extern "Python" { typedef int T; struct t { T x; }; #define N 3
T g(struct t *); extern "C" int h(void); ; }
extern "Py" "thon" int i(void);
extern "Python" int __stdcall j(int);
int k(int);
typedef int fn(int); extern "Python" fn l;
[[cffi::keep_gil]] int m(int);
// ----
extern "Python" int x;                  // error 1:21: extern "Python" is for functions, and 'x' is a variable
// ----
extern "Python" { int x; }              // error 1:23: extern "Python" is for functions, and 'x' is a variable
// ----
extern "Python"                         // error 2:1: expected a type, found end of text
// ----
extern "Python" { int f(void);          // error 2:1: expected a declaration or '}', found end of text
// ----
extern "python" int f(void);            // error 1:8: extern is followed by "Python", "Python+C" or "C", not '"python"'
// ----
extern "Python" int f(int, _BitInt(7));
// expect: unavailable f: _BitInt is not supported (<cdef>:1:21)
