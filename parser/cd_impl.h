/* cd_impl.h - what the files of parser/ share.  Private.  MIT.
 *
 * The grammar, whose files call each other as C's productions do:
 *   lex.c      bytes -> tokens           direct.c  lines with #
 *   num.c      literals                  hint.c    what to do about an error
 *   cexpr.c    constant expressions      select.c  _Generic, built-ins
 *   spec.c     declaration specifiers    declr.c   declarators, parameters
 *   record.c   struct/union bodies       enum.c    enumerations
 *   attr.c     attributes                decl.c    declarations
 *
 * Below it, each file using only those further down:
 *   merge.c    names declared twice      compat.c  when types are compatible
 *   import.c   names from elsewhere      build_record.c  records and enums,
 *   build.c    types, names, from records instead of text
 *   fold.c     arithmetic                layout.c  sizes by the ABI
 *   table.c    a table's life, transactions
 *   types.c    type records, identity    diag.c    errors
 *   spell.c    types -> C text           atom.c    names
 *   view.c     reading a table           seg.c     storage, journal
 *   target.c   platforms
 *
 * Above it parse.c, the entry points that read C text, and cdump.c, a command.
 *
 * One landing pad per parse: the entry point calls setjmp, every failure below
 * it is one cd_fail(), no grammar function returns an error code.            */
#ifndef CD_IMPL_H
#define CD_IMPL_H
#include "cd_build.h"
#include "cd_limits.h"
#include "cd_parser.h"
#include <setjmp.h>

#define CD_NORETURN _Noreturn

/* ---- storage: arrays that grow by segments and never move (seg.c) -------- */

enum { CD_SEG_FIRST_LOG2 = 6, CD_N_SEGS = 26 };
typedef struct cd_seg {
    void *chunk[CD_N_SEGS]; /* chunk k holds 64 << k elements                 */
    uint32_t count;         /* elements in use, element 0 (unused) included   */
    uint32_t elem;          /* bytes of one                                   */
} cd_seg;

static inline unsigned cd_log2(uint32_t v) /* v is not 0 */
{
#if defined(__GNUC__)
    return 31u - (unsigned)__builtin_clz(v);
#else
    unsigned k = 0;
    while (v >>= 1)
        k++;
    return k;
#endif
}

static inline void *cd_seg_at(const cd_seg *s, uint32_t i)
{
    uint32_t v = i + (1u << CD_SEG_FIRST_LOG2);
    unsigned k = cd_log2(v);
    return (char *)s->chunk[k - CD_SEG_FIRST_LOG2] +
           (size_t)(v - (1u << k)) * s->elem;
}

/* From hashes to ids: open addressing, the hash beside the id, so that a search
 * reads a record only when it is the right one (seg.c).                      */
typedef struct cd_slot {
    uint32_t hash, id; /* id 0: free                                          */
} cd_slot;
typedef struct cd_index {
    cd_slot *slots;
    uint32_t mask, used; /* slots: a power of two, at most half used          */
} cd_index;

/* A name: interned once a table, and where its meanings hang.                */
typedef struct cd_atom {
    const char *text; /* NUL-terminated, never moves                          */
    uint32_t len, hash;
    uint16_t word;    /* CD_T_ keyword; 0 = an identifier                     */
    uint16_t attr;    /* attribute number (attrs.def), filled in by attr.c on
                         the first question; 0 = not asked yet               */
    uint32_t decl;    /* ordinary name space: index of its cd_decl; 0 = none  */
    cd_id tag;        /* tag name space; 0 = none                             */
    uint32_t stamp;   /* layout.c: the record that saw this member name last  */
} cd_atom;

/* A growing stack of bytes that may move: scratch lists of the grammar, the
 * journal.  A debug build (CD_DEBUG_MOVE) moves it on every growth.          */
typedef struct cd_buf {
    unsigned char *data;
    size_t len, cap;
} cd_buf;

