/* cdata_new.c - ffi.new(): how much memory, how aligned, with what in it. */
#include "cdata.h"

/* ---- sizes --------------------------------------------------------------- */

static int plan_array(CTypeObject *ct, cc_request *rq)
{
    Py_ssize_t length = ct->length, size = ct->item->size;
    rq->target = ct;
    if (length < 0) {
        PyObject *init = rq->init != NULL ? rq->init : Py_None;
        length = cc_length_from(ct, &init);
        if (length < 0)
            return -1;
        rq->init = init;
    }
    if (size > 0 && length > PY_SSIZE_T_MAX / size) {
        PyErr_SetString(PyExc_OverflowError,
                        "array size would overflow a Py_ssize_t");
        return -1;
    }
    rq->extent = length;
    rq->bytes = length * size;
    return 0;
}

static int plan_pointer(CTypeObject *ct, cc_request *rq)
{
    CTypeObject *item = rq->target = ct->item;
    if (cc_is_record(item) && !(item->flags & CT_OPAQUE) &&
        cc_record_ready(item) < 0)
        return -1;
    if (item->flags & (CT_LATE | CT_UNAVAIL))
        return cc_error_not_usable(item);
    if (item->size < 0) {
        PyErr_Format(PyExc_TypeError,
                     "cannot instantiate ctype '%U' of unknown size",
                     item->name);
        return -1;
    }
    rq->bytes = item->size;
    if (rq->init != NULL && item->flags & CT_FLEX &&
        cc_record_size(item, rq->init, &rq->bytes) < 0)
        return -1;
    rq->extent = rq->bytes;
    /* string() stops at the NUL behind a single character. */
    if (item->flags & (CT_CHARLIKE | CT_WIDE))
        rq->bytes *= 2;
    return 0;
}

int cc_request_plan(CTypeObject *ct, PyObject *init, cc_request *rq)
{
    rq->init = init == Py_None ? NULL : init;
    if (ct->kind == CD_POINTER)
        return plan_pointer(ct, rq);
    if (ct->kind == CD_ARRAY)
        return plan_array(ct, rq);
    PyErr_Format(PyExc_TypeError,
                 "expected a pointer or array ctype, got '%U'", ct->name);
    return -1;
}

/* ---- contents ----------------------------------------------------------- */

/* A record of one size is copied by its writer; one with a flexible array
 * comes with as much as its own cdata has.                                  */
static bool copy_flexible(const cc_request *rq, char *data)
{
    CDataObject *from = (CDataObject *)rq->init;
    if (!(rq->target->flags & CT_FLEX) || !cc_cdata_like(rq->init) ||
        from->ct != rq->target)
        return false;
    memcpy(data, from->data, (size_t)rq->bytes);
    return true;
}

int cc_request_fill(const cc_request *rq, char *data)
{
    CTypeObject *target = rq->target;
    if (rq->init == NULL || copy_flexible(rq, data))
        return 0;
    if (target->kind == CD_ARRAY)
        return cc_write_array(target, data,
                              target->length < 0 ? rq->extent : target->length,
                              rq->init);
    if (target->flags & CT_FLEX)
        return cc_write_record_within(target, data, rq->bytes, rq->init);
    return target->write(target, data, rq->init);
}

/* In memory that is not cleared, what string() stops at.                     */
void cc_request_end(const cc_request *rq, char *data)
{
    if (rq->target->kind != CD_ARRAY && rq->bytes > rq->extent)
        memset(data + rq->extent, 0, (size_t)(rq->bytes - rq->extent));
}

PyObject *cc_new(CTypeObject *ct, PyObject *init, size_t align, bool clear)
{
    cc_request rq;
    if (cc_request_plan(ct, init, &rq) < 0)
        return NULL;
    CDataSized *cs = cc_cdata_alloc_aligned(ct->state->CDataOwn, ct, rq.bytes,
                                            rq.extent, align, clear);
    if (cs != NULL && !clear)
        cc_request_end(&rq, cs->base.data);
    if (cs != NULL && cc_request_fill(&rq, cs->base.data) < 0)
        Py_CLEAR(cs);
    return (PyObject *)cs;
}
