/* cexpr.c - constant expressions: their grammar.  MIT.
 *
 * One pass, evaluated while it is parsed: a precedence climb over the binary
 * operators, operands carry a type and perhaps a value (expr.h), fold.c does
 * the arithmetic.  "(" type-name and "(" expression are told apart by the
 * token behind the parenthesis.  Under sizeof and in branches not taken
 * (ps->unevaluated) values may stay unknown.                                 */
#include "expr.h"
#include <math.h>
#include <string.h>

static operand unary(cd_parser *ps);

/* Binding strength of the binary operators; 0: none.                         */
static const unsigned char precedence[CD_N_TOKENS] = {
    [CD_T_OROR] = 1, [CD_T_ANDAND] = 2, [CD_T_PIPE] = 3, [CD_T_CARET] = 4,
    [CD_T_AMP] = 5, [CD_T_EQ] = 6, [CD_T_NE] = 6, [CD_T_LT] = 7, [CD_T_GT] = 7,
    [CD_T_LE] = 7, [CD_T_GE] = 7, [CD_T_SHL] = 8, [CD_T_SHR] = 8,
    [CD_T_PLUS] = 9, [CD_T_MINUS] = 9, [CD_T_STAR] = 10, [CD_T_SLASH] = 10,
    [CD_T_PERCENT] = 10
};

static operand of_value(cd_parser *ps, cd_value v, const cd_token *at)
{
    operand r = {.type = v.type ? v.type : (cd_id)v.prim, .known = true,
                 .text = v.text, .bits = v.bits, .at = *at};

    r.v.u = v.v.u;
    if (v.unknown)
        cd_beyond(ps, &r, v.unknown);
    return r;
}

/* ---- names --------------------------------------------------------------- */

/* The type of an enumerator: int if that holds it, else its enum's; while the
 * enum has none yet, the first of C's list.                                  */
static cd_id enumerator_type(cd_parser *ps, const cd_decl *d)
{
    const cd_target *g = ps->t->target;
    bool large = d->flags & CD_DF_UNSIGNED;
    int prim;

    if (!large && d->u.value >= -2147483647 - 1 && d->u.value <= 2147483647)
        return CD_PRIM_INT;
    prim = d->type ? cd_arith_prim(ps, d->type) : 0;
    if (prim)
        return (cd_id)prim;
    if (!large && d->u.value > 0 && d->u.value <= 0xffffffff)
        return CD_PRIM_UINT;
    prim = g->long_.size == 8 ? CD_PRIM_LONG : CD_PRIM_LLONG;
    return (cd_id)(large ? prim + 1 : prim);
}

CD_NORETURN static void not_a_constant(cd_parser *ps, const cd_decl *d,
                                       const cd_token *at)
{
    ps->unknown_yet = d->kind == CD_D_UNAVAILABLE;
    if (d->kind == CD_D_UNAVAILABLE && ps->probing) /* no chain of reasons */
        cd_fail(ps, CD_E_CONSTRAINT, at, "%N is unavailable", d->name);
    if (d->kind == CD_D_UNAVAILABLE)
        cd_fail(ps, CD_E_CONSTRAINT, at, "%N is unavailable: %s", d->name,
                cd_text(ps->t, d->text, NULL));
    if (d->kind == CD_D_MACRO)
        cd_fail(ps, CD_E_CONSTRAINT, at,
                "the value of %N is only known to the C compiler", d->name);
    cd_fail(ps, CD_E_SYNTAX, at, "expected a constant, found the type %N",
            d->name);
}

