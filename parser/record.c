/* record.c - struct and union specifiers.  MIT.
 *
 * A body is read into raw members on the scratch stack; layout.c places them.
 * A second body of a complete tag is read into a record of its own and must be
 * the same as the first.                                                     */
#include "cd_impl.h"
#include <string.h>

/* The tag's type in this table or an included one; 0: none. */
static cd_id find_tag(cd_parser *ps, cd_str tag)
{
    cd_id id = cd_atom_at(ps->t, tag)->tag;
    return id ? id : cd_resolve(ps, tag, true);
}

/* Sets or clears flags of a record that an earlier cdef may own. */
static void set_flags(cd_parser *ps, cd_id id, unsigned on, unsigned off)
{
    cd_ctype *type = cd_ty(ps->t, id);
    if (id < ps->mark_types)
        cd_touch(ps, &type->flags, sizeof type->flags);
    type->flags = (uint16_t)((type->flags | on) & ~off);
}

static CD_NORETURN void another_kind(cd_parser *ps, int kind,
                                     const cd_token *at, cd_id id)
{
    const cd_ctype *type = cd_ty(ps->t, id);
    const char *word = kind == CD_STRUCT  ? "a struct"
                       : kind == CD_UNION ? "a union"
                                          : "an enum";
    if (type->kind == CD_IMPORT)
        cd_fail(ps, CD_E_CONSTRAINT, at,
                "%N is not %s: it is %Y, included", at->name, word, id);
    cd_fail(ps, CD_E_CONSTRAINT, at, "%N is not %s: it is %Y, from %W",
            at->name, word, id, type->x);
}

/* The record that `kind tag` refers to, declared here if it was not.         */
cd_id cd_refer_tag(cd_parser *ps, int kind, cd_str tag, const cd_token *at)
{
    cd_id id = find_tag(ps, tag);
    if (id == 0) {
        id = cd_new_tagged(ps, kind, tag, cd_here(ps, at));
        cd_bind_tag(ps, tag, id);
        return id;
    }
    if (cd_kind_of(ps->t, id) != kind)
        another_kind(ps, kind, at, id);
    return id;
}

/* ---- members ------------------------------------------------------------- */

typedef struct body {
    uint32_t n;   /* raw members pushed                                       */
    bool partial; /* saw `...;`                                               */
} body;

static void push_member(cd_parser *ps, body *b, const cd_raw_member *m)
{
    if (b->n == CD_MAX_MEMBERS)
        cd_fail(ps, CD_E_LIMIT, &m->at, "more than %d members", CD_MAX_MEMBERS);
    *(cd_raw_member *)cd_push(ps, &ps->scratch, sizeof *m) = *m;
    b->n++;
}

/* bit-field = ":" const-expr */
static void bit_width(cd_parser *ps, cd_raw_member *m)
{
    cd_next(ps);
    cd_token at = ps->tok;
    cd_value v = cd_any_int(ps);
    if (v.unknown) {
        m->type = cd_unavailable_type(ps, "...",
                                      cd_text(ps->t, v.unknown, NULL));
        v.v.u = 1;
    }
    if (!v.is_unsigned && v.v.i < 0)
        cd_fail(ps, CD_E_CONSTRAINT, &at, "the bit-field's width is negative");
    if (v.v.u > INT16_MAX)
        cd_fail(ps, CD_E_CONSTRAINT, &at, "the bit-field is too wide");
    m->bits = (int32_t)v.v.u;
}

