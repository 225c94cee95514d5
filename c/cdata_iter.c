/* cdata_iter.c - iteration over an array.                                    */
#include "cdata.h"

typedef struct CDataIterObject {
    PyObject_HEAD
    CDataObject *array;     /* owned */
    CTypeObject *item;      /* BORROWED from its ctype                       */
    Py_ssize_t length;      /* of it; fixed, but for a release               */
    Py_ssize_t next;        /* index; atomic on free-threaded builds         */
} CDataIterObject;

PyObject *cc_cdata_iter(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    cc_state *st = cd->ct->state;
    if (cd->ct->kind != CD_ARRAY)
        return PyErr_Format(PyExc_TypeError,
                            "cdata '%U' does not support iteration",
                            cd->ct->name);
    PyTypeObject *type = cc_type(st, CC_CDataIter);
    CDataIterObject *it =
        type != NULL ? PyObject_GC_New(CDataIterObject, type) : NULL;
    if (it == NULL)
        return NULL;
    it->array = (CDataObject *)Py_NewRef(self);
    it->item = cd->ct->item;
    it->length = cc_array_length(cd);
    it->next = 0;
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

/* Released meanwhile, or an array at NULL.                                   */
static CC_COLD PyObject *no_more_data(CDataIterObject *it)
{
    if (cc_array_length(it->array) == 0)
        return NULL;
    CC_STORE(it->next, CC_LOAD(it->next) + 1);
    return cc_error_null("dereference null pointer", it->array->ct);
}

static PyObject *iter_next(PyObject *self)
{
    CDataIterObject *it = (CDataIterObject *)self;
    CTypeObject *item = it->item;
    Py_ssize_t i = CC_LOAD(it->next);
    if (i >= it->length)
        return NULL;
    char *data = it->array->data;
    if (CC_UNLIKELY(data == NULL))
        return no_more_data(it);
    CC_STORE(it->next, i + 1);
    return item->read(item, data + i * item->size);
}

/* No tp_clear: whatever leads from an array back to here (a destructor, a
 * keeper) breaks that cycle.                                                 */
static int iter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((CDataIterObject *)self)->array);
    return 0;
}

static void iter_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_DECREF(((CDataIterObject *)self)->array);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyMethodDef iter_methods[] = {
    {"__reduce__", cc_refuse_pickle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot iter_slots[] = {
    {Py_tp_traverse, iter_traverse},
    {Py_tp_dealloc, iter_dealloc},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, iter_next},
    {Py_tp_methods, iter_methods},
    {0, NULL},
};

PyType_Spec cc_cdata_iter_spec = {
    .name = "cffi_core.__CData_iterator",
    .basicsize = sizeof(CDataIterObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = iter_slots,
};
