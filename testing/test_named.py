"""Named tuples of our own do what those of collections do."""

import copy
from collections import namedtuple

import pytest

from cffi_core.named import named

OURS = named("Place", "file line col", defaults=[0])
THEIRS = namedtuple("Place", "file line col", defaults=[0])


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        *(((), {}), (("a",), {}), (("a", 1), {}), (("a", 1, 2), {}), (("a", 1, 2, 3), {})),
        *((("a",), {"line": 2}), ((), {"line": 2, "file": "b", "col": 3})),
        *((("a", 1), {"line": 2}), (("a", 1), {"row": 2}), (("a",), {"col": 2})),
    ],
)
def test_made_as_theirs(values, columns):
    try:
        theirs = THEIRS(*values, **columns)
    except TypeError:
        with pytest.raises(TypeError, match="file, line, col"):
            OURS(*values, **columns)
        return
    ours = OURS(*values, **columns)
    assert ours == theirs and repr(ours) == repr(theirs)
    assert (ours.file, ours.line, ours.col) == theirs
    assert ours._asdict() == theirs._asdict()
    assert ours._replace(line=9) == theirs._replace(line=9)
    assert copy.copy(ours) == ours and type(copy.copy(ours)) is OURS
