// Parameter lists: names, adjustment, what is a type and what a name.
typedef int T;
int a(void), b(), c(int), d(int x), e(int, ...), f(...);
// expect: function int a(void)
// expect: function int b()
// expect: function int c(int)
// expect: function int d(int)
// expect: function int e(int, ...)
// expect: function int f(...)
int g(int x[3], char *argv[], int m[][2], int (*n)[2]);
// expect: function int g(int *, char **, int (*)[2], int (*)[2])
int h(int x[static 5], int y[const], int z[restrict static 2], int w[*]);
// expect: function int h(int *, int *, int *, int *)
int i(int n, int v[n], int w[n + 1], int x[2 * n][3]);
// expect: function int i(int, int *, int *, int (*)[3])
int j(int n, int m[][n], int k[n][n]);
// expect: function int j(int, variable-length array *, variable-length array *)
int k(int fn(int), int gn(T), int (*hn)(void));
// expect: function int k(int (*)(int), int (*)(T), int (*)(void))
int l(T), m(T T), n(int T), o(int (T)), p(T *T), q(int(T[]));
// expect: function int l(T)
// expect: function int m(T)
// expect: function int n(int)
// expect: function int o(int (*)(T))
// expect: function int p(T *)
// expect: function int q(int (*)(T *))
int r(const T), s(unsigned T), t(const unsigned T, T), u(long T, int T2);
// expect: function int r(const T)
// expect: function int s(unsigned int)
// expect: function int t(const unsigned int, T)
// expect: function int u(long, int)
int v(int (*)(int), int (*[2])(void), int *[3], int (*(*)(int))[4]);
// expect: function int v(int (*)(int), int (**)(void), int **, int (*(*)(int))[4])
int w(int (), int (*)(), int (x), int ((y)));
// expect: function int w(int (*)(), int (*)(), int, int)
int x(register int a, const char *const b, volatile int c);
// expect: function int x(int, const char *const, volatile int)
int y(struct s *, union u *, enum e *);
// expect: struct s opaque
// expect: union u opaque
// expect: enum e opaque
// expect: function int y(struct s *, union u *, enum e *)
int z(struct { int a; } *p);
// expect: struct $1 size 4 align 4 { a@0 }
// expect: function int z(struct $1 *)
typedef void V; int aa(V);
// expect: typedef V = void
// expect: function int aa(void)
int ab(int a __attribute__((unused)), __attribute__((nonnull)) int *b, [[maybe_unused]] int c);
// expect: function int ab(int, int *, int)
int ac(int (__stdcall *cb)(int), int (__attribute__((unused)) x));
// expect: function int ac(int (*)(int), int)
int ad(va_list_of_mine) int va_list_of_mine; { return 0; }
// expect: function int ad(int)
void ae(int a, int b[sizeof(a)]);       // expect: function void ae(int, int *)
// ----
int f(int, void);                       // error 1:16: a parameter has no type but void
// ----
int f(void, int);                       // error 1:11: a parameter has no type but void
// ----
int f(void x);                          // error 1:12: a parameter has no type but void
// ----
int f(void, ...);                       // error 1:11: a parameter has no type but void
// ----
int f(a, b);                            // error 1:7: unknown type name 'a'
// ----
int f(foo, int);                        // error 1:7: unknown type name 'foo'
// ----
int f(int,);                            // error 1:11: expected a type, found ')'
// ----
int f(int;                              // error 1:10: expected ',' or ')', found ';'
// ----
// error 2:12: expected ',' or ')', found end of text
int f(int a
// ----
int f(..., int);                        // error 1:10: expected ')', found ','
// ----
int f(extern int a);                    // error 1:7: a parameter has no storage class but register
// ----
int f(typedef int a);                   // error 1:7: a parameter has no storage class but register
