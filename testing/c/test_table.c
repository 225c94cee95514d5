/* test_table.c - storage, the transaction, running out of memory, identity,
 * included tables.  With file names as arguments: every golden is made to fail
 * behind each of its tokens, and must leave no trace.                        */
#include "check.h"
#include <ctype.h>

/* ---- segments ------------------------------------------------------------ */

static void add_many(cd_parser *ps, void *arg)
{
    cd_seg *s = arg;
    uint32_t sum = 1;

    for (uint32_t n = 1; n < 300; n += 7, sum += n - 7) {
        uint32_t first = cd_seg_add(ps, s, n);
        CHECK(first == sum);
        for (uint32_t i = first; i < first + n; i++) {
            uint32_t *p = cd_seg_at(s, i);
            CHECK(*p == 0);
            *p = i * 3;
        }
    }
}

static void test_segments(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cd_seg s = {0};
    cd_parser ps;
    cd_error err;

    cd_seg_init(&s, sizeof(uint32_t));
    cd_parser_begin(&ps, t, "", 0, NULL, &err);
    CHECK(cd_run(&ps, add_many, &s));
    for (uint32_t i = 1; i < s.count; i++)
        CHECK(*(uint32_t *)cd_seg_at(&s, i) == i * 3);
    cd_seg_free(t, &s);
    cd_table_free(t);
}

/* Addresses that a reader holds stay good while the table grows. */
static void test_records_do_not_move(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    char line[100];

    must_cdef(t, "struct first { int a, b; };");
    const cd_ctype *c = cd_type(t, cd_find_tag(t, CD_STRUCT, "first", 5));
    const cd_member *m = cd_member_at(t, c->a + 1);
    cd_ctype before = *c;
    for (int i = 0; i < 5000; i++) {
        snprintf(line, sizeof line, "struct s%d { int *a; }; int f%d(char);",
                 i, i);
        must_cdef(t, line);
    }
    CHECK(c == cd_type(t, cd_find_tag(t, CD_STRUCT, "first", 5)));
    CHECK(m == cd_member_at(t, c->a + 1) && m->offset == sizeof(int));
    CHECK(memcmp(&before, c, sizeof before) == 0);
    cd_table_free(t);
}

/* ---- the transaction ----------------------------------------------------- */

static const char base_text[] =
    "struct s; union u; enum e; struct done { int x; };\n"
    "typedef struct op op_t; typedef int T; typedef int F(struct s *);\n"
    "int f(); extern int a[]; enum { ONE = 1 };\n"
    "#define TWO 2\n"
    "#pragma pack(push, 1)\n";

/* Each fails in the end, after it changed what was there and what was not. */
static const char *const failing_texts[] = {
    "struct s { int x; struct { int y; }; }; int;;; @",
    "union u { int x; char c[40000]; }; enum e { A, B }; struct s { int A[B]; }"
    "; typedef struct s s_t; s_t *g(s_t); int h(",
    "int f(int); extern int a[3]; typedef int T; int (x;",
    "struct s { int x; int x; };",
    "struct s { struct s *next; union u *u; struct new *n; }; struct new { int"
    " k; }; int v[sizeof(struct new)]; int v[5];",
    "typedef char T;",
    "#define TWO 3\nenum { ONE = 2 };",
    "struct done { char x; };",
    "struct op { T t; }; op_t o; int (*p)(op_t, F *); int f(long) 3;",
    "#pragma pack(push, 2)\nstruct packed_ { char c; int i; }; #",
    "int array[1 / 0];",
    "typedef int I; typedef I *P; P (*q[3])(P, I[4]);"
    "typedef struct { P p; } N;"
    " typedef N *NP; \"",
};

