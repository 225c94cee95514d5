/* call.h - the vectorcall entries of function objects.                       */
#ifndef CC_CALL_H
#define CC_CALL_H
#include "core.h"

/* The entry for a function object: data is the address, which is NULL or not
 * for good.  Never fails: what cannot be called has an entry that says why.  */
vectorcallfunc cc_call_entry(CTypeObject *func, const char *data,
                             bool keep_gil);
/* The entry of a stub's function, which has its trampoline.                  */
vectorcallfunc cc_call_direct(bool keep_gil);
/* The entry of functions whose library was closed; raises ValueError.        */
PyObject *cc_call_closed(PyObject *self, PyObject *const *args, size_t nargsf,
                         PyObject *kwnames);

#endif
