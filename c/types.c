/* types.c - the types and exceptions of state.def.  MIT.
 *
 * Importing a module needs few of them, its first ctype some more; the others
 * are made when they are first asked for.  Free-threaded builds make all at
 * import: nobody has to look then whether one is there.                      */
#include "module.h"
#include <stddef.h>
#include <stdio.h>

/* ---- the state ----------------------------------------------------------- */

/* The module's, the same in all interpreters.                                */
static void *definition;

cc_state *cc_state_of_module(PyObject *module)
{
    if (!PyModule_Check(module) || PyModule_GetDef(module) != definition)
        return NULL;
    return PyModule_GetState(module);
}

cc_state *cc_state_of_type(PyTypeObject *heap_type)
{
    /* The module of a type made here is its own; of a subclass, inherited.   */
    PyObject *module = PyType_GetModuleByDef(heap_type, definition);
    return PyModule_GetState(module);
}

/* ---- making -------------------------------------------------------------- */

static void **member_at(cc_state *st, size_t offset)
{
    return (void **)((char *)st + offset);
}

/* Adds a type to the module, which has the public ones by their own names, the
 * first one of a name.  STEALS type; NULL stays NULL.                        */
static PyTypeObject *in_module(cc_state *st, PyTypeObject *type)
{
    if (type == NULL)
        return NULL;
    const char *name = strrchr(type->tp_name, '.') + 1;
    PyObject *names = PyModule_GetDict(st->module); /* borrowed */
    PyObject *word = PyUnicode_InternFromString(name);
    if (word == NULL ||
        PyDict_SetDefault(names, word, (PyObject *)type) == NULL)
        Py_CLEAR(type);
    Py_XDECREF(word);
    return type;
}

/* Only these files derive from the types of cdata: a base is open while one is
 * made, when nothing else runs.                                              */
static PyObject *derive(cc_state *st, PyType_Spec *spec, PyTypeObject *base)
{
    bool closed = base != NULL && !(base->tp_flags & Py_TPFLAGS_BASETYPE);
    int collects = closed && PyGC_Disable();
    if (closed)
        base->tp_flags |= Py_TPFLAGS_BASETYPE;
    PyObject *type =
        PyType_FromModuleAndSpec(st->module, spec, (PyObject *)base);
    if (closed)
        base->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    if (collects)
        PyGC_Enable();
    return type;
}

static PyTypeObject *make_type(cc_state *st, PyType_Spec *spec,
                               PyTypeObject *base)
{
    PyObject *type = derive(st, spec, base);
    if (type == NULL && !PyErr_Occurred()) /* CPython forgets it for one */
        PyErr_NoMemory();
    return in_module(st, (PyTypeObject *)type);
}

/* ---- CFFI's names for them ----------------------------------------------- */

/* The name a type has in messages is kept for as long as the process lives,
 * as nobody knows when the last of them is shown.                            */
static int name_type(PyTypeObject *type)
{
    static const char MODULE[] = "_cffi_backend";
    PyObject *word = PyUnicode_FromString(MODULE);
    if (word == NULL)
        return -1;
    const char *name = strrchr(type->tp_name, '.');
    size_t size = sizeof MODULE + strlen(name);
    char *full = PyMem_RawMalloc(size);
    int failed = full == NULL ||
                 PyDict_SetItemString(type->tp_dict, "__module__", word) < 0;
    Py_DECREF(word);
    if (failed) {
        PyMem_RawFree(full);
        return -1;
    }
    snprintf(full, size, "%s%s", MODULE, name);
    type->tp_name = full;
    PyType_Modified(type);
    return 0;
}

/* FFIError is cffi's, as are its like.                                       */
static int name_error(PyObject *type)
{
    PyObject *word = PyUnicode_FromString("cffi");
    int failed = word == NULL ||
                 PyObject_SetAttrString(type, "__module__", word) < 0;
    Py_XDECREF(word);
    return failed ? -1 : 0;
}

int cc_name_types(cc_state *st)
{
    if (st->for_cffi)
        return 0;
    st->for_cffi = true; /* those that are made from now on */
    int failed = 0;
#define TYPE(member, name, base)                                              \
    failed |= st->member && name_type(st->member);
#define ERROR(member, base, doc)                                              \
    failed |= st->member && name_error(st->member);
#include "state.def"
    return failed ? -1 : 0;
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

static const struct type {
    size_t member;
    int base;
    enum { AT_IMPORT, WITH_CTYPES, ASKED_FOR } when;
} TYPES[] = {
#define ROW(member, base, when) {offsetof(cc_state, member), CC_##base, when},
#define TYPE(member, name, base) ROW(member, base, AT_IMPORT)
#define DATA(member, name, base) ROW(member, base, WITH_CTYPES)
#define LATE(member, name, base) ROW(member, base, ASKED_FOR)
#include "state.def"
};

/* CType comes after all that is DATA, so that no ctype is without it.  0/-1  */
static int make_data_types(cc_state *st)
{
    for (int i = 0; i < CC_CType; i++)
        if (TYPES[i].when == WITH_CTYPES && cc_type(st, i) == NULL)
            return -1;
    return 0;
}

static PyTypeObject *new_type(cc_state *st, enum cc_type which)
{
    PyTypeObject *base = NULL, *made;
    if (which == CC_CType && make_data_types(st) < 0)
        return NULL;
    if (TYPES[which].base != CC_object &&
        (base = cc_type(st, TYPES[which].base)) == NULL)
        return NULL;
    made = make_type(st, st->specs->types[which], base);
    if (made != NULL && st->for_cffi && name_type(made) < 0)
        Py_CLEAR(made);
    if (made != NULL && which == CC_Buffer) /* before 3.14 there is no slot */
        made->tp_vectorcall = st->specs->buffer_call;
    return made;
}

BORROWED PyTypeObject *cc_type(cc_state *st, enum cc_type which)
{
    void **member = member_at(st, TYPES[which].member);
    if (*member != NULL)
        return *member;
    PyTypeObject *made = new_type(st, which);
    if (made == NULL)
        return NULL;
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
    if (made != NULL && st->for_cffi && name_error((PyObject *)made) < 0)
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
    for (int i = 0; i < CC_N_TYPES; i++)
        if (is_last_part(st->specs->types[i]->name, name))
            return (PyObject *)cc_type(st, i);
    for (int i = 0; i < CC_N_ERRORS; i++)
        if (is_last_part(ERRORS[i].name, name))
            return cc_error_class(st, i);
    return NULL;
}

/* ---- at import ----------------------------------------------------------- */

int cc_types_init(cc_state *st)
{
    cc_publish_once(&definition, PyModule_GetDef(st->module));
    for (int i = 0; i < CC_N_TYPES; i++)
        if ((CC_FREE_THREADED || TYPES[i].when == AT_IMPORT) &&
            cc_type(st, i) == NULL)
            return -1;
    for (int i = 0; CC_FREE_THREADED && i < CC_N_ERRORS; i++)
        if (cc_error_class(st, i) == NULL)
            return -1;
    return 0;
}