/* What a declared name stands for.                                           */
static operand declared(cd_parser *ps, const cd_decl *d, const cd_token *at)
{
    operand r = {.type = d->type, .known = true, .at = *at};

    switch (d->kind) {
    case CD_D_INT:
        r.v.i = d->u.value;
        ps->by_target |= d->text != 0;
        if (d->flags & CD_DF_ENUMERATOR || !d->type)
            r.type = enumerator_type(ps, d);
        return r;
    case CD_D_FLOAT: r.v.d = d->u.number; return r;
    case CD_D_STRING: r.text = d->text; return r;
    case CD_D_FUNCTION:
    case CD_D_EXTERN_PYTHON:
    case CD_D_VARIABLE:
        r.lvalue = true;
        r.known = false;
        return r;
    case CD_D_UNAVAILABLE:
        if (d->flags & CD_DF_ENUMERATOR && !ps->probing) {
            r.type = CD_PRIM_INT;
            cd_beyond(ps, &r, d->text);
            return r;
        } /* fall through */
    default: not_a_constant(ps, d, at);
    }
}

/* Names that mean something undeclared.                                      */
static const struct {
    const char *name;
    int prim;
    double number;
} builtins[] = {
    {"false", CD_PRIM_INT, 0}, {"true", CD_PRIM_INT, 1},
    {"nullptr", CD_PRIM_VOID, 0},
    {"__builtin_inf", CD_PRIM_DOUBLE, INFINITY},
    {"__builtin_inff", CD_PRIM_FLOAT, INFINITY},
    {"__builtin_infl", CD_PRIM_LDOUBLE, INFINITY},
    {"__builtin_huge_val", CD_PRIM_DOUBLE, INFINITY},
    {"__builtin_huge_valf", CD_PRIM_FLOAT, INFINITY},
    {"__builtin_huge_vall", CD_PRIM_LDOUBLE, INFINITY},
    {"__builtin_nan", CD_PRIM_DOUBLE, NAN},
    {"__builtin_nanf", CD_PRIM_FLOAT, NAN},
    {"__builtin_nanl", CD_PRIM_LDOUBLE, NAN}
};

/* unknown-call = NAME "(" balanced ")" : of a function that the compiler folds
 * and we do not.  tok is the "(".                                            */
static operand unknown_call(cd_parser *ps, const cd_token *at)
{
    operand r = {.type = CD_PRIM_INT, .at = *at};

    cd_beyond(ps, &r, cd_message(ps, "%s() is not computed",
                                 cd_text(ps->t, at->name, NULL)));
    cd_skip_balanced(ps);
    return r;
}

/* builtin = "true" | "false" | "nullptr" | "__builtin_inf" "(" ")" | ...
 *         | unknown-call | name-of-a-macro-below                             */
static operand builtin(cd_parser *ps, const cd_token *at)
{
    size_t i = 0, n = sizeof builtins / sizeof *builtins;
    cd_value v;
    operand r;

    while (i < n && strcmp(builtins[i].name, cd_text(ps->t, at->name, NULL)))
        i++;
    if (i == n && ps->tok.kind == CD_T_LPAREN && at->len > 2 &&
        memcmp(at->at, "__", 2) == 0)
        return unknown_call(ps, at);
    if (i == n && cd_defined_below(ps, at, &v))
        return of_value(ps, v, at);
    if (i == n) {
        ps->unknown_yet = true;
        cd_undeclared(ps, at);
    }
    r = cd_int_operand((int64_t)(i == 1), (cd_id)builtins[i].prim, at);
    if (builtins[i].prim == CD_PRIM_VOID)
        r.type = cd_pointer_to(ps, CD_PRIM_VOID);
    if (cd_is_float(builtins[i].prim)) {
        r.v.d = builtins[i].number;
        if (ps->tok.kind != CD_T_LPAREN)
            cd_expected(ps, "'('");
        cd_skip_balanced(ps);
    }
    return r;
}

static uint32_t decl_of(cd_parser *ps, cd_str name)
{
    uint32_t index = cd_atom_at(ps->t, name)->decl;

    return index ? index : cd_resolve(ps, name, false);
}

/* ---- strings ------------------------------------------------------------- */

/* The text of the token if it is or names a string; 0: it does not.          */
static cd_str string_at(cd_parser *ps)
{
    uint32_t index;
    cd_str text = 0;

    if (ps->tok.kind == CD_T_STRING)
        return cd_string(ps);
    if (ps->tok.kind == CD_T_NAME && (index = decl_of(ps, ps->tok.name))) {
        const cd_decl *d = cd_decl_at(ps->t, index);
        if (d->kind == CD_D_STRING) {
            text = d->text;
            cd_next(ps);
        }
    }
    return text;
}

