"""Verifier: one verify() and its files. As `ffi.verifier`, and for those who take its steps
themselves: write_source(), compile_module(), load_library().

Where the files are:
    tmpdir, CFFI_TMPDIR or set_tmpdir() given    there
    else modulename given                        in the caller's __pycache__
    else                                         the module is in the cache; the C file is written
                                                 to __pycache__ when somebody asks for it
    sourcefilename, modulefilename set           that file is there
"""

import os
import sys

from cffi_core import VerificationError, _core

from .included import with_headers
from .key import circumstances, meaning, module_name
from .options import Options, check_name, complete, is_for_cffi, path_of, shown, with_unicode

_tmpdir: str | None = None


def set_tmpdir(dirname: str) -> None:
    """The tmpdir of every verify() to come that has none."""
    global _tmpdir
    _tmpdir = dirname if dirname is None else path_of("dirname", dirname)


def cleanup_tmpdir(tmpdir=None, keep_so=False) -> None:
    """Removes what verify() left in tmpdir; keep_so: all but the modules."""
    folder = tmpdir and path_of("tmpdir", tmpdir)
    folder = folder or _tmpdir or os.environ.get("CFFI_TMPDIR") or caller_folder()
    from .files import discard

    suffixes = (".c", ".cpp", ".d", ".o") if keep_so else (".c", ".cpp", ".d", ".o", ".so", ".pyd")
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.startswith("_cffi_") and name.endswith(suffixes):
            discard(os.path.join(folder, name))


