"""What is measured of calls, as SQL: every figure of the call centre says the same of a call, wherever it is shown.

A call is **offered** when it came in and is decided: answered, or over. Who gave up within a few seconds
(`callcenter.short_seconds`, 5) mostly dialled wrong and could not have been answered: such short abandons are counted
apart, in no rate. The **answer time** is what a caller waited until somebody of ours talked: from entering the queue,
else from the first ring (Asterisk's queues say holdtime). A call is answered **in time** within the seconds of its
queue, else `callcenter.answer_seconds`; the share is of all calls offered, so whom we lost counts against it. The
**abandon rate** is the share of calls offered in which the caller gave up. (Of the formulas in use for both, see
callcentrehelper.com, “Service Level Threshold Calculations”, these are the third with short calls left out.)

**First-contact resolution** is asked of answered inbound calls with which somebody got in touch: they had not called
within `callcenter.again_days` (7) before. What the agent says decides, by a wrap-up code that means “resolved” or
“callback”; else it is resolved when they do not call again within as many days, and not when they do. Until those
days are over it is not known, and the call is not counted; nor is one whose number was withheld. Somebody is the
contact, or where none is known the number. (“Agent logging” and “no repeat calls”, the two internal ways of measuring
it that Wikipedia's “First call resolution” names; the 7 days are those of callcentrehelper.com's definition.)
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, case, cast, func, or_, select

from crmcore.api import NOW, tables
from crmcore_callcenter.figures.instants import days_after
from crmcore_callcenter.model.defaults import DEFAULTS
from crmcore_callcenter.tables import call, queue, wrap_code

_c, _w = call.c, wrap_code.c
ENDED = "ended"


def setting(name: str) -> ColumnElement[int]:
    """Return a setting as part of a statement: figures are declared before any workspace is open."""
    s = tables.setting.c
    held = select(func.max(cast(cast(s.value, Text), Integer))).where(s.name == f"callcenter.{name}")
    return func.coalesce(held.scalar_subquery(), DEFAULTS[name])


INBOUND, OUTBOUND, INTERNAL = (_c.direction == each for each in ("in", "out", "internal"))
ANSWERED = and_(INBOUND, _c.answered)
REACHED = and_(OUTBOUND, _c.answered)
SHORT = and_(INBOUND, _c.abandoned, func.coalesce(_c.wait_seconds < setting("short_seconds"), False))
ABANDONED = and_(INBOUND, _c.abandoned, func.coalesce(_c.wait_seconds >= setting("short_seconds"), True))
OFFERED = and_(
    INBOUND,
    or_(_c.answered, _c.status == ENDED),
    or_(~_c.abandoned, func.coalesce(_c.wait_seconds >= setting("short_seconds"), True)),
)
"""Inbound calls that were answered or are over, without short abandons."""
TIMED = and_(ANSWERED, _c.wait_seconds.is_not(None))
"""Answered calls of which it is known how long they waited."""
IN_TIME = and_(TIMED, _c.wait_seconds <= func.coalesce(queue.c.answer_seconds, setting("answer_seconds")))
"""Needs `QUEUED`."""
QUEUED = call.outerjoin(queue, queue.c.id == _c.queue_id)
SUMMED_UP = call.outerjoin(wrap_code, _w.id == _c.wrap_code_id)

_again, _before = call.alias("again"), call.alias("before")
_DAYS = setting("again_days")


def _called(other: Any, *within: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether the same person called in a stretch of time, in another call: asked of an index, call by call."""
    o = other.c
    number = and_(o.contact_id.is_(None), o.from_normal == _c.from_normal)
    return or_(
        select(o.id).where(o.contact_id == _c.contact_id, o.direction == "in", *within).exists(),
        and_(_c.contact_id.is_(None), select(o.id).where(number, o.direction == "in", *within).exists()),
    )


_CALLED_BEFORE = _called(
    _before, _before.c.started_at >= days_after(_c.started_at, -_DAYS), _before.c.started_at < _c.started_at
)
_CALLS_AGAIN = _called(
    _again, _again.c.started_at > _c.started_at, _again.c.started_at <= days_after(_c.started_at, _DAYS)
)
KNOWN = or_(_c.contact_id.is_not(None), _c.from_normal != "")
FIRST = and_(ANSWERED, KNOWN, ~_CALLED_BEFORE)
"""A first contact: answered, of somebody who had not called in the days before."""
RESOLVED = case(
    (_w.means == "resolved", 1),
    (_w.means == "callback", 0),
    (_CALLS_AGAIN, 0),
    (days_after(_c.started_at, _DAYS) <= NOW, 1),
)
"""1 for a first contact that resolved it, 0 for one that did not, NULL while that is not known. Needs `SUMMED_UP`."""