struct cd_table {
    cd_alloc alloc;
    const cd_target *target;
    cd_seg types, members, decls, ids, atoms, wheres;
    cd_buf chunks;            /* text chunks of atoms, to free                */
    char *text_next, *text_end;
    cd_index type_index, atom_index;
    cd_seg includes;          /* cd_table *: 1-based include numbers          */
    cd_source source;         /* bind NULL: none                              */
    uint32_t n_anonymous;     /* numbers anonymous records                    */
    uint32_t stamp;           /* newest cd_atom.stamp given out               */
    bool has_words;           /* keywords are among the atoms                 */
    bool guess_enums;         /* see cd_guess_enums()                         */
    size_t bytes;
};

/* ---- one parse ----------------------------------------------------------- */

enum cd_token_kind {
    CD_T_EOF, CD_T_NAME, CD_T_NUMBER, CD_T_CHARACTER, CD_T_STRING,
#define PUNCT(NAME, text) CD_T_##NAME,
#define WORD(NAME, text) CD_T_##NAME,
#include "tokens.def"
    CD_N_TOKENS
};
/* Bytes for the longest text there.  Arrays of texts, instead of pointers to
 * them, leave nothing to relocate when the library is loaded.                */
enum { CD_WORD_ROOM = 24 };

/* The value of a constant expression: the integer's bits (sign- or zero-
 * extended to 64) and the C type it has, as a primitive: an integer type (of
 * an enum: its compatible type; INT128 is not folded), FLOAT, DOUBLE, LDOUBLE
 * (in d), UINTPTR for a pointer, NONE for a string literal (text).           */
typedef struct cd_value {
    int prim;
    bool is_unsigned;
    union { int64_t i; uint64_t u; double d; } v;
    cd_id type;           /* the exact type: a pointer or enum, else = prim   */
    cd_str text;          /* of a string                                      */
    cd_str c;             /* C text of a value that is another on other
                             targets; 0: it is the same on all                */
    cd_str unknown;       /* why it is not computed; 0: it is                 */
    int bits;             /* width of a _BitInt, in a type of 64 bits; else 0 */
} cd_value;

typedef struct cd_token {
    int kind;
    cd_str name;          /* NAME and keywords: the atom                      */
    const char *at;       /* first byte in the text                           */
    uint32_t len;         /* bytes in the text                                */
    uint32_t line;        /* by the newest line marker                        */
} cd_token; /* literals: num.c reads them again from the text on demand       */

typedef struct cd_parser {
    cd_table *t;
    cd_error *err;
    cd_options opt;
    jmp_buf pad;
    /* lexer */
    const char *text, *end, *p;   /* whole text, its end, the next byte       */
    const char *line_start;       /* for columns                              */
    uint32_t line;                /* current line number by markers           */
    cd_str file;                  /* current file by markers; 0 = opt.file    */
    cd_token tok;                 /* the current token                        */
    bool peeked;
    cd_token ahead;               /* the one after, if peeked                 */
    bool at_line_start;
    bool in_directive;            /* a newline is the end of the text         */
    bool preprocessed;            /* there was a line marker                  */
    bool probing;                 /* a #define is tried: cd_fail writes only
                                     the bare message (no place, no caret)    */
    int unevaluated;              /* cexpr.c: in sizeof, a branch not taken   */
    bool unknown_yet;             /* cexpr.c: failed on what may come later   */
    bool by_target;               /* cexpr.c: the value depends on the target */
    cd_str beyond;                /* cexpr.c: why the value is not computed   */
    bool asking;                  /* import.c: the table's source is at work  */
    cd_buf later;                 /* direct.c: such macros, tried at the end  */
    cd_buf renames;               /* direct.c: #pragma redefine_extname       */
    cd_buf waiting;               /* record.c: bodies that wait for others    */
    /* grammar */
    int depth;                    /* every recursion counted                  */
    uint32_t pack;                /* #pragma pack now; 0 = natural            */
    bool ms_struct;               /* #pragma ms_struct on                     */
    cd_buf pack_stack;            /* direct.c: pushed packs                   */
    cd_buf scratch;               /* lists of the grammar, used as a stack    */
    bool in_typename;             /* a type string or expression: unknown names
                                     are errors, unknown tags are declared, no
                                     # lines                                  */
    /* transaction */
    cd_buf journal;
    uint32_t mark_types, mark_members, mark_decls, mark_ids, mark_atoms,
        mark_wheres, mark_includes, mark_anonymous;
    size_t mark_chunks;
    char *mark_text_next, *mark_text_end;
} cd_parser;

