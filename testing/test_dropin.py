"""`python -m cffi_core dropin`: what it puts into a folder, and what programs for CFFI find."""

import csv
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from functools import partial
from pathlib import Path

import pytest

import cffi_core
from cffi_core import FFI
from cffi_core.dropin import files, install, wheel

ROOT = Path(__file__).resolve().parent.parent
FULL = pytest.mark.skipif(not os.environ.get("CFFI_CORE_FULL"), reason="CFFI_CORE_FULL is not set")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """A folder with the drop-in."""
    folder = tmp_path_factory.mktemp("site")
    install.install(str(folder), force=False)
    return folder


def python(site: Path, program: str, *arguments: object, fails: bool = False, cwd=None) -> str:
    """What a Python says that finds the drop-in."""
    paths = [str(site), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=cwd or site,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout
    return done.stdout.strip()


# ---- installing ------------------------------------------------------------------


def test_every_file_is_recorded(site):
    with open(site / "cffi-2.1.1.dist-info" / "RECORD", newline="") as file:
        recorded = {row[0] for row in csv.reader(file)}
    there = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert recorded == {name for name in there if "__pycache__" not in name}
    assert {"cffi/__init__.py", "_cffi_backend.py", "bin/cffi-gen-src"} <= recorded


def test_installers_see_it(site):
    program = """
from importlib.metadata import distribution
cffi = distribution("cffi")
print(cffi.version, *sorted(f"{e.group}:{e.name}" for e in cffi.entry_points))"""
    expected = "2.1.1 console_scripts:cffi-gen-src distutils.setup_keywords:cffi_modules"
    assert python(site, program) == expected


def test_it_goes_as_it_came(tmp_path):
    (tmp_path / "other.py").touch()
    install.install(str(tmp_path), force=False)
    install.install(str(tmp_path), force=False)  # again is no harm
    assert "removed" in install.remove(str(tmp_path))
    assert [p.name for p in tmp_path.rglob("*")] == ["other.py"] or {
        p.name for p in tmp_path.rglob("*")
    } == {"other.py", "bin"}
    with pytest.raises(install.Refused, match="no cffi, and no drop-in"):
        install.remove(str(tmp_path))


def a_cffi(folder: Path) -> dict[str, str]:
    """What stands for CFFI itself."""
    info = "cffi-1.17.1.dist-info"
    texts = {
        "cffi/__init__.py": "real",
        "_cffi_backend.cpython-399-x86_64-linux-gnu.so": "binary",
        f"{info}/METADATA": "Name: cffi",
    }
    texts[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*texts, f"{info}/RECORD"])
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return texts


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_cffi_is_not_overwritten(tmp_path):
    texts = a_cffi(tmp_path)
    with pytest.raises(install.Refused, match="CFFI is installed in .*--force replaces it"):
        install.install(str(tmp_path), force=False)
    with pytest.raises(install.Refused, match="has CFFI itself, and no drop-in"):
        install.remove(str(tmp_path))
    assert contents(tmp_path) == texts


def test_cffi_comes_back(tmp_path):
    texts = a_cffi(tmp_path)
    install.install(str(tmp_path), force=True)
    install.install(str(tmp_path), force=False)  # the one that it replaces is our own
    assert not list(tmp_path.glob("_cffi_backend*.so"))
    assert "cffi_core" in (tmp_path / "cffi" / "__init__.py").read_text()
    assert "CFFI is back" in install.remove(str(tmp_path))
    assert contents(tmp_path) == texts


def test_a_failure_on_the_way_changes_nothing(tmp_path):
    texts = a_cffi(tmp_path)
    (tmp_path / "bin").write_text("in the way")
    with pytest.raises(install.Refused, match="nothing was changed: .*bin"):
        install.install(str(tmp_path), force=True)
    assert contents(tmp_path) == texts | {"bin": "in the way"}
    (tmp_path / "file").touch()
    with pytest.raises(install.Refused, match="nothing was changed"):
        install.install(str(tmp_path / "file" / "site"), force=False)


