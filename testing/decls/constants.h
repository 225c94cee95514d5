// Constants: const objects with a value, #define.
static const int A = 1 + 2, B = A * 2;
// expect: const A = 3 : const int
// expect: const B = 6 : const int
static const unsigned C = -1; static const unsigned long long D = 0xffffffffffffffff;
// expect: const C = 4294967295 : const unsigned int
// expect: const D = 18446744073709551615 : const unsigned long long
static const unsigned char E = 300; static const signed char F = 200; static const char G = 'x';
// expect: const E = 44 : const unsigned char
// expect: const F = -56 : const signed char
// expect: const G = 120 : const char
static const float H = 5.5; const double I = 1e3; static const double J = 1, K = -2.5;
// expect: const H = 5.5 : const float
// expect: const I = 1000 : const double
// expect: const J = 1 : const double
// expect: const K = -2.5 : const double
static const int L = 2.9; static const _Bool M = 7;
// expect: const L = 2 : const int
// expect: const M = 1 : const _Bool
const int N = 5; extern const int O; const int P; constexpr int Q = 6;
// expect: const N = 5 : const int
// expect: variable const int O
// expect: variable const int P
// expect: const Q = 6 : const int
int x[A + B];                           // expect: variable int x[9]
static const int R; static const char *const S; static char *const T; static const double U;
// expect: macro R : const int
// expect: macro S : const char *const
// expect: macro T : char *const
// expect: macro U : const double
static const char *V; static int W; static const char *const X = "text";
// expect: variable const char *V static
// expect: variable int W static
// expect: macro X : const char *const
static const char Y[] = "text"; static const struct s { int a; } Z = {1};
// expect: macro Y : const char[]
// expect: struct s size 4 align 4 { a@0 }
// expect: macro Z : const struct s
typedef const int cint; static cint aa = 4; static const cint bb;
// expect: typedef cint = const int
// expect: const aa = 4 : cint
// expect: macro bb : const cint
enum e { E1, E2 }; static const enum e cc = E2; static const enum e dd;
// expect: enum e : unsigned int { E1=0 E2=1 }
// expect: const cc = 1 : const enum e
// expect: macro dd : const enum e
static const int ee[2] = {1, 2}, *ff = ee, *const gg = ee;
// expect: macro ee : const int[2]
// expect: variable const int *ff static
// expect: macro gg : const int *const
static const unsigned hh = sizeof(int) << 2, ii = (unsigned char)-1, jj = 'a' == 97 ? 1 : 2;
// expect: const hh = 16 : const unsigned int
// expect: const ii = 255 : const unsigned int
// expect: const jj = 1 : const unsigned int
static const __int128 kk = 1; static const long double ll = 1.5; static const double _Complex mm;
// expect: macro kk : const __int128
// expect: macro ll : const long double
// expect: macro mm : const double _Complex
int nn = 5, oo = f(1, (2, 3)), pp[] = { [0] = 1, .x = {2} };
// expect: const nn = 5 : int
// expect: variable int oo
// expect: variable int pp[]
#define QQ 1
#define RR (QQ + 1)
#define SS 0x10u
#define TT 1.5
#define UU "text" "more"
#define VV 'a'
#define WW -1
#define XX ...
#define YY f(x)
#define ZZ(x) x
int yy[RR + SS];                        // expect: variable int yy[18]
// ----
static const int A = B;                 // error 1:22: 'B' is not declared
// ----
static const int A = ;                  // error 1:22: expected an expression, found ';'
// ----
static const int A = 1 / 0;             // error 1:24: division by zero
// ----
int x = (1;                             // error 1:9: this '(' is never closed
// ----
int x = {1;                             // error 1:9: this '{' is never closed
// ----
// error 2:10: expected ';', found end of text
int x = 1
// ----
static const int A = 1;
static const int A = 2;                 // error 2:18: 'A' has another value at <cdef>:1:18
// ----
#define A 1
#define A 2                             // error 2:9: 'A' has another value at <cdef>:1:9
// ----
#define A 1
#define A ...
static const int B;
static const int B = 4;
#define C ...
#define C 5
int x;                                  // expect: variable int x
