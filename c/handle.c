/* handle.c - the live handles, by their numbers.
 *
 * A handle's void * is no address but a number that no other handle of the
 * process ever had: a stale one is recognised instead of followed.  The live
 * ones are in an open-addressed table under the state's lock.               */
#include "cdata.h"
#include "module.h"

typedef struct cc_handles {
    size_t mask, used;      /* slots - 1; occupied ones                      */
    CDataKeeper **slot;     /* BORROWED: a handle takes itself out           */
} cc_handles;

/* Multiples of 16, as pointers that C code may look at are. */
enum { HANDLE_STEP = 16, FIRST_SLOTS = 16 };
static uintptr_t last_handle; /* of the process; atomic */

char *cc_handle_number(void)
{
#if defined(__GNUC__)
    return (char *)__atomic_add_fetch(&last_handle, HANDLE_STEP,
                                      __ATOMIC_RELAXED);
#else
    return (char *)(uintptr_t)InterlockedAdd64((LONG64 *)&last_handle,
                                               HANDLE_STEP);
#endif
}

/* ---- the table ---------------------------------------------------------- */

static inline size_t home(const cc_handles *t, const char *number)
{
    return ((uintptr_t)number / HANDLE_STEP) & t->mask;
}

/* The slot of a number, or the free one where it would go. */
static size_t find_locked(const cc_handles *t, const char *number)
{
    size_t i = home(t, number);
    while (t->slot[i] != NULL && t->slot[i]->base.data != number)
        i = (i + 1) & t->mask;
    return i;
}

static int resize_locked(cc_handles *t, size_t slots)
{
    cc_handles larger = {slots - 1, t->used, NULL};
    larger.slot = PyMem_RawCalloc(slots, sizeof *larger.slot);
    if (larger.slot == NULL)
        return -1;
    for (size_t i = 0; t->slot != NULL && i <= t->mask; i++) {
        CDataKeeper *h = t->slot[i];
        if (h != NULL)
            larger.slot[find_locked(&larger, h->base.data)] = h;
    }
    PyMem_RawFree(t->slot);
    *t = larger;
    return 0;
}

static int add_locked(cc_state *st, CDataKeeper *h)
{
    cc_handles *t = st->handles;
    if (t == NULL) {
        t = st->handles = PyMem_RawCalloc(1, sizeof *t);
        if (t == NULL)
            return -1;
    }
    if (t->slot == NULL && resize_locked(t, FIRST_SLOTS) < 0)
        return -1;
    /* Handles made one after the other have slots one after the other, so that
     * a table that is nearly full has short searches.                        */
    if (8 * (t->used + 1) > 7 * t->mask &&
        resize_locked(t, 2 * (t->mask + 1)) < 0)
        return -1;
    t->slot[find_locked(t, h->base.data)] = h;
    t->used++;
    return 0;
}

/* Takes slot i out and moves what would not be found any more into the gap. */
static void remove_locked(cc_handles *t, size_t i)
{
    for (size_t j = i;;) {
        t->slot[i] = NULL;
        size_t wanted;
        do {
            j = (j + 1) & t->mask;
            if (t->slot[j] == NULL) {
                t->used--;
                return;
            }
            wanted = home(t, t->slot[j]->base.data);
        } while (((j - wanted) & t->mask) < ((j - i) & t->mask));
        t->slot[i] = t->slot[j];
        i = j;
    }
}

int cc_handle_add(CDataKeeper *handle)
{
    cc_state *st = handle->base.ct->state;
    CC_LOCK(&st->lock);
    int failed = add_locked(st, handle);
    CC_UNLOCK(&st->lock);
    return failed;
}

PyObject *cc_handle_object(cc_state *st, const char *number)
{
    PyObject *obj = NULL;
    CC_LOCK(&st->lock);
    cc_handles *t = st->handles;
    if (t != NULL && t->slot != NULL) {
        CDataKeeper *h = t->slot[find_locked(t, number)];
        if (h != NULL)
            obj = Py_XNewRef(h->kept);
    }
    CC_UNLOCK(&st->lock);
    return obj;
}

void cc_handle_forget(CDataKeeper *handle)
{
    cc_state *st = handle->base.ct->state;
    CC_LOCK(&st->lock);
    cc_handles *t = st->handles;
    if (t != NULL && t->slot != NULL) {
        size_t i = find_locked(t, handle->base.data);
        if (t->slot[i] != NULL)
            remove_locked(t, i);
    }
    CC_UNLOCK(&st->lock);
}

void cc_handles_free(cc_state *st)
{
    if (st->handles != NULL)
        PyMem_RawFree(st->handles->slot);
    PyMem_RawFree(st->handles);
    st->handles = NULL;
}
