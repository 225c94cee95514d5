/* cdata_keeper.c - the type __CDataOwnGC, which keeps a Python object alive:
 * handles, and records that an allocator made.                               */
#include "cdata.h"

/* ---- the type ----------------------------------------------------------- */

PyObject *cc_keeper_new(CTypeObject *ct, char *data, PyObject *kept)
{
    CDataKeeper *k = PyObject_GC_New(CDataKeeper, ct->state->CDataOwnGC);
    if (k == NULL)
        return NULL;
    k->base.ct = (CTypeObject *)Py_NewRef((PyObject *)ct);
    k->base.data = data;
    k->base.weakrefs = NULL;
    k->kept = Py_NewRef(kept);
    PyObject_GC_Track(k);
    return (PyObject *)k;
}

static int keeper_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((CDataKeeper *)self)->kept);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int keeper_clear(PyObject *self)
{
    if (cc_is_handle((CDataObject *)self))
        cc_handle_forget((CDataKeeper *)self);
    Py_CLEAR(((CDataKeeper *)self)->kept);
    return 0;
}

static void keeper_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, keeper_dealloc)
    keeper_clear(self);
    cc_cdata_forget((CDataObject *)self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static PyType_Slot keeper_slots[] = {
    {Py_tp_doc, "A cdata that keeps a Python object alive: a handle, or what "
                "an allocator made."},
    {Py_tp_dealloc, keeper_dealloc},
    {Py_tp_traverse, keeper_traverse},
    {Py_tp_clear, keeper_clear},
    {0, NULL},
};

PyType_Spec cc_cdata_own_gc_spec = {
    .name = "cffi_core.__CDataOwnGC",
    .basicsize = sizeof(CDataKeeper),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = keeper_slots,
};

/* ---- ffi.new_handle, ffi.from_handle ------------------------------------ */

PyObject *cc_new_handle(cc_state *st, PyObject *obj)
{
    CTypeObject *void_p = cc_void_pointer(st);
    PyObject *handle =
        void_p != NULL ? cc_keeper_new(void_p, cc_handle_number(), obj) : NULL;
    if (handle == NULL)
        return NULL;
    if (cc_handle_add((CDataKeeper *)handle) < 0) {
        Py_DECREF(handle);
        return PyErr_NoMemory();
    }
    return handle;
}

PyObject *cc_from_handle(cc_state *st, PyObject *cdata)
{
    CDataObject *cd = (CDataObject *)cdata;
    if (!cc_cdata_like(cdata)) {
        PyErr_SetString(PyExc_TypeError, "expected a 'cdata' object");
        return NULL;
    }
    if (cd->ct->kind != CD_POINTER ||
        !(cd->ct->flags & CT_VOID_PTR || cc_is_char(cd->ct->item)))
        return PyErr_Format(PyExc_TypeError, "expected a 'cdata' object with "
                            "a 'void *' out of new_handle(), got '%U'",
                            cd->ct->name);
    if (cd->data == NULL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "cannot use from_handle() on NULL pointer");
        return NULL;
    }
    PyObject *obj = cc_handle_object(st, cd->data);
    if (obj == NULL)
        PyErr_Format(PyExc_RuntimeError, "from_handle(): %p is no live handle:"
                     " the object that new_handle() returned must be kept "
                     "alive", (void *)cd->data);
    return obj;
}
