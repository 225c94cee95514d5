/* dl.h - shared libraries as the platform has them: dl_posix.c, dl_win.c.    */
#ifndef CC_DL_H
#define CC_DL_H
#include "core.h"

/* Opens a library; path NULL is the main program.  Runs its initializers with
 * the GIL released.  NULL: *why is the reason as text (new), or NULL with an
 * exception set.                                                             */
void *cc_dl_open(PyObject *path, int flags, PyObject **why);
/* The address of a symbol.  NULL: none; *why as above.                       */
void *cc_dl_symbol(void *handle, const char *name, PyObject **why);
/* Runs its finalizers with the GIL released: they may wait for threads that
 * want it.  0, or -1 with *why as above.                                     */
int cc_dl_close(void *handle, PyObject **why);
/* Closing at the end of a Lib: nobody is told, and an exception that is set
 * stays.  In lib.c.                                                          */
void cc_dl_drop(void *handle);
/* Does the address lie in the file of another extension module than the one of
 * this name (its last part)?                                                 */
bool cc_dl_in_another(const void *address, const char *name);

#ifdef _WIN32
/* The system's words for an error number, new; where it has none, the format
 * `without`, to which the number is given.                                   */
PyObject *cc_win_message(unsigned long code, const char *without);
#endif

/* RTLD_NOW and its like, where the platform defines them; a NULL name ends.  */
typedef struct cc_dl_flag {
    const char *name;
    int value;
} cc_dl_flag;
extern const cc_dl_flag cc_dl_flags[];

#endif
