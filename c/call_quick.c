/* call_quick.c - calls whose arguments all come in their plain form.  MIT.
 *
 * There is nothing to undo (call_argument.h).  At the first argument that is
 * anything else the call starts again in the entry that knows everything
 * (call.c), and so it does to raise what is wrong.                           */
#include "call_quick.h"
#include "call_argument.h"
#include "call.h"
#include "thread.h"

/* ---- through a stub's trampoline ----------------------------------------- */

/* Compiled for each small number of parameters, where arity is a constant, and
 * once for all others.                                                       */
enum { MANY = 3 };

/* So many arguments, none by keyword.  The flag in nargsf's highest bit, of no
 * concern here, is shifted out.                                              */
CC_INLINE bool counts(const cc_plan *plan, size_t nargsf, PyObject *kwnames,
                      size_t arity)
{
    size_t wanted = arity < MANY ? arity : plan->n_args;
    return CC_LIKELY((((nargsf ^ wanted) << 1) | (uintptr_t)kwnames) == 0);
}

CC_INLINE PyObject *quick_direct(PyObject *self, PyObject *const *args,
                                 size_t nargsf, PyObject *kwnames, bool release,
                                 size_t arity)
{
    CDataFuncObject *f = (CDataFuncObject *)self;
    const cc_plan *plan = f->plan;
    size_t n = (size_t)PyVectorcall_NARGS(nargsf);
    cc_word words[CC_DIRECT_WORDS];
    _Alignas(16) char result[CC_DIRECT_RESULT];
    cc_frame frame;

    if (!counts(plan, nargsf, kwnames, arity))
        return cc_call_direct(!release)(self, args, nargsf, kwnames);
    for (size_t i = 0; i < (arity < MANY ? arity : n); i++) {
        const cc_plan_arg *a = &plan->args[i];
        if (CC_UNLIKELY(!cc_plain_argument(a, a->direct, args[i], &words[i])))
            return cc_call_direct(!release)(self, args, n, NULL);
    }
    cc_enter_c(&frame, release);
    cc_run_stub(f, result, arity > 0 ? words : NULL);
    cc_leave_c(&frame, release);
    return f->plan->read(f->plan->result, result);
}

#define ENTRY(name, back_end, gil, release, ...)                              \
    static PyObject *name##_##gil(PyObject *self, PyObject *const *args,      \
                                  size_t nargsf, PyObject *kwnames)           \
    {                                                                         \
        return back_end(self, args, nargsf, kwnames, release, __VA_ARGS__);   \
    }
/* By keep_gil: name_released, name_kept.                                     */
#define ENTRIES(name, back_end, ...)                                          \
    ENTRY(name, back_end, released, true, __VA_ARGS__)                        \
    ENTRY(name, back_end, kept, false, __VA_ARGS__)
#define BOTH(name) {name##_released, name##_kept}

ENTRIES(direct_0, quick_direct, 0)
ENTRIES(direct_1, quick_direct, 1)
ENTRIES(direct_2, quick_direct, 2)
ENTRIES(direct_many, quick_direct, MANY)

vectorcallfunc cc_quick_direct(const cc_plan *plan, bool keep_gil)
{
    static const vectorcallfunc entries[MANY + 1][2] = {
        BOTH(direct_0), BOTH(direct_1), BOTH(direct_2), BOTH(direct_many)};
    return entries[plan->n_args < MANY ? plan->n_args : MANY][keep_gil];
}

/* ---- through registers --------------------------------------------------- */

/* A vector register takes a float or a half, an integer register all others:
 * so much is known of code.                                                  */
CC_INLINE void only_in(bool vector, uint8_t code)
{
    bool is_float = code == CC_ARG_DOUBLE || code == CC_ARG_FLOAT;
    if (code == CC_ARG_STORAGE || (code != CC_ARG_WORD && is_float != vector))
        CC_UNREACHABLE();
}

