// Sizes, offsets and bit positions by the System V ABI of x86-64.
// options: --target x86_64-linux-gnu
struct s { int a : 3; int b : 30; };    // expect: struct s size 8 align 4 { a@0:0+3 b@4:0+30 }
struct empty {};                        // expect: struct empty size 0 align 1 { }
struct one { char c; };                 // expect: struct one size 1 align 1 { c@0 }
struct mix { char c; double d; short s; };
// expect: struct mix size 24 align 8 { c@0 d@8 s@16 }
union u { char c[5]; int i; };          // expect: union u size 8 align 4 { c@0 i@0 }
struct zero { char a : 3; char : 0; char b : 2; };
// expect: struct zero size 2 align 1 { a@0:0+3 b@1:0+2 }
struct unnamed { char a : 3; int : 7; char b; };
// expect: struct unnamed size 3 align 1 { a@0:0+3 b@2 }
struct crosses { char c; int a : 25; }; // expect: struct crosses size 8 align 4 { c@0 a@4:0+25 }
struct fits { char c; int a : 24; };    // expect: struct fits size 4 align 4 { c@0 a@0:8+24 }
struct wide { long long a : 40; long long b : 30; };
// expect: struct wide size 16 align 8 { a@0:0+40 b@8:0+30 }
struct flags { _Bool a : 1, b : 1; };   // expect: struct flags size 1 align 1 { a@0:0+1 b@0:1+1 }
struct flex { int n; short a[]; };      // expect: struct flex size 4 align 4 { n@0 a@4 }
struct none { int n; short a[0]; };     // expect: struct none size 4 align 4 { n@0 a@4 }
struct outer { char c; struct { int x; union { short y; char z; }; }; };
// expect: struct outer size 12 align 4 { c@0 _@4 }
struct ld { char c; long double d; };   // expect: struct ld size 32 align 16 { c@0 d@16 }
struct __attribute__((packed)) p { char c; int i; short s : 5; int t : 30; };
// expect: struct p size 10 align 1 { c@0 i@1 s@4:8+5 t@5:5+30! }
struct pm { char c; int i __attribute__((packed)); };
// expect: struct pm size 5 align 1 { c@0 i@1 }
struct al { char c; } __attribute__((aligned(8)));
// expect: struct al size 8 align 8 { c@0 }
struct am { char c; _Alignas(16) char d; };
// expect: struct am size 32 align 16 { c@0 d@16 }
typedef int a1 __attribute__((aligned(1)));
struct low { char c; a1 i; };           // expect: struct low size 5 align 1 { c@0 i@1 }
#pragma pack(push, 2)
struct pk { char c; int i; long long l; _Alignas(8) char d; };
// expect: struct pk size 16 align 2 { c@0 i@2 l@6 d@14 }
#pragma pack(pop)
struct ms { char a : 4; int b : 4; char c; } __attribute__((ms_struct));
// expect: struct ms size 12 align 4 { a@0:0+4 b@4:0+4 c@8 }
enum e1 { A };                          // expect: enum e1 : unsigned int { A=0 }
enum e2 { B = -1 };                     // expect: enum e2 : int { B=-1 }
enum e3 { C = 1LL << 40 };              // expect: enum e3 : unsigned long { C=1099511627776 }
enum e4 { D = -1, E = 0x80000000 };     // expect: enum e4 : long { D=-1 E=2147483648 }
enum __attribute__((packed)) e5 { F = 255 };  // expect: enum e5 : unsigned char { F=255 }
enum __attribute__((packed)) e6 { G = -1, H = 128 };
// expect: enum e6 : short { G=-1 H=128 }
// ----
// options: --target i386-linux-gnu
struct s { char c; long long l; double d; };
// expect: struct s size 20 align 4 { c@0 l@4 d@12 }
struct ld { char c; long double d; };   // expect: struct ld size 16 align 4 { c@0 d@4 }
struct wide { int a : 20; long long b : 40; };
// expect: struct wide size 8 align 4 { a@0:0+20 b@0:20+40 }
enum e { C = 1LL << 40 };               // expect: enum e : unsigned long long { C=1099511627776 }
struct __attribute__((ms_struct)) ms { int i; };
// expect: struct ms { i } unavailable: the layout of ms_struct on this platform
// ----
// A big-endian platform fills an integer from its highest bit.
// options: --target s390x-linux-gnu
struct s { int a : 3; int b : 5; int c : 24; };
// expect: struct s size 4 align 4 { a@0:29+3 b@0:24+5 c@0:0+24 }
struct __attribute__((packed)) p { char c; int x : 31; int y : 2; };
// expect: struct p size 6 align 1 { c@0 x@1:1+31 y@4:7+2! }
struct ld { char c; long double d; };   // expect: struct ld size 24 align 8 { c@0 d@8 }
// ----
// AAPCS: unnamed bit-fields align the record too.
// options: --target aarch64-linux-gnu
struct s { char a : 3; int : 7; char b; };
// expect: struct s size 4 align 4 { a@0:0+3 b@2 }
// ----
// options: --target x86_64-windows-msvc
struct s { char a : 4; int b : 4; long l; };
// expect: struct s size 12 align 4 { a@0:0+4 b@4:0+4 l@8 }
// ----
// options: --pack 1
struct s { char c; int i; };            // expect: struct s size 5 align 1 { c@0 i@1 }
// ----
struct s { int x; struct { int y; union { int x; }; }; };  // error 1:19: duplicate member 'x'
// ----
struct s { struct s inner; };           // error 1:21: member 'inner' has incomplete type
// ----
struct s { int a[]; int b; };           // error 1:16: flexible array 'a' must be the last member
// ----
struct s { int f(void); };              // error 1:16: member 'f' is a function
// ----
struct s { int a : 33; };               // error 1:16: bit-field is wider than 'int'
// ----
struct s { float a : 3; };              // error 1:18: bit-field of 'float'
// ----
struct s { char a[0x4000000000000000][2]; };  // error 1:17: array is too large
// ----
struct s { char a[0x7fffffffffffffff], b; };  // error 1:44: record is too large