static void test_failed_cdef_changes_nothing(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cd_error err;

    must_cdef(t, base_text);
    text before = snapshot(t);
    for (size_t i = 0; i < sizeof failing_texts / sizeof *failing_texts; i++) {
        CHECK(cdef(t, failing_texts[i], &err) == -1);
        CHECK(err.kind != CD_OK && err.kind != CD_E_MEMORY);
        if (!unchanged(t, &before)) {
            failures++;
            fprintf(stderr, "left a trace: %s\n", failing_texts[i]);
        }
    }
    CHECK(cd_typename(t, "struct unknown *(*)(struct s", 28, &err) == 0);
    CHECK(unchanged(t, &before));
    free(before.p);
    /* and the names are still free for what is right */
    must_cdef(t, "struct s { int x; }; enum e { A, B }; int f(int);");
    CHECK(cd_type(t, cd_find_tag(t, CD_STRUCT, "s", 1))->size == sizeof(int));
    cd_table_free(t);
}

/* The options and pragmas of a cdef end with it. */
static void test_pack_ends_with_the_cdef(void)
{
    cd_table *t = cd_table_new(NULL, NULL);

    must_cdef(t, base_text);
    must_cdef(t, "struct natural { char c; int i; };");
    CHECK(cd_type(t, cd_find_tag(t, CD_STRUCT, "natural", 7))->size ==
          2 * sizeof(int));
    cd_table_free(t);
}

/* ---- every token of every golden ----------------------------------------- */

static bool is_word(int c)
{
    return isalnum(c) || c == '_';
}

/* The case cut behind each token, and then something no grammar has. */
static void fail_behind_each_token(cd_table *t, const char *s, size_t len,
                                   const text *before, const char *file)
{
    char *cut = malloc(len + 5);
    cd_error err;

    for (size_t i = 1; cut != NULL && i <= len; i++) {
        if (i < len && is_word((unsigned char)s[i - 1]) &&
            is_word((unsigned char)s[i]))
            continue;
        memcpy(cut, s, i);
        memcpy(cut + i, "\n\n@", 4); /* the first may be continued */
        int rc = cd_cdef(t, cut, i + 3, NULL, &err);
        if (rc != -1 || !unchanged(t, before)) {
            failures++;
            fprintf(stderr, "%s: %s:\n%s\n", file,
                    rc == -1 ? "left a trace" : "accepted", cut);
            break;
        }
    }
    free(cut);
}

static void test_golden(const char *file)
{
    static char all[1 << 20];
    FILE *f = fopen(file, "rb");
    size_t n = f ? fread(all, 1, sizeof all - 1, f) : 0;
    cd_table *t = cd_table_new(NULL, NULL);

    CHECK(f != NULL && n > 0 && n < sizeof all - 1);
    if (f != NULL)
        fclose(f);
    all[n] = '\0';
    must_cdef(t, base_text);
    text before = snapshot(t);
    for (char *s = all, *end; s != NULL; s = end) {
        end = strstr(s, "\n// ----");
        fail_behind_each_token(t, s, end ? (size_t)(end - s) : strlen(s),
                               &before, file);
        end = end ? strchr(end + 1, '\n') : NULL;
    }
    free(before.p);
    cd_table_free(t);
}

/* ---- out of memory ------------------------------------------------------- */

static const char big_text[] =
    "struct s { int x : 3; struct { int y; }; struct s *next; };\n"
    "union u { int x; char c[40]; }; enum e { A, B = A + 7 };\n"
    "typedef struct s s_t; s_t *g(s_t, int (*)(union u *, const char *));\n"
    "int f(int); extern int a[3]; typedef enum e e_t;\n"
    "#define THREE (ONE + TWO)\n#define TEXT \"a\" \"b\"\n"
    "__attribute__((unknown(1, 2))) typedef unsigned long long mine_t;\n"
    "static const int K = 4; struct flex { int n; e_t tail[]; };\n"
    "long double _Complex z; int old_style(); int printf(const char *, ...);\n";

