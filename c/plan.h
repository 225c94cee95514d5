/* plan.h - how a signature is called: decided once, run by call.c.
 *
 * A plan belongs to a function ctype and does not know the address.  Each
 * parameter has a converter (a small number that the loop switches on) and a
 * place; the result has a reader.  Back-ends that read the same plan:
 *   register call     words in integer and vector registers   call_reg.c
 *   trampoline        words as a stub's trampoline has them   call.c
 *   libffi            everything else                         call_ffi.c     */
#ifndef CC_PLAN_H
#define CC_PLAN_H
#include "core.h"
#include "call_abi.h"

enum cc_arg_code { /* converter of one argument                       */
                   CC_ARG_INT,    /* signed, 32 bits or more: small ints go
                                     straight */
                   CC_ARG_UINT,   /* unsigned, 32 bits or more: likewise   */
                   CC_ARG_SIGNED, /* narrower: always with the range check */
                   CC_ARG_UNSIGNED,
                   CC_ARG_DOUBLE,
                   CC_ARG_FLOAT,
                   CC_ARG_POINTER, /* cdata, or a temporary made from an
                                      initializer  */
                   CC_ARG_WORD, /* _Bool, characters, halves: ct->write, widened
                                 */
                   CC_ARG_STORAGE /* by address: cdata, or ct->write into a
                                     temporary */
};

typedef struct cc_plan_arg {
    uint8_t code;    /* enum cc_arg_code                                */
    uint8_t reg;     /* register call: index among its words            */
    uint8_t direct;  /* trampoline: code; halves go by address          */
    bool bytes;      /* a pointer that bytes give their own memory      */
    bool empty;      /* a record of no size: nothing of it travels      */
    CTypeObject *ct; /* BORROWED from the signature                     */
    cc_reader read;  /* callbacks: its value; a record's makes a copy   */
} cc_plan_arg;

struct cc_plan {
    cc_invoke invoke; /* NULL: not a register call                       */
    uint32_t n_args;
    bool clear_words; /* invoke loads registers that have no argument       */
    bool variadic;
    bool large; /* trampoline: words or result do not fit on the stack     */
    cc_reader read; /* the result's; a record's makes an owning copy        */
    CTypeObject *func, *result; /* BORROWED: the plan is func's               */
    struct cc_cif *cif; /* call_ffi.c: made on first need; atomic          */
    cc_plan_arg args[];
};

/* What runs when C calls a closure.  args[i]: the i-th argument's value.
 * result: at least 8 bytes; the value goes to its first byte, cc_closure_widen
 * (call_ffi.h) then does the rest.                                           */
typedef void (*cc_closure_run)(void *user, void *result, void **args);

enum { CC_DIRECT_WORDS = 12, CC_DIRECT_RESULT = 32 };

/* Makes the plan of a function ctype.  NULL: a type in the signature has no
 * size (yet), with the exception that users expect for it.                   */
BORROWED cc_plan *cc_plan_make(CTypeObject *func);
/* BORROWED: the ctype's plan, made on first need.                            */
static inline cc_plan *cc_plan_of(CTypeObject *func)
{
    cc_plan *plan = CC_LOAD(func->sig->plan);
    return CC_LIKELY(plan != NULL) ? plan : cc_plan_make(func);
}
void cc_plan_free(cc_plan *plan); /* from ctype dealloc; NULL is fine         */

/* ---- by_value.c ---------------------------------------------------------- */
/* The converter for a type; used for variadic arguments too.  The type must
 * have a size: cc_by_value_ready.                                            */
int cc_arg_code_of(const CTypeObject *ct);
/* The same for a stub's words, which have no place for a half.               */
static inline int cc_direct_code_of(const CTypeObject *ct)
{
    int code = cc_arg_code_of(ct);
    return code == CC_ARG_WORD && ct->klass == CD_CLASS_FLOAT ? CC_ARG_STORAGE
                                                              : code;
}
/* 0, or -1 with an exception if values of the type cannot be passed.         */
int cc_by_value_ready(CTypeObject *ct);
/* Raises NotImplementedError: how ct travels by value depends on members that
 * "...;" stands for.                                                         */
void cc_error_partial(CTypeObject *ct, bool result);

/* A word that ct->write filled at its first byte, widened to all of it.      */
static inline void cc_widen(const CTypeObject *ct, cc_word *w)
{
    int16_t half;
    int32_t single;
    switch (ct->size) {
    case 1: w->i = ct->is_signed ? *(int8_t *)w : *(uint8_t *)w; break;
    case 2:
        memcpy(&half, w, sizeof half);
        w->i = ct->is_signed ? half : (uint16_t)half;
        break;
    case 4:
        memcpy(&single, w, sizeof single);
        w->i = ct->is_signed ? (int64_t)single : (int64_t)(uint32_t)single;
        break;
    }
}

#endif