/* member-declarator = declarator bit-field? | bit-field */
static void member_declarator(cd_parser *ps, body *b, const cd_spec *spec)
{
    cd_declarator d;
    cd_raw_member m = {.bits = -1, .at = ps->tok};
    m.align = spec->attrs.align;
    m.packed = spec->attrs.packed;
    if (ps->tok.kind == CD_T_COLON) {
        m.type = spec->type;
        d.attrs = (cd_attrs){0};
    } else {
        cd_declare(ps, spec, CD_DECLR_MEMBER, &d);
        m.name = d.name;
        m.type = d.type;
        m.at = d.at;
    }
    if (ps->tok.kind == CD_T_COLON) {
        bit_width(ps, &m);
        cd_attributes(ps, &d.attrs);
    }
    if (d.attrs.align > m.align)
        m.align = d.attrs.align;
    m.packed |= d.attrs.packed;
    const char *reason = cd_reason(&d.attrs, &spec->attrs);
    if (reason)
        m.type = cd_unavailable_type(ps, "...", reason);
    push_member(ps, b, &m);
}

/* ---- a body that waits --------------------------------------------------- */

/* CFFI takes members of a struct that gets its body further down in the text,
 * as compilers do not.  What has such a member is opaque up to the end.      */
typedef struct waiting {
    cd_id id;     /* 0: complete by now                                       */
    uint32_t n;   /* members                                                  */
    cd_str file;  /* where they are                                           */
    cd_record_opts o;
    cd_raw_member members[];
} waiting;

static waiting *waiting_at(const cd_parser *ps, size_t at)
{
    return (waiting *)(void *)(ps->waiting.data + at);
}

/* Passes over what waits: more than any text needs. */
enum { MOST_PASSES = 100 };

static size_t waiting_size(uint32_t n)
{
    return sizeof(waiting) + n * sizeof(cd_raw_member);
}

static bool is_waiting(const cd_parser *ps, cd_id id)
{
    size_t at = 0;

    while (at < ps->waiting.len && waiting_at(ps, at)->id != id)
        at += waiting_size(waiting_at(ps, at)->n);
    return at < ps->waiting.len;
}

/* The first member of a struct or union without a body, or of an array of it;
 * 0: of none.                                                                */
static cd_id lacking(const cd_parser *ps, const cd_raw_member *m, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        cd_id id = m[i].type;
        while (cd_is_later(ps->t, id))
            id = cd_ty(ps->t, id)->a;
        id = cd_ty(ps->t, id)->canon;
        int kind = cd_kind_of(ps->t, id);
        bool record = kind == CD_STRUCT || kind == CD_UNION;
        if (record && m[i].bits < 0 && !cd_complete(ps->t, id))
            return id;
    }
    return 0;
}

/* Arrays of what has a body by now; that there is none is their error. */
static void complete(cd_parser *ps, cd_id id, cd_raw_member *m, uint32_t n,
                     const cd_record_opts *o)
{
    cd_token tok = ps->tok;

    for (uint32_t i = 0; i < n; i++) {
        ps->tok = m[i].at;
        m[i].type = cd_array_now(ps, m[i].type);
    }
    ps->tok = tok;
    cd_complete_record(ps, id, m, n, o);
}

static void complete_or_wait(cd_parser *ps, cd_id id, cd_raw_member *m,
                             uint32_t n, const cd_record_opts *o)
{
    if (ps->in_typename || lacking(ps, m, n) == 0) {
        complete(ps, id, m, n, o);
        return;
    }
    waiting *w = cd_push(ps, &ps->waiting, waiting_size(n));
    *w = (waiting){.id = id, .n = n, .file = ps->file, .o = *o};
    memcpy(w->members, m, n * sizeof *m);
}

/* Which of those that wait: whose members are complete now; to whom none comes
 * any more, but not those that wait for one of these; all.                   */
enum { READY, IN_VAIN, ALL };

/* Completes them, which is an error unless they are ready.  Were there any?  */
static bool complete_waiting(cd_parser *ps, int which)
{
    bool some = false;

    for (size_t at = 0; at < ps->waiting.len;) {
        waiting *w = waiting_at(ps, at);
        at += waiting_size(w->n);
        cd_id id = w->id ? lacking(ps, w->members, w->n) : 0;
        if (w->id == 0 || (id != 0 && which == READY) ||
            (id != 0 && which == IN_VAIN && is_waiting(ps, id)))
            continue;
        ps->file = w->file;
        complete(ps, w->id, w->members, w->n, &w->o);
        w->id = 0;
        some = true;
    }
    return some;
}

