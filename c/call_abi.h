/* call_abi.h - calls through registers alone, for the platform ABIs we know.
 * Plain C: its implementations are tested without Python, for other machines.
 *
 * Every argument is one word that goes into an integer or a vector register,
 * and so is the result.  The words of a call: integer registers in order, then
 * at CC_REG_INTS vector registers in order.                                  */
#ifndef CC_CALL_ABI_H
#define CC_CALL_ABI_H
#include <stdint.h>
#include <stddef.h>

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

/* Calls code with words in registers; the result's register into *result.    */
typedef void (*cc_invoke)(void *code, const cc_word *words, cc_word *result);

/* clang's function sanitizer refuses calls by another signature: libffi then.
 */
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define CC_NO_REG 1
#endif
#endif

#if defined(CC_NO_REG)
#define CC_REG_INTS 0
#elif defined(__x86_64__) && defined(__GNUC__) && !defined(_WIN32) &&          \
    !defined(__ILP32__)
#define CC_REG_SYSV 1
#define CC_REG_INTS 6
#elif defined(__aarch64__) && defined(__GNUC__) && !defined(_WIN32) &&         \
    !defined(__AARCH64EB__) && !defined(__ILP32__)
#define CC_REG_AAPCS64 1
#define CC_REG_INTS 8
#else
#define CC_REG_INTS 0
#endif
enum {
    CC_REG_FLOATS = 8, /* vector registers: both ABIs                     */
    CC_REG_FEW = 4,    /* so many alone have an entry of their own        */
    CC_REG_WORDS = CC_REG_INTS + CC_REG_FLOATS
};

/* What an ABI file provides.  First index: the result comes in an integer (0)
 * or a vector register (1); second: how many arguments of the one class there
 * are.  The last loads all registers.                                        */
extern const cc_invoke cc_reg_ints[2][CC_REG_INTS + 1];
extern const cc_invoke cc_reg_floats[2][CC_REG_FEW + 1]; /* [0] unused        */
extern const cc_invoke cc_reg_all[2];

/* Two implementations of one shape: INT result, vector result.  The function
 * type has the integers first and the doubles behind, which loads the same
 * registers as any order of the same arguments.                              */
#define CC_REG_SHAPE(name, types, values)                                      \
    static inline void name##_i(void *code, const cc_word *w, cc_word *r)      \
    {                                                                          \
        (void)w;                                                               \
        r->u = ((uint64_t(*) types)code)values;                                \
    }                                                                          \
    static inline void name##_v(void *code, const cc_word *w, cc_word *r)      \
    {                                                                          \
        (void)w;                                                               \
        r->d = ((double(*) types)code)values;                                  \
    }

#endif
