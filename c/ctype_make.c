/* ctype_make.c - ids of a table -> ctypes.                                   */
#include "ctype_make.h"

/* ---- primitives ---------------------------------------------------------- */

static CTypeObject *new_ctype(cc_state *st, int kind)
{
    PyTypeObject *type = cc_type(st, CC_CType);
    CTypeObject *ct =
        type != NULL ? (CTypeObject *)type->tp_alloc(type, 0) : NULL;
    if (ct == NULL)
        return NULL;
    Py_INCREF(st->module);
    ct->state = st;
    ct->kind = (uint8_t)kind;
    ct->klass = 0xff;
    ct->size = ct->length = -1;
    return ct;
}

/* CFFI names two primitives otherwise than C does.                           */
static const char *prim_name(int prim)
{
    switch (prim) {
    case CD_PRIM_FCOMPLEX: return "_cffi_float_complex_t";
    case CD_PRIM_DCOMPLEX: return "_cffi_double_complex_t";
    default: return cd_prim_name(prim);
    }
}

static CTypeObject *make_prim(cc_state *st, int prim)
{
    CTypeObject *ct = new_ctype(st, CD_PRIM);
    if (ct == NULL)
        return NULL;
    ct->name = PyUnicode_FromString(prim_name(prim));
    if (ct->name == NULL) {
        Py_DECREF(ct);
        return NULL;
    }
    ct->name_at = (uint32_t)PyUnicode_GET_LENGTH(ct->name);
    cc_ctype_set_prim(ct, prim);
    cc_ctype_settle(ct);
    cc_share(st, (PyObject *)ct, CC_SHARED_SIZE(CTypeObject));
    return ct;
}

CTypeObject *cc_ctype_prim(cc_state *st, int prim)
{
    CTypeObject *ct = CC_LOAD(st->prims[prim]);
    if (ct != NULL)
        return (CTypeObject *)Py_NewRef(ct);
    CTypeObject *made = make_prim(st, prim);
    if (made == NULL)
        return NULL;
    CC_LOCK(&st->lock);
    ct = st->prims[prim];
    if (ct == NULL) {
        ct = (CTypeObject *)Py_NewRef(made);
        CC_STORE(st->prims[prim], ct);
    }
    Py_INCREF(ct);
    CC_UNLOCK(&st->lock);
    Py_DECREF(made);
    return ct;
}

/* ---- derived types ------------------------------------------------------- */

/* Names a ctype whose parts are all set and makes it the only one of them.
 * STEALS ct.                                                                 */
static CTypeObject *finish_derived(CTypeObject *ct)
{
    if (cc_name_derived(ct) < 0) {
        Py_DECREF(ct);
        return NULL;
    }
    cc_ctype_settle(ct);
    return cc_intern(ct);
}

CTypeObject *cc_ctype_pointer(CTypeObject *item)
{
    CTypeObject *ct = CC_LOAD(item->pointer);
    if (ct != NULL)
        return (CTypeObject *)Py_NewRef(ct);
    ct = new_ctype(item->state, CD_POINTER);
    if (ct == NULL)
        return NULL;
    ct->item = (CTypeObject *)Py_NewRef(item);
    ct->size = ct->align = sizeof(void *);
    if (item->flags & CT_VOID)
        ct->flags |= CT_VOID_PTR;
    ct = finish_derived(ct);
    if (ct != NULL)
        CC_STORE(item->pointer, ct);
    return ct;
}

static CC_COLD CTypeObject *no_item_size(CTypeObject *item)
{
    PyErr_Format(PyExc_ValueError, "array item of unknown size: '%U'",
                 item->name);
    return NULL;
}

static CC_COLD CTypeObject *array_overflow(void)
{
    PyErr_SetString(PyExc_OverflowError,
                    "array size would overflow a Py_ssize_t");
    return NULL;
}

/* late: the length is known only once a stub is compiled.                    */
static CTypeObject *make_array(CTypeObject *item, Py_ssize_t length,
                               uint32_t flags)
{
    flags |= item->flags & CT_LATE;
    if (item->size < 0 && !(flags & CT_LATE))
        return no_item_size(item);
    if (length > 0 && item->size > 0 && length > PY_SSIZE_T_MAX / item->size)
        return array_overflow();

    CTypeObject like = {.kind = CD_ARRAY, .item = item, .length = length,
                        .flags = flags};
    CTypeObject *ct = flags & CT_LATE ? NULL
                                      : cc_intern_find(item->state, &like);
    if (ct != NULL)
        return ct;
    ct = new_ctype(item->state, CD_ARRAY);
    if (ct == NULL)
        return NULL;
    ct->item = (CTypeObject *)Py_NewRef(item);
    ct->length = length;
    ct->flags = flags;
    if (length >= 0 && !(flags & CT_LATE))
        ct->size = length * item->size;
    /* A vector is aligned to its whole size. */
    ct->align = flags & CT_VECTOR ? (uint32_t)ct->size : item->align;
    return finish_derived(ct);
}

