/* stub.c - modules of compiled stubs.  MIT.
 *
 * A stub is found by its data symbol in a shared library (load_stub), or its
 * PyInit finds us by the capsule and returns the module definition that we made
 * for it.  Either way a stub is checked, feeds a table, and gets an FFI over
 * the table and a Lib.                                                       */
#include "cdata.h"
#include "dl.h"
#include "extern_python.h"
#include "ffi_methods.h"
#include "lib.h"
#include "module.h"
#include <stdio.h>

/* In the emitter's name: the declarations are those of a cffi.FFI.           */
#define CC_FOR_CFFI " for cffi"
/* Where stubs of contract 1.0 look, by way of the package.                   */
#define CC_CAPSULE_1_0 CC_PACKAGE "._core.stub_api"

/* ---- errors -------------------------------------------------------------- */

/* ImportError "<name>: <why>" with its name and path.  why: STEALS.          */
static CC_COLD void *refuse(PyObject *name, PyObject *path, PyObject *why)
{
    PyObject *text = NULL;
    if (why != NULL)
        text = PyUnicode_FromFormat("%U: %U", name, why);
    if (text != NULL)
        PyErr_SetImportError(text, name, path);
    Py_XDECREF(text);
    Py_XDECREF(why);
    return NULL;
}

/* The exception that is set, as the cause of an ImportError.                 */
static CC_COLD void *include_failed(PyObject *name, const char *module)
{
    PyObject *type, *value, *traceback, *type2, *value2, *traceback2;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(value, traceback);
    refuse(name, NULL,
           PyUnicode_FromFormat("it includes the module %s, which cannot be "
                                "imported: %S", module, value));
    PyErr_Fetch(&type2, &value2, &traceback2);
    PyErr_NormalizeException(&type2, &value2, &traceback2);
    if (value2 != NULL && value != NULL)
        PyException_SetCause(value2, Py_NewRef(value));
    PyErr_Restore(type2, value2, traceback2);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return NULL;
}

/* ---- finding a stub ------------------------------------------------------ */

/* A name's last part as symbols have it: what is not ASCII in punycode, with _
 * for its -, as import does for PyInitU_.  A new str.                        */
static PyObject *symbol_part(PyObject *name)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name);
    Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, n, -1);
    PyObject *last = dot == -2 ? NULL : PyUnicode_Substring(name, dot + 1, n);
    if (last == NULL || PyUnicode_IS_ASCII(last))
        return last;
    Py_SETREF(last, PyUnicode_AsEncodedString(last, "punycode", NULL));
    if (last != NULL)
        Py_SETREF(last, PyUnicode_FromEncodedObject(last, "ascii", NULL));
    if (last != NULL)
        Py_SETREF(last, PyObject_CallMethod(last, "replace", "ss", "-", "_"));
    return last;
}

/* The symbol cd_stub_<last part of name>, new bytes.                         */
static PyObject *symbol_of(PyObject *name)
{
    PyObject *symbol = NULL, *last = symbol_part(name);
    if (last != NULL)
        symbol = PyUnicode_FromFormat("cd_stub_%U", last);
    Py_XDECREF(last);
    if (symbol != NULL)
        Py_SETREF(symbol, PyUnicode_AsUTF8String(symbol));
    return symbol;
}

/* The stub in an open library; NULL with ImportError.                        */
static const struct cd_stub *find_stub(void *handle, PyObject *path,
                                       PyObject *name)
{
    PyObject *why = NULL, *symbol = symbol_of(name);
    char *text;
    if (symbol == NULL || PyBytes_AsStringAndSize(symbol, &text, NULL) < 0) {
        Py_XDECREF(symbol); /* a NUL in it */
        return NULL;
    }
    const struct cd_stub *stub = cc_dl_symbol(handle, text, &why);
    Py_DECREF(symbol);
    if (stub != NULL)
        return stub;
    if (why != NULL || !PyErr_Occurred())
        refuse(name, path,
               PyUnicode_FromFormat("%S is no compiled stub of this name (%V)",
                                    path, why, "its data is missing"));
    Py_XDECREF(why);
    return NULL;
}