/* string = ( STRING | name-of-a-string )+ : macros of strings are joined as
 * their expansions would be.  It gets a type only where one is needed.       */
static operand string(cd_parser *ps, cd_str text, const cd_token *at)
{
    operand r = {.at = *at, .lvalue = true};
    uint32_t len;
    cd_str more;

    while ((more = string_at(ps)) != 0) {
        size_t base = ps->scratch.len;
        const cd_str parts[] = {text, more};
        for (int i = 0; i < 2; i++) {
            const char *s = cd_text(ps->t, parts[i], &len);
            memcpy(cd_push(ps, &ps->scratch, len), s, len);
        }
        text = cd_scratch_str(ps, base);
    }
    r.text = text;
    return r;
}

/* literal = STRING+ : of a wide one only the type is known.                  */
static operand literal(cd_parser *ps, const cd_token *at)
{
    cd_value v = cd_strings(ps);
    operand r = {.lvalue = true, .at = *at};

    if (v.text)
        return string(ps, v.text, at);
    r.type = cd_array_of(ps, (cd_id)v.prim, v.v.u + 1, 0);
    if (!ps->unevaluated)
        cd_beyond(ps, &r,
                  cd_message(ps, "wide strings are not supported here"));
    return r;
}

/* ---- members ------------------------------------------------------------- */

/* The member of record `type`, inside anonymous ones too; its offset from the
 * outermost record is added to *offset.  NULL: none.                         */
static const cd_member *find_member(const cd_table *t, cd_id type, cd_str name,
                                    uint64_t *offset)
{
    const cd_ctype *c = cd_ty(t, cd_ty(t, type)->canon);

    for (uint32_t i = 0; i < c->b; i++) {
        const cd_member *m = cd_member_at(t, c->a + i), *inner = NULL;
        uint64_t at = *offset + m->offset;
        if (m->name == name) {
            *offset = at;
            return m;
        }
        if (!m->name && m->bits < 0)
            inner = find_member(t, m->type, name, &at);
        if (inner) {
            *offset = at;
            return inner;
        }
    }
    return NULL;
}

/* x "." name : x is a record lvalue, tok its member's name.                  */
static operand member(cd_parser *ps, operand x)
{
    const cd_ctype *c = cd_ty(ps->t, cd_ty(ps->t, x.type)->canon);
    cd_token name = ps->tok;
    const cd_member *m;

    if (c->kind != CD_STRUCT && c->kind != CD_UNION)
        cd_fail(ps, CD_E_CONSTRAINT, &name, "%Y has no members here", x.type);
    if (!name.name)
        cd_expected(ps, "a member's name");
    if (c->flags & (CD_F_OPAQUE | CD_F_BUSY))
        cd_fail(ps, CD_E_CONSTRAINT, &name, "%Y is not complete", x.type);
    m = find_member(ps->t, x.type, name.name, &x.v.u);
    if (!m)
        cd_fail(ps, CD_E_CONSTRAINT, &name, "%Y has no member %N", x.type,
                name.name);
    if (c->flags & CD_F_LATE)
        cd_undefined(ps, &x, &name,
                     "this offset is only known to the C compiler");
    x.type = m->type;
    x.bitfield = m->bits >= 0;
    ps->by_target = true;
    cd_next(ps);
    return x;
}

/* x "[" expression "]" ; tok is behind the bracket.                          */
static operand subscript(cd_parser *ps, operand x)
{
    cd_token plus = {.kind = CD_T_PLUS, .at = ps->tok.at, .len = 1,
                     .line = ps->tok.line};
    operand i = cd_conditional(ps);

    cd_expect(ps, CD_T_RBRACK);
    if (!x.known) /* the type alone */
        ps->unevaluated++;
    bool blind = !x.known;
    x = cd_fold_binary(ps, &plus, x, i);
    if (blind)
        ps->unevaluated--;
    x.type = cd_item_of(ps->t, x.type);
    x.lvalue = true;
    if (!x.type)
        cd_fail(ps, CD_E_CONSTRAINT, &plus, "this is not an array or pointer");
    return x;
}

