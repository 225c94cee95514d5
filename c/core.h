/* core.h - what the files of c/ share.  Private to the extension.  MIT.
 *
 * From text to call: ffi_cdef.c has the parser read a declaration into the
 * table.  lib.f: lib.c, lib_dl.c find name and symbol, ctype_make.c makes the
 * type of its id, func.c the function, for which plan.c plans the call and
 * call_entry.c chooses an entry.  f(1): call_quick.c, or call.c, which knows
 * everything.  The result, and p.x: the reader of its type, read.c.
 *
 * Every file uses only those further down (testing/test_layers.py), but for
 * what module.c hands to the bottom: cc_specs.
 *
 * The module
 *   module.c        its state, its life; init is an array of steps
 *   stub.c          modules of compiled stubs       stub_check.c  their indices
 *   stub_asserts.c  their layout, frozen
 *   functional.c    types made by calls instead of C text
 *   sha256.c        the cache's digests: sha256_x86.c, sha256_plain.c
 * The class FFI
 *   ffi.c           its life, its table of methods
 *   ffi_constants.c FFI.NULL and its like           ffi_late.c  in Python
 *   ffi_cdef.c      methods that declare            ffi_types.c  on types
 *   ffi_data.c      on data                         ffi_code.c   on code
 *   allocator.c     new_allocator()                 buffer.c     ffi.buffer
 *   memmove.c       memmove()       offsetof.c      offsetof(), addressof()
 *   cast.c          cast()          ffi_cdecl.c     type strings -> ctypes
 * Libraries
 *   func_type.c     the types of functions
 *   lib_dl.c        Lib of dlopen() lib_stub.c      Lib of a compiled stub
 *   lib.c           Lib             lib_dir.c       the names it shows
 *   dl_posix.c, dl_win.c            shared libraries
 *   win_error.c     Windows' error numbers
 *   extern_python.c a stub's functions that Python code serves
 * Types of objects
 *   ctype.c         CType           cfield.c        CField
 *   table_type.c    Table           cdata_type.c    cdata, and its operators:
 *   cdata_repr.c    string.c        string(), unpack()
 *   cdata_attr.c    cdata_index.c   cdata_iter.c    cdata_number.c
 * Calls
 *   convert.c       which reader and writer a type has
 *   callback.c      C calls Python
 *   func.c          function pointers; a stub's functions: what lib.f is
 *   call_entry.c    which vectorcall entry a function gets
 *   call_quick.c    those for plain arguments
 *   call.c          those that know everything
 *   thread.c        errno, thread states
 *   plan.c          signature -> plan
 *   call_reg.c, call_reg_sysv.c, call_reg_aapcs64.c   register calls
 *   call_ffi.c      libffi, the only file that includes <ffi.h>
 *   tramp.c         code of callbacks
 *   sysv.c, sysv_classify.c         the System V x86-64 ABI
 *   by_value.c      how a type travels
 *   call_argument.c one argument    call_temps.c    its memory
 * C values <-> Python objects
 *   read.c          write_pointer.c, write_file.c   FILE *
 *   cdata_new.c     new()
 *   write_record.c  bitfield.c      write_array.c   write_int.c
 *   write.c         floats.c
 *   notes.c         where in a value an error is    errors_value.c  what it is
 * C data
 *   cdata_keeper.c  keeps objects   handle.c        the live handles
 *   cdata_gc.c      gc(), release() from_buffer.c
 *   cdata.c         cdata objects
 * Types
 *   record.c        fields of structs and unions    names.c  found by name
 *   ctype_make.c    ids -> ctypes   intern.c  one of the same parts
 *   ctype_name.c    spelling        ctype_cache.c   those of a table
 *   ctype_facts.c   size, flags, ... of one
 *   table.c         Table: a cd_table with its lock
 *   stub_source.c, stub_types.c, stub_facts.c       a stub's declarations
 * Everybody's
 *   errors.c        every message that several files raise (cold)
 *   args.c          arguments of methods
 *   types.c         our types and exceptions: made at import, or when first
 *                   asked for; by CFFI's names under the drop-in
 *   immortal.c      objects that all threads touch
 *
 * What files offer is in their own headers, or in one for several: module.h,
 * ffi_methods.h, lib.h, cdata.h (conversions too), ctype_make.h.  Here is what
 * all need: the state, types, tables, errors.
 *
 * Rules: NULL or -1 means an exception is set.  BORROWED in a prototype marks a
 * reference that is not the caller's; otherwise a returned PyObject * is new.
 * Every function needs an attached thread state unless it says otherwise.
 * A name ending in _locked needs the lock it names.                          */
