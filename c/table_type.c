/* table_type.c - the type Table: what Python sees of a table (ffi._table), and
 * the words for its numbers.  Read-only; cffi_core/model.py makes it pleasant
 * to read.                                                                   */
#include "ctype_make.h"
#include "module.h"

/* ---- pieces -------------------------------------------------------------- */

static const char *const KINDS[] = {
#define KIND(NAME, word) word,
#include "kinds.def"
};

static PyObject *text_of(TableObject *tb, cd_str s)
{
    uint32_t len;
    if (s == 0)
        Py_RETURN_NONE;
    const char *text = cd_text(tb->table, s, &len);
    return PyUnicode_DecodeUTF8(text, len, "surrogateescape");
}

/* (file, line, column), or None for what is predefined; file None: the cdef. */
static PyObject *where_of(TableObject *tb, uint32_t where)
{
    if (where == 0)
        Py_RETURN_NONE;
    const cd_where *w = cd_where_at(tb->table, where);
    return Py_BuildValue("(NII)", text_of(tb, w->file), w->line, w->col);
}

/* An index; 0, which no record has, for what is too large.  -1: exception.   */
static int index_arg(PyObject *arg, uint32_t *out)
{
    unsigned long i = PyLong_AsUnsignedLong(arg);
    if (i == (unsigned long)-1 && PyErr_Occurred())
        return -1;
    *out = i <= UINT32_MAX ? (uint32_t)i : 0;
    return 0;
}

static int no_such_index(uint32_t highest)
{
    PyErr_Format(PyExc_IndexError, "index must be 1..%u", highest);
    return -1;
}

static uint32_t n_types(TableObject *tb)
{
    cc_table_lock(tb);
    uint32_t n = cd_n_types(tb->table);
    cc_table_unlock(tb);
    return n;
}

static uint32_t n_decls(TableObject *tb)
{
    cc_table_lock(tb);
    uint32_t n = cd_n_decls(tb->table);
    cc_table_unlock(tb);
    return n;
}

/* The record of the type that arg is the id of.  0/-1                        */
static int type_arg(TableObject *tb, PyObject *arg, cd_id *id, cd_ctype *t)
{
    if (index_arg(arg, id) < 0)
        return -1;
    return cc_table_type(tb, *id, t) ? 0 : no_such_index(n_types(tb));
}

/* ---- types --------------------------------------------------------------- */

/* The place that column x holds for some kinds. */
static uint32_t place_of(const cd_ctype *t)
{
    bool has_place = t->kind == CD_STRUCT || t->kind == CD_UNION ||
                     t->kind == CD_ENUM || t->kind == CD_TYPEDEF ||
                     (t->kind == CD_PRIM && t->flags & CD_F_LATE);
    return has_place ? t->x : 0;
}

/* The text that a column holds for some kinds: why a type is unavailable, the
 * length of an array that depends on the target.                             */
static cd_str text_column(const cd_ctype *t)
{
    return t->kind == CD_UNAVAIL ? t->a : t->kind == CD_ARRAY ? t->x : 0;
}

PyDoc_STRVAR(table_type_doc,
"type(id) -> dict\n\n"
"The columns of a type's record; their meaning for each kind is the picture\n"
"in parser/cd_parser.h.  where and text are what column x or a leads to.\n"
"IndexError if there is no such id.");

static PyObject *table_type(TableObject *tb, PyObject *arg)
{
    cd_id id;
    cd_ctype record, *t = &record;
    if (type_arg(tb, arg, &id, t) < 0)
        return NULL;
    return Py_BuildValue(
        "{s:s,s:i,s:i,s:I,s:N,s:I,s:I,s:I,s:K,s:K,s:I,s:N,s:N}", "kind",
        KINDS[t->kind], "sub", (int)t->sub, "flags", (int)t->flags, "canon",
        t->canon, "name", text_of(tb, t->name), "a", t->a, "b", t->b, "x",
        t->x, "n", (unsigned long long)t->n, "size",
        (unsigned long long)t->size, "align", t->align, "where",
        where_of(tb, place_of(t)), "text", text_of(tb, text_column(t)));
}

static PyObject *member_dict(TableObject *tb, const cd_member *m)
{
    return Py_BuildValue("{s:N,s:I,s:K,s:i,s:i,s:i}", "name",
                         text_of(tb, m->name), "type", m->type, "offset",
                         (unsigned long long)m->offset, "bits", (int)m->bits,
                         "shift", (int)m->shift, "flags", (int)m->flags);
}

