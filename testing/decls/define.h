// #define: constants, and what is kept as unavailable with its reason.
#define A 1                             // expect: const A = 1 : int
#define B (A + 0x1fUL)                  // expect: const B = 32 : unsigned long
#define NEGATIVE -5                     // expect: const NEGATIVE = -5 : int
#define BIG 0xffffffffffffffff          // expect: const BIG = 18446744073709551615 : unsigned long
#define F -1.5e3f                       // expect: const F = -1500 : float
#define INF __builtin_inff()            // expect: const INF = inf : float
#define ALSO_INF (1.0 / 0.0)            // expect: const ALSO_INF = inf : double
#define TEXT "a\x41\n" "b"              // expect: const TEXT = "aA\x0ab"
#define JOINED TEXT "c" TEXT            // expect: const JOINED = "aA\x0abcaA\x0ab"
#define CAST (const char *)TEXT         // expect: const CAST = "aA\x0ab"
#define LATER ...                       // expect: macro LATER
#define MORE \
    (A << \
     3)                                 // expect: const MORE = 8 : int
#define EMPTY                           // expect: unavailable EMPTY: not a constant: it is empty (<cdef>:16:9)
#define MAX(a, b) ((a) > (b) ? a : b)   // expect: unavailable MAX: a function-like macro (<cdef>:17:9)
#define PRINT(...) printf(__VA_ARGS__)  // expect: unavailable PRINT: a function-like macro (<cdef>:18:9)
#define STATEMENT do { } while (0)      // expect: unavailable STATEMENT: not a constant: it has a '{' (<cdef>:19:9)
#define TYPE unsigned int               // expect: unavailable TYPE: not a constant: expected an expression, found 'unsigned' (<cdef>:20:9)
#define UNKNOWN missing + 1             // expect: unavailable UNKNOWN: not a constant: 'missing' is not declared (<cdef>:21:9)
#define POINTER ((void *)-1)            // expect: unavailable POINTER: not a constant: a pointer is not supported (<cdef>:22:9)
#define WIDE L"abc"                     // expect: unavailable WIDE: not a constant: wide strings are not supported here (<cdef>:23:9)
#define HUGE 99999999999999999999       // expect: unavailable HUGE: not a constant: '99999999999999999999' does not fit 64 bits (<cdef>:24:9)
#define DIVIDED 1 / 0                   // expect: unavailable DIVIDED: not a constant: division by zero (<cdef>:25:9)
#define ODD it's /* no string           // expect: unavailable ODD: not a constant: this character constant does not end on its line (<cdef>:26:9)
#define TWO 1 2                         // expect: unavailable TWO: not a constant: expected the end of the line, found '2' (<cdef>:27:9)
#define RECORD sizeof(struct { int a; }) // expect: unavailable RECORD: not a constant: it has a '{' (<cdef>:28:9)
#define AT @                            // expect: unavailable AT: not a constant: unexpected character '@' (<cdef>:29:9)
#define AFTER (DIVIDED)                 // expect: unavailable AFTER: not a constant: 'DIVIDED' is unavailable (<cdef>:30:9)
// ----
#define DIVIDED 1 / 0
enum { A = DIVIDED };                   // error 2:12: 'DIVIDED' is unavailable: not a constant: division by zero
// ----
// A macro means what its words mean where it is used, so what it refers to may
// come later.
struct s { int a; char b; };
#define LATE sizeof(struct s)           // expect: const LATE = 8 : size_t
#define OFFSET __builtin_offsetof(struct s, b) // expect: const OFFSET = 4 : size_t
enum e { X = 7 };
#define Y (X * 2)                       // expect: const Y = 14 : int
// ----
#define EARLY sizeof(struct s)          // expect: const EARLY = 8 : size_t
#define INT_MIN (-INT_MAX - 1)          // expect: const INT_MIN = -2147483648 : int
#define A (B + 1)                       // expect: const A = 3 : int
#define B (C + 1)                       // expect: const B = 2 : int
#define C 1
#define NEVER missing                   // expect: unavailable NEVER: not a constant: 'missing' is not declared (<cdef>:6:9)
#define GONE 0
#undef GONE
#define WITHOUT GONE                    // expect: unavailable WITHOUT: not a constant: 'GONE' is not declared (<cdef>:9:9)
#define f(x) later(x)
int f(int);                             // expect: function int f(int)
#undef INT_MAX
#define INT_MAX 0x7fffffff              // expect: const INT_MAX = 2147483647 : int
struct s { int a; char b; };
// ----
#define A B
enum { X = A };                         // error 2:12: 'A' is unavailable: not a constant: 'B' is not declared
// ----
// Where a macro stands for what is declared, the declaration holds.
int func(int);                          // expect: function int func(int)
#define func(x) (func)(x)
#define alias func                      // expect: unavailable alias: not a constant: 'func' is not a constant (<cdef>:4:9)
#define itself itself
enum in {                               // expect: enum in : unsigned int { IN_A=5 IN_B=6 }
#define IN_A IN_A
    IN_A = 5,
#define IN_B IN_B
    IN_B };
