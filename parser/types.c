/* types.c - type records and their identity.  MIT.
 *
 * Derived types are shared: equal parts, one record, found through a hash
 * index.  A record's canon is the same type built from the canons of its
 * parts, so two types are the same C type when their canons are equal.       */
#include "cd_impl.h"
#include "cd_target.h"
#include <string.h>

enum { FIRST_SLOTS = 128 };

/* Flags that are part of a shared type; the others follow from its parts. */
enum { IDENTITY = CD_F_OPEN | CD_F_VARIADIC | CD_F_NOPROTO };
/* Flags that a type has because a part that it holds by value has them. */
enum { SPREADS = CD_F_LATE | CD_F_UNAVAIL };

/* ---- the index of shared types ------------------------------------------- */

/* Is the record found by its structure?  Each `[...]` is a type of its own:
 * its length is a fact of the declaration that it stands in.  Not shared are
 * the sugar that copies one (of cd_array_text, cd_noreturn) and what waits.  */
static bool is_shared(const cd_ctype *c)
{
    switch (c->kind) {
    case CD_POINTER: case CD_VECTOR: case CD_QUAL: case CD_IMPORT:
    case CD_UNAVAIL:
        return true;
    case CD_FUNC: return c->x == 0;
    case CD_ARRAY:
        return !(c->flags & (CD_F_DOTS | CD_F_OPAQUE)) && c->x == 0;
    default:
        return false;
    }
}

/* The high half of a 64-bit product: every bit of both goes into it. */
static uint32_t mix(uint32_t h, uint64_t v)
{
    v = (v ^ h) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(v >> 32);
}

/* ids: a function's parameters; they are hashed in place of where they lie. */
static uint32_t hash_type(const cd_ctype *c, const cd_id *ids)
{
    uint32_t h = mix(c->kind, c->a | (uint64_t)(c->flags & IDENTITY) << 32 |
                                  (uint64_t)c->sub << 48);

    h = mix(h, c->n);
    if (c->kind == CD_FUNC) {
        for (uint64_t i = 0; i < c->n; i++)
            h = mix(h, ids[i]);
        return h;
    }
    return mix(h, c->b | (uint64_t)c->name << 32);
}

/* The parameters of a function that is there against those asked for. */
static bool same_ids(const cd_table *t, uint32_t first, const cd_id *ids,
                     uint64_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (cd_id_at(t, first + i) != ids[i])
            return false;
    return true;
}

static bool same_type(const cd_table *t, const cd_ctype *c,
                      const cd_ctype *key, const cd_id *ids)
{
    if (c->kind != key->kind || c->sub != key->sub || c->a != key->a ||
        c->n != key->n || ((c->flags ^ key->flags) & IDENTITY) != 0)
        return false;
    if (c->kind == CD_FUNC)
        return same_ids(t, c->b, ids, c->n);
    return c->b == key->b && c->name == key->name;
}

/* The record that is already there; 0: none. */
static cd_id find_shared(const cd_table *t, const cd_ctype *key,
                         const cd_id *ids)
{
    const cd_index *ix = &t->type_index;

    for (uint32_t i = key->hash & ix->mask; ix->slots[i].id != 0;
         i = (i + 1) & ix->mask)
        if (ix->slots[i].hash == key->hash &&
            same_type(t, cd_ty(t, ix->slots[i].id), key, ids))
            return ix->slots[i].id;
    return 0;
}

/* ---- making a record ----------------------------------------------------- */

/* A new record with the key's columns; canon 0 means its own. */
static cd_id add_type(cd_parser *ps, const cd_ctype *key)
{
    cd_id id = cd_seg_add(ps, &ps->t->types, 1);
    cd_ctype *c = cd_ty(ps->t, id);

    *c = *key;
    if (c->canon == 0)
        c->canon = id;
    return id;
}

/* Room in the index first, so that a record is never without its slot. */
static cd_id add_shared(cd_parser *ps, const cd_ctype *key)
{
    cd_index_reserve(ps, &ps->t->type_index, FIRST_SLOTS);
    cd_id id = add_type(ps, key);
    cd_index_add(&ps->t->type_index, key->hash, id);
    return id;
}

