/* select.c - _Generic, and the built-in functions that compilers fold.  MIT.
 *
 * Both ask whether two types are the same in C's eyes, qualifiers behind a
 * pointer included, which the canon of a type leaves out.  What is not chosen
 * is parsed, but not evaluated (ps->unevaluated).                            */
#include "expr.h"
#include <string.h>

/* ---- the same type ------------------------------------------------------- */

/* Past typedefs and qualifiers; the qualifiers.                              */
static int strip_quals(const cd_table *t, cd_id *id)
{
    int quals = 0;
    const cd_ctype *c = cd_ty(t, *id);

    while (c->kind == CD_TYPEDEF || c->kind == CD_QUAL) {
        if (c->kind == CD_QUAL)
            quals |= c->sub;
        c = cd_ty(t, *id = c->a);
    }
    return quals;
}

/* The type of C's own that a predefined integer (int64_t) or an enum is.     */
static int basic_prim(const cd_table *t, const cd_ctype *c)
{
    static const unsigned char basic[] = {CD_PRIM_SCHAR, CD_PRIM_SHORT,
                                          CD_PRIM_INT, CD_PRIM_LONG,
                                          CD_PRIM_LLONG};
    int prim = c->sub, klass = cd_prim_class(prim);

    if (c->kind != CD_PRIM && c->kind != CD_ENUM)
        return CD_PRIM_NONE;
    if (prim <= CD_PRIM_ULLONG || (klass != CD_CLASS_CHAR &&
                                   klass != CD_CLASS_SINT &&
                                   klass != CD_CLASS_UINT))
        return prim;
    for (size_t i = 0; i < sizeof basic; i++)
        if (cd_prim_size(t->target, basic[i]) == cd_prim_size(t->target, prim))
            return basic[i] + !cd_prim_signed(t->target, prim);
    return prim;
}

/* Equal but for their own qualifiers, which the caller compares.             */
static bool same_type(const cd_table *t, cd_id a, cd_id b)
{
    for (;;) { /* down pointers and arrays */
        const cd_ctype *x, *y;
        strip_quals(t, &a);
        strip_quals(t, &b);
        x = cd_ty(t, a);
        y = cd_ty(t, b);
        if (x->kind == CD_FUNC && y->kind == CD_FUNC)
            return cd_compatible(t, a, b);
        if (x->kind != y->kind || (x->kind != CD_POINTER &&
                                   x->kind != CD_ARRAY)) {
            int prim = basic_prim(t, x);
            return x->canon == y->canon || (prim && prim == basic_prim(t, y));
        }
        if (x->kind == CD_ARRAY && !((x->flags | y->flags) & CD_F_OPEN) &&
            x->n != y->n)
            return false;
        a = x->a;
        b = y->a;
        if (strip_quals(t, &a) != strip_quals(t, &b))
            return false;
    }
}

/* ---- _Generic ------------------------------------------------------------ */

static bool is_default(const cd_parser *ps)
{
    return ps->tok.kind == CD_T_NAME && ps->tok.len == 7 &&
           memcmp(ps->tok.at, "default", 7) == 0;
}

/* The type that is looked for: of an expression as a value.                  */
static cd_id controlling_type(cd_parser *ps)
{
    if (cd_starts_type(ps, &ps->tok))
        return cd_type_name(ps);
    operand x = cd_conditional(ps);
    x = cd_rvalue(ps, x);
    strip_quals(ps->t, &x.type);
    return x.type;
}

/* association = ( type-name | "default" ) ":" conditional
 * 2: it is the one, 1: it is the default.                                    */
static int association(cd_parser *ps, cd_id wanted, operand *x)
{
    int rank = 1;

    if (is_default(ps)) {
        cd_next(ps);
    } else {
        cd_id type = cd_type_name(ps), bare = type;
        int quals = strip_quals(ps->t, &bare);
        rank = quals == strip_quals(ps->t, &wanted) &&
                       same_type(ps->t, bare, wanted) ? 2 : 0;
    }
    cd_expect(ps, CD_T_COLON);
    *x = cd_conditional(ps);
    return rank;
}

/* generic = "_Generic" "(" ( conditional | type-name ) ( "," association )+ ")"
 */
