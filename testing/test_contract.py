"""Stubs of every version of the contract are loaded, and what is emitted changes knowingly."""

import hashlib
import subprocess
import sys
import sysconfig
from pathlib import Path

import contract_declarations
import pytest

import cffi_core
from cffi_core import _core
from cffi_core.builder.key import REVISION
from cffi_core.verifier import header, paste

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
STUBS = Path(__file__).resolve().parent / "stubs"
FROZEN = {path.stem.removeprefix("contract-"): path for path in STUBS.glob("contract-*.c")}

# What is emitted for contract_declarations, and the revision of the cache's key by then.
EMITTED = ("55bd2ecbde8e9a5f", "16")


#: The modules that Python's import loads for one of that version: since 1.1 only the core.
IMPORTED = {"1.0": {"_cffi_core", "cffi_core", "cffi_core._core"}}
#: The types that this makes, but on free-threaded builds, which make all.
TYPES = {"FFI", "Table", "_Constant", "Lib"}

IMPORT = """
import sys
sys.path.insert(0, sys.argv[1])
opened, before = [], set(sys.modules)
sys.addaudithook(lambda event, args: event == "open" and opened.append(args[0]))
from contract import lib
made = [k for k, v in vars(sys.modules["_cffi_core"]).items() if isinstance(v, type)]
assert lib.add(40, 2) == 42
print(*set(sys.modules) - before)
print(*opened)
print(*made)
"""


@pytest.fixture(scope="module", params=sorted(FROZEN))
def version(request):
    return request.param


@pytest.fixture(scope="module")
def library(version, tmp_path_factory):
    """A stub compiled from the C file that was emitted when its contract version was new."""
    output = tmp_path_factory.mktemp("contract") / "contract.so"
    command = ["cc", "-O1", "-shared", "-fPIC", str(FROZEN[version]), "-o", str(output)]
    subprocess.run(command, check=True)
    assert _core.check_stub(str(output), "contract") == []
    return output


@pytest.fixture(scope="module")
def module(library):
    return cffi_core.load(library)


def test_this_contract_has_its_frozen_stub():
    assert "{}.{}".format(*_core.CONTRACT) in FROZEN


def test_import_and_a_first_call(library, version):
    """An import costs what it loads: the core, and no file of Python code is opened."""
    command = [sys.executable, "-c", IMPORT, str(library.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules, opened, made = (line.split() for line in done.stdout.splitlines())
    assert set(made) == TYPES or FREE_THREADED or version in IMPORTED
    # It has a function that C calls, so atexit; a debug build decodes ASCII by its module.
    loaded = {m for m in modules if not m.startswith(("contract", "atexit", "encodings"))}
    assert loaded == IMPORTED.get(version, {"_cffi_core"})
    assert version in IMPORTED or all("encodings" in path for path in opened)


def test_functions(module):
    ffi, lib = module.ffi, module.lib
    assert lib.add(40, 2) == lib.sum(3, *(ffi.cast("int", n) for n in (20, 20, 2))) == 42
    assert lib.mirrored([1, 2]).y == -2
    assert lib.total([1, 2, 4], 3) == 7
    assert float(lib.half(5)) == 2.5
    assert ffi.string(lib.name()) == b"stub"
    assert (lib.count(65535), lib.quick(1), lib.largest(3, 4)) == (0, 2, 4)
    assert lib.look(lib.make(12)) == 12


def test_types(module):
    ffi = module.ffi
    assert ffi.offsetof("struct partial", "last") == ffi.sizeof("long")
    assert ffi.sizeof("struct partial") == 3 * ffi.sizeof("long")
    bits = ffi.new("struct bits *", {"a": 5, "b": -3})
    assert (bits.a, bits.b) == (5, -3)
    assert ffi.sizeof("union either") == 4
    assert [f for f, _ in ffi.typeof("struct list").fields] == ["next", "values"]
    assert ffi.typeof("counter_t") is ffi.typeof("uint16_t")
    assert ffi.typeof("real_t") is ffi.typeof("double")
    assert ffi.typeof("enum color").elements == {0: "RED", 7: "GREEN", -2: "BLUE"}


def test_values(module):
    ffi, lib = module.ffi, module.lib
    assert (lib.LIMIT, lib.UNKNOWN, lib.GREETING, lib.RATIO) == (40, 1 << 63, b"hello", 2.5)
    assert (lib.RED, lib.GREEN, lib.BLUE) == (0, 7, -2)
    assert list(lib.table) == [1, 2, 3, 4, 5]
    assert (lib.fixed, lib.origin.x, lib.origin.y) == (9, 1, 2.5)
    assert ffi.sizeof("int[LIMIT]") == 160


def test_extern_python(module):
    @module.ffi.def_extern()
    def answer(x):
        return x * 2

    assert module.lib.call(21) == 43


def test_what_is_pasted_is_this_contract():
    """Run `python -m cffi_core.verifier.paste` after a change of cd_stub.h."""
    assert header() == paste.pasted()


def test_the_emitted_text_changes_knowingly():
    """Another text for the same declarations: raise REVISION in builder/key.py, so that what is
    in users' caches is compiled anew, and record the new pair here."""
    text = contract_declarations.text("contract")
    assert (hashlib.sha256(text.encode()).hexdigest()[:16], REVISION) == EMITTED
