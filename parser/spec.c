/* spec.c - declaration specifiers: the words before the declarators.  MIT.
 *
 * C lets them come in any order, so type words are gathered as bits and one
 * switch at the end says which primitive the set is.                         */
#include "cd_impl.h"
#include "cd_target.h"
#include <string.h>

/* The words that types are made of: each has one bit, W_..., in a set; so has
 * the second `long`, LLONG, which is no token.                               */
#define TYPE_WORDS(X)                                                          \
    X(VOID) X(CHAR) X(SHORT) X(INT) X(LONG) X(FLOAT) X(DOUBLE) X(SIGNED)       \
    X(UNSIGNED) X(BOOL) X(COMPLEX) X(IMAGINARY) X(INT128) X(UINT128) X(INT8)   \
    X(INT16) X(INT32) X(INT64) X(FLOAT16) X(BFLOAT16) X(FLOAT32) X(FLOAT64)    \
    X(FLOAT32X) X(FLOAT64X) X(FLOAT128) X(FLOAT80) X(DECIMAL32) X(DECIMAL64)   \
    X(DECIMAL128) X(VA_LIST)
enum {
#define NUMBER(NAME) N_##NAME,
    TYPE_WORDS(NUMBER) N_LLONG
};
enum {
#define BIT(NAME) W_##NAME = 1 << N_##NAME,
    TYPE_WORDS(BIT) W_LLONG = 1 << N_LLONG
};

/* What a token means where a declaration may begin. */
enum role {
    NOT_A_TYPE, TYPE_WORD, QUALIFIER, STORAGE, TAG_KEYWORD, TYPE_OPERATOR,
    FUNCTION_WORD, ATTRIBUTE_WORD
};
static const struct {
    uint32_t word; /* bit, qualifier, storage class or kind: as the role is   */
    uint8_t role;
} tokens[CD_N_TOKENS] = {
#define TYPE(NAME) [CD_T_##NAME] = {W_##NAME, TYPE_WORD},
    TYPE_WORDS(TYPE)
    [CD_T_CONST] = {CD_Q_CONST, QUALIFIER},
    [CD_T_VOLATILE] = {CD_Q_VOLATILE, QUALIFIER},
    [CD_T_RESTRICT] = {CD_Q_RESTRICT, QUALIFIER},
    [CD_T_NULLABLE] = {0, QUALIFIER},
    [CD_T_TYPEDEF] = {CD_S_TYPEDEF, STORAGE},
    [CD_T_EXTERN] = {CD_S_EXTERN, STORAGE},
    [CD_T_STATIC] = {CD_S_STATIC, STORAGE},
    [CD_T_REGISTER] = {CD_S_REGISTER, STORAGE},
    [CD_T_AUTO] = {0, FUNCTION_WORD},
    [CD_T_STRUCT] = {CD_STRUCT, TAG_KEYWORD},
    [CD_T_UNION] = {CD_UNION, TAG_KEYWORD},
    [CD_T_ENUM] = {CD_ENUM, TAG_KEYWORD},
    [CD_T_TYPEOF] = {0, TYPE_OPERATOR},
    [CD_T_ATOMIC] = {0, TYPE_OPERATOR},
    [CD_T_BITINT] = {0, TYPE_OPERATOR},
    [CD_T_AUTO_TYPE] = {0, TYPE_OPERATOR},
    [CD_T_INLINE] = {0, FUNCTION_WORD},
    [CD_T_NORETURN] = {0, FUNCTION_WORD},
    [CD_T_THREAD_LOCAL] = {0, FUNCTION_WORD},
    [CD_T_CONSTEXPR] = {0, FUNCTION_WORD},
    [CD_T_ATTRIBUTE] = {0, ATTRIBUTE_WORD},
    [CD_T_DECLSPEC] = {0, ATTRIBUTE_WORD},
    [CD_T_SEGMENT] = {0, ATTRIBUTE_WORD},
    [CD_T_ALIGNAS] = {0, ATTRIBUTE_WORD},
    [CD_T_EXTENSION] = {0, ATTRIBUTE_WORD},
    [CD_T_PRAGMA] = {0, ATTRIBUTE_WORD},
    [CD_T_CDECL] = {0, ATTRIBUTE_WORD},
    [CD_T_STDCALL] = {0, ATTRIBUTE_WORD},
    [CD_T_FASTCALL] = {0, ATTRIBUTE_WORD},
    [CD_T_THISCALL] = {0, ATTRIBUTE_WORD},
    [CD_T_VECTORCALL] = {0, ATTRIBUTE_WORD},
};