/* "*" x                                                                      */
static operand dereference(cd_parser *ps, operand x, const cd_token *at)
{
    bool blind = !x.known;

    ps->unevaluated += blind;
    x = cd_rvalue(ps, x);
    ps->unevaluated -= blind;
    x.type = cd_item_of(ps->t, x.type);
    if (!x.type)
        cd_fail(ps, CD_E_CONSTRAINT, at, "only a pointer can be followed");
    x.lvalue = true;
    x.at = *at;
    return x;
}

/* The type of an operand; strings get theirs here.                           */
static cd_id type_of(cd_parser *ps, const operand *x)
{
    uint32_t len;

    if (x->bits)
        return cd_unavailable_type(ps, "_BitInt", "_BitInt is not supported");
    if (!x->text)
        return x->type;
    cd_text(ps->t, x->text, &len);
    return cd_array_of(ps, CD_PRIM_CHAR, (uint64_t)len + 1, 0);
}

/* "&" x                                                                      */
static operand address(cd_parser *ps, operand x, const cd_token *at)
{
    if (!x.lvalue || x.bitfield)
        cd_fail(ps, CD_E_CONSTRAINT, at, "this has no address");
    if (!x.known && !ps->unevaluated)
        cd_beyond(ps, &x, cd_message(ps, "an address is not a constant here"));
    x.type = cd_pointer_to(ps, type_of(ps, &x));
    x.lvalue = false;
    x.text = 0;
    x.at = *at;
    return x;
}

/* ---- sizeof and its like ------------------------------------------------- */

/* postfix = primary ( "[" conditional "]" | "." name | "->" name
 *                   | "(" ... ")" )*                                         */
static operand postfix(cd_parser *ps, operand x)
{
    for (;;) {
        cd_token op = ps->tok;
        if (cd_accept(ps, CD_T_LBRACK)) {
            x = subscript(ps, x);
        } else if (cd_accept(ps, CD_T_DOT)) {
            x = member(ps, x);
        } else if (cd_accept(ps, CD_T_ARROW)) {
            x = member(ps, dereference(ps, x, &op));
        } else if (op.kind == CD_T_LPAREN &&
                   cd_kind_of(ps->t, x.type) == CD_FUNC) {
            if (!ps->unevaluated)
                cd_fail(ps, CD_E_CONSTRAINT, &x.at,
                        "a call is not a constant");
            x.type = cd_ty(ps->t, cd_strip(ps->t, x.type))->a;
            x.lvalue = false;
            cd_skip_balanced(ps);
        } else {
            return x;
        }
    }
}

/* A parenthesised expression; tok is behind "(".                             */
static operand parenthesised(cd_parser *ps)
{
    operand x = cd_conditional(ps);

    cd_expect(ps, CD_T_RPAREN);
    return x;
}

/* Behind a "(": does a type-name follow?  __extension__ may stand before
 * either, and says nothing.                                                  */
static bool type_follows(cd_parser *ps)
{
    while (cd_accept(ps, CD_T_EXTENSION))
        ;
    return cd_starts_type(ps, &ps->tok);
}

/* size-operand = "(" type-name ")" | unary                                   */
static operand size_operand(cd_parser *ps)
{
    operand x = {.at = ps->tok};

    ps->unevaluated++;
    if (!cd_accept(ps, CD_T_LPAREN)) {
        x = unary(ps);
    } else if (type_follows(ps)) {
        x.type = cd_type_name(ps);
        cd_expect(ps, CD_T_RPAREN);
    } else {
        x = postfix(ps, parenthesised(ps));
    }
    ps->unevaluated--;
    return x;
}

