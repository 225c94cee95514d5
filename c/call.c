/* call.c - vectorcall entries: Python arguments in, a C call, the result out.
 * MIT.
 *
 * Each comes in two variants, GIL kept and GIL released:
 *   call_reg       every argument and the result in registers; all on the stack
 *   call_direct    a compiled stub's trampoline: whatever is not variadic
 *   call_ffi       anything else that libffi can
 *   call_variadic  `...`: the types come with the arguments
 *   cc_call_null   the address is NULL
 * call_entry.c chooses among them and those of call_quick.c.                 */
#include "call.h"
#include "call_argument.h"
#include "call_ffi.h"
#include "cdata.h"
#include "lib.h"
#include "plan.h"
#include "call_temps.h"
#include "thread.h"

/* ---- errors -------------------------------------------------------------- */

static CC_COLD PyObject *bad_call(CTypeObject *func, Py_ssize_t n,
                                  PyObject *kwnames)
{
    const cc_signature *sig = func->sig;
    if (kwnames != NULL && PyTuple_GET_SIZE(kwnames) > 0)
        PyErr_SetString(
            PyExc_TypeError,
            "a cdata function cannot be called with keyword arguments");
    else
        PyErr_Format(PyExc_TypeError, "'%U' expects %s%u arguments, got %zd",
                     func->name, sig->variadic ? "at least " : "", sig->n, n);
    return NULL;
}

/* CPython words it in this way for builtins with no or one parameter ...     */
static CC_COLD PyObject *bad_short_call(const CDataFuncObject *f,
                                        Py_ssize_t n, bool has_keywords)
{
    PyObject *module = ((LibObject *)f->owner)->name;
    if (has_keywords)
        return PyErr_Format(PyExc_TypeError,
                            "%U.Lib.%U() takes no keyword arguments", module,
                            f->label);
    return PyErr_Format(PyExc_TypeError, "%U.Lib.%U() takes %s (%zd given)",
                        module, f->label,
                        f->base.ct->sig->n == 0 ? "no arguments"
                                                : "exactly one argument", n);
}

/* ... and in this way for the others.                                        */
static CC_COLD PyObject *bad_direct_call(const CDataFuncObject *f,
                                         Py_ssize_t n, PyObject *kwnames)
{
    uint32_t wanted = f->base.ct->sig->n;
    bool has_keywords = kwnames != NULL && PyTuple_GET_SIZE(kwnames) > 0;
    if (wanted <= 1)
        return bad_short_call(f, n, has_keywords);
    if (has_keywords)
        return PyErr_Format(PyExc_TypeError, "%U() takes no keyword arguments",
                            f->label);
    return PyErr_Format(PyExc_TypeError, "%U expected %u arguments, got %zd",
                        f->label, wanted, n);
}

CC_COLD PyObject *cc_call_null(PyObject *self, PyObject *const *args,
                               size_t nargsf, PyObject *kwnames)
{
    (void)args, (void)nargsf, (void)kwnames;
    PyErr_Format(PyExc_RuntimeError,
                 "cannot call null pointer pointer from cdata '%U'",
                 ((CDataObject *)self)->ct->name);
    return NULL;
}

CC_COLD PyObject *cc_call_closed(PyObject *self, PyObject *const *args,
                                 size_t nargsf, PyObject *kwnames)
{
    (void)args, (void)nargsf, (void)kwnames;
    PyErr_Format(PyExc_ValueError,
                 "the library of function '%S' has already been closed",
                 ((CDataFuncObject *)self)->label);
    return NULL;
}

/* Conversion runs Python code, which may have closed the library. */
static inline bool closed_meanwhile(const CDataObject *f)
{
    return CC_UNLIKELY(CC_LOAD(((const CDataFuncObject *)f)->call) ==
                       cc_call_closed);
}

/* ---- through registers --------------------------------------------------- */

CC_INLINE void run_reg(const cc_plan *plan, void *code,
                           const cc_word *words, cc_word *result, bool release)
{
    cc_frame frame;
    cc_enter_c(&frame, release);
    plan->invoke(code, words, result);
    cc_leave_c(&frame, release);
}

