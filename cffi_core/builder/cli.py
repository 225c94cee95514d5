"""`python -m cffi_core emit ...`: the C file of a module, for any build system."""

import sys

from cffi_core import VerificationError

USAGE = """\
python -m cffi_core emit [--ffi-var NAME] [exec-python] SCRIPT OUTPUT
       python -m cffi_core emit read-sources MODULE CDEF SOURCE OUTPUT"""

DESCRIPTION = """\
Writes the C file of a module, for a build system to compile: into MODULE.so, without Python's
headers or libraries. (For set_source(name, None): the Python module itself.)

  exec-python   runs SCRIPT, a Python file that makes an FFI and calls its set_source(), with
                __name__ set to "__cffi__"; NAME (default: ffibuilder) is the FFI, or a function
                that returns it
  read-sources  takes the declarations from the file CDEF and the C source from the file SOURCE

OUTPUT is a file, left alone if it would not change, or `-` for standard output."""


def register(commands) -> None:
    """Adds the sub-command to argparse's sub-parsers."""
    from argparse import RawDescriptionHelpFormatter

    parser = commands.add_parser(
        "emit",
        help="write the C file of a module",
        usage=USAGE,
        description=DESCRIPTION,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ffi-var", metavar="NAME", default="ffibuilder", help="see above")
    parser.add_argument("words", nargs="+", metavar="WORD", help="see above")
    parser.set_defaults(run=lambda args: run(parser, args))


def run(parser, args) -> int:
    form, *rest = args.words
    if form == "read-sources" and len(rest) == 4:
        return read_sources(*rest)
    script = rest if form == "exec-python" else args.words
    if len(script) != 2:
        parser.error("give SCRIPT and OUTPUT, or read-sources MODULE CDEF SOURCE OUTPUT")
    return exec_python(*script, args.ffi_var)


def exec_python(script: str, output: str, name: str) -> int:
    from .script import NoScript, NoSuchFFI, ffi_of

    try:
        ffi = ffi_of(script, name)
    except NoScript as error:
        return refuse(error)
    except NoSuchFFI as error:
        return refuse(f"{error}; name its FFI with --ffi-var")
    return write(ffi, output)


def read_sources(module: str, cdef: str, source: str, output: str) -> int:
    from cffi_core import FFI, CDefError

    ffi = FFI()
    try:
        ffi.cdef(read(cdef))
        ffi.set_source(module, read(source))
    except CDefError as error:
        return refuse(str(error).replace("<cdef>", cdef, 1))
    except ValueError as error:
        return refuse(error)
    return write(ffi, output)


def read(path: str) -> str:
    """ValueError: it cannot be read."""
    from .script import reason

    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read {path!r}: {reason(error)}") from None


def refuse(why) -> int:
    print(f"emit: {why}", file=sys.stderr)
    return 1


def write(ffi, output: str) -> int:
    from .source import recorded

    try:
        source = recorded(ffi, "emit").source
        emit = ffi.emit_python_code if source is None else ffi.emit_c_code
        emit(StandardOutput() if output == "-" else output)
    except OSError as error:
        return refuse(f"cannot write {output!r}: {error.strerror or error}")
    except (ValueError, VerificationError) as error:
        return refuse(error)
    return 0


class StandardOutput:
    """UTF-8, and no newlines changed, whatever the terminal."""

    def write(self, text: str) -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