/* True: fit for this core.  False: ImportError.                              */
static bool is_fit(const struct cd_stub *stub, PyObject *name, PyObject *path)
{
    char text[1024];
    const char *why = cc_stub_check(stub, text, sizeof text);
    if (why != NULL)
        refuse(name, path,
               PyUnicode_DecodeUTF8(why, (Py_ssize_t)strlen(why), "replace"));
    return why == NULL;
}

/* The stub at an address, part of a program that embeds Python; likewise.    */
static const struct cd_stub *stub_at(PyObject *address, PyObject *name)
{
    const struct cd_stub *stub = PyLong_AsVoidPtr(address);
    if (stub == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "a stub's address cannot be 0");
    return stub != NULL && is_fit(stub, name, NULL) ? stub : NULL;
}

/* What sys.setdlopenflags() has set for extension modules, as these are; 0
 * where there is no such thing, -1 with an exception.                        */
static int flags_of_imports(void)
{
    PyObject *get = PySys_GetObject("getdlopenflags"); /* borrowed */
    if (get == NULL)
        return 0;
    PyObject *flags = PyObject_CallNoArgs(get);
    long value = flags != NULL ? PyLong_AsLong(flags) : -1;
    Py_XDECREF(flags);
    return (int)value;
}

/* Opens a library for good and checks the stub in it; NULL with ImportError. */
static const struct cd_stub *open_stub(PyObject *path, PyObject *name)
{
    if (PyLong_Check(path))
        return stub_at(path, name);
    PyObject *why;
    int flags = flags_of_imports();
    if (flags == -1 && PyErr_Occurred())
        return NULL;
    void *handle = cc_dl_open(path, flags, &why);
    if (handle == NULL) {
        if (why != NULL)
            refuse(name, path,
                   PyUnicode_FromFormat("cannot load %S: %U", path, why));
        Py_XDECREF(why);
        return NULL;
    }
    const struct cd_stub *stub = find_stub(handle, path, name);
    if (stub != NULL && is_fit(stub, name, path))
        return stub;
    cc_dl_drop(handle);
    return NULL;
}

/* ---- included modules ---------------------------------------------------- */

/* Adds what one included module offers to the table and to libs.  0/-1       */
static int include_parts(FFIObject *ffi, PyObject *module, PyObject *libs)
{
    cc_state *st = ffi->state;
    PyObject *lib = NULL;
    int failed = -1;
    PyObject *other = PyObject_GetAttrString(module, "ffi");
    if (other == NULL)
        return -1;
    if (!PyObject_TypeCheck(other, st->FFI)) {
        PyErr_Format(PyExc_TypeError, "its ffi is a %.200s, no FFI of "
                     "cffi_core", Py_TYPE(other)->tp_name);
        goto done;
    }
    lib = PyObject_GetAttrString(module, "lib");
    if (lib == NULL) { /* a Python module with an ffi alone */
        if (!PyErr_ExceptionMatches(PyExc_AttributeError))
            goto done;
        PyErr_Clear();
    }
    failed = cc_table_add_include(ffi->table, ((FFIObject *)other)->table);
    if (!failed && lib && Lib_Check(st, lib) && cc_lib_source(lib) != NULL)
        failed = PyList_Append(libs, lib);
done:
    Py_XDECREF(lib);
    Py_DECREF(other);
    return failed;
}

/* Imports what the stub includes, in its order.  A tuple of Libs.            */
static PyObject *include_modules(FFIObject *ffi, const struct cd_stub *stub,
                                 PyObject *name)
{
    PyObject *result, *libs = PyList_New(0);
    for (uint32_t i = 0; libs != NULL && i < stub->n_includes; i++) {
        const char *wanted = stub->text + stub->includes[i].module;
        PyObject *module = PyImport_ImportModule(wanted);
        int failed = module == NULL || include_parts(ffi, module, libs) < 0;
        Py_XDECREF(module);
        if (failed) {
            include_failed(name, wanted);
            Py_CLEAR(libs);
        }
    }
    if (libs == NULL)
        return NULL;
    result = PyList_AsTuple(libs);
    Py_DECREF(libs);
    return result;
}

