"""Functions: a trampoline and an address for each, and the C side of extern "Python".

A trampoline calls the function as it was declared, so that compiling it is the check; see cd_tramp
in cd_stub.h.  Macros are called like functions; a wrapper gives them an address.  What a header
declares is the function, `(name)`, also where it has a macro in front: GLib's g_atomic_pointer_get.
"""

from cffi_core.model import DF, D, Decl, F, K

from .emit_checks import Strict, is_spelled
from .emit_spelling import (
    BY_ADDRESS,
    CODE,
    DOUBLE,
    FLOAT,
    INTEGER,
    LATE,
    NUMBERS,
    POINTER,
    STORED,
    VOID,
    Spelling,
)
from .emit_text import Origin, Text

TRAMPOLINE = """\
static void cd_t_{slot}(void *cd_r, const cd_word *cd_a)
{{
    {body}
}}"""

# The name is a macro: a function of the declared signature.  Else the name itself.
WRAPPER = """\
#ifdef {name}
static {head}
{{
    {body}
}}
#else
#define cd_w_{slot} {name}
#endif"""

# The address of an overloaded function would have to be of exactly one of them; that in a variable
# may change.
ALWAYS = """\
static {head}
{{
    {body}
}}"""

# No macro with parameters; it may be missing, which its address tells.
ITSELF = """\
#define cd_w_{slot} ({name})"""

# What calls every function of one type; see Functions.share().
SHARED = """\
typedef {type};
static void cd_s_{number}(void *cd_r, const cd_word *cd_a, cd_code cd_f)
{{
    {body}
}}"""

# So many functions make a library.  In a smaller module functions may be the user's own, and small
# enough to become part of their trampolines.
SHARED_FROM = 100

PYTHON = """\
{linkage}{head}
{{
{body}
}}"""

# The union member that an argument is read from, or written to with a cast.
READ = {
    INTEGER: "({type}){word}.cd_i",
    FLOAT: "{word}.cd_f",
    DOUBLE: "{word}.cd_d",
    POINTER: "({type}){word}.cd_p",
    CODE: "({type}){word}.cd_fn",
}
WRITE = {
    INTEGER: "{word}.cd_i = (cd_int64_t){value};",
    FLOAT: "{word}.cd_f = {value};",
    DOUBLE: "{word}.cd_d = {value};",
    POINTER: "{word}.cd_p = (void *){value};",
    CODE: "{word}.cd_fn = (cd_code){value};",
}


