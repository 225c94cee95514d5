"""The command cffi-gen-src."""

import argparse
import os
import sys

from cffi_core.builder import cli
from cffi_core.builder.script import NoSuchFFI, made_by

from .api import FFI

DESCRIPTION = "Generate the C source of a module; `-` as output is standard output."


def find_ffi_in_python_script(script, name):
    try:
        ffi = made_by(script, name, run_as="cffi.gen_src")
    except NoSuchFFI:
        raise NameError(
            f"Expected to find the FFI object with the name {name!r}, but it was not found."
        ) from None
    if not isinstance(ffi, FFI):
        raise TypeError(
            f"Found an object with the name {name!r} but it was not an instance of cffi.api.FFI"
        )
    return ffi


def exec_python(args):
    output = cli.StandardOutput() if args.output == "-" else args.output
    find_ffi_in_python_script(args.pyfile, args.ffi_var).emit_c_code(output)


def read_sources(args):
    ffi = FFI()
    ffi.cdef(cli.read(args.cdef))
    ffi.set_source(args.module_name, cli.read(args.csrc))
    ffi.emit_c_code(cli.StandardOutput() if args.output == "-" else args.output)


def file(path):
    if path != "-" and not os.path.isfile(path):
        raise argparse.ArgumentTypeError(f"can't open {path!r}: no such file")
    return path


def arguments():
    called = os.path.basename(sys.argv[0]).startswith("cffi-gen-src")
    program = "cffi-gen-src" if called else "python -m cffi.gen_src"
    parser = argparse.ArgumentParser(prog=program, description=DESCRIPTION)
    modes = parser.add_subparsers(dest="mode")
    script = modes.add_parser("exec-python", help="run a Python script that makes an FFI")
    script.add_argument("--ffi-var", default="ffibuilder", help="its name (default: ffibuilder)")
    script.add_argument("pyfile", type=file, help="the script")
    script.set_defaults(run=exec_python)
    texts = modes.add_parser("read-sources", help="read declarations and C source from files")
    texts.add_argument("module_name", help="the module's full name")
    texts.add_argument("cdef", type=file, help="the file with the declarations")
    texts.add_argument("csrc", type=file, help="the file with the C source")
    texts.set_defaults(run=read_sources)
    for mode in script, texts:
        mode.add_argument("output", help="the C file to write")
    return parser


def same(path, other):
    return path == other or ("-" not in (path, other) and os.path.samefile(path, other))


def run(args=None):
    parser = arguments()
    args = parser.parse_args(args)
    if args.mode is None:
        parser.error("a subcommand is required: exec-python or read-sources")
    if args.mode == "read-sources" and same(args.cdef, args.csrc):
        parser.error("cdef and csrc are the same file and should not be")
    args.run(args)
    parser.exit(0)
