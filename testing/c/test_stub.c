/* test_stub.c - stubs: checked, made into a table, compared with what the same
 * declarations become as text; damaged; without memory.                      */
#include "stub.h"
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

int main(void)
{
    test_same_as_text();
    return failures != 0;
}
