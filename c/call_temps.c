/* call_temps.c - see call_temps.h.  MIT. */
#include "call_temps.h"
#include "cdata.h"

struct cc_temps_block {
    struct cc_temps_block *below;
    PyObject *kept; /* NULL: the block itself is from the heap */
};

static char *align_up(char *p, size_t align)
{
    return p + (-(uintptr_t)p & (align - 1));
}

static void *heap_piece(cc_temps *t, Py_ssize_t size, size_t align)
{
    struct cc_temps_block *b;
    if ((size_t)size > PY_SSIZE_T_MAX - align - sizeof *b)
        return PyErr_NoMemory();
    b = PyMem_Calloc(1, sizeof *b + align + (size_t)size);
    if (b == NULL)
        return PyErr_NoMemory();
    b->below = t->blocks;
    t->blocks = b;
    return align_up((char *)(b + 1), align);
}

int cc_temps_keep(cc_temps *t, PyObject *o)
{
    struct cc_temps_block *b = cc_temps_get(t, sizeof *b, _Alignof(void *));
    if (b == NULL) {
        Py_DECREF(o);
        return -1;
    }
    b->kept = o;
    b->below = t->blocks;
    t->blocks = b;
    if (cc_cdata_like(o))
        cc_hold(o);
    return 0;
}

void *cc_temps_get(cc_temps *t, Py_ssize_t size, size_t align)
{
    char *p = align_up(t->next, align);
    if (p > t->end || size > t->end - p)
        return heap_piece(t, size, align);
    t->next = p + size;
    return memset(p, 0, (size_t)size);
}

void cc_temps_free_blocks(cc_temps *t)
{
    for (struct cc_temps_block *b = t->blocks, *below; b != NULL; b = below) {
        PyObject *kept = b->kept;
        below = b->below;
        if (kept == NULL) {
            PyMem_Free(b);
            continue;
        }
        if (cc_cdata_like(kept))
            cc_unhold(kept);
        Py_DECREF(kept);
    }
    t->blocks = NULL;
}