/* One round; true: nothing failed any more. */
static bool oom_round(failing *f)
{
    cd_error err;
    cd_table *t, *other;
    bool done = false;

    t = failing_table(f);
    if (t == NULL)
        return false;
    if (cdef(t, base_text, &err) == 0) {
        text before = snapshot(t);
        if (cdef(t, big_text, &err) == 0) {
            done = true;
        } else {
            CHECK(err.kind == CD_E_MEMORY);
            CHECK(strcmp(err.text, "out of memory") == 0);
            CHECK(unchanged(t, &before));
        }
        free(before.p);
    }
    other = done ? failing_table(f) : NULL;
    if (other != NULL) {
        text before = snapshot(other);
        done = cd_include(other, t, &err) == 0;
        if (!done)
            CHECK(unchanged(other, &before));
        free(before.p);
        before = snapshot(other);
        if (done && cd_typename(other, "s_t *(*)(e_t, struct flex *)", 28,
                                &err) == 0) {
            CHECK(err.kind == CD_E_MEMORY && unchanged(other, &before));
            done = false;
        }
        free(before.p);
        before = snapshot(other);
        if (done && cd_find_decl(other, "THREE", 5) == 0) {
            CHECK(unchanged(other, &before));
            done = false;
        }
        free(before.p);
    } else {
        done = false;
    }
    cd_table_free(other);
    cd_table_free(t);
    return done;
}

static void test_every_allocation_fails(void)
{
    bool done = false;
    long n = 0;

    while (!done && n < 10000) {
        failing f = {.fail_at = ++n};
        done = oom_round(&f);
        CHECK(f.live == 0);
    }
    CHECK(done && n > 20);
}

/* Does bytes say what the table holds? */
static void test_bytes(void)
{
    failing f = {0};
    cd_table *t = failing_table(&f);

    CHECK(cd_table_bytes(t) == f.live);
    must_cdef(t, base_text);
    must_cdef(t, big_text);
    CHECK(cd_table_bytes(t) == f.live);
    cd_table_free(t);
    CHECK(f.live == 0);
}

/* ---- identity ------------------------------------------------------------ */

static const char *const same_types[][2] = {
    {"int *", "T *"}, {"int", "const volatile T"},
    {"int[3]", "const A3"}, {"int (*)[3]", "A3 *"},
    {"int (*)(int *, int (*)(void))", "FP"},
    {"int (*)(const int, char *const)", "int (*)(int, char *)"},
    {"int (*)(int [5])", "int (*)(int *)"},
    {"int (*)()", "int (*)(void)"}, {"struct s *", "sp"},
    {"unsigned", "unsigned int"}, {"char *const *", "const char **"},
    {"long unsigned int long", "unsigned long long"},
    {"_Bool", "bool"},
};
static const char *const different_types[][2] = {
    {"int *", "unsigned *"}, {"int[3]", "int[4]"}, {"int[]", "int *"},
    {"long", "int64_t"}, {"long", "long long"}, {"char", "signed char"},
    {"int (*)(int)", "int (*)(int, ...)"}, {"int (*)(int)", "int (*)(long)"},
    {"struct s", "struct r"}, {"enum e", "unsigned int"},
    {"int (*)(int, int)", "int (*)(int)"}, {"size_t", "unsigned long"},
    {"struct s", "union s2"}, {"void *", "char *"},
};

static void test_identity(void)
{
    cd_table *t = cd_table_new(NULL, NULL);

    must_cdef(t, "typedef int T; typedef T A3[3]; struct s; struct r;"
                 "typedef T (*FP)(A3, T (void)); typedef struct s *sp;"
                 "enum e { X };");
    for (size_t i = 0; i < sizeof same_types / sizeof *same_types; i++) {
        cd_id a = canon_of(t, same_types[i][0]);
        if (a != canon_of(t, same_types[i][1])) {
            failures++;
            fprintf(stderr, "not the same: %s, %s\n", same_types[i][0],
                    same_types[i][1]);
        }
        CHECK(a == cd_type(t, a)->canon);
    }
    for (size_t i = 0; i < sizeof different_types / sizeof *different_types;
         i++)
        CHECK(canon_of(t, different_types[i][0]) !=
              canon_of(t, different_types[i][1]));
    uint32_t n = cd_n_types(t);
    type_of(t, "int (*)(int *, int (*)(void))");
    CHECK(cd_n_types(t) == n); /* nothing is made twice */
    cd_table_free(t);
}