/* sizeof = "sizeof" size-operand ; alignof = "_Alignof" size-operand         */
static operand size_or_align(cd_parser *ps)
{
    cd_token op = ps->tok;
    uint64_t size;
    uint32_t align;
    operand x;

    cd_next(ps);
    x = size_operand(ps);
    if (x.bitfield)
        cd_fail(ps, CD_E_CONSTRAINT, &op, "%T cannot be used with a bit-field",
                &op);
    x.type = type_of(ps, &x);
    ps->unknown_yet = ps->by_target = true;
    if (cd_spread(ps->t, x.type) & CD_F_UNAVAIL) {
        cd_str why = cd_message(ps, "%s", cd_why(ps->t, x.type));
        x = cd_int_operand(1, CD_PRIM_SIZE, &op);
        cd_beyond(ps, &x, why);
        return x;
    }
    if (!cd_layout_of(ps->t, x.type, &size, &align))
        cd_fail(ps, CD_E_CONSTRAINT, &op, "the size of %Y is not known",
                x.type);
    return cd_int_operand(op.kind == CD_T_SIZEOF ? (int64_t)size
                                                 : (int64_t)align,
                          CD_PRIM_SIZE, &op);
}

/* offsetof = "__builtin_offsetof" "(" type-name "," name
 *            ( "." name | "[" conditional "]" )* ")" ; tok is the "("        */
static operand offset_of(cd_parser *ps, const cd_token *op)
{
    operand x = {.known = true, .lvalue = true, .at = *op};

    cd_expect(ps, CD_T_LPAREN);
    x.type = cd_type_name(ps);
    cd_expect(ps, CD_T_COMMA);
    x = member(ps, x);
    for (;;) {
        if (cd_accept(ps, CD_T_DOT))
            x = member(ps, x);
        else if (cd_accept(ps, CD_T_LBRACK))
            x = subscript(ps, x);
        else
            break;
    }
    cd_expect(ps, CD_T_RPAREN);
    if (x.bitfield)
        cd_fail(ps, CD_E_CONSTRAINT, op, "a bit-field has no offset in bytes");
    x.type = CD_PRIM_SIZE;
    x.lvalue = false;
    return x;
}

/* ---- primary and unary --------------------------------------------------- */

/* name = NAME | builtin | offsetof | built-in (select.c)                     */
static operand name(cd_parser *ps)
{
    cd_token at = ps->tok;
    uint32_t index = decl_of(ps, at.name);
    operand x;

    cd_next(ps);
    if (!index && ps->tok.kind == CD_T_LPAREN &&
        !strcmp(cd_text(ps->t, at.name, NULL), "offsetof"))
        return offset_of(ps, &at);
    if (!index && ps->tok.kind == CD_T_LPAREN && cd_folded_call(ps, &at, &x))
        return x;
    if (!index)
        return builtin(ps, &at);
    x = declared(ps, cd_decl_at(ps->t, index), &at);
    return x.text ? string(ps, x.text, &at) : x;
}

/* primary = NUMBER | CHARACTER | string | name | "(" conditional ")"         */
static operand primary(cd_parser *ps)
{
    cd_token at = ps->tok;
    operand x;

    switch (at.kind) {
    case CD_T_NUMBER:
        x = of_value(ps, cd_number(ps, &at), &at);
        cd_next(ps);
        return x;
    case CD_T_CHARACTER:
        x = of_value(ps, cd_character(ps, &at), &at);
        cd_next(ps);
        return x;
    case CD_T_STRING: return literal(ps, &at);
    case CD_T_NAME: return name(ps);
    case CD_T_OFFSETOF: cd_next(ps); return offset_of(ps, &at);
    case CD_T_GENERIC: return cd_generic(ps);
    default: cd_expected(ps, "an expression");
    }
}

/* parens = "(" type-name ")" unary | "(" conditional ")" postfix...          */
static operand parens(cd_parser *ps)
{
    cd_token at = ps->tok;
    cd_id type;

    cd_next(ps);
    if (!type_follows(ps))
        return postfix(ps, parenthesised(ps));
    type = cd_type_name(ps);
    cd_expect(ps, CD_T_RPAREN);
    if (ps->tok.kind == CD_T_LBRACE)
        cd_fail(ps, CD_E_CONSTRAINT, &at,
                "a compound literal is not a constant");
    return cd_cast(ps, unary(ps), type, &at);
}

