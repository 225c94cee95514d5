"""verify(): compiled, checked, loaded; the second time from the cache or from its folder."""

import io
import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from build_sources import CDEF, SOURCE
from fake_compilers import needs_cplusplus, program

import cffi_core
from cffi_core import FFI, CDefError, VerificationError
from cffi_core.builder import programs, verifier
from cffi_core.builder.verifier import Verifier

pytestmark = pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """A plain environment and an empty cache."""
    for name in ("CC", "CXX", "CFFI_TMPDIR", *programs.ENVIRONMENT):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("CFFI_CORE_CACHE", str(folder))
    return folder


def verified(cdef: str = CDEF, source: str = SOURCE, **kwds):
    ffi = FFI()
    ffi.cdef(cdef)
    return ffi, ffi.verify(source, **kwds)


# ---- what it gives -------------------------------------------------------------


def test_the_library_and_what_is_known_then():
    ffi, lib = verified()
    assert lib.add(2, 3) == 5
    assert lib.LIMIT == 1000000
    assert ffi.sizeof("struct point") == 16
    assert ffi.offsetof("struct point", "x") == 8
    assert ffi.new("struct point *", {"x": 3}).x == 3


def test_types_that_were_there_before_are_completed():
    ffi = FFI()
    ffi.cdef(CDEF)
    pointer = ffi.typeof("struct point *")
    ffi.verify(SOURCE)
    assert ffi.sizeof(pointer.item) == 16
    assert ffi.typeof("struct point *") is pointer


def test_twice_with_a_cdef_in_between():
    ffi, one = verified()
    ffi.cdef("int sub(int, int);\nstruct more { struct point p; ...; };")
    more = (
        "static int sub(int a, int b) { return a - b; }\nstruct more { struct point p; long l; };"
    )
    two = ffi.verify(SOURCE + more)
    assert one.add(2, 3) == two.add(2, 3) == 5
    assert two.sub(2, 3) == -1
    assert ffi.sizeof("struct more") == 24
    assert not hasattr(one, "sub")


def test_twice_with_another_layout():
    """A complete type never changes: not even into what the compiler says now."""
    ffi = FFI()
    ffi.cdef("struct s { int a; ...; }; typedef struct { int b; ...; } t; typedef int... i;")
    types = "typedef struct { int b; } t; typedef short i;"
    one = ffi.verify("struct s { long l; int a; };" + types)
    with pytest.raises(VerificationError, match=r"an earlier verify\(\).*: struct s\. A type"):
        ffi.verify("struct s { int a; };" + types)
    with pytest.raises(VerificationError, match=r": i, t\. "):
        ffi.verify("struct s { long l; int a; }; typedef struct { int c, b; } t; typedef long i;")
    assert ffi.sizeof("struct s") == 16 and ffi.sizeof("t") == 4 and ffi.sizeof("i") == 2
    ffi.cdef("struct more { struct s s; ...; };")
    ffi.verify("struct s { long l; int a; }; struct more { struct s s; int c; };" + types)
    assert ffi.sizeof("struct more") == 24 and one is not None


def test_a_standard_library():
    _, lib = verified("double sqrt(double);", "#include <math.h>", libraries=["m"])
    assert lib.sqrt(2.25) == 1.5


def test_included_ffis():
    base, _ = verified("struct base { int a; ...; };", "struct base { long l; int a; };")
    user = FFI()
    user.include(base)
    user.cdef("struct user { struct base b; ...; }; int get(struct base *);")
    lib = user.verify(
        "struct base { long l; int a; };\nstruct user { struct base b; char c; };\n"
        "static int get(struct base *b) { return b->a; }"
    )
    assert user.typeof("struct base") is base.typeof("struct base")
    assert user.sizeof("struct user") == 24
    assert lib.get(base.new("struct base *", {"a": 7})) == 7


def test_no_arguments_at_all():
    ffi = FFI()
    ffi.verify()
    assert isinstance(ffi.verifier, Verifier)


