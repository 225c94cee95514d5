/* test_stub.c - stubs: checked, made into a table, compared with what the same
 * declarations become as text; damaged; without memory.                      */
#include "stub_types.h"
#include "copy.h"
#include "stubs.h"
#include "table_text.h"

static void must_be_whole(const struct cd_stub *s)
{
    char why[500];

    if (cc_stub_check(s, why, sizeof why) != NULL) {
        failures++;
        fprintf(stderr, "%s: %s\n", s->module, why);
    }
}

/* ---- the same as text ---------------------------------------------------- */

static void test_same_as_text(void)
{
    cd_table *parsed = cd_table_new(NULL, NULL);
    cd_table *made = cd_table_new(NULL, NULL);
    cc_source *src;

    must_cdef(parsed, everything_cdef);
    must_be_whole(&cd_stub_everything);
    src = cc_source_new(&cd_stub_everything, made, true);
    text expected = table_text(parsed, parsed);
    text found = table_text(parsed, made);
    if (strcmp(expected.p, found.p) != 0) {
        failures++;
        fprintf(stderr, "---- text:\n%s---- stub:\n%s", expected.p, found.p);
    }
    free(expected.p);
    free(found.p);
    cd_table_free(made);
    cc_source_free(src);
    cd_table_free(parsed);
}

/* ---- one at a time ------------------------------------------------------- */

static void test_only_what_is_asked_for(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cc_source *src = cc_source_new(&cd_stub_everything, t, true);
    uint32_t types = cd_n_types(t), decls = cd_n_decls(t);
    cd_error err;

    CHECK(cd_find_decl(t, "no_such", 7) == 0);
    CHECK(cd_find_tag(t, CD_STRUCT, "no_such", 7) == 0);
    CHECK(cd_find_decl(t, "add\0", 4) == 0);
    CHECK(cd_find_decl(t, "ad", 2) == 0);
    CHECK(cd_n_types(t) == types && cd_n_decls(t) == decls);
    CHECK(cd_find_decl(t, "add", 3) != 0);
    CHECK(cd_n_types(t) == types + 1 && cd_n_decls(t) == decls + 1);
    CHECK(cd_find_tag(t, CD_UNION, "point", 5) == 0); /* it is a struct       */
    CHECK(cc_source_find(src, "table", 5)->kind == CD_D_VARIABLE);
    CHECK(cc_source_find(src, "tabl", 4) == NULL);
    CHECK(cc_source_find(src, "tablet", 6) == NULL);
    /* all that the parser reads asks, too */
    CHECK(cd_type(t, type_of(t, "struct packed[GREEN]"))->size == 25);
    CHECK(cd_typename(t, "struct nowhere[2]", 17, &err) == 0);
    CHECK(type_of(t, "item_t *") == type_of(t, "item_t*"));
    must_cdef(t, "struct mine { struct tight t; count_t n[LIMIT]; };");
    CHECK(cd_type(t, type_of(t, "struct mine"))->size == 8 + 100 * 8);
    CHECK(cdef(t, "struct point { int x; };", &err) == -1);
    CHECK(cdef(t, "#define LIMIT 101\n", &err) == -1);
    must_cdef(t, "#define TWICE (LIMIT * 2)\n#define MACRO call(add)\n");
    CHECK(cd_decl_at(t, cd_find_decl(t, "TWICE", 5))->u.value == 200);
    must_cdef(t, "struct point { int x; short y; }; struct { int n; } own;");
    const cd_decl *own = cd_decl_at(t, cd_find_decl(t, "own", 3));
    CHECK(cd_type(t, own->type)->n == 2); /* behind the stub's one            */
    cd_table_free(t);
    cc_source_free(src);
}

static cd_id id_of(cc_source *src, cd_sid sid)
{
    cd_error err;
    cd_id id = cc_source_type(src, sid, &err);

    CHECK(id != 0);
    return id;
}

