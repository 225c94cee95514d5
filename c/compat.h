/* compat.h - differences between CPython versions and builds, in one place.  */
#ifndef CC_COMPAT_H
#define CC_COMPAT_H
#include <Python.h>
#include <stdbool.h>

#if PY_VERSION_HEX < 0x030D0000
#define Py_IsFinalizing _Py_IsFinalizing
#endif

/* ThreadSanitizer does not see what an ordinary build of CPython synchronizes,
 * so it is told: what happened before CC_GAVE(p) is seen after CC_GOT(p).    */
#if defined(__SANITIZE_THREAD__)
void __tsan_acquire(void *);
void __tsan_release(void *);
#define CC_GAVE(p) __tsan_release((void *)(p))
#define CC_GOT(p) __tsan_acquire((void *)(p))
#else
#define CC_GAVE(p) ((void)0)
#define CC_GOT(p) ((void)0)
#endif

#ifdef Py_GIL_DISABLED
#define CC_FREE_THREADED 1
#define CC_MUTEX(name) PyMutex name
#define CC_LOCK(m) (PyMutex_Lock(m), CC_GOT(m))
#define CC_UNLOCK(m) (CC_GAVE(m), PyMutex_Unlock(m))
#define CC_BEGIN_CRITICAL(o)                                                  \
    { /* its END names no object */                                           \
        void *cc_critical = (o);                                              \
        Py_BEGIN_CRITICAL_SECTION(o);                                         \
        CC_GOT(cc_critical);
#define CC_END_CRITICAL()                                                     \
        CC_GAVE(cc_critical);                                                 \
        Py_END_CRITICAL_SECTION();                                            \
        (void)cc_critical;                                                    \
    }
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

/* Puts mine where nothing is yet; what is there afterwards.  For what all
 * interpreters of the process share.                                         */
#if defined(__GNUC__)
static inline void *cc_publish_once(void **where, void *mine)
{
    void *there = NULL;
    return __atomic_compare_exchange_n(where, &there, mine, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
               ? mine : there;
}
#else
static inline void *cc_publish_once(void **where, void *mine)
{
    void *there = InterlockedCompareExchangePointer(where, mine, NULL);
    return there == NULL ? mine : there;
}
#endif

#if defined(__GNUC__)
#define CC_COLD __attribute__((noinline, cold))
#define CC_NOINLINE __attribute__((noinline))
#define CC_LIKELY(x) __builtin_expect(!!(x), 1)
#define CC_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define CC_COLD __declspec(noinline)
#define CC_NOINLINE __declspec(noinline)
#define CC_LIKELY(x) (x)
#define CC_UNLIKELY(x) (x)
#endif

#if defined(__GNUC__)
#define CC_INLINE static inline __attribute__((always_inline))
#define CC_UNREACHABLE() __builtin_unreachable()
#else
#define CC_INLINE static __forceinline
#define CC_UNREACHABLE() __assume(0)
#endif

/* The value of an exact int of one digit (30 bits): what most ints are. */
static inline bool cc_small_int(PyObject *o, Py_ssize_t *value)
{
    if (!PyLong_CheckExact(o))
        return false;
#if PY_VERSION_HEX >= 0x030C0000
    if (!PyUnstable_Long_IsCompact((PyLongObject *)o))
        return false;
    *value = PyUnstable_Long_CompactValue((PyLongObject *)o);
#else
    Py_ssize_t digits = Py_SIZE(o);
    if (digits < -1 || digits > 1)
        return false;
    *value = digits * (Py_ssize_t)((PyLongObject *)o)->ob_digit[0];
#endif
    return true;
}

/* Integers of any width, as the machine stores them.  -1: OverflowError.     */
static inline int cc_long_to_bytes(PyObject *n, void *p, size_t size,
                                   bool is_signed)
{
    return _PyLong_AsByteArray((PyLongObject *)n, p, size, PY_LITTLE_ENDIAN,
#if PY_VERSION_HEX >= 0x030D0000
                               is_signed, 1);
#else
                               is_signed);
#endif
}
static inline PyObject *cc_long_from_bytes(const void *p, size_t size,
                                           bool is_signed)
{
    return _PyLong_FromByteArray(p, size, PY_LITTLE_ENDIAN, is_signed);
}

/* A new reference to an item of a list that others may shrink meanwhile.     */
static inline PyObject *cc_list_item(PyObject *list, Py_ssize_t i)
{
#if PY_VERSION_HEX >= 0x030D0000
    return PyList_GetItemRef(list, i);
#else
    return Py_XNewRef(PyList_GetItem(list, i));
#endif
}

/* A new reference to a dictionary's value, which others may replace meanwhile;
 * NULL: exception, or none: there is no such key.                            */
static inline PyObject *cc_dict_item(PyObject *dict, PyObject *key)
{
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *value;
    (void)PyDict_GetItemRef(dict, key, &value);
    return value;
#else
    return Py_XNewRef(PyDict_GetItemWithError(dict, key));
#endif
}
/* Likewise, after value was put there if there was no such key.              */
static inline PyObject *cc_dict_default(PyObject *dict, PyObject *key,
                                        PyObject *value)
{
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *there;
    (void)PyDict_SetDefaultRef(dict, key, value, &there);
    return there;
#else
    return Py_XNewRef(PyDict_SetDefault(dict, key, value));
#endif
}

#if PY_VERSION_HEX < 0x030A0000
#error "cffi_core needs CPython 3.10 or later"
#endif
#if PY_VERSION_HEX < 0x030B0000
#define PyType_GetModuleByDef _PyType_GetModuleByDef
#endif

/* The slots of a module that every interpreter may load, free of the GIL.    */
#if PY_VERSION_HEX >= 0x030D0000
#define CC_MODULE_SLOTS                                                       \
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},     \
        {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL},
#elif PY_VERSION_HEX >= 0x030C0000
#define CC_MODULE_SLOTS                                                       \
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},     \
        {0, NULL},
#else
#define CC_MODULE_SLOTS {0, NULL},
#endif

#endif