#ifndef CC_CORE_H
#define CC_CORE_H
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>
#include "cd_parser.h"
#include "compat.h"

#define CC_PACKAGE "cffi_core"
#define CC_CORE "_cffi_core" /* this module, beside the package               */
#define BORROWED /* tag: the result is a borrowed reference */

typedef struct cc_state cc_state;
typedef struct CTypeObject CTypeObject;
typedef struct CFieldObject CFieldObject;
typedef struct CDataObject CDataObject;
typedef struct TableObject TableObject;
typedef struct FFIObject FFIObject;
typedef struct LibObject LibObject;
typedef struct cc_plan cc_plan;       /* plan.h */
typedef struct cc_names cc_names;     /* names.h */

/* ---- module state: listed once, in state.def ---------------------------- */
/* TYPE, DATA and LATE(member, name, base): a heap type, NULL until it is made
 * (types.c); ERROR(member, base, doc): likewise; OBJECT(member): any other
 * owned reference.                                                           */
/* From -CC_SMALL_INTS_FROM on: those that Python has one object of. */
enum { CC_SMALL_INTS_FROM = 5, CC_N_SMALL_INTS = 262 };
#define TYPE(member, name, base) extern PyType_Spec cc_##name##_spec;
#include "state.def"
enum cc_type {
    CC_object = -1,
#define TYPE(member, name, base) CC_##member,
#include "state.def"
    CC_N_TYPES
};
/* What files at the bottom use of those above, named by module.c.            */
typedef struct cc_specs {
    PyType_Spec *types[CC_N_TYPES]; /* state.def's order                      */
    vectorcallfunc buffer_call; /* of the class ffi.buffer                    */
    void (*choose_conversion)(CTypeObject *ct); /* of a new ctype             */
} cc_specs;
enum cc_error {
    CC_Exception = -1,
#define ERROR(member, base, doc) CC_##member,
#include "state.def"
    CC_N_ERRORS
};
struct cc_state {
#define TYPE(member, name, base) PyTypeObject *member;
#define ERROR(member, base, doc) PyObject *member;
#define OBJECT(member) PyObject *member;
#include "state.def"
    PyObject *module;              /* BORROWED                                */
    const cc_specs *specs;         /* module.c: what those below use of above */
    struct cc_intern *intern;      /* intern.c: every derived ctype           */
    struct cc_handles *handles;    /* handle.c: the live handles              */
    size_t n_shared, shared_bytes; /* immortal.c: objects that never die      */

    CTypeObject *prims[CD_N_PRIMS]; /* made on first use                      */
    CTypeObject *void_p, *char_array; /* made on first use: ctype_make.c      */
    PyObject *small_ints[CC_N_SMALL_INTS]; /* owned: read.c has them at hand  */
    struct CDataObject *spare;     /* cdata.c: memory of dead references      */
    int n_spare;
    PyInterpreterState *interp;
    struct cc_owner *owner;        /* thread.c: the interpreter for callbacks */
    struct cc_loader *loaders;     /* extern_python.c: stubs loaded here      */
    bool force_libffi;             /* call_entry.c: functions skip call_reg   */
    bool table_shown;              /* table_type.c: Table has its methods     */
    bool for_cffi;                 /* our types have CFFI's names: types.c    */
    CC_MUTEX(lock);                /* intern, handles, loaders, n_shared      */
    CC_MUTEX(table_lock);          /* cd_ functions that take a non-const table;
                                      one for all tables, as they look into the
                                      tables they include                     */
};

/* types.c.  The state of this module; NULL without an exception: another one.
 * That of a type which this module made, or of a subclass: never NULL.       */
cc_state *cc_state_of_module(PyObject *module);
cc_state *cc_state_of_type(PyTypeObject *heap_type);
/* What is asked for is made if it is the first time; NULL: memory. */
BORROWED PyTypeObject *cc_type(cc_state *st, enum cc_type which);
BORROWED PyObject *cc_error_class(cc_state *st, enum cc_error which);
/* The same for raising it: never NULL.                                       */
BORROWED PyObject *cc_error(cc_state *st, enum cc_error which);
/* The types that CFFI has in _cffi_backend say so from now on, in their reprs
 * and in messages; once is enough.  0/-1                                     */
