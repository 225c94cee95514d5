"""CFFI's functional interface: types and data by functions that take ctypes, without an FFI.

The module _cffi_backend of the drop-in offers these. Records and enums made here belong to one FFI
of this module's; each has a tag of its own there, whatever it is called.
"""

import sys
from itertools import count

from . import FFI, FFIError, _core

# What _cffi_backend shows of this.
NAMES = [
    *("FFI_CDECL", "FFI_DEFAULT_ABI", "CLibrary", "alignof", "callback", "cast"),
    *("complete_struct_or_union", "from_buffer", "from_handle", "gcp", "get_errno", "getcname"),
    *("load_library", "memmove", "new_array_type", "new_enum_type", "new_function_type"),
    *("new_pointer_type", "new_primitive_type", "new_struct_type", "new_union_type"),
    *("new_void_type", "newp", "newp_handle", "rawaddressof", "release", "set_errno", "sizeof"),
    *("string", "typeof", "typeoffsetof", "unpack", "__FFIGlobSupport"),
]

_ffi = FFI()
_numbers = count()

CData = _core._CDataBase
CType = _core.CType

FFI_DEFAULT_ABI = FFI_CDECL = _ffi.typeof("void(*)(void)").abi

# How complete_struct_or_union() lays out; without them, and by others, as this machine does.
SF_MSVC_BITFIELDS, SF_GCC_ARM_BITFIELDS, SF_GCC_BIG_ENDIAN, SF_PACKED = 1, 2, 4, 8


# ---- types ----------------------------------------------------------------------


def new_primitive_type(name):
    """The ctype of an arithmetic type's name."""
    if not isinstance(name, str):
        raise TypeError(f"new_primitive_type() argument must be str, not {type(name).__name__}")
    try:
        ctype = _primitives.typeof(name)
    except FFIError:
        raise KeyError(name) from None
    if ctype.kind != "primitive" or ctype.cname != name:
        raise KeyError(name)
    return ctype


_primitives = FFI()
_primitives.cdef(
    "typedef float _Complex _cffi_float_complex_t; typedef double _Complex _cffi_double_complex_t;"
)


def new_void_type():
    return _ffi.typeof("void")


def new_pointer_type(item):
    return _core._pointer_type(item)


def new_array_type(pointer, length):
    """length None: an open array."""
    if getattr(pointer, "kind", None) != "pointer":
        raise TypeError("first arg must be a pointer ctype")
    if length is None:
        return _core._array_type(pointer.item, -1)
    if length < 0:
        raise ValueError("negative array length")
    return _core._array_type(pointer.item, length)


def new_function_type(args, result, ellipsis=False, abi=FFI_DEFAULT_ABI):
    """The ctype of a pointer to a function."""
    if not isinstance(args, tuple) or not isinstance(result, CType):
        raise TypeError("new_function_type() takes a tuple of ctypes and a ctype")
    if not all(isinstance(arg, CType) for arg in args):
        raise TypeError("new_function_type(): first argument must be a tuple of ctypes")
    if result.kind == "array" or (result.kind == "struct" and result.fields is None):
        raise TypeError(f"result type '{result.cname}' is opaque or an array")
    if any(arg.kind == "void" for arg in args):
        raise TypeError("invalid argument type: 'void'")
    words = [_declared(arg) for arg in args] + ["..."] * bool(ellipsis)
    return _ffi.typeof(f"{_declared(result)} (*)({', '.join(words) or 'void'})")


def new_struct_type(name):
    return _new_record("struct", name)


def new_union_type(name):
    return _new_record("union", name)


def _new_record(kind, name):
    if not isinstance(name, str):
        raise TypeError(f"new_{kind}_type() argument must be str, not {type(name).__name__}")
    tag = f"{kind} _cffi_{next(_numbers)}"
    _ffi.cdef(f"{tag};")
    return _named(tag, name)


