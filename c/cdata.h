/* cdata.h - C data: its objects, and what can be done with them, file by file.
 *
 * Five shapes of object behind the six Python types:
 *
 *   type           object        memory
 *   _CDataBase     CDataObject   someone else's; or, of a primitive, a copy of
 *                                the value behind the object (CDataSized)
 *                  CDataSized    an open array: the length of a slice
 *   (callable)     CDataFuncObject, or its first part: func.c
 *   __CDataOwn     CDataSized    behind the object, one allocation; or
 *                                elsewhere, and a reference to its keeper in
 *                                that place (`p[0]`)
 *   __CDataOwnGC   CDataKeeper   a handle, or a record pointer made by an
 *                                allocator: keeps another object alive
 *   __CDataGCP     CDataGcp      someone else's, with a destructor
 *   __CDataFromBuf CDataBuf      a locked buffer's
 *
 * Only the last three hold Python objects that may lead back to them, so only
 * these are known to the garbage collector.                                  */
#ifndef CC_CDATA_H
#define CC_CDATA_H
#include "core.h"

/* data: POINTER, FUNC: the address denoted.  ARRAY, STRUCT, UNION: where it is.
 * PRIM, ENUM: where the value is stored.                                     */
struct CDataObject {
    PyObject_HEAD
    CTypeObject *ct;       /* owned */
    char *data;
    PyObject *weakrefs;
};
/* A function pointer: callable.  Its Python type has a vectorcall slot.  The
 * type CDataOwnFunc has it all, CDataFunc, of mere addresses, base and call. */
typedef struct CDataFuncObject {
    CDataObject base;
    vectorcallfunc call;   /* call.c chooses it                               */
    PyObject *owner; /* Lib or closure that keeps the code alive, or NULL     */
    PyObject *label;       /* name for messages and __name__, or NULL         */
    /* Of a compiled stub's function one, NULL of all others                  */
    void (*tramp)(void *result, const void *words);
    void (*shared)(void *result, const void *words, void (*f)(void));
    const cc_plan *plan;   /* BORROWED from the ctype                         */
    PyMethodDef *method;   /* owned: the builtin function that wraps it       */
} CDataFuncObject;

/* extent: of an ARRAY its length; of a record, or a pointer that owns what it
 * points to, the bytes there (a flexible array included); -1 = not known.    */
typedef struct CDataSized {
    CDataObject base;
    Py_ssize_t extent;
} CDataSized;

typedef struct CDataKeeper {
    CDataObject base;
    PyObject *kept;         /* owned: an allocator's CDataGcp has the extent  */
} CDataKeeper;

typedef struct CDataGcp {
    CDataSized sized;
    PyObject *origin;       /* owned: what the destructor is called with      */
    PyObject *destructor;   /* owned; NULL once it has run or is removed      */
} CDataGcp;

typedef struct CDataBuf {
    CDataSized sized;
    Py_buffer view;         /* view.obj NULL: given back                      */
    Py_ssize_t holds;       /* uses of the memory, which stays locked so long */
    bool released;
} CDataBuf;

/* The one-byte type whose pointers fit others of one byte. */
static inline bool cc_is_char(const CTypeObject *ct)
{
    return ct->prim == CD_PRIM_CHAR && ct->kind == CD_PRIM;
}

/* long double and its like: Python has no number of that precision, so reading
 * gives a cdata.                                                             */
static inline bool cc_is_wide_float(const CTypeObject *ct)
{
    return ct->kind == CD_PRIM &&
           (ct->prim == CD_PRIM_LDOUBLE || ct->prim == CD_PRIM_FLOAT128 ||
            ct->prim == CD_PRIM_LDCOMPLEX);
}

/* The record that fields of a cdata of this type belong to; NULL: none.      */
static inline CTypeObject *cc_fields_owner(CTypeObject *ct)
{
    if (ct->kind == CD_POINTER)
        ct = ct->item;
    return cc_is_record(ct) ? ct : NULL;
}

/* What a pointer or array steps by; -1: no size.  void * counts bytes. */
static inline Py_ssize_t cc_step(const CTypeObject *ct)
{
    return ct->flags & CT_VOID_PTR ? 1 : ct->item->size;
}

/* ---- cdata.c ------------------------------------------------------------ */
/* A cdata that does not own what data shows to, which is no function:
 * those are made by cc_func_new (func.h).                                    */
