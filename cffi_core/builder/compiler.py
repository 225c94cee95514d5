"""Running the C compiler: from one source and its options to a shared library and the list of
the files that were read.

The compiler runs in a folder, so that what it writes into its output does not depend on where that
folder is; nothing of ours changes the current directory.
"""

import os
import sys

from . import programs
from .files import discard, publish, temporary_beside
from .links import Links
from .options import CPLUSPLUS, Options, absolute_words

PATH_LISTS = ("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH")


class CompilerFailed(Exception):
    """A command did not do its job: command, status (None: not even started), output."""

    def __init__(self, command: list[str], status: int | None, output: str) -> None:
        super().__init__(output)
        self.command = command
        self.status = status
        self.output = output


class Job:
    """One source, with the options' further sources and objects, becomes one shared library.

    folder     where the compiler runs; source is relative to it
    scratch    a private folder for what is needed in between
    base       where relative paths in options and environment start; None: folder
    kept       where the source's object stays, without its extension; None: nowhere
    then       modules that are needed when it is done: imported while the compiler is at work
    """

    def __init__(
        self,
        source: str,
        options: Options,
        *,
        folder: str,
        scratch: str,
        base: str | None = None,
        kept: str | None = None,
        debug: bool = False,
        verbose: int = 0,
        then=(),
    ) -> None:
        self.source = source
        self.options = options
        self.folder = os.path.abspath(folder)
        self.scratch = os.path.abspath(scratch)
        self.base = base
        self.kept = kept
        self.debug = debug
        self.verbose = verbose
        self.then = ["cffi_core.cache.depfile", "cffi_core.cache.search", *then]
        self.toolchain = toolchain()
        self.links = Links(self.folder)
        self.include_dirs = options.include_dirs
        sources = [source, *options.sources]
        self.cplusplus = options.cplusplus or any(s.endswith(CPLUSPLUS) for s in sources)
        self.target = Target(self.cplusplus)
        self.noted: set[str] = set()  # files read, as commands name them on their output
        self.remarks: list[str] = []  # warnings
        self.tells_undefined = False  # whether the linker is asked for undefined symbols
        self.undefined: set[str] = set()
        self.inputs: list[str] = []  # absolute paths of the files that were read
        self.absent: list[str] = []  # and of the places where they are looked for before
        self.folders = b""  # where headers are looked for, as the compiler says it

    # ---- words of commands -------------------------------------------------

    def compiler(self, source: str) -> list[str]:
        """The compiler of one source, by its extension; the first one's can be set."""
        if source == self.source:
            return programs.command(self.options.cplusplus)
        return programs.command(source.endswith(CPLUSPLUS))

    def linker(self) -> list[str]:
        return programs.command(self.cplusplus)

    def flags(self, variable: str) -> list[str]:
        """The words of an environment variable like CFLAGS."""
        words = programs.words_of(variable)
        return words if self.base is None else absolute_words(words, self.base)

    def compile_flags(self, cplusplus: bool) -> list[str]:
        """CPPFLAGS, and CFLAGS or, for C++, CXXFLAGS where it is set."""
        language = "CXXFLAGS" if cplusplus and "CXXFLAGS" in os.environ else "CFLAGS"
        return self.flags("CPPFLAGS") + self.flags(language)

    # ---- running ------------------------------------------------------------

    def run(self, output: str, check=None) -> None:
        """Makes output, whole or not at all, and sets inputs and absent.

        check(path) is given the file before it becomes output, and may raise.
        """
        output = os.path.abspath(output)
        os.makedirs(os.path.dirname(output), exist_ok=True)
        temporary = temporary_beside(output)
        self.include_dirs = self.options.include_dirs
        if self.folder == self.scratch and programs.wrapped(self.compiler(self.source)):
            self.include_dirs = list(map(self.links.add, self.include_dirs))
        search = None if self.is_one_command() else self.start_search()
        try:
            self.make(temporary)
            if check is not None:
                check(temporary)
            publish(temporary, output)
        except BaseException:
            discard(temporary)
            raise
        finally:
            listing = search.finish()[2] if search else self.folders
        self.absent = self.places_before(listing)

    def start_search(self):
        """A process, beside the compiler, that prints where headers are looked for."""
        command = self.toolchain.search_command(self)
        if command is None:
            return None
        try:
            return self.start(command)
        except OSError:
            return None

    def places_before(self, listing: bytes) -> list[str]:
        """Where a header, if it appeared, would be read instead of one of the inputs."""
        from cffi_core.cache import search

        found = search.parse_verbose(listing)
        for folders in found.quote, found.angle:
            folders[:] = [self.links.path(os.path.join(self.folder, path)) for path in folders]
        return search.absent_places(self.inputs, found, self.folder)

    def is_one_command(self) -> bool:
        """Whether nothing needs a step of its own; wrappers keep what is compiled, not linked."""
        if self.options.sources or self.kept:
            return False
        return not programs.wrapped(self.compiler(self.source))

    def make(self, output: str) -> None:
        sources = [self.source, *self.options.sources]
        if self.is_one_command():
            depends = os.path.join(self.scratch, "0.d")
            command = self.toolchain.compile_and_link(self, depends, output)
            self.execute(command, output)
            self.note_files([depends])
            return
        steps = []
        for number, source in enumerate(sources):
            between = os.path.join(self.scratch, str(number))
            made = self.kept if self.kept and source == self.source else between
            steps.append((source, made + self.toolchain.OBJECT, between + ".d"))
        in_parallel(lambda s: self.execute(self.toolchain.compile(self, *s), s[1]), steps)
        self.execute(self.toolchain.link(self, [step[1] for step in steps], output), output)
        self.note_files([step[2] for step in steps])

    def note_files(self, dependency_files: list[str]) -> None:
        """What the compiler says it read, and what the options name besides."""
        named = {*self.options.extra_objects, *self.options.depends, *self.noted}
        files = {os.path.join(self.folder, name) for name in named}
        # Objects in between are gone by now. A header that is not there was not understood, or
        # was removed meanwhile: it stays, and with it nothing is taken for up to date.
        inputs = {path for path in files if os.path.exists(path)}
        for path in dependency_files:
            try:
                read = self.toolchain.read_dependencies(path, self.folder)
            except (OSError, ValueError) as error:
                why = f"it has not listed what it read, as -MD -MF asks for: {error}"
                raise CompilerFailed(self.compiler(self.source), 0, why) from None
            inputs.update(map(self.links.path, read))
        self.inputs = sorted(inputs)

    def execute(self, command: list[str], made: str) -> None:
        """Runs a command that makes a file. What it says although it succeeds is a remark."""
        if self.verbose:
            say(shown(command))
        try:
            status, out, err = self.start(command).finish(self.meanwhile)
        except OSError as error:
            raise CompilerFailed(command, None, str(error.strerror or error)) from None
        folders, err = self.toolchain.folders_told(err)
        self.folders = self.folders or folders
        texts = [text.decode("utf-8", "replace") for text in (out, err)]
        remarks, files = self.toolchain.sort_output(*map(self.links.text, texts))
        if status == 0 and not os.path.exists(made):
            remarks = f"{remarks}\nit has not made the file {made}".lstrip()
        if status != 0 or not os.path.exists(made):
            raise CompilerFailed(command, status, remarks)
        self.noted.update(files)
        if self.tells_undefined and remarks:
            undefined, remarks = self.toolchain.undefined(remarks)
            self.undefined |= undefined
        if remarks:
            self.remarks.append(remarks)

    def start(self, command: list[str]):
        return process(command, self.folder, self.environment())

    def meanwhile(self) -> None:
        for name in self.then:
            __import__(name)

    def environment(self) -> dict[str, str]:
        """Ours, with messages in English; relative search paths mean what they meant."""
        given = dict(os.environ, LC_ALL="C")
        given.pop("LANGUAGE", None)
        if self.base is not None:
            for name in PATH_LISTS:
                if given.get(name):
                    folders = given[name].split(os.pathsep)
                    given[name] = os.pathsep.join(os.path.join(self.base, f) for f in folders)
        return given


