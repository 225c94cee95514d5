/* decl.c - declarations at file scope.  MIT.
 *
 * A well-formed declaration that cannot be represented is kept as unavailable
 * with its reason; everything else is bound by merge.c.                      */
#include "cd_impl.h"
#include "cd_target.h"
#include <stdio.h>
#include <string.h>

enum linkage { LINK_C, LINK_PYTHON, LINK_PYTHON_C, LINK_CXX };

/* ---- skipping ------------------------------------------------------------ */

/* Past a token, or all of what a bracket holds; `stop` is what is awaited. */
static void skip_one(cd_parser *ps, int stop)
{
    char what[16];
    switch (ps->tok.kind) {
    case CD_T_LPAREN:
    case CD_T_LBRACK:
    case CD_T_LBRACE: cd_skip_balanced(ps); break;
    case CD_T_EOF:
    case CD_T_RPAREN:
    case CD_T_RBRACK:
    case CD_T_RBRACE:
        snprintf(what, sizeof what, "'%s'", cd_token_text(stop));
        cd_expected(ps, what);
    default: cd_next(ps);
    }
}

/* Past balanced tokens up to (not including) a token for which `stop` holds. */
void cd_skip_until(cd_parser *ps, int stop, int or_stop)
{
    while (ps->tok.kind != stop && ps->tok.kind != or_stop)
        skip_one(ps, stop);
}

/* static-assert = "_Static_assert" "(" const-expr ( "," STRING+ )? ")" ";" */
void cd_static_assert(cd_parser *ps)
{
    cd_token at = ps->tok;
    cd_str text = 0;
    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    cd_value v = cd_any_int(ps);
    if (cd_accept(ps, CD_T_COMMA)) {
        if (ps->tok.kind != CD_T_STRING)
            cd_expected(ps, "a string");
        text = cd_string(ps);
    }
    cd_expect(ps, CD_T_RPAREN);
    if (v.v.u == 0 && !v.unknown)
        cd_fail(ps, CD_E_CONSTRAINT, &at, "static assertion failed%s%s",
                text ? ": " : "", text ? cd_atom_at(ps->t, text)->text : "");
    cd_expect(ps, CD_T_SEMI);
}

/* asm-statement = "asm" qualifier* "(" balanced ")" ";" */
static void asm_statement(cd_parser *ps)
{
    cd_skip_until(ps, CD_T_LPAREN, CD_T_SEMI);
    if (ps->tok.kind == CD_T_LPAREN)
        cd_skip_balanced(ps);
    cd_expect(ps, CD_T_SEMI);
}

/* ---- reasons ------------------------------------------------------------- */

/* Binds the name as one that exists but cannot be used. */
static void unavailable(cd_parser *ps, const cd_declarator *d,
                        const char *reason)
{
    cd_decl decl = {.name = d->name, .kind = CD_D_UNAVAILABLE};
    decl.text = cd_intern(ps, reason, strlen(reason));
    decl.where = cd_here(ps, &d->at);
    cd_bind(ps, &decl, &d->at);
}

/* Why a function or variable cannot be used; NULL: it can. */
static const char *reason_against(cd_parser *ps, const cd_spec *spec,
                                  const cd_declarator *d, int linkage)
{
    const char *reason = cd_reason(&d->attrs, &spec->attrs);
    if (reason)
        return reason;
    if (linkage == LINK_CXX)
        return "it is declared extern \"C++\"";
    if (spec->storage == CD_S_REGISTER)
        return "a register variable";
    if (cd_ty(ps->t, d->type)->flags & CD_F_UNAVAIL)
        return cd_why(ps->t, d->type);
    return NULL;
}

/* ---- typedefs ------------------------------------------------------------ */

/* Gives an anonymous struct, union or enum the name of its typedef. */
static void name_anonymous(cd_parser *ps, cd_id id, cd_str name)
{
    cd_ctype *type = cd_ty(ps->t, id);
    if (type->kind == CD_QUAL)
        type = cd_ty(ps->t, id = type->a);
    if (type->kind != CD_STRUCT && type->kind != CD_UNION &&
        type->kind != CD_ENUM)
        return;
    if (type->name != 0)
        return;
    if (id < ps->mark_types) /* only typeof can reach an older one            */
        cd_touch(ps, type, sizeof *type);
    type->name = name;
    type->flags |= CD_F_TYPEDEF_NAME;
}

