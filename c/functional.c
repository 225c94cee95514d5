/* functional.c - what a module that stands for CFFI's _cffi_backend is made of:
 * types from types, by calls instead of C text, and the names of our types.
 * The functions are private to cffi_core (functional.py).                    */
#include "cd_build.h"
#include "ffi_methods.h"
#include "module.h"
#include <string.h>

/* ---- types of types ------------------------------------------------------ */

/* args[i] as a ctype, BORROWED; NULL with TypeError.                         */
static BORROWED CTypeObject *ctype_arg(PyObject *module, PyObject *arg)
{
    cc_state *st = PyModule_GetState(module);
    if (CType_Check(st, arg))
        return (CTypeObject *)arg;
    PyErr_Format(PyExc_TypeError, "expected a ctype object, got '%.200s'",
                 Py_TYPE(arg)->tp_name);
    return NULL;
}

static PyObject *backend_pointer(PyObject *module, PyObject *item)
{
    CTypeObject *ct = ctype_arg(module, item);
    return ct == NULL ? NULL : (PyObject *)cc_ctype_pointer(ct);
}

/* _array_type(item, length); length -1: open */
static PyObject *backend_array(PyObject *module, PyObject *args)
{
    PyObject *item;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(args, "On:_array_type", &item, &length))
        return NULL;
    CTypeObject *ct = ctype_arg(module, item);
    return ct == NULL ? NULL : (PyObject *)cc_ctype_array(ct, length);
}

enum { CC_MAX_BOUND_PARAMS = 256 };

/* ---- ctypes in declarations ---------------------------------------------- */

typedef struct binding {
    TableObject *table;
    CTypeObject *ct;
    const char *name;
} binding;

static cd_id id_of(cd_builder *b, TableObject *tb, CTypeObject *ct);

static cd_id id_of_function(cd_builder *b, TableObject *tb, CTypeObject *ct)
{
    cd_id params[CC_MAX_BOUND_PARAMS];
    const cc_signature *sig = ct->sig;
    if (sig->n > CC_MAX_BOUND_PARAMS)
        cd_build_fail(b, "too many parameters");
    for (uint32_t i = 0; i < sig->n; i++)
        params[i] = id_of(b, tb, sig->params[i]);
    cd_id result = id_of(b, tb, ct->item);
    uint16_t flags = sig->variadic ? CD_F_VARIADIC : 0;
    cd_id id = cd_build_function(b, result, params, sig->n, sig->abi, flags);
    return cd_build_pointer(b, id);
}

/* What ct is in the table, which includes all tables that ct needs.          */
static cd_id id_of(cd_builder *b, TableObject *tb, CTypeObject *ct)
{
    if (ct->table == tb)
        return ct->id;
    if (ct->table != NULL)
        return cd_build_import_id(b, ct->table->table, ct->id);
    switch (ct->kind) {
    case CD_PRIM: return ct->prim;
    case CD_POINTER: return cd_build_pointer(b, id_of(b, tb, ct->item));
    case CD_FUNC: return id_of_function(b, tb, ct);
    default:
        break;
    }
    cd_id item = id_of(b, tb, ct->item);
    if (ct->flags & CT_VECTOR)
        return cd_build_vector(b, item, (uint64_t)ct->length);
    return cd_build_array(b, item, ct->length < 0 ? 0 : (uint64_t)ct->length,
                          ct->length < 0 ? CD_F_OPEN : 0);
}

static void bind_typedef(cd_builder *b, void *arg)
{
    const binding *what = arg;
    cd_id item = id_of(b, what->table, what->ct);
    uint32_t where = cd_build_where(b, "<ctype>", 1);
    cd_decl d = {.kind = CD_D_TYPEDEF, .where = where};
    d.name = cd_build_name(b, what->name, strlen(what->name));
    d.type = cd_build_typedef(b, what->name, item, 0, where);
    cd_build_decl(b, &d);
}

static bool includes(const TableObject *tb, const TableObject *other)
{
    const cd_table *included;
    for (uint32_t i = 1; (included = cd_included(tb->table, i)) != NULL; i++)
        if (included == other->table)
            return true;
    return false;
}

/* Includes every table whose types ct is made of.  0/-1                      */
static int include_parts(TableObject *tb, CTypeObject *ct)
{
    if (ct->table != NULL) {
        if (ct->table == tb || includes(tb, ct->table))
            return 0;
        return cc_table_add_include(tb, ct->table);
    }
    if (ct->item != NULL && include_parts(tb, ct->item) < 0)
        return -1;
    for (uint32_t i = 0; ct->sig != NULL && i < ct->sig->n; i++)
        if (include_parts(tb, ct->sig->params[i]) < 0)
            return -1;
    return 0;
}

