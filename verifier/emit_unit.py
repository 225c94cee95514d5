"""One stub in the making: every declaration goes to its theme, the tables come together."""

from cffi_core.model import DF, D, Decl, F, K, Model

from . import emit_module as frame
from .emit_checks import Strict, is_spelled
from .emit_functions import Functions
from .emit_places import Places, place
from .emit_spelling import Spelling, is_record
from .emit_text import Facts, Origin, Strings, Text, encoded
from .emit_types import UNKNOWN_LENGTH, Types
from .emit_values import Values

# What is said of a declaration; the rest was for the parser.
FLAGS = DF.UNSIGNED | DF.KEEP_GIL | DF.PLUS_C | DF.API | DF.THREAD | DF.CHECKED | DF.ENUMERATOR

CALLED = {D.FUNCTION, D.EXTERN_PYTHON}


class Unit:
    """collect() reads the declarations, text() puts the file together."""

    NO_DIGEST = "/* the digest */ 0, 0, 0, 0"

    def __init__(
        self,
        model: Model,
        strict: Strict,
        cxx: bool,
        not_constant: frozenset[str] = frozenset(),
        not_macros: frozenset[str] = frozenset(),
    ):
        self.model = model
        self.for_cffi = False
        self.as_found = False
        self.not_constant = not_constant
        self.not_variables: frozenset[str] = frozenset()
        self.spell = Spelling(model)
        self.places = Places(self.spell, strict.lenient)
        self.facts = Facts()
        self.strings = Strings()
        self.types = Types(self.spell, self.places, self.facts, self.strings, strict)
        self.types.not_macros = not_macros
        self.functions = Functions(self.spell, strict, cxx)
        self.functions.not_constant = not_constant
        self.values = Values(self.spell, self.facts, strict)
        self.comments: dict[str, str] = {}
        self.importable = True
        self.globals = {}  # name -> columns of struct cd_stub_global

    # ---- reading --------------------------------------------------------------------------------

    def collect(self) -> None:
        own = [t.id for t in self.model.types if t.where and t.kind in (K.STRUCT, K.UNION, K.ENUM)]
        decls = {d.name: d for d in self.model.decls if d.kind != D.NONE and is_own(d)}
        self.types.name_tags(own)
        self._find_places(own, decls.values())
        self.functions.share(decls.values())
        for decl in decls.values():
            self.globals[decl.name] = self._global(decl)
        for id in own:
            row = self.model.types[id]
            if row.name and row.name[0] != "$":
                self.types.sid(id)
        self.types.finish()
        self.order = sorted(self.globals, key=encoded)
        self.types.finish_enums({name: i for i, name in enumerate(self.order)})

    def _find_places(self, own: list[int], decls) -> None:
        for id in own:
            row = self.model.types[id]
            if is_record(row) and row.name and not row.flags & F.OPAQUE:
                title = self.model.spell(id)
                self.places.walk_record(id, Origin(title, "size", place(row.where), title))
        for decl in decls:
            if decl.type:
                declared = self.model.spell(decl.type, decl.name)
                origin = Origin(decl.name, "type", place(decl.where), declared)
                self.places.walk_decl(decl, origin)
        self.spell.forget()

    def _can_be_spelled(self, type: int) -> bool:
        """Of a function, are its parts?"""
        row = self.model.types[self.model.strip(type)]
        parts = [row.a, *self.model.params(row.id)] if row.kind == K.FUNC else [type]
        return all(is_spelled(self.spell(part)) for part in parts)

    def _global(self, decl: Decl) -> tuple:
        """The columns; what the slot means is the kind's."""
        if decl.kind == D.VARIABLE and decl.name in self.not_variables:
            decl = decl._replace(kind=D.MACRO)
        if decl.kind == D.MACRO and decl.type and self.spell.canon(decl.type).flags & F.OPEN:
            decl = decl._replace(kind=D.VARIABLE)  # without a length it cannot be copied
        kind, type, slot, flags, doc = decl.kind, decl.type, 0, decl.flags & FLAGS, 0
        where = place(decl.where)
        if type and kind in CALLED and not self._can_be_spelled(type):
            kind, type, doc = D.UNAVAILABLE, 0, self.strings.add(UNKNOWN_LENGTH)
        elif kind == D.FUNCTION:
            slot, doc = self.functions.add(decl, where), self._comment(decl)
        elif kind == D.EXTERN_PYTHON:
            slot = self.functions.add_python(decl, where)
        elif kind == D.VARIABLE:
            slot = self.values.add_variable(decl, where)
        elif kind == D.STRING:
            slot, doc, type = self.values.add_text(decl, where), self.strings.add(decl.value), 0
        elif kind == D.UNAVAILABLE:
            doc, type = self.strings.add(decl.text), 0
        elif kind != D.TYPEDEF:
            kind, sid, slot, flags = self._constant(decl, where, flags)
            return self._columns(decl, kind, sid, slot, flags, doc)
        return self._columns(decl, kind, self.types.sid(type), slot, flags, doc)

    def _comment(self, decl: Decl) -> int:
        comment = self.comments.get(decl.name)
        return self.strings.add(comment) if comment else 0

    def _columns(self, decl, kind, sid, slot, flags, doc) -> tuple:
        file, line = (decl.where.file, decl.where.line) if decl.where else (None, 0)
        names = () if decl.kind == D.TYPEDEF else decl.params
        params = ",".join(name or "" for name in names)
        file, params = self.strings.add(file), self.strings.add(params)
        return self.strings.add(decl.name), sid, slot, kind, flags, 0, doc, params, file, line

    def _constant(self, decl: Decl, where: str, flags: int) -> tuple:
        """(kind, sid, slot, flags) of a constant: a fact, or else by a getter."""
        is_integer = decl.kind == D.INT or decl.type == 0 or decl.flags & DF.ENUMERATOR
        if is_integer and decl.name not in self.not_constant:
            slot, kept = self.values.add_integer(decl, where)
            if self.as_found and decl.flags & DF.ENUMERATOR:
                kept &= ~DF.CHECKED
            type = decl.type if decl.flags & DF.ENUMERATOR else 0
            return D.INT, self.types.sid(type), slot, kept & FLAGS
        flags &= ~(DF.CHECKED | DF.UNSIGNED)
        if is_integer or self.values.is_any_integer(decl):
            type = f"CD_TYPEOF(({decl.name}) | 0)"
            slot = self.values.add_number(decl, type, where)
            return D.MACRO, self.types.unknown_integer(decl.name, type, where), slot, flags
        return decl.kind, self.types.sid(decl.type), self.values.add_value(decl, where), flags

    # ---- writing --------------------------------------------------------------------------------

    def text(self, module: str, header: str, embedding: str | None) -> Text:
        """Our part of the file; header: cd_stub.h as it is pasted."""
        u, last = frame.init_name(module)
        text = Text()
        included, errno = frame.errno(self.importable)
        text.add(frame.BEGIN)
        text.add(included)
        for used in sorted({frame.HEADERS[w] for w in self.spell.used if w in frame.HEADERS}):
            text.add(used)
        text.add(header.rstrip("\n"))
        text.add(frame.MACROS)
        text.add(frame.CONVENTIONS)
        text.add(frame.DECLARE.format(last=last))
        text.extend(self.places.aliases)
        text.extend(self.types.mirrors.text)
        if self.functions.count_python:
            start = ""
            if embedding:
                text.add(f"CD_EXTERN_C int {embedding}(void);")
                start = frame.START.format(function=embedding)
            text.add(frame.CALL_PYTHON.format(last=last, start=start))
            text.extend(self.functions.python)
        if self.types.count_probes:
            text.add(frame.FLIP)
        if self.functions.types:
            text.add(frame.SHARED)
        for part in (self.functions, self.values, self.types):
            text.extend(part.code)
        counts = self._tables(text)
        text.add(errno)
        text.add(
            frame.STUB.format(
                last=last,
                min_core=self.min_core[0] << 16 | self.min_core[1],
                digest=self.NO_DIGEST,
                module=frame.c_string(module),
                emitter=frame.c_string(self.emitter()),
                **counts,
            )
        )
        if self.importable:
            text.add(frame.INIT.format(u=u, last=last))
        text.add(frame.END)
        return text

    @property
    def min_core(self) -> tuple[int, int]:
        """The lowest contract of a core that understands what is in here."""
        return (1, 2) if self.functions.types else (1, 1)

    def emitter(self) -> str:
        """The drop-in for CFFI loads more than the core alone, and the loader sees it here."""
        name = "cffi_core contract {}.{}".format(*self.min_core)
        return f"{name} for cffi" if self.for_cffi else name

    def _tables(self, text: Text) -> dict[str, object]:
        """Adds the arrays; the fields of STUB that name and count them."""
        counts = {}

        def table(word: str, type: str, rows: Text, count: int) -> None:
            text.array(f"static const {type} cd_{word}", rows if count else Text())
            counts[word] = f"cd_{word}" if count else "0"
            counts[f"n_{word}"] = count

        includes = self._includes()
        text.add("static const char cd_text[] =")
        text.extend(self.strings.rows)
        text.add(";")
        text.array("static const cd_int64_t cd_facts", self.facts.rows)
        rows, tags = self.types.rows(), self.types.tags()
        functions, values, types = self.functions, self.values, self.types
        table("types", "struct cd_stub_type", rows, len(rows.lines))
        table("ids", "cd_uint32_t", numbers(types.ids), len(types.ids))
        table("fields", "struct cd_stub_field", types.fields, len(types.fields.lines))
        table("globals", "struct cd_stub_global", self._globals(), len(self.globals))
        table("includes", "struct cd_stub_include", includes, len(includes.lines))
        table("tags", "cd_uint32_t", numbers(tags), len(tags))
        table("tramps", "cd_tramp", functions.tramps, functions.count)
        functions.addresses.extend(functions.python_addresses)
        n_addresses = functions.count + functions.count_python
        n_by_type = functions.count if functions.types else 0
        table("by_type", "cd_shared", functions.by_type, n_by_type)
        table("addresses", "cd_code", functions.addresses, n_addresses)
        table("getters", "cd_getter", values.getters, values.count)
        table("probes", "cd_probe", types.probes, types.count_probes)
        counts["n_functions"] = functions.count
        counts["n_externs"] = functions.count_python
        return counts

    def _globals(self) -> Text:
        text = Text()
        for name in self.order:
            text.add(f"    {{{', '.join(map(str, self.globals[name]))}}}, /* {name} */")
        return text

    def _includes(self) -> Text:
        text = Text()
        for other in self.model.includes:
            # One without a module can be included by verify() alone, which has it at hand.
            text.add(f"    {{{self.strings.add(other.module or '?')}, 0, 0}},")
        return text


def is_own(decl: Decl) -> bool:
    """Not predefined, and not another module's."""
    return decl.where is not None and decl.include == 0


def numbers(values: list[int]) -> Text:
    text = Text()
    for i in range(0, len(values), 16):
        text.add(f"    {', '.join(map(str, values[i : i + 16]))},")
    return text