PyDoc_STRVAR(table_members_doc,
"members(id) -> list of dict\n\n"
"The members of a struct or union, in source order, as parser/cd_parser.h has\n"
"them; of another type an empty list.");

static PyObject *table_members(TableObject *tb, PyObject *arg)
{
    cd_id id;
    cd_ctype record, *t = &record;
    if (type_arg(tb, arg, &id, t) < 0)
        return NULL;
    bool has = t->kind == CD_STRUCT || t->kind == CD_UNION;
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list != NULL && has && i < t->b; i++) {
        PyObject *m = member_dict(tb, cd_member_at(tb->table, t->a + i));
        if (m == NULL || PyList_Append(list, m) < 0)
            Py_CLEAR(list);
        Py_XDECREF(m);
    }
    return list;
}

PyDoc_STRVAR(table_params_doc,
"params(id) -> list of int\n\n"
"The types of a function type's parameters; of another type an empty list.");

static PyObject *table_params(TableObject *tb, PyObject *arg)
{
    cd_id id;
    cd_ctype record, *t = &record;
    if (type_arg(tb, arg, &id, t) < 0)
        return NULL;
    uint32_t n = t->kind == CD_FUNC ? (uint32_t)t->n : 0;
    PyObject *list = PyList_New(n);
    for (uint32_t i = 0; list != NULL && i < n; i++) {
        PyObject *one = PyLong_FromUnsignedLong(cd_id_at(tb->table, t->b + i));
        if (one == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, one);
    }
    return list;
}

PyDoc_STRVAR(table_spell_doc,
"spell(id, declarator='', plain=False) -> str\n\n"
"C text of a type around a declarator.  plain: typedefs are replaced by what\n"
"they stand for, but for those that alone name a type.");

static PyObject *table_spell(TableObject *tb, PyObject *args)
{
    const char *declarator = "";
    PyObject *index;
    int plain = 0;
    cd_id id;
    cd_ctype t;
    char small[256];

    if (!PyArg_ParseTuple(args, "O|sp:spell", &index, &declarator, &plain) ||
        type_arg(tb, index, &id, &t) < 0)
        return NULL;
    size_t (*spell)(const cd_table *, cd_id, const char *, char *, size_t) =
        plain ? cd_spell_plain : cd_spell;
    size_t n = spell(tb->table, id, declarator, small, sizeof small);
    if (n < sizeof small)
        return PyUnicode_DecodeUTF8(small, (Py_ssize_t)n, "surrogateescape");
    char *text = PyMem_Malloc(n + 1);
    if (text == NULL)
        return PyErr_NoMemory();
    spell(tb->table, id, declarator, text, n + 1);
    PyObject *result =
        PyUnicode_DecodeUTF8(text, (Py_ssize_t)n, "surrogateescape");
    PyMem_Free(text);
    return result;
}

/* ---- declarations -------------------------------------------------------- */

/* int, float or bytes; None where the kind has no value. */
static PyObject *value_of(TableObject *tb, const cd_decl *d)
{
    uint32_t len;
    switch (d->kind) {
    case CD_D_INT:
        if (d->flags & CD_DF_UNSIGNED)
            return PyLong_FromUnsignedLongLong((uint64_t)d->u.value);
        return PyLong_FromLongLong(d->u.value);
    case CD_D_FLOAT:
        return PyFloat_FromDouble(d->u.number);
    case CD_D_STRING: {
        const char *bytes = cd_text(tb->table, d->text, &len);
        return PyBytes_FromStringAndSize(bytes, len);
    }
    default:
        Py_RETURN_NONE;
    }
}

/* Parameter names, None for one without; an empty tuple: none is known. */
static PyObject *names_of(TableObject *tb, const cd_decl *d)
{
    const cd_ctype *f = cd_type(tb->table, cd_strip(tb->table, d->type));
    if (f->kind == CD_POINTER)
        f = cd_type(tb->table, cd_strip(tb->table, f->a));
    uint32_t n = d->params != 0 && f->kind == CD_FUNC ? (uint32_t)f->n : 0;
    PyObject *names = PyTuple_New(n);
    for (uint32_t i = 0; names != NULL && i < n; i++) {
        PyObject *one = text_of(tb, cd_id_at(tb->table, d->params + i));
        if (one == NULL)
            Py_CLEAR(names);
        else
            PyTuple_SET_ITEM(names, i, one);
    }
    return names;
}