class Functions:
    """Writes .code; .tramps and .addresses are rows of the stub's arrays."""

    def __init__(self, spell: Spelling, strict: Strict, cxx: bool):
        self.spell = spell
        self.strict = strict
        self.cxx = cxx
        self.code = Text()
        self.python = Text()
        self.tramps = Text()
        self.by_type = Text()  # as many rows as tramps
        self.repeated = set()  # C texts of pointers to functions that there are several of
        self.types = {}  # such a text -> the number of its trampoline
        self.addresses = Text()
        self.python_addresses = Text()
        self.count = 0
        self.count_python = 0
        self.missing: frozenset[str] = frozenset()  # see emit()
        self.not_constant: frozenset[str] = frozenset()  # the same

    # ---- functions of the library ---------------------------------------------------------------

    def share(self, decls) -> None:
        """Finds the types that several functions have: these need but one trampoline.

        The one that each has of its own, which checks how the function was declared, is then read
        by the compiler and compiled no further, if the function has exactly the declared type.
        """
        found = [d for d in decls if d.kind == D.FUNCTION]
        if self.cxx or len(found) < SHARED_FROM:
            return
        model, seen = self.spell.model, set()
        for decl in found:
            function = model.types[model.strip(decl.type)]
            pointer = self._pointer(function, model.params(function.id))
            if pointer in seen and is_spelled(pointer) and not function.flags & F.VARIADIC:
                self.repeated.add(pointer)
            seen.add(pointer)

    def add(self, decl: Decl, where: str) -> int:
        """The function's slot."""
        slot, self.count = self.count, self.count + 1
        model = self.spell.model
        function = model.types[model.strip(decl.type)]
        params = model.params(function.id)
        origin = Origin(decl.name, "call", where, model.spell(decl.type, decl.name) + ";")
        if function.flags & F.VARIADIC:
            self._variadic(decl, function, params, origin)
            return slot
        is_itself = self.strict.in_header(decl.where)
        name = f"({decl.name})" if is_itself else decl.name
        body = self._run(name, function, params)
        self.code.add(TRAMPOLINE.format(slot=slot, body=body), origin)
        call = f"{name}({', '.join(f'cd_{i}' for i in range(len(params)))})"
        always = decl.name in self.not_constant
        always |= self._drops_const(function.a, self.spell.travels(function.a))
        is_missing = (decl.text or decl.name) in self.missing
        plain = ITSELF if is_itself else WRAPPER
        wrapper = ITSELF if is_missing else ALWAYS if always else plain
        self.code.add(
            wrapper.format(
                name=decl.name,
                head=self._head(function, params, f"cd_w_{slot}"),
                body=self._returned(function.a, call),
                slot=slot,
            ),
            origin,
        )
        pointer = self._pointer(function, params)
        if pointer in self.repeated:
            number = self._shared(pointer, function, params)
            self.tramps.add(f"    CD_OWN({slot}, {number}),", origin)
            self.by_type.add(f"    CD_SHARED({slot}, {number}),", origin)
        else:
            self.tramps.add(f"    cd_t_{slot},")
            self.by_type.add("    0,")
        exact = "CD_EXACT" if self.strict(decl.where) else "CD_CODE"
        self.addresses.add(f"    {exact}({pointer}, cd_w_{slot}),", origin)
        return slot

    def _shared(self, pointer: str, function, params: list[int]) -> int:
        """The number of a type's trampoline, which is made when it is first asked for."""
        number = self.types.get(pointer)
        if number is None:
            number = self.types[pointer] = len(self.types)
            body = self._run(f"((cd_f_{number} *)cd_f)", function, params)
            type = self._head(function, params, f"cd_f_{number}")
            self.code.add(SHARED.format(number=number, type=type, body=body))
        return number

    def _run(self, called: str, function, params: list[int]) -> str:
        """A trampoline's statements."""
        arguments = ", ".join(map(self._argument, params, range(len(params))))
        body = self._stored(function.a, f"{called}({arguments})")
        return body if params else f"{body} (void)cd_a;"

    def _variadic(self, decl: Decl, function, params, origin: Origin) -> None:
        """By its address: the name without arguments is that, also where a macro is in front."""
        pointer = self._pointer(function, params)
        if self.strict(decl.where):
            address = f"CD_EXACT({pointer}, {decl.name})"
        else:
            address = f"(cd_code)(1 ? {decl.name} : ({pointer})0)"
        self.tramps.add("    0,")
        self.by_type.add("    0,")
        self.addresses.add(f"    {address},", origin)

    def _argument(self, type: int, i: int) -> str:
        travel = self.spell.travels(type)
        word = f"cd_a[{i}]"
        if travel in BY_ADDRESS:
            return f"*({self.spell(self.spell.unqualified(type), '*')}){word}.cd_p"
        text = self.spell(self.spell.unqualified(type))
        if travel == LATE:
            return f"CD_GET_LATE({text}, {word})"
        if text == "void *":
            return f"{word}.cd_p"
        return READ[travel].format(type=text, word=word)

    def _stored(self, result: int, call: str) -> str:
        """*(T *)cd_r = call; a record goes through a local, as it may have const members."""
        travel = self.spell.travels(result)
        if travel == VOID:
            return f"{call}; (void)cd_r;"
        result = self.spell.unqualified(result)
        if travel == STORED:
            return f"{self.spell(result, 'cd_v')} = {call}; CD_COPY(cd_r, &cd_v, sizeof cd_v);"
        pointer = self.spell(result, "*")
        return f"*({pointer})cd_r = {self._converted(result, travel, call)};"

    def _returned(self, result: int, call: str) -> str:
        travel = self.spell.travels(result)
        if travel == VOID:
            return f"{call};"
        return f"return {self._converted(self.spell.unqualified(result), travel, call)};"

    def _converted(self, type: int, travel: int, value: str) -> str:
        """Numbers convert to each other, and nothing else to a number, but with a warning."""
        if travel in NUMBERS and not self.strict.lenient:
            return f"CD_NUMBER({self.spell(type)}, {value})"
        if self._drops_const(type, travel):
            return f"const_cast<{self.spell(type)}>(static_cast<const {self.spell(type)}>({value}))"
        return value

    def _drops_const(self, type: int, travel: int) -> bool:
        """C++ has `const char *strchr(const char *, int)`, which C does not mind as a `char *`."""
        if not self.cxx or self.strict.which is True or travel != POINTER:
            return False
        types = self.spell.model.types
        item = types[types[self.spell.model.strip(type)].a]
        is_plain = self.spell.canon(item.id).kind not in (K.POINTER, K.ARRAY, K.FUNC)
        return is_plain and "const " not in self.spell(type)

    def _pointer(self, function, params: list[int]) -> str:
        """The type of the function's address."""
        listed = [self.spell(type) for type in params]
        if function.flags & F.VARIADIC:
            listed.append("...")
        result = self.spell.unqualified(function.a)
        convention = self.spell.convention(function.id)
        return self.spell(result, f"({convention}*)({', '.join(listed) or 'void'})")

    def _head(self, function, params: list[int], name: str) -> str:
        """A definition's first line, parameters called cd_0, cd_1, ..."""
        listed = ", ".join(self.spell(type, f"cd_{i}") for i, type in enumerate(params))
        result = self.spell.unqualified(function.a)
        convention = self.spell.convention(function.id)
        return self.spell(result, f"{convention}{name}({listed or 'void'})")

    # ---- extern "Python" ------------------------------------------------------------------------

    def add_python(self, decl: Decl, where: str) -> int:
        """The slot for call_python."""
        slot, self.count_python = self.count_python, self.count_python + 1
        model = self.spell.model
        function = model.types[model.strip(decl.type)]
        params = model.params(function.id)
        origin = Origin(decl.name, 'extern "Python"', where, model.spell(decl.type, decl.name))
        linkage = "static "
        if decl.flags & DF.API:
            linkage = "CD_EXTERN_C CD_EXPORT "
        elif decl.flags & DF.PLUS_C:
            linkage = "CD_EXTERN_C "
        self.python.add(
            PYTHON.format(
                linkage=linkage,
                head=self._head(function, params, decl.name),
                body="\n".join(self._python_body(slot, function, params)),
            ),
            origin,
        )
        self.python_addresses.add(f"    (cd_code){decl.name},", origin)
        return slot

    def _python_body(self, slot: int, function, params: list[int]):
        result, words = "0", "0"
        travel = self.spell.travels(function.a)
        if travel != VOID:
            result = "&cd_v"
            start = "CD_BLANK" if travel == STORED else "CD_ZERO"
            yield f"    {self.spell(self.spell.unqualified(function.a), 'cd_v')} {start};"
        if params:
            words = "cd_a"
            yield f"    cd_word cd_a[{len(params)}];"
        if travel == STORED:
            yield "    CD_CLEAR((void *)&cd_v, sizeof cd_v);"
        for i, type in enumerate(params):
            yield "    " + self._set(type, i)
        yield f"    cd_python({slot}, {result}, {words});"
        if result != "0":
            yield "    return cd_v;"

    def _set(self, type: int, i: int) -> str:
        """Fills the word of one argument."""
        travel = self.spell.travels(type)
        word, value = f"cd_a[{i}]", f"cd_{i}"
        if travel in BY_ADDRESS:
            return f"{word}.cd_p = (void *)&{value};"
        if travel == LATE:
            return f"CD_SET_LATE({self.spell(type)}, {word}, {value});"
        return WRITE[travel].format(word=word, value=value)
