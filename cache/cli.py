"""`python -m cffi_core cache ...`: what the cache holds, and why it missed."""

import argparse
import os
import sys
import time

from . import Cache, explain, limits, place
from .entry import Entry, digest_of

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def register(commands) -> None:
    """Adds the sub-command to argparse's sub-parsers."""
    parser = commands.add_parser(
        "cache",
        help="the compiled modules that are kept",
        description="Shows, checks and removes what verify() and cdef_header() keep.",
    )
    parser.add_argument(
        "--directory", metavar="DIR", help=f"default: ${place.ENVIRONMENT}, or the platform's place"
    )
    parser.set_defaults(run=lambda args: parser.error("which of them? see --help"))
    actions = parser.add_subparsers(metavar="ACTION")
    for add in ADD:
        add(actions)


def add_action(actions, name: str, help: str):
    return actions.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")


def open_cache(args) -> Cache:
    return Cache(args.directory)


# --- dir -------------------------------------------------------------------------------------


def add_dir(actions) -> None:
    action = add_action(actions, "dir", "print the directory; say so if it cannot be used")
    action.set_defaults(run=run_dir)


def run_dir(args) -> int:
    directory = open_cache(args).directory
    print(directory)
    if not os.path.lexists(directory):
        return 0
    problem = place.problem(directory)
    if problem:
        print(f"it is not used: {problem}", file=sys.stderr)
    return int(bool(problem))


# --- list ------------------------------------------------------------------------------------


def add_list(actions) -> None:
    action = add_action(actions, "list", "one line per entry, the one used last first")
    action.set_defaults(run=run_list)


def run_list(args) -> int:
    content = limits.Content(open_cache(args).directory)
    for entry in content.entries:
        size = content.files[entry.object].st_size if entry.object in content.files else 0
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.used))
        print(f"{entry.key[:12]}  {used}  {in_units(size):>7}  {explain.name_of(entry)}")
    total = in_units(content.size)
    count = len(content.entries)
    print(f"{count} {'entry' if count == 1 else 'entries'}, {total} in {content.directory}")
    return 0


def in_units(size: float) -> str:
    for unit in "B", "KB", "MB":
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"


# --- explain ---------------------------------------------------------------------------------


def add_explain(actions) -> None:
    action = add_action(actions, "explain", "why the last look-up that missed did so")
    action.add_argument(
        "which", nargs="?", metavar="NAME", help="a module's name, or how a key begins"
    )
    action.set_defaults(run=run_explain)


def run_explain(args) -> int:
    content = limits.Content(open_cache(args).directory)
    known = [(entry, *notes) for entry in content.entries if (notes := readable(entry))]
    known.sort(key=lambda each: float(each[1].get("made", 0)), reverse=True)
    for number, (entry, notes, key) in enumerate(known):
        if args.which and key.get("name") != args.which and not entry.key.startswith(args.which):
            continue
        older = [other for _, _, other in known[number + 1 :]]
        print_explanation(entry, notes, key, older)
        return 0
    print(f"no entry {args.which or 'at all'} in {content.directory}", file=sys.stderr)
    return 1


def readable(entry: Entry) -> tuple[dict, dict] | None:
    try:
        return explain.notes_of(entry)
    except ValueError:
        return None


def print_explanation(entry: Entry, notes: dict, key: dict, older: list[dict]) -> None:
    made = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(float(notes["made"])))
    name = key.get("name") or "(no name)"
    print(f"{name} {entry.key[:12]}: missed and compiled {made}, in {float(notes['took']):.2f} s")
    for line in notes["why"]:
        print(f"  {line}")
    if any(line.startswith("new:") for line in notes["why"]):
        nearest = explain.most_alike(key, older)
        if nearest is None:
            print("  there is no older entry to compare it with")
        else:
            print("  compared with the entry most like it:")
            for line in explain.differences(nearest, key):
                print(f"  {line}")


# --- verify ----------------------------------------------------------------------------------


def add_verify(actions) -> None:
    action = add_action(actions, "verify", "read every entry and object in full")
    action.add_argument("--remove", action="store_true", help="remove what is damaged")
    action.set_defaults(run=run_verify)


def run_verify(args) -> int:
    content = limits.Content(open_cache(args).directory)
    damaged, stale = list(content.damaged), 0
    for name in content.damaged:
        print(f"{name[:12]}  damaged: not an entry of this cache")
    for entry in content.entries:
        fault = fault_of(content.directory, entry)
        if fault:
            damaged.append(entry.key + ".entry")
            print(f"{entry.key[:12]}  damaged: {fault}")
        elif why := explain.stale(entry):
            stale += 1
            print(f"{entry.key[:12]}  {explain.name_of(entry)} is out of date: {why[0]}")
    if args.remove:
        for name in damaged:
            content.remove(name)
    whole = len(content.entries) + len(content.damaged) - len(damaged)
    print(f"{whole} whole ({stale} of them out of date), {len(damaged)} damaged")
    return int(bool(damaged) and not args.remove)


def fault_of(directory: str, entry: Entry) -> str | None:
    """What is damaged in an entry whose body is whole."""
    digest = digest_of(os.path.join(directory, entry.object))
    if digest is None:
        return f"its object {entry.object} is missing"
    if digest != entry.object.partition(".")[0]:
        return f"its object {entry.object} is not what it was"
    if readable(entry) is None:
        return "its notes are not what they were"
    return None


# --- prune, clear ----------------------------------------------------------------------------


def add_prune(actions) -> None:
    action = add_action(actions, "prune", "remove what is over the limits")
    default = Cache("unused")
    action.add_argument(
        "--max-size", type=size, default=default.max_bytes, metavar="SIZE", help="such as 100M"
    )
    action.add_argument(
        "--max-days",
        type=not_negative,
        default=default.max_days,
        metavar="DAYS",
        help="not used for",
    )
    action.set_defaults(run=run_prune)


def size(text: str) -> int:
    """A number of bytes, or with K, M or G."""
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].isalpha() else (text, "")
    if unit not in UNITS:
        raise argparse.ArgumentTypeError(f"not a size: {text}; such as 100M")
    return int(not_negative(number) * UNITS[unit])


def not_negative(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"not a number of at least 0: {text}")
    return number


def run_prune(args) -> int:
    directory = open_cache(args).directory
    report(*limits.prune(directory, args.max_size, args.max_days), directory)
    return 0


def add_clear(actions) -> None:
    action = add_action(actions, "clear", "remove everything")
    action.set_defaults(run=run_clear)


def run_clear(args) -> int:
    directory = open_cache(args).directory
    report(*limits.clear(directory), directory)
    return 0


def report(files: int, size: int, directory: str) -> None:
    word = "file" if files == 1 else "files"
    print(f"removed {files} {word}, {in_units(size)}, from {directory}")


# --- export ----------------------------------------------------------------------------------


def add_export(actions) -> None:
    action = add_action(actions, "export", "copy objects out, for a package that ships them")
    action.add_argument("target", metavar="TO", help="a directory of the package")
    action.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a module's name, or how a key begins; default: all",
    )
    action.set_defaults(run=run_export)


def run_export(args) -> int:
    from .prebuilt import export

    try:
        digests = export(open_cache(args).directory, args.target, args.names or None)
    except (KeyError, OSError) as error:
        print(error.args[0] if isinstance(error, KeyError) else error, file=sys.stderr)
        return 1
    print("DIGESTS = {")
    for asked, name in sorted(digests.items()):
        print(f'    "{asked}":\n        "{name}",')
    print("}")
    return 0


ADD = [add_dir, add_list, add_explain, add_verify, add_prune, add_clear, add_export]
