/* cdump.c - the command: prints what declarations mean, one line each.  MIT.
 *
 *   cdump [--target NAME] [--pack N] [--types] [--c] [FILE...]
 *
 * Each FILE (or the standard input) is one cdef into one table.  Lines come in
 * the order of declaration; an error goes to stderr and the exit status is 1.
 * --types prints the type of every member; --c what C code that is to hold on
 * every target needs: packing, the text of values that differ by target.     */
#include "cd_parser.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_words[] = {
#define KIND(NAME, word) word,
#include "kinds.def"
};

static bool with_types, with_c;

/* ---- small pieces -------------------------------------------------------- */

/* Nearly all fit the first time. */
static void print_type(const cd_table *t, cd_id id, const char *declarator)
{
    char small[256], *text = small;
    size_t n = cd_spell(t, id, declarator, small, sizeof small);

    if (n >= sizeof small) {
        text = malloc(n + 1);
        if (text == NULL)
            exit(2);
        cd_spell(t, id, declarator, text, n + 1);
    }
    fputs(text, stdout);
    if (text != small)
        free(text);
}

static const char *name_of(const cd_table *t, cd_str s)
{
    return cd_text(t, s, NULL);
}

static void print_place(const cd_table *t, uint32_t where)
{
    const cd_where *w = cd_where_at(t, where);

    printf(" (%s:%u:%u)", w->file ? name_of(t, w->file) : "<cdef>",
           (unsigned)w->line, (unsigned)w->col);
}

/* Behind a line, when what it declares cannot be used. */
static void print_why(const cd_table *t, cd_id id)
{
    const char *why = cd_why(t, id);

    if (why != NULL)
        printf(" unavailable: %s", why);
}

/* What a value, or the length of an array in this type, is in C. */
static void print_c(const cd_table *t, cd_str text, cd_id type)
{
    if (!with_c)
        return;
    if (text != 0)
        printf(" c \"%s\"", name_of(t, text));
    for (const cd_ctype *c = cd_type(t, type);
         c->kind == CD_ARRAY || c->kind == CD_POINTER || c->kind == CD_QUAL;
         c = cd_type(t, c->a))
        if (c->kind == CD_ARRAY && c->x != 0)
            printf(" c [%s]", name_of(t, c->x));
}

/* ---- records and enums --------------------------------------------------- */

/* `name@byte` or, of a bit-field, `name@byte:shift+width`, with `!` where no
 * integer of its type holds it; `_` has no name.                             */
static void print_member(const cd_table *t, const cd_member *m, bool placed)
{
    putchar(' ');
    if (with_types)
        print_type(t, m->type, name_of(t, m->name));
    else
        fputs(m->name ? name_of(t, m->name) : "_", stdout);
    if (placed) {
        printf("@%llu", (unsigned long long)m->offset);
        if (m->bits >= 0)
            printf(":%u", (unsigned)m->shift);
    } else if (m->bits >= 0) {
        putchar(':');
    }
    if (m->bits >= 0)
        printf("+%d%s", m->bits, m->flags & CD_M_STRADDLE ? "!" : "");
    print_c(t, 0, m->type);
    if (with_types)
        putchar(';');
}

/* Late records have members without positions. */
static void print_record(const cd_table *t, const cd_ctype *c)
{
    bool placed = c->align != 0;

    if (placed)
        printf(" size %llu align %u", (unsigned long long)c->size,
               (unsigned)c->align);
    else if (c->flags & CD_F_LATE)
        printf(" size ?");
    if (with_c && c->sub & 0x7f)
        printf(" pack %u", 1u << ((c->sub & 0x7f) - 1));
    if (with_c)
        printf("%s%s", c->sub & 0x80 ? " packed" : "",
               c->flags & CD_F_LAID_OUT ? " laid_out" : "");
    printf(" {");
    for (uint32_t i = 0; i < c->b; i++)
        print_member(t, cd_member_at(t, c->a + i), placed);
    printf("%s }", c->flags & CD_F_PARTIAL ? " ..." : "");
}

static void print_value(const cd_decl *d)
{
    if (d->flags & CD_DF_UNSIGNED)
        printf("%llu", (unsigned long long)d->u.value);
    else
        printf("%lld", (long long)d->u.value);
}

