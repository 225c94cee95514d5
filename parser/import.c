/* import.c - names from elsewhere: a source's, and those of tables made
 * visible by cd_include().  MIT.
 *
 * A table lists every table that it can reach, so a lookup is one loop.  A
 * name is bound here when it is first asked for: constants and typedefs are
 * copied; a record stays where it was declared and is known here by an IMPORT
 * record (which table, which id there).                                      */
#include "cd_impl.h"
#include <string.h>

/* ---- the list of tables -------------------------------------------------- */

/* 0 if the table is not listed; the newest are asked for most. */
static uint32_t number_of(const cd_table *t, const cd_table *other)
{
    uint32_t no = t->includes.count - 1;

    while (no > 0 && cd_included(t, no) != other)
        no--;
    return no;
}

/* The number of a table, which is listed first if need be. The list is what
 * makes a cycle visible: a table that reaches this one lists it.             */
static uint32_t add_table(cd_parser *ps, const cd_table *other)
{
    cd_table *t = ps->t;
    uint32_t no = number_of(t, other);

    if (no != 0)
        return no;
    if (other == t)
        cd_fail(ps, CD_E_CONSTRAINT, NULL, "include of itself");
    if (t->includes.count > CD_MAX_INCLUDES)
        cd_fail(ps, CD_E_LIMIT, NULL, "more than %d includes",
                CD_MAX_INCLUDES);
    no = cd_seg_add(ps, &t->includes, 1);
    *(const cd_table **)cd_seg_at(&t->includes, no) = other;
    return no;
}

/* A standard name that the other table gave to something else is asked for
 * there.                                                                     */
static void unbind_standard(cd_parser *ps, const cd_table *other)
{
    cd_table *t = ps->t;

    for (uint32_t i = 1; i < t->decls.count; i++) {
        const cd_decl *d = cd_decl_at(t, i);
        uint32_t len;
        if (d->where != 0)
            return; /* they come first                                        */
        cd_atom *here = cd_atom_at(t, d->name);
        const char *s = cd_text(t, d->name, &len);
        cd_str there = here->decl == i ? cd_find_atom(other, s, len) : 0;
        uint32_t its = there ? cd_atom_at(other, there)->decl : i;
        if (its == 0 || cd_decl_at(other, its)->where != 0)
            cd_set32(ps, &here->decl, 0);
    }
}

/* What `other` reaches is reached from here, too. */
static void include_body(cd_parser *ps, void *arg)
{
    const cd_table *other = *(const cd_table **)arg;

    if (other->target != ps->t->target)
        cd_fail(ps, CD_E_CONSTRAINT, NULL, "include of another platform's");
    add_table(ps, other);
    unbind_standard(ps, other);
    for (uint32_t no = 1; no < other->includes.count; no++)
        add_table(ps, cd_included(other, no));
}

int cd_include(cd_table *t, cd_table *other, cd_error *err)
{
    cd_parser ps;

    cd_parser_begin(&ps, t, "", 0, NULL, err);
    return cd_run(&ps, include_body, &other) ? 0 : -1;
}

/* ---- copying types ------------------------------------------------------- */

/* Names are numbers of their table: across tables they travel as text. */
static cd_str copy_name(cd_parser *ps, const cd_table *from, cd_str name)
{
    uint32_t len;
    const char *s = cd_text(from, name, &len);

    return name ? cd_intern(ps, s, len) : 0;
}

/* Messages about an imported name say where it really stands. */
static uint32_t copy_where(cd_parser *ps, const cd_table *from, uint32_t where)
{
    if (where == 0)
        return 0;
    cd_where w = *cd_where_at(from, where);
    w.file = copy_name(ps, from, w.file);
    uint32_t i = cd_seg_add(ps, &ps->t->wheres, 1);
    *(cd_where *)cd_seg_at(&ps->t->wheres, i) = w;
    return i;
}

static cd_id import_type(cd_parser *ps, const cd_table *from, cd_id id);
static uint32_t bind_decl(cd_parser *ps, const cd_table *from,
                          const cd_decl *there, cd_str name);

