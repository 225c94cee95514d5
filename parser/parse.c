/* parse.c - the entry points that read C text.  MIT.                         */
#include "cd_impl.h"

/* What every text must be before its first token. */
static void start(cd_parser *ps)
{
    if ((size_t)(ps->end - ps->text) > CD_MAX_TEXT)
        cd_fail(ps, CD_E_LIMIT, NULL, "the text is too long");
    cd_lex_start(ps);
}

/* cdef = external-declaration* */
static void parse_cdef(cd_parser *ps, void *arg)
{
    (void)arg;
    start(ps);
    cd_translation_unit(ps);
}

int cd_cdef(cd_table *t, const char *text, size_t len, const cd_options *opt,
            cd_error *err)
{
    cd_parser ps;

    cd_parser_begin(&ps, t, text, len, opt, err);
    return cd_run(&ps, parse_cdef, NULL) ? 0 : -1;
}

/* type-string */
static void parse_typename(cd_parser *ps, void *arg)
{
    ps->in_typename = true;
    start(ps);
    *(cd_id *)arg = cd_type_string(ps);
    if (ps->tok.kind != CD_T_EOF)
        cd_expected(ps, "the end of the type");
}

/* A transaction like a cdef, since it makes types; a string seen before
 * makes none and changes nothing.                                            */
cd_id cd_typename(cd_table *t, const char *text, size_t len, cd_error *err)
{
    cd_options opt = {.file = "<type>"};
    cd_parser ps;
    cd_id id = 0;

    cd_parser_begin(&ps, t, text, len, &opt, err);
    return cd_run(&ps, parse_typename, &id) ? id : 0;
}

/* constant-string = conditional-expression */
static void parse_constant(cd_parser *ps, void *arg)
{
    ps->in_typename = true;
    start(ps);
    *(cd_value *)arg = cd_const_int(ps);
    if (ps->tok.kind != CD_T_EOF)
        cd_expected(ps, "the end of the expression");
}

int cd_constant(cd_table *t, const char *text, size_t len, int64_t *value,
                bool *is_unsigned, cd_error *err)
{
    cd_options opt = {.file = "<expression>"};
    cd_parser ps;
    cd_value v;

    cd_parser_begin(&ps, t, text, len, &opt, err);
    if (!cd_run(&ps, parse_constant, &v))
        return -1;
    *value = v.v.i;
    *is_unsigned = v.is_unsigned;
    return 0;
}
