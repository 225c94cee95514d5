/* cd_parser.h - C declarations in, a flat table of types out.  MIT.
 *
 * The public header of parser/: plain C11 on libc, no Python, no libffi.
 * A table holds what a series of cdefs declared: types, members, names.  A type
 * is a small record named by a 32-bit id; children are ids.  Ids are local to
 * one table; 0 is "none".
 *
 * Threads: a function that takes a non-const cd_table needs exclusive access to
 * it.  A reader may use ids it obtained earlier without a lock: records never
 * move, and a complete record never changes.
 * Errors: functions that can fail take a cd_error and say how they report.
 * Nothing here prints, exits or keeps a pointer to the caller's text.        */
#ifndef CD_PARSER_H
#define CD_PARSER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t cd_id;  /* a type in ONE table; 0 = none                    */
typedef uint32_t cd_str; /* an interned name of ONE table; 0 = no name       */
typedef struct cd_table cd_table;

/* ---- kinds and primitives ---------------------------------------------- */

enum cd_kind {
#define KIND(NAME, word) CD_##NAME,
#include "kinds.def"
    CD_N_KINDS
};

enum cd_prim { /* also the primitive's type id, in every table */
    CD_PRIM_NONE,
#define PRIM(NAME, spelling, klass, rep) CD_PRIM_##NAME,
#include "prims.def"
    CD_N_PRIMS
};

enum cd_class {
    CD_CLASS_VOID, CD_CLASS_BOOL, CD_CLASS_CHAR, CD_CLASS_SINT, CD_CLASS_UINT,
    CD_CLASS_FLOAT, CD_CLASS_COMPLEX, CD_CLASS_LATE
};

/* ---- one type ------------------------------------------------------------
 * kind     sub          a             b            n          x
 * PRIM     cd_prim      -             -            -          location (LATE)
 * POINTER  -            item          -            -          -
 * ARRAY    -            item          -            length     C text (str)
 * VECTOR   -            item          -            lanes      -
 * FUNC     cd_abi       result        1st in .ids  n params   1: noreturn
 * STRUCT   pack         1st member    n members    number     location
 * UNION    pack         1st member    n members    number     location
 * ENUM     base (prim)  1st decl      n decls      number     location
 * TYPEDEF  -            item          -            -          location
 * QUAL     cd_qual bits item          -            -          -
 * IMPORT   its kind     include no    id there     -          -
 * UNAVAIL  -            reason(str)   -            -          -
 *
 * number: of a record or enum without any name n of "$n", counted from 1 in its
 *   table; of one that a typedef named CD_TYPEDEF_NAMED and what no other has;
 *   of one with a tag the first typedef that stands for it (str), by which CFFI
 *   calls it in-line, or 0; and 0 of the $$T of `typedef ... *T;`.
 * pack: 0 natural, else 1 + log2 of `#pragma pack`; 0x80: attribute packed.
 * location: where the body is, or the first mention while there is none; 0:
 *   predefined (struct _IO_FILE).
 *
 * C text: of a length that differs by target (`[sizeof(long)]`); such an array
 *   is sugar.
 * noreturn: such a function is sugar, and made for typedefs and pointers only.
 * canon: identity.  Sugar (TYPEDEF, QUAL and what is built from them) has the
 *   canon of what it stands for; two types of one table are the same C type,
 *   but for qualifiers, when their canons are equal.
 * name: the tag, the typedef name or the spelling; for an anonymous record the
 *   typedef name that it got first (CD_F_TYPEDEF_NAME); 0 = none.
 * size, align: bytes.  align 0: no size yet (opaque, void, function, open
 *   array) or not known to the parser (CD_F_LATE).                           */
typedef struct cd_ctype {
    uint8_t kind, sub;
    uint16_t flags;
    cd_id canon;
    cd_str name;
    uint32_t a, b, x;
    uint32_t align;
    uint32_t hash; /* private; of STRUCT UNION ENUM: cd_build_reason()        */
    uint64_t n, size;
} cd_ctype;

#define CD_TYPEDEF_NAMED UINT32_C(0x80000000)

