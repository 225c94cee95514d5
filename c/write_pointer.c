/* write_pointer.c - cdata to pointers; arguments of pointer type.           */
#include "cdata.h"

/* ---- which addresses fit ------------------------------------------------ */

static CC_COLD int bad_pointer(CTypeObject *ct, CTypeObject *from, PyObject *o)
{
    static const char advice[] = "(check that the types are as you expect; "
                                 "use an explicit ffi.cast() if they are "
                                 "correct)";
    bool to_char = ct->kind == CD_POINTER && cc_is_char(ct->item);
    bool from_char = !cc_is_primitive(from) && from->kind != CD_FUNC &&
                     !cc_is_record(from) && cc_is_char(from->item);
    if (!cc_is_pointer(from) && from->kind != CD_ARRAY)
        cc_error_init(ct, o, "pointer or array");
    else if (to_char)
        PyErr_Format(PyExc_TypeError, "implicit cast to 'char *' from a "
                     "different pointer type.%s", advice);
    else if (from_char)
        PyErr_Format(PyExc_TypeError, "implicit cast from 'char *' to a "
                     "different pointer type: %s", advice);
    else
        cc_error_init(ct, o, "pointer to same type");
    return -1;
}

/* A pointer to char and one to anything else of one byte are as good. */
static bool bytes_alike(const CTypeObject *a, const CTypeObject *b)
{
    return a->size == 1 && b->size == 1 && (cc_is_char(a) || cc_is_char(b));
}

/* Each FFI has a FILE of its own, and the C library has one for all.         */
bool cc_pointer_fits(const CTypeObject *ct, const CTypeObject *from)
{
    if (from->kind != CD_ARRAY && !cc_is_pointer(from))
        return false;
    if (ct->flags & CT_VOID_PTR || from->flags & CT_VOID_PTR)
        return true;
    if (ct->kind != CD_POINTER || from->kind == CD_FUNC)
        return false;
    return ct->item == from->item || bytes_alike(ct->item, from->item) ||
           (cc_is_file_pointer(ct) && cc_is_file_pointer(from));
}

static inline int address_of(CTypeObject *ct, PyObject *o, char **address)
{
    CDataObject *cd = (CDataObject *)o;
    if (CC_UNLIKELY(cd->ct != ct) && !cc_pointer_fits(ct, cd->ct))
        return bad_pointer(ct, cd->ct, o);
    *address = cd->data;
    return 0;
}

int cc_write_pointer(CTypeObject *ct, char *p, PyObject *o)
{
    char *address = NULL;
    PyObject *function = NULL;
    if (!cc_cdata_like(o))
        function = cc_function_pointer(ct->state, o);
    if (function != NULL)
        o = function;
    if (!cc_cdata_like(o)) {
        cc_error_init(ct, o, "cdata pointer");
        return -1;
    }
    if (address_of(ct, o, &address) < 0)
        return -1;
    memcpy(p, &address, sizeof address);
    return 0;
}

/* ---- arguments ---------------------------------------------------------- */

/* bytes give their own memory, without a copy. */
static int bytes_argument(CTypeObject *ct, PyObject *o, char **address)
{
    CTypeObject *item = ct->item;
    char *bytes = PyBytes_AS_STRING(o);
    if (!(ct->flags & CT_VOID_PTR || item->flags & (CT_CHARLIKE | CT_BOOL))) {
        cc_error_init(ct, o, "cdata pointer");
        return -1;
    }
    for (Py_ssize_t i = 0; item->flags & CT_BOOL && i < PyBytes_GET_SIZE(o);
         i++)
        if ((unsigned char)bytes[i] > 1) {
            PyErr_SetString(PyExc_ValueError, "an array of _Bool can only "
                            "contain \\x00 or \\x01");
            return -1;
        }
    *address = bytes;
    return 0;
}

/* A buffer stays locked during the call. */
static CC_COLD int from_buffer_argument(CTypeObject *ct, PyObject *o,
                                        char **address, PyObject **keep)
{
    CTypeObject *from = ((CDataObject *)o)->ct;
    if (((CDataBuf *)o)->released) {
        PyErr_Format(PyExc_ValueError,
                     "the buffer of cdata '%U' has been released", from->name);
        return -1;
    }
    if (address_of(ct, o, address) < 0)
        return -1;
    *keep = Py_NewRef(o);
    return 0;
}

/* Bytes that n items take in temporary memory; 1, or -1 with an exception.  */
static int items_argument(CTypeObject *ct, PyObject *o, Py_ssize_t n,
                          Py_ssize_t *need)
{
    Py_ssize_t size = ct->kind == CD_POINTER ? ct->item->size : -1;
    if (size < 0) { /* FILE * and void * among them */
        cc_error_init(ct, o, "cdata pointer");
        return -1;
    }
    if (size > 0 && n > PY_SSIZE_T_MAX / size) {
        PyErr_SetString(PyExc_OverflowError,
                        "array size would overflow a Py_ssize_t");
        return -1;
    }
    *need = n * size;
    return 1;
}

/* What a str or any other object cannot be, in the words for the type. */
static CC_COLD int bad_argument(CTypeObject *ct, PyObject *o)
{
    const char *expected = "cdata pointer";
    if (PyUnicode_Check(o) && ct->kind == CD_POINTER &&
        ct->item->size >= 0) {
        expected = "list or tuple";
        if (ct->item->flags & (CT_CHARLIKE | CT_BOOL))
            expected = "bytes or list or tuple";
    }
    cc_error_init(ct, o, expected);
    return -1;
}

int cc_pointer_arg(CTypeObject *ct, PyObject *o, char **address,
                   Py_ssize_t *need, PyObject **keep)
{
    *keep = NULL;
    if (CC_LIKELY(cc_cdata_like(o))) {
        if (CC_UNLIKELY(cc_is_from_buffer(o)))
            return from_buffer_argument(ct, o, address, keep);
        return address_of(ct, o, address);
    }
    if (ct->kind == CD_POINTER && PyBytes_Check(o))
        return bytes_argument(ct, o, address);
    if (PyList_Check(o) || PyTuple_Check(o))
        return items_argument(ct, o, Py_SIZE(o), need);
    if (PyUnicode_Check(o) && ct->kind == CD_POINTER &&
        ct->item->flags & CT_WIDE)
        return items_argument(ct, o, cc_wide_length(ct->item, o) + 1, need);
    if (cc_is_file_pointer(ct) && PyObject_HasAttrString(o, "fileno"))
        return cc_file_argument(o, address, keep);
    PyObject *function = cc_function_pointer(ct->state, o);
    return function != NULL ? address_of(ct, function, address)
                            : bad_argument(ct, o);
}

int cc_fill_pointer_arg(CTypeObject *ct, PyObject *o, char *memory,
                        Py_ssize_t need)
{
    CTypeObject *item = ct->item;
    memset(memory, 0, (size_t)need);
    if (PyUnicode_Check(o)) {
        cc_wide_copy(item, o, memory, need / item->size);
        return 0;
    }
    /* An empty record takes no room: any number of them does. */
    Py_ssize_t n = item->size > 0 ? need / item->size : Py_SIZE(o);
    return cc_write_items(item, memory, n, o);
}
