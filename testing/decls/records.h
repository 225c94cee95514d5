// Struct and union bodies.
// options: --target x86_64-linux-gnu --types
struct a { int x, *y; char z[3]; };
// expect: struct a size 24 align 8 { int x@0; int *y@8; char z[3]@16; }
union b { int x; double y; };           // expect: union b size 8 align 8 { int x@0; double y@0; }
struct c { struct c *next; struct later *other; int (*f)(struct c *); };
// expect: struct c size 24 align 8 { struct c *next@0; struct later *other@8; int (*f)(struct c *)@16; }
// expect: struct later opaque
struct d { struct c c; };               // expect: struct d size 24 align 8 { struct c c@0; }
struct e { unsigned a : 3, b : 5; int : 0; int c : 7; signed char d : 2; };
// expect: struct e size 8 align 4 { unsigned int a@0:0+3; unsigned int b@0:3+5; int c@4:0+7; signed char d@5:0+2; }
struct f { int : 5; int x; };           // expect: struct f size 8 align 4 { int x@4; }
struct g { int x; struct { int y; union { int z; float w; }; } in; struct { int v; }; };
// expect: struct g size 16 align 4 { int x@0; struct $1 in@4; struct $3@12; }
// expect: struct $1 size 8 align 4 { int y@0; union $2@4; }
// expect: union $2 size 4 align 4 { int z@0; float w@0; }
// expect: struct $3 size 4 align 4 { int v@0; }
struct h { int n; char data[]; };
// expect: struct h size 4 align 4 { int n@0; char data[]@4; }
struct i { ; int x;; };                 // expect: struct i size 4 align 4 { int x@0; }
struct j { _Static_assert(sizeof(int) == 4, "int"); int x; };
// expect: struct j size 4 align 4 { int x@0; }
struct k { enum { K1, K2 = 5 } kind; enum color { RED } color; };
// expect: struct k size 8 align 4 { enum $4 kind@0; enum color color@4; }
// expect: enum $4 : unsigned int { K1=0 K2=5 }
// expect: enum color : unsigned int { RED=0 }
int k_[K2];                             // expect: variable int k_[5]
struct l { struct inner { short q; } in; }; struct inner l_;
// expect: struct l size 2 align 2 { struct inner in@0; }
// expect: struct inner size 2 align 2 { short q@0; }
// expect: variable struct inner l_
struct m { struct inner; int r; };
// expect: struct m size 8 align 4 { struct inner@0; int r@4; }
typedef struct inner inner_t; struct n { inner_t; int r; };
// expect: typedef inner_t = struct inner
// expect: struct n size 8 align 4 { inner_t@0; int r@4; }
struct o { struct forward; struct forward *p; };
// expect: struct o size 8 align 8 { struct forward *p@0; }
// expect: struct forward opaque
struct p { const int a; volatile char *b; int *const c; };
// expect: struct p size 24 align 8 { const int a@0; volatile char *b@8; int *const c@16; }
typedef int size_type; struct q { int size_type; size_type r; };
// expect: typedef size_type = int
// expect: struct q size 8 align 4 { int size_type@0; size_type r@4; }
struct r; struct r { int x; };          // expect: struct r size 4 align 4 { int x@0; }
struct { int x; } s;
// expect: struct $5 size 4 align 4 { int x@0; }
// expect: variable struct $5 s
typedef struct { int x; } t; typedef union { int x; } u, *up;
// expect: struct t size 4 align 4 { int x@0; }
// expect: typedef t = t
// expect: union u size 4 align 4 { int x@0; }
// expect: typedef u = u
// expect: typedef up = u *
struct v { _Alignas(16) char a; char b __attribute__((aligned(8))); alignas(double) char c; };
// expect: struct v size 32 align 16 { char a@0; char b@8; char c@16; }
struct w {}; union w_ {};
// expect: struct w size 0 align 1 { }
// expect: union w_ size 0 align 1 { }
struct x { int a __attribute__((packed)); } __attribute__((packed)) y;
// expect: struct x size 4 align 1 { int a@0; }
// expect: variable struct x y
struct z { __extension__ struct { int a; }; __extension__ long long b; };
// expect: struct z size 16 align 8 { struct $6@0; long long b@8; }
// expect: struct $6 size 4 align 4 { int a@0; }
// ----
// options: --target x86_64-linux-gnu --types
struct aa { int f(int); } *ab;          // error 2:17: member 'f' is a function
// ----
struct s { struct s x; };               // error 1:21: member 'x' has incomplete type 'struct s'
// ----
struct s { struct s { int a; } x; };    // error 1:19: 'struct s' is defined inside itself
// ----
struct s { struct t x; };               // error 1:21: member 'x' has incomplete type 'struct t'
// ----
struct s { void x; };                   // error 1:17: member 'x' has incomplete type 'void'
// ----
struct s { int x; int x; };             // error 1:23: duplicate member 'x'
// ----
struct s { int x; struct { int x; }; }; // error 1:19: duplicate member 'x'
// ----
struct s { int a[]; int b; };           // error 1:16: flexible array 'a' must be the last member
// ----
struct s { int a : 33; };               // error 1:16: bit-field is wider than 'int'
// ----
struct s { int a : -1; };               // error 1:20: the bit-field's width is negative
// ----
struct s { int a : 0; };                // error 1:16: bit-field 'a' has no bits
// ----
struct s { float a : 3; };              // error 1:18: bit-field of 'float': must be an integer type
// ----
struct s { int *a : 3; };               // error 1:17: bit-field of 'int *': must be an integer type
// ----
// error 2:18: expected a member or '}', found end of text
struct s { int a;
// ----
struct s { int a } x;                   // error 1:18: expected ';', found '}'
// ----
struct s { foo a; };                    // error 1:12: unknown type name 'foo'
// ----
struct s { static int a; };             // error 1:12: a member has no storage class
// ----
struct s { int; int a };                // error 1:23: expected ';', found '}'
// ----
struct s; union s;                      // error 1:17: 's' is not a union: it is 'struct s', from <cdef>:1:8
// ----
struct s { int a; };
int x;
struct s { long a; };                   // error 3:8: 'struct s' has another body than the one at <cdef>:1:8
// ----
// The same body again is no declaration.
struct s { int a; struct { int b; } c, *d; enum { E1, E2 } e; unsigned f : 3; };
// expect: struct s size 24 align 8 { a@0 c@4 d@8 e@16 f@20:0+3 }
// expect: struct $1 size 4 align 4 { b@0 }
// expect: enum $2 : unsigned int { E1=0 E2=1 }
struct s { int a; struct { int b; } c, *d; enum { E1, E2 } e; unsigned f : 3; };
union u { struct s a; };
union u { struct s a; };
int f(struct s *, union u *);           // expect: function int f(struct s *, union u *)
// ----
struct s { int a : 3; };
struct s { int a : 4; };                // error 2:8: 'struct s' has another body than the one at <cdef>:1:8
// ----
struct s { int a; };
struct s { int a; } __attribute__((packed));  // error 2:8: 'struct s' has another body than the one at <cdef>:1:8
// ----
struct s { struct { int b; } c; };
struct s { struct { long b; } c; };     // error 2:8: 'struct s' has another body than the one at <cdef>:1:8
// ----
typedef struct { int a; } T;
typedef struct { int a; } T;
int f(T *);                             // expect: function int f(T *)
// ----
typedef struct { int a; } T;
typedef struct { int b; } T;            // error 2:27: 'T' has another body than the one at <cdef>:1:27
// ----
// options: --pack 1
struct s { char a; int b; };            // expect: struct s size 5 align 1 { a@0 b@1 }
#pragma pack(4)
struct t { char a; long long b; };      // expect: struct t size 12 align 4 { a@0 b@4 }
#pragma pack()
struct u { char a; long long b; };      // expect: struct u size 9 align 1 { a@0 b@1 }
_Pragma("pack(push, 2)") struct v { char a; int b; }; _Pragma("pack(pop)")
// expect: struct v size 6 align 2 { a@0 b@2 }
struct w { char a; int b; };            // expect: struct w size 5 align 1 { a@0 b@1 }
__pragma(pack(push, 2)) struct x { char a; int b; }; __pragma(pack(pop))
// expect: struct x size 6 align 2 { a@0 b@2 }
// ----
struct s { int a : 40000; };            // error 1:20: the bit-field is too wide
// ----
struct s { int *(*a)(void), b : 2, : 3, *c; struct t *d[2]; };
struct s { int *(*a)(void), b : 2, : 3, *c; struct t *d[2]; };
union u { struct s a; } x;
// expect: union u size 40 align 8 { a@0 }
// expect: variable union u x
// ----
struct s { struct t { int a; } t; enum { A } e; };
struct s { struct t { int a; } t; enum { A } e; };  // expect: enum $1 : unsigned int { A=0 }
// ----
// A record is declared where its body is, not where it was mentioned first.
struct s;
struct s *p;
struct s { int a; };
struct s { int b; };                    // error 5:8: 'struct s' has another body than the one at <cdef>:4:8
// ----
struct a { struct b x; int y; ...; }; struct b { int z; };
// expect: struct a size ? { x y ... }
// ----
struct a { struct b x; int y; }; typedef struct a A; extern struct a v;
struct b { union c z; char q; }; union c { double d; char e; };
// expect: struct a size 24 align 8 { x@0 y@16 }
// expect: struct b size 16 align 8 { z@0 q@8 }
#pragma pack(push, 1)
struct d { char c; struct { struct e x; }; }; int f(struct d);
#pragma pack(pop)
struct e { int y; };
// expect: struct d size 5 align 1 { c@0 _@1 }
#define N sizeof(struct d)
// expect: const N = 5 : size_t
// ----
struct a { struct b x; };
struct b { struct c y; };               // error 2:21: member 'y' has incomplete type 'struct c'
// ----
struct a { struct b x; };               // error 1:21: member 'x' has incomplete type 'struct b'
struct b { struct a y; };
// ----
struct a { struct b x; };
struct a { struct b x; };               // error 2:8: 'struct a' has another body than the one at
struct b { int y; };
// ----
struct a { int x[]; int y; ...; };
// expect: struct a size ? { x y ... }
// ----
struct a { int x[]; int y; };           // error 1:16: flexible array 'x' must be the last member
