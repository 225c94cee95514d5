/* ffi_cdef.c - FFI: declaring, including, listing what was declared.         */
#include "ffi_methods.h"
#include "lib.h"

/* ---- cdef ---------------------------------------------------------------- */

/* 2 is true and yet wrong: somebody means pack=2. */
static int packed_option(PyObject *packed, bool *result)
{
    if (packed != NULL && PyLong_Check(packed)) {
        int overflow;
        long n = PyLong_AsLongAndOverflow(packed, &overflow);
        if (n < 0 || n > 1) {
            PyErr_SetString(PyExc_ValueError,
                            "'packed' should be False or True; use 'pack' to "
                            "give another value");
            return -1;
        }
    }
    return optional_bool(packed, result);
}

static int pack_option(PyObject *pack, bool packed, uint32_t *result)
{
    *result = packed ? 1 : 0;
    pack = pack ? not_none(pack) : NULL;
    if (pack == NULL)
        return 0;
    if (packed) {
        PyErr_SetString(PyExc_ValueError,
                        "cannot give both 'pack' and 'packed'");
        return -1;
    }
    long n = PyLong_AsLong(pack);
    if (n == -1 && PyErr_Occurred())
        return -1;
    if (n <= 0 || n > 1 << 28 || (n & (n - 1)) != 0) {
        PyErr_Format(PyExc_ValueError,
                     "'pack' must be a power of two, not %ld", n);
        return -1;
    }
    *result = (uint32_t)n;
    return 0;
}

/* The name of the next text in messages; buffer is for all but the first.    */
static const char *text_name_locked(const FFIObject *ffi, char buffer[32])
{
    if (ffi->n_cdefs == 0)
        return "<cdef>";
    snprintf(buffer, 32, "<cdef %u>", (unsigned)ffi->n_cdefs + 1);
    return buffer;
}

/* One lock around both: the list has the texts in the order in which they were
 * declared, each after those it depends on.                                  */
static int parse_and_list(FFIObject *ffi, const cc_text *source,
                          cd_options *options, PyObject *entry)
{
    char name[32];
    cd_error err;
    int unlisted = 0;
    cc_table_lock(ffi->table);
    options->file = text_name_locked(ffi, name);
    int failed = cd_cdef(ffi->table->table, source->text, (size_t)source->len,
                         options, &err);
    if (!failed) {
        ffi->n_cdefs++;
        unlisted = PyList_Append(ffi->sources, entry);
    }
    cc_table_unlock(ffi->table);
    if (failed)
        cc_raise_parse(ffi->state, &err);
    return failed || unlisted ? -1 : 0;
}

/* What `sources` says of a cdef.                                             */
static PyObject *source_entry(PyObject *text, const cd_options *options)
{
    return Py_BuildValue(
        "(O{s:O,s:I,s:O,s:O})", text, "override",
        options->override ? Py_True : Py_False, "pack", options->pack,
        "release_gil", options->keep_gil ? Py_False : Py_True, "embedding",
        options->embedding ? Py_True : Py_False);
}

/* A type string may mean another type now: what is opaque in an included table
 * may have been completed here, a standard name have become something else.  */
static void forget_types(FFIObject *ffi)
{
    PyDict_Clear(ffi->types);
    PyDict_Clear(ffi->aligned);
}

static int parse(FFIObject *ffi, PyObject *text, cd_options *options)
{
    cc_text source;
    PyObject *entry = source_entry(text, options);
    if (entry == NULL)
        return -1;
    int failed = cc_text_open(&source, text);
    if (!failed) {
        failed = parse_and_list(ffi, &source, options, entry);
        cc_text_close(&source);
    }
    Py_DECREF(entry);
    if (failed)
        return -1;
    cc_table_complete(ffi->table);
    forget_types(ffi);
    return 0;
}

const char ffi_cdef_doc[] =
FFI_DOC("cdef",
        "csource, override=False, packed=False, pack=None, "
        "release_gil=True",
        "")
"Declares the C types, functions, variables and constants of the str csource.\n"
"All or nothing: after an error everything is as it was before.\n\n"
"override: names that are declared already may be bound anew; ctypes made\n"
"before keep their meaning.  pack: structs are laid out as after\n"
"`#pragma pack(pack)`, a power of two in bytes; packed is pack=1.\n"
"release_gil: whether calls of the functions declared here let other threads\n"
"run.\n\n"
"Raises CDefError for C that is not understood (file:line:column, the line, a\n"
"caret), TypeError, ValueError.  What is well-formed but cannot be\n"
"represented is no error: see unavailable().";

