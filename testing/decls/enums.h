// Enumerations.
enum a { A1, A2, A3 = 10, A4, };        // expect: enum a : unsigned int { A1=0 A2=1 A3=10 A4=11 }
enum b { B1 = -1, B2 = 'x', B3 = '\n', B4 = 1 << 4, B5 = sizeof(int) };
// expect: enum b : int { B1=-1 B2=120 B3=10 B4=16 B5=4 }
enum c { C1 = A3 + 1, C2 = C1 * 2, C3 = C2 > 5 ? 7 : 8, C4 = ~0 };
// expect: enum c : int { C1=11 C2=22 C3=7 C4=-1 }
enum d { D1 = 0xffffffff, D2 };
// expect: enum d : unsigned long { D1=4294967295 D2=4294967296 }
enum e { E1 = 0x7fffffff, E2 };
// expect: enum e : unsigned int { E1=2147483647 E2=2147483648 }
enum f { F1 = 0xffffffffffffffff };
// expect: enum f : unsigned long { F1=18446744073709551615 }
enum g { G1 = -1, G2 = 0x80000000 };    // expect: enum g : long { G1=-1 G2=2147483648 }
enum h : unsigned char { H1 = 255 }; enum : short { H2 = -1 } h3;
// expect: enum h : unsigned char { H1=255 }
// expect: enum $1 : short { H2=-1 }
// expect: variable enum $1 h3
enum i; enum i *i1; enum i { I1 };
// expect: enum i : unsigned int { I1=0 }
// expect: variable enum i *i1
typedef enum { J1, J2 } j; j j1;
// expect: enum j : unsigned int { J1=0 J2=1 }
// expect: typedef j = j
// expect: variable j j1
enum k { K1 __attribute__((deprecated)) = 3, K2 [[deprecated]], K3 __attribute__((unused)) };
// expect: enum k : unsigned int { K1=3 K2=4 K3=5 }
enum __attribute__((packed)) l { L1, L2 };  // expect: enum l : unsigned char { L1=0 L2=1 }
enum m { M1 } __attribute__((packed));  // expect: enum m : unsigned char { M1=0 }
enum n { N1 = 1, N2 = sizeof(enum { O1, O2 }), N3 };
// expect: enum n : unsigned int { N1=1 N2=4 N3=5 }
// expect: enum $2 : unsigned int { O1=0 O2=1 }
int n1[N3];                             // expect: variable int n1[5]
enum q { Q }; struct p { enum q : 3; enum q r : 2; enum s : signed char { S1 } s; enum s t : 4; };
// expect: enum q : unsigned int { Q=0 }
// expect: struct p size 4 align 4 { r@0:3+2 s@1 t@2:0+4 }
// expect: enum s : signed char { S1=0 }
// ----
// C23: the integer type alone is a complete type.
enum e : short; struct s { char c; enum e e; }; enum e : short { A = -2, B };
// expect: enum e : short { A=-2 B=-1 }
// expect: struct s size 4 align 2 { c@0 e@2 }
enum g : long; enum g : long; enum g { C }; int x[C + 1];
// expect: enum g : long { C=0 }
// expect: variable int x[1]
// ----
enum e : short; enum e : int;           // error 1:22: 'enum e' has another body than the one at <cdef>:1:6
// ----
enum e : short; enum e { A = 70000 };   // error 1:26: 'A' does not fit 'short'
// ----
enum a { A1 = 1, A2 }; enum a { A1 = 1, A2 }; int x[A2];
// expect: enum a : unsigned int { A1=1 A2=2 }
// expect: variable int x[2]
enum { B1 = 4 }; enum { B1 = 4 };
// expect: enum $1 : unsigned int { B1=4 }
// expect: enum $2 : unsigned int { B1=4 }
#define A2 2
// ----
enum e { A, ... };                      // expect: enum e : ? { A=... ... }
enum f { B = ..., C, D = 3, E };        // expect: enum f : ? { B=... C=... D=3 E=... ... }
enum g { F = 2, G, ..., };              // expect: enum g : ? { F=2 G=... ... }
enum h { H = ... };                     // expect: enum h : ? { H=... ... }
struct s { enum e e; enum f f; };       // expect: struct s size ? { e f }
// ----
struct s { enum e : 3; };               // error 1:19: bit-field of incomplete type 'enum e'
// ----
enum {};                                // error 1:7: expected an enumerator, found '}'
// ----
enum e { A, A };                        // error 1:13: 'A' has another value at <cdef>:1:10
// ----
enum e { A = 1 / 0 };                   // error 1:16: division by zero
// ----
enum e { A = 1.5 };                     // error 1:14: expected an integer constant, found one of type 'double'
// ----
enum e { A = x };                       // error 1:14: 'x' is not declared
// ----
enum e { A B };                         // error 1:12: expected ',' or '}', found 'B'
// ----
// error 2:11: expected ',' or '}', found end of text
enum e { A
// ----
enum e { 1 };                           // error 1:10: expected an enumerator, found '1'
// ----
enum e { A = 0xffffffffffffffff, B };   // error 1:36: the enumerator's value does not fit 64 bits
// ----
enum e : unsigned char { A = 256 };     // error 1:26: 'A' does not fit 'unsigned char'
// ----
enum e : float { A };                   // error 1:10: the type of an enum must be an integer type, not 'float'
// ----
enum e { A }; enum e { B };             // error 1:20: 'enum e' has another body than the one at <cdef>:1:6
// ----
enum e { A }; enum f { A = 2 };         // error 1:24: 'A' has another value at <cdef>:1:10
// ----
int A; enum e { A };                    // error 1:17: 'A' is another kind of name: it was declared at <cdef>:1:5
// ----
enum e { A }; struct e;                 // error 1:22: 'e' is not a struct: it is 'enum e', from <cdef>:1:6
// ----
enum e { A = ... }; int x[A];           // error 1:27: the value of 'A' is only known to the C compiler
// ----
struct s { enum e x; };                 // error 1:19: member 'x' has incomplete type 'enum e'
// ----
enum a { A = 0x7fffffffffffffff, B };
// expect: enum a : unsigned long { A=9223372036854775807 B=9223372036854775808 }
enum b : _Bool { C, D };                // expect: enum b : _Bool { C=0 D=1 }
enum c { E = 1, F = A }; enum d { G = 2, E = 1 };
// expect: enum c : unsigned long { E=1 F=9223372036854775807 }
// expect: enum d : unsigned int { G=2 E=1 }
enum e { H = sizeof(enum { I }), E = 1, J = E + 1 };
// expect: enum e : unsigned int { H=4 E=1 J=2 }
// expect: enum $1 : unsigned int { I=0 }
// ----
enum b : _Bool { C = 2 };               // error 1:18: 'C' does not fit '_Bool'
// ----
enum;                                   // error 1:5: expected a tag or '{', found ';'
// ----
enum : int;                             // error 1:11: expected '{', found ';'
// ----
enum e : signed char { A = -129 };      // error 1:24: 'A' does not fit 'signed char'
