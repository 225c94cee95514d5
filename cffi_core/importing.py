"""`python -m cffi_core import HEADER...`: a file of declarations, made from headers.

The file's head says how it was made, and has a digest of what follows: a file that was edited by
hand no longer fits it, and is not written over.
"""

import os
import re
import shlex
import sys

from ._core import CDefError, FFIError, PkgConfigError, VerificationError
from .builder.pkgconfig import definition
from .model import Model, sha256

DESCRIPTION = """\
Writes the declarations of the headers as cdef text: formatted, commented, with nothing in it that
is not needed. Keep it, edit it, ship it: it is used without a compiler, as

    ffi.cdef(open(FILE).read())

If FILE exists, prints what has changed since: declarations that are new, gone or different, and
what that does to offsets, sizes and values. A FILE that was edited by hand is left as it is."""

HEAD = """\
/* Declarations of {what}, for cffi_core on {platform}.
 *
 *     {command}
 *
 * digest: {digest} */
"""
DIGEST = re.compile(r"\A/\*(?:(?!\*/).)*? digest: (\w+) \*/\n", re.DOTALL)
VERSION = re.compile(r"\d+(?:\.\d+)+[\w.+-]*")

FAULTS = CDefError, FFIError, PkgConfigError, VerificationError, OSError, ValueError


def register(commands) -> None:
    """Adds the sub-command to argparse's sub-parsers."""
    from argparse import RawDescriptionHelpFormatter

    parser = commands.add_parser(
        "import",
        help="write the declarations of headers, to keep",
        description=DESCRIPTION,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    many = {"action": "append", "default": []}
    add("headers", nargs="+", metavar="HEADER", help="as in #include <HEADER>, or a path")
    add("-o", dest="output", metavar="FILE", help="default: standard output")
    add("-I", dest="folders", metavar="DIR", help="where headers are", **many)
    add("-D", dest="macros", metavar="NAME[=TEXT]", help="define a macro", **many)
    add("-U", dest="undefined", metavar="NAME", help="undefine a macro", **many)
    add("--before", metavar="H", help="a header, or a line of C, that comes first", **many)
    add("--package", dest="packages", metavar="P", help="pkg-config's name", **many)
    add("--select", metavar="PATTERN", help="only names like this: 'sqlite3_*'", **many)
    add("--follow", metavar="PATTERN", help="headers that count as HEADER's own", **many)
    add("--no-follow", action="store_true", help="of the HEADERs themselves alone")
    add("--check", action="store_true", help="write nothing; status 1 if something changed")
    add("--force", action="store_true", help="write over a file that was edited by hand")
    parser.set_defaults(run=run)


def run(args) -> int:
    try:
        made = Made(args)
        if args.output is None or args.output == "-":
            sys.stdout.write(made.text)
            return 0
        return made.renew(args.output, args.check, args.force)
    except FAULTS as error:
        print(f"import: {as_options(str(error))}", file=sys.stderr)
        return 1


def as_options(message: str) -> str:
    """What a message advises to write in Python, as this command wants it."""
    words = {"include_dirs": "-I", "packages": "--package", "before": "--before"}
    for keyword, option in words.items():
        message = message.replace(f"{keyword}=[...]", f"{option} ...")
        message = re.sub(rf"{keyword}=\['([^']*)'\]", rf"{option} \1", message)
    return message


def options_of(args) -> dict:
    """The arguments of cdef_header()."""
    return {
        "before": args.before,
        "packages": args.packages,
        "select": args.select or None,
        "follow": False if args.no_follow else args.follow or None,
        "include_dirs": args.folders,
        "define_macros": [definition(macro) for macro in args.macros],
        "undef_macros": args.undefined,
    }


def command_of(args) -> str:
    """The command that makes the file again."""
    words = ["python", "-m", "cffi_core", "import"]
    words += [f"-I{folder}" for folder in args.folders]
    words += [f"-D{macro}" for macro in args.macros]
    words += [f"-U{name}" for name in args.undefined]
    for option in "before", "select", "follow":
        words += [f"--{option}={word}" for word in getattr(args, option)]
    words += ["--no-follow"] if args.no_follow else []
    words += [f"--package={package}" for package in args.packages]
    words += args.headers
    words += ["-o", args.output] if args.output else []
    return shlex.join(words).replace("*/", "*''/")


class Made:
    """The text of a file, as it is to be; model: what it declares."""

    def __init__(self, args) -> None:
        from .header import read, write

        header = read(args.headers, **options_of(args))
        body = write.text(header)
        self.model = model_of(body)
        self.warn(header)
        what = ", ".join(header.names)
        version = version_of(header)
        head = HEAD.format(
            what=f"{what} {version}" if version else what,
            platform=platform(),
            command=command_of(args),
            digest=digest_of("\n" + body),
        )
        self.text = f"{head}\n{body}"

    def warn(self, header) -> None:
        """If the text does not mean what the header says, that is our fault."""
        from .header.diff import lost

        for line in lost(header.model, self.model, [kept for kept in header.keep if kept.own]):
            print(f"import: not as in the header, please report it: {line}", file=sys.stderr)

    def renew(self, path: str, is_check: bool, is_forced: bool) -> int:
        """Writes the file, or says what it would change."""
        from .header.diff import compare, show

        try:
            old = text_of(path)
        except FileNotFoundError:
            if is_check:
                print(f"import: {path} is not there", file=sys.stderr)
                return 1
            return self.write(path)
        changes = compare(model_of(old, path), self.model)
        sys.stdout.write(show(changes, path, is_coloured(sys.stdout)))
        is_edited = edited(old)
        if is_check:
            return int(bool(changes) or (not is_edited and old != self.text))
        if is_edited and old != self.text and not is_forced:
            print(f"import: {path} was edited by hand: --force writes over it", file=sys.stderr)
            return 1
        return 0 if old == self.text else self.write(path)

    def write(self, path: str) -> int:
        from .builder.files import write_text

        write_text(path, self.text)
        return 0


def model_of(text: str, path: str | None = None) -> Model:
    """What a text declares; path: the file that it is from."""
    from ._core import FFI
    from .header.text import marker

    ffi = FFI()
    ffi.cdef(marker(1, path or "<import>") + text)
    return Model(ffi)


def text_of(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def digest_of(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hex()[:16]


def edited(text: str) -> bool:
    """Is what follows the head not what was written there?"""
    head = DIGEST.match(text)
    return head is None or digest_of(text[head.end() :]) != head[1]


def is_coloured(file) -> bool:
    return file.isatty() and not os.environ.get("NO_COLOR")


def platform() -> str:
    machine = os.uname().machine if hasattr(os, "uname") else os.environ["PROCESSOR_ARCHITECTURE"]
    return f"{sys.platform} {machine}"


def version_of(header) -> str:
    """The version that a header states: a macro like ZLIB_VERSION, whose text begins with one."""
    names = [os.path.basename(name).partition(".")[0] for name in header.names]
    stems = [re.sub(r"\W|\d+$", "", name).upper() for name in names]
    for kept in header.keep:
        if kept.own and kept.kind == "constant" and "VER" in kept.name:
            value = header.model.decls[kept.index].value
            text = value.decode("latin-1") if isinstance(value, bytes) else ""
            if VERSION.match(text) and any(stem in kept.name for stem in stems):
                return VERSION.match(text)[0]
    return ""