/* At the end of the text. */
void cd_waiting_bodies(cd_parser *ps)
{
    cd_str file = ps->file;
    int pass = 0;

    while (pass < MOST_PASSES && complete_waiting(ps, READY))
        pass++;
    complete_waiting(ps, IN_VAIN);
    complete_waiting(ps, ALL);
    ps->file = file;
}

/* ---- bodies -------------------------------------------------------------- */

/* A declaration without a declarator: an anonymous member if it is a record
 * whose size is known (a tag or typedef too, as Microsoft's and Plan 9's
 * compilers and CFFI have it), else it only declares a tag.                  */
static void anonymous_member(cd_parser *ps, body *b, const cd_spec *spec)
{
    int kind = cd_kind_of(ps->t, spec->type);
    if (kind != CD_STRUCT && kind != CD_UNION)
        return;
    if (!cd_complete(ps->t, spec->type) &&
        !is_waiting(ps, cd_ty(ps->t, spec->type)->canon))
        return;
    cd_raw_member m = {.type = spec->type, .bits = -1, .at = spec->at};
    m.align = spec->attrs.align;
    m.packed = spec->attrs.packed;
    if (spec->attrs.unavailable)
        m.type = cd_unavailable_type(ps, "...", spec->attrs.unavailable);
    push_member(ps, b, &m);
}

/* member-declaration = "__extension__"* ( ";" | "..." ";" | static-assert
 *                    | specifiers ( member-declarator
 *                                   ( "," member-declarator )* )? ";" )      */
static void member_declaration(cd_parser *ps, body *b)
{
    while (cd_accept(ps, CD_T_EXTENSION))
        ;
    switch (ps->tok.kind) {
    case CD_T_SEMI: cd_next(ps); return;
    case CD_T_STATIC_ASSERT: cd_static_assert(ps); return;
    case CD_T_DOTS:
        b->partial = true;
        cd_next(ps);
        cd_expect(ps, CD_T_SEMI);
        return;
    default: break;
    }
    cd_spec spec;
    cd_specifiers(ps, &spec);
    if (spec.storage != CD_S_NONE)
        cd_fail(ps, CD_E_SYNTAX, &spec.at, "a member has no storage class");
    if (ps->tok.kind == CD_T_SEMI) {
        anonymous_member(ps, b, &spec);
    } else {
        do
            member_declarator(ps, b, &spec);
        while (cd_accept(ps, CD_T_COMMA));
    }
    cd_expect(ps, CD_T_SEMI);
}

/* body = "{" member-declaration* "}" attribute*
 * Completes `id`.  The packing in force is that at the closing brace.        */
static void record_body(cd_parser *ps, cd_id id, cd_attrs *attrs)
{
    size_t mark = ps->scratch.len;
    body b = {0, false};
    uint32_t line = ps->tok.line;
    cd_enter(ps);
    cd_next(ps);
    while (ps->tok.kind != CD_T_RBRACE) {
        if (ps->tok.kind == CD_T_EOF)
            cd_fail(ps, CD_E_SYNTAX, &ps->tok,
                    "expected a member or '}', found %T: the '{' of line %u "
                    "is open", &ps->tok, line);
        member_declaration(ps, &b);
    }
    cd_record_opts o = {.pack = ps->pack, .partial = b.partial};
    bool ms_pragma = ps->ms_struct;
    cd_next(ps);
    cd_attributes(ps, attrs);
    o.packed = attrs->packed;
    o.align = attrs->align;
    o.ms_struct = attrs->ms_struct || ms_pragma;
    o.gcc_struct = attrs->gcc_struct;
    o.transparent = attrs->transparent;
    if (o.ms_struct && !cd_knows_ms_struct(ps->t))
        attrs->unavailable = "the layout of ms_struct on this platform";
    cd_raw_member *m = (cd_raw_member *)cd_scratch_at(ps, mark);
    if (attrs->unavailable && b.n) /* one such member keeps it from any use   */
        m[b.n - 1].type = cd_unavailable_type(ps, "...", attrs->unavailable);
    set_flags(ps, id, 0, CD_F_BUSY);
    complete_or_wait(ps, id, m, b.n, &o);
    ps->scratch.len = mark;
    cd_leave(ps);
}

