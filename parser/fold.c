/* fold.c - the arithmetic of constant expressions.  MIT.
 *
 * Integers are computed in 64 bits and brought back to the size and sign that
 * their type has on the target; what C leaves undefined is an error, not a
 * number.                                                                    */
#include "expr.h"

void cd_undefined(cd_parser *ps, operand *r, const cd_token *at,
                  const char *what)
{
    if (!ps->unevaluated)
        cd_fail(ps, CD_E_CONSTRAINT, at, "%s", what);
    r->known = false;
}

void cd_beyond(cd_parser *ps, operand *r, cd_str reason)
{
    r->known = false;
    if (!ps->beyond)
        ps->beyond = reason;
    ps->unevaluated++; /* to the expression's end: cexpr.c, evaluated()       */
}

operand cd_int_operand(int64_t v, cd_id type, const cd_token *at)
{
    operand r = {.type = type, .known = true, .at = *at};
    r.v.i = v;
    return r;
}

/* ---- types --------------------------------------------------------------- */

bool cd_is_float(int prim)
{
    return cd_prim_class(prim) == CD_CLASS_FLOAT;
}

/* The compatible type of an enum, here or in the table it comes from.        */
static int enum_base(const cd_table *t, const cd_ctype *c)
{
    c = cd_behind(&t, c);
    return c->kind == CD_ENUM && !(c->flags & CD_F_OPAQUE) ? c->sub : 0;
}

int cd_arith_prim(cd_parser *ps, cd_id type)
{
    const cd_ctype *c = cd_ty(ps->t, cd_ty(ps->t, type)->canon);

    if (c->kind != CD_PRIM)
        return enum_base(ps->t, c);
    switch (cd_prim_class(c->sub)) {
    case CD_CLASS_BOOL: case CD_CLASS_CHAR: case CD_CLASS_SINT:
    case CD_CLASS_UINT: case CD_CLASS_FLOAT: return c->sub;
    default: return 0;
    }
}

cd_id cd_item_of(const cd_table *t, cd_id type)
{
    const cd_ctype *c = cd_ty(t, cd_strip(t, type));

    return c->kind == CD_POINTER || c->kind == CD_ARRAY ? c->a : 0;
}

static bool is_pointer(const cd_table *t, cd_id type)
{
    return cd_kind_of(t, type) == CD_POINTER;
}

/* The integer promotions: int, or the standard type of its size and sign.    */
static int promoted(const cd_parser *ps, int prim)
{
    const cd_target *g = ps->t->target;
    uint32_t size = cd_prim_size(g, prim);
    int r;

    if (prim >= CD_PRIM_INT && prim <= CD_PRIM_ULLONG)
        return prim;
    if (size < g->int_.size || prim == CD_PRIM_BOOL)
        return CD_PRIM_INT;
    r = size == g->int_.size    ? CD_PRIM_INT
        : size == g->long_.size ? CD_PRIM_LONG
                                : CD_PRIM_LLONG;
    return cd_prim_signed(g, prim) ? r : r + 1;
}

/* The usual arithmetic conversions (C11 6.3.1.8).                            */
static int common_prim(const cd_parser *ps, int a, int b)
{
    const cd_target *g = ps->t->target;

    if (cd_is_float(a) || cd_is_float(b))
        return !cd_is_float(b) || (cd_is_float(a) && a > b) ? a : b;
    a = promoted(ps, a);
    b = promoted(ps, b);
    if (a < b) { /* let a be the one of higher rank */
        int swap = a;
        a = b;
        b = swap;
    }
    if (cd_prim_signed(g, a) && !cd_prim_signed(g, b) &&
        cd_prim_size(g, a) <= cd_prim_size(g, b))
        return a + 1;
    return a;
}

cd_id cd_common_type(cd_parser *ps, const operand *l, const operand *r)
{
    int a = cd_arith_prim(ps, l->type), b = cd_arith_prim(ps, r->type);

    return a && b ? (cd_id)common_prim(ps, a, b) : l->type;
}