enum cd_type_flag {
    CD_F_OPAQUE = 1 << 0,   /* STRUCT UNION ENUM: declared, not completed     */
    CD_F_PARTIAL = 1 << 1,  /* STRUCT UNION ENUM: body ends in `...`          */
    CD_F_LATE = 1 << 2,     /* size only known once a stub is compiled        */
    CD_F_OPEN = 1 << 3,     /* ARRAY: `[]`                                    */
    CD_F_DOTS = 1 << 4,     /* ARRAY: `[...]` (also CD_F_LATE)                */
    CD_F_VARIADIC = 1 << 5, /* FUNC: `, ...)`                                 */
    CD_F_NOPROTO = 1 << 6,  /* FUNC: `()` before C23; called as `(void)`      */
    CD_F_PACKED = 1 << 7,   /* STRUCT UNION: some packing is in force         */
    CD_F_FLEX = 1 << 8,     /* STRUCT: ends in a flexible array member        */
    CD_F_TRANSPARENT = 1 << 9, /* UNION: transparent_union                    */
    CD_F_UNAVAIL = 1 << 10, /* cannot be used by value: cd_why() says why     */
    CD_F_TYPEDEF_NAME = 1 << 11, /* name is a typedef's, not a tag            */
    CD_F_BITFIELDS = 1 << 12, /* STRUCT UNION: has a bit-field                */
    CD_F_SIGNED = 1 << 13,  /* ENUM: the compatible integer type is signed    */
    CD_F_BUSY = 1 << 14,    /* private: body being parsed                     */
    CD_F_LAID_OUT = 1 << 15 /* STRUCT UNION: what the members and their types
                               do not tell (attribute aligned or packed on a
                               member, aligned on the record, unnamed bit-
                               fields, ms_struct) has a part in the layout    */
};

enum cd_qual {
    CD_Q_CONST = 1, CD_Q_VOLATILE = 2, CD_Q_RESTRICT = 4, CD_Q_ATOMIC = 8
};

enum cd_abi { CD_ABI_DEFAULT, CD_ABI_CDECL, CD_ABI_STDCALL, CD_ABI_FASTCALL,
              CD_ABI_THISCALL, CD_ABI_VECTORCALL, CD_ABI_MS, CD_ABI_SYSV };

/* A member of a STRUCT or UNION.  Anonymous struct/union members have name 0
 * and count as one member; unnamed bit-fields are not listed.                */
typedef struct cd_member {
    cd_str name;
    cd_id type;
    uint64_t offset; /* bytes; of a bit-field: of its storage unit            */
    int16_t bits;    /* width of a bit-field; -1: not a bit-field             */
    uint16_t shift;  /* of a bit-field: position of the lowest bit, counted
                        from the storage unit's least significant bit.  The
                        unit is an integer of the member's type (perhaps
                        not aligned); with CD_M_STRADDLE no such integer in
                        the record holds the field, and the unit is the
                        (shift + bits + 7) / 8 bytes at offset (up to one more
                        than the type has) as one integer in the target's
                        byte order                                            */
    uint16_t flags;  /* cd_member_flag */
    uint16_t reserved;
} cd_member;
enum cd_member_flag {
    CD_M_FLEX = 1,    /* `T a[]` at the end                                   */
    CD_M_STRADDLE = 2 /* see shift                                            */
};

/* ---- one declared name of the ordinary name space -----------------------
 * Standard names (size_t, FILE ...) come first, with where 0.  A name that an
 * included table declares is bound here, with its include number, when it is
 * first used.                                                                */

enum cd_decl_kind {
    CD_D_NONE,          /* forgotten by #undef: to be skipped                 */
    CD_D_TYPEDEF,       /* type; params: of a function, or a pointer to one   */
    CD_D_FUNCTION,      /* type is a FUNC; params: names in .ids, or 0        */
    CD_D_VARIABLE,      /* type                                               */
    CD_D_INT,           /* value: enumerator, #define, static const           */
    CD_D_FLOAT,         /* number                                             */
    CD_D_STRING,        /* text: a string literal's bytes                     */
    CD_D_MACRO,         /* `#define X ...`, `static const T X;`: a fact (type
                           0: integer of unknown width)                       */
    CD_D_EXTERN_PYTHON, /* type is a FUNC                                     */
    CD_D_UNAVAILABLE    /* reason                                             */
};