/* The type that a name stands for as a typedef; 0: it is not one.            */
static cd_id typedef_named(cd_parser *ps, cd_str name)
{
    uint32_t i = cd_atom_at(ps->t, name)->decl;
    if (i == 0 && (i = cd_resolve(ps, name, false)) == 0)
        return 0;
    const cd_decl *d = cd_seg_at(&ps->t->decls, i);
    return d->kind == CD_D_TYPEDEF ? d->type : 0;
}

bool cd_starts_type(const cd_parser *ps, const cd_token *tok)
{
    if (tok->kind != CD_T_NAME)
        return tokens[tok->kind].role != NOT_A_TYPE;
    return typedef_named((cd_parser *)ps, tok->name) != 0;
}

/* ---- from words to types ------------------------------------------------- */

typedef struct words { /* the state of one run of specifiers */
    uint32_t set;
    int quals;
} words;

/* The primitive of a set of words without _Complex; CD_PRIM_NONE: C has no
 * such type.                                                                 */
static int prim_of_words(uint32_t set)
{
    /* beside short, long or a sign, `int` says nothing */
    if (set & (W_SHORT | W_LONG | W_SIGNED | W_UNSIGNED) && set & W_INT)
        set &= ~(uint32_t)W_INT;
    /* and beside a size `signed` does not */
    if (set & W_SIGNED && set & (W_SHORT | W_LONG | W_INT128 | W_INT8 |
                                 W_INT16 | W_INT32 | W_INT64))
        set &= ~(uint32_t)W_SIGNED;
    switch (set) {
    case W_VOID: return CD_PRIM_VOID;
    case W_BOOL: return CD_PRIM_BOOL;
    case W_CHAR: return CD_PRIM_CHAR;
    case W_SIGNED | W_CHAR: return CD_PRIM_SCHAR;
    case W_UNSIGNED | W_CHAR: return CD_PRIM_UCHAR;
    case W_SHORT: return CD_PRIM_SHORT;
    case W_UNSIGNED | W_SHORT: return CD_PRIM_USHORT;
    case W_INT:
    case W_SIGNED: return CD_PRIM_INT;
    case W_UNSIGNED: return CD_PRIM_UINT;
    case W_LONG: return CD_PRIM_LONG;
    case W_UNSIGNED | W_LONG: return CD_PRIM_ULONG;
    case W_LONG | W_LLONG: return CD_PRIM_LLONG;
    case W_UNSIGNED | W_LONG | W_LLONG: return CD_PRIM_ULLONG;
    case W_FLOAT:
    case W_FLOAT32: return CD_PRIM_FLOAT;
    case W_DOUBLE:
    case W_FLOAT64:
    case W_FLOAT32X: return CD_PRIM_DOUBLE;
    case W_LONG | W_DOUBLE:
    case W_FLOAT64X: return CD_PRIM_LDOUBLE;
    case W_FLOAT16: return CD_PRIM_FLOAT16;
    case W_BFLOAT16: return CD_PRIM_BFLOAT16;
    case W_FLOAT128: return CD_PRIM_FLOAT128;
    case W_INT128: return CD_PRIM_INT128;
    case W_UINT128:
    case W_UNSIGNED | W_INT128: return CD_PRIM_UINT128;
    case W_INT8: return CD_PRIM_SCHAR; /* Microsoft's names of C's own types  */
    case W_UNSIGNED | W_INT8: return CD_PRIM_UCHAR;
    case W_INT16: return CD_PRIM_SHORT;
    case W_UNSIGNED | W_INT16: return CD_PRIM_USHORT;
    case W_INT32: return CD_PRIM_INT;
    case W_UNSIGNED | W_INT32: return CD_PRIM_UINT;
    case W_INT64: return CD_PRIM_LLONG;
    case W_UNSIGNED | W_INT64: return CD_PRIM_ULLONG;
    default: return CD_PRIM_NONE;
    }
}

/* Types that compilers know and Python has no values for. */
static const struct unrepresented {
    uint32_t set;
    const char *spelling, *reason;
} unrepresented[] = {
    {W_VA_LIST, "va_list", "a va_list has no value in Python"},
    {W_FLOAT80, "__float80", "__float80 is not supported"},
    {W_DECIMAL32, "_Decimal32", "decimal floating types are not supported"},
    {W_DECIMAL64, "_Decimal64", "decimal floating types are not supported"},
    {W_DECIMAL128, "_Decimal128", "decimal floating types are not supported"},
    {W_IMAGINARY, "_Imaginary", "imaginary types are not supported"},
    {W_COMPLEX, "_Complex", "complex numbers of this type are not supported"},
};