_triples: dict[tuple[str, ...], str] = {}


class Target:
    """The machine that a compiler compiles for."""

    def __init__(self, cplusplus: bool) -> None:
        self.command = programs.command(cplusplus)

    @property
    def triple(self) -> str:
        """As `-dumpmachine` prints it; "" for what has no such option."""
        words = tuple(self.command)
        if words not in _triples:
            try:
                asked = process([*words, "-dumpmachine"], os.curdir, dict(os.environ))
                status, out, _ = asked.finish()
            except OSError:
                return ""
            _triples[words] = out.decode("ascii", "replace").strip() if status == 0 else ""
        return _triples[words]

    @property
    def foreign(self) -> bool:
        """Whether the name of the target is that of another system or processor than ours."""
        if not os.environ.get("CC") and not os.environ.get("CXX"):
            return False
        triple = self.triple
        return bool(triple) and kind_of(triple) != kind_of(own_triple())

    @property
    def suffix(self) -> str:
        """Of the modules that Python imports there."""
        named = os.environ.get("CC") or os.environ.get("CXX")
        windows = named and any(w in self.triple for w in ("mingw", "windows", "msys"))
        return ".pyd" if windows or sys.platform == "win32" else ".so"


def own_triple() -> str:
    """This Python's; on Linux with its C library."""
    known = getattr(sys.implementation, "_multiarch", "")
    machine = os.uname().machine if hasattr(os, "uname") else ""
    return known if "-" in known else f"{machine}-{sys.platform}"