typedef struct cd_decl {
    cd_str name;
    cd_id type;
    uint8_t kind;
    uint8_t flags;      /* cd_decl_flag                                       */
    uint16_t include;   /* 1-based include it came from; 0 = this table       */
    uint32_t params;    /* FUNCTION TYPEDEF: first parameter name in .ids, or
                           0                                                  */
    union {
        int64_t value;  /* INT: with CD_DF_UNSIGNED read it as uint64_t       */
        double number;
    } u;
    cd_str text;        /* FUNCTION VARIABLE: asm label; STRING: the bytes;
                           INT: C text of a value that differs by target;
                           UNAVAILABLE: the reason                            */
    uint32_t where;     /* location: cd_where()                               */
} cd_decl;
enum cd_decl_flag {
    CD_DF_UNSIGNED = 1,  /* INT: value is unsigned and above INT64_MAX        */
    CD_DF_KEEP_GIL = 2,  /* [[cffi::keep_gil]], release_gil=False, attribute
                           const                                              */
    CD_DF_PLUS_C = 4,    /* EXTERN_PYTHON: "Python+C"                         */
    CD_DF_API = 8,       /* EXTERN_PYTHON: from embedding_api()               */
    CD_DF_THREAD = 16,   /* VARIABLE: thread-local                            */
    CD_DF_CHECKED = 32,  /* INT from an enum or a #define with a value: a stub
                           checks it; else: from a #define                    */
    CD_DF_ENUMERATOR = 64, /* INT: type is the ENUM                           */
    CD_DF_STATIC = 128   /* FUNCTION: static (inline) in its header           */
};

typedef struct cd_where {
    cd_str file; /* 0 = "<cdef>" */
    uint32_t line, col; /* 1-based; col counts bytes, 0 = not known */
} cd_where;

/* ---- errors -------------------------------------------------------------- */

enum cd_error_kind {
    CD_OK, CD_E_SYNTAX, CD_E_CONSTRAINT, CD_E_LIMIT, CD_E_MEMORY,
    CD_E_TYPE,  /* constraints on what types may be made of others,           */
    CD_E_VALUE, /* on an array's length and elements,                         */
    CD_E_RANGE  /* and on its size                                            */
};
enum { CD_ERROR_TEXT = 1536 };

/* Filled in by the function that failed.  text is the whole message:
 *   <file>:<line>:<col>: <what was expected and found>
 *   <the source line, shortened around the place>
 *   <caret>
 * always valid UTF-8, NUL-terminated.                                        */
typedef struct cd_error {
    int kind;
    uint32_t line, col;
    char text[CD_ERROR_TEXT];
} cd_error;

/* ---- making a table ------------------------------------------------------ */

/* One injected allocator.  resize(ctx, NULL, 0, n) allocates, (ctx, p, n, 0)
 * frees; NULL = out of memory and p is still valid.  NULL in cd_table_new
 * means the C library's.                                                     */
typedef struct cd_alloc {
    void *(*resize)(void *ctx, void *p, size_t old_size, size_t new_size);
    void *ctx;
} cd_alloc;

typedef struct cd_target cd_target; /* cd_target.h: a platform's rules     */
const cd_target *cd_target_native(void);
const cd_target *cd_target_named(const char *triple); /* NULL: not known      */

/* A new table with the primitives and the standard names (size_t, FILE, ...).
 * NULL: out of memory.  target NULL: the platform this was compiled for.     */
cd_table *cd_table_new(const cd_alloc *alloc, const cd_target *target);
void cd_table_free(cd_table *t);

typedef struct cd_options {
    const char *file;  /* the name that messages show; NULL: "<cdef>"         */
    uint32_t pack;     /* power of two: as #pragma pack(n); 0: natural        */
    bool override;     /* a name may be bound again                           */
    bool embedding;    /* functions are extern "Python" exports               */
    bool keep_gil;     /* functions keep the GIL                              */
} cd_options;

/* Parse declarations into the table.  All or nothing: on failure the table is
 * what it was before.  0, or -1 with *err set.  opt may be NULL.             */
