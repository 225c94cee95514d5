"""`python -m cffi_core requires SCRIPT`: the requirement of a package that ships the module."""

import sys

from ..releases import requirement


def lowest_core(ffis) -> str:
    """The requirement of a package with the modules that these FFIs make."""
    from .emit import stub_of
    from .source import recorded

    compiled = [ffi for ffi in ffis if recorded(ffi, "requires").source is not None]
    stubs = [stub_of(ffi, "requires") for ffi in compiled]
    return requirement(max((stub.min_core for stub in stubs), default=None))


def register(commands) -> None:
    """Adds the sub-command to argparse's sub-parsers."""
    parser = commands.add_parser(
        "requires",
        help="print what a package that ships a module has to require",
        description="Prints the requirement of a package that ships the module which SCRIPT "
        "makes, for `dependencies` in its pyproject.toml: the lowest cffi_core that loads it.",
    )
    parser.add_argument(
        "--ffi-var",
        metavar="NAME",
        default="ffibuilder",
        help="the FFI in SCRIPT, or a function that returns it (default: ffibuilder)",
    )
    parser.add_argument("script", metavar="SCRIPT", help="a Python file that calls set_source()")
    parser.set_defaults(run=run)


def run(args) -> int:
    from .script import NoSuchFFI, ffi_of

    try:
        print(lowest_core([ffi_of(args.script, args.ffi_var)]))
    except NoSuchFFI as error:
        print(f"requires: {error}", file=sys.stderr)
        return 1
    return 0
