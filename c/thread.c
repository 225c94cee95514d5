/* thread.c - errno, and which thread state a callback runs with.  MIT. */
#include "thread.h"
#include "module.h"
#include <stdatomic.h>
#ifdef _WIN32
#define CURRENT_PROCESS() GetCurrentProcessId()
#define NAP() Sleep(1)
#else
#include <pthread.h>
#include <time.h>
#include <unistd.h>
#define CURRENT_PROCESS() getpid()
#define NAP() nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL)
#endif

CC_THREAD_LOCAL cc_thread cc_here;

int cc_errno_get(void)
{
    return cc_here.saved.number;
}

void cc_errno_set(int value)
{
    cc_here.saved.number = value;
}

/* ---- the owner: an interpreter as callbacks see it ----------------------- */

struct cc_owner {
    PyInterpreterState *interp;
    atomic_int refs;
    atomic_int inside;    /* foreign threads inside a callback now           */
    bool watched;         /* atexit has our hook                              */
    bool called;          /* and has called it                                */
    atomic_bool closing;  /* no thread but `closer` may attach               */
    unsigned long closer; /* the thread that ends the interpreter            */
    long process;         /* after a fork the count of `inside` means nothing */
    PyThreadState *spare; /* see make_spare                                   */
    uint64_t spare_id;    /* another state may come to stand where it stood   */
};

cc_owner *cc_owner_hold(cc_owner *o)
{
    atomic_fetch_add(&o->refs, 1);
    return o;
}

void cc_owner_release(cc_owner *o)
{
    if (atomic_fetch_sub(&o->refs, 1) == 1)
        PyMem_RawFree(o);
}

bool cc_owner_closing(const cc_owner *o)
{
    return atomic_load_explicit(&o->closing, memory_order_acquire);
}

bool cc_owner_ending(const cc_owner *o)
{
    return cc_owner_closing(o) || Py_IsFinalizing();
}

bool cc_owner_is(const cc_owner *o, const PyInterpreterState *interp)
{
    return o->interp == interp;
}

static bool closed_to_us(const cc_owner *o)
{
    return cc_owner_closing(o) && o->closer != PyThread_get_thread_ident();
}

/* CPython 3.13 runs a subinterpreter in states that come and go.  Where the
 * last has gone the next one takes its place in memory, perhaps before the
 * thread whose it was has left it ("thread state already initialized").  With
 * a state that nobody uses there is no last one before its end.             */