static void test_types_by_number(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cc_source *src = cc_source_new(&cd_stub_everything, t, true);
    const struct cd_stub *s = cc_source_stub(src);

    CHECK(s == &cd_stub_everything);
    CHECK(id_of(src, CD_PRIM_INT) == CD_PRIM_INT);
    for (uint32_t i = s->n_types; i-- > 0;) {
        cd_id id = id_of(src, CD_FIRST_SID + i);
        CHECK(id == id_of(src, CD_FIRST_SID + i));
        CHECK(cd_type(t, id)->kind == s->types[i].kind);
        CHECK(!(cd_type(t, id)->flags & (CD_F_LATE | CD_F_BUSY)));
    }
    cd_table_free(t);
    cc_source_free(src);
}

/* ---- disagreement -------------------------------------------------------- */

static text said;

static void keep(void *arg, const char *name, const char *file, uint32_t line,
                 const char *reason)
{
    CHECK(arg == &said);
    say(&said, "%s|%s|%s|%s\n", name, file ? file : "-", line ? "line" : "-",
        reason);
}

/* All that is said about a stub, by a table of its own or, with a text, by one
 * that this declared.                                                        */
static const char *disagreements(const struct cd_stub *s, const char *declared)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cd_error err;

    must_be_whole(s);
    if (declared != NULL)
        must_cdef(t, declared);
    cc_source *src = cc_source_new(s, t, declared == NULL);
    said.len = 0;
    if (cc_source_all(src, keep, &said, &err) != 0)
        say(&said, "error: %s", err.text);
    put_bytes(&said, "", 1);
    cd_table_free(t);
    cc_source_free(src);
    return said.p;
}

static uint32_t type_index(const struct cd_stub *s, const char *name)
{
    for (uint32_t i = 0; i < s->n_types; i++)
        if (strcmp(s->text + s->types[i].name, name) == 0)
            return i;
    abort();
}

static void expect_said(const struct cd_stub *s, const char *line)
{
    for (int mode = 0; mode < 2; mode++) {
        const char *found =
            disagreements(s, mode == 0 ? NULL : everything_cdef);
        if (strcmp(found, line) != 0) {
            failures++;
            fprintf(stderr, "expected: %sfound:    %s", line, found);
        }
    }
}

#define FLEXIBLE(tag)                                                         \
    ". fix it or use \"...;\" as the last field in the cdef for struct " tag   \
    " to make it flexible\n"

static void test_disagreement(void)
{
    copy c = copy_of(&cd_stub_everything);
    struct cd_stub_type *point = &c.types[type_index(&c.s, "point")];
    int64_t *y = &c.facts[c.fields[point->a + 1].offset];
    int64_t *size = &c.facts[point->c];
    int64_t *limit =
        &c.facts[cc_source_find(&(cc_source){.s = &c.s}, "LIMIT", 5)->slot];

    expect_said(&c.s, "");
    y[0] = 6;
    expect_said(&c.s,
                "struct point|everything.py|line|wrong offset for field 'y' "
                "(cdef says 4, but C compiler says 6)" FLEXIBLE("point"));
    y[0] = 4;
    y[1] = 4;
    expect_said(&c.s,
                "struct point|everything.py|line|wrong size for field 'y' "
                "(cdef says 2, but C compiler says 4)" FLEXIBLE("point"));
    y[1] = 2;
    size[0] = 12;
    expect_said(&c.s,
                "struct point|everything.py|line|wrong total size "
                "(cdef says 8, but C compiler says 12)" FLEXIBLE("point"));
    size[0] = 8;
    limit[0] = -3;
    expect_said(&c.s,
                "LIMIT|everything.py|line|the C compiler says 'LIMIT' is equal "
                "to -3, but the cdef disagrees and says "
                "100 (0x64)\n");
    limit[0] = 100;
    c.fields[c.types[type_index(&c.s, "bits")].a].probe = 1;
    expect_said(&c.s,
                "struct bits|everything.py|line|wrong width for bit-field 'a' "
                "(cdef says 3, but C compiler says 7)" FLEXIBLE("bits"));
    free_copy(&c);
}

