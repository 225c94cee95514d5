// What a message says of a mistake that is made often.
struct s { int a; }
int f(void);                            // error 3:1: expected a name or ';', found 'int'
// ----
struct s { int a; }
struct t { int a; };                    // error 2:1: expected a name or ';', found 'struct'
// ----
int a = 5
int b;                                  // error 2:1: expected ';', found 'int'
// ----
typedef int t;
typedef long t;                         // error 2:14: 't' is 'long' here, but 'int' at <cdef>:1:13
// ----
// error 2:6: expected ';', found end of text
int x

   
// ----
// The end of the text is shown where the last line ends.
// error 3:21: expected ',' or ')', found end of text
int function(int old
// ----
// What to do about it. A semicolon or comma that lacks:
typedef struct { int x; } point
int f(point *);                         // error 3:1: expected ';', found 'int': is a ';' missing at the end of line 2?
// ----
enum { A
  B };                                  // error 2:3: expected ',' or '}', found 'B': is a ',' missing at the end of line 1?
// ----
int a /* it is not the comment that lacks it; */
int b;                                  // error 2:1: expected ';', found 'int'
// ----
enum { A = 1; B };                      // error 1:13: expected ',' or '}', found ';': enumerators are separated by ','
// ----
// error 3:2: expected a member or '}', found end of text: the '{' of line 2 is open
struct s { int a;
;
// ----
struct s { int a; ... };                // error 1:23: expected ';', found '}': write '...;'
// ----
int f(int a ...);                       // error 1:13: expected ',' or ')', found '...': a ',' goes before '...'
// ----
// A type that is not there:
struct point { int x; };
typedef unsigned long counter_t;
int f(point *);                         // error 4:7: unknown type name 'point': write 'struct point'
// ----
typedef unsigned long counter_t;
int f(conuter_t x);                     // error 2:7: unknown type name 'conuter_t': did you mean 'counter_t'?
// ----
int f(unsinged int x);                  // error 1:7: expected a type, found 'unsinged': did you mean 'unsigned'?
// ----
int f(uint32 x);                        // error 1:7: unknown type name 'uint32': did you mean 'uint32_t'?
// ----
int f(u8 x);                            // error 1:7: unknown type name 'u8': C's is 'uint8_t'
// ----
time_t f(void);                         // error 1:1: unknown type name 'time_t': cdef() reads no headers; declare it first: 'typedef long time_t;', or 'typedef int... time_t;' if it is to be compiled
// ----
GLIB_API int f(void);                   // error 1:1: expected a type, found 'GLIB_API': if it is a macro, write what it stands for, or leave it out
// ----
static f(int);                          // error 1:8: expected a type, found 'f': what does it return? C has no type to assume
// ----
enum { LENGTH = 3 }; int a[LENGHT];     // error 1:28: 'LENGHT' is not declared: did you mean 'LENGTH'?
// ----
// C++:
int f(int &x);                          // error 2:11: expected ',' or ')', found '&': C has no references: write a pointer
// ----
int f(int x = 5);                       // error 1:13: expected ',' or ')', found '=': C has no default arguments
// ----
struct s { int x = 5; };                // error 1:18: expected ';', found '=': C has no default values of members
// ----
class C { int x; };                     // error 1:1: unknown type name 'class': this is C++; only what is extern "C" can be declared, in C
// ----
template <typename T> T f(T x);         // error 1:1: expected a type, found 'template': this is C++; only what is extern "C" can be declared, in C
// ----
std::string f(void);                    // error 1:1: expected a type, found 'std': this is C++; only what is extern "C" can be declared, in C
// ----
int a::f(void);                         // error 1:6: expected ';', found '::': this is C++; C has no '::'
// ----
int f(void) const;                      // error 1:13: expected ';', found 'const': this is C++; C has no such functions
// ----
int f(void) noexcept;                   // error 1:13: expected ';', found 'noexcept': this is C++; C has no such word
// ----
@interface Shape : Object               // error 1:1: unexpected character '@': this is Objective-C, and a cdef is C
// ----
fn area(side: f64) -> f64;              // error 1:1: unknown type name 'fn': this is Rust, and a cdef is C
// ----
__u32 flags(void);                      // error 1:1: unknown type name '__u32': Linux's name for 'uint32_t'
// ----
// Python, Java, the shell:
def f(x): pass                          // error 2:1: unknown type name 'def': this is Python, and a cdef is C
// ----
int f(void):                            // error 1:12: expected ';', found ':': declarations end with ';'
// ----
# what f does                           // error 1:3: 'what' is no directive: comments are /* ... */ or // ...
// ----
int f(string s);                        // error 1:7: unknown type name 'string': C's strings are 'char *'
// ----
int f(char[] s);                        // error 1:14: expected ',' or ')', found 's': brackets go behind the name: 'int a[3]'
// ----
int[3] a;                               // error 1:4: expected a name, found '[': brackets go behind the name: 'int a[3]'
// ----
int 2nd;                                // error 1:5: expected a name, found '2nd': names do not begin with a digit
// ----
int a; return a;                        // error 1:8: unknown type name 'return': a statement, outside of any function
// ----
/* comments /* do not nest */ int a; */ // error 1:38: expected a type, found '*': comments do not nest
// ----
#include <stdio.h>                      // error 1:2: #include is for the preprocessor: run it first, as cdef_header() does