/* The text of a type, read again, is the type. */
static void test_spelling_round_trip(void)
{
    static const char *const spelled[] = {
        "int", "const char *", "char *const *", "int [3]", "int (*)[3]",
        "int *[3]", "int (*(*)(int, char *))(void)", "struct s *",
        "int (*[2][3])(struct s, ...)", "void (*)(int (*)(void), T)",
        "volatile int *const restrict", "long double _Complex",
    };
    cd_table *t = cd_table_new(NULL, NULL);
    char buf[200];

    must_cdef(t, "typedef int T; struct s { int x; };");
    for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
        cd_id id = type_of(t, spelled[i]);
        size_t n = cd_spell(t, id, "", buf, sizeof buf);
        CHECK(n == strlen(buf));
        CHECK(type_of(t, buf) == id);
        cd_spell(t, id, "", buf, 4);
        CHECK(strlen(buf) == 3);
    }
    cd_table_free(t);
}

/* ---- included tables ----------------------------------------------------- */

static void test_include(void)
{
    cd_table *a = cd_table_new(NULL, NULL), *b = cd_table_new(NULL, NULL);
    cd_table *c = cd_table_new(NULL, NULL);
    cd_error err;

    must_cdef(a, "struct s { int x; double y; }; typedef struct s *sp;"
                 "typedef struct { char c; } anon; enum e { A = 3, B };"
                 "int f(sp); typedef int (*cb)(anon *, sp);\n"
                 "#define N (B + 1)\n");
    CHECK(cd_include(b, a, &err) == 0);
    CHECK(cd_include(b, a, &err) == 0); /* again changes nothing */
    must_cdef(b, "int g(sp, anon *); extern enum e v[N]; typedef cb own_cb;");
    CHECK(cd_find_decl(b, "f", 1) == 0); /* a's library is a's */
    const cd_decl *v = cd_decl_at(b, cd_find_decl(b, "v", 1));
    CHECK(cd_type(b, v->type)->n == 5);
    CHECK(canon_of(b, "sp") == canon_of(b, "struct s *"));
    CHECK(canon_of(b, "own_cb") == canon_of(b, "int (*)(anon *, struct s *)"));

    cd_id s = cd_find_tag(b, CD_STRUCT, "s", 1);
    const cd_ctype *import = cd_type(b, s);
    uint64_t size;
    uint32_t align;
    CHECK(import->kind == CD_IMPORT && import->sub == CD_STRUCT);
    CHECK(cd_included(b, import->a) == a);
    CHECK(import->b == cd_find_tag(a, CD_STRUCT, "s", 1));
    CHECK(cd_layout_of(b, s, &size, &align) &&
          size == sizeof(struct { int x; double y; }));

    /* through b, c reaches what a declares: the same table's record */
    CHECK(cd_include(c, b, &err) == 0);
    s = cd_find_tag(c, CD_STRUCT, "s", 1);
    CHECK(s != 0 && cd_included(c, cd_type(c, s)->a) == a);
    CHECK(canon_of(c, "own_cb") == canon_of(c, "int (*)(anon *, sp)"));
    CHECK(canon_of(c, "FILE *") == canon_of(c, "struct _IO_FILE *"));
    must_cdef(c, "struct holder { struct s inner; anon a; }; int k[A];");
    CHECK(cd_type(c, cd_find_tag(c, CD_STRUCT, "holder", 6))->size ==
          sizeof(struct { struct { int x; double y; } inner; char c; }));
    cd_table_free(c);
    cd_table_free(b);
    cd_table_free(a);
}

/* A record without tag or typedef is called by its number in its table. */
static void test_spelling_of_imports(void)
{
    cd_table *a = cd_table_new(NULL, NULL), *b = cd_table_new(NULL, NULL);
    cd_error err;
    char buf[60];

    must_cdef(a, "typedef struct { int x; } *first; typedef union { char c; }"
                 " *second; typedef struct { int y; } named;"
                 "typedef int... late;");
    CHECK(cd_include(b, a, &err) == 0);
    cd_spell(b, canon_of(b, "second"), "p", buf, sizeof buf);
    CHECK(strcmp(buf, "union $2 *p") == 0);
    cd_spell(b, canon_of(b, "named *"), "", buf, sizeof buf);
    CHECK(strcmp(buf, "named *") == 0);
    cd_spell(b, canon_of(b, "late (*)(named)"), "", buf, sizeof buf);
    CHECK(strcmp(buf, "late (*)(named)") == 0);
    cd_table_free(b);
    cd_table_free(a);
}

