/* callback.h - C function pointers that run Python code.                     */
#ifndef CC_CALLBACK_H
#define CC_CALLBACK_H
#include "plan.h"
#include "thread.h"

/* A CDataFunc that a Closure owns: ffi.callback().                           */
PyObject *cc_callback(cc_state *st, CTypeObject *func, PyObject *callable,
                      PyObject *error, PyObject *onerror);
/* A Closure without code of its own, for an extern "Python" function: results
 * have their own size instead of a register's.                               */
PyObject *cc_closure_new_extern(cc_state *st, CTypeObject *func,
                                PyObject *callable, PyObject *error,
                                PyObject *onerror);
/* What is bound to a name that C calls: a Closure, or NULL.                  */
typedef struct cc_bound {
    PyObject *closure; /* owned */
    CC_MUTEX(lock);
} cc_bound;
/* A new reference, or NULL. */
static inline PyObject *cc_bound_now(cc_bound *bound)
{
    CC_LOCK(&bound->lock);
    PyObject *closure = Py_XNewRef(bound->closure);
    CC_UNLOCK(&bound->lock);
    return closure;
}
/* Runs it for C code on any thread, in any state.  words: the arguments, as the
 * stub contract has them.  1: there is a result; 0: nothing is bound; -1: the
 * owner's interpreter is ending.                                             */
int cc_bound_run(cc_owner *owner, cc_bound *bound, void *result,
                 const cc_word *words);
/* Copies the error value. */
void cc_closure_copy_error(PyObject *closure, void *to);

/* BORROWED: the callable of a Closure; NULL if owner is none (NULL is fine).
 * Never raises.                                                              */
BORROWED PyObject *cc_closure_callable(cc_state *st, PyObject *owner);

#endif
