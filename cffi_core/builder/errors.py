"""What the compiler's errors mean: which declaration it disagrees with, and what to do."""

import re
import signal

from cffi_core import VerificationError

from .advice import Advice
from .compiler import CompilerFailed, shown

COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")
DIAGNOSTIC = re.compile(
    r"(?P<file>.+?)[:(](?P<line>\d+)(?:[:,]\d+)?\)?: ?(?:fatal )?(?P<kind>error|warning|note)\b"
)
EXPANDED = "note: in expansion of macro"
OWN_MACRO = re.compile(r"note: in (definition|expansion) of macro 'CD_\w+'")
# Said beside the error that it follows from.
CONSEQUENCE = re.compile(r"first argument to \S*__builtin_choose_expr\S* not a constant")
# A line that begins the next diagnostic by saying where it is.
CONTEXT = re.compile(r"In file included from |.*: In function |.*: At top level:")
SUMMARY = re.compile(r"\d+ warnings?( and \d+ errors?)? generated\.")
SHOWN = 10  # declarations in one message

MISSING = """cannot run the C compiler {program!r}: {output}
Install one (Debian: apt-get install {packages}), or name another in {variable}."""

# What the output of a failing compiler contains -> what to do.
HINTS = (
    (r"No space left on device", "The disk is full: free some space, or set TMPDIR elsewhere."),
    (  # gcc's words, then clang's
        r":\d+: fatal error: ([\w/]+: No such file|'[\w/]+' file not found)",
        "This looks like a header of C++: source_extension='.cpp' makes the source C++.",
    ),
    (
        r":\d+: fatal error: (\S*\.\w+: No such file|'\S*\.\w+' file not found)",
        "Install the package that has this header, or name its folder in include_dirs=[...].",
    ),
    (
        r"(?m)^cc1\w*: fatal error: .*: No such file|: error: no such file or directory: ",
        "A file that is named in sources=[...] or extra_objects=[...] is not there.",
    ),
    (
        r"cannot find -l|library not found|unable to find library",
        "Install the library's development package, or name its folder in library_dirs=[...].",
    ),
    (
        r"undefined reference|undefined symbol",
        "Name the library that defines it in libraries=[...]. A function that is declared, and "
        "defined nowhere, must go.",
    ),
    (r"recompile with -fPIC", "This archive or object was not compiled with -fPIC."),
)


# What the lines of a declaration's error come down to.
MEANINGS = (
    (
        re.compile(r"array is negative|array size is negative|negative subscript|_Generic"),
        "to the compiler it has another type",
    ),
    (
        re.compile(r"sizeof\(.*\) >= sizeof\("),
        "it is smaller in C: what is behind it would be read and written, too. `[...]` as an "
        "array's length leaves that to the compiler",
    ),
    (
        re.compile(
            r"cast specifies (array|function) type|conversion to non-scalar type|where arithmetic "
            "or pointer type is required|(cannot convert|cannot be cast) to a pointer type"
        ),
        "it is no pointer in C: what is in it would be taken for an address",
    ),
    (
        re.compile(r"undeclared|not declared in this scope"),
        "the C source does not declare it; perhaps an #include is missing",
    ),
    (
        re.compile(r"'(const )?char ?(\*|\[\d+\])' and 'int'"),
        "it is text to the compiler: `static char *const NAME;` declares it",
    ),
    (
        re.compile(r"'(float|double)' and 'int'"),
        "it is no integer to the compiler: `static const double NAME;` declares it",
    ),
)


# What a tag is to a compiler that never saw it.
# Not of ours, which say that something is no pointer.
INCOMPLETE = re.compile(r"incomplete type (?!.?cd_)|undefined (type|struct|union|enum|class)")


# A variable that holds a function's address has no address that a table may name.
# What has no address that is a constant of the declared type: overloaded functions of C++ too.
NOT_CONSTANT = re.compile(
    r"initializer( element)? is not (a |a compile-time )?constant"
    r"|overloaded function with no contextual type information"
    r"|address of overloaded function '.*' does not match required type"
)


