/* cd_build.h - a table made from records instead of text.  Public.  MIT.
 *
 * A source (a compiled stub) knows declarations that a table does not hold yet.
 * The table asks it for a name before its includes, when the name is first met;
 * the source then makes what the name means by the cd_build_ functions, inside
 * the transaction of whoever asked: if that one fails, the journal takes it all
 * back, and cd_build_note() makes it take back the source's own notes as well.
 *
 * The cd_build_ functions fail like the grammar does, by a jump to the landing
 * pad of the transaction: a source holds nothing that needs releasing while it
 * calls them, and no Python runs below it.  All need exclusive access to the
 * table.
 *
 * What a table has already declared in full is never changed: it is compared,
 * and where a compiler found something else, cd_build_reason() says what.  What
 * was late (partial records, `int...`, `[...]`, `#define X ...`) is completed
 * in place.                                                                  */
#ifndef CD_BUILD_H
#define CD_BUILD_H
#include "cd_parser.h"

typedef struct cd_parser cd_builder;

typedef struct cd_source {
    void *ctx;
    /* Binds an unbound tag or ordinary name by cd_build_tagged, _decl...
     * True: it did; false: it does not know the name.                        */
    bool (*bind)(cd_builder *b, void *ctx, const char *name, size_t len,
                 bool tag);
    /* The record or enum without a tag that has this number; 0: none.        */
    cd_id (*numbered)(cd_builder *b, void *ctx, uint32_t number);
    /* Has it a meaning of its own for a standard name?                       */
    bool (*knows)(void *ctx, const char *name, size_t len);
} cd_source;

/* Lets names come from a source, which must outlive the table's use.  One a
 * table, before its first cdef.  Numbers $n up to n_anonymous are the source's;
 * the table's own begin behind.                                              */
void cd_table_set_source(cd_table *t, const cd_source *source,
                         uint32_t n_anonymous);

/* One transaction: runs fill, which may call cd_build_ functions.  0, or -1
 * with *err set and the table as before.                                     */
int cd_build(cd_table *t, void (*fill)(cd_builder *b, void *arg), void *arg,
             cd_error *err);

/* The n bytes at p will change: a rollback restores them.                    */
void cd_build_note(cd_builder *b, void *p, size_t n);
/* Gives up with a message (CD_E_CONSTRAINT), or without memory.              */
_Noreturn void cd_build_fail(cd_builder *b, const char *message);
_Noreturn void cd_build_no_memory(cd_builder *b);
/* The table, to read: its records do not move.                               */
const cd_table *cd_build_table(const cd_builder *b);

/* ---- types, shared with what the table has already ----------------------- */

cd_id cd_build_pointer(cd_builder *b, cd_id item);
cd_id cd_build_array(cd_builder *b, cd_id item, uint64_t n, uint16_t flags);
cd_id cd_build_vector(cd_builder *b, cd_id item, uint64_t lanes);
cd_id cd_build_function(cd_builder *b, cd_id result, const cd_id *params,
                        uint32_t n, int abi, uint16_t flags);
cd_id cd_build_qualified(cd_builder *b, cd_id item, int quals);
cd_id cd_build_unavailable(cd_builder *b, const char *spelling,
                           const char *reason);
/* The typedef that the table binds to the name if it stands for item, else a
 * new one (which cd_build_decl binds).  No name: aligned(align) of item.     */
cd_id cd_build_typedef(cd_builder *b, const char *name, cd_id item,
                       uint32_t align, uint32_t where);
/* The integer or floating type of a size; 0: this platform has none.         */
int cd_build_number(const cd_builder *b, uint64_t size, bool is_float,
                    bool is_signed);

/* A record or enum of an included table: by tag, by the typedef's name with
 * CD_F_TYPEDEF_NAME, or by its number there.  from 0: any included table, by
 * name.  0: there is none.                                                   */
cd_id cd_build_import(cd_builder *b, cd_table *from, int kind, const char *name,
                      uint16_t flags, uint32_t number);

/* Any type of an included table, by its id there.                            */
cd_id cd_build_import_id(cd_builder *b, const cd_table *from, cd_id id);

/* ---- names and places ---------------------------------------------------- */

