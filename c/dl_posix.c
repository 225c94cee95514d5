/* dl_posix.c - dlopen and its family.  MIT. */
#ifndef _WIN32
#include "dl.h"
#include "thread.h"
#include <dlfcn.h>

static CC_COLD PyObject *reason(const char *fallback)
{
    const char *text = dlerror();
    return PyUnicode_DecodeFSDefault(text != NULL ? text : fallback);
}

void *cc_dl_open(PyObject *path, int flags, PyObject **why)
{
    PyObject *bytes = NULL;
    *why = NULL;
    if (path != NULL && !PyUnicode_FSConverter(path, &bytes))
        return NULL;
    const char *name = bytes != NULL ? PyBytes_AS_STRING(bytes) : NULL;
    if ((flags & (RTLD_NOW | RTLD_LAZY)) == 0)
        flags |= RTLD_NOW;
    cc_frame frame;
    cc_frame_release(&frame); /* an initializer may take its time, call back */
    cc_loader_begins();
    void *handle = dlopen(name, flags);
    cc_loader_ends();
    cc_frame_restore(&frame);
    if (handle == NULL)
        *why = reason("dlopen() failed");
    Py_XDECREF(bytes);
    return handle;
}

void *cc_dl_symbol(void *handle, const char *name, PyObject **why)
{
    cc_frame frame;
    cc_frame_release(&frame); /* waits for initializers on other threads */
    dlerror();
#ifdef __APPLE__ /* an asm label is the linker's name, dlsym wants C's */
    if (name[0] == '_' && dlsym(handle, name) == NULL)
        name++;
#endif
    void *address = dlsym(handle, name);
    cc_frame_restore(&frame);
    *why = address == NULL ? reason("its address is NULL") : NULL;
    return address;
}

int cc_dl_close(void *handle, PyObject **why)
{
    cc_frame frame;
    cc_frame_release(&frame);
    cc_loader_begins();
    int failed = dlclose(handle);
    cc_loader_ends();
    cc_frame_restore(&frame);
    *why = failed ? reason("dlclose() failed") : NULL;
    return failed ? -1 : 0;
}

/* The file exports PyInit_ with its own name. */
static bool is_module(const char *path, const char *file, size_t n)
{
    char symbol[128];
    int length = snprintf(symbol, sizeof symbol, "PyInit_%.*s", (int)n, file);
    if (length < 0 || length >= (int)sizeof symbol)
        return false;
    void *handle = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
    bool found = handle != NULL && dlsym(handle, symbol) != NULL;
    if (handle != NULL)
        dlclose(handle); /* it stays: we are called from it */
    return found;
}

bool cc_dl_in_another(const void *address, const char *name)
{
    Dl_info info;
    bool found = false;
    cc_frame frame;
    cc_frame_release(&frame);
    if (dladdr(address, &info) && info.dli_fname != NULL) {
        const char *slash = strrchr(info.dli_fname, '/');
        const char *file = slash != NULL ? slash + 1 : info.dli_fname;
        size_t n = strcspn(file, ".");
        if (strlen(name) != n || memcmp(file, name, n) != 0)
            found = is_module(info.dli_fname, file, n);
    }
    cc_frame_restore(&frame);
    return found;
}

const cc_dl_flag cc_dl_flags[] = {
    {"RTLD_LAZY", RTLD_LAZY},
    {"RTLD_NOW", RTLD_NOW},
    {"RTLD_GLOBAL", RTLD_GLOBAL},
    {"RTLD_LOCAL", RTLD_LOCAL},
#ifdef RTLD_NODELETE
    {"RTLD_NODELETE", RTLD_NODELETE},
#endif
#ifdef RTLD_NOLOAD
    {"RTLD_NOLOAD", RTLD_NOLOAD},
#endif
#ifdef RTLD_DEEPBIND
    {"RTLD_DEEPBIND", RTLD_DEEPBIND},
#endif
    {NULL, 0},
};

#else
typedef int cc_not_posix; /* ISO C wants something in every file */
#endif
