"""The attributes that put a record's members where they are.

The table keeps where members lie and not why: an attribute of a member or of the record, an unnamed
bit-field, Microsoft's rules.  `plan()` finds a spelling that has the same effect: it tries what
people write, the parser says what comes of it, and where nothing helps the record is packed and
every gap written out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cffi_core.model import F, K, M, Model

#: What fills a gap, the narrowest first.
FILLERS = ("char", "short", "int", "long long")


@dataclass
class Plan:
    """before, attributes: by member's number; unnamed bit-fields, and what is said of the member.

    after: unnamed bit-fields at the end; record: attributes of the whole.
    """

    before: dict[int, list[str]] = field(default_factory=dict)
    attributes: dict[int, list[str]] = field(default_factory=dict)
    after: list[str] = field(default_factory=list)
    record: list[str] = field(default_factory=list)

    def copy(self) -> "Plan":
        return Plan(
            {i: list(lines) for i, lines in self.before.items()},
            {i: list(words) for i, words in self.attributes.items()},
            list(self.after),
            list(self.record),
        )

    def filled(self, i: int, line: str) -> "Plan":
        plan = self.copy()
        plan.before.setdefault(i, []).append(line)
        return plan

    def said(self, i: int, *words: str) -> "Plan":
        plan = self.copy()
        plan.attributes.setdefault(i, []).extend(words)
        return plan

    def ended(self, line: str) -> "Plan":
        plan = self.copy()
        plan.after.append(line)
        return plan

    def whole(self, *words: str) -> "Plan":
        plan = self.copy()
        plan.record.extend(words)
        return plan


def attribute(words: list[str]) -> str:
    """With a blank in front; nothing for no words."""
    return f" __attribute__(({', '.join(words)}))" if words else ""


def pack_of(row) -> int:
    """What #pragma pack said of a record; 0: nothing."""
    return 1 << (row.sub & 0x7F) - 1 if row.sub & 0x7F else 0


