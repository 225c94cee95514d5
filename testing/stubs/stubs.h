/* stubs.h - the hand-written stubs, and the declarations that each is of.    */
#ifndef STUBS_H
#define STUBS_H
#include "cd_stub.h"

extern const struct cd_stub cd_stub_everything; /* nothing is late            */
extern const char everything_cdef[];
extern const struct cd_stub cd_stub_late;       /* all that can be late       */
extern const char late_cdef[];
extern const struct cd_stub cd_stub_including;  /* includes everything        */

/* Text as one struct of arrays, so that offsetof() gives a cd_off.           */
#define TEXT_ARRAY(id, s) char id[sizeof s];
#define TEXT_VALUE(id, s) s,
#define TEXT_OF(TEXTS) \
    static const struct { \
        char nothing[1]; \
        TEXTS(TEXT_ARRAY) \
    } text = {"", TEXTS(TEXT_VALUE)};
#define OFF(id) ((cd_off)((const char *)text.id - (const char *)&text))
#endif
