"""CFFI's classes of types. Attributes are theirs too, since programs keep them in pickles."""

from cffi_core import VerificationError, _core

Q_CONST, Q_RESTRICT, Q_VOLATILE = 1, 2, 4

# As CFFI spells them before a declarator, the last of them first.
WORDS = ((Q_CONST, " const "), (Q_VOLATILE, " volatile "), (Q_RESTRICT, " __restrict "))


def qualify(quals, replace_with):
    for bit, word in WORDS:
        if quals & bit:
            replace_with = word + replace_with.lstrip()
    return replace_with


class BaseTypeByIdentity:
    """c_name_with_marker: the type's C text, with & where a declarator goes."""

    is_array_type = False
    is_raw_function = False

    def get_c_name(self, replace_with="", context="a C file", quals=0):
        """The C text of a declaration of replace_with; without it, of the type."""
        text, declarator = self.c_name_with_marker, replace_with.strip()
        if declarator.startswith("*") and "&[" in text:
            declarator = f"({declarator})"
        elif declarator and declarator[0] not in "[(":
            declarator = " " + declarator
        text = text.replace("&", qualify(quals, declarator))
        if "$" in text:
            raise VerificationError(
                f"cannot generate '{self._get_c_name()}' in {context}: unknown type name"
            )
        return text

    def _get_c_name(self):
        return self.c_name_with_marker.replace("&", "")

    def has_c_name(self):
        return "$" not in self._get_c_name()

    def is_integer_type(self):
        return False

    def get_cached_btype(self, ffi, finishlist=None, can_delay=False):
        """The ctype; of an FFI with an engine of its own, what that makes."""
        engine = getattr(ffi, "_engine", None)
        return engine.type(self) if engine else self.build_backend_type(ffi, finishlist)

    def _get_items(self):
        return [(name, getattr(self, name)) for name in self._attrs_]

    def __repr__(self):
        return f"<{self._get_c_name()}>"


class BaseType(BaseTypeByIdentity):
    """Equal when what it is made of is equal."""

    def __eq__(self, other):
        return type(self) is type(other) and self._get_items() == other._get_items()

    def __hash__(self):
        return hash((type(self), tuple(self._get_items())))


class VoidType(BaseType):
    _attrs_ = ()

    def __init__(self):
        self.c_name_with_marker = "void&"

    def build_backend_type(self, ffi, finishlist):
        return ffi.typeof("void")


class BasePrimitiveType(BaseType):
    _attrs_ = ("name",)

    def __init__(self, name):
        self.name = name
        self.c_name_with_marker = name + "&"

    def is_complex_type(self):
        return False

    def build_backend_type(self, ffi, finishlist):
        return ffi.typeof(self.name)


def _all_primitives():
    """Kinds by name: c(haracter), i(nteger), f(loat), j: complex."""
    from cffi_core.model import CLASS, PRIM, PRIM_CLASSES, D, Model

    letters = {CLASS.CHAR: "c", CLASS.SINT: "i", CLASS.UINT: "i", CLASS.BOOL: "i"}
    letters |= {CLASS.FLOAT: "f", CLASS.COMPLEX: "j"}
    model = Model(_core.FFI())
    names = {model.types[p].name: PRIM_CLASSES[p] for p in vars(PRIM).values() if p}
    for decl in model.decls:
        row = model.types[model.strip(decl.type)]
        if decl.kind == D.TYPEDEF and row.name in names and decl.name != "bool":
            names[decl.name] = names[row.name]
    return {name: letters[c] for name, c in names.items() if c in letters}


def _of_cffi(kinds: dict) -> dict:
    """Without those that CFFI has not under that name, or not at all."""
    words = {"_Float16", "_Float128", "__bf16", "__int128", "_Complex"}
    return {name: kind for name, kind in kinds.items() if words.isdisjoint(name.split())}


KINDS = _all_primitives()


class PrimitiveType(BasePrimitiveType):
    ALL_PRIMITIVE_TYPES = _of_cffi(KINDS)

    def is_char_type(self):
        return KINDS[self.name] == "c"

    def is_integer_type(self):
        return KINDS[self.name] == "i"

    def is_float_type(self):
        return KINDS[self.name] == "f"

    def is_complex_type(self):
        return KINDS[self.name] == "j"


class UnknownIntegerType(BasePrimitiveType):
    def is_integer_type(self):
        return True


class UnknownFloatType(BasePrimitiveType):
    pass


class BaseFunctionType(BaseType):
    _attrs_ = ("args", "result", "ellipsis", "abi")

    def __init__(self, args, result, ellipsis, abi=None):
        self.args, self.result, self.ellipsis, self.abi = args, result, ellipsis, abi
        words = [arg._get_c_name() for arg in args] + ["..."] * bool(ellipsis)
        marker = self._base_pattern % (", ".join(words) or "void")
        self.c_name_with_marker = result.c_name_with_marker.replace("&", marker)


class RawFunctionType(BaseFunctionType):
    """A function; parameters and results have pointers to it instead."""

    _base_pattern = "(&)(%s)"
    is_raw_function = True

    def as_function_pointer(self):
        return FunctionPtrType(self.args, self.result, self.ellipsis, self.abi)

    def build_backend_type(self, ffi, finishlist):
        raise ValueError(f"cannot render the type {self!r}: it is a function type, not a pointer")


