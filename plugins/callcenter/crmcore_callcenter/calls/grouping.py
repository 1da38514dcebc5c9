"""What was heard at once, by the call it is of."""

from collections.abc import Iterable, Sequence

from attrs import define, field

from crmcore_callcenter.calls.facts import Facts
from crmcore_callcenter.calls.ordering import named
from crmcore_callcenter.protocol.events import CallEvent, Heard

Key = tuple[str, str]
"""A telephone system, and an id that a call has there."""
Source = tuple[str, str]
"""A telephone system, and what of it tells."""


@define(eq=False)
class Group:
    """What was heard now of one call: `places` are those of the Heards.

    `call_id` is the call it is of, once that is known, and `absorbed` are calls that turn out to go on in it. `facts`
    follow from these events alone.
    """

    places: list[int]
    events: list[CallEvent]
    keys: dict[Key, None] = field(factory=dict)
    call_id: int | None = None
    absorbed: list[int] = field(factory=list)
    facts: Facts | None = None

    @property
    def first(self) -> int:
        """The place of the first Heard of it."""
        return min(self.places)

    @property
    def own_keys(self) -> list[Key]:
        """The ids of the call itself, those that go on in it left out, where there are any."""
        joined = {(event.system, event.joins) for event in self.events if event.joins}
        own = list(dict.fromkeys((event.system, event.call) for event in self.events))
        return [key for key in own if key not in joined] or own

    @property
    def sources(self) -> set[Source]:
        """Who told of it."""
        return {(event.system, event.source) for event in self.events}

    @property
    def is_nothing(self) -> bool:
        """Whether all that is told is that one of us did not take up a call of their own: nobody was called."""
        return all(event.kind == "hangup" and event.details.get("called") == "nobody" for event in self.events)

    def take_over(self, other: "Group") -> None:
        """Let another be of the same call."""
        self.places += other.places
        self.events += other.events
        self.keys |= other.keys
        self.facts = None


def keys_of(event: CallEvent) -> Iterable[Key]:
    """Return by which ids an event names its call, and the one that goes on in it."""
    for value in (event.call, *event.ids, event.joins):
        if value:
            yield event.system, value


def merged(groups: Sequence[Group]) -> list[Group]:
    """Return groups of which no two are of the same call, once it is known which each is of."""
    by_call: dict[int, Group] = {}
    for group in groups:
        ids = [one for one in (group.call_id, *group.absorbed) if one is not None]
        mine = group
        for other in {id(found): found for one in ids if (found := by_call.get(one)) is not None}.values():
            joins = mine.call_id in other.absorbed or mine.call_id == other.call_id
            kept, gone = (other, mine) if joins else (mine, other)
            kept.take_over(gone)
            kept.absorbed = sorted({*kept.absorbed, *gone.absorbed, gone.call_id or 0} - {kept.call_id, 0})
            mine = kept
        by_call.update(dict.fromkeys([one for one in (mine.call_id, *mine.absorbed) if one is not None], mine))
    return list({id(group): group for group in by_call.values()}.values())


def grouped(heard: Sequence[Heard]) -> list[Group]:
    """Return what was heard by the call: what has any id in common is of the same one. Each event is there once."""
    by_key: dict[Key, Group] = {}
    groups: dict[int, Group] = {}
    for place, one in enumerate(heard):
        keys = dict.fromkeys(key for event in one.events for key in keys_of(event))
        mine = Group(places=[place], events=list(one.events), keys=keys)
        for other in {id(found): found for key in keys if (found := by_key.get(key)) is not None}.values():
            other.take_over(mine)
            groups.pop(id(mine), None)
            mine = other
        groups[id(mine)] = mine
        by_key.update(dict.fromkeys(mine.keys, mine))
    for group in groups.values():
        group.events = list({named(event): event for event in group.events}.values())
    return sorted(groups.values(), key=lambda group: group.first)
