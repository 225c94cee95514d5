"""A module that C programs call and that starts Python for it: what stands before and behind it."""

import os

from cffi_core.named import named

from .emit_module import init_name
from .emit_text import literal

#: code: the Python code that runs first.
Embedding = named("Embedding", "code")

#: What cd_embed.c defines.
START = "cd_embed_start"

#: Before the user's C code, which may use these two names.
BEFORE = """\
#ifdef _WIN32
#define CFFI_DLLEXPORT __declspec(dllexport)
#else
#define CFFI_DLLEXPORT __attribute__((visibility("default")))
__attribute__((visibility("hidden")))
#endif
#ifdef __cplusplus
extern "C"
#endif
int cd_embed_start(void);
#define cffi_start_python() cd_embed_start()
#line 1 "{filename}"
"""

BEHIND = """\
#define CD_EMBED_STUB cd_stub_{last}
#define CD_EMBED_NAME {name}
static const char CD_EMBED_CODE[] =
{code};
"""


def before(filename: str) -> str:
    return BEFORE.format(filename=filename)


def behind(embedding: Embedding, module: str) -> str:
    """The text of cd_embed.c, which needs no #line: nothing in it is the user's."""
    lines = embedding.code.encode("utf-8").splitlines(keepends=True) or [b""]
    head = BEHIND.format(
        last=init_name(module)[1],
        name=literal(module.encode("utf-8")),
        code="\n".join(f"    {literal(line)}" for line in lines),
    )
    path = os.path.join(os.path.dirname(__file__), "cd_embed.c")
    with open(path, encoding="utf-8") as file:
        return head + file.read()
