/* ffi_data.c - FFI: making C data, reading it, its memory.                   */
#include "cdata.h"
#include "ffi_methods.h"

const char ffi_new_doc[] =
FFI_DOC("new", "cdecl, init=None", " -> cdata")
"Memory for what the pointer type points to, or for the array: zeroed, then\n"
"initialised from init by C's rules; an open array takes its length from\n"
"init, an int or the initialiser.  The result owns the memory, which lives\n"
"as long as the result does (or p[0], for structs and unions).  TypeError\n"
"for what is neither pointer nor array; MemoryError; what a conversion raises.";

PyObject *ffi_new(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                  PyObject *kwnames)
{
    static const cc_params params = {"new", 2, 1, {"cdecl", "init"}};
    PyObject *a[2], *result = NULL;
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    CTypeObject *ct = cc_ffi_ctype(ffi, a[0],
                                   CC_ARG_STR | CC_ARG_CTYPE | CC_ARG_FUNC);
    if (ct == NULL)
        return NULL;
    if (ct->kind == CD_POINTER &&
        CC_UNLIKELY(ct->item->flags & (CT_LATE | CT_UNAVAIL)))
        cc_error_not_usable(ct->item);
    else
        result = cc_new(ct, a[1] ? a[1] : Py_None,
                        cc_ffi_alignment(ffi, a[0]), true);
    Py_DECREF(ct);
    return result;
}

const char ffi_cast_doc[] =
FFI_DOC("cast", "cdecl, source", " -> cdata")
"C's cast of a number, character, pointer or array to an integer, enum,\n"
"floating or pointer type.  Out-of-range integers wrap, a float loses its\n"
"fraction.  The result owns nothing.  TypeError for types C cannot cast to.";

PyObject *ffi_cast(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                   PyObject *kwnames)
{
    static const cc_params params = {"cast", 2, 2, {"cdecl", "source"}};
    PyObject *a[2];
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    CTypeObject *ct = cc_ffi_ctype(ffi, a[0], CC_ARG_STR | CC_ARG_CTYPE);
    if (ct == NULL)
        return NULL;
    PyObject *result = cc_cast(ct, a[1]);
    Py_DECREF(ct);
    return result;
}

const char ffi_string_doc[] =
FFI_DOC("string", "cdata, maxlen=-1", " -> bytes or str")
"Of a char pointer or array: bytes up to the NUL, at most maxlen; of wchar_t,\n"
"char16_t, char32_t: str.  Of one character: that character.  Of an enum: the\n"
"enumerator's name, or the number as a str.  RuntimeError for NULL.";

PyObject *ffi_string(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                     PyObject *kwnames)
{
    static const cc_params params = {"string", 2, 1, {"cdata", "maxlen"}};
    PyObject *a[2];
    Py_ssize_t maxlen = -1;
    if (cc_args(&params, args, nargs, kwnames, a) < 0 ||
        optional_size(a[1], &maxlen) < 0)
        return NULL;
    return cc_string(ffi->state, a[0], maxlen);
}

const char ffi_unpack_doc[] =
FFI_DOC("unpack", "cdata, length", " -> bytes, str or list")
"length items from a pointer or array, NULs included: bytes of char, str of\n"
"wide characters, else a list.  Not bounds-checked for pointers.";

PyObject *ffi_unpack(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                     PyObject *kwnames)
{
    static const cc_params params = {"unpack", 2, 2, {"cdata", "length"}};
    PyObject *a[2];
    Py_ssize_t length = 0;
    if (cc_args(&params, args, nargs, kwnames, a) < 0 ||
        optional_size(a[1], &length) < 0)
        return NULL;
    return cc_unpack(ffi->state, a[0], length);
}

const char ffi_memmove_doc[] =
FFI_DOC("memmove", "dest, src, n", "")
"Copies n bytes; the areas may overlap.  Each is a pointer or array, or an\n"
"object with a contiguous buffer (dest's: writable), which is checked for n.";

PyObject *ffi_memmove(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                      PyObject *kwnames)
{
    static const cc_params params = {"memmove", 3, 3, {"dest", "src", "n"}};
    PyObject *a[3];
    Py_ssize_t n = 0;
    if (cc_args(&params, args, nargs, kwnames, a) < 0 ||
        optional_size(a[2], &n) < 0)
        return NULL;
    return cc_memmove(ffi->state, a[0], a[1], n);
}