PyDoc_STRVAR(table_decl_doc,
"decl(index) -> dict\n\n"
"The columns of a declared name's record, as parser/cd_parser.h has them.\n"
"value: int, float or bytes; params: their names; where: (file, line, column)\n"
"or None.  IndexError if there is no such declaration.");

static PyObject *table_decl(TableObject *tb, PyObject *arg)
{
    uint32_t i;
    cd_decl record, *d = &record;
    if (index_arg(arg, &i) < 0)
        return NULL;
    if (!cc_table_decl(tb, i, d)) {
        no_such_index(n_decls(tb));
        return NULL;
    }
    return Py_BuildValue(
        "{s:N,s:i,s:I,s:i,s:i,s:N,s:N,s:N,s:N}", "name", text_of(tb, d->name),
        "kind", (int)d->kind, "type", d->type, "flags", (int)d->flags,
        "include", (int)d->include, "value", value_of(tb, d), "params",
        names_of(tb, d), "text",
        d->kind == CD_D_STRING ? Py_NewRef(Py_None) : text_of(tb, d->text),
        "where", where_of(tb, d->where));
}

/* ---- the whole ----------------------------------------------------------- */

static PyObject *table_n_types(TableObject *tb, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLong(n_types(tb));
}

static PyObject *table_n_decls(TableObject *tb, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLong(n_decls(tb));
}

PyDoc_STRVAR(table_places_doc,
"places($self, /)\n--\n\n"
"(file, line, column) of all declarations, of those repeated as well.");

static PyObject *table_places(TableObject *tb, PyObject *Py_UNUSED(none))
{
    cc_table_lock(tb);
    uint32_t n = cd_n_wheres(tb->table);
    cc_table_unlock(tb);
    PyObject *list = PyList_New(n);
    for (uint32_t i = 1; list != NULL && i <= n; i++) {
        PyObject *place = where_of(tb, i);
        if (place == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i - 1, place);
    }
    return list;
}

static PyObject *table_bytes(TableObject *tb, void *Py_UNUSED(closure))
{
    return PyLong_FromSize_t(cd_table_bytes(tb->table));
}