#if PY_VERSION_HEX >= 0x030D0000 && !CC_FREE_THREADED
static int make_spare(cc_owner *o)
{
    if (o->interp == PyInterpreterState_Main())
        return 0;
    o->spare = PyThreadState_New(o->interp);
    if (o->spare == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    o->spare_id = PyThreadState_GetID(o->spare);
    return 0;
}
#else
static int make_spare(cc_owner *Py_UNUSED(o))
{
    return 0;
}
#endif

/* An interpreter cannot end with a state more than its own.  If it ends
 * because the process does, CPython has freed one that it found, whosever.   */
static void end_spare(cc_owner *o)
{
    PyThreadState *s = PyInterpreterState_ThreadHead(o->interp);
    while (s != NULL &&
           (s != o->spare || PyThreadState_GetID(s) != o->spare_id))
        s = PyThreadState_Next(s);
    if (s != NULL) {
        PyThreadState_Clear(s);
        PyThreadState_Delete(s);
    }
    o->spare = NULL;
}

/* From here on foreign threads get error values.  Those that are inside a
 * callback have a second to come out of it: later, CPython would end them in
 * the middle of the C code that called.                                      */
static void close_owner(cc_owner *o)
{
    o->closer = PyThread_get_thread_ident();
    atomic_store(&o->closing, true);
    if (o->process == (long)CURRENT_PROCESS() && atomic_load(&o->inside) > 0) {
        Py_BEGIN_ALLOW_THREADS for (int i = 0;
                                    i < 1000 && atomic_load(&o->inside) > 0;
                                    i++) NAP();
        Py_END_ALLOW_THREADS
    }
}

/* ---- the hook ------------------------------------------------------------ */

/* Functions that the program gave to atexit, before or after us, may still wait
 * for C's threads to call Python.  All have run when atexit lets go of them: so
 * the hook itself does nothing, its end closes.  On free-threaded builds nobody
 * knows when that end comes; they give the hook to atexit at import.         */
static PyObject *hook_called(PyObject *capsule, PyObject *Py_UNUSED(unused))
{
    cc_owner *o = PyCapsule_GetPointer(capsule, NULL);
    if (o == NULL)
        return NULL;
    o->called = true;
    if (CC_FREE_THREADED)
        close_owner(o);
    Py_RETURN_NONE;
}

/* One that was given to atexit by a function of atexit's is never called, one
 * in a forked child may be dropped by Python code: atexit._clear().          */
static void hook_ends(PyObject *capsule)
{
    cc_owner *o = PyCapsule_GetPointer(capsule, NULL);
    o->watched = false;
    if (!cc_owner_closing(o) && (o->called || PyEval_GetFrame() == NULL))
        close_owner(o);
    end_spare(o);
    cc_owner_release(o);
}

static PyMethodDef hook_def = {"close", hook_called, METH_NOARGS, NULL};

static PyObject *new_hook(cc_owner *o)
{
    PyObject *capsule = PyCapsule_New(cc_owner_hold(o), NULL, hook_ends);
    if (capsule == NULL) {
        cc_owner_release(o);
        return NULL;
    }
    PyObject *hook = PyCFunction_New(&hook_def, capsule);
    Py_DECREF(capsule);
    return hook;
}

int cc_owner_watch(cc_owner *o)
{
    if (o->watched || cc_owner_closing(o))
        return 0;
    if (Py_IsFinalizing()) { /* atexit is over */
        close_owner(o);
        return 0;
    }
    PyObject *done = NULL, *hook = NULL;
    PyObject *module = PyImport_ImportModule("atexit");
    if (module != NULL)
        hook = new_hook(o);
    if (hook != NULL)
        done = PyObject_CallMethod(module, "register", "O", hook);
    if (done != NULL)
        o->watched = true;
    Py_XDECREF(done);
    Py_XDECREF(hook);
    Py_XDECREF(module);
    return done != NULL ? 0 : -1;
}

/* The hook of the main interpreter waits for what may be called back: importing
 * atexit takes a quarter of our own start.                                   */
int cc_thread_init(cc_state *st)
{
    cc_owner *o = PyMem_RawCalloc(1, sizeof *o);
    if (o == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    o->interp = PyInterpreterState_Get();
    o->process = (long)CURRENT_PROCESS();
    atomic_init(&o->refs, 1);
    st->owner = o;
    if (!CC_FREE_THREADED && o->interp == PyInterpreterState_Main())
        return 0;
    return cc_owner_watch(o) < 0 ? -1 : make_spare(o);
}

void cc_thread_fini(cc_state *st)
{
    if (st->owner != NULL)
        cc_owner_release(st->owner);
    st->owner = NULL;
}

/* ---- states of threads that Python did not start ------------------------- */

typedef struct own_state {
    cc_owner *owner; /* held */
    PyThreadState *state;
    int uses;     /* callbacks on this thread that run with it        */
    bool lasting; /* until the thread ends                            */
    struct own_state *next;
} own_state;

static CC_THREAD_LOCAL own_state *own_states;

static void unlink_state(own_state *s)
{
    own_state **p = &own_states;
    while (*p != s)
        p = &(*p)->next;
    *p = s->next;
}

/* Frees a state that is attached; nothing is attached then.                  */
static void end_attached_state(own_state *s)
{
    unlink_state(s);
    PyThreadState_Clear(s->state);
    PyThreadState_DeleteCurrent();
    cc_owner_release(s->owner);
    PyMem_RawFree(s);
}

static void drop_state(own_state *s)
{
    cc_owner *o = cc_owner_hold(s->owner);
    atomic_fetch_add(&o->inside, 1);
    if (!cc_owner_closing(o)) {
        PyEval_RestoreThread(s->state);
        end_attached_state(s);
    } else { /* the interpreter frees the state as it ends */
        unlink_state(s);
        cc_owner_release(o);
        PyMem_RawFree(s);
    }
    atomic_fetch_sub(&o->inside, 1);
    cc_owner_release(o);
}

/* Runs as the thread ends; a later callback there would begin a new list.    */
static void thread_ends(void *unused)
{
    (void)unused;
    while (own_states != NULL)
        drop_state(own_states);
}

static atomic_int loading;     /* threads between the next two               */
static atomic_int registering; /* threads that wait for the loader's lock    */

void cc_loader_begins(void)
{
    atomic_fetch_add(&loading, 1);
    for (int i = 0; i < 1000 && atomic_load(&registering) > 0; i++)
        NAP();
}

void cc_loader_ends(void)
{
    atomic_fetch_sub(&loading, 1);
}

/* Has thread_ends called at the end of this thread.  Where that is possible
 * before the thread's keys are gone: one of them tells PyGILState which state
 * is this thread's, and what a state frees may ask.                          */
#if defined(__GLIBC__)
extern int __cxa_thread_atexit_impl(void (*f)(void *), void *arg, void *dso);
extern void *__dso_handle __attribute__((visibility("hidden")));
static bool call_at_thread_end(void)
{
    atomic_fetch_add(&registering, 1);
    bool done = atomic_load(&loading) == 0 && /* it takes the loader's lock */
                __cxa_thread_atexit_impl(thread_ends, NULL, &__dso_handle) == 0;
    atomic_fetch_sub(&registering, 1);
    return done;
}
#elif defined(_WIN32)
static DWORD end_key;
static INIT_ONCE end_once = INIT_ONCE_STATIC_INIT;
static VOID WINAPI fiber_ends(PVOID arg)
{
    thread_ends(arg);
}
static BOOL CALLBACK make_end_key(PINIT_ONCE once, PVOID arg, PVOID *context)
{
    (void)once, (void)arg, (void)context;
    end_key = FlsAlloc(fiber_ends);
    return end_key != FLS_OUT_OF_INDEXES;
}
static bool call_at_thread_end(void)
{
    return InitOnceExecuteOnce(&end_once, make_end_key, NULL, NULL) &&
           FlsSetValue(end_key, &own_states);
}
#else
static pthread_key_t end_key;
static pthread_once_t end_once = PTHREAD_ONCE_INIT;
static bool have_end_key;
static void make_end_key(void)
{
    have_end_key = pthread_key_create(&end_key, thread_ends) == 0;
}
static bool call_at_thread_end(void)
{
    pthread_once(&end_once, make_end_key);
    return have_end_key && pthread_setspecific(end_key, &own_states) == 0;
}
#endif

/* A new state of this thread in the owner's interpreter; NULL: no memory.    */
static own_state *make_state(cc_owner *o)
{
    own_state *s = PyMem_RawCalloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->state = PyThreadState_New(o->interp);
    if (s->state == NULL) {
        PyMem_RawFree(s);
        return NULL;
    }
    s->lasting = o->interp == PyInterpreterState_Main() && call_at_thread_end();
    s->owner = cc_owner_hold(o);
    s->next = own_states;
    own_states = s;
    return s;
}

/* ---- attaching ----------------------------------------------------------- */

static own_state *own_state_in(const cc_owner *o)
{
    own_state *s = own_states;
    while (s != NULL && s->owner != o)
        s = s->next;
    return s;
}

/* The state attached to this thread now, or NULL.  Before 3.12: that of
 * whatever thread has the GIL.                                               */
static inline PyThreadState *attached_state(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return PyThreadState_GetUnchecked();
#else
    return _PyThreadState_UncheckedGet();
#endif
}

/* The state attached to this thread now, or NULL.                            */
static PyThreadState *attached_now(void)
{
    PyThreadState *now = attached_state();
#if PY_VERSION_HEX < 0x030C0000 /* do we know it as ours? */
    if (now == NULL || (cc_here.top != NULL && cc_here.top->state == now))
        return now;
    for (own_state *s = own_states; s != NULL; s = s->next)
        if (s->state == now)
            return now;
    if (PyGILState_GetThisThreadState() != now)
        return NULL;
#endif
    return now;
}

/* The detached state that this thread already has in the owner's interpreter:
 * that of the innermost call, else that of Python's own thread (a call made
 * by another extension), else NULL.                                          */
static PyThreadState *detached_state(const cc_owner *o)
{
    for (const cc_frame *f = cc_here.top; f != NULL; f = f->below)
        if (f->interp == o->interp)
            return f->state;
    if (own_states != NULL)
        return NULL; /* the one PyGILState knows may be one of these */
    PyThreadState *state = PyGILState_GetThisThreadState();
    return state != NULL && state->interp == o->interp ? state : NULL;
}

PyInterpreterState *cc_interp_here(void)
{
    PyThreadState *state = attached_now();
    if (state != NULL)
        return state->interp;
    if (cc_here.top != NULL)
        return cc_here.top->interp;
    if (own_states != NULL) /* as in detached_state */
        return NULL;
    state = PyGILState_GetThisThreadState();
    return state != NULL ? state->interp : NULL;
}

/* A foreign thread: counted while it is inside, so that the interpreter's end
 * can wait for it.  False: not any more, not even for the thread that ends the
 * interpreter: what it has to run it runs with its own state, and later (C's
 * exit handlers) there is no interpreter.                                    */
static bool attach_foreign(cc_owner *o, cc_attached *a)
{
    atomic_fetch_add(&o->inside, 1);
    if (!cc_owner_closing(o)) {
        own_state *s = own_state_in(o);
        if (s == NULL)
            s = make_state(o);
        if (s != NULL) {
            PyEval_RestoreThread(s->state);
            s->uses++;
            a->own = s;
            return true;
        }
    }
    atomic_fetch_sub(&o->inside, 1);
    return false;
}

static CC_NOINLINE bool attach_otherwise(cc_owner *o, cc_attached *a)
{
    PyThreadState *now = attached_now();
    *a = (cc_attached){.how = CC_ATTACHED_BEFORE};
    if (now != NULL && now->interp == o->interp)
        return true;
    if (closed_to_us(o))
        return false;
    a->how = CC_ATTACHED_ELSE;
    if (now != NULL)
        a->was = PyEval_SaveThread();
    PyThreadState *state = detached_state(o);
    if (state != NULL) {
        PyEval_RestoreThread(state);
        return true;
    }
    if (attach_foreign(o, a))
        return true;
    if (a->was != NULL)
        PyEval_RestoreThread(a->was);
    return false;
}

/* At first what is most usual: in a call that has released the GIL. */
bool cc_attach(cc_owner *o, cc_attached *a)
{
    const cc_frame *top = cc_here.top;
    if (CC_UNLIKELY(top == NULL || attached_state() != NULL ||
                    top->interp != o->interp || cc_owner_closing(o)))
        return attach_otherwise(o, a);
    a->how = CC_ATTACHED_FRAME;
    PyEval_RestoreThread(top->state);
    return true;
}

static void detach_own(own_state *s)
{
    cc_owner *o = cc_owner_hold(s->owner); /* the state may have the last one */
    if (--s->uses > 0 || s->lasting)
        PyEval_SaveThread();
    else
        end_attached_state(s);
    atomic_fetch_sub(&o->inside, 1);
    cc_owner_release(o);
}

static CC_NOINLINE void detach_otherwise(const cc_attached *a)
{
    if (a->own != NULL)
        detach_own(a->own);
    else
        PyEval_SaveThread();
    if (a->was != NULL)
        PyEval_RestoreThread(a->was);
}

void cc_detach(const cc_attached *a)
{
    if (CC_LIKELY(a->how == CC_ATTACHED_FRAME))
        PyEval_SaveThread();
    else if (a->how == CC_ATTACHED_ELSE)
        detach_otherwise(a);
}
