"""Object-like macros: the preprocessor expands them, our parser evaluates what comes out.

What becomes of a macro:
    an integer, a floating-point number, a string     a constant
    the name of a function or variable                a declaration of that under this name
    a pointer, as in ((destructor)-1)                 a constant that only the compiler knows
    anything else                                     unavailable, with a reason
"""

import re

from cffi_core import CDefError, FFIError
from cffi_core.model import DF, D, Model

from .text import declarable, marker, quoted

EXPANDED = re.compile(r'cd_macro "([\w$]+)" \(((?:(?! cd_end).)*)\) cd_end', re.DOTALL)
BROKEN = re.compile(r"\s*\n\s*")
IDENTIFIER = re.compile(r"[( ]*([^\W\d]\w*)[) ]*")

WORD = re.compile(r"[^\W\d]\w*")
#: Macros that say where or when they are used.
PLACE = (
    *("__FILE__", "__LINE__", "__DATE__", "__TIME__", "__TIMESTAMP__", "__COUNTER__"),
    *("__BASE_FILE__", "__FILE_NAME__", "__INCLUDE_LEVEL__", "__func__", "__FUNCTION__"),
    "__PRETTY_FUNCTION__",
)

PARAMETERS = "a macro with parameters: with a signature in cdef(), compiled modules have it"
EMPTY = "a macro without a value"
WORDS = "a macro for specifiers or attributes"
SPECIFIER = re.compile(
    r"(extern|static|_Noreturn|_Thread_local|_Alignas|__thread|__declspec|"
    r"(__)?(attribute|inline|const|volatile|restrict|asm)(__)?)\b|\[\["
)


class Expanded:
    """A macro and what it expands to; None: it has parameters."""

    __slots__ = ("macro", "text")

    def __init__(self, macro, text: str | None) -> None:
        self.macro, self.text = macro, text


def expand(run, text, files) -> list[Expanded]:
    """The macros that the files define, in order."""
    macros = [macro for macro in text.macros.values() if macro.file in files]
    moving = changing(text.macros)
    objects = [m.name for m in macros if not m.has_parameters and m.name not in moving]
    printed = run.expand(objects, text.files)
    found = {name: on_one_line(body) for name, body in EXPANDED.findall(printed)}
    found |= moving
    return [Expanded(macro, found.get(macro.name)) for macro in macros]


def on_one_line(body: str) -> str:
    """Blanks stay as they are: those of a string are its characters."""
    return BROKEN.sub(" ", body).strip()


def changing(macros) -> dict[str, str]:
    """Those whose value is another wherever they are used -> the word that does it."""
    found = {name: name for name in PLACE}
    words = {name: set(WORD.findall(macro.body)) for name, macro in macros.items()}
    grows = True
    while grows:
        more = {
            name: found[min(used & found.keys())]
            for name, used in words.items()
            if name not in found and used & found.keys()
        }
        found |= more
        grows = bool(more)
    return {name: word for name, word in found.items() if name in macros}


def declare(ffi, expanded: list[Expanded]) -> list[tuple[str, str, str]]:
    """Declares each; (name, "file:line:column", reason) for those that have no value."""
    model = Model(ffi)
    ffi.cdef(declarable("".join(map(definition, expanded))))
    decls = {decl.name: decl for decl in model.decls if decl.kind != D.NONE}
    skipped = []
    for one in expanded:
        decl = decls.get(one.macro.name)
        if decl is None or decl.kind != D.UNAVAILABLE or decl.where[:2] != one.macro[1:3]:
            continue
        text = other_meaning(ffi, model, decls, one)
        if text is None:
            reason = reason_of(ffi, one, decl.text)
            text = unavailable(decl.name, reason)
            skipped.append((decl.name, place(one.macro), reason))
        ffi.cdef(marker(one.macro.line, one.macro.file) + text, override=True)
    return skipped


def place(macro) -> str:
    return f"{macro.file}:{macro.line}:{macro.col}"


def definition(one: Expanded) -> str:
    """A #define line, at the macro's place."""
    macro = one.macro
    is_value = one.text and one.text not in PLACE
    body = "()" if one.text is None else f" ({one.text})" if is_value else ""
    return f"{marker(macro.line, macro.file)}#define {macro.name}{body}\n"


def unavailable(name: str, reason: str) -> str:
    """A line for cdef() that declares a name to be unavailable."""
    return f"#pragma cffi_unavailable({name}, {quoted(reason)})\n"


def other_meaning(ffi, model, decls, one: Expanded) -> str | None:
    """A declaration for a macro that is no number and no string."""
    if not one.text or one.text in PLACE:
        return None
    match = IDENTIFIER.fullmatch(one.text)
    if match:
        return alias(model, decls.get(match[1]), one.macro.name)
    try:
        # The parentheses: no type, an expression.
        if ffi.typeof(f"__typeof__(({one.text}))").kind in ("pointer", "function"):
            return f"static __typeof__({one.text}) const {one.macro.name};\n"
    except (FFIError, CDefError):
        pass
    return None


def alias(model, decl, name: str) -> str | None:
    """What decl declares, under another name: `#define old new`."""
    if decl is None or decl.kind not in (D.FUNCTION, D.VARIABLE) or decl.flags & DF.STATIC:
        return None
    storage = "extern " + "_Thread_local " * bool(decl.flags & DF.THREAD)
    return f'{storage}{model.spell(decl.type, name)} __asm__("{decl.text or decl.name}");\n'


def reason_of(ffi, one: Expanded, parsers: str) -> str:
    if one.text is None:
        return PARAMETERS
    if not one.text:
        return EMPTY
    if one.text in PLACE:
        return f"{one.text} has another value wherever it is used"
    try:
        return f"a macro for the type '{ffi.typeof(one.text).cname}'"
    except (FFIError, CDefError):
        return WORDS if SPECIFIER.match(one.text) else parsers
