/* ctype.c - ctype objects as Python sees them: attributes, repr, life.       */
#include "call_ffi.h"
#include "ctype_make.h"
#include "names.h"
#include "plan.h"
#include <stddef.h>

/* ---- life -----------------------------------------------------------------
 * A ctype keeps the module, and so its state, alive: intern.c needs it in
 * dealloc.  tp_clear drops only what can be made again, as a destructor that
 * runs while a cycle is taken apart may find the ctype by its parts.         */

static int ctype_traverse(CTypeObject *ct, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(ct));
    if (ct->state != NULL)
        Py_VISIT(ct->state->module);
    Py_VISIT(ct->item);
    Py_VISIT(ct->slices);
    Py_VISIT(ct->table);
    Py_VISIT(ct->fields);
    for (uint32_t i = 0; ct->sig != NULL && i < ct->sig->n; i++)
        Py_VISIT(ct->sig->params[i]);
    return 0;
}

static int ctype_clear(CTypeObject *ct)
{
    cc_names *names = ct->names;
    ct->names = NULL;
    cc_names_free(names);
    Py_CLEAR(ct->fields);
    return 0;
}

static void free_signature(cc_signature *sig)
{
    if (sig == NULL)
        return;
    if (sig->plan != NULL)
        cc_plan_free(sig->plan);
    for (uint32_t i = 0; i < sig->n; i++)
        Py_DECREF(sig->params[i]);
    PyMem_Free(sig);
}

/* Nobody finds ct any more: neither by its parts nor from its item.          */
static void forget(CTypeObject *ct)
{
    if (ct->hash != 0)
        cc_intern_remove(ct);
    ct->hash = 0;
    if (ct->item != NULL && CC_LOAD(ct->item->pointer) == ct)
        CC_STORE(ct->item->pointer, NULL);
}

static void free_parts(CTypeObject *ct)
{
    if (ct->weakrefs != NULL)
        PyObject_ClearWeakRefs((PyObject *)ct);
    ctype_clear(ct);
    free_signature(ct->sig);
    Py_XDECREF(ct->slices);
    Py_XDECREF(ct->item);
    Py_XDECREF(ct->table);
    Py_XDECREF(ct->name);
}

/* A pointer to a pointer to ... is taken apart in steps (the trashcan), which
 * come back here; by then it must not be found.                              */
static void ctype_dealloc(CTypeObject *ct)
{
    PyObject_GC_UnTrack(ct);
    forget(ct);
    Py_TRASHCAN_BEGIN(ct, ctype_dealloc)
    PyTypeObject *type = Py_TYPE(ct);
    cc_state *st = ct->state;
    free_parts(ct);
    type->tp_free(ct);
    Py_DECREF(type);
    if (st != NULL)
        Py_DECREF(st->module);
    Py_TRASHCAN_END
}

static PyObject *ctype_repr(CTypeObject *ct)
{
    return PyUnicode_FromFormat("<ctype '%U'>", ct->name);
}

/* ---- enumerators --------------------------------------------------------- */

static PyObject *decl_value(const cd_decl *d)
{
    if (d->flags & CD_DF_UNSIGNED)
        return PyLong_FromUnsignedLongLong((uint64_t)d->u.value);
    return PyLong_FromLongLong(d->u.value);
}

/* Of several names for one value the first is the value's.                   */
static int add_enumerator(CTypeObject *ct, const cd_decl *d, PyObject *elements,
                          PyObject *relements)
{
    int failed = -1;
    uint32_t len;
    const char *text = cd_text(ct->table->table, d->name, &len);
    PyObject *name = PyUnicode_DecodeUTF8(text, len, "replace");
    PyObject *value = decl_value(d);
    if (name != NULL && value != NULL &&
        PyDict_SetDefault(elements, value, name) != NULL &&
        PyDict_SetItem(relements, name, value) == 0)
        failed = 0;
    Py_XDECREF(name);
    Py_XDECREF(value);
    return failed;
}

static PyObject *make_enum_values(CTypeObject *ct)
{
    const cd_table *table = ct->table->table;
    const cd_ctype *t = cd_type(table, ct->id);
    PyObject *pair = NULL;
    PyObject *elements = PyDict_New(), *relements = PyDict_New();

    if (elements == NULL || relements == NULL)
        goto done;
    if (!(ct->flags & CT_OPAQUE))
        for (uint32_t i = 0; i < t->b; i++)
            if (add_enumerator(ct, cd_decl_at(table, t->a + i), elements,
                               relements) < 0)
                goto done;
    pair = PyTuple_Pack(2, elements, relements);
done:
    Py_XDECREF(elements);
    Py_XDECREF(relements);
    return pair;
}

