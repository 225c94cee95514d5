/* fuzz.c - what the fuzz targets share.  MIT.                                */
#include "fuzz.h"

/* ---- digest -------------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static uint64_t mix_text(uint64_t h, const cd_table *t, cd_str s)
{
    uint32_t len;
    const char *text = cd_text(t, s, &len);

    for (uint32_t i = 0; i < len; i++)
        h = mix(h, (unsigned char)text[i]);
    return mix(h, len);
}

static uint64_t mix_member(uint64_t h, const cd_table *t, const cd_member *m)
{
    h = mix_text(h, t, m->name);
    h = mix(mix(h, m->type), m->offset);
    return mix(mix(mix(h, (uint64_t)m->bits), m->shift), m->flags);
}

static uint64_t mix_type(uint64_t h, const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_type(t, id);

    h = mix(mix(mix(h, c->kind), c->sub), c->flags);
    h = mix(mix_text(h, t, c->name), c->canon);
    h = mix(mix(mix(h, c->a), c->b), c->align);
    h = mix(mix(h, c->n), c->size);
    if (c->kind == CD_STRUCT || c->kind == CD_UNION)
        for (uint32_t i = 0; i < c->b; i++)
            h = mix_member(h, t, cd_member_at(t, c->a + i));
    if (c->kind == CD_FUNC)
        for (uint32_t i = 0; i < c->n; i++)
            h = mix(h, cd_id_at(t, c->b + i));
    return h;
}

static uint64_t mix_decl(uint64_t h, const cd_table *t, uint32_t i)
{
    const cd_decl *d = cd_decl_at(t, i);
    const cd_where *w = cd_where_at(t, d->where);

    h = mix(mix_text(h, t, d->name), d->type);
    h = mix(mix(mix(h, d->kind), d->flags), d->include);
    h = mix(mix(h, (uint64_t)d->u.value), d->params);
    h = mix_text(h, t, d->text);
    return mix(mix(mix_text(h, t, w->file), w->line), w->col);
}

uint64_t digest(const cd_table *t)
{
    uint64_t h = mix(cd_n_types(t), cd_n_decls(t));

    for (cd_id id = 1; id <= cd_n_types(t); id++)
        h = mix_type(h, t, id);
    for (uint32_t i = 1; i <= cd_n_decls(t); i++)
        h = mix_decl(h, t, i);
    return h;
}

/* ---- spelling ------------------------------------------------------------ */

/* A record or enum whose tag means it, and not the one that it repeated.     */
static int is_tagged(cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_type(t, id);
    uint32_t len;
    const char *tag = cd_text(t, c->name, &len);

    return c->name && !(c->flags & CD_F_TYPEDEF_NAME) &&
           cd_find_tag(t, c->kind, tag, len) == id;
}

static int has_spelling(cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_type(t, id);

    switch (c->kind) {
    case CD_PRIM:
        return c->sub != CD_PRIM_DOT_INT && c->sub != CD_PRIM_DOT_FLOAT;
    case CD_STRUCT: case CD_UNION: case CD_ENUM: return is_tagged(t, id);
    case CD_FUNC:
        for (uint32_t i = 0; i < c->n; i++)
            if (!has_spelling(t, cd_id_at(t, c->b + i)))
                return 0;
        return has_spelling(t, c->a);
    case CD_ARRAY:
        return !(c->flags & CD_F_DOTS) && has_spelling(t, c->a);
    case CD_POINTER: case CD_QUAL: return has_spelling(t, c->a);
    default: return 0; /* vectors and typedefs: by their declarations only */
    }
}

void check_spelling(cd_table *t, cd_id id)
{
    char text[4096];
    cd_error err;
    size_t len;
    cd_id again;

    if (!has_spelling(t, id))
        return;
    len = cd_spell(t, id, "", text, sizeof text);
    if (len >= sizeof text || !strncmp(text, "...", 3)) /* too deep to spell */
        return;
    again = cd_typename(t, text, len, &err);
    CHECK(again, "type %u, \"%s\": %s", id, text, err.text);
    CHECK(cd_type(t, again)->canon == cd_type(t, id)->canon ||
              cd_type(t, again)->kind == CD_UNAVAIL, /* as _Float16 may be */
          "type %u, \"%s\" is %u", id, text, again);
}

/* ---- an allocator that fails --------------------------------------------- */

static void *failing_resize(void *ctx, void *p, size_t old, size_t size)
{
    failing *state = ctx;

    (void)old;
    if (!size) {
        free(p);
        return NULL;
    }
    if (state->left && !--state->left) {
        state->left = 1; /* and so does every later one */
        return NULL;
    }
    return realloc(p, size);
}

cd_alloc failing_alloc(failing *state)
{
    cd_alloc a = {failing_resize, state};
    return a;
}
