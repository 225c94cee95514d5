/* cd_embed.c - starts Python inside a program that calls an embedded module.
 * MIT.
 *
 * Pasted behind a stub that has an embedding_init_code(), whose text the
 * emitter gives it as CD_EMBED_CODE.  It is the one part of a compiled module
 * that knows Python: by name, at run time, through functions of the stable ABI.
 * Nothing is linked; one file fits CPython 3.10 and later.
 *
 * Python is taken from, in this order: the process (the program embeds Python
 * already, or is Python), the library that CFFI_CORE_LIBPYTHON names, the one
 * that CD_EMBED_LIBPYTHON names (a macro, given when it is compiled),
 * libpython3.13 ... libpython3.10.
 *
 * The first call of an exported function starts it; calls of other threads wait
 * meanwhile, those of the starting thread (from the init code) do not.  After a
 * failure, which is told on stderr once, every call returns zero.            */
#ifndef CD_EMBED_STUB
#include "cd_stub.h"
#define CD_EMBED_STUB cd_stub_test
#define CD_EMBED_NAME "test"
#define CD_EMBED_CODE "pass"
#endif
#ifndef CD_EMBED_LIBPYTHON
#define CD_EMBED_LIBPYTHON ""
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#include <pthread.h>
#endif

#ifdef __cplusplus
#define CD_C_LINKAGE extern "C"
#else
#define CD_C_LINKAGE extern
#endif
#ifdef _WIN32
#define CD_HIDDEN
#else
#define CD_HIDDEN __attribute__((visibility("hidden")))
#endif
CD_C_LINKAGE CD_EXPORT const struct cd_stub CD_EMBED_STUB;

typedef struct cd_py_object cd_py_object;

/* What is called: stable since 3.2. */
static struct {
    int (*Py_IsInitialized)(void);
    void (*Py_InitializeEx)(int cd_with_signal_handlers);
    int (*PyGILState_Ensure)(void);
    void (*PyGILState_Release)(int cd_state);
    void *(*PyEval_SaveThread)(void);
    cd_py_object *(*PyDict_New)(void);
    int (*PyDict_SetItemString)(cd_py_object *cd_d, const char *cd_key,
                                cd_py_object *cd_v);
    cd_py_object *(*PyLong_FromVoidPtr)(void *cd_p);
    cd_py_object *(*PyUnicode_FromString)(const char *cd_s);
    cd_py_object *(*PyEval_GetBuiltins)(void);
    cd_py_object *(*Py_CompileString)(const char *cd_text, const char *cd_file,
                                      int cd_kind);
    cd_py_object *(*PyEval_EvalCode)(cd_py_object *cd_code,
                                     cd_py_object *cd_globals,
                                     cd_py_object *cd_locals);
    void (*PyErr_Print)(void);
    void (*Py_DecRef)(cd_py_object *cd_o);
} cd_py;

enum { CD_FILE_INPUT = 257 };

/* ---- finding Python ------------------------------------------------------ */

typedef struct cd_name_of {
    const char *cd_name;
    void *cd_slot;
} cd_name_of;

static const cd_name_of CD_NAMES[] = {
#define CD_NAME(cd_f) {#cd_f, &cd_py.cd_f}
    CD_NAME(Py_IsInitialized),     CD_NAME(Py_InitializeEx),
    CD_NAME(PyGILState_Ensure),    CD_NAME(PyGILState_Release),
    CD_NAME(PyEval_SaveThread),    CD_NAME(PyDict_New),
    CD_NAME(PyDict_SetItemString), CD_NAME(PyLong_FromVoidPtr),
    CD_NAME(PyUnicode_FromString), CD_NAME(PyEval_GetBuiltins),
    CD_NAME(Py_CompileString),     CD_NAME(PyEval_EvalCode),
    CD_NAME(PyErr_Print),          CD_NAME(Py_DecRef),
#undef CD_NAME
};