/* An unavailable type if the set is one of those, 0 if it is not. */
static cd_id unrepresented_type(cd_parser *ps, uint32_t set)
{
    if (set & W_IMAGINARY)
        set = W_IMAGINARY;
    for (size_t i = 0; i < sizeof unrepresented / sizeof *unrepresented; i++)
        if (unrepresented[i].set == set)
            return cd_unavailable_type(ps, unrepresented[i].spelling,
                                       unrepresented[i].reason);
    return 0;
}

/* The standard's names for types that C has already, real and complex. */
enum { RENAMED = W_FLOAT32 | W_FLOAT64 | W_FLOAT32X | W_FLOAT64X };
static const struct renamed {
    uint32_t set;
    const char *spelling;
} renamed[] = {
    {W_FLOAT32, "_Float32"},
    {W_FLOAT64, "_Float64"},
    {W_FLOAT32X, "_Float32x"},
    {W_FLOAT64X, "_Float64x"},
    {W_FLOAT32 | W_COMPLEX, "_Float32 _Complex"},
    {W_FLOAT64 | W_COMPLEX, "_Float64 _Complex"},
    {W_FLOAT32X | W_COMPLEX, "_Float32x _Complex"},
    {W_FLOAT64X | W_COMPLEX, "_Float64x _Complex"},
};

/* They are typedefs of C's type, each made when it is met first. */
static cd_id renamed_type(cd_parser *ps, uint32_t set, cd_id type)
{
    if (!(set & RENAMED))
        return type;
    const struct renamed *r = renamed;
    while (r->set != set)
        r++;
    cd_decl d = {.kind = CD_D_TYPEDEF};
    d.name = cd_intern(ps, r->spelling, strlen(r->spelling));
    uint32_t i = cd_atom_at(ps->t, d.name)->decl;
    if (i)
        return cd_decl_at(ps->t, i)->type;
    d.type = cd_typedef_of(ps, d.name, type, 0);
    cd_bind_name(ps, d.name, cd_add_decl(ps, &d));
    return d.type;
}

static CD_NORETURN void no_such_type(cd_parser *ps, const cd_token *at)
{
    cd_fail(ps, CD_E_CONSTRAINT, at, "these words do not name a type of C");
}

/* complex-type = "_Complex" with the words of a real type */
static cd_id complex_type(cd_parser *ps, uint32_t set, const cd_token *at)
{
    if (set == 0)
        return CD_PRIM_DCOMPLEX; /* as gcc reads it */
    int prim = prim_of_words(set);
    switch (prim) {
    case CD_PRIM_FLOAT:
        return renamed_type(ps, set | W_COMPLEX, CD_PRIM_FCOMPLEX);
    case CD_PRIM_DOUBLE:
        return renamed_type(ps, set | W_COMPLEX, CD_PRIM_DCOMPLEX);
    case CD_PRIM_LDOUBLE:
        return renamed_type(ps, set | W_COMPLEX, CD_PRIM_LDCOMPLEX);
    case CD_PRIM_NONE:
        if (unrepresented_type(ps, set) == 0)
            no_such_type(ps, at);
        break;
    case CD_PRIM_VOID:
    case CD_PRIM_BOOL: no_such_type(ps, at);
    default: break;
    }
    return unrepresented_type(ps, W_COMPLEX); /* of integers, _Float16, ...   */
}

static cd_id type_of_words(cd_parser *ps, uint32_t set, const cd_token *at)
{
    if (set & W_COMPLEX)
        return complex_type(ps, set & ~(uint32_t)W_COMPLEX, at);
    int prim = prim_of_words(set);
    if (prim == CD_PRIM_NONE) {
        cd_id type = unrepresented_type(ps, set);
        if (type == 0)
            no_such_type(ps, at);
        return type;
    }
    if (prim != CD_PRIM_VOID && cd_prim_size(ps->t->target, prim) == 0)
        return cd_unavailable_type(ps, cd_prim_name(prim),
                                   "the platform does not have this type");
    return renamed_type(ps, set, (cd_id)prim);
}

/* ---- operators that are types -------------------------------------------- */

/* typeof = "typeof" "(" ( type-name | expression ) ")" */
static cd_id typeof_specifier(cd_parser *ps)
{
    cd_id type;
    bool unqualified = ps->tok.len == sizeof "typeof_unqual" - 1;
    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    if (cd_starts_type(ps, &ps->tok))
        type = cd_type_name(ps);
    else
        type = cd_expr_type(ps);
    cd_expect(ps, CD_T_RPAREN);
    while (unqualified && cd_ty(ps->t, type)->kind == CD_QUAL)
        type = cd_ty(ps->t, type)->a;
    return type;
}

