/* cdata_gc.c - the type __CDataGCP, ffi.gc() and ffi.release().             */
#include "cdata.h"

/* ---- the type ----------------------------------------------------------- */

PyObject *cc_gcp_new(CTypeObject *ct, char *data, Py_ssize_t extent,
                     PyObject *origin, PyObject *destructor)
{
    PyTypeObject *type = cc_type(ct->state, CC_CDataGCP);
    CDataGcp *g = type != NULL ? PyObject_GC_New(CDataGcp, type) : NULL;
    if (g == NULL)
        return NULL;
    g->sized.base.ct = (CTypeObject *)Py_NewRef((PyObject *)ct);
    g->sized.base.data = data;
    g->sized.base.weakrefs = NULL;
    g->sized.extent = extent;
    g->origin = Py_NewRef(origin);
    cc_hold(origin);
    g->destructor = Py_XNewRef(destructor);
    PyObject_GC_Track(g);
    return (PyObject *)g;
}

/* Takes the destructor out, so that one of several threads gets it. */
static PyObject *gcp_take(CDataGcp *g)
{
    PyObject *destructor;
    CC_BEGIN_CRITICAL(g);
    destructor = g->destructor;
    g->destructor = NULL;
    CC_END_CRITICAL();
    return destructor;
}

/* Runs the destructor unless it has run.  Its exception goes to
 * sys.unraisablehook, the caller's stays.                                   */
static void gcp_destroy(CDataGcp *g)
{
    PyObject *destructor = gcp_take(g);
    if (destructor == NULL)
        return;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *origin = Py_NewRef(g->origin);
    PyObject *result = PyObject_CallOneArg(destructor, origin);
    if (result == NULL)
        cc_error_ignored("from callback for ffi.gc %R%s", origin, "");
    Py_XDECREF(result);
    Py_DECREF(origin);
    Py_DECREF(destructor);
    PyErr_Restore(type, value, traceback);
}

static void gcp_finalize(PyObject *self)
{
    gcp_destroy((CDataGcp *)self);
}

static int gcp_traverse(PyObject *self, visitproc visit, void *arg)
{
    CDataGcp *g = (CDataGcp *)self;
    Py_VISIT(g->origin);
    Py_VISIT(g->destructor);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int gcp_clear(PyObject *self)
{
    CDataGcp *g = (CDataGcp *)self;
    if (g->origin != NULL)
        cc_unhold(g->origin);
    Py_CLEAR(g->origin);
    Py_CLEAR(g->destructor);
    return 0;
}

static void gcp_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (PyObject_CallFinalizerFromDealloc(self) < 0)
        return; /* the destructor kept it */
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, gcp_dealloc)
    gcp_clear(self);
    cc_cdata_forget((CDataObject *)self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static PyType_Slot gcp_slots[] = {
    {Py_tp_doc, "A cdata with a destructor: see ffi.gc()."},
    {Py_tp_dealloc, gcp_dealloc},
    {Py_tp_finalize, gcp_finalize},
    {Py_tp_traverse, gcp_traverse},
    {Py_tp_clear, gcp_clear},
    {0, NULL},
};

PyType_Spec cc_cdata_gcp_spec = {
    .name = "cffi_core.__CDataGCP",
    .basicsize = sizeof(CDataGcp),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = gcp_slots,
};

/* ---- ffi.gc ------------------------------------------------------------- */

static PyObject *gc_remove(cc_state *st, PyObject *cdata)
{
    if (!Py_IS_TYPE(cdata, st->CDataGCP)) {
        PyErr_SetString(PyExc_TypeError, "Can remove destructor only on a "
                        "object previously returned by ffi.gc()");
        return NULL;
    }
    Py_XDECREF(gcp_take((CDataGcp *)cdata));
    Py_RETURN_NONE;
}

PyObject *cc_gc(cc_state *st, PyObject *cdata, PyObject *destructor,
                Py_ssize_t Py_UNUSED(size))
{
    if (!cc_cdata_like(cdata))
        return cc_error_no_cdata(st, "gc", cdata);
    if (destructor == Py_None)
        return gc_remove(st, cdata);
    CDataObject *cd = (CDataObject *)cdata;
    Py_ssize_t extent = cc_has_extent(cd) ? cc_extent(cd) : -1;
    return cc_gcp_new(cd->ct, cd->data, extent, cdata, destructor);
}

/* ---- release ------------------------------------------------------------ */

int cc_release_check(CDataObject *cd)
{
    cc_state *st = cd->ct->state;
    PyTypeObject *type = Py_TYPE(cd);
    if (type == st->CDataGCP || type == st->CDataFromBuf)
        return 0;
    if (type == st->CDataOwn && !cc_is_record(cd->ct))
        return 0;
    if (type == st->CDataOwnGC && !cc_is_handle(cd))
        return 0;
    PyErr_SetString(PyExc_ValueError,
                    "only 'cdata' object from ffi.new(), ffi.gc(), "
                    "ffi.from_buffer() or ffi.new_allocator()() can be used "
                    "with the 'with' keyword or ffi.release()");
    return -1;
}

PyObject *cc_release(cc_state *st, PyObject *cdata)
{
    if (!cc_cdata_like(cdata)) {
        PyErr_SetString(PyExc_TypeError, "expected a 'cdata' object");
        return NULL;
    }
    if (cc_release_check((CDataObject *)cdata) < 0)
        return NULL;
    if (Py_IS_TYPE(cdata, st->CDataGCP))
        gcp_destroy((CDataGcp *)cdata);
    else if (Py_IS_TYPE(cdata, st->CDataFromBuf))
        cc_buffer_release((CDataBuf *)cdata);
    else if (Py_IS_TYPE(cdata, st->CDataOwnGC))
        gcp_destroy((CDataGcp *)((CDataKeeper *)cdata)->kept);
    Py_RETURN_NONE;
}
