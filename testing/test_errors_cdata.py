"""After an error nothing is half done, nothing leaks, and no reference is lost."""

import contextlib
import gc
import sys

import pytest

CDEF = """
    struct pt { int x, y; };
    struct fl { int n; int arr[]; };
    struct bf { int a:3; };
    struct op;
    enum e { A, B = 5 };
"""


@pytest.fixture(scope="module")
def names(ffi):
    """What the statements name."""
    return {
        "ffi": ffi,
        "P": ffi.new("struct pt *"),
        "ARRAY": ffi.new("int[5]"),
        "CHARS": ffi.new("char[8]", b"hello"),
        "VOIDP": ffi.cast("void *", 8),
        "OPAQUE": ffi.cast("struct op *", 8),
        "GC": ffi.gc(ffi.new("int *"), id),
        "HANDLE": ffi.new_handle(5),
        "BITS": ffi.new("struct bf *"),
    }


GOOD = [
    "P.x", "P[0].x", "P.x = 5", "ARRAY[1]", "ARRAY[1] = 2", "ARRAY[1:3]", "list(ARRAY)",
    "ARRAY[0:2] = [1, 2]", "CHARS[0:2] = b'ab'", "ffi.new('int *', 5)", "ffi.new('int[]', [1, 2])",
    "ffi.new('struct pt *', {'x': 1})", "ffi.new('struct fl *', [1, [2, 3]]).arr", "P + 1",
    "(ARRAY + 3) - ARRAY", "ARRAY == P", "hash(P)", "bool(P)", "repr(P)", "ffi.cast('int', 2**70)",
    "ffi.cast('double', 3)", "ffi.cast('long double', 3)", "int(ffi.cast('int', 3))",
    "repr(ffi.cast('enum e', 5))", "ffi.string(CHARS)", "ffi.unpack(ARRAY, 3)", "ffi.buffer(P)[:]",
    "ffi.from_buffer(b'abc')", "ffi.from_buffer('int[]', bytearray(8))[1]",
    "ffi.memmove(CHARS, b'abc', 3)", "ffi.gc(P, id)", "ffi.new_handle([1])",
    "ffi.from_handle(HANDLE)", "ffi.addressof(P, 'y')", "ffi.offsetof('struct pt', 'y')",
    "ffi.new_allocator(lambda n: ffi.new('char[]', n), id)('struct pt *')[0]", "BITS.a = -1",
    "BITS.a", "ffi.new('wchar_t[]', 'abc')", "dir(P)", "ffi.new('__int128 *', 2**100)[0]",
    "ffi.cast('int *', P)", "ffi.sizeof(P[0])", "ffi.new('int *')[0] == ffi.cast('char', 5)",
]
BAD = [
    "P.z", "P.z = 1", "P.x = 'a'", "P.x = 2**40", "P.x = 2**80", "ARRAY[9]", "ARRAY[-1]",
    "ARRAY['a']", "ARRAY[1] = 1.5", "ARRAY[1:9]", "ARRAY[0:2] = [1]", "ARRAY[0:2] = [1, 2, 3]",
    "ARRAY[0:2] = 5", "CHARS[0:2] = b'abc'", "ffi.new('int *', 'a')", "ffi.new('int[]', [1, 'a'])",
    "ffi.new('struct pt *', {'z': 1})", "ffi.new('struct pt *', [1, 'a'])", "ffi.new('int')",
    "ffi.new('struct fl *', [1, [2, 'a']])", "ffi.new('struct fl *', [1, 1.5])", "P + 'a'",
    "OPAQUE + 1", "P - ARRAY", "ffi.cast('int', 'ab')", "ffi.cast('int', None)",
    "ffi.cast('double', VOIDP)", "ffi.cast('struct pt', 1)", "int(P)", "float(P)", "complex(P)",
    "ffi.string(ARRAY)", "ffi.string(ffi.cast('char *', 0))", "ffi.unpack(VOIDP, 1)", "len(P)",
    "iter(P)", "ffi.buffer(VOIDP)", "ffi.buffer(P)[9]", "ffi.from_buffer('abc')",
    "ffi.from_buffer('int[9]', bytearray(8))", "ffi.from_buffer('int', bytearray(8))",
    "ffi.memmove(b'abc', P, 1)", "ffi.memmove(P, b'abc', 9)", "ffi.gc(P, None)",
    "ffi.from_handle(VOIDP)", "ffi.addressof(P, 'z')", "ffi.offsetof('struct pt', 5)",
    "ffi.release(VOIDP)", "BITS.a = 9", "BITS.a = 'x'", "P < 5", "ffi.new('char *', b'ab')",
    "ffi.new_allocator(lambda n: None)('int *')", "ffi.new('wchar_t[1]', 'abc')", "P()",
    "ffi.new_allocator(lambda n: ffi.new('char[]', n), id)('struct pt *', ['a'])",
    "ffi.new('int **', [P])", "ffi.new('int **', P)", "ffi.new('struct pt *', [1, 2, 3])",
    "ffi.new('__int128 *', 2**200)", "ffi.new('char32_t *', ffi.cast('char32_t', -1))[0]",
]


