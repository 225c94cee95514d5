/* enum.c - enum specifiers.  MIT.
 *
 * An enumerator is a name from its comma on (`B = A + 1`), so each is bound as
 * it is read.  The enum then wants its declarations in one run; when something
 * came between them (an enum within sizeof in a value), the run is made anew.
 */
#include "cd_impl.h"
#include <string.h>

typedef struct body {
    cd_id id;       /* the enum                                               */
    int base;       /* the integer type that C23 text gave it; 0: none        */
    size_t mark;    /* raw enumerators: ps->scratch from here                 */
    uint32_t n;
    uint32_t first; /* index of the first declaration                         */
    bool one_run;   /* the n declarations follow each other                   */
    bool partial;   /* saw `...`                                              */
    bool unknown;   /* the value before is the compiler's to say              */
    cd_str beyond;  /* why it is not computed; 0: it is                       */
    cd_str reason;  /* the first such                                         */
} body;

static cd_raw_enumerator *raw_at(cd_parser *ps, const body *b, uint32_t i)
{
    return (cd_raw_enumerator *)cd_scratch_at(ps, b->mark) + i;
}

/* ---- declarations of the enumerators ------------------------------------- */

static cd_decl decl_of(cd_parser *ps, cd_id id, const cd_raw_enumerator *e)
{
    cd_decl d = {.name = e->name, .type = id, .kind = CD_D_INT};
    d.u.value = e->value.v.i;
    d.text = e->value.c;
    d.flags = CD_DF_ENUMERATOR | CD_DF_CHECKED;
    if (e->value.is_unsigned && e->value.v.i < 0)
        d.flags |= CD_DF_UNSIGNED;
    if (e->dots) {
        d.text = 0;
        d.kind = CD_D_MACRO;
        d.flags = CD_DF_ENUMERATOR;
    }
    d.where = cd_here(ps, &e->at);
    return d;
}

/* The name's new meaning, unless it has this same value already. */
static void bind_enumerator(cd_parser *ps, const cd_decl *d, uint32_t index,
                            const cd_token *at)
{
    uint32_t i = cd_earlier_decl(ps, d->name);
    if (i != 0) {
        const cd_decl *old = cd_seg_at(&ps->t->decls, i);
        bool same = old->kind == CD_D_INT && d->kind == CD_D_INT &&
                    old->u.value == d->u.value && old->type != d->type;
        if (old->kind != CD_D_MACRO && !same)
            cd_conflict(ps, d, old, at);
        if (same)
            return;
    }
    cd_bind_name(ps, d->name, index);
}

static void declare(cd_parser *ps, body *b, const cd_raw_enumerator *e)
{
    cd_decl d = decl_of(ps, b->id, e);
    uint32_t index = cd_add_decl(ps, &d);
    if (b->n == 1)
        b->first = index;
    else if (index != b->first + b->n - 1)
        b->one_run = false;
    bind_enumerator(ps, &d, index, &e->at);
}

/* Makes the run again, behind what came between; the first try is no more.   */
static void rewrite_run(cd_parser *ps, body *b)
{
    for (uint32_t i = 0; i < b->n; i++) {
        cd_raw_enumerator e = *raw_at(ps, b, i);
        cd_decl d = decl_of(ps, b->id, &e);
        uint32_t index = cd_add_decl(ps, &d);
        cd_decl *bound =
            cd_seg_at(&ps->t->decls, cd_atom_at(ps->t, e.name)->decl);
        if (i == 0)
            b->first = index;
        if (bound->type != b->id)
            continue; /* it had this value before, in another enum            */
        *bound = (cd_decl){.kind = CD_D_NONE};
        cd_bind_name(ps, e.name, index);
    }
}

/* In `enum { A, ... }`, and beside `B = ...`, the values that nobody wrote down
 * are unknown.                                                               */
