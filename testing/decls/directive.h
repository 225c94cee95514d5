// Pragmas, line markers, the null directive.
#
%:
#pragma pack(1)
struct a { char c; int i; };            // expect: struct a size 5 align 1 { c@0 i@1 }
#pragma pack(push, label, 2)
struct b { char c; int i; };            // expect: struct b size 6 align 2 { c@0 i@2 }
#pragma pack(push)
#pragma pack(4)
#pragma pack(show)
struct c { char c; double d; };         // expect: struct c size 12 align 4 { c@0 d@4 }
#pragma pack(pop, label)
struct d { char c; int i; };            // expect: struct d size 5 align 1 { c@0 i@1 }
#pragma pack(pop)
#pragma pack(pop, other)
#pragma pack()
struct e { char c; int i; };            // expect: struct e size 8 align 4 { c@0 i@4 }
_Pragma("pack(2)") struct f { char c; int i; }; // expect: struct f size 6 align 2 { c@0 i@2 }
__pragma(pack(push, 1)) struct g { char c; int i; }; // expect: struct g size 5 align 1 { c@0 i@1 }
#pragma pack(pop)
#pragma pack(0)
struct h { char c; int i; };            // expect: struct h size 8 align 4 { c@0 i@4 }
#pragma GCC visibility push(default) "unbalanced
#pragma STDC FP_CONTRACT OFF
#ident "anything"
#pragma scalar_storage_order default
#define SIZE sizeof(struct h)           // expect: const SIZE = 8 : size_t
// ----
// The symbol of what is declared, before the pragma or behind it.
#pragma redefine_extname a real_a
int a(int), b(int) __asm__("bb"), c(void); extern int d;
// expect: function int a(int) asm "real_a"
// expect: function int b(int) asm "bb"
// expect: function int c(void) asm "cc"
// expect: variable int d asm "dd"
#pragma redefine_extname b not_this
_Pragma("redefine_extname c cc")
#pragma redefine_extname d dd
#pragma redefine_extname nothing else
#pragma weak a
#pragma weak e = a
#pragma GCC visibility push(hidden)
#pragma GCC visibility pop
// ----
#pragma redefine_extname a 1            // error 1:28: expected the symbol's name, found '1'
// ----
// options: --pack 2
#pragma pack(1)
struct a { char c; int i; };            // expect: struct a size 5 align 1 { c@0 i@1 }
#pragma pack()
struct b { char c; int i; };            // expect: struct b size 6 align 2 { c@0 i@2 }
// ----
#pragma pack(3)                         // error 1:14: expected 0, 1, 2, 4, 8 or 16, found '3'
// ----
#pragma pack(push,
// error 1:19: expected an expression, found the end of the line
// ----
#pragma pack 1                          // error 1:14: expected '(', found '1'
// ----
#pragma ms_struct maybe                 // error 1:19: expected 'on', 'off' or 'reset', found 'maybe'
// ----
#pragma scalar_storage_order big-endian // error 1:30: #pragma scalar_storage_order is not supported
// ----
#line x                                 // error 1:7: expected a line number, found 'x'
// ----
#line 99999999999                       // error 1:7: '99999999999' is not a line number
// ----
#line 7
int (x;                                 // error 7:7: expected ')', found ';'
// ----
# 100 "<cdef>" 2 3 4
/* lines in comments
   count, too */
int (x;                                 // error 102:7: expected ')', found ';'
