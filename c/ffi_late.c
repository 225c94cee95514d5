/* ffi_late.c - FFI: the methods around the C compiler.  They are Python, in
 * cffi_core/builder/, and imported by their first call: a program that only
 * uses libraries never loads them.                                           */
#include "ffi_methods.h"

/* The function `name` of cffi_core.builder's module, new.                    */
static PyObject *late_function(const char *module, const char *name)
{
    PyObject *m = PyImport_ImportModule(module);
    if (m == NULL)
        return NULL;
    PyObject *function = PyObject_GetAttrString(m, name);
    Py_DECREF(m);
    return function;
}

/* name(ffi, *args, **kwargs).  args[-1] is not ours to use, so the arguments
 * are copied behind ffi.                                                     */
static PyObject *forward(const char *module, const char *name, FFIObject *ffi,
                         PyObject *const *args, Py_ssize_t nargs,
                         PyObject *kwnames)
{
    Py_ssize_t n = nargs + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
    PyObject *result = NULL, **all = NULL;
    PyObject *function = late_function(module, name);
    if (function == NULL)
        goto done;
    all = PyMem_New(PyObject *, (size_t)n + 1);
    if (all == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    all[0] = (PyObject *)ffi;
    if (n > 0)
        memcpy(all + 1, args, (size_t)n * sizeof *all);
    result = PyObject_Vectorcall(function, all, (size_t)nargs + 1, kwnames);
done:
    PyMem_Free(all);
    Py_XDECREF(function);
    return result;
}

#define LATE(name, module)                                                    \
    PyObject *ffi_##name(FFIObject *ffi, PyObject *const *args,               \
                         Py_ssize_t nargs, PyObject *kwnames)                 \
    {                                                                         \
        return forward("cffi_core.builder." module, #name, ffi, args, nargs,  \
                       kwnames);                                              \
    }
#include "ffi_late.def"

/* ---- docstrings ---------------------------------------------------------- */

const char ffi_cdef_header_doc[] =
FFI_DOC("cdef_header",
        "headers, *, before=(), select=None, follow=None, packages=(), "
        "override=False, release_gil=True, **kwds",
        "")
"Declares what C headers declare: types, functions, variables, the values of\n"
"macros. The C preprocessor reads them; the result is cached, and made anew\n"
"when a header, the compiler or an option changes.\n\n"
"headers: a name like 'sqlite3.h', a path, or a list.  before: headers to\n"
"include first, or lines of C.  select: patterns of names to keep, with the\n"
"types that they need.  follow: whose declarations are kept besides: None, of\n"
"the headers' own parts; False, of no other; True, of all that are included;\n"
"patterns of paths.  packages: asked for by pkg-config.  override,\n"
"release_gil: as in cdef().  kwds: as in set_source(); verify() and\n"
"compile() use them as well, and include the headers by themselves.\n\n"
"CDefError: a header is not found or not understood.  VerificationError: the\n"
"preprocessor is missing, or has failed.";

const char ffi_set_source_doc[] =
FFI_DOC("set_source", "module_name, source, source_extension='.c', **kwds", "")
"Says what compile() makes: the module with this dotted name, from the C text\n"
"source, which is everything the declarations need (mostly #include lines).\n"
"source None makes a Python module whose ffi has the declarations, for\n"
"dlopen().  Once per FFI.\n\n"
"kwds are those of a setuptools Extension: sources, include_dirs,\n"
"define_macros, undef_macros, libraries, library_dirs, extra_objects,\n"
"extra_compile_args, extra_link_args, depends, export_symbols, language,\n"
"py_limited_api; and strict=True for exact checks of types.";

const char ffi_set_source_pkgconfig_doc[] =
FFI_DOC("set_source_pkgconfig",
        "module_name, pkgconfig_libs, source, source_extension='.c', "
        "**kwds",
        "")
"set_source() with the flags that pkg-config gives for the packages named in\n"
"the list pkgconfig_libs.  PkgConfigError: pkg-config is missing, or does not\n"
"know one of them.";

const char ffi_compile_doc[] =
FFI_DOC("compile", "tmpdir='.', verbose=0, target=None, debug=None", " -> str")
"Makes the module that set_source() named, below the directory tmpdir, and\n"
"gives its path.  What is up to date is left alone.  The C compiler is CC,\n"
"else the machine's; CPPFLAGS, CFLAGS and LDFLAGS add to its options.\n\n"
"verbose: shows the commands.  target: another file name; `.*` at its end\n"
"stands for the suffix of a shared library.  debug: -O0 -g.\n\n"
"VerificationError: the compiler refuses the text or disagrees with a\n"
"declaration; the message names it and has the compiler's own words.";

const char ffi_emit_c_code_doc[] =
FFI_DOC("emit_c_code", "filename", "")
"Writes the C file that compile() would compile, to a file name or an object\n"
"with write().  It is the same for every machine; no compiler is needed.";

const char ffi_emit_python_code_doc[] =
FFI_DOC("emit_python_code", "filename", "")
"Writes the Python module that compile() would make when set_source() was\n"
"given None as its source, to a file name or an object with write().";

const char ffi_distutils_extension_doc[] =
FFI_DOC("distutils_extension", "tmpdir='build', verbose=True", " -> Extension")
"Writes the C file below tmpdir, and gives the setuptools Extension that\n"
"compiles it.";

const char ffi_verify_doc[] =
FFI_DOC("verify",
        "source='', tmpdir=None, modulename=None, ext_package=None, "
        "tag='', force_generic_engine=False, source_extension='.c', "
        "flags=None, relative_to=None, **kwds",
        " -> lib")
"Compiles the C text source together with checks of what was declared, and\n"
"gives the library.  What only the compiler knows (`...`) is known then.\n"
"The result is cached: the next time, no compiler runs unless the\n"
"declarations, source, a header, the compiler or its options changed.\n\n"
"tmpdir: keep the C file and the module there instead, as CFFI_TMPDIR does.\n"
"modulename: with this name, used whenever it is there.  ext_package: the\n"
"package to look for it first.  tag: part of the name.  flags: of dlopen().\n"
"relative_to: the file from which relative paths in kwds start.  kwds: as in\n"
"set_source().\n\n"
"VerificationError: the compiler refuses the text or disagrees.";

const char ffi_embedding_init_code_doc[] =
FFI_DOC("embedding_init_code", "pysource", "")
"Gives the Python code, a str, that runs when a C program calls one of the\n"
"functions of embedding_api() for the first time: `from name import ffi`,\n"
"then @ffi.def_extern() functions.  It becomes a part of the library.  Once\n"
"per FFI.  SyntaxError is raised here.";

const char ffi_set_unicode_doc[] =
FFI_DOC("set_unicode", "enabled_flag", "")
"Declares TCHAR and the types made of it, as wchar_t (True) or char (False);\n"
"True also defines UNICODE and _UNICODE where this FFI is compiled.  For\n"
"Windows.  ValueError the second time.";
