/* lib_dl.c - the Lib of a shared library that dlopen() opened.  MIT.
 *
 * A declaration in the table, then the symbol that the linker knows.         */
#include "call.h"
#include "cdata.h"
#include "dl.h"
#include "ffi_methods.h"
#include "func.h"
#include "lib.h"
#include "names.h"

/* ---- errors -------------------------------------------------------------- */

/* CFFI has a class for each: KeyError for a variable in-line, AttributeError
 * for a function, ffi.error out-of-line.  Steals why.                        */
static CC_COLD void *error_symbol(LibObject *lib, bool is_variable,
                                  const char *symbol, PyObject *why)
{
    bool in_line = !lib->table->out_of_line;
    if (why != NULL)
        PyErr_Format(in_line && is_variable ? cc_variable_error(lib->state)
                                            : cc_symbol_error(lib->state),
                     "%s '%s' not found in library '%U': %U",
                     !in_line      ? "symbol"
                     : is_variable ? "variable"
                                   : "function/symbol",
                     symbol, lib->name, why);
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
    if (decl->flags & CD_DF_ENUMERATOR)
        return PyErr_Format(cc_error(lib->state, CC_VerificationMissing),
                            "%s: declared with `...`, so its value is known "
                            "only once it is compiled", name);
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

/* What the linker calls a declared name: its asm label if it has one.        */
static const char *symbol_of(const cd_table *t, const cd_decl *decl)
{
    return cd_text(t, decl->text ? decl->text : decl->name, NULL);
}

static void *find_symbol(LibObject *lib, bool is_variable, const char *symbol)
{
    PyObject *why;
    void *handle = CC_LOAD(lib->handle); /* before it may be closed           */
    if (!cc_lib_enter(lib))
        return NULL;
    void *address = cc_dl_symbol(handle, symbol, &why);
    cc_lib_leave(lib);
    return address != NULL ? address : error_symbol(lib, is_variable, symbol,
                                                  why);
}

static cc_lib_entry *resolve_function(LibObject *lib, const cd_decl *decl,
                                   PyObject *name)
{
    void *code =
        find_symbol(lib, false, symbol_of(lib->table->table, decl));
    if (code == NULL && decl->flags & CD_DF_STATIC && PyErr_Occurred())
        cc_note_static();
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
    return cc_lib_entry_new(f, NULL, NULL);
}

static cc_lib_entry *resolve_variable(LibObject *lib, const cd_decl *decl)
{
    const cd_table *t = lib->table->table;
    const char *symbol = symbol_of(t, decl);
    char *address = find_symbol(lib, true, symbol);
    if (address == NULL)
        return NULL;
    CTypeObject *ct = cc_ctype_of(lib->table, decl->type);
    if (ct == NULL)
        return NULL;
    cc_lib_entry *e = cc_lib_entry_new(NULL, ct, symbol);
    if (e == NULL)
        return NULL;
    e->is_const = cc_lib_const_type(t, decl->type);
    if (!(decl->flags & CD_DF_THREAD))
        e->address = address;
    return e;
}

/* Finds the declaration of a name; not one that no library could have: a type,
 * or a function that belongs to an included FFI.                             */
static int dl_find(LibObject *lib, const char *utf8, Py_ssize_t length,
                   cc_lib_found *found)
{
    cd_decl *decl = &found->decl;
    if (!cc_table_find(lib->table, utf8, length, decl) ||
        decl->kind == CD_D_TYPEDEF)
        return 0;
    return decl->include == 0 ||
           (decl->kind != CD_D_FUNCTION && decl->kind != CD_D_VARIABLE);
}

static cc_lib_entry *dl_resolve(LibObject *lib, const cc_lib_found *found,
                                PyObject *name)
{
    const cd_decl *decl = &found->decl;
    switch (decl->kind) {
    case CD_D_FUNCTION: return resolve_function(lib, decl, name);
    case CD_D_VARIABLE: return resolve_variable(lib, decl);
    case CD_D_INT:
    case CD_D_FLOAT:
    case CD_D_STRING: return cc_lib_constant(lib, decl);
    case CD_D_MACRO:
    case CD_D_EXTERN_PYTHON: return error_compiled_only(lib, decl);
    case CD_D_UNAVAILABLE: return error_unavailable(lib, decl);
    default: return cc_lib_error_unknown(lib, name);
    }
}

static char *dl_address(LibObject *lib, const cc_lib_entry *e)
{
    return find_symbol(lib, true, e->symbol);
}

static int dl_each(LibObject *lib, cc_lib_visit *f, PyObject *to)
{
    cd_decl decl;
    for (uint32_t i = 1; cc_table_decl(lib->table, i, &decl); i++) {
        if (decl.kind == CD_D_NONE || decl.kind == CD_D_TYPEDEF ||
            decl.kind == CD_D_UNAVAILABLE || decl.include != 0)
            continue;
        PyObject *name = PyUnicode_FromString(
            cd_text(lib->table->table, decl.name, NULL));
        if (name == NULL)
            return -1;
        int failed = f(lib, decl.kind == CD_D_VARIABLE, name, to);
        Py_DECREF(name);
        if (failed)
            return -1;
    }
    return 0;
}

static PyObject *dl_doc(LibObject *lib, PyObject *name)
{
    return cc_table_doc(lib->table, name);
}

static void dl_dispose(LibObject *lib)
{
    /* As the interpreter ends, C threads may be inside the library still. */
    if (lib->handle != NULL && !lib->keep_open && !cc_owner_ending(lib->owner))
        cc_dl_drop(lib->handle);
}

const cc_lib_kind cc_lib_dl = {dl_find, dl_resolve, dl_address, dl_each,
                               dl_doc, dl_dispose};

/* ---- opening and closing ------------------------------------------------- */

static PyObject *new_lib(FFIObject *ffi, void *handle, PyObject *name,
                         bool keep_open)
{
    LibObject *lib = cc_lib_new(&cc_lib_dl, ffi->table, name);
    if (lib == NULL) {
        if (!keep_open)
            cc_dl_drop(handle);
        return NULL;
    }
    lib->handle = handle;
    lib->keep_open = keep_open;
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
    if (cc_cdata_like(name))
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
        PyObject *value = ((cc_lib_entry *)t->slot[i].entry)->value;
        if (value != NULL && Py_IS_TYPE(value, lib->state->CDataOwnFunc))
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
    if (lib->kind != &cc_lib_dl) /* a module's code stays */
        Py_RETURN_NONE;
    CC_LOCK(&lib->lock);
    void *handle = lib->handle;
    CC_STORE(lib->handle, NULL);
    CC_STORE(lib->closed, true);
    bool ours = handle != NULL && !lib->keep_open;
    if (handle != NULL) {
        lib->was = lib->names;
        CC_STORE(lib->names, NULL);
    }
    if (ours && lib->users > 0) {
        lib->late = handle;
        ours = false;
    }
    CC_UNLOCK(&lib->lock);
    if (handle == NULL)
        Py_RETURN_NONE;
    disable_functions(lib);
    if (ours && cc_dl_close(handle, &why) < 0) {
        if (why != NULL)
            PyErr_Format(cc_error(st, CC_FFIError), "dlclose(%R): %U",
                         lib->name, why);
        Py_XDECREF(why);
        return NULL;
    }
    Py_RETURN_NONE;
}
