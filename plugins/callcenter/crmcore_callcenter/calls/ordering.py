"""The order in which the events of a call happened, whatever the order in which they were heard."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from crmcore_callcenter.protocol.events import KINDS, CallEvent

_RANK = {kind: place for place, kind in enumerate(KINDS)}
_NUMBERS = re.compile("([0-9]+)")
_NEVER = datetime.min.replace(tzinfo=UTC)
_UNTIMED_END = len(KINDS)

Named = tuple[str, str, str, str]
Natural = tuple[tuple[int, str], ...]


def named(event: CallEvent) -> Named:
    """Return by what an event is known: told again it is the same."""
    return event.system, event.call, event.source, event.key


def in_order(events: Iterable[CallEvent]) -> list[CallEvent]:
    """Return the events as they happened, each once.

    By time; at the same moment by kind, as one rings before one answers, then by key. An event without a time comes
    after the one before it by key (numbers by their value), a hangup without a time last of all.
    """
    once = {named(event): event for event in events}
    keyed = sorted(((_natural(event.key), event) for event in once.values()), key=_by_key)
    before: dict[tuple[str, str, str], datetime] = {}
    placed: list[tuple[tuple[datetime, int, Natural, str], CallEvent]] = []
    for natural, event in keyed:
        of = event.system, event.source, event.call
        at = event.at
        if at is not None:
            before[of] = at
            rank = _RANK[event.kind]
        elif event.kind == "hangup":
            at, rank = datetime.max.replace(tzinfo=UTC), 0
        else:
            at, rank = before.get(of, _NEVER), _UNTIMED_END
        placed.append(((at, rank, natural, event.call), event))
    placed.sort(key=lambda one: one[0])
    return [event for _place, event in placed]


def _by_key(one: tuple[Natural, CallEvent]) -> tuple[str, str, str, Natural]:
    natural, event = one
    return event.system, event.source, event.call, natural


def _natural(key: str) -> Natural:
    parts = _NUMBERS.split(key)
    return tuple(
        (len(digits := part.lstrip("0")), digits) if place % 2 else (-1, part) for place, part in enumerate(parts)
    )
