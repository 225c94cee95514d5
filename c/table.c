/* table.c - Table: a cd_table with its lock, what it includes, what feeds it.
 * The ctypes made from its ids are in ctype_cache.c, its type in table_type.c.
 */
#include "ctype_make.h"
#include "stub.h"

/* ---- reading it ---------------------------------------------------------- */

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
    if (!failed) { /* who looks on without the lock finds what is counted */
        tb->includes[tb->n_includes] = (TableObject *)Py_NewRef(other);
        CC_STORE(tb->n_includes, tb->n_includes + 1);
    }
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

void cc_table_free_parts(TableObject *tb)
{
    if (tb->table != NULL)
        cd_table_free(tb->table);
    free_feeds(tb->feeds);
    for (uint32_t i = 0; i < tb->n_includes; i++)
        Py_DECREF(tb->includes[i]);
    PyMem_RawFree(tb->includes);
    Py_XDECREF(tb->module);
    Py_XDECREF(tb->docs);
}
