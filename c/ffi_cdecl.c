/* ffi_cdecl.c - what an argument `cdecl` says: type strings -> ctypes.       */
#include "cdata.h"
#include "ffi_methods.h"

/* ---- C text -------------------------------------------------------------- */

int cc_text_open(cc_text *source, PyObject *text)
{
    source->owner = NULL;
    source->text = PyUnicode_AsUTF8AndSize(text, &source->len);
    if (source->text != NULL)
        return 0;
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return -1;
    PyErr_Clear();
    source->owner = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (source->owner == NULL)
        return -1;
    source->text = PyBytes_AS_STRING(source->owner);
    source->len = PyBytes_GET_SIZE(source->owner);
    return 0;
}

void cc_text_close(cc_text *source)
{
    Py_XDECREF(source->owner);
}

/* ---- type strings -------------------------------------------------------- */

static const char *expected_words(int accept)
{
    switch (accept & ~CC_ARG_FUNC) {
    case CC_ARG_STR | CC_ARG_CTYPE | CC_ARG_CDATA:
        return "string or ctype object or cdata object";
    case CC_ARG_STR | CC_ARG_CDATA: return "string or cdata object";
    default: return "string or ctype object";
    }
}

static CC_COLD CTypeObject *wrong_argument(PyObject *arg, int accept)
{
    PyErr_Format(PyExc_TypeError, "expected a %s, got '%s'",
                 expected_words(accept), Py_TYPE(arg)->tp_name);
    return NULL;
}

static CC_COLD CTypeObject *raw_function(FFIObject *ffi, PyObject *text)
{
    PyErr_Format(cc_error(ffi->state, CC_CDefError),
                 "the type '%U' is a function type, not a pointer-to-function "
                 "type",
                 text);
    return NULL;
}

/* The ctype of a string seen before, new; NULL: not seen, or an error.       */
static CTypeObject *seen_before(FFIObject *ffi, PyObject *text)
{
    PyObject *ct = cc_dict_item(ffi->types, text);
    if (ct != NULL)
        CC_GOT(ct);
    return (CTypeObject *)ct;
}

/* as_of: how much was declared then.                                         */
static cd_id parse_type(FFIObject *ffi, PyObject *text, uint32_t *as_of)
{
    cc_text source;
    if (cc_text_open(&source, text) < 0)
        return 0;
    cd_error err;
    cc_table_lock(ffi->table);
    cd_id id = cd_typename(ffi->table->table, source.text, (size_t)source.len,
                           &err);
    *as_of = ffi->n_cdefs;
    cc_table_unlock(ffi->table);
    cc_text_close(&source);
    if (id == 0)
        cc_raise_parse(ffi->state, &err);
    return id;
}

static bool is_function(FFIObject *ffi, cd_id id)
{
    const cd_table *table = ffi->table->table;
    return cd_type(table, cd_type(table, id)->canon)->kind == CD_FUNC;
}

/* What the typedefs of a pointer's item, or of an array or its item, ask for.
 */
static uint32_t alignment_asked(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_type(t, cd_strip(t, id));
    if (c->kind == CD_POINTER)
        id = c->a;
    for (c = cd_type(t, id); c->kind == CD_TYPEDEF || c->kind == CD_QUAL ||
                             c->kind == CD_ARRAY; c = cd_type(t, c->a))
        if (c->kind == CD_TYPEDEF && c->align != 0)
            return c->align;
    return 0;
}

static bool declared_since(FFIObject *ffi, uint32_t as_of)
{
    cc_table_lock(ffi->table);
    bool more = ffi->n_cdefs != as_of;
    cc_table_unlock(ffi->table);
    return more;
}

/* Keeps a type string's ctype, and the alignment it asks for.  0/-1          */
static int keep(FFIObject *ffi, PyObject *text, cd_id id, CTypeObject *ct)
{
    uint32_t align = alignment_asked(ffi->table->table, id);
    if (align != 0) {
        PyObject *asked = PyLong_FromUnsignedLong(align);
        int failed = asked == NULL
                         ? -1
                         : PyDict_SetItem(ffi->aligned, text, asked);
        Py_XDECREF(asked);
        if (failed)
            return -1;
    }
    CC_GAVE(ct);
    PyObject *key = Py_NewRef(text);
#if CC_FREE_THREADED /* interned: not counted by all who look it up           */
    PyUnicode_InternInPlace(&key);
#endif
    int failed = PyDict_SetItem(ffi->types, key, (PyObject *)ct);
    Py_DECREF(key);
    return failed;
}

/* As keep, unless another thread's cdef() may have changed what the text means:
 * that one cleared the dictionaries, perhaps too early.                      */
static int remember(FFIObject *ffi, PyObject *text, cd_id id, CTypeObject *ct,
                    uint32_t as_of)
{
    if (keep(ffi, text, id, ct) < 0)
        return -1;
    if (CC_FREE_THREADED && declared_since(ffi, as_of)) {
        PyDict_Clear(ffi->types);
        PyDict_Clear(ffi->aligned);
    }
    return 0;
}

size_t cc_ffi_alignment(FFIObject *ffi, PyObject *arg)
{
    size_t align = 0;
    if (CC_LIKELY(PyDict_GET_SIZE(ffi->aligned) == 0) || !PyUnicode_Check(arg))
        return 0;
    PyObject *asked = cc_dict_item(ffi->aligned, arg);
    if (asked != NULL)
        align = PyLong_AsSize_t(asked);
    Py_XDECREF(asked);
    return align;
}

/* The ctype of a string; remembered, unless it is a raw function type: that
 * one means its pointer only where CC_ARG_FUNC says so.                      */
static CTypeObject *from_text(FFIObject *ffi, PyObject *text, int accept)
{
    uint32_t as_of;
    cd_id id = parse_type(ffi, text, &as_of);
    if (id == 0)
        return NULL;
    bool raw = is_function(ffi, id);
    if (raw && !(accept & CC_ARG_FUNC))
        return raw_function(ffi, text);
    CTypeObject *ct = cc_ctype_of(ffi->table, id);
    if (ct == NULL)
        return NULL;
    int failed = 0;
    if (ct->flags & (CT_LATE | CT_UNAVAIL))
        failed = cc_error_not_usable(ct);
    else if (!raw)
        failed = remember(ffi, text, id, ct, as_of);
    if (failed)
        Py_CLEAR(ct);
    return ct;
}

CTypeObject *cc_ffi_ctype(FFIObject *ffi, PyObject *arg, int accept)
{
    if (PyUnicode_Check(arg) && (accept & CC_ARG_STR)) {
        CTypeObject *ct = seen_before(ffi, arg);
        if (CC_LIKELY(ct != NULL))
            return ct;
        return PyErr_Occurred() ? NULL : from_text(ffi, arg, accept);
    }
    if (CType_Check(ffi->state, arg) && (accept & CC_ARG_CTYPE))
        return (CTypeObject *)Py_NewRef(arg);
    if ((accept & CC_ARG_CDATA) && cc_cdata_like(arg))
        return (CTypeObject *)Py_NewRef((PyObject *)((CDataObject *)arg)->ct);
    PyObject *function = NULL;
    if (accept == (CC_ARG_STR | CC_ARG_CDATA)) /* typeof() */
        function = cc_function_pointer(ffi->state, arg);
    if (function != NULL)
        return (CTypeObject *)Py_NewRef(((CDataObject *)function)->ct);
    return wrong_argument(arg, accept);
}