CC_INLINE PyObject *call_reg(PyObject *self, PyObject *const *args,
                                 size_t nargsf, PyObject *kwnames, bool release)
{
    CDataObject *f = (CDataObject *)self;
    const cc_plan *plan = CC_LOAD(f->ct->sig->plan);
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    cc_word words[CC_REG_WORDS > 0 ? CC_REG_WORDS : 1], result;
    char room[CC_TEMPS_ROOM];
    cc_temps temps;
    PyObject *value = NULL;

    if (CC_UNLIKELY(n != (Py_ssize_t)plan->n_args || kwnames != NULL))
        return bad_call(f->ct, n, kwnames);
    if (plan->clear_words)
        memset(words, 0, sizeof words);
    cc_temps_init(&temps, room);
    for (Py_ssize_t i = 0; i < n; i++) {
        const cc_plan_arg *a = &plan->args[i];
        if (CC_UNLIKELY(cc_argument(a, a->code, args[i], &words[a->reg],
                                    &temps) < 0)) {
            cc_note_argument(self, i, a->ct, args[i]);
            goto done;
        }
    }
    if (closed_meanwhile(f)) {
        cc_call_closed(self, args, nargsf, kwnames);
        goto done;
    }
    run_reg(plan, f->data, words, &result, release);
    value = plan->read(plan->result, (const char *)&result);
done:
    cc_temps_free(&temps);
    return value;
}

CC_CALL_VARIANTS(call_reg)

/* ---- through a stub's trampoline ----------------------------------------- */

typedef struct direct_frame { /* the memory of one call */
    cc_temps temps;
    cc_word *words;
    char *result;
    char room[CC_TEMPS_ROOM];
    cc_word few[CC_DIRECT_WORDS];
    _Alignas(16) char small[CC_DIRECT_RESULT];
} direct_frame;

/* More than fits on the stack.  0/-1                                         */
static CC_COLD int large_direct_frame(direct_frame *fr, const cc_plan *plan)
{
    fr->words = cc_temps_get(&fr->temps,
                             (Py_ssize_t)(plan->n_args * sizeof(cc_word)),
                             sizeof(cc_word));
    fr->result = cc_temps_get(&fr->temps,
                              plan->result->size > 0 ? plan->result->size : 1,
                              cc_align_of(plan->result));
    return fr->words != NULL && fr->result != NULL ? 0 : -1;
}

CC_INLINE void run_direct(const CDataFuncObject *f, direct_frame *fr,
                              bool release)
{
    cc_frame frame;
    cc_enter_c(&frame, release);
    cc_run_stub(f, fr->result, fr->words);
    cc_leave_c(&frame, release);
}

/* A cdata whose value is neither too big for any integer of the sign that ct
 * has nor negative where that is unsigned: these have messages of their own. */
static CC_COLD bool is_of_range(const CTypeObject *ct, PyObject *o)
{
    if (!cc_cdata_like(o) || ((CDataObject *)o)->ct->kind != CD_PRIM)
        return false;
    int64_t i;
    uint64_t u;
    CTypeObject *from = ((CDataObject *)o)->ct;
    return cc_read_int(from, ((CDataObject *)o)->data, &i, &u) >= 0 &&
           (i >= 0 || from->is_signed == ct->is_signed);
}

/* An int that does not fit: CFFI's compiled functions take an integer by its
 * size, whatever its name, and say so.                                       */
static CC_COLD void say_size(const CTypeObject *ct, PyObject *o)
{
    char name[32];
    if (ct->kind != CD_PRIM || ct->size > 8 ||
        !(PyLong_Check(o) || is_of_range(ct, o)) ||
        (ct->klass != CD_CLASS_SINT && ct->klass != CD_CLASS_UINT) ||
        !PyErr_ExceptionMatches(PyExc_OverflowError))
        return;
    PyErr_Clear();
    snprintf(name, sizeof name, "%d-bit %sint", 8 * (int)ct->size,
             ct->is_signed ? "" : "unsigned ");
    cc_error_overflow_of(name, ct->is_signed, o);
}

CC_INLINE PyObject *call_direct(PyObject *self, PyObject *const *args,
                                    size_t nargsf, PyObject *kwnames,
                                    bool release)
{
    CDataFuncObject *f = (CDataFuncObject *)self;
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    direct_frame fr;
    PyObject *value = NULL;

    const cc_plan *plan = cc_plan_of(f->base.ct);
    if (CC_UNLIKELY(plan == NULL))
        return NULL;
    if (CC_UNLIKELY(n != (Py_ssize_t)plan->n_args || kwnames != NULL))
        return bad_direct_call(f, n, kwnames);
    cc_temps_init(&fr.temps, fr.room);
    fr.words = fr.few;
    fr.result = fr.small;
    if (CC_UNLIKELY(plan->large) && large_direct_frame(&fr, plan) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < n; i++) {
        const cc_plan_arg *a = &plan->args[i];
        if (CC_UNLIKELY(cc_argument(a, a->direct, args[i], &fr.words[i],
                                    &fr.temps) < 0)) {
            say_size(a->ct, args[i]);
            cc_note_argument(self, i, a->ct, args[i]);
            goto done;
        }
    }
    run_direct(f, &fr, release);
    value = plan->read(plan->result, fr.result);
done:
    cc_temps_free(&fr.temps);
    return value;
}

