/* win_error.c - Windows' own error numbers: ffi.getwinerror().  MIT. */
#ifdef _WIN32
#include "dl.h"
#include "ffi_methods.h"
#include "thread.h"

PyObject *cc_win_message(DWORD code, const char *without)
{
    wchar_t text[512];
    DWORD n = FormatMessageW(
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code,
        0, text, sizeof text / sizeof *text, NULL);
    while (n > 0 && (text[n - 1] <= L' ' || text[n - 1] == L'.'))
        n--;
    if (n == 0)
        return PyUnicode_FromFormat(without, (unsigned)code);
    return PyUnicode_FromWideChar(text, n);
}

const char ffi_getwinerror_doc[] =
"getwinerror(code=-1) -> (code, message)\n\n"
"What Windows says of an error number; without one, of what GetLastError()\n"
"was after the last call of this thread.  Only on Windows.";

PyObject *ffi_getwinerror(FFIObject *Py_UNUSED(ffi), PyObject *const *args,
                          Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {"getwinerror", 1, 0, {"code"}};
    PyObject *given;
    if (cc_args(&params, args, nargs, kwnames, &given) < 0)
        return NULL;
    long code = given != NULL ? PyLong_AsLong(given) : -1;
    if (code == -1 && PyErr_Occurred())
        return NULL;
    if (code == -1)
        code = (long)cc_here.saved.last;
    PyObject *message = cc_win_message((DWORD)code, "Windows Error 0x%X");
    return message != NULL ? Py_BuildValue("(lN)", code, message) : NULL;
}

#else
typedef int cc_no_win_error; /* ISO C wants something in every file */
#endif