static const char *const CD_LIBRARIES[] = {
#if defined(_WIN32)
    "python313.dll",
    "python312.dll",
    "python311.dll",
    "python310.dll",
#elif defined(__APPLE__)
    "libpython3.13.dylib",
    "libpython3.12.dylib",
    "libpython3.11.dylib",
    "libpython3.10.dylib",
#else
    "libpython3.13.so.1.0",
    "libpython3.12.so.1.0",
    "libpython3.11.so.1.0",
    "libpython3.10.so.1.0",
#endif
    NULL,
};

#ifdef _WIN32
static void *cd_this_process(void)
{
    for (const char *const *cd_name = CD_LIBRARIES; *cd_name != NULL;
         cd_name++) {
        HMODULE cd_module = GetModuleHandleA(*cd_name);
        if (cd_module != NULL)
            return (void *)cd_module;
    }
    return NULL;
}

static void *cd_open_library(const char *cd_name)
{
    return (void *)LoadLibraryA(cd_name);
}

static void *cd_find_symbol(void *cd_library, const char *cd_name)
{
    return (void *)GetProcAddress((HMODULE)cd_library, cd_name);
}
#else
static void *cd_this_process(void)
{
    void *cd_self = dlopen(NULL, RTLD_NOW);
    return cd_self != NULL && dlsym(cd_self, "Py_IsInitialized") ? cd_self
                                                                 : NULL;
}

/* Global: Python's own extension modules expect to find its symbols.         */
static void *cd_open_library(const char *cd_name)
{
    return dlopen(cd_name, RTLD_NOW | RTLD_GLOBAL);
}

static void *cd_find_symbol(void *cd_library, const char *cd_name)
{
    return dlsym(cd_library, cd_name);
}
#endif

static void *cd_open_python(const char *cd_compiled_beside)
{
    const char *cd_named = getenv("CFFI_CORE_LIBPYTHON");
    void *cd_library = cd_this_process();
    if (cd_library != NULL)
        return cd_library;
    if (cd_named != NULL && *cd_named != '\0') /* that one or none */
        return cd_open_library(cd_named);
    if (*cd_compiled_beside != '\0')
        cd_library = cd_open_library(cd_compiled_beside);
    for (const char *const *cd_name = CD_LIBRARIES; !cd_library && *cd_name;
         cd_name++)
        cd_library = cd_open_library(*cd_name);
    return cd_library;
}

/* 0, or -1 with what is wrong on stderr. */
static int cd_find_python(void)
{
    void *cd_library = cd_open_python(CD_EMBED_LIBPYTHON);
    if (cd_library == NULL) {
        fprintf(stderr,
                "%s: no Python library was found; name one in the environment "
                "variable CFFI_CORE_LIBPYTHON (for example %s)\n",
                CD_EMBED_NAME, CD_LIBRARIES[2]);
        return -1;
    }
    for (size_t cd_i = 0; cd_i < sizeof CD_NAMES / sizeof *CD_NAMES; cd_i++) {
        void *cd_found = cd_find_symbol(cd_library, CD_NAMES[cd_i].cd_name);
        if (cd_found == NULL) {
            fprintf(stderr, "%s: the Python library has no %s\n",
                    CD_EMBED_NAME, CD_NAMES[cd_i].cd_name);
            return -1;
        }
        memcpy(CD_NAMES[cd_i].cd_slot, &cd_found, sizeof cd_found);
    }
    return 0;
}

/* ---- starting it --------------------------------------------------------- */

/* Makes the module known under its name, whatever sys.path says. */
static const char CD_LOAD[] =
    "import sys, types, _cffi_core\n"
    "module = types.ModuleType(name)\n"
    "module.ffi, module.lib = _cffi_core.load_stub(address, name)\n"
    "sys.modules[name], sys.modules[name + '.lib'] = module, module.lib\n";

static void cd_set(cd_py_object *cd_dict, const char *cd_key,
                   cd_py_object *cd_value)
{
    if (cd_value == NULL ||
        cd_py.PyDict_SetItemString(cd_dict, cd_key, cd_value) < 0)
        cd_py.PyErr_Print();
    if (cd_value != NULL)
        cd_py.Py_DecRef(cd_value);
}

