/* hint.c - what a message adds to "expected this, found that": what was meant,
 * and what to write instead.  All of it is cold.  MIT.                       */
#include "cd_impl.h"
#include <stdio.h>
#include <string.h>

/* ---- words --------------------------------------------------------------- */

static const struct hint {
    const char *word, *text;
} words[] = {
#define HINT(word, text) {word, text},
#include "hints.def"
};

/* The hint about a word, its WORD replaced by it; "" if there is none. */
static void word_hint(const cd_parser *ps, cd_str name, char *out)
{
    const char *s = cd_text(ps->t, name, NULL), *cut;
    size_t i = 0, n = sizeof words / sizeof *words;
    size_t used = 0;

    out[0] = '\0';
    while (i < n && strcmp(words[i].word, s))
        i++;
    if (i == n)
        return;
    const char *text = words[i].text;
    for (; (cut = strstr(text, "WORD")) != NULL; text = cut + 4)
        used += (size_t)snprintf(out + used, CD_HINT - used, "%.*s%s",
                                 (int)(cut - text), text, s);
    snprintf(out + used, CD_HINT - used, "%s", text);
}

/* ---- names that are nearly it -------------------------------------------- */

enum { MOST_LETTERS = 40, MOST_NAMES = 20000 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters are missing, too many or swapped with their neighbour; two
 * for one that is another.                                                   */
static unsigned distance(const char *a, unsigned n, const char *b, unsigned m)
{
    unsigned char rows[3][MOST_LETTERS + 1];

    for (unsigned j = 0; j <= m; j++)
        rows[0][j] = (unsigned char)j;
    for (unsigned i = 1; i <= n; i++) {
        unsigned char *row = rows[i % 3];
        const unsigned char *above = rows[(i + 2) % 3];
        row[0] = (unsigned char)i;
        for (unsigned j = 1; j <= m; j++) {
            unsigned d = above[j - 1] + 2u * (a[i - 1] != b[j - 1]);
            d = least(d, least(above[j], row[j - 1]) + 1u);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = least(d, rows[(i + 1) % 3][j - 2] + 1u);
            row[j] = (unsigned char)d;
        }
    }
    return rows[n % 3][m];
}

typedef struct nearest {
    const char *wanted, *best;
    unsigned len, off;
} nearest;

static void compare(nearest *to, const char *s)
{
    size_t len = strlen(s);

    if (len > MOST_LETTERS || len + to->off <= to->len ||
        to->len + to->off <= len)
        return; /* too long or short to be nearer */
    unsigned d = distance(to->wanted, to->len, s, (unsigned)len);
    if (d && d < to->off) {
        to->off = d;
        to->best = s;
    }
}

/* A declared name with this meaning that differs by a letter or two; for a
 * type the keywords, too.  NULL: none.                                       */
static const char *nearly(const cd_parser *ps, cd_str name, int kind)
{
    static const char keywords[][CD_WORD_ROOM] = {
#define WORD(NAME, text) text,
#include "tokens.def"
        "bool"
    };
    uint32_t len, n = cd_n_decls(ps->t);
    const char *s = cd_text(ps->t, name, &len);
    nearest to = {s, NULL, len, len < 3 ? 0 : len < 4 ? 2 : 3};

    if (len > MOST_LETTERS)
        return NULL;
    for (uint32_t i = n; i > 0 && n - i < MOST_NAMES; i--) {
        const cd_decl *d = cd_decl_at(ps->t, i);
        if (d->kind == kind)
            compare(&to, cd_text(ps->t, d->name, NULL));
    }
    if (kind == CD_D_TYPEDEF)
        for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
            compare(&to, keywords[i]);
    return to.best;
}

/* Is it written as macros are? */
static bool looks_like_macro(const char *s)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    return n > 2 && s[n] == '\0';
}

/* The hint about a name that is not declared: as a type, or as a value. */
static void name_hint(const cd_parser *ps, cd_str name, int kind, char *out)
{
    const char *s = cd_text(ps->t, name, NULL), *near;
    cd_id tag = cd_atom_at(ps->t, name)->tag;
    char text[100];

    word_hint(ps, name, out);
    if (out[0])
        return;
    if (tag && kind == CD_D_TYPEDEF &&
        cd_spell(ps->t, tag, "", text, sizeof text) < sizeof text)
        snprintf(out, CD_HINT, "write '%s'", text);
    else if ((near = nearly(ps, name, kind)) != NULL)
        snprintf(out, CD_HINT, "did you mean '%s'?", near);
    else if (looks_like_macro(s))
        snprintf(out, CD_HINT,
                 "if it is a macro, write what it stands for, or leave it out");
}

/* "text" or "text: hint" */
static CD_NORETURN void fail_with(cd_parser *ps, int kind, const cd_token *at,
                                  const char *fmt, cd_str name,
                                  const char *hint)
{
    cd_fail(ps, kind, at, fmt, name, hint[0] ? ": " : "", hint);
}