/* ---- values -------------------------------------------------------------- */

operand cd_rvalue(cd_parser *ps, operand x)
{
    int kind = cd_kind_of(ps->t, x.type);

    if (x.text) {
        x.type = cd_pointer_to(ps, CD_PRIM_CHAR);
        x.text = 0;
    } else if (kind == CD_ARRAY || kind == CD_FUNC) {
        x.type = cd_pointer_to(ps, kind == CD_ARRAY ? cd_item_of(ps->t, x.type)
                                                    : x.type);
    } else if (x.lvalue) {
        x.known = false;
    }
    x.lvalue = x.bitfield = false;
    if (!x.known && !ps->unevaluated)
        cd_fail(ps, CD_E_CONSTRAINT, &x.at, "%T is not a constant", &x.at);
    return x;
}

operand cd_scalar(cd_parser *ps, operand x)
{
    x = cd_rvalue(ps, x);
    if (!cd_arith_prim(ps, x.type) && !is_pointer(ps->t, x.type))
        cd_fail(ps, CD_E_CONSTRAINT, &x.at,
                "expected a number or a pointer, found one of type %Y", x.type);
    return x;
}

bool cd_is_true(cd_parser *ps, const operand *x)
{
    int prim = cd_arith_prim(ps, x->type);

    return prim && cd_is_float(prim) ? x->v.d != 0 : x->v.u != 0;
}

/* v as an integer of `size` bytes: truncated, then extended by its sign.     */
static uint64_t fit(uint64_t v, uint32_t size, bool is_signed)
{
    unsigned shift = 64 - 8 * size;

    if (size >= 8)
        return v;
    v <<= shift;
    return is_signed ? (uint64_t)((int64_t)v >> shift) : v >> shift;
}

static uint64_t fit_prim(const cd_parser *ps, uint64_t v, int prim)
{
    const cd_target *g = ps->t->target;

    return fit(v, cd_prim_size(g, prim), cd_prim_signed(g, prim));
}

/* Primitives that are not equally wide, or not of equal sign, on all targets:
 * of their values, those that all of them have are the same everywhere.      */
void cd_depends(cd_parser *ps, int prim, uint64_t v)
{
    uint64_t last;

    switch (prim) {
    case CD_PRIM_CHAR: last = INT8_MAX; break;
    case CD_PRIM_WCHAR: last = INT16_MAX; break;
    case CD_PRIM_LONG:
    case CD_PRIM_INTPTR:
    case CD_PRIM_PTRDIFF:
    case CD_PRIM_SSIZE: v += (uint64_t)1 << 31; /* fall through */
    case CD_PRIM_ULONG:
    case CD_PRIM_UINTPTR:
    case CD_PRIM_SIZE: last = UINT32_MAX - 1; break;
    case CD_PRIM_INT_FAST16:
    case CD_PRIM_INT_FAST32: v += (uint64_t)1 << 15; /* fall through */
    case CD_PRIM_UINT_FAST16:
    case CD_PRIM_UINT_FAST32: last = UINT16_MAX - 1; break;
    default: return;
    }
    ps->by_target |= v > last;
}

/* ---- casts --------------------------------------------------------------- */

static void float_to_int(cd_parser *ps, operand *x, int to, const cd_token *at)
{
    const cd_target *g = ps->t->target;
    int bits = 8 * (int)cd_prim_size(g, to);
    bool is_signed = cd_prim_signed(g, to);
    double limit = is_signed ? 0.5 : 1.0, d = x->v.d;

    for (int i = 0; i < bits; i++)
        limit *= 2; /* exact: 2**bits, or half of it */
    x->v.u = 0;
    if (!(d < limit && d > (is_signed ? -limit - (bits < 64) : -1.0)) &&
        !(is_signed && d == -limit))
        cd_undefined(ps, x, at, "a floating value out of the integer's range");
    else if (is_signed)
        x->v.i = (int64_t)d;
    else
        x->v.u = (uint64_t)d;
}