struct around {                         // expect: struct around size 8 align 4 { a@0 b@4 }
    int a;
#define INSIDE 3
    int b;
};
#define const                           /* keywords stay what they are */
extern const int constant;              // expect: variable const int constant
// ----
#define A 1
#define A 1
#define A (2 - 1)                       // expect: const A = 1 : int
// ----
#define A 1
#define A 2                             // error 2:9: 'A' has another value at <cdef>:1:9
// ----
// The kernel's headers: from the macro on the name means it.
enum a { A, B, __MAX };                 // expect: enum a : unsigned int { A=0 B=1 __MAX=2 }
#define __MAX (__MAX - 1)               // expect: const __MAX = 1 : int
extern int x[__MAX];                    // expect: variable int x[1]
// ----
enum a { A };
#define A 7                             // error 2:9: 'A' has another value at <cdef>:1:10
// ----
// What a preprocessor has written: the last definition is the one, and other declarations come first.
# 1 "file.h"
enum a { A, B };                        // expect: enum a : unsigned int { A=0 B=1 }
#define C 1
#define C (1)
#define D 1
#define E "text"
#define B 7                             // expect: const B = 7 : int
#define C 2                             // expect: const C = 2 : int
#define D (nothing)                     // expect: unavailable D: not a constant: 'nothing' is not declared (file.h:8:9)
#define E 3.5                           // expect: const E = 3.5 : double
int f(void), v; typedef int t;
#define f 1
#define v 2
#define t 3
#define A (unknown)
int x[A + 1], y[B];
// expect: function int f(void)
// expect: variable int v
// expect: typedef t = int
// expect: variable int x[1]
// expect: variable int y[7]
// ----
#define A 1
#undef A
#define A 2                             // expect: const A = 2 : int
#define B A                             // expect: const B = 2 : int
#undef nothing
#undef C
int C;                                  // expect: variable int C
// ----
#define A 5
#undef A
enum { B = A };                         // error 3:12: 'A' is not declared
// ----
#define
// error 1:8: expected a macro's name, found the end of the line
// ----
#define 5                               // error 1:9: expected a macro's name, found '5'
// ----
#define F(a
// error 1:12: expected ')', found the end of the line
// ----
#undef A B                              // error 1:10: expected the end of the line, found 'B'
// ----
#include <stdio.h>                      // error 1:2: #include is for the preprocessor: run it first
// ----
int x;
  #  if defined(A)                      // error 2:6: #if is for the preprocessor: run it first
// ----
#frobnicate                             // error 1:2: 'frobnicate' is no directive
// ----
int x; #define A 1                      // error 1:8: expected a type, found '#'
// ----
#define NOT_A_NUMBER (0.0 / 0.0)
#define NOT_A_NUMBER (0.0 / 0.0)
#define ZERO 0.0                        // expect: const ZERO = 0 : double
// ----
// A macro that is unavailable hides nothing that is declared later.
#define getc(x) something
int getc(int);                          // expect: function int getc(int)
#define T struct s
typedef struct s T;                     // expect: typedef T = struct s
#define EMPTY
#define EMPTY 5                         // expect: const EMPTY = 5 : int
#define LATE_ENUM what
enum { LATE_ENUM = 3 };                 // expect: enum $1 : unsigned int { LATE_ENUM=3 }
// ----
// A # line among bytes that are skipped or gathered.
int f(void) { ( [
#define INSIDE (int (*)(void))0 == (int *(*)[3])0
#define CONSTANT sizeof(int (*)(int (*)(void), char [3])) // expect: const CONSTANT = 8 : size_t
] ) }
int g(void) __asm__("a"
#define BETWEEN sizeof(int (*)(int (*)(void), char [3])) // expect: const BETWEEN = 8 : size_t
"b");                                   // expect: function int g(void) asm "ab"
