/* call_reg_sysv.c - register calls of the System V x86-64 ABI.  MIT.
 *
 * Source: System V Application Binary Interface, AMD64, section 3.2.3.  Integer
 * words go to rdi rsi rdx rcx r8 r9 and floating ones to xmm0-7, each class in
 * its own order.  A float is the low half of its vector register: it travels as
 * the double with these bits.  An integer is passed widened to 64 bits, which
 * satisfies callees that rely on 32.  Of a result narrower than rax only its
 * own bits are defined.                                                      */
#include "call_abi.h"

#ifdef CC_REG_SYSV

#include "call_shapes.def"
SHAPE(all,
      (INT, INT, INT, INT, INT, INT, DBL, DBL, DBL, DBL, DBL, DBL, DBL, DBL),
      (W(0), W(1), W(2), W(3), W(4), W(5), V(0), V(1), V(2), V(3), V(4), V(5),
       V(6), V(7)))

const cc_invoke cc_reg_ints[2][CC_REG_INTS + 1] = {
    {i0_i, i1_i, i2_i, i3_i, i4_i, i5_i, i6_i},
    {i0_v, i1_v, i2_v, i3_v, i4_v, i5_v, i6_v},
};
const cc_invoke cc_reg_floats[2][CC_REG_FEW + 1] = {
    {NULL, v1_i, v2_i, v3_i, v4_i},
    {NULL, v1_v, v2_v, v3_v, v4_v},
};
const cc_invoke cc_reg_all[2] = {all_i, all_v};

#else
typedef int cc_not_sysv; /* ISO C wants something in every file */
#endif
