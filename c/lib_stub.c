/* lib_stub.c - the Lib of a compiled stub.  MIT.
 *
 * A name is a record of the stub; what it becomes needs no symbol: functions
 * are called through trampolines, variables and values come from getters.    */
#include "cdata.h"
#include "func.h"
#include "lib.h"
#include "plan.h"
#include "stub.h"
#include "call_temps.h"

static const struct cd_stub *stub_of(const LibObject *lib)
{
    return cc_source_stub(lib->source);
}

static const char *text_at(const LibObject *lib, cd_off at)
{
    return stub_of(lib)->text + at;
}

cc_source *cc_lib_source(PyObject *o)
{
    LibObject *lib = (LibObject *)o;
    return lib->kind == &cc_lib_stub ? lib->source : NULL;
}

/* ---- errors -------------------------------------------------------------- */

static CC_COLD void *error_because(LibObject *lib,
                                   const struct cd_stub_global *g,
                                   const char *why)
{
    return PyErr_Format(PyExc_AttributeError,
                        "'%s' is not available: %s (declared at %s:%u)",
                        text_at(lib, g->name), why,
                        g->file ? text_at(lib, g->file) : "<cdef>",
                        (unsigned)g->line);
}

static CC_COLD void *error_unavailable(LibObject *lib,
                                       const struct cd_stub_global *g)
{
    return error_because(lib, g, text_at(lib, g->doc));
}

/* A weak reference that the dynamic linker found nothing for.                */
static CC_COLD void *error_missing(LibObject *lib,
                                   const struct cd_stub_global *g)
{
    return error_because(lib, g,
                         "no library that the module was linked with has it "
                         "(libraries=[...] names libraries)");
}

static CC_COLD void *error_no_address(LibObject *lib,
                                      const struct cd_stub_global *g)
{
    return error_because(lib, g,
                         "it has no address: no library that the module was "
                         "linked with has it, or it is a macro with variable "
                         "arguments");
}

/* ---- resolving a record -------------------------------------------------- */

static CTypeObject *type_of(LibObject *lib, const struct cd_stub_global *g)
{
    cd_error err;
    cc_table_lock(lib->table);
    cd_id id = cc_source_type(lib->source, g->type, &err);
    cc_table_unlock(lib->table);
    if (id != 0)
        return cc_ctype_of(lib->table, id);
    cc_raise_parse(lib->state, &err);
    return NULL;
}

/* A function pointer for what has no trampoline: it is called as any other.  */
static PyObject *pointer_function(LibObject *lib, CTypeObject *ct, cd_code code,
                                  PyObject *name, bool keep_gil)
{
    PyObject *f = cc_func_new(ct, (char *)(uintptr_t)code, (PyObject *)lib,
                              name, keep_gil);
    if (f != NULL)
        cc_share(lib->state, f, CC_SHARED_SIZE(CDataFuncObject));
    return f;
}

static PyObject *function_value(LibObject *lib, const struct cd_stub_global *g,
                                CTypeObject *ct, PyObject *name)
{
    const struct cd_stub *s = stub_of(lib);
    bool keep_gil = g->flags & CD_DF_KEEP_GIL;
    if (g->kind == CD_D_EXTERN_PYTHON)
        return pointer_function(lib, ct, s->address[s->n_functions + g->slot],
                                name, false);
    bool is_direct = s->tramp[g->slot] != NULL ||
                     cc_stub_shared(s, g->slot) != NULL;
    if (s->address[g->slot] == NULL)
        return is_direct ? error_missing(lib, g) : error_no_address(lib, g);
    if (!is_direct)
        return pointer_function(lib, ct, s->address[g->slot], name, keep_gil);
    return cc_function_new(ct, s, g->slot, (PyObject *)lib, lib->name, name,
                           keep_gil);
}

static cc_lib_entry *resolve_function(LibObject *lib,
                                      const struct cd_stub_global *g,
                                      PyObject *name)
{
    CTypeObject *ct = type_of(lib, g);
    PyObject *f = ct != NULL ? function_value(lib, g, ct, name) : NULL;
    Py_XDECREF(ct);
    return f != NULL ? cc_lib_entry_new(f, NULL, NULL) : NULL;
}

