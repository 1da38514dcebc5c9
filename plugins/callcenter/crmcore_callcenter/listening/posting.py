"""Events that a telephone system, or a script, posts: understood one by one, taken once, counted."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import insert, select, update

from crmcore.api import Transaction
from crmcore_callcenter.agents.presence import note
from crmcore_callcenter.calls.kept import key_of
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.keeping import heards
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent
from crmcore_callcenter.protocol.posting import SOURCE, Refusal, read
from crmcore_callcenter.tables import call_key, hearing
from crmcore_callcenter.tables import heard as kept


@frozen(kw_only=True)
class Posted:
    """What came of events that were posted: `taken`, `known` already, and those `refused`, with why."""

    taken: int
    known: int
    refused: tuple[Refusal, ...]
    calls: tuple[int, ...]


def post(tx: Transaction, body: bytes, *, system: str, line_id: int | None = None) -> Posted:
    """Take what was posted; events that are not right are left out, each whole, and the others taken.

    Raises `InvalidInput` for what is no JSON in UTF-8, empty, or too much at once.
    """
    tx.begin()  # of two who post the same, the second finds what the first told
    found = read(body, system=system, now=tx.now)
    calls = {key_of(one)[1]: one for one in reversed(found) if isinstance(one, CallEvent)}
    before = _known(tx, calls)
    fresh = [one for key, one in reversed(calls.items()) if key not in before]
    done = take(tx, heards(fresh))
    noted = note(tx, agents := [one for one in found if isinstance(one, AgentEvent)])
    strange = [one for one in agents if one.agent in noted.unknown]
    refused = [one for one in found if isinstance(one, Refusal)] + [_nobody(one) for one in strange]
    taken = len(fresh) + noted.new
    if line_id is not None:
        _note(tx, line_id, taken)
    return Posted(
        taken=taken, known=len(found) - len(refused) - taken, calls=(*done.created, *done.changed, *done.unchanged),
        refused=tuple(sorted(refused, key=lambda one: one.line)),
    )  # fmt: skip


def _nobody(one: AgentEvent) -> Refusal:
    return Refusal(line=one.line, reasons=(_("agent: nobody is known as “{name}”.").format(name=one.agent),))


def _known(tx: Transaction, events: Mapping[str, CallEvent]) -> set[str]:
    """Return the keys of those of the events that were told before: one statement."""
    if not events:
        return set()
    k, values = call_key.c, {one.call for one in events.values()}
    statement = (
        select(kept.c.key)
        .join(call_key, k.call_id == kept.c.call_id)
        .where(k.value.in_(values), kept.c.source == SOURCE, kept.c.key.in_(list(events)))
    )
    return {row.key for row in tx.rows(statement)}


def _note(tx: Transaction, line_id: int, count: int) -> None:
    """Note by which line something was posted, and when."""
    h, now = hearing.c, datetime.now(UTC)
    row = tx.first(select(h.id, h.events).where(h.line_id == line_id))
    if row is not None:
        tx.execute(update(hearing).where(h.id == row.id).values(heard_at=tx.now, events=h.events + count, at=now))
        return
    empty = {"state": "", "said": "", "holder": "", "cuts": 0, "p50_ms": 0, "p95_ms": 0, "most_ms": 0}
    tx.execute(
        insert(hearing).values(
            id=tx.new_id(), line_id=line_id, at=now, since=tx.now, heard_at=tx.now, events=count, **empty
        )
    )


def told(done: Posted) -> dict[str, Any]:
    """Return what came of it as JSON has it."""
    return {"taken": done.taken, "known": done.known, "refused": [_refusal(one) for one in done.refused]}


def _refusal(one: Refusal) -> dict[str, Any]:
    return {"line": one.line, "reasons": list(one.reasons)}


def sentences(refused: Iterable[Refusal], name: str) -> list[str]:
    """Return what is wrong with each event, with the place where it stands."""
    return [f"{name}:{one.line}: {' '.join(one.reasons)}" for one in refused]
