/* lex.c - bytes to tokens.  MIT.
 *
 * One pass: a class per byte decides, identifiers are hashed while they are
 * scanned and looked up once (which gives keyword, declaration and tag),
 * lines are counted while blanks are skipped, literals are only delimited
 * (num.c reads them when somebody wants the value).
 *
 * The text ends at ps->end, or, while a # line is read (ps->in_directive), at
 * the line's end.                                                            */
#include "cd_impl.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- classes of bytes ---------------------------------------------------- */

enum {
    BAD,    /* no token has it outside of literals                            */
    SPACE,
    NEWLINE,
    SPLICE, /* backslash                                                      */
    HASH,
    QUOTE,
    SLASH,  /* an operator or a comment                                       */
    DOT,
    SINGLE, /* a punctuator whatever follows: single_kind                     */
    MULTI,  /* a punctuator that may go on                                    */
    DIGIT,  /* from here on: what an identifier goes on with                  */
    LETTER  /* letters, _, $, all bytes of UTF-8 sequences                    */
};

#define X16(c) c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c
enum { B = BAD, S = SPACE, N = NEWLINE, P = SINGLE, M = MULTI, D = DIGIT,
       A = LETTER };
static const unsigned char class_of[256] = {
    /* 00 */ B, B, B, B, B, B, B, B, B, S, N, S, S, S, B, B,
    /* 10 */ X16(B),
    /*  ! */ S, M, QUOTE, HASH, A, M, M, QUOTE, P, P, M, M, P, M, DOT, SLASH,
    /*  0 */ D, D, D, D, D, D, D, D, D, D, M, P, M, M, M, P,
    /*  @ */ B, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A,
    /*  P */ A, A, A, A, A, A, A, A, A, A, A, P, SPLICE, P, M, A,
    /*  ` */ B, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A,
    /*  p */ A, A, A, A, A, A, A, A, A, A, A, M, M, P, P, B,
    /* 80 */ X16(A), X16(A), X16(A), X16(A), X16(A), X16(A), X16(A), X16(A)
};
#undef X16

static const unsigned char single_kind[128] = {
    ['('] = CD_T_LPAREN, [')'] = CD_T_RPAREN, ['['] = CD_T_LBRACK,
    [']'] = CD_T_RBRACK, ['}'] = CD_T_RBRACE, [';'] = CD_T_SEMI,
    [','] = CD_T_COMMA,  ['?'] = CD_T_QUESTION, ['~'] = CD_T_TILDE
};

bool cd_is_word(char c)
{
    return class_of[(unsigned char)c] >= DIGIT;
}

static inline int class_at(const cd_parser *ps, const char *p)
{
    return p < ps->end ? class_of[(unsigned char)*p] : BAD;
}

static inline char byte_at(const cd_parser *ps, const char *p)
{
    return p < ps->end ? *p : '\0';
}

/* ---- errors -------------------------------------------------------------- */

CD_NORETURN static void lex_fail(cd_parser *ps, int kind, const char *at,
                                 uint32_t len, const char *message)
{
    cd_token here = {.kind = CD_T_HASH, .at = at, .len = len,
                     .line = ps->line}; /* any kind but the end's */
    cd_fail(ps, kind, &here, "%s", message);
}

CD_NORETURN static void bad_byte(cd_parser *ps, const char *p)
{
    char message[80];
    unsigned char c = (unsigned char)*p;

    if (c == '@' && p + 1 < ps->end && isalpha((unsigned char)p[1]))
        snprintf(message, sizeof message,
                 "unexpected character '@': this is Objective-C, and a cdef is "
                 "C");
    else if (c > ' ' && c < 127)
        snprintf(message, sizeof message, "unexpected character '%c'", c);
    else
        snprintf(message, sizeof message, "unexpected character \\x%02x", c);
    lex_fail(ps, CD_E_SYNTAX, p, 1, message);
}

static inline void check_length(cd_parser *ps, const char *from, const char *p)
{
    if (p - from > CD_MAX_TOKEN)
        lex_fail(ps, CD_E_LIMIT, from, 1, "a token of more than 65535 bytes");
}

/* ---- blanks -------------------------------------------------------------- */

/* p is at a line end; the next line's first byte.                            */
static inline const char *next_line(cd_parser *ps, const char *p)
{
    ps->line++;
    return ps->line_start = p + 1;
}