/* In two steps, each short enough to become a few stores. */
CC_INLINE void clear(cc_word *words)
{
    memset(words, 0, CC_REG_INTS * sizeof *words);
    memset(words + CC_REG_INTS, 0, CC_REG_FLOATS * sizeof *words);
}

/* invoke: that of the plan, known here, and its words begin at `first`; or
 * NULL: the plan has to be asked.                                            */
CC_INLINE PyObject *quick_reg(PyObject *self, PyObject *const *args,
                              size_t nargsf, PyObject *kwnames, bool release,
                              size_t arity, cc_invoke invoke, size_t first)
{
    CDataObject *f = (CDataObject *)self;
    const cc_plan *plan = CC_LOAD(f->ct->sig->plan);
    size_t n = (size_t)PyVectorcall_NARGS(nargsf);
    cc_word words[CC_REG_WORDS], result;
    cc_frame frame;

    if (!counts(plan, nargsf, kwnames, arity))
        return cc_call_reg(!release)(self, args, nargsf, kwnames);
    if (invoke == NULL && plan->clear_words)
        clear(words);
    for (size_t i = 0; i < (arity < MANY ? arity : n); i++) {
        const cc_plan_arg *a = &plan->args[i];
        cc_word *w = &words[invoke != NULL ? first + i : a->reg];
        if (invoke != NULL)
            only_in(first > 0, a->code);
        if (CC_UNLIKELY(!cc_plain_argument(a, a->code, args[i], w)))
            return cc_call_reg(!release)(self, args, n, NULL);
    }
    cc_enter_c(&frame, release);
    (invoke != NULL ? invoke : plan->invoke)(f->data, words, &result);
    cc_leave_c(&frame, release);
    return plan->read(plan->result, (const char *)&result);
}

#if CC_REG_INTS > 0
#include "call_shapes.def"

/* X(shape, where cc_reg_plan() finds it, arity, first word): up to two
 * arguments of one class, by the result's class.                             */
#define FEW(X)                                                                \
    X(i0_i, cc_reg_ints[0], 0, 0)                                             \
    X(i0_v, cc_reg_ints[1], 0, 0)                                             \
    X(i1_i, cc_reg_ints[0], 1, 0)                                             \
    X(i1_v, cc_reg_ints[1], 1, 0)                                             \
    X(i2_i, cc_reg_ints[0], 2, 0)                                             \
    X(i2_v, cc_reg_ints[1], 2, 0)                                             \
    X(v1_i, cc_reg_floats[0], 1, CC_REG_INTS)                                 \
    X(v1_v, cc_reg_floats[1], 1, CC_REG_INTS)                                 \
    X(v2_i, cc_reg_floats[0], 2, CC_REG_INTS)                                 \
    X(v2_v, cc_reg_floats[1], 2, CC_REG_INTS)
#define X(shape, where, arity, first)                                         \
    ENTRIES(reg_##shape, quick_reg, arity, shape, first)
FEW(X)
#undef X
ENTRIES(reg_2, quick_reg, 2, NULL, 0)
ENTRIES(reg_many, quick_reg, MANY, NULL, 0)

static const struct few {
    const cc_invoke *invoke;
    vectorcallfunc entry[2];
} few[] = {
#define X(shape, where, arity, first) {&where[arity], BOTH(reg_##shape)},
    FEW(X)
#undef X
};

vectorcallfunc cc_quick_reg(const cc_plan *plan, bool keep_gil)
{
    static const vectorcallfunc two[] = BOTH(reg_2), many[] = BOTH(reg_many);
    for (size_t i = 0; i < sizeof few / sizeof *few; i++)
        if (plan->invoke == *few[i].invoke)
            return few[i].entry[keep_gil];
    return plan->n_args == 2 ? two[keep_gil] : many[keep_gil];
}
#else
vectorcallfunc cc_quick_reg(const cc_plan *plan, bool keep_gil)
{
    (void)plan, (void)keep_gil, (void)quick_reg;
    return NULL; /* no plan is a register call */
}
#endif