class Search:
    """For one record: plans are tried on stand-ins for its members, of equal size and alignment."""

    def __init__(self, model: Model, row) -> None:
        self.model = model
        self.row = row
        self.members = model.members(row.id)
        self.wanted = [model.first_bit(member) for member in self.members]
        self.types = [self.stand_in(i) for i in range(len(self.members))]
        self.measures = [model.measure(member.type) for member in self.members]

    def stand_in(self, i: int) -> tuple[str, str]:
        """A typedef that member i can use, and the member."""
        member = self.members[i]
        size, align = self.model.measure(member.type)
        aligned = f" __attribute__((aligned({align})))"
        if member.bits >= 0:
            return f"typedef {self.integer(i)} t{i}{aligned};", f"t{i} m{i} : {member.bits}"
        if member.flags & M.FLEX:
            return f"typedef char t{i}[{align}]{aligned};", f"t{i} m{i}[]"
        return f"typedef char t{i}[{size}]{aligned};", f"t{i} m{i}"

    def integer(self, i: int) -> str:
        """The primitive type of a bit-field."""
        canon = self.model.types[self.model.types[self.members[i].type].canon]
        return self.model.spell(canon.sub)

    def text(self, plan: Plan) -> str:
        """C text of the record that this plan makes."""
        out = [typedef for typedef, _ in self.types]
        pack = pack_of(self.row)
        out += [f"#pragma pack({pack})"] * (pack != 0)
        out.append("union r {" if self.row.kind == K.UNION else "struct r {")
        for i, (_, member) in enumerate(self.types):
            out += plan.before.get(i, [])
            out.append(f"{member}{attribute(plan.attributes.get(i, []))};")
        return "\n".join([*out, *plan.after, f"}}{attribute(plan.record)};"])

    def result(self, plan: Plan) -> tuple[list[int], int, int]:
        """Where the members are by this plan; size, alignment."""
        from cffi_core import FFI

        ffi = FFI()
        try:
            ffi.cdef(self.text(plan))
        except ffi.error:  # a bit-field that is wider than its type
            return [-1] * len(self.members), 0, 0
        model = Model(ffi)
        last = range(len(model.types), 0, -1)
        row = next(model.types[id] for id in last if model.types[id].name == "r")
        return [model.first_bit(member) for member in model.members(row.id)], row.size, row.align

    def is_right(self, plan: Plan) -> bool:
        return self.result(plan) == (self.wanted, self.row.size, self.row.align)

    def plan(self) -> Plan:
        packed = ["packed"] if self.row.sub & 0x80 else []
        for rules in [], ["ms_struct"]:
            plan = self.improved(Plan(record=packed + rules))
            if plan is not None:
                return plan
        return self.forced()

    def improved(self, plan: Plan) -> Plan | None:
        """Each member put right, from the first on; then the whole."""
        for _ in range(len(self.members) + 1):
            found = self.result(plan)[0]
            wrong = next((i for i, at in enumerate(found) if at != self.wanted[i]), None)
            if wrong is None:
                return self.finished(plan)
            tries = self.ways(plan, wrong, found[wrong])
            plan = next((p for p in tries if self.result(p)[0][wrong] == self.wanted[wrong]), None)
            if plan is None:
                return None
        return None

    def ways(self, plan: Plan, i: int, at: int) -> Iterator[Plan]:
        """What may put member i right, the likeliest first."""
        byte, bit = divmod(self.wanted[i], 8)
        aligns = [1 << n for n in range(1, 29) if bit == 0 and byte % (1 << n) == 0]
        aligns = [f"aligned({n})" for n in aligns if n <= self.row.align]
        if at > self.wanted[i]:
            yield plan.said(i, "packed")
            yield from (plan.said(i, "packed", word) for word in aligns)
        if self.members[i].bits < 0:
            yield from (plan.said(i, word) for word in aligns)
        yield from (plan.filled(i, line) for line in self.fillers(i))
        if self.members[i].bits >= 0:
            yield from (plan.said(i, word) for word in aligns)

    def fillers(self, i: int) -> Iterator[str]:
        """Unnamed bit-fields in front of member i."""
        begin = self.end_of(i - 1)
        types = [*FILLERS]
        if self.members[i].bits >= 0:
            types.insert(0, self.integer(i))
        elif i > 0 and self.members[i - 1].bits >= 0:
            types.insert(0, self.integer(i - 1))
        bits = self.wanted[i] - begin
        for text in types:
            yield f"{text} : 0;"
            if 0 < bits <= 64:
                yield f"{text} : {bits};"

    def end_of(self, i: int) -> int:
        """Behind member i's last bit; of -1: the beginning."""
        if i < 0:
            return 0
        bits = self.members[i].bits
        return self.wanted[i] + (bits if bits >= 0 else 8 * self.measures[i][0])

    def finished(self, plan: Plan) -> Plan | None:
        """All members are right: alignment and size of the whole."""
        narrow = plan
        for i, (_, align) in enumerate(self.measures):
            if align > self.row.align and "packed" not in plan.attributes.get(i, []):
                narrow = narrow.said(i, "packed")
        for base in plan, narrow:
            aligned = base.whole(f"aligned({self.row.align})")
            for way in base, aligned, *self.longer(base), *self.longer(aligned):
                if self.is_right(way):
                    return way
        return None

    def longer(self, plan: Plan) -> Iterator[Plan]:
        """Unnamed bit-fields at the end."""
        end = 0 if self.row.kind == K.UNION else self.end_of(len(self.members) - 1)
        for text in FILLERS:
            yield plan.ended(f"{text} : 0;")
            for n in range(1, min(64, self.row.size * 8 - end) + 1):
                yield plan.ended(f"{text} : {n};")

    def forced(self) -> Plan:
        """Packed, with every gap written out: nothing is left to rules."""
        plan = Plan(record=["packed", f"aligned({self.row.align})"])
        end = 0
        for i, at in enumerate(self.wanted):
            while end < at and self.row.kind != K.UNION:
                step = min(64 - end % 8, at - end)
                plan.before.setdefault(i, []).append(f"long long : {step};")
                end += step
            end = self.end_of(i)
        while end < self.row.size * 8 and not self.is_right(plan):
            step = min(64, self.row.size * 8 - end)
            plan.after.append(f"long long : {step};")
            end += step
        return plan


def plan(model: Model, row) -> Plan:
    """How a record is to be written so that it lies in memory as this one does."""
    if not row.flags & F.LAID_OUT:
        return Plan(record=["packed"] if row.sub & 0x80 else [])
    return Search(model, row).plan()