operand cd_generic(cd_parser *ps)
{
    cd_token at = ps->tok;
    operand chosen = {.at = at}, x;
    int best = 0;

    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    ps->unevaluated++;
    cd_id wanted = controlling_type(ps);
    cd_expect(ps, CD_T_COMMA);
    do {
        int rank = association(ps, wanted, &x);
        if (rank && rank == best)
            cd_fail(ps, CD_E_CONSTRAINT, &x.at, "a second choice for %Y",
                    wanted);
        if (rank > best) {
            best = rank;
            chosen = x;
        }
    } while (cd_accept(ps, CD_T_COMMA));
    cd_expect(ps, CD_T_RPAREN);
    ps->unevaluated--;
    if (!best)
        cd_fail(ps, CD_E_CONSTRAINT, &at, "_Generic has no choice for %Y",
                wanted);
    ps->by_target = true;
    chosen.at = at;
    return chosen;
}

/* ---- functions that compilers fold --------------------------------------- */

typedef struct folded {
    const char *name;
    operand (*fold)(cd_parser *ps, const struct folded *f, const cd_token *at);
    int prim; /* of the argument */
} folded;

/* types-compatible = "(" type-name "," type-name ")"                         */
static operand types_compatible(cd_parser *ps, const folded *f,
                                const cd_token *at)
{
    cd_id a = cd_type_name(ps), b;

    (void)f;
    cd_expect(ps, CD_T_COMMA);
    b = cd_type_name(ps);
    ps->by_target = true;
    return cd_int_operand(same_type(ps->t, a, b), CD_PRIM_INT, at);
}

/* choose-expr = "(" const-expr "," conditional "," conditional ")"           */
static operand choose_expr(cd_parser *ps, const folded *f, const cd_token *at)
{
    cd_value c = cd_any_int(ps);
    operand a, b;

    (void)f;
    cd_expect(ps, CD_T_COMMA);
    ps->unevaluated += !c.v.u;
    a = cd_conditional(ps);
    ps->unevaluated -= !c.v.u;
    cd_expect(ps, CD_T_COMMA);
    ps->unevaluated += c.v.u != 0;
    b = cd_conditional(ps);
    ps->unevaluated -= c.v.u != 0;
    if (!c.v.u)
        a = b;
    if (c.unknown)
        cd_beyond(ps, &a, c.unknown);
    a.at = *at;
    return a;
}

/* constant-p = "(" conditional ")"                                           */
static operand constant_p(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x;

    (void)f;
    ps->unevaluated++;
    x = cd_conditional(ps);
    ps->unevaluated--;
    bool known = x.text || (x.known && !x.lvalue);
    return cd_int_operand(known, CD_PRIM_INT, at);
}

/* The argument in the type that the function takes.                          */
static operand argument(cd_parser *ps, const folded *f)
{
    operand x = cd_conditional(ps);

    return cd_cast(ps, cd_scalar(ps, x), (cd_id)f->prim, &x.at);
}

/* expect = "(" conditional ( "," anything ) ")" : a hint                     */
static operand expect(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = argument(ps, f);

    while (cd_accept(ps, CD_T_COMMA))
        cd_conditional(ps);
    x.at = *at;
    return x;
}

static unsigned bits_of(const cd_parser *ps, const folded *f)
{
    return 8 * cd_prim_size(ps->t->target, f->prim);
}

static operand leading_zeros(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = argument(ps, f), r;
    unsigned n = bits_of(ps, f);

    if (x.known && !x.v.u)
        cd_undefined(ps, &x, at, "the argument must not be 0");
    while (n && x.v.u >> (n - 1) == 0)
        n--;
    r = cd_int_operand(bits_of(ps, f) - n, CD_PRIM_INT, at);
    r.known = x.known;
    return r;
}

static operand trailing_zeros(cd_parser *ps, const folded *f,
                              const cd_token *at)
{
    operand x = argument(ps, f), r;
    unsigned n = 0;

    if (x.known && !x.v.u)
        cd_undefined(ps, &x, at, "the argument must not be 0");
    while (n < 63 && !(x.v.u >> n & 1))
        n++;
    r = cd_int_operand(n, CD_PRIM_INT, at);
    r.known = x.known;
    return r;
}

/* ffs: counted from 1; 0: no bit is set.                                     */
static operand first_bit(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = argument(ps, f), r;
    unsigned n = 0;

    while (x.v.u && !(x.v.u >> n & 1))
        n++;
    r = cd_int_operand(x.v.u ? n + 1 : 0, CD_PRIM_INT, at);
    r.known = x.known;
    return r;
}

static operand count_bits(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = argument(ps, f), r;
    int n = 0;

    for (uint64_t v = x.v.u; v; v &= v - 1)
        n++;
    r = cd_int_operand(n, CD_PRIM_INT, at);
    r.known = x.known;
    return r;
}

