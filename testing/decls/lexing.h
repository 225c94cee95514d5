// Tokens: spellings, comments, continuations, and what is refused.
typedef struct <% int a<:3:>; %> digraphs; // expect: struct digraphs size 12 align 4 { a@0 }
int /* a comment */ x1 /* over
   lines */ ; // and one to its end: /* no comment
int x2; // continued \
int not_declared;
int \
    x3;                                 // expect: variable int x3
int é, $dollar, _Ünï, 日本;              // expect: variable int 日本
enum numbers {                          // expect: enum numbers : unsigned int { N1=16 N2=8 N3=5 N4=1000000 N5=255 N6=4294967295 N7=7 }
    N1 = 0x10, N2 = 010, N3 = 0b101, N4 = 1'000'000, N5 = 0XFFuLL,
    N6 = 0xffff'ffff, N7 = 7ui64
};
enum characters {                       // expect: enum characters : int { C1=97 C2=10 C3=0 C4=65 C5=-1 C6=39 C7=24930 C8=8364 C9=34 }
    C1 = 'a', C2 = '\n', C3 = '\0', C4 = '\x41', C5 = '\377', C6 = '\'', C7 = 'ab', C8 = u'€',
    C9 = '"'
};
int skipped(void) { char *s = "}"; char c = '}'; /* } */ return s[0] ? 1'000 : '\''; }
int after;                              // expect: variable int after
// ----
int a\
b;                                      // error 1:6: a line continuation inside a token is not supported
// ----
int a = 1 <\
< 2;                                    // error 1:12: a line continuation inside a token is not supported
// ----
int a @ b;                              // error 1:7: unexpected character '@'
// ----
int a `b`;                              // error 1:7: unexpected character '`'
// ----
int a \ b;                              // error 1:7: unexpected character '\'
// ----
// A name may be spelled with \u: it is the same one.
int \u00e9, caf\u00e9; extern int é; struct \U000000e4b { int a\u00E4c; } \u65e5本;
// expect: variable int é
// expect: variable int café
// expect: struct äb size 4 align 4 { aäc@0 }
// expect: variable struct äb 日本
// ----
int a\u0041;                            // error 1:6: this is no character that a name may have
// ----
int a\u00g;                             // error 1:6: this is no character that a name may have
// ----
int a\ud800;                            // error 1:6: this is no character that a name may have
// ----
int f(void) __asm__("f                  // error 1:21: this string does not end on its line
// ----
enum { A = 'a };                        // error 1:12: this character constant does not end on its line
// ----
int a; /* no end                        // error 1:8: this comment has no end
// ----
int f(void) { ( [ }                     // error 1:19: expected ']'
// ----
int f(void) { "}"                       // error 1:13: this '{' is never closed
// ----
enum { A = 0x };                        // error 1:12: '0x' is not a number
// ----
enum { A = 0b2 };                       // error 1:12: '0b2' has a digit that base 2 has not
// ----
enum { A = 09 };                        // error 1:12: '09' has a digit that base 8 has not
// ----
enum { A = 1lul };                      // error 1:12: '1lul' is not a number
// ----
enum { A = 12ab };                      // error 1:12: '12ab' is not a number
// ----
enum { A = 0xffffffffffffffffwb };      // error 1:12: '0xffffffffffffffffwb' does not fit 64 bits
// ----
enum { A = 1wB };                       // error 1:12: '1wB' is not a number
// ----
enum { A = 2i };                        // error 1:12: imaginary constants are not supported
// ----
enum { A = 18446744073709551616 };      // error 1:12: '18446744073709551616' does not fit 64 bits
// ----
enum { A = 300i8 };                     // error 1:12: '300i8' does not fit its suffix
// ----
enum { A = (int)1e };                   // error 1:17: '1e' is not a number
// ----
enum { A = (int)0x1.8 };                // error 1:17: '0x1.8' is not a number
// ----
enum { A = '' };                        // error 1:12: an empty character constant
// ----
enum { A = '\q' };                      // error 1:12: ''\q'' has an escape that C does not know
// ----
enum { A = '\x' };                      // error 1:12: ''\x'' has a \x without digits
// ----
enum { A = u'\u12' };                   // error 1:12: 'u'\u12'' has a \u without all its digits
// ----
enum { A = '\x100' };                   // error 1:12: ''\x100'' has an escape out of range
// ----
enum { A = 'abcde' };                   // error 1:12: ''abcde'' has more than four bytes
// ----
enum { A = L'ab' };                     // error 1:12: 'L'ab'' has more than one character
// ----
#pragma unknown /*/ this is a comment,
int @; which ends here: */
#pragma unknown // this one at the end of the line: /* isn't
int after;                              // expect: variable int after
// ----
#pragma unknown /* no end               // error 1:17: this comment has no end
// ----
enum : int;                             // error 1:11: expected '{', found ';'
