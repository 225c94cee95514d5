/* seg.c - storage: segments that never move, stacks that may, indexes of
 * hashes, the journal.  MIT.
 *
 * A segment array grows by chunks of twice the size, so an element's address
 * is good for as long as the table lives and readers need no lock.  Everything
 * here allocates first and changes the table last: a failed allocation leaves
 * nothing to undo.                                                           */
#include "cd_impl.h"
#include <string.h>

/* The table's allocator, with what it holds counted. A caller that gets NULL
 * still owns the old memory.                                                 */
void *cd_resize(cd_table *t, void *p, size_t old_size, size_t new_size)
{
    void *q = t->alloc.resize(t->alloc.ctx, p, old_size, new_size);
    if (q != NULL || new_size == 0)
        t->bytes += new_size - old_size; /* modulo 2^N: may shrink */
    return q;
}

/* The messages of diag.c need storage; these are for when there is none.     */
static CD_NORETURN void give_up(cd_parser *ps, int kind, const char *text)
{
    ps->err->kind = kind;
    ps->err->line = ps->err->col = 0;
    strcpy(ps->err->text, text);
    longjmp(ps->pad, 1);
}

CD_NORETURN void cd_no_memory(cd_parser *ps)
{
    give_up(ps, CD_E_MEMORY, "out of memory");
}

/* ---- segments ------------------------------------------------------------ */

/* The first chunk comes with the first element: most tables have no members,
 * parameters or includes.                                                    */
void cd_seg_init(cd_seg *s, size_t elem)
{
    s->elem = (uint32_t)elem;
    s->count = 1; /* 0 means "none" everywhere */
}

/* Bytes of chunk k: each is twice the one before it. */
static size_t chunk_bytes(const cd_seg *s, unsigned k)
{
    return ((size_t)1 << (k + CD_SEG_FIRST_LOG2)) * s->elem;
}

/* Index of the chunk that holds element i. */
static unsigned chunk_of(uint32_t i)
{
    return cd_log2((i >> CD_SEG_FIRST_LOG2) + 1);
}

/* Chunks are entered one by one, so a failure in between loses nothing: a
 * later run finds those that are there.                                      */
static void add_chunk(cd_parser *ps, cd_seg *s, unsigned k)
{
    void *p = cd_resize(ps->t, NULL, 0, chunk_bytes(s, k));
    if (p == NULL)
        cd_no_memory(ps);
    if (k == 0)
        memset(p, 0, s->elem); /* what "none" reads as */
    s->chunk[k] = p;
}

/* The run crosses chunks or needs a new one.  Its memory is zeroed piecewise
 * because consecutive indices need not be consecutive addresses.             */
static void add_run(cd_parser *ps, cd_seg *s, uint32_t first, uint32_t n)
{
    unsigned last_chunk = chunk_of(first + n - 1);

    for (unsigned k = chunk_of(first); k <= last_chunk; k++)
        if (s->chunk[k] == NULL)
            add_chunk(ps, s, k);
    for (uint32_t i = first; i < first + n; i++)
        memset(cd_seg_at(s, i), 0, s->elem);
}

/* One more element of a chunk that exists is nearly every call. The count
 * grows last: until then the new elements are no part of the array.          */
uint32_t cd_seg_add(cd_parser *ps, cd_seg *s, uint32_t n)
{
    uint32_t first = s->count;

    if (n > CD_MAX_RECORDS - first)
        give_up(ps, CD_E_LIMIT, "too many declarations");
    if (n == 0)
        return first;
    if (n > 1 || s->chunk[chunk_of(first)] == NULL)
        add_run(ps, s, first, n);
    else
        memset(cd_seg_at(s, first), 0, s->elem);
    s->count = first + n;
    return first;
}

/* A chunk may stay behind the last element after a rollback; it is freed
 * here with the others.                                                      */
void cd_seg_free(cd_table *t, cd_seg *s)
{
    for (unsigned k = 0; k < CD_N_SEGS; k++)
        if (s->chunk[k] != NULL)
            cd_resize(t, s->chunk[k], chunk_bytes(s, k), 0);
}

/* ---- stacks of bytes ----------------------------------------------------- */

/* A debug build moves the buffer every time, so that a pointer kept across a
 * push is found at once.                                                     */
static void *grow(cd_table *t, void *old, size_t used, size_t size, size_t cap)
{
#ifdef CD_DEBUG_MOVE
    void *p = cd_resize(t, NULL, 0, cap);
    if (p != NULL && old != NULL) {
        memcpy(p, old, used);
        memset(old, 0xdb, size);
        cd_resize(t, old, size, 0);
    }
    return p;
#else
    (void)used;
    return cd_resize(t, old, size, cap);
#endif
}

