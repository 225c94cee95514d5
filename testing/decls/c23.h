// C23, as clang 19 takes it: test_c23.py compares.
// options: --target x86_64-linux-gnu
enum a1 : unsigned char { A1 = 200, A2 }; enum a2 : long long; enum a2 : long long { A3 = 1LL << 40, A4 };
// expect: enum a1 : unsigned char { A1=200 A2=201 }
// expect: enum a2 : long long { A3=1099511627776 A4=1099511627777 }
typedef enum : short { A5 = -5 } a3; struct a4 { enum a1 a; enum : char { A6 = 'x' } b; enum a2 c; };
// expect: enum a3 : short { A5=-5 }
// expect: struct a4 size 16 align 8 { a@0 b@1 c@8 }
enum a5 { A7 = 0x100000000, A8 };       // expect: enum a5 : unsigned long { A7=4294967296 A8=4294967297 }
constexpr int b1 = 5 + true; constexpr unsigned char b2 = 200; constexpr double b3 = 1.5; constexpr long b4 = -(1L << 40);
// expect: const b1 = 6 : const int
// expect: const b2 = 200 : const unsigned char
// expect: const b3 = 1.5 : const double
// expect: const b4 = -1099511627776 : const long
constexpr char *b5 = nullptr; constexpr int b6[2] = { 1, 2 }; constexpr struct { int x; } b7 = { .x = 3 };
// expect: macro b5 : char *const
// expect: macro b6 : const int[2]
// expect: macro b7 : const struct $2
constexpr bool b8 = false; extern char b9[b1]; static constexpr char b10[] = "abc";
// expect: const b8 = 0 : const _Bool
// expect: variable char b9[6]
// expect: macro b10 : const char[]
auto c1 = 5; static auto c2 = 2.5f; constexpr auto c3 = 1;
// expect: unavailable c1: its type is deduced (<cdef>:23:6)
// expect: unavailable c2: its type is deduced (<cdef>:23:26)
// expect: unavailable c3: its type is deduced (<cdef>:23:52)
void *d1 = nullptr; typedef typeof(nullptr) nullptr_t; typeof(int *) d2; typeof_unqual(const volatile int) d3;
// expect: variable void *d1
// expect: typedef nullptr_t = void *
// expect: variable int *d2
// expect: variable int d3
typeof(b2) *d4; extern typeof(d1) d5[3]; typeof(typeof(d3 + 1L)) d6;
// expect: variable const unsigned char *d4
// expect: variable void *d5[3]
// expect: variable long d6
[[nodiscard]] int e1(void); [[deprecated("an older one"), maybe_unused]] extern int e2; int e3 [[gnu::const]] (int);
// expect: function int e1(void)
// expect: variable int e2
// expect: function int e3(int) keep_gil
struct [[gnu::packed]] e4 { char c; [[maybe_unused]] int i; int j [[deprecated]]; };
// expect: struct e4 size 9 align 1 { c@0 i@1 j@5 }
[[noreturn]] void e5(void); int e6([[maybe_unused]] int x, int y [[maybe_unused]]); [[]] int e7; [[vendor::word(1, [2])]] int e8;
// expect: function void e5(void)
// expect: function int e6(int, int)
// expect: variable int e7
// expect: variable int e8
enum [[clang::flag_enum]] e9 { E1 [[deprecated]] = 1, E2 }; union [[maybe_unused]] e10 { int a; };
// expect: enum e9 : unsigned int { E1=1 E2=2 }
// expect: union e10 size 4 align 4 { a@0 }
static_assert(sizeof(int) == 4); static_assert(alignof(double) == 8, "a double"); struct f1 { alignas(16) char c; static_assert(1); };
// expect: struct f1 size 16 align 16 { c@0 }
thread_local int g1; extern thread_local int g2; static thread_local int g3;
// expect: variable int g1 thread
// expect: variable int g2 thread
// expect: variable int g3 static thread
_BitInt(7) h1; unsigned _BitInt(33) h2(void); bool h3(bool);
// expect: unavailable h1: _BitInt is not supported (<cdef>:56:12)
// expect: unavailable h2: _BitInt is not supported (<cdef>:56:37)
// expect: function _Bool h3(_Bool)
enum i { I1 = 0b1010, I2 = 1'000'000, I3 = 0x7fff'ffff, I4 = u8'x', I5 = sizeof(u8"a"), I6 = 0B11'00 };
// expect: enum i : unsigned int { I1=10 I2=1000000 I3=2147483647 I4=120 I5=2 I6=12 }
int j1(); int j2(int, int); inline int j3(int) { return 0; } int j4(...);
// expect: function int j1()
// expect: function int j2(int, int)
// expect: function int j3(int) static
struct k { int n; struct { int a; }; }; struct k k1 = {}; int k2[3] = {};
// expect: struct k size 8 align 4 { n@0 _@4 }
// expect: variable struct k k1
// expect: variable int k2[3]
enum l { L1 = 5wb, L2 = 5uwb, L3 = 7uwb + 1uwb, L4 = 7uwb + 1, L5 = -5wb, L6 = ~5uwb, L7 = 5uwb < -1 };
// expect: enum l : int { L1=5 L2=5 L3=0 L4=8 L5=-5 L6=2 L7=0 }
enum m { M1 = 7uwb << 2, M2 = -1wb < 7uwb, M3 = 3uwb - 4uwb, M4 = -8wb >> 1, M5 = (char)300WB, M6 = 1 ? 1'0UWB : 2 };
// expect: enum m : int { M1=4 M2=0 M3=7 M4=-4 M5=44 M6=10 }
enum n { N1 = sizeof(L"ab"), N2 = sizeof(u"a\U0001F600"), N3 = sizeof("\u20ac" L"c"), N4 = sizeof *U"", N5 = sizeof "x" };
// expect: enum n : unsigned int { N1=12 N2=8 N3=12 N4=4 N5=2 }
enum o { O1 = _Generic(L"a", int *: 1, default: 2), O2 = _Generic(u"a", unsigned short *: 3, default: 4) };
// expect: enum o : unsigned int { O1=1 O2=3 }
char p1[sizeof(_BitInt(17))]; typeof(5wb) p2;
// expect: unavailable p1: _BitInt is not supported (<cdef>:78:6)
// expect: unavailable p2: _BitInt is not supported (<cdef>:78:43)
// ----
// What was declared may be declared again, if it is the same.
enum a { A, B }; enum a { A, B }; struct b { int x; struct { int y; } z; }; struct b { int x; struct { int y; } z; };
// expect: enum a : unsigned int { A=0 B=1 }
// expect: struct b size 8 align 4 { x@0 z@4 }
enum c : short { C }; enum c : short; enum c : int16_t c1; struct d { enum c a : 3; _BitInt(5) b : 3; int c; }; struct d *d1;
// expect: enum c : short { C=0 }
// expect: variable enum c c1
// expect: struct d { a:+3 b:+3 c } unavailable: _BitInt is not supported
// expect: variable struct d *d1
// ----
enum a : short { A }; enum a : int;     // error 1:28: 'enum a' has another body than the one at <cdef>:1:6
// ----
// Atomic records of a size that compilers agree about.
typedef _Atomic struct { bool v; } q1; struct q2 { short a[2]; }; struct q3 { char c; _Atomic struct q2 a; char d; _Atomic(struct q2) b; };
// expect: struct q1 size 1 align 1 { v@0 }
// expect: typedef q1 = _Atomic q1
// expect: struct q2 size 4 align 2 { a@0 }
// expect: struct q3 size 16 align 4 { c@0 a@4 d@8 b@12 }
struct q4 { char a[3]; }; typedef _Atomic struct q4 q5; bool q6(volatile q1 *), q7(q5);
// expect: typedef q5 = _Atomic unavailable: an atomic struct, union or array
// expect: function _Bool q6(volatile q1 *)
// expect: unavailable q7: an atomic struct, union or array (<cdef>:7:81)
