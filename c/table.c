/* table.c - Table: a cd_table, the ctypes made from its ids, what it includes.
 * Python's view of it is table_view.c.                                       */
#include "core.h"
#include "stub.h"

/* ---- id -> ctype ------------------------------------------------------------
 * Readers follow one pointer without a lock; a larger array replaces it and the
 * old one stays until the table dies.                                        */

struct cc_ctypes {
    uint32_t n;
    struct cc_ctypes *older;
    CTypeObject *slot[];
};

void cc_table_lock(TableObject *tb)
{
    CC_LOCK(&tb->state->table_lock);
    (void)tb;
}

void cc_table_unlock(TableObject *tb)
{
    CC_UNLOCK(&tb->state->table_lock);
    (void)tb;
}

bool cc_table_type(TableObject *tb, cd_id id, cd_ctype *out)
{
    cc_table_lock(tb);
    bool there = id >= 1 && id <= cd_n_types(tb->table);
    if (there)
        *out = *cd_type(tb->table, id);
    cc_table_unlock(tb);
    return there;
}

bool cc_table_decl(TableObject *tb, uint32_t i, cd_decl *out)
{
    cc_table_lock(tb);
    bool there = i >= 1 && i <= cd_n_decls(tb->table);
    if (there)
        *out = *cd_decl_at(tb->table, i);
    cc_table_unlock(tb);
    return there;
}

bool cc_table_find(TableObject *tb, const char *utf8, Py_ssize_t length,
                   cd_decl *out)
{
    cc_table_lock(tb);
    uint32_t i = cd_find_decl(tb->table, utf8, (size_t)length);
    if (i != 0)
        *out = *cd_decl_at(tb->table, i);
    cc_table_unlock(tb);
    return i != 0;
}

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

/* ---- includes ------------------------------------------------------------ */

enum { MAX_INCLUDES = 100 };

/* The parser numbers all tables that can be reached, in the order it meets
 * them; here a table holds those it includes itself.                         */
TableObject *cc_table_include(TableObject *tb, uint32_t no)
{
    const cd_table *wanted = cd_included(tb->table, no);
    TableObject *seen[MAX_INCLUDES + 1] = {tb};
    uint32_t n = 1;

    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < seen[i]->n_includes; k++) {
            TableObject *next = seen[i]->includes[k];
            if (next->table == wanted)
                return next;
            uint32_t j = 0;
            while (j < n && seen[j] != next)
                j++;
            if (j == n && n <= MAX_INCLUDES)
                seen[n++] = next;
        }
    PyErr_SetString(PyExc_SystemError, "a table is not included");
    return NULL;
}

int cc_table_add_include(TableObject *tb, TableObject *other)
{
    cd_error err;
    int failed = -1;

    cc_table_lock(tb);
    if (tb->includes == NULL)
        tb->includes = PyMem_RawCalloc(MAX_INCLUDES, sizeof *tb->includes);
    if (tb->includes == NULL)
        err.kind = CD_E_MEMORY;
    else if (tb->n_includes == MAX_INCLUDES) {
        err.kind = CD_E_LIMIT;
        strcpy(err.text, "too many includes");
    }
    else
        failed = cd_include(tb->table, other->table, &err);
    if (!failed)
        tb->includes[tb->n_includes++] = (TableObject *)Py_NewRef(other);
    cc_table_unlock(tb);
    if (failed)
        cc_raise_parse(tb->state, &err);
    return failed;
}

/* ---- compiled stubs that feed the table ---------------------------------- */

struct cc_feed {
    cc_source *source; /* owned */
    struct cc_feed *older;
    bool all; /* everything it knows is in the table */
};

int cc_table_add_source(TableObject *tb, cc_source *source)
{
    struct cc_feed *feed = PyMem_RawMalloc(sizeof *feed);
    if (feed == NULL) {
        cc_source_free(source);
        PyErr_NoMemory();
        return -1;
    }
    feed->source = source;
    feed->all = false;
    cc_table_lock(tb);
    feed->older = tb->feeds;
    CC_STORE(tb->feeds, feed);
    cc_table_unlock(tb);
    return 0;
}

void cc_table_drop_source(TableObject *tb)
{
    cc_table_lock(tb);
    struct cc_feed *feed = tb->feeds;
    CC_STORE(tb->feeds, feed->older);
    cc_table_unlock(tb);
    if (CC_FREE_THREADED) /* some thread may be looking at it */
        return;
    cc_source_free(feed->source);
    PyMem_RawFree(feed);
}