int cd_cdef(cd_table *t, const char *text, size_t len, const cd_options *opt,
            cd_error *err);

/* Parse a type name ("int *(*)[5]"); a bare typedef or tag gives its sugar
 * type.  An unknown tag is declared as opaque.  The id, or 0 with *err set.  */
cd_id cd_typename(cd_table *t, const char *text, size_t len, cd_error *err);

/* The value of a C integer constant expression over the table's names.
 * 0, or -1 with *err set.                                                    */
int cd_constant(cd_table *t, const char *text, size_t len, int64_t *value,
                bool *is_unsigned, cd_error *err);

/* From now on an enum without a body is unsigned int where its size is needed,
 * as CFFI has it: as a member, that is.  Who makes use of a type in another way
 * asks cd_guesses_enums(), and `enum e : unsigned int;` completes it.        */
void cd_guess_enums(cd_table *t);
bool cd_guesses_enums(const cd_table *t);

/* Make other's types and constants visible in t.  other must outlive t; where
 * it has a source, t asks it through other, which then needs exclusive access
 * as well.  0, or -1 with *err set (a cycle, too many).                      */
int cd_include(cd_table *t, cd_table *other, cd_error *err);

/* ---- reading -------------------------------------------------------------
 * Pointers stay valid until cd_table_free.  Ids must come from this table.   */
const cd_ctype *cd_type(const cd_table *t, cd_id id);
const cd_member *cd_member_at(const cd_table *t, uint32_t i);
const cd_decl *cd_decl_at(const cd_table *t, uint32_t i); /* 1..cd_n_decls  */
uint32_t cd_id_at(const cd_table *t, uint32_t i);         /* .ids           */
const cd_where *cd_where_at(const cd_table *t, uint32_t where);
const char *cd_text(const cd_table *t, cd_str s, uint32_t *len); /* NUL-ended */
uint32_t cd_n_types(const cd_table *t); /* highest id                        */
uint32_t cd_n_decls(const cd_table *t); /* highest index                     */
uint32_t cd_n_wheres(const cd_table *t); /* the same; of merged ones as well */
const cd_table *cd_included(const cd_table *t, uint32_t no); /* 1-based; NULL */
const cd_target *cd_table_target(const cd_table *t);
size_t cd_table_bytes(const cd_table *t); /* memory held                     */

/* A declared name of this table or one it includes (then bound here first, so
 * the table is not const).  0: not declared.                                 */
uint32_t cd_find_decl(cd_table *t, const char *name, size_t len);
/* "struct s", "union u", "enum e" by tag, without declaring.  0: none.       */
cd_id cd_find_tag(cd_table *t, int kind, const char *tag, size_t len);

/* Sugar removed one level at a time / entirely (QUAL and TYPEDEF).           */
cd_id cd_strip(const cd_table *t, cd_id id);

/* Size and alignment of a type, arrays of late records included.  False: it
 * has none or it is not known.                                               */
bool cd_layout_of(const cd_table *t, cd_id id, uint64_t *size, uint32_t *align);

/* Why a type with CD_F_UNAVAIL cannot be used; a static or table string.     */
const char *cd_why(const cd_table *t, cd_id id);

/* C text of a type with `declarator` in its place ("int (*%s)(long)"): sugar
 * kept.  Writes at most cap bytes with the NUL; returns the length needed.   */
size_t cd_spell(const cd_table *t, cd_id id, const char *declarator, char *out,
                size_t cap);
/* The same with typedefs replaced by what they stand for, but for those that
 * alone name a type (FILE, `typedef ... *T;`, `typedef int T[...];`).        */
size_t cd_spell_plain(const cd_table *t, cd_id id, const char *declarator,
                      char *out, size_t cap);

/* Facts of a primitive on a target. */
const char *cd_prim_name(int prim);
int cd_prim_class(int prim); /* enum cd_class */
uint32_t cd_prim_size(const cd_target *target, int prim); /* 0: not there     */
uint32_t cd_prim_align(const cd_target *target, int prim);
bool cd_prim_signed(const cd_target *target, int prim);

#endif
