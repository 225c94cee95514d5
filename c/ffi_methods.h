/* ffi_methods.h - the class FFI: its objects, and its methods' prototypes.   */
#ifndef CC_FFI_METHODS_H
#define CC_FFI_METHODS_H
#include "core.h"

struct FFIObject {
    PyObject_HEAD
    PyObject *dict, *weakrefs;
    cc_state *state;
    TableObject *table;
    PyObject *types;       /* dict: type string -> ctype                      */
    PyObject *aligned;     /* dict: type string -> what its typedef asks for  */
    PyObject *sources;     /* list of (text, options) given to cdef, and of
                              (other, {}) given to include, in order          */
    uint32_t n_cdefs;      /* texts among them                                */
    PyObject *libs, *once; /* whatever must live as long as the FFI           */
};
/* What an argument `cdecl` may be. */
enum { CC_ARG_STR = 1, CC_ARG_CTYPE = 2, CC_ARG_CDATA = 4,
       CC_ARG_FUNC = 8 /* a raw function type is accepted as its pointer */ };
/* ffi_cdecl.c: the ctype that arg says, new.                                */
CTypeObject *cc_ffi_ctype(FFIObject *ffi, PyObject *arg, int accept);
/* The alignment that a typedef in a type string asks for what new(arg) makes,
 * once cc_ffi_ctype has seen it; the ctype, shared by all typedefs, has none
 * of it.  0: none.                                                           */
size_t cc_ffi_alignment(FFIObject *ffi, PyObject *arg);
/* allocator.c: ffi.new_allocator(); NULL: the default one.                   */
PyObject *cc_new_allocator(FFIObject *ffi, PyObject *alloc, PyObject *free,
                           int should_clear);

/* ---- methods ------------------------------------------------------------- */


/* How a docstring begins: with a signature for inspect.signature(), which
 * Python takes off, and the same for people, with the result.                */
#define FFI_SIGNATURE(name, parameters) name "($self, " parameters ")\n--\n\n"
#define FFI_DOC(name, parameters, result)                                     \
    FFI_SIGNATURE(name, parameters) name "(" parameters ")" result "\n\n"
#define FFI_DOC_NONE(name, result)                                            \
    name "($self)\n--\n\n"                                                    \
    name "()" result "\n\n"

#define KEYWORDS(name)                                                        \
    PyObject *ffi_##name(FFIObject *ffi, PyObject *const *args,               \
                         Py_ssize_t nargs, PyObject *kwnames);                \
    extern const char ffi_##name##_doc[];
#define ARGS(name)                                                            \
    PyObject *ffi_##name(FFIObject *ffi, PyObject *const *args,               \
                         Py_ssize_t nargs);                                   \
    extern const char ffi_##name##_doc[];
#define ONE(name, param)                                                      \
    PyObject *ffi_##name(FFIObject *ffi, PyObject *arg);                      \
    extern const char ffi_##name##_doc[];
#define NONE(name)                                                            \
    PyObject *ffi_##name(FFIObject *ffi, PyObject *ignored);                  \
    extern const char ffi_##name##_doc[];
#include "ffi_methods.def"

/* C text for the parser.  What UTF-8 has no place for (lone surrogates) is
 * passed on as it is, so that the parser refuses it and says where.          */
typedef struct cc_text {
    const char *text;
    Py_ssize_t len;
    PyObject *owner; /* the bytes, where they are not the str's own           */
} cc_text;
int cc_text_open(cc_text *source, PyObject *text); /* 0/-1                */
void cc_text_close(cc_text *source);

/* None and "not given" are the same for most optional arguments.             */
static inline PyObject *not_none(PyObject *o)
{
    return o == Py_None ? NULL : o;
}

/* An optional Py_ssize_t argument.  0/-1.                                    */
static inline int optional_size(PyObject *o, Py_ssize_t *value)
{
    if (o == NULL)
        return 0;
    *value = PyNumber_AsSsize_t(o, PyExc_OverflowError);
    return *value == -1 && PyErr_Occurred() ? -1 : 0;
}

/* An optional truth value.  0/-1.                                            */
static inline int optional_bool(PyObject *o, bool *value)
{
    int truth = o == NULL ? *value : PyObject_IsTrue(o);
    *value = truth > 0;
    return truth < 0 ? -1 : 0;
}

#endif