static bool is_const(LibObject *lib, const struct cd_stub_global *g)
{
    const struct cd_stub *s = stub_of(lib);
    cd_sid sid = g->type;
    while (sid >= CD_FIRST_SID) {
        const struct cd_stub_type *t = &s->types[sid - CD_FIRST_SID];
        if (t->kind == CD_QUAL && (t->sub & CD_Q_CONST))
            return true;
        if (t->kind != CD_QUAL && t->kind != CD_TYPEDEF && t->kind != CD_ARRAY)
            return false;
        sid = t->a;
    }
    return false;
}

static cc_lib_entry *resolve_variable(LibObject *lib,
                                      const struct cd_stub_global *g)
{
    CTypeObject *ct = type_of(lib, g);
    const char *name = text_at(lib, g->name);
    cc_lib_entry *e = ct ? cc_lib_entry_new(NULL, ct, name) : NULL;
    if (e == NULL)
        return NULL;
    e->is_const = is_const(lib, g);
    e->getter = stub_of(lib)->getter[g->slot];
    return e;
}

/* What a getter writes, as a Python object of its own.                       */
static PyObject *get_value(CTypeObject *ct, cd_getter getter)
{
    char room[CC_TEMPS_ROOM], *p;
    cc_temps temps;
    PyObject *value = NULL;
    if (cc_by_value_ready(ct) < 0)
        return NULL;
    if (ct->kind == CD_ARRAY) {
        value = cc_new(ct, NULL, 0, true);
        if (value != NULL)
            getter(((CDataObject *)value)->data);
        return value;
    }
    cc_temps_init(&temps, room);
    p = cc_temps_get(&temps, ct->size, ct->align > 0 ? ct->align : 1);
    if (p != NULL) {
        getter(p);
        value = cc_is_record(ct) ? cc_cdata_copy(ct, p) : ct->read(ct, p);
    }
    cc_temps_free(&temps);
    return value;
}

static PyObject *integer_value(cc_state *st, cc_source *source,
                               const struct cd_stub_global *g)
{
    int64_t value;
    bool above;
    char reason[512];
    if (!cc_source_int(source, g, &value, &above, reason, sizeof reason)) {
        PyErr_SetString(cc_error(st, CC_FFIError), reason);
        return NULL;
    }
    return above ? PyLong_FromUnsignedLongLong((uint64_t)value)
                 : PyLong_FromLongLong(value);
}

PyObject *cc_stub_integer(TableObject *tb, const char *name, size_t length)
{
    cc_source *source;
    for (uint32_t i = 0; (source = cc_table_source(tb, i)) != NULL; i++) {
        const struct cd_stub_global *g = cc_source_find(source, name, length);
        if (g != NULL && g->kind == CD_D_INT)
            return integer_value(tb->state, source, g);
    }
    return NULL;
}

static cc_lib_entry *resolve_constant(LibObject *lib,
                                      const struct cd_stub_global *g)
{
    PyObject *value = NULL;
    if (g->kind == CD_D_INT) {
        value = integer_value(lib->state, lib->source, g);
    } else if (g->kind == CD_D_STRING) {
        value = PyBytes_FromStringAndSize(text_at(lib, g->doc),
                                          (Py_ssize_t)g->slot);
    } else {
        CTypeObject *ct = type_of(lib, g);
        if (ct != NULL)
            value = get_value(ct, stub_of(lib)->getter[g->slot]);
        Py_XDECREF(ct);
    }
    return value != NULL ? cc_lib_entry_new(value, NULL, NULL) : NULL;
}

/* An included library's own entry, once more for this one.                   */
static cc_lib_entry *borrow_entry(LibObject *from, PyObject *name)
{
    bool declared;
    const cc_lib_entry *theirs = cc_lib_entry_of(from, name, &declared);
    if (theirs == NULL)
        return NULL;
    cc_lib_entry *e =
        cc_lib_entry_new(Py_XNewRef(theirs->value),
                         (CTypeObject *)Py_XNewRef(theirs->type),
                         theirs->symbol);
    if (e != NULL) {
        e->is_const = theirs->is_const;
        e->getter = theirs->getter;
    }
    return e;
}

/* ---- the kind ------------------------------------------------------------ */