class FunctionPtrType(BaseFunctionType):
    _base_pattern = "(*&)(%s)"

    def as_raw_function(self):
        return RawFunctionType(self.args, self.result, self.ellipsis, self.abi)

    def build_backend_type(self, ffi, finishlist):
        from cffi_core.functional import new_function_type

        args = tuple(arg.get_cached_btype(ffi, finishlist) for arg in self.args)
        return new_function_type(args, self.result.get_cached_btype(ffi, finishlist), self.ellipsis)


class PointerType(BaseType):
    _attrs_ = ("totype", "quals")

    def __init__(self, totype, quals=0):
        self.totype, self.quals = totype, quals
        star = qualify(quals, "(*&)" if totype.is_array_type else " *&")
        self.c_name_with_marker = totype.c_name_with_marker.replace("&", star)

    def build_backend_type(self, ffi, finishlist):
        return _core._pointer_type(self.totype.get_cached_btype(ffi, finishlist))


def ConstPointerType(totype):
    return PointerType(totype, Q_CONST)


class NamedPointerType(PointerType):
    """`typedef ... *name;`"""

    _attrs_ = ("totype", "name")

    def __init__(self, totype, name, quals=0):
        super().__init__(totype, quals)
        self.name = name
        self.c_name_with_marker = name + "&"


class ArrayType(BaseType):
    """length: None if it is open, "..." if the compiler shall say it."""

    _attrs_ = ("item", "length")
    is_array_type = True

    def __init__(self, item, length):
        self.item, self.length = item, length
        number = "" if length is None else "/*...*/" if length == "..." else length
        self.c_name_with_marker = item.c_name_with_marker.replace("&", f"&[{number}]")

    def length_is_unknown(self):
        return isinstance(self.length, str)

    def resolve_length(self, newlength):
        return ArrayType(self.item, newlength)

    def build_backend_type(self, ffi, finishlist):
        item = self.item.get_cached_btype(ffi, finishlist)
        if self.length == "...":
            raise VerificationError(f"cannot render the type {self!r}: unknown length")
        return _core._array_type(item, -1 if self.length is None else self.length)


class StructOrUnionOrEnum(BaseTypeByIdentity):
    """name: the tag, or $ and what stands for one. forcename: how it is called instead."""

    _attrs_ = ("name",)
    forcename = None

    def build_c_name_with_marker(self):
        self.c_name_with_marker = (self.forcename or f"{self.kind} {self.name}") + "&"

    def force_the_name(self, forcename):
        self.forcename = forcename
        self.build_c_name_with_marker()

    def get_official_name(self):
        return self._get_c_name()

    def build_backend_type(self, ffi, finishlist):
        self.check_not_partial()
        return ffi.typeof(self.get_official_name())

    def check_not_partial(self):
        pass


class StructOrUnion(StructOrUnionOrEnum):
    """fldnames: None if it is opaque; "" of an anonymous member. fldbitsize: -1 of other fields."""

    fixedlayout = None
    completed = 0
    partial = False
    packed = 0

    def __init__(self, name, fldnames, fldtypes, fldbitsize, fldquals=None):
        self.name = name
        self.fldnames, self.fldtypes, self.fldbitsize = fldnames, fldtypes, fldbitsize
        self.fldquals = fldquals
        self.build_c_name_with_marker()

    def anonymous_struct_fields(self):
        for name, type in zip(self.fldnames or (), self.fldtypes or (), strict=True):
            if name == "" and isinstance(type, StructOrUnion):
                yield type

    def enumfields(self, expand_anonymous_struct_union=True):
        """(name, type, bits, qualifiers); members of anonymous members like its own."""
        quals = self.fldquals or (0,) * len(self.fldnames)
        rows = zip(self.fldnames, self.fldtypes, self.fldbitsize, quals, strict=True)
        for name, type, bits, qual in rows:
            if name == "" and isinstance(type, StructOrUnion) and expand_anonymous_struct_union:
                yield from type.enumfields()
            else:
                yield name, type, bits, qual


class StructType(StructOrUnion):
    kind = "struct"


class UnionType(StructOrUnion):
    kind = "union"


class EnumType(StructOrUnionOrEnum):
    kind = "enum"
    partial = partial_resolved = False

    def __init__(self, name, enumerators, enumvalues, baseinttype=None):
        self.name, self.enumerators, self.enumvalues = name, enumerators, enumvalues
        self.baseinttype = baseinttype
        self.build_c_name_with_marker()


void_type = VoidType()
voidp_type = PointerType(void_type)
const_voidp_type = ConstPointerType(void_type)
char_array_type = ArrayType(PrimitiveType("char"), None)


def unknown_type(name, structname=None):
    """`typedef ... name;`"""
    made = StructType(structname or f"${name}", None, None, None)
    made.force_the_name(name)
    made.origin = "unknown_type"
    return made


def unknown_ptr_type(name, structname=None):
    """`typedef ... *name;`"""
    return NamedPointerType(unknown_type(structname or f"$${name}", structname), name)
