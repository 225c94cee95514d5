/* ffi.c - the type FFI: its life, errno, and the table of its methods, which
 * are in files by their subjects.                                            */
#include "ffi_methods.h"
#include "thread.h"
#include <stddef.h>

/* ---- errno --------------------------------------------------------------- */

static PyObject *ffi_get_errno(FFIObject *Py_UNUSED(ffi), void *Py_UNUSED(c))
{
    return PyLong_FromLong(cc_errno_get());
}

static int ffi_set_errno(FFIObject *Py_UNUSED(ffi), PyObject *value,
                         void *Py_UNUSED(closure))
{
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "errno cannot be deleted");
        return -1;
    }
    int overflow;
    long v = PyLong_AsLongAndOverflow(value, &overflow);
    if (v == -1 && PyErr_Occurred())
        return -1;
    if (overflow || v < INT_MIN || v > INT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "errno value too large");
        return -1;
    }
    cc_errno_set((int)v);
    return 0;
}

/* ---- life ---------------------------------------------------------------- */

static PyObject *ffi_tp_new(PyTypeObject *type, PyObject *Py_UNUSED(args),
                         PyObject *Py_UNUSED(kwargs))
{
    cc_state *st = cc_state_of_type(type);
    FFIObject *ffi = (FFIObject *)type->tp_alloc(type, 0);
    if (ffi == NULL)
        return NULL;
    ffi->state = st;
    ffi->table = cc_table_new(st);
    ffi->types = PyDict_New();
    ffi->aligned = PyDict_New();
    ffi->sources = PyList_New(0);
    ffi->once = PyDict_New();
    if (!ffi->table || !ffi->types || !ffi->aligned || !ffi->sources ||
        !ffi->once) {
        Py_DECREF(ffi);
        return NULL;
    }
    cc_share(st, (PyObject *)ffi, (size_t)type->tp_basicsize);
    return (PyObject *)ffi;
}

/* FFI("module", _version=..., _types=...) is in modules that CFFI made.      */
static CC_COLD int made_by_cffi(PyObject *args)
{
    PyObject *name = PyTuple_GET_SIZE(args) ? PyTuple_GET_ITEM(args, 0) : NULL;
    PyErr_Format(PyExc_ImportError,
                 "cffi out-of-line Python module %R has unknown version: it "
                 "was compiled by CFFI, and only CFFI reads what is in it; "
                 "build the module again, with cffi_core in the place of CFFI",
                 name != NULL ? name : Py_None);
    return -1;
}

/* Here rather than in tp_new, so that a subclass may take arguments.         */
static int ffi_tp_init(PyObject *Py_UNUSED(ffi), PyObject *args,
                       PyObject *kwargs)
{
    static char *names[] = {"backend", NULL};
    PyObject *backend = Py_None;
    if (kwargs != NULL && PyDict_GetItemString(kwargs, "_version") != NULL)
        return made_by_cffi(args);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:FFI", names, &backend))
        return -1;
    if (backend == Py_None)
        return 0;
    PyErr_SetString(PyExc_TypeError, "FFI() has no other backend");
    return -1;
}

static int ffi_traverse(FFIObject *ffi, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(ffi));
    Py_VISIT(ffi->dict);
    Py_VISIT(ffi->table);
    Py_VISIT(ffi->types);
    Py_VISIT(ffi->sources);
    Py_VISIT(ffi->libs);
    Py_VISIT(ffi->once);
    return 0;
}

/* The table and the dicts that methods rely on stay; types is only emptied.  */
static int ffi_clear(FFIObject *ffi)
{
    Py_CLEAR(ffi->dict);
    Py_CLEAR(ffi->libs);
    if (ffi->types != NULL)
        PyDict_Clear(ffi->types);
    if (ffi->once != NULL)
        PyDict_Clear(ffi->once);
    return 0;
}

