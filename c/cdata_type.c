/* cdata_type.c - the types _CDataBase and __CDataOwn: their slots, which the
 * other cdata_*.c files fill.                                                */
#include "cdata.h"
#include "func.h"
#include <structmember.h>

/* A function pointer in another cdata type (ffi.gc) is called through a plain
 * one.                                                                      */
static PyObject *cdata_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    CDataObject *cd = (CDataObject *)self;
    if (cd->ct->kind != CD_FUNC)
        return PyErr_Format(PyExc_TypeError, "cdata '%U' is not callable",
                            cd->ct->name);
    PyObject *function =
        cc_func_new(cd->ct, cd->data, NULL, NULL, false);
    if (function == NULL)
        return NULL;
    PyObject *result = PyObject_Call(function, args, kwargs);
    Py_DECREF(function);
    return result;
}

static PyObject *cdata_enter(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (cc_release_check((CDataObject *)self) < 0)
        return NULL;
    return Py_NewRef(self);
}

static PyObject *cdata_exit(PyObject *self, PyObject *Py_UNUSED(args))
{
    return cc_release(((CDataObject *)self)->ct->state, self);
}

static PyObject *cdata_sizeof(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    CDataObject *cd = (CDataObject *)self;
    cc_state *st = cd->ct->state;
    Py_ssize_t size = Py_TYPE(self)->tp_basicsize;
    if (Py_TYPE(self) == st->CDataOwn && cc_cdata_keeper(cd) == NULL)
        size += cc_cdata_bytes(cd);
    else if (Py_TYPE(self) == st->CData && cc_is_primitive(cd->ct))
        size += cd->ct->size;
    return PyLong_FromSsize_t(size);
}

static PyMethodDef cdata_methods[] = {
    {"__enter__", cdata_enter, METH_NOARGS, NULL},
    {"__exit__", cdata_exit, METH_VARARGS, NULL},
    {"__dir__", cc_cdata_dir, METH_NOARGS, NULL},
    {"__complex__", cc_cdata_complex, METH_NOARGS, NULL},
    {"__sizeof__", cdata_sizeof, METH_NOARGS, NULL},
    {"__reduce__", cc_refuse_pickle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* What CFFI says: programs that log or wrap a callable ask for it. */
static PyObject *cdata_name(PyObject *Py_UNUSED(self), void *Py_UNUSED(closure))
{
    return PyUnicode_FromString("<cdata>");
}

static PyGetSetDef cdata_getset[] = {
    {"__name__", cdata_name, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef cdata_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(CDataObject, weakrefs),
     READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(cdata_doc,
"A C value that Python holds: a pointer, array, struct, union, function\n"
"pointer, or a number of a C type.  The base of all cdata types: test with\n"
"isinstance(x, ffi.CData).");

static PyType_Slot cdata_slots[] = {
    {Py_tp_doc, (void *)cdata_doc},
    {Py_tp_dealloc, cc_cdata_dealloc},
    {Py_tp_repr, cc_cdata_repr},
    {Py_tp_hash, cc_cdata_hash},
    {Py_tp_call, cdata_call},
    {Py_tp_getattro, cc_cdata_getattro},
    {Py_tp_getset, cdata_getset},
    {Py_tp_setattro, cc_cdata_setattro},
    {Py_tp_richcompare, cc_cdata_richcompare},
    {Py_tp_iter, cc_cdata_iter},
    {Py_tp_methods, cdata_methods},
    {Py_tp_members, cdata_members},
    {Py_nb_add, cc_cdata_add},
    {Py_nb_subtract, cc_cdata_subtract},
    {Py_nb_bool, cc_cdata_bool},
    {Py_nb_int, cc_cdata_int},
    {Py_nb_float, cc_cdata_float},
    {Py_mp_length, cc_cdata_length},
    {Py_mp_subscript, cc_cdata_subscript},
    {Py_mp_ass_subscript, cc_cdata_ass_subscript},
    {0, NULL},
};

PyType_Spec cc_cdata_spec = {
    .name = "cffi_core._CDataBase",
    .basicsize = sizeof(CDataObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = cdata_slots,
};

static PyType_Slot own_slots[] = {
    {Py_tp_doc, "A cdata that owns its memory.  Test with isinstance(x, "
                "ffi.CData)."},
    {Py_tp_dealloc, cc_cdata_own_dealloc},
    {0, NULL},
};

PyType_Spec cc_cdata_own_spec = {
    .name = "cffi_core.__CDataOwn",
    .basicsize = sizeof(CDataSized),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = own_slots,
};
