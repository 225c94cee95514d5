/* cdata.c - cdata objects: allocation, sizes, identity, end.                 */
#include "cdata.h"
#include "module.h"

/* What PyObject_Calloc aligns to. */
#define OBJECT_ALIGN (sizeof(void *) >= 8 ? 16u : 8u)

static inline char *round_up(char *p, size_t align)
{
    return (char *)(((uintptr_t)p + align - 1) & ~(uintptr_t)(align - 1));
}

/* ---- making ------------------------------------------------------------- */

static inline CDataObject *cdata_init(void *memory, PyTypeObject *type,
                                      CTypeObject *ct, char *data)
{
    CDataObject *cd = memory;
#if CC_FREE_THREADED
    PyObject_Init((PyObject *)cd, type);
#else /* what it does, without the call */
    Py_SET_TYPE(cd, (PyTypeObject *)Py_NewRef((PyObject *)type));
    _Py_NewReference((PyObject *)cd);
#endif
    cd->ct = (CTypeObject *)Py_NewRef((PyObject *)ct);
    cd->data = data;
    cd->weakrefs = NULL;
    return cd;
}

/* Where the memory of an object with a target of this type begins. */
static inline char *inline_memory(CDataSized *cs, const CTypeObject *target)
{
    return round_up((char *)(cs + 1), cc_align_of(target));
}

