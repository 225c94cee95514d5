/* func_type.c - CDataFunc and the like: the types of function pointers that can
 * be called, and what they show of themselves.  MIT.                         */
#include "call.h"
#include "callback.h"
#include "lib.h"
#include <stddef.h>
#include <structmember.h>

/* All of f; NULL: it is a mere address. */
static CDataFuncObject *with_owner(PyObject *f)
{
    const cc_state *st = ((CDataObject *)f)->ct->state;
    bool own = Py_IS_TYPE(f, st->CDataOwnFunc) ||
               Py_IS_TYPE(f, st->CDataLibFunc);
    return own ? (CDataFuncObject *)f : NULL;
}

static int func_traverse(PyObject *self, visitproc visit, void *arg)
{
    CDataFuncObject *f = (CDataFuncObject *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(f->base.ct);
    Py_VISIT(f->owner);
    return 0;
}

/* The owner goes; what still calls through a cycle of garbage then meets code
 * that may be gone, so the entry goes too.                                   */
static int func_clear(PyObject *self)
{
    CDataFuncObject *f = (CDataFuncObject *)self;
    if (f->owner != NULL)
        f->call = cc_call_closed;
    Py_CLEAR(f->owner);
    return 0;
}

static void func_dealloc(PyObject *self)
{
    CDataFuncObject *f = (CDataFuncObject *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (f->base.weakrefs != NULL)
        PyObject_ClearWeakRefs(self);
    Py_XDECREF(f->owner);
    Py_XDECREF(f->label);
    PyMem_Free(f->method);
    Py_DECREF(f->base.ct);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyObject *func_repr(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    CDataFuncObject *f = with_owner(self);
    PyObject *name = cd->ct->name;
    PyObject *callable =
        f ? cc_closure_callable(cd->ct->state, f->owner) : NULL;
    if (callable != NULL)
        return PyUnicode_FromFormat("<cdata '%U' calling %R>", name, callable);
    if (cd->data == NULL)
        return PyUnicode_FromFormat("<cdata '%U' NULL>", name);
    return PyUnicode_FromFormat("<cdata '%U' %p>", name, cd->data);
}

/* "add", or "<cdata>" of a pointer that has no name.                         */
static PyObject *func_name(PyObject *self, void *Py_UNUSED(closure))
{
    CDataFuncObject *f = with_owner(self);
    return f != NULL && f->label != NULL ? Py_NewRef(f->label)
                                         : PyUnicode_FromString("<cdata>");
}

/* "int add(int, int);" as it was declared.                                   */
static PyObject *declaration(CDataFuncObject *f)
{
    PyObject *name = f->base.ct->name, *head, *tail, *doc = NULL;
    Py_ssize_t at = f->base.ct->name_at; /* "int(*" | ")(int, int)" */
    head = PyUnicode_Substring(name, 0, at - 2);
    tail = PyUnicode_Substring(name, at + 1, PyUnicode_GET_LENGTH(name));
    if (head != NULL && tail != NULL)
        doc = PyUnicode_FromFormat(
            "%U%s%U%U;", head,
            PyUnicode_ReadChar(name, at - 3) == '*' ? "" : " ", f->label, tail);
    Py_XDECREF(head);
    Py_XDECREF(tail);
    return doc;
}

/* The declaration, and behind it what its comment says, for help(); a pointer
 * without a name shows its type.                                             */
static PyObject *func_doc(PyObject *self, void *Py_UNUSED(closure))
{
    CDataFuncObject *f = with_owner(self);
    if (f == NULL || f->label == NULL)
        return Py_NewRef(((CDataObject *)self)->ct->name);
    PyObject *head = declaration(f);
    PyObject *comment =
        head ? cc_lib_doc(f->base.ct->state, f->owner, f->label) : NULL;
    if (comment == NULL)
        return head;
    PyObject *doc = PyUnicode_FromFormat("%U\n\n%U", head, comment);
    Py_DECREF(head);
    Py_DECREF(comment);
    return doc;
}

static PyGetSetDef func_getset[] = {
    {"__name__", func_name, NULL, NULL, NULL},
    {"__doc__", func_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef func_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(CDataFuncObject, call),
     READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot func_slots[] = {
    {Py_tp_repr, func_repr},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_getset, func_getset},
    {Py_tp_members, func_members},
    {0, NULL},
};

#define FUNC_FLAGS                                                            \
    (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL |                        \
     Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION)

PyType_Spec cc_cdata_func_spec = {
    .name = "cffi_core._CDataFunc",
    .basicsize = offsetof(CDataFuncObject, owner),
    .flags = FUNC_FLAGS,
    .slots = func_slots,
};

static PyType_Slot own_func_slots[] = {
    {Py_tp_traverse, func_traverse},
    {Py_tp_clear, func_clear},
    {Py_tp_dealloc, func_dealloc},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_getset, func_getset}, /* a __doc__ of its own hides the base's */
    {Py_tp_members, func_members},
    {0, NULL},
};

/* It looks like the Lib whose function it is, as which CFFI binds it.        */
static PyObject *lib_func_repr(PyObject *self)
{
    PyObject *lib = ((CDataFuncObject *)self)->owner;
    return lib != NULL ? PyObject_Repr(lib) : func_repr(self);
}

static PyObject *lib_func_class(PyObject *Py_UNUSED(self),
                                void *Py_UNUSED(closure))
{
    return Py_NewRef((PyObject *)&PyModule_Type);
}

static PyGetSetDef lib_func_getset[] = {
    {"__class__", lib_func_class, NULL, NULL, NULL},
    {"__name__", func_name, NULL, NULL, NULL},
    {"__doc__", func_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot lib_func_slots[] = {
    {Py_tp_repr, lib_func_repr},
    {Py_tp_traverse, func_traverse},
    {Py_tp_clear, func_clear},
    {Py_tp_dealloc, func_dealloc},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_getset, lib_func_getset},
    {Py_tp_members, func_members},
    {0, NULL},
};

PyType_Spec cc_cdata_lib_func_spec = {
    .name = "cffi_core.Lib",
    .basicsize = CC_SHARED_SIZE(CDataFuncObject),
    .flags = FUNC_FLAGS | Py_TPFLAGS_HAVE_GC,
    .slots = lib_func_slots,
};

PyType_Spec cc_cdata_own_func_spec = {
    .name = "cffi_core.__CDataOwnFunc",
    .basicsize = CC_SHARED_SIZE(CDataFuncObject),
    .flags = FUNC_FLAGS | Py_TPFLAGS_HAVE_GC,
    .slots = own_func_slots,
};
