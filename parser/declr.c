/* declr.c - declarators, parameter lists and type names.  MIT.
 *
 * A declarator is read from the inside out, but written from the left to the
 * right.  Its parts go on the scratch stack as they come, linked in the order
 * in which they apply to the type of the specifiers: the pointers of a level,
 * its suffixes from the last to the first, then the level inside its
 * parentheses.  One walk along the links makes the type, so that nothing is
 * read twice and nested parentheses cost linear time.                        */
#include "cd_impl.h"

enum part_kind {
    PART_POINTER, PART_BLOCK, PART_ARRAY, PART_VLA, PART_UNKNOWN, PART_FUNC
};

typedef struct part {
    uint8_t kind;
    uint8_t quals; /* POINTER                                                 */
    uint8_t abi;   /* FUNC                                                    */
    uint8_t old_style; /* FUNC: `(a, b)`, names without types                 */
    uint16_t flags;
    uint16_t reserved;
    uint32_t next;   /* offset in scratch of the part applied after it        */
    uint32_t params; /* FUNC: offset of n types, then n names; ARRAY: C text
                        of the length (cd_str); UNKNOWN: the reason (cd_str)  */
    uint64_t n;      /* ARRAY: length; FUNC: parameters                       */
} part;
enum { NO_PART = UINT32_MAX };

typedef struct level { /* one declarator being read */
    cd_declarator *out;
    cd_id base; /* the specifiers' type with the outermost pointers           */
    int mode;
    int abi; /* a convention that waits for the next function suffix outwards */
    uint32_t align; /* said behind the newest pointer                         */
    bool is_typedef;
} level;

static inline part *part_at(cd_parser *ps, uint32_t offset)
{
    return (part *)cd_scratch_at(ps, offset);
}

/* Pushes a part in front of the chain `next`; its offset. */
static uint32_t new_part(cd_parser *ps, int kind, uint32_t next)
{
    part *p = cd_push(ps, &ps->scratch, sizeof *p);
    *p = (part){.kind = (uint8_t)kind, .next = next};
    return (uint32_t)((unsigned char *)p - ps->scratch.data);
}

/* ---- parameters ---------------------------------------------------------- */

typedef struct param {
    cd_id type;
    cd_str name;
} param;

/* Lays n pairs at `pairs` out as n types and n names, as cd_function and the
 * table's .ids want them.  The offset of the first.                          */
static uint32_t split_params(cd_parser *ps, uint32_t pairs, uint32_t n)
{
    uint32_t *to = cd_push(ps, &ps->scratch, n * sizeof(param));
    const param *from = (const param *)cd_scratch_at(ps, pairs);
    for (uint32_t i = 0; i < n; i++) {
        to[i] = from[i].type;
        to[n + i] = from[i].name;
    }
    return (uint32_t)((unsigned char *)to - ps->scratch.data);
}

/* parameter = specifiers ( declarator | abstract-declarator )                */
static void parameter(cd_parser *ps, bool first)
{
    cd_spec spec;
    cd_declarator d;
    cd_specifiers(ps, &spec);
    if (spec.storage != CD_S_NONE && spec.storage != CD_S_REGISTER)
        cd_fail(ps, CD_E_SYNTAX, &spec.at,
                "a parameter has no storage class but register");
    cd_declare(ps, &spec, CD_DECLR_EITHER, &d);
    cd_id type = d.type;
    const char *reason = cd_reason(&d.attrs, &spec.attrs);
    if (reason)
        type = cd_unavailable_type(ps, "...", reason);
    else if (type != CD_PRIM_VOID)
        type = cd_adjust_param(ps, type);
    if (cd_ty(ps->t, type)->canon == CD_PRIM_VOID &&
        (!first || d.name || ps->tok.kind != CD_T_RPAREN))
        cd_fail(ps, CD_E_CONSTRAINT, &d.at, "a parameter has no type but void");
    param *p = cd_push(ps, &ps->scratch, sizeof *p);
    p->type = type;
    p->name = d.name;
}

/* identifier-list = NAME ( "," NAME )*      of an old-style definition
 * Pushes the names; how many.                                                */
