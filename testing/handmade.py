"""Compiled stubs written by hand, record by record: tests of the loader that know no emitter.

A Stub gathers user code, types and globals; text() is its C file.
"""

import os
import re
import subprocess
from pathlib import Path

import native

ROOT = Path(__file__).resolve().parent.parent
FIRST_SID = 256
PRIMS = re.findall(r"^PRIM\((\w+)", (ROOT / "parser" / "prims.def").read_text(), re.MULTILINE)
KINDS = re.findall(r"^KIND\((\w+)", (ROOT / "parser" / "kinds.def").read_text(), re.MULTILINE)
DECLS = [
    "NONE",
    "TYPEDEF",
    "FUNCTION",
    "VARIABLE",
    "INT",
    "FLOAT",
    "STRING",
    "MACRO",
    "EXTERN_PYTHON",
    "UNAVAILABLE",
]
LATE, DOTS, VARIADIC = 4, 16, 32
KEEP_GIL, CHECKED = 2, 32

# How a value of each primitive travels in a word; all others go by address.
WORDS = {
    **dict.fromkeys(["SCHAR", "SHORT", "INT", "LONG", "LLONG"], "i"),
    **dict.fromkeys(["BOOL", "CHAR", "UCHAR", "USHORT", "UINT", "ULONG", "ULLONG", "SIZE_T"], "u"),
    "FLOAT": "f",
    "DOUBLE": "d",
}


def symbol(name: str) -> tuple[str, str]:
    """(what follows PyInit, the last part) of a module's name, as symbols have them."""
    last = name.split(".")[-1]
    if last.isascii():
        return "", last
    return "U", last.encode("punycode").decode().replace("-", "_")


PYINIT = """
extern void *PyCapsule_Import(const char *, int) __attribute__((weak));
CD_EXPORT void *PyInit%(u)s_%(last)s(void);
void *PyInit%(u)s_%(last)s(void)
{
    struct cd_core_api *api = PyCapsule_Import(CD_CAPSULE, 0);
    return api ? api->init(&cd_stub_%(last)s) : NULL;
}
"""


class Type:
    """A type's id and C text, with %s where a declarator goes; word: how a value travels."""

    def __init__(self, sid: int, c: str, word: str) -> None:
        self.sid, self.c, self.word = sid, c, word


