/* stub_check.c - is a stub whole?  MIT.
 *
 * Once, before anything else reads it: every index, kind, text and fact that
 * stub_types.c and stub_source.c rely on.  What these ignore is not looked at:
 * a newer emitter may have put something there, and min_core says whether an
 * older core may pass over it.  How many elements an array really has nobody
 * can check; the compiler that built the stub has counted them.              */
#include "stub.h"
#include "stub_types.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_COUNT = 1 << 28, MAX_PACK_LOG2 = 28 };

typedef struct check {
    const struct cd_stub *s;
    char *buf;
    size_t n;
} check;

/* Always false, so that `return bad(...)` says no. */
static bool bad(const check *c, const char *fmt, ...)
{
    va_list args;
    int at = snprintf(c->buf, c->n, "the stub is damaged (");

    va_start(args, fmt);
    if (at >= 0 && (size_t)at < c->n)
        at += vsnprintf(c->buf + at, c->n - (size_t)at, fmt, args);
    va_end(args);
    if (at >= 0 && (size_t)at < c->n)
        snprintf(c->buf + at, c->n - (size_t)at, "): build it again");
    return false;
}

static bool is_text(const check *c, cd_off off)
{
    return off < c->s->n_text;
}

/* n facts from index `first`, which is not 0. */
static bool are_facts(const check *c, cd_fact first, uint32_t n)
{
    return first != 0 && first < c->s->n_facts && n <= c->s->n_facts - first;
}

static bool is_range(uint32_t first, uint32_t n, uint32_t count)
{
    return first <= count && n <= count - first;
}

static const struct cd_stub_type *type_at(const check *c, cd_sid sid)
{
    return &c->s->types[sid - CD_FIRST_SID];
}

/* A type: a primitive that this core knows, or one before index `limit`. */
static bool is_type(cd_sid sid, uint32_t limit)
{
    if (sid < CD_FIRST_SID)
        return sid > CD_PRIM_NONE && sid < CD_N_PRIMS &&
               cd_prim_class((int)sid) != CD_CLASS_LATE;
    return sid - CD_FIRST_SID < limit;
}

/* Its kind without typedefs and qualifiers; of an import the record's. */
static int kind_of(const check *c, cd_sid sid)
{
    while (sid >= CD_FIRST_SID) {
        const struct cd_stub_type *t = type_at(c, sid);
        if (t->kind != CD_TYPEDEF && t->kind != CD_QUAL)
            return t->kind == CD_IMPORT ? t->sub : t->kind;
        sid = t->a;
    }
    return CD_PRIM;
}

static bool is_record(int kind)
{
    return kind == CD_STRUCT || kind == CD_UNION;
}

/* ---- the header ---------------------------------------------------------- */

static void target_words(uint32_t target, char *out, size_t n)
{
    snprintf(out, n, "%u-bit pointers, %u-bit long, %u-bit wchar_t, %s char, "
             "%s-endian%s", (target & 15) * 8, (target >> 4 & 15) * 8,
             (target >> 8 & 15) * 8, target >> 12 & 1 ? "signed" : "unsigned",
             target >> 14 & 1 ? "big" : "little",
             target >> 15 & 1 ? ", Microsoft's layout" : "");
}

/* Says no when the stub is for another core or machine. */
static bool check_header(const check *c)
{
    const struct cd_stub *s = c->s;
    uint32_t ours = (uint32_t)CD_MAJOR << 16 | CD_MINOR;
    char was[100], is[100];

    if (s->major > CD_MAJOR || s->min_core > ours)
        snprintf(c->buf, c->n, "the stub needs cffi_core with stub contract "
                 "%u.%u, and this one has %u.%u: upgrade cffi_core",
                 s->major > CD_MAJOR ? s->major : s->min_core >> 16,
                 s->major > CD_MAJOR ? s->minor : s->min_core & 0xffff,
                 (unsigned)CD_MAJOR, (unsigned)CD_MINOR);
    else if (s->major != CD_MAJOR)
        snprintf(c->buf, c->n, "the stub was made for stub contract %u.%u, "
                 "which cffi_core no longer reads (it has %u.%u): build it "
                 "again", s->major, s->minor, (unsigned)CD_MAJOR,
                 (unsigned)CD_MINOR);
    else if (s->size < offsetof(struct cd_stub, shared) ||
             (s->minor >= 2 && s->size < sizeof *s))
        return bad(c, "its header has %u bytes", (unsigned)s->size);
    else if (s->target != CD_TARGET) {
        target_words(s->target, was, sizeof was);
        target_words(CD_TARGET, is, sizeof is);
        snprintf(c->buf, c->n, "the stub was compiled for another platform "
                 "(%s) than this one (%s): build it here", was, is);
    } else
        return true;
    return false;
}

