"""What an agent was doing when: from what was said of them, and from the calls they took part in. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from attrs import frozen

LONGEST = timedelta(hours=1)
"""Who sums up a call later than this after it was doing something else until then."""


@frozen(kw_only=True)
class Mark:
    """Somebody said that an agent is available, paused or offline, in one queue, or in all where none is named."""

    at: datetime
    state: str
    reason: str = ""
    queue: str = ""


@frozen(kw_only=True)
class Span:
    """An agent's part in a call: rung, talking, gone; a call that `wraps` is summed up afterwards, at `wrapped_at`."""

    call_id: int
    rang_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    wraps: bool = True
    wrapped_at: datetime | None = None

    def wrapped(self, most: timedelta) -> datetime | None:
        """Return until when they sum the call up: when they say so, else `most` after its end; None for not at all."""
        if self.ended_at is None or not self.wraps:
            return None
        until = self.ended_at + most
        if self.wrapped_at is not None and self.wrapped_at <= self.ended_at + LONGEST:
            until = self.wrapped_at
        return until if until > self.ended_at else None


@frozen(kw_only=True)
class Period:
    """What an agent does from an instant until another, None where no end is known."""

    from_at: datetime
    until_at: datetime | None
    state: str
    reason: str = ""
    call_id: int | None = None


def periods(marks: Sequence[Mark], spans: Sequence[Span], *, wrapping: timedelta) -> list[Period]:
    """Return what an agent does, in order: periods that never overlap, neighbours that differ.

    Talking goes before ringing, that before wrapping up, that before what was said last; of two calls the later one is
    told. Wrapping up ends when they say so, after `wrapping` where they do not, and as soon as they go on: another
    call, another word of theirs. Who is available in one queue is; who is nowhere, and paused in one, is paused. Before
    the first mark nothing is told but calls. Of marks at the same instant the later in the list counts.
    """
    told = [*_changes(marks, spans, wrapping)]
    now, found, last = _Now(), list[Period](), len(told) - 1
    for place, (at, step, one) in enumerate(told):
        now.take(step, one, at)
        if place < last and told[place + 1][0] == at:
            continue
        until = told[place + 1][0] if place < last else None
        said = now.said()
        if said is None:
            continue
        state, reason, call_id = said
        before = found[-1] if found else None
        if before is not None and before.until_at == at and said == (before.state, before.reason, before.call_id):
            found[-1] = Period(
                from_at=before.from_at, until_at=until, state=state, reason=reason, call_id=call_id
            )  # fmt: skip
        else:
            found.append(Period(from_at=at, until_at=until, state=state, reason=reason, call_id=call_id))
    return found


_END, _MARK, _RING, _ANSWER, _WRAPPED = range(5)
"""In which order what happens at the same instant is taken."""


def _changes(
    marks: Sequence[Mark], spans: Sequence[Span], wrapping: timedelta
) -> "list[tuple[datetime, int, Mark | tuple[int, Span, datetime | None]]]":
    told: list[tuple[datetime, int, Mark | tuple[int, Span, datetime | None]]] = [(one.at, _MARK, one) for one in marks]
    for place, span in enumerate(spans):
        told += [(at, step, (place, span, span.wrapped(wrapping))) for at, step in _steps(span, wrapping)]
    return sorted(told, key=lambda each: each[:2])


def _steps(span: Span, wrapping: timedelta) -> Iterator[tuple[datetime, int]]:
    if span.ended_at is not None and span.ended_at <= span.rang_at:
        return
    yield span.rang_at, _RING
    if span.answered_at is not None and (span.ended_at is None or span.answered_at < span.ended_at):
        yield max(span.answered_at, span.rang_at), _ANSWER
    if span.ended_at is not None:
        yield span.ended_at, _END
        until = span.wrapped(wrapping)
        if until is not None:
            yield until, _WRAPPED


class _Now:
    """What an agent is doing, while what happened is taken in order."""

    def __init__(self) -> None:
        self._said: dict[str, Mark] = {}
        self._ringing: dict[int, Span] = {}
        self._talking: dict[int, Span] = {}
        self._wrapping: tuple[datetime, Span] | None = None

    def take(self, step: int, one: "Mark | tuple[int, Span, datetime | None]", at: datetime) -> None:
        """Take what happened at an instant."""
        if isinstance(one, Mark):
            self._said.pop(one.queue, None)  # the latest is the last
            self._said[one.queue] = one
            self._wrapping = None
            return
        place, span, until = one
        if step == _END:
            self._ringing.pop(place, None)
            if self._talking.pop(place, None) is not None and until is not None:
                self._wrapping = until, span
        elif step == _WRAPPED:
            if self._wrapping is not None and self._wrapping[0] <= at:
                self._wrapping = None
        else:
            self._ringing.pop(place, None)
            (self._talking if step == _ANSWER else self._ringing)[place] = span
            self._wrapping = None

    def said(self) -> tuple[str, str, int | None] | None:
        """Return the state, its reason and its call; None where nothing is known."""
        if self._talking:
            return "talking", "", list(self._talking.values())[-1].call_id
        if self._ringing:
            return "ringing", "", list(self._ringing.values())[-1].call_id
        if self._wrapping is not None:
            return "wrapping", "", self._wrapping[1].call_id
        return self._at_rest()

    def _at_rest(self) -> tuple[str, str, int | None] | None:
        for state in ("available", "paused", "offline"):
            for one in self._queues():
                if one.state == state:
                    return state, one.reason, None
        return None

    def _queues(self) -> list[Mark]:
        """Return what holds in each queue, the latest first: what was said of it, or of all later.

        A queue that they left by itself is none of theirs, whatever is said of all later.
        """
        later = list(reversed(self._said.values()))
        place = next((n for n, one in enumerate(later) if not one.queue), None)
        if place is None:
            return later
        everywhere, others = later[place], later[place + 1 :]
        kept = any(one.state != "offline" for one in others)
        return [*later[:place], *([everywhere] if kept or not place else [])]
