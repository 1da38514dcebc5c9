"""Calls of somebody who asked to be erased while they went on: how they go on is told, with whom is not."""

from collections.abc import Sequence

from sqlalchemy import func, select

from crmcore.api import Interaction
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.calls.ordering import in_order
from crmcore_callcenter.calls.seconds import whole
from crmcore_callcenter.calls.speaking import status_of
from crmcore_callcenter.calls.touched import Touched
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.protocol.events import CallEvent
from crmcore_callcenter.tables import leg

_STANDS = {"answer": "talking", "hold": "held", "resume": "talking", "hangup": "ended"}
"""By kind of event: how a call stands after it."""
_GAVE_UP = frozenset({"cancelled", "completed"})


def go_on(tx: AnyTransaction, erased: Sequence[Touched]) -> None:
    """Let calls that were not over when somebody was erased go on and end by what is heard now. Few statements each.

    What a call was before is no more to be found in what was heard of it: it is what its record says.
    """
    for one in erased:
        if one.call.status != "ended":
            for event in in_order(one.fresh):
                _follow(tx, one.call, event)


def _follow(tx: AnyTransaction, call: Call, event: CallEvent) -> None:
    at = max(event.at or tx.now, call.started_at)
    if call.status == "ended" or event.kind not in _STANDS:
        return
    call.status = _STANDS[event.kind]
    if event.kind == "answer" and not call.answered:
        call.answered, call.answered_at = True, at
    if call.status == "ended":
        call.ended_at, call.reason = at, event.reason
        call.seconds, call.talk_seconds = whole(call.started_at, at), whole(call.answered_at, at)
        call.talk_seconds = call.talk_seconds or 0
        call.abandoned = call.direction == "in" and not call.answered and call.reason in _GAVE_UP and _waited(tx, call)
    if call.interaction_id is not None:
        record = tx.get(Interaction, call.interaction_id)
        record.status, record.seconds = status_of(call), call.talk_seconds


def _waited(tx: AnyTransaction, call: Call) -> bool:
    legs = select(func.count()).select_from(leg).where(leg.c.call_id == call.id)
    return call.queued_at is not None or bool(tx.value(legs))