/* The only ways out of a parse (diag.c; when there is no storage to say more,
 * seg.c).  `at` is a token of the text (NULL: no place).  fmt: %s, %d, %u, %T
 * (const cd_token *: its spelling, quoted), %N (cd_str: a name, quoted), %Y
 * (cd_id: a type, quoted), %W (uint32_t where: file:line:col).               */
CD_NORETURN void cd_fail(cd_parser *ps, int kind, const cd_token *at,
                         const char *fmt, ...);
CD_NORETURN void cd_no_memory(cd_parser *ps);
cd_str cd_message(cd_parser *ps, const char *fmt, ...); /* the same, as text  */
uint32_t cd_here(cd_parser *ps, const cd_token *at); /* a new where record    */

/* hint.c: failures with a word of what to do.                                */
enum { CD_HINT = 200 }; /* bytes of one                                       */
CD_NORETURN void cd_expected(cd_parser *ps, const char *what); /* ", found X" */
CD_NORETURN void cd_unknown_type(cd_parser *ps, cd_str name,
                                 const cd_token *at);
CD_NORETURN void cd_undeclared(cd_parser *ps, const cd_token *at); /* a value */

const char *cd_token_text(int kind);                 /* "(" or "struct"       */
void cd_enter(cd_parser *ps);  /* one level deeper or CD_E_LIMIT              */
static inline void cd_leave(cd_parser *ps)
{
    ps->depth--;
}

/* table.c */
void cd_parser_begin(cd_parser *ps, cd_table *t, const char *text, size_t len,
                     const cd_options *opt, cd_error *err); /* before setjmp  */

/* Runs body(ps, arg) on the one landing pad, behind cd_parser_begin().  True:
 * its changes stay; false: the table is what it was.                         */
bool cd_run(cd_parser *ps, void (*body)(cd_parser *ps, void *arg), void *arg);

/* seg.c */
void *cd_resize(cd_table *t, void *p, size_t old_size, size_t new_size);
void cd_seg_init(cd_seg *s, size_t elem);
void cd_seg_free(cd_table *t, cd_seg *s);
void cd_buf_free(cd_table *t, cd_buf *b);
void cd_index_reserve(cd_parser *ps, cd_index *ix, uint32_t first); /* a slot
                                       for one more; at first that many slots */
void cd_index_add(cd_index *ix, uint32_t hash, uint32_t id);
void cd_index_remove(cd_index *ix, uint32_t hash, uint32_t id);
void cd_index_free(cd_table *t, cd_index *ix);
void cd_journal_undo(cd_parser *ps);
uint32_t cd_seg_add(cd_parser *ps, cd_seg *s, uint32_t n); /* first of n new,
                                                              zeroed, in one
                                                              run of indices  */
void *cd_push(cd_parser *ps, cd_buf *b, size_t n); /* n more bytes            */
static inline void *cd_scratch_at(const cd_parser *ps, size_t offset)
{
    return offset ? ps->scratch.data + offset : ps->scratch.data; /* may be 0 */
}
void cd_touch(cd_parser *ps, void *p, size_t n);   /* journal: will change    */
static inline void cd_set32(cd_parser *ps, uint32_t *p, uint32_t v)
{
    cd_touch(ps, p, sizeof *p);
    *p = v;
}

