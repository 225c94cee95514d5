/* module.c - the module _cffi_core: its state, made by an array of steps, one
 * state per interpreter.                                                     */
#include "core.h"
#include "extern_python.h"

cc_state *cc_state_of_type(PyTypeObject *heap_type)
{
    /* The module of a type made here is its own; of a subclass, inherited.   */
    PyObject *module = PyType_GetModuleByDef(heap_type, &cc_module);
    return PyModule_GetState(module);
}

/* ---- the steps ----------------------------------------------------------- */

static PyTypeObject *make_type(PyObject *module, PyType_Spec *spec,
                               PyTypeObject *base)
{
    PyObject *bases = NULL;
    if (base != &PyBaseObject_Type) {
        bases = PyTuple_Pack(1, base);
        if (bases == NULL)
            return NULL;
    }
    PyObject *type = PyType_FromModuleAndSpec(module, spec, bases);
    Py_XDECREF(bases);
    if (type == NULL)
        return NULL;
    /* Types of the public API are reachable by their own names.              */
    if (PyModule_AddType(module, (PyTypeObject *)type) < 0)
        Py_CLEAR(type);
    return (PyTypeObject *)type;
}

/* Every TYPE of state.def, in its order: a base stands before its types.     */
static int step_types(cc_state *st)
{
    PyTypeObject *object = &PyBaseObject_Type;
#define BASE_object object
#define BASE_CData st->CData
#define BASE_CDataOwn st->CDataOwn
#define BASE_CDataFunc st->CDataFunc
#define TYPE(member, name, base)                                              \
    st->member = make_type(st->module, &cc_##name##_spec, BASE_##base);       \
    if (st->member == NULL)                                                   \
        goto done;                                                            \
    cc_share(st, (PyObject *)st->member, sizeof(PyHeapTypeObject));
#include "state.def"
    /* Only these files derive from them. */
    st->CData->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    st->CDataOwn->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    st->CDataFunc->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    return 0;
done:
    return -1;
}

/* As a class statement would, at a quarter of its price.  No member of its own:
 * classes that have another exception as a base too need its shape.  base NULL:
 * Exception                                                                  */
static int make_exception(cc_state *st, PyObject **where, const char *name,
                          PyObject *base, const char *doc)
{
    PyType_Slot slots[] = {
        {Py_tp_doc, (void *)doc},
        {0, NULL},
    };
    PyType_Spec spec = {
        .name = name,
        .basicsize = sizeof(PyBaseExceptionObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
        .slots = slots,
    };
    *where = PyType_FromModuleAndSpec(
        st->module, &spec, base != NULL ? base : PyExc_Exception);
    if (*where == NULL)
        return -1;
    return PyModule_AddType(st->module, (PyTypeObject *)*where);
}

static int step_exceptions(cc_state *st)
{
    if (make_exception(st, &st->FFIError, CC_PACKAGE ".FFIError", NULL,
                       "A declaration or type cannot be used as asked.") < 0)
        return -1;
    if (make_exception(st, &st->CDefError, CC_PACKAGE ".CDefError",
                       st->FFIError,
                       "C text that is not understood: file:line:column, the "
                       "line, a caret.") < 0)
        return -1;
    if (make_exception(st, &st->VerificationError,
                       CC_PACKAGE ".VerificationError", NULL,
                       "The C compiler or linker disagrees with the "
                       "declarations.") < 0)
        return -1;
    if (make_exception(st, &st->VerificationMissing,
                       CC_PACKAGE ".VerificationMissing", NULL,
                       "A type declared with `...` is used without compiling, "
                       "so its size is not known.") < 0)
        return -1;
    return make_exception(st, &st->PkgConfigError, CC_PACKAGE ".PkgConfigError",
                          NULL, "pkg-config failed or is missing.");
}

/* What FFI shows as class attributes: ffi.NULL, ffi.CData, ffi.RTLD_NOW ...  */
static int step_ffi_attributes(cc_state *st)
{
    CTypeObject *void_type = cc_ctype_prim(st, CD_PRIM_VOID);
    CTypeObject *char_type = cc_ctype_prim(st, CD_PRIM_CHAR);
    if (void_type == NULL || char_type == NULL)
        goto done;
    st->void_p = cc_ctype_pointer(void_type);
    st->char_p = cc_ctype_pointer(char_type);
    st->char_array = cc_ctype_array(char_type, -1);
done:
    Py_XDECREF(void_type);
    Py_XDECREF(char_type);
    if (!st->void_p || !st->char_p || !st->char_array)
        return -1;
    st->null_name = PyUnicode_InternFromString("NULL");
    PyObject *null = cc_cdata_ref(st->void_p, NULL);
    if (null == NULL || st->null_name == NULL)
        return -1;
    const struct { const char *name; void *value; } attributes[] = {
        {"NULL", null},         {"CData", st->CData},
        {"CType", st->CType},   {"buffer", st->Buffer},
        {"error", st->FFIError}, {"BVoidP", st->void_p},
        {"BCharA", st->char_array},
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        failed |= PyObject_SetAttrString((PyObject *)st->FFI,
                                         attributes[i].name,
                                         attributes[i].value);
    Py_DECREF(null);
    return failed ? -1 : cc_add_rtld_constants(st->FFI);
}

static int step_small_ints(cc_state *st)
{
    for (int i = 0; i < CC_N_SMALL_INTS; i++)
        if ((st->small_ints[i] = PyLong_FromLong(i - CC_SMALL_INTS_FROM)) ==
            NULL)
            return -1;
    return 0;
}

typedef int (*step)(cc_state *st);
static const step STEPS[] = {
    cc_thread_init,
    cc_func_init,
    step_small_ints,
    step_exceptions,
    step_types,
    cc_buffer_init,
    step_ffi_attributes,
    cc_stub_init,
    cc_backend_init,
};

static int module_exec(PyObject *module)
{
    cc_state *st = PyModule_GetState(module);
    st->module = module;
    st->interp = PyInterpreterState_Get();
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (STEPS[i](st) < 0)
            return -1;
    return 0;
}

/* ---- the state's life ---------------------------------------------------- */

/* FFI.NULL is nothing that the collector knows, and leads from the type FFI
 * back to the module: while FFI alone has it, what it refers to is visited here
 * in its place, or the interpreter's end would leave all of this behind.  FFI
 * is never younger than the module, so both are collected together.          */
static int visit_null(const cc_state *st, visitproc visit, void *arg)
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

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    cc_state *st = PyModule_GetState(module);
    if (st == NULL)
        return 0;
#define TYPE(member, name, base) Py_VISIT(st->member);
#define OBJECT(member) Py_VISIT(st->member);
#include "state.def"
    for (int i = 0; i < CD_N_PRIMS; i++)
        Py_VISIT(st->prims[i]);
    Py_VISIT(st->void_p);
    Py_VISIT(st->char_p);
    Py_VISIT(st->char_array);
    int stop = visit_null(st, visit, arg);
    return stop ? stop : cc_extern_visit(st, visit, arg);
}

static int module_clear(PyObject *module)
{
    cc_state *st = PyModule_GetState(module);
    if (st == NULL)
        return 0;
    /* Not the types: a cdata may still die after this and asks for them.  They
     * do not keep the module's cycle alive, because each is cleared as such. */
    cc_extern_clear(st);
    for (int i = 0; i < CD_N_PRIMS; i++)
        Py_CLEAR(st->prims[i]);
    Py_CLEAR(st->void_p);
    Py_CLEAR(st->char_p);
    Py_CLEAR(st->char_array);
    return 0;
}

static void module_free(void *module)
{
    cc_state *st = PyModule_GetState(module);
    if (st == NULL)
        return;
    module_clear(module);
#define TYPE(member, name, base) Py_CLEAR(st->member);
#define OBJECT(member) Py_CLEAR(st->member);
#include "state.def"
    for (int i = 0; i < CC_N_SMALL_INTS; i++)
        Py_CLEAR(st->small_ints[i]);
    cc_cdata_free_spare(st);
    cc_extern_fini(st);
    cc_intern_free(st);
    cc_handles_free(st);
    cc_thread_fini(st);
}

/* ---- functions ----------------------------------------------------------- */

PyDoc_STRVAR(shared_doc,
"_shared() -> (count, bytes)\n\n"
"How many objects of this interpreter are immortal because all threads touch\n"
"them, and their bytes.  Both are 0 on builds with a GIL.");

static PyObject *module_shared(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    cc_state *st = PyModule_GetState(module);
    CC_LOCK(&st->lock);
    Py_ssize_t n = (Py_ssize_t)st->n_shared;
    Py_ssize_t bytes = (Py_ssize_t)st->shared_bytes;
    CC_UNLOCK(&st->lock);
    return Py_BuildValue("(nn)", n, bytes);
}

PyDoc_STRVAR(set_backend_doc,
"_set_backend(name)\n\n"
"'libffi': function objects made from now on are called through libffi alone;\n"
"'auto': through registers where the platform's ABI allows it.  For tests.");

PyDoc_STRVAR(sha256_doc,
"sha256(data) -> bytes\n\n"
"The SHA-256 of a bytes-like object (FIPS 180-4): 32 bytes.");

static PyMethodDef module_methods[] = {
    {"__getattr__", cc_table_words, METH_O, NULL},
    {"_set_backend", cc_set_backend, METH_O, set_backend_doc},
    {"sha256", cc_sha256, METH_O, sha256_doc},
    {"_sha256_plain", cc_sha256_plain, METH_O,
     "sha256() in plain C, whatever the processor can."},
    {"load_stub", (PyCFunction)(void (*)(void))cc_load_stub,
     METH_FASTCALL | METH_KEYWORDS, cc_load_stub_doc},
    {"check_stub", (PyCFunction)(void (*)(void))cc_check_stub,
     METH_FASTCALL | METH_KEYWORDS, cc_check_stub_doc},
    {"_shared", module_shared, METH_NOARGS, shared_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    CC_MODULE_SLOTS
};

PyDoc_STRVAR(module_doc, "The core of cffi_core: C types, C data, calls.");

struct PyModuleDef cc_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = CC_CORE,
    .m_doc = module_doc,
    .m_size = sizeof(cc_state),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__cffi_core(void)
{
    return PyModuleDef_Init(&cc_module);
}
