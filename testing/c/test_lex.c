/* test_lex.c - tokens, lines and literals, below the grammar.                */
#include "check.h"
#include <math.h>

/* ---- a parse whose body is a test ---------------------------------------- */

typedef struct job {
    void (*body)(cd_parser *ps, const void *arg);
    const void *arg;
} job;

static void start(cd_parser *ps, void *arg)
{
    const job *j = arg;

    cd_lex_start(ps);
    j->body(ps, j->arg);
}

/* Lexes the text; the error's message, or "" when the body came to its end.  */
static const char *lex(const char *text, size_t len,
                       void (*body)(cd_parser *, const void *), const void *arg)
{
    static cd_error err;
    cd_table *t = cd_table_new(NULL, cd_target_named("x86_64-linux-gnu"));
    job j = {body, arg};
    cd_parser ps;

    cd_parser_begin(&ps, t, text, len, NULL, &err);
    if (cd_run(&ps, start, &j))
        err.text[0] = '\0';
    cd_table_free(t);
    return err.text;
}

/* ---- kinds --------------------------------------------------------------- */

typedef struct spelling {
    const char *text;
    int kind;
} spelling;

static const spelling tokens[] = {
#define PUNCT(NAME, text) {text, CD_T_##NAME},
#define WORD(NAME, text) {text, CD_T_##NAME},
#define ALIAS(NAME, text) {text, CD_T_##NAME},
#include "tokens.def"
    {"<:", CD_T_LBRACK}, {":>", CD_T_RBRACK}, {"<%", CD_T_LBRACE},
    {"%>", CD_T_RBRACE}, {"%:", CD_T_HASH}, {"+=", CD_T_OPASSIGN},
    {"-=", CD_T_OPASSIGN}, {"*=", CD_T_OPASSIGN}, {"/=", CD_T_OPASSIGN},
    {"%=", CD_T_OPASSIGN}, {"&=", CD_T_OPASSIGN}, {"|=", CD_T_OPASSIGN},
    {"^=", CD_T_OPASSIGN}, {"<<=", CD_T_OPASSIGN}, {">>=", CD_T_OPASSIGN},
    {"--", CD_T_INCDEC}, {"x", CD_T_NAME}, {"_1$", CD_T_NAME},
    {"\xc3\xa9", CD_T_NAME}, {"L", CD_T_NAME}, {"u8", CD_T_NAME},
    {"0", CD_T_NUMBER}, {"1.5e+3", CD_T_NUMBER}, {".5", CD_T_NUMBER},
    {"1'0", CD_T_NUMBER}, {"0x1p-2", CD_T_NUMBER}, {"1..2", CD_T_NUMBER},
    {"'a'", CD_T_CHARACTER}, {"'\\''", CD_T_CHARACTER},
    {"L'a'", CD_T_CHARACTER}, {"u8'a'", CD_T_CHARACTER},
    {"\"\"", CD_T_STRING}, {"\"\\\\\"", CD_T_STRING}, {"U\"a\"", CD_T_STRING},
    {"u8\"a\"", CD_T_STRING}, {"\"/*\"", CD_T_STRING}
};
enum { N_TOKENS = sizeof tokens / sizeof tokens[0] };

static bool is(const cd_token *tok, const spelling *s)
{
    return tok->kind == s->kind && tok->len == strlen(s->text) &&
           !memcmp(tok->at, s->text, tok->len);
}

/* Both tokens of a pair, the second looked at before it is reached.          */
static void both(cd_parser *ps, const void *arg)
{
    const spelling *const *pair = arg;

    CHECK(is(&ps->tok, pair[0]));
    CHECK(is(cd_peek(ps), pair[1]));
    CHECK(is(cd_peek(ps), pair[1]));
    CHECK(is(&ps->tok, pair[0]));
    cd_next(ps);
    CHECK(is(&ps->tok, pair[1]));
    cd_next(ps);
    CHECK(ps->tok.kind == CD_T_EOF);
    cd_next(ps);
    CHECK(ps->tok.kind == CD_T_EOF);
}

