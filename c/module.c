/* module.c - the module _cffi_core: its state, made by an array of steps, one
 * state per interpreter.                                                     */
#include "module.h"
#include "extern_python.h"

/* ---- the steps ----------------------------------------------------------- */

/* What is made when it is first asked for. */
static PyObject *module_getattr(PyObject *module, PyObject *name)
{
    PyObject *found = cc_type_named(PyModule_GetState(module), name);
    if (found != NULL || PyErr_Occurred())
        return Py_XNewRef(found);
    found = cc_backend_named(module, name);
    if (found != NULL || PyErr_Occurred())
        return found;
    return cc_table_words(module, name);
}

/* A step of its own, as the import system asks in vain for names before.     */
static int step_getattr(cc_state *st)
{
    static PyMethodDef methods[] = {
        {"__getattr__", module_getattr, METH_O, NULL},
        {NULL, NULL, 0, NULL},
    };
    return PyModule_AddFunctions(st->module, methods);
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
    cc_call_init,
    step_small_ints,
    cc_types_init,
    cc_ffi_constants_init,
    cc_table_init,
    cc_stub_init,
    step_getattr,
};

/* What files at the bottom use of those above: types.c the types, ctype_facts.c
 * the conversions.  Named here alone.                                        */
static const cc_specs SPECS = {
    .types = {
#define TYPE(member, name, base) &cc_##name##_spec,
#include "state.def"
    },
    .buffer_call = cc_buffer_call,
    .choose_conversion = cc_choose_conversion,
};

static int module_exec(PyObject *module)
{
    cc_state *st = PyModule_GetState(module);
    st->module = module;
    st->specs = &SPECS;
    st->interp = PyInterpreterState_Get();
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (STEPS[i](st) < 0)
            return -1;
    return 0;
}

/* ---- the state's life ---------------------------------------------------- */

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    cc_state *st = PyModule_GetState(module);
    if (st == NULL)
        return 0;
#define TYPE(member, name, base) Py_VISIT(st->member);
#define ERROR(member, base, doc) Py_VISIT(st->member);
#define OBJECT(member) Py_VISIT(st->member);
#include "state.def"
    for (int i = 0; i < CD_N_PRIMS; i++)
        Py_VISIT(st->prims[i]);
    Py_VISIT(st->void_p);
    Py_VISIT(st->char_array);
    int stop = cc_null_visit(st, visit, arg);
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
#define ERROR(member, base, doc) Py_CLEAR(st->member);
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

static struct PyModuleDef cc_module = {
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
