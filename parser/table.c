/* table.c - a table's life and its transactions.  MIT.
 *
 * Everything that may change a table runs its work through cd_run(), the one
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
    cd_buf_free(ps->t, &ps->waiting);
}

/* First the old contents of what existed before, then the indexes forget
 * what is new, then the counts end where they did.                           */
static void rollback(cd_parser *ps)
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
        rollback(ps);
        return false;
    }
    body(ps, arg);
    free_scratch(ps); /* of the journal too: the table has the changes */
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

/* Primitives and standard names take about 4 us together; no other chunk
 * exists before it is needed.                                                */
void cd_guess_enums(cd_table *t)
{
    t->guess_enums = true;
}

bool cd_guesses_enums(const cd_table *t)
{
    return t->guess_enums;
}

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
