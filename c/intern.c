/* intern.c - one derived ctype of the same parts in an interpreter.
 *
 * Pointers, arrays and functions are found by their parts: kind, item, length,
 * parameters.  As parts are ctypes that are themselves unique, they compare by
 * address.  The map holds no references: a ctype leaves it when it dies, and
 * because nothing under the lock runs Python code, whatever is found is alive.
 * (On free-threaded builds ctypes are immortal.)                             */
#include "ctype_make.h"
#include "module.h"

struct cc_intern {
    size_t mask, count;
    CTypeObject *bucket[];
};

enum { FIRST_BUCKETS = 64 };

/* ---- parts --------------------------------------------------------------- */

static size_t mix(size_t h, uintptr_t part)
{
    h = (h ^ part) * (size_t)0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
}

static size_t hash_parts(const CTypeObject *ct)
{
    size_t h = mix(ct->kind, (uintptr_t)ct->item);
    h = mix(h, (uintptr_t)ct->length);
    if (ct->sig != NULL) {
        h = mix(h, ct->sig->n * 4u + ct->sig->variadic);
        for (uint32_t i = 0; i < ct->sig->n; i++)
            h = mix(h, (uintptr_t)ct->sig->params[i]);
    }
    return h;
}

static bool same_signature(const cc_signature *a, const cc_signature *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->n == b->n && a->abi == b->abi && a->variadic == b->variadic &&
           memcmp(a->params, b->params, a->n * sizeof *a->params) == 0;
}

enum { FLAGS_THAT_ARE_PARTS = CT_VECTOR | CT_LATE };

static bool same_parts(const CTypeObject *a, const CTypeObject *b)
{
    return a->kind == b->kind && a->item == b->item &&
           a->length == b->length &&
           ((a->flags ^ b->flags) & FLAGS_THAT_ARE_PARTS) == 0 &&
           same_signature(a->sig, b->sig);
}

/* ---- the map ------------------------------------------------------------- */

static CTypeObject *find_locked(cc_state *st, const CTypeObject *like,
                                size_t hash)
{
    if (st->intern == NULL)
        return NULL;
    CTypeObject *ct = st->intern->bucket[hash & st->intern->mask];
    while (ct != NULL && !(ct->hash == hash && same_parts(ct, like)))
        ct = ct->chain;
    return ct;
}

static void link_locked(struct cc_intern *map, CTypeObject *ct)
{
    CTypeObject **head = &map->bucket[ct->hash & map->mask];
    ct->chain = *head;
    *head = ct;
    map->count++;
}

/* Room for one more: as many buckets as entries, at least.                   */
static int reserve_locked(cc_state *st)
{
    struct cc_intern *old = st->intern;
    if (old != NULL && old->count <= old->mask)
        return 0;
    size_t n = old ? (old->mask + 1) * 2 : FIRST_BUCKETS;
    struct cc_intern *map =
        PyMem_RawCalloc(1, sizeof *map + n * sizeof *map->bucket);
    if (map == NULL)
        return -1;
    map->mask = n - 1;
    for (size_t i = 0; old != NULL && i <= old->mask; i++)
        for (CTypeObject *ct = old->bucket[i], *next; ct != NULL; ct = next) {
            next = ct->chain;
            link_locked(map, ct);
        }
    PyMem_RawFree(old);
    st->intern = map;
    return 0;
}

CTypeObject *cc_intern_find(cc_state *st, const CTypeObject *like)
{
    CC_LOCK(&st->lock);
    CTypeObject *ct = find_locked(st, like, hash_parts(like));
    Py_XINCREF(ct);
    CC_UNLOCK(&st->lock);
    return ct;
}

CTypeObject *cc_intern(CTypeObject *made)
{
    if (made == NULL)
        return NULL;
    cc_state *st = made->state;
    CTypeObject *result = NULL;

    CTypeObject *known = cc_intern_find(st, made);
    if (known != NULL) {
        Py_DECREF(made);
        return known;
    }
    made->hash = hash_parts(made);
    cc_share(st, (PyObject *)made, CC_SHARED_SIZE(CTypeObject));
    CC_LOCK(&st->lock);
    CTypeObject *there = find_locked(st, made, made->hash);
    if (there != NULL) /* another thread was faster */
        result = (CTypeObject *)Py_NewRef(there);
    else if (reserve_locked(st) == 0) {
        link_locked(st->intern, made);
        result = (CTypeObject *)Py_NewRef(made);
    }
    CC_UNLOCK(&st->lock);
    Py_DECREF(made);
    return result ? result : (CTypeObject *)PyErr_NoMemory();
}

void cc_intern_remove(CTypeObject *ct)
{
    cc_state *st = ct->state;
    CC_LOCK(&st->lock);
    if (st->intern != NULL) {
        CTypeObject **p = &st->intern->bucket[ct->hash & st->intern->mask];
        while (*p != NULL && *p != ct)
            p = &(*p)->chain;
        if (*p != NULL) {
            *p = ct->chain;
            st->intern->count--;
        }
    }
    CC_UNLOCK(&st->lock);
}

void cc_intern_free(cc_state *st)
{
    PyMem_RawFree(st->intern);
    st->intern = NULL;
}
