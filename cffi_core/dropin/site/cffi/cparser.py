"""What is called ffi._parser, and pycparser for those who take it from here."""

from cffi_core.declared import syntax
from cffi_core.declared.parser import Parser as Parser

from . import model as model
from .commontypes import COMMON_TYPES as COMMON_TYPES
from .commontypes import resolve_common_type as resolve_common_type
from .error import CDefError as CDefError
from .error import FFIError as FFIError
from .lock import allocate_lock

CDEF_SOURCE_STRING = "<cdef source string>"
lock = allocate_lock()


def _common_type_names(csource):
    return syntax.words_of(csource)


def __getattr__(name):
    if name == "pycparser":
        import pycparser.c_ast
        import pycparser.c_generator
        import pycparser.c_parser

        return pycparser
    raise AttributeError(f"module 'cffi.cparser' has no attribute {name!r}")
