"""Declarations that pycparser accepts too must mean the same to both parsers.

Both make the same normal form of a text: one line for each declaration and each record or
enum body, types spelled in C with every typedef and qualifier kept. pycparser's comes from
its syntax tree; the parser's is what cdump --types prints, without sizes and offsets. The
texts are random declarations and the goldens.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import cdump
import pytest
from conftest import FULL
from pycparser import c_ast, c_parser

DECLS = Path(__file__).resolve().parent / "decls"
STANDARD_NAMES = set(re.findall(r'"(\w+_t)"', (cdump.ROOT / "parser/prims.def").read_text()))
STANDARD_TYPES = {"size_t": "unsigned long", "int32_t": "int", "FILE": "struct _IO_FILE"}
STANDARD = "".join(f"typedef {type} {name};" for name, type in STANDARD_TYPES.items())

# ---- pycparser's tree -> normal form -----------------------------------------

QUALIFIERS = ["const", "volatile", "restrict", "_Atomic"]
# The specifiers of each primitive, sorted, without a needless "int" and "signed".
SHORT = {"signed": "int", "": "int"}
LONG_FORMS = {
    "long": "long",
    "long long": "long long",
    "long unsigned": "unsigned long",
    "long long unsigned": "unsigned long long",
    "short": "short",
    "short unsigned": "unsigned short",
    "unsigned": "unsigned int",
    "char signed": "signed char",
    "char unsigned": "unsigned char",
    "double long": "long double",
    "_Complex double": "double _Complex",
    "_Complex float": "float _Complex",
    "_Complex double long": "long double _Complex",
}


def primitive(names: list[str]) -> str:
    words = sorted(name for name in names if name != "int")
    if "char" not in words:
        words = [word for word in words if word != "signed"]
    text = " ".join(words)
    return LONG_FORMS.get(text, SHORT.get(text, text))


def qualifiers(quals: list[str]) -> str:
    return "".join(f"{q} " for q in QUALIFIERS if q in quals)


class NormalForm:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.typedefs: dict[str, c_ast.Node] = {}
        self.constants: dict[str, int] = {}
        self.names: dict[c_ast.Node, str] = {}  # anonymous records that a typedef named

    # -- expressions: what array lengths and enumerators need

    def value(self, node: c_ast.Node) -> int:
        if isinstance(node, c_ast.Constant) and node.type != "char":
            return int(re.sub("[uUlL]+$", "", node.value), 0)
        if isinstance(node, c_ast.ID):
            return self.constants[node.name]
        if isinstance(node, c_ast.UnaryOp) and node.op == "-":
            return -self.value(node.expr)
        if isinstance(node, c_ast.BinaryOp) and node.op in "+-*":
            left, right = self.value(node.left), self.value(node.right)
            return {"+": left + right, "-": left - right, "*": left * right}[node.op]
        raise Unsupported(type(node).__name__)

    # -- types

    def body(self, node: c_ast.Node, word: str, name: str) -> None:
        members = []
        for decl in node.decls:
            if isinstance(decl, c_ast.Pragma) or decl.align:
                raise Unsupported("pragma, alignas")
            text = self.spell(decl.type, decl.name or "")
            if decl.bitsize and not decl.name:
                continue
            bits = f":{self.value(decl.bitsize)}" if decl.bitsize else ""
            members.append(f" {text}{bits};")
        self.lines.append(f"{word} {name} {{{''.join(members)} }}")

    def enumerators(self, node: c_ast.Node, name: str) -> None:
        text, value = "", 0
        for item in node.values.enumerators:
            value = self.value(item.value) if item.value else value
            self.constants[item.name] = value
            text += f" {item.name}={value}"
            value += 1
        self.lines.append(f"enum {name} {{{text} }}")

    def tagged(self, node: c_ast.Node, word: str, typedef: str) -> str:
        name = node.name or typedef or "$"
        if not node.name and typedef:
            if typedef == "*":
                raise Unsupported("a declarator before the typedef that names a record")
            self.names[node] = typedef
        if word == "enum" and node.values:
            self.enumerators(node, name)
        elif word != "enum" and node.decls is not None:
            self.body(node, word, name)
        return name if node in self.names else f"{word} {name}"

    def base(self, node: c_ast.Node, typedef: str = "") -> str:
        words = {c_ast.Struct: "struct", c_ast.Union: "union", c_ast.Enum: "enum"}
        if type(node) in words:
            return self.tagged(node, words[type(node)], typedef)
        return primitive(node.names)

    def spell(self, node: c_ast.Node, declarator: str, typedef: str = "") -> str:
        if isinstance(node, c_ast.PtrDecl):
            inner = f"*{qualifiers(node.quals)}{declarator}"
            inner = inner if declarator else inner.rstrip()
            suffixed = isinstance(node.type, c_ast.ArrayDecl | c_ast.FuncDecl)
            return self.spell(node.type, f"({inner})" if suffixed else inner, typedef)
        if isinstance(node, c_ast.ArrayDecl):
            length = "" if node.dim is None else self.value(node.dim)
            return self.spell(node.type, f"{declarator}[{length}]", typedef)
        if isinstance(node, c_ast.FuncDecl):
            return self.spell(node.type, f"{declarator}({self.parameters(node)})", typedef)
        quals = [] if isinstance(node, c_ast.Struct | c_ast.Union) else node.quals
        base = self.base(getattr(node, "type", node), typedef)
        space = " " if (declarator and declarator[0] != "[") or "*" in declarator else ""
        if declarator.startswith("(") and not re.match(r"\(\*", declarator):
            space = ""  # a function without a name
        return f"{qualifiers(quals)}{base}{space}{declarator}"

    def resolved(self, node: c_ast.Node) -> tuple[c_ast.Node, list[str]]:
        """Behind typedefs, and the qualifiers met on the way."""
        quals: list[str] = []
        while isinstance(node, c_ast.TypeDecl) and isinstance(node.type, c_ast.IdentifierType):
            if node.type.names[0] not in self.typedefs:
                break
            quals += node.quals
            node = self.typedefs[node.type.names[0]]
        return node, quals

    def parameters(self, node: c_ast.FuncDecl) -> str:
        if node.args is None:
            return ""
        texts = []
        first, _ = self.resolved(getattr(node.args.params[0], "type", None))
        if getattr(getattr(first, "type", None), "names", None) == ["void"]:
            return "void"
        for parameter in node.args.params:
            if isinstance(parameter, c_ast.EllipsisParam):
                texts.append("...")
            else:
                texts.append(self.parameter(parameter.type))
        return ", ".join(texts)

    def parameter(self, node: c_ast.Node) -> str:
        real, quals = self.resolved(node)
        if isinstance(real, c_ast.ArrayDecl):
            element = real.type
            if quals and isinstance(element, c_ast.TypeDecl):
                every = [*element.quals, *quals]
                element = c_ast.TypeDecl(None, every, None, element.type)
            # The qualifiers of `int a[const]` are a parameter's own: no part of a type.
            return self.spell(c_ast.PtrDecl([], element), "")
        if isinstance(real, c_ast.FuncDecl):
            return self.spell(c_ast.PtrDecl([], node), "")
        return self.spell(node, "")

    # -- declarations

    def special(self, node: c_ast.Decl) -> bool:
        """A constant to be found by a compiler, or what no library has."""
        constant = "static" in node.storage and not isinstance(node.type, c_ast.FuncDecl)
        return constant or "register" in node.storage

    def declaration(self, node: c_ast.Node) -> None:
        if isinstance(node, c_ast.Typedef):
            direct = isinstance(node.type, c_ast.TypeDecl)
            text = self.spell(node.type, "", node.name if direct else "*")
            if node.name in STANDARD_NAMES | {"FILE", "_Float32", "_Float64"}:
                raise Unsupported("the parser lists it only if it means another type")
            self.typedefs[node.name] = node.type
            self.lines.append(f"typedef {node.name} = {text}")
        elif not isinstance(node, c_ast.Decl) or node.init or node.align or self.special(node):
            raise Unsupported(type(node).__name__)
        elif node.name is None:
            self.base(node.type)
        else:
            real, _ = self.resolved(node.type)
            if isinstance(real, c_ast.FuncDecl):  # whole, by a typedef too
                self.lines.append(f"function {self.spell(real, node.name)}")
            else:
                self.lines.append(f"variable {self.spell(node.type, node.name)}")


class Unsupported(Exception):
    """Of no use to the comparison."""


def their_form(text: str) -> list[str]:
    tree = c_parser.CParser().parse(STANDARD + text)
    form = NormalForm()
    for node in tree.ext[len(STANDARD_TYPES) :]:
        form.declaration(node)
    return sorted(form.lines)


# ---- cdump's lines -> normal form --------------------------------------------


def our_form(text: str) -> list[str]:
    lines = []
    for line in cdump.lines(text, "--types"):
        line = re.sub(r"\$\d+", "$", line)
        line = re.sub(r"^((?:struct|union) \S+) size \S+ align \S+ {", r"\1 {", line)
        line = re.sub(r"^(enum \S+) : [a-z ]+ {", r"\1 {", line)
        line = re.sub(r"@\d+(?::\d+\+(\d+)!?)?;", lambda m: f":{m[1]};" if m[1] else ";", line)
        if line.startswith(("function", "variable")):
            line = re.sub(r" (static|keep_gil|thread)\b", "", line)
        if not line.endswith(" opaque") and not line.startswith("typedef FILE ="):
            lines.append(line)
    return sorted(lines)


def differences(text: str) -> list[str]:
    theirs, ours = their_form(text), our_form(text)
    wrong = [f"ours:   {a}" for a in ours if a not in theirs]
    return wrong + [f"theirs: {b}" for b in theirs if b not in ours]


# ---- random declarations -----------------------------------------------------

BASES = [*LONG_FORMS, "int", "char", "float", "double", "_Bool", "int int", "signed", "size_t"]
BASES = [base.replace("int int", "int long unsigned") for base in BASES]
BASES += ["int32_t", "short int", "long int long", "signed int long"]


class Generator:
    """Declarations that are right: `kind` says what a base may be used for."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.bases = {"object": ["struct first"], "array": [], "function": []}

    def chance(self, p: float) -> bool:
        return self.random.random() < p

    def name(self, prefix: str = "n") -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def specifiers(self, kind: str, void: bool) -> str:
        """In any order, as C allows."""
        if void and self.chance(0.2):
            words = ["void"]
        elif kind == "object" and self.chance(0.7):
            words = self.random.choice(BASES).split()
            self.random.shuffle(words)
        else:
            words = [self.random.choice(self.bases[kind])]
        if kind != "function":
            for _ in range(self.random.choice([0, 0, 1, 2])):
                where = self.random.randint(0, len(words))
                words.insert(where, self.random.choice(["const", "volatile"]))
        return " ".join(words)

    def pointer(self, inner: str) -> str:
        quals = self.random.choice(["", "", "", "const ", "volatile const ", "restrict "])
        return f"*{quals}{inner}"

    def parameters(self, depth: int) -> str:
        if self.chance(0.2):
            return self.random.choice(["void", ""])
        n = self.random.randint(1, 4)
        texts = [self.declared(self.random.choice(["", self.name("p")]), depth + 1, "parameter")
                 for _ in range(n)]
        return ", ".join(texts + ["..."] * self.chance(0.15))

    def suffix(self, depth: int, use: str, outermost: bool) -> tuple[str, str]:
        if (use != "parameter" and self.chance(0.5)) or depth > 2:
            return f"[{self.random.choice(['3', '0x10', '2 + 1', 'CONSTANT * 2'])}]", "array"
        if use == "parameter" and outermost and self.chance(0.5):
            return self.random.choice(["[]", "[static 3]", "[const]", "[7]"]), "array"
        if use == "member" and outermost:
            return "[4]", "array"
        return f"({self.parameters(depth)})", "function"

    def declared(self, name: str, depth: int = 0, use: str = "variable") -> str:
        """Specifiers and declarator, built from the name outwards."""
        text, last = name, ""
        for level in range(self.random.choice([0, 1, 1, 2, 3, 4])):
            if last == "function" or self.chance(0.45):
                text, last = self.pointer(text), "pointer"
                continue
            suffix, kind = self.suffix(depth, use, level == 0)
            if last == "array" and kind == "function":
                continue
            if last == "pointer" or (not text and kind == "function"):
                text = f"({text})" if text else "(*)"
            text, last = text + suffix, kind
            if name and self.chance(0.15):
                text = f"({text})"
        usable = {"pointer": ["object", "array", "function"], "array": ["object", "array"]}
        plain = {"variable": ["object", "array", "function"], "parameter": usable["pointer"]}
        kinds = usable.get(last, ["object"])
        if not last:
            kinds = plain.get(use, ["object", "array"])
        kind = self.random.choice([k for k in kinds if self.bases[k]])
        return f"{self.specifiers(kind, last in ('pointer', 'function'))} {text}"

    def record(self, tag: str, depth: int = 0) -> str:
        members = []
        for _ in range(self.random.randint(1, 5)):
            if depth < 2 and self.chance(0.15):
                name = self.random.choice(["", self.name("m")])
                members.append(f"{self.record('', depth + 1)} {name};")
            elif self.chance(0.3):
                name = self.random.choice(["", self.name("m")])
                members.append(f"unsigned {name} : {self.random.randint(1, 31)};")
            else:
                members.append(f"{self.declared(self.name('m'), 1, 'member')};")
        return f"{self.random.choice(['struct', 'union'])} {tag} {{ {' '.join(members)} }}"

    def declaration(self) -> str:
        choice = self.random.random()
        if choice < 0.15:
            tag = self.name("s")
            record = self.record(tag)
            self.bases["object"].append(f"{record.split()[0]} {tag}")
            return f"{record};"
        if choice < 0.2:
            name = self.name("T")
            text = f"typedef {self.record('')} {name};"
            self.bases["object"].append(name)
            return text
        if choice < 0.25:
            return f"enum {self.name('e')} {{ {self.name('A')} = {self.count}, {self.name('A')} }};"
        if choice < 0.45:
            return self.typedef()
        return f"extern {self.declared(self.name())};"

    def typedef(self) -> str:
        name = self.name("T")
        kind = self.random.choice(list(self.bases))
        declarator = {"object": f"*{name}", "array": f"{name}[3]"}.get(kind)
        if kind == "function":
            declarator = f"{name}({self.parameters(1)})"
        text = f"typedef {self.specifiers('object', kind == 'object')} {declarator};"
        self.bases[kind].append(name)
        return text


