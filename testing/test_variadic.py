"""Functions with `...`: promotions, every class of argument, what is refused."""

import pytest


@pytest.fixture
def opened(opener):
    return opener("variadic.h")


@pytest.fixture
def printed(opened):
    ffi, lib = opened

    def run(form, *arguments):
        buffer = ffi.new("char[200]")
        assert lib.snprintf(buffer, 200, form, *arguments) == len(ffi.string(buffer))
        return ffi.string(buffer)

    return run


def test_without_extra_arguments(printed):
    assert printed(b"plain %%") == b"plain %"


@pytest.mark.parametrize(
    ("form", "name", "value", "expected"),
    [
        (b"%d", "int", -5, b"-5"),
        (b"%u", "unsigned int", 2**32 - 1, b"4294967295"),
        (b"%ld", "long", -(2**63), b"-9223372036854775808"),
        (b"%llu", "unsigned long long", 2**64 - 1, b"18446744073709551615"),
        (b"%d", "signed char", -7, b"-7"),
        (b"%d", "unsigned char", 250, b"250"),
        (b"%d", "short", -300, b"-300"),
        (b"%d", "unsigned short", 65535, b"65535"),
        (b"%d", "_Bool", 1, b"1"),
        (b"%c", "char", b"x", b"x"),
        (b"%zu", "size_t", 12, b"12"),
        (b"%.3f", "double", 2.5, b"2.500"),
        (b"%.3f", "float", 2.5, b"2.500"),
        (b"%.2Lf", "long double", 1.25, b"1.25"),
        (b"%lc", "wchar_t", "y", b"y"),
    ],
)
def test_one_argument(opened, printed, form, name, value, expected):
    ffi, _ = opened
    assert printed(form, ffi.cast(name, value)) == expected


def test_pointers_and_arrays(opened, printed):
    ffi, _ = opened
    text = ffi.new("char[]", b"text")
    assert printed(b"%s %s", text, ffi.cast("char *", text) + 2) == b"text xt"
    assert printed(b"%p", ffi.NULL) == b"(nil)"
    assert printed(b"%s", ffi.new("char[4]", b"abcd"[:3])) == b"abc"


def test_enum_and_function(opened, printed):
    ffi, lib = opened
    ffi.cdef("enum size { SMALL, BIG = 40 }; int abs(int);")
    assert printed(b"%d", ffi.cast("enum size", "BIG" and 40)) == b"40"
    function = ffi.dlopen(None).abs
    address = int(ffi.cast("uintptr_t", function))
    assert printed(b"%p", function) == hex(address).encode()


def test_many_arguments(opened, printed):
    ffi, _ = opened
    values = list(range(12))
    extra = [ffi.cast("int" if v % 2 else "double", v) for v in values]
    form = b" ".join(b"%d" if v % 2 else b"%g" for v in values)
    assert printed(form, *extra) == b" ".join(b"%d" % v for v in values)


def test_every_class(opened):
    ffi, lib = opened
    packet = ffi.new("struct packet *", [3, 4.5])[0]
    large = ffi.new("struct large *", [[1, 2, 3, 4]])[0]
    number = ffi.new("int *", 6)
    arguments = {
        "i": (ffi.cast("int", -1), -1),
        "u": (ffi.cast("unsigned", 7), 7),
        "l": (ffi.cast("long", 2**40), 2**40),
        "d": (ffi.cast("double", 0.5), 0.5),
        "p": (number, 6),
        "L": (ffi.cast("long double", 8.25), 8.25),
        "s": (packet, 7.5),
        "b": (large, 10),
    }
    for order in "iuldpLsb", "bsLpdlui", "dddddddddd", "ssssss", "iiiiiiiiii", "LdLdbi":
        expected = sum((i + 1) * arguments[c][1] for i, c in enumerate(order))
        extra = [arguments[c][0] for c in order]
        assert lib.add_up(order.encode(), *extra) == expected


def test_python_objects_are_refused(opened):
    ffi, lib = opened
    for wrong, name in (3, "int"), (b"x", "bytes"), (None, "NoneType"), (2.5, "float"):
        text = f"argument 3 passed in the variadic part needs to be a cdata object .got {name}."
        with pytest.raises(TypeError, match=text):
            lib.add_up(b"ii", ffi.cast("int", 1), wrong)


def test_too_few_arguments(opened):
    _, lib = opened
    text = r"'int\(\*\)\(char \*, size_t, char \*, ...\)' expects at least 3 arguments, got 2"
    with pytest.raises(TypeError, match=text):
        lib.snprintf(b"", 0)


def test_opaque_argument(opened):
    ffi, lib = opened
    ffi.cdef("struct hidden;")
    with pytest.raises((TypeError, RuntimeError)):
        lib.add_up(b"i", ffi.cast("struct hidden *", 0)[0])


def test_temporaries_in_the_fixed_part(opened):
    ffi, lib = opened
    assert lib.add_up([b"i", b"i", b"\0"], ffi.cast("int", 1), ffi.cast("int", 2)) == 5
