/* num.c - literals to values, on demand.  MIT.
 *
 * The lexer only found where a literal ends; here its text is read: integers
 * with C's choice of type, floating constants, characters and strings with
 * all escapes.                                                               */
#include "cd_impl.h"
#include "cd_target.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* The value of a digit in any base; 99: none.                                */
static unsigned digit_value(char c)
{
    c = (char)lower(c);
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;
}

/* ---- integers ------------------------------------------------------------ */

/* What an integer's suffix says.                                             */
typedef struct suffix {
    bool u;
    bool bit_precise; /* wb */
    int rank; /* 0: none, 1: l, 2: ll */
    int prim; /* i64, z: exactly this type */
} suffix;

/* Suffixes that name their type.                                             */
static const struct { const char *text; int prim, unsigned_prim; } exact[] = {
    {"z", CD_PRIM_SSIZE, CD_PRIM_SIZE},   {"i8", CD_PRIM_INT8, CD_PRIM_UINT8},
    {"i16", CD_PRIM_INT16, CD_PRIM_UINT16},
    {"i32", CD_PRIM_INT32, CD_PRIM_UINT32},
    {"i64", CD_PRIM_INT64, CD_PRIM_UINT64}
};

static bool same_word(const char *s, size_t len, const char *word)
{
    for (; len && *word; s++, word++, len--)
        if (lower(*s) != *word)
            return false;
    return !len && !*word;
}

/* integer-suffix = [uU]? ( l | ll | z | i8 | i16 | i32 | i64 | wb )? [uU]?   */
static suffix integer_suffix(cd_parser *ps, const cd_token *tok, const char *s)
{
    suffix r = {0};
    size_t len = (size_t)(tok->at + tok->len - s);

    if (len && lower(s[0]) == 'u') {
        r.u = true;
        s++, len--;
    } else if (len && lower(s[len - 1]) == 'u') {
        r.u = true;
        len--;
    }
    if (!len)
        return r;
    if (same_word(s, len, "l"))
        r.rank = 1;
    else if (same_word(s, len, "ll") && s[0] == s[1])
        r.rank = 2;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (same_word(s, len, exact[i].text))
            r.prim = r.u ? exact[i].unsigned_prim : exact[i].prim;
    if (same_word(s, len, "i") || same_word(s, len, "j"))
        cd_fail(ps, CD_E_SYNTAX, tok, "imaginary constants are not supported");
    r.bit_precise = same_word(s, len, "wb") && (*s == 'w') == (s[1] == 'b');
    if (!r.rank && !r.prim && !r.bit_precise)
        cd_fail(ps, CD_E_SYNTAX, tok, "%T is not a number", tok);
    return r;
}

static bool fits(const cd_parser *ps, uint64_t v, int prim)
{
    unsigned bits = 8 * cd_prim_size(ps->t->target, prim);

    if (cd_prim_signed(ps->t->target, prim))
        bits--;
    return bits >= 64 || v >> bits == 0;
}

/* The first type of C's list (6.4.4.1) that holds v.  A decimal constant
 * without u that only fits unsigned is what compilers make of it: unsigned.  */
static int integer_type(const cd_parser *ps, uint64_t v, suffix s, bool decimal)
{
    static const int list[] = {CD_PRIM_INT,  CD_PRIM_UINT,  CD_PRIM_LONG,
                               CD_PRIM_ULONG, CD_PRIM_LLONG, CD_PRIM_ULLONG};

    for (int i = 2 * s.rank; i < 6; i++) {
        bool is_unsigned = i & 1;
        if ((s.u && !is_unsigned) || (decimal && !s.u && is_unsigned))
            continue;
        if (fits(ps, v, list[i]))
            return list[i];
    }
    return CD_PRIM_ULLONG;
}

/* Of the _BitInt that holds v: the fewest bits, with the sign at least two.  */
static int bit_width(uint64_t v, bool is_unsigned)
{
    int n = 0;

    while (n < 64 && v >> n)
        n++;
    return is_unsigned ? n + !n : n + 1 + !n;
}