static uint32_t identifier_list(cd_parser *ps)
{
    cd_token first = ps->tok;
    uint32_t n = 0;
    do {
        if (ps->tok.kind != CD_T_NAME || cd_starts_type(ps, &ps->tok) ||
            n == CD_MAX_PARAMS)
            cd_unknown_type(ps, first.name, &first);
        *(param *)cd_push(ps, &ps->scratch, sizeof(param)) =
            (param){.name = ps->tok.name};
        n++;
        cd_next(ps);
    } while (cd_accept(ps, CD_T_COMMA));
    if (ps->tok.kind != CD_T_RPAREN)
        cd_unknown_type(ps, first.name, &first);
    cd_next(ps);
    /* only a definition may have one; ")": of what is returned */
    if (ps->tok.kind != CD_T_LBRACE && ps->tok.kind != CD_T_RPAREN &&
        !cd_starts_type(ps, &ps->tok))
        cd_unknown_type(ps, first.name, &first);
    return n;
}

static bool at_identifier_list(cd_parser *ps)
{
    if (ps->tok.kind != CD_T_NAME || cd_starts_type(ps, &ps->tok))
        return false;
    int after = cd_peek(ps)->kind;
    return after == CD_T_COMMA || after == CD_T_RPAREN;
}

/* `(void)`: one unnamed parameter of type void. */
static bool is_void_list(cd_parser *ps, uint32_t pairs)
{
    const param *p = (const param *)cd_scratch_at(ps, pairs);
    return p->name == 0 && cd_ty(ps->t, p->type)->canon == CD_PRIM_VOID &&
           ps->tok.kind == CD_T_RPAREN;
}

/* parameter-list = "(" ( parameter ( "," parameter )* ( "," "..." )? | "..." |
 *                  identifier-list )? ")"         tok is behind the "("      */
static void parameter_list(cd_parser *ps, uint32_t at)
{
    uint32_t n = 0, pairs = (uint32_t)ps->scratch.len;
    if (cd_accept(ps, CD_T_RPAREN)) {
        part_at(ps, at)->flags = CD_F_NOPROTO;
        return;
    }
    if (at_identifier_list(ps)) {
        n = identifier_list(ps);
        uint32_t names = split_params(ps, pairs, n);
        *part_at(ps, at) = (part){.kind = PART_FUNC, .flags = CD_F_NOPROTO,
                                  .abi = part_at(ps, at)->abi,
                                  .next = part_at(ps, at)->next,
                                  .old_style = true, .params = names, .n = n};
        return;
    }
    do {
        if (cd_accept(ps, CD_T_DOTS)) {
            part_at(ps, at)->flags = CD_F_VARIADIC;
            break;
        }
        if (n == CD_MAX_PARAMS)
            cd_fail(ps, CD_E_LIMIT, &ps->tok, "more than %d parameters",
                    CD_MAX_PARAMS);
        parameter(ps, n == 0);
        if (++n == 1 && is_void_list(ps, pairs))
            n = 0;
    } while (cd_accept(ps, CD_T_COMMA));
    if (ps->tok.kind != CD_T_RPAREN)
        cd_expected(ps, n ? "',' or ')'" : "')'");
    cd_next(ps);
    if (n == 0)
        return;
    uint32_t params = split_params(ps, pairs, n);
    part *p = part_at(ps, at);
    p->params = params;
    p->n = n;
}

/* ---- suffixes ------------------------------------------------------------ */

/* Is the identifier a name that a constant expression may hold? */
static bool is_constant_name(const cd_table *t, const char *s, size_t len)
{
    cd_str name = cd_find_atom(t, s, len);
    if (name == 0)
        return false;
    const cd_atom *a = cd_atom_at(t, name);
    int kind = a->decl ? cd_decl_at(t, a->decl)->kind : CD_D_NONE;
    return a->word || a->tag || kind == CD_D_INT || kind == CD_D_TYPEDEF;
}

/* True if the dimension at tok names something that is no constant, as
 * `int a[][2 * n]` in a parameter list does.  A look at the bytes up to its
 * "]": the parameters that such a name may mean are in no table.             */
static bool at_variable(const cd_parser *ps)
{
    int depth = 1;
    for (const char *p = ps->tok.at; p < ps->end && depth > 0;) {
        const char *word = p;
        while (p < ps->end && cd_is_word(*p))
            p++;
        if (p > word && (*word < '0' || *word > '9') &&
            !is_constant_name(ps->t, word, (size_t)(p - word)))
            return true;
        if (p == ps->end)
            break;
        if (p > word)
            continue;
        depth += *p == '[' ? 1 : *p == ']' ? -1 : 0;
        p++;
    }
    return false;
}

