/* sysv_classify.c - see sysv_classify.h.  MIT. */
#include "sysv_classify.h"

typedef struct walk {
    uint8_t *classes; /* of the eightbytes so far */
    bool memory;      /* one is MEMORY, so all are */
    uint32_t unknown; /* a bit per byte: may be of members not declared */
} walk;

/* The class of two that share an eightbyte (step 4 of the ABI's algorithm).  */
static uint8_t merge(uint8_t a, uint8_t b)
{
    if (a == b || b == CC_NO_CLASS)
        return a;
    if (a == CC_NO_CLASS)
        return b;
    if (a == CC_MEMORY || b == CC_MEMORY)
        return CC_MEMORY;
    if (a == CC_INTEGER || b == CC_INTEGER)
        return CC_INTEGER;
    if (a >= CC_X87 || b >= CC_X87)
        return CC_MEMORY;
    return CC_SSE;
}

/* The bits of bytes [from, to), of which there are up to 16.                 */
static uint32_t bytes(uint64_t from, uint64_t to)
{
    return from < 16 ? (1u << (to < 16 ? to : 16)) - (1u << from) : 0;
}

/* Bytes [from, to) hold something of this class.                             */
static void mark(walk *w, uint64_t from, uint64_t to, uint8_t klass)
{
    if (to > 16) {
        w->memory = true;
        return;
    }
    w->unknown &= ~bytes(from, to);
    for (uint64_t i = from / 8; from < to && i <= (to - 1) / 8; i++)
        w->classes[i] = merge(w->classes[i], klass);
}

/* A scalar whose second eightbyte has a class of its own.                    */
static void mark_pair(walk *w, uint64_t at, uint8_t first, uint8_t second)
{
    mark(w, at, at + 8, first);
    mark(w, at + 8, at + 16, second);
}

/* A packed member is not where registers need it.                            */
static void check_aligned(walk *w, uint64_t at, uint64_t align)
{
    if (align != 0 && at % align != 0)
        w->memory = true;
}

static bool walk_prim(walk *w, const cd_table *t, int prim, uint64_t at)
{
    const cd_target *target = cd_table_target(t);
    uint32_t size = cd_prim_size(target, prim);
    check_aligned(w, at, cd_prim_align(target, prim));
    if (size == 0)
        return false;
    switch (cd_prim_class(prim)) {
    case CD_CLASS_FLOAT:
        if (prim == CD_PRIM_FLOAT128)
            mark_pair(w, at, CC_SSE, CC_SSEUP);
        else if (prim == CD_PRIM_LDOUBLE && size == 16)
            mark_pair(w, at, CC_X87, CC_X87UP);
        else
            mark(w, at, at + size, CC_SSE);
        return true;
    case CD_CLASS_COMPLEX:
        mark(w, at, at + size, size > 16 ? CC_COMPLEX_X87 : CC_SSE);
        return true;
    case CD_CLASS_VOID:
    case CD_CLASS_LATE: return false;
    default: mark(w, at, at + size, CC_INTEGER); return true;
    }
}

static bool walk_type(walk *w, const cd_table *t, cd_id id, uint64_t at);

/* What a struct with "...;" declares covers its bytes; in such a union there
 * may be others at the same place.  What is between the members of one without
 * is padding.                                                                */
static bool walk_members(walk *w, const cd_table *t, const cd_ctype *ty,
                         uint64_t at)
{
    uint32_t all = bytes(at, at + ty->size);
    bool partial = ty->flags & CD_F_PARTIAL;
    w->unknown = partial ? w->unknown | all : w->unknown & ~all;
    for (uint32_t i = 0; i < ty->b; i++) {
        const cd_member *m = cd_member_at(t, ty->a + i);
        if (m->bits > 0) {
            uint64_t bit = (at + m->offset) * 8 + m->shift;
            mark(w, bit / 8, (bit + (uint64_t)m->bits + 7) / 8, CC_INTEGER);
        } else if (m->bits < 0 && !(m->flags & CD_M_FLEX) &&
                   !walk_type(w, t, m->type, at + m->offset)) {
            return false;
        }
    }
    if (partial && ty->kind == CD_UNION)
        w->unknown |= all;
    return true;
}

static bool walk_array(walk *w, const cd_table *t, const cd_ctype *ty,
                       uint64_t at)
{
    uint64_t size;
    uint32_t align;
    if (!cd_layout_of(t, ty->a, &size, &align))
        return false;
    for (uint64_t i = 0; size > 0 && i < ty->n; i++)
        if (!walk_type(w, t, ty->a, at + i * size))
            return false;
    return true;
}

static bool walk_type(walk *w, const cd_table *t, cd_id id, uint64_t at)
{
    const cd_ctype *ty = cd_type(t, cd_strip(t, id));
    switch (ty->kind) {
    case CD_PRIM:
    case CD_ENUM: return walk_prim(w, t, ty->sub, at);
    case CD_POINTER: return walk_prim(w, t, CD_PRIM_UINTPTR, at);
    case CD_ARRAY: return walk_array(w, t, ty, at);
    case CD_STRUCT:
    case CD_UNION: return walk_members(w, t, ty, at);
    case CD_IMPORT: return walk_type(w, cd_included(t, ty->a), ty->b, at);
    case CD_VECTOR:
        check_aligned(w, at, ty->size);
        if (ty->size == 8)
            mark(w, at, at + 8, CC_SSE);
        else if (ty->size == 16)
            mark_pair(w, at, CC_SSE, CC_SSEUP);
        else
            return false;
        return true;
    default: return false;
    }
}

/* Members not declared change nothing where there is an integer already.     */
static bool is_known(const walk *w)
{
    for (unsigned i = 0; i < 2; i++)
        if ((w->unknown >> 8 * i & 0xff) && w->classes[i] != CC_INTEGER)
            return false;
    return true;
}

enum cc_classified cc_sysv_classify(const cd_table *t, cd_id record,
                                    uint8_t classes[2])
{
    walk w = {classes, false, 0};
    const cd_ctype *ty = cd_type(t, cd_strip(t, record));
    classes[0] = classes[1] = CC_NO_CLASS;
    w.memory = ty->size > 16;
    if (ty->size <= 64 && !walk_type(&w, t, record, 0)) /* 64: widest vector */
        return CC_DEPENDS;
    if (!w.memory && !is_known(&w))
        return CC_PARTIAL;
    for (int i = 0; i < 2; i++) /* step 5: what registers cannot hold so */
        w.memory |= classes[i] == CC_MEMORY || classes[i] == CC_COMPLEX_X87;
    w.memory |= classes[0] == CC_X87UP || classes[0] == CC_SSEUP ||
                (classes[1] == CC_X87UP && classes[0] != CC_X87);
    if (classes[1] == CC_SSEUP && classes[0] != CC_SSE)
        classes[1] = CC_SSE;
    if (w.memory)
        classes[0] = classes[1] = CC_MEMORY;
    return CC_CLASSIFIED;
}
