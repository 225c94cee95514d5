// Typedefs and qualifiers are kept for people and removed for identity: what is
// declared twice in different words is one declaration.
typedef int T;
typedef T U;
const U a(T *, const char *const);      // expect: function const U a(T *, const char *const)
int a(const int *, const char *);
typedef int F(int [3], int (int));
F b;                                    // expect: function int b(int *, int (*)(int))
int b(int *, int (*)(int));
typedef int A[3];
extern const A c;                       // expect: variable const A c
extern const int c[3];
struct s;
struct s *d(struct s *);                // expect: function struct s *d(struct s *)
struct s { int x; };
struct s *d(struct s *);
typedef struct { int x; } anon;         // expect: struct anon size 4 align 4 { x@0 }
typedef anon other;                     // expect: typedef other = anon