/* Are the arrays there that the counts tell of? */
static bool check_arrays(const check *c)
{
    const struct cd_stub *s = c->s;
    const struct {
        const void *p;
        uint32_t n;
        const char *name;
    } arrays[] = {
        {s->text, s->n_text, "text"},
        {s->types, s->n_types, "types"},
        {s->ids, s->n_ids, "ids"},
        {s->fields, s->n_fields, "fields"},
        {s->globals, s->n_globals, "globals"},
        {s->includes, s->n_includes, "includes"},
        {s->tags, s->n_tags, "tags"},
        {s->facts, s->n_facts, "facts"},
        {(const void *)s->tramp, s->n_functions, "tramp"},
        {(const void *)s->address, s->n_functions | s->n_externs, "address"},
        {(const void *)s->getter, s->n_getters, "getter"},
        {(const void *)s->probe, s->n_probes, "probe"},
        {s->module, 1, "module"},
        {s->emitter, 1, "emitter"},
        {s->link, 1, "link"},
    };

    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (arrays[i].n > MAX_COUNT || (arrays[i].n != 0 && !arrays[i].p))
            return bad(c, ".%s: %u elements", arrays[i].name,
                       (unsigned)arrays[i].n);
    if (s->n_text != 0 && (s->text[0] != 0 || s->text[s->n_text - 1] != 0))
        return bad(c, ".text has no end");
    return s->n_text != 0 || bad(c, "no .text");
}

/* ---- types --------------------------------------------------------------- */

/* size, alignment */
static bool is_layout(const check *c, cd_fact at)
{
    if (!are_facts(c, at, 2))
        return false;
    int64_t size = c->s->facts[at], align = c->s->facts[at + 1];
    return size >= 0 && align > 0 && align <= MAX_COUNT &&
           (align & (align - 1)) == 0 && size % align == 0;
}

/* Fields of a record whose layout is known. */
static bool check_record(const check *c, const struct cd_stub_type *t)
{
    bool opaque = (t->flags & CD_F_OPAQUE) != 0;

    if (!is_range(t->a, t->b, c->s->n_fields) || (opaque && t->b != 0))
        return false;
    if ((t->sub & 0x7f) > MAX_PACK_LOG2 + 1)
        return false;
    if (opaque || (t->c == 0 && t->flags & CD_F_UNAVAIL))
        return true;
    return is_layout(c, t->c);
}