/* What is no token here: a # begins a directive, and tokens.def has one name
 * for all of += and its like.                                                */
static bool is_special(const spelling *s)
{
    return s->kind == CD_T_HASH || !strcmp(s->text, "operator=");
}

static void test_every_pair_of_tokens(void)
{
    static const char *const between[] = {" ", " /**/", "\t\v\f", " //\n",
                                          " \\\n ", "\r\n"};
    char text[200];

    for (size_t i = 0; i < N_TOKENS; i++)
        for (size_t k = 0; k < N_TOKENS; k++) {
            const spelling *pair[] = {&tokens[i], &tokens[k]};
            if (is_special(pair[0]) || is_special(pair[1]))
                continue;
            int n = snprintf(text, sizeof text, "%s%s%s", tokens[i].text,
                             between[(i + k) % 6], tokens[k].text);
            const char *error = lex(text, (size_t)n, both, pair);
            CHECK(!*error);
        }
}

/* ---- places -------------------------------------------------------------- */

static void expect_line(cd_parser *ps, const char *name, uint32_t line)
{
    uint32_t where = cd_here(ps, &ps->tok);

    CHECK(ps->tok.len == strlen(name) &&
          !memcmp(ps->tok.at, name, ps->tok.len));
    CHECK(ps->tok.line == line);
    CHECK(cd_where_at(ps->t, where)->line == line);
    cd_next(ps);
}

static void lines(cd_parser *ps, const void *arg)
{
    (void)arg;
    expect_line(ps, "a", 1);
    expect_line(ps, "b", 2);
    expect_line(ps, "c", 5);
    expect_line(ps, "d", 7);
    expect_line(ps, "e", 9);
    expect_line(ps, "f", 70);
    CHECK(!strcmp(cd_text(ps->t, ps->file, NULL), "x \".h"));
    expect_line(ps, "g", 73);
    expect_line(ps, "h", 5);
    CHECK(!strcmp(cd_text(ps->t, ps->file, NULL), "y.h"));
    CHECK(ps->tok.kind == CD_T_EOF);
}

static void test_lines(void)
{
    static const char text[] =
        "a\nb /* \n * \n */\nc \\\n\r\nd // \\\n e\ne\n"
        "# 70 \"x \\\".h\" 1 3 4\nf\n#define M 1 /* \n */ \ng\n"
        "#line 5 \"y.h\"\nh";

    CHECK(!*lex(text, sizeof text - 1, lines, NULL));
}

/* ---- what is skipped ----------------------------------------------------- */

static void skip(cd_parser *ps, const void *arg)
{
    bool peeked = *(const bool *)arg;

    if (peeked)
        cd_peek(ps);
    cd_skip_balanced(ps);
    CHECK(ps->scratch.len == 0);
    expect_line(ps, "after", 7);
}

static void test_skipping(void)
{
    static const char text[] =
        "( a [ { \"(\" } ] ')' // )\n /* ) */ L\"\\\")\" 1'000 @ ` \\ \n"
        "<% <: :> %>\n# 5 \"other.h\"\n { (x) }\n ( ) ) \nafter";
    static const bool peeked[] = {false, true};
    const char *error;

    for (int i = 0; i < 2; i++)
        CHECK(!*lex(text, sizeof text - 1, skip, &peeked[i]));
    error = lex("( [ )", 5, skip, &peeked[0]);
    CHECK(!strncmp(error, "<cdef>:1:5: expected ']'", 24));
    error = lex("( ", 2, skip, &peeked[1]);
    CHECK(strstr(error, "this '(' is never closed") != NULL);
}

/* ---- literals ------------------------------------------------------------ */

typedef struct number {
    const char *text;
    int prim;
    uint64_t value;
} number;

