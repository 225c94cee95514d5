/* thread.h - what a call and a callback know about their thread (D6).
 *
 * A call that releases the GIL pushes its thread state on a thread-local
 * stack; a callback on that thread re-attaches exactly that one.             */
#ifndef CC_THREAD_H
#define CC_THREAD_H
#include "core.h"

typedef struct cc_frame {
    PyThreadState *state;  /* detached while the C code runs; NULL: GIL kept  */
    PyInterpreterState *interp;
    struct cc_frame *below;
} cc_frame;

#if defined(_MSC_VER)
#define CC_THREAD_LOCAL __declspec(thread)
#elif defined(__linux__) && defined(__GNUC__)
#define CC_THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#else
#define CC_THREAD_LOCAL __thread
#endif
extern CC_THREAD_LOCAL cc_frame *cc_top_frame;
extern CC_THREAD_LOCAL int cc_saved_errno;

#endif
