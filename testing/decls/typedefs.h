// Typedefs, and the predefined names.
typedef int a, *b, c[3], d(int), (*e)(void);
// expect: typedef a = int
// expect: typedef b = int *
// expect: typedef c = int[3]
// expect: typedef d = int(int)
// expect: typedef e = int (*)(void)
typedef struct { int x; } f; typedef struct g { int x; } g, *h; typedef struct { int y; } *i;
// expect: struct f size 4 align 4 { x@0 }
// expect: typedef f = f
// expect: struct g size 4 align 4 { x@0 }
// expect: typedef g = struct g
// expect: typedef h = struct g *
// expect: struct $1 size 4 align 4 { y@0 }
// expect: typedef i = struct $1 *
typedef enum { J } j; typedef const struct { int k; } k; typedef struct l *l; struct l { l next; };
// expect: enum j : unsigned int { J=0 }
// expect: typedef j = j
// expect: struct k size 4 align 4 { k@0 }
// expect: typedef k = const k
// expect: typedef l = struct l *
// expect: struct l size 8 align 8 { next@0 }
typedef unsigned long size_t; typedef long ssize_t, ptrdiff_t, intptr_t;
typedef int int32_t; typedef unsigned long uint64_t; typedef signed char int8_t;
typedef int wchar_t; typedef unsigned short char16_t;
size_t m; int32_t n; uint64_t o; wchar_t p;
// expect: variable size_t m
// expect: variable int32_t n
// expect: variable uint64_t o
// expect: variable wchar_t p
typedef size_t q; typedef q r; r s;
// expect: typedef q = size_t
// expect: typedef r = q
// expect: variable r s
typedef int bool; bool t;
// expect: typedef bool = int
// expect: variable bool t
typedef void u; u *v; u w(u);
// expect: typedef u = void
// expect: variable u *v
// expect: function u w(void)
typedef struct { int x; } x[2], y;
// expect: struct y size 4 align 4 { x@0 }
// expect: typedef x = y[2]
// expect: typedef y = y
typedef struct z; typedef int;          // expect: struct z opaque
int f_(a a, f f);                       // expect: function int f_(a, f)
struct aa { a a; f b; int c; };         // expect: struct aa size 12 align 4 { a@0 b@4 c@8 }
typedef struct _IO_FILE FILE; FILE *ab;
// expect: typedef FILE = struct _IO_FILE
// expect: variable FILE *ab
struct ac { int typedef_; } typedef ac;
// expect: struct ac size 4 align 4 { typedef_@0 }
// expect: typedef ac = struct ac
long typedef unsigned ad;               // expect: typedef ad = unsigned long
// ----
typedef int size_t; typedef unsigned int32_t; typedef float int8_t; typedef struct s ssize_t; typedef long wchar_t;
typedef uint16_t char16_t; typedef char32_t char32_t; typedef unsigned char uint8_t; typedef bool bool;
// expect: typedef size_t = int
// expect: typedef int32_t = unsigned int
// expect: typedef int8_t = float
// expect: typedef ssize_t = struct s
// expect: typedef wchar_t = long
// expect: typedef char16_t = uint16_t
char16_t a(size_t, char32_t, uint8_t);  // expect: function char16_t a(size_t, char32_t, uint8_t)
// ----
int size_t;                             // error 1:5: 'size_t' is a standard name: here an unsigned integer of size 8
// ----
int size_t(void);                       // error 1:5: 'size_t' is a standard name: here an unsigned integer of size 8
// ----
typedef extern int x;                   // error 1:9: a second storage class, 'extern'
// ----
typedef x;                              // error 1:9: expected a type, found 'x'
// ----
typedef int x = 5;                      // error 1:15: expected ';', found '='
// ----
typedef int f(int) { }                  // error 1:20: expected ';', found '{'
// ----
typedef int (;                          // error 1:14: expected a name, found ';'