/* unary = ( "+" | "-" | "~" | "!" | "&" | "*" | "__extension__" ) unary
 *       | sizeof | alignof | parens | primary postfix...                     */
static operand unary(cd_parser *ps)
{
    cd_token op = ps->tok;
    operand x;

    cd_enter(ps);
    switch (op.kind) {
    case CD_T_PLUS: case CD_T_MINUS: case CD_T_TILDE: case CD_T_BANG:
        cd_next(ps);
        x = cd_fold_unary(ps, &op, unary(ps));
        break;
    case CD_T_AMP:
        cd_next(ps);
        x = address(ps, unary(ps), &op);
        break;
    case CD_T_STAR:
        cd_next(ps);
        x = dereference(ps, unary(ps), &op);
        break;
    case CD_T_EXTENSION:
        cd_next(ps);
        x = unary(ps);
        break;
    case CD_T_SIZEOF: case CD_T_ALIGNOF: x = size_or_align(ps); break;
    case CD_T_LPAREN: x = parens(ps); break;
    default: x = postfix(ps, primary(ps)); break;
    }
    cd_leave(ps);
    return x;
}

/* ---- binary and conditional ---------------------------------------------- */

static operand binary(cd_parser *ps, int strength);

/* The right side of && and ||, evaluated only if l does not decide.          */
static operand logical(cd_parser *ps, const cd_token *op, operand l)
{
    bool is_or = op->kind == CD_T_OROR, truth, decided;
    operand r, result;

    l = cd_scalar(ps, l);
    truth = cd_is_true(ps, &l);
    decided = l.known && truth == is_or;
    ps->unevaluated += decided;
    r = cd_scalar(ps, binary(ps, precedence[op->kind] + 1));
    ps->unevaluated -= decided;
    if (!decided)
        truth = cd_is_true(ps, &r);
    result = cd_int_operand(truth, CD_PRIM_INT, &l.at);
    result.known = decided || (l.known && r.known);
    return result;
}

/* binary = unary ( operator unary )*, operators of at least this strength    */
static operand binary(cd_parser *ps, int strength)
{
    operand l, r;

    cd_enter(ps);
    l = unary(ps);
    while (precedence[ps->tok.kind] >= strength) {
        cd_token op = ps->tok;
        cd_next(ps);
        if (op.kind == CD_T_OROR || op.kind == CD_T_ANDAND) {
            l = logical(ps, &op, l);
        } else {
            r = binary(ps, precedence[op.kind] + 1);
            l = cd_fold_binary(ps, &op, l, r);
        }
    }
    cd_leave(ps);
    return l;
}

/* The chosen branch, in the type that both have together.                    */
static operand choose(cd_parser *ps, const operand *c, bool truth, operand a,
                      operand b)
{
    bool same = cd_arith_prim(ps, a.type) && cd_arith_prim(ps, b.type);
    cd_id type = cd_common_type(ps, &a, &b);
    operand r = truth ? a : b;

    if (!same && truth && cd_arith_prim(ps, a.type) && !a.text && !b.text)
        type = b.type; /* 0 : pointer */
    if (!r.text && (same || cd_item_of(ps->t, type)))
        r = cd_cast(ps, r, type, &r.at);
    r.known &= c->known;
    r.at = c->at;
    return r;
}

/* conditional = binary ( "?" conditional? ":" conditional )?
 * GNU: without its middle it is the condition.                               */
operand cd_conditional(cd_parser *ps)
{
    operand c, a, b;
    bool truth;

    c = binary(ps, 1);
    if (ps->tok.kind != CD_T_QUESTION)
        return c;
    cd_enter(ps);
    cd_next(ps);
    c = cd_scalar(ps, c);
    truth = cd_is_true(ps, &c);
    a = c;
    ps->unevaluated += !truth;
    if (ps->tok.kind != CD_T_COLON)
        a = cd_conditional(ps);
    ps->unevaluated += truth ? 1 : -1;
    cd_expect(ps, CD_T_COLON);
    b = cd_conditional(ps);
    ps->unevaluated -= truth;
    cd_leave(ps);
    return choose(ps, &c, truth, a, b);
}

