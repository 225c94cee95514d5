/* ffi_code.c - FFI: libraries, callbacks, things done once.                  */
#include "callback.h"
#include "cdata.h"
#include "extern_python.h"
#include "ffi_methods.h"
#include "lib.h"

/* ---- libraries ----------------------------------------------------------- */

/* The file of a library named as -lname would, or None.                      */
static PyObject *find_library(PyObject *name)
{
    PyObject *module = PyImport_ImportModule("ctypes.util");
    if (module == NULL)
        return NULL;
    PyObject *path = PyObject_CallMethod(module, "find_library", "O", name);
    Py_DECREF(module);
    return path;
}

/* Out-of-line, CFFI does not look a second time, nor speak of it.            */
static CC_COLD PyObject *not_found_either(FFIObject *ffi, PyObject *first_error,
                                          PyObject *name)
{
    if (ffi->table->out_of_line)
        return PyErr_Format(PyExc_OSError, "%S", first_error);
    return PyErr_Format(
        PyExc_OSError,
        "%S.  Additionally, ctypes.util.find_library() did not manage to "
        "locate a library called %R", first_error, name);
}

/* dlopen has failed with OSError: perhaps the name is short, as in -lm.      */
static PyObject *open_by_short_name(FFIObject *ffi, PyObject *name, int flags)
{
    PyObject *type, *error, *traceback, *lib = NULL;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    PyObject *path = find_library(name);
    if (path == Py_None)
        lib = not_found_either(ffi, error, name);
    else if (path != NULL)
        lib = cc_dlopen(ffi, path, flags);
    Py_XDECREF(path);
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(traceback);
    return lib;
}

/* The name, new: a path is a str from here on; what is none stays as it is. */
static PyObject *name_of_library(PyObject *name)
{
    if (name == NULL)
        name = Py_None;
    if (name == Py_None || PyUnicode_Check(name) || cc_cdata_like(name))
        return Py_NewRef(name);
    PyObject *text = NULL, *path = PyOS_FSPath(name);
    if (path != NULL) {
        (void)PyUnicode_FSDecoder(path, &text);
        Py_DECREF(path);
    } else if (PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        text = Py_NewRef(name);
    }
    return text;
}

const char ffi_dlopen_doc[] =
FFI_DOC("dlopen", "name=None, flags=0", " -> Lib")
"Opens a shared library: a file name or path, None for the program itself, or\n"
"a `void *` from another dlopen (then it is not closed here).  flags: the\n"
"system's RTLD_* bits, 0 meaning RTLD_NOW.  A name that the system\n"
"does not find is tried once more as a short one, 'm' for libm.  The library\n"
"is closed by dlclose() or when the Lib and all that came from it are gone.\n"
"OSError.";

PyObject *ffi_dlopen(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                     PyObject *kwnames)
{
    static const cc_params params = {"dlopen", 2, 0, {"name", "flags"}};
    PyObject *a[2];
    int flags = 0;
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    if (a[1] != NULL) {
        long n = PyLong_AsLong(a[1]);
        if (n == -1 && PyErr_Occurred())
            return NULL;
        if (n < INT_MIN || n > INT_MAX) {
            PyErr_SetString(PyExc_OverflowError, "dlopen() flags do not fit "
                                                 "'int'");
            return NULL;
        }
        flags = (int)n;
    }
    PyObject *name = name_of_library(a[0]);
    PyObject *lib = name != NULL ? cc_dlopen(ffi, name, flags) : NULL;
    if (lib == NULL && name != NULL && PyUnicode_Check(name) &&
        PyErr_ExceptionMatches(PyExc_OSError))
        lib = open_by_short_name(ffi, name, flags);
    Py_XDECREF(name);
    return lib;
}

const char ffi_dlclose_doc[] =
FFI_DOC("dlclose", "lib", "")
"Closes a library opened by dlopen().  What is taken from it afterwards\n"
"raises ValueError; C functions taken before must not be called any more.";