/* 0, or -1 with the traceback on stderr. */
static int cd_run(const char *cd_code, const char *cd_file,
                  cd_py_object *cd_globals)
{
    cd_py_object *cd_result = NULL;
    cd_py_object *cd_compiled =
        (cd_py.Py_CompileString)(cd_code, cd_file, CD_FILE_INPUT);
    if (cd_compiled != NULL) {
        cd_result = cd_py.PyEval_EvalCode(cd_compiled, cd_globals, cd_globals);
        cd_py.Py_DecRef(cd_compiled);
    }
    if (cd_result == NULL) {
        cd_py.PyErr_Print();
        return -1;
    }
    cd_py.Py_DecRef(cd_result);
    return 0;
}

/* A namespace for cd_run(), new; NULL with the traceback on stderr.          */
static cd_py_object *cd_new_globals(void)
{
    cd_py_object *cd_globals = cd_py.PyDict_New();
    if (cd_globals == NULL)
        cd_py.PyErr_Print();
    else
        cd_py.PyDict_SetItemString(cd_globals, "__builtins__",
                                   cd_py.PyEval_GetBuiltins());
    return cd_globals;
}

static int cd_load_and_run(void)
{
    int cd_failed = -1;
    cd_py_object *cd_globals = cd_new_globals();
    if (cd_globals == NULL)
        return -1;
    cd_set(cd_globals, "address",
           cd_py.PyLong_FromVoidPtr((void *)(uintptr_t)&CD_EMBED_STUB));
    cd_set(cd_globals, "name",
           cd_py.PyUnicode_FromString(CD_EMBED_NAME));
    if (cd_run(CD_LOAD, "<cffi_core>", cd_globals) == 0) {
        cd_set(cd_globals, "__name__", cd_py.PyUnicode_FromString("__main__"));
        cd_failed =
            cd_run(CD_EMBED_CODE, "<init code of the module>", cd_globals);
    }
    cd_py.Py_DecRef(cd_globals);
    return cd_failed;
}

/* At the program's end.  Python goes on living, as C threads may be in it, but
 * what it has printed must not be lost.                                      */
static void cd_flush(void)
{
    static const char CD_FLUSH[] =
        "import sys\n"
        "for file in sys.stdout, sys.stderr:\n"
        "    if file is not None and not file.closed: file.flush()\n";
    if (!cd_py.Py_IsInitialized())
        return;
    int cd_state = cd_py.PyGILState_Ensure();
    cd_py_object *cd_globals = cd_new_globals();
    if (cd_globals != NULL) {
        cd_run(CD_FLUSH, "<cffi_core>", cd_globals);
        cd_py.Py_DecRef(cd_globals);
    }
    cd_py.PyGILState_Release(cd_state);
}

#ifdef _WIN32
/* A mutex by name is one for the process, whichever module asks for it.      */
static HANDLE cd_process_lock(void)
{
    char cd_name[64];
    snprintf(cd_name, sizeof cd_name, "cffi_core-embedding-%lu",
             GetCurrentProcessId());
    return CreateMutexA(NULL, FALSE, cd_name);
}

static void cd_initialize(void)
{
    HANDLE cd_mutex = cd_process_lock();
    WaitForSingleObject(cd_mutex, INFINITE);
    if (!cd_py.Py_IsInitialized()) {
        cd_py.Py_InitializeEx(0);
        atexit(cd_flush);
        cd_py.PyEval_SaveThread();
    }
    ReleaseMutex(cd_mutex);
    CloseHandle(cd_mutex);
}
#else
/* One for the process: of all modules that have this symbol the dynamic linker
 * takes the first, on Linux, where such a mutex is all zeros, also where each
 * was loaded for itself.                                                     */
#ifdef __linux__
CD_C_LINKAGE pthread_mutex_t cd_embed_process;
__asm__(".pushsection .bss\n"
        ".balign 16\n"
        ".globl cd_embed_process\n"
        ".type cd_embed_process, %gnu_unique_object\n"
        ".size cd_embed_process, 64\n"
        "cd_embed_process: .zero 64\n"
        ".popsection");
#else
#define CD_SHARED __attribute__((visibility("default"), weak))
CD_C_LINKAGE CD_SHARED pthread_mutex_t cd_embed_process;
CD_SHARED pthread_mutex_t cd_embed_process = PTHREAD_MUTEX_INITIALIZER;
#endif

