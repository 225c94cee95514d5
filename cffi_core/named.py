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
        if len(columns) < len(rest):
            columns = {n: d for n, d in cls._defaults.items() if n in rest} | columns
        try:
            made = tuple.__new__(cls, (*values, *map(columns.__getitem__, rest)))
        except KeyError:
            made = ()
        if len(made) != len(cls._fields) or len(columns) != len(rest):
            raise TypeError(f"{cls.__name__}() takes {', '.join(cls._fields)}")
        return made

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
