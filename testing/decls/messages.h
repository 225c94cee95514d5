// What a message says of a mistake that is made often.
struct s { int a; }
int f(void);                            // error 3:1: expected a name or ';', found 'int'
// ----
struct s { int a; }
struct t { int a; };                    // error 2:1: expected a name or ';', found 'struct'
// ----
int a = 5
int b;                                  // error 2:1: expected ',' or ';', found 'int'
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