static void forget_counted_values(cd_parser *ps, const body *b)
{
    for (uint32_t i = 0; i < b->n; i++) {
        cd_decl *d = cd_seg_at(&ps->t->decls, b->first + i);
        if (raw_at(ps, b, i)->dots) {
            d->kind = CD_D_MACRO;
            d->flags = CD_DF_ENUMERATOR;
            d->u.value = 0;
            d->text = 0;
        }
    }
}

/* ---- the list ------------------------------------------------------------ */

/* One more than the value before; past the largest number there is none. */
static cd_value value_after(cd_parser *ps, cd_value v)
{
    if (v.is_unsigned ? v.v.u == UINT64_MAX : v.v.i == INT64_MAX) {
        if (v.is_unsigned)
            cd_fail(ps, CD_E_CONSTRAINT, &ps->tok,
                    "the enumerator's value does not fit 64 bits");
        v.is_unsigned = true;
    }
    v.v.u++;
    return v;
}

/* Of a value that differs by target, the C text of the one behind it. */
static cd_str text_after(cd_parser *ps, cd_str before)
{
    size_t base = ps->scratch.len;
    uint32_t len;
    const char *name = cd_text(ps->t, before, &len);

    memcpy(cd_push(ps, &ps->scratch, len), name, len);
    memcpy(cd_push(ps, &ps->scratch, 4), " + 1", 4);
    return cd_scratch_str(ps, base);
}

/* False: `base` (0: any) cannot hold the value. */
static bool fits(const cd_parser *ps, int base, const cd_value *v)
{
    if (base == 0)
        return true;
    bool negative = !v->is_unsigned && v->v.i < 0;
    bool with_sign = cd_prim_signed(ps->t->target, base);
    unsigned bits = 8 * cd_prim_size(ps->t->target, base) - with_sign;
    if (cd_prim_class(base) == CD_CLASS_BOOL)
        bits = 1;
    if (negative)
        return with_sign && (bits >= 63 || v->v.i >= -((int64_t)1 << bits));
    return bits >= 64 || v->v.u >> bits == 0;
}

/* A name whose value is not computed, nor that of those counted from it.     */
static void unknown_enumerator(cd_parser *ps, body *b,
                               const cd_raw_enumerator *e)
{
    cd_decl d = {.name = e->name, .kind = CD_D_UNAVAILABLE, .text = b->beyond,
                 .flags = CD_DF_ENUMERATOR};
    d.where = cd_here(ps, &e->at);
    if (!b->reason)
        b->reason = b->beyond;
    cd_bind(ps, &d, &e->at);
}

/* Without such a value nobody knows the enum's type, unless the text has it. */
static void unavailable_enum(cd_parser *ps, cd_id id, const body *b)
{
    cd_ctype *c = cd_ty(ps->t, id);
    if (!b->reason || b->base)
        return;
    c->flags |= CD_F_UNAVAIL;
    c->hash = b->reason;
}

/* enumerator = NAME attribute* ( "=" ( "..." | const-expr ) )? */
static void enumerator(cd_parser *ps, body *b, cd_value *last)
{
    cd_attrs attrs = {0};
    cd_raw_enumerator e = {.name = ps->tok.name, .at = ps->tok};
    bool counted = false;
    cd_next(ps);
    cd_attributes(ps, &attrs);
    if (cd_accept(ps, CD_T_ASSIGN)) {
        if (cd_accept(ps, CD_T_DOTS)) {
            e.dots = b->partial = b->unknown = true;
        } else {
            *last = cd_any_int(ps);
            b->beyond = last->unknown;
            b->unknown = false;
        }
    } else if (!b->beyond) {
        counted = true;
        if (b->n)
            *last = value_after(ps, *last);
        if (b->n && last->c != 0)
            last->c = text_after(ps, raw_at(ps, b, b->n - 1)->name);
        e.dots = b->unknown;
    }
    if (b->beyond) {
        unknown_enumerator(ps, b, &e);
        return;
    }
    e.value = *last;
    if (!e.dots && !fits(ps, b->base, last))
        cd_fail(ps, CD_E_CONSTRAINT, &e.at, "%N does not fit %Y", e.name,
                (cd_id)b->base);
    if (++b->n > CD_MAX_MEMBERS)
        cd_fail(ps, CD_E_LIMIT, &e.at, "more than %d enumerators",
                CD_MAX_MEMBERS);
    declare(ps, b, &e);
    /* until the list's end: a value that `...` will make unknown             */
    e.value.prim = counted ? CD_PRIM_NONE : CD_PRIM_INT;
    *(cd_raw_enumerator *)cd_push(ps, &ps->scratch, sizeof e) = e;
}

