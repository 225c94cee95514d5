/* plan.h - how a signature is called: decided once, run by call.c.
 *
 * A plan belongs to a function ctype and does not know the address.  Each
 * parameter has a converter (a small number the loop switches on) and a place;
 * the result has a reader.  Three back-ends read the same plan:
 *   stub trampoline   `void t(void *result, const word *args)`     (API mode)
 *   register call     words in integer and vector registers        (ABI mode)
 *   libffi            everything else                             (ABI mode) */
#ifndef CC_PLAN_H
#define CC_PLAN_H
#include "core.h"

/* One argument, as the stub contract has it: integers, _Bool, characters and
 * enums up to 64 bits widened in i or u; float f; double d; pointer p; all the
 * rest (record, long double, complex, 128 bits): p = address of storage.     */
typedef union cc_word {
    int64_t i;
    uint64_t u;
    double d;
    float f;
    void *p;
} cc_word;

enum cc_arg_code {         /* converter of one argument                       */
    CC_ARG_INT32,          /* exact int of 32 bits, signed: the commonest   */
    CC_ARG_SIGNED, CC_ARG_UNSIGNED, CC_ARG_BOOL, CC_ARG_FLOAT, CC_ARG_DOUBLE,
    CC_ARG_POINTER,        /* cdata, or a temporary made from an initializer  */
    CC_ARG_CHAR,           /* through ct->write into the word                 */
    CC_ARG_STORAGE         /* by address: ct->write into aligned storage      */
};

typedef struct cc_plan_arg {
    uint8_t code;          /* enum cc_arg_code */
    uint8_t reg;           /* register call: index in its class               */
    uint16_t reserved;
    uint32_t storage;      /* STORAGE: offset in the call's scratch           */
    CTypeObject *ct;       /* BORROWED from the signature                     */
} cc_plan_arg;

typedef int (*cc_backend)(const cc_plan *plan, void *code, cc_word *args,
                          void *result);

struct cc_plan {
    uint32_t n_args;
    uint32_t scratch;      /* bytes for STORAGE arguments and the result      */
    uint32_t result_size, result_at;
    uint8_t result_code;
    bool has_pointers;     /* some argument may need a temporary              */
    CTypeObject *func, *result;
    void *ffi;             /* call_ffi.c: the cif; made on first need         */
    const void *shape;     /* register call: which entry                      */
    cc_plan_arg args[];
};

/* BORROWED: the ctype's plan, made on first need.                            */
BORROWED cc_plan *cc_plan_of(CTypeObject *func);
void cc_plan_free(cc_plan *plan); /* from ctype dealloc */

#endif
