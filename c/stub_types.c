/* stub_types.c - a stub's type records as types of a table, on first need. MIT.
 *
 * A type comes with all that can be reached from it, so that nothing in a table
 * waits for more.  There is no recursion: what a type waits for goes on top of
 * a stack (work).  Two kinds of waiting: to exist (a pointer's item, all parts
 * of a function), for which a record without members is enough, and to be
 * complete (an array's item, the type of a field).  Records that only exist
 * stand in a queue, behind which all else that was made is settled: only then
 * is it known what is unavailable.                                           */
#include "stub_types.h"
#include <stdlib.h>
#include <string.h>

static bool is_tagged(int kind)
{
    return kind == CD_STRUCT || kind == CD_UNION || kind == CD_ENUM;
}

/* ---- what is known of a type --------------------------------------------- */

static uint32_t *memo_of(const cc_source *src, cd_sid sid)
{
    return &src->memo[sid - CD_FIRST_SID];
}

static void set_memo(cd_builder *b, cc_source *src, cd_sid sid, uint32_t value)
{
    uint32_t *m = memo_of(src, sid);

    cd_build_note(b, m, sizeof *m);
    *m = value;
}

static bool is_done(const cc_source *src, cd_sid sid)
{
    return sid < CD_FIRST_SID || *memo_of(src, sid) & CC_DONE;
}

/* A type that waits for itself is no type. */
static void push(cd_builder *b, cc_source *src, cd_sid sid)
{
    uint32_t m = *memo_of(src, sid);

    if (m & CC_BUSY)
        cd_build_fail(b, "the stub is damaged: a type holds itself");
    set_memo(b, src, sid, m | CC_BUSY);
    src->work[src->n_work++] = sid;
}

/* A record or enum, without members so far. */
static cd_id make_tagged(cd_builder *b, cc_source *src, cd_sid sid)
{
    const struct cd_stub_type *t = cc_stub_type(src, sid);
    cd_build_tag what = {.kind = t->kind,
                         .name = cc_stub_text(src, t->name),
                         .flags = t->flags & CD_F_TYPEDEF_NAME,
                         .number = t->x};

    what.where = cc_stub_place(b, src, t->file, t->line);
    cd_id id = cd_build_tagged(b, &what);
    set_memo(b, src, sid, id | (*memo_of(src, sid) & CC_BUSY));
    src->queue[src->n_queue++] = sid;
    return id;
}

/* ---- waiting ------------------------------------------------------------- */

/* Does the type exist?  If not, it is on top of the stack. */
static bool exists(cd_builder *b, cc_source *src, cd_sid sid)
{
    if (cc_made(src, sid) != 0)
        return true;
    if (is_tagged(cc_stub_type(src, sid)->kind)) {
        make_tagged(b, src, sid);
        return true;
    }
    push(b, src, sid);
    return false;
}

/* Is the type complete, and all that it holds by value?  If not, what is
 * missing is on top of the stack.                                            */
static bool is_ready(cd_builder *b, cc_source *src, cd_sid sid)
{
    if (!exists(b, src, sid))
        return false;
    while (sid >= CD_FIRST_SID) {
        const struct cd_stub_type *t = cc_stub_type(src, sid);
        if (t->kind != CD_TYPEDEF && t->kind != CD_QUAL)
            break;
        sid = t->a;
    }
    if (is_done(src, sid))
        return true;
    push(b, src, sid);
    return false;
}

/* ---- types --------------------------------------------------------------- */

/* Who waits for a type to be complete waits for its item too. */
static uint64_t array_length(const cc_source *src, const struct cd_stub_type *t)
{
    if (t->x != 0)
        return (uint64_t)cc_fact(src, t->x);
    return t->b | (uint64_t)t->c << 32;
}

/* `int...`, `float...`: what the compiler says it is. */
static int late_prim(cd_builder *b, const cc_source *src,
                     const struct cd_stub_type *t)
{
    bool is_float = t->sub == CD_PRIM_DOT_FLOAT;

    return cd_build_number(b, (uint64_t)cc_fact(src, t->c), is_float,
                           !is_float && cc_fact(src, t->c + 1) != 0);
}

static cd_id make_prim(cd_builder *b, const cc_source *src,
                       const struct cd_stub_type *t)
{
    int prim = late_prim(b, src, t);

    if (prim != 0)
        return (cd_id)prim;
    return cd_build_unavailable(
        b, t->name ? cc_stub_text(src, t->name) : "...",
        "the C compiler's type has a size that no primitive here has");
}

