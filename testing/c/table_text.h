/* table_text.h - what names mean in a table, as text: two tables that say the
 * same print the same, whatever ids and order their records have.            */
#ifndef TABLE_TEXT_H
#define TABLE_TEXT_H
#include "check.h"
#include <stdarg.h>

static void say(text *out, const char *fmt, ...)
{
    char line[2000];
    va_list args;

    va_start(args, fmt);
    int n = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    put_bytes(out, line, (size_t)n);
}

static void say_type(text *out, const cd_table *t, cd_id id, const char *name)
{
    char line[1000];
    const cd_ctype *c = cd_type(t, cd_type(t, id)->canon);

    cd_spell(t, id, name, line, sizeof line);
    say(out, "%s [kind %d flags %x]", line, c->kind,
        (unsigned)c->flags);
}

/* A record's members, an enum's values: all that a reader can see.           */
static void say_tagged(text *out, const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_type(t, id);

    say_type(out, t, id, "");
    say(out, " sub %d size %llu align %u n %llu {\n", c->sub,
        (unsigned long long)c->size, (unsigned)c->align,
        (unsigned long long)(c->name ? 0 : c->n));
    for (uint32_t i = 0; i < c->b && c->kind == CD_ENUM; i++) {
        const cd_decl *d = cd_decl_at(t, c->a + i);
        say(out, "  %s = %lld kind %d flags %x\n", cd_text(t, d->name, NULL),
            (long long)d->u.value, d->kind, d->flags);
    }
    for (uint32_t i = 0; i < c->b && c->kind != CD_ENUM; i++) {
        const cd_member *m = cd_member_at(t, c->a + i);
        say(out, "  ");
        say_type(out, t, m->type, cd_text(t, m->name, NULL));
        say(out, " @%llu bits %d shift %d flags %x\n",
            (unsigned long long)m->offset, m->bits, m->shift, m->flags);
        cd_id in = cd_type(t, m->type)->canon;
        if (m->name == 0 && cd_type(t, in)->kind != CD_UNAVAIL)
            say_tagged(out, t, in);
    }
    say(out, "}\n");
}

static bool is_tagged_kind(int kind)
{
    return kind == CD_STRUCT || kind == CD_UNION || kind == CD_ENUM;
}

static void say_decl(text *out, const cd_table *t, const cd_decl *d)
{
    say(out, "%s: kind %d flags %x value %lld text \"%s\" ",
        cd_text(t, d->name, NULL), d->kind, d->flags, (long long)d->u.value,
        cd_text(t, d->text, NULL));
    /* a constant's own type is not kept: only its value is used              */
    bool constant = d->kind == CD_D_INT && !(d->flags & CD_DF_ENUMERATOR);
    if (d->type != 0 && !constant)
        say_type(out, t, d->type, "");
    if (d->params != 0)
        say(out, " (%s", cd_text(t, cd_id_at(t, d->params), NULL));
    say(out, "\n");
    cd_id canon = d->type ? cd_type(t, d->type)->canon : 0;
    if (canon != 0 && is_tagged_kind(cd_type(t, canon)->kind))
        say_tagged(out, t, canon);
}

/* What the names that `names` declares mean in t, tags first.                */
static inline text table_text(const cd_table *names, cd_table *t)
{
    text out = {0};

    for (cd_id id = CD_N_PRIMS; id <= cd_n_types(names); id++) {
        const cd_ctype *c = cd_type(names, id);
        uint32_t len;
        const char *tag = cd_text(names, c->name, &len);
        if (!is_tagged_kind(c->kind) || c->name == 0 ||
            c->flags & CD_F_TYPEDEF_NAME)
            continue;
        cd_id here = cd_find_tag(t, c->kind, tag, len);
        if (here == 0)
            say(&out, "no tag %s\n", tag);
        else
            say_tagged(&out, t, here);
    }
    for (uint32_t i = 1; i <= cd_n_decls(names); i++) {
        const cd_decl *d = cd_decl_at(names, i);
        uint32_t len;
        const char *name = cd_text(names, d->name, &len);
        if (d->where == 0)
            continue;
        uint32_t here = cd_find_decl(t, name, len);
        if (here == 0)
            say(&out, "no name %s\n", name);
        else
            say_decl(&out, t, cd_decl_at(t, here));
    }
    put_bytes(&out, "", 1);
    return out;
}
#endif