def caller_folder() -> str:
    """The __pycache__ of the code that called into this package."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    file = frame.f_globals.get("__file__") if frame is not None else None
    return os.path.join(os.path.dirname(os.path.abspath(file or "")), "__pycache__")


class Verifier:
    def __init__(
        self,
        ffi,
        preamble="",
        tmpdir=None,
        modulename=None,
        ext_package=None,
        tag="",
        force_generic_engine=False,
        source_extension=".c",
        flags=None,
        relative_to=None,
        prebuilt=None,
        **kwds,
    ) -> None:
        if not isinstance(preamble, str):
            raise TypeError(f"'source' must be a str, not {shown(preamble)}")
        if not isinstance(tag, str):
            raise TypeError(f"'tag' must be a str, not {shown(tag)}")
        if not f"_{tag}".isidentifier() or not tag.isascii():
            raise ValueError(
                f"'tag' must be of ASCII letters, digits and '_', not {shown(tag)}: it becomes a "
                "part of the module's name"
            )
        if modulename not in (None, ""):
            check_name(modulename, "modulename")
            if tag:
                raise TypeError("can't specify both 'modulename' and 'tag'")
        if flags is not None and not isinstance(flags, int):
            raise TypeError(f"'flags' must be an int of RTLD_ flags, not {shown(flags)}")
        if not isinstance(ext_package, (str, type(None))):
            raise TypeError(f"'ext_package' must be a package's name, not {shown(ext_package)}")
        preamble, kwds = with_headers(ffi, preamble, kwds)
        self.ffi = ffi
        self.preamble = preamble
        self.ext_package = ext_package
        self.flags = flags
        self.prebuilt = prebuilt  # (folder, digests): see Cache.get()
        self.kwds = kwds
        self.options = Options("verify", source_extension, with_unicode(ffi, kwds))
        self.base = base_of(relative_to)
        self._meaning = meaning(ffi, complete(ffi, preamble), self.options, tag)
        self._name = modulename or module_name(self._meaning, tag)
        self._fixed = bool(modulename)
        folder = tmpdir and path_of("tmpdir", tmpdir)
        folder = folder or _tmpdir or os.environ.get("CFFI_TMPDIR")
        self._in_cache = not (folder or modulename)
        self.tmpdir = folder or caller_folder()
        self._source: str | None = None  # as set
        self._module: str | None = None
        self._compiled: str | None = None
        self.options.rebase(self.base)

    # ---- names ---------------------------------------------------------------

    def get_module_name(self) -> str:
        return self._name

    def generates_python_module(self) -> bool:
        """False: what is generated is a stub, which holds no Python."""
        return False

    @property
    def sourcefilename(self) -> str:
        """Of a module in the cache, the file is there from when it is asked for."""
        path = self._source or self._in_folder(self.options.source_extension)
        if self._compiled and not self._kept:
            from contextlib import suppress

            with suppress(OSError):  # the folder of somebody else's package
                self._write(path)
        return path

    @sourcefilename.setter
    def sourcefilename(self, path) -> None:
        self._source = os.path.abspath(path_of("sourcefilename", path))

    @property
    def modulefilename(self) -> str:
        return self._compiled or self._module or self._in_folder(suffix())

    @modulefilename.setter
    def modulefilename(self, path) -> None:
        """Names the module, too."""
        path = os.path.abspath(path_of("modulefilename", path))
        name = os.path.basename(path).partition(".")[0]
        check_name(name, "modulefilename")
        self._module, self._name, self._fixed, self._compiled = path, name, True, None

    def _in_folder(self, ending: str) -> str:
        return os.path.join(self.tmpdir, self._name + ending)

    @property
    def _kept(self) -> bool:
        """Are there files with names of their own, instead of an object in the cache?"""
        return bool(not self._in_cache or self._source or self._module)

    # ---- steps ----------------------------------------------------------------

    def write_source(self, file=None) -> None:
        """Writes the C text to file, an object with write(); without one, to sourcefilename."""
        if file is None:
            self._write(self.sourcefilename)
        else:
            file.write(self._unit().emit().text)

    def _write(self, path: str) -> None:
        from .files import write_if_changed

        write_if_changed(path, self._unit().emit().text)

    def compile_module(self) -> None:
        """Makes modulefilename, unless it is up to date."""
        self._compiled = self._compile_beside() if self._kept else self._from_cache()

    def load_library(self):
        """The library; what ffi declares is complete then."""
        path = self._compiled or self._installed()
        if path is None:
            self.compile_module()
            path = self._compiled
        self._compiled = path
        return self._load(path)

    def get_extension(self):
        """The setuptools Extension that compiles the source, which is written if need be."""
        from setuptools import Extension

        from .files import from_here
        from .options import FILES, WORDS

        self.write_source()
        words = {n: getattr(self.options, n) for n in FILES + WORDS if n != "sources"}
        return Extension(
            self._name,
            # setuptools refuses absolute paths where it lists the sources.
            sources=[from_here(path) for path in (self.sourcefilename, *self.options.sources)],
            define_macros=self.options.define_macros,
            **words,
        )

    # ---- how -------------------------------------------------------------------

    def _unit(self, importable: bool = True):
        from .unit import Unit

        return Unit(self.ffi, self._name, self.preamble, self.options, True, importable)

    def _installed(self) -> str | None:
        """The module that a setup.py has installed."""
        folders = self._installed_in()
        if not folders:
            return None
        for folder in folders:
            for ending in suffixes():
                path = os.path.join(folder, self._name + ending)
                if os.path.exists(path):
                    return path
        return None

    def _installed_in(self) -> list[str]:
        """The folders of ext_package; without one, under the drop-in, where imports are found."""
        if not self.ext_package:
            return [*filter(None, sys.path)] if is_for_cffi(self.ffi) else []
        from importlib import import_module

        try:
            return [*getattr(import_module(self.ext_package), "__path__", ())]
        except ImportError:
            return []

    def _compile_beside(self) -> str:
        """The module in its folder. Under a fixed name, one without its stamp was put there by
        somebody, and is taken as it is."""
        from .stamp import Stamp

        source, output = self.sourcefilename, self._module or self._in_folder(suffix())
        stamp = Stamp(output + ".d")
        if self._fixed and not stamp.data and os.path.exists(output):
            return output
        how = circumstances(self.options, self.base)
        command = repr(sorted({**self._meaning, **how}.items()))
        if stamp.current(output, command):
            return output
        from .advice import NO_ADVICE
        from .compile import scratch_folder
        from .unit import build

        unit = self._unit()
        with scratch_folder() as scratch:
            built = build(
                unit,
                unit.emit(),
                NO_ADVICE,
                source,
                output,
                folder=os.path.dirname(source),
                scratch=scratch,
                base=self.base,
                then=Stamp.NEEDS,
            )
        stamp.write(output, command, built)
        return output

    def _from_cache(self) -> str:
        from cffi_core.cache import Cache

        key = {"name": self._name, **self._meaning}
        host = circumstances(self.options, self.base)
        return Cache().get(key, self._build, host=host, prebuilt=self.prebuilt)

    def _build(self, folder: str):
        """Compiles in a private folder, for the cache."""
        from cffi_core.cache import Built

        from .advice import NO_ADVICE
        from .unit import build

        unit = self._unit(importable=False)  # by its name in the cache
        source = os.path.join(folder, self._name + self.options.source_extension)
        output = os.path.join(folder, self._name + suffix())
        built = build(
            unit,
            unit.emit(),
            NO_ADVICE,
            source,
            output,
            folder=folder,
            scratch=folder,
            base=self.base,
            then=["cffi_core.cache.limits"],
        )
        return Built(output, built.inputs, built.absent)

    def _load(self, path: str):
        """Loads with the caller's dlopen() flags, as an import would."""
        before = sys.getdlopenflags() if self.flags is not None else None
        try:
            if before is not None:
                sys.setdlopenflags(self.flags)
            return self._load_stub(path)
        except ImportError as error:
            from .compile import is_made_by_cffi
            from .compiler import is_foreign
            from .errors import hints

            if is_made_by_cffi(path, by_us=False):
                raise VerificationError(
                    f"{path!r} was compiled by CFFI, and only CFFI loads it: build it again"
                ) from None
            if is_foreign(path):
                raise VerificationError(
                    f"importing {path!r}: it is for another machine than this one; verify() needs"
                    " a compiler for this one, and CC says which"
                ) from None
            advice = hints(str(error)).rstrip()
            raise VerificationError(f"importing {path!r}: {error}\n{advice}".rstrip()) from error
        finally:
            if before is not None:
                sys.setdlopenflags(before)

    def _load_stub(self, path: str):
        if self._kept:  # the cache has another name for each content
            from .own_name import own_name

            with own_name(path) as path:
                return self._checked_stub(path)
        return self._checked_stub(path)

    def _checked_stub(self, path: str):
        if getattr(self.ffi, "verifier", None) is not None:
            from .again import check

            check(self.ffi, path, self._name)
        return _core.load_stub(path, self._name, self.ffi)[1]


def base_of(relative_to) -> str:
    """Where relative paths start: the folder of that file, else the current one."""
    if relative_to is None or relative_to == "":
        return os.getcwd()
    return os.path.dirname(os.path.abspath(path_of("relative_to", relative_to)))


def suffix() -> str:
    return ".pyd" if sys.platform == "win32" else ".so"


def suffixes() -> list[str]:
    """Of files that may be a module, ours first: setuptools names an Extension of get_extension()
    for one Python."""
    from importlib.machinery import EXTENSION_SUFFIXES

    return list(dict.fromkeys([suffix(), *EXTENSION_SUFFIXES]))
