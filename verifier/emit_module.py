"""The frame of a stub: what stands before and behind the code and tables of the declarations."""

from .emit_text import literal

#: Behind the user's source: warnings that no code can avoid are about what the user declared.
BEGIN = """\
#if defined(__clang__) || defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wunused-value"
#ifdef __cplusplus
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#endif
#endif"""

END = """\
#if defined(__clang__) || defined(__GNUC__)
#pragma GCC diagnostic pop
#endif"""

#: What is included for words of types, by Spelling.used.  A stub for declarations that need none
#: of it includes nothing: each header would be read, and watched by the cache.
HEADERS = {
    "offsetof": "#include <stddef.h>",
    "_t": "#include <stddef.h>\n#include <stdint.h>",
    "ssize_t": """\
#ifdef _WIN32
#include <basetsd.h>
#define ssize_t SSIZE_T
#else
#include <sys/types.h>
#endif""",
    "char16_t": """\
#ifndef __cplusplus
#include <uchar.h>
#endif""",
}
HEADERS["char32_t"] = HEADERS["char16_t"]

#: What the code and the tables are written in.
MACROS = """\
#ifdef __cplusplus
#define CD_EXTERN_C extern "C"
#define CD_BOOL bool
#define CD_ASSERT(x, text) static_assert(x, text)
#define CD_ZERO = {}
#define CD_BLANK = {}
#define CD_ALIGNOF(T) alignof(T)
#define CD_NUMBER(T, x) static_cast<T>(x)
#define CD_CODE(T, f) (cd_code)(T)f
#define CD_EXACT(T, f) (cd_code)static_cast<T>(f)
#define CD_EXACT_ADDRESS(T, x) (cd_exact<T>(&(x)))
#define CD_ENUM_SIGNED(T) ((__underlying_type(T))-1 < (__underlying_type(T))1)
#define CD_EXACTLY(x, T) cd_same<CD_TYPEOF(x) *, T>
template <class cd_T> static inline cd_T cd_exact(cd_T cd_x) { return cd_x; }
template <class cd_T, class cd_U> struct cd_same;
template <class cd_T> struct cd_same<cd_T, cd_T> { char cd_is; };
template <class cd_T> struct cd_array { char cd_is; };
template <class cd_T> struct cd_array<cd_T *>;
template <class cd_T> struct cd_pointer;
template <class cd_T> struct cd_pointer<cd_T *> { char cd_is; };
template <class cd_T> struct cd_pointer<cd_T *const> { char cd_is; };
template <class cd_T> struct cd_pointer<cd_T *volatile> { char cd_is; };
template <class cd_T> struct cd_pointer<cd_T *const volatile> { char cd_is; };
template <class cd_T> struct cd_pointer<cd_T *__restrict> { char cd_is; };
template <class cd_T> struct cd_pointer<cd_T *const __restrict> { char cd_is; };
#define CD_ARRAY(x) sizeof(cd_array<CD_TYPEOF(x)>)
#define CD_POINTER(x) sizeof(cd_pointer<CD_TYPEOF(x)>)
#else
#define CD_EXTERN_C
#define CD_BOOL _Bool
#define CD_ASSERT(x, text) _Static_assert(x, text)
#define CD_ZERO = {0}
#define CD_BLANK
#define CD_NUMBER(T, x) (T)(+(x))
#define CD_CODE(T, f) (cd_code)f
#define CD_EXACT(T, f) (cd_code)_Generic(f, T: f)
#define CD_EXACT_ADDRESS(T, x) _Generic(&(x), T: &(x))
#define CD_ENUM_SIGNED(T) ((T)-1 < (T)1)
#define CD_EXACTLY(x, T) _Generic((CD_TYPEOF(x) *)0, T: 0)
#endif
#define CD_WITHIN(align, size)                                                 \\
    ((align) < ((size) & -(size)) ? (align) : ((size) & -(size)))
#define CD_VALUE(x) (cd_int64_t)((x) | 0)
#define CD_ABOVE(x) (((x) | 0) > 0 && (cd_uint64_t)((x) | 0) > 0x7fffffffffffffff)
#define CD_GET_LATE(T, a)                                                      \\
    (sizeof(T) == sizeof(float) ? (T)a.cd_f                                    \\
     : sizeof(T) == sizeof(double) ? (T)a.cd_d : *(T *)a.cd_p)
#define CD_SET_LATE(T, a, x)                                                   \\
    if (sizeof(T) == sizeof(float)) a.cd_f = (float)x;                         \\
    else if (sizeof(T) == sizeof(double)) a.cd_d = (double)x;                  \\
    else a.cd_p = (void *)&x
#if defined(__GNUC__) || defined(__clang__)
#define CD_TYPEOF(x) __typeof__(x)
#define CD_COPY(to, from, n) __builtin_memcpy(to, from, n)
#define CD_CLEAR(to, n) __builtin_memset(to, 0, n)
#define CD_IS_TEXT(x, text)                                                    \\
    CD_ASSERT((sizeof(x) == sizeof(text) || sizeof(x) == sizeof(char *)) &&    \\
              __builtin_memcmp((x), text, sizeof(text)) == 0, #x);
#define CD_RESTRICT __restrict
#ifndef __cplusplus
#define CD_ALIGNOF(T) _Alignof(T)
#define CD_ARRAY(x)                                                            \\
    sizeof(char[__builtin_types_compatible_p(__typeof__(x),                    \\
                                             __typeof__(&(x)[0])) ? -1 : 1])
#define CD_POINTER(x)                                                          \\
    sizeof(char[__builtin_types_compatible_p(                                  \\
                    __typeof__(x), __typeof__(1 ? (x) : (void *)0)) ? 1 : -1])
#endif
#else
#define CD_IS_TEXT(x, text)
#include <string.h>
#define CD_COPY(to, from, n) memcpy(to, from, n)
#define CD_CLEAR(to, n) memset(to, 0, n)
#define CD_RESTRICT __restrict
#ifdef __cplusplus
template <class cd_T> struct cd_bare { typedef cd_T cd_type; };
template <class cd_T> struct cd_bare<cd_T &> { typedef cd_T cd_type; };
#define CD_TYPEOF(x) cd_bare<decltype(x)>::cd_type
#else
#define CD_TYPEOF(x) __typeof__(x)
#define CD_ALIGNOF(T) _Alignof(T)
#define CD_ARRAY(x) sizeof(x)
#define CD_POINTER(x) sizeof(x)
#endif
#endif"""