/* Would C glue the bytes before and after a spliced line end together?       */
static bool splits_token(char before, char after)
{
    int a = class_of[(unsigned char)before], b = class_of[(unsigned char)after];

    if ((a >= DIGIT || a == DOT) && (b >= DIGIT || b == DOT))
        return true;
    if (after == '=')
        return strchr("+-*/%<>=!&|^", before) != NULL;
    if (before == after)
        return strchr("+-<>&|:#/", before) != NULL;
    switch (before) {
    case '-': return after == '>';
    case '<': return after == ':' || after == '%';
    case ':': return after == '>';
    case '%': return after == ':' || after == '>';
    case '/': return after == '*';
    default: return false;
    }
}

/* The byte behind a backslash and line end at p; p if it is none.            */
static const char *after_splice(const cd_parser *ps, const char *p)
{
    const char *q = p + 1;

    if (byte_at(ps, q) == '\r')
        q++;
    return byte_at(ps, q) == '\n' ? q + 1 : p;
}

/* A backslash among blanks.  Lines are joined before tokens are made, so one
 * inside a token would join its halves: nobody writes that, it is refused.   */
static const char *splice(cd_parser *ps, const char *p)
{
    const char *q = after_splice(ps, p);

    if (q == p)
        bad_byte(ps, p);
    if (p > ps->text && q < ps->end && splits_token(p[-1], *q))
        lex_fail(ps, CD_E_SYNTAX, p, 1,
                 "a line continuation inside a token is not supported");
    return next_line(ps, q - 1);
}

/* p is at "//" or "/" "*"; the byte behind the comment.                      */
static const char *comment(cd_parser *ps, const char *p)
{
    const char *start = p, *q;
    uint32_t line = ps->line;

    if (p[1] == '/') {
        for (p += 2; p < ps->end && *p != '\n'; p++)
            if (*p == '\\' && (q = after_splice(ps, p)) != p)
                p = next_line(ps, q - 1) - 1;
        return p;
    }
    for (p += 2; p + 1 < ps->end; p++) {
        if (*p == '*' && p[1] == '/')
            return p + 2;
        if (*p == '\n')
            next_line(ps, p);
    }
    ps->line = line;
    lex_fail(ps, CD_E_SYNTAX, start, 2, "this comment has no end");
}

/* A '#' (or "%:") that begins a line: the whole line, up to its end.         */
static const char *hash_line(cd_parser *ps, const char *p)
{
    ps->at_line_start = false;
    ps->p = p;
    cd_directive(ps);
    return ps->p;
}

/* Is there a \u or \U at p? */
static bool at_ucn(const cd_parser *ps, const char *p)
{
    char c = byte_at(ps, p + 1);

    return byte_at(ps, p) == '\\' && (c == 'u' || c == 'U');
}

/* blanks = ( space | line-end | comment | splice | directive )*
 * The first byte behind them, or ps->end, or the line end that ends a # line.*/
static inline const char *skip_blanks(cd_parser *ps, const char *p)
{
    for (; p < ps->end;) {
        switch (class_of[(unsigned char)*p]) {
        case SPACE: p++; continue;
        case NEWLINE:
            if (ps->in_directive)
                return p;
            p = next_line(ps, p);
            ps->at_line_start = true;
            continue;
        case SLASH:
            if (byte_at(ps, p + 1) != '/' && byte_at(ps, p + 1) != '*')
                return p;
            p = comment(ps, p);
            continue;
        case SPLICE:
            if (at_ucn(ps, p))
                return p;
            p = splice(ps, p);
            continue;
        case HASH:
            if (!ps->at_line_start)
                return p;
            p = hash_line(ps, p + 1);
            continue;
        case MULTI:
            if (*p == '%' && ps->at_line_start && byte_at(ps, p + 1) == ':') {
                p = hash_line(ps, p + 2);
                continue;
            }
            return p;
        default: return p;
        }
    }
    return p;
}

/* ---- tokens -------------------------------------------------------------- */

/* character = "'" ... "'" ; string = '"' ... '"' ; p is at the opening quote,
 * from at the encoding prefix.  Escapes are skipped here, decoded in num.c.  */