/* ---- an FFI over a stub -------------------------------------------------- */

/* Tells the source which tables the stub's includes are.                     */
static void name_includes(const FFIObject *ffi, cc_source *source)
{
    const TableObject *tb = ffi->table;
    uint32_t n = cc_source_stub(source)->n_includes;
    cc_table_lock(ffi->table);
    for (uint32_t i = 0; i < n && i < tb->n_includes; i++)
        cc_source_include(source, i + 1, tb->includes[i]->table);
    cc_table_unlock(ffi->table);
}

/* The source of a stub for the FFI's table, which then owns it; NULL with an
 * exception.                                                                 */
static cc_source *feed(FFIObject *ffi, const struct cd_stub *stub, bool asked)
{
    cc_table_lock(ffi->table);
    cc_source *source = cc_source_new(stub, ffi->table->table, asked);
    cc_table_unlock(ffi->table);
    if (source == NULL)
        PyErr_NoMemory();
    else if (cc_table_add_source(ffi->table, source) < 0)
        source = NULL;
    else
        name_includes(ffi, source);
    return source;
}

/* Whoever uses one that was made for `import cffi` expects CFFI's names.  0/-1
 */
static int name_for_cffi(cc_state *st, const struct cd_stub *stub)
{
    return strstr(stub->emitter, CC_FOR_CFFI) ? cc_name_types(st) : 0;
}

/* Makes a Lib of a checked stub over a new FFI.  Their pair, a tuple.        */
static PyObject *new_pair(cc_state *st, const struct cd_stub *stub,
                          PyObject *name)
{
    cc_source *source = NULL;
    PyObject *pair = NULL, *libs = NULL, *lib = NULL;
    if (name_for_cffi(st, stub) < 0)
        return NULL;
    FFIObject *ffi = (FFIObject *)PyObject_CallNoArgs((PyObject *)st->FFI);
    if (ffi != NULL) {
        ffi->table->out_of_line = true;
        libs = include_modules(ffi, stub, name);
    }
    if (libs != NULL && cc_extern_load(st, stub) == 0)
        source = feed(ffi, stub, true);
    if (source != NULL)
        lib = cc_lib_of_stub(ffi->table, source, name, libs);
    if (lib != NULL)
        pair = PyTuple_Pack(2, ffi, lib);
    Py_XDECREF(lib);
    Py_XDECREF(libs);
    Py_XDECREF(ffi);
    return pair;
}

/* Completes the table of an FFI that has the declarations already.           */
static PyObject *complete_pair(FFIObject *ffi, const struct cd_stub *stub,
                               PyObject *name)
{
    PyObject *lib, *pair = NULL;
    if (cc_extern_load(ffi->state, stub) < 0)
        return NULL;
    cc_source *source = feed(ffi, stub, false);
    if (source == NULL)
        return NULL;
    if (cc_table_fill(ffi->table) < 0) {
        cc_table_drop_source(ffi->table);
        return NULL;
    }
    cc_table_complete(ffi->table);
    PyDict_Clear(ffi->types);
    lib = cc_lib_of_stub(ffi->table, source, name, NULL);
    if (lib != NULL)
        pair = PyTuple_Pack(2, ffi, lib);
    Py_XDECREF(lib);
    return pair;
}

/* ---- functions of the module --------------------------------------------- */

typedef struct stub_args {
    const struct cd_stub *stub; /* open and checked */
    PyObject *name; /* BORROWED */
    FFIObject *ffi; /* BORROWED; NULL: not given */
} stub_args;

