/* by_value.c - how values of a type travel: as which word, or not at all.  MIT.
 */
#include "plan.h"

/* Why a value of the type cannot be passed. */
static CC_COLD int not_ready(CTypeObject *ct)
{
    cc_state *st = ct->state;
    if (ct->flags & CT_UNAVAIL)
        PyErr_Format(cc_error(st, CC_FFIError),
                     "ctype '%U' is not available: %s", ct->name,
                     cd_why(ct->table->table, ct->id));
    else if (ct->flags & CT_LATE)
        PyErr_Format(cc_error(st, CC_VerificationMissing),
                     "ctype '%U' is only known once it is compiled", ct->name);
    else
        PyErr_Format(PyExc_TypeError, "ctype '%U' has incomplete type",
                     ct->name);
    return -1;
}

int cc_by_value_ready(CTypeObject *ct)
{
    if (ct->flags & CT_UNAVAIL)
        return not_ready(ct);
    if (cc_is_record(ct))
        return cc_record_ready(ct);
    if (ct->size < 0 || (ct->flags & (CT_LATE | CT_OPAQUE)))
        return not_ready(ct);
    return 0;
}

int cc_arg_code_of(const CTypeObject *ct)
{
    if (cc_is_pointer(ct))
        return CC_ARG_POINTER;
    if (!cc_is_primitive(ct) || ct->size > 8)
        return CC_ARG_STORAGE;
    switch (ct->klass) {
    case CD_CLASS_SINT: return ct->size < 4 ? CC_ARG_SIGNED : CC_ARG_INT;
    case CD_CLASS_UINT: return ct->size < 4 ? CC_ARG_UNSIGNED : CC_ARG_UINT;
    case CD_CLASS_FLOAT:
        if (ct->prim == CD_PRIM_LDOUBLE)
            return CC_ARG_STORAGE; /* its Python value is a cdata */
        return ct->size == 8   ? CC_ARG_DOUBLE
               : ct->size == 4 ? CC_ARG_FLOAT
                               : CC_ARG_WORD;
    case CD_CLASS_COMPLEX: return CC_ARG_STORAGE;
    default: return CC_ARG_WORD;
    }
}

CC_COLD void cc_error_partial(CTypeObject *ct, bool result)
{
    const char *as = result ? "return value" : "argument";
    PyErr_Format(PyExc_NotImplementedError,
                 "ctype '%U' not supported as %s.  It is a struct declared "
                 "with \"...;\", but the C calling convention may depend on "
                 "the missing fields; or, it contains anonymous "
                 "struct/unions.  Such structs are only supported as %s if "
                 "the function is 'API mode' and non-variadic (i.e. declared "
                 "inside ffibuilder.cdef()+ffibuilder.set_source() and not "
                 "taking a final '...' argument)", ct->name, as, as);
}