static bool check_enum(const check *c, const struct cd_stub_type *t)
{
    if (!is_range(t->a, t->b, c->s->n_ids))
        return false;
    for (uint32_t i = 0; i < t->b; i++) {
        uint32_t g = c->s->ids[t->a + i];
        if (g >= c->s->n_globals || c->s->globals[g].kind != CD_D_INT)
            return false;
    }
    if (t->flags & CD_F_OPAQUE)
        return t->b == 0;
    if (!are_facts(c, t->c, 2))
        return false;
    int64_t size = c->s->facts[t->c];
    return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool check_function(const check *c, const struct cd_stub_type *t,
                           uint32_t limit)
{
    if (t->sub > CD_ABI_SYSV || t->c > CC_MAX_PARAMS ||
        !is_range(t->b, t->c, c->s->n_ids) || !is_type(t->a, limit))
        return false;
    for (uint32_t i = 0; i < t->c; i++)
        if (!is_type(c->s->ids[t->b + i], limit))
            return false;
    return true;
}

static bool check_array(const check *c, const struct cd_stub_type *t)
{
    if (t->x == 0)
        return t->c <= INT32_MAX;
    return are_facts(c, t->x, 1) && c->s->facts[t->x] >= 0;
}

static bool check_aligned(const check *c, const struct cd_stub_type *t)
{
    if (t->name != 0 || t->c == 0)
        return t->name != 0;
    if (!are_facts(c, t->c, 1))
        return false;
    int64_t align = c->s->facts[t->c];
    return align > 0 && align <= MAX_COUNT && (align & (align - 1)) == 0;
}

static bool check_import(const check *c, const struct cd_stub_type *t)
{
    return t->a >= 1 && t->a <= c->s->n_includes &&
           (is_record(t->sub) || t->sub == CD_ENUM) &&
           (t->c == 0 || is_layout(c, t->c)) && (t->name != 0 || t->x != 0);
}

/* One type; its children are among the `limit` types before it. */
static bool check_type(const check *c, const struct cd_stub_type *t,
                       uint32_t limit)
{
    if (!is_text(c, t->name) || !is_text(c, t->doc) || !is_text(c, t->file) ||
        t->flags & CD_F_BUSY)
        return false;
    switch (t->kind) {
    case CD_PRIM:
        return (t->sub == CD_PRIM_DOT_INT && are_facts(c, t->c, 2)) ||
               (t->sub == CD_PRIM_DOT_FLOAT && are_facts(c, t->c, 1));
    case CD_POINTER: return is_type(t->a, limit);
    case CD_ARRAY: return is_type(t->a, limit) && check_array(c, t);
    case CD_VECTOR: return is_type(t->a, limit) && t->b <= MAX_COUNT;
    case CD_FUNC: return check_function(c, t, limit);
    case CD_STRUCT:
    case CD_UNION: return check_record(c, t);
    case CD_ENUM: return check_enum(c, t);
    case CD_TYPEDEF: return is_type(t->a, limit) && check_aligned(c, t);
    case CD_QUAL:
        return is_type(t->a, limit) && t->sub >= 1 && t->sub <= 15;
    case CD_IMPORT: return check_import(c, t);
    case CD_UNAVAIL: return is_text(c, t->a);
    default: return false;
    }
}

/* No two records share fields, and no two enums their ids: so all of them
 * together are no more work than there is data.                              */
static bool check_types(const check *c)
{
    uint64_t fields = 0, ids = 0;

    for (uint32_t i = 0; i < c->s->n_types; i++) {
        const struct cd_stub_type *t = &c->s->types[i];
        bool tagged = is_record(t->kind) || t->kind == CD_ENUM;
        if (tagged)
            *(is_record(t->kind) ? &fields : &ids) += t->b;
        if (fields > c->s->n_fields || ids > c->s->n_ids ||
            !check_type(c, t, i))
            return bad(c, "type %u", (unsigned)(i + CD_FIRST_SID));
        if (tagged && t->x == 0 &&
            (t->name == 0 || t->flags & CD_F_TYPEDEF_NAME))
            return bad(c, "type %u: no tag and no number",
                       (unsigned)(i + CD_FIRST_SID));
    }
    return true;
}

/* ---- fields -------------------------------------------------------------- */

static bool check_field(const check *c, const struct cd_stub_type *record,
                        const struct cd_stub_field *f)
{
    const struct cd_stub *s = c->s;

    if (!is_text(c, f->name) || !is_type(f->type, s->n_types))
        return false;
    if (f->name == 0 && !is_record(kind_of(c, f->type)) &&
        kind_of(c, f->type) != CD_UNAVAIL)
        return false;
    if (f->bits >= 0)
        return f->bits > 0 && f->name != 0 && f->probe < s->n_probes &&
               s->probe[f->probe] != NULL;
    if (record->c == 0)
        return f->bits == -1;
    if (f->bits != -1 || !are_facts(c, f->offset, 2))
        return false;
    int64_t size = s->facts[record->c];
    int64_t at = s->facts[f->offset], bytes = s->facts[f->offset + 1];
    bool inside = at >= 0 && bytes >= 0 && at <= size && bytes <= size - at;
    /* What C knows no whole of may be none: cd_build_member_at() compares. */
    return inside || record->name == 0 || f->name == 0;
}

static bool check_fields(const check *c)
{
    for (uint32_t i = 0; i < c->s->n_types; i++) {
        const struct cd_stub_type *t = &c->s->types[i];
        for (uint32_t k = 0; is_record(t->kind) && k < t->b; k++)
            if (!check_field(c, t, &c->s->fields[t->a + k]))
                return bad(c, "field %u of type %u", (unsigned)k,
                           (unsigned)(i + CD_FIRST_SID));
    }
    return true;
}

/* ---- globals ------------------------------------------------------------- */

static bool is_integer(const check *c, cd_sid sid)
{
    int klass;

    while (sid >= CD_FIRST_SID && type_at(c, sid)->kind != CD_ENUM) {
        const struct cd_stub_type *t = type_at(c, sid);
        if (t->kind == CD_PRIM)
            return t->sub == CD_PRIM_DOT_INT;
        if (t->kind != CD_TYPEDEF && t->kind != CD_QUAL)
            return t->kind == CD_IMPORT && t->sub == CD_ENUM;
        sid = t->a;
    }
    klass = sid < CD_FIRST_SID ? cd_prim_class((int)sid) : CD_CLASS_SINT;
    return klass == CD_CLASS_BOOL || klass == CD_CLASS_CHAR ||
           klass == CD_CLASS_SINT || klass == CD_CLASS_UINT;
}

/* The value, whether it is above INT64_MAX, and with a check both again. */
static bool check_int(const check *c, const struct cd_stub_global *g)
{
    uint32_t n = g->flags & CD_DF_CHECKED ? 4 : 2;

    return are_facts(c, g->slot, n) &&
           (g->type == 0 || is_integer(c, g->type));
}

static const struct cd_stub_type *function_of(const check *c, cd_sid sid)
{
    while (sid >= CD_FIRST_SID && (type_at(c, sid)->kind == CD_TYPEDEF ||
                                   type_at(c, sid)->kind == CD_QUAL))
        sid = type_at(c, sid)->a;
    if (sid < CD_FIRST_SID || type_at(c, sid)->kind != CD_FUNC)
        return NULL;
    return type_at(c, sid);
}

/* Who is called by its address has one, unless it is a variadic macro; the
 * address is NULL of a weak reference that nothing is found for.            */
static bool check_slot(const check *c, const struct cd_stub_global *g)
{
    const struct cd_stub *s = c->s;
    const struct cd_stub_type *t = function_of(c, g->type);

    if (t == NULL)
        return false;
    if (g->kind == CD_D_EXTERN_PYTHON)
        return g->slot < s->n_externs &&
               s->address[s->n_functions + g->slot] != NULL;
    return g->slot < s->n_functions &&
           (t->flags & CD_F_VARIADIC || s->tramp[g->slot] != NULL ||
            cc_stub_shared(s, g->slot) != NULL);
}

/* FLOAT: what a getter writes must be what is then read. */
static bool check_getter(const check *c, const struct cd_stub_global *g)
{
    cd_sid sid = g->type;

    if (g->slot >= c->s->n_getters || c->s->getter[g->slot] == NULL)
        return false;
    if (g->kind != CD_D_FLOAT)
        return kind_of(c, sid) != CD_FUNC || g->kind == CD_D_VARIABLE;
    while (sid >= CD_FIRST_SID && (type_at(c, sid)->kind == CD_TYPEDEF ||
                                   type_at(c, sid)->kind == CD_QUAL))
        sid = type_at(c, sid)->a;
    return sid == CD_PRIM_FLOAT || sid == CD_PRIM_DOUBLE ||
           sid == CD_PRIM_LDOUBLE;
}

static bool check_global(const check *c, const struct cd_stub_global *g)
{
    const struct cd_stub *s = c->s;

    if (!is_text(c, g->name) || g->name == 0 || !is_text(c, g->doc) ||
        !is_text(c, g->params) || !is_text(c, g->file) ||
        (g->type != 0 && !is_type(g->type, s->n_types)))
        return false;
    if (g->kind == CD_D_UNAVAILABLE)
        return true;
    if (g->kind == CD_D_INT)
        return check_int(c, g);
    if (g->kind == CD_D_STRING)
        return g->slot < s->n_text - g->doc && s->text[g->doc + g->slot] == 0;
    if (g->type == 0)
        return false;
    switch (g->kind) {
    case CD_D_TYPEDEF: return true;
    case CD_D_FUNCTION:
    case CD_D_EXTERN_PYTHON: return check_slot(c, g);
    case CD_D_VARIABLE:
    case CD_D_MACRO:
    case CD_D_FLOAT: return check_getter(c, g);
    default: return false;
    }
}

/* Sorted, so that a search finds each. */
static bool check_globals(const check *c)
{
    const struct cd_stub *s = c->s;

    for (uint32_t i = 0; i < s->n_globals; i++) {
        if (!check_global(c, &s->globals[i]))
            return bad(c, "global %u", (unsigned)i);
        if (i > 0 && strcmp(s->text + s->globals[i - 1].name,
                            s->text + s->globals[i].name) >= 0)
            return bad(c, "global %u is not in order", (unsigned)i);
    }
    return true;
}

static bool check_tags(const check *c)
{
    const struct cd_stub *s = c->s;

    for (uint32_t i = 0; i < s->n_tags; i++) {
        if (s->tags[i] >= s->n_types)
            return bad(c, "tag %u", (unsigned)i);
        const struct cd_stub_type *t = &s->types[s->tags[i]];
        if ((!is_record(t->kind) && t->kind != CD_ENUM) || t->name == 0 ||
            t->flags & CD_F_TYPEDEF_NAME)
            return bad(c, "tag %u", (unsigned)i);
        if (i > 0 && strcmp(s->text + s->types[s->tags[i - 1]].name,
                            s->text + t->name) >= 0)
            return bad(c, "tag %u is not in order", (unsigned)i);
    }
    for (uint32_t i = 0; i < s->n_includes; i++)
        if (!is_text(c, s->includes[i].module) || s->includes[i].module == 0)
            return bad(c, "include %u", (unsigned)i);
    return true;
}

const char *cc_stub_check(const struct cd_stub *s, char *buf, size_t n)
{
    check c = {s, buf, n};

    if (n > 0)
        buf[0] = '\0';
    bool whole = check_header(&c) && check_arrays(&c) && check_types(&c) &&
                 check_fields(&c) && check_globals(&c) && check_tags(&c);
    return whole ? NULL : buf;
}