/* The parameters wait in scratch memory: a frame of this recursion is small. */
static cd_id import_function(cd_parser *ps, const cd_table *from,
                             const cd_ctype *c)
{
    size_t mark = ps->scratch.len;
    uint32_t n = (uint32_t)c->n;

    if (mark % sizeof(cd_id) != 0)
        cd_push(ps, &ps->scratch, sizeof(cd_id) - mark % sizeof(cd_id));
    size_t base = ps->scratch.len;
    cd_id result = import_type(ps, from, c->a);
    for (uint32_t i = 0; i < n; i++) {
        cd_id id = import_type(ps, from, cd_id_at(from, c->b + i));
        memcpy(cd_push(ps, &ps->scratch, sizeof id), &id, sizeof id);
    }
    cd_id id = cd_function(ps, result, cd_scratch_at(ps, base), n, c->sub,
                           c->flags & (CD_F_VARIADIC | CD_F_NOPROTO));
    ps->scratch.len = mark;
    return id;
}

/* A record, enum or other type that only its own table can describe. */
static cd_id import_nominal(cd_parser *ps, const cd_table *from, cd_id id,
                            const cd_ctype *c)
{
    cd_table *t = ps->t;
    cd_str name = copy_name(ps, from, c->name);

    if (c->kind == CD_STRUCT && c->x == 0 && cd_atom_at(t, name)->tag != 0)
        return cd_atom_at(t, name)->tag; /* predefined: every table has it */
    return cd_imported(ps, id, add_table(ps, from), c->kind, name,
                       c->flags & CD_F_TYPEDEF_NAME);
}

/* The typedef itself, under the same name or, of aligned(), under none. */
static cd_id copy_typedef(cd_parser *ps, const cd_table *from,
                          const cd_ctype *c)
{
    cd_id item = import_type(ps, from, c->a);

    if (c->name == 0)
        return cd_aligned_type(ps, item, c->align);
    return cd_typedef_of(ps, copy_name(ps, from, c->name), item,
                         copy_where(ps, from, c->x));
}

/* A typedef that its table still calls so is bound here on the way, so that
 * types made of typedefs made of typedefs are walked once.                   */
static cd_id import_typedef(cd_parser *ps, const cd_table *from, cd_id id,
                            const cd_ctype *c)
{
    const cd_decl *d = cd_decl_at(from, cd_atom_at(from, c->name)->decl);

    if (c->name == 0 || d->type != id || d->kind != CD_D_TYPEDEF)
        return copy_typedef(ps, from, c);
    cd_str name = copy_name(ps, from, c->name);
    uint32_t i = cd_atom_at(ps->t, name)->decl;
    if (i == 0)
        i = bind_decl(ps, from, d, name);
    const cd_decl *here = cd_decl_at(ps->t, i);
    if (here->kind == CD_D_TYPEDEF &&
        (here->where == 0 || cd_included(ps->t, here->include) == from))
        return here->type;
    return copy_typedef(ps, from, c); /* this table gave the name to another */
}

/* Derived types are built again of imported parts, and so shared with what
 * this table has made itself.                                                */
static cd_id import_structure(cd_parser *ps, const cd_table *from, cd_id id,
                              const cd_ctype *c)
{
    switch (c->kind) {
    case CD_POINTER:
        return cd_pointer_to(ps, import_type(ps, from, c->a));
    case CD_ARRAY:
        if (c->flags & CD_F_DOTS)
            return import_nominal(ps, from, id, c);
        return cd_array_of(ps, import_type(ps, from, c->a), c->n,
                           c->flags & CD_F_OPEN);
    case CD_VECTOR:
        return cd_vector_of(ps, import_type(ps, from, c->a), c->size);
    case CD_FUNC:
        return import_function(ps, from, c);
    case CD_TYPEDEF:
        return import_typedef(ps, from, id, c);
    case CD_QUAL:
        return cd_qualified(ps, import_type(ps, from, c->a), c->sub);
    case CD_UNAVAIL:
        return cd_unavailable_type(ps, cd_text(from, c->name, NULL),
                                   cd_text(from, c->a, NULL));
    default:
        return import_nominal(ps, from, id, c);
    }
}

/* The type `id` of table `from`, in this table. */
static cd_id import_type(cd_parser *ps, const cd_table *from, cd_id id)
{
    const cd_ctype *c = cd_ty(from, id);

    if (id < CD_N_PRIMS) /* the same in every table; 0 stays 0 */
        return id;
    while (c->kind == CD_IMPORT) {
        id = c->b;
        from = cd_included(from, c->a);
        if (from == ps->t)
            return id;
        c = cd_ty(from, id);
    }
    cd_enter(ps);
    cd_id here = import_structure(ps, from, id, c);
    cd_leave(ps);
    return here;
}

/* ---- binding names ------------------------------------------------------- */