const cd_ctype *cd_behind(const cd_table **t, const cd_ctype *c)
{
    while (c->kind == CD_IMPORT) {
        *t = cd_included(*t, c->a);
        c = cd_ty(*t, c->b);
    }
    return c;
}

uint16_t cd_spread(const cd_table *t, cd_id part)
{
    return cd_behind(&t, cd_ty(t, cd_ty(t, part)->canon))->flags & SPREADS;
}

/* Size and alignment as they are now; 0 while the item has none. */
static void take_layout(cd_parser *ps, cd_ctype *key, cd_id item)
{
    if (!cd_layout_of(ps->t, item, &key->size, &key->align))
        key->size = key->align = 0;
}

/* ---- derived types ------------------------------------------------------- */

/* A pointer needs to know nothing about its item, and nothing that keeps an
 * item from being used by value passes through it.                           */
cd_id cd_pointer_to(cd_parser *ps, cd_id item)
{
    cd_table *t = ps->t;
    cd_ctype key = {.kind = CD_POINTER, .a = item};

    key.hash = hash_type(&key, NULL);
    cd_id id = find_shared(t, &key, NULL);
    if (id != 0)
        return id;
    cd_id canon = cd_ty(t, item)->canon;
    if (canon != item)
        key.canon = cd_pointer_to(ps, canon);
    key.size = t->target->pointer.size;
    key.align = t->target->pointer.align;
    return add_shared(ps, &key);
}

/* May `item` be an array's element?  Its size; 0 with a late item. */
static uint64_t check_element(cd_parser *ps, cd_id item)
{
    cd_table *t = ps->t;
    const cd_ctype *c = cd_ty(t, cd_ty(t, item)->canon);
    uint64_t size = 0;
    uint32_t align = 0;

    if (c->kind == CD_FUNC)
        cd_fail(ps, CD_E_CONSTRAINT, &ps->tok, "array of functions");
    if (!cd_complete(t, item))
        cd_fail(ps, CD_E_VALUE, &ps->tok,
                "array of %Y, which has no size", item);
    if (!cd_layout_of(t, item, &size, &align))
        return 0;
    if (size % align != 0)
        cd_fail(ps, CD_E_CONSTRAINT, &ps->tok,
                "array of %Y: its alignment is no divisor of its size", item);
    return size;
}

/* The element was checked when an equal array was made first, so that a
 * search comes before every check.                                           */
cd_id cd_array_of(cd_parser *ps, cd_id item, uint64_t n, uint16_t flags)
{
    cd_table *t = ps->t;
    cd_ctype key = {.kind = CD_ARRAY, .a = item, .flags = flags};

    key.n = flags & (CD_F_OPEN | CD_F_DOTS) ? 0 : n;
    if (!(flags & CD_F_DOTS)) {
        key.hash = hash_type(&key, NULL);
        cd_id id = find_shared(t, &key, NULL);
        if (id != 0)
            return id;
    }
    uint64_t size = check_element(ps, item);
    if (size != 0 && key.n > CD_MAX_SIZE / size)
        cd_fail(ps, CD_E_RANGE, &ps->tok, "array is too large");
    cd_id canon = cd_ty(t, item)->canon;
    if (canon != item)
        key.canon = cd_array_of(ps, canon, n, flags);
    key.flags |= cd_spread(t, item);
    if (flags & CD_F_DOTS)
        key.flags |= CD_F_LATE;
    if (!(key.flags & (CD_F_LATE | CD_F_UNAVAIL | CD_F_OPEN))) {
        take_layout(ps, &key, item);
        key.size = size * key.n;
    }
    return flags & CD_F_DOTS ? add_type(ps, &key) : add_shared(ps, &key);
}

/* The array of an expression that says another length on another target. */
cd_id cd_array_text(cd_parser *ps, cd_id array, cd_str text)
{
    cd_ctype key = *cd_ty(ps->t, array);

    key.x = text;
    return add_type(ps, &key);
}

