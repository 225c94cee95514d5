/* callback.c - C calls that run Python code: ffi.callback's, and what extern
 * "Python" functions have in common with them.  MIT.
 *
 * A Closure owns libffi's trampoline, the callable and the bytes of the error
 * value; a CDataFunc with the trampoline's address owns the Closure.  C may
 * call it on any thread, in any state of the interpreter (thread.h).         */
#include "callback.h"
#include "call_ffi.h"
#include "func.h"
#include "plan.h"
#include "thread.h"

/* What libffi's trampoline knows.  Once its interpreter ends it is not freed:
 * C may still call, and gets the error value.                                */
typedef struct closure_core {
    cc_owner *owner; /* held                                              */
    struct ClosureObject *object; /* NULL: gone                               */
    cc_cif *cif;      /* owned; NULL: an extern "Python" function's        */
    void *trampoline; /* libffi's                                          */
    size_t error_size;
    char *error; /* the error value as libffi wants a result          */
} closure_core;

typedef struct ClosureObject {
    PyObject_HEAD
    CTypeObject *func; /* owned */
    const cc_plan *plan; /* BORROWED from func                               */
    PyObject *callable; /* NULL once the collector cleared it                */
    PyObject *onerror;  /* or NULL                                           */
    closure_core *core;
    enum put {
        PUT_ANY, /* by the type's writer                              */
        PUT_VOID,
        PUT_INT, /* of 32 bits                                        */
        PUT_LONG,
        PUT_DOUBLE
    } put;
} ClosureObject;

BORROWED PyObject *cc_closure_callable(cc_state *st, PyObject *owner)
{
    if (owner == NULL || !Py_IS_TYPE(owner, st->Closure))
        return NULL;
    return ((ClosureObject *)owner)->callable;
}

static inline PyObject *not_none(PyObject *o) /* NULL and None are one */
{
    return o == Py_None ? NULL : o;
}

/* ---- errors -------------------------------------------------------------- */

static CC_COLD void print_callback_error(ClosureObject *self, bool converting)
{
    const char *what = converting ? ", trying to convert the result back to C"
                                  : "";

    cc_error_ignored("from cffi callback %R%s", self->callable, what);
}

/* ---- the result ---------------------------------------------------------- */

/* The most usual results: None, a float and a small int, which an int and wider
 * types hold.  False: the type's writer is asked.                            */
static inline bool put_plain(enum put put, PyObject *value, char *result)
{
    Py_ssize_t small;
    int32_t half;
    double number;
    switch (put) {
    case PUT_VOID: return value == Py_None;
    case PUT_INT:
        if (!cc_small_int(value, &small))
            return false;
        half = (int32_t)small;
        memcpy(result, &half, sizeof half);
        return true;
    case PUT_LONG:
        if (!cc_small_int(value, &small))
            return false;
        memcpy(result, &(int64_t){small}, sizeof(int64_t));
        return true;
    case PUT_DOUBLE:
        if (!PyFloat_CheckExact(value))
            return false;
        number = PyFloat_AS_DOUBLE(value);
        memcpy(result, &number, sizeof number);
        return true;
    default: return false;
    }
}

static enum put put_of(const closure_core *core, const CTypeObject *ct)
{
    if (ct->flags & CT_VOID)
        return PUT_VOID;
    if (cc_arg_code_of(ct) == CC_ARG_DOUBLE)
        return PUT_DOUBLE;
    if (cc_arg_code_of(ct) != CC_ARG_INT)
        return PUT_ANY;
    return core->error_size == sizeof(int64_t)   ? PUT_LONG
           : core->error_size == sizeof(int32_t) ? PUT_INT
                                                 : PUT_ANY;
}

static CC_NOINLINE int write_result(ClosureObject *self, PyObject *value,
                                    char *result)
{
    CTypeObject *ct = self->func->item;
    if (ct->flags & CT_VOID) {
        PyErr_SetString(PyExc_TypeError, "callback with the return type "
                                         "'void' must return None");
        return -1;
    }
    memset(result, 0, self->core->error_size);
    if (ct->write(ct, result, value) < 0)
        return -1;
    if (self->core->cif != NULL)
        cc_closure_widen(ct, result);
    return 0;
}