CD_NORETURN void cd_unknown_type(cd_parser *ps, cd_str name,
                                 const cd_token *at)
{
    char hint[CD_HINT] = "";

    if (!ps->probing)
        name_hint(ps, name, CD_D_TYPEDEF, hint);
    fail_with(ps, CD_E_SYNTAX, at, "unknown type name %N%s%s", name, hint);
}

CD_NORETURN void cd_undeclared(cd_parser *ps, const cd_token *at)
{
    char hint[CD_HINT] = "";

    if (!ps->probing)
        name_hint(ps, at->name, CD_D_INT, hint);
    fail_with(ps, CD_E_CONSTRAINT, at, "%N is not declared%s%s", at->name,
              hint);
}

/* ---- tokens -------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The last byte before the current token that is no blank; how many lines
 * above, which a comment or a # line keeps from being told: -1.              */
static const char *before(const cd_parser *ps, int *lines)
{
    const char *p = ps->tok.at;

    *lines = 0;
    while (p > ps->text && is_blank(p[-1]))
        *lines += *--p == '\n';
    if (p == ps->text)
        return NULL;
    const char *last = --p;
    for (; *lines > 0 && p >= ps->text && *p != '\n'; p--)
        if (*p == '#' || (*p == '/' && (p[1] == '/' || p > last - 1)))
            *lines = -1;
    return last;
}

/* What lacks at the end of the line before, if the token begins a line. */
static const char *end_of_line_hint(const cd_parser *ps, const char *what,
                                    char *out)
{
    const char *mark = strstr(what, "';'") ? ";"
                       : strstr(what, "','") ? "," : NULL;
    int lines;

    if (!mark || ps->tok.kind == CD_T_EOF || !before(ps, &lines) || lines <= 0)
        return NULL;
    snprintf(out, CD_HINT, "is a '%s' missing at the end of line %u?", mark,
             ps->tok.line - (unsigned)lines);
    return out;
}

/* What C++ has behind a function's parameters. */
static bool is_behind_cxx(const cd_parser *ps)
{
    static const char *const words[] = {"noexcept", "throw", "override",
                                        "final"};
    const char *text = cd_text(ps->t, ps->tok.name, NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

/* By the token that was not expected, and what was. */
static const char *token_hint(cd_parser *ps, const char *what)
{
    bool in_list = strchr(what, ')') != NULL, semi = !strcmp(what, "';'");
    bool name = !strcmp(what, "a name");
    int lines;
    const char *p = before(ps, &lines);
    char last = p ? *p : '\0';

    switch (ps->tok.kind) {
    case CD_T_AMP:
    case CD_T_ANDAND:
        return in_list || name ? "C has no references: write a pointer" : NULL;
    case CD_T_SCOPE: return "this is C++; C has no '::'";
    case CD_T_ASSIGN:
        return in_list ? "C has no default arguments"
               : semi  ? "C has no default values of members"
                       : NULL;
    case CD_T_DOTS: return in_list ? "a ',' goes before '...'" : NULL;
    case CD_T_CONST:
        return semi && last == ')' ? "this is C++; C has no such functions"
                                   : NULL;
    case CD_T_RBRACE: return semi && last == '.' ? "write '...;'" : NULL;
    case CD_T_LBRACK:
        return name ? "brackets go behind the name: 'int a[3]'" : NULL;
    case CD_T_NAME:
        if (semi && last == ')' && is_behind_cxx(ps))
            return "this is C++; C has no such word";
        return last == ']' ? "brackets go behind the name: 'int a[3]'" : NULL;
    case CD_T_NUMBER:
        return name ? "names do not begin with a digit" : NULL;
    case CD_T_SEMI:
        return strchr(what, '}') ? "enumerators are separated by ','" : NULL;
    case CD_T_COLON: return semi ? "declarations end with ';'" : NULL;
    case CD_T_STAR:
        return ps->p < ps->end && *ps->p == '/' ? "comments do not nest" : NULL;
    default: return NULL;
    }
}

/* A name where a type has to stand. */
static const char *missing_type_hint(cd_parser *ps, char *out)
{
    cd_str name = ps->tok.name;

    name_hint(ps, name, CD_D_TYPEDEF, out);
    if (out[0])
        return out;
    return cd_peek(ps)->kind == CD_T_LPAREN
               ? "what does it return? C has no type to assume" : NULL;
}

CD_NORETURN void cd_expected(cd_parser *ps, const char *what)
{
    char text[CD_HINT] = "";
    const char *hint = NULL;
    cd_token at = ps->tok;

    if (!ps->probing && !ps->in_directive) {
        if (at.kind == CD_T_NAME && !strcmp(what, "a type"))
            hint = missing_type_hint(ps, text);
        if (!hint)
            hint = token_hint(ps, what);
        if (!hint)
            hint = end_of_line_hint(ps, what, text);
    }
    cd_fail(ps, CD_E_SYNTAX, &at, "expected %s, found %T%s%s", what, &at,
            hint ? ": " : "", hint ? hint : "");
}
