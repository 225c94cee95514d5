// Constant expressions; testing/test_cexpr_gcc.py compares thousands with a compiler.
struct s { int a; struct { long b[2]; }; char c : 3; };
extern int array[7];
int function(void);
enum e { E0, E1, E7 = 7 };
typedef unsigned char uc;
#define C01 1 ? 2 : 3 ? 4 : 5           // expect: const C01 = 2 : int
#define C02 0 ?: 6                      // expect: const C02 = 6 : int
#define C03 1 || 1 / 0                  // expect: const C03 = 1 : int
#define C04 0 && 1 / 0                  // expect: const C04 = 0 : int
#define C05 1 ? 2 : 1 / 0               // expect: const C05 = 2 : int
#define C06 -1 < 0u                     // expect: const C06 = 0 : int
#define C07 (uc)-1                      // expect: const C07 = 255 : unsigned char
#define C08 ~(uc)0                      // expect: const C08 = -1 : int
#define C09 1 << 31                     // expect: const C09 = -2147483648 : int
#define C10 0u - 1                      // expect: const C10 = 4294967295 : unsigned int
#define C11 -7 / 2 * 10 + -7 % 2        // expect: const C11 = -31 : int
#define C12 (int)2.9f                   // expect: const C12 = 2 : int
#define C13 (_Bool)0.1                  // expect: const C13 = 1 : _Bool
#define C14 sizeof array / sizeof *array // expect: const C14 = 7 : unsigned long
#define C15 sizeof(function()) + sizeof "abc" // expect: const C15 = 8 : unsigned long
#define C16 __builtin_offsetof(struct s, b[1]) // expect: const C16 = 16 : size_t
#define C17 offsetof(struct s, b)       // expect: const C17 = 8 : size_t
#define C18 (unsigned long)&((struct s *)0)->b[1] // expect: const C18 = 16 : unsigned long
#define C19 _Alignof(struct s)          // expect: const C19 = 8 : size_t
#define C20 (enum e)E7 | E1             // expect: const C20 = 7 : unsigned int
#define C21 true + false + !nullptr     // expect: const C21 = 2 : int
#define C22 (char *)8 - (char *)3       // expect: const C22 = 5 : ptrdiff_t
#define C23 (__extension__ (int)sizeof(__extension__ long)) // expect: const C23 = 8 : int
#define C24 2147483648                  // expect: const C24 = 2147483648 : long
#define C25 0x80000000                  // expect: const C25 = 2147483648 : unsigned int
#define C26 1.5f + 1                    // expect: const C26 = 2.5 : float
#define C27 0x1.8p1 == 3                // expect: const C27 = 1 : int
#define C28 'a' + L'b'                  // expect: const C28 = 195 : int
#define C29 sizeof(1 ? 1 : 2L)          // expect: const C29 = 8 : size_t
#define C30 sizeof(1 / 0)               // expect: const C30 = 4 : size_t
#define C31 -9223372036854775807 - 1    // expect: const C31 = -9223372036854775808 : long
#define C32 018446744073709551          // expect: unavailable C32: not a constant: '018446744073709551' has a digit that base 8 has not (<cdef>:38:9)
// ----
enum { A = 2147483647 + 1 };            // error 1:23: integer overflow in a constant expression
// ----
enum { A = -(-2147483647 - 1) };        // error 1:12: integer overflow in a constant expression
// ----
enum { A = (-2147483647 - 1) / -1 };    // error 1:30: integer overflow in a constant expression
// ----
enum { A = 0x7fffffffffffffff * 3 };    // error 1:31: integer overflow in a constant expression
// ----
enum { A = 1 / 0 };                     // error 1:14: division by zero
// ----
enum { A = 1 % 0 };                     // error 1:14: division by zero
// ----
enum { A = 1 << 32 };                   // error 1:14: the shift count is out of range
// ----
enum { A = 1 << -1 };                   // error 1:14: the shift count is out of range
// ----
enum { A = (int)1e10 };                 // error 1:12: a floating value out of the integer's range
// ----
enum { A = 1.0 };                       // error 1:12: expected an integer constant, found one of type 'double'
// ----
enum { A = "x" };                       // error 1:12: expected an integer constant, found one of type 'char[2]'
// ----
enum { A = 1.0 % 2 };                   // error 1:16: '%' needs integers, not 'double'
// ----
enum { A = 1 + };                       // error 1:16: expected an expression, found '}'
// ----
enum { A = (1 + 2 };                    // error 1:19: expected ')', found '}'
// ----
enum { A = unknown };                   // error 1:12: 'unknown' is not declared
// ----
extern int v;
enum { A = v };                         // error 2:12: 'v' is not a constant
// ----
int f(void);
enum { A = f() };                       // error 2:12: a call is not a constant
// ----
typedef int T;
enum { A = T };                         // error 2:12: expected a constant, found the type 'T'
// ----
enum { A = (int){1} };                  // error 1:12: a compound literal is not a constant
// ----
struct s;
enum { A = sizeof(struct s) };          // error 2:12: the size of 'struct s' is not known
// ----
enum { A = sizeof(int[]) };             // error 1:12: the size of 'int[]' is not known
// ----
struct s { int b : 3; };
enum { A = __builtin_offsetof(struct s, b) }; // error 2:12: a bit-field has no offset in bytes
// ----
struct s { int b; };
enum { A = __builtin_offsetof(struct s, c) }; // error 2:41: 'struct s' has no member 'c'
// ----
#define LATER ...
enum { A = LATER };                     // error 2:12: the value of 'LATER' is only known to the C compiler
// ----
enum { A = (void *)0 };                 // error 1:12: expected an integer constant, found one of type 'void *'
// ----
enum { A = ++B };                       // error 1:12: expected an expression, found '++'
