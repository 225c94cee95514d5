/* extern_python.c - see extern_python.h.  MIT. */
#include "extern_python.h"
#include "call_ffi.h"
#include "callback.h"
#include "cdata.h"
#include "ffi_methods.h"
#include "thread.h"
#include <stdatomic.h>
#include <stdio.h>

/* One interpreter that loaded the stub.  Never freed: C code may call at any
 * time.  Its memory is a few words a function.                               */
typedef struct cc_loader {
    struct cc_loader *older; /* of the stub */
    struct cc_loader *next;  /* of the interpreter */
    const struct cd_stub *stub;
    cc_owner *owner; /* held */
    cc_bound *bound; /* by slot; owned by the module state                 */
    char **error;    /* by slot: the error value, for when nothing can run */
} cc_loader;

/* What the stub's link holds: whom its calls belong to.                      */
typedef struct stub_home {
    const void *core; /* &core_mark: made by this very core */
    _Atomic(cc_loader *) newest;
} stub_home;

static const char core_mark;

/* ---- the result when no Python code runs --------------------------------- */

static uint64_t array_length(const struct cd_stub *s,
                             const struct cd_stub_type *t)
{
    return t->x ? (uint64_t)s->facts[t->x] : (uint64_t)t->c << 32 | t->b;
}

/* Bytes of a type that a function can return.                                */
static size_t size_of(const struct cd_stub *s, cd_sid sid)
{
    while (sid >= CD_FIRST_SID) {
        const struct cd_stub_type *t = &s->types[sid - CD_FIRST_SID];
        switch (t->kind) {
        case CD_TYPEDEF:
        case CD_QUAL: sid = t->a; break;
        case CD_PRIM:
        case CD_ENUM:
        case CD_STRUCT:
        case CD_UNION:
        case CD_IMPORT:
            if (t->c != 0)
                return (size_t)s->facts[t->c];
            return cd_prim_size(cd_target_native(), t->sub);
        case CD_VECTOR:
            return (size_t)array_length(s, t) * size_of(s, t->a);
        default: return sizeof(void *);
        }
    }
    return cd_prim_size(cd_target_native(), (int)sid);
}

static const struct cd_stub_global *global_at(const struct cd_stub *s,
                                              uint32_t slot)
{
    for (uint32_t i = 0; i < s->n_globals; i++)
        if (s->globals[i].kind == CD_D_EXTERN_PYTHON &&
            s->globals[i].slot == slot)
            return &s->globals[i];
    return NULL;
}

static size_t result_size(const struct cd_stub *s, uint32_t slot)
{
    const struct cd_stub_global *g = global_at(s, slot);
    cd_sid sid = g != NULL ? g->type : 0;
    while (sid >= CD_FIRST_SID) {
        const struct cd_stub_type *t = &s->types[sid - CD_FIRST_SID];
        if (t->kind == CD_FUNC)
            return t->a == CD_PRIM_VOID ? 0 : size_of(s, t->a);
        sid = t->a; /* a typedef of a function */
    }
    return 0;
}

static CC_COLD void not_bound(const struct cd_stub *s, uint32_t slot,
                              void *result)
{
    const struct cd_stub_global *g = global_at(s, slot);
    cc_errors program = cc_errors_now();
    fprintf(stderr,
            "extern \"Python\": function %s.%s() called, but no code was "
            "attached to it yet with @ffi.def_extern().  Returning 0.\n",
            s->module, g != NULL ? s->text + g->name : "?");
    cc_errors_set(program);
    if (result != NULL) /* of void, C has no place for it */
        memset(result, 0, result_size(s, slot));
}

/* ---- the call from C ----------------------------------------------------- */

static cc_loader *newest_of(const struct cd_stub *s)
{
    stub_home *home = s->link->owner;
    return atomic_load(&home->newest);
}

/* Whose binding a call on this thread runs; it is seldom more than one.      */
static cc_loader *loader_here(const struct cd_stub *s)
{
    cc_loader *newest = newest_of(s), *first = NULL, *ending = NULL;
    if (CC_LIKELY(newest->older == NULL))
        return newest;
    PyInterpreterState *here = cc_interp_here();
    for (cc_loader *l = newest; l != NULL; l = l->older) {
        bool closing = cc_owner_closing(l->owner);
        if (here != NULL && cc_owner_is(l->owner, here)) {
            if (!closing)
                return l;
            ending = l;
        }
        if (!closing || first == NULL)
            first = l;
    }
    return ending != NULL ? ending : first;
}