/* What is wrong with a part keeps all that holds it by value from use. */
static void test_unavailable(void)
{
    copy c = copy_of(&cd_stub_everything);
    struct cd_stub_type *point = &c.types[type_index(&c.s, "point")];
    cd_table *t = cd_table_new(NULL, NULL);
    cc_source *src = cc_source_new(&c.s, t, true);
    uint64_t size;
    uint32_t align;

    c.facts[c.fields[point->a].offset] = 4;
    const cd_decl *mirror = cd_decl_at(t, cd_find_decl(t, "mirror", 6));
    CHECK(cd_type(t, mirror->type)->flags & CD_F_UNAVAIL);
    CHECK(strstr(cd_why(t, mirror->type), "cdef says 0") != NULL);
    cd_id item = type_of(t, "item_t");
    CHECK(strstr(cd_why(t, item), "C compiler says 4") != NULL);
    CHECK(!cd_layout_of(t, item, &size, &align));
    CHECK(strstr(cd_why(t, type_of(t, "struct node")), "field 'x'") != NULL);
    CHECK(cd_why(t, type_of(t, "struct node *")) == NULL);
    CHECK(cd_layout_of(t, type_of(t, "struct bits"), &size, &align));
    cd_table_free(t);
    cc_source_free(src);
    free_copy(&c);
}

/* An enumerator of another value: the enum has the compiler's. */
static void test_wrong_enumerator(void)
{
    copy c = copy_of(&cd_stub_everything);
    cd_table *t = cd_table_new(NULL, NULL);
    cc_source *src = cc_source_new(&c.s, t, true);

    c.facts[cc_source_find(src, "GREEN", 5)->slot] = 6;
    const cd_ctype *color = cd_type(t, type_of(t, "enum color"));
    CHECK(cd_decl_at(t, color->a + 1)->u.value == 6);
    const cd_decl *green = cd_decl_at(t, cd_find_decl(t, "GREEN", 5));
    CHECK(green->kind == CD_D_UNAVAILABLE);
    CHECK(strstr(cd_text(t, green->text, NULL), "equal to 6 (0x6)") != NULL);
    cd_table_free(t);
    cc_source_free(src);
    free_copy(&c);
}

/* ---- late facts ---------------------------------------------------------- */

static uint64_t size_of(cd_table *t, const char *name)
{
    uint64_t size = UINT64_MAX;
    uint32_t align;

    cd_layout_of(t, type_of(t, name), &size, &align);
    return size;
}

static const cd_decl *decl_of(cd_table *t, const char *name)
{
    return cd_decl_at(t, cd_find_decl(t, name, strlen(name)));
}

/* Late types are complete now, wherever they are. */
static void check_late(cd_table *t)
{
    const cd_ctype *c = cd_type(t, type_of(t, "struct partial"));

    CHECK(c->size == 2 * sizeof(long) && c->flags & CD_F_PARTIAL);
    CHECK(cd_member_at(t, c->a)->offset == sizeof(long));
    CHECK(size_of(t, "struct holder") == 3 * sizeof(long));
    CHECK(size_of(t, "struct holder[3]") == 9 * sizeof(long));
    CHECK(size_of(t, "num_t") == 2 && size_of(t, "real_t") == 8);
    CHECK(size_of(t, "struct uses") == 24);
    CHECK(size_of(t, "num_t[10]") == 20);
    c = cd_type(t, cd_type(t, type_of(t, "num_t"))->canon);
    CHECK(c->kind == CD_PRIM && c->sub == CD_PRIM_UINT16);
    c = cd_type(t, type_of(t, "struct arrays"));
    CHECK(c->size == 32 && cd_member_at(t, c->a)->offset == 4);
    c = cd_type(t, cd_member_at(t, c->a)->type);
    CHECK(c->n == 7 && c->size == 28);
    c = cd_type(t, decl_of(t, "table")->type);
    CHECK(c->n == 5 && c->size == 20);
    c = cd_type(t, decl_of(t, "many")->type);
    CHECK(c->n == 4 && c->size == 12 * sizeof(long));
    c = cd_type(t, type_of(t, "enum counted"));
    CHECK(c->size == 4 && decl_of(t, "CB")->u.value == 70000);
    c = cd_type(t, type_of(t, "enum given"));
    CHECK(c->flags & CD_F_SIGNED && decl_of(t, "GB")->u.value == -3);
    CHECK(cd_decl_at(t, c->a)->kind == CD_D_INT);
    c = cd_type(t, cd_type(t, type_of(t, "anon_t"))->canon);
    CHECK(c->size == 12 && c->n != 0 && c->flags & CD_F_BITFIELDS);
    CHECK(cd_member_at(t, c->a + 1)->offset == 8);
    CHECK(decl_of(t, "LIMIT")->kind == CD_D_INT);
    CHECK(decl_of(t, "LIMIT")->flags & CD_DF_UNSIGNED);
    CHECK(decl_of(t, "STEP")->u.value == -7);
    for (cd_id id = CD_N_PRIMS; id <= cd_n_types(t); id++)
        CHECK(!(cd_type(t, id)->flags & (CD_F_LATE | CD_F_BUSY)));
}

