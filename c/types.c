/* types.c - the types and exceptions of state.def.  MIT.
 *
 * Those that every program needs are made at import, the others when they are
 * first asked for.  Free-threaded builds make all of them at import: nobody has
 * to look then whether one is there.                                         */
#include "core.h"
#include <stddef.h>

static void **member_at(cc_state *st, size_t offset)
{
    return (void **)((char *)st + offset);
}

/* Adds a type to the module, which has the public ones by their own names.
 * STEALS type; NULL stays NULL.                                              */
static PyTypeObject *in_module(cc_state *st, PyTypeObject *type)
{
    if (type != NULL && PyModule_AddType(st->module, type) < 0)
        Py_CLEAR(type);
    return type;
}

static PyTypeObject *make_type(cc_state *st, PyType_Spec *spec,
                               PyTypeObject *base)
{
    PyObject *type =
        PyType_FromModuleAndSpec(st->module, spec, (PyObject *)base);
    if (type == NULL && !PyErr_Occurred()) /* CPython forgets it for one */
        PyErr_NoMemory();
    return in_module(st, (PyTypeObject *)type);
}

/* ---- made at import ------------------------------------------------------ */

/* Every TYPE of state.def, in its order: a base stands before its types.     */
static int make_types(cc_state *st)
{
#define BASE_object NULL
#define BASE_CData st->CData
#define BASE_CDataOwn st->CDataOwn
#define BASE_CDataFunc st->CDataFunc
#define TYPE(member, name, base)                                              \
    st->member = make_type(st, &cc_##name##_spec, BASE_##base);               \
    if (st->member == NULL)                                                   \
        goto done;                                                            \
    cc_share(st, (PyObject *)st->member, sizeof(PyHeapTypeObject));
#include "state.def"
    /* Only these files derive from them. */
    st->CData->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    st->CDataOwn->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    st->CDataFunc->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    return 0;
done:
    return -1;
}

int cc_types_init(cc_state *st)
{
    if (make_types(st) < 0)
        return -1;
    for (int i = 0; CC_FREE_THREADED && i < CC_N_LATE; i++)
        if (cc_late_type(st, i) == NULL)
            return -1;
    for (int i = 0; CC_FREE_THREADED && i < CC_N_ERRORS; i++)
        if (cc_error_class(st, i) == NULL)
            return -1;
    return 0;
}

/* ---- made when asked for ------------------------------------------------- */

/* Python code may run while a type is made, and make it as well: the first one
 * stays.  STEALS made.                                                       */
static BORROWED void *keep(void **member, PyTypeObject *made)
{
    if (*member == NULL)
        *member = made;
    else
        Py_XDECREF(made);
    return *member;
}

static const struct { size_t member; PyType_Spec *spec; } LATE[] = {
#define LATE(member, name) {offsetof(cc_state, member), &cc_##name##_spec},
#include "state.def"
};

BORROWED PyTypeObject *cc_late_type(cc_state *st, enum cc_late which)
{
    void **member = member_at(st, LATE[which].member);
    if (*member != NULL)
        return *member;
    PyTypeObject *made = make_type(st, LATE[which].spec, NULL);
    if (made != NULL && st->for_cffi && cc_name_type(made) < 0)
        Py_CLEAR(made);
    if (made == NULL)
        return NULL;
    if (which == CC_Buffer) /* before 3.14 there is no slot for it */
        made->tp_vectorcall = cc_buffer_call;
    cc_share(st, (PyObject *)made, sizeof(PyHeapTypeObject));
    return keep(member, made);
}

static const struct error {
    size_t member;
    int base;
    const char *name, *doc;
} ERRORS[] = {
#define ERROR(member, base, doc)                                              \
    {offsetof(cc_state, member), CC_##base, CC_PACKAGE "." #member, doc},
#include "state.def"
};

/* As a class statement would, at a quarter of its price.  No member of its own:
 * classes that have another exception as a base too need its shape.          */
static PyTypeObject *make_error(cc_state *st, const struct error *e)
{
    PyType_Slot slots[] = {
        {Py_tp_doc, (void *)e->doc},
        {0, NULL},
    };
    PyType_Spec spec = {
        .name = e->name,
        .basicsize = sizeof(PyBaseExceptionObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
        .slots = slots,
    };
    PyObject *base = e->base == CC_Exception ? PyExc_Exception
                                             : cc_error_class(st, e->base);
    return base ? make_type(st, &spec, (PyTypeObject *)base) : NULL;
}

BORROWED PyObject *cc_error_class(cc_state *st, enum cc_error which)
{
    void **member = member_at(st, ERRORS[which].member);
    if (*member != NULL)
        return *member;
    PyTypeObject *made = make_error(st, &ERRORS[which]);
    if (made != NULL && st->for_cffi && cc_name_error((PyObject *)made) < 0)
        Py_CLEAR(made);
    return made != NULL ? keep(member, made) : NULL;
}

BORROWED PyObject *cc_error(cc_state *st, enum cc_error which)
{
    PyObject *type = cc_error_class(st, which);
    if (type != NULL)
        return type;
    PyErr_Clear();
    return PyExc_MemoryError;
}

/* ---- by name ------------------------------------------------------------- */

static bool is_last_part(const char *dotted, PyObject *name)
{
    return PyUnicode_CompareWithASCIIString(name, strrchr(dotted, '.') + 1) ==
           0;
}

BORROWED PyObject *cc_type_named(cc_state *st, PyObject *name)
{
    for (int i = 0; i < CC_N_LATE; i++)
        if (is_last_part(LATE[i].spec->name, name))
            return (PyObject *)cc_late_type(st, i);
    for (int i = 0; i < CC_N_ERRORS; i++)
        if (is_last_part(ERRORS[i].name, name))
            return cc_error_class(st, i);
    return NULL;
}
