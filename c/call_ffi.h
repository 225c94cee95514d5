/* call_ffi.h - what the core asks of libffi, or of sysv.c in its place.
 *
 * A cif says how values of certain ctypes travel by the platform's ABI.  It
 * keeps nothing alive; whoever holds it keeps its ctypes.                    */
#ifndef CC_CALL_FFI_H
#define CC_CALL_FFI_H
#include "plan.h"

typedef struct cc_cif cc_cif;

/* The cif of a call: n arguments, the first n_fixed declared (n_fixed < n only
 * for a variadic function).  NULL: NotImplementedError with the reason, or
 * MemoryError.  The caller frees it.                                         */
cc_cif *cc_cif_for_call(CTypeObject *func, CTypeObject *const *types,
                        uint32_t n, uint32_t n_fixed);
/* The cif of a closure; likewise.                                            */
cc_cif *cc_cif_for_closure(CTypeObject *func);
void cc_cif_free(cc_cif *cif); /* NULL is fine */

/* BORROWED: the cif of a plan's declared arguments, made on first need.      */
BORROWED cc_cif *cc_cif_of(cc_plan *plan);

/* Where libffi finds argument ct of a call: the word, or what it points to.  */
static inline void *cc_ffi_value(uint8_t code, CTypeObject *ct, cc_word *w)
{
    if (code == CC_ARG_STORAGE)
        return w->p;
#if PY_BIG_ENDIAN /* widened integers end where the word ends */
    if (cc_is_primitive(ct) && ct->klass != CD_CLASS_FLOAT)
        return (char *)w + sizeof *w - ct->size;
#else
    (void)ct;
#endif
    return w;
}

/* libffi's number of the function's calling convention; its default's where
 * this machine has not that one.                                             */
long cc_ffi_abi(const CTypeObject *func);

/* Room for a result: libffi widens small ones to a register.                 */
enum { CC_FFI_RESULT_MIN = 16 };

/* Calls code.  values[i] shows to the i-th argument, without empty records.
 * result holds at least max(size, CC_FFI_RESULT_MIN) bytes and gets the value
 * at its first byte.  Needs no thread state, changes errno as the function
 * does.                                                                      */
void cc_cif_call(const cc_cif *cif, void *code, void **values, void *result);

/* A closure: *code, called from C, runs run(user, result, args).  NULL: no
 * memory, or libffi cannot, without an exception.                            */
void *cc_closure_new(cc_cif *cif, cc_closure_run run, void *user, void **code);
void cc_closure_free(void *closure);
/* Widens a result narrower than a register as libffi wants it.               */
void cc_closure_widen(const CTypeObject *ct, void *result);

#endif