/* atom.c */
void cd_atoms_begin(cd_parser *ps);    /* of a new table                      */
void cd_words_begin(cd_parser *ps);    /* keywords, before the first token    */
void cd_atoms_rollback(cd_parser *ps); /* forgets names above the mark        */
cd_str cd_intern_static(cd_parser *ps, const char *s); /* text is not copied  */
void cd_atoms_free(cd_table *t);
cd_str cd_find_atom(const cd_table *t, const char *s, size_t len); /* or 0    */
cd_str cd_intern(cd_parser *ps, const char *s, size_t len);
cd_str cd_intern_hashed(cd_parser *ps, const char *s, size_t len, uint32_t h);
static inline uint32_t cd_hash_step(uint32_t h, unsigned char c)
{
    return (h ^ c) * 16777619u; /* FNV-1a: the lexer hashes as it scans */
}
enum { CD_HASH_SEED = (int)2166136261u };
static inline cd_atom *cd_atom_at(const cd_table *t, cd_str s)
{
    return cd_seg_at(&t->atoms, s);
}

/* types.c: derived types are shared (hash-consed), canon is set.  They fail
 * (cd_fail at ps->tok) where C has no such type: array of void or functions,
 * size over the limit, function returning an array ...                       */
cd_id cd_pointer_to(cd_parser *ps, cd_id item);
cd_id cd_array_of(cd_parser *ps, cd_id item, uint64_t n, uint16_t flags);
cd_id cd_noreturn(cd_parser *ps, cd_id type); /* sugar of a function or a
                        pointer to one that does not return; else type itself */
int cd_quals(const cd_table *t, cd_id id);    /* those of the type itself     */
cd_id cd_array_text(cd_parser *ps, cd_id array, cd_str text); /* its sugar */
/* An array whose element gets its body later, up to when it has one.         */
cd_id cd_array_later(cd_parser *ps, cd_id item, uint64_t n, uint16_t flags,
                     cd_str text);
bool cd_is_later(const cd_table *t, cd_id id);
cd_id cd_array_now(cd_parser *ps, cd_id later);
cd_id cd_vector_of(cd_parser *ps, cd_id item, uint64_t bytes);
cd_id cd_function(cd_parser *ps, cd_id result, const cd_id *params, uint32_t n,
                  int abi, uint16_t flags);
cd_id cd_qualified(cd_parser *ps, cd_id item, int quals);
cd_id cd_unavailable_type(cd_parser *ps, const char *spelling,
                          const char *reason);
cd_id cd_typedef_of(cd_parser *ps, cd_str name, cd_id item, uint32_t where);
cd_id cd_new_tagged(cd_parser *ps, int kind, cd_str tag, uint32_t where);
    /* a new opaque record; does not bind the tag (record.c, enum.c do)      */
cd_id cd_new_late(cd_parser *ps, int prim, cd_str name, uint32_t where);
cd_id cd_adjust_param(cd_parser *ps, cd_id type); /* array, function -> ptr  */
cd_id cd_aligned_type(cd_parser *ps, cd_id item, uint32_t align);
    /* a TYPEDEF of item with another alignment (typedef ... aligned(n))      */
static inline cd_ctype *cd_ty(const cd_table *t, cd_id id)
{
    return cd_seg_at(&t->types, id);
}
void cd_types_begin(cd_parser *ps);    /* primitives and standard names       */
void cd_types_rollback(cd_parser *ps); /* unlinks types above the mark        */
void cd_types_free(cd_table *t);
/* The record behind an IMPORT (else c itself); *t becomes its table. */
const cd_ctype *cd_behind(const cd_table **t, const cd_ctype *c);
bool cd_complete(const cd_table *t, cd_id id); /* has (or will have) a size   */
int cd_kind_of(const cd_table *t, cd_id id);   /* of the canon, through IMPORT*/
uint16_t cd_spread(const cd_table *t, cd_id id); /* LATE, UNAVAIL: what a type
                        that holds this one by value gets from it             */