@needs_cplusplus
def test_cplusplus():
    source = "namespace n { static int f() { return 5; } }\nint five(void) { return n::f(); }"
    _, lib = verified("int five(void);", source, source_extension=".cpp")
    assert lib.five() == 5


@needs_cplusplus
def test_overloaded_functions_are_called_as_they_were_declared():
    source = """
        static double half(double x) { return x / 2; }
        static double half(double x, int y) { return x / 2 + y; }
        static int kind(int x) { return x; }
        static int kind(const char *x) { return x[0]; }
    """
    cdef = "float half(float); int kind(short);"
    ffi, lib = verified(cdef, source, source_extension=".cpp")
    assert (lib.half(3), lib.kind(7)) == (1.5, 7)
    assert ffi.addressof(lib, "kind")(8) == 8
    with pytest.raises(VerificationError, match="half: call"):
        verified("float half(char *);", source, source_extension=".cpp")


def test_the_python_headers_are_found_where_the_source_wants_them():
    import sysconfig

    if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
        pytest.skip("no Python.h here")
    _, lib = verified("#define PY_MAJOR_VERSION ...", "#include <Python.h>\n")
    assert lib.PY_MAJOR_VERSION == 3


# ---- the cache ----------------------------------------------------------------------


def test_the_second_time_nothing_is_compiled(counting):
    for _ in range(3):
        assert verified()[1].add(2, 3) == 5
    assert counting() == 1