/* bit-int = "_BitInt" "(" const-expr ")" */
static cd_id bit_int(cd_parser *ps)
{
    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    cd_const_int(ps);
    cd_expect(ps, CD_T_RPAREN);
    return cd_unavailable_type(ps, "_BitInt", "_BitInt is not supported");
}

/* Compilers differ in what they add to an atomic record, but not where that is
 * at most an alignment (types.c), as with all scalars.                       */
static bool is_plain_record(const cd_parser *ps, cd_id type)
{
    uint64_t size;
    uint32_t align;
    int kind = cd_kind_of(ps->t, type);

    return (kind == CD_STRUCT || kind == CD_UNION) &&
           !(cd_spread(ps->t, type) & (CD_F_LATE | CD_F_UNAVAIL)) &&
           cd_layout_of(ps->t, type, &size, &align) && size &&
           (size > 16 || !(size & (size - 1)));
}

static cd_id atomic(cd_parser *ps, cd_id type)
{
    int kind = cd_kind_of(ps->t, type);
    if (kind != CD_PRIM && kind != CD_POINTER && kind != CD_ENUM &&
        !is_plain_record(ps, type))
        return cd_unavailable_type(ps, "_Atomic",
                                   "an atomic struct, union or array");
    return cd_qualified(ps, type, CD_Q_ATOMIC);
}

/* Where the first type is a record or enum, what lacks is the ';' behind it. */
static CD_NORETURN void two_types(cd_parser *ps, const cd_spec *s,
                                  const cd_token *at)
{
    if (s->declares_tag)
        cd_expected(ps, "a name or ';'");
    cd_fail(ps, CD_E_SYNTAX, at, "two types in one declaration");
}

/* type-operator = typeof | bit-int | "__auto_type" | "_Atomic" "(" type ")"
 * `_Atomic` without parentheses is a qualifier.                              */
static void type_operator(cd_parser *ps, cd_spec *s, words *w)
{
    cd_id type;
    switch (ps->tok.kind) {
    case CD_T_TYPEOF: type = typeof_specifier(ps); break;
    case CD_T_BITINT: type = bit_int(ps); break;
    case CD_T_AUTO_TYPE:
        type = cd_unavailable_type(ps, "__auto_type", "its type is deduced");
        cd_next(ps);
        break;
    default: /* CD_T_ATOMIC */
        cd_next(ps);
        if (ps->tok.kind != CD_T_LPAREN) {
            w->quals |= CD_Q_ATOMIC;
            return;
        }
        cd_next(ps);
        type = atomic(ps, cd_type_name(ps));
        cd_expect(ps, CD_T_RPAREN);
    }
    if (cd_ty(ps->t, type)->kind == CD_UNAVAIL)
        w->set &= ~(uint32_t)(W_SIGNED | W_UNSIGNED); /* unsigned _BitInt(8)  */
    if (s->type || w->set)
        two_types(ps, s, &s->at);
    s->type = type;
}

/* ---- one specifier ------------------------------------------------------- */

static void type_word(cd_parser *ps, cd_spec *s, words *w, uint32_t bit)
{
    if (s->type)
        two_types(ps, s, &ps->tok);
    if (w->set & bit) {
        if (bit != W_LONG || w->set & W_LLONG)
            cd_fail(ps, CD_E_SYNTAX, &ps->tok, "%T once too often", &ps->tok);
        bit = W_LLONG;
    }
    w->set |= bit;
    cd_next(ps);
}

/* `typedef float _Float32;`, which headers have for compilers without it: we
 * are one with it.                                                           */
static bool renames_builtin(cd_parser *ps, const cd_spec *s, const words *w)
{
    const uint32_t names = W_BOOL | W_FLOAT16 | W_FLOAT32 | W_FLOAT64 |
                           W_FLOAT32X | W_FLOAT64X | W_FLOAT128 | W_INT128 |
                           W_UINT128 | W_VA_LIST;
    return (s->type || w->set) && s->storage == CD_S_TYPEDEF &&
           tokens[ps->tok.kind].word & names &&
           cd_peek(ps)->kind == CD_T_SEMI &&
           !(w->set & (W_UNSIGNED | W_COMPLEX | W_SIGNED));
}

static void storage_class(cd_parser *ps, cd_spec *s, int storage)
{
    if (s->storage != CD_S_NONE)
        cd_fail(ps, CD_E_SYNTAX, &ps->tok, "a second storage class, %T",
                &ps->tok);
    s->storage = storage;
    cd_next(ps);
}

