"""One ctype of every type built from the same parts, across FFIs and threads."""

import threading

import pytest

from cffi_core import FFI

SHARED = [
    "int",
    "int *",
    "char **",
    "int[3]",
    "int[]",
    "int(*)[3][4]",
    "void *",
    "int(*)(int)",
    "int(*)(int, ...)",
    "double(*(*)(char *))[2]",
    "void(*)(int(*)(void), const char *)",
    "uint64_t *",
    "float _Complex *",
]


@pytest.mark.parametrize("text", SHARED)
def test_derived_types_are_the_same_in_every_ffi(ffi, text):
    first, second = FFI(), ffi
    assert first.typeof(text) is second.typeof(text)


def test_typedefs_of_the_same_parts(declare):
    first, second = FFI(), declare("typedef int other(void *, void *);")
    first.cdef("typedef int (*compare)(const void *, const void *);")
    assert first.typeof("compare") is second.typeof("other *")


@pytest.mark.parametrize(
    "one, other",
    [
        ("int", "long"),
        ("long", "int64_t"),
        ("char", "signed char"),
        ("int[3]", "int[4]"),
        ("int[3]", "int[]"),
        ("int *", "unsigned *"),
        ("int(*)(int)", "int(*)(int, ...)"),
        ("int(*)(int)", "int(*)(int, int)"),
        ("int(*)(int)", "int(*)(long)"),
        ("int(*)(int)", "void(*)(int)"),
        ("int(*)[3]", "int **"),
    ],
)
def test_different_types_are_different(ffi, one, other):
    assert ffi.typeof(one) is not ffi.typeof(other)


def test_records_belong_to_their_ffi(declare):
    text = "struct s { int x; }; union u { int x; }; enum e { A };"
    first, second = FFI(), declare(text)
    first.cdef(text)
    for text in ("struct s", "union u", "enum e", "struct s *", "int(*)(struct s)"):
        assert first.typeof(text) is not second.typeof(text)
        assert first.typeof(text).cname == second.typeof(text).cname


def test_a_ctype_outlives_its_ffi(declare):
    ffi = declare("struct s { int x; struct t *p; }; struct t { struct s s; };")
    ct = ffi.typeof("struct s")
    del ffi
    assert ct.fields[1][1].type.item.fields[0][1].type is ct


def test_many_threads_make_the_same_types():
    texts = [f"int(*)(char(*)[{i}], long)" for i in range(1, 60)]
    results, start = [], threading.Barrier(4)

    def work():
        ffi = FFI()
        start.wait()
        results.append([ffi.typeof(text) for text in texts])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for row in zip(*results, strict=True):
        assert len(set(row)) == 1


def test_many_threads_use_one_ffi(declare):
    text = "struct s { struct { int a; }; union { int b; char c[8]; }; struct s *next; };"
    ffi = declare(text)
    results, start = [], threading.Barrier(4)

    def work():
        start.wait()
        ct = ffi.typeof("struct s")
        fields = [field for _, field in ct.fields]
        results.append((ct, ffi.typeof("struct s *(*)(struct s *)"), *fields))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == 1
