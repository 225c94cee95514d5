/* call_reg.c - which signatures can be called through registers.  MIT. */
#include "call_reg.h"

#if CC_REG_INTS == 0
void cc_reg_plan(cc_plan *plan)
{
    (void)plan; /* no ABI of ours: everything is libffi's */
}
#else

static bool is_float(const CTypeObject *ct)
{
    return cc_is_primitive(ct) && ct->klass == CD_CLASS_FLOAT;
}

/* Places the arguments.  False: one is no word or the registers are too few. */
static bool place_args(cc_plan *plan, uint32_t *n_ints, uint32_t *n_floats)
{
    uint32_t ints = 0, floats = 0;
    for (uint32_t i = 0; i < plan->n_args; i++) {
        cc_plan_arg *a = &plan->args[i];
        if (a->code == CC_ARG_STORAGE)
            return false;
        if (is_float(a->ct))
            a->reg = (uint8_t)(CC_REG_INTS + floats++);
        else
            a->reg = (uint8_t)ints++;
        if (ints > CC_REG_INTS || floats > CC_REG_FLOATS)
            return false;
    }
    *n_ints = ints;
    *n_floats = floats;
    return true;
}

static bool is_word(const CTypeObject *ct)
{
    return (ct->flags & CT_VOID) || cc_arg_code_of(ct) != CC_ARG_STORAGE;
}

void cc_reg_plan(cc_plan *plan)
{
    uint32_t ints, floats;
    if (plan->variadic || plan->func->sig->abi == CD_ABI_MS ||
        !is_word(plan->result) || !place_args(plan, &ints, &floats))
        return;
    int where = is_float(plan->result);
    if (floats == 0) {
        plan->invoke = cc_reg_ints[where][ints];
    } else if (ints == 0 && floats <= CC_REG_FEW) {
        plan->invoke = cc_reg_floats[where][floats];
    } else {
        plan->invoke = cc_reg_all[where];
        plan->clear_words = true;
    }
}
#endif
