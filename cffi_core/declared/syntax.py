"""A cdef() as pycparser's syntax tree, for programs that look for parameter names in it."""

import re

COMMENT = re.compile(r"/\*.*?\*/|//(?:\\\n|[^\n])*", re.DOTALL)
DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]*((?:\\\n|[^\n])*)$", re.MULTILINE)
EXTERN = re.compile(r'\bextern[ \t\n]*"Python(?:\+C)?"[ \t\n]*')
DOTS = "__dotdotdot__"


def parse(csource: str) -> tuple:
    """(tree, macros, text): comments, #define lines and CFFI's `...` are not pycparser's."""
    from pycparser import CParser

    text = COMMENT.sub(" ", csource)
    macros = {name: " ".join(value.split()) for name, value in DEFINE.findall(text)}
    text = EXTERN.sub("extern ", DEFINE.sub("", text))
    text = re.sub(r"\[[ \t\n]*\.\.\.[ \t\n]*\]", f"[{DOTS}array__]", text)
    text = re.sub(r"=[ \t\n]*\.\.\.", "", text)
    text = re.sub(r",[ \t\n]*\.\.\.[ \t\n]*(,[ \t\n]*)?}", ", __dotdotdot0__ }", text)
    text = re.sub(r"\b(int|float)[ \t\n]*\.\.\.", r"__dotdotdot\1__", text)
    text = text.replace("...", f" {DOTS} ")
    names = sorted(words_of(text)) + ["__dotdotdotint__", "__dotdotdotfloat__", DOTS]
    before = "".join(f"typedef int {name};\n" for name in names)
    return CParser().parse(f'{before}# 1 "<cdef source string>"\n{text}'), macros, text


def words_of(text: str) -> set[str]:
    """The standard names that text uses and does not define."""
    from cffi_core import FFI
    from cffi_core.model import D, Model

    standard = {decl.name for decl in Model(FFI()).decls if decl.kind == D.TYPEDEF}
    defined = set(re.findall(r"(\w+)[ \t\n]*;", "".join(re.findall(r"\btypedef\b[^;]*;", text))))
    return standard & set(re.findall(r"\w+", text)) - defined
