/* func.h - functions that Python calls: function pointers, and what lib.f of a
 * compiled stub is, a builtin function as in CFFI, whose __self__ is the
 * function pointer that it stands for.                                       */
#ifndef CC_FUNC_H
#define CC_FUNC_H
#include "cdata.h"
#include "cd_stub.h"

/* A function pointer, of type CDataFunc; of CDataOwnFunc with an owner, which
 * it keeps, or a label, its name.  Both may be NULL.                         */
PyObject *cc_func_new(CTypeObject *func, char *code, PyObject *owner,
                      PyObject *label, bool keep_gil);

/* The reader of function pointers, see read.c.                               */
PyObject *cc_func_read(CTypeObject *func, const char *p);

/* A builtin function that calls through a stub's trampoline, or the one of its
 * type.  func: the ctype; lib: what keeps the stub alive; module: the name of
 * the lib's module.                                                          */
PyObject *cc_function_new(CTypeObject *func, const struct cd_stub *stub,
                          uint32_t slot, PyObject *lib, PyObject *module,
                          PyObject *name, bool keep_gil);

/* ffi.addressof(lib, name), by what cc_function_pointer gave: a function
 * pointer that shows itself as one.                                          */
PyObject *cc_function_address(cc_state *st, PyObject *pointer);

#endif
