/* lib.h - what the kinds of Lib share: dlopen's (lib_dl.c) and a compiled
 * stub's (lib_stub.c); and what a Lib shows of itself (lib_dir.c).
 *
 * A Lib resolves a name on first use; what comes out is an entry, kept in a
 * cc_names table that the attribute access reads without a lock.  How a name is
 * found and what it becomes is the kind's.                                   */
#ifndef CC_LIB_H
#define CC_LIB_H
#include "core.h"
#include "stub.h"
#include "thread.h"

/* One resolved name.  Exactly one of value and type is set.                  */
typedef struct cc_lib_entry {
    PyObject *value;   /* owned: a function or constant, the same each time */
    CTypeObject *type; /* owned: a variable's, read and written in place    */
    char *address;     /* of a variable; NULL: ask the kind each time       */
    bool is_const;     /* a variable that C must not write                  */
    cd_getter getter;  /* a stub's variable: writes the address             */
    char symbol[];     /* dlopen's variable: what the linker calls it; a
                          stub's: its name                                  */
} cc_lib_entry;

/* A declared name that a library has. */
typedef struct cc_lib_found {
    cd_decl decl;                        /* a copy, where global is NULL    */
    const struct cd_stub_global *global; /* a stub's                        */
    LibObject *from; /* a stub: the library, perhaps an included one, that has
                        it; BORROWED                                        */
} cc_lib_found;

typedef int cc_lib_visit(LibObject *lib, bool variable, PyObject *name,
                         PyObject *to); /* 0/-1 */

typedef struct cc_lib_kind {
    /* 1: found; 0: no such name; -1: exception. */
    int (*find)(LibObject *lib, const char *utf8, Py_ssize_t length,
                cc_lib_found *found);
    /* A new entry; NULL with the exception that users expect.              */
    cc_lib_entry *(*resolve)(LibObject *lib, const cc_lib_found *found,
                             PyObject *name);
    /* Where a variable is whose entry has no address; NULL with an exception.
     */
    char *(*address)(LibObject *lib, const cc_lib_entry *e);
    /* Calls f with every name of its own that dir() shows.  0/-1           */
    int (*each)(LibObject *lib, cc_lib_visit *f, PyObject *to);
    /* What a comment says of a name, new; NULL without an exception.       */
    PyObject *(*doc)(LibObject *lib, PyObject *name);
    void (*dispose)(LibObject *lib); /* from dealloc: the kind's own members */
} cc_lib_kind;
extern const cc_lib_kind cc_lib_dl, cc_lib_stub;

struct LibObject {
    PyObject_HEAD
    PyObject *weakrefs;
    cc_state *state; /* BORROWED */
    cc_names *names; /* name -> entry; NULL once closed; atomic             */
    cc_names *was;   /* the table after dlclose: readers may still look     */
    const cc_lib_kind *kind;
    TableObject *table; /* owned */
    PyObject *name;     /* str: as given to dlopen, "<None>"; the module's  */
    bool closed;
    CC_MUTEX(lock);     /* names, closed, handle, late, users               */
    /* dlopen */
    cc_owner *owner;    /* held */
    void *handle;       /* NULL: closed                                     */
    void *late;         /* a handle that the last user closes                */
    int users;          /* see cc_lib_enter()                                */
    bool keep_open;     /* the handle is somebody else's                    */
    /* stub */
    cc_source *source;  /* BORROWED from the table                          */
    PyObject *includes; /* tuple of Lib: those of the included modules      */
};

/* A new Lib, tracked and shared, with the members that all kinds have.       */
LibObject *cc_lib_new(const cc_lib_kind *kind, TableObject *table,
                      PyObject *name);
/* STEALS value and type, one of which is NULL; symbol may be NULL.           */
cc_lib_entry *cc_lib_entry_new(PyObject *value, CTypeObject *type,
                               const char *symbol);
/* From here on until cc_lib_leave() a dlclose() leaves the library open, which
 * leaving closes then.  False, with an exception: it is closed already.      */
bool cc_lib_enter(LibObject *lib);
void cc_lib_leave(LibObject *lib);
/* The entry of a name, made on first use.  NULL with AttributeError if there
 * is none; *declared tells the two kinds of failure apart.                   */
cc_lib_entry *cc_lib_entry_of(LibObject *lib, PyObject *name, bool *declared);
/* The entry of an INT, FLOAT or STRING, as declared.                        */
cc_lib_entry *cc_lib_constant(LibObject *lib, const cd_decl *decl);
/* True for const itself, for an array of const, for a typedef of these.      */
bool cc_lib_const_type(const cd_table *t, cd_id id);

/* lib_dir.c: what dir(), __dict__ and __all__ are; new.                      */
PyObject *cc_lib_dir(PyObject *lib, PyObject *unused);
PyObject *cc_lib_dict(LibObject *lib);
PyObject *cc_lib_all(LibObject *lib);

/* AttributeError; NULL.                                                      */
void *cc_lib_error_unknown(LibObject *lib, PyObject *name);

#define Lib_Check(st, o) Py_IS_TYPE((PyObject *)(o), (st)->Lib)
PyObject *cc_lib_addressof(LibObject *lib, PyObject *name); /* of lib.name    */
/* lib_dl.c                                                                   */
PyObject *cc_dlopen(FFIObject *ffi, PyObject *name, int flags);
PyObject *cc_dlclose(cc_state *st, PyObject *lib);
/* lib_stub.c: the value of an INT by the compiled stubs of a table; NULL
 * without an exception: they do not have it.                                 */
PyObject *cc_stub_integer(TableObject *tb, const char *name, size_t length);

/* stub.c: a Lib of a stub whose source feeds table; includes is NULL or a tuple
 * of such Libs.                                                              */
PyObject *cc_lib_of_stub(TableObject *table, cc_source *source, PyObject *name,
                         PyObject *includes);
/* What a comment says of a name that a Lib has, new; NULL without an exception:
 * nothing, or o, which may be NULL, is no Lib.                               */
PyObject *cc_lib_doc(cc_state *st, PyObject *o, PyObject *name);
/* BORROWED: the source of a stub's Lib; NULL: it is none.                    */
cc_source *cc_lib_source(PyObject *lib);

#endif
