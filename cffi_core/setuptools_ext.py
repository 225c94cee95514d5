"""Packages built with setuptools: the keyword cffi_modules, and ffi.distutils_extension().

    setup(cffi_modules=["package/build_it.py:ffi"])

names a script and the FFI (or a function that gives it) in there. What set_source() said of it
is built: an extension module `<name>.so` that every Python loads, in a wheel
`py3-none-<platform>`; or, without C source, a Python module. The wheel requires the lowest
cffi_core that can load it.

Only setuptools, for that keyword, and FFI.distutils_extension() import this module, because it
needs setuptools. Our commands stand behind those of the project's cmdclass (command_class()), so
that what these override still counts.
"""

import functools
import os
import re
import sys
import sysconfig

from setuptools import Command, Distribution, Extension
from setuptools.command.build import build
from setuptools.command.build_ext import build_ext
from setuptools.command.egg_info import egg_info
from setuptools.errors import CompileError, SetupError

from cffi_core import FFI, VerificationError

from .builder.compile import place
from .builder.files import write_if_changed
from .builder.options import FILES, WORDS, Options, complete, path_of
from .builder.requires import lowest_core
from .builder.script import NoSuchFFI, made_by
from .builder.source import recorded, require_c
from .builder.unit import Unit, uses_python


class StubExtension(Extension):
    """An extension module made from an FFI. sources are the user's own."""

    def __init__(self, ffi: FFI) -> None:
        source = recorded(ffi, "setup")
        options = Options("set_source", source.source_extension, source.kwds)
        super().__init__(
            source.module_name,
            define_macros=options.define_macros,
            language="c++" if options.cplusplus else None,
            **{name: getattr(options, name) for name in FILES + WORDS},
        )
        self.ffi = ffi
        self.source = source
        self.strict = options.strict
        # Not so where the user's own C includes Python.h: that fits one Python alone.
        asked = source.kwds.get("py_limited_api") is not False
        self.any_python = asked and not uses_python(complete(ffi, source.source), options)
        self.c_file: str | None = None  # the one made from ffi, when it is among the sources

    def unit(self, command=None):
        """What the builder takes: our attributes as they are now, and build_ext's options."""
        words = {name: list(getattr(self, name)) for name in FILES + WORDS}
        words["sources"] = [path for path in self.sources if path != self.c_file]
        words["define_macros"] = list(self.define_macros)
        if command is not None:
            add_options(words, command)
        options = Options(
            "set_source",
            self.source.source_extension,
            dict(words, language=self.language, strict=self.strict),
        )
        return Unit(self.ffi, self.source.module_name, self.source.source, options)

    def path(self, folder: str) -> str:
        """The C file made from ffi; it goes below folder where it is not there yet."""
        return self.c_file or place(self.source, folder) + self.source.source_extension

    def write(self, folder: str) -> bool:
        """Makes that file; whether it had to be written."""
        return write_if_changed(self.path(folder), self.unit().emit().text)


def add_options(words: dict, command: build_ext) -> None:
    """Adds what was given to build_ext itself, on the command line or in setup.cfg, and to its
    compiler, by a build_extensions() of the project's own.

    Not what it adds on its own, the folders of the Python that builds: a stub is made for all.
    """
    variables = "INCLUDEPY", "CONFINCLUDEPY", "LIBDIR"
    python = {os.path.normpath(p) for p in map(sysconfig.get_config_var, variables) if p}
    python |= {sysconfig.get_path("include"), sysconfig.get_path("platinclude")}
    python.add(os.path.join(sys.exec_prefix, "include"))
    compiler = command.compiler  # it has been told what the command was
    words["include_dirs"] += [d for d in compiler.include_dirs if d not in python]
    words["library_dirs"] += [d for d in compiler.library_dirs if d not in python]
    words["define_macros"] += [macro for macro in compiler.macros if len(macro) == 2]
    words["undef_macros"] += [macro[0] for macro in compiler.macros if len(macro) == 1]
    words["libraries"] += compiler.libraries
    words["runtime_library_dirs"] += compiler.runtime_library_dirs
    words["extra_objects"] += compiler.objects


class PythonModule:
    """A Python module made from an FFI without C source."""

    def __init__(self, ffi: FFI) -> None:
        self.ffi = ffi
        self.name = recorded(ffi, "setup").module_name

    def path(self, folder: str) -> str:
        return os.path.join(folder, *self.name.split(".")) + ".py"

    def path_in_source(self, command: Command) -> str:
        package, _, last = self.name.rpartition(".")
        folder = command.get_finalized_command("build_py").get_package_dir(package)
        return os.path.join(folder, last + ".py")

    def write(self, path: str) -> None:
        from .builder.pymodule import module_text

        write_if_changed(path, module_text(self.ffi, recorded(self.ffi, "setup")))


# ---- the keyword, and FFI.distutils_extension() --------------------------------


class Modules:
    """What the keyword named in one setup()."""

    def __init__(self) -> None:
        self.scripts: list[str] = []
        self.done: set[str] = set()
        self.python: list[PythonModule] = []