/* ---- what the rest of the parser calls ----------------------------------- */

/* An operand as the public value; it has one.                                */
static cd_value to_value(cd_parser *ps, operand x)
{
    cd_value r = {.type = x.type, .text = x.text};

    if (x.text)
        return r;
    r.prim = cd_arith_prim(ps, x.type);
    if (!r.prim)
        r.prim = CD_PRIM_UINTPTR;
    r.v.u = x.v.u;
    r.is_unsigned = !cd_is_float(r.prim) &&
                    !cd_prim_signed(ps->t->target, r.prim);
    return r;
}

/* A whole expression that is evaluated, wherever it stands; *c is its text if
 * the target has a part in its value, *unknown the reason if it is beyond us.
 */
static operand evaluated(cd_parser *ps, cd_str *c, cd_str *unknown)
{
    int outer = ps->unevaluated;
    bool by_target = ps->by_target;
    cd_str beyond = ps->beyond;
    cd_token from = ps->tok;
    operand x;

    ps->unevaluated = 0;
    ps->by_target = false;
    ps->beyond = 0;
    x = cd_conditional(ps);
    if (!x.text)
        x = cd_scalar(ps, x);
    ps->unevaluated = outer;
    *unknown = ps->beyond;
    ps->beyond = beyond;
    *c = *unknown ? 0 : cd_c_text(ps, &from);
    ps->by_target |= by_target;
    return x;
}

cd_value cd_any_expr(cd_parser *ps)
{
    cd_str c, unknown;
    cd_value v = to_value(ps, evaluated(ps, &c, &unknown));

    v.c = c;
    v.unknown = unknown;
    return v;
}

cd_value cd_any_int(cd_parser *ps)
{
    cd_str c, unknown;
    operand x = evaluated(ps, &c, &unknown);
    int prim = x.text ? 0 : cd_arith_prim(ps, x.type);

    if ((!prim || cd_is_float(prim)) && !unknown)
        cd_fail(ps, CD_E_CONSTRAINT, &x.at,
                "expected an integer constant, found one of type %Y",
                type_of(ps, &x));
    cd_value v = to_value(ps, x);
    v.c = c;
    v.unknown = unknown;
    if (unknown && ps->in_typename)
        cd_fail(ps, CD_E_CONSTRAINT, &x.at, "%s",
                cd_text(ps->t, unknown, NULL));
    return v;
}

/* A value that has to be there.                                              */
static cd_value computed(cd_parser *ps, cd_value v, const cd_token *from)
{
    if (v.unknown)
        cd_fail(ps, CD_E_CONSTRAINT, from, "%s",
                cd_text(ps->t, v.unknown, NULL));
    return v;
}

cd_value cd_const_expr(cd_parser *ps)
{
    cd_token from = ps->tok;

    return computed(ps, cd_any_expr(ps), &from);
}

cd_value cd_const_int(cd_parser *ps)
{
    cd_token from = ps->tok;

    return computed(ps, cd_any_int(ps), &from);
}

cd_id cd_expr_type(cd_parser *ps)
{
    int outer = ps->unevaluated;
    cd_str beyond = ps->beyond, unknown;
    operand x;

    ps->beyond = 0;
    ps->unevaluated++;
    x = cd_conditional(ps);
    ps->unevaluated = outer;
    unknown = ps->beyond;
    ps->beyond = beyond;
    return unknown ? cd_unavailable_type(ps, "...",
                                         cd_text(ps->t, unknown, NULL))
                   : type_of(ps, &x);
}

cd_value cd_convert_value(cd_parser *ps, cd_value v, cd_id type)
{
    return to_value(ps, cd_cast(ps, of_value(ps, v, &ps->tok), type, &ps->tok));
}
