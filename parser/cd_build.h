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
 * table.                                                                     */
#ifndef CD_BUILD_H
#define CD_BUILD_H
#include "cd_parser.h"

typedef struct cd_parser cd_builder;

typedef struct cd_source {
    void *ctx;
    /* Binds an unbound tag or ordinary name by cd_build_record, _enum, _decl...
     * True: it did; false: it does not know the name.                        */
    bool (*bind)(cd_builder *b, void *ctx, const char *name, size_t len,
                 bool tag);
} cd_source;

/* Lets names come from a source, which must outlive the table.  One a table,
 * before its first cdef.                                                     */
void cd_table_set_source(cd_table *t, const cd_source *source);

/* One transaction: runs fill, which may call cd_build_ functions.  0, or -1
 * with *err set and the table as before.                                     */
int cd_build(cd_table *t, void (*fill)(cd_builder *b, void *arg), void *arg,
             cd_error *err);

/* The n bytes at p will change: a rollback restores them.                    */
void cd_build_note(cd_builder *b, void *p, size_t n);
/* Gives up with a message (CD_E_CONSTRAINT). */
_Noreturn void cd_build_fail(cd_builder *b, const char *message);

/* Types; shared with what the table has already.                             */
cd_id cd_build_pointer(cd_builder *b, cd_id item);
cd_id cd_build_array(cd_builder *b, cd_id item, uint64_t n, uint16_t flags);
cd_id cd_build_vector(cd_builder *b, cd_id item, uint64_t lanes);
cd_id cd_build_function(cd_builder *b, cd_id result, const cd_id *params,
                        uint32_t n, int abi, uint16_t flags);
cd_id cd_build_qualified(cd_builder *b, cd_id item, int quals);
cd_id cd_build_unavailable(cd_builder *b, const char *spelling,
                           const char *reason);

/* A place for messages; 0 when line is 0. */
uint32_t cd_build_where(cd_builder *b, const char *file, uint32_t line);

/* A record or enum.  With a tag: what the tag is bound to, else a new opaque
 * one that is then bound.  Without: found by its number $n when the table has
 * it, else new.  name: the tag, or the typedef's with CD_F_TYPEDEF_NAME.     */
typedef struct cd_build_tagged {
    int kind;
    const char *name; /* NULL: none                                           */
    uint16_t flags;
    uint32_t number, where;
} cd_build_tagged;
cd_id cd_build_nominal(cd_builder *b, const cd_build_tagged *what);

/* Completes a record with a compiler's layout; one that the table has already
 * is compared, and takes what was late.  Members of a record that was declared
 * in full (no CD_F_PARTIAL, no CD_F_LAID_OUT in flags) are laid out by the
 * table's target too; where the compiler disagrees, the record becomes
 * CD_F_UNAVAIL, and its reason says what was declared and what was found.    */
typedef struct cd_build_member {
    const char *name; /* NULL: anonymous record                               */
    cd_id type;
    uint64_t offset, size;
    int16_t bits;
    uint16_t shift, flags;
} cd_build_member;
void cd_build_layout(cd_builder *b, cd_id record, uint64_t size, uint32_t align,
                     int pack, uint16_t flags, const cd_build_member *m,
                     uint32_t n);
#endif