#: Function f has a trampoline of its own, or is called by that of type s, if that is its type.
SHARED = """\
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__cplusplus)
#define CD_IS_OF(f, s) __builtin_types_compatible_p(__typeof__(cd_w_##f), cd_f_##s)
#define CD_OWN(f, s) __builtin_choose_expr(CD_IS_OF(f, s), (cd_tramp)0, cd_t_##f)
#define CD_SHARED(f, s) __builtin_choose_expr(CD_IS_OF(f, s), cd_s_##s, (cd_shared)0)
#else
#define CD_OWN(f, s) cd_t_##f
#define CD_SHARED(f, s) (0 ? cd_s_##s : 0)
#endif"""

#: What a probe sees of a bit-field: set to 0 in a record of ones, then all turned around.
FLIP = """\
static void cd_fill(void *cd_p, cd_size_t cd_n)
{
    while (cd_n)
        ((unsigned char *)cd_p)[--cd_n] = 0xff;
}
static void cd_flip(void *cd_p, cd_size_t cd_n)
{
    while (cd_n--)
        ((unsigned char *)cd_p)[cd_n] = (unsigned char)~((unsigned char *)cd_p)[cd_n];
}"""

CONVENTIONS = """\
#ifdef _WIN32
#define CD_CDECL __cdecl
#define CD_STDCALL __stdcall
#define CD_FASTCALL __fastcall
#define CD_THISCALL __thiscall
#define CD_VECTORCALL __vectorcall
#else
#define CD_CDECL
#define CD_STDCALL
#define CD_FASTCALL
#define CD_THISCALL
#define CD_VECTORCALL
#endif
#if defined(__x86_64__) && defined(__GNUC__)
#define CD_MS_ABI __attribute__((__ms_abi__))
#define CD_SYSV_ABI __attribute__((__sysv_abi__))
#else
#define CD_MS_ABI
#define CD_SYSV_ABI
#endif"""

DECLARE = """\
CD_EXTERN_C CD_EXPORT const struct cd_stub cd_stub_{last};
static struct cd_link cd_stub_link;"""

#: How extern "Python" functions reach the core.  Before a core has loaded the stub they do nothing.
CALL_PYTHON = """\
typedef void (*cd_call)(const struct cd_stub *, cd_uint32_t, void *, const cd_word *);
static cd_call cd_linked(void)
{{
#if defined(__GNUC__) || defined(__clang__)
    return __atomic_load_n(&cd_stub_link.cd_call_python, __ATOMIC_ACQUIRE);
#else
    return *(cd_call volatile *)&cd_stub_link.cd_call_python;
#endif
}}
static void cd_python(cd_uint32_t cd_slot, void *cd_r, const cd_word *cd_a)
{{
    cd_call cd_to = {start}cd_linked();
    if (cd_to)
        cd_to(&cd_stub_{last}, cd_slot, cd_r, cd_a);
}}"""

