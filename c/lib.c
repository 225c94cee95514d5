/* lib.c - Lib: the functions, variables and constants of a shared library.
 * MIT.
 *
 * A name is resolved on first use: its declaration in the table, then the
 * symbol; what comes out is kept in a cc_names table, which the attribute
 * access reads without a lock.  A Lib keeps its Table, its functions keep it.
 */
#include "call.h"
#include "dl.h"
#include "names.h"
#include "thread.h"

/* One resolved name.  Exactly one of value and type is set.                  */
typedef struct lib_entry {
    PyObject *value;   /* owned: a function or constant, the same each time */
    CTypeObject *type; /* owned: a variable's, read and written in place    */
    char *address;     /* of a variable; NULL: thread-local, ask each time  */
    bool is_const;     /* a variable that C must not write                  */
    char symbol[];     /* of a variable: what the linker calls it           */
} lib_entry;

struct LibObject {
    PyObject_HEAD
    cc_state *state; /* BORROWED */
    cc_names *names;    /* name -> lib_entry; NULL once closed; atomic       */
    cc_names *was;      /* the table after dlclose: readers may still look   */
    TableObject *table; /* owned */
    cc_owner *owner;    /* held */
    PyObject *name;     /* str: as given to dlopen, "<None>"                 */
    void *handle;       /* NULL: closed                                      */
    bool keep_open;     /* the handle is somebody else's                     */
    CC_MUTEX(lock);     /* names, handle                                     */
};

/* ---- errors -------------------------------------------------------------- */

static CC_COLD void *error_closed(LibObject *lib)
{
    return PyErr_Format(PyExc_ValueError,
                        "library '%U' has already been closed", lib->name);
}

static CC_COLD void *error_unknown(LibObject *lib, PyObject *name)
{
    return PyErr_Format(PyExc_AttributeError,
                        "cffi library '%U' has no function, constant or global "
                        "variable named '%U'",
                        lib->name, name);
}

/* Steals why. */
static CC_COLD void *error_symbol(LibObject *lib, const char *what,
                                  const char *symbol, PyObject *why)
{
    if (why != NULL)
        PyErr_Format(PyExc_AttributeError,
                     "%s '%s' not found in library '%U': %U", what, symbol,
                     lib->name, why);
    Py_XDECREF(why);
    return NULL;
}

static CC_COLD void *error_unavailable(LibObject *lib, const cd_decl *decl)
{
    const cd_table *t = lib->table->table;
    const cd_where *w = cd_where_at(t, decl->where);
    return PyErr_Format(PyExc_AttributeError,
                        "'%s' is not available: %s (declared at %s:%u:%u)",
                        cd_text(t, decl->name, NULL),
                        cd_text(t, decl->text, NULL),
                        w->file ? cd_text(t, w->file, NULL) : "<cdef>",
                        (unsigned)w->line, (unsigned)w->col);
}

static CC_COLD void *error_compiled_only(LibObject *lib, const cd_decl *decl)
{
    const char *name = cd_text(lib->table->table, decl->name, NULL);
    if (decl->kind == CD_D_EXTERN_PYTHON)
        return PyErr_Format(PyExc_AttributeError,
                            "extern \"Python\" function '%s' is not part of a "
                            "dlopen() library",
                            name);
    if (decl->kind == CD_D_MACRO)
        return PyErr_Format(PyExc_NotImplementedError,
                            "constant '%s' cannot be accessed from a dlopen() "
                            "library: its declaration has no value that is "
                            "known before it is compiled",
                            name);
    return PyErr_Format(PyExc_NotImplementedError,
                        "non-integer constant '%s' cannot be accessed from a "
                        "dlopen() library",
                        name);
}

/* ---- resolving a declaration --------------------------------------------- */

/* Steals value and type; one of them is NULL.                                */
static lib_entry *new_entry(PyObject *value, CTypeObject *type,
                            const char *symbol)
{
    size_t n = symbol != NULL ? strlen(symbol) + 1 : 0;
    lib_entry *e = PyMem_Calloc(1, sizeof *e + n);
    if (e == NULL) {
        Py_XDECREF(value);
        Py_XDECREF(type);
        PyErr_NoMemory();
        return NULL;
    }
    e->value = value;
    e->type = type;
    if (n > 0)
        memcpy(e->symbol, symbol, n);
    return e;
}