/* The opaque struct of `typedef ... T;` is called T, that of `typedef ... *T;`
 * has a tag that no C text can spell, $$T.                                   */
static void name_dots(cd_parser *ps, const cd_spec *spec,
                      const cd_declarator *d)
{
    if (cd_ty(ps->t, spec->type)->name != 0)
        return; /* by the declarator before: `typedef ... T, *P;`             */
    if (d->type == spec->type) {
        name_anonymous(ps, d->type, d->name);
        return;
    }
    const cd_atom *atom = cd_atom_at(ps->t, d->name);
    size_t mark = ps->scratch.len;
    uint32_t len = atom->len;
    unsigned char *s = cd_push(ps, &ps->scratch, (len + 2 + 7) & ~(size_t)7);
    s[0] = s[1] = '$';
    for (uint32_t i = 0; i < len; i++)
        s[i + 2] = (unsigned char)atom->text[i];
    cd_ty(ps->t, spec->type)->name = cd_intern(ps, (char *)s, len + 2);
    ps->scratch.len = mark;
}

/* The type of `typedef int... T` or `typedef float... T`. */
static cd_id late_type(cd_parser *ps, const cd_spec *spec,
                       const cd_declarator *d, uint32_t where)
{
    if (d->type != spec->type)
        cd_fail(ps, CD_E_SYNTAX, &d->at,
                "only a plain name may follow '...' here");
    return cd_new_late(ps, spec->dots_int ? CD_PRIM_DOT_INT : CD_PRIM_DOT_FLOAT,
                       d->name, where);
}

/* transparent_union in the typedef of a union's own definition. */
static void make_transparent(cd_parser *ps, cd_id id)
{
    cd_ctype *type = cd_ty(ps->t, cd_ty(ps->t, id)->canon);
    if (type->kind != CD_UNION || type->flags & CD_F_TRANSPARENT)
        return;
    cd_touch(ps, &type->flags, sizeof type->flags);
    type->flags |= CD_F_TRANSPARENT;
}

/* The first `typedef struct s T;` gives struct s the name that CFFI calls it
 * by in-line.                                                                */
static void note_typedef(cd_parser *ps, const cd_spec *spec,
                         const cd_declarator *d)
{
    cd_ctype *type = cd_ty(ps->t, spec->type);

    if (!spec->may_name || d->type != spec->type)
        return;
    if (type->kind == CD_QUAL)
        type = cd_ty(ps->t, type->a);
    if (type->name == 0 || type->flags & CD_F_TYPEDEF_NAME || type->n != 0)
        return;
    cd_touch(ps, &type->n, sizeof type->n);
    type->n = d->name;
}

static void declare_typedef(cd_parser *ps, const cd_spec *spec,
                            const cd_declarator *d)
{
    cd_decl decl = {.name = d->name, .kind = CD_D_TYPEDEF,
                    .params = d->params};
    cd_id type = d->type;
    uint32_t align =
        d->attrs.align > spec->attrs.align ? d->attrs.align : spec->attrs.align;
    const char *reason = cd_reason(&d->attrs, &spec->attrs);
    decl.where = cd_here(ps, &d->at);
    if (reason) {
        type = cd_unavailable_type(ps, "...", reason);
    } else if (spec->dots_int || spec->dots_float) {
        type = late_type(ps, spec, d, decl.where);
    } else if (spec->dots) {
        name_dots(ps, spec, d);
    } else {
        note_typedef(ps, spec, d);
        name_anonymous(ps, type, d->name);
        if (spec->attrs.transparent || d->attrs.transparent)
            make_transparent(ps, type);
        if (align)
            type = cd_aligned_type(ps, type, align);
    }
    decl.type = cd_typedef_of(ps, d->name, type, decl.where);
    cd_bind(ps, &decl, &d->at);
}

/* ---- functions ----------------------------------------------------------- */

