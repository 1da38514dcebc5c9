"""What is told of a call by one who did not hear all of it, and what is left of that when another tells the whole.

Whoever listens, is cut off and comes back knows which calls are alive, not what happened meanwhile: what is told of
these from then on may be wrong. It is kept under keys of its own, so that a recording of all of it, taken in later, is
not taken for the same.
"""

from collections.abc import Collection, Iterable, Sequence

from attrs import define, evolve, field

from crmcore_callcenter.protocol.events import AgentEvent, CallEvent

_PART = " (in part)"


@define
class Partly:
    """Marks events of calls of which not all was heard: those that were alive after a silence, to their end.

    It outlives connections, as what makes calls of events does.
    """

    _alive: frozenset[str] | None = frozenset()
    _fresh: set[str] = field(factory=set)
    _calls: set[str] = field(factory=set)

    def was_away(self) -> None:
        """Take all calls for such, but those that begin from here on, until it is known which are alive."""
        self._alive = None
        self._fresh.clear()

    def begins(self, call: str) -> None:
        """Take a call for one that is heard from its beginning."""
        if self._alive is None:
            self._fresh.add(call)

    def came_back(self, alive: Collection[str]) -> None:
        """Take what is alive after a silence: ids of calls and channels. More may turn out to be, as time goes by."""
        self._alive = (self._alive or frozenset()) | (frozenset(alive) - self._fresh)

    def marked(self, events: Iterable[CallEvent | AgentEvent]) -> list[CallEvent | AgentEvent]:
        """Return events, those of such calls under keys that say so."""
        return [self._marked(one) if isinstance(one, CallEvent) else one for one in events]

    def _marked(self, one: CallEvent) -> CallEvent:
        if not any(self._is_part(call) for call in (one.call, one.joins) if call):
            return one
        self._calls.add(one.call)
        if one.kind == "hangup":
            self._calls.discard(one.call)
        return evolve(one, key=one.key + _PART)

    def _is_part(self, call: str) -> bool:
        return call in self._calls or (call not in self._fresh if self._alive is None else call in self._alive)


def whole(events: Sequence[CallEvent]) -> Sequence[CallEvent]:
    """Return the events of one source without those partly heard that are told better.

    Where all calls among them are told from beginning to end by one who heard all of it, that is what counts. Else what
    was heard before the silence counts, and what was heard after it.
    """
    if not any(_is_part(one) for one in events):
        return events
    heard = [one for one in events if not _is_part(one)]
    begun = {one.call for one in heard if one.kind == "begin"}
    over = {one.call for one in heard if one.kind == "hangup" and one.reason != "unknown"}
    over |= {one.joins for one in heard if one.joins}
    if over and begun <= over:
        return heard
    keys = {(one.call, one.key) for one in heard}
    return [one for one in events if not _is_part(one) or (one.call, one.key.removesuffix(_PART)) not in keys]


def _is_part(one: CallEvent) -> bool:
    return one.key.endswith(_PART)
