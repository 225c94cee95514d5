"""The classes of types, for programs that look into ffi._parser."""

from cffi_core.declared import classes

from .error import CDefError as CDefError
from .error import VerificationError as VerificationError
from .error import VerificationMissing as VerificationMissing
from .lock import allocate_lock as allocate_lock

for _name, _value in vars(classes).items():
    if not _name.startswith("_"):
        if getattr(_value, "__module__", None) == classes.__name__:
            _value.__module__ = __name__  # pickles of CFFI's can be read, and it can read ours
        globals()[_name] = _value

global_lock = allocate_lock()
