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

/* What every one of them says of its arrays, named alike in each.           */
#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))
#define STUB_OF(name) \
    .size = sizeof(struct cd_stub), .major = CD_MAJOR, .minor = CD_MINOR, \
    .min_core = CD_MAJOR << 16, .target = CD_TARGET, .module = name, \
    .emitter = "by hand", .text = (const char *)&text, .types = types, \
    .ids = ids, .fields = fields, .globals = globals, .tags = tags, \
    .facts = facts, .tramp = tramps, .address = addresses, \
    .getter = getters, .link = &link_, .n_text = sizeof text, \
    .n_types = T_END - CD_FIRST_SID, .n_ids = COUNT(ids), \
    .n_fields = COUNT(fields), .n_globals = COUNT(globals), \
    .n_tags = COUNT(tags), .n_facts = COUNT(facts), \
    .n_functions = COUNT(tramps), .n_getters = COUNT(getters)
#endif
