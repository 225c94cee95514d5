// What CFFI refuses is accepted here and means what C says...
// options: --target x86_64-linux-gnu
int a(int) __attribute__((nonnull)); __extension__ int b(void); int c(void) __asm__("cc");
// expect: function int a(int)
// expect: function int b(void)
// expect: function int c(void) asm "cc"
[[nodiscard]] int d(void); __declspec(dllexport) int e(void); char *__restrict f; __const int g;
// expect: function int d(void)
// expect: function int e(void)
// expect: variable char *restrict f
// expect: variable const int g
__thread int h; int __fastcall i(int); __int64 j; __int128 k; _Float16 l; __float128 m;
// expect: variable int h thread
// expect: function int i(int)
// expect: variable long long j
// expect: variable __int128 k
// expect: variable _Float16 l
// expect: variable _Float128 m
long double _Complex n; int __attribute__((vector_size(16))) o; typeof(int) p; enum q : char { Q };
// expect: variable long double _Complex n
// expect: variable __attribute__((vector_size(16))) int o
// expect: variable int p
// expect: enum q : char { Q=0 }
typedef long time_t, off_t; time_t r; extern "C" { int s(void); }
// expect: typedef time_t = long
// expect: typedef off_t = long
// expect: variable time_t r
// expect: function int s(void)
static inline int t(void) { return 1; } _Static_assert(1, ""); int u(int n, int a[n], int b[*]);
// expect: function int t(void) static
// expect: function int u(int, int *, int *)
enum v { V1 = ~0, V2 = !0, V3 = 1 ? 2 : 3, V4 = 1 < 2 && 3 != 4 || 0, V5 = (int)2.9, V6 = sizeof(int) };
// expect: enum v : int { V1=-1 V2=1 V3=2 V4=1 V5=2 V6=4 }
#define W (1 << 4) | 1
#define X 1.5
#define Y "text"
#define Z -1L
enum { W1 = W };
int aa[W];                              // expect: variable int aa[17]
// ----
// ... and what it reads wrongly is right.
// options: --target x86_64-linux-gnu
enum a { A = '\n', B = '\0', D = '\t', E = '\x41', F = '\101', G = '\\', H = '\'' };
// expect: enum a : unsigned int { A=10 B=0 D=9 E=65 F=65 G=92 H=39 }
struct b { char c; _Alignas(16) int i; }; struct c { char c; _Atomic long long l; };
// expect: struct b size 32 align 16 { c@0 i@16 }
// expect: struct c size 16 align 8 { c@0 l@8 }
#pragma pack(push, 1)
struct d { char c; int i; };            // expect: struct d size 5 align 1 { c@0 i@1 }
#pragma pack(pop)
struct e { char c; int i; };            // expect: struct e size 8 align 4 { c@0 i@4 }
#define F1 0x10
#define F2 ff
#define F3 F1
int f[F3];                              // expect: variable int f[16]
static const int g = 1 + 2; static const float h = 5.5;
// expect: const g = 3 : const int
// expect: const h = 5.5 : const float
enum i; struct j {};
// expect: enum i opaque
// expect: struct j size 0 align 1 { }
const char k[] = "text";                // expect: variable const char k[]
// ----
// What it accepts.
// options: --target x86_64-linux-gnu
typedef struct { int x; ...; } a; struct b { struct c { int x; }; int y; }; union d;
// expect: struct a size ? { x ... }
// expect: typedef a = a
// expect: struct b size 8 align 4 { _@0 y@4 }
// expect: struct c size 4 align 4 { x@0 }
// expect: union d opaque
int (*e(int))(void), f(), g[5], h(int a[static 5]); struct i { int n : 3, : 0; char t[0]; };
// expect: function int (*e(int))(void)
// expect: function int f()
// expect: variable int g[5]
// expect: function int h(int *)
// expect: struct i size 4 align 4 { n@0:0+3 t@4 }
# 12 "file.h" 3
#line 7
int j(const volatile char *restrict); static int k(void); extern int l; inline int m(void); _Noreturn void n(void);
// expect: function int j(const volatile char *restrict)
// expect: function int k(void) static
// expect: variable int l
// expect: function int m(void)
// expect: function void n(void)
#define O 010
#define P -5
#define Q 0b101u
int o[O + Q];                           // expect: variable int o[13]
_Bool p; bool q; float _Complex r; wchar_t s; char16_t t; FILE *u; uint8_t v; ssize_t w;
// expect: variable _Bool p
// expect: variable _Bool q
// expect: variable float _Complex r
// expect: variable wchar_t s
// expect: variable char16_t t
// expect: variable FILE *u
// expect: variable uint8_t v
// expect: variable ssize_t w
int __stdcall x(int), WINAPI y(int), __cdecl z(int);
// expect: function int x(int)
// expect: function int y(int)
// expect: function int z(int)
