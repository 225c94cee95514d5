/* spell.c - types -> C text.  MIT.
 *
 * A declarator is written inside out: what stands before the name from the
 * innermost type outwards, what stands behind it from the outermost inwards.
 * So the way down is kept in a list; the text behind needs none.             */
#include "cd_impl.h"
#include <stdio.h>
#include <string.h>

/* A type made of typedefs made of typedefs can be endless once these are
 * removed; what is beyond these limits is written as "...".                  */
enum { MOST_LEVELS = 250, MOST_NESTED = 50, MOST_TEXT = 1 << 16 };

typedef struct out {
    char *p;
    size_t len, cap; /* len goes on counting beyond cap                       */
    int nested;      /* parameters of parameters                              */
    bool plain;      /* typedefs are replaced by what they stand for          */
} out;

/* Like snprintf: what does not fit is counted, not written. */
static void put_text(out *o, const char *s, size_t n)
{
    if (o->len < o->cap) {
        size_t room = o->cap - o->len;
        memcpy(o->p + o->len, s, n < room ? n : room);
    }
    o->len += n;
}

static void put(out *o, const char *s)
{
    put_text(o, s, strlen(s));
}

static void put_number(out *o, uint64_t n)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    put(o, digits);
}

static void put_name(out *o, const cd_table *t, cd_str name)
{
    uint32_t len;
    const char *s = cd_text(t, name, &len);

    put_text(o, s, len);
}

static void spell(out *o, const cd_table *t, cd_id id, const char *declarator);

/* ---- names --------------------------------------------------------------- */

/* In this order always, so that one type has one spelling. */
static void put_quals(out *o, int quals)
{
    put(o, quals & CD_Q_CONST ? "const " : "");
    put(o, quals & CD_Q_VOLATILE ? "volatile " : "");
    put(o, quals & CD_Q_RESTRICT ? "restrict " : "");
    put(o, quals & CD_Q_ATOMIC ? "_Atomic " : "");
}

static const char *const kind_words[] = {
#define KIND(NAME, word) word,
#include "kinds.def"
};

/* "struct s", "T" of an anonymous one that a typedef named, "struct $1". */
static void put_tagged(out *o, const cd_table *t, const cd_ctype *c)
{
    if (!(c->flags & CD_F_TYPEDEF_NAME)) {
        put(o, kind_words[c->kind]);
        put(o, " ");
    }
    if (c->name != 0) {
        put_name(o, t, c->name);
    } else {
        put(o, "$");
        put_number(o, c->n);
    }
}

/* A type that is a name by itself. */
static void put_base(out *o, const cd_table *t, const cd_ctype *c)
{
    switch (c->kind) {
    case CD_STRUCT: case CD_UNION: case CD_ENUM:
        put_tagged(o, t, c);
        break;
    case CD_IMPORT:
        t = cd_included(t, c->a);
        put_base(o, t, cd_ty(t, c->b));
        break;
    case CD_VECTOR:
        put(o, "__attribute__((vector_size(");
        put_number(o, c->size);
        put(o, "))) ");
        spell(o, t, c->a, "");
        break;
    default:
        put_name(o, t, c->name);
        break;
    }
}

/* ---- the way down from a type to its base -------------------------------- */

/* Does nothing but a typedef name the record or enum at the end of this way, or
 * the array on it whose length only a compiler knows?                        */
static bool ends_nameless(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_ty(t, id);

    for (; c->kind == CD_POINTER || c->kind == CD_ARRAY || c->kind == CD_QUAL;
         c = cd_ty(t, c->a))
        if (c->kind == CD_ARRAY && c->flags & CD_F_DOTS)
            return true;
    if (c->kind != CD_STRUCT && c->kind != CD_UNION && c->kind != CD_ENUM &&
        c->kind != CD_IMPORT)
        return false;
    return c->name == 0 || cd_text(t, c->name, NULL)[0] == '$';
}

/* A typedef without a name (of aligned()) is written as what it stands for, in
 * plain text the others too, but for FILE (which has no place) and those that
 * alone can name a type.                                                     */
static bool is_written(const out *o, const cd_table *t, const cd_ctype *c)
{
    if (!o->plain || c->name == 0)
        return c->name != 0;
    return c->x == 0 || ends_nameless(t, c->a);
}

/* Past typedefs that are not written. */
static cd_id named(const out *o, const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_ty(t, id);

    for (; c->kind == CD_TYPEDEF && !is_written(o, t, c); c = cd_ty(t, id))
        id = c->a;
    return id;
}

/* What the qualifiers of a type, if it has any, qualify. */
static const cd_ctype *qualified(const out *o, const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_ty(t, named(o, t, id));

    while (c->kind == CD_QUAL)
        c = cd_ty(t, named(o, t, c->a));
    return c;
}

/* Is the type written around the declarator? */
static bool is_derived(const out *o, const cd_table *t, cd_id id)
{
    int kind = qualified(o, t, id)->kind;

    return kind == CD_POINTER || kind == CD_ARRAY || kind == CD_FUNC;
}

/* A pointer to one of these needs parentheses: `(*p)[3]`, `(*f)(void)`. */
static bool is_suffixed(const out *o, const cd_table *t, cd_id id)
{
    int kind = qualified(o, t, id)->kind;

    return kind == CD_ARRAY || kind == CD_FUNC;
}

/* Without a prototype `()`, with an empty one `(void)`: read again, each is
 * what it was.                                                               */
