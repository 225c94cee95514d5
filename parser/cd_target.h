/* cd_target.h - what a platform's ABI decides about sizes.  Private.  MIT.   */
#ifndef CD_TARGET_H
#define CD_TARGET_H
#include "cd_parser.h"

typedef struct cd_rep { uint8_t size, align; } cd_rep; /* bytes; 0: not there */

struct cd_target {
    const char *name; /* "x86_64-linux-gnu" */
    /* the columns prims.def names */
    cd_rep none, bool_, i8, i16, i32, i64, i128, short_, int_, long_, llong,
        f16, f32, f64, ldouble, f128, fcomplex, dcomplex, ldcomplex, wchar,
        fast16, fast32, pointer;
    bool char_signed, wchar_signed, big_endian;
    bool ms_layout;       /* Microsoft's bit-field and packing rules          */
    bool bitfield_no_type_align; /* a bit-field's type does not align the
                              record (never on the supported ABIs but kept
                              for AAPCS's unnamed fields: see layout.c)       */
    bool unnamed_bitfield_aligns; /* AAPCS: `int : 0` aligns the record       */
    bool small_enums;     /* ARM bare metal -fshort-enums                     */
    uint32_t max_align;   /* of attribute aligned without a number            */
    enum { CD_CPU_OTHER, CD_CPU_I386, CD_CPU_X86_64 } cpu; /* those with more
                              than one calling convention                     */
};

#endif
