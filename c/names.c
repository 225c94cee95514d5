/* names.c - name -> entry tables for attribute access.  See names.h.         */
#include "names.h"

enum { FIRST_SLOTS = 8 };

static cc_names *new_table(uint32_t slots)
{
    cc_names *t = PyMem_Calloc(1, sizeof(cc_names) +
                                      slots * sizeof(cc_name_slot));
    if (t != NULL)
        t->mask = slots - 1;
    return t;
}

/* The entry is there before the name that leads to it.                       */
static void put(cc_names *t, PyObject *name, void *entry)
{
    uint32_t i = cc_name_hash(name);
    while (t->slot[i & t->mask].name != NULL)
        i++;
    t->slot[i & t->mask].entry = entry;
    CC_STORE(t->slot[i & t->mask].name, name);
    t->count++;
}

/* A table of twice the size with the same names.  References to the names move
 * to it; the old table lives on for readers that are inside of it.           */
static int grow(cc_names **t)
{
    cc_names *old = *t;
    cc_names *bigger = new_table(old ? (old->mask + 1) * 2 : FIRST_SLOTS);
    if (bigger == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (uint32_t i = 0; old != NULL && i <= old->mask; i++)
        if (old->slot[i].name != NULL)
            put(bigger, old->slot[i].name, old->slot[i].entry);
    if (CC_FREE_THREADED)
        bigger->older = old;
    CC_STORE(*t, bigger);
    if (!CC_FREE_THREADED)
        PyMem_Free(old);
    return 0;
}

int cc_names_add_locked(cc_names **t, PyObject *name, void *entry)
{
    /* At most three quarters full: a miss ends at a free slot.               */
    if (*t == NULL || ((*t)->count + 1) * 4 > ((*t)->mask + 1) * 3)
        if (grow(t) < 0)
            return -1;
    put(*t, Py_NewRef(name), entry);
    return 0;
}

void cc_names_free(cc_names *t)
{
    if (t == NULL)
        return;
    for (uint32_t i = 0; i <= t->mask; i++)
        Py_XDECREF(t->slot[i].name);
    while (t != NULL) {
        cc_names *older = t->older;
        PyMem_Free(t);
        t = older;
    }
}