static void function_word(cd_parser *ps, cd_spec *s)
{
    switch (ps->tok.kind) {
    case CD_T_INLINE: s->is_inline = true; break;
    case CD_T_NORETURN: s->is_noreturn = true; break;
    case CD_T_THREAD_LOCAL: s->is_thread = true; break;
    case CD_T_AUTO: s->is_auto = true; break;
    default: s->is_constexpr = true; break;
    }
    cd_next(ps);
}

static void tagged_type(cd_parser *ps, cd_spec *s, words *w, int kind)
{
    if (s->type || w->set)
        two_types(ps, s, &ps->tok);
    cd_next(ps);
    s->type = kind == CD_ENUM ? cd_enum_spec(ps) : cd_record_spec(ps, kind);
    s->declares_tag = true;
}

/* dots = "..."     `typedef ... T`, `typedef int... T`, `typedef float... T` */
static void dots(cd_parser *ps, cd_spec *s, words *w)
{
    if (s->type)
        cd_fail(ps, CD_E_SYNTAX, &ps->tok,
                "'...' may follow only int, float or typedef");
    if (w->set == 0) {
        s->dots = true;
        s->type = cd_new_tagged(ps, CD_STRUCT, 0, cd_here(ps, &s->at));
    } else if (w->set & (W_FLOAT | W_DOUBLE)) {
        s->dots_float = true;
    } else {
        s->dots_int = true;
    }
    cd_next(ps);
}

static CD_NORETURN void no_type(cd_parser *ps)
{
    if (ps->tok.kind == CD_T_NAME) {
        int after = cd_peek(ps)->kind;
        if (after == CD_T_NAME || after == CD_T_STAR || after == CD_T_RPAREN ||
            after == CD_T_COMMA || ps->in_typename)
            cd_unknown_type(ps, ps->tok.name, &ps->tok);
    }
    cd_expected(ps, "a type");
}

/* What is left to do once the last specifier is read. */
static void finish(cd_parser *ps, cd_spec *s, const words *w)
{
    if (w->set != 0)
        s->type = type_of_words(ps, w->set, &s->at);
    if (s->type && s->is_auto)
        cd_fail(ps, CD_E_CONSTRAINT, &s->at,
                "an automatic object or a nested function, outside of any");
    if (s->type == 0) {
        if (!s->is_auto && !s->is_constexpr)
            no_type(ps);
        s->type = cd_unavailable_type(ps, "auto", "its type is deduced");
    }
    if (s->attrs.has_mode | (s->attrs.vector != 0)) {
        s->type = cd_apply_type_attrs(ps, s->type, &s->attrs);
        s->attrs.has_mode = false;
        s->attrs.vector = 0;
    }
    int quals = w->quals;
    if (quals & CD_Q_ATOMIC) {
        s->type = atomic(ps, s->type);
        quals &= ~CD_Q_ATOMIC;
    }
    if (quals)
        s->type = cd_qualified(ps, s->type, quals);
}

/* specifiers = ( type-word | qualifier | storage-class | function-word |
 *                tagged-type | type-operator | typedef-name | attribute )+
 * with "..." behind typedef, and a typedef-name only if no type came before. */
void cd_specifiers(cd_parser *ps, cd_spec *out)
{
    words w = {0, 0};
    *out = (cd_spec){.at = ps->tok};
    for (;;) {
        int kind = ps->tok.kind;
        switch (tokens[kind].role) {
        case TYPE_WORD:
            if (renames_builtin(ps, out, &w))
                cd_next(ps);
            else
                type_word(ps, out, &w, tokens[kind].word);
            continue;
        case QUALIFIER:
            w.quals |= (int)tokens[kind].word;
            cd_next(ps);
            continue;
        case STORAGE: storage_class(ps, out, (int)tokens[kind].word); continue;
        case TAG_KEYWORD:
            tagged_type(ps, out, &w, (int)tokens[kind].word);
            continue;
        case TYPE_OPERATOR: type_operator(ps, out, &w); continue;
        case FUNCTION_WORD: function_word(ps, out); continue;
        case ATTRIBUTE_WORD: cd_attributes(ps, &out->attrs); continue;
        default: break;
        }
        if (kind == CD_T_NAME && !out->type && !w.set) {
            out->type = typedef_named(ps, ps->tok.name);
            if (!out->type)
                break;
            cd_next(ps);
        } else if (kind == CD_T_DOTS && out->storage == CD_S_TYPEDEF) {
            dots(ps, out, &w);
        } else if (kind == CD_T_LBRACK && cd_at_attribute(ps)) {
            cd_attributes(ps, &out->attrs);
        } else {
            break;
        }
    }
    finish(ps, out, &w);
}
