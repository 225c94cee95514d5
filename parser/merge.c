/* merge.c - binding names, and merging a declaration with an earlier one of
 * the same name as C does.  MIT.                                             */
#include "cd_impl.h"
#include <string.h>

static cd_decl *decl_at(const cd_parser *ps, uint32_t i)
{
    return cd_seg_at(&ps->t->decls, i);
}

static const cd_ctype *canon_of(const cd_table *t, cd_id id)
{
    return cd_ty(t, cd_ty(t, id)->canon);
}

/* ---- binding ------------------------------------------------------------- */

/* What a declared name is: of a typedef, what it names. */
static cd_id meaning(const cd_table *t, const cd_decl *d)
{
    const cd_ctype *type = cd_ty(t, d->type);
    return d->kind == CD_D_TYPEDEF && type->kind == CD_TYPEDEF ? type->a
                                                               : d->type;
}

CD_NORETURN void cd_conflict(cd_parser *ps, const cd_decl *d,
                             const cd_decl *old, const cd_token *at)
{
    if (old->where == 0)
        cd_fail(ps, CD_E_CONSTRAINT, at,
                "%N is a standard name: here %s integer of size %u", d->name,
                cd_prim_signed(ps->t->target, (int)old->type) ? "a signed"
                                                              : "an unsigned",
                cd_prim_size(ps->t->target, (int)old->type));
    if (old->kind != d->kind)
        cd_fail(ps, CD_E_CONSTRAINT, at,
                "%N is another kind of name: it was declared at %W", d->name,
                old->where);
    if (d->kind == CD_D_INT || d->kind == CD_D_FLOAT || d->kind == CD_D_STRING)
        cd_fail(ps, CD_E_CONSTRAINT, at, "%N has another value at %W", d->name,
                old->where);
    const cd_ctype *x = canon_of(ps->t, d->type);
    const cd_ctype *y = canon_of(ps->t, old->type);
    if (x->kind == y->kind && x->name && x->name == y->name)
        cd_fail(ps, CD_E_CONSTRAINT, at,
                "%N has another body than the one at %W", d->name, old->where);
    cd_fail(ps, CD_E_CONSTRAINT, at, "%N is %Y here, but %Y at %W", d->name,
            meaning(ps->t, d), meaning(ps->t, old), old->where);
}

/* ---- one rule per pair of kinds ------------------------------------------ */

/* `typedef ... T;` twice: opaque types that the same typedef named. */
static bool same_opaque(const cd_table *t, cd_id a, cd_id b)
{
    const cd_ctype *x = canon_of(t, a), *y = canon_of(t, b);
    while (x->kind == CD_POINTER && y->kind == CD_POINTER) {
        x = canon_of(t, x->a);
        y = canon_of(t, y->a);
    }
    return x->kind == y->kind && x->name && x->name == y->name &&
           x->flags & y->flags & (CD_F_OPAQUE | CD_F_LATE);
}

/* A predefined name is a primitive of its own.  Headers repeat its typedef: of
 * equal size and sign it changes nothing, but where a person made a number of
 * a character; else what the text says counts, as it does in CFFI.           */
static bool is_standard_primitive(const cd_parser *ps, const cd_decl *old)
{
    const cd_ctype *type = canon_of(ps->t, old->type);
    return old->where == 0 && type->kind == CD_PRIM && type->name == old->name;
}

static bool is_character(const cd_table *t, cd_id id)
{
    const cd_ctype *type = canon_of(t, id);
    return type->kind == CD_PRIM && cd_prim_class(type->sub) == CD_CLASS_CHAR;
}

/* What is new takes the place of the old record's contents. */
static void overwrite(cd_parser *ps, const cd_decl *d, uint32_t i)
{
    cd_decl *old = decl_at(ps, i);
    cd_touch(ps, old, sizeof *old);
    *old = *d;
}

static bool gives_way(const cd_parser *ps, const cd_decl *old, const cd_decl *d)
{
    return d->kind == CD_D_TYPEDEF && is_standard_primitive(ps, old) &&
           (!cd_compatible(ps->t, d->type, old->type) ||
            (!ps->preprocessed && is_character(ps->t, old->type) &&
             !is_character(ps->t, d->type)));
}

