/* sysv_classify.h - how the System V x86-64 ABI passes a type, class by class.
 *
 * Reads the type table alone; sysv.c places values by it.                    */
#ifndef CC_SYSV_CLASSIFY_H
#define CC_SYSV_CLASSIFY_H
#include "cd_parser.h"

enum cc_class { /* section 3.2.3 of the ABI; the names are its                */
                CC_NO_CLASS,
                CC_INTEGER,
                CC_SSE,
                CC_SSEUP,
                CC_X87,
                CC_X87UP,
                CC_COMPLEX_X87,
                CC_MEMORY
};

enum cc_classified {
    CC_CLASSIFIED,
    CC_DEPENDS, /* it holds something whose class depends on compiler options
                   (vectors over 16 bytes) or that is none of C's             */
    CC_PARTIAL  /* it holds a record that ends in "...;", and members that
                   nobody has declared may decide                             */
};

/* Classes of the two eightbytes of a record of this table; a record over 16
 * bytes, or with one class MEMORY, is all MEMORY.                            */
enum cc_classified cc_sysv_classify(const cd_table *t, cd_id record,
                                    uint8_t classes[2]);

#endif
