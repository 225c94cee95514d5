"""compile(): from set_source() to a module that is imported, and when it is made again."""

import importlib
import io
import os
import shutil
import subprocess
import sys
import warnings

import pytest
from build_sources import CDEF, SOURCE
from fake_compilers import needs_cplusplus, program

import cffi_core
from cffi_core import FFI, VerificationError
from cffi_core.builder import compile_all, programs
from cffi_core.cache.notes import Note

pytestmark = pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("CC", "CXX", *programs.ENVIRONMENT):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Imports a module from tmp_path."""
    monkeypatch.syspath_prepend(tmp_path)

    def load(name: str):
        importlib.invalidate_caches()
        return importlib.import_module(name)

    return load


def ffi_of(name: str, cdef: str = CDEF, source: str = SOURCE, *args, **kwds) -> FFI:
    ffi = FFI()
    ffi.cdef(cdef)
    ffi.set_source(name, source, *args, **kwds)
    return ffi


# ---- the module ---------------------------------------------------------------


def test_a_module(tmp_path, load):
    path = ffi_of("made_plain").compile(tmp_path)
    assert path == str(tmp_path / "made_plain.so")
    made = load("made_plain")
    assert made.lib.add(2, 3) == 5
    assert made.lib.LIMIT == 1000000
    assert made.ffi.offsetof("struct point", "x") == 8
    assert made.ffi.sizeof("struct point") == 16
    names = sorted(p.name for p in tmp_path.iterdir() if p.is_file())
    assert names == ["made_plain.c", "made_plain.so"]


def test_a_dotted_name(tmp_path, load):
    path = ffi_of("made_package.inner.mod").compile(tmp_path)
    assert path == str(tmp_path / "made_package" / "inner" / "mod.so")
    assert load("made_package.inner.mod").lib.add(2, 3) == 5


def test_the_current_folder_is_the_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ffi_of("made_here").compile() == str(tmp_path / "made_here.so")
    assert os.getcwd() == str(tmp_path)


def test_what_the_source_defines(tmp_path):
    """It is seen by others; its functions are its own, whatever else is loaded has their names."""
    texts = {
        "made_first": "int which(void) { return 1; }",
        "made_second": "int which(void) { return 2; } int ask(void) { return which(); }",
    }
    libraries = []
    for name, text in texts.items():
        path = ffi_of(name, "int which(void);", text).compile(tmp_path)
        ffi = FFI()
        ffi.cdef("int which(void); int ask(void);")
        libraries.append(ffi.dlopen(path, ffi.RTLD_NOW | ffi.RTLD_GLOBAL))
    assert [library.which() for library in libraries] == [1, 2]
    assert libraries[1].ask() == 2


def test_tmpdir_is_made_and_paths_start_there(tmp_path, load):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "seven.h").write_text("#define SEVEN 7\n")
    (inner / "eight.c").write_text("int eight(void) { return 8; }\n")
    source = "#include <seven.h>\nint eight(void);\n"
    ffi = ffi_of(
        "made_relative",
        "int eight(void);\n#define SEVEN ...",
        source,
        include_dirs=["."],
        sources=["eight.c"],
    )
    path = ffi.compile(str(inner))
    assert path == str(inner / "made_relative.so")
    assert ffi_of("made_new").compile(tmp_path / "x" / "y") == str(tmp_path / "x/y/made_new.so")


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("*", "made_target0.so"),
        ("other.*", "other.so"),
        ("lib/other-1.5.so.2", "lib/other-1.5.so.2"),
        ("made_target3.x.*", "made_target3.x.so"),
    ],
)
def test_targets(tmp_path, target, name):
    ffi = ffi_of("made_target0")
    path = ffi.compile(tmp_path, target=target)
    assert path == str(tmp_path / name)
    assert os.path.exists(path)


def test_a_target_of_a_module_in_a_package(tmp_path):
    path = ffi_of("made_pack.made_inside").compile(tmp_path, target="other.*")
    assert path == str(tmp_path / "made_pack" / "other.so")


def test_an_absolute_target(tmp_path):
    path = str(tmp_path / "b" / "x.so")
    assert ffi_of("made_absolute").compile(tmp_path / "a", target=path) == path
    assert os.path.exists(path)


@needs_cplusplus
def test_cplusplus(tmp_path, load):
    source = (
        "namespace n { static int f() { return 5; } }\nstatic int five(void) { return n::f(); }"
    )
    ffi_of("made_cpp", "int five(void);", source, ".cpp").compile(tmp_path)
    assert load("made_cpp").lib.five() == 5
    assert (tmp_path / "made_cpp.cpp").exists()


def test_asserts_are_as_in_modules_of_python(tmp_path, load):
    source = "#ifdef NDEBUG\n#define R 1\n#else\n#define R 0\n#endif\n"
    ffi_of("made_release", "#define R ...", source).compile(tmp_path)
    ffi_of("made_debug", "#define R ...", source).compile(tmp_path, debug=True)
    assert load("made_release").lib.R == 1
    assert load("made_debug").lib.R == 0


@pytest.mark.parametrize("folder", ["with space", "käse ☃", "quo'te\"", "new\nline"])
def test_odd_folders(tmp_path, folder, counting):
    ffi = ffi_of("made_odd")
    path = ffi.compile(tmp_path / folder)
    assert os.path.exists(path)
    assert ffi.compile(tmp_path / folder) == path
    assert counting() == 1


def test_source_that_is_not_ascii(tmp_path, load):
    source = '/* käse */ static const char *text(void) { return "☃"; }\n'
    ffi_of("made_utf8", "const char *text(void);", source).compile(tmp_path)
    made = load("made_utf8")
    assert made.ffi.string(made.lib.text()).decode() == "☃"


def test_what_a_verify_has_found_is_not_in_the_module(tmp_path):
    """The text is the same, whatever happened to the FFI in between."""
    ffi = ffi_of("made_same")
    before, after = io.StringIO(), io.StringIO()
    ffi.emit_c_code(before)
    ffi.verify(SOURCE, tmpdir=tmp_path)
    ffi.emit_c_code(after)
    assert before.getvalue() == after.getvalue()


def test_a_field_that_is_also_a_macro(tmp_path, counting, load):
    """As in <signal.h>: the cdef may have the field as it is, or as the macro says."""
    source = """\
        struct s { int before; union { int old; void *new; } u; int width : 3; };
        #define old u.old
        #define before() no such thing
        #define new (other())
        #define width some width
    """
    whole = "struct s { int before; union { int old; void *new; } u; int width : 3; };"
    ffi_of("made_macro", whole, source).compile(tmp_path)
    made = load("made_macro")
    assert made.ffi.sizeof("struct s") == 24
    before = counting()
    ffi_of("made_macro", whole, source).compile(tmp_path)
    assert counting() == before
    partly = "struct s { int old; ...; };"
    source = "struct s { int before; union { int old; void *new; } u; };\n#define old u.old\n"
    ffi_of("made_macro2", partly, source).compile(tmp_path)
    assert load("made_macro2").ffi.offsetof("struct s", "old") == 8


# ---- include() ------------------------------------------------------------------


def including(name: str, *others: FFI) -> FFI:
    ffi = FFI()
    for other in others:
        ffi.include(other)
    ffi.cdef("struct user { struct base b; int c; }; int get(struct user *);")
    source = "struct base { char a; }; struct user { struct base b; int c; };\n"
    ffi.set_source(name, source + "static int get(struct user *u) { return u->b.a + u->c; }")
    return ffi


@pytest.mark.parametrize("source", ["struct base { char a; };", None])
def test_a_module_that_includes_another(tmp_path, load, source):
    name = "made_base_c" if source else "made_base_py"
    base = ffi_of(name, "struct base { char a; };", source)
    user = including(name + "_user", base)
    base.compile(tmp_path)
    sys.path.insert(0, str(tmp_path))
    user.compile(tmp_path)
    module = load(name + "_user")
    assert module.ffi.typeof("struct base") is load(name).ffi.typeof("struct base")
    value = module.ffi.new("struct user *", {"b": {"a": b"\x02"}, "c": 3})
    assert module.lib.get(value) == 5


def test_including_what_has_no_module(tmp_path):
    base = FFI()
    base.cdef("struct base { char a; };")
    with pytest.raises(VerificationError, match=r"not been prepared with set_source\(\)"):
        including("made_user_of_none", base).compile(tmp_path)


# ---- again ----------------------------------------------------------------------


def test_what_is_up_to_date_is_left_alone(tmp_path, counting, capsys):
    path = ffi_of("made_again").compile(tmp_path, verbose=1)
    assert f"generating {tmp_path / 'made_again.c'}" in capsys.readouterr().out
    files = [path, str(tmp_path / "made_again.c")]
    before = [os.stat(file) for file in files]
    assert ffi_of("made_again").compile(tmp_path, verbose=1) == path
    assert capsys.readouterr().out == f"{path} is up to date\n"
    assert [os.stat(file)[:9] for file in files] == [stat[:9] for stat in before]
    assert counting() == 1


CHANGES = {
    "cdef": lambda folder: {"cdef": CDEF + "extern int other;", "source": SOURCE + "int other;"},
    "source": lambda folder: {"source": SOURCE + "\n/* more */\n"},
    "options": lambda folder: {"define_macros": [("A", "1")]},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_compiles_again(tmp_path, counting, what):
    ffi_of("made_change").compile(tmp_path)
    ffi_of("made_change", **CHANGES[what](tmp_path)).compile(tmp_path)
    assert counting() == 2


def test_a_header_that_changes_compiles_again(tmp_path, counting, load):
    header = tmp_path / "value.h"
    header.write_text("#define V 1\n")
    ffi = ffi_of("made_header", "#define V ...", "#include <value.h>\n", include_dirs=["a", "."])
    ffi.compile(tmp_path)
    header.write_text("#define V 22\n")
    ffi.compile(tmp_path)
    assert counting() == 2
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "value.h").write_text("#define V 333\n")  # stands before the other
    ffi.compile(tmp_path)
    assert counting() == 3
    ffi.compile(tmp_path)
    assert counting() == 3
    assert load("made_header").lib.V == 333


def test_the_environment_and_the_compiler_count(tmp_path, counting, monkeypatch):
    ffi = ffi_of("made_environment")
    ffi.compile(tmp_path)
    monkeypatch.setenv("CFLAGS", "-DX")
    ffi.compile(tmp_path)
    assert counting() == 2
    os.utime(os.environ["CC"], ns=(1, 1))
    ffi.compile(tmp_path)
    assert counting() == 3


@pytest.mark.parametrize("damage", [b"", b"\x7fELF", None])
def test_a_damaged_module_is_made_again(tmp_path, counting, damage):
    path = ffi_of("made_damaged").compile(tmp_path)
    if damage is None:
        os.unlink(path)
    else:
        os.replace(path, path + ".old")
        with open(path, "wb") as file:
            file.write(damage)
    ffi_of("made_damaged").compile(tmp_path)
    assert counting() == 2
    assert os.path.getsize(path) > 1000


DAMAGED = "", "{", "[]", '{"inputs": 3, "advice": 4}', '{"advice": {"a": 1}}'


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_stamp_is_no_stamp(tmp_path, counting, text):
    path = ffi_of("made_stamp").compile(tmp_path)
    note = Note(path)
    assert note.read()
    note.write(text)
    ffi_of("made_stamp").compile(tmp_path)
    assert counting() == 2


def test_without_a_cache_it_is_compiled_each_time(tmp_path, counting, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path / "file"))
    for times in 1, 2:
        ffi_of("made_uncached").compile(tmp_path)
        assert counting() == times


def test_no_constant_for_the_compiler(tmp_path, counting, load):
    """`#define X ...` that is no constant expression is emitted a second time, as a value."""
    cdef = "#define SIX ...\n#define SEVEN ...\n"
    source = "static int seven = 7;\n#define SIX 6\n#define SEVEN (seven)\n"
    ffi_of("made_value", cdef, source).compile(tmp_path)
    assert counting() == 2
    ffi_of("made_value", cdef, source).compile(tmp_path)
    assert counting() == 2, "what is on disk is what would be emitted now"
    made = load("made_value")
    assert (made.lib.SIX, made.lib.SEVEN) == (6, 7)


# ---- what goes wrong ------------------------------------------------------------------


def refused(tmp_path, cdef: str, source: str, **kwds) -> str:
    ffi = ffi_of("made_refused", cdef, source, **kwds)
    with pytest.raises(VerificationError) as raised:
        ffi.compile(tmp_path)
    assert not (tmp_path / "made_refused.so").exists()
    assert not [p for p in tmp_path.iterdir() if p.suffix in (".tmp", ".d", ".o")]
    return str(raised.value)


def test_a_function_with_other_arguments(tmp_path):
    text = refused(
        tmp_path, "int x;\n  int add(int, int);", SOURCE.replace("int b", "int *b, int c")
    )
    assert "<cdef>:2:" in text and "add" in text
    assert "declared: int add(int, int);" in text
    assert "error: too few arguments to function" in text


def test_a_warning_names_the_declaration(tmp_path, capfd):
    source = "static int first(const char *s) { return *s; }\n"
    ffi_of("made_warning", "\nint first(int *);", source).compile(tmp_path)
    text = capfd.readouterr().err
    assert "<cdef>:2:5: first: call\n    declared: int first(int *);\n" in text
    assert "warning: passing argument 1 of 'first' from incompatible pointer type" in text


def test_a_field_that_is_not_there(tmp_path):
    text = refused(tmp_path, "struct s { int a; int b; };", "struct s { int a; };")
    assert "<cdef>:1:8: struct s: field b\n    declared: int b\n" in text
    assert "has no member named" in text


def test_a_size_that_differs(tmp_path):
    text = refused(tmp_path, "struct s { int a; };", "struct s { int a; long b; };")
    assert "disagrees with a declaration of module 'made_refused'" in text
    assert "struct s" in text and "<cdef>:1" in text
    assert "16" in text and "4" in text


def test_every_disagreement_is_listed(tmp_path):
    cdef = "struct s { int a; };\n#define A 1\n#define B 2\n"
    text = refused(tmp_path, cdef, "struct s { int a; long b; };\n#define A 10\n#define B 20\n")
    assert "disagrees with 3 declarations" in text
    for word in "struct s", "A", "B", "10", "20":
        assert word in text


def test_a_header_that_is_not_there(tmp_path):
    text = refused(tmp_path, "int f(void);", "#include <no_such_header.h>\n")
    assert "no_such_header.h" in text and "include_dirs=[...]" in text


def test_a_library_that_is_not_there(tmp_path):
    text = refused(tmp_path, CDEF, SOURCE, libraries=["no_such_library"])
    assert "-lno_such_library" in text and "library_dirs=[...]" in text


def test_a_missing_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    text = refused(tmp_path, CDEF, SOURCE)
    assert text.startswith("cannot run the C compiler 'no-such-compiler': No such file")
    assert "apt-get install gcc" in text


def test_a_compiler_that_makes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "true")
    assert "it has not made the file" in refused(tmp_path, CDEF, SOURCE)


def test_a_compiler_that_does_not_say_what_it_read(tmp_path, monkeypatch):
    work = 'cc "$@" || exit 1\nwhile [ $# -gt 0 ]; do [ "$1" = -MF ] && rm "$2"; shift; done\ntrue'
    monkeypatch.setenv("CC", program(tmp_path / "mycc", work))
    assert "it has not listed what it read" in refused(tmp_path, CDEF, SOURCE)


@pytest.mark.parametrize("variable", ["CC", "CFLAGS", "CPPFLAGS", "LDFLAGS"])
def test_quotes_that_do_not_match(tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, "gcc 'a b")
    text = refused(tmp_path, CDEF, SOURCE)
    assert text == f"the environment variable {variable}=gcc 'a b: No closing quotation"


@pytest.mark.parametrize("target", ["", "sub/", 5])
def test_bad_targets(tmp_path, target):
    with pytest.raises((ValueError, TypeError)):
        ffi_of("made_bad_target").compile(tmp_path, target=target)
    assert not list(tmp_path.iterdir())


def test_places_that_are_no_folders(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        ffi_of("made_nowhere").compile(tmp_path / "file")
    with pytest.raises(FileNotFoundError):
        ffi_of("made_nowhere").emit_c_code(str(tmp_path / "no" / "x.c"))
    assert not (tmp_path / "no").exists()
    assert ffi_of("made_bytes").compile(os.fsencode(tmp_path)) == str(tmp_path / "made_bytes.so")


def test_a_killed_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", program(tmp_path / "mycc", "kill -9 $$"))
    assert "killed by signal 9 (SIGKILL)" in refused(tmp_path, CDEF, SOURCE)


def test_a_failure_keeps_the_module_that_was_there(tmp_path):
    path = ffi_of("made_kept").compile(tmp_path)
    with open(path, "rb") as file:
        before = file.read()
    with pytest.raises(VerificationError):
        ffi_of("made_kept", source="int odd(").compile(tmp_path)
    with open(path, "rb") as file:
        assert file.read() == before


def test_a_module_that_cannot_be_loaded_here(tmp_path):
    ffi = ffi_of("made_unloadable", "int no_such_function(void);", "int no_such_function(void);")
    with pytest.warns(RuntimeWarning, match="no_such_function"):
        path = ffi.compile(tmp_path)
    assert os.path.exists(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)]
    if subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("cannot mount a tmpfs here")
    try:
        big = SOURCE + "char big[1 << 20] = {1};\n"
        with pytest.raises(VerificationError) as raised:
            ffi_of("made_full", CDEF + "extern char big[];", big).compile(disk)
        assert "The disk is full: free some space" in str(raised.value)
        assert not (disk / "made_full.so").exists()
        with pytest.raises(OSError, match="No space left on device"):
            ffi_of("made_full2", source=SOURCE + "//" + "x" * 100_000).compile(disk)
        assert sorted(p.name for p in disk.iterdir()) == ["made_full.c"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# ---- another machine --------------------------------------------------------------------


def test_a_cross_compiler(tmp_path, monkeypatch):
    """Compiled, and not loaded: it could not be."""
    cross = shutil.which("aarch64-linux-gnu-gcc")
    if cross is None:
        pytest.skip("no cross compiler")
    done = subprocess.run([cross, "-dumpmachine"], capture_output=True, text=True)
    if not done.stdout.startswith("aarch64"):
        pytest.skip("no cross compiler")
    monkeypatch.setenv("CC", cross)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = ffi_of("made_cross", "int f(void);", "int f(void) { return 1; }").compile(tmp_path)
    with open(path, "rb") as file:
        assert file.read(20)[18] == 183  # EM_AARCH64
    with pytest.raises(ImportError, match="made_cross.so was compiled for another machine"):
        cffi_core.load(path)
    ffi = FFI()
    ffi.cdef("int f(void);")
    with pytest.raises(VerificationError, match="for another machine .* CC says which"):
        ffi.verify("int f(void) { return 1; }")


def test_a_compiler_for_another_system_is_believed(tmp_path, monkeypatch):
    """Its output is never loaded, even where it looks like ours."""
    work = 'case "$*" in -dumpmachine) echo x86_64-linux-musl;; *) exec cc "$@";; esac'
    monkeypatch.setenv("CC", program(tmp_path / "mycc", work))
    source = "__attribute__((constructor)) static void run(void) { *(volatile int *)0 = 0; }"
    ffi_of("made_foreign", "int f(void);", source + " int f(void) { return 1; }").compile(tmp_path)


# ---- several ------------------------------------------------------------------------------


def test_several_modules(tmp_path, load):
    paths = compile_all([ffi_of(f"made_all{n}") for n in range(4)], tmp_path)
    assert paths == [str(tmp_path / f"made_all{n}.so") for n in range(4)]
    assert load("made_all3").lib.add(1, 2) == 3


def test_several_modules_and_an_error(tmp_path):
    good = ffi_of("made_good")
    bad = ffi_of("made_bad", source="int odd(")
    with pytest.raises(VerificationError, match="made_bad"):
        compile_all([bad, good], tmp_path)
    with pytest.raises(ValueError, match="more than one FFI makes the module 'made_good'"):
        compile_all([good, good], tmp_path)
    with pytest.raises(ValueError, match=r"set_source\(\) must be called"):
        compile_all([good, FFI()], tmp_path)


def test_progress_on_a_terminal_only(tmp_path, capfd):
    compile_all([ffi_of("made_quiet0"), ffi_of("made_quiet1")], tmp_path)
    assert capfd.readouterr() == ("", "")


def test_progress_on_a_terminal(tmp_path):
    pty = pytest.importorskip("pty")
    text = (
        "import sys; sys.modules['rich'] = None; from cffi_core import FFI\n"
        "from cffi_core.builder import compile_all; made = []\n"
        "for name in 'made_pty0', 'made_pty1':\n"
        "    ffi = FFI(); ffi.cdef('int f(void);'); made.append(ffi)\n"
        "    ffi.set_source(name, 'static int f(void) { return 1; }')\n"
        f"compile_all(made, {str(tmp_path)!r})\n"
    )
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no terminal to be had: {error}")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", text], env=environment, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10000).decode()
    os.close(ours)
    assert "[0/2] compiling made_pty0" in shown and "[2/2]" in shown
    assert shown.endswith("\r\x1b[K"), "the line is gone at the end"


def test_the_line_of_progress():
    from cffi_core.builder.progress import Line

    file = io.StringIO()
    with Line(2, file) as line, line.working_on("a"), line.working_on("b" * 100):
        pass
    steps = [step.removeprefix("\x1b[K") for step in file.getvalue().split("\r")[1:]]
    assert steps[0] == "[0/2] compiling a"
    assert steps[1].startswith("[0/2] compiling a, bbb") and len(steps[1]) == 79
    assert steps[-2] == "[2/2] compiling " and steps[-1] == ""


def test_one_process_each_at_the_same_time(tmp_path):
    """Processes that compile the same module into the same folder all get a whole one."""
    text = (
        "import sys; from cffi_core import FFI; from cffi_core._core import load_stub\n"
        f"ffi = FFI(); ffi.cdef({CDEF!r}); ffi.set_source('made_race', {SOURCE!r})\n"
        f"path = ffi.compile({str(tmp_path)!r})\n"
        "assert load_stub(path, 'made_race')[1].add(1, 2) == 3\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", text]
    running = [subprocess.Popen(command, env=environment) for _ in range(6)]
    assert [process.wait(60) for process in running] == [0] * 6
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["made_race.c", "made_race.so"]