static void array_length(cd_parser *ps, uint32_t at)
{
    cd_token tok = ps->tok;
    cd_value v = cd_any_int(ps);
    if (v.unknown) {
        part_at(ps, at)->kind = PART_UNKNOWN;
        part_at(ps, at)->params = v.unknown;
        return;
    }
    if (!v.is_unsigned && v.v.i < 0)
        cd_fail(ps, CD_E_VALUE, &tok, "the array's length is negative");
    part_at(ps, at)->n = v.v.u;
    part_at(ps, at)->params = ps->in_typename ? 0 : v.c;
}

/* array-suffix = "[" ( "static" | qualifier )*
 *                ( "..." | "*" | const-expr )? "]"
 * `dropped`: the dimension of a parameter that becomes a pointer, so it may
 * be any expression.                                                         */
static void array_suffix(cd_parser *ps, uint32_t at, bool param, bool dropped)
{
    cd_next(ps);
    while (ps->tok.kind == CD_T_STATIC || ps->tok.kind == CD_T_CONST ||
           ps->tok.kind == CD_T_VOLATILE || ps->tok.kind == CD_T_RESTRICT ||
           ps->tok.kind == CD_T_NULLABLE || ps->tok.kind == CD_T_ATOMIC)
        cd_next(ps);
    if (ps->tok.kind == CD_T_RBRACK) {
        part_at(ps, at)->flags = CD_F_OPEN;
    } else if (cd_accept(ps, CD_T_DOTS)) {
        part_at(ps, at)->flags = CD_F_DOTS | CD_F_LATE;
    } else if (dropped) {
        part_at(ps, at)->flags = CD_F_OPEN;
        cd_skip_until(ps, CD_T_RBRACK, CD_T_RBRACK);
    } else if (param && (ps->tok.kind == CD_T_STAR || at_variable(ps))) {
        part_at(ps, at)->kind = PART_VLA;
        cd_skip_until(ps, CD_T_RBRACK, CD_T_RBRACK);
    } else {
        array_length(ps, at);
    }
    cd_expect(ps, CD_T_RBRACK);
}

/* suffix = array-suffix | parameter-list | attributes
 * Prepends the suffixes of one level to the chain of the level inside it.    */
static uint32_t suffixes(cd_parser *ps, level *l, uint32_t chain)
{
    bool param = l->mode == CD_DECLR_EITHER;
    for (;;) {
        if (ps->tok.kind == CD_T_LPAREN) {
            chain = new_part(ps, PART_FUNC, chain);
            part_at(ps, chain)->abi = (uint8_t)l->abi;
            l->abi = CD_ABI_DEFAULT;
            cd_enter(ps);
            cd_next(ps);
            parameter_list(ps, chain);
            cd_leave(ps);
        } else if (ps->tok.kind == CD_T_LBRACK) {
            if (cd_at_attribute(ps)) {
                cd_attributes(ps, &l->out->attrs);
                continue;
            }
            chain = new_part(ps, PART_ARRAY, chain);
            array_suffix(ps, chain, param,
                         param && part_at(ps, chain)->next == NO_PART);
        } else {
            return chain;
        }
    }
}

/* ---- pointers ------------------------------------------------------------ */

/* What is written behind a `*` says something about that pointer: of that,
 * only its alignment and a function's convention can be honoured.            */
static void pointer_attributes(cd_parser *ps, level *l)
{
    cd_attrs a = {0};
    cd_attributes(ps, &a);
    if (a.has_mode || a.vector)
        a.unavailable = "a pointer of an unusual mode";
    if (a.unavailable)
        l->out->attrs.unavailable = a.unavailable;
    l->out->attrs.noreturn |= a.noreturn;
    if (a.abi)
        l->abi = a.abi;
    if (a.align > l->align)
        l->align = a.align;
}

/* pointer = ( "*" | "^" ) ( qualifier | attribute )*          "^": a block
 * tok is behind the first token.                                             */
