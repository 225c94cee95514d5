/* fuzz_cdef.c - any text as declarations.  MIT.                              */
#include "fuzz.h"

/* Options by the text's length, so that a finding is found again.            */
static const cd_options *options(size_t size)
{
    static cd_options o;

    o.pack = size % 7 == 0 ? 1u << size / 7 % 5 : 0;
    o.override = size % 8 == 3;
    o.embedding = size % 8 == 4;
    o.keep_gil = size % 8 == 5;
    return &o;
}

/* Fails, as it did before, and changes nothing; or works, whatever it does.  */
static void once_more(cd_table *t, const char *text, size_t size)
{
    uint64_t before = digest(t);
    cd_error err;

    if (cd_cdef(t, text, size, options(size), &err))
        CHECK(digest(t) == before, "a failed cdef left a trace: %s", err.text);
}

/* The same text on another table means the same.                             */
static void elsewhere(const char *text, size_t size, int failed,
                      const cd_error *first, uint64_t expected)
{
    cd_table *t = cd_table_new(NULL, NULL);
    cd_error err;

    CHECK(t, "no table");
    CHECK(!cd_cdef(t, text, size, options(size), &err) == !failed, "%s",
          err.text);
    CHECK(digest(t) == expected, "not deterministic");
    if (failed)
        CHECK(!strcmp(err.text, first->text), "%s", err.text);
    cd_table_free(t);
}

/* No memory at the n-th request: an error, and no trace.                     */
static void without_memory(const char *text, size_t size, uint64_t n)
{
    failing state = {0};
    cd_alloc alloc = failing_alloc(&state);
    cd_table *t = cd_table_new(&alloc, NULL);
    uint64_t before;
    cd_error err;

    CHECK(t, "no table");
    before = digest(t);
    state.left = n;
    if (cd_cdef(t, text, size, options(size), &err))
        CHECK(digest(t) == before, "a failed cdef left a trace: %s", err.text);
    state.left = 0;
    cd_table_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char good[] = "struct fuzz_s { int a; } fuzz_f(void);";
    const char *text = (const char *)data;
    cd_table *t = cd_table_new(NULL, NULL);
    uint64_t before, after;
    cd_error err, other;
    int failed;
    cd_id first, n;

    CHECK(t, "no table");
    first = cd_n_types(t) + 1;
    before = digest(t);
    failed = cd_cdef(t, text, size, options(size), &err);
    after = digest(t);
    if (failed)
        CHECK(after == before, "a failed cdef left a trace: %s", err.text);
    once_more(t, text, size);
    if (size % 4 == 0) /* now and then: these cost time */
        elsewhere(text, size, failed, &err, after);
    n = cd_n_types(t);
    for (cd_id id = first; id <= n && n < 4000; id++)
        check_spelling(t, id);
    if (failed)
        CHECK(!cd_cdef(t, good, sizeof good - 1, NULL, &other), "%s",
              other.text);
    cd_table_free(t);
    if (size % 4 == 1)
        without_memory(text, size, 1 + data[size - 1] % 16);
    return 0;
}
