/* atom.c - names, interned once a table.  MIT.
 *
 * A name is a number (cd_str); equal names are equal numbers.  Chains of the
 * hash table run from the newest name to the oldest, so a rollback unlinks
 * what it drops from the heads.                                              */
#include "cd_impl.h"
#include <string.h>

enum { FIRST_HEADS = 512, FIRST_TEXT = 2048, MOST_TEXT = 1 << 16 };

typedef struct text_chunk {
    void *p;
    size_t n;
} text_chunk;

/* ---- the hash table ------------------------------------------------------ */

static uint32_t hash_of(const char *s, size_t len)
{
    uint32_t h = (uint32_t)CD_HASH_SEED;

    for (size_t i = 0; i < len; i++)
        h = cd_hash_step(h, (unsigned char)s[i]);
    return h;
}

static uint32_t *head_of(const cd_table *t, uint32_t hash)
{
    return &t->atom_hash[hash & t->atom_mask];
}

static void link_atom(const cd_table *t, cd_str id)
{
    cd_atom *a = cd_atom_at(t, id);
    uint32_t *head = head_of(t, a->hash);

    a->chain = *head;
    *head = id;
}

/* Twice the heads (or the first ones); all names linked again, oldest first. */
static void more_heads(cd_parser *ps)
{
    cd_table *t = ps->t;
    size_t old = t->atom_hash ? (size_t)t->atom_mask + 1 : 0;
    size_t heads = old ? old * 2 : FIRST_HEADS;
    uint32_t *p = cd_resize(t, NULL, 0, heads * sizeof *p);

    if (p == NULL)
        cd_no_memory(ps);
    memset(p, 0, heads * sizeof *p);
    if (old)
        cd_resize(t, t->atom_hash, old * sizeof *p, 0);
    t->atom_hash = p;
    t->atom_mask = (uint32_t)heads - 1;
    for (cd_str id = 1; id < t->atoms.count; id++)
        link_atom(t, id);
}

static cd_str lookup(const cd_table *t, const char *s, size_t len, uint32_t h)
{
    cd_str id = *head_of(t, h);

    while (id != 0) {
        const cd_atom *a = cd_atom_at(t, id);
        if (a->hash == h && a->len == len && memcmp(a->text, s, len) == 0)
            break;
        id = a->chain;
    }
    return id;
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
    *c = (text_chunk){cd_resize(t, NULL, 0, n), n};
    if (c->p == NULL) {
        t->chunks.len -= sizeof *c;
        cd_no_memory(ps);
    }
    t->text_next = c->p;
    t->text_end = t->text_next + n;
}

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

static cd_str new_atom(cd_parser *ps, const char *text, size_t len, uint32_t h)
{
    cd_table *t = ps->t;

    if (t->atoms.count > t->atom_mask)
        more_heads(ps);
    cd_str id = cd_seg_add(ps, &t->atoms, 1);
    cd_atom *a = cd_atom_at(t, id);
    a->text = text;
    a->len = (uint32_t)len;
    a->hash = h;
    link_atom(t, id);
    return id;
}

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

cd_str cd_intern_static(cd_parser *ps, const char *s)
{
    size_t len = strlen(s);
    uint32_t h = hash_of(s, len);
    cd_str id = lookup(ps->t, s, len, h);

    return id ? id : new_atom(ps, s, len, h);
}

/* ---- a table's beginning, rollback and end ------------------------------- */

static const struct word {
    const char *text;
    uint16_t kind;
} words[] = {
#define WORD(NAME, text) {text, CD_T_##NAME},
#define ALIAS(NAME, text) {text, CD_T_##NAME},
#include "tokens.def"
};

void cd_atoms_begin(cd_parser *ps)
{
    more_heads(ps);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        cd_str id = cd_intern_static(ps, words[i].text);
        cd_atom_at(ps->t, id)->word = words[i].kind;
    }
}

void cd_atoms_rollback(cd_parser *ps)
{
    cd_table *t = ps->t;

    while (t->atoms.count > ps->mark_atoms) {
        const cd_atom *a = cd_atom_at(t, t->atoms.count - 1);
        *head_of(t, a->hash) = a->chain; /* the newest is always the head */
        t->atoms.count--;
    }
    free_chunks(t, ps->mark_chunks);
    t->text_next = ps->mark_text_next;
    t->text_end = ps->mark_text_end;
}

void cd_atoms_free(cd_table *t)
{
    free_chunks(t, 0);
    cd_buf_free(t, &t->chunks);
    if (t->atom_hash != NULL)
        cd_resize(t, t->atom_hash,
                  ((size_t)t->atom_mask + 1) * sizeof *t->atom_hash, 0);
}