const char ffi_from_buffer_doc[] =
"from_buffer([cdecl,] python_buffer, require_writable=False) -> cdata\n\n"
"C data over the memory of bytes, bytearray, array, memoryview ..., without a\n"
"copy; the object's buffer is locked until the result dies or is released.\n"
"cdecl, char[] if not given: an open array gets as many items as fit, a fixed\n"
"one is checked (ValueError), a pointer is not.  BufferError if it must be\n"
"writable and is not.";

PyObject *ffi_from_buffer(FFIObject *ffi, PyObject *const *args,
                          Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {
        "from_buffer", 3, 0, {"cdecl", "python_buffer", "require_writable"}};
    PyObject *a[3];
    bool writable = false;
    CTypeObject *ct = NULL;

    if (cc_args(&params, args, nargs, kwnames, a) < 0 ||
        optional_bool(a[2], &writable) < 0)
        return NULL;
    if (a[1] == NULL) { /* the one argument is the object */
        a[1] = a[0];
        a[0] = NULL;
    }
    if (a[1] == NULL) {
        PyErr_SetString(PyExc_TypeError,
                        "from_buffer() missing required argument "
                        "'python_buffer' (pos 2)");
        return NULL;
    }
    if (a[0] != NULL) {
        ct = cc_ffi_ctype(ffi, a[0], CC_ARG_STR | CC_ARG_CTYPE);
        if (ct == NULL)
            return NULL;
    }
    PyObject *result = cc_from_buffer(ffi->state, ct, a[1], writable);
    Py_XDECREF(ct);
    return result;
}

const char ffi_gc_doc[] =
FFI_DOC("gc", "cdata, destructor, size=0", " -> cdata")
"A new cdata of the same type and address; when it dies, destructor(cdata) is\n"
"called with the original.  size, in bytes, is for Pythons whose collector\n"
"asks how much memory hangs on an object; on CPython it changes nothing.\n"
"gc(p, None) removes p's destructor in place.";

PyObject *ffi_gc(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                 PyObject *kwnames)
{
    static const cc_params params = {
        "gc", 3, 2, {"cdata", "destructor", "size"}};
    PyObject *a[3];
    Py_ssize_t size = 0;
    if (cc_args(&params, args, nargs, kwnames, a) < 0 ||
        optional_size(a[2], &size) < 0)
        return NULL;
    return cc_gc(ffi->state, a[0], a[1], size);
}

const char ffi_release_doc[] =
FFI_DOC("release", "x", "")
"Ends now what would end with the object: from_buffer() unlocks, gc() runs\n"
"its destructor, an allocator's memory is freed.  Twice is harmless.\n"
"ValueError for C data that owns nothing.";

PyObject *ffi_release(FFIObject *ffi, PyObject *arg)
{
    return cc_release(ffi->state, arg);
}

const char ffi_new_handle_doc[] =
FFI_DOC("new_handle", "x", " -> cdata 'void *'")
"A pointer that stands for the Python object x, for C's `void *data`\n"
"arguments.  It is valid, and keeps x alive, as long as the result lives.";

PyObject *ffi_new_handle(FFIObject *ffi, PyObject *arg)
{
    return cc_new_handle(ffi->state, arg);
}

const char ffi_from_handle_doc[] =
FFI_DOC("from_handle", "x", " -> object")
"The object that new_handle() was given.  RuntimeError for NULL and for a\n"
"handle that has died.";

PyObject *ffi_from_handle(FFIObject *ffi, PyObject *arg)
{
    return cc_from_handle(ffi->state, arg);
}

const char ffi_new_allocator_doc[] =
FFI_DOC("new_allocator",
        "alloc=None, free=None, should_clear_after_alloc=True",
        " -> new")
"A function like new() that gets its memory from alloc(size), a Python or C\n"
"function that returns a pointer, and gives it back to free(pointer).\n"
"MemoryError when alloc returns NULL; TypeError for free without alloc.";

PyObject *ffi_new_allocator(FFIObject *ffi, PyObject *const *args,
                            Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {
        "new_allocator", 3, 0, {"alloc", "free", "should_clear_after_alloc"}};
    PyObject *a[3];
    bool clear = true;
    if (cc_args(&params, args, nargs, kwnames, a) < 0 ||
        optional_bool(a[2], &clear) < 0)
        return NULL;
    PyObject *alloc = a[0] ? not_none(a[0]) : NULL;
    PyObject *free = a[1] ? not_none(a[1]) : NULL;
    if (alloc == NULL && free != NULL) {
        PyErr_SetString(PyExc_TypeError, "cannot pass 'free' without 'alloc'");
        return NULL;
    }
    return cc_new_allocator(ffi, alloc, free, clear);
}