/* Arguments (path, name, ffi=None) of a method.  0/-1                        */
static int get_args(cc_state *st, const char *method, PyObject *const *args,
                    Py_ssize_t nargs, PyObject *kwnames, stub_args *out)
{
    const cc_params params = {method, 3, 2, {"path", "name", "ffi"}};
    PyObject *a[3];
    if (cc_args(&params, args, nargs, kwnames, a) < 0)
        return -1;
    out->name = a[1];
    out->ffi = a[2] == Py_None ? NULL : (FFIObject *)a[2];
    if (!PyUnicode_Check(a[1])) {
        PyErr_Format(PyExc_TypeError, "%s() name must be a str, not %.200s",
                     method, Py_TYPE(a[1])->tp_name);
        return -1;
    }
    if (out->ffi != NULL && !PyObject_TypeCheck(a[2], st->FFI)) {
        PyErr_Format(PyExc_TypeError, "%s() ffi must be an FFI, not %.200s",
                     method, Py_TYPE(a[2])->tp_name);
        return -1;
    }
    out->stub = open_stub(a[0], a[1]);
    return out->stub != NULL ? 0 : -1;
}

const char cc_load_stub_doc[] =
"load_stub(path, name, ffi=None) -> (ffi, lib)\n\n"
"Loads the compiled stub of the module `name` from a shared library, for as\n"
"long as the process lives; path may also be the address, an int, of a stub\n"
"that is loaded already.  With an ffi, which has the stub's declarations,\n"
"its own types get the facts that the compiler found; without, a new one is\n"
"made.  ImportError says what to do.";

PyObject *cc_load_stub(PyObject *module, PyObject *const *args,
                       Py_ssize_t nargs, PyObject *kwnames)
{
    cc_state *st = PyModule_GetState(module);
    stub_args a;
    if (get_args(st, "load_stub", args, nargs, kwnames, &a) < 0)
        return NULL;
    return a.ffi == NULL ? new_pair(st, a.stub, a.name)
                         : complete_pair(a.ffi, a.stub, a.name);
}

/* What a check found, gathered where no Python object may be made.           */
typedef struct complaint {
    struct complaint *next;
    uint32_t line;
    bool has_file;
    size_t n_name, n_file; /* with their NULs */
    char text[];           /* name, file, reason */
} complaint;

typedef struct complaints {
    complaint *first, **last;
    bool no_memory;
} complaints;

static void take_complaint(void *arg, const char *name, const char *file,
                           uint32_t line, const char *reason)
{
    complaints *all = arg;
    const char *shown = file != NULL ? file : "";
    size_t n = strlen(name) + 1, f = strlen(shown) + 1, r = strlen(reason) + 1;
    complaint *c = PyMem_RawMalloc(sizeof *c + n + f + r);
    if (c == NULL) {
        all->no_memory = true;
        return;
    }
    *c = (complaint){.line = line, .has_file = file != NULL, .n_name = n,
                     .n_file = f};
    memcpy(c->text, name, n);
    memcpy(c->text + n, shown, f);
    memcpy(c->text + n + f, reason, r);
    *all->last = c;
    all->last = &c->next;
}

/* [(name, file or None, line, reason)]; frees them.                          */
static PyObject *list_of(complaints *all)
{
    PyObject *list = all->no_memory ? PyErr_NoMemory() : PyList_New(0);
    for (complaint *c = all->first, *next; c != NULL; c = next) {
        next = c->next;
        const char *file = c->text + c->n_name;
        PyObject *entry = NULL;
        if (list != NULL)
            entry = Py_BuildValue("(szIs)", c->text,
                                  c->has_file ? file : NULL, c->line,
                                  file + c->n_file);
        if (list != NULL && (entry == NULL || PyList_Append(list, entry) < 0))
            Py_CLEAR(list);
        Py_XDECREF(entry);
        PyMem_RawFree(c);
    }
    return list;
}