/* x, an integer of prim `from` (a pointer counts as uintptr_t), as a float.  */
static double int_to_float(const cd_parser *ps, const operand *x, int from,
                           int to)
{
    bool is_signed = cd_prim_signed(ps->t->target, from);

    if (to == CD_PRIM_FLOAT)
        return is_signed ? (double)(float)x->v.i : (double)(float)x->v.u;
    return is_signed ? (double)x->v.i : (double)x->v.u;
}

static void cast_arith(cd_parser *ps, operand *x, int from, int to,
                       const cd_token *at)
{
    if (!x->known)
        return;
    if (to == CD_PRIM_BOOL)
        x->v.u = cd_is_float(from) ? x->v.d != 0 : x->v.u != 0;
    else if (!cd_is_float(to) && cd_is_float(from))
        float_to_int(ps, x, to, at);
    else if (!cd_is_float(to))
        x->v.u = fit_prim(ps, x->v.u, to);
    else if (!cd_is_float(from))
        x->v.d = int_to_float(ps, x, from, to);
    else if (to == CD_PRIM_FLOAT)
        x->v.d = (double)(float)x->v.d;
    cd_depends(ps, to, x->v.u);
}

/* The value is not wanted where nothing is evaluated.                        */
static void not_computed(cd_parser *ps, operand *x, cd_str reason)
{
    if (ps->unevaluated)
        x->known = false;
    else
        cd_beyond(ps, x, reason);
}

/* Types that arithmetic is not done in: x is or would be of one.             */
static void check_folded(cd_parser *ps, int prim, cd_id type, operand *x)
{
    if (cd_is_float(prim)
            ? prim != CD_PRIM_FLOAT && prim != CD_PRIM_DOUBLE &&
                  prim != CD_PRIM_LDOUBLE
            : !prim || cd_prim_size(ps->t->target, prim) > 8)
        not_computed(ps, x, cd_message(
            ps, "constants of type %Y are not computed", type));
}

/* x as the type; at: where the cast is.                                      */
operand cd_cast(cd_parser *ps, operand x, cd_id type, const cd_token *at)
{
    int from, to = cd_arith_prim(ps, type);
    bool to_pointer = is_pointer(ps->t, type);

    if (x.text && to_pointer) { /* (const char *)"text" */
        x.type = type;
        return x;
    }
    x = cd_scalar(ps, x);
    if (!to_pointer)
        check_folded(ps, to, type, &x);
    from = cd_arith_prim(ps, x.type);
    if (from)
        check_folded(ps, from, x.type, &x);
    if ((to_pointer && cd_is_float(from)) || (!from && cd_is_float(to)))
        cd_fail(ps, CD_E_CONSTRAINT, at, "cannot convert %Y to %Y", x.type,
                type);
    cast_arith(ps, &x, from ? from : CD_PRIM_UINTPTR,
               to_pointer ? CD_PRIM_UINTPTR : to, at);
    x.type = type;
    x.bits = 0;
    x.at = *at;
    return x;
}

/* ---- integer operators --------------------------------------------------- */

static const char overflow[] = "integer overflow in a constant expression";

/* a op b for + - *; *over: the 64-bit result is not the mathematical one.    */
static int64_t add_or_multiply(int op, int64_t a, int64_t b, bool *over)
{
    uint64_t x = (uint64_t)a, y = (uint64_t)b, r;

    if (op == CD_T_STAR) {
        r = x * y;
        *over = a && ((a == -1 && b == INT64_MIN) ||
                      (a != -1 && (int64_t)r / a != b));
        return (int64_t)r;
    }
    r = op == CD_T_PLUS ? x + y : x - y;
    if (op == CD_T_MINUS)
        y = ~y;
    *over = ((x ^ r) & (y ^ r)) >> 63;
    return (int64_t)r;
}

