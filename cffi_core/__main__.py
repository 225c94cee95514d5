"""`python -m cffi_core`: the commands, each registered by the part that it belongs to."""

import argparse
import sys


def register_all(commands) -> None:
    """One line per command; what is imported here is imported by every command."""
    from . import dropin, importing, layout
    from .builder import cli as emit
    from .builder import requires
    from .cache import cli as cache

    cache.register(commands)
    emit.register(commands)
    requires.register(commands)
    layout.register(commands)
    importing.register(commands)
    dropin.register(commands)


def print_version() -> None:
    import cffi_core

    print(f"cffi_core {cffi_core.__version__}, stub contract {cffi_core._core.CONTRACT}")
    print(f"Python {sys.version.split()[0]}, {cffi_core.__path__[0]}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m cffi_core", description="cffi_core's tools.")
    parser.add_argument("-V", "--version", action="store_true", help="print the version and stop")
    parser.set_defaults(run=lambda args: parser.error("which command? see --help"))
    register_all(parser.add_subparsers(metavar="COMMAND"))
    args = parser.parse_args(arguments)
    if args.version:
        print_version()
        return 0
    for stream in sys.stdout, sys.stderr:  # names of files need not be text
        stream.reconfigure(errors="backslashreplace")
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
