"""A cdef is all or nothing, also when threads do it at once."""

import threading

import pytest

from cffi_core import FFI, CDefError, FFIError

GOOD = "struct base { int x; }; typedef struct base base_t; enum { ONE = 1 }; int f(base_t *);"
CODE = GOOD.replace("*);", "*p) { return p->x; }")


def snapshot(ffi):
    table = ffi._table
    return (
        ffi.list_types(),
        ffi.unavailable(),
        table.n_decls,
        table.n_types,
        [table.decl(i)["name"] for i in range(1, table.n_decls + 1)],
        [table.type(i) for i in range(1, table.n_types + 1)],
        len(ffi._sources),
    )


@pytest.mark.parametrize(
    "broken",
    [
        "struct fresh { int y; }; int g(",
        "struct base;  struct other { struct base b; }; typedef char base_t;",
        "enum { TWO = 2, THREE }; enum { TWO = 5 };",
        "#define FOUR 4\n#define FOUR 5\nint x[FOUR];",
        "struct inside { struct inside again; };",
        "struct waits; int h(struct waits *); struct waits { int z; }; }",
        "typedef int t1; typedef t1 t2; int k(unknown);",
        "int a[0x7fffffffffffffff][4];",
        "int \0;",
        "struct s { int a; int a; };",
        "#pragma pack(push, 1)\nstruct tight { char c; int i; };\nint !;",
    ],
)
def test_a_failed_cdef_leaves_no_trace(declare, broken):
    ffi = declare(GOOD, CODE)
    before = snapshot(ffi)
    with pytest.raises(CDefError):
        ffi.cdef(broken)
    assert snapshot(ffi) == before
    ffi.cdef("struct fresh { long y; }; typedef long t1; enum { TWO = 2 };")
    assert ffi.sizeof("struct fresh") == 8
    assert ffi.integer_const("TWO") == 2


def test_a_failed_cdef_may_be_the_first_use(declare):
    """What a compiled module declares is read late: by the failing text, first."""
    touched, other = declare(GOOD, CODE), declare(GOOD, CODE)
    with pytest.raises(CDefError):
        touched.cdef("struct more { base_t b[ONE]; }; struct base { int y; };")
    assert touched.list_types() == other.list_types()
    assert touched.unavailable() == other.unavailable()
    assert touched.integer_const("ONE") == 1
    assert [name for name, _ in touched.typeof("base_t").fields] == ["x"]


def test_a_failed_cdef_does_not_complete_a_struct(declare):
    declare.completing()
    ffi = declare("struct later;")
    ct = ffi.typeof("struct later")
    with pytest.raises(CDefError):
        ffi.cdef("struct later { int x; }; int (;")
    assert ct.fields is None
    ffi.cdef("struct later { long y; };")
    assert [name for name, _ in ct.fields] == ["y"]
    assert ffi.sizeof(ct) == 8


def test_a_failed_override_changes_no_type_string(declare):
    ffi = declare("typedef int t;")
    with pytest.raises(CDefError):
        ffi.cdef("typedef char t; int (;", override=True)
    assert ffi.sizeof("t") == 4


def test_pack_ends_with_its_cdef():
    ffi = FFI()
    ffi.cdef("#pragma pack(1)\nstruct a { char c; int i; };")
    ffi.cdef("struct b { char c; int i; };")
    assert (ffi.sizeof("struct a"), ffi.sizeof("struct b")) == (5, 8)


def run(workers):
    errors = []
    start = threading.Barrier(len(workers))

    def guarded(work):
        try:
            start.wait()
            work()
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_threads_declare_in_one_ffi(declare):
    ffi = declare(GOOD, CODE)

    def worker(k):
        def work():
            for i in range(60):
                ffi.cdef(f"struct s{k}_{i} {{ struct base b[{i + 1}]; }};")
                ffi.cdef(f"enum {{ E{k}_{i} = {i} }};")
                with pytest.raises(CDefError):
                    ffi.cdef(f"struct bad{k}_{i} {{ int x; }}; int (;")
                assert ffi.sizeof(f"struct s{k}_{i}") == 4 * (i + 1)
                assert ffi.integer_const(f"E{k}_{i}") == i

        return work

    run([worker(k) for k in range(4)])
    _, structs, _ = ffi.list_types()
    assert len(structs) == 4 * 60 + 1


def test_threads_race_for_one_declaration():
    ffi = FFI()
    results = []

    def work():
        try:
            ffi.cdef("struct only { int x; struct only *next; }; typedef struct only *only_p;")
        except FFIError:  # another came first
            results.append("late")
        results.append(ffi.typeof("only_p").item)

    run([work] * 6)
    types = [r for r in results if r != "late"]
    assert len(types) == 6
    assert len(set(types)) == 1


def test_a_thread_completes_what_others_use():
    ffi = FFI()
    ffi.cdef("".join(f"struct o{i};" for i in range(200)))
    types = [ffi.typeof(f"struct o{i}") for i in range(200)]
    finished = threading.Event()

    def complete():
        for i in range(200):
            ffi.cdef(f"struct o{i} {{ int x; char y[{i + 1}]; }};")
        finished.set()

    def look():
        while not finished.is_set():
            for ct in types:
                fields = ct.fields
                assert fields is None or [name for name, _ in fields] == ["x", "y"]

    run([complete, look, look])
    assert [ffi.sizeof(ct) for ct in types] == [4 + (i + 4) // 4 * 4 for i in range(200)]


def test_threads_include_one_ffi(declare):
    shared = declare("".join(f"struct c{i} {{ int x[{i + 1}]; }};" for i in range(50)))

    def worker(k):
        def work():
            ffi = FFI()
            ffi.include(shared)
            for i in range(50):
                assert ffi.typeof(f"struct c{i} *").item is shared.typeof(f"struct c{i}")
                shared.cdef(f"struct d{k}_{i} {{ int y; }};")
                assert ffi.sizeof(f"struct d{k}_{i}") == 4

        return work

    run([worker(k) for k in range(4)])