def new_enum_type(name, enumerators, enumvalues, basetype):
    """An enum that is stored as basetype."""
    if not isinstance(enumerators, tuple) or not isinstance(enumvalues, tuple):
        raise TypeError("new_enum_type() takes two tuples")
    if len(enumerators) != len(enumvalues):
        raise ValueError("tuple args must have the same size")
    if basetype.kind != "primitive" or not isinstance(_zero(basetype), int):
        raise TypeError("expected a primitive signed or unsigned base type")
    tag = f"enum _cffi_{next(_numbers)}"
    values = zip(enumerators, map(int, enumvalues), strict=True)
    # C has no word for the least of all numbers.
    body = ", ".join(f"{w} = {v}" if v >= 0 else f"{w} = {v + 1} - 1" for w, v in values)
    # Other enums may have the same words.
    for value in map(int, enumvalues):
        if int(_ffi.cast(basetype, value)) != value:
            raise OverflowError(f"integer {value} does not fit '{basetype.cname}'")
    _ffi.cdef(f"{tag} : {basetype.cname}{body and f' {{{body}}}'};", override=True)
    return _named(tag, name)


def _zero(ctype):
    value = _ffi.cast(ctype, 0)
    try:
        return int(value) if ctype.cname not in ("float", "double", "long double") else None
    except TypeError:
        return None


def complete_struct_or_union(
    ctype, fields, ignored=None, totalsize=-1, totalalignment=-1, sflags=0, pack=0
):
    """Gives an opaque record its fields, (name, ctype, bits, offset): bits -1 is no bit-field,
    offset -1 is where the compiler would have it."""
    if ctype not in _tags:
        raise TypeError("first arg must be a non-initialized struct or union ctype")
    if not isinstance(fields, list):
        raise TypeError("complete_struct_or_union() takes a list of fields")
    if ctype.fields is not None:
        raise ValueError(f"{ctype.cname} is already completed")
    fields = [(*field, -1, -1)[:4] if len(field) < 4 else field for field in fields]
    fields = [(f[0], f[1], f[2], f[3]) for f in fields]
    options = {"pack": pack} if pack else {"packed": bool(sflags & SF_PACKED)}
    for name, field, _, offset in fields[:-1]:
        if _is_open(field) and offset < 0:
            raise TypeError(
                f"field '{ctype.cname}.{name}' has ctype '{field.cname}' of unknown size"
            )
    if totalsize >= 0 or any(offset >= 0 for *_, offset in fields):
        _complete_as_given(ctype, fields, totalsize, totalalignment)
        return
    for name, field, bits, _ in fields:
        if name:
            _check_bits(f"{ctype.cname}.{name}", field, bits)
    if sflags & SF_GCC_BIG_ENDIAN and sys.byteorder == "little":
        _complete_mirrored(ctype, fields, sflags & ~SF_GCC_BIG_ENDIAN, pack)
        return
    lines = [_field(*field[:3]) for field in fields]
    try:
        _ffi.cdef(f"{_tags[ctype]} {{ {' '.join(lines)} }}{_rules(fields, sflags)};", **options)
    except FFIError as error:
        raise TypeError(str(error)) from None


def _rules(fields, sflags):
    """The attribute of a record that is laid out as another machine's compilers do."""
    if sflags & SF_MSVC_BITFIELDS:
        return " __attribute__((ms_struct))"
    if sflags & SF_GCC_ARM_BITFIELDS and not sflags & SF_PACKED:
        aligns = [_ffi.alignof(ctype) for name, ctype, bits, _ in fields if bits >= 0 and not name]
        return f" __attribute__((aligned({max(aligns)})))" if aligns else ""
    return ""


