/* convert.c - how values of a type are converted: its reader and its writer.
 *
 * Chosen once, when the ctype is made: reading or writing a value is then one
 * indirect call.                                                             */
#include "cdata.h"
#include "func.h"
#include "module.h"

static cc_writer integer_writer(const CTypeObject *ct)
{
    return ct->size > 8 ? cc_write_int128
                        : cc_int_writer(ct->size, ct->is_signed);
}

static cc_writer primitive_writer(const CTypeObject *ct)
{
    switch (ct->klass) {
    case CD_CLASS_BOOL: return cc_int_writer(ct->size, false);
    case CD_CLASS_SINT:
    case CD_CLASS_UINT: return integer_writer(ct);
    case CD_CLASS_CHAR: return ct->size == 1 ? cc_write_char : cc_write_wide;
    case CD_CLASS_FLOAT: return cc_write_float;
    case CD_CLASS_COMPLEX: return cc_write_complex_object;
    default: return cc_write_nothing;
    }
}

static cc_writer writer_of(const CTypeObject *ct)
{
    switch (ct->kind) {
    case CD_PRIM:
    case CD_ENUM: return ct->size > 0 ? primitive_writer(ct) : cc_write_nothing;
    case CD_POINTER:
    case CD_FUNC: return cc_write_pointer;
    case CD_ARRAY: return cc_write_array_value;
    case CD_STRUCT:
    case CD_UNION: return cc_write_record;
    default: return cc_write_nothing;
    }
}

void cc_choose_conversion(CTypeObject *ct)
{
    ct->read = ct->kind == CD_FUNC ? cc_func_read : cc_reader_of(ct);
    ct->write = writer_of(ct);
}