class Block:
    """One error: what was said about it, and the lines of the file where it may be: its own, and
    those where a macro with the error in it was used."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.places: list[int] = []
        self.lines: list[str] = []


def blocks(output: str, file: str) -> list[Block]:
    """The errors of an output, in its order, without the notes about our own macros."""
    found: list[Block] = []
    inside = shown = False
    for text in COLOUR.sub("", output).splitlines():
        match = DIAGNOSTIC.match(text)
        if match and match["kind"] != "note":
            inside = match["kind"] == "error" and not CONSEQUENCE.search(text)
            if inside:
                found.append(Block(text[match.end() :]))
        elif CONTEXT.match(text):
            inside = False
        if not inside:
            continue
        if match:
            shown = not OWN_MACRO.search(text)
            if match["file"] == file and (match["kind"] == "error" or EXPANDED in text):
                found[-1].places.append(int(match["line"]))
        if shown:
            found[-1].lines.append(text)
    return found


def by_declaration(stub, failed: CompilerFailed, file: str) -> list[tuple[object, list[str]]]:
    """[(origin, the compiler's lines)] in the order of the output, one entry for what was declared.

    Empty when an error is about something else than a declaration.
    """
    found: dict[object, dict[str, list[str]]] = {}
    for block in blocks(failed.output, file):
        origin = next(filter(None, map(stub.origin, block.places)), None)
        if origin is None:
            return []
        # The same words once: a field's name stands several times in what checks it.
        found.setdefault(origin, {}).setdefault(block.message, block.lines)
    return [
        (origin, [line for lines in said.values() for line in lines])
        for origin, said in found.items()
    ]


def advice(stub, failed: CompilerFailed, file: str) -> Advice:
    """How it may work: with constants that are asked for when the program runs, functions that are
    called through variables, fields that are not taken for the macros of the same name, and const
    variables that are mere values; or with typedefs for tags that the source does not have. Empty
    when something else is wrong."""
    said = by_declaration(stub, failed, file)
    unknown = [origin for origin, lines in said if any(map(INCOMPLETE.search, lines))]
    if unknown:
        names = re.findall(r"\w+", " ".join(f"{o.name} {o.declared}" for o in unknown))
        return Advice(not_tags=frozenset(names))
    found = [origin for origin, _ in said]
    calls = {o.name for o, text in said if o.what == "call" and any(map(NOT_CONSTANT.search, text))}
    constants = calls.union(origin.name for origin in found if origin.what == "constant")
    values = frozenset(origin.name for origin in found if origin.what == "const variable")
    fields = [origin for origin in found if origin.what.startswith("field ")]
    others = sum(origin.what in ("constant", "const variable") for origin in found)
    if len(calls) + len(fields) + others != len(found):
        return Advice()
    macros = frozenset(origin.what.removeprefix("field ") for origin in fields)
    return Advice(frozenset(constants), macros, not_variables=values)


def compile_error(stub, failed: CompilerFailed, file: str, name: str) -> VerificationError:
    """The exception for a compiler that failed on file, the C of module name."""
    if failed.status is None:
        cplusplus = file.endswith((".cpp", ".cc", ".cxx"))
        return VerificationError(
            MISSING.format(
                program=failed.command[0],
                output=failed.output,
                packages="g++" if cplusplus else "gcc libc6-dev",
                variable="CXX" if cplusplus else "CC",
            )
        )
    if failed.status < 0:
        return VerificationError(killed(failed))
    found = by_declaration(stub, failed, file)
    if not found:
        return VerificationError(elsewhere(failed, name))
    names = {origin.name for origin, _ in found}
    count = f"{len(names)} declarations" if len(names) > 1 else "a declaration"
    parts = [f"the C compiler disagrees with {count} of module {name!r}:"]
    for origin, lines in found[:SHOWN]:
        parts.append(f"\n{about(origin)}\n    declared: {one_line(origin.declared)}")
        parts += [f"    {line}" for line in lines]
        parts += [f"    that is: {meaning}" for meaning in meanings(origin.name, lines)]
    if len(found) > SHOWN:
        parts.append(f"\n... and {len(found) - SHOWN} more")
    return VerificationError("\n".join(parts))


def meanings(name: str, lines: list[str]) -> list[str]:
    """What the lines of an error come down to."""
    return [
        meaning.replace("NAME", name)
        for pattern, meaning in MEANINGS
        if any(pattern.search(line) for line in lines)
    ]


def annotated(stub, text: str, file: str) -> str:
    """Warnings, each behind the declaration that it is about."""
    lines: list[str] = []
    first: int | None = None  # the line of a warning that is not known yet to be about one
    for line in COLOUR.sub("", text).splitlines():
        match = DIAGNOSTIC.match(line)
        if match and match["kind"] == "warning":
            first = len(lines)
        if match and first is not None and match["file"] == file:
            is_place = match["kind"] == "warning" or EXPANDED in line
            origin = stub.origin(int(match["line"])) if is_place else None
            if origin is not None:
                declared = f"    declared: {one_line(origin.declared)}"
                lines.insert(first, f"{about(origin)}\n{declared}")
                first = None
        lines.append(line)
    return "\n".join(lines)


def about_source(stub, text: str, file: str) -> str:
    """Of warnings those that are about the user's own lines, and not about the headers or what is
    made of them: these have much that compilers warn of when it is used."""
    found: list[str] = []
    before: list[str] = []  # what says where the next one is
    is_shown = is_begun = False
    for line in COLOUR.sub("", text).splitlines():
        match = DIAGNOSTIC.match(line)
        if match and match["kind"] != "note":
            is_begun, is_shown = True, match["file"] == file and stub.is_source(int(match["line"]))
            found += [*before, line] if is_shown else []
            before = []
        elif CONTEXT.match(line) or not is_begun:
            is_begun = False
            before.append(line)
        elif is_shown and not SUMMARY.fullmatch(line):
            found.append(line)
    return "\n".join(found)


def about(origin) -> str:
    what = f": {origin.what}" if origin.what else ""
    return f"{origin.where}: {origin.name}{what}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def killed(failed: CompilerFailed) -> str:
    number = -failed.status
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "unknown"
    words = f"\n{failed.output}" if failed.output else ""
    memory = "\nThe system may be out of memory." if name == "SIGKILL" else ""
    return (
        f"the C compiler was killed by signal {number} ({name}){memory}{words}\n"
        f"command: {shown(failed.command)}"
    )


def elsewhere(failed: CompilerFailed, name: str) -> str:
    """An error in the user's own C, a missing header, the linker's."""
    output = COLOUR.sub("", failed.output)
    return (
        f"the C compiler refuses the C source of module {name!r} "
        f"(exit status {failed.status}):\n\n{output}\n\n"
        f"{hints(output)}command: {shown(failed.command)}"
    )


def hints(output: str) -> str:
    """What to do, a line each."""
    return "".join(f"{advice}\n" for pattern, advice in HINTS if re.search(pattern, output))


def check_error(name: str, disagreements) -> VerificationError:
    """The exception for what `_core.check_stub` found: (declaration, file, line, reason)."""
    disagreements = list(disagreements)
    count = len(disagreements)
    parts = [
        f"the C compiler disagrees with {count} declarations of module {name!r}:"
        if count > 1
        else f"the C compiler disagrees with a declaration of module {name!r}:"
    ]
    for declaration, file, line, reason in disagreements[:SHOWN]:
        parts.append(f"\n{file or '<cdef>'}:{line}: {declaration}: {reason}")
    if count > SHOWN:
        parts.append(f"\n... and {count - SHOWN} more")
    return VerificationError("\n".join(parts))