/* link->call_python: on any thread, in any state.                            */
static void call_python(const struct cd_stub *stub, uint32_t slot,
                        void *result, const cd_word *words)
{
    cc_loader *l = loader_here(stub);
    int ran = cc_bound_run(l->owner, &l->bound[slot], result,
                           (const cc_word *)words);
    if (CC_UNLIKELY(ran == 0))
        not_bound(stub, slot, result);
    else if (CC_UNLIKELY(ran < 0 && result != NULL))
        memcpy(result, l->error[slot], result_size(stub, slot));
}

/* ---- loading ------------------------------------------------------------- */

static void free_loader(cc_loader *l)
{
    for (uint32_t i = 0; l->error != NULL && i < l->stub->n_externs; i++)
        PyMem_RawFree(l->error[i]);
    PyMem_RawFree(l->error);
    PyMem_RawFree(l->bound);
    PyMem_RawFree(l);
}

static cc_loader *new_loader(const struct cd_stub *stub)
{
    uint32_t n = stub->n_externs;
    cc_loader *l = PyMem_RawCalloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->stub = stub;
    l->bound = PyMem_RawCalloc(n, sizeof *l->bound);
    l->error = PyMem_RawCalloc(n, sizeof *l->error);
    bool whole = l->bound != NULL && l->error != NULL;
    for (uint32_t i = 0; whole && i < n; i++) {
        l->error[i] = PyMem_RawCalloc(1, result_size(stub, i) + 1);
        whole = l->error[i] != NULL;
    }
    if (whole)
        return l;
    free_loader(l);
    return NULL;
}

/* The stub's home, made by whoever loads it first; NULL: memory.             */
static stub_home *home_of(const struct cd_stub *stub)
{
    stub_home *mine = PyMem_RawCalloc(1, sizeof *mine);
    if (mine == NULL)
        return NULL;
    mine->core = &core_mark;
    stub_home *home = cc_publish_once(&stub->link->owner, mine);
    if (home != mine)
        PyMem_RawFree(mine);
    return home;
}

static void add_to_home(stub_home *home, cc_loader *l)
{
    l->older = atomic_load(&home->newest);
    while (!atomic_compare_exchange_weak(&home->newest, &l->older, l))
        ;
}

static cc_loader *loader_in(cc_state *st, const struct cd_stub *stub)
{
    cc_loader *l = CC_LOAD(st->loaders);
    while (l != NULL && l->stub != stub)
        l = l->next;
    return l;
}