FIRST = "struct first { int x; };\nenum { CONSTANT = 2 };\n"


@pytest.mark.parametrize("seed", range(400 if FULL else 40))
def test_random(seed: int) -> None:
    generator = Generator(seed)
    text = FIRST + "\n".join(generator.declaration() for _ in range(60))
    wrong = differences(text)
    assert not wrong, "\n".join([*wrong, text])


def golden_declarations() -> Iterator[tuple[str, list[str]]]:
    """Every case of every golden file, as its declarations."""
    for path in sorted(DECLS.glob("*.h")):
        for number, text in enumerate(re.split(r"(?m)^// ----.*\n", path.read_text())):
            if "// error" in text or "// options" in text:
                continue
            text = re.sub(r"(?m)//.*|^#.*", "", text)
            found, depth = [""], 0
            for piece in re.split(r"([{};])", text):
                depth += (piece == "{") - (piece == "}")
                found[-1] += piece
                if piece == ";" and depth == 0:
                    found.append("")
            yield f"{path.stem}:{number}", found


def common_part(declarations: list[str]) -> str:
    """What pycparser has a grammar for, and declares no name again (the parser merges)."""
    kept, names, before = "", set(), len(STANDARD_TYPES)
    for text in declarations:
        try:
            tree = c_parser.CParser().parse(STANDARD + kept + text)
            their_form(kept + text)
        except (c_parser.ParseError, Unsupported, KeyError, AttributeError, AssertionError):
            continue
        new = [node.name for node in tree.ext[before:] if getattr(node, "name", None)]
        special = re.search(r"void \w+;|128|_Complex|_Float", text)
        again = names & set(new) or len(new) > len(set(new))
        if again or special:
            continue
        ours = cdump.run(kept + text)
        if ours.returncode or "unavailable:" in ours.stdout:
            continue  # it needs what was left out, or pycparser knows no layouts
        kept, names, before = kept + text, names | set(new), len(tree.ext)
    return kept


@pytest.mark.parametrize("declarations", [
    pytest.param(found, id=name) for name, found in golden_declarations()
])
def test_goldens(declarations: list[str]) -> None:
    text = common_part(declarations)
    wrong = differences(text)
    assert not wrong, "\n".join([*wrong, text])