/* The tuple ({value: name}, {name: value}), made on first use; borrowed. */
static PyObject *enum_values(CTypeObject *ct)
{
    PyObject *pair = CC_LOAD(ct->fields);
    if (pair != NULL)
        return pair;
    PyObject *mine = make_enum_values(ct);
    if (mine == NULL)
        return NULL;
    CC_LOCK(&ct->state->lock);
    if (ct->fields == NULL)
        CC_STORE(ct->fields, Py_NewRef(mine));
    pair = ct->fields;
    CC_UNLOCK(&ct->state->lock);
    Py_DECREF(mine);
    return pair;
}

/* ---- attributes: those that mean something for the kind ------------------ */

static PyObject *ctype_kind(CTypeObject *ct, void *Py_UNUSED(closure))
{
    static const char *const WORDS[CD_N_KINDS] = {
#define KIND(NAME, word) [CD_##NAME] = word,
#include "kinds.def"
    };
    if (ct->flags & CT_VOID)
        return PyUnicode_FromString("void");
    return PyUnicode_FromString(WORDS[ct->kind]);
}

static PyObject *ctype_cname(CTypeObject *ct, void *Py_UNUSED(closure))
{
    return Py_NewRef(ct->name);
}

static PyObject *ctype_item(CTypeObject *ct)
{
    return Py_NewRef((PyObject *)ct->item);
}

static PyObject *ctype_length(CTypeObject *ct)
{
    if (ct->length < 0)
        Py_RETURN_NONE;
    return PyLong_FromSsize_t(ct->length);
}

static PyObject *ctype_fields(CTypeObject *ct)
{
    if (ct->flags & CT_OPAQUE)
        Py_RETURN_NONE;
    if (cc_record_ready(ct) < 0)
        return NULL;
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list != NULL && i < cc_field_count(ct); i++) {
        CFieldObject *f = cc_field_at(ct, i);
        PyObject *pair = PyTuple_Pack(2, f->name, f);
        if (pair == NULL || PyList_Append(list, pair) < 0)
            Py_CLEAR(list);
        Py_XDECREF(pair);
    }
    return list;
}

static PyObject *ctype_args(CTypeObject *ct)
{
    PyObject *args = PyTuple_New(ct->sig->n);
    for (uint32_t i = 0; args != NULL && i < ct->sig->n; i++)
        PyTuple_SET_ITEM(args, i, Py_NewRef((PyObject *)ct->sig->params[i]));
    return args;
}

static PyObject *ctype_ellipsis(CTypeObject *ct)
{
    return PyBool_FromLong(ct->sig->variadic);
}

static PyObject *ctype_abi(CTypeObject *ct)
{
    return PyLong_FromLong(cc_ffi_abi(ct));
}

/* which: 0 {value: name}, 1 {name: value}.  A copy, which may be changed.    */
static PyObject *enum_values_copy(CTypeObject *ct, int which)
{
    PyObject *pair = enum_values(ct);
    return pair ? PyDict_Copy(PyTuple_GET_ITEM(pair, which)) : NULL;
}

static PyObject *ctype_elements(CTypeObject *ct)
{
    return enum_values_copy(ct, 0);
}

static PyObject *ctype_relements(CTypeObject *ct)
{
    return enum_values_copy(ct, 1);
}

#define KINDS1(a) (1u << CD_##a)
#define KINDS2(a, b) (KINDS1(a) | KINDS1(b))

typedef struct attribute {
    const char *name;
    unsigned kinds;                     /* bits by enum cd_kind               */
    PyObject *(*get)(CTypeObject *ct);
} attribute;

enum { ITEM, LENGTH, FIELDS, ARGS, RESULT, ELLIPSIS, ABI, ELEMENTS, RELEMENTS,
       N_ATTRIBUTES };
static const attribute ATTRIBUTES[N_ATTRIBUTES] = {
    [ITEM] = {"item", KINDS2(POINTER, ARRAY), ctype_item},
    [LENGTH] = {"length", KINDS1(ARRAY), ctype_length},
    [FIELDS] = {"fields", KINDS2(STRUCT, UNION), ctype_fields},
    [ARGS] = {"args", KINDS1(FUNC), ctype_args},
    [RESULT] = {"result", KINDS1(FUNC), ctype_item},
    [ELLIPSIS] = {"ellipsis", KINDS1(FUNC), ctype_ellipsis},
    [ABI] = {"abi", KINDS1(FUNC), ctype_abi},
    [ELEMENTS] = {"elements", KINDS1(ENUM), ctype_elements},
    [RELEMENTS] = {"relements", KINDS1(ENUM), ctype_relements},
};