static void merge_typedef(cd_parser *ps, const cd_decl *d, uint32_t i,
                          const cd_token *at)
{
    const cd_decl *old = decl_at(ps, i);
    if (is_standard_primitive(ps, old))
        return;
    if (!cd_compatible(ps->t, d->type, old->type) &&
        !same_opaque(ps->t, d->type, old->type) &&
        !cd_same_bodies(ps, d->type, old->type))
        cd_conflict(ps, d, old, at);
}

/* The composite type and what either declaration knows. */
static void merge_object(cd_parser *ps, const cd_decl *d, uint32_t i,
                         const cd_token *at)
{
    cd_decl *old = decl_at(ps, i);
    if (!cd_compatible(ps->t, d->type, old->type))
        cd_conflict(ps, d, old, at);
    cd_touch(ps, old, sizeof *old);
    const cd_ctype *was = cd_ty(ps->t, cd_strip(ps->t, old->type));
    const cd_ctype *is = cd_ty(ps->t, cd_strip(ps->t, d->type));
    if (was->flags & CD_F_NOPROTO || (old->params == 0 && was->n == is->n))
        old->params = d->params;
    old->type = cd_composite(ps, old->type, d->type);
    if (d->kind == CD_D_EXTERN_PYTHON)
        old->kind = d->kind;
    if (old->text == 0)
        old->text = d->text;
    old->flags |= d->flags;
}

static bool same_value(const cd_decl *d, const cd_decl *old)
{
    switch (d->kind) {
    case CD_D_INT:
        return d->u.value == old->u.value &&
               !((d->flags ^ old->flags) & CD_DF_UNSIGNED);
    case CD_D_FLOAT: /* by bits: a NaN is itself */
        return memcmp(&d->u.number, &old->u.number, sizeof old->u.number) == 0;
    case CD_D_STRING: return d->text == old->text;
    default: return true;
    }
}

static bool is_constant(int kind)
{
    return kind == CD_D_INT || kind == CD_D_FLOAT || kind == CD_D_STRING;
}

static void merge(cd_parser *ps, const cd_decl *d, uint32_t i,
                  const cd_token *at)
{
    const cd_decl *old = decl_at(ps, i);
    int a = d->kind, b = old->kind;
    bool functions = (a == CD_D_FUNCTION || a == CD_D_EXTERN_PYTHON) &&
                     (b == CD_D_FUNCTION || b == CD_D_EXTERN_PYTHON);
    if (b == CD_D_UNAVAILABLE && a == CD_D_TYPEDEF)
        overwrite(ps, d, i); /* what names a type is of more use              */
    else if (a == CD_D_UNAVAILABLE && b == CD_D_TYPEDEF)
        return;
    else if (a == CD_D_TYPEDEF && b == CD_D_TYPEDEF)
        merge_typedef(ps, d, i, at);
    else if (functions || (a == CD_D_VARIABLE && b == CD_D_VARIABLE))
        merge_object(ps, d, i, at);
    else if (b == CD_D_UNAVAILABLE)
        return; /* it stays so, for the reason found first                    */
    else if (a == CD_D_UNAVAILABLE)
        overwrite(ps, d, i);
    else if (b == CD_D_MACRO && is_constant(a))
        overwrite(ps, d, i);
    else if (a == CD_D_MACRO && (is_constant(b) || b == CD_D_MACRO))
        return;
    else if (a != b || !same_value(d, old))
        cd_conflict(ps, d, old, at);
}

uint32_t cd_earlier_decl(cd_parser *ps, cd_str name)
{
    uint32_t i = cd_atom_at(ps->t, name)->decl;
    if (i == 0)
        i = cd_resolve(ps, name, false);
    if (i == 0 || ps->opt.override)
        return 0;
    cd_decl *old = decl_at(ps, i);
    if (old->kind == CD_D_UNAVAILABLE && old->flags & CD_DF_CHECKED) {
        cd_touch(ps, &old->kind, sizeof old->kind);
        old->kind = CD_D_NONE; /* a macro that meant nothing gives way        */
        return 0;
    }
    return old->where != 0 || is_standard_primitive(ps, old) ? i : 0;
}

uint32_t cd_bind(cd_parser *ps, const cd_decl *d, const cd_token *at)
{
    uint32_t i = cd_earlier_decl(ps, d->name);
    if (i != 0 && !gives_way(ps, decl_at(ps, i), d)) {
        merge(ps, d, i, at);
        return i;
    }
    i = cd_add_decl(ps, d);
    cd_bind_name(ps, d->name, i);
    return i;
}
