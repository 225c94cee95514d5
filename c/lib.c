/* lib.c - Lib: functions, variables and constants as attributes.  MIT.
 *
 * What all kinds of Lib share: entries, attribute access, their life.  A Lib
 * keeps its Table, its functions keep it.                                    */
#include "call.h"
#include "cdata.h"
#include "dl.h"
#include "func.h"
#include "lib.h"
#include "names.h"
#include <stddef.h>

/* ---- errors -------------------------------------------------------------- */

static CC_COLD void *error_closed(LibObject *lib)
{
    return PyErr_Format(cc_closed_error(lib->state),
                        "library '%U' has %sbeen closed", lib->name,
                        lib->table->out_of_line ? "" : "already ");
}

CC_COLD void *cc_lib_error_unknown(LibObject *lib, PyObject *name)
{
    return PyErr_Format(PyExc_AttributeError,
                        "cffi library '%U' has no function, constant or global "
                        "variable named '%U'",
                        lib->name, name);
}

/* ---- comments ------------------------------------------------------------ */

PyObject *cc_lib_doc(cc_state *st, PyObject *o, PyObject *name)
{
    LibObject *lib = (LibObject *)o;
    if (o == NULL || !Lib_Check(st, o))
        return NULL;
    PyObject *doc = lib->kind->doc(lib, name);
    if (doc == NULL)
        PyErr_Clear();
    return doc;
}

/* ---- entries ------------------------------------------------------------- */

cc_lib_entry *cc_lib_entry_new(PyObject *value, CTypeObject *type,
                               const char *symbol)
{
    if (symbol == NULL)
        symbol = "";
    size_t n = strlen(symbol) + 1;
    cc_lib_entry *e = PyMem_Calloc(1, sizeof *e + n);
    if (e == NULL) {
        Py_XDECREF(value);
        Py_XDECREF(type);
        PyErr_NoMemory();
        return NULL;
    }
    e->value = value;
    e->type = type;
    memcpy(e->symbol, symbol, n);
    return e;
}

static void free_entry(cc_lib_entry *e)
{
    Py_XDECREF(e->value);
    Py_XDECREF(e->type);
    PyMem_Free(e);
}

cc_lib_entry *cc_lib_constant(LibObject *lib, const cd_decl *decl)
{
    PyObject *value;
    uint32_t length;
    if (decl->kind == CD_D_FLOAT) {
        value = PyFloat_FromDouble(decl->u.number);
    } else if (decl->kind == CD_D_STRING) {
        const char *text = cd_text(lib->table->table, decl->text, &length);
        value = PyBytes_FromStringAndSize(text, length);
    } else if (decl->flags & CD_DF_UNSIGNED) {
        value = PyLong_FromUnsignedLongLong((uint64_t)decl->u.value);
    } else {
        value = PyLong_FromLongLong(decl->u.value);
    }
    return value != NULL ? cc_lib_entry_new(value, NULL, NULL) : NULL;
}

/* True for const itself, for an array of const, for a typedef of these.      */
bool cc_lib_const_type(const cd_table *t, cd_id id)
{
    for (;;) {
        const cd_ctype *ty = cd_type(t, id);
        if (ty->kind == CD_QUAL && (ty->sub & CD_Q_CONST))
            return true;
        if (ty->kind != CD_QUAL && ty->kind != CD_TYPEDEF &&
            ty->kind != CD_ARRAY)
            return false;
        id = ty->a;
    }
}

/* Keeps a new entry unless another thread was faster; the one kept.          */
static cc_lib_entry *keep_entry(LibObject *lib, PyObject *name,
                                cc_lib_entry *made)
{
    cc_lib_entry *kept = NULL;
    int failed = 0;
    CC_LOCK(&lib->lock);
    bool closed = lib->closed;
    if (!closed) {
        kept = cc_names_get(lib->names, name);
        if (kept == NULL)
            failed = cc_names_add_locked(&lib->names, name, made);
    }
    CC_UNLOCK(&lib->lock);
    if (closed)
        error_closed(lib);
    if (!closed && kept == NULL && !failed)
        return made;
    free_entry(made);
    return kept;
}

/* name as bytes; 0: it is no C name; -1: exception.                          */
static int name_text(PyObject *name, const char **utf8, Py_ssize_t *length)
{
    *utf8 = PyUnicode_AsUTF8AndSize(name, length);
    if (*utf8 != NULL)
        return 1;
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return -1; /* else a lone surrogate */
    PyErr_Clear();
    return 0;
}

/* The entry of a name that the library has.                                  */
static cc_lib_entry *entry_of_found(LibObject *lib, const cc_lib_found *found,
                                    const char *utf8, Py_ssize_t length)
{
    PyObject *interned = PyUnicode_FromStringAndSize(utf8, length);
    if (interned == NULL)
        return NULL;
    PyUnicode_InternInPlace(&interned);
    cc_lib_entry *e = cc_names_get(CC_LOAD(lib->names), interned);
    if (e == NULL) {
        e = lib->kind->resolve(lib, found, interned);
        if (e != NULL)
            e = keep_entry(lib, interned, e);
    }
    Py_DECREF(interned);
    return e;
}

