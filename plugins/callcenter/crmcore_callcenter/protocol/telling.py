"""Telling the events of one call, from a log that is read when the call is over."""

from collections.abc import Mapping
from datetime import UTC, datetime

from attrs import define, field

from crmcore_callcenter.protocol.events import KINDS, CallEvent, Party

_NEVER = datetime.max.replace(tzinfo=UTC)


@define(kw_only=True)
class Teller:
    """Takes the events of one call in any order; an event of a key that was told is not told again.

    `ids`, the other ids of the call, go with its first event.
    """

    system: str
    source: str
    call: str
    ids: tuple[str, ...] = ()
    _events: dict[str, CallEvent] = field(factory=dict)

    def tell(
        self,
        kind: str,
        key: str,
        at: datetime | None,
        *,
        caller: Party | None = None,
        dialled: str = "",
        target: Party | None = None,
        by: Party | None = None,
        how: str = "",
        reason: str = "",
        queue: str = "",
        joins: str = "",
        url: str = "",
        direction: str = "",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Tell an event."""
        event = CallEvent(
            system=self.system,
            source=self.source,
            call=self.call,
            kind=kind,
            key=key,
            at=at,
            direction=direction,
            caller=caller,
            dialled=dialled,
            target=target,
            by=by,
            how=how,
            reason=reason,
            queue=queue,
            joins=joins,
            url=url,
            ids=() if self._events else self.ids,
            details=details or {},
        )
        self._events.setdefault(key, event)

    def told(self) -> tuple[CallEvent, ...]:
        """Return the events in the order of time; at the same time, in the order in which such events follow."""
        events = self._events.values()
        first = min((one.at for one in events if one.at), default=_NEVER)
        return tuple(sorted(events, key=lambda one: (one.at or first, KINDS.index(one.kind))))
