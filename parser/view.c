/* view.c - reading a table: nothing here changes it or can fail.  MIT.       */
#include "cd_impl.h"

const cd_ctype *cd_type(const cd_table *t, cd_id id)
{
    return cd_ty(t, id);
}

const cd_member *cd_member_at(const cd_table *t, uint32_t i)
{
    return cd_seg_at(&t->members, i);
}

const cd_decl *cd_decl_at(const cd_table *t, uint32_t i)
{
    return cd_seg_at(&t->decls, i);
}

uint32_t cd_id_at(const cd_table *t, uint32_t i)
{
    return *(const cd_id *)cd_seg_at(&t->ids, i);
}

/* What is predefined has a place too: nowhere. */
const cd_where *cd_where_at(const cd_table *t, uint32_t where)
{
    static const cd_where nowhere;

    return where ? cd_seg_at(&t->wheres, where) : &nowhere;
}

const char *cd_text(const cd_table *t, cd_str s, uint32_t *len)
{
    const cd_atom *a = cd_atom_at(t, s);

    if (len != NULL)
        *len = s ? a->len : 0;
    return s ? a->text : "";
}

uint32_t cd_n_types(const cd_table *t)
{
    return t->types.count - 1;
}

uint32_t cd_n_wheres(const cd_table *t)
{
    return t->wheres.count - 1;
}

uint32_t cd_n_decls(const cd_table *t)
{
    return t->decls.count - 1;
}

const cd_table *cd_included(const cd_table *t, uint32_t no)
{
    if (no == 0 || no >= t->includes.count)
        return NULL;
    return *(const cd_table *const *)cd_seg_at(&t->includes, no);
}

const cd_target *cd_table_target(const cd_table *t)
{
    return t->target;
}

size_t cd_table_bytes(const cd_table *t)
{
    return t->bytes;
}