int cc_extern_load(cc_state *st, const struct cd_stub *stub)
{
    if (stub->n_externs == 0 || loader_in(st, stub) != NULL)
        return 0;
    if (cc_owner_watch(st->owner) < 0)
        return -1;
    stub_home *home = home_of(stub);
    cc_loader *l = home != NULL ? new_loader(stub) : NULL;
    if (l == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (home->core != &core_mark) {
        free_loader(l);
        PyErr_Format(PyExc_ImportError,
                     "%s is in use by another copy of cffi_core in this "
                     "process: load it from one only", stub->module);
        return -1;
    }
    CC_LOCK(&st->lock);
    bool first = loader_in(st, stub) == NULL;
    if (first) {
        l->owner = cc_owner_hold(st->owner);
        l->next = st->loaders;
        CC_STORE(st->loaders, l);
        add_to_home(home, l);
    }
    CC_UNLOCK(&st->lock);
    if (!first) /* another thread was faster */
        free_loader(l);
    /* Last: from now on C may call.                                          */
    cc_publish_once((void **)&stub->link->call_python,
                    (void *)(uintptr_t)call_python);
    return 0;
}

/* ---- binding ------------------------------------------------------------- */

static void bind(cc_loader *l, uint32_t slot, PyObject *closure)
{
    cc_bound *b = &l->bound[slot];
    CC_LOCK(&b->lock);
    PyObject *before = b->closure;
    b->closure = Py_NewRef(closure);
    cc_closure_copy_error(closure, l->error[slot]);
    CC_UNLOCK(&b->lock);
    Py_XDECREF(before);
}

static CC_COLD PyObject *no_such_function(FFIObject *ffi, PyObject *name)
{
    if (ffi->table->feeds == NULL)
        return PyErr_Format(cc_error(ffi->state, CC_FFIError),
                            "ffi.def_extern('%U'): there is no compiled code "
                            "yet that could call it",
                            name);
    return PyErr_Format(cc_error(ffi->state, CC_FFIError),
                        "ffi.def_extern('%U'): no 'extern \"Python\"' function "
                        "with this name",
                        name);
}

/* The function's record and the source that has it; NULL: exception.         */
static const struct cd_stub_global *find_extern(FFIObject *ffi, PyObject *name,
                                                cc_source **source)
{
    Py_ssize_t n;
    const char *utf8 = PyUnicode_AsUTF8AndSize(name, &n);
    if (utf8 == NULL)
        return NULL;
    for (uint32_t i = 0; (*source = cc_table_source(ffi->table, i)); i++) {
        const struct cd_stub_global *g =
            cc_source_find(*source, utf8, (size_t)n);
        if (g != NULL && g->kind == CD_D_EXTERN_PYTHON)
            return g;
    }
    no_such_function(ffi, name);
    return NULL;
}

static CTypeObject *type_of(FFIObject *ffi, cc_source *source, cd_sid sid)
{
    cd_error err;
    cc_table_lock(ffi->table);
    cd_id id = cc_source_type(source, sid, &err);
    cc_table_unlock(ffi->table);
    if (id != 0)
        return cc_ctype_of(ffi->table, id);
    cc_raise_parse(ffi->state, &err);
    return NULL;
}

static PyObject *bind_by_name(FFIObject *ffi, PyObject *name,
                              PyObject *callable, PyObject *error,
                              PyObject *onerror)
{
    cc_source *source;
    PyObject *closure = NULL;
    const struct cd_stub_global *g = find_extern(ffi, name, &source);
    CTypeObject *func = g != NULL ? type_of(ffi, source, g->type) : NULL;
    if (func != NULL)
        closure = cc_closure_new_extern(ffi->state, func, callable, error,
                                        onerror);
    Py_XDECREF(func);
    if (closure == NULL)
        return NULL;
    bind(loader_in(ffi->state, cc_source_stub(source)), g->slot, closure);
    Py_DECREF(closure);
    return Py_NewRef(callable);
}

PyObject *cc_def_extern(FFIObject *ffi, PyObject *name, PyObject *callable,
                        PyObject *error, PyObject *onerror)
{
    if (name != NULL && !PyUnicode_Check(name))
        return PyErr_Format(PyExc_TypeError,
                            "def_extern() name must be a str, not %.200s",
                            Py_TYPE(name)->tp_name);
    if (name != NULL)
        return bind_by_name(ffi, name, callable, error, onerror);
    name = PyObject_GetAttrString(callable, "__name__");
    if (name == NULL)
        return NULL;
    PyObject *bound = cc_def_extern(ffi, name, callable, error, onerror);
    Py_DECREF(name);
    return bound;
}

/* ---- the interpreter's end ----------------------------------------------- */

int cc_extern_visit(cc_state *st, visitproc visit, void *arg)
{
    for (cc_loader *l = st->loaders; l != NULL; l = l->next)
        for (uint32_t i = 0; i < l->stub->n_externs; i++)
            Py_VISIT(l->bound[i].closure);
    return 0;
}

void cc_extern_clear(cc_state *st)
{
    for (cc_loader *l = st->loaders; l != NULL; l = l->next)
        for (uint32_t i = 0; i < l->stub->n_externs; i++) {
            cc_bound *b = &l->bound[i];
            CC_LOCK(&b->lock);
            PyObject *closure = b->closure;
            b->closure = NULL;
            CC_UNLOCK(&b->lock);
            Py_XDECREF(closure);
        }
}

void cc_extern_fini(cc_state *st)
{
    st->loaders = NULL; /* they stay, with nothing bound */
}