/* text: what the method was given; packed, pack may be NULL. */
static PyObject *declare(FFIObject *ffi, const char *method, PyObject *text,
                         PyObject *packed, PyObject *pack, cd_options *options)
{
    bool is_packed = false;

    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "%s() argument must be a string",
                            method);
    if (packed_option(packed, &is_packed) < 0 ||
        pack_option(pack, is_packed, &options->pack) < 0)
        return NULL;
    if (parse(ffi, text, options) < 0)
        return NULL;
    Py_RETURN_NONE;
}

PyObject *ffi_cdef(FFIObject *ffi, PyObject *const *args, Py_ssize_t nargs,
                   PyObject *kwnames)
{
    static const cc_params params = {
        "cdef", 5, 1, {"csource", "override", "packed", "pack", "release_gil"}};
    PyObject *a[5];
    bool release_gil = true;
    cd_options options = {0};

    if (cc_args(&params, args, nargs, kwnames, a) < 0 ||
        optional_bool(a[1], &options.override) < 0 ||
        optional_bool(a[4], &release_gil) < 0)
        return NULL;
    options.keep_gil = !release_gil;
    return declare(ffi, "cdef", a[0], a[2], a[3], &options);
}

const char ffi_embedding_api_doc[] =
FFI_DOC("embedding_api", "csource, packed=False, pack=None", "")
"Like cdef(), but the functions declared are those that the compiled library\n"
"exports to C programs.  Each starts Python when it is called first, and runs\n"
"what embedding_init_code() has bound to it by @ffi.def_extern().";

PyObject *ffi_embedding_api(FFIObject *ffi, PyObject *const *args,
                            Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {
        "embedding_api", 3, 1, {"csource", "packed", "pack"}};
    PyObject *a[3];
    cd_options options = {.embedding = true};

    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return NULL;
    return declare(ffi, "embedding_api", a[0], a[1], a[2], &options);
}

/* ---- include ------------------------------------------------------------- */

/* Takes an entry out of `sources` again; the exception that is set stays.    */
static void unlist(FFIObject *ffi, PyObject *entry)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    for (Py_ssize_t i = PyList_GET_SIZE(ffi->sources); i-- > 0;) {
        PyObject *item = cc_list_item(ffi->sources, i);
        bool same = item == entry;
        Py_XDECREF(item);
        if (same && PySequence_DelItem(ffi->sources, i) == 0)
            break;
    }
    PyErr_Clear();
    PyErr_Restore(type, value, traceback);
}

const char ffi_include_doc[] =
FFI_DOC("include", "ffi_to_include", "")
"Makes the types and constants of another FFI known here, by reference: a\n"
"struct stays the other's and is the same ctype.  Functions and variables are\n"
"not included.  TypeError for what is no FFI; ValueError for itself;\n"
"CDefError for a cycle or more than 100.";

PyObject *ffi_include(FFIObject *ffi, PyObject *arg)
{
    if (!PyObject_TypeCheck(arg, ffi->state->FFI))
        return PyErr_Format(PyExc_TypeError,
                            "ffi.include() expects an argument that is also "
                            "of type cffi_core.FFI, not '%s'",
                            Py_TYPE(arg)->tp_name);
    if (arg == (PyObject *)ffi) {
        PyErr_SetString(PyExc_ValueError, "self.include(self)");
        return NULL;
    }
    PyObject *entry = Py_BuildValue("(O{})", arg);
    if (entry == NULL)
        return NULL;
    /* Before the texts of other threads that use what is included.           */
    int failed = PyList_Append(ffi->sources, entry);
    if (!failed) {
        failed = cc_table_add_include(ffi->table, ((FFIObject *)arg)->table);
        if (failed)
            unlist(ffi, entry);
    }
    Py_DECREF(entry);
    if (failed)
        return NULL;
    forget_types(ffi);
    Py_RETURN_NONE;
}

/* ---- constants ----------------------------------------------------------- */

const char ffi_integer_const_doc[] =
FFI_DOC("integer_const", "name", " -> int")
"The value of an enumerator or of a #define or static const that is an\n"
"integer.  AttributeError if there is no such name; FFIError if it is another\n"
"declaration's; VerificationMissing if its value is known only once compiled.";