CC_CALL_VARIANTS(call_direct)

/* ---- through libffi ------------------------------------------------------ */

typedef struct ffi_frame { /* the memory of one call */
    cc_temps temps;
    cc_word *words;
    void **values; /* as libffi wants them: without empty records     */
    uint32_t n_values;
    char *result;
} ffi_frame;

/* Room for n arguments and the result.  0/-1                                 */
static int ffi_frame_init(ffi_frame *fr, char *room, const cc_plan *plan,
                          Py_ssize_t n)
{
    Py_ssize_t size = plan->result->size;
    size_t align = cc_align_of(plan->result);
    cc_temps_init(&fr->temps, room);
    fr->n_values = 0;
    fr->words = cc_temps_get(&fr->temps, n * (Py_ssize_t)sizeof(cc_word),
                             sizeof(cc_word));
    fr->values = cc_temps_get(&fr->temps, n * (Py_ssize_t)sizeof(void *),
                              sizeof(void *));
    fr->result = cc_temps_get(
        &fr->temps, size > CC_FFI_RESULT_MIN ? size : CC_FFI_RESULT_MIN,
        align > 16 ? align : 16);
    return fr->words && fr->values && fr->result ? 0 : -1;
}

static void add_value(ffi_frame *fr, uint8_t code, CTypeObject *ct, cc_word *w)
{
    if (!cc_is_record(ct) || ct->size > 0)
        fr->values[fr->n_values++] = cc_ffi_value(code, ct, w);
}

static int convert_declared(ffi_frame *fr, CDataObject *f,
                            const cc_plan *plan, PyObject *const *args)
{
    for (uint32_t i = 0; i < plan->n_args; i++) {
        const cc_plan_arg *a = &plan->args[i];
        cc_word *w = &fr->words[i];
        if (!cc_plain_argument(a, a->code, args[i], w) &&
            cc_argument(a, a->code, args[i], w, &fr->temps) < 0) {
            cc_note_argument((PyObject *)f, i, a->ct, args[i]);
            return -1;
        }
        add_value(fr, a->code, a->ct, w);
    }
    if (closed_meanwhile(f)) {
        cc_call_closed((PyObject *)f, args, plan->n_args, NULL);
        return -1;
    }
    return 0;
}

static void run_ffi(const cc_cif *cif, void *code, ffi_frame *fr, bool release)
{
    cc_frame frame;
    cc_enter_c(&frame, release);
    cc_cif_call(cif, code, fr->values, fr->result);
    cc_leave_c(&frame, release);
}

static PyObject *call_ffi(PyObject *self, PyObject *const *args, size_t nargsf,
                          PyObject *kwnames, bool release)
{
    CDataObject *f = (CDataObject *)self;
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    char room[CC_TEMPS_ROOM];
    ffi_frame fr;
    PyObject *value = NULL;

    if (n != (Py_ssize_t)f->ct->sig->n || kwnames != NULL)
        return bad_call(f->ct, n, kwnames);
    cc_plan *plan = cc_plan_of(f->ct);
    const cc_cif *cif = plan == NULL ? NULL : cc_cif_of(plan);
    if (cif == NULL)
        return NULL;
    if (ffi_frame_init(&fr, room, plan, n) == 0 &&
        convert_declared(&fr, f, plan, args) == 0) {
        run_ffi(cif, f->data, &fr, release);
        value = plan->read(plan->result, fr.result);
    }
    cc_temps_free(&fr.temps);
    return value;
}

CC_CALL_VARIANTS(call_ffi)

/* ---- `...` --------------------------------------------------------------- */

/* The type that a variadic argument travels as: C11 6.5.2.2p6 (default argument
 * promotions), arrays as pointers.                                           */
static CTypeObject *promoted(CTypeObject *ct)
{
    if (ct->kind == CD_ARRAY && !(ct->flags & CT_VECTOR))
        return cc_ctype_pointer(ct->item);
    if (cc_is_primitive(ct) && ct->prim == CD_PRIM_FLOAT)
        return cc_ctype_prim(ct->state, CD_PRIM_DOUBLE);
    if (cc_is_primitive(ct) && ct->size < (Py_ssize_t)sizeof(int) &&
        ct->klass != CD_CLASS_FLOAT)
        return cc_ctype_prim(ct->state, CD_PRIM_INT);
    return (CTypeObject *)Py_NewRef((PyObject *)ct);
}