cd_id cd_imported(cd_parser *ps, cd_id there, uint32_t include, int kind,
                  cd_str name, uint16_t flags); /* an IMPORT record           */
void cd_settle(cd_parser *ps, cd_id id); /* a derived type that was late, once
                                            its parts no longer are           */
void cd_set_length(cd_parser *ps, cd_id id, uint64_t n); /* of a late `[...]` */

/* build.c */
uint32_t cd_add_decl(cd_parser *ps, const cd_decl *d); /* a record, not bound */
void cd_bind_name(cd_parser *ps, cd_str name, uint32_t decl); /* journaled    */
void cd_bind_tag(cd_parser *ps, cd_str tag, cd_id id); /* likewise            */

/* import.c.  Of names: the tag's id, or the decl's index; 0: there is none.  */
uint32_t cd_resolve(cd_parser *ps, cd_str name, bool tag); /* an unbound one:
              asks the table's source, then the included tables, and binds it */
uint32_t cd_ask(cd_parser *ps, cd_table *other, const char *name, size_t len,
                bool tag); /* another table, that may have to ask its source  */

/* layout.c: a record's members as parsed, before the ABI places them.        */
typedef struct cd_raw_member {
    cd_str name;
    cd_id type;
    int32_t bits;        /* -1: none                                          */
    uint32_t align;      /* _Alignas / aligned(n); 0: none                    */
    bool packed;         /* attribute packed on the member                    */
    cd_token at;         /* for messages                                      */
} cd_raw_member;

typedef struct cd_record_opts {
    bool packed;         /* attribute packed on the record                    */
    uint32_t pack;       /* pragma pack / cdef(pack=); 0: natural             */
    uint32_t align;      /* aligned(n) on the record; 0: none                 */
    bool ms_struct, gcc_struct, transparent;
    bool partial;        /* `...;`                                            */
} cd_record_opts;

bool cd_knows_ms_struct(const cd_table *t); /* false: it is not representable */
/* The steps of completing a record, for build_record.c.  Checks all members;
 * how many are listed.  Lists them from index `next` on, without positions;
 * the flags that they give the record.  Places the listed ones; the size, and
 * the alignment in *align (on entry: the least it may have).                 */
uint32_t cd_check_members(cd_parser *ps, const cd_raw_member *m, uint32_t n,
                          bool open_anywhere); /* T a[], not only at the end  */
uint16_t cd_list_members(cd_parser *ps, const cd_raw_member *raw, uint32_t n,
                         uint32_t next, bool is_union);
uint64_t cd_place_members(cd_parser *ps, const cd_raw_member *raw, uint32_t n,
                          uint32_t first, bool is_union,
                          const cd_record_opts *o, uint32_t *align);
/* From a bit-field's first bit, as the target counts, to its storage unit.   */
void cd_find_unit(const cd_table *t, cd_member *m, uint64_t record_size);
int cd_enum_base(const cd_target *target, int bits, bool is_signed,
                 bool packed); /* an enum's compatible type                   */
/* Completes an opaque STRUCT or UNION: checks members (incomplete types,
 * duplicates through anonymous members, widths), lays out, journals.         */
void cd_complete_record(cd_parser *ps, cd_id id, const cd_raw_member *m,
                        uint32_t n, const cd_record_opts *o);
/* Chooses the compatible integer type (base 0: by the values) and completes.
 * Binds nothing: enum.c has made the n decls, one run that begins at first.  */
typedef struct cd_raw_enumerator { cd_str name; cd_value value; bool dots;
                                   cd_token at; } cd_raw_enumerator;
void cd_complete_enum(cd_parser *ps, cd_id id, const cd_raw_enumerator *e,
                      uint32_t n, uint32_t first, int base, bool packed,
                      bool partial);

/* lex.c */
void cd_lex_start(cd_parser *ps);            /* behind setjmp: refuses NUL and
                                                bad UTF-8, reads the 1st token*/