static PyObject *ctype_attribute(CTypeObject *ct, void *closure)
{
    const attribute *a = closure;
    if (a->kinds >> ct->kind & 1)
        return a->get(ct);
    PyErr_SetString(PyExc_AttributeError, a->name);
    return NULL;
}

static int append_name(PyObject *list, const char *name)
{
    PyObject *s = PyUnicode_FromString(name);
    int failed = s == NULL ? -1 : PyList_Append(list, s);
    Py_XDECREF(s);
    return failed;
}

static PyObject *ctype_dir(CTypeObject *ct, PyObject *Py_UNUSED(ignored))
{
    PyObject *list = PyList_New(0);
    if (list == NULL || append_name(list, "cname") < 0 ||
        append_name(list, "kind") < 0)
        goto fail;
    for (int i = 0; i < N_ATTRIBUTES; i++)
        if (ATTRIBUTES[i].kinds >> ct->kind & 1)
            if (append_name(list, ATTRIBUTES[i].name) < 0)
                goto fail;
    return list;
fail:
    Py_XDECREF(list);
    return NULL;
}

static PyMethodDef ctype_methods[] = {
    {"__dir__", (PyCFunction)ctype_dir, METH_NOARGS,
     "The attributes that mean something for this kind of type."},
    {"__reduce__", cc_refuse_pickle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(ctype_doc,
"A C type, from ffi.typeof().  There is one object of each type in an\n"
"interpreter, whichever FFI it came from: compare with `is`.  Immutable; any\n"
"thread may use it.");

/* __doc__ is the comment of a struct, union or enum in its header.  No getset:
 * that would take the place of the type's own.                               */
static PyObject *ctype_getattro(PyObject *self, PyObject *name)
{
    CTypeObject *ct = (CTypeObject *)self;
    PyObject *doc = NULL;

    if (ct->table != NULL && CC_LOAD(ct->table->docs) != NULL &&
        PyUnicode_CompareWithASCIIString(name, "__doc__") == 0)
        doc = cc_table_doc(ct->table, ct->name);
    return doc != NULL ? doc : PyObject_GenericGetAttr(self, name);
}

#define ATTRIBUTE(NAME, name, doc) \
    {name, (getter)ctype_attribute, NULL, doc, (void *)&ATTRIBUTES[NAME]}
static PyGetSetDef ctype_getset[] = {
    {"kind", (getter)ctype_kind, NULL,
     "'primitive', 'enum', 'pointer', 'array', 'struct', 'union', 'function' "
     "or 'void'",
     NULL},
    {"cname", (getter)ctype_cname, NULL, "the C type as text", NULL},
    ATTRIBUTE(ITEM, "item", "pointer, array: the ctype that it is of"),
    ATTRIBUTE(LENGTH, "length", "array: number of items; None if open, T[]"),
    ATTRIBUTE(FIELDS, "fields",
              "struct, union: list of (name, CField) in source order, members "
              "of anonymous members included; None while opaque"),
    ATTRIBUTE(ARGS, "args", "function: tuple of the parameters' ctypes"),
    ATTRIBUTE(RESULT, "result", "function: the result's ctype"),
    ATTRIBUTE(ELLIPSIS, "ellipsis", "function: whether it is variadic"),
    ATTRIBUTE(ABI, "abi",
              "function: libffi's number of its calling convention"),
    ATTRIBUTE(ELEMENTS, "elements",
              "enum: dict {value: name}, the first name of each value"),
    ATTRIBUTE(RELEMENTS, "relements", "enum: dict {name: value}"),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef ctype_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(CTypeObject, weakrefs),
     READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot ctype_slots[] = {
    {Py_tp_doc, (void *)ctype_doc},
    {Py_tp_getattro, ctype_getattro},
    {Py_tp_dealloc, ctype_dealloc},
    {Py_tp_traverse, ctype_traverse},
    {Py_tp_clear, ctype_clear},
    {Py_tp_repr, ctype_repr},
    {Py_tp_methods, ctype_methods},
    {Py_tp_getset, ctype_getset},
    {Py_tp_members, ctype_members},
    {0, NULL},
};

PyType_Spec cc_ctype_spec = {
    .name = "cffi_core.CType",
    .basicsize = CC_SHARED_SIZE(CTypeObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = ctype_slots,
};
