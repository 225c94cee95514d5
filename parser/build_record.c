/* build_record.c - records and enums with a compiler's layout.  MIT.
 *
 * The compiler is right: its sizes and offsets are what a record gets.  They
 * are compared with what the declaration alone says, so that a declaration that
 * is not the library's is told from one that is.                             */
#include "cd_impl.h"
#include "cd_target.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static cd_member *member_at(cd_parser *ps, const cd_ctype *c, uint32_t i)
{
    return cd_seg_at(&ps->t->members, c->a + i);
}

/* ---- a tag's record ------------------------------------------------------ */

static bool has_tag(const cd_build_tag *what)
{
    return what->name != NULL && !(what->flags & CD_F_TYPEDEF_NAME);
}

/* The number is the source's: this table's own count goes on behind it. */
static cd_id new_numbered(cd_parser *ps, const cd_build_tag *what)
{
    uint32_t n = ps->t->n_anonymous;
    cd_id id = cd_new_tagged(ps, what->kind, 0, what->where);
    cd_ctype *c = cd_ty(ps->t, id);

    ps->t->n_anonymous = n;
    c->n = what->number;
    if (what->name != NULL) {
        cd_str name = cd_intern(ps, what->name, strlen(what->name));
        c->name = name;
        c->flags |= CD_F_TYPEDEF_NAME;
    }
    return id;
}

cd_id cd_build_tagged(cd_builder *b, const cd_build_tag *what)
{
    if (!has_tag(what))
        return new_numbered(b, what);
    cd_str name = cd_intern(b, what->name, strlen(what->name));
    cd_id id = cd_atom_at(b->t, name)->tag;
    if (id == 0) {
        id = cd_new_tagged(b, what->kind, name, what->where);
        cd_bind_tag(b, name, id);
    } else if (cd_kind_of(b->t, id) != what->kind) {
        cd_fail(b, CD_E_CONSTRAINT, NULL,
                "%N is %Y here, and another kind of tag where it was compiled",
                name, id);
    }
    return id;
}

/* ---- what the compiler found otherwise ----------------------------------- */

/* The first reason stays. */
static void disagree(cd_parser *ps, cd_id id, const char *fmt, ...)
{
    cd_ctype *c = cd_ty(ps->t, id);
    char text[512];
    va_list args;

    if (c->hash != 0)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    cd_str reason = cd_intern(ps, text, strlen(text));
    cd_touch(ps, &c->hash, sizeof c->hash);
    c->hash = reason;
}

/* "wrong <what> (...)", in numbers and in CFFI's words. */
static void differs(cd_parser *ps, cd_id id, const char *what,
                    uint64_t declared, uint64_t found)
{
    const cd_ctype *c = cd_ty(ps->t, id);
    char name[200], advice[320] = "";

    if (declared == found)
        return;
    cd_spell(ps->t, id, "", name, sizeof name);
    if (c->kind != CD_ENUM)
        snprintf(advice, sizeof advice,
                 ". fix it or use \"...;\" as the last field in the cdef for "
                 "%s to make it flexible", name);
    disagree(ps, id, "wrong %s (cdef says %llu, but C compiler says %llu)%s",
             what, (unsigned long long)declared, (unsigned long long)found,
             advice);
}

static void member_differs(cd_parser *ps, cd_id id, const char *what,
                           const cd_member *m, uint64_t declared,
                           uint64_t found)
{
    char text[200];

    if (declared == found)
        return;
    snprintf(text, sizeof text, "%s '%.100s'", what,
             m->name ? cd_text(ps->t, m->name, NULL) : "(anonymous)");
    differs(ps, id, text, declared, found);
}

/* A bit-field's position, in bits; its unit may begin elsewhere. */
static uint64_t bit_position(const cd_member *m)
{
    return m->offset * 8 + m->shift;
}

static void compare_place(cd_parser *ps, cd_id id, const cd_member *declared,
                          const cd_member *found)
{
    if (declared->bits < 0) {
        member_differs(ps, id, "offset for field", declared, declared->offset,
                       found->offset);
        return;
    }
    member_differs(ps, id, "first bit for bit-field", declared,
                   bit_position(declared), bit_position(found));
    member_differs(ps, id, "storage unit for bit-field", declared,
                   declared->offset, found->offset);
}

/* The members of what the cdef has as one anonymous record may in C be members
 * of the whole, apart from each other.                                       */
static bool lies_inside(cd_parser *ps, cd_id id, const cd_member *m,
                        const cd_build_member *found)
{
    uint64_t whole = cd_ty(ps->t, id)->size;
    char name[200];

    if (found->offset <= whole && found->size <= whole - found->offset)
        return true;
    cd_spell(ps->t, id, "", name, sizeof name);
    disagree(ps, id, "field '%.100s' does not lie in %s, as the cdef has it",
             m->name ? cd_text(ps->t, m->name, NULL) : "(anonymous)", name);
    return false;
}