PyObject *ffi_dlclose(FFIObject *ffi, PyObject *arg)
{
    return cc_dlclose(ffi->state, arg);
}

/* ---- callbacks ----------------------------------------------------------- */

/* The decorator form: self is (ctype, error or None, onerror or None).       */
static PyObject *decorate(PyObject *self, PyObject *callable)
{
    CTypeObject *ct = (CTypeObject *)PyTuple_GET_ITEM(self, 0);
    return cc_callback(ct->state, ct, callable,
                       not_none(PyTuple_GET_ITEM(self, 1)),
                       not_none(PyTuple_GET_ITEM(self, 2)));
}

static PyMethodDef decorate_def = {
    "callback_decorator", decorate, METH_O,
    "Makes a C function of the Python function that it decorates."};

static PyObject *callback_decorator(CTypeObject *ct, PyObject *error,
                                    PyObject *onerror)
{
    PyObject *self = PyTuple_Pack(3, ct, error ? error : Py_None,
                                  onerror ? onerror : Py_None);
    if (self == NULL)
        return NULL;
    PyObject *decorator = PyCFunction_New(&decorate_def, self);
    Py_DECREF(self);
    return decorator;
}

const char ffi_callback_doc[] =
FFI_DOC("callback",
        "cdecl, python_callable=None, error=None, onerror=None",
        " -> cdata")
"A C function of type cdecl that calls python_callable; without it, a\n"
"decorator.  C may call it as long as the result is alive, from any thread.\n"
"An exception in it is printed, or given to onerror(exception, value,\n"
"traceback), whose result is then used; else the C function returns error, or\n"
"zeros.";

PyObject *ffi_callback(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                       PyObject *kwnames)
{
    static const cc_params params = {
        "callback", 4, 1, {"cdecl", "python_callable", "error", "onerror"}};
    PyObject *a[4], *result;
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    CTypeObject *ct = cc_ffi_ctype(ffi, a[0],
                                   CC_ARG_STR | CC_ARG_CTYPE | CC_ARG_FUNC);
    if (ct == NULL)
        return NULL;
    for (int i = 1; i < 4; i++)
        a[i] = a[i] ? not_none(a[i]) : NULL;
    if (a[1] == NULL)
        result = callback_decorator(ct, a[2], a[3]);
    else if (ffi->table->out_of_line && !PyCallable_Check(a[1]))
        result = PyErr_Format(PyExc_TypeError,
                              "expected a callable object, not %.200s",
                              Py_TYPE(a[1])->tp_name);
    else
        result = cc_callback(ffi->state, ct, a[1], a[2], a[3]);
    Py_DECREF(ct);
    return result;
}

/* self is (ffi, name or None, error or None, onerror or None).               */
static PyObject *bind_decorated(PyObject *self, PyObject *callable)
{
    return cc_def_extern((FFIObject *)PyTuple_GET_ITEM(self, 0),
                         not_none(PyTuple_GET_ITEM(self, 1)), callable,
                         not_none(PyTuple_GET_ITEM(self, 2)),
                         not_none(PyTuple_GET_ITEM(self, 3)));
}

static PyMethodDef bind_def = {
    "def_extern_decorator", bind_decorated, METH_O,
    "Has C call the Python function that it decorates."};

const char ffi_def_extern_doc[] =
FFI_DOC("def_extern", "name=None, error=None, onerror=None", " -> decorator")
"The decorated function is what the extern \"Python\" function `name`, or of\n"
"its own name, calls in this interpreter from now on.  error, onerror: as in\n"
"callback().  FFIError if the compiled code has no such function.";

PyObject *ffi_def_extern(FFIObject *ffi, PyObject *const *args,
                         Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {
        "def_extern", 3, 0, {"name", "error", "onerror"}};
    PyObject *a[3];
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    for (int i = 0; i < 3; i++)
        a[i] = a[i] ? a[i] : Py_None;
    PyObject *self = PyTuple_Pack(4, ffi, a[0], a[1], a[2]);
    if (self == NULL)
        return NULL;
    PyObject *decorator = PyCFunction_New(&bind_def, self);
    Py_DECREF(self);
    return decorator;
}