/* The name's number; of NULL and "" 0.                                       */
cd_str cd_build_name(cd_builder *b, const char *s, size_t len);
/* Parameter names joined by ',': the index of the first; 0 for NULL and "".  */
uint32_t cd_build_params(cd_builder *b, const char *joined);
/* A place for messages, never 0: that would be a standard name's.            */
uint32_t cd_build_where(cd_builder *b, const char *file, uint32_t line);

/* What the name is bound to here: a tag's id, a decl's index; 0: nothing.    */
uint32_t cd_build_bound(const cd_builder *b, const char *name, bool tag);

/* Binds d->name; of a name that the table has, late facts (`#define X ...`)
 * are filled in, and all else stays.  The decl's index.                      */
uint32_t cd_build_decl(cd_builder *b, const cd_decl *d);

/* ---- records and enums --------------------------------------------------- */

/* With a tag: what the tag is bound to, else a new opaque one that is then
 * bound.  Without: a new one.                                                */
typedef struct cd_build_tag {
    int kind;
    const char *name; /* the tag, or the typedef's with CD_F_TYPEDEF_NAME     */
    uint16_t flags;   /* CD_F_TYPEDEF_NAME                                    */
    uint32_t number;  /* without a tag                                        */
    uint32_t where;
} cd_build_tag;
cd_id cd_build_tagged(cd_builder *b, const cd_build_tag *what);

/* Completes a record with a compiler's layout: cd_build_record, then each of
 * its n members, then cd_build_record_end with the same layout.  Records
 * declared in full (neither CD_F_PARTIAL nor CD_F_LAID_OUT in flags) are laid
 * out by the table's target too; where the compiler disagrees, the record
 * becomes CD_F_UNAVAIL.                                                      */
typedef struct cd_build_layout {
    uint64_t size;
    uint32_t align;   /* 0: no layout, of a record that cannot be used        */
    uint8_t pack;     /* as in the record's sub                               */
    uint16_t flags;   /* PARTIAL, LAID_OUT, TRANSPARENT: what the members do
                         not tell                                             */
} cd_build_layout;
void cd_build_record(cd_builder *b, cd_id record, const cd_build_layout *l,
                     uint32_t n);

typedef struct cd_build_member {
    const char *name; /* NULL: anonymous record                               */
    cd_id type;
    uint64_t offset;  /* bytes                                                */
    uint64_t size;    /* bytes; of a bit-field or open array: not looked at   */
    int16_t bits;     /* -1: no bit-field                                     */
    uint16_t shift;   /* of a bit-field: its first bit in the byte at offset,
                         counted as the target counts bits                    */
    int32_t found;    /* of a bit-field: bits the compiler's has; 0: not a run
                         of bits at all                                       */
} cd_build_member;
void cd_build_member_at(cd_builder *b, cd_id record, uint32_t i,
                        const cd_build_member *m);
void cd_build_record_end(cd_builder *b, cd_id record,
                         const cd_build_layout *l);

/* Completes an enum that has n enumerators, then each of them.  Enumerators
 * keep their values here also when they were declared otherwise.             */
void cd_build_enum(cd_builder *b, cd_id id, uint64_t size, bool is_signed,
                   uint16_t flags, uint32_t n);
typedef struct cd_build_enumerator {
    const char *name;
    int64_t value;
    uint8_t flags;    /* cd_decl_flag                                         */
    bool binds;       /* the name means this one, if it means nothing yet     */
    uint32_t where;
} cd_build_enumerator;
void cd_build_enumerator_at(cd_builder *b, cd_id id, uint32_t i,
                            const cd_build_enumerator *e);

/* ---- completing what is late --------------------------------------------- */

/* `int...`, `float...`: the primitive, or 0: unavailable.  `[...]`: its
 * length.  What is not late is left alone.                                   */
void cd_build_set_prim(cd_builder *b, cd_id id, int prim);
void cd_build_set_length(cd_builder *b, cd_id id, uint64_t n);
/* Types made of late or unavailable ones look at them again: one, or all.    */
void cd_build_settle(cd_builder *b, cd_id id);
void cd_build_settle_all(cd_builder *b);

/* What a compiler found otherwise than the record or enum was declared; NULL:
 * nothing.  A string of the table.                                           */
const char *cd_build_reason(const cd_table *t, cd_id id);
#endif