/* The type's size, where it has one, and a bit-field's width.  C can measure no
 * anonymous record: it has to fit, and its own members are compared.         */
static void compare_size(cd_parser *ps, cd_id id, const cd_member *m,
                         const cd_build_member *found)
{
    const cd_ctype *c = cd_ty(ps->t, cd_ty(ps->t, m->type)->canon);
    uint64_t size;
    uint32_t align;

    if (m->bits >= 0)
        member_differs(ps, id, "width for bit-field", m, (uint64_t)m->bits,
                       (uint64_t)found->found);
    else if (lies_inside(ps, id, m, found) && !(c->flags & CD_F_OPEN) &&
             cd_layout_of(ps->t, m->type, &size, &align) &&
             (m->name != 0 || found->offset + size > cd_ty(ps->t, id)->size))
        member_differs(ps, id, "size for field", m, size, found->size);
}

/* ---- a record's completion ----------------------------------------------- */

static bool is_late(const cd_ctype *c)
{
    return (c->flags & (CD_F_OPAQUE | CD_F_LATE)) != 0;
}

/* A record that this table owns; CD_F_BUSY until its end is reached. */
void cd_build_record(cd_builder *b, cd_id record, const cd_build_layout *l,
                     uint32_t n)
{
    cd_ctype *c = cd_ty(b->t, record);
    bool fresh = (c->flags & CD_F_OPAQUE) != 0;

    if (c->kind != CD_STRUCT && c->kind != CD_UNION)
        cd_fail(b, CD_E_CONSTRAINT, NULL, "%Y has no members here", record);
    if (c->flags & CD_F_BUSY)
        cd_fail(b, CD_E_CONSTRAINT, NULL, "%Y holds itself", record);
    if (!fresh && c->b != n)
        cd_fail(b, CD_E_CONSTRAINT, NULL,
                "%Y has other members here than where it was compiled",
                record);
    uint32_t first = fresh ? cd_seg_add(b, &b->t->members, n) : c->a;
    cd_touch(b, c, sizeof *c);
    c->hash = 0;
    if (!is_late(c))
        return;
    c->a = first;
    c->b = n;
    c->size = l->size;
    c->align = l->align;
    c->flags |= CD_F_BUSY | (l->flags & (CD_F_PARTIAL | CD_F_LAID_OUT));
    if (fresh) {
        c->flags |= l->flags & CD_F_TRANSPARENT;
        c->sub = l->pack;
    }
}

/* The member where the compiler has it. */
static cd_member found_member(cd_parser *ps, const cd_ctype *c,
                              const cd_member *declared,
                              const cd_build_member *found)
{
    cd_member m = *declared;
    uint64_t size = 0;
    uint32_t align;

    m.offset = found->offset;
    m.shift = found->shift;
    m.flags = 0;
    cd_layout_of(ps->t, m.type, &size, &align); /* 0: what cannot be a field  */
    if (m.bits >= 0 && found->found == m.bits && size != 0)
        cd_find_unit(ps->t, &m, c->size);
    return m;
}

/* The same name and kind of member as where the record was compiled? */
static void check_same(cd_parser *ps, cd_id record, const cd_member *m,
                       cd_str name, const cd_build_member *found)
{
    if (m->name != name || m->bits != found->bits)
        cd_fail(ps, CD_E_CONSTRAINT, NULL,
                "%Y has other members here than where it was compiled",
                record);
}

/* What the members inside an anonymous one rely on. */
static void check_new(cd_parser *ps, cd_id record,
                      const cd_build_member *found)
{
    int kind = cd_kind_of(ps->t, found->type);
    bool is_record = kind == CD_STRUCT || kind == CD_UNION;

    if (found->name == NULL && !is_record && kind != CD_UNAVAIL)
        cd_fail(ps, CD_E_CONSTRAINT, NULL, "%Y has a member without a name",
                record);
}

/* A record that was complete is compared: its members stay. */
void cd_build_member_at(cd_builder *b, cd_id record, uint32_t i,
                        const cd_build_member *found)
{
    cd_ctype *c = cd_ty(b->t, record);
    cd_member *m = member_at(b, c, i);
    cd_str name = found->name ? cd_build_name(b, found->name,
                                              strlen(found->name)) : 0;

    if (c->flags & CD_F_OPAQUE) {
        check_new(b, record, found);
        *m = (cd_member){.name = name, .type = found->type,
                         .bits = found->bits};
    } else {
        check_same(b, record, m, name, found);
    }
    if (c->align == 0)
        return;
    cd_member is = found_member(b, c, m, found);
    compare_size(b, record, m, found);
    if (!(c->flags & CD_F_BUSY)) {
        compare_place(b, record, m, &is);
        return;
    }
    if (c->a + i < b->mark_members)
        cd_touch(b, m, sizeof *m);
    m->offset = is.offset;
    m->shift = is.shift;
    m->flags = (uint16_t)(is.flags | (m->flags & CD_M_FLEX));
}

