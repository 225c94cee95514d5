"""FFI.compile(): the module that set_source() named, as a file."""

import os
import sys

from cffi_core import FFI

from .compiler import Target
from .embedding import macros
from .options import Options, path_of, shown
from .source import Source, recorded
from .stamp import Stamp
from .unit import Unit, build

DYNAMIC = {"win32": ".dll", "cygwin": ".dll", "darwin": ".dylib"}


def compile(ffi, tmpdir=".", verbose=0, target=None, debug=None) -> str:
    source = recorded(ffi, "compile")
    tmpdir = path_of("tmpdir", tmpdir)
    if source.source is None:
        return compile_python(ffi, source, tmpdir, verbose)
    return compile_c(ffi, source, os.path.abspath(tmpdir), verbose, target, debug)


def place(source: Source, tmpdir: str) -> str:
    """Where the files of a module go, without their extensions: a.b.c is below a/b."""
    return os.path.join(tmpdir, *source.module_name.split("."))


def compile_python(ffi, source: Source, tmpdir: str, verbose: int) -> str:
    from .files import write_if_changed
    from .pymodule import module_text

    path = place(source, tmpdir) + ".py"
    note(verbose, path, write_if_changed(path, module_text(ffi, source)))
    return path


def note(verbose: int, path: str, written: bool) -> None:
    if verbose:
        print(f"generating {path}" if written else f"{path} is up to date")


def compile_c(ffi, source: Source, tmpdir: str, verbose: int, target, debug) -> str:
    options = Options("compile", source.source_extension, source.kwds)
    options.define_macros += macros(ffi)
    unit = Unit(ffi, source.module_name, source.source, options)
    base = place(source, tmpdir)
    path = base + source.source_extension
    output = output_path(base, target, unit)
    debug = bool(sys.flags.debug if debug is None else debug)
    # CFFI leaves the object there, and what was written for it may expect that.
    object_file = base if unit.for_cffi else None
    from cffi_core.cache.notes import Note

    stamp = Stamp(Note(output))
    update(
        unit, path, output, stamp, folder=tmpdir, debug=debug, verbose=verbose, kept=object_file
    )
    return output


def update(
    unit: Unit,
    path: str,
    output: str,
    stamp: Stamp,
    *,
    folder: str,
    debug: bool,
    verbose: int,
    kept: str | None = None,
) -> None:
    """Compiles unit, by way of the C file path, to output, unless stamp says that it is up to date.

    folder: where the compiler runs. kept: where the object stays, without its extension.
    """
    advice = stamp.advice
    stub = unit.emit(advice)
    command = unit.command(debug)
    if same_text(path, stub.text) and stamp.current(output, command):
        note(verbose, output, False)
        uncover(output)
        return
    note(verbose, path, True)
    if advice.missing:  # that may have changed
        advice = advice._replace(missing=frozenset())
        stub = unit.emit(advice)
    with scratch_folder() as scratch:
        built = build(
            unit,
            stub,
            advice,
            path,
            output,
            folder=folder,
            scratch=scratch,
            debug=debug,
            verbose=verbose,
            kept=kept,
            then=Stamp.NEEDS,
        )
    stamp.write(output, command, built)
    uncover(output)
    if built.unloadable:
        import warnings

        from .errors import hints

        warnings.warn(
            f"{output} was compiled, but cannot be loaded here, so that its declarations were not "
            f"checked to the end: {built.unloadable}\n{hints(built.unloadable)}".rstrip(),
            RuntimeWarning,
            stacklevel=4,
        )


def same_text(path: str, text: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read() == text.encode("utf-8", "surrogateescape")
    except OSError:
        return False


def output_path(base: str, target, unit: Unit) -> str:
    """The file to make. target: as compile() takes it."""
    if target is None or target == "*":
        suffix = Target(unit.options.cplusplus).suffix
        return base + (one_python(suffix) if unit.uses_python else suffix)
    target = path_of("target", target)
    if not os.path.basename(target):
        raise ValueError(f"'target' must be a file's name, not {shown(target)}")
    if target.endswith(".*"):
        target = target[:-2] + DYNAMIC.get(sys.platform, ".so")
    return os.path.join(os.path.dirname(base), target)


def one_python(suffix: str) -> str:
    """The suffix of a module that fits the Python that runs alone."""
    import sysconfig

    tagged = sysconfig.get_config_var("EXT_SUFFIX") or suffix
    return tagged if tagged.endswith(suffix) else suffix


def uncover(output: str) -> None:
    """Removes what would be imported in the place of output: the same module for one Python alone,
    as CFFI makes it, or as it was made here while its source used Python."""
    from importlib.machinery import EXTENSION_SUFFIXES

    base = next((output[: -len(s)] for s in EXTENSION_SUFFIXES if output.endswith(s)), None)
    for suffix in EXTENSION_SUFFIXES:
        if base is None or base + suffix == output:
            return
        if is_made_by_cffi(base + suffix):
            os.unlink(base + suffix)


def is_made_by_cffi(path: str, by_us: bool = True) -> bool:
    """A module of CFFI's, or of ours too."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return False
    return (b"cffi_core" in content and by_us) or b"_cffi_backend" in content


class scratch_folder:
    """A private folder that is gone after the `with`, whatever happens."""

    def __enter__(self) -> str:
        from cffi_core.cache import private

        self.path, self.remove = private.folder(for_loading=False), private.remove
        return self.path

    def __exit__(self, *exc_info) -> None:
        self.remove(self.path)


def compile_all(ffis, tmpdir=".", verbose=0, debug=None) -> list[str]:
    """compile() for several FFIs, as many at once as there are processors; their paths in order.

    On a terminal, a line says which ones are being compiled. The first error stops what has not
    been started.
    """
    from concurrent.futures import ThreadPoolExecutor

    from .progress import progress

    ffis = list(ffis)
    for ffi in ffis:
        if not isinstance(ffi, FFI):
            raise TypeError(f"compile_all() takes FFI objects; {shown(ffi)} is none")
    names = [recorded(ffi, "compile").module_name for ffi in ffis]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"more than one FFI makes the module {min(twice)!r}")
    with progress(len(ffis)) as line, ThreadPoolExecutor(os.cpu_count()) as pool:

        def one(ffi, name: str) -> str:
            with line.working_on(name):
                return compile(ffi, tmpdir, verbose, None, debug)

        futures = [pool.submit(one, ffi, name) for ffi, name in zip(ffis, names, strict=True)]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
