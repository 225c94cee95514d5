"""Every type in every place with every value, as snippets of differential.compare."""

import re

import library

# Two spaces or a new line between any two.
VALUES = """
0  1  -1  7  127  128  -128  -129  255  256  32767  32768  65535  65536  -32769
2**30  2**31-1  2**31  -2**31  -2**31-1  2**32-1  2**32  2**63-1  2**63  -2**63  -2**63-1
2**64-1  2**64  2**70  -2**70  10**400  True  False  None  Decimal('7.9')  Fraction(5,2)
0.0  1.5  -0.0  1e39  1e400  float('nan')  1j  2+0j
b''  b'a'  b'ab'  b'\xff'  bytearray(b'a')  memoryview(b'a')
'a'  'ab'  ''  '\u1234'  '\U00012345'  '\udc00'
[]  [1]  [1,2]  (1,2)  {}  {'x':5}  {'z':5}  range(2)  object  len  Ellipsis
Int(7)  Index(7)  Real()  MyInt(7)  MyFloat(2.5)  MyStr('a')  MyBytes(b'a')
ffi.cast('int',5)  ffi.cast('int',-5)  ffi.cast('unsigned int',2**31)
ffi.cast('unsigned long long',2**63)  ffi.cast('_Bool',1)  ffi.cast('enum e',5)
ffi.cast('char',65)  ffi.cast('signed char',65)  ffi.cast('wchar_t',65)
ffi.cast('char16_t',65)  ffi.cast('char32_t',65)
ffi.cast('float',2.5)  ffi.cast('double',2.5)  ffi.cast('long double',2.5)
ffi.NULL  ffi.cast('int*',8)  ffi.cast('void*',8)  ffi.cast('char*',0)
ffi.cast('unsigned char*',0)  ffi.cast('signed char*',0)  ffi.cast('wchar_t*',0)
ffi.cast('struct pt*',0)  ffi.cast('struct op*',0)  ffi.cast('fn',0)  ffi.cast('int(*)(int)',0)
ffi.new('int[2]',[3,4])  ffi.new('char[2]',b'x')  ffi.new('struct pt*',[3,4])
ffi.new('struct pt*',[3,4])[0]  ffi.new('struct one*')[0]  lib.add  lib.chosen
ffi.typeof('int')  ffi.buffer(ffi.new('int*'))  ffi.from_buffer(bytearray(4))
"""
PLACES = "argument pointed item field deref new new_list new_field global row callback cast extern"
POINTERS = [k for k in library.NAMED if k.endswith("ptr") and k != "ptrdiff"]


def has(mode: str, place: str, k: str, value: str) -> bool:
    """Whether stock cffi can do this at all, and with the same result twice."""
    if place == "cast" and k not in POINTERS and re.search(r"ffi\.(new|from)|lib\.", value):
        return False  # part of an address
    if place == "extern":
        return mode == "api" and k not in library.COMPLEX  # for these it crashes
    if place == "pointed" and mode == "verify":
        return False
    if place in ("pointed", "callback") and k in library.COMPLEX:
        return False
    if place in ("global", "callback"):
        return mode != "abi" or "enum" not in k
    return True


