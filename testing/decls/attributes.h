// Attributes in every position and spelling.
// options: --target x86_64-linux-gnu
struct __attribute__((packed)) a { char c; int i; };  // expect: struct a size 5 align 1 { c@0 i@1 }
struct b { char c; int i; } __attribute__((__packed__));
// expect: struct b size 5 align 1 { c@0 i@1 }
struct [[gnu::packed]] c { char c; int i; };  // expect: struct c size 5 align 1 { c@0 i@1 }
struct __declspec(align(16)) d { char c; };  // expect: struct d size 16 align 16 { c@0 }
struct e { char c; int i __attribute__((packed)); };  // expect: struct e size 5 align 1 { c@0 i@1 }
struct f { char c; int __attribute__((aligned(8))) i, j; };
// expect: struct f size 24 align 8 { c@0 i@8 j@16 }
struct g { char c; int i __attribute__((aligned)); };
// expect: struct g size 32 align 16 { c@0 i@16 }
struct h { char c; __attribute__((aligned(4))) char d; [[gnu::aligned(8)]] char e; };
// expect: struct h size 16 align 8 { c@0 d@4 e@8 }
struct i { char c; _Alignas(8) char d; alignas(int) char e; _Alignas(0) char f; };
// expect: struct i size 16 align 8 { c@0 d@8 e@12 f@13 }
struct j { char a : 4; int b : 4; } __attribute__((ms_struct));
// expect: struct j size 8 align 4 { a@0:0+4 b@4:0+4 }
struct k { char a : 4; int b : 4; } __attribute__((gcc_struct));
// expect: struct k size 4 align 4 { a@0:0+4 b@0:4+4 }
struct __attribute__((packed, aligned(2))) l { char c; int i; };
// expect: struct l size 6 align 2 { c@0 i@1 }
struct __attribute__((packed)) __attribute__((aligned(4))) m { char c; int i; };
// expect: struct m size 8 align 4 { c@0 i@1 }
typedef int n __attribute__((aligned(16))); struct n_ { char c; n d; };
// expect: typedef n = int
// expect: struct n_ size 32 align 16 { c@0 d@16 }
typedef int o __attribute__((vector_size(16))), *op; o o1; float __attribute__((vector_size(8))) o2;
// expect: typedef o = __attribute__((vector_size(16))) int
// expect: typedef op = int *
// expect: variable o o1
// expect: variable __attribute__((vector_size(8))) float o2
typedef int p1 __attribute__((mode(QI))); typedef unsigned p2 __attribute__((mode(__HI__)));
// expect: typedef p1 = signed char
// expect: typedef p2 = unsigned short
typedef int p3 __attribute__((__mode__(__DI__))); typedef unsigned p4 __attribute__((mode(TI)));
// expect: typedef p3 = long
// expect: typedef p4 = unsigned __int128
typedef int p5 __attribute__((mode(word))); typedef float p6 __attribute__((mode(DF)));
// expect: typedef p5 = long
// expect: typedef p6 = double
typedef _Complex float p7 __attribute__((mode(DC))); typedef unsigned p8 __attribute__((mode(pointer)));
// expect: typedef p7 = double _Complex
// expect: typedef p8 = unsigned long
typedef union { int *a; float *b; } q __attribute__((transparent_union)); int q1(q);
// expect: union q size 8 align 8 { a@0 b@0 }
// expect: typedef q = q
// expect: function int q1(q)
int __attribute__((const)) r(int), s(int) __attribute__((__const__));
// expect: function int r(int) keep_gil
// expect: function int s(int) keep_gil
int __attribute__((pure)) t(int); __attribute__((malloc, alloc_size(1, 2))) void *u(int, int);
// expect: function int t(int)
// expect: function void *u(int, int)
[[cffi::keep_gil]] int v(int); [[__cffi__::__keep_gil__]] int w(int); int x [[cffi::keep_gil]] (int);
// expect: function int v(int) keep_gil
// expect: function int w(int) keep_gil
// expect: function int x(int) keep_gil
[[keep_gil]] int y(int); __attribute__((keep_gil)) int z(int);
// expect: function int y(int)
// expect: function int z(int)
[[nodiscard("reason"), deprecated, gnu::unused, vendor::thing(a, [b], {c})]] int aa(void);
// expect: function int aa(void)
[[]] int ab [[]] [3] [[]];              // expect: variable int ab[3]
int *__attribute__((may_alias)) ac, *[[vendor::x]] ad;
// expect: variable int *ac
// expect: variable int *ad
int ae(void) __asm__("real_ae"), af asm("real" "_" "af") __attribute__((weak));
// expect: function int ae(void) asm "real_ae"
// expect: variable int af asm "real_af"
__declspec(dllimport) int ag(void); __declspec(noreturn nothrow) void ah(void);
// expect: function int ag(void)
// expect: function void ah(void)
__declspec(thread) int ai;              // expect: variable int ai thread
int aj(void) __attribute__((unknown_thing(1, "two", (3), [4], {5})));
// expect: function int aj(void)
int ak(int a __attribute__((aligned(16))), int *b [[vendor::y]]);
// expect: function int ak(int, int *)
__extension__ typedef struct { int x; } al; __extension__ int am;
// expect: struct al size 4 align 4 { x@0 }
// expect: typedef al = al
// expect: variable int am
__attribute__((visibility("default"))) __attribute__((nothrow)) extern int an;
// expect: variable int an
typedef struct __attribute__((__aligned__)) { char c; } ao;
// expect: struct ao size 16 align 16 { c@0 }
// expect: typedef ao = ao
struct ap { int x; } __attribute__((deprecated)) aq;
// expect: struct ap size 4 align 4 { x@0 }
// expect: variable struct ap aq
static inline __attribute__((always_inline)) int ar(int x) { return x; }
// expect: function int ar(int) static
enum as { AS __attribute__((unavailable)) } __attribute__((flag_enum));
// expect: enum as : unsigned int { AS=0 }
void at(int) __attribute__((format(printf, 1, 2))) __attribute__((nonnull));
// expect: function void at(int)
int (__attribute__((noinline)) au)(void);  // expect: function int au(void)
__attribute__((__always_inline__,,)) int av(void);  // expect: function int av(void)
// ----
// Inside a declarator: behind a `*` they are that pointer's, before it they
// are nobody's that counts.
// options: --target x86_64-linux-gnu
struct a { char c; int (__attribute__((aligned(16))) x); };
// expect: struct a size 32 align 16 { c@0 x@16 }
struct b { char c; int *__attribute__((aligned(16))) p; };
// expect: struct b size 32 align 16 { c@0 p@16 }
struct c { char c; int (*__attribute__((aligned(16))) p)(void); };
// expect: struct c size 32 align 16 { c@0 p@16 }
struct d { char c; int __attribute__((aligned(16))) *p; };
// expect: struct d size 32 align 16 { c@0 p@16 }
struct e { char c; int (__attribute__((aligned(16))) *p)(void); };
// expect: struct e size 16 align 8 { c@0 p@8 }
struct f { char c; int x[2] [[gnu::aligned(16)]]; };
// expect: struct f size 32 align 16 { c@0 x@16 }
struct g { char c; int x [[gnu::aligned(16)]] [2]; };
// expect: struct g size 32 align 16 { c@0 x@16 }
struct h { char c; int __attribute__((packed)) *p; };  // expect: struct h size 9 align 1 { c@0 p@1 }
struct i { char c; int *__attribute__((packed)) p; };
// expect: struct i size 16 align 8 { c@0 p@8 }
struct j { char c; int *__attribute__((aligned(16))) *p; };
// expect: struct j size 16 align 8 { c@0 p@8 }
int *__attribute__((mode(SI))) k, (*__attribute__((vector_size(8))) l)(void);
// expect: unavailable k: a pointer of an unusual mode (<cdef>:23:32)
// expect: unavailable l: a pointer of an unusual mode (<cdef>:23:69)
// ----
// What we cannot honour makes the name unavailable.
int a(int) __attribute__((regparm(3)));
// expect: unavailable a: the calling convention regparm (<cdef>:2:5)
struct b { int x; } __attribute__((scalar_storage_order("big-endian")));
// expect: struct b { x } unavailable: its members are stored in an explicit byte order
extern struct b c;
// expect: unavailable c: its members are stored in an explicit byte order (<cdef>:6:17)
int d(struct b *);                      // expect: function int d(struct b *)
int e(struct b);
// expect: unavailable e: its members are stored in an explicit byte order (<cdef>:9:5)
typedef int f __attribute__((address_space(1)));
// expect: typedef f = ... unavailable: in another address space
f g, *h;
// expect: unavailable g: in another address space (<cdef>:13:3)
// expect: variable f *h
int i(int x __attribute__((address_space(1))));
// expect: unavailable i: in another address space (<cdef>:16:5)
struct j { int x __attribute__((address_space(1))); };
// expect: struct j { x } unavailable: in another address space
int *k __attribute__((vector_size(8)));
// expect: unavailable k: vector_size on what is not a number (<cdef>:20:6)
typedef int l __attribute__((mode(V4SI)));
// expect: typedef l = ... unavailable: a machine mode we do not know
typedef int m __attribute__((mode(DF)));
// expect: typedef m = ... unavailable: a machine mode its type does not have
double n(int) __attribute__((overloadable)); double n(double) __attribute__((overloadable));
// expect: unavailable n: an overloaded function (<cdef>:26:8)
// ----
struct s { int a; } __attribute__((aligned(3)));  // error 1:44: the alignment is not a power of two up to 2**28
// ----
int a __attribute__((aligned(-1)));     // error 1:30: the alignment is negative
// ----
typedef int v __attribute__((vector_size(12)));  // error 1:42: the vector's size is not a power of two
// ----
typedef int v __attribute__((vector_size(2)));  // error 1:46: vector_size must be a power of two times the item's size
// ----
int a __attribute__((packed);           // error 1:29: expected ')', found ';'
// ----
int a __attribute__(packed);            // error 1:21: expected '(', found 'packed'
// ----
int a __attribute__((1));               // error 1:22: expected an attribute's name, found '1'
// ----
int a [[gnu::]];                        // error 1:14: expected an attribute's name, found ']'
// ----
int a [[gnu::unused];                   // error 1:21: expected ']', found ';'
// ----
int a asm(real);                        // error 1:11: expected the symbol's name in quotes, found 'real'
// ----
int a __attribute__((unknown(1));       // error 1:33: expected ')', found ';'
// ----
// error 2:42: expected ')', found end of text
int a(void) __attribute__((alloc_size(1))
// ----
_Alignas(3) int a;                      // error 1:10: the alignment is not a power of two up to 2**28
// ----
_Alignas(void) int a;                   // error 1:10: 'void' has no alignment
// ----
// options: --target x86_64-linux-gnu
int (__attribute__((vector_size(8))) a); int (__attribute__((mode(DI))) b);
// expect: variable __attribute__((vector_size(8))) int a
// expect: variable long b
int (__attribute__((regparm(1))) c)(void), (__attribute__((regparm(1))) *d)(void);
// expect: unavailable c: the calling convention regparm (<cdef>:5:34)
// expect: unavailable d: the calling convention regparm (<cdef>:5:74)
int (__attribute__((packed)) e) __asm__("ee"); struct f { struct { int a; } __attribute__((randomize_layout)); };
// expect: variable int e asm "ee"
// expect: struct f { _ } unavailable: its compiler shuffles the members
// expect: struct $1 { a } unavailable: its compiler shuffles the members
_Pragma("pack(1)") struct g { char c; _Pragma("pack(2)") int i; };
// expect: struct g size 6 align 2 { c@0 i@2 }
typedef int h __attribute__((mode(SF))); typedef _Bool i __attribute__((mode(SI))); typedef int *j __attribute__((mode(SI)));
// expect: typedef h = ... unavailable: a machine mode its type does not have
// expect: typedef i = unsigned int
// expect: typedef j = ... unavailable: a machine mode its type does not have
// ----
int x __attribute__((mode(1)));         // error 1:27: expected a machine mode, found '1'
// ----
int x [[1]];                            // error 1:9: expected an attribute's name, found '1'
// ----
_Pragma 1 int x;                        // error 1:9: expected '(', found '1'
// ----
// options: --target i386-linux-gnu
typedef int a __attribute__((mode(TI))); typedef int b __attribute__((mode(pointer)));
// expect: typedef a = ... unavailable: a machine mode its type does not have
// expect: typedef b = int
// ----
// x86's segments: what lies in one cannot be reached.
int __seg_gs *a; __seg_fs int b; extern const __seg_gs struct s { int x; } *c; int d(int __seg_fs *), *__seg_gs e;
// expect: unavailable a: in another address space (<cdef>:2:15)
// expect: unavailable b: in another address space (<cdef>:2:31)
// expect: unavailable c: in another address space (<cdef>:2:77)
// expect: unavailable d: in another address space (<cdef>:2:84)
// expect: unavailable e: in another address space (<cdef>:2:113)
// ----
// What does not return is part of a pointer's type in gcc's eyes, but no other type here.
typedef void (*a)(char *) __attribute__((noreturn)); typedef __attribute__((__noreturn__)) void b(int); b *c; void d(b);
// expect: typedef a = void (*__attribute__((noreturn)))(char *)
// expect: typedef b = void __attribute__((noreturn))(int)
// expect: variable b *c
// expect: function void d(b *)
typedef void (*e)(char *); e f(e handler __attribute__((noreturn)), void (__attribute__((noreturn)) *)(void), int);
// expect: typedef e = void (*)(char *)
// expect: function e f(void (*__attribute__((noreturn)))(char *), void (*__attribute__((noreturn)))(void), int)
e f(e, void (*)(void), int); void g(void) __attribute__((noreturn)); _Noreturn void h(void); int *i __attribute__((noreturn));
// expect: function void g(void)
// expect: function void h(void)
// expect: variable int *i
extern void (*const j)(void) __attribute__((noreturn)); struct s { [[gnu::noreturn]] void (*k)(void); };
// expect: variable void (*__attribute__((noreturn)) const j)(void)
// expect: struct s size 8 align 8 { k@0 }