def test_a_folder_that_is_read_only(tmp_path, monkeypatch):
    install.install(str(tmp_path), force=False)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    for change in partial(install.install, force=False), install.remove:
        with pytest.raises(install.Refused, match="cannot be written to: try --user"):
            change(str(tmp_path))
    assert (tmp_path / "cffi" / "api.py").exists()


def test_a_cffi_that_comes_first(tmp_path, monkeypatch):
    first, site = tmp_path / "first", tmp_path / "site"
    monkeypatch.setattr(sys, "path", ["", str(first), str(site)])
    (first / "cffi").mkdir(parents=True)
    (first / "cffi" / "__init__.py").touch()
    with pytest.raises(install.Refused, match="is the one in .*first, which comes before .*site"):
        install.require_first(site)
    install.require_first(first)
    monkeypatch.setattr(sys, "path", [str(first), str(site)])  # where it was called
    install.require_first(site)


def with_ours(user: Path) -> dict[str, str]:
    root = Path(cffi_core.__file__).resolve().parent.parent
    return os.environ | {"PYTHONPATH": str(root), "PYTHONUSERBASE": str(user)}


def of_another(python: str | Path, call: str, folder: Path) -> str:
    """What the installer says, run by another Python."""
    program = f"from cffi_core.dropin import install; print(install.{call})"
    words = [python, "-c", program]
    done = subprocess.run(words, env=with_ours(folder), cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_the_folder_of_the_user(tmp_path):
    """A virtual environment has none; its Python has."""
    if sys.prefix != sys.base_prefix:
        said = of_another(sys.executable, "remove(None, True)", tmp_path)
        assert "has no folder of the user's" in said
    version = "{}.{}".format(*sys.version_info)
    base = Path(sys.base_prefix, "bin", f"python{version}{sys.abiflags}")
    if not base.exists():
        pytest.skip(f"no {base}")
    said = of_another(base, "install(None, False, True)", tmp_path)
    assert f"is cffi_core in {tmp_path}" in said
    assert list(tmp_path.rglob("cffi/api.py")) and (tmp_path / "bin" / "cffi-gen-src").exists()
    assert "removed" in of_another(base, "remove(None, True)", tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_environment_without_pip(tmp_path):
    environment = Environment(tmp_path)
    said = of_another(environment.python, "install(None, False)", tmp_path)
    assert f"is cffi_core in {environment.site}" in said
    script = [environment.python.parent / "cffi-gen-src", "--help"]
    done = subprocess.run(script, env=with_ours(tmp_path), capture_output=True, text=True)
    assert done.stdout.startswith("usage: cffi-gen-src")
    assert "removed" in of_another(environment.python, "remove(None)", tmp_path)
    assert not (environment.site / "cffi").exists() and not script[0].exists()


def test_another_cffi_core_underneath(tmp_path):
    install.install(str(tmp_path), force=False)
    api = tmp_path / "cffi" / "api.py"
    api.write_text(
        api.read_text().replace("import cffi_core\n", "from cffi_core import was_there\n")
    )
    said = python(tmp_path, "import cffi", fails=True)
    assert "was made by another cffi_core: `python -m cffi_core dropin` makes it again" in said
    install.install(str(tmp_path), force=False)
    python(tmp_path, "import cffi")


def test_the_wheel_is_always_the_same(tmp_path):
    first, second = (Path(wheel.write(str(tmp_path / name))) for name in "ab")
    assert first.name == "cffi-2.1.1+cffi.core-py3-none-any.whl"
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        text = archive.read(f"{files.dist_info(files.LOCAL_VERSION)}/METADATA").decode()
    assert "Requires-Dist: cffi_core\n" in text


def test_the_shim_is_thin():
    folder = ROOT / "cffi_core" / "dropin" / "site"
    lines = sum(len(path.read_text().splitlines()) for path in folder.rglob("*.py"))
    assert lines <= 700


# ---- the package cffi ------------------------------------------------------------


def test_names_are_cffis(site):
    program = """
import cffi, _cffi_backend
ffi = cffi.FFI()
print(cffi.__version__, repr(ffi)[:20], repr(_cffi_backend.FFI())[:25], type(ffi.new("int *")))
for name in "FFIError CDefError VerificationError VerificationMissing PkgConfigError".split():
    print(getattr(cffi, name), end=" ")
print(type(ffi.NULL), isinstance(ffi.NULL, _cffi_backend.CData), ffi.buffer)
try: len(ffi.typeof("int"))
except TypeError as error: print(error)
"""
    assert python(site, program).split("\n") == [
        "2.1.1 <cffi.api.FFI object <_cffi_backend.FFI object <class '_cffi_backend.__CDataOwn'>",
        "<class 'cffi.FFIError'> <class 'cffi.CDefError'> <class 'cffi.VerificationError'> "
        "<class 'cffi.VerificationMissing'> <class 'cffi.PkgConfigError'> "
        "<class '_cffi_backend._CDataBase'> True <class '_cffi_backend.buffer'>",
        "object of type '_cffi_backend.CType' has no len()",
    ]


def test_every_module_is_there(site):
    folder = ROOT / "cffi_core" / "dropin" / "site" / "cffi"
    names = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
    assert {"api", "cparser", "model", "verifier"} < set(names)
    program = f"from cffi import {', '.join(names)}; print('imported')"
    assert python(site, program) == "imported"


def test_what_an_import_brings_in(site):
    """Its own files and the core: what people import first is there as soon as they are."""
    program = """
import sys
before = set(sys.modules)
from cffi import FFI
FFI().cdef("int abs(int);")
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""
    found = set(python(site, program).split())
    assert found <= {"cffi", "_cffi_core", "cffi_core", "_cffi_backend", "atexit", "encodings"}


def test_engines(site):
    """CFFI's second engine is the one there is; any other is asked for types and libraries."""
    program = """
import cffi
from cffi.backend_ctypes import CTypesBackend
ffi = cffi.FFI(backend=CTypesBackend())
ffi.cdef("size_t strlen(const char *);")
print(ffi.dlopen(None).strlen(b"four"), ffi.new("int[2]", [1, 2])[1], ffi._backend.CLibrary)

class Loaded:
    load_function = read_variable = lambda self, *args: args
    def write_variable(self, *args): print(*args)

class Texts:
    buffer = bytes
    _get_types = lambda self: (str, str)
    load_library = lambda self, name, flags: Loaded()
    newp = lambda self, type, value=None: (type, value)
    def __getattr__(self, name):
        if not name.startswith("new_"): raise AttributeError(name)
        return lambda *args: f"{name[4:-5]}({', '.join(map(str, args))})"
    def complete_struct_or_union(self, record, fields, type, size, align): print(record, fields)

ffi = cffi.FFI(backend=Texts())
ffi.cdef("struct s { struct s *p; int a[3]; }; enum e { A = 7 }; int f(struct s *, ...);"
         "extern void *v;")
lib = ffi.dlopen(None)
print(*lib.f)
lib.v = 5
print(lib.A, lib.v[0], ffi.new("long", 3), ffi.typeof("struct s"))
for make in (lambda: lib.none), (lambda: cffi.FFI(backend=5)):
    try: make()
    except AttributeError as error: print(error)
"""
    assert python(site, program).split("\n") == [
        "4 2 <class '_cffi_backend.CLibrary'>",
        "struct(struct s) [('p', 'pointer(struct(struct s))', -1), "
        "('a', 'array(pointer(primitive(int)), 3)', -1)]",
        "function(('pointer(struct(struct s))',), primitive(int), True) f",
        "pointer(void()) v 5",
        "7 pointer(void()) ('primitive(long)', 3) struct(struct s)",
        "none",
        "'int' object has no attribute '_get_types'",
    ]


BUILD = """
import cffi
ffibuilder = cffi.FFI()
ffibuilder.cdef("size_t length(const char *); int python(void);")
ffibuilder.set_source("%s", '''
static size_t length(const char *s) { return strlen(s); } /* not PyObject */
static int python(void) { %s }
''')
if __name__ == "__main__":
    print(ffibuilder.compile())
"""


def test_sources_lean_on_the_headers_of_python_h(site, tmp_path):
    path = python(site, BUILD % ("_plain", "return 0;"), cwd=tmp_path)
    assert Path(path).name == "_plain.so"
    program = "from _plain import ffi, lib; print(lib.length(b'four'), type(ffi))"
    assert python(site, program, cwd=tmp_path) == "4 <class '_cffi_backend.FFI'>"
    assert "Python.h" not in (tmp_path / "_plain.c").read_text()


def test_python_h_where_something_of_it_is_named(site, tmp_path):
    name = BUILD % ("_python", "return Py_IsInitialized() != 0;")
    python(site, name, cwd=tmp_path)
    assert (tmp_path / "_python.c").read_text().count("#include <Python.h>") == 1
    assert python(site, "from _python import lib; print(lib.python())", cwd=tmp_path) == "1"
    # For this Python alone; and what was so before does not hide what is for every Python now.
    assert (tmp_path / f"_python{sysconfig.get_config_var('EXT_SUFFIX')}").exists()
    python(site, BUILD % ("_python", "return 2;"), cwd=tmp_path)
    assert [path.name for path in tmp_path.glob("_python*.so")] == ["_python.so"]
    assert python(site, "from _python import lib; print(lib.python())", cwd=tmp_path) == "2"


def test_what_the_compiler_disagrees_with_is_an_error_when_it_is_used(site, tmp_path):
    """So CFFI has it. In C enumerators have C's values, and structs of another size are refused."""
    program = """
import cffi
builder = cffi.FFI()
builder.cdef('''
    struct s { int a; }; enum e { ONE, TWO };
    #define FIVE 5
    enum open; typedef enum open open_t; struct holder { open_t held; };
    extern int narrow; open_t opened(uintptr_t);
    int good(struct s *);''')
builder.set_source("_other", '''
    struct s { int a, b; }; enum e { ONE = 1, TWO };
    #define FIVE 6
    typedef enum open { MINUS = -1 } open_t; struct holder { open_t held; };
    static long narrow = 8;
    static open_t opened(void *p) { return p ? MINUS : 0; }
    static int good(struct s *s) { return 7; }''')
builder.compile()
from _other import ffi, lib
print(lib.good(ffi.NULL), lib.ONE, lib.TWO, ffi.typeof("enum e").elements)
print(lib.narrow, lib.opened(1), ffi.new("struct holder *", [lib.opened(1)]).held)
for use in (lambda: lib.FIVE), (lambda: ffi.sizeof("struct s")):
    try: use()
    except ffi.error as error: print(error)
try: builder.verify("struct s { int a, b; }; enum e { ONE, TWO };")
except cffi.VerificationError as error: print("at once")
"""
    said = python(site, program, cwd=tmp_path)
    assert "warning: the C compiler disagrees with 2 declarations of module '_other'" in said
    assert "'long int *' [-Wincompatible-pointer-types]" in said
    assert "7 1 2 {1: 'ONE', 2: 'TWO'}\n8 -1 -1\n" in said
    assert "the C compiler says 'FIVE' is equal to 6 (0x6)" in said
    assert "struct s: wrong total size (cdef says 4, but C compiler says 8). fix it or use" in said
    assert said.endswith("at once")


def test_verify(site, tmp_path):
    program = """
import cffi
ffi = cffi.FFI()
ffi.cdef("size_t length(const char *); enum result { OK, BAD = 3 };")
lib = ffi.verify('''
    static size_t length(const char *s) { return strlen(s); }
    typedef enum { OK, BAD = 3 } result;  /* CFFI names no enum here that is not used (lzmaffi) */
''')
from cffi.verifier import _get_so_suffixes
named = ffi.verifier.modulefilename.endswith(_get_so_suffixes()[0])
print(lib.length(b"four"), lib.BAD, ffi.sizeof("enum result"), named)
"""
    assert python(site, program) == "4 3 4 True"


def test_verify_finds_what_is_installed(site, tmp_path):
    """jpegtran-cffi: a setup.py has installed what get_extension() gave, without an ext_package."""
    program = """
import cffi, os, sys
from cffi.verifier import Verifier
ffi, other = cffi.FFI(), cffi.FFI()
for f in ffi, other: f.cdef("int five(void);")
source = "static int five(void) { return 5; }"
Verifier(ffi, source, tmpdir="made").compile_module()
sys.path.append("made")
os.environ["CC"] = "none"
print(other.verify(source).five())
"""
    assert python(site, program, cwd=tmp_path) == "5"


def test_gen_src(site, tmp_path):
    (tmp_path / "build_it.py").write_text(BUILD % ("_plain", "return 0;"))
    (tmp_path / "cdef").write_text("int f(void);")
    (tmp_path / "source").write_text("static int f(void) { return 0; }")
    program = "import runpy; runpy.run_module('cffi.gen_src', run_name='__main__')"
    python(site, program, "exec-python", "build_it.py", "one.c", cwd=tmp_path)
    assert "PyInit__plain" in (tmp_path / "one.c").read_text()
    python(site, program, "read-sources", "two", "cdef", "source", "two.c", cwd=tmp_path)
    assert "PyInit_two" in (tmp_path / "two.c").read_text()
    said = python(site, program, "read-sources", "x", "cdef", "cdef", "-", fails=True, cwd=tmp_path)
    assert "are the same file" in said


def test_recompiler(site, tmp_path):
    program = """
import cffi, io
from cffi import recompiler
ffi = cffi.FFI()
ffi.cdef("int f(int);")
text = io.StringIO()
print(recompiler.make_c_source(ffi, "a", "static int f(int x) { return x; }", text),
      "PyInit_a" in text.getvalue(), "#define _GNU_SOURCE" in text.getvalue())
print(recompiler.make_py_source(ffi, "b", "b.py"), recompiler.make_py_source(ffi, "b", "b.py"))
from b import ffi
print(ffi.typeof("int").cname)
"""
    assert python(site, program, cwd=tmp_path).split("\n") == [
        "True True True",
        "True False",
        "int",
    ]


def test_steps_that_build_tools_take_themselves(site, tmp_path):
    """As cffi-buildtool and plugins of Meson do it."""
    program = """
import cffi, io
from cffi.recompiler import NativeIO, Recompiler
from cffi.setuptools_ext import execfile
ffi = cffi.FFI()
ffi.cdef("int f(int);")
ffi.set_source("package._m", "static int f(int x) { return x; }", libraries=["m"])
module_name, source, source_extension, kwds = ffi._assigned_source
print(module_name, source_extension, kwds, ffi._cdefsources, ffi._windows_unicode)
for is_python in False, True:
    recompiler = Recompiler(ffi, module_name, is_python)
    recompiler.collect_type_table()
    recompiler.collect_step_tables()
    text = NativeIO()
    recompiler.write_source_to_f(text, source)
    print("PyInit__m" in text.getvalue(), "ffi" in text.getvalue())
ffi.set_unicode(True)
kwds = {"define_macros": [("A", None)]}
ffi._apply_windows_unicode(kwds)
print(kwds, ffi._typeof("int(int)", consider_function_as_funcptr=True), ffi._typeof("int *"))
with open("script.py", "w") as script:
    script.write("found = given + 1")
names = {"given": 1}
execfile("script.py", names)
print(names["found"])
"""
    assert python(site, program, cwd=tmp_path).split("\n") == [
        "package._m .c {'libraries': ['m']} ['int f(int);'] None",
        "True True",
        "False True",
        "{'define_macros': [('A', None), ('UNICODE', '1'), ('_UNICODE', '1')]} "
        "<ctype 'int(*)(int)'> <ctype 'int *'>",
        "2",
    ]


# ---- the module _cffi_backend ----------------------------------------------------


def test_what_cffi_compiled_is_refused(site):
    program = """
import _cffi_backend, cffi
ffi = cffi.FFI()
name = ffi.new("char[]", b"package._module")
data = ffi.new("void *[]", [name, ffi.cast("void *", 0x2601), ffi.NULL, ffi.NULL])
for refused in (
    lambda: _cffi_backend._init_cffi_1_0_external_module(int(ffi.cast("intptr_t", data))),
    lambda: _cffi_backend.FFI("package._module", _version=0x2601, _types=b""),
):
    try: refused()
    except ImportError as error: print(error)
"""
    said = python(site, program)
    assert said.count("package._module") == said.count("was compiled by CFFI") == 2
    assert said.count("build the module again") == 2


def test_what_cffi_left_behind_is_refused_or_replaced(site, tmp_path):
    """Files as CFFI names them: a module of verify()'s, and one that is built again."""
    ending = sysconfig.get_config_var("EXT_SUFFIX")
    for name in "_old", "_plain":
        (tmp_path / (name + ending)).write_bytes(b"\x7fELF ... _cffi_backend ...")
    (tmp_path / "__init__.py").touch()
    program = f"""
import cffi, sys
sys.path.insert(0, {str(tmp_path.parent)!r})
ffi = cffi.FFI()
for use in (
    lambda: ffi.verify("", modulename="_old", ext_package={tmp_path.name!r}),
    lambda: __import__("_cffi_backend")._C_API,
):
    try: use()
    except (cffi.VerificationError, ImportError) as error: print(error)
"""
    first, second = python(site, program, cwd=tmp_path).split("\n")
    assert first.endswith("was compiled by CFFI, and only CFFI loads it: build it again")
    assert "build the module again here" in second
    python(site, BUILD % ("_plain", "return 0;"), cwd=tmp_path)
    assert [path.name for path in tmp_path.glob("_plain*.so")] == ["_plain.so"]


def test_what_only_a_compiler_knows(site):
    """A module without C source cannot have it, and says so when it is made, as CFFI does."""
    program = """
import cffi, io
texts = ("#define A ...", "enum e { B, ... };", "extern 'Python' int g(int);".replace("'", '"'))
for text in (*texts, "struct s { int a; ...; }; static const int C; typedef int... n; enum { D };"):
    ffi = cffi.FFI()
    ffi.cdef(text)
    ffi.set_source("_made", None)
    try:
        ffi.emit_python_code(io.StringIO())
        print("made")
    except cffi.VerificationError as error:
        print("error:", error)
    except cffi.VerificationMissing as error:
        print("missing:", error)
"""
    assert python(site, program).split("\n") == [
        "error: macro A: cannot use the syntax '...' in '#define A ...' when using the ABI mode",
        "missing: enum e: B has no value here",
        "error: extern_python g: cannot use 'extern \"Python\"' in the ABI mode",
        "made",
    ]


def test_the_functional_interface(site):
    program = """
from _cffi_backend import *
Int, Char = new_primitive_type("int"), new_primitive_type("char")
IntP = new_pointer_type(Int)
Foo = new_struct_type("struct foo")
FooP = new_pointer_type(Foo)
print(Foo.fields)
complete_struct_or_union(Foo, [("a", Char, -1), ("next", FooP, -1), ("b", Int, 3), ("c", Int, 5)])
print(Foo, sizeof(Foo), alignof(Foo), [(n, f.offset, f.bitsize) for n, f in Foo.fields])
Twin = new_struct_type("struct foo")
print(Twin is Foo, Twin, new_array_type(IntP, 3), new_array_type(IntP, None), new_void_type())
p = newp(FooP, {"a": b"x", "b": 2})
p.next = p
print(p.next.next.a, p.b, typeof(p), typeoffsetof(FooP, "next")[1], getcname(FooP, "q"))
Function = new_function_type((FooP, Int), Int, False)
print(Function, callback(Function, lambda q, i: q.b + i)(p, 40))
Enum = new_enum_type("enum e", ("A", "B"), (1, -2), Int)
print(Enum, Enum.elements, int(cast(Enum, -2)), string(cast(Enum, 1)))
Other = new_enum_type("enum e", ("A",), (7,), Int)
print(Other.elements, string(newp(new_array_type(new_pointer_type(Char), None), b"text")))
libc = load_library()
print(libc, libc.load_function(new_function_type((Int,), Int, False), "abs")(-3))
set_errno(5)
print(get_errno(), from_handle(newp_handle(new_pointer_type(new_void_type()), 42)))
print(rawaddressof(IntP, p, 0) == cast(IntP, p), FFI_DEFAULT_ABI, RTLD_NOW, buffer(p)[0])
"""
    assert python(site, program).split("\n") == [
        "None",
        "<ctype 'struct foo'> 24 8 [('a', 0, -1), ('next', 8, -1), ('b', 16, 3), ('c', 16, 5)]",
        "False <ctype 'struct foo'> <ctype 'int[3]'> <ctype 'int[]'> <ctype 'void'>",
        "b'x' 2 <ctype 'struct foo *'> 8 struct foo *q",
        "<ctype 'int(*)(struct foo *, int)'> 42",
        "<ctype 'enum e'> {1: 'A', -2: 'B'} -2 A",
        "{7: 'A'} b'text'",
        "<clibrary 'None'> 3",
        "5 42",
        f"True {FFI().typeof('int(*)(int)').abi} 2 b'x'",
    ]


def test_errors_of_the_functional_interface(site):
    program = """
from _cffi_backend import *
Int, Long, Float = map(new_primitive_type, ("int", "long", "float"))
Items = new_array_type(new_pointer_type(Int), None)
for value in (-1 << 63, (1 << 63) - 1):
    print(new_enum_type("e", ("A",), (value,), Long).elements == {value: "A"})
for base, value in ((Int, 1 << 31), (Int, -1 - (1 << 31)), (Long, 1 << 63)):
    try:
        new_enum_type("e", ("A",), (value,), base)
    except OverflowError as error:
        print(error)
complete_struct_or_union(new_struct_type("bar"), [("x", Int, 3), ("", Int, 0), ("y", Int, 3)])
for fields in ([("x", Items), ("y", Int)], [("x", Float, 3)], [("x", Int, 33)], [("x", Int, 0)]):
    try:
        complete_struct_or_union(new_struct_type("foo"), fields)
    except TypeError as error:
        print(error)
print(type(callback(new_function_type((), Int), int)))
"""
    assert python(site, program).split("\n") == [
        *("True", "True"),
        "integer 2147483648 does not fit 'int'",
        "integer -2147483649 does not fit 'int'",
        "integer 9223372036854775808 does not fit 'long'",
        "field 'foo.x' has ctype 'int[]' of unknown size",
        "field 'foo.x' declared as 'float' cannot be a bit field",
        "bit field 'foo.x' is declared 'int:33', which exceeds the width of the type",
        "field 'foo.x' is declared with :0",
        "<class '_cffi_backend.__CDataOwnFunc'>",
    ]


def test_records_with_a_given_layout(site):
    program = """
import cffi
from _cffi_backend import *
Int = new_primitive_type("int")
S = new_struct_type("unaligned")
complete_struct_or_union(S, [("b", Int, -1, 1)], None, 9, 1)
print(S, sizeof(S), alignof(S), bytes(buffer(newp(new_pointer_type(S), [5]))))
A, B = new_struct_type("a"), new_struct_type("b")
complete_struct_or_union(A, [("p", new_pointer_type(B))])
complete_struct_or_union(B, [("p", new_pointer_type(A)), ("a", A)])
print(A.fields[0][1].type.item is B, B.fields[1][1].type is A)
ffi = cffi.FFI()
ffi.cdef("struct other { int x; }; typedef struct { short z; } unnamed; enum few { ONE = 1 };")
types = [ffi.typeof(name) for name in ("struct other", "unnamed", "enum few")]
C = new_struct_type("c")
complete_struct_or_union(C, [(f"f{i}", ctype) for i, ctype in enumerate(types)])
print([field.type is ctype for (_, field), ctype in zip(C.fields, types)], sizeof(C))
"""
    assert python(site, program).split("\n") == [
        "<ctype 'unaligned'> 9 1 b'\\x00\\x05\\x00\\x00\\x00\\x00\\x00\\x00\\x00'",
        "True True",
        "[True, True, True] 12",
    ]


# ---- what pip does afterwards ----------------------------------------------------


def a_wheel(folder: Path, name: str, version: str, requires: str = "") -> None:
    info = f"{name}-{version}.dist-info"
    texts = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": files.WHEEL,
    }
    texts[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*texts, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in texts.items():
            archive.writestr(path, text)


class Environment:
    """A virtual environment without the drop-in's core, which pip alone works on."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "venv" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        (self.site,) = (folder / "venv" / "lib").glob("python*/site-packages")
        self.links = folder / "links"
        self.links.mkdir()

    def pip(self, *words: object, fails: bool = False) -> str:
        command = [sys.executable, "-m", "pip", "--python", self.python, *words]
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
        done = subprocess.run(
            list(map(str, command)),
            env=variables | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def install(self, *words: object, fails: bool = False) -> str:
        return self.pip("install", "--find-links", self.links, *words, fails=fails)


@pytest.fixture
def environment(tmp_path) -> Environment:
    made = Environment(tmp_path)
    install.install(str(made.site), force=False)
    return made


@FULL
def test_pip_uninstalls_it(environment):
    assert "2.1.1" in environment.pip("show", "cffi")
    environment.pip("uninstall", "-y", "cffi")
    left = {path.name for path in environment.site.glob("*")} - {"bin", "__pycache__"}
    assert not left
    # With it goes the CFFI that it has replaced; what is installed then is CFFI itself.
    a_cffi(environment.site)
    install.install(str(environment.site), force=True)
    environment.pip("uninstall", "-y", "cffi")
    assert not (environment.site / "cffi").exists()
    a_wheel(environment.links, "cffi", "2.1.1")
    environment.install("cffi")
    with pytest.raises(install.Refused, match="CFFI is installed"):
        install.install(str(environment.site), force=False)


@FULL
def test_pip_takes_it_for_cffi(environment):
    a_wheel(environment.links, "cffi", "2.1.1")
    a_wheel(environment.links, "project", "1.0", "Requires-Dist: cffi>=1.14\n")
    assert "already satisfied" in environment.install("cffi")
    assert "already satisfied" in environment.install("-U", "cffi")
    environment.install("project")
    assert (environment.site / "cffi" / "api.py").exists()
    assert "No broken requirements" in environment.pip("check")


@FULL
def test_a_newer_cffi_replaces_it(environment):
    a_wheel(environment.links, "project", "1.0", "Requires-Dist: cffi>=2.2\n")
    assert "cffi>=2.2" in environment.install("project", fails=True)
    assert (environment.site / "cffi" / "api.py").exists()
    a_wheel(environment.links, "cffi", "2.2")
    environment.install("project")
    assert not (environment.site / "cffi" / "api.py").exists()
    assert "2.2" in (environment.site / "cffi.py").read_text()


SETUP = """
from setuptools import setup
setup(
    name="project",
    version="1.0",
    cffi_modules=["build_it.py:ffibuilder"],
    install_requires=["cffi>=1.14"],
)
"""

PYPROJECT = """
[build-system]
requires = ["setuptools", "cffi>=1.14"]
build-backend = "setuptools.build_meta"
"""


@FULL
def test_an_isolated_build_uses_the_wheel(tmp_path):
    """`pip install SDIST` as it is; setuptools comes from wherever pip is told to look."""
    from projects.wheel import wheel as ours

    environment = Environment(tmp_path)
    wheel.write(str(environment.links))
    constraint = tmp_path / "constraint"
    constraint.write_text(f"cffi=={files.LOCAL_VERSION}\n")
    sdist = tmp_path / "project-1.0.tar.gz"
    build = BUILD % ("_plain", "return 0;")
    texts = {"setup.py": SETUP, "pyproject.toml": PYPROJECT, "build_it.py": build}
    with tarfile.open(sdist, "w:gz") as archive:
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
            archive.add(tmp_path / name, f"project-1.0/{name}")
    command = [sys.executable, "-m", "pip", "--python", environment.python]
    command += ["install", "--no-cache-dir", sdist]
    links = f"{environment.links} {ours().parent} {os.environ.get('PIP_FIND_LINKS', '')}"
    variables = {"PIP_FIND_LINKS": links, "PIP_PRE": "1"}
    variables |= dict.fromkeys(["PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"], str(constraint))
    subprocess.run(list(map(str, command)), env=os.environ | variables, cwd=tmp_path, check=True)
    program = "from _plain import ffi, lib; print(lib.length(b'four'), ffi)"
    done = subprocess.run(
        [environment.python, "-I", "-c", program],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("4 <_cffi_backend.FFI object")
    assert files.LOCAL_VERSION in environment.pip("show", "cffi")
    environment.pip("check")