PyObject *cc_cdata_ref(CTypeObject *ct, char *data);
/* Such an object of a type that the collector does not know, with room for a
 * word behind it.  cdata.c's dealloc takes it back.                          */
CDataObject *cc_cdata_plain(PyTypeObject *type, CTypeObject *ct, char *data);
/* A primitive (long double, complex, cast) with its value inline, copied.    */
PyObject *cc_cdata_value(CTypeObject *ct, const char *value);
/* An owning copy of a record (results by value, callback arguments).         */
PyObject *cc_cdata_copy(CTypeObject *record, const char *value);
/* An object of `type` (CData or CDataOwn) with `bytes` of memory behind it, to
 * which data shows; aligned to at least `align`: a power of two, 0 = as the
 * type is; cleared or as it comes.                                           */
CDataSized *cc_cdata_alloc_aligned(PyTypeObject *type, CTypeObject *ct,
                                   Py_ssize_t bytes, Py_ssize_t extent,
                                   size_t align, bool clear);
/* A view of somebody's array (or record) with its extent. */
PyObject *cc_cdata_sized(CTypeObject *ct, char *data, Py_ssize_t extent);
/* `owner[0]` of a record pointer from new(): keeps the memory alive. */
PyObject *cc_cdata_view(CDataObject *owner);
/* BORROWED: what an owned record keeps alive; NULL: the memory is its own. */
BORROWED PyObject *cc_cdata_keeper(CDataObject *cd);
/* Has an extent: everything but a plain reference. */
bool cc_has_extent(CDataObject *cd);
Py_ssize_t cc_extent(CDataObject *cd); /* of those that have one; -1: unknown */
/* Bytes at data, as far as they are known: -1 = not. */
Py_ssize_t cc_cdata_bytes(CDataObject *cd);
/* An open array's length is in its own object; this asks.                    */
Py_ssize_t cc_array_length(CDataObject *cd);
/* The function pointer that o is or, as a builtin function of a stub, stands
 * for.  NULL without an exception: neither.                                  */
BORROWED PyObject *cc_function_pointer(cc_state *st, PyObject *o);
PyObject *cc_sizeof_cdata(CDataObject *cd); /* ffi.sizeof()               */
void cc_cdata_forget(CDataObject *cd); /* dealloc's common part */

/* ---- cdata_*.c: what the slots of their types hold ---------------------- */
PyObject *cc_cdata_getattro(PyObject *self, PyObject *name);
int cc_cdata_setattro(PyObject *self, PyObject *name, PyObject *value);
PyObject *cc_cdata_dir(PyObject *self, PyObject *ignored);
PyObject *cc_cdata_subscript(PyObject *self, PyObject *key);
int cc_cdata_ass_subscript(PyObject *self, PyObject *key, PyObject *value);
Py_ssize_t cc_cdata_length(PyObject *self);
PyObject *cc_cdata_repr(PyObject *self);
PyObject *cc_cdata_iter(PyObject *self);
PyObject *cc_cdata_add(PyObject *v, PyObject *w);
PyObject *cc_cdata_subtract(PyObject *v, PyObject *w);
int cc_cdata_bool(PyObject *self);
PyObject *cc_cdata_int(PyObject *self);
PyObject *cc_cdata_float(PyObject *self);
PyObject *cc_cdata_complex(PyObject *self, PyObject *ignored);
PyObject *cc_cdata_richcompare(PyObject *v, PyObject *w, int op);

Py_hash_t cc_cdata_hash(PyObject *self); /* cdata.c, as are the next */
void cc_cdata_dealloc(PyObject *self);
void cc_cdata_own_dealloc(PyObject *self);
/* Any cdata, told by a slot that all its types inherit and none overrides. */
static inline bool cc_cdata_like(PyObject *o)
{
    return Py_TYPE(o)->tp_hash == cc_cdata_hash;
}

/* ---- cdata_gc.c --------------------------------------------------------- */
/* 0, or -1 with ValueError: not a cdata that release() accepts. */
int cc_release_check(CDataObject *cd);
PyObject *cc_gc(cc_state *st, PyObject *cdata, PyObject *destructor,
                Py_ssize_t size);
PyObject *cc_release(cc_state *st, PyObject *cdata);
/* What an allocator hands out: memory of another cdata and its free(); a
 * pointer to a record comes through a GCP of the record, as p[0] owns too.   */
PyObject *cc_gcp_new(CTypeObject *ct, char *data, Py_ssize_t extent,
                     PyObject *origin, PyObject *destructor);