/* A constant of an FFI that this one includes; the stub does not repeat it.  */
static int find_included_constant(LibObject *lib, const char *utf8,
                                  Py_ssize_t length, cc_lib_found *found)
{
    const cd_decl *decl = &found->decl;
    found->global = NULL;
    found->from = lib;
    return cc_table_find(lib->table, utf8, length, &found->decl) &&
           decl->include != 0 &&
           (decl->kind == CD_D_INT || decl->kind == CD_D_FLOAT ||
            decl->kind == CD_D_STRING);
}

static int stub_find(LibObject *lib, const char *utf8, Py_ssize_t length,
                     cc_lib_found *found)
{
    const struct cd_stub_global *g =
        cc_source_find(lib->source, utf8, (size_t)length);
    if (g != NULL) {
        found->global = g;
        found->from = lib;
        return g->kind != CD_D_TYPEDEF;
    }
    Py_ssize_t n = lib->includes ? PyTuple_GET_SIZE(lib->includes) : 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        LibObject *other = (LibObject *)PyTuple_GET_ITEM(lib->includes, i);
        int there = stub_find(other, utf8, length, found);
        if (there != 0)
            return there;
    }
    return find_included_constant(lib, utf8, length, found);
}

static cc_lib_entry *stub_resolve(LibObject *lib, const cc_lib_found *found,
                                  PyObject *name)
{
    const struct cd_stub_global *g = found->global;
    if (found->from != lib)
        return borrow_entry(found->from, name);
    if (g == NULL)
        return cc_lib_constant(lib, &found->decl);
    switch (g->kind) {
    case CD_D_FUNCTION:
    case CD_D_EXTERN_PYTHON: return resolve_function(lib, g, name);
    case CD_D_VARIABLE: return resolve_variable(lib, g);
    case CD_D_INT:
    case CD_D_FLOAT:
    case CD_D_MACRO:
    case CD_D_STRING: return resolve_constant(lib, g);
    case CD_D_UNAVAILABLE: return error_unavailable(lib, g);
    default: return cc_lib_error_unknown(lib, name);
    }
}

/* Asked each time: the variable may be a thread's own, or a macro.           */
static char *stub_address(LibObject *lib, const cc_lib_entry *e)
{
    char *address = NULL;
    e->getter(&address);
    if (address == NULL)
        PyErr_Format(cc_error(lib->state, CC_FFIError),
                     "global variable '%s' is at address NULL",
                     e->symbol);
    return address;
}

static int stub_each(LibObject *lib, cc_lib_visit *f, PyObject *to)
{
    const struct cd_stub *s = stub_of(lib);
    for (uint32_t i = 0; i < s->n_globals; i++) {
        const struct cd_stub_global *g = &s->globals[i];
        if (g->kind == CD_D_TYPEDEF || g->kind == CD_D_UNAVAILABLE)
            continue;
        PyObject *name = PyUnicode_FromString(text_at(lib, g->name));
        if (name == NULL)
            return -1;
        int failed = f(lib, g->kind == CD_D_VARIABLE, name, to);
        Py_DECREF(name);
        if (failed)
            return -1;
    }
    return 0;
}

/* The stub has comments of its own, or the FFI that it was verified for.     */
static PyObject *stub_doc(LibObject *lib, PyObject *name)
{
    Py_ssize_t n;
    const char *utf8 = PyUnicode_AsUTF8AndSize(name, &n);
    const struct cd_stub_global *g =
        utf8 ? cc_source_find(lib->source, utf8, (size_t)n) : NULL;
    if (g != NULL && g->kind == CD_D_FUNCTION && g->doc != 0) {
        const char *text = text_at(lib, g->doc);
        return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
    }
    return cc_table_doc(lib->table, name);
}

static void stub_dispose(LibObject *Py_UNUSED(lib))
{
}

const cc_lib_kind cc_lib_stub = {stub_find, stub_resolve, stub_address,
                                 stub_each, stub_doc, stub_dispose};

PyObject *cc_lib_of_stub(TableObject *table, cc_source *source, PyObject *name,
                         PyObject *includes)
{
    LibObject *lib = cc_lib_new(&cc_lib_stub, table, name);
    if (lib != NULL) {
        lib->source = source;
        lib->includes = Py_XNewRef(includes);
    }
    return (PyObject *)lib;
}
