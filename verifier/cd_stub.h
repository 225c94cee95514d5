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
#include <stddef.h>
#include <stdint.h>
#define CD_MAJOR 1
#define CD_MINOR 2
#define CD_FIRST_SID 256 /* .types[i] is the type CD_FIRST_SID + i            */

typedef uint32_t cd_sid;  /* a type of THIS stub: 0 none, below CD_FIRST_SID the
                             primitive with that number, else see above       */
typedef uint32_t cd_off;  /* byte offset in .text, of a NUL-ended text; 0: "" */
typedef uint32_t cd_fact; /* index of the first of some .facts; 0: none       */

/* One argument.  Integers, _Bool, characters, enums up to 64 bits: i or u,
 * already widened, the trampoline casts.  float: f.  double: d.  Pointer: p.
 * Function pointer: fn.  All the rest (record, long double, complex, __int128,
 * vector): p = address of suitably aligned storage that the trampoline may read
 * during the call only.                                                      */
typedef union cd_word {
    int64_t i;
    uint64_t u;
    double d;
    float f;
    void *p;
    void (*fn)(void);
} cd_word;

typedef void (*cd_code)(void);
typedef void (*cd_getter)(void *out);   /* writes a value, or &variable       */
typedef void (*cd_probe)(void *record); /* sets its bit-field to all ones     */
typedef void (*cd_tramp)(void *result, const cd_word *args);
                                  /* *(T *)result = f(args...), unwidened     */
typedef void (*cd_shared)(void *result, const cd_word *args, cd_code f);
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
    uint8_t kind, sub;
    uint16_t flags;
    cd_off name;
    uint32_t a, b, c, x;
    cd_off doc, file;
    uint32_t line;
};                                                                     /* 36 */

struct cd_stub_field {
    cd_off name;    /* 0: anonymous record                                    */
    cd_sid type;
    cd_fact offset; /* offset, size; of a bit-field: 0                        */
    int16_t bits;   /* -1: no bit-field                                       */
    uint16_t flags; /* cd_member_flag                                         */
    uint32_t probe; /* of a bit-field: index of .probe                        */
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
    cd_off name;
    cd_sid type;
    uint32_t slot;
    uint8_t kind, flags;
    uint16_t reserved;
    cd_off doc, params, file;
    uint32_t line;
};                                                                     /* 32 */

/* A module that this one includes; digest: of the one compiled against.      */
struct cd_stub_include {
    cd_off module;
    uint32_t reserved;
    uint64_t digest;
};                                                                     /* 16 */

struct cd_link; /* the stub's one writable block                              */

/* Counts include element 0 where the array has an unused one: text, ids, facts.
 * Arrays of no elements are NULL.                                            */
struct cd_stub {
    uint32_t size;         /* sizeof(struct cd_stub) when compiled            */
    uint16_t major, minor; /* CD_MAJOR, CD_MINOR when compiled                */
    uint32_t min_core;     /* lowest major << 16 | minor of a core for it     */
    uint32_t target;       /* CD_TARGET                                       */
    uint64_t digest[4];    /* SHA-256 of what was emitted, with this 0        */
    const char *module;    /* dotted name                                     */
    const char *emitter;   /* "cffi_core 1.2"                                 */
    const char *text;
    const struct cd_stub_type *types;
    const uint32_t *ids;
    const struct cd_stub_field *fields;
    const struct cd_stub_global *globals;
    const struct cd_stub_include *includes;
    const uint32_t *tags;  /* indices of .types: records and enums that have a
                              tag, sorted by name                             */
    const int64_t *facts;  /* integer constant expressions                    */
    const cd_tramp *tramp; /* NULL entry: see .shared; else it is variadic, and
                              called by its address                           */
    const cd_code *address; /* a wrapper where the name is a macro; never NULL
                              but for a variadic macro; n_functions entries,
                              then n_externs: the extern "Python" functions   */
    const cd_getter *getter;
    const cd_probe *probe;
    uint32_t n_text, n_types, n_ids, n_fields, n_globals, n_includes, n_tags,
        n_facts, n_functions, n_getters, n_probes, n_externs;
    int *(*errno_location)(void); /* of the C library the stub uses; may be 0 */
    struct cd_link *link;
    const void *reserved[4];
    const cd_shared *shared; /* since 1.2: NULL, or n_functions entries: NULL,
                              or what calls the function by its address       */
};

/* Zero when compiled.  The core that loads the stub first fills it in.       */
struct cd_link {
    void *owner;      /* the core's: whom extern "Python" calls belong to     */
    void (*call_python)(const struct cd_stub *stub, uint32_t slot, void *result,
                        const cd_word *args); /* set last                     */
    void *definition; /* the core's                                           */
    void *reserved[5];
};

/* What PyInit_<name> finds in the capsule CD_CAPSULE. */
#define CD_CAPSULE "_cffi_core.core_api"
struct cd_core_api {
    uint32_t size;
    uint16_t major, minor;
    void *(*init)(const struct cd_stub *stub); /* a module definition, as a
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
    ((uint32_t)(sizeof(void *) | sizeof(long) << 4 | sizeof(wchar_t) << 8) |   \
     (uint32_t)((char)-1 < (char)1) << 12 |                                    \
     (uint32_t)((wchar_t)-1 < (wchar_t)1) << 13 |                              \
     (uint32_t)CD_BIG_ENDIAN << 14 | (uint32_t)CD_MS_LAYOUT << 15)

/* Exported: cd_stub_<last part of the module's name>, a struct cd_stub, and
 * PyInit_<last part>.                                                        */
#endif