static const char *literal(cd_parser *ps, cd_token *tok, const char *from,
                           const char *p)
{
    char quote = *p++;
    uint32_t line = ps->line;

    tok->kind = quote == '"' ? CD_T_STRING : CD_T_CHARACTER;
    for (; p < ps->end && *p != quote && *p != '\n'; p++) {
        if (*p != '\\')
            continue;
        const char *q = after_splice(ps, p);
        if (q != p)
            p = next_line(ps, q - 1) - 1;
        else if (p + 1 < ps->end)
            p++;
    }
    if (byte_at(ps, p) == quote)
        return p + 1;
    ps->line = line;
    lex_fail(ps, CD_E_SYNTAX, from, 1,
             quote == '"' ? "this string does not end on its line"
                          : "this character constant does not end on its line");
}

static bool is_encoding_prefix(const char *s, size_t len)
{
    if (len == 2)
        return s[0] == 'u' && s[1] == '8';
    return len == 1 && (*s == 'L' || *s == 'u' || *s == 'U');
}

/* ucn = "\u" hex{4} | "\U" hex{8} ; pushed as the UTF-8 it stands for.       */
static const char *ucn(cd_parser *ps, const char *p)
{
    unsigned char utf8[4];
    int want = p[1] == 'u' ? 4 : 8, n = 0;
    const char *from = p;
    uint32_t c = 0;

    for (p += 2; n < want && strchr("0123456789abcdefABCDEF", byte_at(ps, p)) &&
                 byte_at(ps, p); p++, n++)
        c = c << 4 | (uint32_t)(*p <= '9' ? *p - '0' : (*p & 7) + 9);
    if (n < want || c < 0xa0 || c > 0x10ffff || c >> 11 == 0x1b)
        lex_fail(ps, CD_E_SYNTAX, from, (uint32_t)(p - from),
                 "this is no character that a name may have");
    n = cd_encode_utf8(c, utf8);
    memcpy(cd_push(ps, &ps->scratch, (size_t)n), utf8, (size_t)n);
    return p;
}

/* A name with a \u in it: the same name as with the character itself.        */
static const char *spelled_name(cd_parser *ps, cd_token *tok, const char *from)
{
    size_t base = ps->scratch.len;
    const char *p = from;

    while (class_at(ps, p) >= DIGIT || at_ucn(ps, p))
        if (*p == '\\')
            p = ucn(ps, p);
        else
            *(char *)cd_push(ps, &ps->scratch, 1) = *p++;
    check_length(ps, from, p);
    tok->name = cd_scratch_str(ps, base);
    tok->kind = CD_T_NAME;
    return p;
}

/* name = LETTER ( LETTER | DIGIT )* ; a literal if it is a literal's prefix. */
static inline const char *name(cd_parser *ps, cd_token *tok, const char *p)
{
    const char *from = p, *end = ps->end;
    uint32_t h = (uint32_t)CD_HASH_SEED;

    do
        h = cd_hash_step(h, (unsigned char)*p++);
    while (p < end && class_of[(unsigned char)*p] >= DIGIT);
    check_length(ps, from, p);
    int next = class_at(ps, p);
    if (next == QUOTE && is_encoding_prefix(from, (size_t)(p - from)))
        return literal(ps, tok, from, p);
    if (next == SPLICE && at_ucn(ps, p))
        return spelled_name(ps, tok, from);
    tok->name = cd_intern_hashed(ps, from, (size_t)(p - from), h);
    tok->kind = cd_atom_at(ps->t, tok->name)->word;
    if (!tok->kind)
        tok->kind = CD_T_NAME;
    return p;
}

/* number = "."? DIGIT ( LETTER | DIGIT | "." | [eEpP] [+-] | "'" [A-Za-z0-9] )*
 * C's pp-number; num.c decides what is one.                                  */
static const char *number(cd_parser *ps, const char *p)
{
    for (p++;; p++) {
        switch (class_at(ps, p)) {
        case DIGIT: case LETTER: case DOT: continue;
        case MULTI:
            if ((*p == '+' || *p == '-') && strchr("eEpP", p[-1]))
                continue;
            return p;
        case QUOTE:
            if (*p == '\'' && class_at(ps, p + 1) >= DIGIT)
                continue;
            return p;
        default: return p;
        }
    }
}

/* Two spellings that the byte behind *p decides between.                     */
#define IF_NEXT(c, kind)                                                      \
    if (b == (c)) {                                                           \
        *len = 2;                                                             \
        return (kind);                                                        \
    }