int cc_name_types(cc_state *st);

/* immortal.c: o, just made and seen by no other thread, will be touched by all
 * threads.  Free-threaded builds make it immortal and count it; others do
 * nothing.  For types of such objects: basicsize is CC_SHARED_SIZE(struct).  */
void cc_share(cc_state *st, PyObject *o, size_t bytes);
#define CC_SHARED_SIZE(T) \
    (CC_FREE_THREADED ? (sizeof(T) + 63) / 64 * 64 : sizeof(T))

/* Arguments of a METH_FASTCALL | METH_KEYWORDS method, spread over out[] by
 * args.c: out[i] is BORROWED, NULL when not given.  0/-1.                    */
typedef struct cc_params {
    const char *method;    /* for messages */
    int n, required;
    const char *name[5];
} cc_params;
int cc_args(const cc_params *p, PyObject *const *args, Py_ssize_t nargs,
            PyObject *kwnames, PyObject **out);

/* ---- ctype ------------------------------------------------------------------
 * One object of every type built from the same parts in one interpreter, so
 * identity is equality.  Immutable but for: completion of an opaque record
 * (once, under the table's lock), and lazily made members, each published by
 * one atomic store.
 *
 * kind     size       length  item    names   sig     table,id
 * PRIM     yes        -       -       -       -       -
 * POINTER  8          -       item    -       -       -
 * ARRAY    -1: open   -1:open item    -       -       -       (VECTOR too)
 * FUNC     8          -       result  -       yes     -       function POINTER
 * STRUCT   -1: opaque -       -       fields  -       yes
 * UNION    -1: opaque -       -       fields  -       yes
 * ENUM     yes        -       -       -       -       yes                    */
typedef PyObject *(*cc_reader)(CTypeObject *ct, const char *p);
typedef int (*cc_writer)(CTypeObject *ct, char *p, PyObject *value);

typedef struct cc_signature {
    uint32_t n;            /* parameters */
    uint8_t abi;           /* enum cd_abi */
    bool variadic;
    cc_plan *plan;         /* made on first need by plan.c; atomic            */
    CTypeObject *params[]; /* owned                                           */
} cc_signature;

struct CTypeObject {
    PyObject_HEAD
    PyObject *weakrefs;
    cc_state *state;
    uint8_t kind;          /* enum cd_kind */
    uint8_t prim;          /* PRIM: enum cd_prim; ENUM: that of its base      */
    uint8_t klass;         /* PRIM, ENUM: enum cd_class; else 0xff            */
    uint8_t is_signed;     /* PRIM, ENUM */
    uint32_t flags;        /* enum cc_ctype_flag */
    uint32_t align;        /* bytes; 0 = none */
    uint32_t name_at;      /* index in name where a declarator goes           */
    Py_ssize_t size;       /* bytes; -1 = no size (yet)                       */
    Py_ssize_t length;
    CTypeObject *item;     /* owned */
    cc_reader read;        /* never NULL: raises where there is no value      */
    cc_writer write;
    cc_names *names;       /* STRUCT, UNION: interned name -> CFieldObject;
                              made on first use; atomic                       */
    cc_signature *sig;
    TableObject *table;    /* owned: the table that declares the type         */
    cd_id id;              /* there */
    CTypeObject *pointer;  /* "T *" once made; BORROWED (it owns us); atomic  */
    CTypeObject *slices;   /* "T *", "T[n]": "T[]" once sliced; owned; atomic */
    PyObject *name;        /* str: cffi's spelling, "int(*)(int)"             */
    CTypeObject *chain;    /* intern.c's: the next of the same hash           */
    size_t hash;
    PyObject *fields;      /* record: tuple of CField, once made; ENUM: tuple
                              (elements, relements); atomic                   */
};

