/* call_argument.h - one Python argument of a call into its word.
 *
 * Most come in their plain form, an int, a float, bytes, a cdata of a type that
 * fits: converting that runs no Python code and takes no memory, so it is all
 * in place in the entries (call_quick.c).                                    */
#ifndef CC_CALL_ARGUMENT_H
#define CC_CALL_ARGUMENT_H
#include "cdata.h"
#include "plan.h"
#include "call_temps.h"

/* ---- in their plain form; false: it is not, or is wrong ------------------ */

/* Any exact int, if it fits. */
bool cc_plain_integer(const CTypeObject *ct, PyObject *o, cc_word *w);
/* _Bool and characters of one byte. */
bool cc_plain_letter(const CTypeObject *ct, PyObject *o, cc_word *w);

static inline bool cc_plain_float(float value, cc_word *w)
{
    w->u = 0;
    memcpy(w, &value, sizeof value);
    return true;
}

/* A cdata's address: of just this type, which most are, or of one that fits. */
CC_INLINE bool cc_plain_address(CTypeObject *ct, PyObject *o, cc_word *w,
                                bool exact)
{
    CDataObject *cd = (CDataObject *)o;
    if (CC_UNLIKELY(!cc_cdata_like(o)))
        return false;
    w->p = cd->data;
    return (CC_LIKELY(cd->ct == ct) ||
            (!exact && cc_pointer_fits(ct, cd->ct))) &&
           CC_LIKELY(!cc_is_from_buffer(o));
}

/* code: the back-end's.                                                      */
CC_INLINE bool cc_plain_argument(const cc_plan_arg *a, uint8_t code,
                                 PyObject *o, cc_word *w)
{
    Py_ssize_t small;
    switch (code) {
    case CC_ARG_INT:
        if (CC_UNLIKELY(!cc_small_int(o, &small)))
            return cc_plain_integer(a->ct, o, w);
        w->i = small;
        return true;
    case CC_ARG_UINT:
        if (CC_UNLIKELY(!cc_small_int(o, &small) || small < 0))
            return cc_plain_integer(a->ct, o, w);
        w->i = small;
        return true;
    case CC_ARG_SIGNED:
    case CC_ARG_UNSIGNED: return cc_plain_integer(a->ct, o, w);
    case CC_ARG_DOUBLE:
        if (CC_UNLIKELY(!PyFloat_CheckExact(o)))
            return false;
        w->d = PyFloat_AS_DOUBLE(o);
        return true;
    case CC_ARG_FLOAT:
        return CC_LIKELY(PyFloat_CheckExact(o)) &&
               cc_plain_float((float)PyFloat_AS_DOUBLE(o), w);
    case CC_ARG_POINTER:
        if (!a->bytes || !PyBytes_Check(o))
            return cc_plain_address(a->ct, o, w, false);
        w->p = PyBytes_AS_STRING(o);
        return true;
    case CC_ARG_WORD: return cc_plain_letter(a->ct, o, w);
    case CC_ARG_STORAGE: return cc_plain_address(a->ct, o, w, true);
    default: CC_UNREACHABLE();
    }
}

/* ---- in any form --------------------------------------------------------- */

/* code: the back-end's.  What a temporary is made for lives in temps.  0/-1  */
int cc_argument(const cc_plan_arg *a, uint8_t code, PyObject *o, cc_word *w,
                cc_temps *temps);

#endif
