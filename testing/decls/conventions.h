// Calling conventions, where they count.
// options: --target i386-linux-gnu
int __stdcall a(int);                   // expect: function int a(int) stdcall
__stdcall int b(int);                   // expect: function int b(int) stdcall
int __attribute__((stdcall)) c(int), d(int) __attribute__((__fastcall__));
// expect: function int c(int) stdcall
// expect: function int d(int) fastcall
int (__stdcall e)(int), *__stdcall f(int);
// expect: function int e(int) stdcall
// expect: function int *f(int) stdcall
int __cdecl g(int); int WINAPI h(int), _stdcall i(int), __thiscall j(int), __vectorcall k(int);
// expect: function int g(int)
// expect: function int h(int) stdcall
// expect: function int i(int) stdcall
// expect: function int j(int) thiscall
// expect: function int k(int) vectorcall
typedef int __stdcall fn(int); fn l;
// expect: typedef fn = int(int)
// expect: function int l(int) stdcall
typedef int (__stdcall *cb)(int); int m(cb); int m(int (__stdcall *)(int));
// expect: typedef cb = int (*)(int)
// expect: function int m(cb)
// ----
// options: --target i386-linux-gnu
int (__stdcall *p)(int); int (*p)(int); // error 2:32: 'p' is 'int (*)(int)' here, but 'int (*)(int)' at <cdef>:2:17
// ----
// options: --target i386-linux-gnu
int (__stdcall *p)(int);                // expect: variable int (*p)(int)
int (*__attribute__((stdcall)) p)(int);
int __attribute__((stdcall)) (*p)(int);
int (*p)(int) __attribute__((stdcall));
// ----
// The convention before a `*` is the outer function's, behind it the inner's.
// options: --target i386-linux-gnu
typedef int __stdcall std(int);
std *(a)(long); int (__stdcall *a(long))(int);  // expect: function std *a(long)
std *(__stdcall b)(long); int (__stdcall *__stdcall b(long))(int);
// expect: function std *b(long) stdcall
int (*__stdcall c(long))(int);          // expect: function int (*c(long))(int) stdcall
// ----
// options: --target x86_64-linux-gnu
int __stdcall a(int); int __attribute__((ms_abi)) b(int), c(int) __attribute__((sysv_abi));
// expect: function int a(int)
// expect: function int b(int) ms_abi
// expect: function int c(int)
int (__attribute__((ms_abi)) *d)(int); int __attribute__((ms_abi)) e(int (__fastcall *)(int));
// expect: variable int (*d)(int)
// expect: function int e(int (*)(int)) ms_abi
int a(int);
// ----
// options: --target x86_64-linux-gnu
int __attribute__((ms_abi)) a(int);
int a(int);                             // error 3:5: 'a' is 'int(int)' here, but 'int(int)' at <cdef>:2:29
// ----
// options: --target x86_64-windows-msvc
int __stdcall a(int); int __attribute__((ms_abi)) b(int), c(int) __attribute__((sysv_abi));
// expect: function int a(int)
// expect: function int b(int)
// expect: function int c(int) sysv_abi
// ----
// options: --target aarch64-linux-gnu
int __stdcall a(int); int __attribute__((ms_abi)) b(int);
// expect: function int a(int)
// expect: function int b(int)
