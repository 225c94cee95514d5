/* merge.c - binding names, and merging a declaration with an earlier one of
 * the same name as C does (compatible and composite types).  MIT.            */
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

/* ---- compatible types ---------------------------------------------------- */

/* Steps of one comparison: a type written by doubling (`typedef T (*U)(T, T)`
 * forty times) must not cost 2**40 of them.                                  */
enum { MAX_STEPS = 10000 };

typedef struct integer {
    uint64_t size;
    bool is_signed;
} integer;

/* The shape of an integer type, by which predefined names (int64_t) and enums
 * are compatible with the types they stand for.  False: not an integer, or one
 * that is compatible with itself alone (char, _Bool).                        */
static bool integer_shape(const cd_table *t, const cd_ctype *type, integer *out)
{
    if (type->kind == CD_ENUM && type->sub) {
        out->size = type->size;
        out->is_signed = (type->flags & CD_F_SIGNED) != 0;
        return true;
    }
    if (type->kind != CD_PRIM || type->sub == CD_PRIM_CHAR)
        return false;
    int klass = cd_prim_class(type->sub);
    out->size = cd_prim_size(t->target, type->sub);
    out->is_signed = cd_prim_signed(t->target, type->sub);
    return klass == CD_CLASS_CHAR || klass == CD_CLASS_SINT ||
           klass == CD_CLASS_UINT;
}

static bool same_integer(const cd_table *t, const cd_ctype *x,
                         const cd_ctype *y)
{
    integer i, j;
    return integer_shape(t, x, &i) && integer_shape(t, y, &j) &&
           i.size == j.size && i.is_signed == j.is_signed;
}

static bool compatible(const cd_table *t, cd_id a, cd_id b, int *steps);

static bool compatible_functions(const cd_table *t, const cd_ctype *x,
                                 const cd_ctype *y, int *steps)
{
    if (x->sub != y->sub)
        return false;
    if ((x->flags | y->flags) & CD_F_NOPROTO)
        return true;
    if (x->n != y->n || (x->flags ^ y->flags) & CD_F_VARIADIC)
        return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (!compatible(t, cd_id_at(t, x->b + i), cd_id_at(t, y->b + i), steps))
            return false;
    return true;
}

static bool compatible(const cd_table *t, cd_id a, cd_id b, int *steps)
{
    for (;;) { /* down pointers, arrays and results */
        if (cd_ty(t, a)->canon == cd_ty(t, b)->canon)
            return true;
        if (--*steps < 0)
            return false;
        /* not the canons: that of `int f()` is `int f(void)` */
        const cd_ctype *x = cd_ty(t, cd_strip(t, a));
        const cd_ctype *y = cd_ty(t, cd_strip(t, b));
        if (x->kind != y->kind)
            return same_integer(t, x, y);
        switch (x->kind) {
        case CD_POINTER: break;
        case CD_ARRAY:
            if (!((x->flags | y->flags) & (CD_F_OPEN | CD_F_DOTS)) &&
                x->n != y->n)
                return false;
            break;
        case CD_VECTOR:
            if (x->n != y->n)
                return false;
            break;
        case CD_FUNC:
            if (!compatible_functions(t, x, y, steps))
                return false;
            break;
        case CD_PRIM: return same_integer(t, x, y);
        case CD_UNAVAIL: return true; /* neither is ever used                 */
        default: return false;
        }
        a = x->a;
        b = y->a;
    }
}

bool cd_compatible(const cd_table *t, cd_id a, cd_id b)
{
    int steps = MAX_STEPS;
    return compatible(t, a, b, &steps);
}

/* ---- composite types ----------------------------------------------------- */

static cd_id composite(cd_parser *ps, cd_id a, cd_id b, int *steps);

/* A function type with what each of two compatible ones knows. */
static cd_id composite_function(cd_parser *ps, cd_id a, cd_id b, int *steps)
{
    const cd_ctype *x = cd_ty(ps->t, cd_strip(ps->t, a));
    const cd_ctype *y = cd_ty(ps->t, cd_strip(ps->t, b));
    const cd_ctype *known = x->flags & CD_F_NOPROTO ? y : x;
    bool both = !((x->flags | y->flags) & CD_F_NOPROTO);
    size_t mark = ps->scratch.len, params;
    uint32_t n = (uint32_t)known->n;
    /* room for one more, so that the offset is some even without any */
    cd_id *to = cd_push(ps, &ps->scratch, (n + 1) * sizeof *to);
    bool same = known == x;

    params = (size_t)((unsigned char *)to - ps->scratch.data);
    for (uint32_t i = 0; i < n; i++) {
        cd_id was = cd_id_at(ps->t, known->b + i), is = was;
        if (both)
            is = composite(ps, was, cd_id_at(ps->t, y->b + i), steps);
        same &= is == was;
        ((cd_id *)cd_scratch_at(ps, params))[i] = is;
    }
    cd_id result = composite(ps, x->a, y->a, steps);
    if (!same || result != x->a)
        a = cd_function(ps, result, (const cd_id *)cd_scratch_at(ps, params), n,
                        x->sub, known->flags & (CD_F_VARIADIC | CD_F_NOPROTO));
    ps->scratch.len = mark;
    return a;
}

