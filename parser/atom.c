/* atom.c - names, interned once a table.  MIT.
 *
 * A name is a number (cd_str); equal names are equal numbers.               */
#include "cd_impl.h"
#include <string.h>

enum { FIRST_SLOTS = 256, FIRST_TEXT = 2048, MOST_TEXT = 1 << 16 };

typedef struct text_chunk {
    void *p;
    size_t n;
} text_chunk;

/* ---- looking up ---------------------------------------------------------- */

/* The lexer computes the same hash while it scans a name. */
static uint32_t hash_of(const char *s, size_t len)
{
    uint32_t h = (uint32_t)CD_HASH_SEED;

    for (size_t i = 0; i < len; i++)
        h = cd_hash_step(h, (unsigned char)s[i]);
    return h;
}

/* Hash and length are compared before the text is read. */
static cd_str lookup(const cd_table *t, const char *s, size_t len, uint32_t h)
{
    const cd_index *ix = &t->atom_index;

    for (uint32_t i = h & ix->mask; ix->slots[i].id != 0;
         i = (i + 1) & ix->mask) {
        const cd_atom *a;
        if (ix->slots[i].hash != h)
            continue;
        a = cd_atom_at(t, ix->slots[i].id);
        if (a->len == len && memcmp(a->text, s, len) == 0)
            return ix->slots[i].id;
    }
    return 0;
}

cd_str cd_find_atom(const cd_table *t, const char *s, size_t len)
{
    return lookup(t, s, len, hash_of(s, len));
}

/* ---- text ---------------------------------------------------------------- */

/* A new chunk for text: doubled each time up to a limit; larger when one name
 * needs it.                                                                  */
static void more_text(cd_parser *ps, size_t need)
{
    cd_table *t = ps->t;
    size_t n = FIRST_TEXT, chunks = t->chunks.len / sizeof(text_chunk);

    while (n < MOST_TEXT && chunks-- > 0)
        n *= 2;
    if (n < need)
        n = need;
    text_chunk *c = cd_push(ps, &t->chunks, sizeof *c);
    t->chunks.len -= sizeof *c; /* there is room for it now */
    char *p = cd_resize(t, NULL, 0, n);
    if (p == NULL)
        cd_no_memory(ps);
    *c = (text_chunk){p, n};
    t->chunks.len += sizeof *c;
    t->text_next = p;
    t->text_end = p + n;
}

/* The NUL behind every name lets C strings be handed out as they are. */
static const char *copy_text(cd_parser *ps, const char *s, size_t len)
{
    cd_table *t = ps->t;

    if (len >= (size_t)(t->text_end - t->text_next))
        more_text(ps, len + 1);
    char *p = t->text_next;
    if (len > 0)
        memcpy(p, s, len);
    p[len] = '\0';
    t->text_next = p + len + 1;
    return p;
}

/* Frees the chunks from the n-th byte of the list on. */
static void free_chunks(cd_table *t, size_t keep)
{
    while (t->chunks.len > keep) {
        text_chunk c;
        t->chunks.len -= sizeof c;
        memcpy(&c, t->chunks.data + t->chunks.len, sizeof c);
        cd_resize(t, c.p, c.n, 0);
    }
}

/* ---- interning ----------------------------------------------------------- */

/* All that can fail comes first; then the name is there and found at once. */
static cd_str new_atom(cd_parser *ps, const char *text, size_t len, uint32_t h)
{
    cd_table *t = ps->t;

    cd_index_reserve(ps, &t->atom_index, FIRST_SLOTS);
    cd_str id = cd_seg_add(ps, &t->atoms, 1);
    cd_atom *a = cd_atom_at(t, id);
    a->text = text;
    a->len = (uint32_t)len;
    a->hash = h;
    cd_index_add(&t->atom_index, h, id);
    return id;
}

/* A name that is known costs one search; only a new one is copied. */
cd_str cd_intern_hashed(cd_parser *ps, const char *s, size_t len, uint32_t h)
{
    cd_str id = lookup(ps->t, s, len, h);

    if (id == 0)
        id = new_atom(ps, copy_text(ps, s, len), len, h);
    return id;
}

cd_str cd_intern(cd_parser *ps, const char *s, size_t len)
{
    return cd_intern_hashed(ps, s, len, hash_of(s, len));
}

/* For the texts of the .def files, which outlive every table. */
cd_str cd_intern_static(cd_parser *ps, const char *s)
{
    size_t len = strlen(s);
    uint32_t h = hash_of(s, len);
    cd_str id = lookup(ps->t, s, len, h);

    return id ? id : new_atom(ps, s, len, h);
}

/* ---- a table's beginning, rollback and end ------------------------------- */

static const struct word {
    char text[CD_WORD_ROOM];
    uint16_t kind;
} words[] = {
#define WORD(NAME, text) {text, CD_T_##NAME},
#define ALIAS(NAME, text) {text, CD_T_##NAME},
#include "tokens.def"
};

/* Look-ups want an index that is there. */
void cd_atoms_begin(cd_parser *ps)
{
    cd_index_reserve(ps, &ps->t->atom_index, FIRST_SLOTS);
}

/* Keywords are names too: the lexer learns from the atom what it has read.  The
 * table of a compiled module may never read a text, so the first one brings
 * them, as part of its transaction.                                          */
void cd_words_begin(cd_parser *ps)
{
    cd_table *t = ps->t;

    if (t->has_words)
        return;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        cd_str id = cd_intern_static(ps, words[i].text);
        cd_atom *a = cd_atom_at(t, id);
        if (id < ps->mark_atoms) /* one that was a name before */
            cd_touch(ps, &a->word, sizeof a->word);
        a->word = words[i].kind;
    }
    cd_touch(ps, &t->has_words, sizeof t->has_words);
    t->has_words = true;
}

/* New names leave the index, and the text they used is free again. */
void cd_atoms_rollback(cd_parser *ps)
{
    cd_table *t = ps->t;

    while (t->atoms.count > ps->mark_atoms) {
        cd_str id = --t->atoms.count;
        cd_index_remove(&t->atom_index, cd_atom_at(t, id)->hash, id);
    }
    free_chunks(t, ps->mark_chunks);
    t->text_next = ps->mark_text_next;
    t->text_end = ps->mark_text_end;
}

void cd_atoms_free(cd_table *t)
{
    free_chunks(t, 0);
    cd_buf_free(t, &t->chunks);
    cd_index_free(t, &t->atom_index);
}
