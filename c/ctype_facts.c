/* ctype_facts.c - what is known of a ctype: size, class, flags, how its values
 * are converted.  At first, and once more when its type is completed.        */
#include "ctype_make.h"

/* ---- by its kind --------------------------------------------------------- */

/* A primitive's facts, or an enum's; prim: the primitive it is like.         */
void cc_ctype_set_prim(CTypeObject *ct, int prim)
{
    const cd_target *target = cd_target_native();
    ct->prim = (uint8_t)prim;
    ct->klass = (uint8_t)cd_prim_class(prim);
    ct->align = cd_prim_align(target, prim);
    if (prim == CD_PRIM_VOID)
        ct->flags |= CT_VOID;
    else if (ct->klass == CD_CLASS_LATE)
        ct->flags |= CT_LATE;
    else
        ct->size = cd_prim_size(target, prim);
    ct->is_signed = cd_prim_signed(target, prim);
}

/* Flags of a primitive or enum of some size.                                 */
static uint32_t value_flags(const CTypeObject *ct)
{
    switch (ct->klass) {
    case CD_CLASS_BOOL: return CT_BOOL;
    case CD_CLASS_CHAR: return ct->size == 1 ? CT_CHARLIKE : CT_WIDE;
    case CD_CLASS_SINT:
    case CD_CLASS_UINT:
        return ct->size == 1 && ct->kind == CD_PRIM ? CT_CHARLIKE : 0;
    default: return 0;
    }
}

void cc_ctype_settle(CTypeObject *ct)
{
    ct->klass = cc_is_primitive(ct) ? (uint8_t)cd_prim_class(ct->prim) : 0xff;
    if (cc_is_primitive(ct) && ct->size > 0)
        ct->flags |= value_flags(ct);
    else if (cc_is_primitive(ct) && ct->prim == CD_PRIM_VOID)
        ct->flags |= CT_VOID;
    else if (ct->kind == CD_POINTER && ct->item->kind == CD_PRIM &&
             ct->item->prim == CD_PRIM_VOID)
        ct->flags |= CT_VOID_PTR;
    ct->state->specs->choose_conversion(ct);
}

/* ---- by a table's record ------------------------------------------------- */

static uint32_t declared_flags(const cd_ctype *t)
{
    static const struct { uint16_t parser; uint16_t ours; } MAP[] = {
        {CD_F_OPAQUE, CT_OPAQUE}, {CD_F_LATE, CT_LATE}, {CD_F_FLEX, CT_FLEX},
        {CD_F_UNAVAIL, CT_UNAVAIL}, {CD_F_TRANSPARENT, CT_TRANSPARENT},
    };
    uint32_t flags = t->kind == CD_UNION ? CT_UNION_LIKE : 0;
    for (size_t i = 0; i < sizeof MAP / sizeof *MAP; i++)
        if (t->flags & MAP[i].parser)
            flags |= MAP[i].ours;
    if (t->kind == CD_UNAVAIL)
        flags |= CT_UNAVAIL | CT_OPAQUE;
    return flags;
}

/* What a copy of ct has become, into ct itself, which other threads may be
 * reading: size and flags, which they ask before all else, come last.        */
static void publish_facts(CTypeObject *ct, const CTypeObject *now)
{
    ct->prim = now->prim;
    ct->klass = now->klass;
    ct->is_signed = now->is_signed;
    ct->align = now->align;
    ct->read = now->read;
    ct->write = now->write;
    CC_STORE(ct->size, now->size);
    CC_STORE(ct->flags, now->flags);
}

void cc_ctype_set_declared(CTypeObject *ct, const cd_ctype *t)
{
    CTypeObject now = *ct;
    now.flags = declared_flags(t);
    if (t->kind == CD_ENUM && !(now.flags & CT_OPAQUE)) {
        cc_ctype_set_prim(&now, t->sub);
        now.is_signed = (t->flags & CD_F_SIGNED) != 0;
    }
    else if (!(now.flags & (CT_OPAQUE | CT_UNAVAIL | CT_LATE))) {
        now.align = t->align;
        now.size = (Py_ssize_t)t->size;
    }
    cc_ctype_settle(&now);
    publish_facts(ct, &now);
}

/* `typedef int... t`, once a stub has said which it is.                      */
static void complete_prim(CTypeObject *ct, const cd_ctype *t)
{
    if (t->flags & CD_F_LATE)
        return;
    CTypeObject now = *ct;
    now.flags &= ~(uint32_t)CT_LATE;
    if (t->flags & CD_F_UNAVAIL)
        now.flags |= CT_UNAVAIL;
    else
        cc_ctype_set_prim(&now, t->sub);
    cc_ctype_settle(&now);
    publish_facts(ct, &now);
}

void cc_ctype_complete_locked(CTypeObject *ct)
{
    const cd_ctype *t = cd_type(ct->table->table, ct->id);
    if (ct->kind == CD_PRIM && t->kind == CD_PRIM) {
        complete_prim(ct, t);
        return;
    }
    if (t->kind != ct->kind || (t->flags & CD_F_OPAQUE))
        return;
    cc_ctype_set_declared(ct, t);
    PyObject *before = ct->fields; /* an enum's, without values */
    CC_STORE(ct->fields, NULL);
    if (!CC_FREE_THREADED) /* else some thread may be reading it */
        Py_XDECREF(before);
}
