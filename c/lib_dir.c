/* lib_dir.c - the names that a Lib shows: dir(), __dict__, __all__.  MIT.
 *
 * They are what its FFI declares, and the constants of what that includes:
 * these have a value wherever they are asked for.  Functions and variables are
 * shown by the Lib of the FFI that declares them.                            */
#include "lib.h"

/* ---- where names go ------------------------------------------------------ */

static int add_to_dir(LibObject *lib, bool variable, PyObject *name,
                      PyObject *list)
{
    (void)lib, (void)variable;
    return PyList_Append(list, name);
}

static int add_to_all(LibObject *lib, bool variable, PyObject *name,
                      PyObject *list)
{
    (void)lib;
    return variable ? 0 : PyList_Append(list, name);
}

static int add_to_dict(LibObject *lib, bool variable, PyObject *name,
                       PyObject *dict)
{
    (void)variable;
    PyObject *value = PyObject_GetAttr((PyObject *)lib, name);
    if (value == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError) &&
            !PyErr_ExceptionMatches(PyExc_NotImplementedError))
            return -1;
        PyErr_Clear(); /* declared, but not there */
        return 0;
    }
    int failed = PyDict_SetItem(dict, name, value);
    Py_DECREF(value);
    return failed;
}

/* ---- where they come from ------------------------------------------------ */

static bool is_constant(int kind)
{
    return kind == CD_D_INT || kind == CD_D_FLOAT || kind == CD_D_STRING;
}

/* 1: the name is, in this Lib, a constant that is not its own; -1: exception.
 */
static int is_included(LibObject *lib, PyObject *name)
{
    Py_ssize_t length;
    cc_lib_found found = {.global = NULL};
    const char *utf8 = PyUnicode_AsUTF8AndSize(name, &length);
    int there = utf8 ? lib->kind->find(lib, utf8, length, &found) : -1;
    if (there <= 0)
        return there;
    if (found.global != NULL)
        return found.from != lib && is_constant(found.global->kind);
    return found.decl.include != 0 && is_constant(found.decl.kind);
}

/* Names of constants that tb and what it includes declare, into a set.  0/-1 */
static int collect_constants(TableObject *tb, PyObject *set)
{
    cd_decl d;
    if (cc_table_fill(tb) < 0)
        return -1;
    for (uint32_t i = tb->first_decl; cc_table_decl(tb, i, &d); i++) {
        if (d.include != 0 || !is_constant(d.kind))
            continue;
        PyObject *name = PyUnicode_FromString(cd_text(tb->table, d.name, NULL));
        int failed = name != NULL ? PySet_Add(set, name) : -1;
        Py_XDECREF(name);
        if (failed)
            return -1;
    }
    for (uint32_t i = 0; i < CC_LOAD(tb->n_includes); i++)
        if (collect_constants(tb->includes[i], set) < 0)
            return -1;
    return 0;
}

static int visit_included(LibObject *lib, cc_lib_visit *f, PyObject *to)
{
    int failed = -1;
    PyObject *name, *set = PySet_New(NULL), *names = NULL;
    TableObject *tb = lib->table;
    for (uint32_t i = 0; set != NULL && i < CC_LOAD(tb->n_includes); i++)
        if (collect_constants(tb->includes[i], set) < 0)
            goto done;
    names = set != NULL ? PyObject_GetIter(set) : NULL;
    while (names != NULL && (name = PyIter_Next(names)) != NULL) {
        int shown = is_included(lib, name);
        if (shown > 0)
            shown = f(lib, false, name, to);
        Py_DECREF(name);
        if (shown < 0)
            goto done;
    }
    failed = PyErr_Occurred() ? -1 : 0;
done:
    Py_XDECREF(names);
    Py_XDECREF(set);
    return failed;
}

static int visit_all(LibObject *lib, cc_lib_visit *f, PyObject *to)
{
    if (lib->kind->each(lib, f, to) < 0)
        return -1;
    return CC_LOAD(lib->table->n_includes) > 0 ? visit_included(lib, f, to)
                                               : 0;
}

/* ---- what is shown ------------------------------------------------------- */

static PyObject *list_of(LibObject *lib, cc_lib_visit *f)
{
    PyObject *list = PyList_New(0);
    if (list != NULL &&
        (visit_all(lib, f, list) < 0 || PyList_Sort(list) < 0))
        Py_CLEAR(list);
    return list;
}

PyObject *cc_lib_dir(PyObject *lib, PyObject *Py_UNUSED(unused))
{
    return list_of((LibObject *)lib, add_to_dir);
}

PyObject *cc_lib_all(LibObject *lib)
{
    return list_of(lib, add_to_all);
}

PyObject *cc_lib_dict(LibObject *lib)
{
    PyObject *dict = PyDict_New();
    if (dict != NULL && visit_all(lib, add_to_dict, dict) < 0)
        Py_CLEAR(dict);
    return dict;
}
