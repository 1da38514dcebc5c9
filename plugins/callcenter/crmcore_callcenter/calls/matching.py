"""The same call told by two that have no id in common: by its two numbers and when it began."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from attrs import define
from sqlalchemy import select

from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.calls.grouping import Group, Source
from crmcore_callcenter.tables import call, heard

APART = timedelta(seconds=2)
"""So far apart two sources may say that a call began."""
_MOST = 50_000

Numbers = tuple[str, str]


@define(eq=False)
class Begun:
    """A call by who called whom, and when; `group` is what was heard of it now, `call_id` one that is kept."""

    numbers: Numbers
    at: datetime
    sources: set[Source]
    call_id: int | None = None
    group: Group | None = None

    def fits(self, other: "Begun") -> bool:
        """Return whether another may be the same call, as another source tells it."""
        return abs(self.at - other.at) <= APART and self.sources.isdisjoint(other.sources)


def match(reader: AnyReader, begun: Sequence[Begun]) -> None:
    """Find for new groups the call that another source told of: if exactly one fits, they are of that.

    Two statements, however many groups.
    """
    there: Mapping[Numbers, list[Begun]] = _kept(reader, begun)
    for one in sorted(begun, key=lambda each: each.at):
        group = one.group
        if group is None:
            continue
        fitting = [each for each in there[one.numbers] if each.fits(one)]
        if len(fitting) != 1:
            there[one.numbers].append(one)
            continue
        found = fitting[0]
        found.sources |= one.sources
        if found.group is not None:
            found.group.take_over(group)
            group.places.clear()
        else:
            group.call_id = found.call_id


def _kept(reader: AnyReader, begun: Sequence[Begun]) -> dict[Numbers, list[Begun]]:
    """Return the calls kept that have the numbers of new ones, and began at about the time of one."""
    found: dict[Numbers, list[Begun]] = defaultdict(list)
    if not begun:
        return found
    c, moments = call.c, [one.at for one in begun]
    wanted = select(c.id, c.from_normal, c.to_normal, c.started_at).where(
        c.from_normal.in_({one.numbers[0] for one in begun}),
        c.started_at.between(min(moments) - APART, max(moments) + APART),
    )
    near: dict[int, Begun] = {}
    by_numbers: dict[Numbers, list[Begun]] = defaultdict(list)
    for one in begun:
        by_numbers[one.numbers].append(one)
    for row in reader.rows(wanted.order_by(c.id).limit(_MOST)):
        numbers = row.from_normal, row.to_normal
        if any(abs(one.at - row.started_at) <= APART for one in by_numbers.get(numbers, ())):
            near[row.id] = Begun(numbers=numbers, at=row.started_at, sources=set(), call_id=row.id)
            found[numbers].append(near[row.id])
    if near:
        h = heard.c
        for row in reader.rows(select(h.call_id, h.source, h.key).where(h.call_id.in_(near))):
            near[row.call_id].sources.add((row.key.partition("|")[0], row.source))
    return found
