/* call_entry.c - which vectorcall entry a function object gets.  MIT.
 *
 *   call_quick.c   most: one back-end each, for arguments in their plain form
 *   call.c         the others, and what those fall back on                   */
#include "call.h"
#include "call_quick.h"
#include "module.h"
#include "plan.h"

vectorcallfunc cc_call_entry(CTypeObject *func, const char *code,
                             bool keep_gil)
{
    if (code == NULL)
        return cc_call_null;
    if (func->sig->variadic)
        return cc_call_variadic(keep_gil);
    const cc_plan *plan = cc_plan_of(func);
    if (plan == NULL)
        PyErr_Clear(); /* the call asks again and says it */
    if (plan != NULL && plan->invoke != NULL && !func->state->force_libffi)
        return cc_quick_reg(plan, keep_gil);
    return cc_call_ffi(keep_gil);
}

void cc_call_choose_direct(CDataFuncObject *f, bool keep_gil)
{
    f->plan = cc_plan_of(f->base.ct);
    if (f->plan == NULL)
        PyErr_Clear();
    if (f->plan != NULL && !f->plan->large)
        f->call = cc_quick_direct(f->plan, keep_gil);
    else
        f->call = cc_call_direct(keep_gil);
}

/* ---- the choice of tests ------------------------------------------------- */

int cc_call_init(cc_state *st)
{
    const char *choice = getenv("CFFI_CORE_BACKEND");
    st->force_libffi = choice != NULL && strcmp(choice, "libffi") == 0;
    return 0;
}

PyObject *cc_set_backend(PyObject *module, PyObject *name)
{
    cc_state *st = PyModule_GetState(module);
    const char *choice = PyUnicode_AsUTF8(name);
    if (choice == NULL)
        return NULL;
    if (strcmp(choice, "libffi") != 0 && strcmp(choice, "auto") != 0)
        return PyErr_Format(PyExc_ValueError,
                            "backend must be 'auto' or 'libffi', not %R", name);
    st->force_libffi = strcmp(choice, "libffi") == 0;
    Py_RETURN_NONE;
}
