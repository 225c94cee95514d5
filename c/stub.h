/* stub.h - a compiled stub's records as declarations of a table.  MIT.
 *
 * No Python in here nor in the files behind it (stub_check.c, stub_source.c):
 * they are tested and fuzzed alone.  stub.c makes modules of them.
 *
 * A stub is checked once, whole, by its indices; afterwards nothing is checked
 * again.  Types and names come into the table when they are first used.  The
 * stub's data stays mapped as long as the process lives.                     */
#ifndef CC_STUB_H
#define CC_STUB_H
#include "cd_build.h"
#include "cd_parser.h"
#include "cd_stub.h"

/* NULL: whole, fit for this core and this machine.  Else why not, in buf: what
 * was found and what to do ("...: upgrade cffi_core", "...: build it").      */
const char *cc_stub_check(const struct cd_stub *s, char *buf, size_t n);

/* A stub that feeds one table. */
typedef struct cc_source cc_source;
/* A source for t; t asks it for names from now on when asked is set (a module's
 * table); without, t keeps the declarations it has (verify) and gets their
 * facts by cc_source_all.  NULL: out of memory.  Free it after the table.    */
cc_source *cc_source_new(const struct cd_stub *s, cd_table *t, bool asked);
void cc_source_free(cc_source *src);
const struct cd_stub *cc_source_stub(const cc_source *src);
/* The table of the stub's include no (1..n_includes), which t includes already
 * by cd_include().  Without one, its types are looked for by name in all that t
 * includes.                                                                  */
void cc_source_include(cc_source *src, uint32_t no, cd_table *table);

/* The table's id of a type of the stub, made on first need.  0 with *err.
 * Needs the table's lock, like all below that can make something.            */
cd_id cc_source_type(cc_source *src, cd_sid sid, cd_error *err);
/* The global with a name; NULL: none.  Any thread.                           */
const struct cd_stub_global *cc_source_find(const cc_source *src,
                                            const char *name, size_t len);
/* Makes everything there is, so that every fact has been compared.  Calls say
 * for each declaration on which the compiler disagrees (name: "struct foo",
 * "FOO"; file NULL: the cdef).  0, or -1 with *err.                          */
int cc_source_all(cc_source *src,
                  void (*say)(void *arg, const char *name, const char *file,
                              uint32_t line, const char *reason),
                  void *arg, cd_error *err);
/* An INT global's value as the compiler found it.  False: the declared value is
 * another, and buf says so, in CFFI's words.                                 */
bool cc_source_int(const cc_source *src, const struct cd_stub_global *g,
                   int64_t *value, bool *above, char *buf, size_t n);
/* " and says 5 (0x5)": the declared value of such a one.                     */
void cc_source_declared(const cc_source *src, const struct cd_stub_global *g,
                        char *buf, size_t n);
/* What calls the function in this slot by its address, or NULL.              */
static inline cd_shared cc_stub_shared(const struct cd_stub *s, uint32_t slot)
{
    return s->minor >= 2 && s->shared != NULL ? s->shared[slot] : NULL;
}

#endif