CTypeObject *cc_ctype_array(CTypeObject *item, Py_ssize_t length)
{
    return make_array(item, length, 0);
}

static CTypeObject *array_of_id(TableObject *tb, cd_id Py_UNUSED(id),
                                const cd_ctype *t)
{
    CTypeObject *item = cc_ctype_of(tb, t->a);
    if (item == NULL)
        return NULL;
    bool late = (t->flags & CD_F_DOTS) && (t->flags & CD_F_LATE);
    bool open = late || (t->flags & CD_F_OPEN);
    CTypeObject *ct = make_array(item, open ? -1 : (Py_ssize_t)t->n,
                                 late ? CT_LATE : 0);
    Py_DECREF(item);
    return ct;
}

static CTypeObject *vector_of_id(TableObject *tb, cd_id Py_UNUSED(id),
                                 const cd_ctype *t)
{
    CTypeObject *item = cc_ctype_of(tb, t->a);
    if (item == NULL)
        return NULL;
    CTypeObject *ct = make_array(item, (Py_ssize_t)t->n, CT_VECTOR);
    Py_DECREF(item);
    return ct;
}

static CTypeObject *pointer_of_id(TableObject *tb, cd_id Py_UNUSED(id),
                                  const cd_ctype *t)
{
    CTypeObject *item = cc_ctype_of(tb, t->a);
    /* A function's id already gives its pointer.                             */
    cd_id canon = cd_type(tb->table, t->a)->canon;
    if (item == NULL || cd_type(tb->table, canon)->kind == CD_FUNC)
        return item;
    CTypeObject *ct = cc_ctype_pointer(item);
    Py_DECREF(item);
    return ct;
}

/* ---- ctypes that we need ourselves --------------------------------------- */

/* Python code may run while one is made, and make it as well.  STEALS made.  */
static BORROWED CTypeObject *keep_own(CTypeObject **where,
                                      CTypeObject *made)
{
    if (*where == NULL)
        *where = made;
    else
        Py_XDECREF(made);
    return *where;
}

BORROWED CTypeObject *cc_void_pointer(cc_state *st)
{
    if (st->void_p != NULL)
        return st->void_p;
    CTypeObject *item = cc_ctype_prim(st, CD_PRIM_VOID);
    CTypeObject *made = item != NULL ? cc_ctype_pointer(item) : NULL;
    Py_XDECREF(item);
    return keep_own(&st->void_p, made);
}

BORROWED CTypeObject *cc_char_array(cc_state *st)
{
    if (st->char_array != NULL)
        return st->char_array;
    CTypeObject *item = cc_ctype_prim(st, CD_PRIM_CHAR);
    CTypeObject *made = item != NULL ? cc_ctype_array(item, -1) : NULL;
    Py_XDECREF(item);
    return keep_own(&st->char_array, made);
}

/* ---- functions ----------------------------------------------------------- */

/* Conventions that mean nothing on this machine are one with the default.    */
static uint8_t effective_abi(uint8_t abi)
{
#if defined(__i386__) || defined(_M_IX86)
    return abi == CD_ABI_CDECL ? CD_ABI_DEFAULT : abi;
#elif defined(__x86_64__) && !defined(_WIN32)
    return abi == CD_ABI_MS ? abi : CD_ABI_DEFAULT;
#elif defined(_M_X64) || defined(__x86_64__)
    return abi == CD_ABI_SYSV || abi == CD_ABI_VECTORCALL ? abi
                                                          : CD_ABI_DEFAULT;
#else
    (void)abi;
    return CD_ABI_DEFAULT;
#endif
}

