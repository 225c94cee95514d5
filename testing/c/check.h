/* check.h - what the C unit tests share: checks, an allocator that fails on
 * demand, a table's whole content as text.                                   */
#ifndef CHECK_H
#define CHECK_H
#include "cd_impl.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(condition) \
    ((condition) ? (void)0 \
                 : (void)(failures++, fprintf(stderr, "%s:%d: not true: %s\n", \
                                              __FILE__, __LINE__, #condition)))

/* ---- an allocator that fails at its n-th call ---------------------------- */

typedef struct failing {
    long calls, fail_at; /* 0: never                                          */
    size_t live;         /* bytes                                             */
} failing;

static void *failing_resize(void *ctx, void *p, size_t old_size,
                            size_t new_size)
{
    failing *f = ctx;

    if (new_size == 0) {
        free(p);
        f->live -= old_size;
        return NULL;
    }
    if (++f->calls == f->fail_at)
        return NULL;
    void *q = realloc(p, new_size);
    if (q == NULL)
        abort();
    f->live += new_size - old_size;
    return q;
}

static inline cd_table *failing_table(failing *f)
{
    cd_alloc alloc = {failing_resize, f};

    return cd_table_new(&alloc, NULL);
}

/* ---- a table as text ----------------------------------------------------- */

typedef struct text {
    char *p;
    size_t len, cap;
} text;

static void put_bytes(text *out, const void *p, size_t n)
{
    while (out->cap - out->len < n) {
        out->cap = out->cap ? out->cap * 2 : 1 << 16;
        out->p = realloc(out->p, out->cap);
        if (out->p == NULL)
            abort();
    }
    memcpy(out->p + out->len, p, n);
    out->len += n;
}

static void put_seg(text *out, const cd_seg *s)
{
    put_bytes(out, &s->count, sizeof s->count);
    for (uint32_t i = 1; i < s->count; i++)
        put_bytes(out, cd_seg_at(s, i), s->elem);
}

/* The names without what only the machinery sees (stamps). */
static void put_atoms(text *out, const cd_table *t)
{
    put_bytes(out, &t->atoms.count, sizeof t->atoms.count);
    for (cd_str i = 1; i < t->atoms.count; i++) {
        const cd_atom *a = cd_atom_at(t, i);
        put_bytes(out, a->text, a->len + 1);
        put_bytes(out, &a->decl, sizeof a->decl);
        put_bytes(out, &a->tag, sizeof a->tag);
    }
}

/* Everything that a table says, as bytes. */
static inline text snapshot(const cd_table *t)
{
    text out = {0};

    put_bytes(&out, &t->types.count, sizeof t->types.count);
    for (cd_id i = 1; i < t->types.count; i++) {
        put_bytes(&out, cd_ty(t, i), sizeof(cd_ctype));
    }
    put_seg(&out, &t->members);
    put_seg(&out, &t->decls);
    put_seg(&out, &t->ids);
    put_seg(&out, &t->wheres);
    put_seg(&out, &t->includes);
    put_atoms(&out, t);
    put_bytes(&out, &t->n_anonymous, sizeof t->n_anonymous);
    return out;
}

/* Is the table what it was?  Also: can all that was interned be found? */
static inline bool unchanged(const cd_table *t, const text *before)
{
    text now = snapshot(t);
    bool same = now.len == before->len && !memcmp(now.p, before->p, now.len);

    free(now.p);
    for (cd_str i = 1; i < t->atoms.count; i++) {
        const cd_atom *a = cd_atom_at(t, i);
        same = same && cd_find_atom(t, a->text, a->len) == i;
    }
    return same;
}

static inline int cdef(cd_table *t, const char *s, cd_error *err)
{
    return cd_cdef(t, s, strlen(s), NULL, err);
}

/* A cdef that must be right. */
static inline void must_cdef(cd_table *t, const char *s)
{
    cd_error err;

    if (cdef(t, s, &err) != 0) {
        failures++;
        fprintf(stderr, "%s\n", err.text);
    }
}

static inline cd_id type_of(cd_table *t, const char *s)
{
    cd_error err;
    cd_id id = cd_typename(t, s, strlen(s), &err);

    if (id == 0) {
        failures++;
        fprintf(stderr, "%s\n", err.text);
    }
    return id;
}

static inline cd_id canon_of(cd_table *t, const char *s)
{
    cd_id id = type_of(t, s);

    return id ? cd_type(t, id)->canon : 0;
}

#endif