/* Whether tb or what it includes declares the name as what a Lib alone has:
 * include() makes no functions and variables known.                          */
static bool is_of_a_lib(TableObject *tb, const char *utf8, Py_ssize_t len)
{
    cd_decl d;
    if (cc_table_find(tb, utf8, len, &d))
        return d.kind == CD_D_FUNCTION || d.kind == CD_D_VARIABLE ||
               d.kind == CD_D_EXTERN_PYTHON;
    for (uint32_t i = 0; i < CC_LOAD(tb->n_includes); i++)
        if (is_of_a_lib(tb->includes[i], utf8, len))
            return true;
    return false;
}

static CC_COLD void *error_of_a_lib(FFIObject *ffi, PyObject *name)
{
    return PyErr_Format(cc_error(ffi->state, CC_FFIError),
                        "function, global variable or non-integer constant "
                        "'%U' must be fetched from its original 'lib' object",
                        name);
}

/* What the name stands for is no integer, or not yet.                        */
static CC_COLD void *error_no_integer(FFIObject *ffi, PyObject *name,
                                      const cd_decl *d)
{
    if (d == NULL || d->kind == CD_D_TYPEDEF)
        return PyErr_Format(PyExc_AttributeError,
                            "integer constant '%U' not found", name);
    if (d->kind == CD_D_MACRO)
        return PyErr_Format(cc_error(ffi->state, CC_VerificationMissing),
                            "%U: declared with `...`, so its value is known "
                            "only once it is compiled", name);
    if (d->kind == CD_D_UNAVAILABLE)
        return PyErr_Format(cc_error(ffi->state, CC_FFIError),
                            "'%U' is not available: %s", name,
                            cd_text(ffi->table->table, d->text, NULL));
    return error_of_a_lib(ffi, name);
}

PyObject *ffi_integer_const(FFIObject *ffi, PyObject *const *args,
                            Py_ssize_t nargs, PyObject *kwnames)
{
    static const cc_params params = {"integer_const", 1, 1, {"name"}};
    PyObject *name;
    Py_ssize_t len;
    if (cc_args(&params, args, nargs, kwnames, &name) < 0)
        return NULL;
    if (!PyUnicode_Check(name))
        return PyErr_Format(PyExc_TypeError,
                            "argument 1 must be str, not %.200s",
                            Py_TYPE(name)->tp_name);
    const char *utf8 = PyUnicode_AsUTF8AndSize(name, &len);
    if (utf8 == NULL)
        return NULL;
    PyObject *compiled = cc_stub_integer(ffi->table, utf8, (size_t)len);
    if (compiled != NULL || PyErr_Occurred())
        return compiled;
    cd_decl d;
    bool is_declared = cc_table_find(ffi->table, utf8, len, &d);
    if (is_declared && d.kind == CD_D_INT)
        return d.flags & CD_DF_UNSIGNED
                   ? PyLong_FromUnsignedLongLong((uint64_t)d.u.value)
                   : PyLong_FromLongLong(d.u.value);
    if (!is_declared && is_of_a_lib(ffi->table, utf8, len))
        return error_of_a_lib(ffi, name);
    return error_no_integer(ffi, name, is_declared ? &d : NULL);
}

/* ---- lists --------------------------------------------------------------- */

static PyObject *text_object(const TableObject *tb, cd_str s)
{
    uint32_t len;
    const char *text = cd_text(tb->table, s, &len);
    return PyUnicode_DecodeUTF8(text, len, "replace");
}

static int add_name(PyObject *set, const TableObject *tb, cd_str s)
{
    PyObject *name = text_object(tb, s);
    int failed = name == NULL ? -1 : PySet_Add(set, name);
    Py_XDECREF(name);
    return failed;
}

enum { TYPEDEFS, STRUCTS, UNIONS, N_LISTS };

