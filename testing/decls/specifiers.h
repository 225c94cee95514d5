// Type words in any order, alternate keywords, qualifiers.
long unsigned int long a;               // expect: variable unsigned long long a
int short unsigned b;                   // expect: variable unsigned short b
long c; long long int d; signed e; unsigned f;
// expect: variable long c
// expect: variable long long d
// expect: variable int e
// expect: variable unsigned int f
signed char g; char unsigned h; char i;
// expect: variable signed char g
// expect: variable unsigned char h
// expect: variable char i
double long j; float k; _Bool l; bool m;
// expect: variable long double j
// expect: variable float k
// expect: variable _Bool l
// expect: variable _Bool m
double _Complex n; _Complex float o; long _Complex double p; _Complex q;
// expect: variable double _Complex n
// expect: variable float _Complex o
// expect: variable long double _Complex p
// expect: variable double _Complex q
__signed__ char r; __const int s; __volatile__ int t; int *__restrict u;
// expect: variable signed char r
// expect: variable const int s
// expect: variable volatile int t
// expect: variable int *restrict u
char const v; const volatile int w;
// expect: variable const char v
// expect: variable const volatile int w
const const int x;                      // expect: variable const int x
unsigned __int128 y; __int128_t z; __uint128_t aa;
// expect: variable unsigned __int128 y
// expect: variable __int128 z
// expect: variable unsigned __int128 aa
__int8 ab; unsigned __int16 ac; __int32 ad; __int64 ae; unsigned __int64 af;
// expect: variable signed char ab
// expect: variable unsigned short ac
// expect: variable int ad
// expect: variable long long ae
// expect: variable unsigned long long af
_Float16 ag; __bf16 ah; _Float128 ai; __float128 aj;
// expect: variable _Float16 ag
// expect: variable __bf16 ah
// expect: variable _Float128 ai
// expect: variable _Float128 aj
_Float32 ak; _Float64x al; _Complex _Float32 am;
// expect: variable _Float32 ak
// expect: variable _Float64x al
// expect: variable _Float32 _Complex am
int typedef an;                         // expect: typedef an = int
int extern unsigned ao;                 // expect: variable unsigned int ao
unsigned const int long ap;             // expect: variable const unsigned long ap
_Atomic int aq; _Atomic(long) ar; int *_Atomic as;
// expect: variable _Atomic int aq
// expect: variable _Atomic long ar
// expect: variable int *_Atomic as
__extension__ long long at;             // expect: variable long long at
char *_Nullable au;                     // expect: variable char *au
typeof(int (*)(int)) av; __typeof__(1 + 2L) aw; typeof_unqual(const int) ax;
// expect: variable int (*av)(int)
// expect: variable long aw
// expect: variable int ax
extern int ay; typeof(ay) az;
// expect: variable int ay
// expect: variable int az
typeof(&ay) ba;                         // expect: variable int *ba
typeof("abc") bb;                       // expect: variable char bb[4]
wchar_t bc; char16_t bd; uint_fast16_t be; size_t bf; ssize_t bg; ptrdiff_t bh;
// expect: variable wchar_t bc
// expect: variable char16_t bd
// expect: variable uint_fast16_t be
// expect: variable size_t bf
// expect: variable ssize_t bg
// expect: variable ptrdiff_t bh
_Thread_local int bi; static __thread int bj;
// expect: variable int bi thread
// expect: variable int bj static thread
register int bk;
// expect: unavailable bk: a register variable (<cdef>:79:14)
typedef float _Float32;
typedef double _Float64;
// ----
short long x;                           // error 1:1: these words do not name a type of C
// ----
signed unsigned x;                      // error 1:1: these words do not name a type of C
// ----
unsigned float x;                       // error 1:1: these words do not name a type of C
// ----
long long long x;                       // error 1:11: 'long' once too often
// ----
int int x;                              // error 1:5: 'int' once too often
// ----
struct s { int a; } int x;              // error 1:21: expected a name or ';', found 'int'
// ----
int struct s x;                         // error 1:5: two types in one declaration
// ----
typedef int T;
T struct s;                             // error 2:3: two types in one declaration
// ----
extern static int x;                    // error 1:8: a second storage class, 'static'
// ----
static x;                               // error 1:8: expected a type, found 'x'
// ----
x;                                      // error 1:1: expected a type, found 'x'
// ----
const;                                  // error 1:6: expected a type, found ';'
// ----
foo x;                                  // error 1:1: unknown type name 'foo'
// ----
struct;                                 // error 1:7: expected a tag or '{', found ';'
// ----
int f(foo *);                           // error 1:7: unknown type name 'foo'
// ----
int f(static int x);                    // error 1:7: a parameter has no storage class but register
// ----
_Bool _Complex x;                       // error 1:1: these words do not name a type of C
// ----
// A platform without 128-bit integers.
// options: --target i386-linux-gnu
__int128 a;
// expect: unavailable a: the platform does not have this type (<cdef>:3:10)
long b;                                 // expect: variable long b
// ----
signed long a; int signed short b; long signed long int c; signed __int64 d; signed __int128 e;
// expect: variable long a
// expect: variable short b
// expect: variable long long c
// expect: variable long long d
// expect: variable __int128 e
unsigned __int8 f; __int16 g; unsigned __int32 h;
// expect: variable unsigned char f
// expect: variable short g
// expect: variable unsigned int h
_Float32 i, j(_Float32 x); _Float64 k; _Complex _Float64 l; _Decimal64 _Complex m;
// expect: variable _Float32 i
// expect: function _Float32 j(_Float32)
// expect: variable _Float64 k
// expect: variable _Float64 _Complex l
// expect: unavailable m: complex numbers of this type are not supported (<cdef>:11:81)
// ----
short _Complex float x;                 // error 1:1: these words do not name a type of C
// ----
long typeof(int) x;                     // error 1:1: two types in one declaration
// ----
unsigned _Atomic(int) x;                // error 1:1: two types in one declaration
// ----
int x[sizeof(static int)];              // error 1:14: a type name has no storage class
// ----
int x = 1, y; _Atomic(foo) z;           // error 1:23: unknown type name 'foo'
