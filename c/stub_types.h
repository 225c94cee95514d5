/* stub_types.h - what stub_source.c, stub_types.c and stub_facts.c share.
 * Private.  MIT.                                                             */
#ifndef CC_STUB_TYPES_H
#define CC_STUB_TYPES_H
#include "stub.h"

/* memo: of each type of the stub its id in the table, 0 as long as it has none,
 * and two marks.  work and queue: see stub_types.c; they have room for every
 * type once.                                                                 */
struct cc_source {
    const struct cd_stub *s;
    cd_table *table;
    cd_table **includes; /* by include number - 1; NULL: by name              */
    uint32_t *memo, *work, *queue;
    uint32_t n_work, n_queue;
    bool asked;
};
enum { CC_BUSY = 1u << 30, CC_MAX_PARAMS = 1024 };
#define CC_DONE (1u << 31)
#define CC_ID (CC_BUSY - 1u)

static inline const struct cd_stub_type *cc_stub_type(const cc_source *src,
                                                      cd_sid sid)
{
    return &src->s->types[sid - CD_FIRST_SID];
}

static inline const char *cc_stub_text(const cc_source *src, cd_off off)
{
    return off ? src->s->text + off : NULL;
}

static inline int64_t cc_fact(const cc_source *src, cd_fact at)
{
    return src->s->facts[at];
}

/* The id of a type that has been made; of a primitive it is the number. */
static inline cd_id cc_made(const cc_source *src, cd_sid sid)
{
    return sid < CD_FIRST_SID ? sid : src->memo[sid - CD_FIRST_SID] & CC_ID;
}

/* A floating constant by its getter. */
double cc_source_float(const cc_source *src, const struct cd_stub_global *g);

/* Where a declaration was read when the module was built: what was <cdef> then
 * is the module's cdef.  The column is not kept.                             */
uint32_t cc_stub_place(cd_builder *b, const cc_source *src, cd_off file,
                       uint32_t line);

/* Makes a type with all that can be reached from it; its id. 0 stays 0. */
cd_id cc_make_type(cd_builder *b, cc_source *src, cd_sid sid);

/* In a table with declarations of its own: what the stub's types are there. */
void cc_adopt_types(cd_builder *b, cc_source *src);

#endif
