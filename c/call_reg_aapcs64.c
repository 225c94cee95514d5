/* call_reg_aapcs64.c - register calls of the AArch64 procedure call standard.
 * MIT.
 *
 * Source: Procedure Call Standard for the Arm 64-bit Architecture, section 6.8.
 * Integer words go to x0-x7 and floating ones to v0-v7, each class in its own
 * order; the bits of an integer register above a narrow argument mean nothing
 * (Apple's variant wants them extended to 32, which ours are).  A float is the
 * low quarter of its vector register: it travels as the double with these bits.
 * Little-endian only.                                                        */
#include "call_abi.h"

#ifdef CC_REG_AAPCS64

#include "call_shapes.def"
SHAPE(i7, (INT, INT, INT, INT, INT, INT, INT),
      (W(0), W(1), W(2), W(3), W(4), W(5), W(6)))
SHAPE(i8, (INT, INT, INT, INT, INT, INT, INT, INT),
      (W(0), W(1), W(2), W(3), W(4), W(5), W(6), W(7)))
SHAPE(all,
      (INT, INT, INT, INT, INT, INT, INT, INT, DBL, DBL, DBL, DBL, DBL, DBL,
       DBL, DBL),
      (W(0), W(1), W(2), W(3), W(4), W(5), W(6), W(7), V(0), V(1), V(2), V(3),
       V(4), V(5), V(6), V(7)))

const cc_invoke cc_reg_ints[2][CC_REG_INTS + 1] = {
    {i0_i, i1_i, i2_i, i3_i, i4_i, i5_i, i6_i, i7_i, i8_i},
    {i0_v, i1_v, i2_v, i3_v, i4_v, i5_v, i6_v, i7_v, i8_v},
};
const cc_invoke cc_reg_floats[2][CC_REG_FEW + 1] = {
    {NULL, v1_i, v2_i, v3_i, v4_i},
    {NULL, v1_v, v2_v, v3_v, v4_v},
};
const cc_invoke cc_reg_all[2] = {all_i, all_v};

#else
typedef int cc_not_aapcs64; /* ISO C wants something in every file */
#endif
