/* compat.c - when two types are compatible, what both together say, and when
 * two records have the same body.  MIT.                                      */
#include "cd_impl.h"
#include <string.h>

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

cd_id cd_composite(cd_parser *ps, cd_id a, cd_id b)
{
    int steps = MAX_STEPS;

    return composite(ps, a, b, &steps);
}

/* ---- the same body ------------------------------------------------------- */

bool cd_same_bodies(cd_parser *ps, cd_id a, cd_id b)
{
    const cd_ctype *x = cd_ty(ps->t, cd_ty(ps->t, a)->canon);
    const cd_ctype *y = cd_ty(ps->t, cd_ty(ps->t, b)->canon);
    while (x != y && x->kind == y->kind &&
           (x->kind == CD_POINTER || x->kind == CD_ARRAY)) {
        if (x->n != y->n || x->flags != y->flags)
            return false;
        x = cd_ty(ps->t, cd_ty(ps->t, x->a)->canon);
        y = cd_ty(ps->t, cd_ty(ps->t, y->a)->canon);
    }
    if (x == y || x->kind != y->kind)
        return x == y;
    if (x->kind == CD_ENUM)
        return x->name == 0 && y->name == 0 && x->size == y->size &&
               x->b == y->b;
    if (x->kind != CD_STRUCT && x->kind != CD_UNION)
        return cd_compatible(ps->t, a, b);
    return x->name == y->name &&
           (x->name == 0 || x->flags & CD_F_TYPEDEF_NAME) &&
           cd_same_record(ps, x->canon, y->canon);
}

/* Are the columns alike that say how a record lies in memory? */
static bool same_shape(const cd_ctype *x, const cd_ctype *y)
{
    const unsigned ignored = CD_F_BUSY;
    return ((x->flags ^ y->flags) & ~ignored) == 0 && x->b == y->b &&
           x->size == y->size && x->align == y->align;
}

static bool same_place(const cd_member *m, const cd_member *n)
{
    return m->offset == n->offset && m->bits == n->bits && m->shift == n->shift;
}

bool cd_same_record(cd_parser *ps, cd_id a, cd_id b)
{
    const cd_ctype *x = cd_ty(ps->t, a), *y = cd_ty(ps->t, b);
    bool same = same_shape(x, y);
    cd_enter(ps);
    for (uint32_t i = 0; same && i < x->b; i++) {
        const cd_member *m = cd_member_at(ps->t, x->a + i);
        const cd_member *n = cd_member_at(ps->t, y->a + i);
        same = m->name == n->name && same_place(m, n) &&
               cd_same_bodies(ps, m->type, n->type);
    }
    cd_leave(ps);
    return same;
}

/* Ids of two tables do not compare, so text does. */
bool cd_same_imported(const cd_table *t, const cd_ctype *x, const cd_table *u,
                      const cd_ctype *y)
{
    char a[512], b[sizeof a];
    bool same = same_shape(x, y);
    for (uint32_t i = 0; same && i < x->b; i++) {
        const cd_member *m = cd_member_at(t, x->a + i);
        const cd_member *n = cd_member_at(u, y->a + i);
        const char *name = cd_text(t, m->name, NULL);
        size_t len = cd_spell(t, m->type, name, a, sizeof a);
        name = cd_text(u, n->name, NULL);
        same = same_place(m, n) && len < sizeof a &&
               cd_spell(u, n->type, name, b, sizeof b) == len &&
               memcmp(a, b, len) == 0;
    }
    return same;
}