/* The punctuator at p, which may be longer than a byte: longest match.       */
static int punctuator(const cd_parser *ps, const char *p, uint32_t *len)
{
    char b = byte_at(ps, p + 1);

    *len = 1;
    switch (*p) {
    case '{': return CD_T_LBRACE;
    case '*': IF_NEXT('=', CD_T_OPASSIGN) return CD_T_STAR;
    case '/': IF_NEXT('=', CD_T_OPASSIGN) return CD_T_SLASH;
    case '^': IF_NEXT('=', CD_T_OPASSIGN) return CD_T_CARET;
    case '=': IF_NEXT('=', CD_T_EQ) return CD_T_ASSIGN;
    case '!': IF_NEXT('=', CD_T_NE) return CD_T_BANG;
    case ':': IF_NEXT(':', CD_T_SCOPE) IF_NEXT('>', CD_T_RBRACK)
        return CD_T_COLON;
    case '+': IF_NEXT('=', CD_T_OPASSIGN) IF_NEXT('+', CD_T_INCDEC)
        return CD_T_PLUS;
    case '-': IF_NEXT('=', CD_T_OPASSIGN) IF_NEXT('-', CD_T_INCDEC)
        IF_NEXT('>', CD_T_ARROW) return CD_T_MINUS;
    case '%': IF_NEXT('=', CD_T_OPASSIGN) IF_NEXT('>', CD_T_RBRACE)
        IF_NEXT(':', CD_T_HASH) return CD_T_PERCENT;
    case '&': IF_NEXT('=', CD_T_OPASSIGN) IF_NEXT('&', CD_T_ANDAND)
        return CD_T_AMP;
    case '|': IF_NEXT('=', CD_T_OPASSIGN) IF_NEXT('|', CD_T_OROR)
        return CD_T_PIPE;
    case '<':
    case '>':
        if (b == *p && byte_at(ps, p + 2) == '=') {
            *len = 3;
            return CD_T_OPASSIGN;
        }
        IF_NEXT('=', *p == '<' ? CD_T_LE : CD_T_GE)
        IF_NEXT(*p, *p == '<' ? CD_T_SHL : CD_T_SHR)
        if (*p == '>')
            return CD_T_GT;
        IF_NEXT(':', CD_T_LBRACK) IF_NEXT('%', CD_T_LBRACE)
        return CD_T_LT;
    default: return CD_T_HASH;
    }
}
#undef IF_NEXT

static const char *operator_token(cd_parser *ps, cd_token *tok, const char *p)
{
    uint32_t len;

    tok->kind = punctuator(ps, p, &len);
    if (ps->probing && tok->kind == CD_T_LBRACE)
        lex_fail(ps, CD_E_SYNTAX, p, 1, "it has a '{'"); /* see direct.c */
    return p + len;
}

/* dot = "." | "..." | number                                                 */
static const char *dot(cd_parser *ps, cd_token *tok, const char *p)
{
    if (class_at(ps, p + 1) == DIGIT) {
        tok->kind = CD_T_NUMBER;
        return number(ps, p + 1);
    }
    if (byte_at(ps, p + 1) == '.' && byte_at(ps, p + 2) == '.') {
        tok->kind = CD_T_DOTS;
        return p + 3;
    }
    tok->kind = CD_T_DOT;
    return p + 1;
}

/* Reads one token into *tok.                                                 */
static void scan(cd_parser *ps, cd_token *tok)
{
    const char *p = skip_blanks(ps, ps->p), *from = p;

    ps->p = tok->at = p;
    tok->line = ps->line;
    tok->name = 0;
    tok->kind = CD_T_EOF;
    ps->at_line_start = false;
    switch (class_at(ps, p)) {
    case LETTER: p = name(ps, tok, p); break;
    case SINGLE: tok->kind = single_kind[(unsigned char)*p++]; break;
    case MULTI: case SLASH: case HASH: p = operator_token(ps, tok, p); break;
    case DOT: p = dot(ps, tok, p); break;
    case DIGIT: tok->kind = CD_T_NUMBER; p = number(ps, p); break;
    case QUOTE: p = literal(ps, tok, p, p); break;
    case NEWLINE: break; /* the end of a # line */
    case SPLICE: p = spelled_name(ps, tok, p); break;
    default:
        if (p < ps->end)
            bad_byte(ps, p);
    }
    tok->len = (uint32_t)(p - from);
    check_length(ps, from, p);
    ps->p = p;
}

