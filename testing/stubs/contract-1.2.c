
#include <stdarg.h>
#include <stddef.h>
typedef struct { int x; double y; } point;
struct partial { char first; long last; char rest[3]; };
struct bits { unsigned a : 3; int b : 7; };
union either { int i; float f; };
struct list { struct list *next; int values[2]; };
enum color { RED, GREEN = 7, BLUE = -2 };
typedef unsigned short counter_t;
typedef double real_t;
typedef struct opaque { int inside; } opaque_t;
static int add(int a, int b) { return a + b; }
static point mirrored(point p) { p.x = -p.x; p.y = -p.y; return p; }
static double total(const double *v, size_t n)
{
    double t = 0;
    while (n > 0)
        t += v[--n];
    return t;
}
static long double half(long double x) { return x / 2; }
static const char *name(void) { return "stub"; }
static counter_t count(counter_t n) { return (counter_t)(n + 1); }
static int sum(int n, ...)
{
    int t = 0;
    va_list list;
    va_start(list, n);
    while (n-- > 0)
        t += va_arg(list, int);
    va_end(list);
    return t;
}
static int quick(int x) { return x + 1; }
#define largest(a, b) ((a) > (b) ? (a) : (b))
static opaque_t *make(int n) { static opaque_t one; one.inside = n; return &one; }
static int look(opaque_t *o) { return o->inside; }
#define LIMIT 40
#define UNKNOWN (1ull << 63)
#define GREETING "hello"
static const double RATIO = 2.5;
static int table[5] = {1, 2, 3, 4, 5};
static const int fixed = 9;
static point origin = {1, 2.5};
static int answer(int);
static int call(int x) { return answer(x) + 1; }
#line 49 "contract.c"
#if defined(__clang__) || defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wunused-value"
#ifdef __cplusplus
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#endif
#endif
#include <errno.h>
#include <stddef.h>
#include <stddef.h>
#include <stdint.h>
/* cd_stub.h - the contract between a compiled stub and the core.  MIT.
 *
 * A stub is the user's C code and tables that describe what it offers.  This
 * header is pasted into it; it needs only <stdint.h> and <stddef.h> and is C99
 * and C++11.  No Python: any program may load a stub by its data symbol.
 *
 * Append-only.  A field is never moved, re-typed or re-used; a new one goes at
 * the end of struct cd_stub (size says which are there) and raises CD_MINOR.
 * The element structs have a fixed size for a CD_MAJOR.  Kinds, primitives,
 * flags and declaration kinds are the numbers of parser/kinds.def, prims.def
 * and cd_parser.h, frozen by c/stub_asserts.c.  All names start with cd_, CD_
 * or _cd_: user headers own every other name.                                */
#ifndef CD_STUB_H
#define CD_STUB_H
#ifdef __UINT64_TYPE__
typedef __INT16_TYPE__ cd_int16_t;
typedef __INT64_TYPE__ cd_int64_t;
typedef __UINT8_TYPE__ cd_uint8_t;
typedef __UINT16_TYPE__ cd_uint16_t;
typedef __UINT32_TYPE__ cd_uint32_t;
typedef __UINT64_TYPE__ cd_uint64_t;
typedef __SIZE_TYPE__ cd_size_t;
typedef __WCHAR_TYPE__ cd_wchar_t;
#else
#include <stddef.h>
#include <stdint.h>
typedef int16_t cd_int16_t;
typedef int64_t cd_int64_t;
typedef uint8_t cd_uint8_t;
typedef uint16_t cd_uint16_t;
typedef uint32_t cd_uint32_t;
typedef uint64_t cd_uint64_t;
typedef size_t cd_size_t;
typedef wchar_t cd_wchar_t;
#endif
#define CD_MAJOR 1
#define CD_MINOR 2
#define CD_FIRST_SID 256 /* .types[i] is the type CD_FIRST_SID + i            */

typedef cd_uint32_t cd_sid;  /* a type of THIS stub: 0 none, below CD_FIRST_SID the
                             primitive with that number, else see above       */
typedef cd_uint32_t cd_off;  /* byte offset in .text, of a NUL-ended text; 0: "" */
typedef cd_uint32_t cd_fact; /* index of the first of some .facts; 0: none       */

/* One argument.  Integers, _Bool, characters, enums up to 64 bits: i or u,
 * already widened, the trampoline casts.  float: f.  double: d.  Pointer: p.
 * Function pointer: fn.  All the rest (record, long double, complex, __int128,
 * vector): p = address of suitably aligned storage that the trampoline may read
 * during the call only.                                                      */
typedef union cd_word {
    cd_int64_t cd_i;
    cd_uint64_t cd_u;
    double cd_d;
    float cd_f;
    void *cd_p;
    void (*cd_fn)(void);
} cd_word;

