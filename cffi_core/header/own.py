"""Which files belong to the named headers: what these declare is kept.

By default, from a named header on, an included file belongs to it

- when it lies in the header's folder or below, and that is a folder of its own, none in which
  all headers are looked for: curl/easy.h to curl/curl.h; or in a folder beside it that is called
  like it: glib/garray.h to glib.h; the folder for one kind of machine is the same
  (x86_64-linux-gnu/openssl/configuration.h), and so is lib/.../glib-2.0/include (glibconfig.h);
- when it is included as "name": zconf.h to zlib.h, git2/blob.h to git2.h;
- when it is a part that the C library keeps in a folder of its own: bits/socket.h to sys/socket.h,
  asm-generic/errno.h to errno.h.

What a header of the compiler includes under its own name is the header, too. A named header that
is nothing but #include lines stands for what it includes: gobject/*.h for glib-object.h.

follow=False: nothing but the named headers; True: all that is included; patterns of paths: these.
"""

import os
import re
from fnmatch import fnmatchcase

from .preprocess import MAIN

INCLUDED = rb"^[ \t]*#[ \t]*(?:include|import)[ \t]*"
QUOTED = re.compile(INCLUDED + rb'"([^"\n]+)"', re.MULTILINE)
ANGLED = re.compile(INCLUDED + rb"<([^>\n]+)>", re.MULTILINE)
MULTIARCH = re.compile(r"/include/[\w.]+-linux-\w+/")
#: What was generated for a kind of machine: of which package.
GENERATED = re.compile(r"/lib/(?:[\w.]+-linux-\w+/)?([\w.+-]+)/include/")
#: Folders of what the C library's headers are made of.
PARTS = ("bits", "asm", "asm-generic", "machine", "_types", "i386", "arm")
#: Folders that many libraries' headers are in, or unrelated ones of the system.
SHARED = ("sys", "net", "netinet", "arpa", "linux", "rpc", "scsi", "X11")


def files(text, request) -> dict[str, str]:
    """Each file that belongs to a named header -> that header."""
    found = named(text, request)
    roots = {file: root(file, name) for file, name in found.items()}
    children: dict[str, list[str]] = {}
    for child, parent, _ in text.entered:
        children.setdefault(parent, []).append(child)
    reach(found, roots, children, request.follow)
    if request.follow is None:
        stand_in(found, roots, text)
        reach(found, roots, children, None)
    if isinstance(request.follow, list):
        for child, _, _ in text.entered:
            if any(fnmatchcase(child, f"*/{pattern}") for pattern in request.follow):
                found.setdefault(child, child)
    return found


def reach(found: dict, roots: dict, children: dict, follow) -> None:
    """Adds what belongs to the files that were found."""
    queue = list(found)
    while queue:
        parent = queue.pop(0)
        for child in children.get(parent, ()):
            again = child.endswith("/" + found[parent])  # by #include_next
            if child not in found and (again or belongs(child, parent, roots, follow)):
                found[child] = found[parent]
                queue.append(child)


def stand_in(found: dict, roots: dict, text) -> None:
    """Named headers that have nothing of their own: what they include is named instead."""
    for file, header in list(found.items()):
        if file not in roots or list(found.values()).count(header) > 1 or text.says(file):
            continue
        for name in includes(file, ANGLED):
            for child in text.files:
                if child.endswith("/" + name) and child not in found:
                    found[child] = header
                    roots[child] = root(child, name)


def named(text, request) -> dict[str, str]:
    """The files of the named headers."""
    found = {}
    for file, parent, line in text.entered:
        if parent == MAIN and line in request.lines:
            found[file] = request.lines[line]
    # One that another had included before is not entered again.
    for name in set(request.headers) - set(found.values()):
        for file, _, _ in text.entered:
            if file == name or file.endswith("/" + name):
                found.setdefault(file, name)
    return found


def root(file: str, name: str) -> str:
    """The folder that is the header's own."""
    file = MULTIARCH.sub("/include/", file)
    if os.path.isabs(name) or os.path.dirname(name) in ("", *SHARED):
        return os.path.splitext(file)[0]
    return os.path.dirname(file)


def belongs(child: str, parent: str, roots: dict, follow) -> bool:
    if follow is True:
        return True
    if follow is not None:
        return False
    plain = MULTIARCH.sub("/include/", child)
    if any(plain.startswith(folder + "/") for folder in roots.values()):
        return True
    package = GENERATED.search(child)
    if package and f"/include/{package[1]}/" in parent:
        return True
    if in_parts(child):
        return True
    if in_parts(parent) and "/linux/" in child:
        return True
    return any(same_end(child, name) for name in includes(parent, QUOTED))


def in_parts(file: str) -> bool:
    """Whether it is a part of the C library's headers, which programs do not include."""
    return any(folder in PARTS for folder in os.path.dirname(file).split("/"))


def includes(file: str, pattern: re.Pattern) -> list[str]:
    """What a file includes, as "name" (QUOTED) or <name> (ANGLED)."""
    try:
        with open(file, "rb") as opened:
            return [os.fsdecode(name) for name in pattern.findall(opened.read())]
    except OSError:
        return []


def same_end(file: str, name: str) -> bool:
    """Whether #include "name" can have led to file."""
    name = os.path.normpath(name)
    while name.startswith("../"):
        name = name[3:]
    return os.path.normpath(file).endswith("/" + name)