/* The composite of two compatible types: `a`, with the lengths of arrays and
 * the parameters that only `b` knows, however deep.                          */
static cd_id composite(cd_parser *ps, cd_id a, cd_id b, int *steps)
{
    if (a == b || --*steps < 0 || ps->depth >= CD_MAX_DEPTH)
        return a;
    cd_id bare = cd_strip(ps->t, a);
    const cd_ctype *x = cd_ty(ps->t, bare);
    const cd_ctype *y = cd_ty(ps->t, cd_strip(ps->t, b));
    if (x->kind != y->kind)
        return a; /* an enum and its integer */
    if (x->kind == CD_FUNC)
        return composite_function(ps, a, b, steps);
    if (x->kind != CD_POINTER && x->kind != CD_ARRAY)
        return a;
    cd_enter(ps);
    cd_id item = composite(ps, x->a, y->a, steps), whole = bare;
    cd_leave(ps);
    bool open = x->kind == CD_ARRAY && x->flags & CD_F_OPEN &&
                !(y->flags & CD_F_OPEN);
    if (open)
        whole = item == y->a
                    ? cd_strip(ps->t, b)
                    : cd_array_of(ps, item, y->n, y->flags & CD_F_DOTS);
    else if (item != x->a)
        whole = x->kind == CD_POINTER
                    ? cd_pointer_to(ps, item)
                    : cd_array_of(ps, item, x->n,
                                  x->flags & (CD_F_OPEN | CD_F_DOTS));
    if (whole == bare)
        return a;
    return cd_qualified(ps, whole, cd_quals(ps->t, a));
}

/* ---- binding ------------------------------------------------------------- */

uint32_t cd_add_decl(cd_parser *ps, const cd_decl *d)
{
    uint32_t i = cd_seg_add(ps, &ps->t->decls, 1);
    *decl_at(ps, i) = *d;
    return i;
}

void cd_bind_name(cd_parser *ps, cd_str name, uint32_t decl)
{
    cd_atom *a = cd_atom_at(ps->t, name);
    if (name < ps->mark_atoms) /* an atom of this parse vanishes with it      */
        cd_set32(ps, &a->decl, decl);
    else
        a->decl = decl;
}

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
 * equal size and sign it changes nothing; else what a real header says counts,
 * and in a text that a person wrote it is a mistake.                         */
static bool is_standard_primitive(const cd_parser *ps, const cd_decl *old)
{
    const cd_ctype *type = canon_of(ps->t, old->type);
    return old->where == 0 && type->kind == CD_PRIM && type->name == old->name;
}

/* What is new takes the place of the old record's contents. */
static void overwrite(cd_parser *ps, const cd_decl *d, uint32_t i)
{
    cd_decl *old = decl_at(ps, i);
    cd_touch(ps, old, sizeof *old);
    *old = *d;
}

static void merge_typedef(cd_parser *ps, const cd_decl *d, uint32_t i,
                          const cd_token *at)
{
    const cd_decl *old = decl_at(ps, i);
    if (is_standard_primitive(ps, old)) {
        if (same_integer(ps->t, canon_of(ps->t, d->type),
                         canon_of(ps->t, old->type)))
            return;
        if (!ps->preprocessed)
            cd_conflict(ps, d, old, at);
        overwrite(ps, d, i); /* another C library's: musl's int_fast16_t      */
        return;
    }
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
    int steps = MAX_STEPS;
    if (was->flags & CD_F_NOPROTO || (old->params == 0 && was->n == is->n))
        old->params = d->params;
    old->type = composite(ps, old->type, d->type, &steps);
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
    if (i != 0) {
        merge(ps, d, i, at);
        return i;
    }
    i = cd_add_decl(ps, d);
    cd_bind_name(ps, d->name, i);
    return i;
}