DIFFERENT = {
    "declarations": {"cdef": CDEF + "struct point;"},
    "source": {"source": SOURCE + "/* */"},
    "options": {"define_macros": [("A", None)]},
    "tag": {"tag": "t"},
    "extension": {"source_extension": ".cc"},
    "strict": {"strict": True},
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_makes_a_difference(counting, what):
    if what == "extension" and not shutil.which("c++"):
        pytest.skip("no C++ compiler")
    verified()
    verified(**DIFFERENT[what])
    verified(**DIFFERENT[what])
    assert counting() == (1 if what == "extension" else 2)  # CXX is another compiler


def test_cdef_options_make_a_difference(counting):
    for packed in False, True:
        ffi = FFI()
        ffi.cdef("struct s { char c; int i; };", packed=packed)
        attribute = "__attribute__((packed))" if packed else ""
        ffi.verify(f"struct {attribute} s {{ char c; int i; }};")
    assert counting() == 2


def test_included_declarations_make_a_difference(counting):
    for size in 1, 2:
        base, user = FFI(), FFI()
        base.cdef(f"struct base {{ char a[{size}]; }};")
        user.include(base)
        user.cdef("struct user { struct base b; };")
        text = f"struct base {{ char a[{size}]; }}; struct user {{ struct base b; }};"
        user.verify(text)
        assert user.sizeof("struct user") == size
    assert counting() == 2


def test_a_header_that_changes(tmp_path, counting):
    (tmp_path / "v.h").write_text("#define V 1\n")
    kwds = {"cdef": "#define V ...", "source": "#include <v.h>\n", "include_dirs": [str(tmp_path)]}
    assert verified(**kwds)[1].V == 1
    (tmp_path / "v.h").write_text("#define V 22\n")
    assert verified(**kwds)[1].V == 22
    compiled = counting()
    assert verified(**kwds)[1].V == 22
    assert counting() == compiled


def test_a_header_that_changes_and_a_module_that_keeps_its_name(tmp_path):
    """dlopen() gives what it has for a name; each of these is another file by the same name."""
    kwds = {"cdef": "#define V ...", "source": "#include <v.h>\n", "include_dirs": [str(tmp_path)]}
    for value in 1, 22, 333, 333, 1:
        (tmp_path / "v.h").write_text(f"#define V {value}\n")
        assert verified(**kwds, tmpdir=str(tmp_path / "made"))[1].V == value
    assert not [n for n in os.listdir(tmp_path / "made") if n.endswith("tmp")]
    assert {n.rpartition(".")[2] for n in os.listdir(tmp_path / "made")} == {"c", "so", "d"}


def test_an_upgraded_compiler(counting):
    verified()
    os.utime(os.environ["CC"], ns=(1, 1))
    verified()
    assert counting() == 2


def test_the_environment_of_the_compiler(tmp_path, counting, monkeypatch):
    (tmp_path / "v.h").write_text("#define V 1\n")
    monkeypatch.setenv("CPATH", str(tmp_path))
    assert verified("#define V ...", "#include <v.h>\n")[1].V == 1
    other = tmp_path / "other"
    other.mkdir()
    (other / "v.h").write_text("#define V 22\n")
    monkeypatch.setenv("CPATH", str(other))
    assert verified("#define V ...", "#include <v.h>\n")[1].V == 22


# To be run without the site module, which imports this and that before us.
PACKAGE = list(cffi_core.__path__)
WARM = f"""
import sys
before = set(sys.modules)
sys.path[:0] = {[os.path.dirname(PACKAGE[0]), *sys.path]!r}
import cffi_core
cffi_core.__path__[:] = {[*PACKAGE, os.path.dirname(PACKAGE[0])]!r}
from cffi_core import FFI
ffi = FFI()
ffi.cdef({CDEF!r})
lib = ffi.verify({SOURCE!r})
assert lib.add(2, 3) == 5
print(*sorted(set(sys.modules) - before))
"""


def test_verify_imports_little(monkeypatch):
    """Cold, what takes a good part of a compiler's time; warm, nothing that compiles."""

    def run() -> set[str]:
        return set(
            subprocess.run(
                [sys.executable, "-S", "-c", WARM], capture_output=True, text=True, check=True
            ).stdout.split()
        )

    heavy = {"argparse", "ast", "ctypes", "hashlib", "inspect", "json", "pathlib", "re", "shlex"}
    heavy |= {"subprocess", "sysconfig", "tempfile", "typing", "shutil", "importlib.metadata"}
    compiling = {"cffi_core.verifier", "cffi_core.model", "cffi_core.builder.unit"}
    cold = run()
    assert compiling < cold
    assert not cold & heavy
    monkeypatch.setenv("PATH", os.environ["PATH"])  # the compiler is still looked at
    assert not run() & (heavy | compiling | {"collections", "functools", "contextlib"})


def test_a_warm_tmpdir_runs_no_compiler_and_imports_none(tmp_path, monkeypatch):
    """Its stamp is JSON; all else is as light as with the cache."""
    monkeypatch.setenv("CFFI_TMPDIR", str(tmp_path))
    command = [sys.executable, "-S", "-c", WARM]
    for cold in True, False:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert ("cffi_core.builder.unit" in done.stdout.split()) is cold


# ---- tmpdir and names ---------------------------------------------------------------------


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_tmpdir(tmp_path, counting, own_cache):
    ffi, lib = verified(tmpdir=str(tmp_path))
    name = ffi.verifier.get_module_name()
    assert lib.add(2, 3) == 5
    assert names(tmp_path) == [f"{name}.c", f"{name}.so", f"{name}.so.d"]
    assert ffi.verifier.tmpdir == str(tmp_path)
    assert ffi.verifier.modulefilename == str(tmp_path / f"{name}.so")
    assert ffi.verifier.sourcefilename == str(tmp_path / f"{name}.c")
    verified(tmpdir=tmp_path)
    assert counting() == 1
    assert not os.listdir(own_cache)


def test_cffi_tmpdir(tmp_path, monkeypatch):
    monkeypatch.setenv("CFFI_TMPDIR", str(tmp_path / "a"))
    ffi, _ = verified()
    assert os.path.dirname(ffi.verifier.modulefilename) == str(tmp_path / "a")
    ffi, _ = verified(tmpdir=str(tmp_path / "b"))
    assert os.path.dirname(ffi.verifier.modulefilename) == str(tmp_path / "b")


def test_set_tmpdir(tmp_path, monkeypatch):
    monkeypatch.setattr(verifier, "_tmpdir", None)
    monkeypatch.setenv("CFFI_TMPDIR", str(tmp_path / "a"))
    verifier.set_tmpdir(str(tmp_path / "b"))
    ffi, _ = verified()
    assert os.path.dirname(ffi.verifier.modulefilename) == str(tmp_path / "b")


def test_cleanup_tmpdir(tmp_path):
    verified(tmpdir=str(tmp_path))
    (tmp_path / "other.c").touch()
    verifier.cleanup_tmpdir(str(tmp_path), keep_so=True)
    assert len(names(tmp_path)) == 2 and names(tmp_path)[0].endswith(".so")
    verifier.cleanup_tmpdir(str(tmp_path))
    assert names(tmp_path) == ["other.c"]
    verifier.cleanup_tmpdir(str(tmp_path / "absent"))


def test_the_name_says_what_it_is_of(tmp_path):
    name = verified(tag="frob")[0].verifier.get_module_name()
    assert name.startswith("_cffi_frob_") and name.isidentifier()
    assert verified(tag="frob")[0].verifier.get_module_name() == name
    assert verified(SOURCE and CDEF + "struct o;", tag="frob")[0].verifier.get_module_name() != name


def test_modulename(tmp_path, counting):
    ffi, lib = verified(tmpdir=tmp_path, modulename="made_fixed")
    assert ffi.verifier.modulefilename == str(tmp_path / "made_fixed.so")
    verified(tmpdir=tmp_path, modulename="made_fixed")
    assert counting() == 1
    verified(CDEF + "struct o;", tmpdir=tmp_path, modulename="made_fixed")
    assert counting() == 2, "another content under the same name"


def test_modulename_of_what_somebody_put_there(tmp_path, counting):
    verified(tmpdir=tmp_path, modulename="made_shipped")
    os.unlink(tmp_path / "made_shipped.so.d")
    os.unlink(tmp_path / "made_shipped.c")
    assert verified(tmpdir=tmp_path, modulename="made_shipped")[1].add(1, 1) == 2
    assert counting() == 1
    assert names(tmp_path) == ["made_shipped.so"]


def test_modulename_alone_is_beside_the_caller(tmp_path):
    script = tmp_path / "caller.py"
    script.write_text(
        f"from cffi_core import FFI\nffi = FFI()\nffi.cdef({CDEF!r})\n"
        f"lib = ffi.verify({SOURCE!r}, modulename='made_beside')\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, script], env=environment, check=True, cwd="/")
    assert (tmp_path / "__pycache__" / "made_beside.so").exists()


def test_ext_package(tmp_path, counting, monkeypatch):
    package = tmp_path / "made_ext"
    package.mkdir()
    (package / "__init__.py").touch()
    ffi, _ = verified(tmpdir=tmp_path / "t")
    shutil.copy(ffi.verifier.modulefilename, package)
    monkeypatch.syspath_prepend(tmp_path)
    ffi, lib = verified(ext_package="made_ext")
    assert ffi.verifier.modulefilename.startswith(str(package))
    assert lib.add(2, 3) == 5 and counting() == 1
    assert verified(ext_package="no_such_package")[1].add(2, 3) == 5
    # As setuptools names what get_extension() gives it.
    made = Path(ffi.verifier.modulefilename)
    renamed = made.rename(made.with_suffix(EXTENSION_SUFFIXES[0]))
    ffi, lib = verified(ext_package="made_ext")
    assert ffi.verifier.modulefilename == str(renamed) and lib.add(2, 3) == 5


def test_relative_to(tmp_path, monkeypatch):
    (tmp_path / "v.h").write_text("#define V 5\n")
    kwds = {"include_dirs": ["."], "relative_to": str(tmp_path / "module.py")}
    assert verified("#define V ...", "#include <v.h>\n", **kwds)[1].V == 5
    monkeypatch.chdir(tmp_path)
    assert verified("#define V ...", "#include <v.h>\n", include_dirs=["."])[1].V == 5


def test_flags_of_dlopen():
    before = sys.getdlopenflags()
    _, lib = verified(flags=os.RTLD_GLOBAL | os.RTLD_NOW)
    assert lib.add(1, 2) == 3
    assert sys.getdlopenflags() == before


# ---- the steps ------------------------------------------------------------------------------


def test_the_steps_of_a_verifier(tmp_path, counting):
    ffi = FFI()
    ffi.cdef(CDEF)
    steps = Verifier(ffi, SOURCE, tmpdir=str(tmp_path), libraries=["m"])
    assert steps.kwds == {"libraries": ["m"]} and steps.ext_package is None
    assert not steps.generates_python_module()
    text = io.StringIO()
    steps.write_source(text)
    steps.write_source()
    with open(steps.sourcefilename, encoding="utf-8") as file:
        assert file.read() == text.getvalue()
    steps.compile_module()
    assert os.path.exists(steps.modulefilename) and counting() == 1
    assert steps.load_library().add(2, 3) == 5
    assert counting() == 1


def test_steps_without_a_tmpdir(own_cache):
    """The module is in the cache, under its name; the C file appears when it is asked for."""
    ffi = FFI()
    ffi.cdef(CDEF)
    steps = Verifier(ffi, SOURCE + "/* kept */", tag="apart")
    place = Path(__file__).parent / "__pycache__" / f"{steps.get_module_name()}.c"
    place.unlink(missing_ok=True)
    assert steps.sourcefilename == str(place) and not place.exists()
    assert steps.tmpdir == str(place.parent)
    assert steps.load_library().add(2, 3) == 5
    assert not place.exists()
    assert "/* kept */" in Path(steps.sourcefilename).read_text(encoding="utf-8")
    place.unlink()
    made = Path(steps.modulefilename)
    assert made.parent == own_cache and "._cffi_apart_" in made.name


def test_files_by_names_of_ones_own(tmp_path, counting):
    def steps() -> Verifier:
        ffi = FFI()
        ffi.cdef(CDEF)
        return Verifier(ffi, SOURCE, tmpdir=tmp_path / "tmpdir")

    one = steps()
    one.sourcefilename = tmp_path / "c" / "own.c"
    one.modulefilename = tmp_path / "so" / "own_name.so"
    assert one.get_module_name() == "own_name"
    one.compile_module()
    assert names(tmp_path / "c") == ["own.c"]
    assert names(tmp_path / "so") == ["own_name.so", "own_name.so.d"]
    assert not (tmp_path / "tmpdir").exists()
    assert one.load_library().add(2, 3) == 5
    (tmp_path / "so" / "own_name.so.d").unlink()
    two = steps()
    two.modulefilename = one.modulefilename
    assert two.load_library().add(2, 3) == 5, "taken as it is"
    assert counting() == 1
    with pytest.raises(ValueError, match="cannot be a module's name"):
        two.modulefilename = "a-b.so"


def test_its_extension(tmp_path):
    pytest.importorskip("setuptools")
    ffi = FFI()
    ffi.cdef(CDEF)
    steps = Verifier(ffi, SOURCE, tmpdir=str(tmp_path), libraries=["m"])
    extension = steps.get_extension()
    assert extension.name == steps.get_module_name()
    assert extension.sources == [steps.sourcefilename]
    assert extension.libraries == ["m"]
    assert os.path.exists(steps.sourcefilename)


# ---- what goes wrong --------------------------------------------------------------------------


def refused(cdef: str, source: str, **kwds) -> str:
    with pytest.raises(VerificationError) as raised:
        verified(cdef, source, **kwds)
    return str(raised.value)


@pytest.mark.parametrize("place", ["cache", "tmpdir"])
def test_errors(tmp_path, place):
    kwds = {"tmpdir": str(tmp_path)} if place == "tmpdir" else {}
    text = refused("int add(int);", "int add(int a, int b);", **kwds)
    assert "<cdef>:1:" in text and "too few arguments" in text
    text = refused("struct s { int a; };", "struct s { int a; long b; };", **kwds)
    assert "struct s" in text and "16" in text and "4" in text
    assert "no_such.h" in refused("", "#include <no_such.h>\n", **kwds)
    assert not [name for name in names(tmp_path) if not name.endswith(".c")]


def test_a_failure_is_not_kept(counting):
    for _ in range(2):
        refused("int f(int);", "int f(int, int);")
    assert counting() == 2


def test_a_failed_verify_leaves_the_ffi_as_it_was():
    ffi = FFI()
    ffi.cdef("struct s { int a; ...; }; int f(int);")
    with pytest.raises(VerificationError):
        ffi.verify("struct s { long l; int a; }; int f(int, int);")
    assert not hasattr(ffi, "verifier")
    lib = ffi.verify("struct s { int a; }; static int f(int x) { return x; }")
    assert ffi.sizeof("struct s") == 4 and lib.f(3) == 3


def test_what_cannot_be_loaded():
    text = refused("int no_such_function(void);", "int no_such_function(void);")
    assert "importing" in text and "no_such_function" in text
    assert "Name the library that defines it in libraries=[...]." in text


def test_a_missing_and_a_killed_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    assert refused(CDEF, SOURCE).startswith("cannot run the C compiler 'no-such-compiler'")
    monkeypatch.setenv("CC", program(tmp_path / "mycc", "kill -9 $$"))
    assert "killed by signal 9 (SIGKILL)" in refused(CDEF, SOURCE)


@pytest.mark.parametrize(
    ("kwds", "error", "message"),
    [
        ({"source": b""}, TypeError, "'source' must be a str, not b''"),
        ({"modulename": "a", "tag": "b"}, TypeError, "can't specify both 'modulename' and 'tag'"),
        ({"modulename": "a/b"}, ValueError, "must not contain '/'"),
        ({"tag": "a-b"}, ValueError, "becomes a part of the module's name"),
        ({"libraries": "m"}, TypeError, "'libraries' must be a list of strings"),
        ({"lib": ["m"]}, TypeError, "verify() got an unexpected keyword argument 'lib'"),
    ],
)
def test_bad_arguments(kwds, error, message):
    with pytest.raises(error) as raised:
        FFI().verify(**kwds)
    assert message in str(raised.value)


def test_a_cdef_that_is_wrong_is_not_the_business_of_verify():
    ffi = FFI()
    with pytest.raises(CDefError):
        ffi.cdef("int f(;")
    assert ffi.verify() is not None


def test_an_integer_with_its_value_is_a_constant():
    """As in CFFI: it may be a macro in the source, and is compared with it."""
    ffi = FFI()
    ffi.cdef("int WINDOW = 22; unsigned long MANY = 7; long LESS = -3;")
    lib = ffi.verify("#define WINDOW 22\n#define MANY 7u\nenum { LESS = -3 };")
    assert (lib.WINDOW, lib.MANY, lib.LESS) == (22, 7, -3)
    ffi = FFI()
    ffi.cdef("int WINDOW = 22;")
    with pytest.raises(VerificationError, match="WINDOW' is equal to 23"):
        ffi.verify("#define WINDOW 23")


def test_only_what_has_a_name_can_be_imported(tmp_path):
    """In the cache, a module is found by a digest, and loaded by its data symbol alone."""
    ffi = FFI()
    ffi.cdef("int five(void);")
    source = "static int five(void) { return 5; }"
    assert ffi.verify(source).five() == 5
    assert b"PyInit_" not in Path(ffi.verifier.modulefilename).read_bytes()
    assert ffi.verify(source, tmpdir=str(tmp_path)).five() == 5
    assert b"PyInit_" in Path(ffi.verifier.modulefilename).read_bytes()
