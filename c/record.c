/* record.c - the fields of structs and unions, made once, on first use.      */
#include "core.h"
#include "names.h"
#include <string.h>

/* ---- from the table's members -------------------------------------------- */

/* Where members are taken from: a record, itself or as an anonymous member of
 * another one at some offset.                                                */
typedef struct source {
    TableObject *table;
    cd_id id;              /* canonical */
    uint64_t offset;
    uint32_t flags;        /* for each of its fields */
} source;

/* STEALS type.                                                               */
static int add_field(PyObject *list, TableObject *tb, const cd_member *m,
                     const source *from, CTypeObject *type)
{
    cc_state *st = tb->state;
    uint32_t len;
    const char *text = cd_text(tb->table, m->name, &len);
    PyTypeObject *cfield = cc_type(st, CC_CField);
    CFieldObject *f =
        cfield != NULL ? (CFieldObject *)cfield->tp_alloc(cfield, 0) : NULL;

    if (f == NULL) {
        Py_DECREF(type);
        return -1;
    }
    f->type = type;
    f->offset = (Py_ssize_t)(from->offset + m->offset);
    f->bitsize = m->bits;
    f->bitshift = m->bits >= 0 ? (int16_t)m->shift : -1;
    if (type->kind == CD_ARRAY && type->length <= 0)
        f->bitshift = -2;
    f->flags = from->flags;
    f->name = PyUnicode_DecodeUTF8(text, len, "replace");
    int failed = -1;
    if (f->name != NULL) {
        PyUnicode_InternInPlace(&f->name);
        failed = PyList_Append(list, (PyObject *)f);
    }
    Py_DECREF(f);
    return failed;
}

static int add_members(PyObject *list, source from);

/* The members of an anonymous struct or union count as its owner's.          */
static int add_anonymous(PyObject *list, source from, const cd_member *m)
{
    from.offset += m->offset;
    from.id = cd_type(from.table->table, m->type)->canon;
    const cd_ctype *t = cd_type(from.table->table, from.id);
    while (t->kind == CD_IMPORT) {
        from.table = cc_table_include(from.table, t->a);
        if (from.table == NULL)
            return -1;
        from.id = cd_type(from.table->table, t->b)->canon;
        t = cd_type(from.table->table, from.id);
    }
    return add_members(list, from);
}

/* A list initialises the first member of a union only; but where C has no such
 * union, its members lie one behind the other.                               */
static bool is_alternative(const cd_table *table, const cd_ctype *t, uint32_t i)
{
    return t->kind == CD_UNION && i < t->b &&
           cd_member_at(table, t->a + i)->offset ==
               cd_member_at(table, t->a)->offset;
}

static int add_members(PyObject *list, source from)
{
    const cd_table *table = from.table->table;
    const cd_ctype *t = cd_type(table, from.id);

    for (uint32_t i = 0; i < t->b; i++) {
        const cd_member *m = cd_member_at(table, t->a + i);
        int failed;
        if (m->name == 0)
            failed = add_anonymous(list, from, m);
        else {
            CTypeObject *type = cc_ctype_of(from.table, m->type);
            failed = type == NULL ? -1
                                  : add_field(list, from.table, m, &from, type);
        }
        if (failed)
            return -1;
        if (is_alternative(table, t, i + 1))
            from.flags |= CF_IGNORE_IN_INIT;
    }
    return 0;
}

/* ---- publishing ---------------------------------------------------------- */

static cc_names *names_of(PyObject *fields)
{
    cc_names *names = NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); i++) {
        CFieldObject *f = (CFieldObject *)PyTuple_GET_ITEM(fields, i);
        if (cc_names_add_locked(&names, f->name, f) < 0)
            goto fail;
    }
    if (names == NULL) { /* an empty record has a table too: it is ready */
        names = PyMem_Calloc(1, sizeof *names + sizeof *names->slot);
        if (names == NULL)
            PyErr_NoMemory();
    }
    return names;
fail:
    cc_names_free(names);
    return NULL;
}

/* The first to come is the one that stays.  STEALS both.                     */
static void publish(CTypeObject *ct, PyObject *fields, cc_names *names)
{
    CC_LOCK(&ct->state->lock);
    bool first = ct->names == NULL;
    if (first) {
        CC_STORE(ct->fields, fields);
        CC_STORE(ct->names, names);
    }
    CC_UNLOCK(&ct->state->lock);
    if (!first) {
        cc_names_free(names);
        Py_DECREF(fields);
    }
}

static int make_fields(CTypeObject *ct)
{
    PyObject *fields = NULL;
    cc_names *names = NULL;
    PyObject *list = PyList_New(0);

    const source whole = {ct->table, ct->id, 0, 0};
    if (list != NULL && add_members(list, whole) == 0)
        fields = PyList_AsTuple(list);
    if (fields != NULL)
        names = names_of(fields);
    Py_XDECREF(list);
    if (names == NULL) {
        Py_XDECREF(fields);
        return -1;
    }
    publish(ct, fields, names);
    return 0;
}

/* ---- the interface ------------------------------------------------------- */

/* What a C compiler has otherwise is said as CFFI does.                      */
static CC_COLD void say_why(CTypeObject *ct, const char *why)
{
    bool found_wrong = strncmp(why, "wrong ", 6) == 0;
    PyErr_Format(cc_error(ct->state, CC_FFIError),
                 found_wrong ? "%U: %s" : "'%U' cannot be used: %s", ct->name,
                 why);
}

CC_COLD int cc_error_not_usable(CTypeObject *ct)
{
    cc_state *st = ct->state;
    if (ct->flags & CT_UNAVAIL)
        say_why(ct, cd_why(ct->table->table, ct->id));
    else if (ct->flags & CT_LATE)
        PyErr_Format(cc_error(st, CC_VerificationMissing),
                     "%U: declared with `...`, so its size is known only once "
                     "it is compiled", ct->name);
    else
        PyErr_Format(PyExc_TypeError, "'%U' is opaque", ct->name);
    return -1;
}

int cc_record_ready(CTypeObject *ct)
{
    if (CC_LIKELY(CC_LOAD(ct->names) != NULL))
        return 0;
    if (CC_LOAD(ct->flags) & (CT_OPAQUE | CT_LATE | CT_UNAVAIL))
        return cc_error_not_usable(ct);
    return make_fields(ct); /* what was there before the flags said so */
}

CFieldObject *cc_field_get(CTypeObject *record, PyObject *name)
{
    CFieldObject *f = cc_names_get(CC_LOAD(record->names), name);
    if (f != NULL || PyUnicode_CHECK_INTERNED(name))
        return f;
    /* Not interned: equal to a field's name perhaps, but another object.     */
    for (Py_ssize_t i = 0; i < cc_field_count(record); i++) {
        f = cc_field_at(record, i);
        if (PyUnicode_Compare(f->name, name) == 0)
            return f;
    }
    return NULL;
}

CFieldObject *cc_field_at(CTypeObject *record, Py_ssize_t i)
{
    if (i >= PyTuple_GET_SIZE(record->fields))
        return NULL;
    return (CFieldObject *)PyTuple_GET_ITEM(record->fields, i);
}

Py_ssize_t cc_field_count(CTypeObject *record)
{
    return PyTuple_GET_SIZE(record->fields);
}
