"""Emits stubs for tests, compiles them with the compilers of this machine, and reads them.

Reader is a loader of its own: it knows the contract from cd_stub.h alone.
"""

import ctypes
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from cffi_core import FFI
from cffi_core.model import D, Model  # noqa: F401
from cffi_core.verifier import Stub, emit, emit_functions

WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Werror"]
FULL = bool(os.environ.get("CFFI_CORE_FULL"))
# The first and the last standard; the full tests try those between, too.
C_STANDARDS = ["c99", "c11", "gnu17", "c2x"] if FULL else ["c99", "c2x"]
CXX_STANDARDS = ["c++11", "gnu++17", "c++20"] if FULL else ["c++11", "c++20"]
C = [[cc, f"-std={std}"] for cc in ("gcc", "clang") for std in C_STANDARDS]
CXX = [[cc, "-xc++", f"-std={std}"] for cc in ("g++", "clang++") for std in CXX_STANDARDS]


@contextmanager
def sharing():
    """Functions of one type share a trampoline, however few there are."""
    usual = emit_functions.SHARED_FROM
    emit_functions.SHARED_FROM = 0
    try:
        yield
    finally:
        emit_functions.SHARED_FROM = usual


def need(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"no {program}")


def ffi_of(cdef: str, **options) -> FFI:
    ffi = FFI()
    ffi.cdef(cdef, **options)
    return ffi


def stub_of(cdef: str, source: str = "", name: str = "_m", **options) -> Stub:
    return emit(Model(ffi_of(cdef)), name, source, **options)


def compile(
    stub: Stub, folder: Path, *command: str, warnings=True, name="_m"
) -> subprocess.CompletedProcess:
    """Into folder/_m.so; the command's words come first."""
    words = list(command) or ["gcc"]
    need(words[0])
    source = folder / stub.filename
    source.write_bytes(stub.text.encode("utf-8", "surrogateescape"))
    flags = WARNINGS if warnings else []
    return subprocess.run(
        [*words, *flags, "-O1", "-fPIC", "-shared", "-o", folder / f"{name}.so", source],
        capture_output=True,
        text=True,
    )


def built(stub: Stub, folder: Path, *command: str, name="_m") -> Path:
    """The compiled stub; no warning is given."""
    done = compile(stub, folder, *command, name=name)
    assert done.returncode == 0, f"{folder}\n{done.stderr}"
    return folder / f"{name}.so"


# ---- the contract, again ------------------------------------------------------------------------

U8, U16, U32, U64 = ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint64


def struct(called: str, /, **columns):
    return type(called, (ctypes.Structure,), {"_fields_": list(columns.items())})


def u32(words: str) -> dict:
    return dict.fromkeys(words.split(), U32)


Type = struct("Type", kind=U8, sub=U8, flags=U16, **u32("name a b c x doc file line"))
Field = struct("Field", **u32("name type offset"), bits=ctypes.c_int16, flags=U16, probe=U32)
Global = struct(
    "Global",
    **u32("name type slot"),
    **{"kind": U8, "flags": U8, "reserved": U16},
    **u32("doc params file line"),
)
Include = struct("Include", module=U32, reserved=U32, digest=U64)


def array(element):
    return ctypes.POINTER(element)


CODE = ctypes.c_void_p
Header = struct(
    "Header",
    **{"size": U32, "major": U16, "minor": U16, "min_core": U32, "target": U32},
    digest=U64 * 4,
    **{"module": ctypes.c_char_p, "emitter": ctypes.c_char_p, "text": array(ctypes.c_char)},
    **{"types": array(Type), "ids": array(U32), "fields": array(Field), "globals": array(Global)},
    **{"includes": array(Include), "tags": array(U32), "facts": array(ctypes.c_int64)},
    **{"tramp": array(CODE), "address": array(CODE), "getter": array(CODE), "probe": array(CODE)},
    **u32("n_text n_types n_ids n_fields n_globals n_includes n_tags n_facts"),
    **u32("n_functions n_getters n_probes n_externs"),
    **{"errno_location": CODE, "link": ctypes.c_void_p},
    reserved=ctypes.c_void_p * 4,
    shared=array(CODE),
)
FIRST_SID = 256


