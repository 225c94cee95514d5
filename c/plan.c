/* plan.c - from a signature to the plan of its calls.  MIT. */
#include "plan.h"
#include "call_ffi.h"
#include "call_reg.h"
#include "cdata.h"

static PyObject *read_void(CTypeObject *Py_UNUSED(ct),
                           const char *Py_UNUSED(p))
{
    Py_RETURN_NONE;
}

/* What is passed by value belongs to Python: of a record or vector an owning
 * copy.                                                                      */
static cc_reader value_reader(const CTypeObject *ct)
{
    if (ct->flags & CT_VOID)
        return read_void;
    return cc_is_record(ct) || (ct->flags & CT_VECTOR) ? cc_cdata_copy
                                                       : ct->read;
}

/* Whether bytes are such a pointer as they are. */
static bool takes_bytes(const CTypeObject *ct)
{
    return ct->kind == CD_POINTER &&
           (ct->flags & CT_VOID_PTR ||
            (ct->item->flags & (CT_CHARLIKE | CT_BOOL)) == CT_CHARLIKE);
}

static int signature_ready(CTypeObject *func)
{
    const cc_signature *sig = func->sig;
    if (!(func->item->flags & CT_VOID) && cc_by_value_ready(func->item) < 0)
        return -1;
    for (uint32_t i = 0; i < sig->n; i++)
        if (cc_by_value_ready(sig->params[i]) < 0)
            return -1;
    return 0;
}

static void fill_arg(cc_plan_arg *a, CTypeObject *ct)
{
    a->ct = ct;
    a->code = (uint8_t)cc_arg_code_of(ct);
    a->direct = (uint8_t)cc_direct_code_of(ct);
    a->read = value_reader(ct);
    a->bytes = takes_bytes(ct);
    a->empty = cc_is_record(ct) && ct->size == 0;
}

static void fill_plan(cc_plan *plan, CTypeObject *func)
{
    const cc_signature *sig = func->sig;
    plan->func = func;
    plan->result = func->item;
    plan->read = value_reader(func->item);
    plan->n_args = sig->n;
    plan->variadic = sig->variadic;
    for (uint32_t i = 0; i < sig->n; i++)
        fill_arg(&plan->args[i], sig->params[i]);
    plan->large = sig->n > CC_DIRECT_WORDS || func->item->align > 16 ||
                  func->item->size > CC_DIRECT_RESULT;
    cc_reg_plan(plan);
}

BORROWED cc_plan *cc_plan_make(CTypeObject *func)
{
    cc_signature *sig = func->sig;
    if (signature_ready(func) < 0)
        return NULL;
    cc_plan *plan =
        PyMem_Calloc(1, sizeof *plan + sig->n * sizeof plan->args[0]);
    if (plan == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    fill_plan(plan, func);
    CC_LOCK(&func->state->lock);
    cc_plan *first = sig->plan; /* another thread may have been faster */
    if (first == NULL)
        CC_STORE(sig->plan, plan);
    CC_UNLOCK(&func->state->lock);
    if (first == NULL)
        return plan;
    cc_plan_free(plan);
    return first;
}

void cc_plan_free(cc_plan *plan)
{
    if (plan == NULL)
        return;
    cc_cif_free(plan->cif);
    PyMem_Free(plan);
}