enum cc_ctype_flag {
    CT_CHARLIKE = 1,       /* char, signed char, unsigned char: bytes         */
    CT_WIDE = 2,           /* wchar_t char16_t char32_t: str                  */
    CT_VOID_PTR = 4,       /* void *                                          */
    CT_VOID = 8,
    CT_OPAQUE = 16,        /* record or enum without a body (read under lock) */
    CT_LATE = 32,          /* needs a compiled stub                           */
    CT_FLEX = 64,          /* record ending in a flexible array               */
    CT_UNAVAIL = 128,      /* cd_why() says why                               */
    CT_BOOL = 256,
    CT_VECTOR = 512,       /* ARRAY made from a vector type                   */
    CT_TRANSPARENT = 1024, /* transparent union                               */
    CT_UNION_LIKE = 2048   /* initialise at most one field                    */
};

static inline bool cc_is_record(const CTypeObject *ct)
{
    return ct->kind == CD_STRUCT || ct->kind == CD_UNION;
}
static inline bool cc_is_primitive(const CTypeObject *ct) /* enums too */
{
    return ct->kind == CD_PRIM || ct->kind == CD_ENUM;
}
/* Pointer-like: data holds the address denoted, not where a value is stored. */
static inline bool cc_is_pointer(const CTypeObject *ct) /* functions too */
{
    return ct->kind == CD_POINTER || ct->kind == CD_FUNC;
}
static inline size_t cc_align_of(const CTypeObject *ct) /* at least 1 */
{
    return ct->align != 0 ? ct->align : 1;
}

/* ctype_make.c */
CTypeObject *cc_ctype_of(TableObject *tb, cd_id id); /* a raw FUNC id gives the
                                   function pointer's ctype                   */
CTypeObject *cc_ctype_prim(cc_state *st, int prim);
CTypeObject *cc_ctype_pointer(CTypeObject *item);
CTypeObject *cc_ctype_array(CTypeObject *item, Py_ssize_t length); /* -1 open */
BORROWED CTypeObject *cc_void_pointer(cc_state *st); /* NULL: memory          */
BORROWED CTypeObject *cc_char_array(cc_state *st);   /* char[]                */
#define CType_Check(st, o) Py_IS_TYPE((PyObject *)(o), (st)->CType)
PyObject *cc_ctype_spell(CTypeObject *ct, const char *declarator);
/* record.c: the fields of a complete record; -1 with the exception that users
 * expect if it is opaque, late or unavailable.                               */
int cc_record_ready(CTypeObject *ct);
/* Raises why ct is opaque, late or unavailable: TypeError,
 * VerificationMissing or FFIError; -1.                                       */
int cc_error_not_usable(CTypeObject *ct);
/* BORROWED; NULL without an exception if there is no such field.             */
BORROWED CFieldObject *cc_field_get(CTypeObject *record, PyObject *name);
/* BORROWED; i-th named field in source order, or NULL.  Fields of anonymous
 * members count one by one, as in CType.fields.                              */
BORROWED CFieldObject *cc_field_at(CTypeObject *record, Py_ssize_t i);
Py_ssize_t cc_field_count(CTypeObject *record);

struct CFieldObject {
    PyObject_HEAD
    CTypeObject *type;     /* owned */
    PyObject *name;        /* owned, interned */
    Py_ssize_t offset;
    int16_t bitshift;      /* -1: regular; -2: flexible array                 */
    int16_t bitsize;       /* -1: no bit-field                                */
    uint32_t flags;        /* CF_IGNORE_IN_INIT: later member of a union      */
};
enum { CF_IGNORE_IN_INIT = 1 };

/* table.c */
struct TableObject {
    PyObject_HEAD
    cc_state *state;
    cd_table *table;
    TableObject **includes; /* owned: what include() named; room for all it may
                              have, as readers follow it without a lock       */
    uint32_t n_includes;
    struct cc_ctypes *ctypes; /* id -> ctype, see ctype_cache.c; atomic       */
    struct cc_feed *feeds; /* table.c: compiled stubs that feed it; atomic    */
    uint32_t n_opaque;     /* ctypes that wait for their body                 */
    uint32_t first_decl, first_type; /* the user's: after the standard names  */
    PyObject *module;      /* owned: name of the module made of it, or NULL   */
    PyObject *docs;        /* owned: dict name -> comment, or NULL; atomic    */
    bool out_of_line;      /* of an imported module: its types have the names,
                              its errors the words of CFFI's out-of-line FFI  */
};
TableObject *cc_table_new(cc_state *st);
/* The table that the parser knows as include no; NULL with an exception.     */
BORROWED TableObject *cc_table_include(TableObject *tb, uint32_t no);
/* Makes other's types and constants visible in tb.  0/-1.                    */
int cc_table_add_include(TableObject *tb, TableObject *other);
/* Has tb own a compiled stub's source, before the source feeds it.  0/-1; on
 * failure the source is freed.                                               */
