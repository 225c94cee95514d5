"""Random signatures with records of all shapes by value, called and called back.

C text is drawn from a seed and read by the C compiler and by ffi.cdef() alike.
Function k keeps its arguments in `seen_k` and returns `result_k`; `drive_k` calls
a callback with `seen_k` and keeps what it returns in `result_k`.
"""

import platform
import random
import sys

import native_library
import pytest
from conftest import FULL
from modes import MODES, Builder, set_backend

SEEDS = range(100 if FULL else 4)
RECORDS, FUNCTIONS, ROUNDS = 12, 24, 3

# name -> how a value of it is drawn
INTEGERS = {
    "signed char": (8, True),
    "unsigned char": (8, False),
    "short": (16, True),
    "unsigned short": (16, False),
    "int": (32, True),
    "unsigned int": (32, False),
    "long": (64, True),
    "unsigned long": (64, False),
    "int8_t": (8, True),
    "uint64_t": (64, False),
    "__int128": (128, True),
    "enum color": (32, True),
}
FLOATS = ["float", "double", "long double"]
COMPLEX = ["float _Complex", "double _Complex", "long double _Complex"]
OTHERS = ["_Bool", "char", "void *"]
PRIMITIVES = [*INTEGERS, *FLOATS, *FLOATS, *COMPLEX, *OTHERS]
# name -> kind of an item, bytes; by value where we place them ourselves
VECTORS = {
    "v_char": ("signed char", 16),
    "v_int": ("int", 16),
    "v_long": ("long", 16),
    "v_double": ("double", 16),
    "v_float": ("float", 8),
    "v_short": ("short", 8),
}
SIZES = {"signed char": 1, "short": 2, "int": 4, "float": 4, "long": 8, "double": 8}
RARE_FLOATS = ["_Float16", "_Float128"]


def is_sysv():
    return platform.machine() == "x86_64" and sys.platform.startswith("linux")


if is_sysv():
    PRIMITIVES += [*VECTORS, *RARE_FLOATS]


class Field:
    def __init__(self, name, kind, length=None, bits=None):
        self.name, self.kind, self.length, self.bits = name, kind, length, bits

    def text(self):
        if self.length is not None:
            return f"{self.kind} {self.name}[{self.length}];"
        if self.bits is not None:
            return f"{self.kind} {self.name} : {self.bits};"
        return f"{self.kind} {self.name};"