typedef void (*cd_code)(void);
typedef void (*cd_getter)(void *cd_out);   /* writes a value, or &variable       */
typedef void (*cd_probe)(void *cd_record); /* sets its bit-field to all ones     */
typedef void (*cd_tramp)(void *cd_result, const cd_word *cd_args);
                                  /* *(T *)result = f(args...), unwidened     */
typedef void (*cd_shared)(void *cd_result, const cd_word *cd_args, cd_code cd_f);
                                  /* the same, for all f of one type          */

/* kind     sub       a              b         c              x
 * PRIM     prim      -              -         fact: late     -
 * POINTER  -         item           -         -              -
 * ARRAY    -         item           length lo length hi      fact: length
 * VECTOR   -         item           lanes     -              -
 * FUNC     cd_abi    result         ids at    n params       -
 * STRUCT   pack      fields at      n fields  fact: layout   number $n
 * UNION    pack      fields at      n fields  fact: layout   number $n
 * ENUM     -         ids at         n ids     fact: enum     number $n
 * TYPEDEF  -         item           -         fact: aligned  -
 * QUAL     cd_qual   item           -         -              -
 * IMPORT   its kind  include (1..)  -         fact: layout   number $n there
 * UNAVAIL  -         reason (text)  -         -              -
 *
 * fact: late    PRIM `int...`: size, 1 if signed; `float...`: size
 *       length  elements of `[...]`, or of a length that differs by target
 *       layout  size, alignment
 *       enum    size, 1 if signed
 *       aligned alignment, of a typedef without a name: aligned(n) of its item
 * ids of a FUNC: parameter sids; of an ENUM: indices of .globals, in source
 * order.  number $n: of a record or enum without a tag, else 0 (name is then 0,
 * with CD_F_TYPEDEF_NAME the typedef's, or $$P of `typedef ... *P;`).  flags:
 * cd_type_flag.
 * Children come before their parents, but for the types of fields.           */
struct cd_stub_type {
    cd_uint8_t cd_kind, cd_sub;
    cd_uint16_t cd_flags;
    cd_off cd_name;
    cd_uint32_t cd_a, cd_b, cd_c, cd_x;
    cd_off cd_doc, cd_file;
    cd_uint32_t cd_line;
};                                                                     /* 36 */

struct cd_stub_field {
    cd_off cd_name;    /* 0: anonymous record                                    */
    cd_sid cd_type;
    cd_fact cd_offset; /* offset, size; of a bit-field: 0                        */
    cd_int16_t cd_bits;   /* -1: no bit-field                                       */
    cd_uint16_t cd_flags; /* cd_member_flag                                         */
    cd_uint32_t cd_probe_; /* of a bit-field: index of .probe                        */
};                                                                     /* 20 */

/* Sorted by name (memcmp).  kind: cd_decl_kind; flags: cd_decl_flag.
 * kind                slot               type
 * TYPEDEF             -                  the type
 * FUNCTION            .tramp, .address,  the FUNC
 *                     .shared
 * VARIABLE            .getter: address   its type
 * INT                 fact: value        the ENUM; 0: none
 * FLOAT MACRO         .getter: value     its type
 * STRING              n bytes            doc: the bytes
 * EXTERN_PYTHON       for call_python,   the FUNC
 *                     .address[n_functions + slot]
 * UNAVAILABLE         -                  doc: the reason
 * fact: value: the value, 1 if it is above INT64_MAX; with CD_DF_CHECKED the
 * declared value and its 1 if above follow.
 * params: parameter names joined by ','.                                     */
struct cd_stub_global {
    cd_off cd_name;
    cd_sid cd_type;
    cd_uint32_t cd_slot;
    cd_uint8_t cd_kind, cd_flags;
    cd_uint16_t cd_reserved;
    cd_off cd_doc, cd_params, cd_file;
    cd_uint32_t cd_line;
};                                                                     /* 32 */

/* A module that this one includes; digest: of the one compiled against.      */
struct cd_stub_include {
    cd_off cd_module;
    cd_uint32_t cd_reserved;
    cd_uint64_t cd_digest;
};                                                                     /* 16 */

struct cd_link; /* the stub's one writable block                              */

/* Counts include element 0 where the array has an unused one: text, ids, facts.
 * Arrays of no elements are NULL.                                            */
