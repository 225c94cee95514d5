/* direct.c - lines that begin with '#'.  MIT.
 *
 * The text has been through the preprocessor or is written by hand, so what is
 * left is: line markers, #pragma, and #define and #undef (as the dump of a
 * preprocessor has them).  While a line is read the lexer takes its end for
 * the end of the text (ps->in_directive).                                    */
#include "cd_impl.h"
#include <stdio.h>
#include <string.h>

enum {
    MOST_PASSES = 8,   /* over macros that could not be evaluated             */
    SCRATCH_ALIGN = 16 /* of what the grammar keeps in ps->scratch            */
};

static bool spelled(const cd_token *tok, const char *word)
{
    return tok->len == strlen(word) && !memcmp(tok->at, word, tok->len);
}

/* The comment that begins at p: its last byte. */
static const char *skip_comment(cd_parser *ps, const char *p)
{
    cd_token at = {.kind = CD_T_NAME, .at = p, .len = 2, .line = ps->line};

    for (p += 3; p < ps->end && !(p[-1] == '*' && *p == '/'); p++)
        ps->line += p[-1] == '\n';
    if (p >= ps->end)
        cd_fail(ps, CD_E_SYNTAX, &at, "this comment has no end");
    return p;
}

/* The rest of the line unread: strings hide comments, comments may hold line
 * ends, a backslash continues the line.  ps->p is then at the line's end.    */
static void skip_line(cd_parser *ps)
{
    const char *p = ps->p;
    char quote = '\0';

    for (; p < ps->end && *p != '\n'; p++) {
        if (*p == '\\' && p + 1 < ps->end) {
            p += p[1] == '\r' && p + 2 < ps->end;
            if (*++p == '\n')
                ps->line++;
        } else if (quote) {
            quote = *p == quote ? '\0' : quote;
        } else if (*p == '"' || *p == '\'') {
            quote = *p;
        } else if (*p == '/' && p + 1 < ps->end && p[1] == '/') {
            quote = '\n'; /* what follows is a comment up to the line's end */
        } else if (*p == '/' && p + 1 < ps->end && p[1] == '*') {
            p = skip_comment(ps, p);
        }
    }
    ps->p = p;
}

static void end_of_line(cd_parser *ps)
{
    if (ps->tok.kind != CD_T_EOF)
        cd_expected(ps, "the end of the line");
}

/* ---- line markers -------------------------------------------------------- */

/* line-marker = "#" ( "line" )? NUMBER ( STRING NUMBER* )?
 * tok is the number; it is that of the next line.                            */
static void line_marker(cd_parser *ps)
{
    cd_token at = ps->tok;
    cd_value v;

    if (at.kind != CD_T_NUMBER)
        cd_expected(ps, "a line number");
    v = cd_number(ps, &at);
    if (cd_prim_class(v.prim) == CD_CLASS_FLOAT || v.v.u > INT32_MAX)
        cd_fail(ps, CD_E_SYNTAX, &at, "%T is not a line number", &at);
    cd_next(ps);
    ps->preprocessed = true;
    if (ps->tok.kind == CD_T_STRING)
        ps->file = cd_string(ps);
    while (cd_accept(ps, CD_T_NUMBER))
        ;
    end_of_line(ps);
    ps->line = (uint32_t)v.v.u - 1; /* the line's end adds one */
}

/* ---- #define ------------------------------------------------------------- */

/* The macro's value as a declaration's; tok is behind the expression.        */
static void set_value(cd_parser *ps, cd_decl *d, cd_value v, const cd_token *at)
{
    d->type = (cd_id)v.prim;
    d->flags = CD_DF_CHECKED;
    if (v.text) {
        d->kind = CD_D_STRING;
        d->text = v.text;
    } else if (cd_prim_class(v.prim) == CD_CLASS_FLOAT) {
        d->kind = CD_D_FLOAT;
        d->u.number = v.v.d;
    } else if (cd_kind_of(ps->t, v.type) == CD_POINTER) {
        cd_fail(ps, CD_E_CONSTRAINT, at, "a pointer is not supported");
    } else {
        d->kind = CD_D_INT;
        d->u.value = v.v.i;
        d->text = v.c;
        if (v.is_unsigned && v.v.i < 0)
            d->flags |= CD_DF_UNSIGNED;
    }
}