static void declare_function(cd_parser *ps, const cd_spec *spec,
                             const cd_declarator *d, int linkage)
{
    const char *reason = reason_against(ps, spec, d, linkage);
    if (reason) {
        unavailable(ps, d, reason);
        return;
    }
    cd_decl decl = {.name = d->name, .kind = CD_D_FUNCTION};
    decl.type = cd_strip(ps->t, d->type);
    decl.params = d->params;
    decl.text = d->attrs.asm_label;
    decl.where = cd_here(ps, &d->at);
    if (d->attrs.keep_gil | d->attrs.is_const | spec->attrs.keep_gil |
        spec->attrs.is_const | ps->opt.keep_gil)
        decl.flags |= CD_DF_KEEP_GIL;
    if (spec->storage == CD_S_STATIC ||
        (spec->is_inline && spec->storage != CD_S_EXTERN &&
         ps->tok.kind == CD_T_LBRACE))
        decl.flags |= CD_DF_STATIC;
    if (ps->opt.embedding) {
        decl.kind = CD_D_EXTERN_PYTHON;
        decl.flags |= CD_DF_API;
    } else if (linkage == LINK_PYTHON || linkage == LINK_PYTHON_C) {
        decl.kind = CD_D_EXTERN_PYTHON;
        if (linkage == LINK_PYTHON_C)
            decl.flags |= CD_DF_PLUS_C;
    }
    cd_bind(ps, &decl, &d->at);
}

/* ---- variables and constants --------------------------------------------- */

/* True if the object itself is const (of an array: its elements). */
static bool is_const(const cd_table *t, cd_id id)
{
    for (;;) {
        const cd_ctype *type = cd_ty(t, id);
        if (type->kind == CD_QUAL && type->sub & CD_Q_CONST)
            return true;
        if (type->kind != CD_QUAL && type->kind != CD_TYPEDEF &&
            type->kind != CD_ARRAY)
            return false;
        id = type->a;
    }
}

/* True for types whose constants are a Python int or float. */
static bool is_number(const cd_table *t, cd_id id)
{
    const cd_ctype *type = cd_ty(t, cd_ty(t, id)->canon);
    if (type->kind == CD_ENUM)
        return !(type->flags & CD_F_OPAQUE);
    if (type->kind != CD_PRIM || type->flags & CD_F_LATE || type->size > 8)
        return false;
    switch (cd_prim_class(type->sub)) {
    case CD_CLASS_BOOL:
    case CD_CLASS_CHAR:
    case CD_CLASS_SINT:
    case CD_CLASS_UINT:
    case CD_CLASS_FLOAT: return true;
    default: return false;
    }
}

/* "(type)(text)": what an object initialised so is worth. */
static cd_str converted_text(cd_parser *ps, cd_id type, const cd_token *from)
{
    char cast[200];
    uint32_t len;
    size_t base = ps->scratch.len;
    const char *s = cd_text(ps->t, cd_c_text(ps, from), &len);

    if (len == 0)
        return 0;
    size_t n = cd_spell(ps->t, cd_ty(ps->t, type)->canon, "", cast + 1,
                        sizeof cast - 3);
    if (n >= sizeof cast - 3)
        return 0;
    cast[0] = '(';
    memcpy(cast + 1 + n, ")(", 2);
    memcpy(cd_push(ps, &ps->scratch, n + 3), cast, n + 3);
    memcpy(cd_push(ps, &ps->scratch, len), s, len);
    *(char *)cd_push(ps, &ps->scratch, 1) = ')';
    return cd_scratch_str(ps, base);
}

/* constant = "=" const-expr       of a const object: its value is the name's */
static void constant(cd_parser *ps, cd_decl *decl)
{
    cd_token from = ps->tok;
    ps->by_target = false;
    cd_value v = cd_any_expr(ps);
    if (v.unknown)
        return; /* then it is a variable, or the compiler's to say            */
    v = cd_convert_value(ps, v, decl->type);
    if (cd_prim_class(v.prim) == CD_CLASS_FLOAT) {
        decl->kind = CD_D_FLOAT;
        decl->u.number = v.v.d;
    } else {
        decl->kind = CD_D_INT;
        decl->flags = CD_DF_CHECKED;
        decl->u.value = v.v.i;
        decl->text = converted_text(ps, decl->type, &from);
        if (v.is_unsigned && v.v.i < 0)
            decl->flags |= CD_DF_UNSIGNED;
    }
}

/* Is tok a word that begins a declaration and has no place in an expression
 * outside of parentheses?                                                    */
static bool at_declaration(const cd_parser *ps)
{
    switch (ps->tok.kind) {
    case CD_T_NAME: /* may be a typedef's, and a member's behind a "." */
    case CD_T_LBRACK:
    case CD_T_EXTENSION:
    case CD_T_PRAGMA: return false;
    default: return cd_starts_type(ps, &ps->tok);
    }
}

