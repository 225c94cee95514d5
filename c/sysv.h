/* sysv.h - calls and callbacks of the System V x86-64 ABI, by our own placing.
 *
 * Knows what libffi does not: unions, bit-fields, packed members, vectors,
 * 16-bit and 128-bit floats, and what is aligned beyond 16 bytes.  Source:
 * System V Application Binary Interface, AMD64, section 3.2.3.               */
#ifndef CC_SYSV_H
#define CC_SYSV_H
#include "plan.h"

#if defined(__x86_64__) && defined(__ELF__) && defined(__GNUC__) &&            \
    !defined(__ILP32__)
#define CC_SYSV 1

/* Where each argument of a call, or of a callback, and its result travel.    */
typedef struct cc_sysv cc_sysv;

/* n arguments of these types.  NULL: NotImplementedError with the reason, or
 * MemoryError.  Freed by PyMem_RawFree; keeps nothing alive.                 */
cc_sysv *cc_sysv_place(CTypeObject *func, CTypeObject *const *types,
                       uint32_t n);

/* Calls code; as cc_cif_call, which see.                                     */
void cc_sysv_call(const cc_sysv *sysv, void *code, void **values, void *result);

/* What a trampoline (tramp.h) of ours jumps to: its first word is code.      */
typedef struct cc_sysv_closure {
    void *code; /* cc_sysv_entry                                        */
    const cc_sysv *sysv;
    cc_closure_run run;
    void *user; /* for run                                              */
} cc_sysv_closure;
void cc_sysv_entry(void);
#endif

#endif
