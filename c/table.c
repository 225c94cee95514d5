/* table.c - Table: a cd_table, the ctypes made from its ids, what it includes;
 * and the read-only view of it that Python has (ffi._table).                 */
#include "core.h"

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

CTypeObject *cc_table_put(TableObject *tb, cd_id id, CTypeObject *ct)
{
    CTypeObject *result = NULL;

    cc_table_lock(tb);
    if (tb->ctypes == NULL || id >= tb->ctypes->n)
        if (grow_locked(tb, id) < 0)
            goto done;
    result = tb->ctypes->slot[id];
    if (result == NULL) {
        result = (CTypeObject *)Py_NewRef(ct);
        CC_STORE(tb->ctypes->slot[id], result);
        if (result->table == tb && (result->flags & CT_OPAQUE))
            tb->n_opaque++;
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
    if (tb->n_opaque == 0 || tb->ctypes == NULL)
        return;
    cc_table_lock(tb);
    uint32_t waiting = 0;
    for (cd_id id = 0; id < tb->ctypes->n; id++) {
        CTypeObject *ct = tb->ctypes->slot[id];
        if (ct == NULL || ct->table != tb || ct->id != id ||
            !(ct->flags & CT_OPAQUE))
            continue;
        cc_ctype_complete_locked(ct);
        waiting += (ct->flags & CT_OPAQUE) != 0;
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

static int table_traverse(TableObject *tb, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(tb));
    if (tb->state != NULL)
        Py_VISIT(tb->state->module);
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
    for (uint32_t i = 0; i < tb->n_includes; i++)
        Py_DECREF(tb->includes[i]);
    PyMem_RawFree(tb->includes);
    type->tp_free(tb);
    Py_DECREF(type);
    if (st != NULL)
        Py_DECREF(st->module);
}

/* ---- the view ------------------------------------------------------------ */

static const char *const KINDS[] = {
#define KIND(NAME, word) word,
#include "kinds.def"
};

static const char *text_of(TableObject *tb, cd_str s)
{
    return s == 0 ? NULL : cd_text(tb->table, s, NULL);
}

static int index_arg(PyObject *arg, uint32_t highest, uint32_t *out)
{
    unsigned long i = PyLong_AsUnsignedLong(arg);
    if (i == (unsigned long)-1 && PyErr_Occurred())
        return -1;
    if (i < 1 || i > highest) {
        PyErr_Format(PyExc_IndexError, "index must be 1..%u", highest);
        return -1;
    }
    *out = (uint32_t)i;
    return 0;
}

PyDoc_STRVAR(table_type_doc,
"type(id) -> dict\n\n"
"The columns of a type's record; their meaning for each kind is the picture\n"
"in parser/cd_parser.h.  IndexError if there is no such id.");

static PyObject *table_type(TableObject *tb, PyObject *arg)
{
    uint32_t id;
    if (index_arg(arg, cd_n_types(tb->table), &id) < 0)
        return NULL;
    const cd_ctype *t = cd_type(tb->table, id);
    return Py_BuildValue("{s:s,s:i,s:i,s:I,s:z,s:I,s:I,s:I,s:K,s:K,s:I}",
                         "kind", KINDS[t->kind], "sub", (int)t->sub, "flags",
                         (int)t->flags, "canon", t->canon, "name",
                         text_of(tb, t->name), "a", t->a, "b", t->b, "x", t->x,
                         "n", (unsigned long long)t->n, "size",
                         (unsigned long long)t->size, "align", t->align);
}

PyDoc_STRVAR(table_decl_doc,
"decl(index) -> dict\n\n"
"The columns of a declared name's record, as parser/cd_parser.h has them.\n"
"IndexError if there is no such declaration.");

static PyObject *table_decl(TableObject *tb, PyObject *arg)
{
    uint32_t i;
    if (index_arg(arg, cd_n_decls(tb->table), &i) < 0)
        return NULL;
    const cd_decl *d = cd_decl_at(tb->table, i);
    return Py_BuildValue("{s:z,s:i,s:I,s:i,s:i,s:L,s:z}", "name",
                         text_of(tb, d->name), "kind", (int)d->kind, "type",
                         d->type, "flags", (int)d->flags, "include",
                         (int)d->include, "value", (long long)d->u.value,
                         "text", text_of(tb, d->text));
}

static PyObject *table_n_types(TableObject *tb, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLong(cd_n_types(tb->table));
}

static PyObject *table_n_decls(TableObject *tb, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLong(cd_n_decls(tb->table));
}

static PyObject *table_bytes(TableObject *tb, void *Py_UNUSED(closure))
{
    return PyLong_FromSize_t(cd_table_bytes(tb->table));
}

static PyMethodDef table_methods[] = {
    {"type", (PyCFunction)table_type, METH_O, table_type_doc},
    {"decl", (PyCFunction)table_decl, METH_O, table_decl_doc},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef table_getset[] = {
    {"n_types", (getter)table_n_types, NULL, "the highest type id", NULL},
    {"n_decls", (getter)table_n_decls, NULL, "the highest index of decl()",
     NULL},
    {"bytes", (getter)table_bytes, NULL, "memory that the table holds", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyDoc_STRVAR(table_doc,
"What an FFI has declared, as the parser keeps it.  Read-only.");

static PyType_Slot table_slots[] = {
    {Py_tp_doc, (void *)table_doc},
    {Py_tp_dealloc, table_dealloc},
    {Py_tp_traverse, table_traverse},
    {Py_tp_clear, table_clear},
    {Py_tp_methods, table_methods},
    {Py_tp_getset, table_getset},
    {0, NULL},
};

PyType_Spec cc_table_spec = {
    .name = "cffi_core.Table",
    .basicsize = CC_SHARED_SIZE(TableObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = table_slots,
};