/* Past an initializer whose value says nothing to us; tok is behind the "=". */
static void skip_initializer(cd_parser *ps)
{
    if (ps->tok.kind == CD_T_SEMI || ps->tok.kind == CD_T_COMMA)
        cd_expected(ps, "an initializer");
    while (ps->tok.kind != CD_T_SEMI && ps->tok.kind != CD_T_COMMA) {
        if (at_declaration(ps))
            cd_expected(ps, "',' or ';'");
        skip_one(ps, CD_T_SEMI);
    }
}

/* `int WINDOW = 22;` is how CFFI's users declare a constant that their header
 * has as a macro; a header itself has no such definition.  tok is behind "=".
 * A variable that is declared already stays one.                             */
static bool is_cffis_constant(cd_parser *ps, const cd_decl *decl, int storage)
{
    const cd_ctype *c = cd_ty(ps->t, cd_ty(ps->t, decl->type)->canon);
    int class = cd_prim_class(c->sub);
    return storage == CD_S_NONE && !(decl->flags & CD_DF_THREAD) &&
           decl->text == 0 && cd_atom_at(ps->t, decl->name)->decl == 0 &&
           (class == CD_CLASS_SINT || class == CD_CLASS_UINT) &&
           (ps->tok.kind == CD_T_NUMBER || ps->tok.kind == CD_T_MINUS);
}

/* initializer = "=" ( const-expr | balanced ) */
static void initializer(cd_parser *ps, cd_decl *decl, int storage)
{
    cd_next(ps);
    if (ps->tok.kind != CD_T_LBRACE && is_number(ps->t, decl->type) &&
        (is_const(ps->t, decl->type) || is_cffis_constant(ps, decl, storage)))
        constant(ps, decl);
    else
        skip_initializer(ps);
}

static void declare_variable(cd_parser *ps, const cd_spec *spec,
                             const cd_declarator *d, int linkage)
{
    const char *reason = reason_against(ps, spec, d, linkage);
    if (!reason && cd_ty(ps->t, d->type)->canon == CD_PRIM_VOID)
        reason = "a variable of type void";
    if (reason) {
        if (cd_accept(ps, CD_T_ASSIGN))
            skip_initializer(ps);
        unavailable(ps, d, reason);
        return;
    }
    if (linkage == LINK_PYTHON || linkage == LINK_PYTHON_C)
        cd_fail(ps, CD_E_CONSTRAINT, &d->at,
                "extern \"Python\" is for functions, and %N is a variable",
                d->name);
    cd_decl decl = {.name = d->name, .type = d->type, .kind = CD_D_VARIABLE};
    if (spec->is_constexpr)
        decl.type = cd_qualified(ps, d->type, CD_Q_CONST);
    decl.text = d->attrs.asm_label;
    decl.where = cd_here(ps, &d->at);
    if (spec->is_thread || spec->attrs.thread)
        decl.flags |= CD_DF_THREAD;
    if (spec->storage == CD_S_STATIC)
        decl.flags |= CD_DF_STATIC;
    if (ps->tok.kind == CD_T_ASSIGN)
        initializer(ps, &decl, spec->storage);
    if (decl.kind == CD_D_VARIABLE && is_const(ps->t, decl.type) &&
        (spec->storage == CD_S_STATIC || spec->is_constexpr)) {
        decl.kind = CD_D_MACRO; /* no symbol: a stub has to say what it is    */
        decl.flags = 0;
    }
    cd_bind(ps, &decl, &d->at);
}

/* ---- declarations -------------------------------------------------------- */

/* The type that a value of this one has where no prototype says otherwise. */
static cd_id promoted(cd_parser *ps, cd_id type)
{
    const cd_ctype *c = cd_ty(ps->t, cd_ty(ps->t, type)->canon);
    int prim = c->kind == CD_PRIM || c->kind == CD_ENUM ? c->sub : CD_PRIM_NONE;

    if (prim == CD_PRIM_FLOAT)
        return CD_PRIM_DOUBLE;
    switch (cd_prim_class(prim)) {
    case CD_CLASS_BOOL:
    case CD_CLASS_CHAR:
    case CD_CLASS_SINT:
    case CD_CLASS_UINT:
        if (cd_prim_size(ps->t->target, prim) < ps->t->target->int_.size)
            return CD_PRIM_INT;
        return type;
    default: return type;
    }
}