def modules(dist) -> Modules:
    if not hasattr(dist, "_cffi_core"):
        dist._cffi_core = Modules()
    return dist._cffi_core


def cffi_modules(dist, attribute: str, value) -> None:
    """The keyword: one "path/script.py:name" or a list of them."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
        raise SetupError(
            f"{attribute}=... must be a list of strings like 'path/build.py:ffi', not {value!r}"
        )
    for spec in value:
        add_module(dist, attribute, spec)
    finalize(dist)


def add_module(dist, attribute: str, spec: str) -> None:
    script, ffi = load(attribute, spec)
    if ffi is None:
        return
    found = modules(dist)
    if spec in found.done:  # two distributions may have the keyword: ours and the drop-in's
        return
    found.done.add(spec)
    found.scripts.append(script)
    if recorded(ffi, attribute).source is None:
        found.python.append(PythonModule(ffi))
        # There is something to install even if setup() names no package and no module.
        dist.has_pure_modules = lambda: True
        return
    extension = StubExtension(ffi)
    extension.depends.append(script)
    dist.ext_modules = [*(dist.ext_modules or ()), extension]


def load(attribute: str, spec: str) -> tuple[str, FFI | None]:
    """The script of a "path/script.py:name", and the FFI that it makes.

    None: that FFI is CFFI's, whose keyword has the same name as ours and takes care of it.
    """
    script, colon, name = spec.rpartition(":")
    if not colon or not name:
        raise SetupError(f"{attribute}: {spec!r} must be of the form 'path/build.py:ffi'")
    if not os.path.isfile(script):
        raise SetupError(f"{attribute}: there is no file {script!r} in {os.getcwd()!r}")
    try:
        ffi = made_by(script, name)
    except NoSuchFFI as error:
        raise SetupError(f"{attribute}: {error}") from None
    if not isinstance(ffi, FFI):
        if is_cffi(ffi):
            return script, None
        raise SetupError(f"{attribute}: {spec!r} is no FFI, and no function that returns one")
    if getattr(ffi, "_assigned_source", None) is None:
        raise SetupError(f"{attribute}: set_source() was not called on {spec!r}")
    return script, ffi


def is_cffi(thing) -> bool:
    """Whether it is an FFI of CFFI, which need not be installed."""
    cffi = sys.modules.get("cffi")
    return cffi is not None and isinstance(thing, cffi.FFI)


@functools.cache
def hook() -> None:
    """From now on every setup() of this process ends up in finalize(): one without the keyword
    says nowhere else that it needs us. (An entry point would load us for every build of every
    package, and for that of cffi_core itself.)"""
    original = Distribution.finalize_options

    @functools.wraps(original)
    def finalize_options(self) -> None:
        original(self)
        finalize(self)

    Distribution.finalize_options = finalize_options


def finalize(dist) -> None:
    """Our commands, where there is something for them."""
    if not has_stubs(dist) and not hasattr(dist, "_cffi_core"):
        return
    dist.cmdclass["build_ext"] = command_class(dist, "build_ext", BuildStubs)
    dist.cmdclass["egg_info"] = command_class(dist, "egg_info", RequireCore)
    dist.cmdclass["build"] = command_class(dist, "build", BuildModules)
    dist.cmdclass["build_cffi_modules"] = BuildPythonModules
    if has_stubs(dist) and tagging() is not None:
        dist.cmdclass["bdist_wheel"] = command_class(dist, "bdist_wheel", tagging())


def command_class(dist, name: str, ours: type) -> type:
    """The project's class of a command with ours behind it, in front of setuptools' own."""
    theirs = dist.get_command_class(name)
    if issubclass(theirs, ours):
        return theirs
    if issubclass(ours, theirs):
        return ours
    return type(theirs.__name__, (theirs, ours), {})


def is_stub(extension) -> bool:
    return isinstance(extension, StubExtension)


def fits_any_python(extension) -> bool:
    return is_stub(extension) and extension.any_python


def has_stubs(dist) -> bool:
    return any(map(is_stub, dist.ext_modules or ()))


def distutils_extension(ffi: FFI, tmpdir="build", verbose=True) -> StubExtension:
    """FFI.distutils_extension(): for a setup.py that lists its extensions itself."""
    require_c(ffi, "distutils_extension")
    extension = StubExtension(ffi)
    folder = path_of("tmpdir", tmpdir)
    path = extension.path(folder)
    written = extension.write(folder)
    if verbose:
        print(f"{'regenerated' if written else 'not modified'}: {path!r}")
    extension.c_file = path
    extension.sources.insert(0, path)
    hook()
    return extension


# ---- building --------------------------------------------------------------------


class BuildStubs(build_ext):
    """build_ext for stubs: one name for all Pythons, and our own driver of the compiler.

    That driver says which declaration is wrong; distutils takes its place for compilers that it
    alone finds (Microsoft's), with the C file that swig_sources() writes.
    """

    def get_ext_filename(self, fullname: str) -> str:
        if not fits_any_python(self.ext_map.get(fullname)):
            return super().get_ext_filename(fullname)
        suffix = ".pyd" if self.plat_name.startswith(("win", "mingw")) else ".so"
        return os.path.join(*fullname.split(".")) + suffix

    def run(self) -> None:
        for extension in filter(is_stub, self.extensions):
            if hasattr(self, "pre_run"):
                os.makedirs(self.build_temp, exist_ok=True)  # which CFFI's hooks find
                self.pre_run(extension, extension.ffi)
        super().run()
        if self.inplace:
            for module in modules(self.distribution).python:
                module.write(module.path_in_source(self))

    def build_extension(self, ext) -> None:
        if not is_stub(ext) or self.compiler.compiler_type != "unix":
            super().build_extension(ext)
            return
        from .builder.compile import update
        from .builder.stamp import Stamp

        stamp = place(ext.source, self.build_temp) + ".stamp"
        os.makedirs(os.path.dirname(stamp), exist_ok=True)
        try:
            update(
                ext.unit(self),
                ext.path(self.build_temp),
                self.get_ext_fullpath(ext.name),
                Stamp(stamp),
                folder=os.getcwd(),
                debug=bool(self.debug),
                verbose=self.verbose,
            )
        except VerificationError as error:
            raise CompileError(str(error)) from None

    def swig_sources(self, sources, extension):
        if is_stub(extension) and extension.c_file is None:
            extension.write(self.build_temp)
            sources = [extension.path(self.build_temp), *sources]
        return super().swig_sources(sources, extension)


class BuildPythonModules(Command):
    """A step of build: Python modules from FFIs without C source."""

    description = "make the Python modules of cffi_modules"
    user_options = ()

    def initialize_options(self) -> None:
        self.build_lib = None
        self.editable_mode = False

    def finalize_options(self) -> None:
        self.set_undefined_options("build_py", ("build_lib", "build_lib"))

    def run(self) -> None:
        for made, in_source, module in self.paths():
            module.write(in_source if self.editable_mode else made)

    def paths(self) -> list[tuple[str, str, PythonModule]]:
        """(path in build_lib, path beside the sources, module)."""
        python = modules(self.distribution).python
        return [(m.path(self.build_lib), m.path_in_source(self), m) for m in python]

    def get_source_files(self) -> list[str]:
        return modules(self.distribution).scripts

    def get_outputs(self) -> list[str]:
        return [made for made, _, _ in self.paths()]

    def get_output_mapping(self) -> dict[str, str]:
        return {made: source for made, source, _ in self.paths()} if self.editable_mode else {}


class BuildModules(build):
    """build with that step."""

    sub_commands = [*build.sub_commands, ("build_cffi_modules", None)]  # noqa: RUF012


# ---- the wheel --------------------------------------------------------------------


@functools.cache
def tagging() -> type | None:
    """bdist_wheel that gives wheels of stubs the tag py3-none-<platform>."""
    try:
        from setuptools.command.bdist_wheel import bdist_wheel
    except ImportError:  # before setuptools 70.1
        try:
            from wheel.bdist_wheel import bdist_wheel
        except ImportError:
            return None

    class TagStubs(bdist_wheel):
        def get_tag(self) -> tuple[str, str, str]:
            python, abi, platform = super().get_tag()
            if all(map(fits_any_python, self.distribution.ext_modules)):
                return "py3", "none", platform
            return python, abi, platform

    return TagStubs


class RequireCore(egg_info):
    """egg_info that adds the lowest cffi_core that can load what is built.

    Here, and not in finalize(): pyproject.toml is read in between, and replaces what was there.
    """

    def finalize_options(self) -> None:
        add_requirement(self.distribution)
        super().finalize_options()


def add_requirement(dist) -> None:
    ffis = [ext.ffi for ext in filter(is_stub, dist.ext_modules or ())]
    needed = lowest_core(ffis + [module.ffi for module in modules(dist).python])
    given = list(dist.install_requires or ())
    if not any(implies(str(line), needed) for line in given):
        dist.install_requires = [*given, needed]
        dist.metadata.install_requires = dist.install_requires


def implies(given: str, needed: str) -> bool:
    """Whether a requirement allows no cffi_core that "cffi_core>=X" does not."""
    if re.match(r"cffi[-_.]+core(?![\w.-])", given, re.IGNORECASE) is None or ";" in given:
        return False
    lowest = release(needed.partition(">=")[2])
    found = re.findall(r"(?:>=|===?|~=|>)\s*([\w.]+)", given)
    return any(release(version) >= lowest for version in found)


def release(version: str) -> tuple[list[int], bool]:
    """What decides between versions: their numbers; and a release comes after its candidates."""
    numbers = re.match(r"\d*(?:\.\d+)*", version)[0]
    values = [int(number) for number in numbers.split(".") if number]
    while values and values[-1] == 0:
        values.pop()
    return values, numbers == version