void cd_next(cd_parser *ps)
{
    if (!ps->peeked) {
        scan(ps, &ps->tok);
        return;
    }
    ps->tok = ps->ahead;
    ps->peeked = false;
}

const cd_token *cd_peek(cd_parser *ps)
{
    if (!ps->peeked) {
        scan(ps, &ps->ahead);
        ps->peeked = true;
    }
    return &ps->ahead;
}

bool cd_accept(cd_parser *ps, int kind)
{
    if (ps->tok.kind != kind)
        return false;
    cd_next(ps);
    return true;
}

void cd_expect(cd_parser *ps, int kind)
{
    char what[40];

    if (ps->tok.kind == kind) {
        cd_next(ps);
        return;
    }
    snprintf(what, sizeof what, "'%s'", cd_token_text(kind));
    cd_expected(ps, what);
}

/* ---- what is skipped ----------------------------------------------------- */

/* The bracket at p, as its one-byte spelling; 0: none there.                 */
static char bracket_at(const cd_parser *ps, const char *p, uint32_t *len)
{
    char b = byte_at(ps, p + 1);

    *len = 1;
    if (memchr("()[]{}", *p, 6))
        return *p;
    *len = 2;
    switch (*p) {
    case '<': return b == ':' ? '[' : b == '%' ? '{' : '\0';
    case ':': return b == '>' ? ']' : '\0';
    case '%': return b == '>' ? '}' : '\0';
    default: return '\0';
    }
}

/* One byte, literal or comment of a text that is only skipped: bytes that no
 * token has (assembler) are fine here.                                       */
static const char *skip_one(cd_parser *ps, const char *p)
{
    cd_token ignored;

    switch (class_at(ps, p)) {
    case SPACE: return p + 1;
    case NEWLINE: case HASH: case SLASH: case MULTI: {
        const char *q = skip_blanks(ps, p);
        if (q != p)
            return q;
        break;
    }
    case QUOTE: p = literal(ps, &ignored, p, p) - 1; break;
    case DIGIT: p = number(ps, p) - 1; break; /* its ' are no quotes */
    case LETTER:
        while (class_at(ps, p + 1) >= DIGIT)
            p++;
        break;
    }
    ps->at_line_start = false;
    return p + 1;
}

/* balanced = ( "(" | "[" | "{" ) ... ( ")" | "]" | "}" )
 * Open brackets are kept in ps->scratch, so that nesting costs no C stack.   */
void cd_skip_balanced(cd_parser *ps)
{
    cd_token open = ps->tok;
    size_t base = ps->scratch.len;
    const char *p = open.at;

    if (ps->peeked) {
        ps->peeked = false;
        ps->line = open.line;
    }
    do {
        uint32_t len;
        char c = p < ps->end ? bracket_at(ps, p, &len) : '\0';
        if (p >= ps->end)
            cd_fail(ps, CD_E_SYNTAX, &open, "this %T is never closed", &open);
        if (!c) {
            p = skip_one(ps, p);
            continue;
        }
        ps->at_line_start = false;
        if (c == '(' || c == '[' || c == '{') {
            *(char *)cd_push(ps, &ps->scratch, 1) = c == '(' ? ')' : c + 2;
        } else if (ps->scratch.data[--ps->scratch.len] != (unsigned char)c) {
            char what[] = "expected ' '";
            what[10] = (char)ps->scratch.data[ps->scratch.len];
            lex_fail(ps, CD_E_SYNTAX, p, len, what);
        }
        p += len;
    } while (ps->scratch.len > base);
    ps->p = p;
    cd_next(ps);
}

/* ---- the whole text, before it is parsed --------------------------------- */

CD_NORETURN static void refuse_byte(cd_parser *ps, const char *p)
{
    for (const char *q = ps->text; q < p; q++)
        if (*q == '\n')
            next_line(ps, q);
    lex_fail(ps, CD_E_SYNTAX, p, 1,
             *p ? "this is not valid UTF-8" : "a NUL byte in the text");
}