/* All that can be reached, in the parser's order: include no is [no - 1]. */
static PyObject *table_includes(TableObject *tb, void *Py_UNUSED(closure))
{
    PyObject *list = PyList_New(0);
    for (uint32_t no = 1; list != NULL && cd_included(tb->table, no); no++) {
        TableObject *other = cc_table_include(tb, no);
        if (other == NULL || PyList_Append(list, (PyObject *)other) < 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *table_module(TableObject *tb, void *Py_UNUSED(closure))
{
    return Py_NewRef(tb->module ? tb->module : Py_None);
}

static PyObject *table_docs(TableObject *tb, void *Py_UNUSED(closure))
{
    return cc_table_docs(tb);
}

static int table_set_module(TableObject *tb, PyObject *name,
                            void *Py_UNUSED(closure))
{
    if (name == NULL || !PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "a module's name is a str");
        return -1;
    }
    Py_XSETREF(tb->module, Py_NewRef(name));
    return 0;
}

PyDoc_STRVAR(table_mark_out_of_line_doc,
"mark_out_of_line()\n\n"
"Names and errors are those of CFFI's out-of-line FFI from now on, where they\n"
"differ: `typedef struct s T;` makes a ctype 'struct s' and not 'T'.");

static PyObject *table_mark_out_of_line(TableObject *tb,
                                        PyObject *Py_UNUSED(none))
{
    tb->out_of_line = true;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(table_guess_enums_doc,
"guess_enums()\n\n"
"An enum without a body is unsigned int from now on, with a warning.");

static PyObject *table_guess_enums(TableObject *tb, PyObject *Py_UNUSED(none))
{
    cc_table_lock(tb);
    cd_guess_enums(tb->table);
    cc_table_unlock(tb);
    Py_RETURN_NONE;
}

static PyMethodDef table_methods[] = {
    {"type", (PyCFunction)table_type, METH_O, table_type_doc},
    {"members", (PyCFunction)table_members, METH_O, table_members_doc},
    {"params", (PyCFunction)table_params, METH_O, table_params_doc},
    {"spell", (PyCFunction)table_spell, METH_VARARGS, table_spell_doc},
    {"decl", (PyCFunction)table_decl, METH_O, table_decl_doc},
    {"places", (PyCFunction)table_places, METH_NOARGS, table_places_doc},
    {"mark_out_of_line", (PyCFunction)table_mark_out_of_line, METH_NOARGS,
     table_mark_out_of_line_doc},
    {"guess_enums", (PyCFunction)table_guess_enums, METH_NOARGS,
     table_guess_enums_doc},
    {"__reduce__", cc_refuse_pickle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef table_getset[] = {
    {"n_types", (getter)table_n_types, NULL, "the highest type id", NULL},
    {"n_decls", (getter)table_n_decls, NULL, "the highest index of decl()",
     NULL},
    {"includes", (getter)table_includes, NULL,
     "every Table that include() made visible; column a of an import is an "
     "index of it, counted from 1", NULL},
    {"module", (getter)table_module, (setter)table_set_module,
     "the name of the module that is made of it, or None; set by set_source",
     NULL},
    {"docs", (getter)table_docs, NULL,
     "what comments say, by name: a function's becomes part of its __doc__",
     NULL},
    {"bytes", (getter)table_bytes, NULL, "memory that the table holds", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- the type ------------------------------------------------------------ */

static int table_traverse(TableObject *tb, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(tb));
    if (tb->state != NULL)
        Py_VISIT(tb->state->module);
    Py_VISIT(tb->module);
    Py_VISIT(tb->docs);
    for (uint32_t i = 0; i < tb->n_includes; i++)
        Py_VISIT(tb->includes[i]);
    return cc_table_visit(tb, visit, arg);
}

/* The ctypes only: they can be made again, so that a table that some destructor
 * still uses while its cycle is taken apart stays a whole one.               */
static int table_clear(TableObject *tb)
{
    cc_table_forget(tb);
    return 0;
}

static void table_dealloc(TableObject *tb)
{
    PyTypeObject *type = Py_TYPE(tb);
    cc_state *st = tb->state;

    PyObject_GC_UnTrack(tb);
    cc_table_forget(tb);
    cc_table_free_parts(tb);
    type->tp_free(tb);
    Py_DECREF(type);
    if (st != NULL)
        Py_DECREF(st->module);
}

PyDoc_STRVAR(table_doc,
"What an FFI has declared, as the parser keeps it.  Read-only.");

static PyType_Slot table_slots[] = {
    {Py_tp_doc, (void *)table_doc},
    {Py_tp_dealloc, table_dealloc},
    {Py_tp_traverse, table_traverse},
    {Py_tp_clear, table_clear},
    {0, NULL},
};

PyType_Spec cc_table_spec = {
    .name = "cffi_core.Table",
    .basicsize = CC_SHARED_SIZE(TableObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = table_slots,
};

/* ---- the methods --------------------------------------------------------- */

/* STEALS descriptor.  0/-1                                                   */
static int add(PyTypeObject *type, const char *name, PyObject *descriptor)
{
    int failed = descriptor == NULL ? -1
                                    : PyDict_SetItemString(type->tp_dict, name,
                                                           descriptor);
    Py_XDECREF(descriptor);
    return failed;
}

/* A fifth of what an import would spend on types.  Every way to a table of
 * Python code begins at one that it got from here.                           */
static int show(cc_state *st)
{
    PyTypeObject *type = st->Table;
    if (st->table_shown)
        return 0;
    for (PyMethodDef *m = table_methods; m->ml_name != NULL; m++)
        if (add(type, m->ml_name, PyDescr_NewMethod(type, m)) < 0)
            return -1;
    for (PyGetSetDef *g = table_getset; g->name != NULL; g++)
        if (add(type, g->name, PyDescr_NewGetSet(type, g)) < 0)
            return -1;
    PyType_Modified(type);
    st->table_shown = true;
    return 0;
}

PyObject *cc_table_shown(TableObject *tb)
{
    return show(tb->state) < 0 ? NULL : Py_NewRef((PyObject *)tb);
}

int cc_table_init(cc_state *st)
{
    return CC_FREE_THREADED ? show(st) : 0;
}

/* ---- the words for the numbers ------------------------------------------- */

typedef struct word {
    const char *name;
    int value;
} word;

static const word TYPE_FLAGS[] = {
#define F(NAME) {#NAME, CD_F_##NAME},
    F(OPAQUE) F(PARTIAL) F(LATE) F(OPEN) F(DOTS) F(VARIADIC) F(NOPROTO)
    F(PACKED) F(FLEX) F(TRANSPARENT) F(UNAVAIL) F(TYPEDEF_NAME) F(BITFIELDS)
    F(SIGNED) F(LAID_OUT)
#undef F
    {NULL, 0},
};

static const word MEMBER_FLAGS[] = {
    {"FLEX", CD_M_FLEX}, {"STRADDLE", CD_M_STRADDLE}, {NULL, 0},
};

static const word DECL_KINDS[] = {
#define D(NAME) {#NAME, CD_D_##NAME},
    D(NONE) D(TYPEDEF) D(FUNCTION) D(VARIABLE) D(INT) D(FLOAT) D(STRING)
    D(MACRO) D(EXTERN_PYTHON) D(UNAVAILABLE)
#undef D
    {NULL, 0},
};

static const word DECL_FLAGS[] = {
#define D(NAME) {#NAME, CD_DF_##NAME},
    D(UNSIGNED) D(KEEP_GIL) D(PLUS_C) D(API) D(THREAD) D(CHECKED)
    D(ENUMERATOR) D(STATIC)
#undef D
    {NULL, 0},
};

static const word QUALS[] = {
#define Q(NAME) {#NAME, CD_Q_##NAME},
    Q(CONST) Q(VOLATILE) Q(RESTRICT) Q(ATOMIC)
#undef Q
    {NULL, 0},
};

static const word TYPE_KINDS[] = {
#define KIND(NAME, word) {#NAME, CD_##NAME},
#include "kinds.def"
    {NULL, 0},
};

static const word KIND_WORDS[] = { /* as type() has them */
#define KIND(NAME, word) {word, CD_##NAME},
#include "kinds.def"
    {NULL, 0},
};

static const word CLASSES[] = {
#define C(NAME) {#NAME, CD_CLASS_##NAME},
    C(VOID) C(BOOL) C(CHAR) C(SINT) C(UINT) C(FLOAT) C(COMPLEX) C(LATE)
#undef C
    {NULL, 0},
};

/* The primitives' names; their spellings and classes are the model's to ask. */
static const word PRIMS[] = {
#define PRIM(NAME, spelling, klass, rep) {#NAME, CD_PRIM_##NAME},
#include "prims.def"
    {NULL, 0},
};

/* A read-only mapping from word to number, by its name in the module. */
static int add_words(PyObject *module, const char *name, const word *words)
{
    PyObject *dict = PyDict_New(), *proxy = NULL;
    int failed = dict == NULL;
    for (; !failed && words->name != NULL; words++) {
        PyObject *value = PyLong_FromLong(words->value);
        failed = value == NULL ||
                 PyDict_SetItemString(dict, words->name, value) < 0;
        Py_XDECREF(value);
    }
    if (!failed)
        proxy = PyDictProxy_New(dict);
    failed = proxy == NULL || PyModule_AddObjectRef(module, name, proxy) < 0;
    Py_XDECREF(proxy);
    Py_XDECREF(dict);
    return failed ? -1 : 0;
}

/* By primitive number: the class of each. */
static int add_prim_classes(PyObject *module)
{
    PyObject *classes = PyTuple_New(CD_N_PRIMS);
    if (classes == NULL)
        return -1;
    for (int i = 0; i < CD_N_PRIMS; i++)
        PyTuple_SET_ITEM(classes, i,
                         PyLong_FromLong(i ? cd_prim_class(i) : 0));
    int failed = PyErr_Occurred() != NULL ||
                 PyModule_AddObjectRef(module, "PRIM_CLASSES", classes) < 0;
    Py_DECREF(classes);
    return failed ? -1 : 0;
}

PyObject *cc_table_words(PyObject *module, PyObject *name)
{
    static const struct { const char *name; const word *words; } all[] = {
        {"TYPE_KINDS", TYPE_KINDS},     {"TYPE_FLAGS", TYPE_FLAGS},
        {"MEMBER_FLAGS", MEMBER_FLAGS}, {"DECL_KINDS", DECL_KINDS},
        {"DECL_FLAGS", DECL_FLAGS},     {"QUALS", QUALS},
        {"PRIMS", PRIMS},               {"CLASSES", CLASSES},
        {"KIND_WORDS", KIND_WORDS},     {"PRIM_CLASSES", NULL},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (PyUnicode_CompareWithASCIIString(name, all[i].name) != 0)
            continue;
        int failed = all[i].words != NULL
                         ? add_words(module, all[i].name, all[i].words)
                         : add_prim_classes(module);
        return failed ? NULL : PyObject_GetAttr(module, name);
    }
    return PyErr_Format(PyExc_AttributeError,
                        "module '%s' has no attribute '%U'",
                        PyModule_GetName(module), name);
}