static void free_entry(lib_entry *e)
{
    Py_XDECREF(e->value);
    Py_XDECREF(e->type);
    PyMem_Free(e);
}

/* What the linker calls a declared name: its asm label if it has one.        */
static const char *symbol_of(const cd_table *t, const cd_decl *decl)
{
    return cd_text(t, decl->text ? decl->text : decl->name, NULL);
}

static void *find_symbol(LibObject *lib, const char *what, const char *symbol)
{
    PyObject *why;
    void *handle = lib->handle;
    if (handle == NULL)
        return error_closed(lib);
    void *address = cc_dl_symbol(handle, symbol, &why);
    return address != NULL ? address : error_symbol(lib, what, symbol, why);
}

static lib_entry *resolve_function(LibObject *lib, const cd_decl *decl,
                                   PyObject *name)
{
    void *code =
        find_symbol(lib, "function/symbol", symbol_of(lib->table->table, decl));
    if (code == NULL)
        return NULL;
    CTypeObject *ct = cc_ctype_of(lib->table, decl->type);
    if (ct == NULL)
        return NULL;
    PyObject *f = cc_func_new(ct, code, (PyObject *)lib, name,
                              decl->flags & CD_DF_KEEP_GIL);
    Py_DECREF(ct);
    if (f == NULL)
        return NULL;
    cc_share(lib->state, f, CC_SHARED_SIZE(CDataFuncObject));
    return new_entry(f, NULL, NULL);
}

/* True for const itself, for an array of const, for a typedef of these.      */
static bool is_const_type(const cd_table *t, cd_id id)
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

static lib_entry *resolve_variable(LibObject *lib, const cd_decl *decl)
{
    const cd_table *t = lib->table->table;
    const char *symbol = symbol_of(t, decl);
    char *address = find_symbol(lib, "variable", symbol);
    if (address == NULL)
        return NULL;
    CTypeObject *ct = cc_ctype_of(lib->table, decl->type);
    if (ct == NULL)
        return NULL;
    lib_entry *e = new_entry(NULL, ct, symbol);
    if (e == NULL)
        return NULL;
    e->is_const = is_const_type(t, decl->type);
    if (!(decl->flags & CD_DF_THREAD))
        e->address = address;
    return e;
}

static lib_entry *resolve_constant(LibObject *lib, const cd_decl *decl)
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
    return value != NULL ? new_entry(value, NULL, NULL) : NULL;
}

/* NULL with an exception if the name means nothing here.                     */
static lib_entry *resolve(LibObject *lib, const cd_decl *decl, PyObject *name)
{
    switch (decl->kind) {
    case CD_D_FUNCTION: return resolve_function(lib, decl, name);
    case CD_D_VARIABLE: return resolve_variable(lib, decl);
    case CD_D_INT:
    case CD_D_FLOAT:
    case CD_D_STRING: return resolve_constant(lib, decl);
    case CD_D_MACRO:
    case CD_D_EXTERN_PYTHON: return error_compiled_only(lib, decl);
    case CD_D_UNAVAILABLE: return error_unavailable(lib, decl);
    default: return error_unknown(lib, name);
    }
}

/* Finds the declaration of a name.  False: none, or none that a library could
 * have (a type; a function that belongs to an included FFI).                 */
static bool find_decl(LibObject *lib, const char *utf8, Py_ssize_t length,
                      cd_decl *decl)
{
    cc_table_lock(lib->table);
    uint32_t i = cd_find_decl(lib->table->table, utf8, (size_t)length);
    if (i != 0)
        *decl = *cd_decl_at(lib->table->table, i);
    cc_table_unlock(lib->table);
    if (i == 0 || decl->kind == CD_D_TYPEDEF)
        return false;
    return decl->include == 0 ||
           (decl->kind != CD_D_FUNCTION && decl->kind != CD_D_VARIABLE);
}