/* The length of the UTF-8 sequence at p (RFC 3629: shortest form, no
 * surrogates, up to U+10FFFF); 0: none.                                      */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2
               : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;

    if (n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

/* Comments and literals may hold any bytes, as compilers have it: the headers
 * of some libraries name their authors in Latin-1.  Past what begins at p.   */
static const char *any_bytes(const cd_parser *ps, const char *p)
{
    bool lines = *p == '/' && p[1] == '/';
    const char *from = p;

    if (*p == '/') {
        for (p += 2; p < ps->end && *p; p++)
            if (lines ? *p == '\n'
                      : *p == '/' && p[-1] == '*' && p - from > 2)
                return p + 1;
        return p;
    }
    for (p++; p < ps->end && *p && *p != '\n' && *p != *from; p++)
        p += *p == '\\' && p + 1 < ps->end && p[1];
    return p < ps->end && *p ? p + 1 : p;
}

/* The same of a text that is not UTF-8 throughout. */
static void check_pieces(cd_parser *ps)
{
    const char *p = ps->text;

    while (p < ps->end) {
        char next = byte_at(ps, p + 1);
        if (*p == '"' || *p == '\'' ||
            (*p == '/' && (next == '/' || next == '*'))) {
            p = any_bytes(ps, p);
            continue;
        }
        size_t n = utf8_length((const unsigned char *)p, (size_t)(ps->end - p));
        if (!n || !*p)
            refuse_byte(ps, p);
        p += n;
    }
}

/* Refuses NUL bytes and broken UTF-8, eight bytes at a time where all eight
 * are plain (v - 1 borrows from a zero byte, which sets its high bit).       */
static void check_bytes(cd_parser *ps)
{
    const char *p = ps->text;

    while (p < ps->end) {
        uint64_t v;
        if (ps->end - p >= 8) {
            memcpy(&v, p, 8);
            if (!(((v - 0x0101010101010101u) | v) & 0x8080808080808080u)) {
                p += 8;
                continue;
            }
        }
        size_t n = utf8_length((const unsigned char *)p, (size_t)(ps->end - p));
        if (!n || !*p) {
            check_pieces(ps);
            return;
        }
        p += n;
    }
}

void cd_lex_start(cd_parser *ps)
{
    check_bytes(ps);
    cd_words_begin(ps);
    ps->p = ps->text;
    if (ps->end - ps->p >= 3 && !memcmp(ps->p, "\xef\xbb\xbf", 3))
        ps->p += 3; /* a byte order mark */
    ps->line_start = ps->text;
    ps->line = 1;
    ps->peeked = false;
    ps->at_line_start = true;
    cd_next(ps);
}

/* ---- the text as it stands ----------------------------------------------- */

/* A string or character, as it stands: past its end. */
static const char *quoted_end(const char *p, const char *end)
{
    char quote = *p++;

    while (p < end && *p != quote)
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    return p < end ? p + 1 : end;
}

/* Past a comment or white space; p itself where there is none. */
static const char *gap_end(const char *p, const char *end)
{
    if (end - p >= 2 && p[0] == '/' && (p[1] == '*' || p[1] == '/')) {
        bool line = p[1] == '/';
        for (p += 2; p < end; p++)
            if (line ? *p == '\n'
                     : *p == '/' && p[-1] == '*')
                break;
        return p < end ? p + 1 : end;
    }
    if (end - p >= 2 && p[0] == '\\' && (p[1] == '\n' || p[1] == '\r'))
        return p + 2;
    return *p == ' ' || (*p >= '\t' && *p <= '\r') ? p + 1 : p;
}

/* Comments and white space become one space each, so that it is one line. */
cd_str cd_c_text(cd_parser *ps, const cd_token *from)
{
    const char *p = from->at, *end = ps->tok.at, *q;
    size_t base = ps->scratch.len;

    if (!ps->by_target || p < ps->text || p > end || end > ps->end)
        return 0; /* or of a _Pragma, which gives no value a name */
    for (; p < end; p = q) {
        q = *p == '"' || *p == '\'' ? quoted_end(p, end) : gap_end(p, end);
        if (q == p)
            *(char *)cd_push(ps, &ps->scratch, 1) = *q++;
        else if (*p == '"' || *p == '\'')
            memcpy(cd_push(ps, &ps->scratch, (size_t)(q - p)), p,
                   (size_t)(q - p));
        else if (ps->scratch.len > base &&
                 ps->scratch.data[ps->scratch.len - 1] != ' ')
            *(char *)cd_push(ps, &ps->scratch, 1) = ' ';
    }
    if (ps->scratch.len > base && ps->scratch.data[ps->scratch.len - 1] == ' ')
        ps->scratch.len--;
    return cd_scratch_str(ps, base);
}
