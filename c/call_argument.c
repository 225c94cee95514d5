/* call_argument.c - see call_argument.h.  MIT. */
#include "call_argument.h"

/* ---- plain forms --------------------------------------------------------- */

bool cc_plain_integer(const CTypeObject *ct, PyObject *o, cc_word *w)
{
    int overflow;
    if (!PyLong_CheckExact(o))
        return false;
    w->i = PyLong_AsLongLongAndOverflow(o, &overflow);
    unsigned unused = 64 - 8 * (unsigned)ct->size;
    return overflow == 0 && (ct->is_signed
                                 ? (int64_t)(w->u << unused) >> unused == w->i
                                 : w->i >= 0 &&
                                       w->u << unused >> unused == w->u);
}

bool cc_plain_letter(const CTypeObject *ct, PyObject *o, cc_word *w)
{
    Py_ssize_t small = o == Py_True;
    if (ct->flags & CT_BOOL) {
        bool plain = PyBool_Check(o) || cc_small_int(o, &small);
        w->i = small;
        return plain && w->u <= 1;
    }
    if (ct->klass != CD_CLASS_CHAR || ct->size != 1 || !PyBytes_CheckExact(o) ||
        PyBytes_GET_SIZE(o) != 1)
        return false;
    char letter = *PyBytes_AS_STRING(o);
    w->i = ct->is_signed ? (signed char)letter : (unsigned char)letter;
    return true;
}

/* ---- pointers ------------------------------------------------------------ */

/* A temporary array for an argument of pointer type ct, from an initializer. */
static int pointer_from_initializer(CTypeObject *ct, PyObject *o, cc_word *w,
                                    cc_temps *temps, Py_ssize_t need)
{
    w->p = cc_temps_get(temps, need, cc_align_of(ct->item));
    if (w->p == NULL)
        return -1;
    return cc_fill_pointer_arg(ct, o, w->p, need);
}

static int pointer_argument(CTypeObject *ct, PyObject *o, cc_word *w,
                            cc_temps *temps)
{
    Py_ssize_t need;
    PyObject *keep;
    switch (cc_pointer_arg(ct, o, (char **)&w->p, &need, &keep)) {
    case 0: return CC_LIKELY(keep == NULL) ? 0 : cc_temps_keep(temps, keep);
    case 1: return pointer_from_initializer(ct, o, w, temps, need);
    default: return -1;
    }
}

/* ---- what travels by address --------------------------------------------- */

/* A member of pointer type takes what an argument of that type takes.        */
static int write_choice(CFieldObject *f, char *p, PyObject *o, cc_temps *temps)
{
    cc_word w;
    if (f->type->kind != CD_POINTER)
        return cc_field_write(f, p, o);
    if (pointer_argument(f->type, o, &w, temps) < 0)
        return -1;
    memcpy(p, &w.p, sizeof w.p);
    return 0;
}

/* Any member's type will do for a transparent union.                         */
static int write_transparent(CTypeObject *ct, char *p, PyObject *o,
                             cc_temps *temps)
{
    for (Py_ssize_t i = 0; i < cc_field_count(ct); i++) {
        if (write_choice(cc_field_at(ct, i), p, o, temps) == 0)
            return 0;
        if (!PyErr_ExceptionMatches(PyExc_TypeError))
            return -1;
        PyErr_Clear();
    }
    return ct->write(ct, p, o);
}

/* What travels by address: the value of a cdata as it is, else a temporary.  */
static int storage_argument(const cc_plan_arg *a, PyObject *o, cc_word *w,
                            cc_temps *temps)
{
    CTypeObject *ct = a->ct;
    if (cc_cdata_like(o) && ((CDataObject *)o)->ct == ct) {
        w->p = ((CDataObject *)o)->data;
        return 0;
    }
    w->p = cc_temps_get(temps, ct->size, cc_align_of(ct));
    if (w->p == NULL)
        return -1;
    if (ct->flags & CT_TRANSPARENT)
        return write_transparent(ct, w->p, o, temps);
    return ct->write(ct, w->p, o);
}

static int word_argument(const cc_plan_arg *a, PyObject *o, cc_word *w)
{
    w->u = 0;
    if (a->ct->write(a->ct, (char *)w, o) < 0)
        return -1;
    if (a->ct->klass != CD_CLASS_FLOAT)
        cc_widen(a->ct, w);
    return 0;
}

/* ---- all ----------------------------------------------------------------- */

int cc_argument(const cc_plan_arg *a, uint8_t code, PyObject *o, cc_word *w,
                cc_temps *temps)
{
    if (CC_LIKELY(cc_plain_argument(a, code, o, w)))
        return 0;
    switch (code) {
    case CC_ARG_INT:
    case CC_ARG_SIGNED: return cc_to_int64(a->ct, o, &w->i);
    case CC_ARG_UINT:
    case CC_ARG_UNSIGNED: return cc_to_uint64(a->ct, o, &w->u);
    case CC_ARG_DOUBLE:
    case CC_ARG_FLOAT:
    case CC_ARG_WORD: return word_argument(a, o, w);
    case CC_ARG_POINTER: return pointer_argument(a->ct, o, w, temps);
    default: return storage_argument(a, o, w, temps);
    }
}
