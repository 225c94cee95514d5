// Function declarations and definitions.
int a(int x), b(int), *c(void);
// expect: function int a(int)
// expect: function int b(int)
// expect: function int *c(void)
static inline int d(int x) { if (x) { return '}' + "}"[0]; } return 0; }
// expect: function int d(int) static
inline int e(void); extern inline int f(void) { return 1; } static int g(void);
// expect: function int e(void)
// expect: function int f(void)
// expect: function int g(void) static
int h(int x) { return x; }              // expect: function int h(int)
int i(x, y) int x; char *y; { return x; }
// expect: function int i(int, char *)
// ----
j_t_missing() int j;                    // error 1:1: expected a type, found 'j_t_missing'
// ----
_Noreturn void a(int), b(void); [[noreturn]] void c(void);
// expect: function void a(int)
// expect: function void b(void)
// expect: function void c(void)
__inline__ __attribute__((gnu_inline)) extern int d(void) { return 2; }
// expect: function int d(void)
struct s { int x; } e(struct s *p) { return *p; }
// expect: struct s size 4 align 4 { x@0 }
// expect: function struct s e(struct s *)
struct s f(struct s v), *g(const struct s *), h(void);
// expect: function struct s f(struct s)
// expect: function struct s *g(const struct s *)
// expect: function struct s h(void)
int i(); int i(int, ...);               // expect: function int i(int, ...)
typedef int fn(int, char *); fn j, *k; extern fn l;
// expect: typedef fn = int(int, char *)
// expect: function int j(int, char *)
// expect: variable fn *k
// expect: function int l(int, char *)
// ----
unsigned m(void); extern n_(void);      // error 1:26: expected a type, found 'n_'
// ----
void a(void) { /* } */ // }
  asm("}"); } int b;
// expect: function void a(void)
// expect: variable int b
asm("directive"); __asm__ volatile ("x" : : "r" (1)); ; ; int c;  // expect: variable int c
_Static_assert(sizeof(int) == 4, "four"); _Static_assert(1); static_assert(2 > 1, "con" "cat");
int d;                                  // expect: variable int d
extern "C" { int e(void); extern "C" int f(void); typedef int T; } T g;
// expect: function int e(void)
// expect: function int f(void)
// expect: typedef T = int
// expect: variable T g
extern "C" int h(void), i;
// expect: function int h(void)
// expect: variable int i
// ----
extern "C++" { int j(int); class_t_missing; }  // error 1:28: expected a type, found 'class_t_missing'
// ----
extern "C++" { int a(int); extern int b; typedef int T; struct s { int x; }; } T c; struct s d;
// expect: unavailable a: it is declared extern "C++" (<cdef>:1:20)
// expect: unavailable b: it is declared extern "C++" (<cdef>:1:39)
// expect: typedef T = int
// expect: struct s size 4 align 4 { x@0 }
// expect: variable T c
// expect: variable struct s d
extern "C++" { extern "C" int e(void); }  // expect: function int e(void)
// ----
_Static_assert(sizeof(long) == 2, "long is " "two");  // error 1:1: static assertion failed: long is two
// ----
_Static_assert(0);                      // error 1:1: static assertion failed
// ----
_Static_assert(x, "");                  // error 1:16: 'x' is not declared
// ----
_Static_assert(1, 2);                   // error 1:19: expected a string, found '2'
// ----
int f(void) {                           // error 1:13: this '{' is never closed
// ----
int f(void) { ( } )                     // error 1:17: expected ')'
// ----
int f(void) }                           // error 1:13: expected ';', found '}'
// ----
int f(void) int g(void);                // error 1:13: expected ';', found 'int'
// ----
}                                       // error 1:1: expected a type, found '}'
// ----
extern "Fortran" int f(void);           // error 1:8: extern is followed by "Python", "Python+C" or "C", not '"Fortran"'
// ----
// error 2:26: expected a declaration or '}', found end of text
extern "C" { int f(void);
// ----
// error 2:11: expected a type, found end of text
extern "C"
// ----
int f(int) { return 0; }, g(int);       // error 1:25: expected a type, found ','
// ----
// Definitions from before prototypes; what is none must not pass for one.
int a(x, y) int x; char *y; { return 1; } int b(x) struct s { int z; } *x; { }
// expect: function int a(int, char *)
// expect: function int b(struct s *)
// ----
int a(foo)
// error 3:21: expected '{', found end of text
struct s { int a; };
// ----
// error 2:16: 'x' is no parameter of 'a'
int a(foo) int x; struct s {};
