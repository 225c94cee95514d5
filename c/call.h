/* call.h - the vectorcall entries of function objects.                       */
#ifndef CC_CALL_H
#define CC_CALL_H
#include "cdata.h"

/* ---- call_entry.c -------------------------------------------------------- */
/* The entry for a function object: code is the address, which is NULL or not
 * for good.  Never fails: what cannot be called has an entry that says why.  */
vectorcallfunc cc_call_entry(CTypeObject *func, const char *code,
                             bool keep_gil);
/* Gives a stub's function, which has its trampoline, its entry and plan.     */
void cc_call_choose_direct(CDataFuncObject *f, bool keep_gil);

/* ---- call.c -------------------------------------------------------------- */
/* The entries that take whatever a C function takes; call_quick.c falls back on
 * the first two.                                                             */
vectorcallfunc cc_call_direct(bool keep_gil);
vectorcallfunc cc_call_reg(bool keep_gil);
vectorcallfunc cc_call_ffi(bool keep_gil);
vectorcallfunc cc_call_variadic(bool keep_gil);
/* The entry of functions whose address is NULL; raises RuntimeError.         */
PyObject *cc_call_null(PyObject *self, PyObject *const *args, size_t nargsf,
                       PyObject *kwnames);
/* The entry of functions whose library was closed; raises ValueError.        */
PyObject *cc_call_closed(PyObject *self, PyObject *const *args, size_t nargsf,
                         PyObject *kwnames);

/* What a stub's function does: by code of its own, or of its type.           */
CC_INLINE void cc_run_stub(const CDataFuncObject *f, void *result,
                           const void *words)
{
    if (CC_LIKELY(f->tramp != NULL))
        f->tramp(result, words);
    else
        f->shared(result, words, (void (*)(void))(uintptr_t)f->base.data);
}

/* The two entries of a way to call. */
#define CC_CALL_VARIANTS(name)                                                \
    static PyObject *name##_kept(PyObject *self, PyObject *const *args,       \
                                 size_t nargsf, PyObject *kwnames)            \
    {                                                                         \
        return name(self, args, nargsf, kwnames, false);                      \
    }                                                                         \
    static PyObject *name##_released(PyObject *self, PyObject *const *args,   \
                                     size_t nargsf, PyObject *kwnames)        \
    {                                                                         \
        return name(self, args, nargsf, kwnames, true);                       \
    }

#endif
