"""Names: ours begin with cd_, the user's may be anything that C allows, files and modules too."""

import ctypes
import re
import subprocess
import sys
from pathlib import Path

import emitted
import pytest
from emitted import Reader, i, stub_of
from test_emit import CASES

from cffi_core import FFI, _core
from cffi_core.model import Model
from cffi_core.verifier import emit


def macros(path, *flags) -> set[str]:
    command = ["gcc", "-E", "-dM", *flags, path]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^#define (\w+)", text, re.MULTILINE))


def test_only_our_names_are_defined(tmp_path):
    """Macros and symbols, beside those of the headers that the stub includes."""
    cdef, source = CASES["python"]
    stub = stub_of(cdef, source)
    emitted.built(stub, tmp_path)
    bare = tmp_path / "bare.c"
    headers = "#include <stdint.h>\n#include <stddef.h>\n#include <errno.h>\n"
    bare.write_text(headers + source)
    ours = macros(tmp_path / "_m.c") - macros(bare)
    assert {name[:3] for name in ours} <= {"CD_", "cd_"}
    done = subprocess.run(
        ["nm", "--defined-only", tmp_path / "_m.so"], capture_output=True, text=True, check=True
    )
    names = {line.split()[-1].partition(".")[0] for line in done.stdout.splitlines()}
    users = {"simple", "quiet", "rec", "pointer", "exported", "paint", "trigger", "PyInit__m"}
    rest = {n for n in names - users if n and not n.startswith(("cd_", "_"))}
    # what the linker and the C library's start files add
    assert rest <= {"completed", "deregister_tm_clones", "register_tm_clones", "frame_dummy"}
    exported = subprocess.run(
        ["nm", "-D", "--defined-only", tmp_path / "_m.so"], capture_output=True, text=True
    )
    names = {line.split()[-1] for line in exported.stdout.splitlines()}
    assert names - {"_init", "_fini"} == {"PyInit__m", "cd_stub__m", "exported"}


def test_the_users_macros_do_no_harm(tmp_path):
    """Short names of locals and parameters are often macros in C code."""
    words = "a b c e g h j k l m n o q r s t v w x y z result args self out value data ptr len"
    source = "".join(f"#define {word} (0, oops)\n" for word in words.split())
    cdef = "int twice(int A); struct S { int X; unsigned Y : 3; }; int V; static const double W;"
    source += (
        "static int twice(int A) { return A + A; } struct S { int X; unsigned Y : 3; };\n"
        "static int V = 3; static const double W = 1.5;\n"
    )
    r = Reader(emitted.built(stub_of(cdef, source), tmp_path))
    assert r.layout(r.tagged("S")) == {"": (8, 4), "X": (0, 4), "Y": (7 << 32, 3)}


# Words of Python, of C++ and of our own, and what tables and templates could trip over.
ODD = "None import lambda class new this template namespace cd_a cd_v cd_r cd_0 _ __x é"


@pytest.mark.parametrize("name", ODD.split())
def test_odd_names(name, tmp_path):
    tag = "s" if name.startswith("cd_") else name  # ours in the file's own scope
    record = f"struct {tag} {{ int {name}; struct {{ int y; }} {name}2; }};"
    function = f"int f(struct {tag} *{name})"
    stub = stub_of(f"{record} {function};", f"{record} static {function} {{ return !{name}; }}")
    r = Reader(emitted.built(stub, tmp_path))
    assert r.call("f", ctypes.c_int, i(0)) == 1
    assert r.text(r.globals["f"].params) == name
    assert r.layout(r.tagged(tag)) == {"": (8, 4), name: (0, 4), f"{name}2": (4, 4)}