bool cd_is_word(char c);                     /* may a name have it in it?     */
void cd_next(cd_parser *ps);                 /* to the next token             */
const cd_token *cd_peek(cd_parser *ps);      /* the one after tok             */
bool cd_accept(cd_parser *ps, int kind);     /* if tok is it, go on           */
void cd_expect(cd_parser *ps, int kind);     /* consume or die                */
void cd_skip_balanced(cd_parser *ps);        /* tok is ( [ or {: past its end;
                                                anything inside, strings too  */
/* direct.c: # lines; called by the lexer with p after the '#'                */
void cd_directive(cd_parser *ps);
void cd_pragma_text(cd_parser *ps, const char *s, size_t len); /* _Pragma     */
void cd_later_macros(cd_parser *ps); /* at the text's end                     */
bool cd_defined_below(cd_parser *ps, const cd_token *name, cd_value *v);
    /* In a cdef, as in CFFI, an integer macro counts above its line, too.    */
void cd_rename(cd_parser *ps);       /* there, too: redefine_extname          */

/* num.c: literals -> values */
cd_value cd_number(cd_parser *ps, const cd_token *tok); /* NUMBER             */
cd_value cd_character(cd_parser *ps, const cd_token *tok);
cd_value cd_strings(cd_parser *ps);
cd_str cd_string(cd_parser *ps); /* tok is STRING: it and the adjacent ones
                                    joined, escapes decoded; past them        */
int cd_encode_utf8(uint32_t c, unsigned char out[4]); /* its bytes          */
cd_str cd_scratch_str(cd_parser *ps, size_t base); /* scratch from base on,
                                    interned and popped                       */

/* cexpr.c */
cd_value cd_const_expr(cd_parser *ps);       /* conditional-expression        */
cd_value cd_const_int(cd_parser *ps);        /* the same, integer or die      */
cd_value cd_any_expr(cd_parser *ps);         /* the same two, but a value may */
cd_value cd_any_int(cd_parser *ps);          /* have a reason (unknown)       */
cd_str cd_c_text(cd_parser *ps, const cd_token *from); /* the text from there
                                                to tok, if ps->by_target      */
void cd_depends(cd_parser *ps, int prim, uint64_t v); /* sets by_target if a
                                                value of prim may             */
cd_id cd_expr_type(cd_parser *ps);           /* an expression's type, for
                                                typeof; it is not evaluated   */
cd_value cd_convert_value(cd_parser *ps, cd_value v, cd_id type); /* a cast   */

/* attr.c: what attributes, declspecs and pragmas said, gathered over a
 * declaration.  Zero-initialise.                                             */
typedef struct cd_attrs {
    bool packed, ms_struct, gcc_struct, transparent, keep_gil, is_const;
    bool noreturn;       /* counts for pointers to functions                  */
    bool thread;         /* __declspec(thread)                                */
    bool has_mode;
    int mode;            /* row of attr.c's list of modes                     */
    uint32_t align;      /* largest aligned(n) / _Alignas; 0: none            */
    uint64_t vector;     /* vector_size(bytes); 0: none                       */
    int abi;             /* cd_abi                                            */
    cd_str asm_label;
    const char *unavailable; /* an attribute we cannot honour: the reason     */
} cd_attrs;
bool cd_at_attribute(cd_parser *ps); /* tok begins one ([[ included)          */
void cd_attributes(cd_parser *ps, cd_attrs *a);      /* zero or more          */
void cd_add_attrs(cd_attrs *to, const cd_attrs *from); /* but not the abi     */
/* Why a declaration with these cannot be used: the reason of a, else of b.   */
static inline const char *cd_reason(const cd_attrs *a, const cd_attrs *b)
{
    return a->unavailable ? a->unavailable : b->unavailable;
}
cd_id cd_apply_type_attrs(cd_parser *ps, cd_id type, const cd_attrs *a);
void cd_pragma_operator(cd_parser *ps); /* tok is _Pragma                     */