CDataSized *cc_cdata_alloc_aligned(PyTypeObject *type, CTypeObject *ct,
                                   Py_ssize_t bytes, Py_ssize_t extent,
                                   size_t align, bool clear)
{
    const CTypeObject *target = ct->kind == CD_POINTER ? ct->item : ct;
    if (align < cc_align_of(target))
        align = cc_align_of(target);
    size_t slack = align > OBJECT_ALIGN
                       ? align
                       : (0 - sizeof(CDataSized)) & (align - 1);
    size_t size = sizeof(CDataSized) + slack + (size_t)bytes;
    CDataSized *cs = clear ? PyObject_Calloc(1, size) : PyObject_Malloc(size);
    if (cs == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    cdata_init(cs, type, ct, round_up((char *)(cs + 1), align));
    cs->extent = extent;
    return cs;
}

static CDataSized *alloc_zeroed(PyTypeObject *type, CTypeObject *ct,
                                Py_ssize_t bytes, Py_ssize_t extent)
{
    return cc_cdata_alloc_aligned(type, ct, bytes, extent, 0, true);
}

/* ---- references, which come and go: `p.a.b`, `a[1:9]` --------------------
 * A few dead ones are kept to be made anew, all of them with room for an
 * extent.  Not where threads would fight for them, and not under sanitizers,
 * which shall see a use after the end.                                       */
#if CC_FREE_THREADED || defined(__SANITIZE_ADDRESS__)
enum { SPARE = 0 };
#else
enum { SPARE = 64 };
#endif

/* Memory for a CDataSized; its `weakrefs` links those that are spare.        */
static inline CDataObject *take_spare(cc_state *st)
{
    CDataObject *cd = SPARE > 0 ? st->spare : NULL;
    if (CC_UNLIKELY(cd == NULL))
        return PyObject_Malloc(sizeof(CDataSized));
    st->spare = (CDataObject *)cd->weakrefs;
    st->n_spare--;
    return cd;
}

/* Primitives have their value behind them, of any size. */
static inline void give_spare(CDataObject *cd)
{
    cc_state *st = cd->ct->state;
    if (SPARE == 0 || st->n_spare >= SPARE || cc_is_primitive(cd->ct)) {
        PyObject_Free(cd);
        return;
    }
    cd->weakrefs = (PyObject *)st->spare;
    st->spare = cd;
    st->n_spare++;
}

void cc_cdata_free_spare(cc_state *st)
{
    while (st->n_spare > 0)
        PyObject_Free(take_spare(st));
}

CDataObject *cc_cdata_plain(PyTypeObject *type, CTypeObject *ct, char *data)
{
    CDataObject *cd = take_spare(ct->state);
    if (CC_UNLIKELY(cd == NULL))
        return (CDataObject *)PyErr_NoMemory();
    return cdata_init(cd, type, ct, data);
}

PyObject *cc_cdata_ref(CTypeObject *ct, char *data)
{
    assert(ct->kind != CD_FUNC);
    return (PyObject *)cc_cdata_plain(ct->state->CData, ct, data);
}

PyObject *cc_cdata_sized(CTypeObject *ct, char *data, Py_ssize_t extent)
{
    CDataObject *cd = cc_cdata_plain(ct->state->CData, ct, data);
    if (CC_LIKELY(cd != NULL))
        ((CDataSized *)cd)->extent = extent;
    return (PyObject *)cd;
}

PyObject *cc_cdata_value(CTypeObject *ct, const char *value)
{
    CDataSized *cs = alloc_zeroed(ct->state->CData, ct, ct->size, -1);
    if (cs != NULL)
        memcpy(cs->base.data, value, (size_t)ct->size);
    return (PyObject *)cs;
}

PyObject *cc_cdata_copy(CTypeObject *record, const char *value)
{
    CDataSized *cs = alloc_zeroed(record->state->CDataOwn, record,
                                  record->size, record->size);
    if (cs != NULL)
        memcpy(cs->base.data, value, (size_t)record->size);
    return (PyObject *)cs;
}

PyObject *cc_cdata_view(CDataObject *owner)
{
    CTypeObject *record = owner->ct->item;
    CDataSized *view = alloc_zeroed(record->state->CDataOwn, record,
                                    sizeof(PyObject *),
                                    ((CDataSized *)owner)->extent);
    if (view == NULL)
        return NULL;
    Py_INCREF(owner);
    memcpy(view->base.data, &owner, sizeof owner);
    view->base.data = owner->data;
    return (PyObject *)view;
}

/* An owned record is a view when its data is not its own memory: that holds
 * the keeper.                                                               */
PyObject *cc_cdata_keeper(CDataObject *cd)
{
    char *own;
    PyObject *keeper;
    if (!cc_is_record(cd->ct))
        return NULL;
    own = inline_memory((CDataSized *)cd, cd->ct);
    if (cd->data == own)
        return NULL;
    memcpy(&keeper, own, sizeof keeper);
    return keeper;
}

/* ---- sizes -------------------------------------------------------------- */

bool cc_has_extent(CDataObject *cd)
{
    PyTypeObject *type = Py_TYPE(cd);
    cc_state *st = cd->ct->state;
    if (type == st->CDataFunc || type == st->CDataOwnFunc ||
        type == st->CDataLibFunc)
        return false;
    return type != st->CData || (cd->ct->kind == CD_ARRAY &&
                                 cd->ct->length < 0);
}

Py_ssize_t cc_extent(CDataObject *cd)
{
    if (CC_UNLIKELY(Py_TYPE(cd) == cd->ct->state->CDataOwnGC)) {
        PyObject *kept = ((CDataKeeper *)cd)->kept;
        if (cd->ct->flags & CT_VOID_PTR || kept == NULL)
            return -1; /* a handle keeps what it likes */
        return ((CDataSized *)kept)->extent;
    }
    return ((CDataSized *)cd)->extent;
}

static CC_COLD bool is_released(CDataObject *cd)
{
    return Py_TYPE(cd) == cd->ct->state->CDataFromBuf;
}

/* A released buffer's array has no items.                                    */
Py_ssize_t cc_array_length(CDataObject *cd)
{
    if (cd->ct->length >= 0)
        return cd->data == NULL && is_released(cd) ? 0 : cd->ct->length;
    return ((CDataSized *)cd)->extent;
}

Py_ssize_t cc_cdata_bytes(CDataObject *cd)
{
    CTypeObject *ct = cd->ct;
    if (ct->kind == CD_ARRAY)
        return cc_array_length(cd) * ct->item->size;
    if (cc_has_extent(cd) && (cc_is_record(ct) || ct->kind == CD_POINTER)) {
        Py_ssize_t extent = cc_extent(cd);
        if (extent >= 0)
            return extent;
    }
    return ct->kind == CD_POINTER ? ct->item->size : ct->size;
}

PyObject *cc_sizeof_cdata(CDataObject *cd)
{
    CTypeObject *ct = cd->ct;
    Py_ssize_t size = cc_is_record(ct) || ct->kind == CD_ARRAY
                          ? cc_cdata_bytes(cd) : ct->size;
    if (size < 0)
        return PyErr_Format(PyExc_ValueError,
                            "ctype '%U' is of unknown size", ct->name);
    return PyLong_FromSsize_t(size);
}

static Py_hash_t address_hash(const void *p)
{
    uintptr_t x = (uintptr_t)p; /* the low bits are mostly zero */
    x = x >> 4 | x << (8 * sizeof x - 4);
    return x == (uintptr_t)-1 ? -2 : (Py_hash_t)x;
}

Py_hash_t cc_cdata_hash(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    if (!cc_is_primitive(cd->ct) || cc_is_wide_float(cd->ct))
        return address_hash(cd->data);
    PyObject *value = cd->ct->read(cd->ct, cd->data);
    if (value == NULL)
        return -1;
    Py_hash_t hash = PyObject_Hash(value);
    Py_DECREF(value);
    return hash;
}

/* ---- functions ---------------------------------------------------------- */

BORROWED PyObject *cc_function_pointer(cc_state *st, PyObject *o)
{
    if (Py_IS_TYPE(o, st->CDataFunc) || Py_IS_TYPE(o, st->CDataOwnFunc))
        return o;
    if (!PyCFunction_CheckExact(o))
        return NULL;
    PyObject *self = PyCFunction_GET_SELF(o);
    if (self == NULL || !Py_IS_TYPE(self, st->CDataLibFunc))
        return NULL;
    /* not one of its methods */
    CDataFuncObject *f = (CDataFuncObject *)self;
    return ((PyCFunctionObject *)o)->m_ml == f->method ? self : NULL;
}

/* ---- the end ------------------------------------------------------------- */

void cc_cdata_forget(CDataObject *cd)
{
    if (cd->weakrefs != NULL)
        PyObject_ClearWeakRefs((PyObject *)cd);
    Py_DECREF(cd->ct);
}

/* The ctype, which keeps the state, goes after the object. */
void cc_cdata_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    CDataObject *cd = (CDataObject *)self;
    CTypeObject *ct = cd->ct;
    if (CC_UNLIKELY(cd->weakrefs != NULL))
        PyObject_ClearWeakRefs(self);
    give_spare(cd);
    Py_DECREF(ct);
    Py_DECREF(type);
}

void cc_cdata_own_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject *keeper = cc_cdata_keeper((CDataObject *)self);
    cc_cdata_forget((CDataObject *)self);
    PyObject_Free(self);
    Py_DECREF(type);
    Py_XDECREF(keeper);
}