static int pointer_quals(cd_parser *ps, level *l)
{
    int quals = 0;
    l->align = 0;
    for (;;) {
        switch (ps->tok.kind) {
        case CD_T_CONST: quals |= CD_Q_CONST; break;
        case CD_T_VOLATILE: quals |= CD_Q_VOLATILE; break;
        case CD_T_RESTRICT: quals |= CD_Q_RESTRICT; break;
        case CD_T_ATOMIC: quals |= CD_Q_ATOMIC; break;
        case CD_T_NULLABLE: break;
        case CD_T_NAME: /* the usual ends, before the dearer question         */
        case CD_T_RPAREN:
        case CD_T_STAR:
        case CD_T_LPAREN: return quals;
        default:
            if (!cd_at_attribute(ps))
                return quals;
            pointer_attributes(ps, l);
            continue;
        }
        cd_next(ps);
    }
}

static bool at_pointer(const cd_parser *ps)
{
    return ps->tok.kind == CD_T_STAR || ps->tok.kind == CD_T_CARET;
}

static cd_id point_to(cd_parser *ps, cd_id item, bool block, int quals)
{
    if (block)
        return cd_unavailable_type(ps, "block", "blocks are not C");
    item = cd_pointer_to(ps, item);
    return quals ? cd_qualified(ps, item, quals) : item;
}

/* The pointers of the outermost level apply first of all: no part needed. */
static void outer_pointers(cd_parser *ps, level *l)
{
    while (at_pointer(ps)) {
        bool block = ps->tok.kind == CD_T_CARET;
        cd_next(ps);
        int quals = pointer_quals(ps, l);
        l->base = point_to(ps, l->base, block, quals);
    }
}

/* ---- the declarator ------------------------------------------------------ */

/* Must there be a name? */
static bool is_named(int mode)
{
    return mode == CD_DECLR_NAMED || mode == CD_DECLR_MEMBER;
}

/* True if the "(" at tok opens a parameter list of an abstract declarator and
 * not a nested declarator (C11 6.7.6.3p11: a typedef name is a type).        */
static bool at_abstract_params(cd_parser *ps, int mode)
{
    if (is_named(mode))
        return false;
    const cd_token *after = cd_peek(ps);
    switch (after->kind) {
    case CD_T_RPAREN:
    case CD_T_DOTS: return true;
    case CD_T_STAR:
    case CD_T_CARET:
    case CD_T_LPAREN:
    case CD_T_LBRACK:
    case CD_T_ATTRIBUTE:
    case CD_T_DECLSPEC:
    case CD_T_SEGMENT:
    case CD_T_CDECL:
    case CD_T_STDCALL:
    case CD_T_FASTCALL:
    case CD_T_THISCALL:
    case CD_T_VECTORCALL: return false;
    default: return cd_starts_type(ps, after);
    }
}

static uint32_t nested_declarator(cd_parser *ps, level *l);

/* direct-declarator = ( NAME | "(" nested-declarator ")" )? suffix* */
static uint32_t direct_declarator(cd_parser *ps, level *l)
{
    uint32_t chain = NO_PART;
    if (ps->tok.kind == CD_T_NAME && l->mode != CD_DECLR_ABSTRACT) {
        l->out->name = ps->tok.name;
        l->out->at = ps->tok;
        cd_next(ps);
    } else if (ps->tok.kind == CD_T_LPAREN &&
               !at_abstract_params(ps, l->mode)) {
        cd_enter(ps);
        cd_next(ps);
        chain = nested_declarator(ps, l);
        cd_expect(ps, CD_T_RPAREN);
        cd_leave(ps);
    } else if (is_named(l->mode)) {
        cd_expected(ps, "a name");
    }
    if (ps->tok.kind == CD_T_LPAREN || ps->tok.kind == CD_T_LBRACK)
        chain = suffixes(ps, l, chain);
    return chain;
}

/* Reads the pointers of a nested level as parts, not linked yet; how many. */
static uint32_t inner_pointers(cd_parser *ps, level *l)
{
    uint32_t n = 0;
    for (; at_pointer(ps); n++) {
        bool block = ps->tok.kind == CD_T_CARET;
        cd_next(ps);
        int quals = pointer_quals(ps, l);
        uint32_t at = new_part(ps, block ? PART_BLOCK : PART_POINTER, NO_PART);
        part_at(ps, at)->quals = (uint8_t)quals;
    }
    return n;
}

/* nested-declarator = attribute* pointer* direct-declarator
 * A convention before a `*` belongs to the function suffix outside the
 * parentheses, one behind it to the suffix inside, if there is one.  Other
 * attributes before a `*` are the pointed-to type's, which has no use for
 * them; without a `*` they are the declared name's.                          */
