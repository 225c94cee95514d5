/* fuzz_constant.c - any text as a constant expression.  MIT.                 */
#include "fuzz.h"

static const char names[] =
    "struct s { int a; struct { long b[2]; }; char c : 3; };\n"
    "typedef struct s T; typedef unsigned char uc; typedef enum e { A, B = -5,"
    " C = 1 << 20 } E;\n"
    "#define N 12\n"
    "#define TEXT \"abc\"\n"
    "#define BIG 0xffffffffffffffff\n"
    "#define PI 3.14\n"
    "extern int array[7]; int f(int);\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static cd_table *t;
    static int used;
    const char *text = (const char *)data;
    bool is_unsigned, again_unsigned;
    int64_t value, again;
    uint64_t before;
    cd_error err;

    if (t && used++ > 2000) {
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
    if (cd_constant(t, text, size, &value, &is_unsigned, &err)) {
        CHECK(digest(t) == before, "a failed parse left a trace: %s", err.text);
        return 0;
    }
    CHECK(!cd_constant(t, text, size, &again, &again_unsigned, &err), "%s",
          err.text);
    CHECK(value == again && is_unsigned == again_unsigned, "not the same");
    return 0;
}