static void test_late_in_a_module(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cc_source *src = cc_source_new(&cd_stub_late, t, true);

    must_be_whole(&cd_stub_late);
    CHECK(strcmp(disagreements(&cd_stub_late, NULL), "") == 0);
    check_late(t);
    cd_table_free(t);
    cc_source_free(src);
}

/* In place: what was made of late types meanwhile, too. */
static void test_late_in_place(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    uint64_t size;
    uint32_t align;
    cd_error err;

    must_cdef(t, late_cdef);
    cd_id made[] = {type_of(t, "num_t (*[2])(struct holder)"),
                    type_of(t, "struct uses[5][2]"),
                    type_of(t, "_Atomic num_t"),
                    type_of(t, "num_t(real_t, struct uses *)"),
                    decl_of(t, "table")->type, type_of(t, "struct whole")};
    cd_ctype whole = *cd_type(t, made[5]);
    CHECK(!cd_layout_of(t, made[1], &size, &align));
    cc_source *src = cc_source_new(&cd_stub_late, t, false);
    said.len = 0;
    CHECK(cc_source_all(src, keep, &said, &err) == 0);
    CHECK(said.len == 0);
    check_late(t);
    CHECK(cd_layout_of(t, made[1], &size, &align) && size == 240);
    CHECK(cd_type(t, made[1])->size == 240 && cd_type(t, made[2])->size == 2);
    CHECK(decl_of(t, "table")->type == made[4]);
    CHECK(memcmp(&whole, cd_type(t, made[5]), sizeof whole) == 0);
    CHECK(type_of(t, "struct whole[SIZE]") != 0);
    /* once more changes nothing */
    text before = snapshot(t);
    cc_source *again = cc_source_new(&cd_stub_late, t, false);
    CHECK(cc_source_all(again, keep, &said, &err) == 0 && said.len == 0);
    CHECK(unchanged(t, &before));
    free(before.p);
    cd_table_free(t);
    cc_source_free(src);
    cc_source_free(again);
}

/* A stub of other declarations is refused, and the table is as it was. */
static void test_another_stub(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cd_error err;

    must_cdef(t, "struct partial { int y; ...; }; struct whole { int a; };");
    text before = snapshot(t);
    cc_source *src = cc_source_new(&cd_stub_late, t, false);
    CHECK(cc_source_all(src, keep, &said, &err) == -1);
    CHECK(strstr(err.text, "other members here") != NULL);
    CHECK(unchanged(t, &before));
    free(before.p);
    cd_table_free(t);
    cc_source_free(src);
}

/* ---- included modules ---------------------------------------------------- */