class Stub:
    def __init__(self, name: str, code: str, **header: object) -> None:
        self.name, self.code, self.header = name, code, header
        self.strings = b"\0"
        self.types, self.fields, self.tags, self.globals = [], [], [], {}
        self.ids, self.facts, self.externs = [0], ["0"], []
        self.tramps, self.addresses, self.getters, self.includes = [], [], [], []

    def text_at(self, text: "str | bytes") -> int:
        data = text.encode() if isinstance(text, str) else text
        if not data:
            return 0
        self.strings += data + b"\0"
        return len(self.strings) - len(data) - 1

    def fact(self, *values: str) -> int:
        self.facts += map(str, values)
        return len(self.facts) - len(values)

    # ---- types

    def record(self, kind: str, c: str, word: str, sub=0, flags=0, name="", a=0, b=0, f=0, x=0):
        row = (KINDS.index(kind), sub, flags, self.text_at(name), a, b, f, x, 0, 0, 1)
        self.types.append(row)
        return Type(FIRST_SID + len(self.types) - 1, c, word)

    def prim(self, name: str, c: str) -> Type:
        return Type(1 + PRIMS.index(name), c + " %s", WORDS.get(name, "p*"))

    def pointer(self, item: Type) -> Type:
        c = item.c % ("(*%s)" if "(" in item.c or "[" in item.c else "*%s")
        return self.record("POINTER", c, "p", a=item.sid)

    def const(self, item: Type) -> Type:
        return self.record("QUAL", "const " + item.c, item.word, sub=1, a=item.sid)

    def array(self, item: Type, n: int) -> Type:
        return self.record("ARRAY", item.c % f"%s[{n}]", "", a=item.sid, b=n)

    def late_array(self, item: Type, name: str) -> Type:
        x = self.fact(f"sizeof({name}) / sizeof(*{name})")
        return self.record("ARRAY", item.c % "%s[]", "", flags=LATE | DOTS, a=item.sid, x=x)

    def late_int(self, c: str) -> Type:
        f = self.fact(f"sizeof({c})", f"(({c})-1 < 0)")
        prim = 1 + PRIMS.index("DOT_INT")
        return self.record("PRIM", c + " %s", "i", sub=prim, flags=LATE, f=f)

    def func(self, result: Type, *params: Type, variadic: bool = False) -> Type:
        at = len(self.ids)
        self.ids += [p.sid for p in params]
        texts = [p.c % "" for p in params] + ["..."] * variadic
        c = result.c % f"%s({', '.join(texts) or 'void'})"
        made = self.record(
            *("FUNC", c, "fn"), flags=VARIADIC * variadic, a=result.sid, b=at, f=len(params)
        )
        made.result, made.params, made.variadic = result, params, variadic
        return made

    def struct(self, tag: str, *fields: tuple[str, Type], wrong_size="", flags=0) -> Type:
        c = f"struct {tag}"
        at = len(self.fields)
        for name, item in fields:
            fact = self.fact(f"offsetof({c}, {name})", f"sizeof((({c} *)0)->{name})")
            self.fields.append((self.text_at(name), item.sid, fact, -1, 0, 0))
        f = self.fact(wrong_size or f"sizeof({c})", f"CD_ALIGN({c})")
        self.tags.append((tag, len(self.types)))
        columns = {"flags": flags, "name": tag, "a": at, "b": len(fields), "f": f}
        return self.record("STRUCT", c + " %s", "p*", **columns)

    def enum(self, tag: str, *names: str) -> Type:
        self.tags.append((tag, len(self.types)))
        f = self.fact(f"sizeof(enum {tag})", f"((enum {tag})-1 < 0)")
        made = self.record("ENUM", f"enum {tag} %s", "i", name=tag, b=len(names), f=f)
        made.names, made.row = names, len(self.types) - 1
        for name in names:
            self.int(name, flags=64 | CHECKED, type=made)
        return made

    def imported(self, c: str, tag: str, include: int, size: str = "") -> Type:
        f = self.fact(size or f"sizeof({c})", f"CD_ALIGN({c})")
        return self.record(
            "IMPORT", c + " %s", "p*", sub=KINDS.index("STRUCT"), name=tag, a=include, f=f
        )

    # ---- globals

    def add(self, name: str, kind: str, type: "Type | None" = None, slot=0, flags=0, doc=b""):
        sid = type.sid if type else 0
        self.globals[name] = (sid, slot, DECLS.index(kind), flags, self.text_at(doc))

    def typedef(self, name: str, item: Type) -> Type:
        made = self.record("TYPEDEF", name + " %s", item.word, name=name, a=item.sid)
        self.add(name, "TYPEDEF", made)
        return made

    def function(self, name: str, type: Type, flags: int = 0, macro: bool = False) -> None:
        slot = len(self.tramps)
        self.tramps.append("0" if type.variadic else f"_cd_t_{name}")
        self.addresses.append(f"(cd_code){name}")
        if not type.variadic:
            call = f"{name}({', '.join(argument(p, i) for i, p in enumerate(type.params))})"
            body = call if type.result.sid == 1 else f"*({type.result.c % '*'})r = {call}"
            self.code += f"static void _cd_t_{name}(void *r, const cd_word *a) "
            self.code += f"{{ (void)r, (void)a; {body}; }}\n"
        self.add(name, "FUNCTION", type, slot, flags)

    def getter(self, name: str, type: Type, text: str) -> int:
        self.code += f"static void _cd_g_{name}(void *out) {{ {text}; }}\n"
        self.getters.append(f"_cd_g_{name}")
        return len(self.getters) - 1

    def variable(self, name: str, type: Type) -> None:
        slot = self.getter(name, type, f"*(const void **)out = &{name}")
        self.add(name, "VARIABLE", type, slot)

    def value(self, name: str, type: Type, kind: str = "MACRO") -> None:
        slot = self.getter(name, type, f"__auto_type v = {name}; memcpy(out, &v, sizeof v)")
        self.add(name, kind, type, slot)

    def int(self, name: str, declared: "str | None" = None, flags=0, type=None) -> None:
        facts = [f"(int64_t)({name})", f"(({name}) > 0 && (uint64_t)({name}) > INT64_MAX)"]
        if flags & CHECKED or declared is not None:
            flags |= CHECKED
            facts += [f"(int64_t)({declared or name})", "0"]
        self.add(name, "INT", type, self.fact(*facts), flags)

    def extern_python(self, name: str, type: Type) -> None:
        params = ", ".join(p.c % f"a{i}" for i, p in enumerate(type.params))
        words = "".join(word(p, i) for i, p in enumerate(type.params))
        result = type.result
        void = result.sid == 1
        head = result.c % f"{name}({params or 'void'})"
        keep = "" if void else result.c % "r" + " = {0};"
        _, last = symbol(self.name)
        self.code = (
            f"static {head};\n"
            + self.code
            + f"""
extern struct cd_stub cd_stub_{last};
static struct cd_link _cd_link;
static {head} {{ cd_word w[{len(type.params) + 1}]; {keep} {words}
    if (_cd_link.call_python)
        _cd_link.call_python(&cd_stub_{last}, {len(self.externs)}, {"0" if void else "&r"}, w);
    {"" if void else "return r;"} }}
"""
        )
        self.add(name, "EXTERN_PYTHON", type, len(self.externs))
        self.externs.append(f"(cd_code){name}")

    # ---- the file

    def finish_enums(self) -> None:
        order = sorted(self.globals, key=str.encode)
        for row, record in enumerate(self.types):
            if record[0] == KINDS.index("ENUM"):
                at = len(self.ids)
                sid = FIRST_SID + row
                names = [n for n, g in self.globals.items() if g[0] == sid and g[3] & 64]
                self.ids += [order.index(name) for name in names]
                self.types[row] = (*record[:4], at, *record[5:])

    def text(self) -> str:
        self.finish_enums()
        order = sorted(self.globals, key=str.encode)
        names = {name: self.text_at(name) for name in order}
        globals_ = [
            (names[n], g[0], g[1], g[2], g[3], 0, g[4], 0, 0, 1)
            for n, g in ((name, self.globals[name]) for name in order)
        ]
        tags = [row for _, row in sorted(self.tags, key=lambda tag: tag[0].encode())]
        includes = [(self.text_at(name), 0, 0) for name in self.includes]
        u, last = symbol(self.name)
        arrays = {
            "types": ("struct cd_stub_type", self.types),
            "ids": ("uint32_t", self.ids),
            "fields": ("struct cd_stub_field", self.fields),
            "globals": ("struct cd_stub_global", globals_),
            "includes": ("struct cd_stub_include", includes),
            "tags": ("uint32_t", tags),
            "facts": ("int64_t", self.facts),
            "tramp": ("cd_tramp", self.tramps),
            "address": ("cd_code", self.addresses + self.externs),
            "getter": ("cd_getter", self.getters),
        }
        fields = {name: f"_cd_{name}" if rows else "0" for name, (_, rows) in arrays.items()}
        fields |= {
            "size": "sizeof(struct cd_stub)",
            "major": "CD_MAJOR",
            "minor": "CD_MINOR",
            "min_core": "CD_MAJOR << 16",
            "target": "CD_TARGET",
            "module": f'"{self.name}"',
            "emitter": '"by hand"',
            "text": "_cd_text",
            "n_text": len(self.strings),
            "n_types": len(self.types),
            "n_ids": len(self.ids),
            "n_fields": len(self.fields),
            "n_tags": len(tags),
            "n_globals": len(globals_),
            "n_includes": len(includes),
            "n_facts": len(self.facts),
            "n_functions": len(self.tramps),
            "n_getters": len(self.getters),
            "n_externs": len(self.externs),
            "link": "&_cd_link",
            **self.header,
        }
        lines = [
            "#define _GNU_SOURCE",
            (ROOT / "verifier" / "cd_stub.h").read_text(),
            "#define CD_ALIGN(T) _Alignof(T)",
            self.code,
            "static struct cd_link _cd_link;",
            f"static const char _cd_text[] = {{{', '.join(map(str, self.strings))}}};",
        ]
        for name, (c, rows) in arrays.items():
            if rows:
                body = ",\n".join(
                    "{" + ", ".join(map(str, row)) + "}" if isinstance(row, tuple) else str(row)
                    for row in rows
                )
                lines.append(f"static const {c} _cd_{name}[] = {{{body}}};")
        body = ", ".join(f".{name} = {value}" for name, value in fields.items())
        lines.append(f"CD_EXPORT struct cd_stub cd_stub_{last};")
        lines.append(f"struct cd_stub cd_stub_{last} = {{{body}}};")
        return "\n".join(lines) + PYINIT % {"u": u, "last": last}

    def compile(self, folder: Path, *flags: str) -> Path:
        """The stub as <folder>/<last part of its name>.so"""
        source = folder / (self.name.split(".")[-1] + ".c")
        source.write_text(self.text())
        target = source.with_suffix(".so")
        scratch = target.with_suffix(f".{os.getpid()}")
        command = [*native.compiler(), "-shared", "-fPIC", "-O2", *flags]
        subprocess.run([*command, "-o", scratch, source], check=True)
        os.replace(scratch, target)
        return target


def word(type: Type, i: int) -> str:
    """C that puts parameter ai into word i."""
    if type.word == "p*":
        return f"w[{i}].p = (void *)&a{i}; "
    cast = "(void *)" if type.word == "p" else ""
    return f"w[{i}].{type.word} = {cast}a{i}; "


def argument(type: Type, i: int) -> str:
    """C that takes argument i out of its word."""
    if type.word == "p*":
        return f"*({type.c % '*'})a[{i}].p"
    return f"({type.c % ''})a[{i}].{type.word}"
