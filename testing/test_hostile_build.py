"""Hostile values for what is Python: the methods around the C compiler, the cache, the command
line. No compiler runs: the one that CC names does not exist."""

import sys
from functools import partial

import pytest
from conftest import FULL
from hostile import FEW, World, attempt, check_kept

from cffi_core import FFI, VerificationError, cache
from cffi_core.__main__ import main
from cffi_core.builder import compile_all, verifier
from cffi_core.model import Model
from cffi_core.verifier import Embedding, emit

# ---- the tables ---------------------------------------------------------------------------------


def declared(text="int abs(int);", source=""):
    """An FFI with declarations; with a source also what set_source() wants."""
    ffi = FFI()
    ffi.cdef(text)
    if source != "":
        ffi.set_source("_hostile", source)
    return ffi


def with_c():
    return declared(source="#include <stdlib.h>\n")


def without_c():
    return declared(source=None)


def embedding():
    return declared("")


def build(folder):
    """Of the cache: fails as a compiler does."""
    raise VerificationError("no compiler")


LISTS = [
    "sources", "include_dirs", "library_dirs", "extra_objects", "depends", "undef_macros",
    "libraries", "runtime_library_dirs", "extra_compile_args", "extra_link_args", "export_symbols",
]  # fmt: skip
KEYWORDS = {
    **{name: ["x"] for name in LISTS}, "define_macros": [("A", "1"), ("B", None)], "strict": False,
    "language": "c", "py_limited_api": True, "swig_opts": [], "optional": False,
}  # fmt: skip
SOURCE = {"source_extension": ".c", **KEYWORDS}
VERIFY = {
    "tmpdir": None, "modulename": None, "ext_package": None, "tag": "",
    "force_generic_engine": False, "source_extension": ".c", "flags": None, "relative_to": None,
}  # fmt: skip

# What is covered, who makes the function, a valid call.
CALLS = [
    ("FFI.set_source", lambda: declared().set_source, ["_m", ""], SOURCE),
    ("FFI.set_source_pkgconfig", lambda: declared().set_source_pkgconfig, ["_m", [], ""], SOURCE),
    ("FFI.cdef_header", lambda: FFI().cdef_header, ["no_such.h"],
     {"before": (), "select": None, "follow": None, "packages": (), "override": False,
      "release_gil": True, "include_dirs": [], "define_macros": [], "extra_compile_args": []}),
    ("FFI.compile", lambda: FFI().compile, [".", 0, None, None], {}),
    ("FFI.compile", lambda: without_c().compile, [".", 0, None, None], {}),
    ("FFI.compile", lambda: with_c().compile, [".", 0, None, None], {}),
    ("FFI.verify", lambda: declared().verify, ["#include <stdlib.h>"], {**VERIFY, **KEYWORDS}),
    ("FFI.emit_c_code", lambda: with_c().emit_c_code, ["x.c"], {}),
    ("FFI.emit_python_code", lambda: without_c().emit_python_code, ["x.py"], {}),
    ("FFI.embedding_api", lambda: declared().embedding_api, ["int f(int);", False, None], {}),
    ("FFI.embedding_init_code", lambda: declared().embedding_init_code, ["a = 1"], {}),
    ("FFI.set_unicode", lambda: FFI().set_unicode, [True], {}),
    ("builder.compile_all", lambda: compile_all, [[], ".", 0, None], {}),
    ("builder.set_tmpdir", lambda: verifier.set_tmpdir, [None], {}),
    ("builder.cleanup_tmpdir", lambda: verifier.cleanup_tmpdir, ["none", False], {}),
    ("cache.Cache", lambda: cache.Cache, ["cache"],
     {"max_bytes": 1, "max_days": 1, "lock_seconds": 1}),
    ("cache.Built", lambda: cache.Built, ["path", (), ()], {}),
    ("cache.Cache.get", lambda: cache.Cache("private").get, [{"name": "x"}, build],
     {"host": {}, "prebuilt": None}),
    ("cache.Cache.lookup", lambda: cache.Cache("private").lookup, ["0" * 64], {}),
    ("model.Model", lambda: Model, [FFI()], {}),
    ("verifier.Embedding", lambda: Embedding, ["code"], {}),
    ("verifier.emit", lambda: emit, [Model(declared()), "_m", ""],
     {"strict": False, "language": "c", "not_constant": frozenset(), "not_macros": frozenset(),
      "embedding": None}),
]  # fmt: skip
COVERED = {name for name, *_ in CALLS} | {
    "FFI.distutils_extension",  # imports setuptools: below
    "builder.Verifier",  # is what FFI.verify makes
    "cache.CacheWarning",
    "cache.default_directory",
}
IDS = [f"{name}-{i}" for i, (name, *_) in enumerate(CALLS)]


