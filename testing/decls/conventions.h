// Calling conventions, where they count.
// options: --target i386-linux-gnu
int __stdcall a(int);                   // expect: function int __stdcall a(int)
__stdcall int b(int);                   // expect: function int __stdcall b(int)
int __attribute__((stdcall)) c(int), d(int) __attribute__((__fastcall__));
// expect: function int __stdcall c(int)
// expect: function int __fastcall d(int)
int (__stdcall e)(int), *__stdcall f(int);
// expect: function int __stdcall e(int)
// expect: function int *__stdcall f(int)
int __cdecl g(int); int WINAPI h(int), _stdcall i(int), __thiscall j(int), __vectorcall k(int);
// expect: function int g(int)
// expect: function int __stdcall h(int)
// expect: function int __stdcall i(int)
// expect: function int __thiscall j(int)
// expect: function int __vectorcall k(int)
typedef int __stdcall fn(int); fn l;
// expect: typedef fn = int __stdcall(int)
// expect: function int __stdcall l(int)
typedef int (__stdcall *cb)(int); int m(cb); int m(int (__stdcall *)(int));
// expect: typedef cb = int (__stdcall *)(int)
// expect: function int m(cb)
// ----
// options: --target i386-linux-gnu
int (__stdcall *p)(int); int (*p)(int); // error 2:32: 'p' is 'int (*)(int)' here, but 'int (__stdcall *)(int)' at <cdef>:2:17
// ----
// options: --target i386-linux-gnu
int (__stdcall *p)(int);                // expect: variable int (__stdcall *p)(int)
int (*__attribute__((stdcall)) p)(int);
int __attribute__((stdcall)) (*p)(int);
int (*p)(int) __attribute__((stdcall));
// ----
// The convention before a `*` is the outer function's, behind it the inner's.
// options: --target i386-linux-gnu
typedef int __stdcall std(int);
std *(a)(long); int (__stdcall *a(long))(int);  // expect: function std *a(long)
std *(__stdcall b)(long); int (__stdcall *__stdcall b(long))(int);
// expect: function std *__stdcall b(long)
int (*__stdcall c(long))(int);          // expect: function int (*__stdcall c(long))(int)
// ----
// options: --target x86_64-linux-gnu
int __stdcall a(int); int __attribute__((ms_abi)) b(int), c(int) __attribute__((sysv_abi));
// expect: function int a(int)
// expect: function int __attribute__((ms_abi)) b(int)
// expect: function int c(int)
int (__attribute__((ms_abi)) *d)(int); int __attribute__((ms_abi)) e(int (__fastcall *)(int));
// expect: variable int (__attribute__((ms_abi)) *d)(int)
// expect: function int __attribute__((ms_abi)) e(int (*)(int))
int a(int);
// ----
// options: --target x86_64-linux-gnu
int __attribute__((ms_abi)) a(int);
int a(int);                             // error 3:5: 'a' is 'int(int)' here, but 'int __attribute__((ms_abi))(int)' at <cdef>:2:29
// ----
// options: --target x86_64-windows-msvc
int __stdcall a(int); int __attribute__((ms_abi)) b(int), c(int) __attribute__((sysv_abi));
// expect: function int a(int)
// expect: function int b(int)
// expect: function int __attribute__((sysv_abi)) c(int)
// ----
// options: --target aarch64-linux-gnu
int __stdcall a(int); int __attribute__((ms_abi)) b(int);
// expect: function int a(int)
// expect: function int b(int)
