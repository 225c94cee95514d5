/* function.c - builtin functions for the functions of a compiled stub.  MIT.
 *
 * CPython's own type serves, so that it is called as quickly as any builtin,
 * and introspection knows it.  The function pointer behind it has the plan, the
 * trampoline and, for the builtin, the PyMethodDef.                          */
#include "function.h"
#include "call.h"
#include "stub.h"

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
    PyObject *made = NULL, *pointer =
        cc_func_of_lib(func, address, lib, name, keep_gil);
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
