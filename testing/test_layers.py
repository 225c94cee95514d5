"""Who may know whom. An include or import that points up the layers fails here.

parser/       -> libc
verifier/*.h  -> <stdint.h> <stddef.h>
c/            -> parser's public header, the stub contract, Python.h;
                 one file alone includes <ffi.h>
cffi_core/    -> _core
cache/        -> the standard library, cffi_core._core
verifier/*.py -> cffi_core.model, cffi_core.cache
"""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"][^>"]+[>"])', re.MULTILINE)

# The C library's headers, and those of POSIX and the compiler that c/ needs.
LIBC = {
    *("<assert.h>", "<ctype.h>", "<errno.h>", "<float.h>", "<inttypes.h>", "<limits.h>"),
    *("<locale.h>", "<math.h>", "<setjmp.h>", "<stdalign.h>", "<stdarg.h>", "<stdatomic.h>"),
    *("<stdbool.h>", "<stddef.h>", "<stdint.h>", "<stdio.h>", "<stdlib.h>", "<stdnoreturn.h>"),
    *("<string.h>", "<time.h>", "<uchar.h>", "<wchar.h>", "<complex.h>"),
}
SYSTEM = LIBC | {
    *(
        "<fcntl.h>",
        "<alloca.h>",
        "<dlfcn.h>",
        "<link.h>",
        "<malloc.h>",
        "<pthread.h>",
        "<threads.h>",
    ),
    *("<sys/mman.h>", "<sys/stat.h>", "<sys/types.h>", "<unistd.h>", "<windows.h>", "<io.h>"),
    *("<cpuid.h>", "<immintrin.h>"),
}
PYTHON = {"<Python.h>", "<structmember.h>", "<frameobject.h>"}
PARSER_PUBLIC = {'"cd_parser.h"', '"cd_build.h"'}
CONTRACT = {'"cd_stub.h"'}


def includes(path: Path) -> list[str]:
    return INCLUDE.findall(path.read_text())


def own(folder: str, *suffixes: str) -> set[str]:
    """The quoted names of a folder's own files."""
    return {f'"{path.name}"' for path in (ROOT / folder).iterdir() if path.suffix in suffixes}


def files(folder: str, *suffixes: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).glob("*") if path.suffix in suffixes)


def upward(folder: str, allowed: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} includes {name}"
        for path in files(folder, ".c", ".h", ".def")
        for name in includes(path)
        if name not in allowed
    ]


def test_parser_knows_libc_alone():
    assert not upward("parser", LIBC | own("parser", ".h", ".def"))


def listed(section: str) -> list[str]:
    """The files that a part of the map at the head of cd_impl.h names, in its order."""
    return re.findall(r"\b\w+\.c\b", section)


def test_the_parsers_files_use_those_below_them():
    """The map in cd_impl.h is complete and true: only the grammar's files form a circle."""
    texts = {
        path.name: re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for path in files("parser", ".c")
    }
    top = (ROOT / "parser/cd_impl.h").read_text().partition("*/")[0]
    grammar, below, above = re.split(r"Below it|Above it", top)
    order = [*listed(above)[::-1], "", *listed(below)]
    assert {*order, *listed(grammar)} - {""} == {*texts}
    definition = re.compile(r"^(?!static\b)\w[\w *]*?\b(cd_\w+)\([^;]*?^\{", re.MULTILINE)
    home = {name: file for file, text in texts.items() for name in definition.findall(text)}
    assert len(home) > 150

    def height(file: str) -> int:
        return order.index(file if file in order else "")

    uphill = [
        f"{file} uses {name} of {home[name]}"
        for file, text in texts.items()
        for name in {*re.findall(r"\b(cd_\w+)\(", text)} & {*home}
        if height(home[name]) < height(file)
    ]
    assert not uphill


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


# A function that other files may use, up to its body; a variable that they may use.
FUNCTION = re.compile(
    r"^(?![ \t#/}]|typedef|static)[\w *()]*?\b((?:cc|ffi)_\w+)\([^;{}]*\)\n\{", re.M
)
VARIABLE = re.compile(r"^(?!static|extern|typedef)[\w *]*?\b((?:cc|ffi)_\w+)(?:\[\w*\])* = ", re.M)
INLINE = re.compile(
    r"^(?:static inline|CC_INLINE)\b[^;{}]*?\b(cc_\w+)\([^;{}]*\)\n\{(.*?)^\}", re.M | re.S
)


def names_in(text: str, inline: dict[str, str]) -> set[str]:
    """What a text uses, also through the functions in headers."""
    names, texts = set(), [text]
    while texts:
        fresh = {*re.findall(r"\b(?:cc|ffi)_\w+", texts.pop())} - names
        names |= fresh
        texts += [inline[name] for name in fresh if name in inline]
    return names


def test_the_cores_files_use_those_below_them():
    """The map in core.h is an order, from the module down: there is no circle."""
    texts = {path.name: without_comments(path.read_text()) for path in files("c", ".c")}
    headers = "".join(without_comments(path.read_text()) for path in files("c", ".h"))
    inline = dict(INLINE.findall(headers))
    top = (ROOT / "c" / "core.h").read_text().partition("\n#ifndef")[0]
    order = listed(top.partition(" * The module\n")[2])
    assert sorted(order) == sorted(texts)

    homes = defaultdict(set)  # what depends on the platform is in several
    for file, text in texts.items():
        for pattern in (FUNCTION, VARIABLE):
            for name in pattern.findall(text):
                homes[name].add(file)
    assert len(homes) > 300
    uphill = [
        f"{file} uses {name} of {home}"
        for file, text in texts.items()
        for name in sorted(names_in(text, inline) & {*homes})
        for home in homes[name]
        if file not in homes[name] and order.index(home) < order.index(file)
    ]
    assert not uphill