/* The names that tb declares, and those of the tables it includes.           */
static int collect_types(TableObject *tb, PyObject *sets[N_LISTS])
{
    if (cc_table_fill(tb) < 0)
        return -1;
    cd_decl d;
    for (uint32_t i = tb->first_decl; cc_table_decl(tb, i, &d); i++)
        if (d.kind == CD_D_TYPEDEF && d.include == 0)
            if (add_name(sets[TYPEDEFS], tb, d.name) < 0)
                return -1;
    cd_ctype t;
    for (cd_id id = tb->first_type; cc_table_type(tb, id, &t); id++) {
        if ((t.kind != CD_STRUCT && t.kind != CD_UNION) || t.name == 0 ||
            (t.flags & CD_F_TYPEDEF_NAME) ||
            *cd_text(tb->table, t.name, NULL) == '$')
            continue;
        int which = t.kind == CD_STRUCT ? STRUCTS : UNIONS;
        if (add_name(sets[which], tb, t.name) < 0)
            return -1;
    }
    for (uint32_t i = 0; i < CC_LOAD(tb->n_includes); i++)
        if (collect_types(tb->includes[i], sets) < 0)
            return -1;
    return 0;
}

static PyObject *sorted_list(PyObject *set)
{
    PyObject *list = PySequence_List(set);
    if (list != NULL && PyList_Sort(list) < 0)
        Py_CLEAR(list);
    return list;
}

const char ffi_list_types_doc[] =
FFI_DOC_NONE("list_types", " -> (typedefs, structs, unions)")
"Sorted lists of the names declared here and in included FFIs.";

PyObject *ffi_list_types(FFIObject *ffi, PyObject *Py_UNUSED(ignored))
{
    PyObject *sets[N_LISTS] = {NULL}, *result = NULL;

    for (int i = 0; i < N_LISTS; i++)
        if ((sets[i] = PySet_New(NULL)) == NULL)
            goto done;
    if (collect_types(ffi->table, sets) < 0)
        goto done;
    result = PyTuple_New(N_LISTS);
    for (int i = 0; result != NULL && i < N_LISTS; i++) {
        PyObject *list = sorted_list(sets[i]);
        if (list == NULL)
            Py_CLEAR(result);
        else
            PyTuple_SET_ITEM(result, i, list);
    }
done:
    for (int i = 0; i < N_LISTS; i++)
        Py_XDECREF(sets[i]);
    return result;
}

/* Why the name cannot be used, if so: a str; else NULL, no exception.       */
static PyObject *reason_of(const TableObject *tb, const cd_decl *d)
{
    if (d->kind == CD_D_UNAVAILABLE)
        return text_object(tb, d->text);
    if (d->kind != CD_D_TYPEDEF ||
        !(cd_type(tb->table, d->type)->flags & CD_F_UNAVAIL))
        return NULL;
    const char *why = cd_why(tb->table, d->type);
    return PyUnicode_DecodeUTF8(why, (Py_ssize_t)strlen(why), "replace");
}

/* (name, "file:line:col", reason).  STEALS reason.                           */
static PyObject *unavailable_entry(const TableObject *tb, const cd_decl *d,
                                   PyObject *reason)
{
    const cd_where *w = cd_where_at(tb->table, d->where);
    const char *file = w->file ? cd_text(tb->table, w->file, NULL) : "<cdef>";
    PyObject *name = text_object(tb, d->name);
    PyObject *where = /* the column is not known of a compiled module */
        w->col ? PyUnicode_FromFormat("%s:%u:%u", file, w->line, w->col)
               : PyUnicode_FromFormat("%s:%u", file, w->line);
    PyObject *entry = NULL;
    if (name != NULL && where != NULL)
        entry = PyTuple_Pack(3, name, where, reason);
    Py_XDECREF(name);
    Py_XDECREF(where);
    Py_DECREF(reason);
    return entry;
}

const char ffi_unavailable_doc[] =
FFI_DOC_NONE("unavailable",
             " -> list of (name, \"file:line:column\", reason)")
"The declarations that were understood but cannot be used, in source order;\n"
"those of a compiled module by name.";

PyObject *ffi_unavailable(FFIObject *ffi, PyObject *Py_UNUSED(ignored))
{
    TableObject *tb = ffi->table;
    if (cc_table_fill(tb) < 0)
        return NULL;
    PyObject *list = PyList_New(0);
    cd_decl d;
    for (uint32_t i = tb->first_decl;
         list != NULL && cc_table_decl(tb, i, &d); i++) {
        PyObject *reason = d.include != 0 ? NULL : reason_of(tb, &d);
        if (reason == NULL) {
            if (PyErr_Occurred())
                Py_CLEAR(list);
            continue;
        }
        PyObject *entry = unavailable_entry(tb, &d, reason);
        if (entry == NULL || PyList_Append(list, entry) < 0)
            Py_CLEAR(list);
        Py_XDECREF(entry);
    }
    return list;
}