/* old-declaration = specifiers ( declarator ( "," declarator )* )? ";"
 * Gives each parameter that it names its type, in the n of `types`.          */
static void old_declaration(cd_parser *ps, const cd_declarator *f, size_t types)
{
    cd_spec spec;
    cd_declarator d;

    cd_specifiers(ps, &spec);
    if (cd_accept(ps, CD_T_SEMI))
        return; /* a tag alone */
    do {
        cd_declare(ps, &spec, CD_DECLR_EITHER, &d);
        const char *reason = cd_reason(&d.attrs, &spec.attrs);
        cd_id type = reason ? cd_unavailable_type(ps, "...", reason)
                            : cd_adjust_param(ps, d.type);
        uint32_t i = 0;
        while (i < f->n_old && cd_id_at(ps->t, f->params + i) != d.name)
            i++;
        if (i == f->n_old)
            cd_fail(ps, CD_E_CONSTRAINT, &d.at, "%T is no parameter of %N",
                    &d.at, f->name);
        ((cd_id *)cd_scratch_at(ps, types))[i] = promoted(ps, type);
    } while (cd_accept(ps, CD_T_COMMA));
    cd_expect(ps, CD_T_SEMI);
}

/* old-declarations = old-declaration*      of an old-style definition
 * Such a function is called as if its prototype had the promoted types; what
 * is not declared is int.                                                    */
static void old_declarations(cd_parser *ps, cd_declarator *f)
{
    const cd_ctype *type = cd_ty(ps->t, cd_strip(ps->t, f->type));
    size_t mark = ps->scratch.len, types;
    /* by fours, so that what is pushed behind them is aligned */
    size_t room = ((size_t)f->n_old + 3) & ~(size_t)3;
    cd_id *first = cd_push(ps, &ps->scratch, room * sizeof *first);

    types = (size_t)((unsigned char *)first - ps->scratch.data);
    for (uint32_t i = 0; i < f->n_old; i++)
        first[i] = CD_PRIM_INT;
    if (ps->tok.kind != CD_T_LBRACE && !cd_starts_type(ps, &ps->tok))
        cd_unknown_type(ps, cd_id_at(ps->t, f->params), &f->at);
    while (ps->tok.kind != CD_T_LBRACE) {
        if (!cd_starts_type(ps, &ps->tok))
            cd_expected(ps, "'{'");
        old_declaration(ps, f, types);
    }
    f->type = cd_function(ps, type->a, (const cd_id *)cd_scratch_at(ps, types),
                          f->n_old, type->sub, 0);
    ps->scratch.len = mark;
}

/* function-body = "{" balanced "}"
 * True: there was one, and no ";" follows.                                   */
static bool function_body(cd_parser *ps)
{
    if (ps->tok.kind != CD_T_LBRACE)
        return false;
    cd_skip_balanced(ps);
    return true;
}

/* init-declarator = declarator ( initializer
 *                              | old-declarations? function-body )?
 * True: it was a function's definition.                                      */
static bool init_declarator(cd_parser *ps, const cd_spec *spec, int linkage)
{
    cd_declarator d;
    cd_declare(ps, spec, CD_DECLR_NAMED, &d);
    if (spec->storage == CD_S_TYPEDEF) {
        declare_typedef(ps, spec, &d);
        return false;
    }
    if (cd_kind_of(ps->t, d.type) != CD_FUNC) {
        declare_variable(ps, spec, &d, linkage);
        return false;
    }
    if (d.n_old)
        old_declarations(ps, &d);
    declare_function(ps, spec, &d, linkage);
    return function_body(ps);
}

/* Whether CFFI would call a record or enum by the name of the first typedef
 * that follows; an enum only if it is mentioned for the first time.          */
static bool may_name(const cd_table *t, cd_id id, uint32_t n_types_before)
{
    const cd_ctype *type = cd_ty(t, id);

    if (type->kind == CD_QUAL)
        type = cd_ty(t, id = type->a);
    return type->kind == CD_STRUCT || type->kind == CD_UNION ||
           (type->kind == CD_ENUM && id >= n_types_before);
}

