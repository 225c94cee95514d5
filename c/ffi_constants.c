/* ffi_constants.c - what the class FFI has beside methods.  MIT.
 *
 * FFI.NULL, FFI.buffer, FFI.error and the like bring ctypes and types of their
 * own.  Until somebody asks, a Constant stands for each in the class.        */
#include "cdata.h"
#include "dl.h"
#include "ffi_methods.h"
#include "module.h"

/* ---- the constants ------------------------------------------------------- */

static PyObject *make_null(cc_state *st)
{
    CTypeObject *void_p = cc_void_pointer(st);
    if (void_p == NULL)
        return NULL;
    if (st->null_name == NULL)
        st->null_name = PyUnicode_InternFromString("NULL");
    return st->null_name != NULL ? cc_cdata_ref(void_p, NULL) : NULL;
}

static PyObject *make_buffer(cc_state *st)
{
    return Py_XNewRef((PyObject *)cc_type(st, CC_Buffer));
}

static PyObject *make_error(cc_state *st)
{
    return Py_XNewRef(cc_error_class(st, CC_FFIError));
}

static PyObject *make_cdata_class(cc_state *st)
{
    return Py_XNewRef((PyObject *)cc_type(st, CC_CData));
}

static PyObject *make_ctype_class(cc_state *st)
{
    return Py_XNewRef((PyObject *)cc_type(st, CC_CType));
}

static PyObject *make_void_pointer(cc_state *st)
{
    return Py_XNewRef((PyObject *)cc_void_pointer(st));
}

static PyObject *make_char_array(cc_state *st)
{
    return Py_XNewRef((PyObject *)cc_char_array(st));
}

static const struct constant {
    const char *name;
    PyObject *(*make)(cc_state *st);
} CONSTANTS[] = {
    {"NULL", make_null},           {"buffer", make_buffer},
    {"error", make_error},         {"BVoidP", make_void_pointer},
    {"BCharA", make_char_array},   {"CData", make_cdata_class},
    {"CType", make_ctype_class},
};

typedef struct ConstantObject {
    PyObject_HEAD
    const struct constant *what;
} ConstantObject;

/* The first time the class is asked for it: it is made and takes our place.  */
static PyObject *constant_get(PyObject *self, PyObject *Py_UNUSED(ffi),
                              PyObject *Py_UNUSED(type))
{
    cc_state *st = PyType_GetModuleState(Py_TYPE(self));
    const struct constant *what = ((ConstantObject *)self)->what;
    PyObject *value = what->make(st);
    if (value != NULL && PyObject_SetAttrString((PyObject *)st->FFI, what->name,
                                                value) < 0)
        Py_CLEAR(value);
    return value;
}

static int constant_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static void constant_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyType_Slot constant_slots[] = {
    {Py_tp_descr_get, constant_get},
    {Py_tp_traverse, constant_traverse},
    {Py_tp_dealloc, constant_dealloc},
    {0, NULL},
};

PyType_Spec cc_constant_spec = {
    .name = "cffi_core._Constant",
    .basicsize = sizeof(ConstantObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = constant_slots,
};

static PyObject *new_constant(cc_state *st, const struct constant *what)
{
    ConstantObject *c = PyObject_GC_New(ConstantObject, st->Constant);
    if (c == NULL)
        return NULL;
    c->what = what;
    PyObject_GC_Track(c);
    return (PyObject *)c;
}

/* ---- at import ----------------------------------------------------------- */

/* STEALS value.  0/-1                                                        */
static int add(cc_state *st, const char *name, PyObject *value)
{
    int failed = value == NULL ? -1
                               : PyDict_SetItemString(st->FFI->tp_dict, name,
                                                      value);
    Py_XDECREF(value);
    return failed;
}

/* Nobody has used the class yet, so that its dictionary may be written to.   */
int cc_ffi_constants_init(cc_state *st)
{
    for (size_t i = 0; i < sizeof CONSTANTS / sizeof *CONSTANTS; i++) {
        const struct constant *what = &CONSTANTS[i];
        PyObject *value =
            CC_FREE_THREADED ? what->make(st) : new_constant(st, what);
        if (add(st, what->name, value) < 0)
            return -1;
    }
    for (const cc_dl_flag *flag = cc_dl_flags; flag->name != NULL; flag++)
        if (add(st, flag->name, PyLong_FromLong(flag->value)) < 0)
            return -1;
    PyType_Modified(st->FFI);
    return 0;
}

/* ---- the collector ------------------------------------------------------- */

/* FFI.NULL is nothing that the collector knows, and leads from the type FFI
 * back to the module: while FFI alone has it, the module visits in its place
 * what it refers to, or the interpreter's end would leave all of this behind.
 * FFI is never younger than the module, so both are collected together.      */
int cc_null_visit(cc_state *st, visitproc visit, void *arg)
{
    if (CC_FREE_THREADED || st->FFI == NULL || st->null_name == NULL)
        return 0;
    PyObject *null =
        PyDict_GetItemWithError(st->FFI->tp_dict, st->null_name);
    if (null == NULL || !Py_IS_TYPE(null, st->CData) || Py_REFCNT(null) != 1)
        return 0;
    Py_VISIT(Py_TYPE(null));
    Py_VISIT(((CDataObject *)null)->ct);
    return 0;
}
