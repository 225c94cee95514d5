/* fuzz_typename.c - any text as a type, over a table with some names.  MIT.  */
#include "fuzz.h"

static const char names[] =
    "struct s { int a : 3; struct { long b[2]; }; union u *p; };\n"
    "union u { double d; struct s in; };\n"
    "enum e { A, B = -5, C = 1 << 20 };\n"
    "typedef struct s T, *P;\n"
    "typedef int (*F)(T, P *, ...);\n"
    "typedef struct { char c[3]; } anonymous;\n"
    "#define N 12\n"
    "extern int array[7];\n";

/* A body (or its digraph) and each `[...]` is a type of its own.             */
static int makes_types(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == '{' || text[i] == '%' || text[i] == '.')
            return 1;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static cd_table *t;
    static int used;
    uint64_t before;
    cd_error err;
    cd_id id;

    if (t && used++ > 500) { /* every new type stays: begin anew */
        cd_table_free(t);
        t = NULL;
        used = 0;
    }
    if (!t) {
        t = cd_table_new(NULL, NULL);
        CHECK(t, "no table");
        CHECK(!cd_cdef(t, names, sizeof names - 1, NULL, &err), "%s", err.text);
    }
    before = digest(t);
    id = cd_typename(t, (const char *)data, size, &err);
    if (!id) {
        CHECK(digest(t) == before, "a failed parse left a trace: %s", err.text);
        return 0;
    }
    if (!makes_types((const char *)data, size))
        CHECK(cd_typename(t, (const char *)data, size, &err) == id,
              "not the same type again");
    check_spelling(t, id);
    return 0;
}