/* ---- cdata_keeper.c, handle.c ------------------------------------------- */
PyObject *cc_keeper_new(CTypeObject *ct, char *data, PyObject *kept);
static inline bool cc_is_handle(const CDataObject *keeper)
{
    return keeper->ct->flags & CT_VOID_PTR;
}
char *cc_handle_number(void); /* of the next handle: no other had it          */
int cc_handle_add(CDataKeeper *handle); /* 0, or -1 without an exception      */
void cc_handle_forget(CDataKeeper *handle);
/* What the live handle of this number keeps, new; NULL without an exception:
 * there is none.                                                             */
PyObject *cc_handle_object(cc_state *st, const char *number);
PyObject *cc_new_handle(cc_state *st, PyObject *obj);
PyObject *cc_from_handle(cc_state *st, PyObject *cdata);

/* ---- from_buffer.c ------------------------------------------------------ */
PyObject *cc_from_buffer(cc_state *st, CTypeObject *ct /* NULL: char[] */,
                         PyObject *obj, bool writable);
void cc_buffer_release(CDataBuf *buf);
/* While the memory of any cdata is held, a release() of a from_buffer() one
 * makes it unusable as ever, but gives the buffer back only afterwards: Python
 * code that runs meanwhile cannot take the memory away.                      */
void cc_buffer_hold(CDataBuf *buf);
void cc_buffer_unhold(CDataBuf *buf);
static inline bool cc_is_from_buffer(PyObject *cdata)
{
    return Py_TYPE(cdata) == ((CDataObject *)cdata)->ct->state->CDataFromBuf;
}
static inline void cc_hold(PyObject *cdata)
{
    if (CC_UNLIKELY(cc_is_from_buffer(cdata)))
        cc_buffer_hold((CDataBuf *)cdata);
}
static inline void cc_unhold(PyObject *cdata)
{
    if (CC_UNLIKELY(cc_is_from_buffer(cdata)))
        cc_buffer_unhold((CDataBuf *)cdata);
}

/* ---- cdata_new.c -------------------------------------------------------- */
/* ffi.new; align: at least, 0 = the type's; clear: zero what init leaves out */
PyObject *cc_new(CTypeObject *ct, PyObject *init, size_t align, bool clear);
/* What new() makes, told apart from making it, for allocators.               */
typedef struct cc_request {
    CTypeObject *target;    /* BORROWED: type of the memory                   */
    PyObject *init;         /* BORROWED; NULL: leave zero                     */
    Py_ssize_t bytes, extent;
} cc_request;
int cc_request_plan(CTypeObject *ct, PyObject *init, cc_request *rq);
int cc_request_fill(const cc_request *rq, char *data);
void cc_request_end(const cc_request *rq, char *data);

/* ---- string.c ----------------------------------------------------------- */
PyObject *cc_string(cc_state *st, PyObject *cdata, Py_ssize_t maxlen);
PyObject *cc_unpack(cc_state *st, PyObject *cdata, Py_ssize_t length);
/* Name of an enumerator; NULL without an exception: there is none. */
PyObject *cc_enum_name(CTypeObject *ct, PyObject *value);

/* ---- read.c ------------------------------------------------------------- */
/* By its kind, class and size; of functions it is func.c's.                  */
cc_reader cc_reader_of(const CTypeObject *ct);
/* The value at p as Python sees it is ct->read(ct, p).  Integers:            */
int cc_read_int(CTypeObject *ct, const char *p, int64_t *as_i, uint64_t *as_u);
    /* up to 64 bits, extended by its sign; -1 without exception: wider       */

/* ---- floats.c ----------------------------------------------------------- */
/* A floating value of any real type as a double. */
double cc_read_double(CTypeObject *ct, const char *p);
void cc_write_double(CTypeObject *ct, char *p, double value);
long double cc_read_long_double(CTypeObject *ct, const char *p);
void cc_write_long_double(CTypeObject *ct, char *p, long double value);
Py_complex cc_read_complex(CTypeObject *ct, const char *p);
PyObject *cc_long_double_to_int(long double value); /* towards zero */
void cc_write_complex(CTypeObject *ct, char *p, Py_complex value);
/* Stores the low bits of an integer in an integer of any width. */
void cc_write_low_bits(CTypeObject *ct, char *p, const unsigned char bytes[16]);

/* ---- write.c, write_*.c: 0/-1 ------------------------------------------- */
/* An int object by the rule for integers: int, __int__, __index__, integer
 * cdata, never a float.  New reference.                                      */
