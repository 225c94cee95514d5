"""Sources written for CFFI stand behind Python.h in what it compiles, and lean on that.

complete() puts what that header brings before the source: Python.h itself where the source asks
for something of Python's, and the standard headers everywhere else, so that the module fits every
Python.
"""

import re

HEADERS = """\
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64
#endif
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>
#include <sys/stat.h>
#include <sys/types.h>
#ifdef _WIN32
#include <malloc.h>
#else
#include <alloca.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>
#endif
"""

PYTHON = """\
#ifndef PY_SSIZE_T_CLEAN
#define PY_SSIZE_T_CLEAN
#endif
#include <Python.h>
"""

# What is no code: comments, strings, characters.
NO_CODE = re.compile(
    r"""/\*.*?\*/|//(?:\\\n|[^\n])*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL
)
PYTHONS = re.compile(r"\b(?:Py[A-Z_]\w*|PY_[A-Z]\w*)|^[ \t]*#[ \t]*include[ \t]*<Python\.h>", re.M)


def complete(ffi, source: str) -> str:
    """The source behind its headers; places in it keep their line numbers."""
    texts = [source, *ffi._cdefsources]
    python = any(PYTHONS.search(NO_CODE.sub(" ", text)) for text in texts)
    python = python or '"Python.h"' in source
    return f'#define _CFFI_\n{PYTHON if python else ""}{HEADERS}#line 1 "<set_source>"\n{source}'