static cd_value integer_value(cd_parser *ps, const cd_token *tok, uint64_t v,
                              suffix s, bool decimal)
{
    cd_value r = {0};

    if (s.prim && !fits(ps, v, s.prim))
        cd_fail(ps, CD_E_CONSTRAINT, tok, "%T does not fit its suffix", tok);
    r.prim = s.prim ? s.prim : integer_type(ps, v, s, decimal);
    if (s.bit_precise) {
        r.prim = s.u ? CD_PRIM_ULLONG : CD_PRIM_LLONG;
        r.bits = bit_width(v, s.u);
        if (r.bits > 64)
            cd_fail(ps, CD_E_CONSTRAINT, tok, "%T does not fit 64 bits", tok);
    }
    r.type = (cd_id)r.prim;
    r.is_unsigned = !cd_prim_signed(ps->t->target, r.prim);
    r.v.u = v;
    return r;
}

/* integer = ( "0x" | "0b" | "0" | ) digits-with-'-between suffix             */
static cd_value integer(cd_parser *ps, const cd_token *tok)
{
    const char *p = tok->at, *end = p + tok->len, *first;
    unsigned base = 10, d;
    uint64_t v = 0;
    bool too_large = false;

    if (*p == '0' && tok->len > 1) {
        base = lower(p[1]) == 'x' ? 16 : lower(p[1]) == 'b' ? 2 : 8;
        p += base == 8 ? 1 : 2;
    }
    for (first = p; p < end; p++) {
        if (*p == '\'' && p > first - (base == 8) && p + 1 < end &&
            p[-1] != '\'' && digit_value(p[1]) < 16)
            continue;
        d = digit_value(*p);
        if (d >= base && !(base < 10 && d < 10))
            break;
        if (d >= base)
            cd_fail(ps, CD_E_SYNTAX, tok, "%T has a digit that base %u has not",
                    tok, base);
        too_large |= v > (UINT64_MAX - d) / base;
        v = v * base + d;
    }
    if (p == first && base != 8)
        cd_fail(ps, CD_E_SYNTAX, tok, "%T is not a number", tok);
    suffix s = integer_suffix(ps, tok, p);
    if (too_large)
        cd_fail(ps, CD_E_CONSTRAINT, tok, "%T does not fit 64 bits", tok);
    return integer_value(ps, tok, v, s, base == 10);
}

/* ---- floating constants -------------------------------------------------- */

/* Floating suffixes and their types (0: known, but not supported here).      */
static const struct { const char *text; int prim; } float_suffixes[] = {
    {"", CD_PRIM_DOUBLE}, {"f", CD_PRIM_FLOAT},     {"l", CD_PRIM_LDOUBLE},
    {"f32", CD_PRIM_FLOAT}, {"f64", CD_PRIM_DOUBLE}, {"f32x", CD_PRIM_DOUBLE},
    {"i", 0},  {"j", 0},   {"if", 0},  {"fi", 0},   {"jf", 0},  {"fj", 0},
    {"il", 0}, {"li", 0},  {"df", 0},  {"dd", 0},   {"dl", 0},  {"f16", 0},
    {"q", 0},  {"w", 0},   {"bf16", 0}, {"f128", 0}, {"f64x", 0}
};

static int float_suffix(cd_parser *ps, const cd_token *tok, const char *s,
                        cd_str *unknown)
{
    size_t len = (size_t)(tok->at + tok->len - s);

    for (size_t i = 0; i < sizeof float_suffixes / sizeof *float_suffixes; i++)
        if (same_word(s, len, float_suffixes[i].text)) {
            if (!float_suffixes[i].prim)
                *unknown = cd_message(ps, "floating constants with this suffix "
                                          "are not supported");
            return float_suffixes[i].prim ? float_suffixes[i].prim
                                          : CD_PRIM_DOUBLE;
        }
    cd_fail(ps, CD_E_SYNTAX, tok, "%T is not a number", tok);
}

static bool is_float(const char *p, const char *end)
{
    bool hex = end - p > 1 && p[0] == '0' && lower(p[1]) == 'x';

    for (; p < end; p++)
        if (*p == '.' || lower(*p) == (hex ? 'p' : 'e'))
            return true;
    return false;
}

/* strtod and strtof follow the locale's decimal point: give them that one.
 * out has room for the token, the point and a NUL; the digits' end in out.   */
static const char *for_strtod(const cd_token *tok, char *out)
{
    const char *point = localeconv()->decimal_point;

    for (uint32_t i = 0; i < tok->len; i++) {
        if (tok->at[i] == '\'')
            continue;
        if (tok->at[i] == '.') {
            memcpy(out, point, strlen(point));
            out += strlen(point);
        } else {
            *out++ = tok->at[i];
        }
    }
    *out = '\0';
    return out;
}

