// Well-formed declarations that have no meaning in Python keep their names.
typedef __builtin_va_list va_list; int a(const char *, va_list), b(va_list *), c(__builtin_va_list);
// expect: typedef va_list = va_list unavailable: a va_list has no value in Python
// expect: unavailable a: a va_list has no value in Python (<cdef>:2:40)
// expect: function int b(va_list *)
// expect: unavailable c: a va_list has no value in Python (<cdef>:2:80)
_Decimal32 d; _Decimal64 e(void); void f(_Decimal128); _Decimal64 *g;
// expect: unavailable d: decimal floating types are not supported (<cdef>:7:12)
// expect: unavailable e: decimal floating types are not supported (<cdef>:7:26)
// expect: unavailable f: decimal floating types are not supported (<cdef>:7:40)
// expect: variable _Decimal64 *g
__float80 h; _BitInt(24) i; unsigned _BitInt(3) j; double _Imaginary k; _Float16 _Complex l;
// expect: unavailable h: __float80 is not supported (<cdef>:12:11)
// expect: unavailable i: _BitInt is not supported (<cdef>:12:26)
// expect: unavailable j: _BitInt is not supported (<cdef>:12:49)
// expect: unavailable k: imaginary types are not supported (<cdef>:12:70)
// expect: unavailable l: complex numbers of this type are not supported (<cdef>:12:91)
struct m { int x; _Decimal64 d; }; extern struct m m, *n; int o(struct m), p(struct m *);
// expect: struct m { x d } unavailable: decimal floating types are not supported
// expect: unavailable m: decimal floating types are not supported (<cdef>:18:52)
// expect: variable struct m *n
// expect: unavailable o: decimal floating types are not supported (<cdef>:18:63)
// expect: function int p(struct m *)
struct q { va_list v; }; union r { _Decimal32 x; int y; };
// expect: struct q { v } unavailable: a va_list has no value in Python
// expect: union r { x y } unavailable: decimal floating types are not supported
typedef _Decimal64 s; s t(void); s *u; typedef s v; v w;
// expect: typedef s = _Decimal64 unavailable: decimal floating types are not supported
// expect: unavailable t: decimal floating types are not supported (<cdef>:27:25)
// expect: variable s *u
// expect: typedef v = s unavailable: decimal floating types are not supported
// expect: unavailable w: decimal floating types are not supported (<cdef>:27:55)
void (^blk)(int); typedef void (^blk_t)(void); blk_t x; int y(blk_t); int (*z)(blk_t);
// expect: unavailable blk: blocks are not C (<cdef>:33:8)
// expect: typedef blk_t = block unavailable: blocks are not C
// expect: unavailable x: blocks are not C (<cdef>:33:54)
// expect: unavailable y: blocks are not C (<cdef>:33:61)
// expect: variable int (*z)(blk_t)
auto aa = 5; __auto_type ab = 1.5;
// expect: unavailable aa: its type is deduced (<cdef>:39:6)
// expect: unavailable ab: its type is deduced (<cdef>:39:26)
// `auto int ac;` is refused: gnu.h.
register int ad asm("ebx"); extern void ae; _Decimal64 af[3];
// expect: unavailable ad: a register variable (<cdef>:43:14)
// expect: unavailable ae: a variable of type void (<cdef>:43:41)
// expect: unavailable af: decimal floating types are not supported (<cdef>:43:56)
int ag(a, b) _Decimal64 b; { return 0; }
// expect: unavailable ag: decimal floating types are not supported (<cdef>:47:5)
_Atomic struct m ah; _Atomic(int[3]) ai;
// expect: unavailable ah: an atomic struct, union or array (<cdef>:49:18)
// expect: unavailable ai: an atomic struct, union or array (<cdef>:49:38)
int complex_int; _Complex int aj;
// expect: variable int complex_int
// expect: unavailable aj: complex numbers of this type are not supported (<cdef>:52:31)
int ak(int n, int (*m)[n]), al(int n, int m[n][n]);
// expect: function int ak(int, variable-length array *)
// expect: function int al(int, variable-length array *)
static const _Decimal64 am = 1; _Decimal64 an = 2;
// expect: unavailable am: decimal floating types are not supported (<cdef>:58:25)
// expect: unavailable an: decimal floating types are not supported (<cdef>:58:44)
int a(const char *, va_list);
extern "C++" int ao(void);
// expect: unavailable ao: it is declared extern "C++" (<cdef>:62:18)
// ----
// A constant that we do not compute: only what is declared with it is lost.
int a[__builtin_foo(3)]; typedef int b[__builtin_foo(x, {1})]; b *c; b d; int e(int x[__builtin_foo(2)]);
// expect: unavailable a: __builtin_foo() is not computed (<cdef>:2:5)
// expect: typedef b = ... unavailable: __builtin_foo() is not computed
// expect: variable b *c
// expect: unavailable d: __builtin_foo() is not computed (<cdef>:2:72)
// expect: function int e(int *)
enum f { F1, F2 = 1 + __builtin_foo(1), F3, F4 = 7, F5 }; enum f g(void), *h(void); int i[F5];
// expect: enum f : unsigned int { F1=0 F4=7 F5=8 } unavailable: __builtin_foo() is not computed
// expect: unavailable F2: __builtin_foo() is not computed (<cdef>:8:14)
// expect: unavailable F3: __builtin_foo() is not computed (<cdef>:8:41)
// expect: unavailable g: __builtin_foo() is not computed (<cdef>:8:66)
// expect: function enum f *h(void)
// expect: variable int i[8]
enum j : short { J1 = __builtin_foo(1), J2 = 2 }; enum j k(void); enum { L1 = F2 << 1 };
// expect: enum j : short { J2=2 }
// expect: function enum j k(void)
// expect: unavailable L1: __builtin_foo() is not computed (<cdef>:15:74)
struct m { int x; int y[__builtin_foo(3)]; }; struct m *n(void), o; struct p { int x : __builtin_foo(1); };
// expect: struct m { x y } unavailable: __builtin_foo() is not computed
// expect: function struct m *n(void)
// expect: unavailable o: __builtin_foo() is not computed (<cdef>:19:66)
// expect: struct p { x:+1 } unavailable: __builtin_foo() is not computed
int q __attribute__((aligned(__builtin_foo(4)))); struct r { _Alignas(__builtin_foo(4)) int x; };
// expect: unavailable q: __builtin_foo() is not computed (<cdef>:24:5)
// expect: struct r { x } unavailable: __builtin_foo() is not computed
_Static_assert(__builtin_foo(3), "x"); typeof(__builtin_foo(3)) s; int t[__builtin_choose_expr(__builtin_foo(1), 1, 2)];
// expect: unavailable s: __builtin_foo() is not computed (<cdef>:27:65)
// expect: unavailable t: __builtin_foo() is not computed (<cdef>:27:72)
int u[(int)(1.0L + 1)], v[L"ab"[0]], w[(int)1.5q], y[(int)(__int128)1], z[sizeof(typeof((__int128)1))];
// expect: unavailable u: '+' is not computed in 'long double' (<cdef>:30:5)
// expect: unavailable v: wide strings are not supported here (<cdef>:30:25)
// expect: unavailable w: floating constants with this suffix are not supported (<cdef>:30:38)
// expect: unavailable y: constants of type '__int128' are not computed (<cdef>:30:52)
// expect: variable int z[16]
static const _Float128 aa = 1.0f128; static const double bb = __builtin_nans(""), cc = 1; extern int dd; static const long ee = (long)&dd;
// expect: macro aa : const _Float128
// expect: macro bb : const double
// expect: macro ee : const long
// ----
// What cdef_header() could not offer: its reason; not when it is declared.
int declared(void);
#pragma cffi_unavailable(one, "because of \"this\"")
#pragma cffi_unavailable(declared, "not so")
#pragma cffi_unavailable(later, "not yet")
int later(int);
// expect: function int declared(void)
// expect: unavailable one: because of "this" (<cdef>:3:26)
// expect: function int later(int)
