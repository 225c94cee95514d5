/* call_temps.h - memory that lives through one call.
 *
 * Small pieces come from the C stack of the caller, larger ones from the heap;
 * all are aligned as asked, all end with cc_temps_free.                      */
#ifndef CC_CALL_TEMPS_H
#define CC_CALL_TEMPS_H
#include "core.h"

enum { CC_TEMPS_ROOM = 512 }; /* bytes on the stack */

typedef struct cc_temps {
    char *next, *end; /* free room on the stack                        */
    struct cc_temps_block *blocks; /* on the heap, and what is kept */
} cc_temps;

static inline void cc_temps_init(cc_temps *t, char *room)
{
    t->next = room;
    t->end = room + CC_TEMPS_ROOM;
    t->blocks = NULL;
}

/* Zeroed memory; NULL with MemoryError.  align: a power of two.              */
void *cc_temps_get(cc_temps *t, Py_ssize_t size, size_t align);
/* STEALS o: it lives, and a cdata's memory is held (cdata.h), as long as the
 * rest.  0/-1                                                                */
int cc_temps_keep(cc_temps *t, PyObject *o);
void cc_temps_free_blocks(cc_temps *t);
static inline void cc_temps_free(cc_temps *t)
{
    if (CC_UNLIKELY(t->blocks != NULL))
        cc_temps_free_blocks(t);
}

#endif