def kind_of(triple: str) -> tuple[str, str]:
    """(processor, system), under one name each: vendors differ, and do not matter."""
    processor, _, rest = triple.partition("-")
    processor = {"amd64": "x86_64", "arm64": "aarch64"}.get(processor, processor)
    if len(processor) == 4 and processor[0] == "i" and processor.endswith("86"):
        processor = "i386"
    systems = ("musl", "android", "linux", "mingw", "windows", "darwin", "freebsd")
    return processor, next((name for name in systems if name in rest), rest)


def same_machine(path: str) -> bool:
    """Whether a shared library is for the machine that runs us, by the head of its file."""
    from cffi_core import _core

    heads = []
    for file in path, _core.__file__:
        with open(file, "rb") as f:
            heads.append(f.read(20))
    ours = heads[1]
    if ours.startswith(b"\x7fELF"):  # class, byte order; type, machine
        return heads[0][:6] == ours[:6] and heads[0][18:20] == ours[18:20]
    return heads[0][:4] == ours[:4]


def is_foreign(path: str) -> bool:
    """Whether a file is a library, for another machine than the one that runs us."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        head = file.read(4)
    return head.startswith((b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe")) and not same_machine(path)


def process(command: list[str], folder: str, environment: dict[str, str]):
    """The command, started; OSError where there is no such program."""
    if os.name == "posix":
        from .process_posix import Process
    else:
        from .process_windows import Process
    return Process(command, folder, environment)


def toolchain():
    """The compiler's options on this platform."""
    if sys.platform == "win32" and not os.environ.get("CC"):
        from . import toolchain_windows as chosen
    elif sys.platform == "darwin":
        from . import toolchain_macos as chosen
    else:
        from . import toolchain_elf as chosen
    return chosen


def in_parallel(function, steps: list) -> None:
    """function(step) for all steps, as many at once as there are processors."""
    if len(steps) == 1:
        function(steps[0])
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(function, steps):
            pass


def shown(command: list[str]) -> str:
    import shlex

    return shlex.join(command)


def say(text: str) -> None:
    """To stderr, which may be closed or narrow: what it cannot show, it shows escaped."""
    if sys.stderr is not None:
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr)
