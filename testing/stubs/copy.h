/* copy.h - a stub in memory of its own, to be damaged, and what must hold of
 * any stub then: it is refused, or makes a table in which nothing is amiss.  */
#ifndef COPY_H
#define COPY_H
#include "stub.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct copy {
    struct cd_stub s;
    char *text;
    struct cd_stub_type *types;
    uint32_t *ids;
    struct cd_stub_field *fields;
    struct cd_stub_global *globals;
    struct cd_stub_include *includes;
    uint32_t *tags;
    int64_t *facts;
} copy;

static inline void *copied(const void *p, size_t n)
{
    void *q = malloc(n ? n : 1); /* exactly as long: ASan sees the end        */

    if (q == NULL)
        abort();
    return n ? memcpy(q, p, n) : q;
}

#define COPY(field, n) \
    c.s.field = c.field = copied(s->field, (n) * sizeof *c.field)
static inline copy copy_of(const struct cd_stub *s)
{
    copy c = {.s = *s};

    COPY(text, s->n_text);
    COPY(types, s->n_types);
    COPY(ids, s->n_ids);
    COPY(fields, s->n_fields);
    COPY(globals, s->n_globals);
    COPY(includes, s->n_includes);
    COPY(tags, s->n_tags);
    COPY(facts, s->n_facts);
    return c;
}

/* The words of one of its arrays; false: there is no such array. */
static inline bool words_of(copy *c, int array, uint32_t **words, uint32_t *n)
{
    struct {
        void *p;
        size_t bytes;
    } all[] = {
        {c->types, c->s.n_types * sizeof *c->types},
        {c->ids, c->s.n_ids * sizeof *c->ids},
        {c->fields, c->s.n_fields * sizeof *c->fields},
        {c->globals, c->s.n_globals * sizeof *c->globals},
        {c->includes, c->s.n_includes * sizeof *c->includes},
        {c->tags, c->s.n_tags * sizeof *c->tags},
        {c->facts, c->s.n_facts * sizeof *c->facts},
        {c->text, c->s.n_text & ~3u},
    };

    if (array < 0 || (size_t)array >= sizeof all / sizeof *all)
        return false;
    *words = all[array].p;
    *n = (uint32_t)(all[array].bytes / 4);
    return true;
}

/* A record whose size is damaged is no room for a bit-field's real probe. */
static inline void safe_probe(void *record)
{
    *(unsigned char *)record |= 7;
}

/* Makes everything; then all that a reader of a table relies on must hold. */
static inline bool use_stub(const struct cd_stub *s, cd_table *t, bool asked)
{
    char text[2000];
    uint64_t size;
    uint32_t align;
    cd_error err;
    cc_source *src = cc_source_new(s, t, asked);
    bool made = src != NULL && cc_source_all(src, NULL, NULL, &err) == 0;

    for (cd_id id = 1; id <= cd_n_types(t); id++) {
        const cd_ctype *c = cd_type(t, id);
        cd_spell(t, id, "x", text, sizeof text);
        cd_layout_of(t, id, &size, &align);
        if (c->flags & CD_F_BUSY)
            abort();
        if (c->flags & CD_F_UNAVAIL && cd_why(t, id) == NULL &&
            c->kind != CD_TYPEDEF && c->kind != CD_QUAL)
            abort();
        if (c->align != 0 && c->size % c->align != 0 && c->kind != CD_TYPEDEF)
            abort();
        for (uint32_t i = 0; c->kind == CD_STRUCT && i < c->b; i++) {
            const cd_member *m = cd_member_at(t, c->a + i);
            if (c->align != 0 && m->bits < 0 && !(m->flags & CD_M_FLEX) &&
                (!cd_layout_of(t, m->type, &size, &align) ||
                 m->offset + size > c->size))
                abort();
        }
    }
    for (uint32_t i = 1; i <= cd_n_decls(t); i++)
        cd_spell(t, cd_decl_at(t, i)->type, "x", text, sizeof text);
    cc_source_free(src);
    return made;
}

/* Refused, or usable both ways: in a module's table, and (unless NULL) where a
 * text has declared the same.                                                */
static inline bool survives(const struct cd_stub *s, const char *declared)
{
    char why[300];
    cd_error err;

    if (cc_stub_check(s, why, sizeof why) != NULL) {
        if (why[0] == '\0' || strlen(why) > 250)
            abort();
        return false;
    }
    cd_table *t = cd_table_new(NULL, NULL);
    bool made = use_stub(s, t, true);
    cd_table_free(t);
    if (declared == NULL)
        return made;
    t = cd_table_new(NULL, NULL);
    if (cd_cdef(t, declared, strlen(declared), NULL, &err) != 0)
        abort();
    use_stub(s, t, false);
    cd_table_free(t);
    return made;
}

static inline void free_copy(copy *c)
{
    free(c->text);
    free(c->types);
    free(c->ids);
    free(c->fields);
    free(c->globals);
    free(c->includes);
    free(c->tags);
    free(c->facts);
}
#endif