/* Of no use but in a body that waits; what it was is kept with it. */
cd_id cd_array_later(cd_parser *ps, cd_id item, uint64_t n, uint16_t flags,
                     cd_str text)
{
    cd_ctype key = {.kind = CD_ARRAY, .a = item, .n = n, .x = text,
                    .flags = (uint16_t)(flags | CD_F_OPAQUE)};

    return add_type(ps, &key);
}

bool cd_is_later(const cd_table *t, cd_id id)
{
    return cd_ty(t, id)->kind == CD_ARRAY && cd_ty(t, id)->flags & CD_F_OPAQUE;
}

/* The array in its place; nothing refers to the other then. */
cd_id cd_array_now(cd_parser *ps, cd_id later)
{
    if (!cd_is_later(ps->t, later))
        return later;
    cd_ctype was = *cd_ty(ps->t, later);
    cd_id id = cd_array_of(ps, cd_array_now(ps, was.a), was.n,
                           (uint16_t)(was.flags & ~CD_F_OPAQUE));
    *cd_ty(ps->t, later) = (cd_ctype){.kind = CD_NONE};
    return was.x != 0 ? cd_array_text(ps, id, was.x) : id;
}

/* gcc's rules: a power of two of integers or floats, aligned to its size. */
cd_id cd_vector_of(cd_parser *ps, cd_id item, uint64_t bytes)
{
    cd_table *t = ps->t;
    cd_id canon = cd_ty(t, item)->canon;
    const cd_ctype *c = cd_ty(t, canon);
    cd_ctype key = {.kind = CD_VECTOR, .a = item};

    if (c->kind != CD_PRIM || c->size == 0 || c->sub == CD_PRIM_BOOL ||
        cd_prim_class(c->sub) == CD_CLASS_COMPLEX)
        cd_fail(ps, CD_E_CONSTRAINT, &ps->tok,
                "vector of %Y: must be of integers or floats", item);
    if (bytes < c->size || (bytes & (bytes - 1)) != 0 ||
        bytes > CD_MAX_ALIGN || bytes % c->size != 0)
        cd_fail(ps, CD_E_CONSTRAINT, &ps->tok,
                "vector_size must be a power of two times the item's size");
    key.n = bytes / c->size;
    key.hash = hash_type(&key, NULL);
    cd_id id = find_shared(t, &key, NULL);
    if (id != 0)
        return id;
    if (canon != item)
        key.canon = cd_vector_of(ps, canon, bytes);
    key.size = bytes;
    key.align = (uint32_t)bytes;
    return add_shared(ps, &key);
}

/* The parameters' canons, in out; true if one differs from the parameter. */
static bool canon_params(const cd_table *t, const cd_id *params, uint32_t n,
                         cd_id *out)
{
    bool differs = false;

    for (uint32_t i = 0; i < n; i++) {
        out[i] = cd_ty(t, params[i])->canon;
        differs |= out[i] != params[i];
    }
    return differs;
}

/* Parameters are consecutive indices, not consecutive addresses. */
static uint32_t store_ids(cd_parser *ps, const cd_id *ids, uint32_t n)
{
    uint32_t first = cd_seg_add(ps, &ps->t->ids, n);

    for (uint32_t i = 0; i < n; i++)
        *(cd_id *)cd_seg_at(&ps->t->ids, first + i) = ids[i];
    return first;
}

/* The canon has the canons of result and parameters, and takes `()` for
 * `(void)`, as calls do. An array on the stack is enough for them: their
 * number is limited.                                                         */
static cd_id new_function(cd_parser *ps, cd_ctype *key, const cd_id *params)
{
    cd_table *t = ps->t;
    uint32_t n = (uint32_t)key->n;
    cd_id ids[CD_MAX_PARAMS];
    cd_id result = cd_ty(t, key->a)->canon;
    int kind = cd_kind_of(t, result);

    if (kind == CD_ARRAY || kind == CD_FUNC)
        cd_fail(ps, CD_E_TYPE, &ps->tok, "function returning %Y", key->a);
    key->b = store_ids(ps, params, n); /* first: params may be scratch memory */
    key->flags |= cd_spread(t, key->a);
    for (uint32_t i = 0; i < n; i++)
        key->flags |= cd_spread(t, params[i]);
    if (canon_params(t, params, n, ids) || result != key->a ||
        key->flags & CD_F_NOPROTO)
        key->canon = cd_function(ps, result, ids, n, key->sub,
                                 key->flags & CD_F_VARIADIC);
    return add_shared(ps, key);
}