/* enumerators = enumerator ( "," enumerator )* ","? | ... "," "..." ","?
 * Between the braces; past the "}".                                          */
static void enumerators(cd_parser *ps, body *b)
{
    cd_value last = {.prim = CD_PRIM_INT, .type = CD_PRIM_INT};
    bool dots = false;
    if (ps->tok.kind == CD_T_RBRACE)
        cd_expected(ps, "an enumerator");
    while (ps->tok.kind != CD_T_RBRACE) {
        if (cd_accept(ps, CD_T_DOTS))
            dots = true;
        else if (ps->tok.kind == CD_T_NAME)
            enumerator(ps, b, &last);
        else
            cd_expected(ps, "an enumerator");
        if (!cd_accept(ps, CD_T_COMMA) && ps->tok.kind != CD_T_RBRACE)
            cd_expected(ps, "',' or '}'");
    }
    cd_next(ps);
    b->partial |= dots;
    for (uint32_t i = 0; i < b->n; i++) {
        cd_raw_enumerator *e = raw_at(ps, b, i);
        e->dots |= b->partial && e->value.prim == CD_PRIM_NONE;
        e->value.prim = CD_PRIM_INT;
    }
}

/* enum-body = "{" enumerators "}" attribute*           tok is "{"
 * Completes `id`.                                                            */
static void enum_body(cd_parser *ps, cd_id id, int base, cd_attrs *attrs)
{
    body b = {.id = id, .base = base, .mark = ps->scratch.len, .one_run = true};
    cd_enter(ps);
    cd_next(ps);
    enumerators(ps, &b);
    cd_attributes(ps, attrs);
    if (!b.one_run)
        rewrite_run(ps, &b);
    if (b.partial)
        forget_counted_values(ps, &b);
    cd_complete_enum(ps, id, b.n ? raw_at(ps, &b, 0) : NULL, b.n, b.first, base,
                     attrs->packed, b.partial);
    unavailable_enum(ps, id, &b);
    ps->scratch.len = b.mark;
    cd_leave(ps);
}

/* The enum x of table t and y of u have the same names and values. */
static bool same_enum(const cd_table *t, const cd_ctype *x, const cd_table *u,
                      const cd_ctype *y)
{
    if (x->flags != y->flags || x->b != y->b || x->size != y->size)
        return false;
    for (uint32_t i = 0; i < x->b; i++) {
        const cd_decl *m = cd_decl_at(t, x->a + i);
        const cd_decl *n = cd_decl_at(u, y->a + i);
        if (m->kind != n->kind || m->u.value != n->u.value ||
            strcmp(cd_text(t, m->name, NULL), cd_text(u, n->name, NULL)) != 0)
            return false;
    }
    return true;
}

/* Takes back a second body that said nothing new. */
static void drop(cd_parser *ps, cd_id id)
{
    cd_ctype *type = cd_ty(ps->t, id);
    for (uint32_t i = 0; i < type->b; i++) {
        cd_decl *d = cd_seg_at(&ps->t->decls, type->a + i);
        if (cd_atom_at(ps->t, d->name)->decl != type->a + i)
            *d = (cd_decl){.kind = CD_D_NONE};
    }
    *type = (cd_ctype){.kind = CD_NONE};
}

/* The body of a tag that is complete already: the same, or with override the
 * tag's new meaning.                                                         */