/* ---- the end of a record ------------------------------------------------- */

/* The members as the grammar would have read them. */
static cd_raw_member *raw_members(cd_parser *ps, const cd_ctype *c)
{
    cd_raw_member *raw = NULL;

    if (c->b != 0)
        raw = cd_push(ps, &ps->scratch, c->b * sizeof *raw);
    for (uint32_t i = 0; i < c->b; i++) {
        const cd_member *m = member_at(ps, c, i);
        raw[i] = (cd_raw_member){.name = m->name, .type = m->type,
                                 .bits = m->bits};
    }
    return raw;
}

static cd_record_opts pack_of(const cd_ctype *c)
{
    unsigned log2 = c->sub & 0x1f;
    cd_record_opts o = {.packed = (c->sub & 0x80) != 0,
                        .pack = log2 ? 1u << (log2 - 1) : 0};

    return o;
}

static void compare_whole(cd_parser *ps, cd_id id, uint64_t size,
                          uint32_t align, uint64_t found_size,
                          uint32_t found_align)
{
    differs(ps, id, "total size", size, found_size);
    differs(ps, id, "total alignment", align, found_align);
}

/* Lays the record out once more, into members that are then dropped, and
 * compares.                                                                  */
static void compare_layout(cd_parser *ps, cd_id id, const cd_raw_member *raw)
{
    cd_table *t = ps->t;
    cd_ctype *c = cd_ty(t, id);
    cd_record_opts o = pack_of(c);
    bool is_union = c->kind == CD_UNION;
    uint32_t first = cd_seg_add(ps, &t->members, c->b), align = 1;

    cd_list_members(ps, raw, c->b, first, is_union);
    uint64_t size =
        cd_place_members(ps, raw, c->b, first, is_union, &o, &align);
    for (uint32_t i = 0; i < c->b; i++)
        compare_place(ps, id, cd_seg_at(&t->members, first + i),
                      member_at(ps, c, i));
    compare_whole(ps, id, size, align, c->size, c->align);
    t->members.count = first;
}

/* Checks the members of a new record as the grammar would; the flags that they
 * give it.  Their places are the compiler's already.                         */
static uint16_t check_new_members(cd_parser *ps, const cd_ctype *c,
                                  const cd_raw_member *raw)
{
    cd_table *t = ps->t;
    bool is_union = c->kind == CD_UNION;

    cd_check_members(ps, raw, c->b, is_union || c->flags & CD_F_PARTIAL);
    uint32_t first = cd_seg_add(ps, &t->members, c->b);
    uint16_t flags = cd_list_members(ps, raw, c->b, first, is_union);
    for (uint32_t i = 0; i < c->b; i++)
        member_at(ps, c, i)->flags |= cd_member_at(t, first + i)->flags;
    t->members.count = first;
    return flags | (c->sub ? CD_F_PACKED : 0);
}

/* Nobody can read a member that has no size, though the record has one; nor
 * one of an anonymous record that lies otherwise where it was compiled.      */
static void check_sizes(cd_parser *ps, cd_id id)
{
    const cd_ctype *c = cd_ty(ps->t, id);
    uint64_t size;
    uint32_t align;

    for (uint32_t i = 0; i < c->b; i++) {
        const cd_member *m = member_at(ps, c, i);
        const char *reason = cd_build_reason(ps->t, m->type);
        if (m->name == 0 && reason != NULL)
            disagree(ps, id, "%s", reason);
        if (!(m->flags & CD_M_FLEX) &&
            !(cd_spread(ps->t, m->type) & CD_F_UNAVAIL) &&
            !cd_layout_of(ps->t, m->type, &size, &align))
            disagree(ps, id, "the size of field '%.100s' is not known",
                     cd_text(ps->t, m->name, NULL));
    }
}

/* Members without a name may in C be none, and what they have elsewhere.  With
 * CD_F_PARTIAL and without CD_F_LATE that is no error, but the record is one of
 * which not all is declared.                                                 */
