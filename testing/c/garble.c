/* garble.c - declarations broken in every place.  Each file named is a cdef:
 * it is cut, and a token is left out, doubled or replaced, at every token; and
 * it is parsed with the n-th allocation failing, for every n.  Whatever comes
 * out, a failed cdef leaves no trace, and the table goes on working.         */
#include "fuzz.h"
#include <ctype.h>

typedef struct text {
    char *p;
    size_t len;
} text;

static text read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    text t = {malloc(1 << 20), 0};

    CHECK(f && t.p, "%s", path);
    t.len = fread(t.p, 1, 1 << 20, f);
    fclose(f);
    return t;
}

/* The end of the token (or blank) at p: good enough to break things apart.   */
static size_t token_end(const text *t, size_t at)
{
    int c = (unsigned char)t->p[at++];

    if (isalnum(c) || c == '_')
        while (at < t->len && (isalnum((unsigned char)t->p[at]) ||
                               t->p[at] == '_'))
            at++;
    return at;
}

/* The memory is as long as the text, so that ASan sees a byte read beyond it.*/
static void try_text(const text *a, size_t a_len, const char *middle,
                     size_t b_from)
{
    static const char good[] = "struct good { int a; } good(void);";
    size_t m = strlen(middle), len = a_len + m + (a->len - b_from);
    char *copy = malloc(len ? len : 1);
    cd_table *t = cd_table_new(NULL, NULL);
    uint64_t before;
    cd_error err;

    CHECK(copy && t, "no memory");
    memcpy(copy, a->p, a_len);
    memcpy(copy + a_len, middle, m);
    memcpy(copy + a_len + m, a->p + b_from, a->len - b_from);
    before = digest(t);
    if (cd_cdef(t, copy, len, NULL, &err)) {
        CHECK(digest(t) == before, "a trace is left: %s", err.text);
        CHECK(err.kind != CD_OK && err.text[0], "no message");
        CHECK(!cd_cdef(t, good, sizeof good - 1, NULL, &err), "%s", err.text);
    }
    cd_table_free(t);
    free(copy);
}

static void garble(const text *t)
{
    static const char *const instead[] = {
        "", "@", ";", "(", "]", "}", "int", "x", "0", "...", "\n#define x 1\n"
    };

    for (size_t at = 0; at < t->len;) {
        size_t end = token_end(t, at);
        char twice[64] = "";
        try_text(t, at, "", t->len); /* cut here */
        for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
            try_text(t, at, instead[i], end);
        if (end - at < sizeof twice - 1)
            memcpy(twice, t->p + at, end - at);
        try_text(t, at, twice, at);
        at = end;
    }
}

/* Fails at the n-th request for memory, n = 1, 2, ... until none does.       */
static void starve(const text *t)
{
    failing state = {0};
    cd_alloc alloc = failing_alloc(&state);

    for (uint64_t n = 1;; n++) {
        cd_table *table;
        uint64_t before;
        cd_error err;
        int failed;

        state.left = n;
        table = cd_table_new(&alloc, NULL);
        if (!table)
            continue;
        before = digest(table);
        failed = cd_cdef(table, t->p, t->len, NULL, &err);
        if (failed)
            CHECK(digest(table) == before, "a trace is left: %s", err.text);
        bool starved = state.left <= 1;
        state.left = 0;
        if (failed && err.kind == CD_E_MEMORY) /* now there is some again */
            failed = cd_cdef(table, t->p, t->len, NULL, &err);
        CHECK(!failed || err.kind != CD_E_MEMORY, "memory is still missing");
        cd_table_free(table);
        if (!starved)
            return;
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        text t = read_all(argv[i]);
        fprintf(stderr, "%s\n", argv[i]);
        garble(&t);
        starve(&t);
        free(t.p);
    }
    return 0;
}
