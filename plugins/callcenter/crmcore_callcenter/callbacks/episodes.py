"""Callbacks as calls go on: each begins when somebody gives up, and ends when somebody reaches somebody. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen

from crmcore_callcenter.model.agent import Callback

REACHED_US = "they called again and were answered"
WE_REACHED = "we called and they answered"
NOT_GIVEN_UP = "they did not give up after all"
"""Why callbacks end by themselves; shown in the reader's language."""


@frozen(kw_only=True)
class Past:
    """An ended call with somebody outside: `at` is when it was answered, or else its end; `row` has its columns."""

    id: int
    at: datetime
    ended_at: datetime
    row: Any

    @property
    def gave_up(self) -> bool:
        """Whether they called, and gave up before anybody answered."""
        return bool(self.row.direction == "in" and self.row.abandoned and not self.row.answered)

    @property
    def missed(self) -> bool:
        """Whether we called, and nobody answered."""
        return bool(self.row.direction == "out" and not self.row.answered)


def go_on(
    held: list[Callback],
    past: Sequence[Past],
    *,
    since: datetime,
    opening: Callable[[Past], Callback | None],
    retry: timedelta,
) -> None:
    """Bring the callbacks of one number up to date with its calls, in their order; new ones are put into `held`.

    All its callbacks that were owed at `since` or later are held; earlier calls open nothing. `opening` gives the
    callback that a call opens by itself, or None. Who was not reached is tried again after `retry`.
    """
    for one in past:
        if one.gave_up:
            _begin(held, one, past, since, opening)
        elif one.row.answered:
            for each in held:
                if _ends(each, one):
                    _end(each, REACHED_US if one.row.direction == "in" else WE_REACHED, one.at, one.id)
    for each in held:
        _count(each, past, retry)


def _begin(
    held: list[Callback],
    one: Past,
    past: Sequence[Past],
    since: datetime,
    opening: Callable[[Past], Callback | None],
) -> None:
    """Find the callback to which a call belongs; where there is none, open one."""
    same = [each for each in held if each.queue_id == one.row.queue_id]
    if one.ended_at < since or any(_belongs(one, each) for each in same):
        return
    opened = opening(one)
    if opened is None:
        return
    for each in same:  # one that begins later, and nobody reached anybody meanwhile: it began with this call
        if one.ended_at < each.asked_at and not any(
            other.row.answered and one.ended_at <= other.at <= each.asked_at for other in past
        ):
            each.asked_at, each.due_at, each.call_id = opened.asked_at, min(each.due_at, opened.due_at), one.id
            return
    held.append(opened)


def _ends(each: Callback, one: Past) -> bool:
    """Return whether a call in which somebody was reached ends a callback, earlier than what is known to do so."""
    if each.status != "open" and (each.done_call_id is None or each.done_at is None or each.done_at <= one.at):
        return False
    return each.asked_at <= one.at or (each.call_id == one.id and each.attempts > 0)


def _belongs(one: Past, each: Callback) -> bool:
    """Return whether a callback began with a call, or was owed when it ended; sources differ in the second."""
    ended = one.ended_at
    return one.id == each.call_id or (each.asked_at <= ended and (each.done_at is None or ended <= each.done_at))


def _end(each: Callback, why: str, at: datetime, call_id: int | None) -> None:
    each.status, each.why, each.done_at, each.done_call_id = "done", why, at, call_id


def _count(each: Callback, past: Sequence[Past], retry: timedelta) -> None:
    """Count how often they gave up, and how often we did not reach them, while the callback is owed."""
    during = [one for one in past if _belongs(one, each)]
    gave_up = [one for one in during if one.gave_up and one.row.queue_id == each.queue_id]
    missed = [one.ended_at for one in during if one.missed and one.id != each.call_id]
    if gave_up:
        each.attempts = len(gave_up)
    elif each.attempts and each.status == "open":
        _end(each, NOT_GIVEN_UP, each.asked_at, None)
    if len(missed) > each.tries:
        each.tries, each.next_at = len(missed), max(missed) + retry
    if each.contact_id is None and each.customer_id is None:
        known = next((one.row for one in during if one.row.contact_id or one.row.customer_id), None)
        if known is not None:
            each.contact_id, each.customer_id = known.contact_id, known.customer_id
