/* call_quick.c - calls whose arguments all come in their plain form.  MIT.
 *
 * An int, a float, bytes, a cdata of a type that fits: converting these runs no
 * Python code and takes no memory, so there is nothing to undo.  At the first
 * argument that is anything else the call starts again in the entry that knows
 * everything (call.c), and so it does to raise what is wrong.                */
#include "call_quick.h"
#include "call.h"
#include "cdata.h"
#include "plan.h"
#include "thread.h"

/* ---- arguments ----------------------------------------------------------- */

/* Any exact int, if it fits. */
static bool quick_integer(const CTypeObject *ct, PyObject *o, cc_word *w)
{
    int overflow;
    if (!PyLong_CheckExact(o))
        return false;
    w->i = PyLong_AsLongLongAndOverflow(o, &overflow);
    unsigned unused = 64 - 8 * (unsigned)ct->size;
    return overflow == 0 && (ct->is_signed
                                 ? (int64_t)(w->u << unused) >> unused == w->i
                                 : w->i >= 0 &&
                                       w->u << unused >> unused == w->u);
}

/* _Bool and characters of one byte. */
static bool quick_letter(const CTypeObject *ct, PyObject *o, cc_word *w)
{
    Py_ssize_t small = o == Py_True;
    if (ct->flags & CT_BOOL) {
        bool plain = PyBool_Check(o) || cc_small_int(o, &small);
        w->i = small;
        return plain && w->u <= 1;
    }
    if (ct->klass != CD_CLASS_CHAR || ct->size != 1 || !PyBytes_CheckExact(o) ||
        PyBytes_GET_SIZE(o) != 1)
        return false;
    char letter = *PyBytes_AS_STRING(o);
    w->i = ct->is_signed ? (signed char)letter : (unsigned char)letter;
    return true;
}

static inline bool quick_float(float value, cc_word *w)
{
    w->u = 0;
    memcpy(w, &value, sizeof value);
    return true;
}

/* A cdata's address: of just this type, which most are, or of one that fits. */
CC_INLINE bool quick_address(CTypeObject *ct, PyObject *o, cc_word *w,
                             bool exact)
{
    CDataObject *cd = (CDataObject *)o;
    if (CC_UNLIKELY(!cc_cdata_like(o)))
        return false;
    w->p = cd->data;
    return (CC_LIKELY(cd->ct == ct) ||
            (!exact && cc_pointer_fits(ct, cd->ct))) &&
           CC_LIKELY(!cc_is_from_buffer(o));
}

/* One argument into its word, by a code of the back-end.  False: it is not in
 * its plain form, or wrong.                                                  */
CC_INLINE bool quick_argument(const cc_plan_arg *a, uint8_t code, PyObject *o,
                              cc_word *w)
{
    Py_ssize_t small;
    switch (code) {
    case CC_ARG_INT:
        if (CC_UNLIKELY(!cc_small_int(o, &small)))
            return quick_integer(a->ct, o, w);
        w->i = small;
        return true;
    case CC_ARG_UINT:
        if (CC_UNLIKELY(!cc_small_int(o, &small) || small < 0))
            return quick_integer(a->ct, o, w);
        w->i = small;
        return true;
    case CC_ARG_SIGNED:
    case CC_ARG_UNSIGNED: return quick_integer(a->ct, o, w);
    case CC_ARG_DOUBLE:
        if (CC_UNLIKELY(!PyFloat_CheckExact(o)))
            return false;
        w->d = PyFloat_AS_DOUBLE(o);
        return true;
    case CC_ARG_FLOAT:
        return CC_LIKELY(PyFloat_CheckExact(o)) &&
               quick_float((float)PyFloat_AS_DOUBLE(o), w);
    case CC_ARG_POINTER:
        if (!a->bytes || !PyBytes_Check(o))
            return quick_address(a->ct, o, w, false);
        w->p = PyBytes_AS_STRING(o);
        return true;
    case CC_ARG_WORD: return quick_letter(a->ct, o, w);
    case CC_ARG_STORAGE: return quick_address(a->ct, o, w, true);
    default: CC_UNREACHABLE();
    }
}

/* ---- the two back-ends --------------------------------------------------- */

/* Both are compiled for each small number of parameters, where arity is a
 * constant, and once for all others.                                         */
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
        if (CC_UNLIKELY(!quick_argument(a, a->direct, args[i], &words[i])))
            return cc_call_direct(!release)(self, args, n, NULL);
    }
    cc_enter_c(&frame, release);
    f->tramp(result, arity > 0 ? words : NULL);
    cc_leave_c(&frame, release);
    return f->plan->read(f->plan->result, result);
}

CC_INLINE PyObject *quick_reg(PyObject *self, PyObject *const *args,
                              size_t nargsf, PyObject *kwnames, bool release,
                              size_t arity)
{
    CDataObject *f = (CDataObject *)self;
    const cc_plan *plan = CC_LOAD(f->ct->sig->plan);
    size_t n = (size_t)PyVectorcall_NARGS(nargsf);
    cc_word words[CC_REG_WORDS > 0 ? CC_REG_WORDS : 1], result;
    cc_frame frame;

    if (!counts(plan, nargsf, kwnames, arity))
        return cc_call_reg(!release)(self, args, nargsf, kwnames);
    if (plan->clear_words)
        memset(words, 0, sizeof words);
    for (size_t i = 0; i < (arity < MANY ? arity : n); i++) {
        const cc_plan_arg *a = &plan->args[i];
        if (CC_UNLIKELY(!quick_argument(a, a->code, args[i], &words[a->reg])))
            return cc_call_reg(!release)(self, args, n, NULL);
    }
    cc_enter_c(&frame, release);
    plan->invoke(f->data, words, &result);
    cc_leave_c(&frame, release);
    return plan->read(plan->result, (const char *)&result);
}

#define ENTRY(back_end, gil, release, arity)                                  \
    static PyObject *back_end##_##gil##_##arity(                              \
        PyObject *self, PyObject *const *args, size_t nargsf,                 \
        PyObject *kwnames)                                                    \
    {                                                                         \
        return back_end(self, args, nargsf, kwnames, release, arity);         \
    }
#define ENTRIES(back_end, gil, release)                                       \
    ENTRY(back_end, gil, release, 0)                                          \
    ENTRY(back_end, gil, release, 1)                                          \
    ENTRY(back_end, gil, release, 2)                                          \
    ENTRY(back_end, gil, release, MANY)                                       \
    static const vectorcallfunc back_end##_##gil[MANY + 1] = {                \
        back_end##_##gil##_0, back_end##_##gil##_1, back_end##_##gil##_2,     \
        back_end##_##gil##_MANY};

ENTRIES(quick_direct, kept, false)
ENTRIES(quick_direct, released, true)
ENTRIES(quick_reg, kept, false)
ENTRIES(quick_reg, released, true)

vectorcallfunc cc_quick_direct(const cc_plan *plan, bool keep_gil)
{
    uint32_t arity = plan->n_args < MANY ? plan->n_args : MANY;
    return keep_gil ? quick_direct_kept[arity] : quick_direct_released[arity];
}

vectorcallfunc cc_quick_reg(const cc_plan *plan, bool keep_gil)
{
    uint32_t arity = plan->n_args < MANY ? plan->n_args : MANY;
    return keep_gil ? quick_reg_kept[arity] : quick_reg_released[arity];
}
