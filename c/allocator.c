/* allocator.c - ffi.new_allocator(): ffi.new() over somebody's malloc().    */
#include "cdata.h"
#include "ffi_methods.h"
#include <stddef.h>

typedef struct AllocatorObject {
    PyObject_HEAD
    PyObject *weakrefs;
    FFIObject *ffi;         /* owned: type strings are its                   */
    PyObject *alloc, *free; /* owned; NULL: as ffi.new()                     */
    bool clear;
} AllocatorObject;

/* ---- one allocation ----------------------------------------------------- */

/* What alloc(bytes) returned, checked. New reference. */
static CDataObject *get_memory(AllocatorObject *a, Py_ssize_t bytes)
{
    PyObject *o = PyObject_CallFunction(a->alloc, "n", bytes);
    if (o == NULL)
        return NULL;
    CDataObject *cd = (CDataObject *)o;
    if (!cc_cdata_like(o))
        PyErr_Format(PyExc_TypeError, "alloc() must return a cdata object "
                     "(got %.200s)", Py_TYPE(o)->tp_name);
    else if (cd->ct->kind != CD_POINTER && cd->ct->kind != CD_ARRAY)
        PyErr_Format(PyExc_TypeError,
                     "alloc() must return a cdata pointer, not '%U'",
                     cd->ct->name);
    else if (cd->data == NULL)
        PyErr_SetString(PyExc_MemoryError, "alloc() returned NULL");
    else if (cd->ct->kind == CD_ARRAY && cc_cdata_bytes(cd) < bytes)
        PyErr_Format(PyExc_ValueError, "alloc() returned %zd bytes, but %zd "
                     "are needed", cc_cdata_bytes(cd), bytes);
    else
        return cd;
    Py_DECREF(o);
    return NULL;
}

/* The cdata over that memory, filled in; it owns `memory` from now on. */
static PyObject *make(AllocatorObject *a, CTypeObject *ct,
                      const cc_request *rq, CDataObject *memory)
{
    bool record = ct->kind == CD_POINTER && cc_is_record(rq->target);
    PyObject *owner = cc_gcp_new(record ? rq->target : ct, memory->data,
                                 rq->extent, (PyObject *)memory, a->free);
    if (owner == NULL)
        return NULL;
    if (a->clear)
        memset(memory->data, 0, (size_t)rq->bytes);
    else
        cc_request_end(rq, memory->data);
    PyObject *result = NULL;
    if (cc_request_fill(rq, memory->data) == 0)
        result = record ? cc_keeper_new(ct, memory->data, owner)
                        : Py_NewRef(owner);
    Py_DECREF(owner);
    return result;
}

static PyObject *allocate(AllocatorObject *a, CTypeObject *ct, PyObject *init,
                          size_t align)
{
    cc_request rq;
    if (a->alloc == NULL)
        return cc_new(ct, init, align, a->clear);
    if (cc_request_plan(ct, init, &rq) < 0)
        return NULL;
    CDataObject *memory = get_memory(a, rq.bytes);
    if (memory == NULL)
        return NULL;
    PyObject *result = make(a, ct, &rq, memory);
    Py_DECREF(memory);
    return result;
}

static PyObject *allocator_call(PyObject *self, PyObject *args,
                                PyObject *kwargs)
{
    static char *names[] = {"cdecl", "init", NULL};
    AllocatorObject *a = (AllocatorObject *)self;
    PyObject *cdecl, *init = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:new", names, &cdecl,
                                     &init))
        return NULL;
    CTypeObject *ct = cc_ffi_ctype(a->ffi, cdecl, CC_ARG_STR | CC_ARG_CTYPE);
    if (ct == NULL)
        return NULL;
    PyObject *result = allocate(a, ct, init, cc_ffi_alignment(a->ffi, cdecl));
    Py_DECREF(ct);
    return result;
}

/* ---- the type ----------------------------------------------------------- */

static int allocator_traverse(PyObject *self, visitproc visit, void *arg)
{
    AllocatorObject *a = (AllocatorObject *)self;
    Py_VISIT(a->ffi);
    Py_VISIT(a->alloc);
    Py_VISIT(a->free);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int allocator_clear(PyObject *self)
{
    AllocatorObject *a = (AllocatorObject *)self;
    Py_CLEAR(a->ffi);
    Py_CLEAR(a->alloc);
    Py_CLEAR(a->free);
    return 0;
}

static void allocator_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (((AllocatorObject *)self)->weakrefs != NULL)
        PyObject_ClearWeakRefs(self);
    allocator_clear(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyMethodDef allocator_methods[] = {
    {"__reduce__", cc_refuse_pickle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef allocator_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(AllocatorObject, weakrefs),
     READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot allocator_slots[] = {
    {Py_tp_doc, "new(cdecl, init=None): as ffi.new(), over the memory that "
                "ffi.new_allocator() was given."},
    {Py_tp_dealloc, allocator_dealloc},
    {Py_tp_traverse, allocator_traverse},
    {Py_tp_clear, allocator_clear},
    {Py_tp_call, allocator_call},
    {Py_tp_methods, allocator_methods},
    {Py_tp_members, allocator_members},
    {0, NULL},
};

PyType_Spec cc_allocator_spec = {
    .name = "cffi_core.Allocator",
    .basicsize = sizeof(AllocatorObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = allocator_slots,
};

PyObject *cc_new_allocator(FFIObject *ffi, PyObject *alloc, PyObject *free,
                           int should_clear)
{
    if (alloc == Py_None)
        alloc = NULL;
    if (free == Py_None)
        free = NULL;
    if (alloc == NULL && free != NULL) {
        PyErr_SetString(PyExc_TypeError, "cannot pass 'free' without 'alloc'");
        return NULL;
    }
    PyTypeObject *type = cc_type(ffi->state, CC_Allocator);
    AllocatorObject *a =
        type != NULL ? PyObject_GC_New(AllocatorObject, type) : NULL;
    if (a == NULL)
        return NULL;
    a->weakrefs = NULL;
    a->ffi = (FFIObject *)Py_NewRef((PyObject *)ffi);
    a->alloc = Py_XNewRef(alloc);
    a->free = Py_XNewRef(free);
    a->clear = should_clear;
    PyObject_GC_Track(a);
    return (PyObject *)a;
}