/* declaration = specifiers ( init-declarator ( "," init-declarator )* )? ";" */
static void declaration(cd_parser *ps, int linkage)
{
    cd_spec spec;
    uint32_t n_types = ps->t->types.count;
    cd_specifiers(ps, &spec);
    spec.may_name = spec.storage == CD_S_TYPEDEF && !spec.dots &&
                    may_name(ps->t, spec.type, n_types);
    if (ps->tok.kind == CD_T_SEMI && !spec.dots) {
        cd_next(ps);
        return;
    }
    do {
        if (init_declarator(ps, &spec, linkage))
            return;
        spec.may_name = false;
    } while (cd_accept(ps, CD_T_COMMA));
    if (ps->tok.kind != CD_T_SEMI)
        cd_expected(ps, "';'");
    cd_next(ps);
}

static void external_declaration(cd_parser *ps, int linkage);

/* Whether a text says this, spaces aside. */
static bool says(const char *text, const char *word)
{
    for (; *text != '\0'; text++)
        if (*text != ' ' && *text != '\t' && *text != *word++)
            return false;
    return *word == '\0';
}

/* The meaning of the string behind extern. */
static int linkage_named(cd_parser *ps, const cd_token *at, cd_str name)
{
    static const struct { const char *word; int linkage; } words[] = {
        {"C", LINK_C}, {"Python", LINK_PYTHON}, {"Python+C", LINK_PYTHON_C},
        {"C+Python", LINK_PYTHON_C}, {"C++", LINK_CXX},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (says(cd_atom_at(ps->t, name)->text, words[i].word))
            return words[i].linkage;
    cd_fail(ps, CD_E_SYNTAX, at,
            "extern is followed by \"Python\", \"Python+C\" or \"C\", not %T",
            at);
}

/* linkage-specification = "extern" STRING+ ( "{" external-declaration* "}"
 *                                          | external-declaration )          */
static void linkage_specification(cd_parser *ps)
{
    cd_next(ps);
    cd_token at = ps->tok;
    int linkage = linkage_named(ps, &at, cd_string(ps));
    cd_enter(ps);
    if (cd_accept(ps, CD_T_LBRACE)) {
        while (ps->tok.kind != CD_T_RBRACE) {
            if (ps->tok.kind == CD_T_EOF)
                cd_expected(ps, "a declaration or '}'");
            external_declaration(ps, linkage);
        }
        cd_next(ps);
    } else {
        external_declaration(ps, linkage);
    }
    cd_leave(ps);
}

/* external-declaration = "__extension__"* ( ";" | static-assert
 *                                         | asm-statement | pragma-operator
 *                                         | linkage-specification
 *                                         | declaration )                    */
static void external_declaration(cd_parser *ps, int linkage)
{
    while (cd_accept(ps, CD_T_EXTENSION))
        ;
    switch (ps->tok.kind) {
    case CD_T_SEMI: cd_next(ps); return;
    case CD_T_STATIC_ASSERT: cd_static_assert(ps); return;
    case CD_T_ASM: asm_statement(ps); return;
    case CD_T_PRAGMA: cd_pragma_operator(ps); return;
    case CD_T_EXTERN:
        if (cd_peek(ps)->kind == CD_T_STRING) {
            linkage_specification(ps);
            return;
        }
        break;
    default: break;
    }
    declaration(ps, linkage);
}

/* The numbers of what this text declared without a name: in order, and only
 * for what no typedef has named since.                                       */
static void number_nameless(cd_parser *ps)
{
    uint32_t n = ps->mark_anonymous;

    if (ps->t->n_anonymous == n)
        return;
    for (cd_id id = ps->mark_types; id < ps->t->types.count; id++) {
        cd_ctype *c = cd_ty(ps->t, id);
        if ((c->kind != CD_STRUCT && c->kind != CD_UNION &&
             c->kind != CD_ENUM) || c->n <= ps->mark_anonymous ||
            c->n & CD_TYPEDEF_NAMED)
            continue; /* or a compiled stub's, which has its number           */
        if (c->name == 0)
            c->n = ++n;
        else if (c->flags & CD_F_TYPEDEF_NAME)
            c->n = CD_TYPEDEF_NAMED | id;
        else if (cd_text(ps->t, c->name, NULL)[0] == '$')
            c->n = 0; /* by name_dots()                                       */
    }
    ps->t->n_anonymous = n;
}

/* translation-unit = external-declaration* */
void cd_translation_unit(cd_parser *ps)
{
    while (ps->tok.kind != CD_T_EOF)
        external_declaration(ps, LINK_C);
    cd_waiting_bodies(ps);
    cd_later_macros(ps);
    cd_rename(ps);
    number_nameless(ps);
}
