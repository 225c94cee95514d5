/* diag.c - errors: where, what, the source line and a caret.  MIT.
 *
 * All of this is cold.  Whatever the text and the names hold, the message is
 * valid UTF-8 and fits: everything goes through put_text().                  */
#include "cd_impl.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    SHOWN_COLUMNS = 100, /* of the source line                                */
    SHOWN_BEFORE = 60,   /* of them at most, before the caret                 */
    SHOWN_TOKEN = 60,    /* bytes of a token in a message                     */
    /* what the source line and the caret may need is kept from the message   */
    MESSAGE_BYTES = CD_ERROR_TEXT - 5 * SHOWN_COLUMNS - 16
};

/* ---- a bounded text ------------------------------------------------------ */

typedef struct out {
    char *p, *end; /* end: where the NUL may stand at the latest */
} out;

/* Bytes of the well-formed UTF-8 sequence at s; 0: there is none. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2
             : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

/* A byte that is no character becomes '?', a control character a space. */
static void put_text(out *o, const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;

    for (size_t i = 0; i < len;) {
        size_t n = utf8_length(s + i, len - i);
        size_t need = n ? n : 1;
        if ((size_t)(o->end - o->p) < need)
            break;
        if (n == 0)
            *o->p = '?';
        else if (n == 1 && (s[i] < 0x20 || s[i] == 0x7f))
            *o->p = ' ';
        else
            memcpy(o->p, s + i, n);
        o->p += need;
        i += need;
    }
    *o->p = '\0';
}

static void put(out *o, const char *s)
{
    put_text(o, s, strlen(s));
}

static void put_char(out *o, char c)
{
    if (o->p < o->end)
        *o->p++ = c;
    *o->p = '\0';
}

static void put_number(out *o, long long v)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%lld", v);
    put(o, digits);
}

/* A long token is cut: its beginning is enough to know it. */
static void put_quoted(out *o, const char *s, size_t len)
{
    size_t shown = len > SHOWN_TOKEN ? SHOWN_TOKEN : len;

    while (shown > 0 && shown < len && ((unsigned char)s[shown] & 0xc0) == 0x80)
        shown--; /* not within a character */
    put_char(o, '\'');
    put_text(o, s, shown);
    put(o, shown < len ? "...'" : "'");
}

/* ---- the directives of a message ----------------------------------------- */

static const char token_texts[CD_N_TOKENS][CD_WORD_ROOM] = {
    "end of text", "a name", "a number", "a character", "a string",
#define PUNCT(NAME, text) text,
#define WORD(NAME, text) text,
#include "tokens.def"
};

const char *cd_token_text(int kind)
{
    return token_texts[kind];
}

static void put_token(out *o, const cd_parser *ps, const cd_token *tok)
{
    if (tok->kind == CD_T_EOF)
        put(o, ps->in_directive ? "the end of the line" : "end of text");
    else
        put_quoted(o, tok->at, tok->len);
}

/* As the text spells it: with its typedefs and qualifiers. */
static void put_type(out *o, const cd_table *t, cd_id id)
{
    char text[200];
    size_t n = cd_spell(t, id, "", text, sizeof text);

    put_quoted(o, text, n < sizeof text ? n : sizeof text - 1);
}

/* The newest line marker's name, else the one that the caller gave. */
static void put_file(out *o, const cd_parser *ps, cd_str file)
{
    uint32_t len;
    const char *name = file ? cd_text(ps->t, file, &len) : ps->opt.file;

    put(o, name ? name : "<cdef>");
}

static void put_place(out *o, const cd_parser *ps, const cd_where *w)
{
    put_file(o, ps, w->file);
    put_char(o, ':');
    put_number(o, w->line);
    if (w->col == 0) /* of a compiled module: the column is not known */
        return;
    put_char(o, ':');
    put_number(o, w->col);
}

static void put_name(out *o, const cd_table *t, cd_str name)
{
    uint32_t len;
    const char *s = cd_text(t, name, &len);

    put_quoted(o, s, len);
}

/* The directives are those that cd_impl.h lists at cd_fail(). */
static void put_message(out *o, const cd_parser *ps, const char *fmt,
                        va_list args)
{
    for (; *fmt; fmt++) {
        if (*fmt != '%') {
            put_char(o, *fmt);
            continue;
        }
        switch (*++fmt) {
        case 's': put(o, va_arg(args, const char *)); break;
        case 'd': put_number(o, va_arg(args, int)); break;
        case 'u': put_number(o, va_arg(args, unsigned)); break;
        case 'T': put_token(o, ps, va_arg(args, const cd_token *)); break;
        case 'N': put_name(o, ps->t, va_arg(args, cd_str)); break;
        case 'Y': put_type(o, ps->t, va_arg(args, cd_id)); break;
        case 'W':
            put_place(o, ps, cd_where_at(ps->t, va_arg(args, uint32_t)));
            break;
        default: put_char(o, *fmt); break;
        }
    }
}

/* ---- the source line ----------------------------------------------------- */

/* Is the token a piece of the text being parsed, and not of a string that a
 * _Pragma held?                                                              */
