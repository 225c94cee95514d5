/* immortal.c - objects that all threads touch.
 *
 * On a free-threaded build the reference count of a ctype, an FFI, a Lib or a
 * function is a word that every thread writes: two threads that call one
 * function then run at 0.8-1.0 of the speed of one.  Made immortal (3.13) the
 * word is only read, and they run at 1.9-2.1; 3.14 has deferred counting for
 * the same purpose.  Such objects stay until their interpreter ends, so they
 * are counted: _core._shared().                                              */
#include "core.h"

#if CC_FREE_THREADED
static void make_immortal(PyObject *o)
{
#if PY_VERSION_HEX >= 0x030E0000
    PyUnstable_Object_EnableDeferredRefcount(o);
#else
    /* An immortal object is no candidate for the collector, and what it refers
     * to has in it a reference from outside.                                 */
    if (PyObject_GC_IsTracked(o))
        PyObject_GC_UnTrack(o);
    o->ob_tid = 0;
    o->ob_ref_local = _Py_IMMORTAL_REFCNT_LOCAL;
    o->ob_ref_shared = 0;
#endif
}
#endif

void cc_share(cc_state *st, PyObject *o, size_t bytes)
{
#if CC_FREE_THREADED
    make_immortal(o);
    CC_LOCK(&st->lock);
    st->n_shared++;
    st->shared_bytes += bytes;
    CC_UNLOCK(&st->lock);
#else
    (void)st, (void)o, (void)bytes;
#endif
}