/* An array on the stack is enough: their number has been checked. */
static cd_id make_function(cd_builder *b, const cc_source *src,
                           const struct cd_stub_type *t)
{
    cd_id params[CC_MAX_PARAMS];

    for (uint32_t i = 0; i < t->c; i++)
        params[i] = cc_made(src, src->s->ids[t->b + i]);
    return cd_build_function(b, cc_made(src, t->a), params, t->c, t->sub,
                             t->flags);
}

static cd_id make_typedef(cd_builder *b, const cc_source *src,
                          const struct cd_stub_type *t)
{
    return cd_build_typedef(b, cc_stub_text(src, t->name), cc_made(src, t->a),
                            t->name ? 0 : (uint32_t)cc_fact(src, t->c),
                            cc_stub_place(b, src, t->file, t->line));
}

/* Is the included record as it was when the stub was compiled? */
static bool same_layout(cd_builder *b, const cc_source *src,
                        const struct cd_stub_type *t, cd_id id)
{
    uint64_t size;
    uint32_t align;

    if (t->c == 0 || !cd_layout_of(cd_build_table(b), id, &size, &align))
        return true;
    return size == (uint64_t)cc_fact(src, t->c) &&
           align == (uint64_t)cc_fact(src, t->c + 1);
}

static cd_id make_import(cd_builder *b, const cc_source *src,
                         const struct cd_stub_type *t)
{
    const char *name = cc_stub_text(src, t->name);
    cd_id id = cd_build_import(b, src->includes[t->a - 1], t->sub, name,
                               t->flags, t->x);

    if (name == NULL)
        name = "(anonymous)";
    if (id == 0)
        return cd_build_unavailable(
            b, name, "the included module no longer declares it");
    if (!same_layout(b, src, t, id))
        return cd_build_unavailable(
            b, name, "the included module was built again, and its size or "
                     "alignment is another now: build this one again");
    return id;
}

/* All but records and enums, once their parts are there. */
static cd_id make(cd_builder *b, const cc_source *src, cd_sid sid)
{
    const struct cd_stub_type *t = cc_stub_type(src, sid);

    switch (t->kind) {
    case CD_PRIM: return make_prim(b, src, t);
    case CD_POINTER: return cd_build_pointer(b, cc_made(src, t->a));
    case CD_ARRAY:
        return cd_build_array(b, cc_made(src, t->a), array_length(src, t),
                              t->flags & CD_F_OPEN);
    case CD_VECTOR: return cd_build_vector(b, cc_made(src, t->a), t->b);
    case CD_FUNC: return make_function(b, src, t);
    case CD_TYPEDEF: return make_typedef(b, src, t);
    case CD_QUAL: return cd_build_qualified(b, cc_made(src, t->a), t->sub);
    case CD_IMPORT: return make_import(b, src, t);
    default: {
        const char *name = cc_stub_text(src, t->name);
        return cd_build_unavailable(b, name ? name : "...",
                                    src->s->text + t->a);
    }
    }
}

/* Are the parts of a type that is no record there? */
static bool has_parts(cd_builder *b, cc_source *src, cd_sid sid)
{
    const struct cd_stub_type *t = cc_stub_type(src, sid);

    switch (t->kind) {
    case CD_POINTER:
    case CD_TYPEDEF:
    case CD_QUAL: return exists(b, src, t->a);
    case CD_ARRAY:
    case CD_VECTOR: return is_ready(b, src, t->a);
    case CD_FUNC:
        for (uint32_t i = 0; i < t->c; i++)
            if (!exists(b, src, src->s->ids[t->b + i]))
                return false;
        return exists(b, src, t->a);
    default: return true;
    }
}

/* ---- bit-fields ---------------------------------------------------------- */

/* The bits of a zeroed record that the probe has set: the first, counted as
 * the target counts, and how many; 0 if they are not one run.                */
static void find_bits(const unsigned char *p, size_t n, uint64_t *first,
                      int32_t *count)
{
    uint64_t last = 0;
    int32_t found = 0;

    for (size_t i = 0; i < n; i++)
        for (unsigned k = 0; p[i] != 0 && k < 8; k++) {
            if (!(p[i] & (CD_BIG_ENDIAN ? 0x80u >> k : 1u << k)))
                continue;
            last = (uint64_t)i * 8 + k;
            if (found++ == 0)
                *first = last;
        }
    *count = found != 0 && last - *first + 1 == (uint64_t)found ? found : 0;
}