CC_COLD cc_lib_entry *cc_lib_entry_of(LibObject *lib, PyObject *name,
                                      bool *declared)
{
    const char *utf8;
    Py_ssize_t length;
    cc_lib_found found;
    int there = name_text(name, &utf8, &length);
    if (there > 0)
        there = lib->kind->find(lib, utf8, length, &found);
    *declared = there != 0;
    if (there <= 0)
        return there < 0 ? NULL : cc_lib_error_unknown(lib, name);
    if (CC_LOAD(lib->closed))
        return error_closed(lib);
    return entry_of_found(lib, &found, utf8, length);
}

/* ---- attributes ---------------------------------------------------------- */

static char *variable_address(LibObject *lib, const cc_lib_entry *e)
{
    if (CC_LIKELY(e->address != NULL))
        return e->address;
    return lib->kind->address(lib, e);
}

static PyObject *entry_value(LibObject *lib, const cc_lib_entry *e)
{
    if (e->value != NULL)
        return Py_NewRef(e->value);
    char *p = variable_address(lib, e);
    if (p == NULL)
        return NULL;
    if (e->type->kind != CD_ARRAY || e->type->length >= 0)
        return e->type->read(e->type, p);
    /* extern int a[]; nobody knows how many */
    CTypeObject *pointer = cc_ctype_pointer(e->type->item);
    PyObject *cdata = pointer != NULL ? cc_cdata_ref(pointer, p) : NULL;
    Py_XDECREF(pointer);
    return cdata;
}

/* What a module has: a Lib may stand in sys.modules.  NULL without an
 * exception: not one of these.                                               */
static PyObject *module_attribute(LibObject *lib, PyObject *name)
{
    PyObject *made = NULL;
    if (PyUnicode_CompareWithASCIIString(name, "__dict__") == 0) {
        made = cc_lib_dict(lib);
    } else if (PyUnicode_CompareWithASCIIString(name, "__all__") == 0) {
        made = cc_lib_all(lib);
    } else if (PyUnicode_CompareWithASCIIString(name, "__name__") == 0) {
        made = PyUnicode_FromFormat("%U.lib", lib->name);
    } else if (PyUnicode_CompareWithASCIIString(name, "__class__") == 0) {
        made = Py_NewRef((PyObject *)&PyModule_Type);
    } else if (PyUnicode_CompareWithASCIIString(name, "__spec__") == 0 ||
               PyUnicode_CompareWithASCIIString(name, "__loader__") == 0) {
        made = Py_NewRef(Py_None);
    }
    return made;
}

/* A name not seen yet, spelled by another str object, or no C name at all.   */
static CC_COLD PyObject *getattro_slow(LibObject *lib, PyObject *name)
{
    bool declared;
    const cc_lib_entry *e = cc_lib_entry_of(lib, name, &declared);
    if (e != NULL)
        return entry_value(lib, e);
    if (declared || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return NULL;
    PyObject *type, *value, *traceback, *found;
    PyErr_Fetch(&type, &value, &traceback);
    found = module_attribute(lib, name);
    if (found == NULL && !PyErr_Occurred()) {
        found = PyObject_GenericGetAttr((PyObject *)lib, name);
        if (found == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Restore(type, value, traceback); /* our words are better */
            return NULL;
        }
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return found;
}

static PyObject *lib_getattro(PyObject *self, PyObject *name)
{
    LibObject *lib = (LibObject *)self;
    const cc_lib_entry *e = cc_names_get(CC_LOAD(lib->names), name);
    if (CC_LIKELY(e != NULL))
        return entry_value(lib, e);
    return getattro_slow(lib, name);
}

bool cc_lib_enter(LibObject *lib)
{
    CC_LOCK(&lib->lock);
    bool closed = lib->closed;
    lib->users += !closed;
    CC_UNLOCK(&lib->lock);
    if (closed)
        error_closed(lib);
    return !closed;
}

void cc_dl_drop(void *handle)
{
    PyObject *type, *value, *traceback, *why;
    PyErr_Fetch(&type, &value, &traceback);
    if (cc_dl_close(handle, &why) < 0)
        Py_XDECREF(why);
    PyErr_Restore(type, value, traceback);
}

void cc_lib_leave(LibObject *lib)
{
    void *late = NULL;
    CC_LOCK(&lib->lock);
    if (--lib->users == 0) {
        late = lib->late;
        lib->late = NULL;
    }
    CC_UNLOCK(&lib->lock);
    if (late != NULL)
        cc_dl_drop(late);
}

static int write_variable(LibObject *lib, const cc_lib_entry *e,
                          PyObject *value)
{
    if (!cc_lib_enter(lib)) /* conversion runs Python code */
        return -1;
    char *p = variable_address(lib, e);
    int status = p != NULL ? e->type->write(e->type, p, value) : -1;
    cc_lib_leave(lib);
    return status;
}

static int lib_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    LibObject *lib = (LibObject *)self;
    bool declared;
    const cc_lib_entry *e = cc_names_get(CC_LOAD(lib->names), name);
    if (e == NULL)
        e = cc_lib_entry_of(lib, name, &declared);
    if (e == NULL)
        return -1;
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "C attribute cannot be deleted");
        return -1;
    }
    if (e->value != NULL || e->is_const) {
        PyErr_Format(PyExc_AttributeError,
                     "cannot write to function or constant '%U'", name);
        return -1;
    }
    return write_variable(lib, e, value);
}