/* Two modules may be called first by two threads. */
static void cd_initialize(void)
{
    pthread_mutex_lock(&cd_embed_process);
    if (!cd_py.Py_IsInitialized()) {
        cd_py.Py_InitializeEx(0);
        atexit(cd_flush);
        cd_py.PyEval_SaveThread(); /* other threads may call from now on */
    }
    pthread_mutex_unlock(&cd_embed_process);
}
#endif

static int cd_start(void)
{
    if (cd_find_python() < 0)
        return -1;
    cd_initialize();
    int cd_state = cd_py.PyGILState_Ensure();
    int cd_failed = cd_load_and_run();
    cd_py.PyGILState_Release(cd_state);
    return cd_failed;
}

/* ---- once ---------------------------------------------------------------- */

enum { CD_NOT_YET, CD_STARTING, CD_STARTED, CD_FAILED };

#ifdef _WIN32
static SRWLOCK cd_lock = SRWLOCK_INIT;
static CONDITION_VARIABLE cd_changed = CONDITION_VARIABLE_INIT;
static DWORD cd_starter;
#define CD_LOCK() AcquireSRWLockExclusive(&cd_lock)
#define CD_UNLOCK() ReleaseSRWLockExclusive(&cd_lock)
#define CD_WAIT() SleepConditionVariableSRW(&cd_changed, &cd_lock, INFINITE, 0)
#define CD_WAKE() WakeAllConditionVariable(&cd_changed)
#define CD_THIS_THREAD() GetCurrentThreadId()
#define CD_SAME(cd_a, cd_b) ((cd_a) == (cd_b))
#else
static pthread_mutex_t cd_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cd_changed = PTHREAD_COND_INITIALIZER;
static pthread_t cd_starter;
#define CD_LOCK() pthread_mutex_lock(&cd_lock)
#define CD_UNLOCK() pthread_mutex_unlock(&cd_lock)
#define CD_WAIT() pthread_cond_wait(&cd_changed, &cd_lock)
#define CD_WAKE() pthread_cond_broadcast(&cd_changed)
#define CD_THIS_THREAD() pthread_self()
#define CD_SAME(cd_a, cd_b) pthread_equal(cd_a, cd_b)
#endif

/* The state, for those who come when all is done: they take no lock.         */
static int cd_is_started;
#if defined(__GNUC__) || defined(__clang__)
#define CD_LOAD_FLAG(cd_f) __atomic_load_n(&cd_f, __ATOMIC_ACQUIRE)
#define CD_SET_FLAG(cd_f) __atomic_store_n(&cd_f, 1, __ATOMIC_RELEASE)
#else
#define CD_LOAD_FLAG(cd_f) (*(volatile int *)&cd_f)
#define CD_SET_FLAG(cd_f) (*(volatile int *)&cd_f = 1)
#endif

/* What the stub calls before each call of an exported function, and the user's
 * C code by the name cffi_start_python.  0, or -1 when it failed, now or
 * before.  Any thread.                                                       */
CD_C_LINKAGE CD_HIDDEN int cd_embed_start(void);
int cd_embed_start(void)
{
    static int cd_state = CD_NOT_YET;

    if (CD_LOAD_FLAG(cd_is_started))
        return 0;
    CD_LOCK();
    while (cd_state == CD_STARTING && !CD_SAME(cd_starter, CD_THIS_THREAD()))
        CD_WAIT();
    if (cd_state == CD_NOT_YET) {
        cd_state = CD_STARTING;
        cd_starter = CD_THIS_THREAD();
        CD_UNLOCK();
        int cd_failed = cd_start();
        CD_LOCK();
        cd_state = cd_failed ? CD_FAILED : CD_STARTED;
        if (!cd_failed)
            CD_SET_FLAG(cd_is_started);
        CD_WAKE();
        if (cd_failed)
            fprintf(stderr,
                    "%s: Python could not be started or its init code failed; "
                    "calls return zero\n",
                    CD_EMBED_NAME);
    }
    int cd_result = cd_state == CD_FAILED ? -1 : 0;
    CD_UNLOCK();
    return cd_result;
}