/* ---- init_once ------------------------------------------------------------
 * once: {tag: (result,)} when done, {tag: lock} while it is being done.      */

/* The dict's value for tag; new; made as a lock if there is none.            */
static PyObject *once_entry(FFIObject *ffi, PyObject *tag)
{
    PyObject *entry = cc_dict_item(ffi->once, tag);
    if (entry != NULL || PyErr_Occurred())
        return entry;
    PyObject *thread = PyImport_ImportModule("_thread");
    if (thread == NULL)
        return NULL;
    PyObject *lock = PyObject_CallMethod(thread, "RLock", NULL);
    Py_DECREF(thread);
    if (lock == NULL)
        return NULL;
    entry = cc_dict_default(ffi->once, tag, lock);
    Py_DECREF(lock);
    return entry;
}

/* The result, with the tag's lock held.                                      */
static PyObject *once_locked(FFIObject *ffi, PyObject *func, PyObject *tag)
{
    PyObject *result = NULL, *entry = cc_dict_item(ffi->once, tag);
    bool by_another = entry != NULL && PyTuple_CheckExact(entry);
    if (by_another)
        result = Py_NewRef(PyTuple_GET_ITEM(entry, 0));
    Py_XDECREF(entry);
    if (by_another || PyErr_Occurred())
        return result;
    result = PyObject_CallNoArgs(func);
    if (result == NULL)
        return NULL; /* not remembered: the next one tries again */
    PyObject *done = PyTuple_Pack(1, result);
    if (done == NULL || PyDict_SetItem(ffi->once, tag, done) < 0)
        Py_CLEAR(result);
    Py_XDECREF(done);
    return result;
}

/* Releases the lock whether or not an exception is set.                      */
static PyObject *release_lock(PyObject *lock, PyObject *result)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *none = PyObject_CallMethod(lock, "release", NULL);
    if (none == NULL)
        PyErr_WriteUnraisable(lock);
    Py_XDECREF(none);
    PyErr_Restore(type, value, traceback);
    return result;
}

const char ffi_init_once_doc[] =
FFI_DOC("init_once", "func, tag", " -> object")
"func()'s result; func is called once per tag, other threads wait for it.  An\n"
"exception is not remembered.  Once per FFI, and so per interpreter.\n"
"RuntimeError if func itself asks for its tag.";

/* This thread is inside func for the tag already: it would wait for itself.
 * 1/0; -1: exception.                                                        */
static int asks_for_itself(PyObject *lock, PyObject *tag)
{
    PyObject *owned = PyObject_CallMethod(lock, "_is_owned", NULL);
    int is_owned = owned != NULL ? PyObject_IsTrue(owned) : -1;
    Py_XDECREF(owned);
    if (is_owned > 0)
        PyErr_Format(PyExc_RuntimeError,
                     "init_once(): the function for the tag %R asks for that "
                     "tag itself", tag);
    return is_owned;
}

PyObject *ffi_init_once(FFIObject *ffi, PyObject *const *args,
                        Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {"init_once", 2, 2, {"func", "tag"}};
    PyObject *a[2], *result = NULL;
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    PyObject *entry = once_entry(ffi, a[1]);
    if (entry == NULL)
        return NULL;
    if (PyTuple_CheckExact(entry)) {
        result = Py_NewRef(PyTuple_GET_ITEM(entry, 0));
        goto done;
    }
    if (asks_for_itself(entry, a[1]) != 0)
        goto done;
    PyObject *none = PyObject_CallMethod(entry, "acquire", NULL);
    if (none == NULL)
        goto done;
    Py_DECREF(none);
    result = release_lock(entry, once_locked(ffi, a[0], a[1]));
done:
    Py_DECREF(entry);
    return result;
}
