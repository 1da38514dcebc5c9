"""The figures of calls for `crm metric`, by the same definitions as the report (`measures`)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Float, Numeric, and_, case, cast, func, or_, type_coerce

from crmcore.api import NOW, Metric, share
from crmcore_callcenter.figures import measures as m
from crmcore_callcenter.figures.instants import epoch
from crmcore_callcenter.figures.occupancy import BUSY, HERE
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import agent, call, callback, presence, queue, wrap_code

_c, _p, _b = call.c, presence.c, callback.c
_NAMED = m.QUEUED.outerjoin(wrap_code, wrap_code.c.id == _c.wrap_code_id)
_CALLS: dict[str, Any] = {
    "source": _NAMED, "at": _c.started_at, "record": _c.id, "entity": call.name,
    "text": _c.from_number.concat(" → ").concat(_c.to_number),
    "dimensions": {
        "customer": _c.customer_id, "contact": _c.contact_id, "user": _c.owner_id, "queue": queue.c.name,
        "direction": _c.direction, "wrap_code": wrap_code.c.name, "state": _c.status, "reason": _c.reason,
    },
}  # fmt: skip


def _tenth(value: Any) -> Any:
    return type_coerce(func.round(cast(value, Numeric), 1), Float)


def call_metrics() -> Iterator[Metric]:
    """Declare them; a call counts when it began."""
    yield Metric(name="callcenter.calls", title=_("Calls"), value=func.count(), **_CALLS)
    yield Metric(
        name="callcenter.answered_in_time", title=_("Inbound calls answered in time"), value=share(m.IN_TIME), unit="%",
        conditions=(m.OFFERED,), **_CALLS,
    )  # fmt: skip
    yield Metric(
        name="callcenter.abandoned", title=_("Calls in which the caller gave up"), value=func.count(),
        conditions=(m.ABANDONED,), **_CALLS,
    )  # fmt: skip
    yield Metric(
        name="callcenter.abandon_rate", title=_("Of inbound calls, those in which the caller gave up"),
        value=share(m.ABANDONED), unit="%", conditions=(m.OFFERED,), **_CALLS,
    )  # fmt: skip
    yield Metric(
        name="callcenter.answer_seconds", title=_("Seconds until an answer"), value=_tenth(func.avg(_c.wait_seconds)),
        unit="s", conditions=(m.TIMED,), **_CALLS,
    )  # fmt: skip
    yield Metric(
        name="callcenter.talk_minutes", title=_("Minutes talked"), value=_tenth(func.sum(_c.talk_seconds) / 60.0),
        unit="min", conditions=(_c.talk_seconds.is_not(None),), **_CALLS,
    )  # fmt: skip
    yield Metric(
        name="callcenter.first_contact", title=_("Of first contacts by telephone, those that resolved it"),
        value=_tenth(func.avg(m.RESOLVED) * 100), unit="%", conditions=(m.FIRST, m.RESOLVED.is_not(None)), **_CALLS,
    )  # fmt: skip


def agent_metrics() -> Iterator[Metric]:
    """Declare them; what an agent was doing counts when it began."""
    seconds = epoch(case((_p.until_at <= NOW, _p.until_at), else_=NOW)) - epoch(_p.from_at)
    there = func.nullif(func.sum(seconds), 0)
    yield Metric(
        name="callcenter.occupancy", title=_("Of the time agents were there, the time they were busy with calls"),
        value=_tenth(100.0 * func.coalesce(func.sum(seconds).filter(_p.state.in_(BUSY)), 0) / there), unit="%",
        source=presence.join(agent, agent.c.id == _p.agent_id), at=_p.from_at,
        conditions=(_p.state.in_(HERE), _p.from_at <= NOW),
        dimensions={"user": agent.c.user_id, "agent": agent.c.name}, record=_p.id, entity=presence.name, text=_p.state,
    )  # fmt: skip


def callback_metrics() -> Iterator[Metric]:
    """Declare them; a callback counts when it was asked for."""
    of: dict[str, Any] = {
        "source": callback.outerjoin(queue, queue.c.id == _b.queue_id), "record": _b.id, "entity": callback.name,
        "text": _b.number, "dimensions": {
            "customer": _b.customer_id, "contact": _b.contact_id, "user": _b.owner_id, "queue": queue.c.name,
            "state": _b.status,
        },
    }  # fmt: skip
    yield Metric(
        name="callcenter.callbacks_open", title=_("Callbacks owed"), value=func.count(),
        conditions=(_b.status == "open",), **of,
    )  # fmt: skip
    yield Metric(
        name="callcenter.callbacks", title=_("Callbacks kept in time"), unit="%", at=_b.asked_at,
        value=share(and_(_b.status == "done", _b.done_at <= _b.due_at)),
        conditions=(or_(_b.status != "open", _b.due_at < NOW),), **of,
    )  # fmt: skip
