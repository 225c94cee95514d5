/* stub_source.c - a stub as the source of a table's names.  MIT.
 *
 * Names are found by binary search in the stub's sorted lists; nothing is made
 * before it is asked for.  stub_types.c makes the types.                     */
#include "stub_types.h"
#include <stdlib.h>
#include <string.h>

/* ---- finding names ------------------------------------------------------- */

/* memcmp's order; what begins the other is before it. */
static int compare(const char *name, size_t len, const char *other)
{
    size_t n = strlen(other);
    int order = memcmp(name, other, len < n ? len : n);

    return order != 0 ? order : (len > n) - (len < n);
}

const struct cd_stub_global *cc_source_find(const cc_source *src,
                                            const char *name, size_t len)
{
    const struct cd_stub *s = src->s;
    uint32_t low = 0, high = s->n_globals;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct cd_stub_global *g = &s->globals[middle];
        int order = compare(name, len, s->text + g->name);
        if (order == 0)
            return g;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The record or enum with a tag; 0: none. */
static cd_sid find_tag(const cc_source *src, const char *name, size_t len)
{
    const struct cd_stub *s = src->s;
    uint32_t low = 0, high = s->n_tags;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t i = s->tags[middle];
        int order = compare(name, len, s->text + s->types[i].name);
        if (order == 0)
            return i + CD_FIRST_SID;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

/* ---- binding ------------------------------------------------------------- */

static void describe_int(cd_builder *b, const cc_source *src,
                         const struct cd_stub_global *g, cd_decl *d)
{
    char reason[400];
    bool above;

    if (!cc_source_int(src, g, &d->u.value, &above, reason, sizeof reason)) {
        d->kind = CD_D_UNAVAILABLE;
        d->text = cd_build_name(b, reason, strlen(reason));
        d->u.value = 0;
    } else if (above) {
        d->flags |= CD_DF_UNSIGNED;
    }
}

/* The global as the declaration that a cdef would have made of it. */
static void describe(cd_builder *b, const cc_source *src,
                     const struct cd_stub_global *g, cd_decl *d)
{
    const char *text = src->s->text;

    *d = (cd_decl){.kind = g->kind, .flags = g->flags,
                   .type = cc_made(src, g->type)};
    d->name = cd_build_name(b, text + g->name, strlen(text + g->name));
    d->where = cc_stub_place(b, src, g->file, g->line);
    switch (g->kind) {
    case CD_D_FUNCTION:
    case CD_D_EXTERN_PYTHON:
        d->params = cd_build_params(b, text + g->params);
        break;
    case CD_D_INT: describe_int(b, src, g, d); break;
    case CD_D_FLOAT: d->u.number = cc_source_float(src, g); break;
    case CD_D_STRING:
        d->text = cd_build_name(b, text + g->doc, g->slot);
        break;
    case CD_D_UNAVAILABLE:
        d->text = cd_build_name(b, text + g->doc, strlen(text + g->doc));
        break;
    default: break;
    }
}

/* An enum binds its enumerators itself.  In a table of its own only what waits
 * for a value is of interest.                                                */
static void bind_global(cd_builder *b, cc_source *src,
                        const struct cd_stub_global *g)
{
    cd_decl d;

    cc_make_type(b, src, g->type);
    uint32_t i = cd_build_bound(b, src->s->text + g->name, false);
    const cd_decl *bound = cd_decl_at(cd_build_table(b), i);
    if (src->asked ? i != 0
                   : bound->kind != CD_D_MACRO || g->kind == CD_D_MACRO)
        return;
    describe(b, src, g, &d);
    cd_build_decl(b, &d);
}

static bool bind(cd_builder *b, void *ctx, const char *name, size_t len,
                 bool tag)
{
    cc_source *src = ctx;

    if (tag) {
        cd_sid sid = find_tag(src, name, len);
        return sid != 0 && cc_make_type(b, src, sid) != 0;
    }
    const struct cd_stub_global *g = cc_source_find(src, name, len);
    if (g != NULL)
        bind_global(b, src, g);
    return g != NULL;
}

static cd_id numbered(cd_builder *b, void *ctx, uint32_t number)
{
    cc_source *src = ctx;

    for (uint32_t i = 0; i < src->s->n_types; i++) {
        const struct cd_stub_type *t = &src->s->types[i];
        bool tagged = t->kind == CD_STRUCT || t->kind == CD_UNION ||
                      t->kind == CD_ENUM;
        if (tagged && t->x == number &&
            (t->name == 0 || t->flags & CD_F_TYPEDEF_NAME))
            return cc_make_type(b, src, i + CD_FIRST_SID);
    }
    return 0;
}

static bool knows(void *ctx, const char *name, size_t len)
{
    return cc_source_find(ctx, name, len) != NULL;
}

/* ---- a source's life ----------------------------------------------------- */

/* The largest number $n of the stub's own records. */
static uint32_t largest_number(const struct cd_stub *s)
{
    uint32_t largest = 0;

    for (uint32_t i = 0; i < s->n_types; i++) {
        const struct cd_stub_type *t = &s->types[i];
        bool tagged = t->kind == CD_STRUCT || t->kind == CD_UNION ||
                      t->kind == CD_ENUM;
        if (tagged && !(t->x & CD_TYPEDEF_NAMED) && t->x > largest)
            largest = t->x;
    }
    return largest;
}

/* One block: the struct, the include tables, three numbers for each type. */
cc_source *cc_source_new(const struct cd_stub *s, cd_table *t, bool asked)
{
    size_t tables = s->n_includes * sizeof(cd_table *);
    size_t numbers = (size_t)s->n_types * 3 * sizeof(uint32_t);
    cc_source *src = calloc(1, sizeof *src + tables + numbers);

    if (src == NULL)
        return NULL;
    src->s = s;
    src->table = t;
    src->asked = asked;
    src->includes = (cd_table **)(src + 1);
    src->memo = (uint32_t *)(src->includes + s->n_includes);
    src->work = src->memo + s->n_types;
    src->queue = src->work + s->n_types;
    if (asked) {
        cd_source source = {src, bind, numbered, knows};
        cd_table_set_source(t, &source, largest_number(s));
    }
    return src;
}

void cc_source_free(cc_source *src)
{
    free(src);
}

const struct cd_stub *cc_source_stub(const cc_source *src)
{
    return src->s;
}

void cc_source_include(cc_source *src, uint32_t no, cd_table *table)
{
    src->includes[no - 1] = table;
}

/* ---- types and everything ------------------------------------------------ */

typedef struct request {
    cc_source *src;
    cd_sid sid;
    cd_id id;
} request;

static void make_one(cd_builder *b, void *arg)
{
    request *r = arg;

    r->id = cc_make_type(b, r->src, r->sid);
}

cd_id cc_source_type(cc_source *src, cd_sid sid, cd_error *err)
{
    request r = {src, sid, 0};

    if (sid < CD_FIRST_SID)
        return sid;
    if (src->memo[sid - CD_FIRST_SID] & CC_DONE)
        return cc_made(src, sid);
    return cd_build(src->table, make_one, &r, err) == 0 ? r.id : 0;
}

/* A table of its own first learns which of its types the stub's are. */
static void make_all(cd_builder *b, void *arg)
{
    cc_source *src = arg;

    if (!src->asked)
        cc_adopt_types(b, src);
    for (uint32_t i = 0; i < src->s->n_types; i++)
        cc_make_type(b, src, i + CD_FIRST_SID);
    for (uint32_t i = 0; i < src->s->n_globals; i++)
        bind_global(b, src, &src->s->globals[i]);
    if (!src->asked)
        cd_build_settle_all(b);
}

/* Why a type is not what was declared; NULL: it is, or a part of it is why. */
static const char *reason_of(const cc_source *src, uint32_t i)
{
    const struct cd_stub_type *t = &src->s->types[i];
    cd_id id = cc_made(src, i + CD_FIRST_SID);

    if (t->kind == CD_STRUCT || t->kind == CD_UNION || t->kind == CD_ENUM)
        return cd_build_reason(src->table, id);
    if ((t->kind == CD_PRIM || t->kind == CD_IMPORT) &&
        cd_type(src->table, id)->flags & CD_F_UNAVAIL)
        return cd_why(src->table, id);
    return NULL;
}

int cc_source_all(cc_source *src,
                  void (*say)(void *arg, const char *name, const char *file,
                              uint32_t line, const char *reason),
                  void *arg, cd_error *err)
{
    const struct cd_stub *s = src->s;
    char text[400];
    int64_t value;
    bool above;

    if (cd_build(src->table, make_all, src, err) != 0)
        return -1;
    for (uint32_t i = 0; say != NULL && i < s->n_types; i++) {
        const char *reason = reason_of(src, i);
        if (reason == NULL)
            continue;
        cd_spell(src->table, cc_made(src, i + CD_FIRST_SID), "", text,
                 sizeof text);
        say(arg, text, cc_stub_text(src, s->types[i].file), s->types[i].line,
            reason);
    }
    for (uint32_t i = 0; say != NULL && i < s->n_globals; i++) {
        const struct cd_stub_global *g = &s->globals[i];
        if (g->kind == CD_D_INT &&
            !cc_source_int(src, g, &value, &above, text, sizeof text)) {
            size_t len = strlen(text);
            cc_source_declared(src, g, text + len, sizeof text - len);
            say(arg, s->text + g->name, cc_stub_text(src, g->file), g->line,
                text);
        }
    }
    return 0;
}
