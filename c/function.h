/* function.h - what lib.f of a compiled stub is: a builtin function, as in
 * CFFI.  Its __self__ is the function pointer that it stands for.            */
#ifndef CC_FUNCTION_H
#define CC_FUNCTION_H
#include "core.h"
#include "cd_stub.h"

/* A builtin function that calls through a stub's trampoline, or the one of its
 * type.  func: the ctype; lib: what keeps the stub alive; module: the name of
 * the lib's module.                                                          */
PyObject *cc_function_new(CTypeObject *func, const struct cd_stub *stub,
                          uint32_t slot, PyObject *lib, PyObject *module,
                          PyObject *name, bool keep_gil);

/* The function pointer that o is or, as a builtin function of a stub, stands
 * for.  NULL without an exception: neither.                                  */
BORROWED PyObject *cc_function_pointer(cc_state *st, PyObject *o);

/* ffi.addressof(lib, name), by what cc_function_pointer gave: a function
 * pointer that shows itself as one.                                          */
PyObject *cc_function_address(cc_state *st, PyObject *pointer);

#endif
