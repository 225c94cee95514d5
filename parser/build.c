/* build.c - types and names from records instead of text.  MIT.
 *
 * A thin face before types.c, which shares and checks types whoever makes
 * them.  Nothing here asks the table's source: it is at work.                */
#include "cd_impl.h"
#include "cd_target.h"
#include <string.h>

/* ---- the transaction ----------------------------------------------------- */

void cd_table_set_source(cd_table *t, const cd_source *source,
                         uint32_t n_anonymous)
{
    t->source = *source;
    if (t->n_anonymous < n_anonymous)
        t->n_anonymous = n_anonymous;
    for (uint32_t i = 1; i < t->decls.count; i++) {
        const cd_decl *d = cd_decl_at(t, i);
        uint32_t len;
        const char *name = cd_text(t, d->name, &len);
        if (d->where == 0 && source->knows(source->ctx, name, len))
            cd_atom_at(t, d->name)->decl = 0;
    }
}

/* asking: what fill makes it knows itself, without being asked back. */
int cd_build(cd_table *t, void (*fill)(cd_builder *b, void *arg), void *arg,
             cd_error *err)
{
    cd_parser ps;

    cd_parser_begin(&ps, t, "", 0, NULL, err);
    ps.asking = true;
    return cd_run(&ps, fill, arg) ? 0 : -1;
}

void cd_build_note(cd_builder *b, void *p, size_t n)
{
    cd_touch(b, p, n);
}

_Noreturn void cd_build_fail(cd_builder *b, const char *message)
{
    cd_fail(b, CD_E_CONSTRAINT, NULL, "%s", message);
}

_Noreturn void cd_build_no_memory(cd_builder *b)
{
    cd_no_memory(b);
}

const cd_table *cd_build_table(const cd_builder *b)
{
    return b->t;
}

/* ---- types --------------------------------------------------------------- */

cd_id cd_build_pointer(cd_builder *b, cd_id item)
{
    return cd_pointer_to(b, item);
}

cd_id cd_build_array(cd_builder *b, cd_id item, uint64_t n, uint16_t flags)
{
    return cd_array_of(b, item, n, flags & CD_F_OPEN);
}

cd_id cd_build_vector(cd_builder *b, cd_id item, uint64_t lanes)
{
    uint64_t size = 0;
    uint32_t align;

    if (!cd_layout_of(b->t, item, &size, &align) || lanes > CD_MAX_ALIGN)
        cd_build_fail(b, "vector of what has no size, or too many lanes");
    return cd_vector_of(b, item, size * lanes);
}

cd_id cd_build_function(cd_builder *b, cd_id result, const cd_id *params,
                        uint32_t n, int abi, uint16_t flags)
{
    return cd_function(b, result, params, n, abi,
                       flags & (CD_F_VARIADIC | CD_F_NOPROTO));
}

cd_id cd_build_qualified(cd_builder *b, cd_id item, int quals)
{
    return cd_qualified(b, item, quals);
}

cd_id cd_build_unavailable(cd_builder *b, const char *spelling,
                           const char *reason)
{
    return cd_unavailable_type(b, spelling, reason);
}

cd_id cd_build_typedef(cd_builder *b, const char *name, cd_id item,
                       uint32_t align, uint32_t where)
{
    if (name == NULL)
        return cd_aligned_type(b, item, align);
    cd_str s = cd_intern(b, name, strlen(name));
    const cd_decl *d = cd_decl_at(b->t, cd_atom_at(b->t, s)->decl);
    const cd_ctype *c = cd_ty(b->t, d->type);
    if (d->kind == CD_D_TYPEDEF && c->kind == CD_TYPEDEF && c->a == item)
        return d->type;
    return cd_typedef_of(b, s, item, where);
}

/* Of equal ones the first: what a fixed-width name means. */
int cd_build_number(const cd_builder *b, uint64_t size, bool is_float,
                    bool is_signed)
{
    static const uint8_t floats[] = {CD_PRIM_FLOAT, CD_PRIM_DOUBLE,
                                     CD_PRIM_LDOUBLE, 0};
    static const uint8_t sint[] = {CD_PRIM_INT8, CD_PRIM_INT16, CD_PRIM_INT32,
                                   CD_PRIM_INT64, CD_PRIM_INT128, 0};
    static const uint8_t uint[] = {CD_PRIM_UINT8, CD_PRIM_UINT16,
                                   CD_PRIM_UINT32, CD_PRIM_UINT64,
                                   CD_PRIM_UINT128, 0};
    const uint8_t *p = is_float ? floats : is_signed ? sint : uint;

    while (*p != 0 && cd_prim_size(b->t->target, *p) != size)
        p++;
    return size == 0 ? 0 : *p;
}

/* ---- names and places ---------------------------------------------------- */

