/* call_quick.h - the entries of call_quick.c.                                */
#ifndef CC_CALL_QUICK_H
#define CC_CALL_QUICK_H
#include "plan.h"

/* The entry of a function with this plan, whose words and result fit on the
 * stack.  direct: through a stub's trampoline; reg: by plan->invoke.         */
vectorcallfunc cc_quick_direct(const cc_plan *plan, bool keep_gil);
vectorcallfunc cc_quick_reg(const cc_plan *plan, bool keep_gil);

#endif
