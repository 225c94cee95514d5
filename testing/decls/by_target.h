// Values that another target may have otherwise are kept as C text too.
// options: --c
#define A sizeof(long)          // expect: const A = 8 : size_t c "sizeof(long)"
#define B (A /* all */ * \
   2) // both
// expect: const B = 16 : unsigned long c "(A * 2)"
#define C 5                     // expect: const C = 5 : int
#define D (1UL<<40)             // expect: const D = 1099511627776 : unsigned long c "(1UL<<40)"
#define E 0x1234567890          // expect: const E = 78187493520 : long
#define F (-1L)                 // expect: const F = -1 : long
#define G ~0UL                  // expect: const G = 18446744073709551615 : unsigned long c "~0UL"
#define H '\xff'                // expect: const H = -1 : int c "'\xff'"
#define I ' '                   // expect: const I = 32 : int
#define J (char)200             // expect: const J = -56 : char c "(char)200"
#define K (1 ? 3 : sizeof(int)) // expect: const K = 3 : unsigned long c "(1 ? 3 : sizeof(int))"
#define L 1UL + 2               // expect: const L = 3 : unsigned long
// ----
// options: --c
enum e { X = sizeof(int), Y, Z = 3, W };
// expect: enum e : unsigned int { X=4 c "sizeof(int)" Y=5 c "X + 1" Z=3 W=4 }
static const unsigned long M = -1;
// expect: const M = 18446744073709551615 : const unsigned long c "(unsigned long)(-1)"
static const int N = sizeof "a b";
// expect: const N = 4 : const int c "(int)(sizeof "a b")"
static const int O = 7;         // expect: const O = 7 : const int
extern int a[2][sizeof(long) *
                2], b[3];
// expect: variable int a[2][16] c [sizeof(long) * 2]
// expect: variable int b[3]
extern int a[2][16];
struct s { char *pad[X]; };     // expect: struct s size 32 align 8 { pad@0 c [X] }
// ----
// options: --c
struct n { char c; int i; };    // expect: struct n size 8 align 4 { c@0 i@4 }
#pragma pack(push, 2)
struct p { char c; int i; };    // expect: struct p size 6 align 2 pack 2 { c@0 i@2 }
struct __attribute__((packed)) q { char c; int i; };
// expect: struct q size 5 align 1 pack 2 packed { c@0 i@1 }
#pragma pack(pop)
struct a1 { char c; int i __attribute__((aligned(8))); };
// expect: struct a1 size 16 align 8 laid_out { c@0 i@8 }
struct a2 { char c; } __attribute__((aligned(8)));
// expect: struct a2 size 8 align 8 laid_out { c@0 }
struct a3 { char c; int i __attribute__((packed)); };
// expect: struct a3 size 5 align 1 laid_out { c@0 i@1 }
struct a4 { int a : 3; int : 0; int b : 3; };
// expect: struct a4 size 8 align 4 laid_out { a@0:0+3 b@4:0+3 }
struct a5 { char c; int i; } __attribute__((ms_struct));
// expect: struct a5 size 8 align 4 laid_out { c@0 i@4 }
