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
extern "Python" { typedef int T; struct t { T x; }; T g(struct t *); extern "C" int h(void); ; }
// expect: typedef T = int
// expect: struct t size 4 align 4 { x@0 }
// expect: extern "Python" T g(struct t *)
// expect: function int h(void)
extern "Py" "thon" int i(void);         // expect: extern "Python" int i(void)
extern "Python" int __stdcall j(int);   // expect: extern "Python" int j(int)
int k(int);                             // expect: function int k(int)
typedef int fn(int); extern "Python" fn l;
// expect: typedef fn = int(int)
// expect: extern "Python" int l(int)
[[cffi::keep_gil]] int m(int);          // expect: function int m(int) keep_gil
// ----
extern "Python" int x;                  // error 1:21: extern "Python" is for functions, and 'x' is a variable
// ----
extern "Python" { int x; }              // error 1:23: extern "Python" is for functions, and 'x' is a variable
// ----
// error 2:16: expected a type, found end of text
extern "Python"
// ----
// error 2:31: expected a declaration or '}', found end of text
extern "Python" { int f(void);
// ----
extern "python" int f(void);            // error 1:8: extern is followed by "Python", "Python+C" or "C", not '"python"'
// ----
extern "Python" int f(int, _BitInt(7));
// expect: unavailable f: _BitInt is not supported (<cdef>:1:21)
