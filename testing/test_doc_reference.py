"""doc/reference/ is complete and true: compared with the extension and the parser's lists."""

import ast
import inspect
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

import cffi_core
from cffi_core import FFI

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "doc" / "reference"
PARSER = ROOT / "parser"


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def headings(text: str, owner: str) -> set[str]:
    """The names that `### `owner.name(...)`` headings document."""
    lines = re.findall(r"^### (.*)$", text, re.M)
    return {name for line in lines for name in re.findall(rf"`{owner}\.(\w+)", line)}


def public(*things) -> set[str]:
    return {name for thing in things for name in dir(thing) if not name.startswith("_")}


@pytest.mark.parametrize("folder", ["c", "parser"])
def test_the_picture_of_the_inside_has_every_file(folder):
    text = (ROOT / "doc" / "internals.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:\w+/)?([\w*]+\.c)`", text))
    files = {path.name for path in (ROOT / folder).glob("*.c")}
    missing = [f for f in sorted(files) if not any(fnmatch(f, pattern) for pattern in named)]
    assert not missing
    folders = "c", "parser", "verifier"
    every = {path.name for where in folders for path in ROOT.glob(f"{where}/*.c")}
    assert not [p for p in named if not any(fnmatch(f, p) for f in every)]


def section(text: str, title: str) -> str:
    return re.split(r"^## ", text.split(f"\n## {title}\n")[1], flags=re.M)[0]


def words_in(text: str) -> set[str]:
    """Every word in `code` of a page."""
    without_blocks = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    code = " ".join(re.findall(r"`([^`]+)`", without_blocks))
    return set(re.findall(r"\w+", code))


def def_file(name: str, macros: str) -> list[list[str]]:
    """The quoted spellings of each line of a .def file."""
    text = re.sub(r"/\*.*?\*/", "", (PARSER / name).read_text(), flags=re.S)
    return re.findall(rf'^(?:{macros})\((\w+),\s*"([^"]*)"', text, re.M)


ELSEWHERE = set() if sys.platform == "win32" else {"getwinerror"}


def test_every_attribute_of_ffi_is_documented():
    text = page("ffi")
    rtld = {name for name in public(FFI) if name.startswith("RTLD_")}
    assert public(FFI, FFI()) - rtld == headings(text, "ffi") - {"RTLD_NOW"} - ELSEWHERE
    assert rtld <= words_in(text)


def signatures(doc: str) -> list[str]:
    """The signatures that a docstring begins with, without their results."""
    return [line.split(" -> ")[0] for line in doc.split("\n\n")[0].splitlines()]


METHODS = sorted(n for n in public(FFI) if type(getattr(FFI, n)).__name__ == "method_descriptor")


@pytest.mark.parametrize("name", METHODS)
def test_headings_show_the_signatures(name):
    heading = next(h for h in re.findall(r"^### (.*)$", page("ffi"), re.M) if f"`ffi.{name}(" in h)
    found = re.findall(r"`ffi\.([^`]*)`", heading)
    assert found == [s.replace("'", '"') for s in signatures(getattr(FFI, name).__doc__)]


@pytest.mark.parametrize("name", METHODS)
def test_signatures(name):
    """Editors, help() and inspect have what the docstring says."""
    method = getattr(FFI, name)
    first = signatures(method.__doc__)[0]
    if "[" in first:  # from_buffer() can leave its first argument out
        return
    found = re.sub(r"^\(self, (/, |/(?=\))|)", "(", str(inspect.signature(method)))
    assert f"{name}{found}" == first


STUBS = ast.parse((ROOT / "cffi_core" / "_core.pyi").read_text())


def stub_names(cls: str) -> set[str]:
    body = next(n.body for n in STUBS.body if isinstance(n, ast.ClassDef) and n.name == cls)
    names = {n.name for n in body if isinstance(n, ast.FunctionDef)}
    names |= {n.target.id for n in body if isinstance(n, ast.AnnAssign)}
    return {name for name in names if not name.startswith("_")}