#: Of an embedded module: a call waits until the init code has run, whoever has loaded the stub.
START = "{function}() ? 0 : "

ERRNO_H = "#include <errno.h>"
ERRNO = "static int *cd_errno(void) { return &errno; }"

STUB = """\
const struct cd_stub cd_stub_{last} = {{
    sizeof(struct cd_stub), CD_MAJOR, CD_MINOR, {min_core:#x}, CD_TARGET,
    {{{digest}}},
    {module}, {emitter},
    cd_text, {types}, {ids}, {fields}, {globals}, {includes}, {tags}, cd_facts,
    {tramps}, {addresses}, {getters}, {probes},
    sizeof cd_text, {n_types}, {n_ids}, {n_fields}, {n_globals}, {n_includes}, {n_tags},
    sizeof cd_facts / sizeof *cd_facts, {n_functions}, {n_getters}, {n_probes}, {n_externs},
    cd_errno, &cd_stub_link, {{0, 0, 0, 0}}, {by_type}
}};"""

#: PyInit_ finds the core that is loaded; it works without one, and without Python's headers.
INIT = """\
CD_EXTERN_C CD_EXPORT void *PyInit{u}_{last}(void);
#ifdef _WIN32
#ifdef _WINDOWS_
#define CD_HANDLE HMODULE
#else
#define CD_HANDLE void *
CD_EXTERN_C __declspec(dllimport) void *__stdcall GetModuleHandleA(const char *);
CD_EXTERN_C __declspec(dllimport) cd_code __stdcall GetProcAddress(void *, const char *);
#endif
static const struct cd_core_api *cd_core(void)
{{
    CD_HANDLE cd_python = GetModuleHandleA("python3.dll");
    char cd_name[] = "python3##.dll";
    cd_code cd_import = 0;
    int cd_minor;
    for (cd_minor = 99; !cd_python && cd_minor >= 10; cd_minor--) {{
        cd_name[7] = (char)('0' + cd_minor / 10);
        cd_name[8] = (char)('0' + cd_minor % 10);
        cd_python = GetModuleHandleA(cd_name);
    }}
    if (cd_python)
        cd_import = (cd_code)GetProcAddress(cd_python, "PyCapsule_Import");
    if (!cd_import)
        return 0;
    return (const struct cd_core_api *)((void *(*)(const char *, int))cd_import)(CD_CAPSULE, 0);
}}
#else
#define CD_STR_(x) #x
#define CD_STR(x) CD_STR_(x)
CD_EXTERN_C void *cd_capsule_import(const char *, int)
    __asm__(CD_STR(__USER_LABEL_PREFIX__) "PyCapsule_Import")
#ifdef __APPLE__
    __attribute__((__weak_import__));
#else
    __attribute__((__weak__));
#endif
static const struct cd_core_api *cd_core(void)
{{
    if (!cd_capsule_import)
        return 0;
    return (const struct cd_core_api *)cd_capsule_import(CD_CAPSULE, 0);
}}
#endif
CD_EXTERN_C CD_EXPORT void *PyInit{u}_{last}(void)
{{
    const struct cd_core_api *cd_api = cd_core();
    return cd_api ? cd_api->cd_init(&cd_stub_{last}) : 0;
}}"""


def errno(importable: bool) -> tuple[str, str]:
    """(what is included for cd_errno, its definition).

    Where there is one C library a process, errno is the core's; a function that asks for it would
    be all for which a small stub has to be linked with that library. What is shipped asks for it:
    auditwheel knows by that library for which systems a module is.
    """
    if importable:
        return ERRNO_H, ERRNO
    definition = f"#ifdef _WIN32\n{ERRNO}\n#else\n#define cd_errno 0\n#endif"
    return f"#ifdef _WIN32\n{ERRNO_H}\n#endif", definition


def init_name(module: str) -> tuple[str, str]:
    """("", last part) or ("U", its punycode): what Python's import looks for behind PyInit."""
    last = module.rpartition(".")[2]
    if last.isascii():
        return "", last
    return "U", last.encode("punycode").decode("ascii").replace("-", "_")


def c_string(text: str) -> str:
    return literal(text.encode("utf-8"))