/* `params` may be scratch memory: nothing is pushed before it is stored. */
cd_id cd_function(cd_parser *ps, cd_id result, const cd_id *params, uint32_t n,
                  int abi, uint16_t flags)
{
    cd_ctype key = {.kind = CD_FUNC, .sub = (uint8_t)abi, .a = result, .n = n,
                    .flags = flags};

    if (n > CD_MAX_PARAMS)
        cd_fail(ps, CD_E_LIMIT, &ps->tok, "too many parameters");
    key.hash = hash_type(&key, params);
    cd_id id = find_shared(ps->t, &key, params);
    return id ? id : new_function(ps, &key, params);
}

int cd_quals(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_ty(t, id);
    int quals = 0;

    for (; c->kind == CD_QUAL || c->kind == CD_TYPEDEF; c = cd_ty(t, c->a))
        quals |= c->kind == CD_QUAL ? c->sub : 0;
    return quals;
}

cd_id cd_noreturn(cd_parser *ps, cd_id type)
{
    cd_table *t = ps->t;
    cd_id id = cd_strip(t, type);
    const cd_ctype *c = cd_ty(t, id);

    if (c->kind == CD_POINTER) {
        cd_id item = cd_strip(t, c->a);
        if (cd_ty(t, item)->kind != CD_FUNC)
            return type;
        return cd_qualified(ps, cd_pointer_to(ps, cd_noreturn(ps, item)),
                            cd_quals(t, type));
    }
    if (c->kind != CD_FUNC || c->x)
        return type;
    cd_ctype key = *c;
    key.x = 1;
    return add_type(ps, &key);
}

/* _Atomic aligns a type whose size is a power of two to that size. */
static void atomic_layout(cd_ctype *key)
{
    if (key->size <= 16 && key->size > key->align &&
        (key->size & (key->size - 1)) == 0)
        key->align = (uint32_t)key->size;
}

/* Qualifiers of qualifiers become one record; of an array they go to its
 * elements; of a function they mean nothing.                                 */
cd_id cd_qualified(cd_parser *ps, cd_id item, int quals)
{
    cd_table *t = ps->t;
    const cd_ctype *c = cd_ty(t, item);

    if (c->kind == CD_QUAL) {
        quals |= c->sub;
        item = c->a;
        c = cd_ty(t, item);
    }
    if (quals == 0 || c->kind == CD_FUNC)
        return item;
    if (c->kind == CD_ARRAY) { /* C qualifies the elements */
        cd_id element = cd_qualified(ps, c->a, quals);
        return cd_array_of(ps, element, c->n,
                           c->flags & (CD_F_OPEN | CD_F_DOTS));
    }
    cd_ctype key = {.kind = CD_QUAL, .sub = (uint8_t)quals, .a = item};
    key.hash = hash_type(&key, NULL);
    cd_id id = find_shared(t, &key, NULL);
    if (id != 0)
        return id;
    key.canon = c->canon;
    key.flags = cd_spread(t, item);
    if (quals & CD_Q_ATOMIC) { /* the others take the item's, then and later */
        take_layout(ps, &key, item);
        atomic_layout(&key);
    }
    return add_shared(ps, &key);
}

/* Shared by spelling and reason: the same word twice is the same type. */
cd_id cd_unavailable_type(cd_parser *ps, const char *spelling,
                          const char *reason)
{
    cd_ctype key = {.kind = CD_UNAVAIL, .flags = CD_F_UNAVAIL};

    key.name = cd_intern(ps, spelling, strlen(spelling));
    key.a = cd_intern(ps, reason, strlen(reason));
    key.hash = hash_type(&key, NULL);
    cd_id id = find_shared(ps->t, &key, NULL);
    return id ? id : add_shared(ps, &key);
}

/* Shared by table and id: however often it is asked for, an imported record
 * is one type here.                                                          */