class Generator:
    """Draws declarations, then values of the declared types."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.records = {}  # "struct s3" -> fields
        self.text = "enum color { RED = -1, GREEN, BLUE };\n"
        for name, (item, size) in VECTORS.items():
            self.text += f"typedef {item} {name} __attribute__((vector_size({size})));\n"
        for i in range(RECORDS):
            self.add_record(i)

    def kind(self):
        if self.records and self.random.random() < 0.3:
            return self.random.choice(list(self.records))
        return self.random.choice(PRIMITIVES)

    def field(self, i):
        r = self.random.random()
        if r < 0.2:
            kind = self.random.choice([k for k in INTEGERS if k not in ("enum color", "__int128")])
            return Field(f"f{i}", kind, bits=self.random.randint(1, INTEGERS[kind][0]))
        if r < 0.4:
            return Field(f"f{i}", self.kind(), length=self.random.randint(1, 3))
        return Field(f"f{i}", self.kind())

    def add_record(self, i):
        word = "union" if self.random.random() < 0.25 else "struct"
        count = self.random.choice([0, 1, 1, 2, 2, 2, 3, 4, 6])
        fields = [self.field(n) for n in range(count if word == "struct" else max(count, 1))]
        attribute = self.random.choice(
            [""] * 6 + ["packed", "aligned(16)", "aligned(32)", "packed, aligned(4)"]
        )
        body = " ".join(field.text() for field in fields)
        tail = f" __attribute__(({attribute}))" if attribute else ""
        self.records[f"{word} r{i}"] = fields
        self.text += f"{word} r{i} {{ {body} }}{tail};\n"

    def add_function(self, k):
        """Its parameter types and result type."""
        parameters = [self.kind() for _ in range(self.random.choice([0, 1, 2, 3, 4, 6, 9, 12]))]
        result = self.random.choice(["void", self.kind(), self.kind()])
        listed = ", ".join(f"{p} a{i}" for i, p in enumerate(parameters)) or "void"
        kept = " ".join(f"{p} a{i};" for i, p in enumerate(parameters))
        self.text += f"struct seen_{k} {{ {kept} }}; extern struct seen_{k} seen_{k};\n"
        if result != "void":
            self.text += f"extern {result} result_{k};\n"
        self.text += f"{result} f_{k}({listed});\nvoid drive_{k}({result} (*callback)({listed}));\n"
        return parameters, result

    def value(self, kind):
        """A value as an initializer; a union's names one member."""
        r = self.random
        if kind in self.records:
            fields = self.records[kind]
            if kind.startswith("union"):
                fields = [r.choice(fields)]
            return {f.name: self.field_value(f) for f in fields}
        if kind in INTEGERS:
            return self.integer(*INTEGERS[kind])
        if kind in FLOATS:
            return r.randint(-(2**20), 2**20) / 8
        if kind in RARE_FLOATS:
            return r.randint(-(2**10), 2**10) / 4
        if kind in VECTORS:
            item, size = VECTORS[kind]
            return [self.value(item) for _ in range(size // SIZES[item])]
        if kind in COMPLEX:
            return complex(r.randint(-999, 999) / 4, r.randint(-999, 999) / 4)
        return {
            "_Bool": r.random() < 0.5,
            "char": bytes([r.randrange(256)]),
            "void *": r.randrange(2**64),
        }[kind]

    def integer(self, bits, signed):
        least, greatest = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        return self.random.choice([least, greatest, self.random.randint(least, greatest)])

    def field_value(self, field):
        if field.bits is not None:
            return self.integer(field.bits, INTEGERS[field.kind][1])
        if field.length is not None:
            return [self.value(field.kind) for _ in range(field.length)]
        return self.value(field.kind)


def definitions(functions):
    """The C code behind the declarations."""
    text = ""
    for k, (parameters, result) in enumerate(functions):
        listed = ", ".join(f"{p} a{i}" for i, p in enumerate(parameters)) or "void"
        keep = " ".join(f"seen_{k}.a{i} = a{i};" for i in range(len(parameters)))
        passed = ", ".join(f"seen_{k}.a{i}" for i in range(len(parameters)))
        has = result != "void"
        text += f"""
        struct seen_{k} seen_{k};
        {f"{result} result_{k};" if has else ""}
        {result} f_{k}({listed}) {{ {keep} {f"return result_{k};" if has else ""} }}
        void drive_{k}({result} (*callback)({listed}))
        {{ {f"result_{k} =" if has else ""} callback({passed}); }}"""
    return text


class Checker:
    """Converts drawn values for one FFI, and compares what comes back."""

    def __init__(self, ffi, generator):
        self.ffi, self.generator = ffi, generator

    def given(self, kind, value):
        """The Python object to pass for a drawn value."""
        fields = self.generator.records.get(kind)
        if fields is not None:
            by_name = {f.name: f for f in fields}
            return {n: self.given_field(by_name[n], v) for n, v in value.items()}
        if kind == "void *":
            return self.ffi.cast("void *", value)
        return value

    def given_field(self, field, value):
        if field.length is not None:
            return [self.given(field.kind, v) for v in value]
        return self.given(field.kind, value)

    def as_cdata(self, kind, value):
        """Or, for a record, a cdata of it."""
        given = self.given(kind, value)
        return self.ffi.new(f"{kind} *", given)[0] if kind in self.generator.records else given

    def same(self, kind, got, value):
        fields = self.generator.records.get(kind)
        if fields is not None:
            by_name = {f.name: f for f in fields}
            return all(self.same_field(by_name[n], getattr(got, n), v) for n, v in value.items())
        if kind in ("long double", "_Float128"):
            got = float(got)
        if kind == "long double _Complex":
            got = complex(got)
        if kind in VECTORS:
            got = list(got)
        if kind == "void *":
            got = int(self.ffi.cast("uintptr_t", got))
        return got == value

    def same_field(self, field, got, value):
        if field.length is not None:
            return all(self.same(field.kind, got[i], v) for i, v in enumerate(value))
        return self.same(field.kind, got, value)


def check_call(checker, lib, k, parameters, result):
    generator = checker.generator
    values = [generator.value(p) for p in parameters]
    wanted = generator.value(result) if result != "void" else None
    if result != "void":
        setattr(lib, f"result_{k}", checker.given(result, wanted))
    make = generator.random.choice([checker.given, checker.as_cdata])
    got = getattr(lib, f"f_{k}")(*map(make, parameters, values))
    seen = getattr(lib, f"seen_{k}")
    for i, (kind, value) in enumerate(zip(parameters, values, strict=True)):
        assert checker.same(kind, getattr(seen, f"a{i}"), value), f"argument {i} of f_{k}"
    assert got is None if result == "void" else checker.same(result, got, wanted), f"f_{k}"


def check_callback(checker, lib, k, parameters, result):
    generator = checker.generator
    values = [generator.value(p) for p in parameters]
    wanted = generator.value(result) if result != "void" else None
    problems = []

    def callback(*got):
        for i, (kind, value) in enumerate(zip(parameters, values, strict=True)):
            if not checker.same(kind, got[i], value):
                problems.append(f"argument {i} of the callback of drive_{k}")
        return None if result == "void" else checker.given(result, wanted)

    seen = getattr(lib, f"seen_{k}")
    for i, (kind, value) in enumerate(zip(parameters, values, strict=True)):
        setattr(seen, f"a{i}", checker.given(kind, value))
    signature = f"{result}({', '.join(parameters) or 'void'})"
    getattr(lib, f"drive_{k}")(checker.ffi.callback(signature, callback))
    assert problems == []
    if result != "void":
        assert checker.same(result, getattr(lib, f"result_{k}"), wanted), f"drive_{k}"


# The others share their code with one of these, so a seed will do.
EVERYWHERE = ["register", "libffi", "module"]
CASES = [(seed, mode) for seed in SEEDS for mode in (MODES if seed == 0 else EVERYWHERE)]


@pytest.fixture
def backend(mode):
    set_backend(mode)
    yield
    set_backend("register")


@pytest.mark.usefixtures(backend.__name__)
@pytest.mark.parametrize(("seed", "mode"), CASES)
def test_random_signatures(tmp_path, seed, mode):
    generator = Generator(seed)
    functions = [generator.add_function(k) for k in range(FUNCTIONS)]
    text = "#include <stdint.h>\n" + generator.text + definitions(functions)
    build = Builder(tmp_path)
    ffi, lib = build(mode, generator.text, text, {}, extra_compile_args=["-w"])
    assert ffi.unavailable() == []
    if lib is None:
        source = tmp_path / "random.c"
        source.write_text(text, encoding="utf-8")
        path = native_library.compile_library(tmp_path, "random", source, flags=("-w",))
        lib = ffi.dlopen(str(path))
    checker = Checker(ffi, generator)
    for k, (parameters, result) in enumerate(functions):
        for _ in range(ROUNDS):
            check_call(checker, lib, k, parameters, result)
            check_callback(checker, lib, k, parameters, result)
