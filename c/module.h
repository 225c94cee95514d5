/* module.h - what module.c, and nobody else, asks of the files below it: to
 * begin, to end, and the functions of the module.                            */
#ifndef CC_MODULE_H
#define CC_MODULE_H
#include "core.h"

/* ---- the steps of init: 0/-1 --------------------------------------------- */
int cc_thread_init(cc_state *st);
int cc_call_init(cc_state *st); /* call_entry.c: reads CFFI_CORE_BACKEND      */
int cc_types_init(cc_state *st);
int cc_ffi_constants_init(cc_state *st); /* FFI.NULL and what else it shows   */
/* stub.c: offers the capsule that PyInit of a stub looks for                 */
int cc_stub_init(cc_state *st);
int cc_table_init(cc_state *st);

/* ---- what it hands to those at the bottom: cc_specs ---------------------- */
/* convert.c: sets read and write of a ctype by all that is known of it.      */
void cc_choose_conversion(CTypeObject *ct);
/* buffer.c: the vectorcall entry of the type Buffer.                         */
PyObject *cc_buffer_call(PyObject *type, PyObject *const *args, size_t nargsf,
                         PyObject *kwnames);

/* ---- its life ------------------------------------------------------------ */
int cc_null_visit(cc_state *st, visitproc visit, void *arg); /* tp_traverse's */
void cc_cdata_free_spare(cc_state *st);
void cc_intern_free(cc_state *st);
void cc_handles_free(cc_state *st);
void cc_thread_fini(cc_state *st);

/* ---- its attributes ------------------------------------------------------ */
/* types.c: a type or exception that is made when it is first asked for, by the
 * last part of its name.  NULL without an exception: none of these.          */
BORROWED PyObject *cc_type_named(cc_state *st, PyObject *name);
/* functional.c: a function, which is added to the module; likewise.          */
PyObject *cc_backend_named(PyObject *module, PyObject *name);
/* table_type.c: the words for the numbers in a table.  NULL: no such name.   */
PyObject *cc_table_words(PyObject *module, PyObject *name);
/* call_entry.c: _set_backend("auto" | "libffi").  It acts on functions made
 * afterwards, so that tests run through both.                                */
PyObject *cc_set_backend(PyObject *module, PyObject *name);
PyObject *cc_sha256(PyObject *module, PyObject *data);
PyObject *cc_sha256_plain(PyObject *module, PyObject *data); /* for tests: not
                                            by the processor's instructions   */
/* stub.c */
extern const char cc_load_stub_doc[], cc_check_stub_doc[];
PyObject *cc_load_stub(PyObject *module, PyObject *const *args,
                       Py_ssize_t nargs, PyObject *kwnames);
PyObject *cc_check_stub(PyObject *module, PyObject *const *args,
                        Py_ssize_t nargs, PyObject *kwnames);

#endif