static bool in_text(const cd_parser *ps, const cd_token *at)
{
    uintptr_t p = (uintptr_t)at->at;

    return at->at != NULL && p >= (uintptr_t)ps->text &&
           p <= (uintptr_t)ps->end;
}

static const char *line_begin(const cd_parser *ps, const char *p)
{
    while (p > ps->text && p[-1] != '\n')
        p--;
    return p;
}

/* Counted in bytes from 1, as compilers do. */
static uint32_t column(const cd_parser *ps, const cd_token *at)
{
    const char *begin = ps->line_start; /* the lexer's line is the usual one */

    if (at->at < begin)
        begin = line_begin(ps, at->at);
    return (uint32_t)(at->at - begin) + 1;
}

/* The next character's first byte; bytes that are no character count alone. */
static const char *next_char(const char *p, const char *end)
{
    size_t n = utf8_length((const unsigned char *)p, (size_t)(end - p));

    return p + (n ? n : 1);
}

/* "\n<line>\n   ^", shortened to a window around the caret. */
static void put_source(out *o, const cd_parser *ps, const char *at)
{
    const char *begin = line_begin(ps, at), *end = at, *from = begin;
    int before = 0, width = 0, caret;

    while (end < ps->end && *end != '\n' && *end != '\r' &&
           end - at < 4 * SHOWN_COLUMNS)
        end++;
    if (at - begin > 8 * SHOWN_COLUMNS) { /* far out: bytes are good enough */
        from = at - 4 * SHOWN_BEFORE;
        while (from < at && ((unsigned char)*from & 0xc0) == 0x80)
            from++;
    }
    bool cut = from > begin;
    for (const char *p = from; p < at; p = next_char(p, end))
        before++;
    for (; before > SHOWN_BEFORE; before--, cut = true)
        from = next_char(from, end);
    put_char(o, '\n');
    caret = before + (cut ? 3 : 0);
    put(o, cut ? "..." : "");
    for (const char *p = from; p < end && width < SHOWN_COLUMNS; width++) {
        const char *next = next_char(p, end);
        put_text(o, p, (size_t)(next - p));
        p = next;
    }
    put_char(o, '\n');
    while (caret-- > 0)
        put_char(o, ' ');
    put_char(o, '^');
}

/* ---- the ways out -------------------------------------------------------- */

/* The text ends where its last line with something on it does. */
static cd_token last_place(const cd_parser *ps, const cd_token *eof)
{
    cd_token at = *eof;

    while (at.at > ps->text && at.line > 1 &&
           (at.at[-1] == '\n' || at.at[-1] == ' ' || at.at[-1] == '\t' ||
            at.at[-1] == '\r'))
        at.line -= *--at.at == '\n';
    return at;
}

/* A #define that is only tried has no place of its own: where it is used
 * decides about the message.                                                 */
static void report(cd_parser *ps, int kind, const cd_token *at,
                   const char *fmt, va_list args)
{
    cd_error *e = ps->err;
    out o = {e->text, e->text + MESSAGE_BYTES};
    cd_token last;

    e->kind = kind;
    e->line = e->col = 0;
    e->text[0] = '\0';
    if (at != NULL && at->kind == CD_T_EOF && in_text(ps, at)) {
        last = last_place(ps, at);
        at = &last;
    }
    if (at != NULL && in_text(ps, at)) {
        e->line = at->line;
        e->col = column(ps, at);
    }
    if (e->line != 0 && !ps->probing) {
        cd_where w = {ps->file, e->line, e->col};
        put_place(&o, ps, &w);
        put(&o, ": ");
    }
    put_message(&o, ps, fmt, args);
    o.end = e->text + CD_ERROR_TEXT - 1;
    if (e->line != 0 && !ps->probing)
        put_source(&o, ps, at->at);
}

cd_str cd_message(cd_parser *ps, const char *fmt, ...)
{
    char text[MESSAGE_BYTES];
    out o = {text, text + sizeof text - 1};
    va_list args;

    va_start(args, fmt);
    put_message(&o, ps, fmt, args);
    va_end(args);
    return cd_intern(ps, text, strlen(text));
}

/* Whatever calls this is in the middle of something: rollback mends it. */
CD_NORETURN void cd_fail(cd_parser *ps, int kind, const cd_token *at,
                         const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    report(ps, kind, at, fmt, args);
    va_end(args);
    longjmp(ps->pad, 1);
}

/* The name that cd_cdef() was given becomes an atom with the first place
 * that needs it.                                                             */
uint32_t cd_here(cd_parser *ps, const cd_token *at)
{
    if (ps->file == 0 && ps->opt.file != NULL)
        ps->file = cd_intern(ps, ps->opt.file, strlen(ps->opt.file));
    uint32_t i = cd_seg_add(ps, &ps->t->wheres, 1);
    cd_where *w = cd_seg_at(&ps->t->wheres, i);

    w->file = ps->file;
    w->line = at->line;
    w->col = in_text(ps, at) ? column(ps, at) : 0;
    return i;
}

/* The stack is the caller's: a limit, and no segmentation fault. */
void cd_enter(cd_parser *ps)
{
    if (++ps->depth > CD_MAX_DEPTH)
        cd_fail(ps, CD_E_LIMIT, &ps->tok, "nested too deeply");
}