PyObject *cc_integer_of(PyObject *o);
int cc_write_int128(CTypeObject *ct, char *p, PyObject *o);
int cc_write_float(CTypeObject *ct, char *p, PyObject *o);
int cc_write_complex_object(CTypeObject *ct, char *p, PyObject *o);
int cc_write_char(CTypeObject *ct, char *p, PyObject *o);
int cc_write_wide(CTypeObject *ct, char *p, PyObject *o);
int cc_write_pointer(CTypeObject *ct, char *p, PyObject *o);
/* The types differ: may the address of one go into the other all the same?  */
bool cc_pointer_fits(const CTypeObject *ct, const CTypeObject *from);
int cc_write_array_value(CTypeObject *ct, char *p, PyObject *o);
/* Length of an open array from its initializer; -1 with an exception.  *init
 * becomes NULL when it was but a length.                                     */
Py_ssize_t cc_length_from(CTypeObject *array, PyObject **init);
int cc_write_nothing(CTypeObject *ct, char *p, PyObject *o);
cc_writer cc_int_writer(Py_ssize_t size, bool is_signed);
/* Units of a wide type that a str takes, without the NUL. */
Py_ssize_t cc_wide_length(CTypeObject *item, PyObject *str);
/* Copies them, and a NUL if `units` has room for it. */
void cc_wide_copy(CTypeObject *item, PyObject *str, char *p, Py_ssize_t units);
/* A str from units of a wide type. */
PyObject *cc_wide_string(CTypeObject *item, const char *p, Py_ssize_t units);
/* The first n items of a list or tuple. */
int cc_write_items(CTypeObject *item, char *p, Py_ssize_t n, PyObject *init);
/* As cc_write_record, with room for more than the record's size. */
int cc_write_record_within(CTypeObject *record, char *p, Py_ssize_t room,
                           PyObject *init);
/* Bytes that `init` needs in a record that ends in a flexible array. */
int cc_record_size(CTypeObject *record, PyObject *init, Py_ssize_t *bytes);

int cc_write_array(CTypeObject *array, char *p, Py_ssize_t length,
                   PyObject *init);
int cc_write_record(CTypeObject *record, char *p, PyObject *init);
/* Integer of a Python object by the rule for `ct`, never of a float, with
 * overflow checks: the hot form used by calls.                               */
int cc_to_int64(CTypeObject *ct, PyObject *o, int64_t *out);   /* signed ct   */
int cc_to_uint64(CTypeObject *ct, PyObject *o, uint64_t *out); /* unsigned ct */
/* Argument of pointer type: a cdata of fitting type gives its address at once;
 * str/bytes/list/... want temporary memory of *need bytes that the caller
 * provides and fills by cc_fill_pointer_arg.  Returns 0 done, 1 wants memory,
 * -1 error.  need includes NULs; align by the item.  *keep: NULL, or what has
 * to outlive the use of the address (a new reference, for cc_temps_keep).    */
int cc_pointer_arg(CTypeObject *pointer, PyObject *o, char **address,
                   Py_ssize_t *need, PyObject **keep);
int cc_fill_pointer_arg(CTypeObject *pointer, PyObject *o, char *memory,
                        Py_ssize_t need);

/* ---- bitfield.c: the value of a field ----------------------------------- */
int cc_field_write(CFieldObject *f, char *record, PyObject *value);
PyObject *cc_bits_read(CFieldObject *f, const char *unit);
int cc_bits_write(CFieldObject *f, char *unit, PyObject *value);

/* ---- write_file.c ------------------------------------------------------- */
bool cc_is_file_pointer(const CTypeObject *ct);
/* The FILE of a Python file, open as long as *keep (a new reference) lives.
 * 0/-1                                                                       */
int cc_file_argument(PyObject *file, char **address, PyObject **keep);

/* ---- cast.c, memmove.c, offsetof.c: methods of FFI ---------------------- */
PyObject *cc_cast(CTypeObject *ct, PyObject *value);
PyObject *cc_memmove(cc_state *st, PyObject *dst, PyObject *src, Py_ssize_t n);
PyObject *cc_addressof(PyObject *const *args, Py_ssize_t n, bool out_of_line);
/* Offset and type after following fields and indices; -1 on error.
 * type is new.                                                               */
int cc_offsetof(CTypeObject *ct, PyObject *const *path, Py_ssize_t n,
                Py_ssize_t *offset, CTypeObject **type);

#endif