def test_the_contract_is_a_leaf():
    headers = files("verifier", ".h") if (ROOT / "verifier").exists() else []
    for path in headers:
        assert set(includes(path)) <= {"<stdint.h>", "<stddef.h>"}, path


def test_runtime_knows_the_parsers_public_header_only():
    if not (ROOT / "c").exists():
        pytest.skip("no c/ in this tree")
    # The parser's .def files are lists of facts that its public header expands.
    lists = own("parser", ".def")
    ours = own("c", ".h", ".def")
    assert not upward("c", SYSTEM | PYTHON | PARSER_PUBLIC | lists | CONTRACT | ours | {"<ffi.h>"})


MAP = (ROOT / "doc" / "internals.md").read_text()
MAPS = {
    "c": [MAP, (ROOT / "c" / "core.h").read_text().partition("#ifndef")[0]],
    "parser": [MAP],
    "verifier": [MAP],
    "cache": [MAP],
    "cffi_core": [MAP],
    "cffi_core/builder": [(ROOT / "cffi_core" / "builder" / "__init__.py").read_text()],
    "cffi_core/header": [(ROOT / "cffi_core" / "header" / "__init__.py").read_text()],
}


@pytest.mark.parametrize("folder", MAPS)
def test_the_maps_name_every_file(folder):
    """Where a stranger looks first."""
    files = {p.name for p in (ROOT / folder).glob("*.[cp]*") if p.suffix in (".c", ".py")}
    for text in MAPS[folder]:
        patterns = set(re.findall(r"[\w*]+\.(?:c|py)\b", text))
        missing = {f for f in files if not any(fnmatchcase(f, p) for p in patterns)}
        assert {f for f in missing if not f.startswith("__")} == set()


def test_one_file_alone_knows_libffi():
    if not (ROOT / "c").exists():
        pytest.skip("no c/ in this tree")
    assert len([path for path in files("c", ".c", ".h") if "<ffi.h>" in includes(path)]) <= 1


def test_no_c_file_includes_another():
    for folder in "c", "parser":
        for path in files(folder, ".c", ".h") if (ROOT / folder).exists() else []:
            assert not [name for name in includes(path) if name.endswith('.c"')], path


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(absolute module name, whether it happens at import time)."""
    tree = ast.parse(path.read_text())
    late = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node not in late
        elif isinstance(node, ast.ImportFrom):
            package = {"cffi_core": "cffi_core"}.get(
                path.parent.name, f"cffi_core.{path.parent.name}"
            )
            start = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            base = ".".join(filter(None, [start if node.level else "", node.module or ""]))
            yield base, node not in late
            for alias in node.names:
                yield f"{base}.{alias.name}", node not in late


def is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def within(module: str, *packages: str) -> bool:
    return any(module == p or module.startswith(p + ".") for p in packages)


def python_files(folder: str) -> list[Path]:
    """But for the drop-in's, which are copied elsewhere: they know each other and the package."""
    found = sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).exists() else []
    return [path for path in found if "site" not in path.parts]


# What the package works with where it is installed, and without where it is not.
EXTRAS = ("setuptools", "wheel", "rich", "pycparser")


def test_package_imports_nothing_above_it():
    """cffi_core/ may reach the verifier and the cache late, inside a function; extras too.

    setuptools_ext.py is imported late itself, by setuptools and FFI.distutils_extension().
    """
    for path in python_files("cffi_core"):
        for module, at_import in imports(path):
            above = within(module, "cffi_core.verifier", "cffi_core.cache", *EXTRAS)
            if path.name == "setuptools_ext.py" and within(module, "setuptools"):
                continue
            assert is_standard(module) or (
                within(module, "_cffi_core", "cffi_core", *EXTRAS) and not (above and at_import)
            ), f"{path.relative_to(ROOT)} imports {module}"


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("cache", ("cffi_core.cache", "cffi_core._core")),
        ("verifier", tuple(f"cffi_core.{n}" for n in ("verifier", "model", "named", "cache"))),
    ],
)
def test_cache_and_verifier_import_downwards(folder, allowed):
    for path in python_files(folder):
        for module, _ in imports(path):
            assert is_standard(module) or module == "cffi_core" or within(module, *allowed), (
                f"{path.relative_to(ROOT)} imports {module}"
            )


def test_import_stays_light():
    """`import cffi_core` must not drag in modules that cost milliseconds each."""
    heavy = "argparse ast ctypes hashlib inspect json pathlib subprocess sysconfig tempfile typing"
    program = (
        "import sys; before = set(sys.modules); import cffi_core;"
        f"print(*sorted((set(sys.modules) - before) & set({heavy.split()!r})))"
    )
    search = [str(ROOT)] if str(ROOT) in sys.path else []
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {search!r}; {program}"],
        capture_output=True,
        text=True,
        cwd=ROOT.parent,
        check=True,
    )
    assert done.stdout.split() == []


def test_the_extension_exports_one_symbol():
    """Hidden visibility: what two libraries define can never collide."""
    core = pytest.importorskip("cffi_core._core")
    try:
        done = subprocess.run(
            ["nm", "-D", "--defined-only", core.__file__],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no nm here that reads this file")
    names = {line.split()[-1] for line in done.stdout.splitlines()}
    assert names - {"_init", "_fini"} == {"PyInit__cffi_core"}