/* Asks the compiler's own code where the field is. */
static void probe_field(cd_builder *b, cd_probe probe, uint64_t size,
                        uint32_t align, cd_build_member *m)
{
    uint64_t first = 0;

    if (size > SIZE_MAX - align)
        cd_build_no_memory(b);
    unsigned char *raw = calloc(1, (size_t)size + align);
    if (raw == NULL)
        cd_build_no_memory(b);
    unsigned char *p = raw + (align - (uintptr_t)raw % align) % align;
    probe(p);
    find_bits(p, (size_t)size, &first, &m->found);
    free(raw);
    m->offset = first / 8;
    m->shift = first % 8;
}

/* ---- records and enums --------------------------------------------------- */

static void build_field(cd_builder *b, const cc_source *src, cd_id id,
                        const cd_build_layout *l, uint32_t i,
                        const struct cd_stub_field *f)
{
    cd_build_member m = {.name = cc_stub_text(src, f->name),
                         .type = cc_made(src, f->type), .bits = f->bits};

    if (l->align != 0 && f->bits >= 0) {
        probe_field(b, src->s->probe[f->probe], l->size, l->align, &m);
    } else if (l->align != 0) {
        m.offset = (uint64_t)cc_fact(src, f->offset);
        m.size = (uint64_t)cc_fact(src, f->offset + 1);
    }
    cd_build_member_at(b, id, i, &m);
}

static void build_record(cd_builder *b, const cc_source *src,
                         const struct cd_stub_type *t, cd_id id)
{
    cd_build_layout l = {.pack = t->sub, .flags = t->flags};

    if (t->c != 0) {
        l.size = (uint64_t)cc_fact(src, t->c);
        l.align = (uint32_t)cc_fact(src, t->c + 1);
    }
    cd_build_record(b, id, &l, t->b);
    for (uint32_t i = 0; i < t->b; i++)
        build_field(b, src, id, &l, i, &src->s->fields[t->a + i]);
    cd_build_record_end(b, id, &l);
}

/* An enumerator whose declared value is another keeps the compiler's in the
 * enum; its name says why it cannot be used.                                 */
static void build_enumerator(cd_builder *b, const cc_source *src, cd_id id,
                             cd_sid sid, uint32_t i)
{
    const struct cd_stub_global *g =
        &src->s->globals[src->s->ids[cc_stub_type(src, sid)->a + i]];
    cd_build_enumerator e = {.name = src->s->text + g->name,
                             .value = cc_fact(src, g->slot)};
    char reason[300];
    int64_t value;
    bool above;

    e.flags = g->flags & (CD_DF_CHECKED | CD_DF_ENUMERATOR);
    e.flags |= cc_fact(src, g->slot + 1) ? CD_DF_UNSIGNED : 0;
    if (src->asked)
        e.where = cc_stub_place(b, src, g->file, g->line);
    e.binds = src->asked && g->type == sid &&
              cc_source_int(src, g, &value, &above, reason, sizeof reason);
    cd_build_enumerator_at(b, id, i, &e);
}

static void build_enum(cd_builder *b, const cc_source *src, cd_sid sid,
                       cd_id id)
{
    const struct cd_stub_type *t = cc_stub_type(src, sid);

    cd_build_enum(b, id, (uint64_t)cc_fact(src, t->c),
                  cc_fact(src, t->c + 1) != 0, t->flags, t->b);
    for (uint32_t i = 0; i < t->b; i++)
        build_enumerator(b, src, id, sid, i);
}

/* Are the types of all fields complete? */
static bool has_fields(cd_builder *b, cc_source *src,
                       const struct cd_stub_type *t)
{
    for (uint32_t i = 0; t->kind != CD_ENUM && i < t->b; i++) {
        cd_sid field = src->s->fields[t->a + i].type;
        if (!is_ready(b, src, field))
            return false;
    }
    return true;
}

/* False: something else must be there first. */
static bool complete_tagged(cd_builder *b, cc_source *src, cd_sid sid)
{
    const struct cd_stub_type *t = cc_stub_type(src, sid);

    exists(b, src, sid);
    cd_id id = cc_made(src, sid);
    const cd_ctype *c = cd_type(cd_build_table(b), id);
    if (t->flags & CD_F_OPAQUE || c->kind == CD_IMPORT)
        return true; /* another table's record is that table's                */
    if (!has_fields(b, src, t))
        return false;
    if (t->kind == CD_ENUM)
        build_enum(b, src, sid, id);
    else
        build_record(b, src, t, id);
    return true;
}

/* ---- the stack ----------------------------------------------------------- */

/* What the table had before: only what was late is filled in. */
static void complete_adopted(cd_builder *b, const cc_source *src, cd_sid sid)
{
    const struct cd_stub_type *t = cc_stub_type(src, sid);
    cd_id id = cc_made(src, sid);

    if (t->kind == CD_PRIM)
        cd_build_set_prim(b, id, late_prim(b, src, t));
    else if (t->kind == CD_ARRAY)
        cd_build_set_length(b, id, array_length(src, t));
    cd_build_settle(b, id);
}

