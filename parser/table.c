/* table.c - the public entry points and the transaction.  MIT.
 *
 * Every entry that may change a table runs its work through cd_run(), the one
 * landing pad: it ends in commit or in rollback, after which the table is what
 * it was (only memory that it held on to may be more).                       */
#include "cd_impl.h"
#include "cd_target.h"
#include <stdlib.h>
#include <string.h>

/* ---- the transaction ----------------------------------------------------- */

/* Remembers how much of everything there is; nothing here can fail. */
void cd_parser_begin(cd_parser *ps, cd_table *t, const char *text, size_t len,
                     const cd_options *opt, cd_error *err)
{
    memset(ps, 0, sizeof *ps);
    ps->t = t;
    ps->err = err;
    err->kind = CD_OK;
    err->text[0] = '\0';
    if (opt != NULL)
        ps->opt = *opt;
    ps->pack = ps->opt.pack;
    ps->text = ps->p = ps->line_start = text;
    ps->end = text + len;
    ps->line = 1;
    ps->mark_types = t->types.count;
    ps->mark_members = t->members.count;
    ps->mark_decls = t->decls.count;
    ps->mark_ids = t->ids.count;
    ps->mark_atoms = t->atoms.count;
    ps->mark_wheres = t->wheres.count;
    ps->mark_includes = t->includes.count;
    ps->mark_anonymous = t->n_anonymous;
    ps->mark_chunks = t->chunks.len;
    ps->mark_text_next = t->text_next;
    ps->mark_text_end = t->text_end;
}

/* What only the parse needed, whether it succeeded or not. */
static void free_scratch(cd_parser *ps)
{
    cd_buf_free(ps->t, &ps->journal);
    cd_buf_free(ps->t, &ps->scratch);
    cd_buf_free(ps->t, &ps->pack_stack);
    cd_buf_free(ps->t, &ps->later);
    cd_buf_free(ps->t, &ps->renames);
}

/* The changes are in the table already: there is only the journal to drop. */
void cd_parser_commit(cd_parser *ps)
{
    free_scratch(ps);
}

/* First the old contents of what existed before, then the indexes forget
 * what is new, then the counts end where they did.                           */
void cd_parser_rollback(cd_parser *ps)
{
    cd_table *t = ps->t;

    cd_journal_undo(ps);
    cd_types_rollback(ps);
    cd_atoms_rollback(ps);
    t->members.count = ps->mark_members;
    t->decls.count = ps->mark_decls;
    t->ids.count = ps->mark_ids;
    t->wheres.count = ps->mark_wheres;
    t->includes.count = ps->mark_includes;
    t->n_anonymous = ps->mark_anonymous;
    free_scratch(ps);
}

/* The parser is the caller's, so that nothing that setjmp could lose lives
 * in this frame.                                                             */
bool cd_run(cd_parser *ps, void (*body)(cd_parser *ps, void *arg), void *arg)
{
    if (setjmp(ps->pad) != 0) {
        cd_parser_rollback(ps);
        return false;
    }
    body(ps, arg);
    cd_parser_commit(ps);
    return true;
}

/* ---- a table's life ------------------------------------------------------ */

/* realloc knows the old size itself, and for 0 it may return anything. */
static void *libc_resize(void *ctx, void *p, size_t old_size, size_t new_size)
{
    (void)ctx;
    (void)old_size;
    if (new_size == 0) {
        free(p);
        return NULL;
    }
    return realloc(p, new_size);
}

static const cd_alloc libc_alloc = {libc_resize, NULL};

static void build_table(cd_parser *ps, void *arg)
{
    (void)arg;
    cd_atoms_begin(ps);
    cd_types_begin(ps);
}

/* Keywords, primitives and standard names take about 10 us together; no
 * other chunk exists before it is needed.                                    */
cd_table *cd_table_new(const cd_alloc *alloc, const cd_target *target)
{
    cd_parser ps;
    cd_error err;

    if (alloc == NULL)
        alloc = &libc_alloc;
    cd_table *t = alloc->resize(alloc->ctx, NULL, 0, sizeof *t);
    if (t == NULL)
        return NULL;
    *t = (cd_table){.alloc = *alloc, .bytes = sizeof *t};
    t->target = target ? target : cd_target_native();
    cd_seg_init(&t->types, sizeof(cd_ctype));
    cd_seg_init(&t->members, sizeof(cd_member));
    cd_seg_init(&t->decls, sizeof(cd_decl));
    cd_seg_init(&t->ids, sizeof(cd_id));
    cd_seg_init(&t->atoms, sizeof(cd_atom));
    cd_seg_init(&t->wheres, sizeof(cd_where));
    cd_seg_init(&t->includes, sizeof(cd_table *));
    cd_parser_begin(&ps, t, "", 0, NULL, &err);
    if (!cd_run(&ps, build_table, NULL)) {
        cd_table_free(t);
        return NULL;
    }
    return t;
}

