"""One module, from declarations and C source to a compiled file that was checked."""

import os

from cffi_core import VerificationError

from . import included, programs
from .advice import NO_ADVICE, Advice
from .compiler import CompilerFailed, Job, same_machine, say
from .embedding import embedding
from .files import write_if_changed
from .options import Options, complete, is_for_cffi
from .replay import replay


class Unit:
    """What is compiled: the declarations of ffi and a C source, under a module's name.

    in_line: for verify() of ffi, which has at hand what ffi includes; a module imports it.
    importable: whether CPython may import what is made; verify() loads it in another way.
    """

    def __init__(
        self,
        ffi,
        module_name: str,
        source: str,
        options: Options,
        in_line: bool = False,
        importable: bool = True,
    ) -> None:
        self.ffi = ffi
        self.for_cffi = is_for_cffi(ffi)
        self.in_line = in_line
        self.importable = importable
        self.module_name = module_name
        self.source = source = complete(ffi, source)
        self.options = options
        self.headers = included.files(ffi)
        self.uses_python = uses_python(source, options)
        if self.uses_python:
            import sysconfig

            options.include_dirs.append(sysconfig.get_path("include"))

    @property
    def is_lenient(self) -> bool:
        """What the compiler only warns of is built, as long as it is memory-safe."""
        return self.options.strict == "warn" or (self.for_cffi and self.options.strict is None)

    @property
    def is_checked_late(self) -> bool:
        """What is wrong is an error when it is used, and not before. So CFFI has it of modules, and
        there are projects that never use what they have declared wrongly."""
        return self.is_lenient and not self.in_line

    @property
    def extension(self) -> str:
        return self.options.source_extension

    def emit(self, advice: Advice = NO_ADVICE):
        """The Stub: its text is the C file."""
        from cffi_core.model import Model
        from cffi_core.verifier import emit

        model = Model(replay(self.ffi))
        if not self.in_line:
            require_modules(self.ffi, model)
        return emit(
            model,
            self.module_name,
            self.source,
            strict=self.headers if self.options.strict in (None, "warn") else self.options.strict,
            lenient=self.is_lenient,
            language="c++" if self.options.cplusplus else "c",
            **advice._asdict(),
            embedding=embedding(self.ffi),
            for_cffi=self.for_cffi,
            as_found=self.is_checked_late,
            comments=not self.in_line,
            importable=self.importable,
        )

    def not_from_headers(self) -> set[str]:
        """The names that cdef() itself has declared."""
        return {d.text or d.name for d in self.declarations() if d.where.file not in self.headers}

    def declarations(self) -> list:
        from cffi_core.model import Model

        return [decl for decl in Model(replay(self.ffi)).decls if decl.where]

    def command(self, debug: bool = False) -> str:
        """A text for all that decides how it is compiled, but for the files that are read."""
        words = programs.command(self.options.cplusplus)
        return (
            f"{programs.described(words)}{programs.environment()}"
            f"{self.options.described()} debug={debug}"
        )


def require_modules(ffi, model) -> None:
    """Raises when ffi includes one that no module is made of."""
    if any(other.module is None for other in model.includes):
        raise VerificationError(
            f"{ffi!r} includes an FFI that has not been prepared with set_source(), so that there "
            "is no module to include"
        )


def uses_python(source: str, options) -> bool:
    """Whether the user's own C needs the headers of this Python, and fits it alone: the source,
    one of options.sources, or what they #include "..." from options.include_dirs."""
    read: set[str] = set()

    def finds(text: str, folders: list[str]) -> bool:
        return "Python.h" in text or any(
            finds_in(os.path.join(folder, name))
            for name in own_includes(text)
            for folder in folders
        )

    def finds_in(path: str) -> bool:
        if path in read or not os.path.isfile(path):
            return False
        read.add(path)
        with open(path, encoding="utf-8", errors="replace") as file:
            return finds(file.read(), [os.path.dirname(path), *options.include_dirs])

    return finds(source, options.include_dirs) or any(map(finds_in, options.sources))


def own_includes(text: str) -> list[str]:
    """The names of all #include "..."."""
    lines = (line.partition("#")[2].split('"') for line in text.splitlines() if '"' in line)
    return [words[1] for words in lines if words[0].strip() == "include"]


class Built:
    """What became of a unit.

    inputs        absolute paths of the files that were read
    absent        and of the places where headers are looked for before
    advice        what the emitter had to be told
    unloadable    why the core could not load and check it here; None: it did, or it is for another
                  machine
    """

    def __init__(self) -> None:
        self.inputs: list[str] = []
        self.absent: list[str] = []
        self.advice = NO_ADVICE
        self.unloadable: str | None = None


def build(unit: Unit, stub, advice: Advice, path: str, output: str, **how) -> Built:
    """Writes stub's text to path (how["folder"] or below), compiles it to output, checks it.

    stub was emitted with advice. When the compiler refuses what more advice may help against, the
    unit is emitted once more.
    """
    file = os.path.relpath(path, how["folder"])
    built = Built()
    built.advice = advice
    if unit.headers and not advice.missing:
        from . import unresolved

        built.advice |= Advice(missing=unresolved.symbols(unit, how))
        stub = stub if built.advice == advice else unit.emit(built.advice)
    while True:
        write_if_changed(path, stub.text)
        job = Job(file, unit.options, **how)
        job.tells_undefined = bool(unit.headers)
        try:
            job.run(output, lambda made, job=job: check(job, unit, built, made))
            more = built.advice | Advice(missing=missing(job, unit))
            if more == built.advice:
                built.inputs, built.absent = job.inputs, job.absent
                tell(stub, job.remarks, bool(unit.headers))
                return built
        except CompilerFailed as failed:
            from . import errors

            more = errors.advice(stub, failed, stub.filename) | built.advice
            if more == built.advice:
                error = errors.compile_error(stub, failed, stub.filename, unit.module_name)
                raise error from None
        built.advice = more
        stub = unit.emit(more)


def missing(job: Job, unit: Unit) -> frozenset[str]:
    """What headers declare and no library of the link has: the module loads without it."""
    if not job.undefined:
        return frozenset()
    return frozenset(job.undefined - unit.not_from_headers())


def tell(stub, remarks: list[str], is_source: bool) -> None:
    """Shows the compiler's warnings on stderr; is_source: those about the user's source alone."""
    if remarks:
        from . import errors

        shown = errors.about_source if is_source else errors.annotated
        for text in remarks:
            if told := shown(stub, text, stub.filename):
                say(told)


def check(job: Job, unit: Unit, built: Built, made: str) -> None:
    """Lets the core compare what was declared with what the compiler found, if the file is for
    this machine."""
    from cffi_core import _core

    built.unloadable = None
    if job.target.foreign or not same_machine(made):
        return
    try:
        disagreements = _core.check_stub(made, unit.module_name, unit.ffi)
    except ImportError as error:
        built.unloadable = str(error)
        return
    if disagreements:
        from . import errors

        error = errors.check_error(unit.module_name, disagreements)
        if not unit.is_checked_late:
            raise error
        say(f"warning: {error}")
