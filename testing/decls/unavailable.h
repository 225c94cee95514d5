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
struct m { int x; _Decimal64 d; }; extern struct m m, *n; int o(struct m), p(struct m *);
struct q { va_list v; }; union r { _Decimal32 x; int y; };
typedef _Decimal64 s; s t(void); s *u; typedef s v; v w;
void (^blk)(int); typedef void (^blk_t)(void); blk_t x; int y(blk_t); int (*z)(blk_t);
auto aa = 5; __auto_type ab = 1.5; auto int ac;
register int ad asm("ebx"); extern void ae; _Decimal64 af[3];
int ag(a, b) { return 0; }
_Atomic struct m ah; _Atomic(int[3]) ai;
int complex_int; _Complex int aj;
int ak(int n, int (*m)[n]), al(int n, int m[n][n]);
static const _Decimal64 am = 1; _Decimal64 an = 2;
int a(const char *, va_list);
extern "C++" int ao(void);