static void accept_layout(cd_parser *ps, cd_id id, const cd_raw_member *raw)
{
    cd_ctype *c = cd_ty(ps->t, id);

    if (c->hash != 0)
        return;
    compare_layout(ps, id, raw);
    if (c->hash == 0)
        c->flags &= (uint16_t)~CD_F_PARTIAL;
    c->hash = 0;
}

static uint16_t check_record(cd_parser *ps, cd_id id, bool accepts)
{
    cd_ctype *c = cd_ty(ps->t, id);
    size_t mark = ps->scratch.len;
    cd_raw_member *raw = raw_members(ps, c);
    uint16_t flags = 0;

    if (c->flags & CD_F_OPAQUE)
        flags = check_new_members(ps, c, raw);
    for (uint32_t i = 0; i < c->b; i++)
        flags |= cd_spread(ps->t, raw[i].type);
    check_sizes(ps, id);
    if (flags & (CD_F_LATE | CD_F_UNAVAIL) || c->align == 0 ||
        c->flags & CD_F_LAID_OUT)
        ; /* nothing to compare with */
    else if (accepts)
        accept_layout(ps, id, raw);
    else if (!(c->flags & CD_F_PARTIAL))
        compare_layout(ps, id, raw);
    ps->scratch.len = mark;
    return flags & (uint16_t)~CD_F_LATE;
}

void cd_build_record_end(cd_builder *b, cd_id record, const cd_build_layout *l)
{
    cd_ctype *c = cd_ty(b->t, record);

    if (!(c->flags & CD_F_BUSY)) {
        if (c->align != 0 && l->align != 0 && c->name != 0)
            compare_whole(b, record, c->size, c->align, l->size, l->align);
        return;
    }
    bool accepts = (l->flags & (CD_F_PARTIAL | CD_F_LATE)) == CD_F_PARTIAL;
    uint16_t flags = check_record(b, record, accepts);
    if (c->align == 0 && !(flags & CD_F_UNAVAIL))
        disagree(b, record, "the C compiler has not been asked about it");
    if (c->hash != 0)
        flags |= CD_F_UNAVAIL;
    if (flags & CD_F_UNAVAIL)
        c->size = c->align = 0;
    c->flags = (uint16_t)(
        (c->flags & ~(CD_F_OPAQUE | CD_F_BUSY | CD_F_LATE)) | flags);
}

/* ---- enums --------------------------------------------------------------- */

/* The record of an enum that has its values already is compared. */
void cd_build_enum(cd_builder *b, cd_id id, uint64_t size, bool is_signed,
                   uint16_t flags, uint32_t n)
{
    cd_ctype *c = cd_ty(b->t, id);
    bool fresh = (c->flags & CD_F_OPAQUE) != 0;

    if (c->kind != CD_ENUM || (!fresh && c->b != n))
        cd_fail(b, CD_E_CONSTRAINT, NULL,
                "%Y is another enum where it was compiled", id);
    uint32_t first = fresh ? cd_seg_add(b, &b->t->decls, n) : c->a;
    cd_touch(b, c, sizeof *c);
    c->hash = 0;
    if (!is_late(c)) {
        differs(b, id, "size", c->size, size);
        return;
    }
    int base = cd_enum_base(b->t->target, (int)size * 8, is_signed, true);
    c->a = first;
    c->b = n;
    c->sub = (uint8_t)base;
    c->size = cd_prim_size(b->t->target, base);
    c->align = cd_prim_align(b->t->target, base);
    c->flags &= (uint16_t)~(CD_F_OPAQUE | CD_F_LATE | CD_F_SIGNED);
    c->flags |= (flags & CD_F_PARTIAL) | (is_signed ? CD_F_SIGNED : 0);
}

void cd_build_enumerator_at(cd_builder *b, cd_id id, uint32_t i,
                            const cd_build_enumerator *e)
{
    uint32_t index = cd_ty(b->t, id)->a + i;
    cd_decl *d = cd_seg_at(&b->t->decls, index);
    cd_str name = cd_intern(b, e->name, strlen(e->name));

    if (d->name == 0) {
        *d = (cd_decl){.name = name, .type = id, .kind = CD_D_INT,
                       .where = e->where, .u.value = e->value};
        d->flags = e->flags | CD_DF_ENUMERATOR;
        if (e->binds && cd_atom_at(b->t, name)->decl == 0)
            cd_bind_name(b, name, index);
        return;
    }
    if (d->name != name)
        cd_fail(b, CD_E_CONSTRAINT, NULL,
                "%Y is another enum where it was compiled", id);
    if (d->kind != CD_D_MACRO)
        return;
    cd_touch(b, d, sizeof *d);
    d->kind = CD_D_INT;
    d->u.value = e->value;
    d->flags = (uint8_t)((d->flags | (e->flags & CD_DF_UNSIGNED)));
}
