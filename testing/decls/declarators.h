// Pointers, arrays and functions, inside out.
int *a, **b, *const c, *volatile *d;
// expect: variable int *a
// expect: variable int **b
// expect: variable int *const c
// expect: variable int *volatile *d
int e[3], *f[3], (*g)[3], (*(*h)[2])[3];
// expect: variable int e[3]
// expect: variable int *f[3]
// expect: variable int (*g)[3]
// expect: variable int (*(*h)[2])[3]
int (*i)(int), *(*j)(void), (*(*k)(int))(long);
// expect: variable int (*i)(int)
// expect: variable int *(*j)(void)
// expect: variable int (*(*k)(int))(long)
void (*signal(int sig, void (*handler)(int)))(int);
// expect: function void (*signal(int, void (*)(int)))(int)
int (*(*l[3])(char))[5];                // expect: variable int (*(*l[3])(char))[5]
int (((m))), (*(n)), ((o)[2]), ((p))(int);
// expect: variable int m
// expect: variable int *n
// expect: variable int o[2]
// expect: function int p(int)
int ((*(((*(q))))));                    // expect: variable int **q
int r[2][3][4];                         // expect: variable int r[2][3][4]
int *restrict s; char *const *const t;
// expect: variable int *restrict s
// expect: variable char *const *const t
const int *u, *const v, w[2];
// expect: variable const int *u
// expect: variable const int *const v
// expect: variable const int w[2]
typedef int row[3]; row x, *y, z[2];
// expect: typedef row = int[3]
// expect: variable row x
// expect: variable row *y
// expect: variable row z[2]
const row aa;                           // expect: variable const row aa
typedef int fn(int); fn ab, *ac, *ad[2];
// expect: typedef fn = int(int)
// expect: function int ab(int)
// expect: variable fn *ac
// expect: variable fn *ad[2]
int ae = 5, *af = &ae, ag(void), ah[] = {1, 2, 3};
// expect: const ae = 5 : int
// expect: variable int *af
// expect: function int ag(void)
// expect: variable int ah[]
int ai[1 + 2 * 3], aj['A'], ak[sizeof(long)], al[0x10], am[0b101];
// expect: variable int ai[7]
// expect: variable int aj[65]
// expect: variable int ak[8]
// expect: variable int al[16]
// expect: variable int am[5]
enum { N = 4 }; int an[N], ao[N][N + 1];
// expect: enum $1 : unsigned int { N=4 }
// expect: variable int an[4]
// expect: variable int ao[4][5]
struct s *ap, aq(void);
// expect: struct s opaque
// expect: variable struct s *ap
// expect: function struct s aq(void)
int (*ar(void))[3];                     // expect: function int (*ar(void))[3]
fn *as(fn *);                           // expect: function fn *as(fn *)
char *(*(**at[1][8])())[7];             // expect: variable char *(*(**at[1][8])())[7]
int (*au)(int, ...), (*av)();
// expect: variable int (*au)(int, ...)
// expect: variable int (*av)()
// ----
int (x;                                 // error 1:7: expected ')', found ';'
// ----
int *;                                  // error 1:6: expected a name, found ';'
// ----
int a[;                                 // error 1:7: expected an expression, found ';'
// ----
int a[-1];                              // error 1:7: the array's length is negative
// ----
int a[1.5];                             // error 1:7: expected an integer constant, found one of type 'double'
// ----
int a[n];                               // error 1:7: 'n' is not declared
// ----
int a[2](int);                          // error 1:5: array of functions
// ----
int f(int)(int);                        // error 1:5: function returning 'int(int)'
// ----
int f(int)[2];                          // error 1:5: function returning 'int[2]'
// ----
void a[2];                              // error 1:6: array of 'void', which has no size
// ----
struct s a[2];                          // error 1:10: array of 'struct s', which has no size
// ----
void f(struct s (*)[2]);                // error 1:17: array of 'struct s', which has no size
// ----
struct o { void (*f)(struct later[], const struct later x[2]); }; struct later { struct o o; };
typedef int parameters(struct later[], const struct no x[const 2]);
// expect: typedef parameters = int(struct later *, const struct no *)
// ----
int a[][];                              // error 1:5: array of 'int[]', which has no size
// ----
int a[9223372036854775808];             // error 1:5: array is too large
// ----
int a[0x7fffffffffffffff][4];           // error 1:5: array is too large
// ----
int 5x;                                 // error 1:5: expected a name, found '5x'
// ----
int a b;                                // error 1:7: expected ';', found 'b'
// ----
int a, ;                                // error 1:8: expected a name, found ';'
// ----
// error 2:6: expected ';', found end of text
int a
// ----
int a = ;                               // error 1:9: expected an initializer, found ';'
// ----
double a[2] = , b;                      // error 1:15: expected an initializer, found ','