static void test_include_cycles(void)
{
    cd_table *a = cd_table_new(NULL, NULL), *b = cd_table_new(NULL, NULL);
    cd_table *c = cd_table_new(NULL, NULL);
    cd_error err;

    CHECK(cd_include(a, a, &err) == -1 && err.kind == CD_E_CONSTRAINT);
    CHECK(cd_include(b, a, &err) == 0);
    CHECK(cd_include(c, b, &err) == 0);
    text before = snapshot(a);
    CHECK(cd_include(a, b, &err) == -1);
    CHECK(cd_include(a, c, &err) == -1);
    CHECK(unchanged(a, &before));
    free(before.p);
    cd_table_free(c);
    cd_table_free(b);
    cd_table_free(a);
}

static void test_too_many_includes(void)
{
    enum { N = CD_MAX_INCLUDES + 2 };
    static cd_table *tables[N];
    cd_error err;
    int refused = 0;

    for (int i = 0; i < N; i++) {
        tables[i] = cd_table_new(NULL, NULL);
        if (i > 0)
            refused += cd_include(tables[i], tables[i - 1], &err) != 0;
    }
    CHECK(refused == 1 && err.kind == CD_E_LIMIT);
    for (int i = 0; i < N; i++)
        cd_table_free(tables[i]);
}

/* A name that nothing declares leaves nothing behind. */
static void test_missing_names(void)
{
    cd_table *a = cd_table_new(NULL, NULL), *b = cd_table_new(NULL, NULL);
    cd_error err;

    must_cdef(a, "struct s { int x; };");
    CHECK(cd_include(b, a, &err) == 0);
    text before = snapshot(b);
    CHECK(cd_find_decl(b, "absent", 6) == 0);
    CHECK(cd_find_tag(b, CD_STRUCT, "absent", 6) == 0);
    CHECK(cd_find_tag(b, CD_UNION, "absent", 6) == 0);
    CHECK(unchanged(b, &before));
    CHECK(cd_find_tag(b, CD_UNION, "s", 1) == 0);
    CHECK(cd_find_tag(b, CD_STRUCT, "s", 1) != 0);
    free(before.p);
    cd_table_free(b);
    cd_table_free(a);
}

/* ---- messages ------------------------------------------------------------ */

static void test_messages(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cd_options opt = {.file = "dir/f.h"};
    cd_error err;

    CHECK(cd_cdef(t, "int a;\n\tint (x;\n", 16, &opt, &err) == -1);
    CHECK(err.kind == CD_E_SYNTAX && err.line == 2 && err.col == 8);
    CHECK(strcmp(err.text, "dir/f.h:2:8: expected ')', found ';'\n"
                           " int (x;\n       ^") == 0);
    char longest[3000];
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "int ", 4);
    memcpy(longest + 2000, " $ (; ", 6);
    CHECK(cd_cdef(t, longest, sizeof longest, NULL, &err) == -1);
    CHECK(strlen(err.text) < 400 && strstr(err.text, "...x") != NULL);
    CHECK(cd_cdef(t, "int \xc3\xa9t\xc3\xa9(;", 11, NULL, &err) == -1);
    CHECK(strstr(err.text, "\n        ^") != NULL);
    CHECK(cd_cdef(t, "int a\xff;", 7, NULL, &err) == -1);
    CHECK(strstr(err.text, "?;") != NULL && strchr(err.text, '\xff') == NULL);
    cd_table_free(t);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        for (int i = 1; i < argc; i++)
            test_golden(argv[i]);
        return failures != 0;
    }
    test_segments();
    test_records_do_not_move();
    test_failed_cdef_changes_nothing();
    test_pack_ends_with_the_cdef();
    test_every_allocation_fails();
    test_bytes();
    test_identity();
    test_spelling_round_trip();
    test_include();
    test_spelling_of_imports();
    test_include_cycles();
    test_too_many_includes();
    test_missing_names();
    test_messages();
    return failures != 0;
}
