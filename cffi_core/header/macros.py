"""Object-like macros: the preprocessor expands them, our parser evaluates what comes out."""

import re

EXPANDED = re.compile(r'cd_macro "([\w$]+)" \((.*?)\) cd_end', re.DOTALL)
IDENTIFIER = re.compile(r"\(*([^\W\d]\w*)\)*")


class Expanded:
    """A macro and what it expands to; None: it has parameters."""

    __slots__ = ("macro", "text")

    def __init__(self, macro, text: str | None) -> None:
        self.macro, self.text = macro, text


def expand(run, text, files) -> list[Expanded]:
    """The macros that the files define, in order."""
    macros = [macro for macro in text.macros.values() if macro.file in files]
    objects = [macro.name for macro in macros if not macro.has_parameters]
    printed = run.expand(objects, text.files)
    found = {name: " ".join(body.split()) for name, body in EXPANDED.findall(printed)}
    return [Expanded(macro, found.get(macro.name)) for macro in macros]


def declare(ffi, expanded: list[Expanded]) -> list[tuple[str, str, str]]:
    """Declares each as a constant; those that are none, with the reason."""
    from cffi_core.model import D, Model

    model = Model(ffi)
    ffi.cdef("".join(map(definition, expanded)))
    values = {decl.name: decl for decl in model.decls if decl.kind != D.NONE}
    skipped = []
    for one in expanded:
        decl = values.get(one.macro.name)
        if decl is not None and decl.kind == D.UNAVAILABLE:
            place = "{0.file}:{0.line}:{0.col}".format(decl.where)
            skipped.append((decl.name, place, decl.text))
    return skipped


def definition(one: Expanded) -> str:
    """A #define line, at the macro's place."""
    macro = one.macro
    body = "()" if one.text is None else f" ({one.text})" if one.text else ""
    file = macro.file.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'# {macro.line} "{file}"\n#define {macro.name}{body}\n'