/* `...` in place of a value that only a compiler knows. */
static void print_enum(const cd_table *t, const cd_ctype *c)
{
    printf(" : %s {", c->flags & CD_F_LATE ? "?" : cd_prim_name(c->sub));
    for (uint32_t i = 0; i < c->b; i++) {
        const cd_decl *d = cd_decl_at(t, c->a + i);
        printf(" %s=", name_of(t, d->name));
        if (d->kind == CD_D_INT)
            print_value(d);
        else
            printf("...");
        print_c(t, d->text, 0);
    }
    printf("%s }", c->flags & CD_F_PARTIAL ? " ..." : "");
}

/* One that is named by its typedef is told from a tag by nothing but the
 * typedef's own line behind it.                                              */
static void print_tagged(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_type(t, id);

    if (c->flags & CD_F_TYPEDEF_NAME)
        printf("%s ", kind_words[c->kind]);
    print_type(t, id, "");
    if (c->flags & CD_F_OPAQUE)
        printf(" opaque");
    else if (c->kind == CD_ENUM)
        print_enum(t, c);
    else
        print_record(t, c);
    print_why(t, id);
    putchar('\n');
}

/* ---- declarations -------------------------------------------------------- */

/* Functions and variables with all that a call or an access depends on. */
static void print_callable(const cd_table *t, const cd_decl *d)
{
    if (d->kind == CD_D_VARIABLE)
        printf("variable ");
    else if (d->kind == CD_D_FUNCTION)
        printf("function ");
    else
        printf("extern \"Python%s\" ", d->flags & CD_DF_PLUS_C ? "+C" : "");
    print_type(t, d->type, name_of(t, d->name));
    if (d->text != 0)
        printf(" asm \"%s\"", name_of(t, d->text));
    printf("%s%s%s%s", d->flags & CD_DF_STATIC ? " static" : "",
           d->flags & CD_DF_THREAD ? " thread" : "",
           d->flags & CD_DF_KEEP_GIL ? " keep_gil" : "",
           d->flags & CD_DF_API ? " api" : "");
    print_why(t, d->type);
    print_c(t, 0, d->type);
}

