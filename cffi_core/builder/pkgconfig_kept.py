"""What pkg-config has said, kept in the cache until something that it depends on is different.

That is the program, the environment, each .pc file that it reads, and the places where it looks
for those first. So a warm cdef_header(packages=...) starts no process.
"""

import marshal
import os

from cffi_core import PkgConfigError

from . import pkgconfig, programs

#: Beside those that begin with PKG_CONFIG: folders named here are left out of its answers.
ENVIRONMENT = ("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "INCLUDE", "LIBRARY_PATH")


class Unknown(Exception):
    """It cannot be told which files pkg-config has read."""


def ask(option: str, package: str) -> list[str]:
    """The same as pkgconfig.ask(), for the options of pkgconfig.KEYWORDS."""
    from cffi_core.cache import Cache

    cache, key, answers = Cache(), {"name": f"pkg-config {package}"}, Answers(package)
    program = programs.find(pkgconfig.command()[0])
    try:
        path = cache.get(key, answers.build, host=circumstances(program))
        if answers.said and program:  # for a day when it is not there
            cache.get(key, answers.keep, host=circumstances(None))
    except Unknown:
        return pkgconfig.ask(option, package)
    with open(path, "rb") as file:
        return marshal.loads(file.read())[option]


def circumstances(program: str | None) -> dict:
    stamp = ["not there"]
    if program is not None:
        found = os.stat(program)
        stamp = [program, str(found.st_size), str(found.st_mtime_ns)]
    return {
        "program": [*pkgconfig.command(), *stamp],
        "environment": environment(),
        "folder": os.getcwd(),
    }


def environment() -> list[str]:
    return [
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name.startswith("PKG_CONFIG") or name in ENVIRONMENT
    ]


class Answers:
    """Of one package.

    said: option -> words, once asked; inputs: the .pc files that are read; absent: where they were
    looked for before.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self.said: dict[str, list[str]] = {}
        self.inputs: list[str] = []
        self.absent: list[str] = []

    def build(self, folder: str):
        said = {option: pkgconfig.ask(option, self.package) for option in pkgconfig.KEYWORDS}
        self.folders = folders()
        self.read(self.package.split()[0] if self.package.strip() else "", is_asked=True)
        self.said = said
        return self.keep(folder)

    def keep(self, folder: str):
        from cffi_core.cache import Built

        path = os.path.join(folder, "pkg-config.words")
        with open(path, "wb") as file:
            file.write(marshal.dumps(self.said))
        return Built(path, self.inputs, self.absent)

    def read(self, name: str, is_asked: bool = False) -> None:
        """Finds the file of a package, and those of what it requires."""
        path = self.place(name)
        if path is None and is_asked:
            raise Unknown
        if path is None or path in self.inputs:
            return
        self.inputs.append(path)
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            for required in required_by(file.read()):
                self.read(required)

    def place(self, name: str) -> str | None:
        if name.endswith(".pc"):
            return os.path.abspath(name) if os.path.isfile(name) else None
        before = []
        for folder in self.folders:
            for file in (f"{name}-uninstalled.pc", f"{name}.pc"):
                path = os.path.abspath(os.path.join(folder, file))
                if os.path.isfile(path):
                    self.absent += before
                    return path
                before.append(path)
        return None


def folders() -> list[str]:
    """Where it looks for .pc files."""
    first = os.environ.get("PKG_CONFIG_PATH", "").split(os.pathsep)
    if "PKG_CONFIG_LIBDIR" in os.environ:
        usual = os.environ["PKG_CONFIG_LIBDIR"]
    else:
        try:
            usual = " ".join(pkgconfig.ask("--variable=pc_path", "pkg-config"))
        except PkgConfigError:
            raise Unknown from None
    return [folder for folder in [*first, *usual.split(os.pathsep)] if folder]


def required_by(text: str) -> list[str]:
    """The packages that a .pc file names, without versions."""
    variables: dict[str, str] = {}
    words: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        name, sign, value = line.partition("=")
        field, colon, rest = line.partition(":")
        if sign and name.strip().isidentifier():
            variables[name.strip()] = value.strip()
        elif colon and field.strip() in ("Requires", "Requires.private", "Requires.internal"):
            for variable in reversed(variables):
                rest = rest.replace(f"${{{variable}}}", variables[variable])
            words += rest.replace(",", " ").split()
    skipped = {i + 1 for i, word in enumerate(words) if word[0] in "<>=!"}
    return [w for i, w in enumerate(words) if w[0] not in "<>=!" and i not in skipped]
