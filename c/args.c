/* args.c - arguments of vectorcalled methods, and what is wrong with them.   */
#include "core.h"

static CC_COLD int too_many(const cc_params *p, Py_ssize_t given)
{
    PyErr_Format(PyExc_TypeError, 
                 "%s() takes at most %d argument%s (%zd given)", p->method,
                 p->n, p->n == 1 ? "" : "s", given);
    return -1;
}

static CC_COLD int missing(const cc_params *p, int i)
{
    PyErr_Format(PyExc_TypeError,
                 "%s() missing required argument '%s' (pos %d)", p->method,
                 p->name[i], i + 1);
    return -1;
}

static CC_COLD int unknown_keyword(const cc_params *p, PyObject *name)
{
    PyErr_Format(PyExc_TypeError,
                 "'%U' is an invalid keyword argument for %s()", name,
                 p->method);
    return -1;
}

static CC_COLD int given_twice(const cc_params *p, int i)
{
    PyErr_Format(PyExc_TypeError,
                 "argument for %s() given by name ('%s') and position (%d)",
                 p->method, p->name[i], i + 1);
    return -1;
}

static int place_keyword(const cc_params *p, PyObject *name, PyObject *value,
                         PyObject **out)
{
    for (int i = 0; i < p->n; i++) {
        if (PyUnicode_CompareWithASCIIString(name, p->name[i]) != 0)
            continue;
        if (out[i] != NULL)
            return given_twice(p, i);
        out[i] = value;
        return 0;
    }
    return unknown_keyword(p, name);
}

int cc_args(const cc_params *p, PyObject *const *args, Py_ssize_t nargs,
            PyObject *kwnames, PyObject **out)
{
    Py_ssize_t n_keywords = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;

    if (CC_UNLIKELY(nargs + n_keywords > p->n))
        return too_many(p, nargs + n_keywords);
    for (int i = 0; i < p->n; i++)
        out[i] = i < nargs ? args[i] : NULL;
    for (Py_ssize_t k = 0; k < n_keywords; k++)
        if (place_keyword(p, PyTuple_GET_ITEM(kwnames, k), args[nargs + k],
                          out) < 0)
            return -1;
    for (int i = 0; i < p->required; i++)
        if (CC_UNLIKELY(out[i] == NULL))
            return missing(p, i);
    return 0;
}