/* Everything that the stub has, made in a table of its own.                  */
static PyObject *check_all(FFIObject *ffi, const struct cd_stub *stub)
{
    complaints all = {NULL, &all.first, false};
    cd_error err;
    cc_source *source = feed(ffi, stub, true);
    if (source == NULL)
        return NULL;
    cc_table_lock(ffi->table);
    int failed = cc_source_all(source, take_complaint, &all, &err);
    cc_table_unlock(ffi->table);
    PyObject *list = list_of(&all);
    if (failed) {
        Py_CLEAR(list);
        cc_raise_parse(ffi->state, &err);
    }
    return list;
}

/* The tables that model includes, in its order; else modules by name.  0/-1  */
static int include_like(FFIObject *ffi, const FFIObject *model,
                        const struct cd_stub *stub, PyObject *name)
{
    if (model == NULL) {
        PyObject *libs = include_modules(ffi, stub, name);
        Py_XDECREF(libs);
        return libs != NULL ? 0 : -1;
    }
    for (uint32_t i = 0; i < CC_LOAD(model->table->n_includes); i++)
        if (cc_table_add_include(ffi->table, model->table->includes[i]) < 0)
            return -1;
    return 0;
}

const char cc_check_stub_doc[] =
"check_stub(path, name, ffi=None) -> list of (name, file, line, reason)\n\n"
"Loads a compiled stub and compares all that it declares with what the\n"
"compiler found: the declarations on which they disagree.  file is None for a\n"
"cdef without a name.  With an ffi, what it includes stands for the modules\n"
"that the stub includes.  ImportError.";

PyObject *cc_check_stub(PyObject *module, PyObject *const *args,
                        Py_ssize_t nargs, PyObject *kwnames)
{
    cc_state *st = PyModule_GetState(module);
    PyObject *list = NULL;
    stub_args a;
    if (get_args(st, "check_stub", args, nargs, kwnames, &a) < 0)
        return NULL;
    FFIObject *ffi = (FFIObject *)PyObject_CallNoArgs((PyObject *)st->FFI);
    if (ffi != NULL && include_like(ffi, a.ffi, a.stub, a.name) == 0)
        list = check_all(ffi, a.stub);
    Py_XDECREF(ffi);
    return list;
}

/* ---- import -------------------------------------------------------------- */

/* One a stub and process; what PyInit_<name> returns.                        */
typedef struct definition {
    struct PyModuleDef def;
    const struct cd_stub *stub;
} definition;

/* Puts lib where `import name.lib` looks.  0/-1                              */
static int add_to_sys_modules(PyObject *name, PyObject *lib)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *key = PyUnicode_FromFormat("%U.lib", name);
    int failed = key == NULL ? -1 : PyObject_SetItem(modules, key, lib);
    Py_XDECREF(key);
    return failed;
}

/* The state of the core that this interpreter imports.                       */
static cc_state *state_here(void)
{
    PyObject *core = PyImport_ImportModule(CC_CORE);
    if (core == NULL)
        return NULL;
    cc_state *st = cc_state_of_module(core);
    if (st == NULL)
        PyErr_SetString(PyExc_ImportError,
                        "the module " CC_CORE " is not the one that this "
                        "process loaded first");
    Py_DECREF(core); /* sys.modules has it */
    return st;
}

static int stub_exec(PyObject *module)
{
    const definition *d = (definition *)PyModule_GetDef(module);
    PyObject *pair = NULL, *path, *name = PyModule_GetNameObject(module);
    cc_state *st = name != NULL ? state_here() : NULL;
    int failed = -1;
    if (st == NULL)
        goto done;
    path = PyModule_GetFilenameObject(module);
    if (path == NULL)
        PyErr_Clear();
    if (is_fit(d->stub, name, path))
        pair = new_pair(st, d->stub, name);
    Py_XDECREF(path);
    if (pair == NULL)
        goto done;
    PyObject *lib = PyTuple_GET_ITEM(pair, 1);
    if (PyModule_AddObjectRef(module, "ffi", PyTuple_GET_ITEM(pair, 0)) == 0 &&
        PyModule_AddObjectRef(module, "lib", lib) == 0)
        failed = add_to_sys_modules(name, lib);
done:
    Py_XDECREF(pair);
    Py_XDECREF(name);
    return failed;
}