struct cd_stub {
    cd_uint32_t cd_size;         /* sizeof(struct cd_stub) when compiled            */
    cd_uint16_t cd_major, cd_minor; /* CD_MAJOR, CD_MINOR when compiled                */
    cd_uint32_t cd_min_core;     /* lowest major << 16 | minor of a core for it     */
    cd_uint32_t cd_target;       /* CD_TARGET                                       */
    cd_uint64_t cd_digest[4];    /* SHA-256 of what was emitted, with this 0        */
    const char *cd_module;    /* dotted name                                     */
    const char *cd_emitter;   /* "cffi_core 1.2"                                 */
    const char *cd_text;
    const struct cd_stub_type *cd_types;
    const cd_uint32_t *cd_ids;
    const struct cd_stub_field *cd_fields;
    const struct cd_stub_global *cd_globals;
    const struct cd_stub_include *cd_includes;
    const cd_uint32_t *cd_tags;  /* indices of .types: records and enums that have a
                              tag, sorted by name                             */
    const cd_int64_t *cd_facts;  /* integer constant expressions                    */
    const cd_tramp *cd_tramp_; /* NULL entry: see .shared; else it is variadic, and
                              called by its address                           */
    const cd_code *cd_address; /* a wrapper where the name is a macro; never NULL
                              but for a variadic macro; n_functions entries,
                              then n_externs: the extern "Python" functions   */
    const cd_getter *cd_getter_;
    const cd_probe *cd_probe_;
    cd_uint32_t cd_n_text, cd_n_types, cd_n_ids, cd_n_fields, cd_n_globals, cd_n_includes, cd_n_tags,
        cd_n_facts, cd_n_functions, cd_n_getters, cd_n_probes, cd_n_externs;
    int *(*cd_errno_location)(void); /* of the C library the stub uses; may be 0 */
    struct cd_link *cd_link_;
    const void *cd_reserved[4];
    const cd_shared *cd_shared_; /* since 1.2: NULL, or n_functions entries: NULL,
                              or what calls the function by its address       */
};

/* Zero when compiled.  The core that loads the stub first fills it in.       */
struct cd_link {
    void *cd_owner;      /* the core's: whom extern "Python" calls belong to     */
    void (*cd_call_python)(const struct cd_stub *cd_stub_, cd_uint32_t cd_slot, void *cd_result,
                        const cd_word *cd_args); /* set last                     */
    void *cd_definition; /* the core's                                           */
    void *cd_reserved[5];
};

/* What PyInit_<name> finds in the capsule CD_CAPSULE. */
#define CD_CAPSULE "_cffi_core.core_api"
struct cd_core_api {
    cd_uint32_t cd_size;
    cd_uint16_t cd_major, cd_minor;
    void *(*cd_init)(const struct cd_stub *cd_stub_); /* a module definition, as a
                                                  PyInit function returns it  */
};

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define CD_BIG_ENDIAN 1
#else
#define CD_BIG_ENDIAN 0
#endif
#if defined(_WIN32)
#define CD_MS_LAYOUT 1
#define CD_EXPORT __declspec(dllexport)
#else
#define CD_MS_LAYOUT 0
#define CD_EXPORT __attribute__((__visibility__("default")))
#endif
/* bits 0-3 pointer, 4-7 long, 8-11 wchar_t sizes, 12 char is signed, 13 wchar_t
 * is signed, 14 big-endian, 15 Microsoft's record layout.                    */
#define CD_TARGET                                                              \
    ((cd_uint32_t)(sizeof(void *) | sizeof(long) << 4 | sizeof(cd_wchar_t) << 8) |   \
     (cd_uint32_t)((char)-1 < (char)1) << 12 |                                    \
     (cd_uint32_t)((cd_wchar_t)-1 < (cd_wchar_t)1) << 13 |                              \
     (cd_uint32_t)CD_BIG_ENDIAN << 14 | (cd_uint32_t)CD_MS_LAYOUT << 15)

/* Exported: cd_stub_<last part of the module's name>, a struct cd_stub, and
 * PyInit_<last part>.                                                        */
#endif
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
#define CD_WITHIN(align, size)                                                 \
    ((align) < ((size) & -(size)) ? (align) : ((size) & -(size)))
#define CD_VALUE(x) (cd_int64_t)((x) | 0)
#define CD_ABOVE(x) (((x) | 0) > 0 && (cd_uint64_t)((x) | 0) > 0x7fffffffffffffff)
#define CD_GET_LATE(T, a)                                                      \
    (sizeof(T) == sizeof(float) ? (T)a.cd_f                                    \
     : sizeof(T) == sizeof(double) ? (T)a.cd_d : *(T *)a.cd_p)
#define CD_SET_LATE(T, a, x)                                                   \
    if (sizeof(T) == sizeof(float)) a.cd_f = (float)x;                         \
    else if (sizeof(T) == sizeof(double)) a.cd_d = (double)x;                  \
    else a.cd_p = (void *)&x