/* ---- a second body ------------------------------------------------------- */

CD_NORETURN void cd_another_body(cd_parser *ps, const cd_token *at, cd_id first)
{
    const cd_ctype *old = cd_ty(ps->t, first);
    if (old->kind == CD_IMPORT)
        cd_fail(ps, CD_E_CONSTRAINT, at,
                "%Y has another body than in what is included", first);
    cd_fail(ps, CD_E_CONSTRAINT, at,
            "%Y has another body than the one at %W", first, old->x);
}

/* Reads the body of a tag that is complete already, or another table's.  The
 * same body again is no declaration; another one is an error, or with override
 * the tag's new meaning.                                                     */
static cd_id second_body(cd_parser *ps, cd_id first, const cd_token *at,
                         cd_attrs *attrs)
{
    const cd_table *from = ps->t;
    const cd_ctype *old = cd_behind(&from, cd_ty(from, first));
    if (old->flags & CD_F_BUSY)
        cd_fail(ps, CD_E_CONSTRAINT, at, "%Y is defined inside itself", first);
    if (is_waiting(ps, first))
        cd_another_body(ps, at, first);
    bool fresh = ps->opt.override || old->flags & CD_F_OPAQUE;
    cd_id again = cd_new_tagged(ps, old->kind, at->name, cd_here(ps, at));
    if (fresh)
        cd_bind_tag(ps, at->name, again);
    record_body(ps, again, attrs);
    if (fresh)
        return again;
    if (from == ps->t
            ? !cd_same_record(ps, first, again)
            : !cd_same_imported(from, old, ps->t, cd_ty(ps->t, again)))
        cd_another_body(ps, at, first);
    *cd_ty(ps->t, again) = (cd_ctype){.kind = CD_NONE}; /* unreferenced       */
    return first;
}

/* A record that was mentioned before is declared where its body is. */
static void move_to_body(cd_parser *ps, cd_id id, const cd_token *at)
{
    cd_set32(ps, &cd_ty(ps->t, id)->x, cd_here(ps, at));
}

/* record-specifier = ( "struct" | "union" ) attribute*
 *                    ( NAME | NAME? body )                                   */
cd_id cd_record_spec(cd_parser *ps, int kind)
{
    cd_attrs attrs = {0};
    cd_id id, fresh = cd_n_types(ps->t) + 1;
    cd_attributes(ps, &attrs);
    cd_token at = ps->tok;
    if (at.kind == CD_T_NAME) {
        cd_next(ps);
        id = cd_refer_tag(ps, kind, at.name, &at);
    } else {
        if (at.kind != CD_T_LBRACE)
            cd_expected(ps, "a tag or '{'");
        id = cd_new_tagged(ps, kind, 0, cd_here(ps, &at));
    }
    if (ps->tok.kind == CD_T_LBRACE) {
        unsigned flags = cd_ty(ps->t, id)->flags;
        if (cd_ty(ps->t, id)->kind == CD_IMPORT || flags & CD_F_BUSY ||
            !(flags & CD_F_OPAQUE) || is_waiting(ps, id)) {
            id = second_body(ps, id, &at, &attrs);
        } else {
            if (id < fresh)
                move_to_body(ps, id, &at);
            set_flags(ps, id, CD_F_BUSY, 0);
            record_body(ps, id, &attrs);
        }
    }
    return id;
}
