/* ctype_cache.c - the ctypes made from a table's ids.
 *
 * Readers follow one pointer without a lock; a larger array replaces it and the
 * old one stays until the table dies.                                        */
#include "ctype_make.h"

struct cc_ctypes {
    uint32_t n;
    struct cc_ctypes *older;
    CTypeObject *slot[];
};

CTypeObject *cc_table_get(TableObject *tb, cd_id id)
{
    struct cc_ctypes *all = CC_LOAD(tb->ctypes);
    return all != NULL && id < all->n ? CC_LOAD(all->slot[id]) : NULL;
}

/* Room for every id there is now, and twice what there was.                  */
static int grow_locked(TableObject *tb, cd_id id)
{
    struct cc_ctypes *old = tb->ctypes;
    uint32_t n = cd_n_types(tb->table) + 1;
    if (old != NULL && n < old->n * 2)
        n = old->n * 2;
    if (n <= id)
        n = id + 1;
    struct cc_ctypes *all =
        PyMem_RawCalloc(1, sizeof *all + n * sizeof *all->slot);
    if (all == NULL)
        return -1;
    all->n = n;
    if (old != NULL)
        memcpy(all->slot, old->slot, old->n * sizeof *old->slot);
    if (CC_FREE_THREADED)
        all->older = old;
    CC_STORE(tb->ctypes, all);
    if (!CC_FREE_THREADED)
        PyMem_RawFree(old);
    return 0;
}

/* Whether the table may yet say more about it than it knows.                 */
static bool waits(const TableObject *tb, const CTypeObject *ct)
{
    if (ct->kind == CD_ARRAY)
        return ct->flags & CT_LATE;
    return ct->table == tb && (ct->flags & (CT_OPAQUE | CT_LATE));
}

/* An array of late length or items is another type once they are known.      */
static void forget_late_array_locked(TableObject *tb, cd_id id)
{
    CTypeObject *ct = tb->ctypes->slot[id];
    CC_STORE(tb->ctypes->slot[id], NULL);
    if (!CC_FREE_THREADED) /* else some thread may be reading it */
        Py_DECREF(ct);
}

/* Whether a cdef completed what ct waits for since ct was begun.             */
static bool came_late_locked(TableObject *tb, cd_id id, const CTypeObject *ct)
{
    return ct->kind == CD_ARRAY && waits(tb, ct) &&
           !(cd_type(tb->table, id)->flags & CD_F_LATE);
}

CTypeObject *cc_table_put(TableObject *tb, cd_id id, CTypeObject *ct)
{
    CTypeObject *result = NULL;

    cc_table_lock(tb);
    if (tb->ctypes == NULL || id >= tb->ctypes->n)
        if (grow_locked(tb, id) < 0)
            goto done;
    result = tb->ctypes->slot[id];
    if (result == NULL && came_late_locked(tb, id, ct)) {
        result = ct; /* as if made before: not kept */
    } else if (result == NULL) {
        result = (CTypeObject *)Py_NewRef(ct);
        if (waits(tb, ct) && ct->kind != CD_ARRAY && ct->id == id)
            cc_ctype_complete_locked(ct);
        CC_STORE(tb->ctypes->slot[id], result);
        tb->n_opaque += waits(tb, result);
    }
    Py_INCREF(result);
done:
    cc_table_unlock(tb);
    Py_DECREF(ct);
    if (result == NULL)
        PyErr_NoMemory();
    return result;
}

void cc_table_complete(TableObject *tb)
{
    cc_table_lock(tb);
    uint32_t waiting = 0, n = tb->n_opaque > 0 ? tb->ctypes->n : 0;
    for (cd_id id = 0; id < n; id++) {
        CTypeObject *ct = tb->ctypes->slot[id];
        if (ct == NULL || !waits(tb, ct))
            continue;
        if (ct->kind != CD_ARRAY && ct->id == id)
            cc_ctype_complete_locked(ct);
        else if (ct->kind == CD_ARRAY &&
                 !(cd_type(tb->table, id)->flags & CD_F_LATE))
            forget_late_array_locked(tb, id);
        ct = tb->ctypes->slot[id];
        waiting += ct != NULL && waits(tb, ct);
    }
    tb->n_opaque = waiting;
    cc_table_unlock(tb);
}

int cc_table_visit(TableObject *tb, visitproc visit, void *arg)
{
    for (uint32_t i = 0; tb->ctypes != NULL && i < tb->ctypes->n; i++)
        Py_VISIT(tb->ctypes->slot[i]);
    return 0;
}

void cc_table_forget(TableObject *tb)
{
    struct cc_ctypes *all = tb->ctypes;
    tb->ctypes = NULL;
    while (all != NULL) {
        struct cc_ctypes *older = all->older;
        for (uint32_t i = 0; i < all->n; i++)
            Py_XDECREF(all->slot[i]);
        PyMem_RawFree(all);
        all = older;
        if (all != NULL)
            all->n = 0; /* its references moved to the newest */
    }
}