#if defined(__GNUC__) || defined(__clang__)
#define CD_TYPEOF(x) __typeof__(x)
#define CD_COPY(to, from, n) __builtin_memcpy(to, from, n)
#define CD_CLEAR(to, n) __builtin_memset(to, 0, n)
#define CD_IS_TEXT(x, text)                                                    \
    CD_ASSERT((sizeof(x) == sizeof(text) || sizeof(x) == sizeof(char *)) &&    \
              __builtin_memcmp((x), text, sizeof(text)) == 0, #x);
#define CD_RESTRICT __restrict
#ifndef __cplusplus
#define CD_ALIGNOF(T) _Alignof(T)
#define CD_ARRAY(x)                                                            \
    sizeof(char[__builtin_types_compatible_p(__typeof__(x),                    \
                                             __typeof__(&(x)[0])) ? -1 : 1])
#define CD_POINTER(x)                                                          \
    sizeof(char[__builtin_types_compatible_p(                                  \
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
#endif
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
#endif
CD_EXTERN_C CD_EXPORT const struct cd_stub cd_stub_contract;
static struct cd_link cd_stub_link;
typedef void (*cd_call)(const struct cd_stub *, cd_uint32_t, void *, const cd_word *);
static cd_call cd_linked(void)
{
#if defined(__GNUC__) || defined(__clang__)
    return __atomic_load_n(&cd_stub_link.cd_call_python, __ATOMIC_ACQUIRE);
#else
    return *(cd_call volatile *)&cd_stub_link.cd_call_python;
#endif
}
static void cd_python(cd_uint32_t cd_slot, void *cd_r, const cd_word *cd_a)
{
    cd_call cd_to = cd_linked();
    if (cd_to)
        cd_to(&cd_stub_contract, cd_slot, cd_r, cd_a);
}
static int answer(int cd_0)
{
    int cd_v CD_ZERO;
    cd_word cd_a[1];
    cd_a[0].cd_i = (cd_int64_t)cd_0;
    cd_python(0, &cd_v, cd_a);
    return cd_v;
}
static void cd_fill(void *cd_p, cd_size_t cd_n)
{
    while (cd_n)
        ((unsigned char *)cd_p)[--cd_n] = 0xff;
}
static void cd_flip(void *cd_p, cd_size_t cd_n)
{
    while (cd_n--)
        ((unsigned char *)cd_p)[cd_n] = (unsigned char)~((unsigned char *)cd_p)[cd_n];
}
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__cplusplus)
#define CD_IS_OF(f, s) __builtin_types_compatible_p(__typeof__(cd_w_##f), cd_f_##s)
#define CD_OWN(f, s) __builtin_choose_expr(CD_IS_OF(f, s), (cd_tramp)0, cd_t_##f)
#define CD_SHARED(f, s) __builtin_choose_expr(CD_IS_OF(f, s), cd_s_##s, (cd_shared)0)
#else
#define CD_OWN(f, s) cd_t_##f
#define CD_SHARED(f, s) (0 ? cd_s_##s : 0)
#endif
static void cd_t_0(void *cd_r, const cd_word *cd_a)
{
    *(int *)cd_r = CD_NUMBER(int, add((int)cd_a[0].cd_i, (int)cd_a[1].cd_i));
}
#ifdef add
static int cd_w_0(int cd_0, int cd_1)
{
    return CD_NUMBER(int, add(cd_0, cd_1));
}
#else
#define cd_w_0 add
#endif
typedef int cd_f_0(int cd_0, int cd_1);
static void cd_s_0(void *cd_r, const cd_word *cd_a, cd_code cd_f)
{
    *(int *)cd_r = CD_NUMBER(int, ((cd_f_0 *)cd_f)((int)cd_a[0].cd_i, (int)cd_a[1].cd_i));
}
static void cd_t_1(void *cd_r, const cd_word *cd_a)
{
    point cd_v = mirrored(*(point *)cd_a[0].cd_p); CD_COPY(cd_r, &cd_v, sizeof cd_v);
}
#ifdef mirrored
static point cd_w_1(point cd_0)
{
    return mirrored(cd_0);
}
#else
#define cd_w_1 mirrored
#endif
static void cd_t_2(void *cd_r, const cd_word *cd_a)
{
    *(double *)cd_r = CD_NUMBER(double, total((const double *)cd_a[0].cd_p, (size_t)cd_a[1].cd_i));
}
#ifdef total
static double cd_w_2(const double *cd_0, size_t cd_1)
{
    return CD_NUMBER(double, total(cd_0, cd_1));
}
#else
#define cd_w_2 total
#endif
static void cd_t_3(void *cd_r, const cd_word *cd_a)
{
    *(long double *)cd_r = CD_NUMBER(long double, half(*(long double *)cd_a[0].cd_p));
}
#ifdef half
static long double cd_w_3(long double cd_0)
{
    return CD_NUMBER(long double, half(cd_0));
}
#else
#define cd_w_3 half
#endif
static void cd_t_4(void *cd_r, const cd_word *cd_a)
{
    *(const char **)cd_r = name(); (void)cd_a;
}
#ifdef name
static const char *cd_w_4(void)
{
    return name();
}
#else
#define cd_w_4 name
#endif
static void cd_t_5(void *cd_r, const cd_word *cd_a)
{
    *(counter_t *)cd_r = CD_NUMBER(counter_t, count((counter_t)cd_a[0].cd_i));
}
#ifdef count
static counter_t cd_w_5(counter_t cd_0)
{
    return CD_NUMBER(counter_t, count(cd_0));
}
#else
#define cd_w_5 count
#endif
static void cd_t_7(void *cd_r, const cd_word *cd_a)
{
    *(int *)cd_r = CD_NUMBER(int, quick((int)cd_a[0].cd_i));
}
#ifdef quick
static int cd_w_7(int cd_0)
{
    return CD_NUMBER(int, quick(cd_0));
}
#else
#define cd_w_7 quick
#endif
typedef int cd_f_1(int cd_0);
static void cd_s_1(void *cd_r, const cd_word *cd_a, cd_code cd_f)
{
    *(int *)cd_r = CD_NUMBER(int, ((cd_f_1 *)cd_f)((int)cd_a[0].cd_i));
}
static void cd_t_8(void *cd_r, const cd_word *cd_a)
{
    *(int *)cd_r = CD_NUMBER(int, largest((int)cd_a[0].cd_i, (int)cd_a[1].cd_i));
}
#ifdef largest
static int cd_w_8(int cd_0, int cd_1)
{
    return CD_NUMBER(int, largest(cd_0, cd_1));
}
#else
#define cd_w_8 largest
#endif
static void cd_t_9(void *cd_r, const cd_word *cd_a)
{
    *(opaque_t **)cd_r = make((int)cd_a[0].cd_i);
}
#ifdef make
static opaque_t *cd_w_9(int cd_0)
{
    return make(cd_0);
}
#else
#define cd_w_9 make
#endif
static void cd_t_10(void *cd_r, const cd_word *cd_a)
{
    *(int *)cd_r = CD_NUMBER(int, look((opaque_t *)cd_a[0].cd_p));
}
#ifdef look
static int cd_w_10(opaque_t *cd_0)
{
    return CD_NUMBER(int, look(cd_0));
}
#else
#define cd_w_10 look
#endif
static void cd_t_11(void *cd_r, const cd_word *cd_a)
{
    *(int *)cd_r = CD_NUMBER(int, call((int)cd_a[0].cd_i));
}
#ifdef call
static int cd_w_11(int cd_0)
{
    return CD_NUMBER(int, call(cd_0));
}
#else
#define cd_w_11 call
#endif
CD_IS_TEXT(GREETING, "hello")
static void cd_g_0(void *cd_r)
{
    *(double *)cd_r = CD_NUMBER(double, RATIO);
}
static void cd_g_1(void *cd_r)
{
    (void)(0 * CD_ARRAY(table) + 0 * sizeof(((table)[0]) | 0));
    *(void **)cd_r = (void *)&table;
}
static void cd_g_2(void *cd_r)
{
    (void)(0 * sizeof(char[sizeof(fixed) == sizeof(const int) ? 1 : -1]) + 0 * sizeof((fixed) | 0));
    *(void **)cd_r = (void *)(1 ? &fixed : (const int *)0);
}
static void cd_g_3(void *cd_r)
{
    (void)(0 * sizeof(char[sizeof(origin) == sizeof(point) ? 1 : -1]) + 0 * sizeof(1 ? (CD_TYPEOF(origin) *)0 : (point *)0));
    *(void **)cd_r = (void *)(1 ? &origin : (point *)0);
}
static void cd_p_0(void *cd_r)
{
    struct bits cd_v CD_BLANK;
    cd_fill((void *)&cd_v, sizeof cd_v);
    cd_v.a = (unsigned int)0;
    cd_flip((void *)&cd_v, sizeof cd_v);
    CD_COPY(cd_r, &cd_v, sizeof cd_v);
}
static void cd_p_1(void *cd_r)
{
    struct bits cd_v CD_BLANK;
    cd_fill((void *)&cd_v, sizeof cd_v);
    cd_v.b = (int)0;
    cd_flip((void *)&cd_v, sizeof cd_v);
    CD_COPY(cd_r, &cd_v, sizeof cd_v);
}
static const char cd_text[] =
    "\000"
    "point\000"
    "<cdef>\000"
    "color\000"
    "RED\000"
    "GREEN\000"
    "BLUE\000"
    "counter_t\000"
    "real_t\000"
    "opaque_t\000"
    "add\000"
    "mirrored\000"
    "total\000"
    "half\000"
    "name\000"
    "count\000"
    "n\000"
    "sum\000"
    "quick\000"
    "largest\000"
    "make\000"
    "look\000"
    "call\000"
    "LIMIT\000"
    "UNKNOWN\000"
    "hello\000"
    "GREETING\000"
    "RATIO\000"
    "table\000"
    "fixed\000"
    "origin\000"
    "answer\000"
    "partial\000"
    "bits\000"
    "either\000"
    "list\000"
    "opaque\000"
    "next\000"
    "values\000"
    "i\000"
    "f\000"
    "a\000"
    "b\000"
    "last\000"
    "x\000"
    "y\000"
;
static const cd_int64_t cd_facts[] = {
    0,
    sizeof(point), CD_ALIGNOF(point),
    CD_VALUE(RED), CD_ABOVE(RED), 0, 0,
    sizeof(enum color), CD_ENUM_SIGNED(enum color),
    CD_VALUE(GREEN), CD_ABOVE(GREEN), 7, 0,
    CD_VALUE(BLUE), CD_ABOVE(BLUE), -2, 0,
    sizeof(counter_t) + 0 * sizeof((*(counter_t *)0) | 0), (((counter_t)-1 | 0) < ((counter_t)1 | 0)),
    sizeof(real_t) + 0 * sizeof(char[sizeof((*(real_t *)0) * 1.0f) == sizeof(*(real_t *)0) && sizeof((*(real_t *)0) + 0LL) == sizeof(*(real_t *)0) ? 1 : -1]),
    CD_VALUE(LIMIT), CD_ABOVE(LIMIT), 40, 0,
    CD_VALUE(UNKNOWN), CD_ABOVE(UNKNOWN),
    sizeof(table) / sizeof((table)[0]) + 0 * CD_ARRAY(table) + 0 * sizeof(char[sizeof((table)[0]) == sizeof(int) ? 1 : -1]),
    sizeof(struct partial), CD_ALIGNOF(struct partial),
    sizeof(struct bits), CD_ALIGNOF(struct bits),
    sizeof(union either), CD_ALIGNOF(union either),
    sizeof(struct list), CD_ALIGNOF(struct list),
    offsetof(struct list, next), sizeof(((struct list *)0)->next) + 0 * CD_POINTER(((struct list *)0)->next),
    offsetof(struct list, values), sizeof(((struct list *)0)->values) + 0 * CD_ARRAY(((struct list *)0)->values) + 0 * sizeof(((((struct list *)0)->values)[0]) | 0),
    offsetof(union either, i), sizeof(((union either *)0)->i) + 0 * sizeof((((union either *)0)->i) | 0),
    offsetof(union either, f), sizeof(((union either *)0)->f) + 0 * sizeof(char[sizeof((((union either *)0)->f) * 1.0f) == sizeof(((union either *)0)->f) && sizeof((((union either *)0)->f) + 0LL) == sizeof(((union either *)0)->f) ? 1 : -1]),
    offsetof(struct partial, last), sizeof(((struct partial *)0)->last) + 0 * sizeof((((struct partial *)0)->last) | 0),
    offsetof(point, x), sizeof(((point *)0)->x) + 0 * sizeof((((point *)0)->x) | 0),
    offsetof(point, y), sizeof(((point *)0)->y) + 0 * sizeof(char[sizeof((((point *)0)->y) * 1.0f) == sizeof(((point *)0)->y) && sizeof((((point *)0)->y) + 0LL) == sizeof(((point *)0)->y) ? 1 : -1]),
};
static const struct cd_stub_type cd_types[] = {
    {6, 0, 2048, 1, 7, 2, 1, 2147483711, 0, 7, 2}, /* point */
    {9, 0, 0, 1, 256, 0, 0, 0, 0, 7, 2}, /* point */
    {8, 0, 0, 14, 12, 3, 7, 0, 0, 7, 7}, /* enum color */
    {1, 59, 4, 35, 0, 0, 17, 0, 0, 7, 8}, /* counter_t */
    {9, 0, 4, 35, 259, 0, 0, 0, 0, 7, 8}, /* counter_t */
    {1, 60, 4, 45, 0, 0, 19, 0, 0, 7, 9}, /* real_t */
    {9, 0, 4, 45, 261, 0, 0, 0, 0, 7, 9}, /* real_t */
    {6, 0, 2049, 52, 0, 0, 0, 2147483724, 0, 7, 10}, /* opaque_t */
    {9, 0, 0, 52, 263, 0, 0, 0, 0, 7, 10}, /* opaque_t */
    {5, 0, 0, 0, 8, 1, 2, 0, 0, 0, 0}, /* int(int, int) */
    {5, 0, 0, 0, 257, 3, 1, 0, 0, 0, 0}, /* point(point) */
    {10, 1, 0, 0, 15, 0, 0, 0, 0, 0, 0}, /* const double */
    {2, 0, 0, 0, 267, 0, 0, 0, 0, 0, 0}, /* const double * */
    {5, 0, 0, 0, 15, 4, 2, 0, 0, 0, 0}, /* double(const double *, size_t) */
    {5, 0, 0, 0, 16, 6, 1, 0, 0, 0, 0}, /* long double(long double) */
    {10, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0}, /* const char */
    {2, 0, 0, 0, 271, 0, 0, 0, 0, 0, 0}, /* const char * */
    {5, 0, 0, 0, 272, 0, 0, 0, 0, 0, 0}, /* const char *(void) */
    {5, 0, 4, 0, 260, 7, 1, 0, 0, 0, 0}, /* counter_t(counter_t) */
    {5, 0, 32, 0, 8, 8, 1, 0, 0, 0, 0}, /* int(int, ...) */
    {5, 0, 0, 0, 8, 9, 1, 0, 0, 0, 0}, /* int(int) */
    {2, 0, 0, 0, 264, 0, 0, 0, 0, 0, 0}, /* opaque_t * */
    {5, 0, 0, 0, 277, 10, 1, 0, 0, 0, 0}, /* opaque_t *(int) */
    {5, 0, 0, 0, 8, 11, 1, 0, 0, 0, 0}, /* int(opaque_t *) */
    {3, 0, 20, 0, 8, 0, 0, 26, 0, 0, 0}, /* int[...] */
    {10, 1, 0, 0, 8, 0, 0, 0, 0, 0, 0}, /* const int */
    {6, 0, 6, 192, 6, 1, 27, 0, 0, 7, 3}, /* struct partial */
    {6, 0, 4096, 200, 4, 2, 29, 0, 0, 7, 4}, /* struct bits */
    {7, 0, 0, 205, 2, 2, 31, 0, 0, 7, 5}, /* union either */
    {6, 0, 0, 212, 0, 2, 33, 0, 0, 7, 6}, /* struct list */
    {6, 0, 1, 217, 0, 0, 0, 0, 0, 7, 11}, /* struct opaque */
    {2, 0, 0, 0, 285, 0, 0, 0, 0, 0, 0}, /* struct list * */
    {3, 0, 0, 0, 8, 2, 0, 0, 0, 0, 0}, /* int[2] */
};
static const cd_uint32_t cd_ids[] = {
    0, 8, 8, 257, 268, 49, 16, 260, 8, 8, 8, 277, 5, 1, 0,
};
static const struct cd_stub_field cd_fields[] = {
    {224, 287, 35, -1, 0, 0},
    {229, 288, 37, -1, 0, 0},
    {236, 8, 39, -1, 0, 0},
    {238, 14, 41, -1, 0, 0},
    {240, 9, 0, 3, 0, 0},
    {242, 8, 0, 7, 0, 1},
    {244, 10, 43, -1, 0, 0},
    {249, 8, 45, -1, 0, 0},
    {251, 15, 47, -1, 0, 0},
};
static const struct cd_stub_global cd_globals[] = {
    {30, 258, 13, 4, 96, 0, 0, 0, 7, 7}, /* BLUE */
    {24, 258, 9, 4, 96, 0, 0, 0, 7, 7}, /* GREEN */
    {151, 0, 5, 6, 32, 0, 145, 0, 7, 28}, /* GREETING */
    {131, 0, 20, 4, 32, 0, 0, 0, 7, 26}, /* LIMIT */
    {160, 267, 0, 7, 0, 0, 0, 0, 7, 29}, /* RATIO */
    {20, 258, 3, 4, 96, 0, 0, 0, 7, 7}, /* RED */
    {137, 0, 24, 4, 0, 0, 0, 0, 7, 27}, /* UNKNOWN */
    {61, 265, 0, 2, 0, 0, 0, 0, 7, 13}, /* add */
    {185, 276, 0, 8, 0, 0, 0, 0, 7, 33}, /* answer */
    {126, 276, 11, 2, 0, 0, 0, 0, 7, 24}, /* call */
    {90, 274, 5, 2, 0, 0, 0, 0, 7, 18}, /* count */
    {35, 260, 0, 1, 0, 0, 0, 0, 7, 8}, /* counter_t */
    {172, 281, 2, 3, 0, 0, 0, 0, 7, 31}, /* fixed */
    {80, 270, 3, 2, 0, 0, 0, 0, 7, 16}, /* half */
    {108, 265, 8, 2, 0, 0, 0, 0, 7, 21}, /* largest */
    {121, 279, 10, 2, 0, 0, 0, 0, 7, 23}, /* look */
    {116, 278, 9, 2, 0, 0, 0, 0, 7, 22}, /* make */
    {65, 266, 1, 2, 0, 0, 0, 0, 7, 14}, /* mirrored */
    {85, 273, 4, 2, 0, 0, 0, 0, 7, 17}, /* name */
    {52, 264, 0, 1, 0, 0, 0, 0, 7, 10}, /* opaque_t */
    {178, 257, 3, 3, 0, 0, 0, 0, 7, 32}, /* origin */
    {1, 257, 0, 1, 0, 0, 0, 0, 7, 2}, /* point */
    {102, 276, 7, 2, 2, 0, 0, 0, 7, 20}, /* quick */
    {45, 262, 0, 1, 0, 0, 0, 0, 7, 9}, /* real_t */
    {98, 275, 6, 2, 0, 0, 0, 96, 7, 19}, /* sum */
    {166, 280, 1, 3, 0, 0, 0, 0, 7, 30}, /* table */
    {74, 269, 2, 2, 0, 0, 0, 0, 7, 15}, /* total */
};
static const cd_uint32_t cd_tags[] = {
    27, 2, 28, 29, 30, 26,
};
static const cd_tramp cd_tramps[] = {
    CD_OWN(0, 0),
    cd_t_1,
    cd_t_2,
    cd_t_3,
    cd_t_4,
    cd_t_5,
    0,
    CD_OWN(7, 1),
    CD_OWN(8, 0),
    cd_t_9,
    cd_t_10,
    CD_OWN(11, 1),
};
static const cd_shared cd_by_type[] = {
    CD_SHARED(0, 0),
    0,
    0,
    0,
    0,
    0,
    0,
    CD_SHARED(7, 1),
    CD_SHARED(8, 0),
    0,
    0,
    CD_SHARED(11, 1),
};
static const cd_code cd_addresses[] = {
    CD_CODE(int (*)(int, int), cd_w_0),
    CD_CODE(point (*)(point), cd_w_1),
    CD_CODE(double (*)(const double *, size_t), cd_w_2),
    CD_CODE(long double (*)(long double), cd_w_3),
    CD_CODE(const char *(*)(void), cd_w_4),
    CD_CODE(counter_t (*)(counter_t), cd_w_5),
    (cd_code)(1 ? sum : (int (*)(int, ...))0),
    CD_CODE(int (*)(int), cd_w_7),
    CD_CODE(int (*)(int, int), cd_w_8),
    CD_CODE(opaque_t *(*)(int), cd_w_9),
    CD_CODE(int (*)(opaque_t *), cd_w_10),
    CD_CODE(int (*)(int), cd_w_11),
    (cd_code)answer,
};
static const cd_getter cd_getters[] = {
    cd_g_0,
    cd_g_1,
    cd_g_2,
    cd_g_3,
};
static const cd_probe cd_probes[] = {
    cd_p_0,
    cd_p_1,
};
static int *cd_errno(void) { return &errno; }
const struct cd_stub cd_stub_contract = {
    sizeof(struct cd_stub), CD_MAJOR, CD_MINOR, 0x10002, CD_TARGET,
    {0x27e0b105f5e185c4u, 0x066588abff0aa1d8u, 0xc18287ef8a9ab236u, 0x1f9a0f4bbd40f09du},
    "contract", "cffi_core contract 1.2",
    cd_text, cd_types, cd_ids, cd_fields, cd_globals, 0, cd_tags, cd_facts,
    cd_tramps, cd_addresses, cd_getters, cd_probes,
    sizeof cd_text, 33, 15, 9, 27, 0, 6,
    sizeof cd_facts / sizeof *cd_facts, 12, 4, 2, 1,
    cd_errno, &cd_stub_link, {0, 0, 0, 0}, cd_by_type
};
CD_EXTERN_C CD_EXPORT void *PyInit_contract(void);
#ifdef _WIN32
#ifdef _WINDOWS_
#define CD_HANDLE HMODULE
#else
#define CD_HANDLE void *
CD_EXTERN_C __declspec(dllimport) void *__stdcall GetModuleHandleA(const char *);
CD_EXTERN_C __declspec(dllimport) cd_code __stdcall GetProcAddress(void *, const char *);
#endif
static const struct cd_core_api *cd_core(void)
{
    CD_HANDLE cd_python = GetModuleHandleA("python3.dll");
    char cd_name[] = "python3##.dll";
    cd_code cd_import = 0;
    int cd_minor;
    for (cd_minor = 99; !cd_python && cd_minor >= 10; cd_minor--) {
        cd_name[7] = (char)('0' + cd_minor / 10);
        cd_name[8] = (char)('0' + cd_minor % 10);
        cd_python = GetModuleHandleA(cd_name);
    }
    if (cd_python)
        cd_import = (cd_code)GetProcAddress(cd_python, "PyCapsule_Import");
    if (!cd_import)
        return 0;
    return (const struct cd_core_api *)((void *(*)(const char *, int))cd_import)(CD_CAPSULE, 0);
}
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
{
    if (!cd_capsule_import)
        return 0;
    return (const struct cd_core_api *)cd_capsule_import(CD_CAPSULE, 0);
}
#endif
CD_EXTERN_C CD_EXPORT void *PyInit_contract(void)
{
    const struct cd_core_api *cd_api = cd_core();
    return cd_api ? cd_api->cd_init(&cd_stub_contract) : 0;
}
#if defined(__clang__) || defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
