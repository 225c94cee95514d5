/* dl_win.c - LoadLibrary and its family.  MIT. */
#ifdef _WIN32
#include "dl.h"
#include "thread.h"

static CC_COLD PyObject *reason(void)
{
    return cc_win_message(GetLastError(), "error 0x%x");
}

void *cc_dl_open(PyObject *path, int flags, PyObject **why)
{
    *why = NULL;
    if (path == NULL) /* there is no name space of a whole program here */
        return GetModuleHandleW(NULL);
    wchar_t *name = PyUnicode_AsWideCharString(path, NULL);
    if (name == NULL)
        return NULL;
    cc_frame frame;
    cc_frame_release(&frame);
    HMODULE handle = LoadLibraryExW(name, NULL, (DWORD)flags);
    cc_frame_restore(&frame);
    if (handle == NULL)
        *why = reason();
    PyMem_Free(name);
    return handle;
}

void *cc_dl_symbol(void *handle, const char *name, PyObject **why)
{
    void *address = (void *)GetProcAddress(handle, name);
    *why = address == NULL ? reason() : NULL;
    return address;
}

int cc_dl_close(void *handle, PyObject **why)
{
    cc_frame frame;
    cc_frame_release(&frame);
    BOOL done = FreeLibrary(handle);
    cc_frame_restore(&frame);
    *why = done ? NULL : reason();
    return done ? 0 : -1;
}

bool cc_dl_in_another(const void *address, const char *name)
{
    (void)address, (void)name; /* not asked for yet */
    return false;
}

const cc_dl_flag cc_dl_flags[] = {
    {"RTLD_LAZY", 0},  {"RTLD_NOW", 0}, {"RTLD_GLOBAL", 0},
    {"RTLD_LOCAL", 0}, {NULL, 0},
};

#else
typedef int cc_not_windows; /* ISO C wants something in every file */
#endif