static void ffi_dealloc(FFIObject *ffi)
{
    PyTypeObject *type = Py_TYPE(ffi);

    PyObject_GC_UnTrack(ffi);
    if (ffi->weakrefs != NULL)
        PyObject_ClearWeakRefs((PyObject *)ffi);
    ffi_clear(ffi);
    Py_XDECREF(ffi->table);
    Py_XDECREF(ffi->types);
    Py_XDECREF(ffi->aligned);
    Py_XDECREF(ffi->sources);
    Py_XDECREF(ffi->once);
    type->tp_free(ffi);
    Py_DECREF(type);
}

/* ---- the type ------------------------------------------------------------ */

/* The argument of a method that has one, where it is not simply given.       */
static CC_COLD PyObject *only_argument(const cc_params *params,
                                       PyObject *const *args, Py_ssize_t nargs,
                                       PyObject *kwnames)
{
    PyObject *only;
    if (kwnames == NULL)
        return PyErr_Format(PyExc_TypeError,
                            "FFI.%s() takes exactly one argument (%zd given)",
                            params->method, nargs);
    return cc_args(params, args, nargs, kwnames, &only) < 0 ? NULL : only;
}

#define ONE(name, param)                                                      \
    static PyObject *one_##name(FFIObject *ffi, PyObject *const *args,        \
                                Py_ssize_t nargs, PyObject *kwnames)          \
    {                                                                         \
        static const cc_params params = {#name, 1, 1, {#param}};              \
        PyObject *only = nargs == 1 && kwnames == NULL                        \
                             ? args[0]                                        \
                             : only_argument(&params, args, nargs, kwnames);  \
        return only == NULL ? NULL : ffi_##name(ffi, only);                   \
    }
#include "ffi_methods.def"

static PyMethodDef ffi_methods[] = {
#define ROW(name, function, flags)                                            \
    {#name, (PyCFunction)(void (*)(void))function, flags, ffi_##name##_doc},
#define METHOD(name, flags) ROW(name, ffi_##name, flags)
#define KEYWORDS(name) METHOD(name, METH_FASTCALL | METH_KEYWORDS)
#define ARGS(name) METHOD(name, METH_FASTCALL)
#define ONE(name, param) ROW(name, one_##name, METH_FASTCALL | METH_KEYWORDS)
#define NONE(name) METHOD(name, METH_NOARGS)
#include "ffi_methods.def"
    {NULL, NULL, 0, NULL},
};

static PyObject *ffi_get_table(FFIObject *ffi, void *Py_UNUSED(closure))
{
    return cc_table_shown(ffi->table);
}

static PyGetSetDef ffi_getset[] = {
    {"_table", (getter)ffi_get_table, NULL,
     "what was declared, as the parser keeps it", NULL},
    {"errno", (getter)ffi_get_errno, (setter)ffi_set_errno,
     "C's errno as the last call of this thread left it; what is set here is\n"
     "what the next call of this thread sees.",
     NULL},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef ffi_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(FFIObject, dict), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(FFIObject, weakrefs), READONLY,
     NULL},
    {"_sources", T_OBJECT, offsetof(FFIObject, sources), READONLY,
     "list of (text, options) as given to cdef(), and of (ffi, {}) as given\n"
     "to include(), in order"},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(ffi_doc,
"FFI()\n\n"
"Declarations of C types, functions and variables, and what is done with\n"
"them: libraries, C data, callbacks.  Types of one FFI are also those of\n"
"others: two that are built from the same parts are one ctype.  A struct,\n"
"union or enum belongs to the FFI that declares it; include() makes it known\n"
"to another.\n\n"
"Takes instance attributes, can be subclassed; all threads may use it.");

static PyType_Slot ffi_slots[] = {
    {Py_tp_doc, (void *)ffi_doc},
    {Py_tp_new, ffi_tp_new},
    {Py_tp_init, ffi_tp_init},
    {Py_tp_dealloc, ffi_dealloc},
    {Py_tp_traverse, ffi_traverse},
    {Py_tp_clear, ffi_clear},
    {Py_tp_methods, ffi_methods},
    {Py_tp_getset, ffi_getset},
    {Py_tp_members, ffi_members},
    {0, NULL},
};

PyType_Spec cc_ffi_spec = {
    .name = "cffi_core.FFI",
    .basicsize = CC_SHARED_SIZE(FFIObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .slots = ffi_slots,
};
