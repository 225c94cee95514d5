"""From CFFI's objects to C text for cdef(): programs keep them in files and give them back."""

from . import classes


def text(declarations: dict[str, tuple]) -> str:
    """C text of what reading.py's declarations() has made, or CFFI."""
    writer = Writer()
    for key, (made, quals) in declarations.items():
        kind, name = key.split(" ", 1)
        writer.declare(kind, name, made, quals)
    return "\n".join(writer.lines)


def constants(values: dict[str, int]) -> str:
    return "".join(f"#define {name} {value}\n" for name, value in values.items())


FORMS = {
    "typedef": "typedef {};",
    "function": "{};",
    "variable": "extern {};",
    "constant": "static {};",
    "extern_python": 'extern "Python" {};',
    "dllexport_python": 'extern "Python+C" {};',
    "extern_python_plus_c": 'extern "Python+C" {};',
}


class Writer:
    """lines: each type before what needs it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.written: set[int] = set()
        self.named = {"FILE"}

    def declare(self, kind: str, name: str, made, quals: int) -> None:
        if kind == "macro":
            self.lines.append(f"#define {name} {made}")
            return
        if kind not in FORMS:  # struct, union, enum, anonymous
            self.need(made)
            return
        self.mention(made)
        if kind == "typedef" and self.is_own_name(made, name):
            self.need(made)
            return
        if isinstance(made, classes.FunctionPtrType) and kind not in ("typedef", "variable"):
            made = made.as_raw_function()
        self.lines.append(FORMS[kind].format(spelled(made, name, quals)))

    def is_own_name(self, made, name: str) -> bool:
        return name == getattr(made, "forcename", None) or (
            isinstance(made, (classes.BasePrimitiveType, classes.NamedPointerType))
            and name == made.name
        )

    # ---- what must stand before -----------------------------------------------------------------

    def mention(self, made) -> None:
        """Its name will be written."""
        if isinstance(made, classes.NamedPointerType):
            self.need(made)
        elif isinstance(made, classes.PointerType):
            self.mention(made.totype)
        elif isinstance(made, classes.BaseFunctionType):
            for part in (*made.args, made.result):
                self.mention(part)
        elif isinstance(made, classes.StructOrUnion):
            self.name(made)
        else:
            self.need(made)

    def name(self, made) -> None:
        """A tag needs no declaration, a typedef does; without a tag only the whole is one."""
        if made.name.startswith("$"):
            self.need(made)
        elif made.forcename and made.forcename not in self.named:
            self.named.add(made.forcename)
            self.lines.append(f"typedef {made.kind} {made.name} {made.forcename};")

    def need(self, made) -> None:
        """It will be held by value."""
        if isinstance(made, classes.ArrayType):
            self.need(made.item)
        if id(made) in self.written or isinstance(made, classes.ArrayType):
            return
        self.written.add(id(made))
        if isinstance(made, classes.StructOrUnion):
            self.record(made)
        elif isinstance(made, classes.EnumType):
            self.enum(made)
        elif isinstance(made, classes.NamedPointerType):
            whole = "..." if made.totype.fldnames is None else self.body(made.totype)
            self.lines.append(f"typedef {whole} *{made.name};")
        elif isinstance(made, classes.UnknownIntegerType):
            self.lines.append(f"typedef int... {made.name};")
        elif isinstance(made, classes.UnknownFloatType):
            self.lines.append(f"typedef float... {made.name};")
        elif isinstance(made, (classes.PointerType, classes.BaseFunctionType)):
            self.mention(made)

    # ---- records and enums ----------------------------------------------------------------------

    def record(self, made) -> None:
        if not made.name.startswith("$"):
            self.name(made)
        elif made.forcename is None:
            return  # it is written where it stands
        if made.fldnames is None:
            opaque = made.name.startswith("$")
            self.lines.append(
                f"typedef ... {made.forcename};" if opaque else f"{made.kind} {made.name};"
            )
            return
        for type in made.fldtypes:
            self.before_field(type)
        if made.name.startswith("$"):
            whole = f"typedef {self.body(made)} {made.forcename};"
        else:
            whole = f"{self.body(made, made.name)};"
        pack = int(made.packed)
        self.lines += [f"#pragma pack(push, {pack})"] if pack else []
        self.lines.append(whole)
        self.lines += ["#pragma pack(pop)"] if pack else []

    def before_field(self, type) -> None:
        if without_name(type):
            for inner in getattr(innermost(type), "fldtypes", None) or ():
                self.before_field(inner)
        elif isinstance(type, (classes.ArrayType, classes.StructOrUnionOrEnum)):
            self.need(type)
        else:
            self.mention(type)

    def body(self, made, tag: str = "") -> str:
        quals = made.fldquals or (0,) * len(made.fldnames)
        rows = zip(made.fldnames, made.fldtypes, made.fldbitsize, quals, strict=True)
        fields = [
            self.field(type, name, qual) + (f" : {bits}; " if bits >= 0 else "; ")
            for name, type, bits, qual in rows
        ]
        fields += ["...; "] if made.partial else []
        return f"{made.kind} {tag} {{ {''.join(fields)}}}"

    def field(self, type, name: str, quals: int) -> str:
        if not without_name(type):
            return spelled(type, name, quals)
        inner = innermost(type)
        if inner.kind != "enum":
            whole = self.body(inner)
        elif id(inner) in self.written:  # it cannot be named
            whole = "int" if min(inner.enumvalues) < 0 else "unsigned int"
        else:
            self.written.add(id(inner))
            whole = enum_body(inner)
        marker = type.c_name_with_marker.replace(inner.c_name_with_marker[:-1], whole, 1)
        return marker.replace("&", " " + name)

    def enum(self, made) -> None:
        if made.forcename and not made.forcename.startswith("$"):
            if not made.name.startswith("$"):
                self.lines.append(f"typedef enum {made.name} {made.forcename};")
                self.lines.append(f"{enum_body(made, made.name)};")
            else:
                self.lines.append(f"typedef {enum_body(made)} {made.forcename};")
        elif not made.name.startswith("$"):
            empty = not made.enumerators
            self.lines.append(f"enum {made.name};" if empty else f"{enum_body(made, made.name)};")
        else:
            self.lines.append(f"{enum_body(made)};")


def enum_body(made, tag: str = "") -> str:
    pairs = zip(made.enumerators, made.enumvalues, strict=True)
    words = [f"{name} = {value}" for name, value in pairs]
    return f"enum {tag} {{ {', '.join(words + ['...'] * bool(made.partial))} }}"


def innermost(type):
    while isinstance(type, (classes.ArrayType, classes.PointerType)):
        type = type.item if type.is_array_type else type.totype
    return type


def without_name(type) -> bool:
    """Is it made of what stands in a record without a name?"""
    type = innermost(type)
    return isinstance(type, classes.StructOrUnionOrEnum) and "$" in type.c_name_with_marker


def spelled(type, name: str, quals: int = 0) -> str:
    return type.get_c_name(name, quals=quals).replace("/*...*/", "...")