static uint32_t nested_declarator(cd_parser *ps, level *l)
{
    cd_attrs before = {0};
    int outer_abi = l->abi;
    cd_attributes(ps, &before);
    if (before.abi)
        outer_abi = before.abi;
    l->abi = CD_ABI_DEFAULT;
    uint32_t first = (uint32_t)ps->scratch.len;
    uint32_t n = inner_pointers(ps, l);
    if (n == 0)
        l->abi = outer_abi;
    uint32_t chain = direct_declarator(ps, l);
    if (n == 0)
        cd_add_attrs(&l->out->attrs, &before);
    else if (before.unavailable)
        l->out->attrs.unavailable = before.unavailable;
    if (n == 1 && before.noreturn)
        l->out->attrs.noreturn = true;
    if (n && l->abi == CD_ABI_DEFAULT)
        l->abi = outer_abi;
    while (n-- > 0) {
        uint32_t at = first + n * (uint32_t)sizeof(part);
        part_at(ps, at)->next = chain;
        chain = at;
    }
    return chain;
}

/* Until here CDECL was "said to be the default", which beats what is said
 * elsewhere; in a type it is the default.                                    */
static int convention(int abi)
{
    return abi == CD_ABI_CDECL ? CD_ABI_DEFAULT : abi;
}

/* Copies the names of a function's parameters into the table. */
static uint32_t keep_names(cd_parser *ps, const part *p)
{
    uint32_t n = (uint32_t)p->n;
    const uint32_t *names =
        (const uint32_t *)cd_scratch_at(ps, p->params) + n;
    uint32_t named = 0;
    for (uint32_t i = 0; i < n; i++)
        named |= names[i];
    if (!named)
        return 0;
    uint32_t first = cd_seg_add(ps, &ps->t->ids, n);
    for (uint32_t i = 0; i < n; i++)
        *(uint32_t *)cd_seg_at(&ps->t->ids, first + i) = names[i];
    return first;
}

/* Is it the function that is declared, or in a typedef the one that is named
 * or pointed to?  Its parameters' names are kept.                            */
static bool has_names(cd_parser *ps, const level *l, const part *p, bool keep)
{
    uint32_t next = p->next;

    if (l->is_typedef && next != NO_PART &&
        part_at(ps, next)->kind == PART_POINTER)
        next = part_at(ps, next)->next;
    return p->n != 0 && next == NO_PART && (keep || l->is_typedef);
}

/* Only the function that is declared may have a list of mere names. */
static void refuse_list(cd_parser *ps, const part *p, bool keep)
{
    const uint32_t *names = (const uint32_t *)cd_scratch_at(ps, p->params);
    if (p->next != NO_PART || !keep)
        cd_unknown_type(ps, names[p->n], &ps->tok);
}

static bool only_arrays(cd_parser *ps, const part *p)
{
    while (p->next != NO_PART && p->kind == PART_ARRAY)
        p = part_at(ps, p->next);
    return p->kind == PART_ARRAY;
}

/* A parameter that is an array is a pointer, whose item needs no body yet, and
 * a member's may come further down: no compiler takes that of a struct, but
 * CFFI does.                                                                 */
static cd_id array_part(cd_parser *ps, const level *l, const part *p,
                        cd_id item)
{
    int kind = cd_ty(ps->t, cd_strip(ps->t, item))->kind;
    bool bodiless = (kind == CD_STRUCT || kind == CD_UNION ||
                     cd_is_later(ps->t, item)) &&
                    !cd_complete(ps->t, item);

    if (bodiless && l->mode == CD_DECLR_EITHER && p->next == NO_PART)
        return cd_pointer_to(ps, item);
    if (bodiless && l->mode == CD_DECLR_MEMBER && only_arrays(ps, p) &&
        !ps->in_typename)
        return cd_array_later(ps, item, p->n, p->flags, p->params);
    item = cd_array_of(ps, item, p->n, p->flags);
    return p->params != 0 ? cd_array_text(ps, item, p->params) : item;
}

/* Applies the parts along the chain to l->base.  What C has no type for is an
 * error at the declared name, so that takes the place of tok.  keep: the names
 * of the parameters of the declared function itself.                         */
