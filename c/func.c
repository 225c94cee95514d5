/* func.c - functions that Python calls.  MIT.
 *
 * A function pointer is a cdata, a CDataFunc; its types are in func_type.c.  A
 * function of a compiled stub is a builtin of CPython's own type, so that it is
 * called as quickly as any builtin, and introspection knows it.  The function
 * pointer behind it has the plan, the trampoline and, for the builtin, the
 * PyMethodDef.                                                               */
#include "func.h"
#include "call.h"
#include "stub.h"

/* ---- function pointers --------------------------------------------------- */

/* A mere address, which most function pointers are. */
static PyObject *plain_func(CTypeObject *func, char *code, bool keep_gil)
{
    CDataObject *cd = cc_cdata_plain(func->state->CDataFunc, func, code);
    if (cd != NULL)
        ((CDataFuncObject *)cd)->call = cc_call_entry(func, code, keep_gil);
    return (PyObject *)cd;
}

static PyObject *whole_func(PyTypeObject *type, CTypeObject *func, char *code,
                            PyObject *owner, PyObject *label, bool keep_gil)
{
    CDataFuncObject *f =
        type != NULL ? PyObject_GC_New(CDataFuncObject, type) : NULL;
    if (f == NULL)
        return NULL;
    f->base.ct = (CTypeObject *)Py_NewRef((PyObject *)func);
    f->base.data = code;
    f->base.weakrefs = NULL;
    f->call = cc_call_entry(func, code, keep_gil);
    f->owner = Py_XNewRef(owner);
    f->label = Py_XNewRef(label);
    f->tramp = NULL;
    f->shared = NULL;
    f->plan = NULL;
    f->method = NULL;
    PyObject_GC_Track(f);
    return (PyObject *)f;
}

PyObject *cc_func_new(CTypeObject *func, char *code, PyObject *owner,
                      PyObject *label, bool keep_gil)
{
    if (owner == NULL && label == NULL)
        return plain_func(func, code, keep_gil);
    return whole_func(cc_type(func->state, CC_CDataOwnFunc), func, code, owner,
                      label, keep_gil);
}

PyObject *cc_func_read(CTypeObject *func, const char *p)
{
    char *code;
    memcpy(&code, p, sizeof code);
    return plain_func(func, code, false);
}

PyObject *cc_function_address(cc_state *st, PyObject *pointer)
{
    if (!Py_IS_TYPE(pointer, st->CDataLibFunc))
        return Py_NewRef(pointer);
    CDataFuncObject *of = (CDataFuncObject *)pointer;
    PyObject *made = cc_func_new(of->base.ct, of->base.data, of->owner,
                                 of->label, false);
    CDataFuncObject *f = (CDataFuncObject *)made;
    if (f != NULL) {
        f->tramp = of->tramp;
        f->shared = of->shared;
        f->plan = of->plan;
        f->call = of->call;
    }
    return made;
}

/* ---- functions of a stub ------------------------------------------------- */

/* "int add(int, int);\n\nCFFI C function from _mod.lib"                      */
static PyObject *make_doc(PyObject *pointer, PyObject *module)
{
    PyObject *text = NULL;
    PyObject *head = PyObject_GetAttrString(pointer, "__doc__");
    if (head != NULL)
        text = PyUnicode_FromFormat("%U\n\nCFFI C function from %U.lib", head,
                                    module);
    Py_XDECREF(head);
    return text;
}

/* The method definition with its two texts behind it; NULL: exception.       */
static PyMethodDef *make_method(CDataFuncObject *f, PyObject *module)
{
    Py_ssize_t n_name, n_doc;
    PyMethodDef *method = NULL;
    PyObject *doc = make_doc((PyObject *)f, module);
    const char *name = PyUnicode_AsUTF8AndSize(f->label, &n_name);
    const char *text = doc ? PyUnicode_AsUTF8AndSize(doc, &n_doc) : NULL;
    if (name == NULL || text == NULL)
        goto done;
    method = PyMem_Malloc(sizeof *method + (size_t)(n_name + n_doc + 2));
    if (method == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    char *at = (char *)(method + 1);
    method->ml_name = memcpy(at, name, (size_t)n_name + 1);
    method->ml_doc = memcpy(at + n_name + 1, text, (size_t)n_doc + 1);
    /* A vectorcall entry has the very signature of this calling convention.  */
    method->ml_meth = (PyCFunction)(void (*)(void))f->call;
    method->ml_flags = METH_FASTCALL | METH_KEYWORDS;
done:
    Py_XDECREF(doc);
    return method;
}

PyObject *cc_function_new(CTypeObject *func, const struct cd_stub *stub,
                          uint32_t slot, PyObject *lib, PyObject *module,
                          PyObject *name, bool keep_gil)
{
    cc_state *st = func->state;
    char *address = (char *)(uintptr_t)stub->address[slot];
    PyObject *made = NULL, *pointer = whole_func(
        cc_type(st, CC_CDataLibFunc), func, address, lib, name, keep_gil);
    if (pointer == NULL)
        return NULL;
    CDataFuncObject *f = (CDataFuncObject *)pointer;
    f->tramp = (void (*)(void *, const void *))stub->tramp[slot];
    f->shared = (void (*)(void *, const void *, void (*)(void)))cc_stub_shared(
        stub, slot);
    cc_call_choose_direct(f, keep_gil);
    f->method = make_method(f, module);
    if (f->method != NULL)
        made = PyCFunction_NewEx(f->method, pointer, module);
    if (made != NULL) {
        cc_share(st, pointer, CC_SHARED_SIZE(CDataFuncObject));
        cc_share(st, made, sizeof(PyCFunctionObject));
    }
    Py_DECREF(pointer);
    return made;
}