cd_str cd_build_name(cd_builder *b, const char *s, size_t len)
{
    return s != NULL && len != 0 ? cd_intern(b, s, len) : 0;
}

static uint32_t count_of(const char *joined)
{
    uint32_t n = 1;

    for (; *joined != '\0'; joined++)
        n += *joined == ',';
    return n;
}

/* An unnamed one has no text between its commas. */
uint32_t cd_build_params(cd_builder *b, const char *joined)
{
    if (joined == NULL || *joined == '\0')
        return 0;
    uint32_t n = count_of(joined);
    uint32_t first = cd_seg_add(b, &b->t->ids, n);
    for (uint32_t i = 0; i < n; i++) {
        size_t len = strcspn(joined, ",");
        *(cd_str *)cd_seg_at(&b->t->ids, first + i) =
            cd_build_name(b, joined, len);
        joined += len + 1;
    }
    return first;
}

uint32_t cd_build_where(cd_builder *b, const char *file, uint32_t line)
{
    cd_str name = file ? cd_build_name(b, file, strlen(file)) : 0;
    uint32_t i = cd_seg_add(b, &b->t->wheres, 1);
    cd_where *w = cd_seg_at(&b->t->wheres, i);

    w->file = name;
    w->line = line;
    return i;
}

/* ---- declared names ------------------------------------------------------ */

uint32_t cd_build_bound(const cd_builder *b, const char *name, bool tag)
{
    const cd_atom *a =
        cd_atom_at(b->t, cd_find_atom(b->t, name, strlen(name)));

    return tag ? a->tag : a->decl;
}

uint32_t cd_add_decl(cd_parser *ps, const cd_decl *d)
{
    uint32_t i = cd_seg_add(ps, &ps->t->decls, 1);

    *(cd_decl *)cd_seg_at(&ps->t->decls, i) = *d;
    return i;
}

/* An atom of this parse vanishes with it: there is nothing to write down.    */
static void bind(cd_parser *ps, cd_str name, uint32_t *meaning, uint32_t is)
{
    if (name < ps->mark_atoms)
        cd_set32(ps, meaning, is);
    else
        *meaning = is;
}

void cd_bind_name(cd_parser *ps, cd_str name, uint32_t decl)
{
    bind(ps, name, &cd_atom_at(ps->t, name)->decl, decl);
}

void cd_bind_tag(cd_parser *ps, cd_str tag, cd_id id)
{
    bind(ps, tag, &cd_atom_at(ps->t, tag)->tag, id);
}

/* A macro's value is known at last. */
static void give_value(cd_parser *ps, cd_decl *old, const cd_decl *d)
{
    cd_touch(ps, old, sizeof *old);
    old->kind = d->kind;
    old->u = d->u;
    old->text = d->text;
    old->flags = (uint8_t)((old->flags & CD_DF_ENUMERATOR) |
                           (d->flags & ~CD_DF_ENUMERATOR));
    if (old->type == 0)
        old->type = d->type;
}

uint32_t cd_build_decl(cd_builder *b, const cd_decl *d)
{
    uint32_t i = cd_atom_at(b->t, d->name)->decl;

    if (i != 0) {
        cd_decl *old = cd_seg_at(&b->t->decls, i);
        if (old->kind == CD_D_MACRO && old->include == 0 &&
            (d->kind == CD_D_INT || d->kind == CD_D_FLOAT ||
             d->kind == CD_D_STRING))
            give_value(b, old, d);
        return i;
    }
    i = cd_add_decl(b, d);
    cd_bind_name(b, d->name, i);
    return i;
}

/* ---- completing what is late --------------------------------------------- */

/* Only `int... t` and `float... t` have their own record; it stays the canon,
 * so that what was made of it means the same.                                */
void cd_build_set_prim(cd_builder *b, cd_id id, int prim)
{
    cd_ctype *c = cd_ty(b->t, id);

    if (c->kind != CD_PRIM || id < CD_N_PRIMS || !(c->flags & CD_F_LATE))
        return;
    cd_touch(b, c, sizeof *c);
    c->flags &= (uint16_t)~CD_F_LATE;
    if (prim == 0) {
        c->flags |= CD_F_UNAVAIL;
        return;
    }
    c->sub = (uint8_t)prim;
    c->size = cd_prim_size(b->t->target, prim);
    c->align = cd_prim_align(b->t->target, prim);
}

void cd_build_set_length(cd_builder *b, cd_id id, uint64_t n)
{
    cd_set_length(b, id, n);
}

void cd_build_settle(cd_builder *b, cd_id id)
{
    cd_settle(b, cd_ty(b->t, id)->canon);
    cd_settle(b, id);
}

/* Parts come before what is made of them, and so does a canon. */
void cd_build_settle_all(cd_builder *b)
{
    for (cd_id id = CD_N_PRIMS; id < b->t->types.count; id++)
        cd_settle(b, id);
}