cd_id cd_imported(cd_parser *ps, cd_id there, uint32_t include, int kind,
                  cd_str name, uint16_t flags)
{
    cd_ctype key = {.kind = CD_IMPORT, .sub = (uint8_t)kind, .a = include,
                    .b = there, .name = name, .flags = flags};

    key.hash = hash_type(&key, NULL);
    cd_id id = find_shared(ps->t, &key, NULL);
    return id ? id : add_shared(ps, &key);
}

/* ---- types with a name of their own -------------------------------------- */

/* A typedef has no layout of its own: readers ask cd_layout_of(), which looks
 * at the item, so that a record completed later is seen.                     */
cd_id cd_typedef_of(cd_parser *ps, cd_str name, cd_id item, uint32_t where)
{
    cd_ctype key = {.kind = CD_TYPEDEF, .name = name, .a = item, .x = where,
                    .canon = cd_ty(ps->t, item)->canon,
                    .flags = cd_spread(ps->t, item)};

    return add_type(ps, &key);
}

/* The alignment alone is its own: the size is the item's, once that has one. */
cd_id cd_aligned_type(cd_parser *ps, cd_id item, uint32_t align)
{
    cd_ctype key = {.kind = CD_TYPEDEF, .a = item, .align = align,
                    .canon = cd_ty(ps->t, item)->canon,
                    .flags = cd_spread(ps->t, item)};

    return add_type(ps, &key);
}

/* Its own canon: a record is no other record, whatever its members. */
cd_id cd_new_tagged(cd_parser *ps, int kind, cd_str tag, uint32_t where)
{
    cd_ctype key = {.kind = (uint8_t)kind, .flags = CD_F_OPAQUE, .name = tag,
                    .x = where};

    if (tag == 0)
        key.n = ++ps->t->n_anonymous;
    return add_type(ps, &key);
}

/* Its own canon too: two `int...` may turn out to be different types. */
cd_id cd_new_late(cd_parser *ps, int prim, cd_str name, uint32_t where)
{
    cd_ctype key = {.kind = CD_PRIM, .sub = (uint8_t)prim, .flags = CD_F_LATE,
                    .name = name, .x = where};

    return add_type(ps, &key);
}

/* ---- questions ----------------------------------------------------------- */

/* A late type counts as complete: it has a size, though not yet here. */
bool cd_complete(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_behind(&t, cd_ty(t, cd_ty(t, id)->canon));

    switch (c->kind) {
    case CD_PRIM: return c->sub != CD_PRIM_VOID;
    case CD_FUNC: return false;
    default: return !(c->flags & (CD_F_OPAQUE | CD_F_OPEN));
    }
}

int cd_kind_of(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_ty(t, cd_ty(t, id)->canon);

    return c->kind == CD_IMPORT ? c->sub : c->kind;
}

/* The outermost typedefs and qualifiers only; the canon has none at all. */
cd_id cd_strip(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_ty(t, id);

    while (c->kind == CD_QUAL || c->kind == CD_TYPEDEF) {
        id = c->a;
        c = cd_ty(t, id);
    }
    return id;
}

/* An array of late records has a size once they have: it is not stored.  The
 * outermost alignment that a typedef asks for counts.                        */
bool cd_layout_of(const cd_table *t, cd_id id, uint64_t *size, uint32_t *align)
{
    const cd_ctype *c = cd_behind(&t, cd_ty(t, id));
    uint64_t times = 1;
    uint32_t asked = 0;

    while (c->align == 0 || c->kind == CD_TYPEDEF) {
        if (c->kind == CD_ARRAY && !(c->flags & (CD_F_OPEN | CD_F_DOTS)))
            times *= c->n;
        else if (c->kind == CD_TYPEDEF && asked == 0)
            asked = c->align;
        else if (c->kind != CD_TYPEDEF && c->kind != CD_QUAL)
            return false;
        c = cd_behind(&t, cd_ty(t, c->a));
    }
    if (c->size != 0 && times > CD_MAX_SIZE / c->size)
        return false;
    *size = c->size * times;
    *align = asked != 0 ? asked : c->align;
    return true;
}