static cd_id apply_parts(cd_parser *ps, level *l, uint32_t chain, bool keep)
{
    cd_declarator *out = l->out;
    cd_id type = l->base;
    cd_token behind = ps->tok;
    ps->tok = out->at;
    while (chain != NO_PART) {
        part p = *part_at(ps, chain);
        switch (p.kind) {
        case PART_POINTER:
        case PART_BLOCK:
            type = point_to(ps, type, p.kind == PART_BLOCK, p.quals);
            break;
        case PART_ARRAY:
            type = array_part(ps, l, &p, type);
            break;
        case PART_VLA:
            type = cd_unavailable_type(ps, "variable-length array",
                                       "its length is not a constant");
            break;
        case PART_UNKNOWN:
            type = cd_unavailable_type(ps, "...",
                                       cd_text(ps->t, p.params, NULL));
            break;
        default:
            type = cd_function(ps, type,
                               (const cd_id *)cd_scratch_at(ps, p.params),
                               p.old_style ? 0 : (uint32_t)p.n,
                               convention(p.abi), p.flags);
            if (has_names(ps, l, &p, keep))
                out->params = keep_names(ps, &p);
            if (p.old_style) {
                refuse_list(ps, &p, keep);
                out->n_old = (uint32_t)p.n;
            }
        }
        if (p.next == NO_PART && p.kind != PART_POINTER)
            l->align = 0; /* what is declared is not that pointer             */
        chain = p.next;
    }
    ps->tok = behind;
    return type;
}

/* declarator = attribute* pointer* direct-declarator attribute* */
void cd_declare(cd_parser *ps, const cd_spec *spec, int mode,
                cd_declarator *out)
{
    size_t mark = ps->scratch.len;
    *out = (cd_declarator){.at = ps->tok};
    level l = {.out = out, .base = spec->type, .mode = mode};
    l.is_typedef = spec->storage == CD_S_TYPEDEF && mode == CD_DECLR_NAMED;
    if (ps->tok.kind != CD_T_NAME) {
        if (ps->tok.kind != CD_T_STAR)
            cd_attributes(ps, &out->attrs);
        outer_pointers(ps, &l);
    }
    uint32_t chain = direct_declarator(ps, &l);
    cd_attributes(ps, &out->attrs);
    if (out->attrs.has_mode | (out->attrs.vector != 0))
        l.base = cd_apply_type_attrs(ps, l.base, &out->attrs);
    if (chain != NO_PART) {
        part *p = part_at(ps, chain);
        int abi = out->attrs.abi ? out->attrs.abi : spec->attrs.abi;
        if (p->kind == PART_FUNC && p->abi == CD_ABI_DEFAULT)
            p->abi = (uint8_t)abi;
        l.base = apply_parts(ps, &l, chain,
                             mode == CD_DECLR_NAMED && !l.is_typedef);
    }
    if ((out->attrs.noreturn | spec->attrs.noreturn) &&
        (spec->storage == CD_S_TYPEDEF ||
         cd_kind_of(ps->t, l.base) == CD_POINTER))
        l.base = cd_noreturn(ps, l.base);
    if (l.align > out->attrs.align)
        out->attrs.align = l.align;
    out->type = l.base;
    ps->scratch.len = mark;
}

static cd_id type_by_mode(cd_parser *ps, int mode)
{
    cd_spec spec;
    cd_declarator d;
    cd_enter(ps);
    cd_specifiers(ps, &spec);
    if (spec.storage != CD_S_NONE)
        cd_fail(ps, CD_E_SYNTAX, &spec.at, "a type name has no storage class");
    cd_declare(ps, &spec, mode, &d);
    cd_leave(ps);
    if (d.name != 0 && d.type == spec.type) {
        ps->tok = d.at; /* "unsigned flot" is a slip */
        cd_expected(ps, "the end of the type");
    }
    const char *reason = cd_reason(&d.attrs, &spec.attrs);
    return reason ? cd_unavailable_type(ps, "...", reason) : d.type;
}

/* type-name = specifiers abstract-declarator */
cd_id cd_type_name(cd_parser *ps)
{
    return type_by_mode(ps, CD_DECLR_ABSTRACT);
}

/* type-string = specifiers ( declarator | abstract-declarator ); the name of a
 * declarator means nothing, as CFFI has it: "void callback(int)" is a type.
 * A name alone is no declarator.                                             */
cd_id cd_type_string(cd_parser *ps)
{
    return type_by_mode(ps, CD_DECLR_STRING);
}
