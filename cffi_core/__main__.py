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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m cffi_core", description="cffi_core's tools.")
    parser.set_defaults(run=lambda args: parser.error("which command? see --help"))
    register_all(parser.add_subparsers(metavar="COMMAND"))
    args = parser.parse_args(arguments)
    for stream in sys.stdout, sys.stderr:  # names of files need not be text
        stream.reconfigure(errors="backslashreplace")
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