def test_type_stubs_have_the_same_names():
    ffi = FFI()
    ffi.cdef("struct s { int a; }; enum e { A };")
    types = "void*", "int[2]", "struct s", "enum e", "int(*)(int, ...)"
    assert stub_names("FFI") == public(FFI)
    assert stub_names("CType") == public(*map(ffi.typeof, types))
    assert stub_names("CField") == public(dict(ffi.typeof("struct s").fields)["a"])
    classes = {n.name for n in STUBS.body if isinstance(n, ast.ClassDef)}
    module = ast.parse((ROOT / "cffi_core" / "__init__.pyi").read_text())
    functions = {n.name for n in module.body if isinstance(n, ast.FunctionDef)}
    assert set(cffi_core.__all__) <= classes | functions
    imports = [n.names[0].asname for n in module.body if isinstance(n, ast.ImportFrom)]
    shown = [name for name in imports if name and not name.startswith("_")]
    assert [*shown, *sorted(functions)] == cffi_core.__all__


@pytest.mark.parametrize("name", METHODS)
def test_type_stubs_have_the_same_parameters(name):
    ffi_class = next(n for n in STUBS.body if isinstance(n, ast.ClassDef) and n.name == "FFI")
    stubs = [n for n in ffi_class.body if isinstance(n, ast.FunctionDef) and n.name == name]
    in_stubs = {
        a.arg
        for stub in stubs
        for args in [stub.args]
        for a in [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        if a is not None and a.arg != "self"
    }
    in_docstring = {
        re.sub(r"=.*|\[|\]|\*", "", part).strip()
        for signature in signatures(getattr(FFI, name).__doc__)
        for part in signature.partition("(")[2].rstrip(")").split(",")
    } - {"", "/"}
    assert in_docstring - {"lib"} == in_stubs - {"lib"}


def test_every_attribute_of_ctypes_is_documented():
    ffi = FFI()
    ffi.cdef("struct s { int a; }; union u { int a; }; enum e { A };")
    types = "void*", "int", "int[2]", "struct s", "union u", "enum e", "int(*)(int, ...)"
    found = public(*map(ffi.typeof, types)) | public(ffi.typeof("void*").item)
    text = page("ctype")
    assert found == headings(text, "ctype")
    field = dict(ffi.typeof("struct s").fields)["a"]
    assert public(field) == set(re.findall(r"^- `field\.(\w+)`", text, re.M))


def test_cdata_have_no_other_public_attributes():
    ffi = FFI()
    ffi.cdef("struct s { int a; };")
    c = ffi.dlopen(None)
    p = ffi.new("struct s *")
    cdata = ffi.NULL, ffi.new("int[2]"), ffi.cast("int", 1), ffi.callback("int(int)", abs)
    assert public(*cdata) == set()
    assert public(p) == public(p[0]) == {"a"}
    assert public(c) == set()


def test_buffer_has_no_undocumented_attribute():
    assert public(FFI.buffer) == set()


def test_every_public_class_of_the_module_is_documented():
    text = page("errors") + page("ffi") + page("lib").replace("cffi_core.load", "load")
    missing = [n for n in cffi_core.__all__ if not n.startswith("_") and f"`{n}" not in text]
    assert not missing


@pytest.mark.parametrize("name", ["tokens.def", "prims.def"])
def test_every_word_of_the_parser_is_documented(name):
    known = words_in(page("cdef-language"))
    spelt = def_file(name, "WORD|ALIAS|PRIM")
    assert spelt
    missing = [text for _, text in spelt if not set(re.findall(r"\w+", text)) <= known]
    assert not missing


def test_attributes_are_documented_as_what_they_do():
    """The unusable ones stand in the sentence about them, the others in the table."""
    text = re.sub(r"/\*.*?\*/", "", (PARSER / "attrs.def").read_text(), flags=re.S)
    attributes = re.findall(r'^(ATTR|CONVENTION|REFUSED)\("(\w+)"', text, re.M)
    assert attributes
    about = section(page("cdef-language"), "Attributes")
    table, _, unusable = about.partition("These change the ABI")
    for macro, word in attributes:
        assert re.search(rf"\b{word}\b", unusable if macro == "REFUSED" else table), word


def test_limits_are_documented():
    text = re.sub(r"/\*.*?\*/", "", (PARSER / "cd_limits.h").read_text(), flags=re.S)
    limits = dict(re.findall(r"^\s*(?:#define )?(CD_MAX_\w+)(?: = |\s+)([^,\n]+)", text, re.M))
    documented = dict(re.findall(r"\(`(CD_MAX_\w+)`\) \| (\d+) \|", page("cdef-language")))
    assert documented.keys() == limits.keys()
    for name, value in limits.items():
        value = re.sub(r"\((?:size_t|uint\d+_t)\)", "", value).replace("INT64_MAX", str(2**63 - 1))
        assert eval(value) == int(documented[name]), name