/* Where the suffix of a floating constant begins; fails where strtod would
 * read less or more than C's grammar.                                        */
static const char *float_digits(cd_parser *ps, const cd_token *tok)
{
    const char *p = tok->at, *end = p + tok->len;
    bool hex = tok->len > 1 && p[0] == '0' && lower(p[1]) == 'x';
    int digits = 0, points = 0, exponent = 0;

    for (p += hex ? 2 : 0; p < end; p++) {
        if (*p == '.')
            points++;
        else if (digit_value(*p) < (hex ? 16u : 10u))
            digits++;
        else if (*p != '\'' || digit_value(p[1]) > 15)
            break;
    }
    if (p < end && lower(*p) == (hex ? 'p' : 'e')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        for (; p < end && digit_value(*p) < 10; p++)
            exponent++;
        if (!exponent)
            digits = 0;
    }
    if (!digits || points > 1 || (hex && !exponent))
        cd_fail(ps, CD_E_SYNTAX, tok, "%T is not a number", tok);
    return p;
}

static cd_value floating(cd_parser *ps, const cd_token *tok)
{
    size_t base = ps->scratch.len;
    cd_value r = {0};
    const char *s = float_digits(ps, tok);
    char *text;

    r.prim = float_suffix(ps, tok, s, &r.unknown);
    r.type = (cd_id)r.prim;
    text = cd_push(ps, &ps->scratch, (size_t)tok->len + 16);
    cd_token digits = *tok;
    digits.len = (uint32_t)(s - tok->at);
    for_strtod(&digits, text);
    r.v.d = r.prim == CD_PRIM_FLOAT ? (double)strtof(text, NULL)
                                    : strtod(text, NULL);
    ps->scratch.len = base;
    return r;
}

/* number = integer | floating                                                */
cd_value cd_number(cd_parser *ps, const cd_token *tok)
{
    if (is_float(tok->at, tok->at + tok->len))
        return floating(ps, tok);
    return integer(ps, tok);
}

/* ---- escapes ------------------------------------------------------------- */

/* One element of a literal: a byte, or a code point (\u, UTF-8).             */
typedef struct element {
    uint32_t value;
    bool code_point;
} element;

static const char simple_escapes[] = "a\ab\bf\fn\nr\rt\tv\ve\033E\033"
                                     "\\\\''\"\"??";

static uint32_t hex_escape(cd_parser *ps, const cd_token *tok, const char **pp,
                           int want)
{
    const char *p = *pp;
    uint64_t v = 0;
    int n = 0;

    for (; digit_value(*p) < 16 && (!want || n < want); p++, n++)
        v = v > UINT32_MAX ? v : v * 16 + digit_value(*p);
    if (!n || (want && n < want))
        cd_fail(ps, CD_E_SYNTAX, tok, "%T has a \\%s without %s", tok,
                want == 8 ? "U" : want ? "u" : "x",
                want ? "all its digits" : "digits");
    if (v > UINT32_MAX || (want && (v > 0x10ffff || (v >> 11) == 0x1b)))
        cd_fail(ps, CD_E_CONSTRAINT, tok, "%T has an escape out of range", tok);
    *pp = p;
    return (uint32_t)v;
}

/* escape = "\" ( [abfnrtveE\'"?] | [0-7]{1,3} | "x" hex+ | "u" hex{4}
 *              | "U" hex{8} ) ; *pp is behind the backslash                  */
static element escape(cd_parser *ps, const cd_token *tok, const char **pp)
{
    char c = *(*pp)++;
    element e = {0, false};

    if (c >= '0' && c <= '7') {
        e.value = (uint32_t)(c - '0');
        for (int n = 1; n < 3 && **pp >= '0' && **pp <= '7'; n++)
            e.value = e.value * 8 + (uint32_t)(*(*pp)++ - '0');
        return e;
    }
    if (c == 'x') {
        e.value = hex_escape(ps, tok, pp, 0);
        return e;
    }
    if (c == 'u' || c == 'U') {
        e.value = hex_escape(ps, tok, pp, c == 'u' ? 4 : 8);
        e.code_point = true;
        return e;
    }
    for (const char *s = simple_escapes; *s; s += 2)
        if (*s == c) {
            e.value = (unsigned char)s[1];
            return e;
        }
    cd_fail(ps, CD_E_SYNTAX, tok, "%T has an escape that C does not know", tok);
}