/* ---- late types, known at last ------------------------------------------- */

/* Size and alignment of an array, from its item's, when that has them. */
static void size_array(cd_parser *ps, cd_ctype *c)
{
    take_layout(ps, c, c->a);
    if (c->size != 0 && c->n > CD_MAX_SIZE / c->size)
        cd_fail(ps, CD_E_RANGE, &ps->tok, "array is too large");
    c->size *= c->n;
}

void cd_set_length(cd_parser *ps, cd_id id, uint64_t n)
{
    cd_ctype *c = cd_ty(ps->t, id);

    if (c->kind != CD_ARRAY || !(c->flags & CD_F_DOTS) ||
        !(c->flags & CD_F_LATE))
        return;
    cd_touch(ps, c, sizeof *c);
    c->n = n;
    c->flags &= (uint16_t)~SPREADS;
    c->flags |= cd_spread(ps->t, c->a);
    if (!(c->flags & SPREADS))
        size_array(ps, c);
    if (c->canon != id)
        cd_set_length(ps, c->canon, n);
}

/* What a type that is no record gets from all that it holds by value. */
static uint16_t spread_of_parts(const cd_table *t, const cd_ctype *c)
{
    uint16_t flags = cd_spread(t, c->a);

    for (uint32_t i = 0; c->kind == CD_FUNC && i < c->n; i++)
        flags |= cd_spread(t, cd_id_at(t, c->b + i));
    return flags;
}

void cd_settle(cd_parser *ps, cd_id id)
{
    cd_ctype *c = cd_ty(ps->t, id);
    bool derived = c->kind == CD_QUAL || c->kind == CD_TYPEDEF ||
                   c->kind == CD_FUNC ||
                   (c->kind == CD_ARRAY && !(c->flags & CD_F_DOTS));

    if (!derived)
        return;
    uint16_t parts = spread_of_parts(ps->t, c);
    if ((c->flags & SPREADS) == parts)
        return;
    cd_touch(ps, c, sizeof *c);
    c->flags = (uint16_t)((c->flags & ~SPREADS) | parts);
    if (parts != 0)
        return;
    if (c->kind == CD_ARRAY && !(c->flags & CD_F_OPEN))
        size_array(ps, c);
    if (c->kind == CD_QUAL && c->sub & CD_Q_ATOMIC) {
        take_layout(ps, c, c->a);
        atomic_layout(c);
    }
}

/* ---- reasons ------------------------------------------------------------- */

/* The first part of a record or function that is held by value and cannot be
 * used; 0: none.                                                             */
static cd_id unavailable_part(const cd_table *t, const cd_ctype *c)
{
    cd_id part = 0;

    if (c->kind == CD_ARRAY ||
        (c->kind == CD_FUNC && (cd_spread(t, c->a) & CD_F_UNAVAIL)))
        return c->a;
    for (uint32_t i = 0; part == 0 && i < (c->kind == CD_FUNC ? c->n : c->b);
         i++) {
        cd_id id = c->kind == CD_FUNC ? cd_id_at(t, c->b + i)
                                      : cd_member_at(t, c->a + i)->type;
        if (cd_spread(t, id) & CD_F_UNAVAIL)
            part = id;
    }
    return part;
}

/* A record or enum is not found by its hash: it has a reason in its place. */
static bool has_reason(const cd_ctype *c)
{
    return (c->kind == CD_STRUCT || c->kind == CD_UNION ||
            c->kind == CD_ENUM) && c->hash != 0;
}

const char *cd_build_reason(const cd_table *t, cd_id id)
{
    const cd_ctype *c = cd_ty(t, cd_ty(t, id)->canon);

    return has_reason(c) ? cd_text(t, c->hash, NULL) : NULL;
}

/* From part to part down to the one that has a reason of its own. */
const char *cd_why(const cd_table *t, cd_id id)
{
    while (id != 0) {
        const cd_ctype *c = cd_behind(&t, cd_ty(t, cd_ty(t, id)->canon));
        if (!(c->flags & CD_F_UNAVAIL))
            break;
        if (c->kind == CD_UNAVAIL)
            return cd_text(t, c->a, NULL);
        if (c->kind == CD_PRIM)
            return "this platform has no such type";
        if (has_reason(c))
            return cd_text(t, c->hash, NULL);
        id = unavailable_part(t, c);
    }
    return NULL;
}