/* Growth doubles, so pushing costs constant time a byte; the result is good
 * up to the next push on the same buffer.                                    */
void *cd_push(cd_parser *ps, cd_buf *b, size_t n)
{
    if (n > b->cap - b->len) {
        size_t cap = b->cap ? b->cap * 2 : 1024;
        while (cap - b->len < n)
            cap *= 2;
        unsigned char *data = grow(ps->t, b->data, b->len, b->cap, cap);
        if (data == NULL)
            cd_no_memory(ps);
        b->data = data;
        b->cap = cap;
    }
    void *p = b->data + b->len;
    b->len += n;
    return p;
}

void cd_buf_free(cd_table *t, cd_buf *b)
{
    if (b->data != NULL)
        cd_resize(t, b->data, b->cap, 0);
    *b = (cd_buf){0};
}

/* ---- indexes of hashes --------------------------------------------------- */

/* Linear probing: the next slots are in the same cache line. */
static void put_slot(cd_index *ix, cd_slot slot)
{
    uint32_t i = slot.hash & ix->mask;

    while (ix->slots[i].id != 0)
        i = (i + 1) & ix->mask;
    ix->slots[i] = slot;
}

static size_t index_bytes(const cd_index *ix)
{
    return ix->slots ? ((size_t)ix->mask + 1) * sizeof *ix->slots : 0;
}

/* Doubles the slots before the half is used, so that a search that finds
 * nothing ends soon; the hashes are at hand, no record is read.              */
void cd_index_reserve(cd_parser *ps, cd_index *ix, uint32_t first)
{
    cd_index more = {.mask = ix->slots ? ix->mask * 2 + 1 : first - 1};

    if (ix->used < ix->mask / 2)
        return;
    size_t bytes = ((size_t)more.mask + 1) * sizeof *more.slots;
    more.slots = cd_resize(ps->t, NULL, 0, bytes);
    if (more.slots == NULL)
        cd_no_memory(ps);
    memset(more.slots, 0, bytes);
    more.used = ix->used;
    for (size_t i = 0; i < index_bytes(ix) / sizeof(cd_slot); i++)
        if (ix->slots[i].id != 0)
            put_slot(&more, ix->slots[i]);
    cd_index_free(ps->t, ix);
    *ix = more;
}

/* The slot was reserved before anything was changed: this cannot fail. */
void cd_index_add(cd_index *ix, uint32_t hash, uint32_t id)
{
    put_slot(ix, (cd_slot){hash, id});
    ix->used++;
}

/* What was put further because of the slot that becomes free moves back. */
void cd_index_remove(cd_index *ix, uint32_t hash, uint32_t id)
{
    uint32_t hole = hash & ix->mask, i;

    while (ix->slots[hole].id != id)
        hole = (hole + 1) & ix->mask;
    for (i = (hole + 1) & ix->mask; ix->slots[i].id != 0;
         i = (i + 1) & ix->mask) {
        uint32_t home = ix->slots[i].hash & ix->mask;
        if (((i - home) & ix->mask) >= ((i - hole) & ix->mask)) {
            ix->slots[hole] = ix->slots[i];
            hole = i;
        }
    }
    ix->slots[hole].id = 0;
    ix->used--;
}

void cd_index_free(cd_table *t, cd_index *ix)
{
    if (ix->slots != NULL)
        cd_resize(t, ix->slots, index_bytes(ix), 0);
    *ix = (cd_index){0};
}

/* ---- the journal ---------------------------------------------------------
 * An entry is the old bytes, rounded up to 8, then where they belong and how
 * many they are: read from the end, newest first.                            */

typedef struct entry {
    void *at;
    size_t n;
} entry;

static size_t rounded(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

/* What is about to change, a word or a record, is copied behind the journal. */
void cd_touch(cd_parser *ps, void *p, size_t n)
{
    size_t bytes = rounded(n);
    unsigned char *e = cd_push(ps, &ps->journal, bytes + sizeof(entry));
    entry tail = {p, n};

    memcpy(e, p, n);
    memcpy(e + bytes, &tail, sizeof tail);
}

/* Newest first: where one place was touched twice, the oldest copy is the
 * last to be put back.                                                       */
void cd_journal_undo(cd_parser *ps)
{
    cd_buf *j = &ps->journal;

    while (j->len > 0) {
        entry tail;
        memcpy(&tail, j->data + j->len - sizeof tail, sizeof tail);
        j->len -= sizeof tail + rounded(tail.n);
        memcpy(tail.at, j->data + j->len, tail.n);
    }
}