static void put_parameters(out *o, const cd_table *t, const cd_ctype *c)
{
    put(o, "(");
    for (uint32_t i = 0; i < c->n; i++) {
        put(o, i ? ", " : "");
        spell(o, t, cd_id_at(t, c->b + i), "");
    }
    if (c->flags & CD_F_VARIADIC)
        put(o, c->n ? ", ..." : "...");
    else if (c->n == 0 && !(c->flags & CD_F_NOPROTO))
        put(o, "void");
    put(o, ")");
}

/* A function's calling convention, with a blank behind it. */
static void put_convention(out *o, const cd_ctype *c)
{
    static const char *const words[] = {
        "", "__cdecl ", "__stdcall ", "__fastcall ", "__thiscall ",
        "__vectorcall ", "__attribute__((ms_abi)) ",
        "__attribute__((sysv_abi)) "};

    if (c->kind == CD_FUNC)
        put(o, words[c->sub]);
}

static bool is_noreturn(const out *o, const cd_table *t, const cd_ctype *c)
{
    if (c->kind == CD_POINTER)
        c = qualified(o, t, c->a);
    return c->kind == CD_FUNC && c->x;
}

/* "*", "(*", "(__stdcall *", "*const " of one level. */
static void put_before(out *o, const cd_table *t, const cd_ctype *c)
{
    if (c->kind == CD_QUAL) {
        put_quals(o, is_suffixed(o, t, c->a) ? 0 : c->sub);
    } else if (c->kind == CD_POINTER && is_suffixed(o, t, c->a)) {
        put(o, "(");
        put_convention(o, qualified(o, t, c->a));
        put(o, "*"); /* gcc has no ear for the next before it */
        put(o, is_noreturn(o, t, c) ? "__attribute__((noreturn)) " : "");
    } else if (c->kind == CD_POINTER) {
        put(o, "*");
    }
}

/* ")", "[3]" or "(int)" of one level. */
static void put_behind(out *o, const cd_table *t, const cd_ctype *c)
{
    if (c->kind == CD_POINTER && is_suffixed(o, t, c->a)) {
        put(o, ")");
    } else if (c->kind == CD_ARRAY) {
        put(o, "[");
        if (c->flags & CD_F_DOTS)
            put(o, "...");
        else if (o->plain && c->x != 0)
            put_name(o, t, c->x);
        else if (!(c->flags & CD_F_OPEN))
            put_number(o, c->n);
        put(o, "]");
    } else if (c->kind == CD_FUNC) {
        put_parameters(o, t, c);
    }
}

/* The levels on the way, around the declarator. A space parts the base from
 * it, but `int[3]` and `int(void)` have none.                                */
static void spell_way(out *o, const cd_table *t, const cd_id *way, size_t n,
                      const char *declarator)
{
    const cd_ctype *last = n > 0 ? cd_ty(t, way[0]) : NULL;
    bool function = last && last->kind == CD_FUNC && (last->sub || last->x);
    bool stars = function;

    for (size_t i = 0; i < n; i++)
        stars |= !is_suffixed(o, t, way[i]);
    put(o, *declarator || stars ? " " : "");
    for (size_t i = n; i-- > 0;)
        put_before(o, t, cd_ty(t, way[i]));
    if (function) {
        put_convention(o, last);
        put(o, last->x ? "__attribute__((noreturn)) " : "");
    }
    if (*declarator == '\0' && last &&
        (last->kind == CD_QUAL || function || is_noreturn(o, t, last)))
        o->len--; /* "*const", "__stdcall" with nothing behind */
    put(o, declarator);
    for (size_t i = 0; i < n; i++)
        put_behind(o, t, cd_ty(t, way[i]));
}

/* Base with its qualifiers, then what stands before, around and behind. An
 * array's qualifiers (only plain text has such) are its elements'.           */
static void spell(out *o, const cd_table *t, cd_id id, const char *declarator)
{
    cd_id way[MOST_LEVELS];
    size_t n = 0;
    int quals = 0;

    for (id = named(o, t, id); n < MOST_LEVELS && is_derived(o, t, id);
         id = named(o, t, cd_ty(t, id)->a)) {
        way[n++] = id;
        if (cd_ty(t, id)->kind == CD_QUAL && is_suffixed(o, t, id))
            quals |= cd_ty(t, id)->sub;
        else if (cd_ty(t, id)->kind == CD_POINTER)
            quals = 0;
    }
    if (n == MOST_LEVELS || o->nested == MOST_NESTED || o->len > MOST_TEXT) {
        put(o, "...");
        put(o, declarator);
        return;
    }
    o->nested++;
    for (; cd_ty(t, id)->kind == CD_QUAL; id = named(o, t, cd_ty(t, id)->a))
        quals |= cd_ty(t, id)->sub;
    put_quals(o, quals);
    put_base(o, t, cd_ty(t, id));
    spell_way(o, t, way, n, declarator);
    o->nested--;
}

/* Twice may be asked: first for the length, then for the text. */
static size_t write_type(const cd_table *t, cd_id id, const char *declarator,
                         bool plain, char *text, size_t cap)
{
    out o = {text, 0, cap, 0, plain};

    spell(&o, t, id, declarator);
    if (cap > 0)
        text[o.len < cap ? o.len : cap - 1] = '\0';
    return o.len;
}

size_t cd_spell(const cd_table *t, cd_id id, const char *declarator, char *out,
                size_t cap)
{
    return write_type(t, id, declarator, false, out, cap);
}

size_t cd_spell_plain(const cd_table *t, cd_id id, const char *declarator,
                      char *out, size_t cap)
{
    return write_type(t, id, declarator, true, out, cap);
}