static const number numbers[] = {
    {"0", CD_PRIM_INT, 0}, {"00", CD_PRIM_INT, 0}, {"0u", CD_PRIM_UINT, 0},
    {"2147483647", CD_PRIM_INT, 2147483647},
    {"2147483648", CD_PRIM_LONG, 2147483648},
    {"0x7fffffff", CD_PRIM_INT, 2147483647},
    {"0x80000000", CD_PRIM_UINT, 2147483648},
    {"0xffffffff", CD_PRIM_UINT, 4294967295},
    {"0x100000000", CD_PRIM_LONG, 4294967296},
    {"0x8000000000000000", CD_PRIM_ULONG, 1ull << 63},
    {"18446744073709551615", CD_PRIM_ULLONG, UINT64_MAX},
    {"01777777777777777777777", CD_PRIM_ULONG, UINT64_MAX},
    {"1l", CD_PRIM_LONG, 1}, {"1L", CD_PRIM_LONG, 1},
    {"1ll", CD_PRIM_LLONG, 1}, {"1LLu", CD_PRIM_ULLONG, 1},
    {"1uL", CD_PRIM_ULONG, 1}, {"4294967296u", CD_PRIM_ULONG, 4294967296},
    {"5z", CD_PRIM_SSIZE, 5}, {"5uz", CD_PRIM_SIZE, 5},
    {"127i8", CD_PRIM_INT8, 127}, {"255ui8", CD_PRIM_UINT8, 255},
    {"5i16", CD_PRIM_INT16, 5}, {"5I64", CD_PRIM_INT64, 5},
    {"0b1010'1010", CD_PRIM_INT, 170}, {"0'17", CD_PRIM_INT, 15},
    {"0xAb'cD", CD_PRIM_INT, 0xabcd}, {"1'000'000", CD_PRIM_INT, 1000000}
};

static void read_number(cd_parser *ps, const void *arg)
{
    const number *want = arg;
    cd_value v = cd_number(ps, &ps->tok);

    CHECK(v.v.u == want->value);
    CHECK(v.prim == want->prim && v.type == (cd_id)want->prim);
    CHECK(v.is_unsigned == !cd_prim_signed(ps->t->target, v.prim));
}

static void read_float(cd_parser *ps, const void *arg)
{
    cd_value v = cd_number(ps, &ps->tok);

    CHECK(v.v.d == *(const double *)arg);
    CHECK(ps->scratch.len == 0);
}

static const struct { const char *text; double value; } floats[] = {
    {"1.5", 1.5}, {"1.", 1}, {".25", .25}, {"1e3", 1e3}, {"1E-3f", (float)1e-3},
    {"0x1.8p1", 3}, {"0X.8P+4L", 8}, {"1'0.0'5", 10.05}, {"0.1f", (float).1},
    {"1e400", INFINITY}, {"08.5", 8.5}, {"1.5f32", 1.5}, {"2.0F64", 2}
};

static void read_string(cd_parser *ps, const void *arg)
{
    uint32_t len;
    const char *s = cd_text(ps->t, cd_string(ps), &len);

    CHECK(len == strlen(arg) + 1 && !memcmp(s, "\0", 1));
    CHECK(!memcmp(s + 1, arg, len - 1));
    CHECK(ps->tok.kind == CD_T_EOF && ps->scratch.len == 0);
}

static void test_literals(void)
{
    static const char text[] =
        "\"\\0\" \"\\x41\\102C\" u8\"\\u20ac\\U0001F600\" "
        "\"\"\"\\\n\\n\\e\\?\"";

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        CHECK(!*lex(numbers[i].text, strlen(numbers[i].text), read_number,
                    &numbers[i]));
    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++)
        CHECK(!*lex(floats[i].text, strlen(floats[i].text), read_float,
                    &floats[i].value));
    CHECK(!*lex(text, sizeof text - 1, read_string,
                "ABC\xe2\x82\xac\xf0\x9f\x98\x80\n\033?"));
}

int main(void)
{
    test_every_pair_of_tokens();
    test_lines();
    test_skipping();
    test_literals();
    return failures != 0;
}