/* _bind_type(ffi, name, ctype): from now on name is a typedef for ctype.     */
static PyObject *backend_bind(PyObject *module, PyObject *args)
{
    cc_state *st = PyModule_GetState(module);
    PyObject *ffi, *ctype;
    binding what;
    if (!PyArg_ParseTuple(args, "O!sO:_bind_type", st->FFI, &ffi, &what.name,
                          &ctype))
        return NULL;
    what.table = ((FFIObject *)ffi)->table;
    what.ct = ctype_arg(module, ctype);
    if (what.ct == NULL || include_parts(what.table, what.ct) < 0)
        return NULL;
    cd_error err;
    cc_table_lock(what.table);
    int failed = cd_build(what.table->table, bind_typedef, &what, &err);
    cc_table_unlock(what.table);
    if (failed) {
        cc_raise_parse(st, &err);
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- records with a given layout ----------------------------------------- */

typedef struct given_member {
    const char *name;
    CTypeObject *ct;
    int bits, shift;
    Py_ssize_t offset;
} given_member;

typedef struct given_layout {
    CTypeObject *record;
    cd_build_layout layout;
    uint32_t n;
    given_member *members;
} given_layout;

static void complete_record(cd_builder *b, void *arg)
{
    const given_layout *what = arg;
    TableObject *tb = what->record->table;
    cd_id id = what->record->id;
    cd_build_record(b, id, &what->layout, what->n);
    for (uint32_t i = 0; i < what->n; i++) {
        const given_member *from = &what->members[i];
        cd_build_member m = {.name = from->name, .bits = (int16_t)from->bits,
                             .shift = (uint16_t)from->shift,
                             .found = from->bits};
        m.type = id_of(b, tb, from->ct);
        m.offset = (uint64_t)from->offset;
        m.size = from->ct->size < 0 ? 0 : (uint64_t)from->ct->size;
        cd_build_member_at(b, id, i, &m);
    }
    cd_build_record_end(b, id, &what->layout);
}

/* [(name, ctype, bits, offset, shift)], the last of bit-fields alone; 0/-1   */
static int get_members(PyObject *module, PyObject *list, given_layout *to)
{
    to->members = PyMem_Calloc((size_t)PyList_GET_SIZE(list) + 1,
                               sizeof *to->members);
    if (to->members == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (to->n = 0; to->n < (uint32_t)PyList_GET_SIZE(list); to->n++) {
        given_member *m = &to->members[to->n];
        PyObject *ctype;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(list, to->n), "sOin|i",
                              &m->name, &ctype, &m->bits, &m->offset,
                              &m->shift))
            return -1;
        m->ct = ctype_arg(module, ctype);
        if (m->ct == NULL || include_parts(to->record->table, m->ct) < 0)
            return -1;
    }
    return 0;
}

/* _complete_type(ctype, members, size, align): the body of an opaque record,
 * where a compiler has it.                                                   */
static PyObject *backend_complete(PyObject *module, PyObject *args)
{
    cc_state *st = PyModule_GetState(module);
    PyObject *ctype, *list, *result = NULL;
    Py_ssize_t size, align;
    given_layout what = {0};
    cd_error err;
    if (!PyArg_ParseTuple(args, "OO!nn:_complete_type", &ctype, &PyList_Type,
                          &list, &size, &align))
        return NULL;
    what.record = ctype_arg(module, ctype);
    if (what.record == NULL || get_members(module, list, &what) < 0)
        goto done;
    what.layout = (cd_build_layout){.size = (uint64_t)size,
                                    .align = (uint32_t)align,
                                    .flags = CD_F_PARTIAL | CD_F_LAID_OUT};
    TableObject *tb = what.record->table;
    cc_table_lock(tb);
    int failed = cd_build(tb->table, complete_record, &what, &err);
    cc_table_unlock(tb);
    if (failed)
        cc_raise_parse(st, &err);
    else
        cc_table_complete(tb);
    result = failed ? NULL : Py_NewRef(Py_None);
done:
    PyMem_Free(what.members);
    return result;
}

/* _name_type(ctype, name): of a new record or enum that nobody has seen yet. */
static PyObject *backend_name(PyObject *module, PyObject *args)
{
    PyObject *ctype, *name;
    if (!PyArg_ParseTuple(args, "OU:_name_type", &ctype, &name))
        return NULL;
    CTypeObject *ct = ctype_arg(module, ctype);
    if (ct == NULL)
        return NULL;
    if (ct->table == NULL || ct->pointer != NULL) {
        PyErr_SetString(PyExc_ValueError, "this ctype has its name");
        return NULL;
    }
    Py_XSETREF(ct->name, Py_NewRef(name));
    ct->name_at = (uint32_t)PyUnicode_GET_LENGTH(name);
    Py_RETURN_NONE;
}

static PyObject *backend_name_types(PyObject *module,
                                    PyObject *Py_UNUSED(ignored))
{
    if (cc_name_types(PyModule_GetState(module)) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef backend_methods[] = {
    {"_pointer_type", backend_pointer, METH_O, "item -> ctype of T *"},
    {"_array_type", backend_array, METH_VARARGS,
     "item, length (-1: open) -> ctype of T[length]"},
    {"_bind_type", backend_bind, METH_VARARGS,
     "ffi, name, ctype: makes name a typedef for ctype in ffi"},
    {"_complete_type", backend_complete, METH_VARARGS,
     "ctype, [(name, ctype, bits, offset[, shift])], size, align: a record's "
     "body"},
    {"_name_type", backend_name, METH_VARARGS,
     "ctype, name: names a record or enum that nobody has seen yet"},
    {"_name_types", backend_name_types, METH_NOARGS,
     "Our types are called _cffi_backend's from now on."},
    {NULL, NULL, 0, NULL},
};

/* Few programs call one of them: all come when one is asked for.             */
PyObject *cc_backend_named(PyObject *module, PyObject *name)
{
    const PyMethodDef *m = backend_methods;
    while (m->ml_name != NULL &&
           PyUnicode_CompareWithASCIIString(name, m->ml_name) != 0)
        m++;
    if (m->ml_name == NULL ||
        PyModule_AddFunctions(module, backend_methods) < 0)
        return NULL;
    return PyObject_GetAttr(module, name);
}