static void divide(cd_parser *ps, const cd_token *op, int prim, operand *l,
                   const operand *r)
{
    bool quotient = op->kind == CD_T_SLASH;

    if (!r->v.u) {
        cd_undefined(ps, l, op, "division by zero");
    } else if (!cd_prim_signed(ps->t->target, prim)) {
        l->v.u = quotient ? l->v.u / r->v.u : l->v.u % r->v.u;
    } else if (r->v.i == -1) { /* the one case that can overflow */
        uint64_t negated = 0 - l->v.u;
        if (l->v.u && fit_prim(ps, negated, prim) == l->v.u)
            cd_undefined(ps, l, op, overflow);
        l->v.u = quotient ? negated : 0;
    } else {
        l->v.i = quotient ? l->v.i / r->v.i : l->v.i % r->v.i;
    }
}

/* The bits that arithmetic sees.                                             */
static int width_of(const cd_parser *ps, const operand *x)
{
    int prim = cd_arith_prim((cd_parser *)(uintptr_t)ps, x->type);

    return x->bits ? x->bits
                   : 8 * (int)cd_prim_size(ps->t->target, promoted(ps, prim));
}

/* A result brought to its width: a signed one must have it already.          */
static operand fit_bits(cd_parser *ps, operand x, const cd_token *op)
{
    unsigned shift = x.bits ? 64 - (unsigned)x.bits : 0;
    bool is_signed = x.type == CD_PRIM_LLONG;
    uint64_t v = x.v.u << shift;

    v = is_signed ? (uint64_t)((int64_t)v >> shift) : v >> shift;
    if (x.known && is_signed && v != x.v.u)
        cd_undefined(ps, &x, op, overflow);
    x.v.u = v;
    return x;
}

/* C23 6.3.1.8: a _BitInt is not promoted; the wider type wins, of two as wide
 * the standard one; unsigned if that is, or if either of two as wide.  Both
 * operands get the type; its width, 0 if it is a standard one.               */
static int convert_bits(cd_parser *ps, operand *l, operand *r)
{
    int a = width_of(ps, l), b = width_of(ps, r);
    const operand *wide = a > b || (a == b && !l->bits) ? l : r;
    int prim = cd_arith_prim(ps, wide->type), bits = wide->bits;

    if (!bits)
        prim = promoted(ps, prim);
    for (int i = 0; a == b && i < 2; i++)
        if (cd_prim_signed(ps->t->target, prim) &&
            !cd_prim_signed(ps->t->target,
                            cd_arith_prim(ps, i ? r->type : l->type)))
            prim++;
    *l = cd_cast(ps, *l, (cd_id)prim, &l->at);
    *r = cd_cast(ps, *r, (cd_id)prim, &r->at);
    return bits;
}

/* Shifts keep the left operand's type; as compilers do, << may reach into or
 * past the sign (1 << 31 is in every other header).                          */
static operand shift(cd_parser *ps, const cd_token *op, operand l, operand r)
{
    const cd_target *g = ps->t->target;
    int prim = promoted(ps, cd_arith_prim(ps, l.type));
    unsigned bits = (unsigned)width_of(ps, &l);

    l.type = (cd_id)prim; /* a _BitInt stays one: its type is long long       */
    l.known &= r.known;
    if (!l.known)
        return l;
    if (r.v.u >= bits) {
        cd_undefined(ps, &l, op, "the shift count is out of range");
        return l;
    }
    if (op->kind == CD_T_SHL)
        l.v.u = fit_prim(ps, l.v.u << r.v.u, prim);
    else if (cd_prim_signed(g, prim))
        l.v.i >>= r.v.u;
    else
        l.v.u >>= r.v.u;
    if (l.bits)
        return fit_bits(ps, l, op);
    cd_depends(ps, prim, l.v.u);
    return l;
}

static bool compare(int op, bool less, bool equal)
{
    switch (op) {
    case CD_T_LT: return less;
    case CD_T_LE: return less || equal;
    case CD_T_GT: return !less && !equal;
    case CD_T_GE: return !less;
    case CD_T_EQ: return equal;
    default: return !equal;
    }
}

static bool is_comparison(int op)
{
    return op == CD_T_LT || op == CD_T_LE || op == CD_T_GT || op == CD_T_GE ||
           op == CD_T_EQ || op == CD_T_NE;
}