struct cc_source; /* stub.h */
int cc_table_add_source(TableObject *tb, struct cc_source *source);
/* The source added last did not feed the table: forgets it.                  */
void cc_table_drop_source(TableObject *tb);
/* The i-th source, the one added last first; NULL: no more.  Any thread.     */
struct cc_source *cc_table_source(TableObject *tb, uint32_t i);
/* Makes all that the sources know, for lists of it.  0/-1                    */
int cc_table_fill(TableObject *tb);
/* Copies of a record as the last whole cdef left it; false: there is none.   */
bool cc_table_type(TableObject *tb, cd_id id, cd_ctype *out);
bool cc_table_decl(TableObject *tb, uint32_t i, cd_decl *out);
bool cc_table_find(TableObject *tb, const char *utf8, Py_ssize_t length,
                   cd_decl *out);
void cc_table_lock(TableObject *tb);   /* never held while Python code runs   */
void cc_table_unlock(TableObject *tb);
/* The dict of what comments say, new: made if it is missing, and there for as
 * long as the table.  NULL: memory.                                          */
PyObject *cc_table_docs(TableObject *tb);
/* What a comment says of a name, new; NULL without an exception: nothing.    */
PyObject *cc_table_doc(TableObject *tb, PyObject *name);
/* ctype_cache.c.  After a cdef: gives ctypes of completed records and enums
 * their size.                                                                */
void cc_table_complete(TableObject *tb);
/* table_type.c: the table with its methods, which only tools ask for.        */
PyObject *cc_table_shown(TableObject *tb);
PyObject *cc_error_init(CTypeObject *ct, PyObject *value, const char *expected);
    /* "initializer for ctype '%s' must be a %s, not %s" and its cdata form   */
PyObject *cc_error_overflow(CTypeObject *ct, PyObject *value);
PyObject *cc_error_overflow_of(const char *name, bool is_signed,
                               PyObject *value);
/* The class that a library without a symbol, and a closed one, raise: both
 * AttributeError or ValueError, as in-line, and FFIError, as CFFI out-of-line.
 * BORROWED; if it cannot be made, the plain one.                             */
PyObject *cc_symbol_error(cc_state *st);
PyObject *cc_variable_error(cc_state *st); /* a KeyError as well              */
PyObject *cc_closed_error(cc_state *st);
PyObject *cc_size_error(cc_state *st); /* sizeof() out-of-line, likewise     */
PyObject *cc_error_null(const char *what, CTypeObject *ct); /* RuntimeError   */
/* The first argument of the method what is no cdata.                         */
PyObject *cc_error_no_cdata(cc_state *st, const char *what, PyObject *o);
/* notes.c: an exception that is set is about this argument, field or item; what
 * it is to be, and what was given.                                           */
void cc_note_argument(PyObject *func, Py_ssize_t i, CTypeObject *ct,
                      PyObject *given);
void cc_note_field(CTypeObject *record, CFieldObject *f, PyObject *given);
void cc_note_item(CTypeObject *item, Py_ssize_t i, PyObject *given);
void cc_note_no_field(CTypeObject *record);
void cc_note_variadic(void);
void cc_note_static(void); /* a function that is not there is so */
/* What messages call an object: its type's name, or "None".                  */
const char *cc_kind_of(PyObject *o);
/* The same, of a function pointer that which it has in CFFI.                 */
const char *cc_cdata_kind(PyObject *o);
/* Raises CDefError (memory: MemoryError) from *err.                          */
void cc_raise_parse(cc_state *st, const cd_error *err);
/* __reduce__, for every type that can neither be pickled nor copied.         */
PyObject *cc_refuse_pickle(PyObject *self, PyObject *unused);
/* Prints and clears the exception through sys.unraisablehook, which says
 * "Exception ignored <format with about and more>:".  about may be NULL.     */
void cc_error_ignored(const char *format, PyObject *about, const char *more);

#endif