class Places:
    """put(place, letters of the type, value): writes the value there and reads it back."""

    def __init__(self, ffi, lib, mode: str) -> None:
        self.ffi, self.lib, self.mode, self.types = ffi, lib, mode, library.named(mode)

    def put(self, place: str, k: str, value):
        return getattr(self, place)(k, self.types[k], value)

    def new_in(self, declarator: str, t: str, *init):
        return self.ffi.new(self.ffi.getctype(t, declarator), *init)

    def argument(self, k, t, value):
        return getattr(self.lib, f"echo_{k}")(value)

    def pointed(self, k, t, value):
        return self.ffi.addressof(self.lib, f"echo_{k}")(value)

    def item(self, k, t, value):
        a = self.new_in("[3]", t)
        a[1] = value
        return a[1]

    def field(self, k, t, value):
        p = self.ffi.new(f"struct box_{k} *")
        p.x = value
        return p.x

    def deref(self, k, t, value):
        p = self.new_in("*", t)
        p[0] = value
        return p[0]

    def new(self, k, t, value):
        return self.new_in("*", t, value)[0]

    def new_list(self, k, t, value):
        return list(self.new_in("[]", t, [value]))

    def new_field(self, k, t, value):
        return self.ffi.new(f"struct box_{k} *", {"x": value}).x

    def cast(self, k, t, value):
        return self.ffi.cast(t, value)

    def shared(self, k):
        found = getattr(self.lib, f"global_{k}")
        # A record is a view of the variable.
        return [found.x, found.y] if k == "st" else found

    def cleared(self, k, t):
        if self.mode == "verify":
            return  # stock cffi has no addressof() there
        self.ffi.memmove(self.ffi.addressof(self.lib, f"global_{k}"), self.new_in("*", t),
                         self.ffi.sizeof(t))  # fmt: skip

    def global_(self, k, t, value):
        self.cleared(k, t)
        setattr(self.lib, f"global_{k}", value)
        return self.shared(k)

    def row(self, k, t, value):
        getattr(self.lib, f"row_{k}")[2] = value
        return getattr(self.lib, f"row_{k}")[2]

    def called(self, k, t, run, bind, value):
        """What C gets from a function that returns the value, or the exception of it."""
        self.cleared(k, t)
        caught = []
        kept = bind(lambda: value, lambda *error: caught.append(error[1]))
        run(*([kept] if kept is not None else []))
        if caught:
            raise caught[0]
        return self.shared(k)

    def callback(self, k, t, value):
        ctype = self.ffi.getctype(t, "(*)(void)")

        def bind(function, onerror):
            return self.ffi.callback(ctype, function, onerror=onerror)

        return self.called(k, t, getattr(self.lib, f"call_{k}"), bind, value)

    def extern(self, k, t, value):
        def bind(function, onerror):
            self.ffi.def_extern(name=f"ext_{k}", onerror=onerror)(function)

        return self.called(k, t, getattr(self.lib, f"run_{k}"), bind, value)


setattr(Places, "global", Places.global_)


def snippets(mode: str) -> list[str]:
    values = re.split(r"\s\s+|\n", VALUES.strip())
    return [
        f"put({place!r}, {k!r}, {value})"
        for place in PLACES.split()
        for k in library.named(mode)
        for value in values
        if has(mode, place, k, value)
    ]


# What differs on purpose: the reason, and what cffi and we say.
DIFFERENCES = [
    (
        "a function is a function pointer, in verify() too",
        r"TypeError: initializer for ctype '.*' must be a cdata pointer, not builtin_function.*",
        r"\[?<cdata '.*' 0xADDRESS>\]?|TypeError: (?:implicit cast|initializer).*",
    ),
    (
        "long double is a number",
        r"TypeError: complex\(\) not supported on cdata 'long double'",
        r"<cdata '.*' \(2.5\+0j\)>",
    ),
    (
        "no SystemError",
        r"SystemError: invalid maximum character passed to PyUnicode_New",
        r"ValueError: (?:wchar|char32)_t out of range for conversion to unicode: 0xADDRESS",
    ),
    (
        "by its size wherever a compiled function takes it, else by its name",
        r"OverflowError: integer (.*) does not fit '.*'",
        r"OverflowError: integer \1 does not fit '.*'",
    ),
    (
        "one message for a _Bool in every place",
        r"OverflowError: (?:int too big to convert|integer .* does not fit '_Bool')",
        r"OverflowError: (?:can't convert negative number to unsigned|.* does not fit '_Bool')",
    ),
    ("fields that a callback does not give are 0", r"\[-?\d+, -?\d+\]", r"\[[015], 0\]"),
    (
        "__index__ is accepted",
        r"TypeError: (?:an integer is required|integer/float expected)",
        r"7|\[7\]|<cdata '.*' .*>|OverflowError: integer <Index object .* does not fit '_Bool'",
    ),
]


def reason(peer: str, mine: str) -> str:
    """Why the two outcomes of one snippet differ on purpose, or ''."""
    for why, theirs, own in DIFFERENCES:
        found = re.fullmatch(theirs, peer)
        if found:
            pattern = re.sub(r"\\(\d)", lambda m, g=found: re.escape(g[int(m[1])]), own)
            if re.fullmatch(pattern, mine):
                return why
    return ""
