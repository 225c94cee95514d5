/* write_record.c - initializers of structs and unions.                      */
#include "cdata.h"

/* ---- pairs of field and value ------------------------------------------- */

typedef int (*pair_visitor)(CFieldObject *f, PyObject *value, void *arg);

static CC_COLD int too_many(CTypeObject *record, Py_ssize_t got)
{
    PyErr_Format(PyExc_ValueError, "too many initializers for '%U' (got %zd)",
                 record->name, got);
    return -1;
}

/* The next field that takes part in an initializer by position, from *i on. */
static CFieldObject *next_field(CTypeObject *record, Py_ssize_t *i)
{
    CFieldObject *f;
    while ((f = cc_field_at(record, (*i)++)) != NULL)
        if (!(f->flags & CF_IGNORE_IN_INIT))
            return f;
    return NULL;
}

static int check_count(CTypeObject *record, Py_ssize_t got)
{
    Py_ssize_t i = 0, there = 0;
    while (there < got && next_field(record, &i) != NULL)
        there++;
    return there < got ? too_many(record, got) : 0;
}

static int each_by_position(CTypeObject *record, PyObject *init,
                            pair_visitor visit, void *arg)
{
    bool list = PyList_Check(init);
    Py_ssize_t n = Py_SIZE(init), next = 0;
    if (check_count(record, n) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        CFieldObject *f = next_field(record, &next);
        PyObject *value = list ? cc_list_item(init, i)
                               : Py_NewRef(PyTuple_GET_ITEM(init, i));
        if (value == NULL)
            return -1;
        int status = visit(f, value, arg);
        if (CC_UNLIKELY(status < 0))
            cc_note_field(record, f, value);
        Py_DECREF(value);
        if (status < 0)
            return -1;
    }
    return 0;
}

static int each_by_name(CTypeObject *record, PyObject *init,
                        pair_visitor visit, void *arg)
{
    /* A copy of the items: conversion runs Python code. */
    PyObject *items = PyDict_Items(init);
    int status = items == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; status == 0 && i < PyList_GET_SIZE(items); i++) {
        PyObject *pair = PyList_GET_ITEM(items, i);
        PyObject *name = PyTuple_GET_ITEM(pair, 0);
        CFieldObject *f = NULL;
        if (PyUnicode_Check(name))
            f = cc_field_get(record, name);
        if (f == NULL) {
            if (!PyErr_Occurred())
                PyErr_SetObject(PyExc_KeyError, name);
            cc_note_no_field(record);
            status = -1;
        } else {
            status = visit(f, PyTuple_GET_ITEM(pair, 1), arg);
            if (CC_UNLIKELY(status < 0))
                cc_note_field(record, f, PyTuple_GET_ITEM(pair, 1));
        }
    }
    Py_XDECREF(items);
    return status;
}

/* Visits what an initializer says.  1: it is neither sequence nor dict. */
static int each_pair(CTypeObject *record, PyObject *init, pair_visitor visit,
                     void *arg)
{
    if (PyList_Check(init) || PyTuple_Check(init))
        return each_by_position(record, init, visit, arg);
    if (PyDict_Check(init))
        return each_by_name(record, init, visit, arg);
    return 1;
}

/* ---- writing ------------------------------------------------------------ */

typedef struct destination {
    char *record;
    Py_ssize_t room;        /* bytes there: more than the record's size when
                               it ends in a flexible array that has items    */
} destination;

static int write_flexible(CFieldObject *f, PyObject *value,
                          const destination *to)
{
    Py_ssize_t item = f->type->item->size;
    PyObject *init = value;
    if (f->type->length == 0) /* `T a[0]`: as it says */
        return f->type->write(f->type, to->record + f->offset, value);
    if (cc_length_from(f->type, &init) < 0)
        return -1;
    if (init == NULL) /* but a length: the items stay zero */
        return 0;
    return cc_write_array(f->type, to->record + f->offset,
                          item > 0 ? (to->room - f->offset) / item : 0, init);
}

static int write_pair(CFieldObject *f, PyObject *value, void *arg)
{
    const destination *to = arg;
    if (f->bitshift == -2)
        return write_flexible(f, value, to);
    if (f->type->flags & CT_FLEX && cc_is_record(f->type))
        return cc_write_record_within(f->type, to->record + f->offset,
                                      to->room - f->offset, value);
    return cc_field_write(f, to->record, value);
}

/* A transparent union takes what any of its members takes.  1: none does. */
static int write_transparent(CTypeObject *record, char *p, PyObject *init)
{
    CFieldObject *f;
    for (Py_ssize_t i = 0; (f = cc_field_at(record, i)) != NULL; i++) {
        if (cc_field_write(f, p, init) == 0)
            return 0;
        if (!PyErr_ExceptionMatches(PyExc_TypeError))
            return -1;
        PyErr_Clear();
    }
    return 1;
}

int cc_write_record_within(CTypeObject *record, char *p, Py_ssize_t room,
                           PyObject *init)
{
    CDataObject *from = (CDataObject *)init;
    destination to = {p, room};
    if (cc_cdata_like(init) && from->ct == record && record->size >= 0) {
        if (from->data == NULL) {
            cc_error_null("dereference null pointer", record);
            return -1;
        }
        memmove(p, from->data, (size_t)record->size);
        return 0;
    }
    if (record->flags & CT_OPAQUE)
        return cc_write_nothing(record, p, init);
    if (cc_record_ready(record) < 0)
        return -1;
    int status = each_pair(record, init, write_pair, &to);
    if (status > 0 && record->flags & CT_TRANSPARENT)
        status = write_transparent(record, p, init);
    if (status > 0) {
        cc_error_init(record, init, "list or tuple or dict or struct-cdata");
        return -1;
    }
    return status;
}

int cc_write_record(CTypeObject *record, char *p, PyObject *init)
{
    return cc_write_record_within(record, p, record->size, init);
}

/* ---- records that end in a flexible array ------------------------------- */

/* Grows *arg to what the field's value needs. */
static int size_pair(CFieldObject *f, PyObject *value, void *arg)
{
    Py_ssize_t *bytes = arg, need = 0;
    if (f->bitshift == -2 && f->type->length < 0) {
        Py_ssize_t item = f->type->item->size;
        Py_ssize_t n = cc_length_from(f->type, &value);
        if (n < 0)
            return -1;
        if (item > 0 && n > (PY_SSIZE_T_MAX - f->offset) / item) {
            PyErr_SetString(PyExc_OverflowError,
                            "array size would overflow a Py_ssize_t");
            return -1;
        }
        need = f->offset + n * item;
    } else if (f->type->flags & CT_FLEX && cc_is_record(f->type)) {
        if (cc_record_size(f->type, value, &need) < 0)
            return -1;
        need += f->offset;
    }
    if (need > *bytes)
        *bytes = need;
    return 0;
}

int cc_record_size(CTypeObject *record, PyObject *init, Py_ssize_t *bytes)
{
    CDataObject *from = (CDataObject *)init;
    if (cc_cdata_like(init) && from->ct == record) {
        *bytes = cc_cdata_bytes(from);
        return 0;
    }
    *bytes = record->size;
    if (cc_record_ready(record) < 0)
        return -1;
    /* What is no initializer at all is the writer's to refuse. */
    return each_pair(record, init, size_pair, bytes) < 0 ? -1 : 0;
}