@pytest.fixture(scope="module")
def values():
    world = World()
    return list(world.values.values()) if FULL else [world.values[name] for name in FEW]


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """Files that hostile names lead to go to a folder that goes; no compiler, no other program."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CC", "/no/such/compiler")
    monkeypatch.setenv("PKG_CONFIG", "/no/such/pkg-config")
    monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CFFI_TMPDIR", str(tmp_path / "tmpdir"))
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    yield
    verifier.set_tmpdir(None)


def short(message):
    """Whatever was given, the message can be read."""
    return len(message) < 700 or "File name too long" in message


def attempted(make, args, kwds):
    """attempt(), and the message is one."""
    try:
        make()(*args, **kwds)
    except Exception as error:
        assert str(error) or isinstance(error, MemoryError), repr(error)
        assert short(str(error)), str(error)[:2000]
        attempt(lambda error=error: (_ for _ in ()).throw(error))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "make", "valid", "keywords"), CALLS, ids=IDS)
def test_every_argument(values, name, make, valid, keywords, capsys):
    for position in range(len(valid)):
        for value in values:
            args = [*valid]
            args[position] = value
            check_kept(lambda a=args: attempted(make, a, {}), value, times=1)
    for keyword in keywords:
        for value in values:
            attempted(make, valid, {keyword: value})


@pytest.mark.parametrize(("name", "make", "valid", "keywords"), CALLS, ids=IDS)
def test_wrong_counts(name, make, valid, keywords):
    with pytest.raises(TypeError):
        make()(*valid, *[None] * 20)
    with pytest.raises(TypeError):
        make()(*valid, no_such_keyword=3)


# ---- two that need a module ---------------------------------------------------------------------


def test_distutils_extension(values):
    pytest.importorskip("setuptools")
    attempted(lambda: FFI().distutils_extension, [], {})
    attempted(lambda: without_c().distutils_extension, [], {})
    for value in values:
        attempted(lambda: with_c().distutils_extension, [value, False], {})
    with pytest.raises(TypeError):
        with_c().distutils_extension("build", False, None)


def test_a_verifier_step_by_step(values):
    made = verifier.Verifier(declared(), "#include <stdlib.h>\n", tmpdir="here")
    for value in values:
        if value is not None:
            attempted(lambda: made.write_source, [value], {})
    with pytest.raises(VerificationError, match="cannot run the C compiler"):
        made.compile_module()
    with pytest.raises(VerificationError, match="cannot run the C compiler"):
        made.load_library()
    for name in ("sourcefilename", "modulefilename"):
        assert "here" in getattr(made, name)
        for value in values:
            attempted(lambda name=name: partial(setattr, made, name), [value], {})


# ---- the command line ---------------------------------------------------------------------------

# Arguments, how the command ends, what it says.
COMMANDS = [
    ([], 2, "which command?"),
    (["no-such"], 2, "invalid choice"),
    (["emit"], 2, "required: WORD"),
    (["emit", "script.py"], 2, "give SCRIPT and OUTPUT"),
    (["emit", "absent.py", "out.c"], 1, "cannot read the script 'absent.py': No such file"),
    (["emit", ".", "out.c"], 1, "cannot read the script '.': Is a directory"),
    (["emit", "script.py", "out.c"], 1, "has no 'ffibuilder'; name its FFI with --ffi-var"),
    (["emit", "--ffi-var", "\0", "script.py", "out.c"], 1, "has no '\\x00'"),
    (["emit", "--ffi-var", "x", "script.py", "out.c"], 1, "is no FFI"),
    (["emit", "--ffi-var", "bare", "script.py", "out.c"], 1, "set_source() must be called"),
    (["emit", "read-sources", "m", "absent", "empty", "out.c"], 1, "cannot read 'absent'"),
    (["emit", "read-sources", "m", "empty", "binary", "out.c"], 1, "cannot read 'binary'"),
    (["emit", "read-sources", "m", "bad", "empty", "out.c"], 1, "bad:1:7: expected a type"),
    (["emit", "read-sources", "a/b", "empty", "empty", "out.c"], 1, "must not contain '/'"),
    (["emit", "read-sources", "", "empty", "empty", "out.c"], 1, "cannot be a module's name"),
    (["emit", "read-sources", "m", "empty", "empty", "no/out.c"], 1, "cannot write 'no/out.c'"),
    (["emit", "read-sources", "m", "empty", "empty", "."], 1, "cannot write '.'"),
    (["layout"], 2, "required: TYPE"),
    (["layout", ""], 1, "expected a type"),
    (["layout", "struct x"], 1, "is not complete"),
    (["layout", "int"], 1, "is no struct or union"),
    (["layout", "int ("], 1, "layout: "),
    (["requires"], 2, "required: SCRIPT"),
    (["requires", "absent.py"], 1, "cannot read the script"),
    (["requires", "--ffi-var", "x", "script.py"], 1, "is no FFI"),
    (["cache"], 2, "which of them?"),
    (["cache", "prune", "--max-size", "x"], 2, "not a size"),
    (["cache", "prune", "--max-size=-5M"], 2, "not a number of at least 0"),
    (["cache", "prune", "--max-size", "nanM"], 2, "not a number of at least 0"),
    (["cache", "prune", "--max-days", "-1"], 2, "--max-days"),
    (["cache", "prune", "--max-days", "nan"], 2, "not a number of at least 0"),
    (["cache", "explain", "no-such"], 1, "no entry"),
    (["cache", "export", "to", "no-such"], 1, "no entry"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "status", "message"), COMMANDS, ids=[repr(" ".join(c[0])) for c in COMMANDS]
)
def test_commands(tmp_path, capfd, arguments, status, message):
    """What is wrong with the arguments or the files that they name is said in a line or two."""
    (tmp_path / "script.py").write_text("import cffi_core\nx, bare = 3, cffi_core.FFI()\n")
    (tmp_path / "empty").write_text("")
    (tmp_path / "binary").write_bytes(b"int a;\xff")
    (tmp_path / "bad").write_text("int f(")
    try:
        ended = main(arguments)
    except SystemExit as end:
        ended = end.code
    out, err = capfd.readouterr()
    assert ended == status, out + err
    assert message in err, err
    assert "Traceback" not in err