/* l op r, both already of integer type prim.                                 */
static operand integer_op(cd_parser *ps, const cd_token *op, int prim,
                          operand l, const operand *r)
{
    bool is_signed = cd_prim_signed(ps->t->target, prim), over = false;

    switch (op->kind) {
    case CD_T_AMP: l.v.u &= r->v.u; break;
    case CD_T_PIPE: l.v.u |= r->v.u; break;
    case CD_T_CARET: l.v.u ^= r->v.u; break;
    case CD_T_SLASH:
    case CD_T_PERCENT: divide(ps, op, prim, &l, r); break;
    default:
        if (is_comparison(op->kind))
            return cd_int_operand(
                compare(op->kind, is_signed ? l.v.i < r->v.i : l.v.u < r->v.u,
                        l.v.u == r->v.u), CD_PRIM_INT, &l.at);
        l.v.i = add_or_multiply(op->kind, l.v.i, r->v.i, &over);
        if (is_signed && (over || fit_prim(ps, l.v.u, prim) != l.v.u))
            cd_undefined(ps, &l, op, overflow);
    }
    l.v.u = fit_prim(ps, l.v.u, prim);
    return l;
}

/* ---- other operators ----------------------------------------------------- */

static operand float_op(const cd_token *op, int prim, operand l,
                        const operand *r)
{
    double a = l.v.d, b = r->v.d;

    if (is_comparison(op->kind)) { /* a NaN is neither less nor greater */
        bool holds = compare(op->kind, a < b, a == b);
        if ((a != a || b != b) && op->kind != CD_T_NE)
            holds = false;
        return cd_int_operand(holds, CD_PRIM_INT, &l.at);
    }
    switch (op->kind) {
    case CD_T_PLUS: l.v.d = a + b; break;
    case CD_T_MINUS: l.v.d = a - b; break;
    case CD_T_STAR: l.v.d = a * b; break;
    default: l.v.d = a / b; break; /* by 0, too: INFINITY is 1.0 / 0.0 */
    }
    if (prim == CD_PRIM_FLOAT)
        l.v.d = (double)(float)l.v.d;
    return l;
}

static bool needs_integers(int op)
{
    return op == CD_T_PERCENT || op == CD_T_AMP || op == CD_T_PIPE ||
           op == CD_T_CARET || op == CD_T_SHL || op == CD_T_SHR;
}

/* The size of what a pointer points to, for its arithmetic.                  */
static uint64_t step(cd_parser *ps, const operand *pointer)
{
    cd_id item = cd_item_of(ps->t, pointer->type);
    uint64_t size;
    uint32_t align;

    if (cd_strip(ps->t, item) == CD_PRIM_VOID)
        return 1; /* as GNU C */
    if (!cd_layout_of(ps->t, item, &size, &align))
        cd_fail(ps, CD_E_CONSTRAINT, &pointer->at, "%Y has no known size",
                item);
    return size;
}

/* pointer + int, int + pointer, pointer - int, pointer - pointer, compared.  */
static operand pointer_op(cd_parser *ps, const cd_token *op, operand l,
                          operand r)
{
    bool pl = is_pointer(ps->t, l.type), pr = is_pointer(ps->t, r.type);
    bool known = l.known && r.known;

    if (is_comparison(op->kind)) {
        l = cd_int_operand(compare(op->kind, l.v.u < r.v.u, l.v.u == r.v.u),
                           CD_PRIM_INT, &l.at);
    } else if (op->kind == CD_T_MINUS && pl && pr) {
        uint64_t size = step(ps, &l);
        l.v.i = size ? (int64_t)(l.v.u - r.v.u) / (int64_t)size : 0;
        l.type = CD_PRIM_PTRDIFF;
    } else if ((op->kind == CD_T_PLUS && pl != pr) ||
               (op->kind == CD_T_MINUS && pl)) {
        operand p = pl ? l : r;
        uint64_t by = step(ps, &p) * (pl ? r.v.u : l.v.u);
        p.v.u = op->kind == CD_T_PLUS ? p.v.u + by : p.v.u - by;
        p.v.u = fit_prim(ps, p.v.u, CD_PRIM_UINTPTR);
        l = p;
    } else {
        cd_fail(ps, CD_E_CONSTRAINT, op, "%T cannot be used with %Y and %Y", op,
                l.type, r.type);
    }
    l.known = known;
    return l;
}

