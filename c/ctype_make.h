/* ctype_make.h - how a ctype is made from an id, and its end: what the files of
 * types share and nobody else needs.                                         */
#ifndef CC_CTYPE_MAKE_H
#define CC_CTYPE_MAKE_H
#include "core.h"

/* ---- ctype_facts.c ------------------------------------------------------- */
/* The size and so on of a primitive, or of an enum like it; of what t, a record
 * of its table, declares.                                                    */
void cc_ctype_set_prim(CTypeObject *ct, int prim);
void cc_ctype_set_declared(CTypeObject *ct, const cd_ctype *t);
/* What follows of that: the class, flags, read and write.                    */
void cc_ctype_settle(CTypeObject *ct);
/* Takes over the body of a record or enum if its table has one by now.       */
void cc_ctype_complete_locked(CTypeObject *ct);

/* ---- ctype_name.c -------------------------------------------------------- */
/* Gives ct its name, made of its parts, or as t, its record, has it.  0/-1   */
int cc_name_derived(CTypeObject *ct);
int cc_name_declared(CTypeObject *ct, const cd_ctype *t);

/* ---- ctype_cache.c: what is made of a table's ids ------------------------ */
/* The ctype made for id, or NULL without an exception.                       */
BORROWED CTypeObject *cc_table_get(TableObject *tb, cd_id id);
/* Publishes ct for id unless another thread did; the one that is there, new.
 * STEALS ct.  NULL: memory.                                                  */
CTypeObject *cc_table_put(TableObject *tb, cd_id id, CTypeObject *ct);
/* The ctypes, in tp_traverse; dropped, as they may be made again.            */
int cc_table_visit(TableObject *tb, visitproc visit, void *arg);
void cc_table_forget(TableObject *tb);

/* ---- table.c ------------------------------------------------------------- */
void cc_table_free_parts(TableObject *tb); /* from dealloc                    */

/* ---- intern.c ------------------------------------------------------------ */
/* The one ctype with made's parts: made itself, or the one that was there
 * before (made is then dropped).  STEALS made; NULL stays NULL.        */
CTypeObject *cc_intern(CTypeObject *made);
/* The ctype with the same parts as `like`, new; NULL without an exception.   */
CTypeObject *cc_intern_find(cc_state *st, const CTypeObject *like);
void cc_intern_remove(CTypeObject *ct); /* from ctype dealloc */

#endif
