/* call_reg.h - which plans are register calls.  See call_abi.h.              */
#ifndef CC_CALL_REG_H
#define CC_CALL_REG_H
#include "plan.h"

/* Gives every argument its place and the plan its entry, if registers do.
 * Never fails: a plan without an entry is libffi's.                          */
void cc_reg_plan(cc_plan *plan);

#endif
