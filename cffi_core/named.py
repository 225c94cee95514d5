"""Named tuples like those of collections, without importing that: it takes as long as all else that
a first verify() of a few declarations imports, and compiles a text for each of them.

    Where = named("Where", "file line col")
"""

from _operator import itemgetter


class Named(tuple):
    """What they have in common."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    _defaults: dict | None = None  # of the last fields

    def __new__(cls, *values, **columns):
        rest = cls._fields[len(values) :]
        if rest:
            found = {**cls._defaults, **columns}
            values += tuple([found[name] for name in rest if name in found])
        if len(values) != len(cls._fields) or not columns.keys() <= set(rest):
            raise TypeError(f"{cls.__name__}() takes {', '.join(cls._fields)}")
        return tuple.__new__(cls, values)

    def __getnewargs__(self):
        return tuple(self)

    def __repr__(self) -> str:
        columns = zip(self._fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in columns)})"

    def _asdict(self) -> dict:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **columns):
        return type(self)(**{**self._asdict(), **columns})


def named(name: str, fields: str, defaults=()) -> type[Named]:
    """A subclass of tuple; defaults: of its last fields."""
    names = tuple(fields.split())
    return type(
        name,
        (Named,),
        {
            "__slots__": (),
            "_fields": names,
            "_defaults": dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)),
            **{field: property(itemgetter(i)) for i, field in enumerate(names)},
        },
    )