PyObject *cc_lib_addressof(LibObject *lib, PyObject *name)
{
    bool declared;
    const cc_lib_entry *e = cc_lib_entry_of(lib, name, &declared);
    if (e == NULL)
        return NULL;
    PyObject *function = NULL;
    if (e->value != NULL)
        function = cc_function_pointer(lib->state, e->value);
    if (function != NULL)
        return cc_function_address(lib->state, function);
    if (e->value != NULL)
        return PyErr_Format(PyExc_AttributeError,
                            "cannot take the address of the constant '%U'",
                            name);
    char *p = variable_address(lib, e);
    CTypeObject *pointer = p != NULL ? cc_ctype_pointer(e->type) : NULL;
    if (pointer == NULL)
        return NULL;
    PyObject *cdata = cc_cdata_ref(pointer, p);
    Py_DECREF(pointer);
    return cdata;
}

/* ---- the type ------------------------------------------------------------ */

LibObject *cc_lib_new(const cc_lib_kind *kind, TableObject *table,
                      PyObject *name)
{
    cc_state *st = table->state;
    PyTypeObject *type = cc_type(st, CC_Lib);
    LibObject *lib = type != NULL ? PyObject_GC_New(LibObject, type) : NULL;
    if (lib == NULL)
        return NULL;
    memset((char *)lib + sizeof lib->ob_base, 0,
           sizeof *lib - sizeof lib->ob_base);
    lib->state = st;
    lib->kind = kind;
    lib->table = (TableObject *)Py_NewRef((PyObject *)table);
    lib->owner = cc_owner_hold(st->owner);
    lib->name = Py_NewRef(name);
    PyObject_GC_Track(lib);
    cc_share(st, (PyObject *)lib, CC_SHARED_SIZE(LibObject));
    return lib;
}

static int visit_names(cc_names *t, visitproc visit, void *arg)
{
    for (uint32_t i = 0; t != NULL && i <= t->mask; i++) {
        if (t->slot[i].name == NULL)
            continue;
        cc_lib_entry *e = t->slot[i].entry;
        Py_VISIT(e->value);
        Py_VISIT(e->type);
    }
    return 0;
}

static int lib_traverse(PyObject *self, visitproc visit, void *arg)
{
    LibObject *lib = (LibObject *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(lib->table);
    Py_VISIT(lib->includes);
    int stop = visit_names(lib->names, visit, arg);
    return stop ? stop : visit_names(lib->was, visit, arg);
}

static void drop_names(cc_names *t)
{
    for (uint32_t i = 0; t != NULL && i <= t->mask; i++)
        if (t->slot[i].name != NULL)
            free_entry(t->slot[i].entry);
    cc_names_free(t);
}

static int lib_clear(PyObject *self)
{
    LibObject *lib = (LibObject *)self;
    cc_names *names = lib->names, *was = lib->was;
    lib->names = lib->was = NULL;
    drop_names(names);
    drop_names(was);
    return 0;
}

static void lib_dealloc(PyObject *self)
{
    LibObject *lib = (LibObject *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (lib->weakrefs != NULL)
        PyObject_ClearWeakRefs(self);
    lib_clear(self);
    lib->kind->dispose(lib);
    cc_owner_release(lib->owner);
    Py_XDECREF(lib->includes);
    Py_XDECREF(lib->table);
    Py_XDECREF(lib->name);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyObject *lib_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<Lib object for '%U'>",
                                ((LibObject *)self)->name);
}

static PyMethodDef lib_methods[] = {
    {"__dir__", cc_lib_dir, METH_NOARGS, NULL},
    {"__reduce__", cc_refuse_pickle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef lib_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(LibObject, weakrefs), READONLY,
     NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot lib_slots[] = {
    {Py_tp_traverse, lib_traverse},
    {Py_tp_clear, lib_clear},
    {Py_tp_dealloc, lib_dealloc},
    {Py_tp_repr, lib_repr},
    {Py_tp_getattro, lib_getattro},
    {Py_tp_setattro, lib_setattro},
    {Py_tp_methods, lib_methods},
    {Py_tp_members, lib_members},
    {Py_tp_doc, "The functions, global variables and constants of a shared "
                "library, as attributes."},
    {0, NULL},
};

PyType_Spec cc_lib_spec = {
    .name = "cffi_core.Lib",
    .basicsize = CC_SHARED_SIZE(struct LibObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = lib_slots,
};