/* A cdata's value as the word of its promoted type `to`.                     */
static void variadic_word(CDataObject *cd, const CTypeObject *to, cc_word *w)
{
    int code = cc_arg_code_of(to);
    if (code == CC_ARG_POINTER || code == CC_ARG_STORAGE) {
        w->p = cd->data;
    } else if (cd->ct->prim == CD_PRIM_FLOAT) {
        float f;
        memcpy(&f, cd->data, sizeof f);
        w->d = f;
    } else {
        memcpy(w, cd->data, (size_t)cd->ct->size);
        if (cd->ct->klass != CD_CLASS_FLOAT)
            cc_widen(cd->ct, w);
    }
}

/* Arguments from `first` on: their types, words and values.  0/-1            */
static int convert_variadic(ffi_frame *fr, PyObject *const *args,
                            Py_ssize_t first, Py_ssize_t n, CTypeObject **types)
{
    for (Py_ssize_t i = first; i < n; i++) {
        CDataObject *cd = (CDataObject *)args[i];
        if (!cc_cdata_like(args[i])) {
            PyErr_Format(PyExc_TypeError,
                         "argument %zd passed in the variadic part needs to be "
                         "a cdata object (got %.200s)",
                         i + 1, Py_TYPE(args[i])->tp_name);
            cc_note_variadic();
            return -1;
        }
        if (cd->ct->kind != CD_ARRAY && cc_by_value_ready(cd->ct) < 0)
            return -1;
        types[i] = promoted(cd->ct);
        if (types[i] == NULL)
            return -1;
        variadic_word(cd, types[i], &fr->words[i]);
        add_value(fr, (uint8_t)cc_arg_code_of(types[i]), types[i],
                  &fr->words[i]);
    }
    return 0;
}

static PyObject *variadic_result(CDataObject *f, const cc_plan *plan,
                                 ffi_frame *fr, CTypeObject **types,
                                 Py_ssize_t n, bool release)
{
    cc_cif *cif = cc_cif_for_call(f->ct, types, (uint32_t)n, plan->n_args);
    if (cif == NULL)
        return NULL;
    run_ffi(cif, f->data, fr, release);
    cc_cif_free(cif);
    return plan->read(plan->result, fr->result);
}

static PyObject *call_variadic(PyObject *self, PyObject *const *args,
                               size_t nargsf, PyObject *kwnames, bool release)
{
    CDataObject *f = (CDataObject *)self;
    Py_ssize_t n = PyVectorcall_NARGS(nargsf), fixed = f->ct->sig->n;
    char room[CC_TEMPS_ROOM];
    ffi_frame fr;
    CTypeObject **types = NULL;
    PyObject *value = NULL;

    if (n < fixed || kwnames != NULL)
        return bad_call(f->ct, n, kwnames);
    cc_plan *plan = cc_plan_of(f->ct);
    if (plan == NULL)
        return NULL;
    if (ffi_frame_init(&fr, room, plan, n) < 0)
        goto done;
    types =
        cc_temps_get(&fr.temps, n * (Py_ssize_t)sizeof *types, sizeof *types);
    if (types == NULL || convert_declared(&fr, f, plan, args) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < fixed; i++)
        types[i] = plan->args[i].ct;
    if (convert_variadic(&fr, args, fixed, n, types) == 0)
        value = variadic_result(f, plan, &fr, types, n, release);
done:
    for (Py_ssize_t i = fixed; types != NULL && i < n; i++)
        Py_XDECREF(types[i]);
    cc_temps_free(&fr.temps);
    return value;
}

CC_CALL_VARIANTS(call_variadic)

/* ---- the entries, by keep_gil -------------------------------------------- */

vectorcallfunc cc_call_direct(bool keep_gil)
{
    return keep_gil ? call_direct_kept : call_direct_released;
}

vectorcallfunc cc_call_reg(bool keep_gil)
{
    return keep_gil ? call_reg_kept : call_reg_released;
}

vectorcallfunc cc_call_ffi(bool keep_gil)
{
    return keep_gil ? call_ffi_kept : call_ffi_released;
}

vectorcallfunc cc_call_variadic(bool keep_gil)
{
    return keep_gil ? call_variadic_kept : call_variadic_released;
}