/* body = "..." | constant-expression ; the name is the current token.
 * kind stays NONE for `#define x x`, which changes nothing.                  */
static void macro_body(cd_parser *ps, cd_decl *d)
{
    cd_token at;

    cd_next(ps);
    at = ps->tok;
    if (at.kind == CD_T_NAME && at.name == d->name)
        return;
    if (at.kind == CD_T_EOF)
        cd_fail(ps, CD_E_SYNTAX, &at, "it is empty");
    if (cd_accept(ps, CD_T_DOTS)) {
        d->kind = CD_D_MACRO;
        d->flags = CD_DF_CHECKED;
    } else {
        set_value(ps, d, cd_const_expr(ps), &at);
    }
    end_of_line(ps);
}

/* What a failed try puts back.                                               */
typedef struct probe {
    jmp_buf pad;
    cd_error *err;
    size_t scratch;
    int depth, unevaluated;
    cd_str beyond;
} probe;

static void probe_begin(cd_parser *ps, probe *saved, cd_error *why)
{
    memcpy(&saved->pad, &ps->pad, sizeof saved->pad);
    saved->err = ps->err;
    saved->scratch = ps->scratch.len;
    saved->depth = ps->depth;
    saved->unevaluated = ps->unevaluated;
    saved->beyond = ps->beyond;
    ps->err = why;
    ps->probing = true;
    ps->unknown_yet = false;
}

static void probe_end(cd_parser *ps, const probe *saved)
{
    memcpy(&ps->pad, &saved->pad, sizeof saved->pad);
    ps->err = saved->err;
    ps->probing = false;
    ps->scratch.len = saved->scratch;
    ps->depth = saved->depth;
    ps->unevaluated = saved->unevaluated;
    ps->beyond = saved->beyond;
    ps->peeked = false;
}

/* Tries macro_body.  Macros are often no constants, which is no error: for
 * this one expression failures land here (message in *why) instead of at the
 * parse's own pad, and what a failure leaves behind is put back.  Types that
 * the expression made on its way stay: they are whole, since the lexer refuses
 * a "{" while ps->probing, and the journal knows them.                       */
static bool try_macro(cd_parser *ps, cd_decl *d, cd_error *why)
{
    probe saved;

    probe_begin(ps, &saved, why);
    if (setjmp(ps->pad) == 0) {
        macro_body(ps, d);
        probe_end(ps, &saved);
        return true;
    }
    probe_end(ps, &saved);
    if (why->kind == CD_E_MEMORY)
        cd_no_memory(ps);
    if (ps->asking) /* not the macro but the table's source has failed */
        cd_fail(ps, why->kind, NULL, "%s", why->text);
    return false;
}

static void set_unavailable(cd_parser *ps, cd_decl *d, const char *reason)
{
    *d = (cd_decl){.name = d->name, .kind = CD_D_UNAVAILABLE,
                   .flags = CD_DF_CHECKED};
    d->text = cd_intern(ps, reason, strlen(reason));
}

/* Does the name already stand for something that a macro without a value must
 * not hide?  (`int putc(int, FILE *);  #define putc(c, f) ...`)              */
static bool is_declared(const cd_parser *ps, cd_str name)
{
    uint32_t i = cd_atom_at(ps->t, name)->decl;
    int kind = i ? cd_decl_at(ps->t, i)->kind : CD_D_NONE;

    return kind == CD_D_FUNCTION || kind == CD_D_VARIABLE ||
           kind == CD_D_TYPEDEF || kind == CD_D_EXTERN_PYTHON;
}

/* parameters = "(" ( NAME | "," | "..." )* ")" ; tok is the macro's name.  The
 * body is not looked at.                                                     */
static void parameters(cd_parser *ps)
{
    cd_next(ps);
    do
        cd_next(ps);
    while (ps->tok.name || ps->tok.kind == CD_T_COMMA ||
           ps->tok.kind == CD_T_DOTS);
    if (ps->tok.kind != CD_T_RPAREN)
        cd_expected(ps, "')'");
}

/* A macro that may mean something once more is declared (`#define INT_MIN
 * (-INT_MAX - 1)` comes before INT_MAX): where to read it again.             */
typedef struct later {
    cd_token name;
    const char *p, *line_start;
    cd_str file;
} later;

static void keep_for_later(cd_parser *ps, const cd_token *name, const char *p)
{
    later *l = cd_push(ps, &ps->later, sizeof *l);

    *l = (later){*name, p, ps->line_start, ps->file};
}