static void test_include(void)
{
    cd_table *from = cd_table_new(NULL, NULL), *t = cd_table_new(NULL, NULL);
    cc_source *there = cc_source_new(&cd_stub_everything, from, true);
    cc_source *src = cc_source_new(&cd_stub_including, t, true);
    cd_error err;

    must_be_whole(&cd_stub_including);
    CHECK(cd_include(t, from, &err) == 0);
    cc_source_include(src, 1, from);
    const cd_decl *distance = decl_of(t, "distance");
    CHECK(cd_why(t, distance->type) == NULL);
    CHECK(size_of(t, "struct line") == 64);
    cd_id point = type_of(t, "struct point");
    CHECK(cd_type(t, point)->kind == CD_IMPORT);
    const cd_ctype *line = cd_type(t, type_of(t, "struct line"));
    CHECK(cd_member_at(t, line->a)->type == point);
    /* what the stub does not use is asked for there */
    CHECK(decl_of(t, "LIMIT")->u.value == 100);
    CHECK(cd_find_decl(t, "add", 3) == 0);
    CHECK(size_of(t, "struct packed") == 5);
    /* a record without a name, by its number; one that is gone */
    cd_id inner = cc_source_type(src, CD_FIRST_SID + 3, &err);
    CHECK(cd_kind_of(t, inner) == CD_UNION);
    CHECK(decl_of(t, "missing")->kind == CD_D_VARIABLE);
    cd_id gone = cc_source_type(src, CD_FIRST_SID + 4, &err);
    CHECK(strstr(cd_why(t, gone), "no longer declares it") != NULL);
    cd_table_free(t);
    cd_table_free(from);
    cc_source_free(src);
    cc_source_free(there);
}

/* The included module is not the one that the stub was compiled against. */
static void test_include_of_another_layout(void)
{
    cd_table *from = cd_table_new(NULL, NULL), *t = cd_table_new(NULL, NULL);
    cc_source *src = cc_source_new(&cd_stub_including, t, true);
    cd_error err;

    must_cdef(from, "struct point { long x, y; }; typedef struct { int n; }"
                    " item_t;");
    CHECK(cd_include(t, from, &err) == 0); /* and found by its name           */
    const cd_decl *distance = decl_of(t, "distance");
    CHECK(strstr(cd_why(t, distance->type), "built again") != NULL);
    cd_table_free(t);
    cd_table_free(from);
    cc_source_free(src);
}

/* ---- out of memory ------------------------------------------------------- */

/* Everything of a stub, with the n-th allocation failing; true: none did.  What
 * failed left no trace, and works the next time.                             */
static bool memory_round(const struct cd_stub *s, const char *declared, long n)
{
    failing f = {0};
    cd_table *t = failing_table(&f);
    cd_error err;

    if (declared != NULL)
        must_cdef(t, declared);
    cc_source *src = cc_source_new(s, t, declared == NULL);
    text before = snapshot(t);
    f.calls = 0;
    f.fail_at = n;
    bool done = cc_source_all(src, NULL, NULL, &err) == 0;
    f.fail_at = 0;
    if (!done) {
        CHECK(err.kind == CD_E_MEMORY);
        CHECK(unchanged(t, &before));
        CHECK(cc_source_all(src, NULL, NULL, &err) == 0);
        if (s == &cd_stub_late)
            check_late(t);
    }
    free(before.p);
    cd_table_free(t);
    CHECK(f.live == 0);
    cc_source_free(src);
    return done;
}

static void test_out_of_memory(void)
{
    for (long n = 1; !memory_round(&cd_stub_everything, NULL, n); n++)
        ;
    for (long n = 1; !memory_round(&cd_stub_everything, everything_cdef, n);
         n++)
        ;
    for (long n = 1; !memory_round(&cd_stub_late, NULL, n); n++)
        ;
    for (long n = 1; !memory_round(&cd_stub_late, late_cdef, n); n++)
        ;
}

/* A name that is asked for by a cdef which then fails is forgotten again. */
static void test_failed_cdef(void)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cc_source *src = cc_source_new(&cd_stub_everything, t, true);
    text before = snapshot(t);
    cd_error err;

    CHECK(cdef(t, "struct a { struct node n; int x[LIMIT]; }; int f(item_t, "
                  "enum color", &err) == -1);
    CHECK(unchanged(t, &before));
    CHECK(cdef(t, "#define A (LIMIT +)\n#define B sizeof(struct node)\n @",
               &err) == -1);
    CHECK(unchanged(t, &before));
    CHECK(size_of(t, "struct node") == 72);
    free(before.p);
    cd_table_free(t);
    cc_source_free(src);
}