static cd_id second_body(cd_parser *ps, cd_id first, int base,
                         const cd_token *at, cd_attrs *attrs)
{
    const cd_table *from = ps->t;
    const cd_ctype *old = cd_behind(&from, cd_ty(from, first));
    cd_id again = cd_new_tagged(ps, CD_ENUM, at->name, cd_here(ps, at));
    bool fresh = ps->opt.override || old->flags & CD_F_OPAQUE;
    enum_body(ps, again, base, attrs);
    if (fresh) {
        cd_bind_tag(ps, at->name, again);
        return again;
    }
    if (!same_enum(from, old, ps->t, cd_ty(ps->t, again)))
        cd_another_body(ps, at, first);
    drop(ps, again);
    return first;
}

/* enum-base = ":" specifiers            (C23; `enum e : 3` is a bit-field) */
static int enum_base(cd_parser *ps)
{
    if (ps->tok.kind != CD_T_COLON || !cd_starts_type(ps, cd_peek(ps)))
        return 0;
    cd_spec spec;
    cd_enter(ps); /* `enum : enum : ...`                                      */
    cd_next(ps);
    cd_specifiers(ps, &spec);
    cd_leave(ps);
    cd_id prim = cd_ty(ps->t, spec.type)->canon;
    switch (prim < CD_N_PRIMS ? cd_prim_class((int)prim) : CD_CLASS_VOID) {
    case CD_CLASS_BOOL:
    case CD_CLASS_CHAR:
    case CD_CLASS_SINT:
    case CD_CLASS_UINT: return (int)prim;
    default:
        cd_fail(ps, CD_E_CONSTRAINT, &spec.at,
                "the type of an enum must be an integer type, not %Y",
                spec.type);
    }
}

static bool same_base(const cd_parser *ps, const cd_ctype *type, int base)
{
    const cd_target *g = ps->t->target;
    return cd_prim_size(g, type->sub) == cd_prim_size(g, base) &&
           cd_prim_signed(g, type->sub) == cd_prim_signed(g, base);
}

/* False: opaque, or declared with its integer type only (C23). */
static bool has_body(const cd_ctype *type)
{
    return type->b != 0 || type->flags & CD_F_PARTIAL;
}

/* enum-specifier = "enum" attribute* ( NAME enum-base? | NAME? enum-base?
 *                  enum-body )                                               */
cd_id cd_enum_spec(cd_parser *ps)
{
    cd_attrs attrs = {0};
    cd_id id;
    cd_attributes(ps, &attrs);
    cd_token at = ps->tok;
    if (at.kind == CD_T_NAME) {
        cd_next(ps);
        id = cd_refer_tag(ps, CD_ENUM, at.name, &at);
    } else {
        if (at.kind != CD_T_LBRACE && at.kind != CD_T_COLON)
            cd_expected(ps, "a tag or '{'");
        id = cd_new_tagged(ps, CD_ENUM, 0, cd_here(ps, &at));
    }
    int base = enum_base(ps);
    if (ps->tok.kind != CD_T_LBRACE && at.kind != CD_T_NAME)
        cd_expected(ps, "'{'");
    const cd_ctype *type = cd_ty(ps->t, id);
    bool body = ps->tok.kind == CD_T_LBRACE;
    if (type->kind == CD_ENUM && type->sub != 0 && !has_body(type)) {
        if (base != 0 && base != type->sub)
            cd_another_body(ps, &at, id);
        base = type->sub;
    }
    if (body && (type->kind != CD_ENUM || has_body(type)))
        return second_body(ps, id, base, &at, &attrs);
    if (body)
        enum_body(ps, id, base, &attrs);
    else if (base != 0 && type->flags & CD_F_OPAQUE)
        cd_complete_enum(ps, id, NULL, 0, 0, base, attrs.packed, false);
    else if (base != 0 && type->kind == CD_ENUM && !same_base(ps, type, base))
        cd_another_body(ps, &at, id);
    return id;
}