/* Constants and typedefs are visible to who includes; functions and variables
 * belong to the library of the table that declares them.                     */
static bool is_visible(const cd_decl *d) /* not d of "none": its where is 0 */
{
    return d->where != 0 && d->kind != CD_D_FUNCTION &&
           d->kind != CD_D_VARIABLE && d->kind != CD_D_EXTERN_PYTHON;
}

/* Copies a constant, typedef or reason; its include number says whose it is. */
static uint32_t bind_decl(cd_parser *ps, const cd_table *from,
                          const cd_decl *there, cd_str name)
{
    cd_table *t = ps->t;
    cd_decl d = *there;

    d.name = name;
    d.include = (uint16_t)add_table(ps, from);
    d.params = 0;
    d.text = copy_name(ps, from, there->text);
    d.where = copy_where(ps, from, there->where);
    const cd_ctype *c = cd_ty(from, there->type);
    d.type = c->kind == CD_TYPEDEF ? copy_typedef(ps, from, c)
                                   : import_type(ps, from, there->type);
    uint32_t i = cd_seg_add(ps, &t->decls, 1);
    *(cd_decl *)cd_seg_at(&t->decls, i) = d;
    cd_set32(ps, &cd_atom_at(t, name)->decl, i);
    return i;
}

/* An ordinary name that table `from` declares or has bound; 0: none. */
static uint32_t resolve_decl(cd_parser *ps, const cd_table *from, cd_str there,
                             cd_str name)
{
    const cd_decl *d = cd_decl_at(from, cd_atom_at(from, there)->decl);

    if (!is_visible(d))
        return 0;
    if (d->include != 0) { /* it got the name from another table: ask that */
        uint32_t len;
        const char *s = cd_text(from, d->name, &len);
        from = cd_included(from, d->include);
        there = cd_find_atom(from, s, len);
        d = cd_decl_at(from, cd_atom_at(from, there)->decl);
    }
    return bind_decl(ps, from, d, name);
}

/* A tag that the other table imported itself leads to the table it is from. */
static cd_id resolve_tag(cd_parser *ps, const cd_table *from, cd_str there,
                         cd_str name)
{
    cd_id id = cd_atom_at(from, there)->tag;

    if (id == 0)
        return 0;
    id = import_type(ps, from, id);
    cd_set32(ps, &cd_atom_at(ps->t, name)->tag, id);
    return id;
}

/* A source that fails has left things half done: ps->asking tells who tries
 * something (a macro) that its failure is the whole parse's.                 */
static uint32_t ask_source(cd_parser *ps, cd_str name, const char *s,
                           uint32_t len, bool tag)
{
    const cd_source *source = &ps->t->source;

    if (source->bind == NULL || ps->asking)
        return 0;
    ps->asking = true;
    bool bound = source->bind(ps, source->ctx, s, len, tag);
    ps->asking = false;
    const cd_atom *a = cd_atom_at(ps->t, name);
    return !bound ? 0 : tag ? a->tag : a->decl;
}

/* Tables with a source bind the name there first.  The list is not const: who
 * included them gave them to this table to ask.                              */
static void ask_table(cd_parser *ps, uint32_t no, const char *s, uint32_t len,
                      bool tag)
{
    cd_table *from = *(cd_table **)cd_seg_at(&ps->t->includes, no);

    if (from->source.bind != NULL)
        cd_ask(ps, from, s, len, tag);
}

/* What the table's own source knows is its own; else the first table that
 * declares the name wins: they are asked in the order of their inclusion.    */
cd_id cd_resolve(cd_parser *ps, cd_str name, bool tag)
{
    uint32_t len;
    const char *s = cd_text(ps->t, name, &len);
    uint32_t found = ask_source(ps, name, s, len, tag);

    for (uint32_t no = 1; found == 0 && no < ps->t->includes.count; no++) {
        ask_table(ps, no, s, len, tag);
        const cd_table *from = cd_included(ps->t, no);
        cd_str there = cd_find_atom(from, s, len);
        if (there != 0)
            found = tag ? resolve_tag(ps, from, there, name)
                        : resolve_decl(ps, from, there, name);
    }
    return found;
}

/* ---- asking a table for a name ------------------------------------------- */

typedef struct lookup {
    const char *name;
    size_t len;
    bool tag;
    uint32_t found;
} lookup;