/* The parameters' ctypes; the result is freed by the ctype that gets it.     */
static int set_signature(CTypeObject *ct, TableObject *tb, const cd_ctype *t)
{
    uint32_t n = (uint32_t)t->n;
    cc_signature *sig =
        PyMem_Calloc(1, sizeof *sig + n * sizeof *sig->params);
    if (sig == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    ct->sig = sig;
    sig->abi = effective_abi(t->sub);
    sig->variadic = (t->flags & CD_F_VARIADIC) != 0;
    for (; sig->n < n; sig->n++) {
        cd_id param = cd_id_at(tb->table, t->b + sig->n);
        sig->params[sig->n] = cc_ctype_of(tb, param);
        if (sig->params[sig->n] == NULL)
            return -1;
    }
    return 0;
}

static CTypeObject *function_of_id(TableObject *tb, cd_id Py_UNUSED(id),
                                   const cd_ctype *t)
{
    CTypeObject *ct = new_ctype(tb->state, CD_FUNC);
    if (ct == NULL)
        return NULL;
    ct->size = ct->align = sizeof(void *);
    ct->item = cc_ctype_of(tb, t->a);
    if (ct->item == NULL || set_signature(ct, tb, t) < 0) {
        Py_DECREF(ct);
        return NULL;
    }
    return finish_derived(ct);
}

/* ---- types that a table declares ----------------------------------------- */

/* Completes an enum without a body, as CFFI does.  -1: an error, as the warning
 * may be one.                                                                */
static CC_COLD int guess_enum(TableObject *tb, cd_id id, cd_ctype *t)
{
    cd_error err;
    const char *name = cd_text(tb->table, t->name, NULL);
    PyObject *text = PyBytes_FromFormat("enum %s : unsigned int;", name);
    if (text == NULL ||
        PyErr_WarnFormat(PyExc_UserWarning, 1, "'enum %s' has no values "
                         "explicitly defined; guessing that it is equivalent "
                         "to 'unsigned int'", name) < 0) {
        Py_XDECREF(text);
        return -1;
    }
    cc_table_lock(tb);
    int failed = cd_cdef(tb->table, PyBytes_AS_STRING(text),
                         (size_t)PyBytes_GET_SIZE(text), NULL, &err);
    cc_table_unlock(tb);
    Py_DECREF(text);
    if (failed)
        cc_raise_parse(tb->state, &err);
    return failed || !cc_table_type(tb, id, t) ? -1 : 0;
}

static CTypeObject *declared_of_id(TableObject *tb, cd_id id,
                                   const cd_ctype *t)
{
    /* What cannot be used by value can still be pointed to, like an opaque
     * struct.                                                                */
    int kind = t->kind == CD_UNAVAIL ? CD_STRUCT : t->kind;
    CTypeObject *ct = new_ctype(tb->state, kind);
    if (ct == NULL)
        return NULL;
    ct->table = (TableObject *)Py_NewRef(tb);
    ct->id = id;
    if (cc_name_declared(ct, t) < 0) {
        Py_DECREF(ct);
        return NULL;
    }
    if (t->kind == CD_PRIM) {
        cc_ctype_set_prim(ct, t->sub);
        cc_ctype_settle(ct);
    }
    else
        cc_ctype_set_declared(ct, t);
    cc_share(tb->state, (PyObject *)ct, CC_SHARED_SIZE(CTypeObject));
    return ct;
}

/* A primitive is the same in all tables; `typedef int... t` is its own type. */
static CTypeObject *prim_of_id(TableObject *tb, cd_id id, const cd_ctype *t)
{
    if (cd_prim_class(t->sub) == CD_CLASS_LATE)
        return declared_of_id(tb, id, t);
    return cc_ctype_prim(tb->state, t->sub);
}

static CTypeObject *import_of_id(TableObject *tb, cd_id Py_UNUSED(id),
                                 const cd_ctype *t)
{
    TableObject *owner = cc_table_include(tb, t->a);
    return owner ? cc_ctype_of(owner, t->b) : NULL;
}

/* ---- any id -------------------------------------------------------------- */

typedef CTypeObject *(*maker)(TableObject *tb, cd_id id, const cd_ctype *t);
static const maker MAKERS[CD_N_KINDS] = {
    [CD_PRIM] = prim_of_id,       [CD_POINTER] = pointer_of_id,
    [CD_ARRAY] = array_of_id,     [CD_VECTOR] = vector_of_id,
    [CD_FUNC] = function_of_id,   [CD_STRUCT] = declared_of_id,
    [CD_UNION] = declared_of_id,  [CD_ENUM] = declared_of_id,
    [CD_IMPORT] = import_of_id,   [CD_UNAVAIL] = declared_of_id,
};

static CTypeObject *make(TableObject *tb, cd_id id)
{
    cd_ctype t;
    CTypeObject *ct = NULL;

    if (Py_EnterRecursiveCall(" while making a ctype"))
        return NULL;
    if (!cc_table_type(tb, id, &t))
        PyErr_Format(PyExc_SystemError, "there is no type %u", (unsigned)id);
    else if (t.canon != id)
        ct = cc_ctype_of(tb, t.canon);
    else if (t.kind == CD_ENUM && t.flags & CD_F_OPAQUE &&
             cd_guesses_enums(tb->table) && guess_enum(tb, id, &t) < 0)
        ct = NULL;
    else if (MAKERS[t.kind] != NULL)
        ct = MAKERS[t.kind](tb, id, &t);
    else
        PyErr_Format(PyExc_SystemError, "type %u of kind %d has no ctype",
                     (unsigned)id, t.kind);
    Py_LeaveRecursiveCall();
    return ct == NULL ? NULL : cc_table_put(tb, id, ct);
}

CTypeObject *cc_ctype_of(TableObject *tb, cd_id id)
{
    CTypeObject *ct = cc_table_get(tb, id);
    if (CC_LIKELY(ct != NULL))
        return (CTypeObject *)Py_NewRef(ct);
    return make(tb, id);
}