static PyModuleDef_Slot stub_slots[] = {
    {Py_mod_exec, stub_exec},
    CC_MODULE_SLOTS
};

/* The stub's block where the definition is kept; NULL: a stub of a kind that we
 * do not know, which is refused when its module is executed.                 */
static struct cd_link *link_of(const struct cd_stub *stub)
{
    if (stub->major != CD_MAJOR ||
        stub->size < offsetof(struct cd_stub, reserved))
        return NULL;
    return stub->link;
}

static definition *new_definition(const struct cd_stub *stub)
{
    definition *d = PyMem_RawCalloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    struct PyModuleDef def = {
        PyModuleDef_HEAD_INIT,
        .m_name = "compiled stub", /* the import system says the real one */
        .m_doc = "A C library: its FFI and its Lib.",
        .m_slots = stub_slots,
    };
    d->def = def;
    d->stub = stub;
    PyModuleDef_Init(&d->def); /* before other interpreters see it */
    return d;
}

/* Is it linked into another extension module, which calls PyInit_<name> itself
 * (cryptography, from Rust)?                                                 */
static bool is_part(const struct cd_stub *stub)
{
    const char *dot = strrchr(stub->module, '.');
    return cc_dl_in_another(stub, dot != NULL ? dot + 1 : stub->module);
}

/* The module itself, as CFFI's PyInit functions return it.                   */
static PyObject *new_module(definition *d)
{
    PyObject *spec = NULL, *module = NULL;
    PyObject *machinery = PyImport_ImportModule("importlib.machinery");
    if (machinery != NULL)
        spec = PyObject_CallMethod(machinery, "ModuleSpec", "sO",
                                   d->stub->module, Py_None);
    if (spec != NULL)
        module = PyModule_FromDefAndSpec(&d->def, spec);
    if (module != NULL && PyModule_ExecDef(module, &d->def) < 0)
        Py_CLEAR(module);
    Py_XDECREF(spec);
    Py_XDECREF(machinery);
    return module;
}

/* cd_core_api.init: nothing is refused here, as CPython runs this in the main
 * interpreter, whoever imports.                                              */
static void *module_definition(const struct cd_stub *stub)
{
    struct cd_link *link = link_of(stub);
    definition *d = new_definition(stub);
    if (d == NULL)
        return PyErr_NoMemory();
    if (link != NULL) {
        definition *there = cc_publish_once(&link->definition, d);
        if (there != d)
            PyMem_RawFree(d);
        d = there;
    }
    if (link != NULL && is_part(stub))
        return new_module(d);
    return PyModuleDef_Init(&d->def);
}

static struct cd_core_api stub_api = {
    sizeof stub_api, CD_MAJOR, CD_MINOR, module_definition};

/* A capsule is known by its full name, and an attribute by the last part.  0/-1
 */
static int add_capsule(cc_state *st, const char *name)
{
    PyObject *capsule = PyCapsule_New(&stub_api, name, NULL);
    int failed = capsule == NULL
                     ? -1
                     : PyModule_AddObjectRef(st->module, strrchr(name, '.') + 1,
                                             capsule);
    Py_XDECREF(capsule);
    return failed;
}

int cc_stub_init(cc_state *st)
{
    PyObject *contract = Py_BuildValue("(ii)", CD_MAJOR, CD_MINOR);
    int failed = contract == NULL || add_capsule(st, CD_CAPSULE) < 0 ||
                 add_capsule(st, CC_CAPSULE_1_0) < 0 ||
                 PyModule_AddObjectRef(st->module, "CONTRACT", contract) < 0;
    Py_XDECREF(contract);
    return failed ? -1 : 0;
}
