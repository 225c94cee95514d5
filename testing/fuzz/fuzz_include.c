/* fuzz_include.c - any text over an included table.  MIT.
 * A byte 0x1e ends the included table's declarations, and a second one those
 * of the table itself; what is left is a type.                               */
#include "fuzz.h"

/* The next part of the input, up to a 0x1e or the end.                       */
static const char *part(const char **p, const char *end, size_t *len)
{
    const char *from = *p;

    while (*p < end && **p != 0x1e)
        ++*p;
    *len = (size_t)(*p - from);
    *p += *p < end;
    return from;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cd_table *other = cd_table_new(NULL, NULL), *t = cd_table_new(NULL, NULL);
    const char *p = (const char *)data, *end = p + size, *text;
    uint64_t before, elsewhere;
    cd_error err;
    size_t len;
    cd_id id, n;

    CHECK(t && other, "no table");
    text = part(&p, end, &len);
    cd_cdef(other, text, len, NULL, &err);
    CHECK(!cd_include(t, other, &err), "%s", err.text);
    elsewhere = digest(other);
    before = digest(t);
    text = part(&p, end, &len);
    if (cd_cdef(t, text, len, NULL, &err))
        CHECK(digest(t) == before, "a failed cdef left a trace: %s", err.text);
    before = digest(t);
    id = cd_typename(t, p, (size_t)(end - p), &err);
    CHECK(id || digest(t) == before, "a failed parse left a trace: %s",
          err.text);
    n = cd_n_types(t);
    for (id = 1; id <= n && n < 1000; id++)
        check_spelling(t, id);
    CHECK(digest(other) == elsewhere, "the included table has changed");
    cd_table_free(t);
    cd_table_free(other);
    return 0;
}
