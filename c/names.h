/* names.h - the attribute tables of Lib and of records.
 *
 * An open-addressed table from an interned str, compared by pointer, to an
 * entry.  A table is immutable once published; adding makes a larger one and
 * the old one is kept until the owner dies, so readers need no lock.  A miss
 * means "ask the slow path": the name may be an equal, not interned str.     */
#ifndef CC_NAMES_H
#define CC_NAMES_H
#include "core.h"

typedef struct cc_name_slot {
    PyObject *name;        /* owned, interned; NULL = free                    */
    void *entry;
} cc_name_slot;

struct cc_names {
    uint32_t mask;         /* slots - 1 */
    uint32_t count;
    cc_names *older;       /* replaced tables, freed with this one            */
    cc_name_slot slot[];
};

static inline uint32_t cc_name_hash(const PyObject *name)
{
    uintptr_t p = (uintptr_t)name;
    return (uint32_t)((p >> 4) ^ (p >> 12));
}

/* The entry, or NULL.  Never raises.                                         */
static inline void *cc_names_get(const cc_names *t, const PyObject *name)
{
    if (t == NULL)
        return NULL;
    for (uint32_t i = cc_name_hash(name);; i++) {
        const cc_name_slot *s = &t->slot[i & t->mask];
        const PyObject *there = CC_LOAD(s->name);
        if (there == name)
            return s->entry;
        if (there == NULL)
            return NULL;
    }
}

/* Adds an entry under the owner's lock; *t is replaced when it must grow.
 * 0, or -1 with MemoryError.                                                 */
int cc_names_add_locked(cc_names **t, PyObject *name, void *entry);
void cc_names_free(cc_names *t);  /* entries are the owner's to free          */

#endif
