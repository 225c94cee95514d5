/* cfield.c - CField: one field of a struct or union, read-only.              */
#include "core.h"
#include <stddef.h>

static int cfield_traverse(CFieldObject *f, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(f));
    Py_VISIT(f->type);
    return 0;
}

/* No tp_clear: every cycle through a field goes through a record's ctype, which
 * breaks it.                                                                 */
static void cfield_dealloc(CFieldObject *f)
{
    PyTypeObject *type = Py_TYPE(f);
    PyObject_GC_UnTrack(f);
    Py_XDECREF(f->type);
    Py_XDECREF(f->name);
    type->tp_free(f);
    Py_DECREF(type);
}

static PyMemberDef cfield_members[] = {
    {"type", T_OBJECT, offsetof(CFieldObject, type), READONLY,
     "ctype of the field"},
    {"offset", T_PYSSIZET, offsetof(CFieldObject, offset), READONLY,
     "bytes from the start of the record; of a bit-field: its storage unit's"},
    {"bitshift", T_SHORT, offsetof(CFieldObject, bitshift), READONLY,
     "bit-field: position of its lowest bit in the storage unit; else -1, or "
     "-2 for an array of variable length at the end"},
    {"bitsize", T_SHORT, offsetof(CFieldObject, bitsize), READONLY,
     "bit-field: its width in bits; else -1"},
    {"flags", T_UINT, offsetof(CFieldObject, flags), READONLY,
     "1: passed over when a union is initialised from a list"},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(cfield_doc,
"A field of a struct or union, from ctype.fields.  Immutable.");

static PyMethodDef cfield_methods[] = {
    {"__reduce__", cc_refuse_pickle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot cfield_slots[] = {
    {Py_tp_doc, (void *)cfield_doc},
    {Py_tp_dealloc, cfield_dealloc},
    {Py_tp_traverse, cfield_traverse},
    {Py_tp_members, cfield_members},
    {Py_tp_methods, cfield_methods},
    {0, NULL},
};

PyType_Spec cc_cfield_spec = {
    .name = "cffi_core.CField",
    .basicsize = CC_SHARED_SIZE(CFieldObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = cfield_slots,
};
