// What GNU C's headers still hold once they are preprocessed.
// options: --target x86_64-linux-gnu
extern int sscanf(const char *, const char *, ...) __asm__ ("" "__isoc99_sscanf") __attribute__ ((__nothrow__ , __leaf__));
// expect: function int sscanf(const char *, const char *, ...) asm "__isoc99_sscanf"
extern int a(void) __asm__("" "a" "_" "2") __attribute__((__const__));
// expect: function int a(void) asm "a_2" keep_gil
enum b { B1 __attribute__((deprecated)) = 1, B2 [[deprecated]], B3 [[gnu::unused]] = 7, B4 __attribute__((unused)) };
// expect: enum b : unsigned int { B1=1 B2=2 B3=7 B4=8 }
int (__attribute__((noinline)) c1)(void), (__attribute__((unused)) *c2)(void), c3[3] __attribute__((aligned(16)));
// expect: function int c1(void)
// expect: variable int (*c2)(void)
// expect: variable int c3[3]
struct d { char c; int i; } __attribute__((packed)) d1 __attribute__((aligned(8)));
// expect: struct d size 5 align 1 { c@0 i@1 }
// expect: variable struct d d1
static __inline __attribute__((__always_inline__, __gnu_inline__)) int e1(int x)
{
    __label__ l;
    switch (x) {
    case 1: __attribute__((__fallthrough__));
    case 2: __fallthrough__;
    case 3: [[fallthrough]];
    case 4 ... 9: return ({ __typeof__(x) y = x; y ? : 1; });
    default: break;
    }
    _Static_assert(sizeof x == 4, "not here");
    __asm__ volatile ("nop" : "=r" (x) : "0" (x) : "memory" /* } */);
    asm goto ("" : : : : l); goto *&&l;
l:  return _Generic(x, int: 1, default: (struct { int a; }) { .a = 2 }.a) + '}' + sizeof "{";
}
// expect: function int e1(int) static
extern __inline __attribute__((__gnu_inline__)) int e2(void) { return __builtin_va_arg_pack_len(); }
// expect: function int e2(void)
int e3(void) { int nested(void) { return 1; } auto int later(void); int later(void) { return 2; } return nested(); }
// expect: function int e3(void)
__inline int e4(int); int e4(int);      // expect: function int e4(int)
int f1(a, b, c) int a; char *b; double c; { return a; }
// expect: function int f1(int, char *, double)
int f2();                               // expect: function int f2()
_Static_assert(__builtin_types_compatible_p(__typeof__(d1.i), int), "a message"); static_assert(1 == 1);
_Static_assert(__builtin_offsetof(struct d, i) == 1 && __builtin_constant_p(1), "packed");
typedef unsigned long size_t; __typeof__(int *) g1; __typeof__(d1) g2; typeof(d1.i) g3; __typeof(sizeof(int)) g4; __typeof__(1 ? (char *)0 : 0) g5;
// expect: variable int *g1
// expect: variable struct d g2
// expect: variable int g3
// expect: variable size_t g4
// expect: variable char *g5
extern __typeof(f2) g6; extern __typeof__(e4) g7 __attribute__((weak, alias("f2"))); int f2() { return 0; }
// expect: function int g6()
// expect: function int g7(int)
typedef __builtin_va_list h1; typedef h1 __gnuc_va_list; int h2(const char *, __gnuc_va_list);
// expect: typedef h1 = va_list unavailable: a va_list has no value in Python
// expect: typedef __gnuc_va_list = h1 unavailable: a va_list has no value in Python
// expect: unavailable h2: a va_list has no value in Python (<cdef>:51:62)
__int128 i1; unsigned __int128 i2; __uint128_t i3; __int128_t i4;
// expect: variable __int128 i1
// expect: variable unsigned __int128 i2
// expect: variable unsigned __int128 i3
// expect: variable __int128 i4
_Float16 j1(_Float16); _Float32 j2(_Float32); _Float64 j3(_Float64); _Float32x j4; _Float64x j5; _Float128 j6; __float128 j7;
// expect: function _Float16 j1(_Float16)
// expect: function _Float32 j2(_Float32)
// expect: function _Float64 j3(_Float64)
// expect: variable _Float32x j4
// expect: variable _Float64x j5
// expect: variable _Float128 j6
// expect: variable _Float128 j7
_Decimal64 k1; _Complex double k2; __complex__ float k3; long double _Complex k4(_Complex long double); _Complex _Float64 k5;
// expect: unavailable k1: decimal floating types are not supported (<cdef>:68:12)
// expect: variable double _Complex k2
// expect: variable float _Complex k3
// expect: function long double _Complex k4(long double _Complex)
// expect: variable _Float64 _Complex k5
typedef float l1 __attribute__((__vector_size__(16), __may_alias__)); l1 l2(l1); typedef int l3 __attribute__((__mode__(__TI__)));
// expect: typedef l1 = __attribute__((vector_size(16))) float
// expect: function l1 l2(l1)
// expect: typedef l3 = __int128
_Atomic int m1; _Atomic(long) m2; struct m3 { _Atomic unsigned char a; _Atomic(void *) b; };
// expect: variable _Atomic int m1
// expect: variable _Atomic long m2
// expect: struct m3 size 16 align 8 { a@0 b@8 }
extern __thread int n1; extern _Thread_local int n2; static __thread int n3;
// expect: variable int n1 thread
// expect: variable int n2 thread
// expect: variable int n3 static thread
typedef union { struct d *o1; const struct m3 *o2; } o __attribute__((__transparent_union__)); int o3(o, o);
// expect: union o size 8 align 8 { o1@0 o2@0 }
// expect: function int o3(o, o)
struct p1 { int a; } p2 = { a: 1 }, p3[] = { [0] = { .a = 2 }, [1 ... 3].a = 3, [4] = { 5 } }; int p4[3] = { [0 ... 1] = 2 };
// expect: variable struct p1 p2
// expect: variable struct p1 p3[]
// expect: variable int p4[3]
struct q1 { __extension__ union { int a; float b; }; __extension__ long long c; int : 0; struct { int d : 3; }; };
// expect: struct q1 size 24 align 8 { _@0 c@8 _@16 }
__extension__ typedef struct { int __q2[2]; } q3; __extension__ enum { Q4 };
// expect: struct q3 size 8 align 4 { __q2@0 }
// expect: enum $3 : unsigned int { Q4=0 }
void r1(int n, int a[static 3], int b[const n], int c[*], int d[restrict], int e[static const 2], char *f[]);
// expect: function void r1(int, int *, int *, int *, int *, int *, char **)
asm(".globl x"); __asm__ ("nop"); _Pragma("GCC diagnostic push") int s1; __extension__ extern int s2;
// expect: variable int s1
// expect: variable int s2
void (*t1(int, void (*)(int)))(int); int (*(*t2[3])(void))(int);
// expect: function void (*t1(int, void (*)(int)))(int)
// expect: variable int (*(*t2[3])(void))(int)
void (^u1)(int); int u2(void (^)(void), int); typedef int (^u3)(int);
// expect: unavailable u1: blocks are not C (<cdef>:106:8)
// expect: unavailable u2: blocks are not C (<cdef>:106:22)
// expect: typedef u3 = block unavailable: blocks are not C
__auto_type v1 = 3;
// expect: unavailable v1: its type is deduced (<cdef>:110:13)
// ----
// __extension__ before what is no declaration of a name.
__extension__ _Static_assert(sizeof(int) == 4, "a"); __extension__ asm(".globl x"); __extension__ extern int a;
struct s { __extension__ _Static_assert(1, "b"); __extension__ int b; __extension__ struct { int c; }; };
// expect: variable int a
// expect: struct s size 8 align 4 { b@0 _@4 }
// ----
__extension__ _Static_assert(0, "b");   // error 1:15: static assertion failed: b
// ----
auto int x;                             // error 1:1: an automatic object or a nested function, outside of any
// ----
auto int nested(int);                   // error 1:1: an automatic object or a nested function, outside of any
// ----
int f(auto int x);                      // error 1:7: an automatic object or a nested function, outside of any
// ----
// The built-in functions that compilers fold: the values are gcc's.
typedef int I; struct s { int a; }; enum e { EA }; enum n { NA = -1 };
enum types {
    A1 = __builtin_types_compatible_p(int, const I), A2 = __builtin_types_compatible_p(int *, const int *),
    A3 = __builtin_types_compatible_p(enum e, unsigned int), A4 = __builtin_types_compatible_p(enum n, int),
    A5 = __builtin_types_compatible_p(int[], int[3]), A6 = __builtin_types_compatible_p(int[2], int[3]),
    A7 = __builtin_types_compatible_p(char, signed char), A8 = __builtin_types_compatible_p(long, long long),
    A9 = __builtin_types_compatible_p(int (*)(int), int (*)(I)), A10 = __builtin_types_compatible_p(struct s, struct s *),
    A11 = __builtin_types_compatible_p(__typeof__(sizeof 0), unsigned long),
    A12 = __builtin_types_compatible_p(const char *const *, char **), A13 = __builtin_types_compatible_p(double, float),
    A14 = __builtin_types_compatible_p(_Bool, unsigned char), A15 = __builtin_types_compatible_p(__typeof__(L'a'), int)
};
// expect: enum types : unsigned int { A1=1 A2=0 A3=1 A4=1 A5=1 A6=0 A7=0 A8=0 A9=1 A10=0 A11=1 A12=0 A13=0 A14=0 A15=1 }
enum choices {
    B1 = __builtin_choose_expr(1, 2, 1/0), B2 = __builtin_choose_expr(0, 1/0, 3),
    B3 = sizeof(__builtin_choose_expr(0, 'a', (char)3)),
    B4 = __builtin_constant_p(3), B5 = __builtin_constant_p("abc"), B6 = __builtin_expect(3, 1),
    B7 = __builtin_expect_with_probability(5, 1, 0.5), B8 = __builtin_strlen("abc" "d")
};
// expect: enum choices : unsigned int { B1=2 B2=3 B3=1 B4=1 B5=1 B6=3 B7=5 B8=4 }
enum bits {
    C1 = __builtin_clz(1), C2 = __builtin_clzl(1), C3 = __builtin_clzll(-1LL), C4 = __builtin_ctz(8),
    C5 = __builtin_ctzl(1UL << 40), C6 = __builtin_ctzll(2), C7 = __builtin_ffs(8), C8 = __builtin_ffs(0),
    C9 = __builtin_ffsl(-4), C10 = __builtin_ffsll(1LL << 40), C11 = __builtin_popcount(-1),
    C12 = __builtin_popcountl(-1), C13 = __builtin_popcountll(5), C14 = __builtin_bswap16(0x1234),
    C15 = __builtin_bswap32(0x12345678) == 0x78563412, C16 = __builtin_bswap64(1) >> 56
};
// expect: enum bits : unsigned int { C1=31 C2=63 C3=0 C4=3 C5=40 C6=1 C7=4 C8=0 C9=3 C10=41 C11=32 C12=64 C13=2 C14=13330 C15=1 C16=1 }
enum more_bits {
    E1 = __builtin_parity(7), E2 = __builtin_parityll(3LL << 40), E3 = __builtin_clrsb(1), E4 = __builtin_clrsb(-1),
    E5 = __builtin_clrsbl(0x80L), E6 = __builtin_abs(-3), E7 = __builtin_labs(4), E8 = __builtin_llabs(-5000000000LL) > 0
};
// expect: enum more_bits : unsigned int { E1=1 E2=0 E3=30 E4=31 E5=55 E6=3 E7=4 E8=1 }
enum generic {
    D1 = _Generic(1, int: 5, default: 6), D2 = _Generic("a", char *: 1, const char *: 2, default: 3),
    D3 = _Generic((const int)1, const int: 1, int: 2),
    D4 = _Generic(sizeof 0, unsigned long long: 1, unsigned long: 2, unsigned: 3),
    D5 = _Generic((const char *)0, char *: 1, const char *: 2), D6 = _Generic('a', char: 1, int: 2),
    D7 = _Generic(1.0f, default: 1/0, float: 7, double: 8), D8 = _Generic((struct s *)0, struct s *: 3, default: 4),
    D9 = sizeof(_Generic(1, int: 'a', default: 1LL)), D10 = _Generic((enum e)0, unsigned: 1, default: 3),
    D11 = _Generic(1L, default: 1, long: _Generic(1u, unsigned: 12)), D12 = _Generic(EA, int: 1, unsigned: 2)
};
// expect: enum generic : unsigned int { D1=5 D2=1 D3=2 D4=2 D5=2 D6=2 D7=7 D8=3 D9=4 D10=1 D11=12 D12=1 }
// ----
int a[_Generic(1, long: 2)];            // error 1:7: _Generic has no choice for 'int'
// ----
int a[_Generic(1, int: 2, signed: 3)];  // error 1:35: a second choice for 'int'
// ----
int a[_Generic(1.0, float: 2, default: 1 / 0)];  // error 1:7: '_Generic' is not a constant
// ----
int a[__builtin_clz(0)];                // error 1:7: the argument must not be 0
// ----
int n; int a[__builtin_popcount(n)];    // error 1:33: 'n' is not a constant
// ----
int a[__builtin_strlen(0)];             // error 1:24: a call is not a constant
// ----
int a[unknown(1)];                      // error 1:7: 'unknown' is not declared