/* Is the name a word of the text from `from` on, up to tok or a comment? */
static bool mentions(const cd_parser *ps, const cd_token *name,
                     const char *from)
{
    for (const char *p = from; p + name->len <= ps->tok.at; p++)
        if (*p == '/' && (p[1] == '/' || p[1] == '*'))
            return false;
        else if (!cd_is_word(p[-1]) && !memcmp(p, name->at, name->len) &&
                 (p + name->len == ps->end || !cd_is_word(p[name->len])))
            return true;
    return false;
}

/* `#define N (N - 1)` behind `enum { ..., N };`, as the kernel's headers have
 * it: from there on the name means the macro, whose own N is the enumerator.
 * What a preprocessor has written is right, so a macro may also have another
 * meaning than the macro or enumerator before it, which it hides, and it gives
 * way to any other declaration.  body: where the macro's begins.             */
static void bind_macro(cd_parser *ps, const cd_decl *d, const cd_token *name,
                       const char *body)
{
    uint32_t i = cd_atom_at(ps->t, d->name)->decl;
    cd_decl *old = cd_seg_at(&ps->t->decls, i);
    bool enumerator = i != 0 && old->flags & CD_DF_ENUMERATOR;

    if (enumerator && (ps->preprocessed || mentions(ps, name, body))) {
        if (d->kind == CD_D_INT && d->u.value != old->u.value)
            cd_bind_name(ps, d->name, cd_add_decl(ps, d));
        return;
    }
    if (i >= ps->mark_decls && ps->preprocessed) {
        bool same = d->kind == old->kind && d->u.value == old->u.value &&
                    d->text == old->text;
        if (same || !(old->flags & CD_DF_CHECKED))
            return;
        cd_touch(ps, &old->kind, sizeof old->kind);
        old->kind = CD_D_NONE;
        cd_bind_name(ps, d->name, cd_add_decl(ps, d));
        return;
    }
    cd_bind(ps, d, name);
}

/* define = "#" "define" NAME ( body | parameters anything ) ; tok: the name. */
static void define(cd_parser *ps)
{
    cd_token name = ps->tok;
    cd_decl d = {.name = name.name};
    char reason[CD_ERROR_TEXT + 40];
    const char *p = ps->p;
    cd_error why;

    if (!name.name)
        cd_expected(ps, "a macro's name");
    if (name.kind != CD_T_NAME)
        return; /* #define const: keywords stay what they are */
    if (ps->p < ps->end && *ps->p == '(') {
        parameters(ps);
        set_unavailable(ps, &d, "a function-like macro");
    } else if (!try_macro(ps, &d, &why)) {
        snprintf(reason, sizeof reason, "not a constant: %s",
                 why.text);
        set_unavailable(ps, &d, reason);
        if (ps->unknown_yet)
            keep_for_later(ps, &name, p);
    }
    if (d.kind == CD_D_NONE ||
        (d.kind == CD_D_UNAVAILABLE && is_declared(ps, d.name)))
        return;
    d.where = cd_here(ps, &name);
    bind_macro(ps, &d, &name, p);
}

/* Tries one again, as it stood there; true if it has a value now.            */
static bool try_later(cd_parser *ps, const later *l)
{
    uint32_t index = cd_atom_at(ps->t, l->name.name)->decl;
    const cd_decl *old = cd_decl_at(ps->t, index);
    cd_decl d = {.name = l->name.name};
    cd_error why;

    if (!index || old->kind != CD_D_UNAVAILABLE ||
        !(old->flags & CD_DF_CHECKED))
        return false; /* something else by now, or #undef */
    ps->p = l->p;
    ps->line_start = l->line_start;
    ps->line = l->name.line;
    ps->file = l->file;
    if (!try_macro(ps, &d, &why) || d.kind == CD_D_NONE)
        return false;
    d.where = old->where;
    cd_bind(ps, &d, &l->name);
    return true;
}

/* A macro means what its words mean where it is used, so what was not known
 * where it was defined is tried again at the end of the text, and again as
 * long as that helps.                                                        */
void cd_later_macros(cd_parser *ps)
{
    size_t n = ps->later.len / sizeof(later);
    bool more = n > 0;

    ps->in_directive = true;
    for (int pass = 0; more && pass < MOST_PASSES; pass++) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            later l = ((const later *)(const void *)ps->later.data)[i];
            more |= try_later(ps, &l);
        }
    }
    ps->in_directive = false;
}