/* Keeps a new entry unless another thread was faster; the one kept.          */
static lib_entry *keep_entry(LibObject *lib, PyObject *name, lib_entry *made)
{
    lib_entry *kept = NULL;
    int failed = 0;
    CC_LOCK(&lib->lock);
    bool closed = lib->handle == NULL;
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

/* The entry of a name, made on first use.  NULL with AttributeError if there
 * is none; *declared tells the two kinds of failure apart.                   */
static CC_COLD lib_entry *find_entry(LibObject *lib, PyObject *name,
                                     bool *declared)
{
    Py_ssize_t length;
    cd_decl decl;
    *declared = false;
    const char *utf8 = PyUnicode_AsUTF8AndSize(name, &length);
    if (utf8 == NULL) { /* a lone surrogate */
        if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
            return NULL;
        PyErr_Clear();
        return error_unknown(lib, name);
    }
    if (!find_decl(lib, utf8, length, &decl))
        return error_unknown(lib, name);
    *declared = true;
    if (lib->handle == NULL)
        return error_closed(lib);
    PyObject *interned = PyUnicode_FromStringAndSize(utf8, length);
    if (interned == NULL)
        return NULL;
    PyUnicode_InternInPlace(&interned);
    lib_entry *e = cc_names_get(CC_LOAD(lib->names), interned);
    if (e == NULL) {
        e = resolve(lib, &decl, interned);
        if (e != NULL)
            e = keep_entry(lib, interned, e);
    }
    Py_DECREF(interned);
    return e;
}

/* ---- attributes ---------------------------------------------------------- */

static char *variable_address(LibObject *lib, const lib_entry *e)
{
    if (CC_LIKELY(e->address != NULL))
        return e->address;
    return find_symbol(lib, "variable", e->symbol);
}

static PyObject *entry_value(LibObject *lib, const lib_entry *e)
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

/* Calls f with every name that dir() shows.  0/-1                            */
static int each_name(LibObject *lib,
                     int (*f)(LibObject *, const cd_decl *, PyObject *name,
                              PyObject *to),
                     PyObject *to)
{
    const cd_table *t = lib->table->table;
    cc_table_lock(lib->table);
    uint32_t n = cd_n_decls(t);
    cc_table_unlock(lib->table);
    for (uint32_t i = 1; i <= n; i++) {
        const cd_decl *decl = cd_decl_at(t, i);
        if (decl->kind == CD_D_NONE || decl->kind == CD_D_TYPEDEF ||
            decl->kind == CD_D_UNAVAILABLE || decl->include != 0)
            continue;
        PyObject *name = PyUnicode_FromString(cd_text(t, decl->name, NULL));
        if (name == NULL)
            return -1;
        int failed = f(lib, decl, name, to);
        Py_DECREF(name);
        if (failed)
            return -1;
    }
    return 0;
}

static int add_to_dir(LibObject *lib, const cd_decl *decl, PyObject *name,
                      PyObject *list)
{
    (void)lib, (void)decl;
    return PyList_Append(list, name);
}

static int add_to_all(LibObject *lib, const cd_decl *decl, PyObject *name,
                      PyObject *list)
{
    (void)lib;
    return decl->kind == CD_D_VARIABLE ? 0 : PyList_Append(list, name);
}

static int add_to_dict(LibObject *lib, const cd_decl *decl, PyObject *name,
                       PyObject *dict)
{
    (void)decl;
    PyObject *value = PyObject_GetAttr((PyObject *)lib, name);
    if (value == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError) &&
            !PyErr_ExceptionMatches(PyExc_NotImplementedError))
            return -1;
        PyErr_Clear(); /* declared, but not there */
        return 0;
    }
    int failed = PyDict_SetItem(dict, name, value);
    Py_DECREF(value);
    return failed;
}

static PyObject *lib_dir(PyObject *self, PyObject *Py_UNUSED(unused))
{
    PyObject *list = PyList_New(0);
    if (list != NULL && (each_name((LibObject *)self, add_to_dir, list) < 0 ||
                         PyList_Sort(list) < 0))
        Py_CLEAR(list);
    return list;
}

