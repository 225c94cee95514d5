"""FFI's own methods: arguments and their errors, cdef's options, questions about types."""

import errno
import gc
import re
import subprocess
import sys
import sysconfig
import threading
import weakref

import pytest

import cffi_core
from cffi_core import FFI, CDefError, FFIError

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
CDEF = """
    struct opaque;
    struct s {
        int x, y;
        struct { int q; int w[4]; } in;
        int arr[3][4];
        int b : 3;
        struct { char c; };
    };
    enum e { A, B = 5 };
    typedef int fn(int);
    #define Z 5
    static const int K = 1 + 6;
    #define HUGE_ONE 0xffffffffffffffff
"""

# ---- the module ------------------------------------------------------------------------


def test_exceptions():
    for name in ("FFIError", "CDefError", "VerificationError", "VerificationMissing"):
        assert getattr(cffi_core, name).__module__ == "cffi_core"
    assert issubclass(CDefError, FFIError)
    assert FFI.error is FFI().error is FFIError


def test_import_brings_in_the_core_alone():
    program = (
        "import sys; before = set(sys.modules); import cffi_core;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    # A debug build decodes ASCII by its module.
    found = {m for m in done.stdout.split() if not m.startswith("encodings")}
    found -= {"atexit"} if FREE_THREADED else set()
    assert found == {"_cffi_core", "cffi_core", "cffi_core._core"}, done.stderr


@pytest.mark.parametrize("first", ["FFI.CType", "FFI.CData", "c.CType", "c._CDataBase", "c.Lib"])
def test_whatever_type_is_asked_for_first(first):
    program = (
        f"import _cffi_core as c; from _cffi_core import FFI; {first}; ffi = FFI();"
        "print(ffi.new('int *'), isinstance(ffi.NULL, FFI.CData), c.Lib.__name__,"
        "type(ffi.NULL) is c._CDataBase, type(ffi.typeof('int')) is FFI.CType is c.CType)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "<cdata 'int *' owning 4 bytes> True Lib True True\n", done.stderr


def test_unknown_attribute_of_the_package():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        cffi_core.nothing


def test_imported_again():
    program = """
import sys, gc
for _ in range(3):
    import cffi_core
    ffi = cffi_core.FFI()
    ffi.cdef("struct s { int x; };")
    p = ffi.new("struct s *", [5])
    ct = ffi.typeof("struct s *")
    for name in [m for m in sys.modules if m.startswith("cffi_core")]:
        del sys.modules[name]
    del cffi_core, ffi
    gc.collect()
    assert p.x == 5 and ct.item.fields[0][0] == "x"
print("done")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "done\n", done.stderr


# ---- the object ------------------------------------------------------------------------


def test_attributes_subclass_weakref():
    class Sub(FFI):
        def __init__(self, note):
            super().__init__()
            self.note = note

    ffi = Sub("x")
    assert (ffi.note, isinstance(ffi, FFI)) == ("x", True)
    assert ffi.sizeof("int") == 4


def test_attributes_of_one_s_own(declare):
    ffi = declare()
    before = dict(vars(ffi))
    ffi.anything = 5
    assert vars(ffi) == {**before, "anything": 5}
    assert weakref.ref(ffi)() is ffi
    del ffi.anything
    assert vars(ffi) == before


def test_no_other_backend():
    assert FFI(backend=None).sizeof("char") == 1
    with pytest.raises(TypeError):
        FFI(object())


@pytest.mark.skipif(FREE_THREADED, reason="FFIs are immortal")
def test_an_ffi_in_a_cycle_dies(declare):
    ffi = declare("struct s { struct s *next; };")
    ffi.me, ffi.ct = ffi, ffi.typeof("struct s").fields
    seen = weakref.ref(ffi)
    del ffi
    gc.collect()
    assert seen() is None


def test_constants_of_the_class(ffi):
    assert repr(ffi.NULL) == "<cdata 'void *' NULL>"
    assert ffi.NULL == ffi.cast("char *", 0)
    assert isinstance(ffi.NULL, ffi.CData)
    assert isinstance(ffi.typeof("int"), ffi.CType)
    assert ffi.BVoidP is ffi.typeof("void *")
    assert ffi.BCharA is ffi.typeof("char[]")
    assert len(ffi.buffer(ffi.new("int *"))) == 4


def test_errno(ffi):
    ffi.errno = errno.EBADF
    assert ffi.errno == FFI().errno == errno.EBADF
    others = []
    thread = threading.Thread(target=lambda: others.append(ffi.errno))
    thread.start()
    thread.join()
    assert others == [0]
    with pytest.raises(TypeError):
        ffi.errno = "x"
    with pytest.raises(OverflowError, match="errno value too large"):
        ffi.errno = 2**40
    with pytest.raises(AttributeError):
        del ffi.errno
    assert ffi.errno == errno.EBADF


# ---- arguments ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda f: f.new(), "new() missing required argument 'cdecl' (pos 1)"),
        (lambda f: f.new("int *", 1, 2), "new() takes at most 2 arguments (3 given)"),
        (lambda f: f.new("int *", foo=1), "'foo' is an invalid keyword argument for new()"),
        (
            lambda f: f.new("int *", cdecl="int *"),
            "argument for new() given by name ('cdecl') and position (1)",
        ),
        (lambda f: f.cast("int"), "cast() missing required argument 'source' (pos 2)"),
        (lambda f: f.new(5), "expected a string or ctype object, got 'int'"),
        (lambda f: f.new(b"int *"), "expected a string or ctype object, got 'bytes'"),
        (lambda f: f.typeof(5), "expected a string or cdata object, got 'int'"),
        (
            lambda f: f.typeof(f.typeof("int")),
            "expected a string or cdata object, got 'cffi_core.CType'",
        ),
        (
            lambda f: f.sizeof(None),
            "expected a string or ctype object or cdata object, got 'NoneType'",
        ),
        (lambda f: f.offsetof("int"), "offsetof() expects at least 2 arguments"),
        (lambda f: f.addressof(), "addressof() expects at least 1 argument"),
        (lambda f: f.getctype("int", 5), "getctype() argument 2 must be str, not int"),
        (lambda f: f.cdef(5), "cdef() argument must be a string"),
        (lambda f: f.cdef(b"int x;"), "cdef() argument must be a string"),
        (lambda f: f.new_allocator(None, print), "cannot pass 'free' without 'alloc'"),
        (
            lambda f: f.from_buffer(),
            "from_buffer() missing required argument 'python_buffer' (pos 2)",
        ),
    ],
)
def test_wrong_arguments(ffi, call, message):
    with pytest.raises(TypeError) as caught:
        call(ffi)
    assert str(caught.value) == message


def test_keyword_arguments(ffi):
    assert ffi.new(cdecl="int *", init=3)[0] == 3
    assert ffi.getctype("int", replace_with="a") == "int a"
    assert ffi.string(cdata=ffi.new("char[]", b"abc"), maxlen=2) == b"ab"
    assert list(ffi.from_buffer("int8_t[]", python_buffer=b"\1\2")) == [1, 2]
    target = bytearray(3)
    ffi.memmove(dest=target, src=b"abc", n=3)
    assert target == b"abc"


@pytest.mark.parametrize("text", ["", " ", "int)", "no_such_type", "int \0*", "int\ud800", "int 5"])
def test_type_strings_that_are_none(ffi, text):
    for _ in range(2):  # an error is not remembered
        with pytest.raises((CDefError, UnicodeEncodeError)):
            ffi.typeof(text)


def test_an_error_in_a_type_string_shows_the_place(ffi):
    with pytest.raises(CDefError) as caught:
        ffi.typeof("int *[no_such]")
    first, line, caret = str(caught.value).split("\n")
    assert first.startswith("<type>:1:7: ")
    assert line == "int *[no_such]"
    assert caret == " " * 6 + "^"


# ---- questions about types ------------------------------------------------------------------


def test_sizeof_alignof(ffi):
    assert ffi.sizeof("int") == ffi.sizeof(ffi.typeof("int")) == 4
    assert ffi.sizeof("int(*)(int)") == ffi.sizeof("fn *") == 8
    assert ffi.sizeof("int[3][4]") == 48
    assert ffi.sizeof(ffi.new("int[]", 5)) == 20
    assert ffi.alignof("long double") == 16
    assert ffi.alignof("int[]") == 4
    assert ffi.alignof("struct s") == 4
    assert ffi.alignof(ffi.new("short[3]")) == 2


@pytest.mark.parametrize("text", ["void", "struct opaque", "int[]"])
def test_types_without_a_size(ffi, text):
    with pytest.raises(ValueError) as caught:
        ffi.sizeof(text)
    out_of_line = f"don't know the size of ctype '{text}'"
    assert str(caught.value) in (f"ctype '{text}' is of unknown size", out_of_line)


@pytest.mark.parametrize("text", ["void", "struct opaque"])
def test_types_without_an_alignment(ffi, text):
    with pytest.raises(ValueError) as caught:
        ffi.alignof(text)
    assert str(caught.value) == f"ctype '{text}' is of unknown alignment"


def test_offsetof(ffi):
    assert ffi.offsetof("struct s", "y") == 4
    assert ffi.offsetof("struct s *", "y") == 4
    assert ffi.offsetof("struct s", "in", "w", 2) == 20
    assert ffi.offsetof("struct s", "arr", 1, 2) == 28 + 6 * 4
    assert ffi.offsetof("struct s", "c") == 77
    assert ffi.offsetof("int[5]", 3) == ffi.offsetof("int *", 3) == 12
    assert ffi.offsetof("int[5]", -1) == -4


@pytest.mark.parametrize(
    "path, error",
    [
        (["struct s", "zz"], KeyError),
        (["struct s", "in", "zz"], KeyError),
        (["struct s", "in.w"], KeyError),
        (["struct s", "b"], TypeError),
        (["struct s", "x", "y"], TypeError),
        (["struct s", 3], TypeError),
        (["struct opaque", "x"], TypeError),
        (["int", 3], TypeError),
        (["int *", "x"], TypeError),
        (["int[5]", 1.5], TypeError),
        (["int[5]", 2**70], TypeError),
        (["int *", 2**62], OverflowError),
    ],
)
def test_offsetof_refuses(ffi, path, error):
    with pytest.raises(error):
        ffi.offsetof(*path)


def test_addressof(ffi):
    p = ffi.new("struct s *")
    assert ffi.addressof(p[0]) == p
    assert ffi.typeof(ffi.addressof(p[0])) is ffi.typeof("struct s *")
    field = ffi.addressof(p[0], "arr", 1, 2)
    assert ffi.typeof(field) is ffi.typeof("int *")
    field[0] = 7
    assert p.arr[1][2] == 7
    array = ffi.new("int[3]", [1, 2, 3])
    assert ffi.addressof(array, 1)[0] == 2
    assert ffi.typeof(ffi.addressof(array)) is ffi.typeof("int(*)[3]")
    with pytest.raises(TypeError):
        ffi.addressof(p)
    with pytest.raises(TypeError):
        ffi.addressof(5)
    with pytest.raises(KeyError):
        ffi.addressof(p[0], "zz")


@pytest.mark.parametrize(
    "text, declarator, result",
    [
        ("int", "", "int"),
        ("int", "*", "int *"),
        ("int", "foo", "int foo"),
        ("int", "[5]", "int[5]"),
        ("int", "(x)", "int(x)"),
        ("int *", " [5] ", "int *[5]"),
        ("int *", "&", "int * &"),
        ("int[5]", "*", "int(*)[5]"),
        ("int[5]", "*foo", "int(*foo)[5]"),
        ("int[5]", " ", "int[5]"),
        ("int[3]", "a", "int a[3]"),
        ("int[3]", "(*)(int)", "int(*)(int)[3]"),
        ("char[80]", "a", "char a[80]"),
        ("int(*)(long)", "foo", "int(* foo)(long)"),
        ("int(*)(long)", "[3]", "int(*[3])(long)"),
    ],
)
def test_getctype(ffi, text, declarator, result):
    assert ffi.getctype(text, declarator) == result
    assert ffi.getctype(ffi.typeof(text), declarator) == result


def test_arguments_by_name(ffi):
    assert ffi.typeof(cdecl="int") is ffi.typeof("int")
    assert ffi.sizeof(cdecl="int") == ffi.alignof(cdecl="int") == 4
    handle = ffi.new_handle(x=ffi)
    assert ffi.from_handle(x=handle) is ffi
    assert ffi.release(x=ffi.new("int *")) is None
    assert ffi.dlclose(lib=ffi.dlopen()) is None
    assert FFI().include(ffi_to_include=FFI()) is None
    with pytest.raises(TypeError, match=r"^FFI.typeof\(\) takes exactly one argument \(2 given"):
        ffi.typeof("int", "int")
    with pytest.raises(TypeError, match="'x' is an invalid keyword argument for typeof"):
        ffi.typeof(x="int")
    with pytest.raises(TypeError, match="missing required argument|takes at most 1 argument"):
        ffi.typeof("int", cdecl="int")


def test_integer_const(ffi):
    assert (ffi.integer_const("Z"), ffi.integer_const("K"), ffi.integer_const("B")) == (5, 7, 5)
    assert ffi.integer_const("HUGE_ONE") == 2**64 - 1
    assert ffi.integer_const(name="Z") == 5
    for name in ("nope", "fn_t", "s"):
        with pytest.raises(AttributeError, match=f"integer constant '{name}' not found"):
            ffi.integer_const(name)
    with pytest.raises(TypeError, match="argument 1 must be str, not int"):
        ffi.integer_const(5)


def test_integer_const_of_a_function():
    ffi = FFI()
    ffi.cdef("int f(int); extern int v; static const double c = 1.5;")
    for name in "f", "v", "c":
        with pytest.raises(FFIError, match=f"constant '{name}' must be fetched from its original"):
            ffi.integer_const(name)


def test_list_types(declare):
    assert declare().list_types() == ([], [], [])
    ffi = declare("""
        typedef struct { int x; } anon; typedef int number; typedef struct { int x; } *foo_p;
        struct b; struct a { int x; }; union u { int x; };
        typedef int f(struct a *);
    """)
    assert ffi.list_types() == (["anon", "f", "foo_p", "number"], ["a", "b"], ["u"])


# ---- cdef ------------------------------------------------------------------------------------


def test_pack(declare):
    text = "struct p { char a; int b; };"
    for options, size in [({}, 8), ({"packed": True}, 5), ({"pack": 1}, 5), ({"pack": 2}, 6)]:
        assert declare(text, **options).sizeof("struct p") == size


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"pack": 3}, ValueError, "'pack' must be a power of two, not 3"),
        ({"pack": 0}, ValueError, "'pack' must be a power of two, not 0"),
        ({"pack": -4}, ValueError, "'pack' must be a power of two, not -4"),
        ({"packed": True, "pack": 2}, ValueError, "cannot give both 'pack' and 'packed'"),
        ({"pack": "x"}, TypeError, None),
        ({"pack": 2**70}, OverflowError, None),
        ({"unknown": 1}, TypeError, "'unknown' is an invalid keyword argument for cdef()"),
    ],
)
def test_wrong_options(ffi, options, error, message):
    with pytest.raises(error) as caught:
        ffi.cdef("int x;", **options)
    assert message is None or str(caught.value) == message


def test_a_cdef_error_shows_file_line_and_caret():
    with pytest.raises(CDefError) as caught:
        FFI().cdef('int ok(void);\n# 10 "zlib.h"\nint broken(;\n')
    first, line, caret = str(caught.value).split("\n")
    assert first.startswith("zlib.h:10:12: ")
    assert line == "int broken(;"
    assert caret.index("^") == line.index(";")


def test_override_forgets_type_strings(declare):
    ffi = declare("typedef int t;")
    assert ffi.sizeof("t") == 4
    with pytest.raises(CDefError):
        ffi.cdef("typedef char t;")
    assert ffi.sizeof("t") == 4
    ffi.cdef("typedef char t;", override=True)
    assert ffi.sizeof("t") == 1


def test_unavailable_is_listed_with_place_and_reason(declare):
    text = '# 3 "x.h"\nenum { OK };\nstruct s { int x; }%s;\ntypedef struct s s_t;'
    ffi = declare(text % " __attribute__((randomize_layout))", text % "")
    assert ffi.sizeof("int") == 4
    names = [name for name, _, _ in ffi.unavailable()]
    for name, where, reason in ffi.unavailable():
        assert isinstance(name, str)
        assert re.match(r"x\.h:5(:|$)", where)
        assert "shuffles" in reason
    if declare.mode != "included":  # it lists its own
        assert names == ["s_t"]
    with pytest.raises(FFIError):
        ffi.new("struct s *")
    assert len(set(names)) == len(names)


def test_the_table_is_visible():
    ffi = FFI()
    before = ffi._table.n_decls
    ffi.cdef("struct s { int x; }; typedef struct s t; enum { E = -3 };")
    table = ffi._table
    decls = [table.decl(i) for i in range(before + 1, table.n_decls + 1)]
    assert {d["name"] for d in decls} == {"t", "E"}
    assert next(d for d in decls if d["name"] == "E")["value"] == -3
    kinds = {table.type(i)["kind"] for i in range(1, table.n_types + 1)}
    assert {"primitive", "struct", "enum"} <= kinds
    for index in (0, table.n_types + 1):
        with pytest.raises(IndexError):
            table.type(index)
    assert table.bytes > 0
    with pytest.raises(TypeError):
        type(table)()


# ---- things done once ---------------------------------------------------------------------------


def test_init_once(declare):
    ffi = declare()
    calls = []
    assert ffi.init_once(lambda: calls.append(1) or 5, "tag") == 5
    assert ffi.init_once(lambda: calls.append(1) or 6, "tag") == 5
    assert ffi.init_once(func=lambda: 7, tag=9) == 7
    assert calls == [1]
    assert FFI().init_once(lambda: 8, "tag") == 8
    with pytest.raises(TypeError):
        ffi.init_once(lambda: 5, [])


def test_init_once_does_not_remember_an_exception(declare):
    ffi = declare()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ffi.init_once(lambda: 1 / 0, "tag")
    assert ffi.init_once(lambda: 5, "tag") == 5


def test_init_once_inside_itself(declare):
    """CFFI waits for itself for ever."""
    ffi = declare()
    message = r"init_once\(\): the function for the tag 'tag' asks for that tag itself"
    with pytest.raises(RuntimeError, match=message):
        ffi.init_once(lambda: ffi.init_once(lambda: 5, "tag"), "tag")
    assert ffi.init_once(lambda: ffi.init_once(lambda: 5, "other") + 1, "tag") == 6


def test_init_once_in_threads(declare):
    ffi = declare()
    calls, results, start = [], [], threading.Barrier(8)

    def initialise():
        calls.append(1)
        return object()

    def work():
        start.wait()
        results.append(ffi.init_once(initialise, "tag"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(calls), len(results), len(set(results))) == (1, 8, 1)


# ---- libraries, callbacks: what FFI itself adds -------------------------------------------------


def test_dlopen_by_short_name():
    ffi = FFI()
    ffi.cdef("double sqrt(double);")
    assert ffi.dlopen("m").sqrt(9) == 3
    with pytest.raises(OSError, match="Additionally, .* library called 'no_such_library'"):
        ffi.dlopen("no_such_library")


def test_callback_as_decorator(ffi):
    @ffi.callback("int(int)")
    def double(x):
        return 2 * x

    @ffi.callback("int(*)(int)", error=-1)
    def fail(x):
        raise ValueError

    assert ffi.typeof(double) is ffi.typeof("int(*)(int)")
    assert double(21) == 42
    with pytest.raises(TypeError):
        ffi.callback("int(int)")(5)
    with pytest.raises(TypeError, match="expected a function ctype, got 'int'"):
        ffi.callback("int", double)


def test_docstrings():
    for name in dir(FFI):
        if not name.startswith("_") and callable(getattr(FFI, name)):
            doc = getattr(FFI, name).__doc__
            assert doc, name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("int(*callback)(bool is_valid)", "int(*)(_Bool)"),
        ("int x[5]", "int[5]"),
        ("long *y", "long *"),
        ("struct { int a; } *p", None),
    ],
)
def test_a_type_string_may_name_what_it_declares(text, name):
    """As in CFFI, whose users copy declarations of callbacks."""
    ctype = FFI().typeof(text)
    assert name is None or ctype.cname == name


def test_a_callback_by_its_declaration():
    assert FFI().callback("int twice(int x)", lambda x: 2 * x)(21) == 42
    with pytest.raises(CDefError, match="expected the end of the type, found 'a'"):
        FFI().typeof("int a")
