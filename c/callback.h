/* callback.h - C function pointers that run Python code.                     */
#ifndef CC_CALLBACK_H
#define CC_CALLBACK_H
#include "core.h"

/* BORROWED: the callable of a Closure; NULL if owner is none (NULL is fine).
 * Never raises.                                                              */
BORROWED PyObject *cc_closure_callable(cc_state *st, PyObject *owner);

#endif
