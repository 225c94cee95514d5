/* constants.c - evaluates constant expressions, one a line, for the tests.
 * argv[1]: a file of declarations; argv[2]: a target.  Prints "VALUE s|u" or
 * "error MESSAGE" for every line of stdin.                                   */
#include "cd_parser.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);

    if (!f || !text || fread(text, 1, (1 << 20) - 1, f) == 0)
        exit(2);
    fclose(f);
    return text;
}

static void evaluate(cd_table *t, const char *text, size_t len)
{
    bool is_unsigned;
    int64_t value;
    cd_error err;

    if (cd_constant(t, text, len, &value, &is_unsigned, &err))
        printf("error %.*s\n", (int)strcspn(err.text, "\n"), err.text);
    else if (is_unsigned)
        printf("%" PRIu64 " u\n", (uint64_t)value);
    else
        printf("%" PRId64 " s\n", value);
}

int main(int argc, char **argv)
{
    const cd_target *target = argc > 2 ? cd_target_named(argv[2]) : NULL;
    cd_table *t = cd_table_new(NULL, target);
    char *names = argc > 1 ? read_all(argv[1]) : NULL;
    static char line[1 << 17];
    cd_error err;

    if (t == NULL || (names && cd_cdef(t, names, strlen(names), NULL, &err))) {
        fprintf(stderr, "%s\n", t ? err.text : "no memory");
        return 2;
    }
    while (fgets(line, sizeof line, stdin))
        evaluate(t, line, strcspn(line, "\n"));
    free(names);
    cd_table_free(t);
    return 0;
}