/* spec.c */
enum cd_storage { CD_S_NONE, CD_S_TYPEDEF, CD_S_EXTERN, CD_S_STATIC,
                  CD_S_REGISTER };
typedef struct cd_spec {
    cd_id type;
    int storage;
    bool is_inline, is_thread, is_noreturn, is_constexpr, is_auto;
    bool dots;           /* `typedef ... name`: type is 0 until named         */
    bool dots_int, dots_float; /* `int...`, `float...`                        */
    bool declares_tag;   /* struct/union/enum with or without a body          */
    bool may_name;       /* a typedef directly of it may become its name      */
    cd_attrs attrs;
    cd_token at;
} cd_spec;
void cd_specifiers(cd_parser *ps, cd_spec *out);
bool cd_starts_type(const cd_parser *ps, const cd_token *tok);

/* declr.c */
typedef struct cd_declarator {
    cd_str name;         /* 0: abstract                                       */
    cd_id type;
    cd_token at;         /* the name, for messages                            */
    uint32_t params;     /* first parameter name in .ids of the outermost
                            function suffix; 0: none                          */
    uint32_t n_old;      /* `f(a, b)`, a definition before prototypes: how
                            many names there are, else 0                      */
    cd_attrs attrs;      /* attributes and asm label behind it                */
} cd_declarator;
enum cd_declr_mode { CD_DECLR_NAMED, CD_DECLR_ABSTRACT, CD_DECLR_EITHER,
                     CD_DECLR_STRING, /* EITHER, of no parameter */
                     CD_DECLR_MEMBER /* NAMED, in a body */ };
void cd_declare(cd_parser *ps, const cd_spec *spec, int mode,
                cd_declarator *out);
cd_id cd_type_name(cd_parser *ps); /* specifiers + abstract declarator        */
cd_id cd_type_string(cd_parser *ps); /* likewise; it may have a name          */

/* record.c, enum.c: tok is after the keyword                                 */
cd_id cd_record_spec(cd_parser *ps, int kind);
void cd_waiting_bodies(cd_parser *ps);       /* at the text's end             */
cd_id cd_enum_spec(cd_parser *ps);
/* What `struct tag` names, declared as opaque if it was not; another kind of
 * tag is an error at `at`.                                                   */
cd_id cd_refer_tag(cd_parser *ps, int kind, cd_str tag, const cd_token *at);
/* The error of a tag that is defined in two ways. */
CD_NORETURN void cd_another_body(cd_parser *ps, const cd_token *at,
                                 cd_id first);

/* compat.c */
bool cd_compatible(const cd_table *t, cd_id a, cd_id b); /* as C has it       */
cd_id cd_composite(cd_parser *ps, cd_id a, cd_id b); /* of compatible types   */
/* The same C type, or anonymous records with the same bodies; then: records,
 * tagged or not, with the same body, in one table and in two.                */
bool cd_same_bodies(cd_parser *ps, cd_id a, cd_id b);
bool cd_same_record(cd_parser *ps, cd_id a, cd_id b);
bool cd_same_imported(const cd_table *t, const cd_ctype *x, const cd_table *u,
                      const cd_ctype *y);

/* decl.c */
void cd_translation_unit(cd_parser *ps);
void cd_skip_until(cd_parser *ps, int stop, int or_stop); /* balanced         */
void cd_static_assert(cd_parser *ps); /* tok is _Static_assert                */

/* merge.c */
/* Binds a name or merges it with its compatible earlier declaration; a
 * conflict is located at both places.  The decl's index.                     */
uint32_t cd_bind(cd_parser *ps, const cd_decl *d, const cd_token *at);
/* The declaration that a new one of this name must agree with; 0: none, it is
 * free (override, or a standard name that may be anything: bool, FILE).      */
uint32_t cd_earlier_decl(cd_parser *ps, cd_str name);
CD_NORETURN void cd_conflict(cd_parser *ps, const cd_decl *d,
                             const cd_decl *old, const cd_token *at);

#endif