/* What a module has: a Lib may stand in sys.modules.  NULL without an
 * exception: not one of these.                                               */
static PyObject *module_attribute(LibObject *lib, PyObject *name)
{
    PyObject *made = NULL;
    int failed = 0;
    if (PyUnicode_CompareWithASCIIString(name, "__dict__") == 0) {
        made = PyDict_New();
        failed = made != NULL && each_name(lib, add_to_dict, made) < 0;
    } else if (PyUnicode_CompareWithASCIIString(name, "__all__") == 0) {
        made = PyList_New(0);
        failed = made != NULL && each_name(lib, add_to_all, made) < 0;
    } else if (PyUnicode_CompareWithASCIIString(name, "__name__") == 0) {
        made = PyUnicode_FromFormat("%U.lib", lib->name);
    } else if (PyUnicode_CompareWithASCIIString(name, "__class__") == 0) {
        made = Py_NewRef((PyObject *)&PyModule_Type);
    }
    if (failed)
        Py_CLEAR(made);
    return made;
}

/* A name not seen yet, spelled by another str object, or no C name at all.   */
static CC_COLD PyObject *getattro_slow(LibObject *lib, PyObject *name)
{
    bool declared;
    const lib_entry *e = find_entry(lib, name, &declared);
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
    const lib_entry *e = cc_names_get(CC_LOAD(lib->names), name);
    if (CC_LIKELY(e != NULL))
        return entry_value(lib, e);
    return getattro_slow(lib, name);
}

static int lib_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    LibObject *lib = (LibObject *)self;
    bool declared;
    const lib_entry *e = cc_names_get(CC_LOAD(lib->names), name);
    if (e == NULL)
        e = find_entry(lib, name, &declared);
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
    char *p = variable_address(lib, e);
    return p != NULL ? e->type->write(e->type, p, value) : -1;
}

PyObject *cc_lib_addressof(LibObject *lib, PyObject *name)
{
    bool declared;
    const lib_entry *e = find_entry(lib, name, &declared);
    if (e == NULL)
        return NULL;
    if (e->value != NULL && Py_IS_TYPE(e->value, lib->state->CDataFunc))
        return Py_NewRef(e->value);
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

/* ---- opening and closing ------------------------------------------------- */

static PyObject *new_lib(FFIObject *ffi, void *handle, PyObject *name,
                         bool keep_open)
{
    cc_state *st = ffi->state;
    LibObject *lib = PyObject_GC_New(LibObject, st->Lib);
    if (lib == NULL) {
        if (!keep_open)
            cc_dl_drop(handle);
        return NULL;
    }
    memset((char *)lib + sizeof lib->ob_base, 0,
           sizeof *lib - sizeof lib->ob_base);
    lib->state = st;
    lib->table = (TableObject *)Py_NewRef((PyObject *)ffi->table);
    lib->owner = cc_owner_hold(st->owner);
    lib->name = Py_NewRef(name);
    lib->handle = handle;
    lib->keep_open = keep_open;
    PyObject_GC_Track(lib);
    cc_share(st, (PyObject *)lib, CC_SHARED_SIZE(LibObject));
    return (PyObject *)lib;
}

/* dlopen(ffi.cast("void *", handle)) */
static PyObject *open_handle(FFIObject *ffi, CDataObject *cd)
{
    if (!(cd->ct->flags & CT_VOID_PTR))
        return PyErr_Format(PyExc_TypeError,
                            "dlopen() takes a file name or 'void *' handle, "
                            "not '%U'",
                            cd->ct->name);
    if (cd->data == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "cannot call dlopen(NULL)");
        return NULL;
    }
    PyObject *name = PyUnicode_FromFormat("%R", (PyObject *)cd);
    if (name == NULL)
        return NULL;
    PyObject *lib = new_lib(ffi, cd->data, name, true);
    Py_DECREF(name);
    return lib;
}

