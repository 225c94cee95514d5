/* callback.h - C function pointers that run Python code.                     */
#ifndef CC_CALLBACK_H
#define CC_CALLBACK_H
#include "plan.h"

/* A Closure without code of its own, for an extern "Python" function: results
 * have their own size instead of a register's.                               */
PyObject *cc_closure_new_extern(cc_state *st, CTypeObject *func,
                                PyObject *callable, PyObject *error,
                                PyObject *onerror);
/* Runs it, which the caller holds, in the attached thread; always leaves a
 * result.  words: the arguments, as the stub contract has them.              */
void cc_closure_enter(PyObject *closure, void *result, const cc_word *words);
/* Copies the error value. */
void cc_closure_copy_error(PyObject *closure, void *to);

/* BORROWED: the callable of a Closure; NULL if owner is none (NULL is fine).
 * Never raises.                                                              */
BORROWED PyObject *cc_closure_callable(cc_state *st, PyObject *owner);

#endif
