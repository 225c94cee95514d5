/* thread.h - what a call and a callback know about their thread (D6).
 *
 * A call leaves its thread state in a frame on a thread-local stack.  A
 * callback that arrives on this thread finds there the state that runs in the
 * interpreter it belongs to, and re-attaches exactly that one.  A thread that
 * Python does not know gets a state of its own: in the main interpreter made on
 * its first callback and freed when the thread ends; in a subinterpreter, which
 * cannot end while it has one left, for each callback anew.
 *
 *   frame     lives on the C stack of the call, while the C function runs
 *   owner     one an interpreter, counted: closures and foreign threads hold it
 *             and may outlive the interpreter                                */
#ifndef CC_THREAD_H
#define CC_THREAD_H
#include "core.h"
#include <errno.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#endif

typedef struct cc_frame {
    PyThreadState *state;       /* this thread's; detached if released        */
    PyInterpreterState *interp; /* of state, readable after its end           */
    struct cc_frame *below;
} cc_frame;

/* initial-exec: no function call to find the variable; an extension's few bytes
 * fit into the reserve that glibc keeps for libraries loaded late.           */
#if defined(_MSC_VER)
#define CC_THREAD_LOCAL __declspec(thread)
#elif defined(__GLIBC__)
#define CC_THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#else
#define CC_THREAD_LOCAL __thread
#endif
/* errno and, on Windows, GetLastError(): what the program's C code sees of them
 * is kept apart from what Python does to them.                               */
typedef struct cc_errors {
    int number;
#ifdef _WIN32
    DWORD last;
#endif
} cc_errors;

/* Together, so that one look-up finds them.                                  */
typedef struct cc_thread {
    cc_frame *top;   /* the innermost call                                    */
    cc_errors saved; /* what the next call begins with, or the last one left  */
} cc_thread;
extern CC_THREAD_LOCAL cc_thread cc_here;

static inline cc_errors cc_errors_now(void)
{
#ifdef _WIN32
    return (cc_errors){errno, GetLastError()};
#else
    return (cc_errors){errno};
#endif
}
static inline void cc_errors_set(cc_errors e)
{
    errno = e.number;
#ifdef _WIN32
    SetLastError(e.last);
#endif
}

/* Around a call that releases the GIL.                                       */
static inline void cc_frame_release(cc_frame *f)
{
    PyThreadState *state = PyEval_SaveThread();
    f->state = state;
    f->interp = state->interp;
    f->below = cc_here.top;
    cc_here.top = f;
}
static inline void cc_frame_restore(cc_frame *f)
{
    cc_here.top = f->below;
    PyEval_RestoreThread(f->state);
}

/* Around a call that keeps it.  Since 3.12 the attached state is thread-local
 * and a callback can see for itself; before, it recognizes the frame's.      */
static inline void cc_frame_keep(cc_frame *f)
{
#if PY_VERSION_HEX < 0x030C0000
    f->state = PyThreadState_Get();
    f->interp = f->state->interp;
    f->below = cc_here.top;
    cc_here.top = f;
#else
    (void)f;
#endif
}
static inline void cc_frame_kept(cc_frame *f)
{
#if PY_VERSION_HEX < 0x030C0000
    cc_here.top = f->below;
#else
    (void)f;
#endif
}

/* Around the C code of a call: the GIL as the function wants it, errno as the
 * program sees it.                                                           */
CC_INLINE void cc_enter_c(cc_frame *f, bool release)
{
    if (release)
        cc_frame_release(f);
    else
        cc_frame_keep(f);
    cc_errors_set(cc_here.saved);
}
CC_INLINE void cc_leave_c(cc_frame *f, bool release)
{
    cc_here.saved = cc_errors_now();
    if (release)
        cc_frame_restore(f);
    else
        cc_frame_kept(f);
}

/* Around what may run a library's initializers or finalizers, the GIL released.
 * The loader has its lock then, and they may wait for a thread that calls
 * Python: nothing it does there may need that lock.                          */
void cc_loader_begins(void);
void cc_loader_ends(void);

typedef struct cc_owner cc_owner;
cc_owner *cc_owner_hold(cc_owner *o); /* returns o, counted once more         */
void cc_owner_release(cc_owner *o);   /* needs no thread state                */
/* Has the interpreter's end close it: before C can call Python.  0/-1        */
int cc_owner_watch(cc_owner *o);
/* The interpreter is about to end: C threads may outlive what it frees now.
 * closing: of one that is watched; ending: of any, with a thread state.      */
bool cc_owner_closing(const cc_owner *o);
bool cc_owner_ending(const cc_owner *o);
bool cc_owner_is(const cc_owner *o, const PyInterpreterState *interp);
/* The interpreter in which this thread runs or, inside a C call, ran before;
 * NULL: Python did not start it.  Needs no thread state.                     */
PyInterpreterState *cc_interp_here(void);

/* What a callback must undo. */
typedef struct cc_attached {
    enum {
        CC_ATTACHED_BEFORE, /* nothing                                        */
        CC_ATTACHED_FRAME,  /* detach: all else here is unset                 */
        CC_ATTACHED_ELSE
    } how;
    PyThreadState *was;    /* attached before, to a different interpreter     */
    struct own_state *own; /* the state attached now, if thread.c made it     */
} cc_attached;

/* Makes this thread run in the owner's interpreter, whatever it did before.
 * Needs no thread state, leaves errno alone.  False: the interpreter is ending
 * and nothing was attached.                                                  */
bool cc_attach(cc_owner *o, cc_attached *a);
void cc_detach(const cc_attached *a); /* the closure may be gone by now */
/* PyErr_Occurred(), right after attaching.                                   */
static inline bool cc_attached_raised(const cc_attached *a)
{
    const PyThreadState *state = CC_LIKELY(a->how == CC_ATTACHED_FRAME)
                                     ? cc_here.top->state
                                     : PyThreadState_Get();
#if PY_VERSION_HEX >= 0x030C0000
    return state->current_exception != NULL;
#else
    return state->curexc_type != NULL;
#endif
}

/* errno as the program sees it, one a thread                                 */
int cc_errno_get(void);
void cc_errno_set(int value);

#endif