/* Every byte visible, so that a golden can hold any string. */
static void print_string(const cd_table *t, cd_str s)
{
    uint32_t len;
    const char *p = cd_text(t, s, &len);

    putchar('"');
    for (uint32_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    putchar('"');
}

/* The value as it was computed, then the type it has in C. */
static void print_constant(const cd_table *t, const cd_decl *d)
{
    printf("const %s = ", name_of(t, d->name));
    if (d->kind == CD_D_INT)
        print_value(d);
    else if (d->kind == CD_D_FLOAT)
        printf("%.17g", d->u.number);
    else
        print_string(t, d->text);
    if (d->type != 0) {
        printf(" : ");
        print_type(t, d->type, "");
    }
    if (d->kind == CD_D_INT)
        print_c(t, d->text, 0);
}

/* A line for every kind of declaration. */
static void print_decl(const cd_table *t, const cd_decl *d)
{
    switch (d->kind) {
    case CD_D_NONE: return;
    case CD_D_TYPEDEF: {
        const cd_ctype *c = cd_type(t, d->type);
        cd_id item = c->kind == CD_TYPEDEF && c->name == d->name ? c->a
                                                                 : d->type;
        printf("typedef %s = ", name_of(t, d->name));
        print_type(t, item, "");
        print_why(t, item);
        print_c(t, 0, item);
        break;
    }
    case CD_D_FUNCTION: case CD_D_VARIABLE: case CD_D_EXTERN_PYTHON:
        print_callable(t, d);
        break;
    case CD_D_INT: case CD_D_FLOAT: case CD_D_STRING:
        print_constant(t, d);
        break;
    case CD_D_MACRO:
        printf("macro %s", name_of(t, d->name));
        if (d->type != 0) {
            printf(" : ");
            print_type(t, d->type, "");
        }
        break;
    default:
        printf("unavailable %s: %s", name_of(t, d->name), name_of(t, d->text));
        print_place(t, d->where);
        break;
    }
    putchar('\n');
}

/* ---- in the order of declaration ----------------------------------------- */

typedef struct item {
    uint32_t where, id;
    bool is_type;
} item;

static int by_place(const void *a, const void *b)
{
    const item *x = a, *y = b;

    if (x->where != y->where)
        return x->where < y->where ? -1 : 1;
    if (x->is_type != y->is_type)
        return x->is_type ? -1 : 1; /* a record before what it declares */
    return x->id < y->id ? -1 : x->id > y->id;
}

static bool is_tagged(const cd_ctype *c)
{
    return c->kind == CD_STRUCT || c->kind == CD_UNION || c->kind == CD_ENUM;
}

/* An enumerator is printed with its enum. */
static bool is_listed(const cd_table *t, uint32_t i)
{
    const cd_decl *d = cd_decl_at(t, i);

    if (d->where == 0 || d->include != 0)
        return false;
    if (d->flags & CD_DF_ENUMERATOR) {
        const cd_ctype *c = cd_type(t, cd_type(t, d->type)->canon);
        return !(c->kind == CD_ENUM && i >= c->a && i - c->a < c->b);
    }
    return true;
}

/* Types and names are two lists; their places bring them together. */
static void print_table(const cd_table *t)
{
    uint32_t types = cd_n_types(t), decls = cd_n_decls(t), n = 0;
    item *items = malloc(((size_t)types + decls + 1) * sizeof *items);

    if (items == NULL)
        exit(2);
    for (cd_id id = 1; id <= types; id++)
        if (is_tagged(cd_type(t, id)) && cd_type(t, id)->x != 0)
            items[n++] = (item){cd_type(t, id)->x, id, true};
    for (uint32_t i = 1; i <= decls; i++)
        if (is_listed(t, i))
            items[n++] = (item){cd_decl_at(t, i)->where, i, false};
    qsort(items, n, sizeof *items, by_place);
    for (uint32_t i = 0; i < n; i++)
        if (items[i].is_type)
            print_tagged(t, items[i].id);
        else
            print_decl(t, cd_decl_at(t, items[i].id));
    free(items);
}

/* ---- the command --------------------------------------------------------- */

/* A pipe has no size to ask for. */
static char *read_all(FILE *f, size_t *len)
{
    size_t cap = 1 << 16, n = 0;
    char *text = malloc(cap);

    while (text != NULL) {
        n += fread(text + n, 1, cap - n, f);
        if (n < cap)
            break;
        char *more = realloc(text, cap *= 2);
        if (more == NULL)
            free(text);
        text = more;
    }
    *len = n;
    return text;
}

/* 0, or what main() makes its exit status of. */
static int parse_file(cd_table *t, FILE *f, cd_options *opt)
{
    cd_error err;
    size_t len;
    char *text = read_all(f, &len);
    int rc = text ? cd_cdef(t, text, len, opt, &err) : 2;

    if (text == NULL)
        fputs("cdump: out of memory\n", stderr);
    else if (rc != 0)
        fprintf(stderr, "%s\n", err.text);
    free(text);
    return rc;
}

static int parse_named(cd_table *t, const char *name, cd_options *opt)
{
    FILE *f = fopen(name, "rb");

    if (f == NULL) {
        perror(name);
        return 2;
    }
    opt->file = name;
    int rc = parse_file(t, f, opt);
    fclose(f);
    return rc;
}

static int usage(void)
{
    fputs("usage: cdump [--target NAME] [--pack N] [--types] [--c] "
          "[FILE...]\n", stderr);
    return 2;
}

/* Options, then one table for all files; it is printed if all were right. */
int main(int argc, char **argv)
{
    const cd_target *target = NULL;
    cd_options opt = {0};
    int i = 1, rc = 0;

    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--types") == 0)
            with_types = true;
        else if (strcmp(argv[i], "--c") == 0)
            with_c = true;
        else if (strcmp(argv[i], "--pack") == 0 && i + 1 < argc)
            opt.pack = (uint32_t)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--target") == 0 && i + 1 < argc &&
                 (target = cd_target_named(argv[++i])) != NULL)
            continue;
        else
            return usage();
    }
    cd_table *t = cd_table_new(NULL, target);
    if (t == NULL)
        return 2;
    if (i == argc)
        rc = parse_file(t, stdin, &opt);
    for (; rc == 0 && i < argc; i++)
        rc = parse_named(t, argv[i], &opt);
    if (rc == 0)
        print_table(t);
    cd_table_free(t);
    return rc ? 1 : 0;
}
