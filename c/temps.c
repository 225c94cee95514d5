/* temps.c - see temps.h.  MIT. */
#include "temps.h"

struct cc_temps_block {
    struct cc_temps_block *below;
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
        below = b->below;
        PyMem_Free(b);
    }
    t->blocks = NULL;
}
