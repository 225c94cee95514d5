/* stub_facts.c - what a stub knows of a declaration: a constant as the compiler
 * found it, and the place where it was read.  MIT.                           */
#include "stub_types.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "5 (0x5)", as CFFI has it: what is not positive without the second.        */
static void put_int(char *buf, size_t n, int64_t value, bool above)
{
    if (value > 0 || above)
        snprintf(buf, n, "%" PRIu64 " (0x%" PRIx64 ")", (uint64_t)value,
                 (uint64_t)value);
    else
        snprintf(buf, n, "%" PRId64, value);
}

bool cc_source_int(const cc_source *src, const struct cd_stub_global *g,
                   int64_t *value, bool *above, char *buf, size_t n)
{
    char is[48];

    *value = cc_fact(src, g->slot);
    *above = cc_fact(src, g->slot + 1) != 0;
    if (!(g->flags & CD_DF_CHECKED))
        return true;
    int64_t declared = cc_fact(src, g->slot + 2);
    bool declared_above = cc_fact(src, g->slot + 3) != 0;
    if (declared == *value && declared_above == *above)
        return true;
    put_int(is, sizeof is, *value, *above);
    snprintf(buf, n,
             "the C compiler says '%.100s' is equal to %s, but the cdef "
             "disagrees", src->s->text + g->name, is);
    return false;
}

void cc_source_declared(const cc_source *src, const struct cd_stub_global *g,
                        char *buf, size_t n)
{
    char was[48];
    int64_t declared = cc_fact(src, g->slot + 2);

    put_int(was, sizeof was, declared, cc_fact(src, g->slot + 3) != 0);
    snprintf(buf, n, " and says %s", was);
}

double cc_source_float(const cc_source *src, const struct cd_stub_global *g)
{
    union {
        float f;
        double d;
        long double l;
    } v = {0};
    cd_sid sid = g->type;

    while (sid >= CD_FIRST_SID)
        sid = cc_stub_type(src, sid)->a;
    src->s->getter[g->slot](&v);
    return sid == CD_PRIM_FLOAT    ? (double)v.f
           : sid == CD_PRIM_DOUBLE ? v.d
                                   : (double)v.l;
}

uint32_t cc_stub_place(cd_builder *b, const cc_source *src, cd_off file,
                       uint32_t line)
{
    const char *name = file ? cc_stub_text(src, file) : "<cdef>";
    char whole[200];

    if (strncmp(name, "<cdef", 5) != 0)
        return cd_build_where(b, name, line);
    snprintf(whole, sizeof whole, "%.*s of %s>", (int)strcspn(name, ">"), name,
             src->s->module);
    return cd_build_where(b, whole, line);
}