/* The name need not be an atom here to be declared in an included table. */
static void resolve(cd_parser *ps, void *arg)
{
    lookup *l = arg;

    l->found = cd_resolve(ps, cd_intern(ps, l->name, l->len), l->tag);
    if (l->found == 0)
        cd_fail(ps, CD_E_CONSTRAINT, NULL, "not declared"); /* forget it */
}

/* Bound here is the usual case and needs no transaction. */
static uint32_t find(cd_table *t, const char *name, size_t len, bool tag,
                     cd_error *err)
{
    cd_str atom = cd_find_atom(t, name, len);
    lookup l = {name, len, tag, 0};
    cd_parser ps;

    err->kind = CD_OK;
    if (atom != 0)
        l.found = tag ? cd_atom_at(t, atom)->tag : cd_atom_at(t, atom)->decl;
    if (l.found == 0 && (t->includes.count > 1 || t->source.bind != NULL)) {
        cd_parser_begin(&ps, t, "", 0, NULL, err);
        if (!cd_run(&ps, resolve, &l))
            return 0;
    }
    return l.found;
}

uint32_t cd_ask(cd_parser *ps, cd_table *other, const char *name, size_t len,
                bool tag)
{
    cd_error err;
    uint32_t found = find(other, name, len, tag, &err);

    if (found == 0 && err.kind == CD_E_MEMORY)
        cd_no_memory(ps);
    return found;
}

uint32_t cd_find_decl(cd_table *t, const char *name, size_t len)
{
    cd_error err;

    return find(t, name, len, false, &err);
}

/* Tags of all three kinds are one name space: another kind is no match. */
cd_id cd_find_tag(cd_table *t, int kind, const char *tag, size_t len)
{
    cd_error err;
    cd_id id = find(t, tag, len, true, &err);

    return id != 0 && cd_kind_of(t, id) == kind ? id : 0;
}

/* ---- what a source names in another table -------------------------------- */

typedef struct numbered {
    uint32_t number;
    cd_id id;
} numbered;

static void ask_number(cd_parser *ps, void *arg)
{
    numbered *x = arg;

    x->id = ps->t->source.numbered(ps, ps->t->source.ctx, x->number);
}

/* The record or enum $number of a table; 0: none. */
static cd_id by_number(cd_parser *ps, cd_table *from, uint32_t number)
{
    numbered x = {number, 0};
    cd_error err;

    for (cd_id id = 1; id <= cd_n_types(from); id++) {
        const cd_ctype *c = cd_ty(from, id);
        bool tagged = c->kind == CD_STRUCT || c->kind == CD_UNION ||
                      c->kind == CD_ENUM;
        if (tagged && c->name == 0 && c->n == number)
            return id;
    }
    if (from->source.bind != NULL &&
        cd_build(from, ask_number, &x, &err) != 0 && err.kind == CD_E_MEMORY)
        cd_no_memory(ps);
    return x.id;
}

/* What the typedef of that name stands for; 0: there is none. */
static cd_id by_typedef(cd_parser *ps, cd_table *from, const char *name)
{
    uint32_t i = cd_ask(ps, from, name, strlen(name), false);
    const cd_decl *d = cd_decl_at(from, i);

    return d->kind == CD_D_TYPEDEF ? cd_ty(from, d->type)->canon : 0;
}

cd_id cd_build_import(cd_builder *b, cd_table *from, int kind, const char *name,
                      uint16_t flags, uint32_t number)
{
    cd_id id;
    bool asking = b->asking;

    if (from == NULL)
        from = b->t;
    b->asking = true; /* here only what is included counts                    */
    if (name == NULL)
        id = from == b->t ? 0 : by_number(b, from, number);
    else if (from == b->t && !(flags & CD_F_TYPEDEF_NAME))
        id = cd_resolve(b, cd_intern(b, name, strlen(name)), true);
    else if (from == b->t)
        id = cd_resolve(b, cd_intern(b, name, strlen(name)), false);
    else if (flags & CD_F_TYPEDEF_NAME)
        id = by_typedef(b, from, name);
    else
        id = cd_ask(b, from, name, strlen(name), true);
    b->asking = asking;
    if (from == b->t && id != 0 && flags & CD_F_TYPEDEF_NAME)
        id = cd_ty(b->t, cd_decl_at(b->t, id)->type)->canon;
    if (id == 0 || cd_kind_of(from, id) != kind)
        return 0;
    return from == b->t ? id : import_type(b, from, id);
}

cd_id cd_build_import_id(cd_builder *b, const cd_table *from, cd_id id)
{
    return import_type(b, from, id);
}