static operand parity(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = count_bits(ps, f, at);

    x.v.u &= 1;
    return x;
}

/* clrsb: how many bits below the highest are the same as it.                 */
static operand sign_bits(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = argument(ps, f), r;
    unsigned n = bits_of(ps, f) - 1, same = 0;

    while (same < n && (x.v.u >> (n - 1 - same) & 1) == (x.v.u >> n & 1))
        same++;
    r = cd_int_operand(same, CD_PRIM_INT, at);
    r.known = x.known;
    return r;
}

static operand absolute(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = argument(ps, f);
    cd_token minus = {.kind = CD_T_MINUS, .at = at->at, .len = at->len,
                      .line = at->line};

    if (x.known && x.v.i < 0)
        x = cd_fold_unary(ps, &minus, x);
    x.at = *at;
    return x;
}

static operand swap_bytes(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = argument(ps, f);
    uint64_t v = x.v.u;

    x.v.u = 0;
    for (unsigned n = bits_of(ps, f); n; n -= 8, v >>= 8)
        x.v.u = x.v.u << 8 | (v & 0xff);
    x.at = *at;
    return x;
}

/* strlen = "(" string ")"                                                    */
static operand string_length(cd_parser *ps, const folded *f, const cd_token *at)
{
    operand x = cd_conditional(ps);

    if (!x.text)
        cd_fail(ps, CD_E_CONSTRAINT, &x.at, "a call is not a constant");
    const char *text = cd_text(ps->t, x.text, NULL);
    return cd_int_operand((int64_t)strlen(text), (cd_id)f->prim, at);
}

static const folded functions[] = {
    {"__builtin_types_compatible_p", types_compatible, 0},
    {"__builtin_choose_expr", choose_expr, 0},
    {"__builtin_constant_p", constant_p, 0},
    {"__builtin_expect", expect, CD_PRIM_LONG},
    {"__builtin_expect_with_probability", expect, CD_PRIM_LONG},
    {"__builtin_clz", leading_zeros, CD_PRIM_UINT},
    {"__builtin_clzl", leading_zeros, CD_PRIM_ULONG},
    {"__builtin_clzll", leading_zeros, CD_PRIM_ULLONG},
    {"__builtin_ctz", trailing_zeros, CD_PRIM_UINT},
    {"__builtin_ctzl", trailing_zeros, CD_PRIM_ULONG},
    {"__builtin_ctzll", trailing_zeros, CD_PRIM_ULLONG},
    {"__builtin_ffs", first_bit, CD_PRIM_INT},
    {"__builtin_ffsl", first_bit, CD_PRIM_LONG},
    {"__builtin_ffsll", first_bit, CD_PRIM_LLONG},
    {"__builtin_popcount", count_bits, CD_PRIM_UINT},
    {"__builtin_popcountl", count_bits, CD_PRIM_ULONG},
    {"__builtin_popcountll", count_bits, CD_PRIM_ULLONG},
    {"__builtin_parity", parity, CD_PRIM_UINT},
    {"__builtin_parityl", parity, CD_PRIM_ULONG},
    {"__builtin_parityll", parity, CD_PRIM_ULLONG},
    {"__builtin_clrsb", sign_bits, CD_PRIM_INT},
    {"__builtin_clrsbl", sign_bits, CD_PRIM_LONG},
    {"__builtin_clrsbll", sign_bits, CD_PRIM_LLONG},
    {"__builtin_abs", absolute, CD_PRIM_INT},
    {"__builtin_labs", absolute, CD_PRIM_LONG},
    {"__builtin_llabs", absolute, CD_PRIM_LLONG},
    {"__builtin_bswap16", swap_bytes, CD_PRIM_UINT16},
    {"__builtin_bswap32", swap_bytes, CD_PRIM_UINT32},
    {"__builtin_bswap64", swap_bytes, CD_PRIM_UINT64},
    {"__builtin_strlen", string_length, CD_PRIM_SIZE},
};

/* built-in = NAME "(" ... ")" ; tok is the "(".                              */
bool cd_folded_call(cd_parser *ps, const cd_token *at, operand *x)
{
    const char *name = cd_text(ps->t, at->name, NULL);
    size_t i = 0, n = sizeof functions / sizeof *functions;

    while (i < n && strcmp(functions[i].name, name))
        i++;
    if (i == n)
        return false;
    cd_next(ps);
    *x = functions[i].fold(ps, &functions[i], at);
    cd_expect(ps, CD_T_RPAREN);
    return true;
}
