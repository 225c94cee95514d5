"""What one run of the compiler teaches the next; apart from unit.py, because a stamp has it and is
read where nothing is compiled."""

from cffi_core.named import named

FIELDS = "not_constant not_macros missing not_tags not_variables"


class Advice(named("Advice", FIELDS, defaults=[frozenset()] * 5)):
    """What a failed run of the compiler has told the emitter, by names; see emit()."""

    __slots__ = ()

    def __or__(self, other: "Advice") -> "Advice":
        return Advice(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


NO_ADVICE = Advice()