def _complete_mirrored(ctype, fields, sflags, pack):
    """With bit-fields that begin at the other end of their integers."""
    laid_out = _new_record(ctype.kind, ctype.cname)
    complete_struct_or_union(laid_out, fields, None, -1, -1, sflags, pack)
    placed = []
    for name, field in laid_out.fields:
        at = 0
        if field.bitsize >= 0:
            at = 8 * _ffi.sizeof(field.type) - field.bitshift - field.bitsize
        placed.append((name, field.type, field.bitsize, field.offset + at // 8, at % 8))
    _core._complete_type(ctype, placed, _ffi.sizeof(laid_out), _ffi.alignof(laid_out))


def _complete_as_given(ctype, fields, size, align):
    """With a layout that somebody has found: what is missing of it follows from the rest."""
    placed, end, largest = [], 0, 1
    for name, field, bits, offset in fields:
        own = _ffi.alignof(field)
        largest = max(largest, own)
        if offset < 0:
            offset = 0 if ctype.kind == "union" else -(-end // own) * own
        end = max(end, offset + (0 if _is_open(field) else _ffi.sizeof(field)))
        placed.append((name, field, bits, offset))
    align = largest if align < 0 else align
    if 0 <= size < end:
        raise TypeError(
            f"{ctype.cname} cannot be of size {size}: there are fields at least up to {end}"
        )
    size = -(-end // align) * align if size < 0 else size
    try:
        _core._complete_type(ctype, placed, size, align)
    except FFIError as error:
        raise TypeError(str(error)) from None


def _check_bits(name, ctype, bits):
    """Of a field by its whole name."""
    if bits < 0:
        return
    if ctype.kind not in ("primitive", "enum") or _zero(ctype) is None:
        raise TypeError(f"field '{name}' declared as '{ctype.cname}' cannot be a bit field")
    if bits == 0:
        raise TypeError(f"field '{name}' is declared with :0")
    if bits > 8 * _ffi.sizeof(ctype):
        raise TypeError(
            f"bit field '{name}' is declared '{ctype.cname}:{bits}', which exceeds the width of "
            "the type"
        )


def _is_open(ctype):
    return ctype.kind == "array" and ctype.length is None


def _field(name, ctype, bits):
    width = f" : {bits}" if bits >= 0 else ""
    lengths = ""
    while ctype.kind == "array":
        lengths += "[]" if ctype.length is None else f"[{ctype.length}]"
        ctype = ctype.item
    return f"{_declared(ctype)} {name}{lengths}{width};"


def _named(tag, name):
    """The new record or enum under the name that it is to have."""
    ctype = _ffi.typeof(tag)
    _tags[ctype] = tag
    _core._name_type(ctype, name)
    return ctype


# The tags in _ffi of the records made here.
_tags = {}
# Names in _ffi of ctypes that come from elsewhere.
_names = {}


def _declared(ctype):
    """A word of _ffi for a ctype."""
    if not isinstance(ctype, CType):
        raise TypeError(f"expected a ctype object, got '{type(ctype).__name__}'")
    if ctype.kind in ("primitive", "void"):
        return ctype.cname
    if ctype in _tags:
        return _tags[ctype]
    if ctype not in _names:
        name = f"_cffi_{next(_numbers)}"
        _core._bind_type(_ffi, name, ctype)
        _names[ctype] = name
    return _names[ctype]


def getcname(ctype, replace_with):
    """The name with replace_with where a declarator goes, as it is."""
    return _ffi.getctype(ctype, "[?").replace("[?", replace_with, 1)


def alignof(ctype):
    return _ffi.alignof(ctype)


def typeoffsetof(ctype, field, following=0):
    """(type, offset) of a field by its name, or of an item by its index. following: also behind
    a pointer to a record, but there only the first step."""
    if isinstance(field, str):
        record = ctype.item if ctype.kind == "pointer" and not following else ctype
        if record.kind not in ("struct", "union"):
            raise TypeError(
                "with a field name argument, expected a struct or union ctype"
                if following
                else "with a field name argument, expected a struct or union ctype or a pointer "
                "to that"
            )
        if record.fields is None:
            raise TypeError(f"struct/union is opaque: '{record.cname}'")
        found = dict(record.fields)[field]
        if found.bitsize >= 0:
            raise TypeError("not supported for bitfields")
        return found.type, found.offset
    if isinstance(field, int):
        if ctype.kind not in ("pointer", "array"):
            raise TypeError("with an integer argument, expected an array ctype or a pointer ctype")
        return ctype.item, _ffi.offsetof(_core._array_type(ctype.item, -1), field)
    raise TypeError("field name or array index expected")


# ---- data -----------------------------------------------------------------------

newp = _ffi.new
cast = _ffi.cast
sizeof = _ffi.sizeof
string = _ffi.string
unpack = _ffi.unpack
memmove = _ffi.memmove
from_handle = _ffi.from_handle
release = _ffi.release
from_buffer = _ffi.from_buffer


def typeof(cdata):
    if not isinstance(cdata, CData):
        raise TypeError(f"expected a cdata object, got '{type(cdata).__name__}'")
    return _ffi.typeof(cdata)


def newp_handle(ctype, x):
    """A handle; ctype is `void *`."""
    handle = _ffi.new_handle(x)
    if ctype is not _ffi.BVoidP:
        raise TypeError(f"needs 'void *', got '{ctype.cname}'")
    return handle


def gcp(cdata, destructor, size=0):
    return _ffi.gc(cdata, destructor, size)


def callback(ctype, function, error=None, onerror=None):
    return _ffi.callback(ctype, function, error, onerror)


def get_errno():
    return _ffi.errno


def set_errno(value):
    _ffi.errno = value


def rawaddressof(ctype, cdata, offset):
    """A pointer of type ctype to what is offset bytes behind the start of cdata."""
    if ctype.kind != "pointer":
        raise TypeError("expected a pointer ctype")
    if typeof(cdata).kind not in ("struct", "union", "array", "pointer"):
        raise TypeError("expected a cdata struct/union/array/pointer object")
    if typeof(cdata).kind in ("struct", "union"):
        cdata = _ffi.addressof(cdata)
    return _ffi.cast(ctype, _ffi.cast("char *", cdata) + offset)


# ---- libraries ------------------------------------------------------------------


class CLibrary:
    """A shared library, whose symbols have the types that are asked for."""

    __module__ = "_cffi_backend"

    def __init__(self, name, flags):
        self._ffi = FFI()
        self._lib = self._ffi.dlopen(name, flags)
        self._name = name

    def __repr__(self):
        return f"<clibrary {'None' if self._name is None else str(self._name)!r}>"

    def _address(self, ctype, name):
        if self._lib is None:
            raise ValueError(f"library {self._name!r} has been closed")
        self._ffi.cdef(f"extern char {name};", override=True)
        return self._ffi.cast(_core._pointer_type(ctype), self._ffi.addressof(self._lib, name))

    def load_function(self, ctype, name):
        if ctype.kind not in ("pointer", "function"):
            raise TypeError(f"function or pointer or array cdata expected, got '{ctype.cname}'")
        try:
            return self._ffi.cast(ctype, self._address(ctype, name))
        except AttributeError as error:
            raise AttributeError(f"symbol '{name}' not found in library: {error}") from None

    def read_variable(self, ctype, name):
        return self._variable(ctype, name)[0]

    def write_variable(self, ctype, name, value):
        self._variable(ctype, name)[0] = value

    def _variable(self, ctype, name):
        try:
            return self._address(ctype, name)
        except AttributeError as error:
            raise KeyError(f"variable '{name}' not found in library: {error}") from None

    def close_lib(self):
        lib, self._lib = self._lib, None
        if lib is not None:
            self._ffi.dlclose(lib)


class __FFIGlobSupport:
    """CFFI's type of a library's variables. Nothing is of this type here."""

    __module__ = "_cffi_backend"


def load_library(name=None, flags=0):
    return CLibrary(name, flags)
