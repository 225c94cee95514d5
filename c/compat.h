/* compat.h - differences between CPython versions and builds, in one place.  */
#ifndef CC_COMPAT_H
#define CC_COMPAT_H
#include <Python.h>
#include <stdbool.h>

#ifdef Py_GIL_DISABLED
#define CC_FREE_THREADED 1
#define CC_MUTEX(name) PyMutex name
#define CC_LOCK(m) PyMutex_Lock(m)
#define CC_UNLOCK(m) PyMutex_Unlock(m)
#define CC_BEGIN_CRITICAL(o) Py_BEGIN_CRITICAL_SECTION(o)
#define CC_END_CRITICAL() Py_END_CRITICAL_SECTION()
#else /* the GIL is the lock: nothing under these runs Python code */
#define CC_FREE_THREADED 0
#define CC_MUTEX(name) char name
#define CC_LOCK(m) ((void)(m))
#define CC_UNLOCK(m) ((void)(m))
#define CC_BEGIN_CRITICAL(o) {
#define CC_END_CRITICAL() }
#endif

/* Publishing a pointer that readers follow without a lock. */
#if CC_FREE_THREADED
#define CC_LOAD(p) __atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define CC_STORE(p, v) __atomic_store_n(&(p), (v), __ATOMIC_RELEASE)
#else
#define CC_LOAD(p) (p)
#define CC_STORE(p, v) ((p) = (v))
#endif

#if defined(__GNUC__)
#define CC_COLD __attribute__((noinline, cold))
#define CC_LIKELY(x) __builtin_expect(!!(x), 1)
#define CC_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define CC_COLD __declspec(noinline)
#define CC_LIKELY(x) (x)
#define CC_UNLIKELY(x) (x)
#endif

#if PY_VERSION_HEX < 0x030A0000
#error "cffi_core needs CPython 3.10 or later"
#endif
#if PY_VERSION_HEX < 0x030B0000
#define PyType_GetModuleByDef _PyType_GetModuleByDef
#endif

#endif