cc_source *cc_table_source(TableObject *tb, uint32_t i)
{
    struct cc_feed *feed = CC_LOAD(tb->feeds);
    while (feed != NULL && i-- > 0)
        feed = feed->older;
    return feed != NULL ? feed->source : NULL;
}

static void ignore_reason(void *arg, const char *name, const char *file,
                          uint32_t line, const char *reason)
{
    (void)arg, (void)name, (void)file, (void)line, (void)reason;
}

int cc_table_fill(TableObject *tb)
{
    cd_error err;
    int failed = 0;
    cc_table_lock(tb);
    for (struct cc_feed *feed = tb->feeds; feed != NULL && !failed;
         feed = feed->older)
        if (!feed->all) {
            failed = cc_source_all(feed->source, ignore_reason, NULL, &err);
            feed->all = !failed;
        }
    cc_table_unlock(tb);
    if (failed)
        cc_raise_parse(tb->state, &err);
    return failed;
}

static void free_feeds(struct cc_feed *feed)
{
    while (feed != NULL) {
        struct cc_feed *older = feed->older;
        cc_source_free(feed->source);
        PyMem_RawFree(feed);
        feed = older;
    }
}

/* ---- life ---------------------------------------------------------------- */

TableObject *cc_table_new(cc_state *st)
{
    TableObject *tb = (TableObject *)st->Table->tp_alloc(st->Table, 0);
    if (tb == NULL)
        return NULL;
    tb->state = st;
    Py_INCREF(st->module); /* the state outlives every table */
    tb->table = cd_table_new(NULL, NULL);
    if (tb->table == NULL) {
        Py_DECREF(tb);
        return (TableObject *)PyErr_NoMemory();
    }
    tb->first_decl = cd_n_decls(tb->table) + 1;
    tb->first_type = cd_n_types(tb->table) + 1;
    return tb;
}

PyObject *cc_table_docs(TableObject *tb)
{
    PyObject *docs = CC_LOAD(tb->docs);
    if (docs == NULL) {
        PyObject *made = PyDict_New();
        if (made == NULL)
            return NULL;
        docs = cc_publish_once((void **)&tb->docs, made);
        if (docs != made)
            Py_DECREF(made);
    }
    return Py_NewRef(docs);
}

PyObject *cc_table_doc(TableObject *tb, PyObject *name)
{
    PyObject *docs = CC_LOAD(tb->docs);
    PyObject *doc = docs ? cc_dict_item(docs, name) : NULL;
    if (doc == NULL)
        PyErr_Clear();
    else if (!PyUnicode_Check(doc))
        Py_CLEAR(doc);
    return doc;
}

static int table_traverse(TableObject *tb, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(tb));
    if (tb->state != NULL)
        Py_VISIT(tb->state->module);
    Py_VISIT(tb->module);
    Py_VISIT(tb->docs);
    for (uint32_t i = 0; i < tb->n_includes; i++)
        Py_VISIT(tb->includes[i]);
    for (uint32_t i = 0; tb->ctypes != NULL && i < tb->ctypes->n; i++)
        Py_VISIT(tb->ctypes->slot[i]);
    return 0;
}

/* The cache only: it can be filled again, so that a table that some destructor
 * still uses while its cycle is taken apart stays a whole one.               */
static int table_clear(TableObject *tb)
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
    return 0;
}

static void table_dealloc(TableObject *tb)
{
    PyTypeObject *type = Py_TYPE(tb);
    cc_state *st = tb->state;

    PyObject_GC_UnTrack(tb);
    table_clear(tb);
    if (tb->table != NULL)
        cd_table_free(tb->table);
    free_feeds(tb->feeds);
    for (uint32_t i = 0; i < tb->n_includes; i++)
        Py_DECREF(tb->includes[i]);
    PyMem_RawFree(tb->includes);
    Py_XDECREF(tb->module);
    Py_XDECREF(tb->docs);
    type->tp_free(tb);
    Py_DECREF(type);
    if (st != NULL)
        Py_DECREF(st->module);
}

PyDoc_STRVAR(table_doc,
"What an FFI has declared, as the parser keeps it.  Read-only.");

static PyType_Slot table_slots[] = {
    {Py_tp_doc, (void *)table_doc},
    {Py_tp_dealloc, table_dealloc},
    {Py_tp_traverse, table_traverse},
    {Py_tp_clear, table_clear},
    {Py_tp_methods, cc_table_methods},
    {Py_tp_getset, cc_table_getset},
    {0, NULL},
};

PyType_Spec cc_table_spec = {
    .name = "cffi_core.Table",
    .basicsize = CC_SHARED_SIZE(TableObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = table_slots,
};