PyObject *cc_dlopen(FFIObject *ffi, PyObject *name, int flags)
{
    PyObject *why, *shown, *lib;
    if (cc_is_cdata(ffi->state, name))
        return open_handle(ffi, (CDataObject *)name);
    if (name != Py_None && !PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError,
                        "dlopen(name): name must be a file name, None, or an "
                        "already-opened 'void *' handle");
        return NULL;
    }
    void *handle = cc_dl_open(name != Py_None ? name : NULL, flags, &why);
    if (handle == NULL) {
        if (why != NULL)
            PyErr_Format(PyExc_OSError, "cannot load library '%S': %U", name,
                         why);
        Py_XDECREF(why);
        return NULL;
    }
    shown = name != Py_None ? Py_NewRef(name) : PyUnicode_FromString("<None>");
    if (shown == NULL) {
        cc_dl_drop(handle);
        return NULL;
    }
    lib = new_lib(ffi, handle, shown, false);
    Py_DECREF(shown);
    return lib;
}

/* The functions handed out raise from now on instead of jumping into nothing.
 */
static void disable_functions(LibObject *lib)
{
    const cc_names *t = lib->was;
    for (uint32_t i = 0; t != NULL && i <= t->mask; i++) {
        if (t->slot[i].name == NULL)
            continue;
        PyObject *value = ((lib_entry *)t->slot[i].entry)->value;
        if (value != NULL && Py_IS_TYPE(value, lib->state->CDataFunc))
            CC_STORE(((CDataFuncObject *)value)->call, cc_call_closed);
    }
}

PyObject *cc_dlclose(cc_state *st, PyObject *o)
{
    if (!Lib_Check(st, o))
        return PyErr_Format(PyExc_TypeError,
                            "dlclose(lib): lib must be what dlopen() returned, "
                            "not %.200s",
                            Py_TYPE(o)->tp_name);
    LibObject *lib = (LibObject *)o;
    PyObject *why;
    CC_LOCK(&lib->lock);
    void *handle = lib->handle;
    lib->handle = NULL;
    if (handle != NULL) {
        lib->was = lib->names;
        CC_STORE(lib->names, NULL);
    }
    CC_UNLOCK(&lib->lock);
    if (handle == NULL)
        Py_RETURN_NONE;
    disable_functions(lib);
    if (!lib->keep_open && cc_dl_close(handle, &why) < 0) {
        if (why != NULL)
            PyErr_Format(st->FFIError, "dlclose(%R): %U", lib->name, why);
        Py_XDECREF(why);
        return NULL;
    }
    Py_RETURN_NONE;
}

int cc_add_rtld_constants(PyTypeObject *ffi_type)
{
    for (const cc_dl_flag *flag = cc_dl_flags; flag->name != NULL; flag++) {
        PyObject *value = PyLong_FromLong(flag->value);
        if (value == NULL)
            return -1;
        int failed =
            PyObject_SetAttrString((PyObject *)ffi_type, flag->name, value);
        Py_DECREF(value);
        if (failed)
            return -1;
    }
    return 0;
}

/* ---- the type ------------------------------------------------------------ */

static int visit_names(cc_names *t, visitproc visit, void *arg)
{
    for (uint32_t i = 0; t != NULL && i <= t->mask; i++) {
        if (t->slot[i].name == NULL)
            continue;
        lib_entry *e = t->slot[i].entry;
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
    lib_clear(self);
    /* As the interpreter ends, C threads may be inside the library still. */
    if (lib->handle != NULL && !lib->keep_open && !cc_owner_closing(lib->owner))
        cc_dl_drop(lib->handle);
    cc_owner_release(lib->owner);
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
    {"__dir__", lib_dir, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot lib_slots[] = {
    {Py_tp_traverse, lib_traverse},
    {Py_tp_clear, lib_clear},
    {Py_tp_dealloc, lib_dealloc},
    {Py_tp_repr, lib_repr},
    {Py_tp_getattro, lib_getattro},
    {Py_tp_setattro, lib_setattro},
    {Py_tp_methods, lib_methods},
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