/* C's adjustment: an array becomes a pointer to its element, a function a
 * pointer to itself; the typedefs inside are kept.                           */
cd_id cd_adjust_param(cd_parser *ps, cd_id type)
{
    cd_table *t = ps->t;
    int quals = 0;

    switch (cd_kind_of(t, type)) {
    case CD_FUNC:
        return cd_pointer_to(ps, type);
    case CD_ARRAY: { /* qualifiers of an array typedef are its elements' */
        cd_id id = type;
        while (cd_ty(t, id)->kind != CD_ARRAY) {
            if (cd_ty(t, id)->kind == CD_QUAL)
                quals |= cd_ty(t, id)->sub;
            id = cd_ty(t, id)->a;
        }
        return cd_pointer_to(ps, cd_qualified(ps, cd_ty(t, id)->a, quals));
    }
    default:
        return type;
    }
}

/* ---- a table's beginning, rollback and end ------------------------------- */

/* Where 0: everyone has it, so nobody declared it. */
static void bind_standard(cd_parser *ps, cd_str name, cd_id type)
{
    uint32_t i = cd_seg_add(ps, &ps->t->decls, 1);
    cd_decl *d = cd_seg_at(&ps->t->decls, i);

    *d = (cd_decl){.name = name, .type = type, .kind = CD_D_TYPEDEF};
    cd_atom_at(ps->t, name)->decl = i;
}

/* In the order of prims.def, so that id and number are the same. One that
 * the platform lacks is there all the same, to be named in a message.        */
static void add_primitive(cd_parser *ps, int prim)
{
    cd_table *t = ps->t;
    cd_ctype key = {.kind = CD_PRIM, .sub = (uint8_t)prim};

    key.size = cd_prim_size(t->target, prim);
    key.align = cd_prim_align(t->target, prim);
    if (cd_prim_class(prim) == CD_CLASS_LATE)
        key.flags = CD_F_LATE;
    else if (key.size == 0 && prim != CD_PRIM_VOID)
        key.flags = CD_F_UNAVAIL;
    key.name = cd_intern_static(ps, cd_prim_name(prim));
    cd_id id = add_type(ps, &key);
    if (prim >= CD_PRIM_WCHAR && prim <= CD_PRIM_SSIZE) /* spelled as a name */
        bind_standard(ps, key.name, id);
}

/* The standard names that are no primitives of their own. */
static void add_standard_names(cd_parser *ps)
{
    cd_str tag = cd_intern_static(ps, "_IO_FILE");
    cd_str name = cd_intern_static(ps, "FILE");
    cd_id file = cd_new_tagged(ps, CD_STRUCT, tag, 0);

    cd_atom_at(ps->t, tag)->tag = file;
    bind_standard(ps, name, cd_typedef_of(ps, name, file, 0));
    bind_standard(ps, cd_intern_static(ps, "bool"), CD_PRIM_BOOL);
    bind_standard(ps, cd_intern_static(ps, "_cffi_float_complex_t"),
                  CD_PRIM_FCOMPLEX);
    bind_standard(ps, cd_intern_static(ps, "_cffi_double_complex_t"),
                  CD_PRIM_DCOMPLEX);
}

void cd_types_begin(cd_parser *ps)
{
    cd_index_reserve(ps, &ps->t->type_index, FIRST_SLOTS);
    for (int prim = 1; prim < CD_N_PRIMS; prim++)
        add_primitive(ps, prim);
    add_standard_names(ps);
}

void cd_types_rollback(cd_parser *ps)
{
    cd_table *t = ps->t;

    while (t->types.count > ps->mark_types) {
        cd_id id = --t->types.count;
        if (is_shared(cd_ty(t, id)))
            cd_index_remove(&t->type_index, cd_ty(t, id)->hash, id);
    }
}

void cd_types_free(cd_table *t)
{
    cd_index_free(t, &t->type_index);
}