@pytest.mark.parametrize(
    "file",
    ['a"b.h', "a\\\\b.h", "über/ñ.h", "new\\nline.h", "??/trigraph.h", "*/ end /*.h", "\u2028"],
)
def test_odd_file_names_in_the_cdef(file, tmp_path):
    ffi = FFI()
    quoted = file.replace('"', '\\"')
    ffi.cdef(f'# 5 "{quoted}"\nstruct s {{ int x; }}; int f(int);')
    stub = emit(Model(ffi), "_m", "struct s { int x; }; static int f(int x) { return x; }")
    r = Reader(emitted.built(stub, tmp_path, "gcc", "-std=c11"))
    origins = set(map(stub.origin, range(stub.text.count("\n")))) - {None}
    (origin,) = [o for o in origins if o.what == "call"]
    assert origin.where == f"{r.text(r.globals['f'].file)}:5:26"
    assert r.globals["f"].line == 5


@pytest.mark.parametrize("module", ["m", "package.sub.m", "_0", "émile", "日本"])
def test_module_names(module, tmp_path):
    ffi = FFI()
    ffi.cdef("int f(int);")
    stub = emit(Model(ffi), module, "static int f(int x) { return x + 1; }")
    last = module.rpartition(".")[2]
    assert stub.filename == f"{last}.c"
    path = emitted.built(stub, tmp_path, name=last)
    program = f"import {last} as m; print(m.lib.f(4), m.ffi.typeof(m.lib.f).cname)"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {[*sys.path]!r}; {program}"],
        capture_output=True,
        text=True,
        cwd=path.parent,
    )
    assert done.stdout == "5 int(*)(int)\n", done.stderr


@pytest.mark.parametrize("module", ["", "a.", ".a", "a-b", "a/b", "1a", "a b", 'a"', "a.b c"])
def test_names_that_no_module_can_have(module):
    with pytest.raises(ValueError, match="module"):
        emit(Model(FFI()), module, "")


def test_the_view_has_a_word_for_every_number():
    """What cd_parser.h lists, the core and the model list, too."""
    path = Path(__file__).resolve().parent.parent / "parser" / "cd_parser.h"
    if not path.exists():
        pytest.skip("no parser sources beside the tests")
    text = path.read_text()
    for prefix, words, but in (
        *(("CD_F_", _core.TYPE_FLAGS, {"BUSY"}), ("CD_M_", _core.MEMBER_FLAGS, set())),
        *(("CD_D_", _core.DECL_KINDS, set()), ("CD_DF_", _core.DECL_FLAGS, set())),
        *(("CD_Q_", _core.QUALS, set()), ("CD_CLASS_", _core.CLASSES, set())),
    ):
        named = set(re.findall(rf"\b{prefix}(\w+)(?= = |,| +/\*| *\n)", text))
        assert named - but == set(words), prefix


def test_no_header_is_read_without_need(tmp_path):
    """What is included is read by the compiler, and watched by the cache, of every stub."""
    bare = "int add(int, int); struct s { int a : 3; }; enum e { E }; int v; static const double d;"
    source = (
        "static int add(int a, int b) { return a + b; } struct s { int a : 3; }; enum e { E };\n"
        "static int v; static const double d = 2.5;\n"
    )
    kept = stub_of(bare, source, importable=False)
    (tmp_path / "a.c").write_text(kept.text)
    command = ["gcc", "-H", "-c", "-o", tmp_path / "a.o", tmp_path / "a.c"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    names = [line.rpartition("/")[2] for line in said.splitlines() if line.startswith(".")]
    assert names == ["stddef.h"]
    words = stub_of("size_t size(uint32_t); ", "#include <stdint.h>\n#include <stddef.h>").text
    assert words.count("#include <stdint.h>") == 3  # the user's, ours, and where no types are known


def test_what_is_shipped_is_linked_with_the_c_library(tmp_path):
    """auditwheel knows by it for which systems a module is; what the cache keeps does without."""
    for importable in True, False:
        source = "static int one(void) { return 1; }"
        emitted.built(stub_of("int one(void);", source, importable=importable), tmp_path)
        symbols = subprocess.run(["nm", "-Du", tmp_path / "_m.so"], capture_output=True, text=True)
        assert ("__errno_location" in symbols.stdout) == importable