void cd_table_free(cd_table *t)
{
    if (t == NULL)
        return;
    cd_atoms_free(t);
    cd_types_free(t);
    cd_seg_free(t, &t->types);
    cd_seg_free(t, &t->members);
    cd_seg_free(t, &t->decls);
    cd_seg_free(t, &t->ids);
    cd_seg_free(t, &t->atoms);
    cd_seg_free(t, &t->wheres);
    cd_seg_free(t, &t->includes);
    t->alloc.resize(t->alloc.ctx, t, sizeof *t, 0);
}

/* ---- parsing ------------------------------------------------------------- */

/* What every text must be before its first token. */
static void start(cd_parser *ps)
{
    if ((size_t)(ps->end - ps->text) > CD_MAX_TEXT)
        cd_fail(ps, CD_E_LIMIT, NULL, "the text is too long");
    cd_lex_start(ps);
}

/* cdef = external-declaration* */
static void parse_cdef(cd_parser *ps, void *arg)
{
    (void)arg;
    start(ps);
    cd_translation_unit(ps);
}

int cd_cdef(cd_table *t, const char *text, size_t len, const cd_options *opt,
            cd_error *err)
{
    cd_parser ps;

    cd_parser_begin(&ps, t, text, len, opt, err);
    return cd_run(&ps, parse_cdef, NULL) ? 0 : -1;
}

/* type-string */
static void parse_typename(cd_parser *ps, void *arg)
{
    ps->in_typename = true;
    start(ps);
    *(cd_id *)arg = cd_type_string(ps);
    if (ps->tok.kind != CD_T_EOF)
        cd_expected(ps, "the end of the type");
}

/* A transaction like a cdef, since it makes types; a string seen before
 * makes none and changes nothing.                                            */
cd_id cd_typename(cd_table *t, const char *text, size_t len, cd_error *err)
{
    cd_options opt = {.file = "<type>"};
    cd_parser ps;
    cd_id id = 0;

    cd_parser_begin(&ps, t, text, len, &opt, err);
    return cd_run(&ps, parse_typename, &id) ? id : 0;
}

/* constant-string = conditional-expression */
static void parse_constant(cd_parser *ps, void *arg)
{
    ps->in_typename = true;
    start(ps);
    *(cd_value *)arg = cd_const_int(ps);
    if (ps->tok.kind != CD_T_EOF)
        cd_expected(ps, "the end of the expression");
}

int cd_constant(cd_table *t, const char *text, size_t len, int64_t *value,
                bool *is_unsigned, cd_error *err)
{
    cd_options opt = {.file = "<expression>"};
    cd_parser ps;
    cd_value v;

    cd_parser_begin(&ps, t, text, len, &opt, err);
    if (!cd_run(&ps, parse_constant, &v))
        return -1;
    *value = v.v.i;
    *is_unsigned = v.is_unsigned;
    return 0;
}

/* ---- names --------------------------------------------------------------- */

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

/* ---- reading ------------------------------------------------------------- */

const cd_ctype *cd_type(const cd_table *t, cd_id id)
{
    return cd_ty(t, id);
}

const cd_member *cd_member_at(const cd_table *t, uint32_t i)
{
    return cd_seg_at(&t->members, i);
}

const cd_decl *cd_decl_at(const cd_table *t, uint32_t i)
{
    return cd_seg_at(&t->decls, i);
}

uint32_t cd_id_at(const cd_table *t, uint32_t i)
{
    return *(const cd_id *)cd_seg_at(&t->ids, i);
}

/* What is predefined has a place too: nowhere. */
const cd_where *cd_where_at(const cd_table *t, uint32_t where)
{
    static const cd_where nowhere;

    return where ? cd_seg_at(&t->wheres, where) : &nowhere;
}

const char *cd_text(const cd_table *t, cd_str s, uint32_t *len)
{
    const cd_atom *a = cd_atom_at(t, s);

    if (len != NULL)
        *len = s ? a->len : 0;
    return s ? a->text : "";
}

uint32_t cd_n_types(const cd_table *t)
{
    return t->types.count - 1;
}

uint32_t cd_n_wheres(const cd_table *t)
{
    return t->wheres.count - 1;
}

uint32_t cd_n_decls(const cd_table *t)
{
    return t->decls.count - 1;
}

const cd_table *cd_included(const cd_table *t, uint32_t no)
{
    if (no == 0 || no >= t->includes.count)
        return NULL;
    return *(const cd_table *const *)cd_seg_at(&t->includes, no);
}

const cd_target *cd_table_target(const cd_table *t)
{
    return t->target;
}

size_t cd_table_bytes(const cd_table *t)
{
    return t->bytes;
}