/* The code point of the (checked) UTF-8 at *pp.                              */
static uint32_t decode_utf8(const char **pp)
{
    const unsigned char *p = (const unsigned char *)*pp;
    int n = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3;
    uint32_t c = n ? p[0] & (0x3fu >> n) : p[0];

    for (int i = 1; i <= n; i++)
        c = c << 6 | (p[i] & 0x3fu);
    *pp += n + 1;
    return c;
}

int cd_encode_utf8(uint32_t c, unsigned char out[4])
{
    int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (int i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (unsigned char)(0x80 | (c & 0x3f));
    out[0] = (unsigned char)(n == 1 ? c : (0xf00u >> n & 0xf0u) | c);
    return n;
}

/* The next element of a literal's body; false at its closing quote.  wide:
 * UTF-8 gives code points, else bytes.                                       */
static bool next_element(cd_parser *ps, const cd_token *tok, const char **pp,
                         bool wide, element *e)
{
    const char *last = tok->at + tok->len - 1;

    while (*pp < last && **pp == '\\') { /* a spliced line */
        size_t cr = (*pp)[1] == '\r';
        if ((*pp)[1 + cr] != '\n')
            break;
        *pp += 2 + cr;
    }
    if (*pp >= last)
        return false;
    if (**pp == '\\') {
        ++*pp;
        *e = escape(ps, tok, pp);
    } else if (wide) {
        *e = (element){decode_utf8(pp), true};
    } else {
        *e = (element){(unsigned char)*(*pp)++, false};
    }
    return true;
}

/* ---- characters ---------------------------------------------------------- */

/* The type of a character constant by its prefix; *body behind the quote.    */
static int character_type(const cd_token *tok, const char **body)
{
    static const struct { const char *text; int prim; } prefixes[] = {
        {"u8", CD_PRIM_UCHAR}, {"L", CD_PRIM_WCHAR}, {"u", CD_PRIM_CHAR16},
        {"U", CD_PRIM_CHAR32}, {"", CD_PRIM_INT}
    };
    int i = 0;

    while (strncmp(tok->at, prefixes[i].text, strlen(prefixes[i].text)) != 0)
        i++;
    *body = tok->at + strlen(prefixes[i].text) + 1;
    return prefixes[i].prim;
}

/* The bytes of an element of a literal without a prefix; how many.           */
static int plain_bytes(cd_parser *ps, const cd_token *tok, const element *e,
                       unsigned char bytes[4])
{
    if (e->code_point)
        return cd_encode_utf8(e->value, bytes);
    if (e->value > 0xff)
        cd_fail(ps, CD_E_CONSTRAINT, tok, "%T has an escape out of range",
                tok);
    bytes[0] = (unsigned char)e->value;
    return 1;
}

/* 'ab' has C's usual meaning: the bytes as the digits of an int.             */
static int64_t narrow_character(cd_parser *ps, const cd_token *tok,
                                const char *p)
{
    element e;
    uint32_t v = 0;
    int n = 0;

    while (next_element(ps, tok, &p, false, &e)) {
        unsigned char bytes[4];
        int len = plain_bytes(ps, tok, &e, bytes);
        for (int i = 0; i < len; i++, n++)
            v = v << 8 | bytes[i];
    }
    if (!n)
        cd_fail(ps, CD_E_SYNTAX, tok, "an empty character constant");
    if (n > 4)
        cd_fail(ps, CD_E_CONSTRAINT, tok, "%T has more than four bytes", tok);
    if (n == 1)
        cd_depends(ps, CD_PRIM_CHAR, v);
    if (n == 1)
        return ps->t->target->char_signed ? (int8_t)v : (int64_t)v;
    return (int32_t)v;
}

static int64_t wide_character(cd_parser *ps, const cd_token *tok, const char *p,
                              int prim)
{
    uint32_t size = cd_prim_size(ps->t->target, prim);
    element e, more;

    if (!next_element(ps, tok, &p, true, &e))
        cd_fail(ps, CD_E_SYNTAX, tok, "an empty character constant");
    if (next_element(ps, tok, &p, true, &more))
        cd_fail(ps, CD_E_CONSTRAINT, tok, "%T has more than one character",
                tok);
    if ((size < 4 && e.value >> 8 * size) ||
        (prim == CD_PRIM_UCHAR && e.code_point && e.value > 0x7f))
        cd_fail(ps, CD_E_CONSTRAINT, tok, "%T does not fit its type", tok);
    if (size == 4 && cd_prim_signed(ps->t->target, prim))
        return (int32_t)e.value;
    return (int64_t)e.value;
}

/* character = ( "L" | "u8" | "u" | "U" )? "'" element+ "'"                   */
cd_value cd_character(cd_parser *ps, const cd_token *tok)
{
    const char *body;
    cd_value r = {0};

    r.prim = character_type(tok, &body);
    r.type = (cd_id)r.prim;
    r.is_unsigned = !cd_prim_signed(ps->t->target, r.prim);
    r.v.i = r.prim == CD_PRIM_INT ? narrow_character(ps, tok, body)
                                  : wide_character(ps, tok, body, r.prim);
    return r;
}

/* ---- strings ------------------------------------------------------------- */

/* Appends the bytes up to the next backslash, or to the end, in one go: most
 * strings are the names of files in line markers.  Where it is.              */
static const char *append_plain(cd_parser *ps, const char *p, const char *end)
{
    size_t left = (size_t)(end - p);
    const char *stop = left ? memchr(p, '\\', left) : NULL;

    if (!stop)
        stop = end;
    if (stop > p)
        memcpy(cd_push(ps, &ps->scratch, (size_t)(stop - p)), p,
               (size_t)(stop - p));
    return stop;
}

/* Appends the bytes of the string token to ps->scratch.                      */
static void append_string(cd_parser *ps, const cd_token *tok)
{
    const char *p = tok->at, *last = tok->at + tok->len - 1;
    element e;

    if (*p == 'u' && p[1] == '8')
        p += 2;
    if (*p != '"')
        cd_fail(ps, CD_E_SYNTAX, tok, "wide strings are not supported here");
    p = append_plain(ps, p + 1, last);
    while (next_element(ps, tok, &p, false, &e)) {
        unsigned char bytes[4];
        int len = plain_bytes(ps, tok, &e, bytes);
        memcpy(cd_push(ps, &ps->scratch, (size_t)len), bytes, (size_t)len);
        p = append_plain(ps, p, last);
    }
}

cd_str cd_scratch_str(cd_parser *ps, size_t base)
{
    size_t len = ps->scratch.len - base;
    cd_str s = len ? cd_intern(ps, (char *)cd_scratch_at(ps, base), len)
                   : cd_intern(ps, "", 0);

    ps->scratch.len = base;
    return s;
}

/* The units of UTF-16, or of UTF-32, that a string token is.                 */
static uint64_t units(cd_parser *ps, const cd_token *tok, bool utf16)
{
    const char *p = tok->at;
    uint64_t n = 0;
    element e;

    while (*p != '"')
        p++;
    for (p++; next_element(ps, tok, &p, true, &e); n++)
        n += utf16 && e.code_point && e.value > 0xffff;
    return n;
}

/* The same of UTF-8, which tokens before a wide one have become.             */
static uint64_t units_of(const unsigned char *s, size_t len, bool utf16)
{
    uint64_t n = 0;

    for (; len; s++, len--)
        n += ((*s & 0xc0) != 0x80) + (utf16 && *s >= 0xf0);
    return n;
}

static bool is_wide(const cd_token *tok)
{
    return *tok->at != '"' && !(*tok->at == 'u' && tok->at[1] == '8');
}

/* strings = STRING+ : the text, or of a wide one the number of its units and
 * their type.                                                                */
cd_value cd_strings(cd_parser *ps)
{
    size_t base = ps->scratch.len;
    cd_value r = {0};

    for (; ps->tok.kind == CD_T_STRING; cd_next(ps)) {
        if (is_wide(&ps->tok) && !r.prim) {
            const char *body;
            r.prim = character_type(&ps->tok, &body);
            r.v.u = units_of(cd_scratch_at(ps, base), ps->scratch.len - base,
                             cd_prim_size(ps->t->target, r.prim) == 2);
        }
        if (r.prim)
            r.v.u += units(ps, &ps->tok,
                           cd_prim_size(ps->t->target, r.prim) == 2);
        else
            append_string(ps, &ps->tok);
    }
    if (r.prim)
        ps->scratch.len = base;
    else
        r.text = cd_scratch_str(ps, base);
    return r;
}

/* The text of strings that must not be wide.                                 */
cd_str cd_string(cd_parser *ps)
{
    size_t base = ps->scratch.len;

    for (; ps->tok.kind == CD_T_STRING; cd_next(ps))
        append_string(ps, &ps->tok);
    return cd_scratch_str(ps, base);
}