# What is dear runs in two modes: declared by a text, and by a stub.
dear = pytest.mark.parametrize("declare", ["inline", "module"], indirect=True, scope="module")


def execute(statement: str, names: dict) -> Exception | None:
    try:
        exec(statement, names)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize("statement", GOOD)
def test_good(names, statement):
    assert execute(statement, names) is None


@pytest.mark.parametrize("statement", BAD)
def test_bad(names, statement):
    error = execute(statement, names)
    assert error is not None and not isinstance(error, SystemError)
    assert str(error)


@pytest.mark.skipif(not hasattr(sys, "gettotalrefcount"), reason="needs a debug build of Python")
@pytest.mark.parametrize("statement", [*GOOD, *BAD])
@dear
def test_references(names, statement):
    """No statement leaks a reference, whether it succeeds or fails."""
    code = compile(statement, "<test>", "exec")

    def total() -> int:
        for _ in range(50):
            with contextlib.suppress(Exception):
                exec(code, names)
        gc.collect()
        return sys.gettotalrefcount()

    for _ in range(3):
        total()
    before = total()
    assert total() - before < 10


def set_nomemory():
    """The switch of CPython's own tests that makes the n-th allocation fail; or None.

    From 3.12 on the interpreter itself does not always survive it, with nothing but lists.
    """
    if sys.version_info >= (3, 12):
        return None
    try:
        from _testcapi import remove_mem_hooks, set_nomemory
    except ImportError:
        return None
    return set_nomemory, remove_mem_hooks


@pytest.mark.skipif(set_nomemory() is None, reason="needs _testcapi of CPython 3.11 or 3.10")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("statement", GOOD)
@dear
def test_out_of_memory(names, statement):
    """The statement fails at every allocation, one after the other, and works at last."""
    start, stop = set_nomemory()
    code = compile(statement, "<test>", "exec")
    exec(code, names)
    failures = 0
    kept = []
    for n in range(60):
        kept += [names["ARRAY"][0:1] for _ in range(70)]  # no memory of dead cdata is left
        failed = False
        start(n, n + 1)
        try:
            exec(code, names)
        except MemoryError:
            failed = True
        finally:
            stop()
        failures += failed
    exec(code, names)
    assert failures < 60


def test_a_failed_assignment_changes_nothing(ffi):
    p = ffi.new("struct pt *", [1, 2])
    for statement in ("p.x = 2**40", "p.x = 'a'", "p[0] = 5", "p[0] = {'z': 1}"):
        with pytest.raises(Exception, match="."):
            exec(statement, {"p": p})
    assert (p.x, p.y) == (1, 2)