/* ---- a macro further down ------------------------------------------------ */

static const char *skip_blanks(const cd_parser *ps, const char *p)
{
    while (p < ps->end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* The word at *p, of the characters that names and numbers have; *p goes
 * behind it and the blanks after it.                                         */
static cd_token next_word(const cd_parser *ps, const char **p, int kind)
{
    cd_token word = {.kind = kind, .at = *p, .line = ps->line};

    while (*p < ps->end && cd_is_word(**p))
        (*p)++;
    word.len = (uint32_t)(*p - word.at);
    *p = skip_blanks(ps, *p);
    return word;
}

/* integer-define = "#" "define" NAME ( "-" )? INTEGER , and no more on the
 * line that begins at ps->p.                                                 */
static bool integer_define(cd_parser *ps, const cd_token *name, cd_value *v)
{
    const char *p = skip_blanks(ps, ps->p);
    cd_token word;
    bool minus;

    if (p == ps->end || *p++ != '#')
        return false;
    p = skip_blanks(ps, p);
    word = next_word(ps, &p, CD_T_NAME);
    if (!spelled(&word, "define"))
        return false;
    word = next_word(ps, &p, CD_T_NAME);
    if (word.len != name->len || memcmp(word.at, name->at, name->len))
        return false;
    minus = p < ps->end && *p == '-';
    p = skip_blanks(ps, p + minus);
    word = next_word(ps, &p, CD_T_NUMBER);
    if (!word.len || *word.at < '0' || *word.at > '9' ||
        (p < ps->end && !strchr("\r\n/", *p)))
        return false;
    *v = cd_number(ps, &word);
    if (minus)
        v->v.u = 0 - v->v.u;
    return cd_prim_class(v->prim) != CD_CLASS_FLOAT;
}

bool cd_defined_below(cd_parser *ps, const cd_token *name, cd_value *v)
{
    const char *p = ps->p;
    uint32_t line = ps->line;
    bool found = false;

    if (ps->preprocessed || ps->probing || ps->in_directive || ps->in_typename)
        return false;
    while (!found && ps->p < ps->end) {
        skip_line(ps);
        if (ps->p < ps->end) {
            ps->p++;
            ps->line++;
            found = integer_define(ps, name, v);
        }
    }
    ps->p = p;
    ps->line = line;
    return found;
}

/* undef = "#" "undef" NAME ; only what #define made is forgotten.            */
static void undef(cd_parser *ps)
{
    cd_str name = ps->tok.name;
    uint32_t *bound;
    cd_decl *d;

    if (!name)
        cd_expected(ps, "a macro's name");
    bound = &cd_atom_at(ps->t, name)->decl;
    cd_next(ps);
    end_of_line(ps);
    if (!*bound)
        return;
    d = cd_seg_at(&ps->t->decls, *bound);
    if (!(d->flags & CD_DF_CHECKED) || d->flags & CD_DF_ENUMERATOR)
        return;
    cd_touch(ps, &d->kind, sizeof d->kind);
    d->kind = CD_D_NONE;
    cd_set32(ps, bound, 0);
}

/* ---- #pragma ------------------------------------------------------------- */

/* What one push put on ps->pack_stack.                                       */
typedef struct pushed {
    cd_str label; /* 0: none */
    uint32_t pack;
} pushed;

/* pack-width = NUMBER ; 1, 2, 4, 8 or 16; 0 is the natural layout.           */
static uint32_t pack_width(cd_parser *ps)
{
    cd_token at = ps->tok;
    cd_value v = cd_const_int(ps);

    if (v.v.u > 16 || (v.v.u & (v.v.u - 1)))
        cd_fail(ps, CD_E_CONSTRAINT, &at,
                "expected 0, 1, 2, 4, 8 or 16, found %T", &at);
    return (uint32_t)v.v.u;
}

/* Pops until the label is off, or once without one; as compilers, not at all
 * if there is nothing to pop.                                                */
static void pack_pop(cd_parser *ps, cd_str label)
{
    size_t n = ps->pack_stack.len / sizeof(pushed), keep = n;
    const pushed *stack = (const pushed *)(const void *)ps->pack_stack.data;

    while (label && keep && stack[keep - 1].label != label)
        keep--;
    if (!keep)
        return;
    ps->pack = stack[keep - 1].pack;
    ps->pack_stack.len = (keep - 1) * sizeof(pushed);
}

/* pack-arguments = ( "push" | "pop" ) ( "," NAME )? ( "," pack-width )?
 *                | pack-width | "show" | nothing                             */
static void pack_arguments(cd_parser *ps)
{
    cd_token word = ps->tok;
    bool push = spelled(&word, "push");
    pushed entry = {0, ps->pack};

    if (word.kind == CD_T_RPAREN) {
        ps->pack = ps->opt.pack;
        return;
    }
    if (!push && !spelled(&word, "pop")) {
        if (spelled(&word, "show"))
            cd_next(ps);
        else
            ps->pack = pack_width(ps);
        return;
    }
    cd_next(ps);
    bool more = cd_accept(ps, CD_T_COMMA);
    if (more && ps->tok.name) {
        entry.label = ps->tok.name;
        cd_next(ps);
        more = cd_accept(ps, CD_T_COMMA);
    }
    if (push)
        memcpy(cd_push(ps, &ps->pack_stack, sizeof entry), &entry,
               sizeof entry);
    else
        pack_pop(ps, entry.label);
    if (more)
        ps->pack = pack_width(ps);
}

/* pragma-pack = "pack" "(" pack-arguments ")"                                */
static void pragma_pack(cd_parser *ps)
{
    cd_expect(ps, CD_T_LPAREN);
    pack_arguments(ps);
    cd_expect(ps, CD_T_RPAREN);
    end_of_line(ps);
}

/* pragma-ms_struct = "ms_struct" ( "on" | "off" | "reset" )
 * Honoured on every platform, as clang does.                                 */
static void pragma_ms_struct(cd_parser *ps)
{
    if (spelled(&ps->tok, "on"))
        ps->ms_struct = true;
    else if (spelled(&ps->tok, "off") || spelled(&ps->tok, "reset"))
        ps->ms_struct = false;
    else
        cd_expected(ps, "'on', 'off' or 'reset'");
    cd_next(ps);
    end_of_line(ps);
}

/* Would change layouts in a way that is not modelled here.                   */
static void pragma_byte_order(cd_parser *ps)
{
    if (!spelled(&ps->tok, "default"))
        cd_fail(ps, CD_E_CONSTRAINT, &ps->tok,
                "#pragma scalar_storage_order is not supported");
}

/* One #pragma redefine_extname.                                              */
typedef struct renaming {
    cd_str name, label;
} renaming;

/* redefine-extname = "redefine_extname" NAME NAME ; on solaris's, gcc's and
 * clang's word, what is declared by the first has the second as its symbol.  */
static void pragma_redefine_extname(cd_parser *ps)
{
    renaming r = {ps->tok.name, 0};

    if (!r.name)
        cd_expected(ps, "a name");
    cd_next(ps);
    r.label = ps->tok.name;
    if (!r.label)
        cd_expected(ps, "the symbol's name");
    cd_next(ps);
    end_of_line(ps);
    memcpy(cd_push(ps, &ps->renames, sizeof r), &r, sizeof r);
}

/* The pragma may stand before the declaration or behind it; an asm label says
 * more.                                                                      */
void cd_rename(cd_parser *ps)
{
    size_t n = ps->renames.len / sizeof(renaming);
    const renaming *all = (const renaming *)(const void *)ps->renames.data;

    for (size_t i = 0; i < n; i++) {
        uint32_t index = cd_atom_at(ps->t, all[i].name)->decl;
        cd_decl *d = cd_seg_at(&ps->t->decls, index);
        if (!index || d->text ||
            (d->kind != CD_D_FUNCTION && d->kind != CD_D_VARIABLE))
            continue;
        cd_touch(ps, &d->text, sizeof d->text);
        d->text = all[i].label;
    }
}

/* pragma-unavailable = "cffi_unavailable" "(" NAME "," STRING ")"
 * A name that cdef_header() found, and cannot offer.                         */
static void pragma_unavailable(cd_parser *ps)
{
    cd_decl d = {.kind = CD_D_UNAVAILABLE, .flags = CD_DF_CHECKED};
    cd_token name;

    cd_expect(ps, CD_T_LPAREN);
    name = ps->tok;
    d.name = name.name;
    if (!d.name)
        cd_expected(ps, "a name");
    cd_next(ps);
    cd_expect(ps, CD_T_COMMA);
    d.text = cd_string(ps);
    cd_expect(ps, CD_T_RPAREN);
    end_of_line(ps);
    if (is_declared(ps, d.name))
        return;
    d.where = cd_here(ps, &name);
    cd_bind(ps, &d, &name);
}

/* A # line's or pragma's first word and what it does; tok is behind it.      */
typedef struct command {
    const char *word;
    void (*run)(cd_parser *ps);
} command;

static const command pragmas[] = {
    {"pack", pragma_pack},
    {"ms_struct", pragma_ms_struct},
    {"scalar_storage_order", pragma_byte_order},
    {"redefine_extname", pragma_redefine_extname},
    {"cffi_unavailable", pragma_unavailable},
};

/* pragma = pragma-pack | pragma-ms_struct | redefine-extname
 *        | pragma-unavailable
 *        | anything (ignored)                                                */
static void pragma(cd_parser *ps)
{
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
        if (spelled(&ps->tok, pragmas[i].word)) {
            cd_next(ps);
            pragmas[i].run(ps);
            return;
        }
}

/* The lexer reads s for as long as this pragma lasts: messages then show it. */
void cd_pragma_text(cd_parser *ps, const char *s, size_t len)
{
    const char *text = ps->text, *end = ps->end, *p = ps->p;
    const char *line_start = ps->line_start;
    cd_token tok = ps->tok, ahead = ps->ahead;
    bool peeked = ps->peeked, in_directive = ps->in_directive;

    ps->text = ps->p = ps->line_start = s;
    ps->end = s + len;
    ps->peeked = ps->at_line_start = false;
    ps->in_directive = true;
    cd_next(ps);
    pragma(ps);
    ps->text = text;
    ps->end = end;
    ps->p = p;
    ps->line_start = line_start;
    ps->tok = tok;
    ps->ahead = ahead;
    ps->peeked = peeked;
    ps->in_directive = in_directive;
}

/* ---- every # line -------------------------------------------------------- */

static void ignored(cd_parser *ps)
{
    (void)ps;
}

static const command directives[] = {
    {"define", define}, {"undef", undef},   {"pragma", pragma},
    {"line", line_marker}, {"ident", ignored}, {"sccs", ignored},
};

/* Directives that only a preprocessor can follow.                            */
static const char *const preprocessing[] = {
    "include", "include_next", "import", "embed", "if", "ifdef", "ifndef",
    "elif", "elifdef", "elifndef", "else", "endif", "error", "warning"
};

/* directive = "#" ( line-marker | define | undef | pragma | nothing ) ; tok is
 * behind the "#".                                                            */
static void directive(cd_parser *ps)
{
    cd_token word = ps->tok;

    if (word.kind == CD_T_EOF)
        return;
    if (word.kind == CD_T_NUMBER) {
        line_marker(ps);
        return;
    }
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (spelled(&word, directives[i].word)) {
            /* a pragma's and an #ident's text may be no tokens at all */
            cd_next(ps);
            directives[i].run(ps);
            return;
        }
    for (size_t i = 0; i < sizeof preprocessing / sizeof *preprocessing; i++)
        if (spelled(&word, preprocessing[i]))
            cd_fail(ps, CD_E_SYNTAX, &word,
                    "#%s is for the preprocessor: run it first, as "
                    "cdef_header() does", preprocessing[i]);
    cd_fail(ps, CD_E_SYNTAX, &word,
            "%T is no directive: comments are /* ... */ or // ...", &word);
}

void cd_directive(cd_parser *ps)
{
    cd_token outer = ps->tok;
    size_t scratch = ps->scratch.len;

    if (ps->in_typename) {
        cd_token hash = {.kind = CD_T_HASH, .at = ps->p - 1, .len = 1,
                         .line = ps->line};
        cd_fail(ps, CD_E_SYNTAX, &hash, "a '#' line has no place here");
    }
    /* it may stand where bytes are gathered; what it pushes wants alignment */
    if (scratch % SCRATCH_ALIGN)
        cd_push(ps, &ps->scratch, SCRATCH_ALIGN - scratch % SCRATCH_ALIGN);
    ps->in_directive = true;
    cd_next(ps);
    directive(ps);
    skip_line(ps);
    ps->in_directive = false;
    ps->scratch.len = scratch;
    ps->tok = outer;
}