/* ---- damage -------------------------------------------------------------- */

/* Every word of every array, in turn, is something else; sometimes also where
 * a text has declared it.  testing/fuzz/fuzz_stub.c tries more at once.      */
static void damage_words(const struct cd_stub *s, const char *declared,
                         const cd_probe *probes)
{
    static const uint32_t others[] = {0, 1, 1u << 31, UINT32_MAX, 256};
    copy c = copy_of(s);
    uint32_t *words, n, refused = 0;

    c.s.probe = probes;
    for (int array = 0; words_of(&c, array, &words, &n); array++)
        for (uint32_t i = 0; i < n; i++) {
            uint32_t old = words[i];
            for (uint32_t k = 0; k < 5 + 32; k++) {
                words[i] = k < 5 ? others[k] : old ^ 1u << (k - 5);
                if (array == 6 && c.facts[i / 2] > 1 << 20)
                    continue; /* a record of gigabytes only takes long        */
                refused +=
                    !survives(&c.s, (i + k) % 16 == 0 ? declared : NULL);
            }
            words[i] = old;
        }
    CHECK(refused > 100);
    CHECK(survives(&c.s, declared));
    free_copy(&c);
}

static void test_damage(void)
{
    static const cd_probe probes[] = {safe_probe, safe_probe, safe_probe,
                                      safe_probe};

    damage_words(&cd_stub_everything, everything_cdef, probes);
    damage_words(&cd_stub_late, late_cdef, probes);
    damage_words(&cd_stub_including, "", probes);
}

static void expect_refused(const struct cd_stub *s, const char *words)
{
    char why[300] = "";

    CHECK(cc_stub_check(s, why, sizeof why) == why);
    if (strstr(why, words) == NULL) {
        failures++;
        fprintf(stderr, "expected: %s\nfound:    %s\n", words, why);
    }
}

/* What was found, and what to do about it. */
static void test_refusals(void)
{
    struct cd_stub s = cd_stub_everything;

    s.major = 2;
    s.minor = 3;
    expect_refused(&s, "needs cffi_core with stub contract 2.3, and this one "
                       "has 1.2: upgrade cffi_core");
    s = cd_stub_everything;
    s.min_core = CD_MAJOR << 16 | 9;
    expect_refused(&s, "contract 1.9, and this one has 1.2: upgrade cffi_core");
    s = cd_stub_everything;
    s.major = 0;
    expect_refused(&s, "no longer reads (it has 1.2): build it again");
    s = cd_stub_everything;
    s.size = 100;
    expect_refused(&s, "damaged (its header has 100 bytes): build it again");
    s = cd_stub_everything;
    s.target = 4 | 4 << 4 | 4 << 8 | 1 << 14;
    expect_refused(&s, "compiled for another platform (32-bit pointers, 32-bit "
                       "long, 32-bit wchar_t, unsigned char, big-endian)");
    s = cd_stub_everything;
    s.n_types = UINT32_MAX;
    expect_refused(&s, "damaged (.types: 4294967295 elements): build it");
    s = cd_stub_everything;
    s.link = NULL;
    expect_refused(&s, "damaged (.link");
    s = cd_stub_everything;
    s.n_functions = 2;
    expect_refused(&s, "damaged (global 17): build it again");
    s = cd_stub_everything;
    s.size += 8; /* a later minor version has more at its end                 */
    s.minor = 7;
    must_be_whole(&s);
}

int main(void)
{
    test_refusals();
    test_same_as_text();
    test_only_what_is_asked_for();
    test_types_by_number();
    test_disagreement();
    test_unavailable();
    test_wrong_enumerator();
    test_late_in_a_module();
    test_late_in_place();
    test_another_stub();
    test_include();
    test_include_of_another_layout();
    test_out_of_memory();
    test_failed_cdef();
    test_damage();
    free(said.p);
    return failures != 0;
}