operand cd_fold_binary(cd_parser *ps, const cd_token *op, operand l, operand r)
{
    int a, b, prim, bits = 0;

    l = cd_scalar(ps, l);
    r = cd_scalar(ps, r);
    a = cd_arith_prim(ps, l.type);
    b = cd_arith_prim(ps, r.type);
    if ((!a && cd_is_float(b)) || (!b && cd_is_float(a)))
        cd_fail(ps, CD_E_CONSTRAINT, op, "%T cannot be used with %Y and %Y", op,
                l.type, r.type);
    if (!a || !b) {
        ps->by_target = true;
        return pointer_op(ps, op, l, r);
    }
    prim = common_prim(ps, a, b);
    if (cd_is_float(prim) && needs_integers(op->kind))
        cd_fail(ps, CD_E_CONSTRAINT, op, "%T needs integers, not %Y", op,
                cd_is_float(a) ? l.type : r.type);
    if (prim == CD_PRIM_LDOUBLE) /* its precision is not the host's double's */
        not_computed(ps, &l, cd_message(ps, "%T is not computed in %Y", op,
                                        (cd_id)prim));
    if (op->kind == CD_T_SHL || op->kind == CD_T_SHR)
        return shift(ps, op, l, r);
    if ((l.bits || r.bits) && !cd_is_float(prim)) {
        bits = convert_bits(ps, &l, &r);
        prim = cd_arith_prim(ps, l.type);
    } else {
        l = cd_cast(ps, l, (cd_id)prim, &l.at);
        r = cd_cast(ps, r, (cd_id)prim, &r.at);
    }
    if (!l.known || !r.known) {
        l.known = false;
        l.type = is_comparison(op->kind) ? (cd_id)CD_PRIM_INT : l.type;
        return l;
    }
    if (cd_is_float(prim))
        return float_op(op, prim, l, &r);
    l = integer_op(ps, op, prim, l, &r);
    l.bits = is_comparison(op->kind) ? 0 : bits;
    return l.bits ? fit_bits(ps, l, op) : l;
}

/* + - ~ !                                                                    */
operand cd_fold_unary(cd_parser *ps, const cd_token *op, operand x)
{
    int prim, bits;

    x = cd_scalar(ps, x);
    x.at = *op;
    if (op->kind == CD_T_BANG) {
        bool known = x.known;
        x = cd_int_operand(!cd_is_true(ps, &x), CD_PRIM_INT, op);
        x.known = known;
        return x;
    }
    prim = cd_arith_prim(ps, x.type);
    if (!prim || (op->kind == CD_T_TILDE && cd_is_float(prim)))
        cd_fail(ps, CD_E_CONSTRAINT, op, "%T cannot be used with %Y", op,
                x.type);
    if (cd_is_float(prim)) {
        x.v.d = op->kind == CD_T_MINUS ? -x.v.d : x.v.d;
        return x;
    }
    bits = x.bits;
    prim = promoted(ps, prim);
    x = cd_cast(ps, x, (cd_id)prim, op);
    x.bits = bits;
    if (op->kind == CD_T_PLUS || !x.known)
        return x;
    if (op->kind == CD_T_MINUS) {
        operand zero = cd_int_operand(0, (cd_id)prim, op);
        x = integer_op(ps, op, prim, zero, &x);
    } else {
        x.v.u = fit_prim(ps, ~x.v.u, prim);
    }
    x.bits = bits;
    if (op->kind == CD_T_TILDE)
        cd_depends(ps, prim, x.v.u);
    return bits ? fit_bits(ps, x, op) : x;
}