/* A Python result as C wants it.  0/-1                                       */
static inline int put_result(ClosureObject *self, PyObject *value,
                             char *result)
{
    if (CC_LIKELY(put_plain(self->put, value, result)))
        return 0;
    return write_result(self, value, result);
}

static void put_error_value(const closure_core *core, void *result)
{
    if (result != NULL) /* of void, C has no place for it */
        memcpy(result, core->error, core->error_size);
}

/* Calls onerror(type, value, traceback); its result, unless None, becomes the
 * callback's.  -1: it failed, with its exception set.                        */
static int ask_onerror(ClosureObject *self, char *result, PyObject *type,
                       PyObject *value, PyObject *traceback)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(
        self->onerror, type, value != NULL ? value : Py_None,
        traceback != NULL ? traceback : Py_None, NULL);
    int done = -1;
    if (answer != NULL)
        done = answer == Py_None ? 0 : put_result(self, answer, result);
    Py_XDECREF(answer);
    if (done < 0)
        put_error_value(self->core, result);
    return done;
}

/* The callable or the conversion of its result raised.                       */
static CC_COLD void failed(ClosureObject *self, char *result, bool converting)
{
    PyObject *type, *value, *traceback;
    put_error_value(self->core, result);
    if (self->onerror == NULL) {
        print_callback_error(self, converting);
        return;
    }
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(value, traceback);
    if (ask_onerror(self, result, type, value, traceback) < 0) {
        PyObject *type2, *value2, *traceback2;
        PyErr_Fetch(&type2, &value2, &traceback2);
        PyErr_Restore(type, value, traceback);
        print_callback_error(self, converting);
        PyErr_Restore(type2, value2, traceback2);
        cc_error_ignored("during handling of the above exception by 'onerror'",
                      NULL, NULL);
        return;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

/* ---- the call from C ----------------------------------------------------- */

/* A Python function is called as PyObject_Vectorcall would. */
static inline PyObject *call_callable(PyObject *callable, PyObject **argv,
                                      size_t n)
{
    size_t nargsf = n | PY_VECTORCALL_ARGUMENTS_OFFSET;
    if (CC_LIKELY(PyFunction_Check(callable)))
        return ((PyFunctionObject *)callable)
            ->vectorcall(callable, argv, nargsf, NULL);
    return PyObject_Vectorcall(callable, argv, nargsf, NULL);
}

/* Where C left the arguments of a callback, in one of two ways.              */
typedef struct c_args {
    void **values; /* addresses, but of records of no size; NULL, and         */
    const cc_word *words; /* a stub's words                                   */
} c_args;

static inline const char *next_argument(c_args *args, const cc_plan_arg *a)
{
    cc_word *word = (cc_word *)(uintptr_t)args->words;
    if (args->values == NULL)
        args->words++;
    if (CC_UNLIKELY(a->empty))
        return "";
    return args->values != NULL ? *args->values++
                                : cc_ffi_value(a->direct, a->ct, word);
}

/* Runs the callable with the arguments that have room at argv, and before.   */
CC_INLINE void run_with(ClosureObject *self, char *result, c_args args,
                        PyObject **argv)
{
    const cc_plan *plan = self->plan;
    const cc_plan_arg *a = plan->args, *end = a + plan->n_args;
    PyObject **made = argv, *value = NULL;
    bool converting = false;
    for (; a < end; a++, made++) {
        *made = a->read(a->ct, next_argument(&args, a));
        if (CC_UNLIKELY(*made == NULL))
            goto done;
    }
    value = call_callable(self->callable, argv, plan->n_args);
    converting = value != NULL;
    if (CC_LIKELY(converting) &&
        CC_UNLIKELY(put_result(self, value, result) < 0))
        Py_CLEAR(value);
done:
    if (CC_UNLIKELY(value == NULL))
        failed(self, result, converting);
    while (made > argv)
        Py_DECREF(*--made);
    Py_XDECREF(value);
}

static CC_COLD void run_with_many(ClosureObject *self, char *result,
                                  c_args args)
{
    PyObject **room = PyMem_Malloc((self->plan->n_args + 1) * sizeof *room);
    if (room == NULL) {
        PyErr_NoMemory();
        failed(self, result, false);
        return;
    }
    run_with(self, result, args, room + 1);
    PyMem_Free(room);
}

/* With the thread attached; always leaves a result.                          */
CC_INLINE void run_attached(ClosureObject *self, char *result, c_args args)
{
    PyObject *few[9];
    if (CC_UNLIKELY(self->plan->n_args + 1 > sizeof few / sizeof *few))
        run_with_many(self, result, args);
    else
        run_with(self, result, args, few + 1);
}

/* In a call that kept the GIL, with an exception.                            */
static CC_COLD void run_meanwhile(ClosureObject *self, char *result,
                                  c_args args)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    run_attached(self, result, args);
    PyErr_Restore(type, value, traceback);
}

CC_INLINE void enter(ClosureObject *self, const cc_attached *attached,
                     void *result, c_args args)
{
    if (CC_UNLIKELY(self->callable == NULL))
        put_error_value(self->core, result);
    else if (CC_LIKELY(!cc_attached_raised(attached)))
        run_attached(self, result, args);
    else
        run_meanwhile(self, result, args);
}

/* Finds the closure of a call from C: a new reference, which what the callable
 * does cannot take away, or NULL.                                            */
typedef PyObject *closure_at(void *where);

/* 1: there is a result; 0: no closure is there; -1: the interpreter is ending.
 */
CC_INLINE int run_from_c(cc_owner *owner, closure_at *at, void *where,
                         void *result, c_args args)
{
    cc_attached attached;
    cc_errors program = cc_errors_now();
    if (CC_UNLIKELY(!cc_attach(owner, &attached))) {
        cc_errors_set(program);
        return -1;
    }
    PyObject *closure = at(where);
    cc_here.saved = program;
    if (CC_LIKELY(closure != NULL)) {
        enter((ClosureObject *)closure, &attached, result, args);
        Py_DECREF(closure);
    }
    program = cc_here.saved;
    cc_detach(&attached);
    cc_errors_set(program);
    return closure != NULL;
}

static inline PyObject *of_bound(void *bound)
{
    return cc_bound_now(bound);
}

int cc_bound_run(cc_owner *owner, cc_bound *bound, void *result,
                 const cc_word *words)
{
    return run_from_c(owner, of_bound, bound, result, (c_args){NULL, words});
}

static inline PyObject *of_core(void *core)
{
    return Py_XNewRef((PyObject *)((closure_core *)core)->object);
}

static void run_closure(void *user, void *result, void **args)
{
    closure_core *core = user;
    if (run_from_c(core->owner, of_core, core, result,
                   (c_args){args, NULL}) <= 0)
        put_error_value(core, result);
}

/* ---- making one ---------------------------------------------------------- */

static int check_arguments(CTypeObject *func, PyObject *onerror)
{
    if (onerror != NULL && !PyCallable_Check(onerror))
        PyErr_Format(PyExc_TypeError,
                     "expected a callable object for 'onerror', not %.200s",
                     Py_TYPE(onerror)->tp_name);
    else if (func->sig->variadic)
        PyErr_Format(PyExc_NotImplementedError,
                     "%U: callback with unsupported argument or return type "
                     "or with '...'",
                     func->name);
    else
        return 0;
    return -1;
}

/* The error value's bytes: `error` converted, or zeros.  0/-1                */
static int make_error_value(ClosureObject *self, PyObject *error)
{
    closure_core *core = self->core;
    CTypeObject *ct = self->func->item;
    if (ct->flags & CT_VOID)
        core->error_size = 0;
    else if (core->cif == NULL || cc_is_record(ct) ||
             ct->size > (Py_ssize_t)sizeof(cc_word))
        core->error_size = (size_t)ct->size;
    else
        core->error_size = sizeof(cc_word);
    self->put = put_of(core, ct);
    core->error = PyMem_RawCalloc(1, core->error_size + 1);
    if (core->error == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return error == NULL ? 0 : put_result(self, error, core->error);
}

/* The trampoline; its address into *code.  0/-1                              */
static int make_trampoline(ClosureObject *self, void **code)
{
    closure_core *core = self->core;
    core->cif = cc_cif_for_closure(self->func);
    if (core->cif == NULL)
        return -1;
    core->trampoline = cc_closure_new(core->cif, run_closure, core, code);
    if (core->trampoline != NULL)
        return 0;
    PyErr_SetString(PyExc_MemoryError,
                    "libffi has no memory for another callback");
    return -1;
}

static void free_core(closure_core *core)
{
    cc_closure_free(core->trampoline);
    cc_cif_free(core->cif);
    cc_owner_release(core->owner);
    PyMem_RawFree(core->error);
    PyMem_RawFree(core);
}

static ClosureObject *new_closure(cc_state *st, CTypeObject *func,
                                  PyObject *callable, PyObject *onerror)
{
    if (check_arguments(func, onerror) < 0 || cc_owner_watch(st->owner) < 0)
        return NULL;
    const cc_plan *plan = cc_plan_of(func);
    if (plan == NULL) /* some type has no size */
        return NULL;
    closure_core *core = PyMem_RawCalloc(1, sizeof *core);
    if (core == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    core->owner = cc_owner_hold(st->owner);
    PyTypeObject *type = cc_type(st, CC_Closure);
    ClosureObject *self =
        type != NULL ? PyObject_GC_New(ClosureObject, type) : NULL;
    if (self == NULL) {
        free_core(core);
        return NULL;
    }
    core->object = self;
    self->core = core;
    self->func = (CTypeObject *)Py_NewRef((PyObject *)func);
    self->plan = plan;
    self->put = PUT_ANY;
    self->callable = Py_NewRef(callable);
    self->onerror = Py_XNewRef(onerror);
    PyObject_GC_Track(self);
    return self;
}

PyObject *cc_callback(cc_state *st, CTypeObject *func, PyObject *callable,
                      PyObject *error, PyObject *onerror)
{
    void *code;
    PyObject *cdata = NULL;
    ClosureObject *self;
    if (func->kind != CD_FUNC)
        return PyErr_Format(PyExc_TypeError,
                            "expected a function ctype, got '%U'", func->name);
    if (!PyCallable_Check(callable)) {
        PyErr_SetString(PyExc_TypeError,
                        "the 'python_callable' argument is not callable");
        return NULL;
    }
    self = new_closure(st, func, callable, not_none(onerror));
    if (self == NULL)
        return NULL;
    error = not_none(error);
    if (make_trampoline(self, &code) == 0 && make_error_value(self, error) == 0)
        cdata = cc_func_new(func, code, (PyObject *)self, NULL, false);
    Py_DECREF(self);
    return cdata;
}

/* ---- extern "Python" ----------------------------------------------------- */

PyObject *cc_closure_new_extern(cc_state *st, CTypeObject *func,
                                PyObject *callable, PyObject *error,
                                PyObject *onerror)
{
    if (!PyCallable_Check(callable))
        return PyErr_Format(PyExc_TypeError,
                            "expected a callable object, not %.200s",
                            Py_TYPE(callable)->tp_name);
    ClosureObject *self = new_closure(st, func, callable, not_none(onerror));
    if (self != NULL && make_error_value(self, not_none(error)) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

void cc_closure_copy_error(PyObject *closure, void *to)
{
    put_error_value(((ClosureObject *)closure)->core, to);
}

/* ---- the type ------------------------------------------------------------ */

static int closure_traverse(PyObject *o, visitproc visit, void *arg)
{
    ClosureObject *self = (ClosureObject *)o;
    Py_VISIT(Py_TYPE(o));
    Py_VISIT(self->func);
    Py_VISIT(self->callable);
    Py_VISIT(self->onerror);
    return 0;
}

static int closure_clear(PyObject *o)
{
    ClosureObject *self = (ClosureObject *)o;
    Py_CLEAR(self->callable);
    Py_CLEAR(self->onerror);
    return 0;
}

static void closure_dealloc(PyObject *o)
{
    ClosureObject *self = (ClosureObject *)o;
    PyTypeObject *type = Py_TYPE(o);
    PyObject_GC_UnTrack(o);
    self->core->object = NULL;
    if (!cc_owner_closing(self->core->owner))
        free_core(self->core);
    closure_clear(o);
    Py_DECREF(self->func);
    PyObject_GC_Del(o);
    Py_DECREF(type);
}

static PyType_Slot closure_slots[] = {
    {Py_tp_traverse, closure_traverse},
    {Py_tp_clear, closure_clear},
    {Py_tp_dealloc, closure_dealloc},
    {0, NULL},
};

PyType_Spec cc_closure_spec = {
    .name = "cffi_core._Closure",
    .basicsize = sizeof(ClosureObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = closure_slots,
};
