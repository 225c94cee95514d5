"""One header: accepted by both, and everything it says compared with what gcc makes of it."""

import time
from collections import Counter
from dataclasses import dataclass, field

from cffi_core import FFI
from cffi_core.model import DF, D, Model

from . import compiler, written
from .claims import Claim, Claims, same_value

KINDS = ("record", "enum", "macro", "define", "prototype", "variable", "written")


@dataclass
class Result:
    """What was found; nothing wrong: misses is empty.  refused: gcc does not take the header."""

    header: str
    refused: str = ""
    before: bool = False  # it was included behind others
    size: int = 0  # bytes of preprocessed text
    seconds: float = 0  # of cdef
    right: Counter = field(default_factory=Counter)  # by kind
    misses: list[tuple[str, str, str]] = field(default_factory=list)  # (kind, name, reason)
    excluded: Counter = field(default_factory=Counter)  # by rule
    unavailable: Counter = field(default_factory=Counter)  # by reason

    def as_dict(self) -> dict:
        return dict(vars(self))


def examine(header: str, source: str, flags: list[str]) -> Result:
    """SOURCE is what includes the header; FLAGS are the compiler's."""
    result = Result(header)
    try:
        compare(result, source, flags)
    except compiler.Refused as error:
        result.refused = str(error)
    return result


def compare(result: Result, source: str, flags: list[str]) -> None:
    text = compiler.preprocess(source, flags)
    compiler.refusals(text, [], flags)
    expanded = compiler.expansions(source, compiler.macros(source, flags), flags)
    expanded = compiler.declared(text, expanded)
    constants = compiler.constants(text, expanded, flags)
    ffi = FFI()
    start = time.perf_counter()
    try:
        ffi.cdef(text)
    except FFI.error as error:
        result.misses.append(("header", result.header, str(error)))
        return
    result.seconds = time.perf_counter() - start
    result.size = len(text)
    for _, _, reason in ffi.unavailable():
        result.unavailable[reason] += 1
    claims = Claims(Model(ffi))
    told = list(claims.all())
    result.excluded = claims.excluded
    told += macro_claims(result, ffi, constants)
    told += written.examine(result, ffi)
    told += define_claims(
        result, compiler.preprocess(source, flags, "-dD", "-C"), expanded, constants
    )
    check(result, text, told, flags)


def define_claims(
    result: Result, text: str, expanded: dict[str, str], constants: dict[str, str]
) -> list[Claim]:
    """The values that the parser itself finds when it is given the #define lines, and comments.

    It has no preprocessor, so there may be fewer; but none that differs.
    """
    ffi = FFI()
    try:
        ffi.cdef(text)
    except FFI.error as error:
        result.misses.append(("header", result.header, f"with its macros: {error}"))
        return []
    claims = []
    for decl in Model(ffi).decls:
        if decl.kind != D.INT or decl.flags & DF.ENUMERATOR or decl.name not in expanded:
            continue
        if decl.name in constants:
            lines = [same_value(constants[decl.name], decl.value)]
            claims.append(Claim("define", decl.name, lines))
        else:
            found = f"{decl.value}, but it is no constant: {expanded[decl.name][:80]}"
            result.misses.append(("define", decl.name, found))
    return claims


def macro_claims(result: Result, ffi: FFI, expanded: dict[str, str]) -> list[Claim]:
    """Each evaluated by the parser, over the table; what it cannot evaluate is a miss."""
    model = Model(ffi)
    before = len(model.decls)
    ffi.cdef("".join(f"#define cd_{name} ({text})\n" for name, text in expanded.items()))
    found = {}
    for index in range(before + 1, len(model.decls) + 1):
        decl = model.decls[index]
        found[decl.name.removeprefix("cd_")] = decl
    claims = []
    for name in expanded:
        decl = found.get(name)
        if decl is None or decl.kind != D.INT:
            reason = decl.text if decl and decl.kind == D.UNAVAILABLE else "no integer"
            result.misses.append(("macro", name, f"{reason}: {expanded[name][:80]}"))
        else:
            claims.append(Claim("macro", name, [same_value(expanded[name], decl.value)]))
    return claims


def check(result: Result, text: str, claims: list[Claim], flags: list[str]) -> None:
    """The one compiled check; then the positions of bit-fields, from an object file."""
    lines = [(line, claim) for claim in claims for line in claim.lines]
    wrong: dict[int, str] = {}
    refused = compiler.refusals(text, [line for line, _ in lines], flags)
    for i, message in refused.items():
        line, claim = lines[i]
        wrong.setdefault(id(claim), f"{message}: {line}")
    check_bits(text, claims, wrong, flags)
    tags = set(compiler.tags_of_parameters(text, flags)) if wrong else set()
    for claim in claims:
        if id(claim) in wrong and claim.kind == "prototype" and tags & set(claim.tags()):
            result.excluded["a prototype whose parameter list declares a tag"] += 1
        elif id(claim) in wrong:
            result.misses.append((claim.kind, claim.name, wrong[id(claim)]))
        else:
            result.right[claim.kind] += 1


def check_bits(text: str, claims: list[Claim], wrong: dict[int, str], flags: list[str]) -> None:
    probes = [(claim, *bits) for claim in claims for bits in claim.bits]
    if not probes:
        return
    found = compiler.bits(text, [probe for _, probe, _ in probes], flags)
    for (claim, probe, expected), bits in zip(probes, found, strict=True):
        if bits != expected:
            wrong.setdefault(id(claim), f"{probe}: bits {bits}, not {expected}")
