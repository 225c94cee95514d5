/* extern_python.h - functions that C calls and @ffi.def_extern serves.
 *
 * A stub has one call_python for the process.  It finds the interpreter that
 * the thread runs in and calls what is bound there; threads that Python did not
 * start go to the interpreter that loaded the stub first.                    */
#ifndef CC_EXTERN_PYTHON_H
#define CC_EXTERN_PYTHON_H
#include "core.h"
#include "stub.h"

/* The stub is loaded in this interpreter: its extern "Python" functions can be
 * bound from now on.  0/-1                                                   */
int cc_extern_load(cc_state *st, const struct cd_stub *stub);

/* Binds callable to the function; name NULL: the callable's.  callable, new. */
PyObject *cc_def_extern(FFIObject *ffi, PyObject *name, PyObject *callable,
                        PyObject *error, PyObject *onerror);

/* From the module: what is bound; and its end, after which nothing is.       */
int cc_extern_visit(cc_state *st, visitproc visit, void *arg);
void cc_extern_clear(cc_state *st);
void cc_extern_fini(cc_state *st);

#endif