/* One step of a type; false: what it waits for is on top of it now. */
static bool step(cd_builder *b, cc_source *src, cd_sid sid)
{
    if (is_tagged(cc_stub_type(src, sid)->kind))
        return complete_tagged(b, src, sid);
    if (!has_parts(b, src, sid))
        return false;
    if (cc_made(src, sid) != 0) {
        complete_adopted(b, src, sid);
        return true;
    }
    set_memo(b, src, sid, make(b, src, sid) | CC_BUSY);
    src->queue[src->n_queue++] = sid;
    return true;
}

static void work_off(cd_builder *b, cc_source *src)
{
    while (src->n_work > 0) {
        cd_sid sid = src->work[src->n_work - 1];
        if (!step(b, src, sid))
            continue;
        set_memo(b, src, sid, (*memo_of(src, sid) & CC_ID) | CC_DONE);
        src->n_work--;
    }
}

cd_id cc_make_type(cd_builder *b, cc_source *src, cd_sid sid)
{
    if (is_done(src, sid))
        return cc_made(src, sid);
    src->n_work = src->n_queue = 0;
    push(b, src, sid);
    work_off(b, src);
    for (uint32_t i = 0; i < src->n_queue; i++) { /* it grows meanwhile       */
        if (is_done(src, src->queue[i]))
            continue;
        push(b, src, src->queue[i]);
        work_off(b, src);
    }
    for (uint32_t i = 0; i < src->n_queue; i++)
        if (!is_tagged(cc_stub_type(src, src->queue[i])->kind))
            cd_build_settle(b, cc_made(src, src->queue[i]));
    return cc_made(src, sid);
}

/* ---- types that are there already ---------------------------------------- */

/* Pairs a type of the stub with the table's, to be looked at by and by. */
static void pair(cd_builder *b, cc_source *src, cd_sid sid, cd_id id)
{
    const cd_ctype *c = cd_type(cd_build_table(b), id);

    if (sid < CD_FIRST_SID || id == 0 || cc_made(src, sid) != 0 ||
        c->kind != cc_stub_type(src, sid)->kind)
        return;
    set_memo(b, src, sid, id);
    src->work[src->n_work++] = sid;
}

static void pair_fields(cd_builder *b, cc_source *src,
                        const struct cd_stub_type *t, const cd_ctype *c)
{
    const cd_table *table = cd_build_table(b);

    for (uint32_t i = 0; c->b == t->b && i < t->b; i++)
        pair(b, src, src->s->fields[t->a + i].type,
             cd_member_at(table, c->a + i)->type);
}

static void pair_parts(cd_builder *b, cc_source *src, cd_sid sid)
{
    const cd_table *table = cd_build_table(b);
    const struct cd_stub_type *t = cc_stub_type(src, sid);
    const cd_ctype *c = cd_type(table, cc_made(src, sid));

    switch (t->kind) {
    case CD_POINTER:
    case CD_ARRAY:
    case CD_TYPEDEF:
    case CD_QUAL: pair(b, src, t->a, c->a); break;
    case CD_FUNC:
        pair(b, src, t->a, c->a);
        for (uint32_t i = 0; c->n == t->c && i < t->c; i++)
            pair(b, src, src->s->ids[t->b + i], cd_id_at(table, c->b + i));
        break;
    case CD_STRUCT:
    case CD_UNION: pair_fields(b, src, t, c); break;
    default: break;
    }
}

/* From names on, side by side through both: what has no name of its own (a
 * record, `[...]`) is found where it stands.                                 */
void cc_adopt_types(cd_builder *b, cc_source *src)
{
    const struct cd_stub *s = src->s;
    const cd_table *table = cd_build_table(b);

    src->n_work = 0;
    for (uint32_t i = 0; i < s->n_tags; i++) {
        cd_sid sid = s->tags[i] + CD_FIRST_SID;
        const char *name = s->text + cc_stub_type(src, sid)->name;
        pair(b, src, sid, cd_build_bound(b, name, true));
    }
    for (uint32_t i = 0; i < s->n_globals; i++) {
        const struct cd_stub_global *g = &s->globals[i];
        uint32_t d = cd_build_bound(b, s->text + g->name, false);
        pair(b, src, g->type, cd_decl_at(table, d)->type);
    }
    while (src->n_work > 0)
        pair_parts(b, src, src->work[--src->n_work]);
}