class Word(ctypes.Union):
    _fields_ = [
        *(("i", ctypes.c_int64), ("u", U64), ("d", ctypes.c_double)),
        *(("f", ctypes.c_float), ("p", ctypes.c_void_p)),
    ]


class Link(ctypes.Structure):
    CALL = ctypes.CFUNCTYPE(
        None, ctypes.c_void_p, U32, ctypes.c_void_p, ctypes.POINTER(Word), use_errno=False
    )
    _fields_ = [("owner", ctypes.c_void_p), ("call_python", CALL)]


class Reader:
    """A compiled stub's records, with their texts."""

    def __init__(self, path: Path, last: str = "_m"):
        self.library = ctypes.CDLL(str(path))
        self.stub = Header.in_dll(self.library, f"cd_stub_{last}")
        assert self.stub.size == ctypes.sizeof(Header)
        s = self.stub
        self.types = [s.types[i] for i in range(s.n_types)]
        self.globals = {self.text(g.name): g for g in s.globals[: s.n_globals]}

    def text(self, offset: int) -> str:
        assert offset < self.stub.n_text
        return ctypes.string_at(ctypes.addressof(self.stub.text.contents) + offset).decode()

    def type(self, sid: int) -> Type:
        return self.types[sid - FIRST_SID]

    def facts(self, first: int, n: int) -> list[int]:
        assert 0 < first <= first + n <= self.stub.n_facts
        return self.stub.facts[first : first + n]

    def tagged(self, tag: str) -> Type:
        tags = self.stub.tags[: self.stub.n_tags]
        assert [self.text(self.types[i].name) for i in tags] == sorted(
            self.text(self.types[i].name) for i in tags
        )
        return next(self.types[i] for i in tags if self.text(self.types[i].name) == tag)

    def named(self, typedef: str) -> Type:
        """What a typedef is a typedef of."""
        return self.type(self.type(self.globals[typedef].type).a)

    def fields(self, record: Type) -> dict[str, Field]:
        fields = self.stub.fields[record.a : record.a + record.b]
        return {self.text(f.name) or f"_{i}": f for i, f in enumerate(fields)}

    def layout(self, record: Type) -> dict[str, tuple[int, int]]:
        """{"": (size, alignment), field: (offset, size)}; a bit-field: what its probe sets."""
        size, align = self.facts(record.c, 2)
        found = {"": (size, align)}
        for name, f in self.fields(record).items():
            if f.bits < 0:
                found[name] = tuple(self.facts(f.offset, 2))
            else:
                memory = ctypes.create_string_buffer(size)
                ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.stub.probe[f.probe])(memory)
                found[name] = (int.from_bytes(memory.raw, "little"), f.bits)
        return found

    def integer(self, name: str) -> int:
        value, above = self.facts(self.globals[name].slot, 2)
        return value + (1 << 64 if above and value < 0 else 0)

    def get(self, name: str, type=ctypes.c_void_p):
        """A value, or the address of a variable."""
        out = type()
        getter = self.stub.getter[self.globals[name].slot]
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(getter)(ctypes.byref(out))
        return out if isinstance(out, ctypes.Structure | ctypes.Array) else out.value

    def call(self, name: str, restype, *words: Word):
        """Through the trampoline."""
        args = (Word * max(len(words), 1))(*words)
        result = restype() if restype else None
        tramp = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Word))
        at = ctypes.byref(result) if restype else None
        tramp(self.stub.tramp[self.globals[name].slot])(at, args)
        if restype is None:
            return None
        return result if isinstance(result, ctypes.Structure) else result.value

    def address(self, name: str) -> int:
        return self.stub.address[self.globals[name].slot]


def i(value: int) -> Word:
    return Word(i=value)


def d(value: float) -> Word:
    return Word(d=value)


def f(value: float) -> Word:
    return Word(f=value)


def p(value) -> Word:
    """The address of a ctypes object, which lives as long as the word."""
    word = Word(p=ctypes.cast(ctypes.byref(value), ctypes.c_void_p).value)
    word.object = value
    return word
