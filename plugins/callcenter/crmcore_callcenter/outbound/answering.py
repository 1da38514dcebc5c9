"""Answers of people on calling lists: kept by the list's script, for what the list is about; then they are done."""

from collections.abc import Sequence
from typing import Any

from attrs import evolve
from sqlalchemy import select

from crmcore.api import Transaction
from crmcore_callcenter.model.outbound import CallScript, ListEntry
from crmcore_callcenter.outbound.taking import CALLING, DONE
from crmcore_callcenter.scripts.keeping import Done, Said, keep
from crmcore_callcenter.tables import calling_list, entry

_REACHED = "reached"


def answer(tx: Transaction, script: CallScript, given: Sequence[Said], list_id: int | None = None) -> list[Done]:
    """Keep what contacts answered to a script, as `keep` does; who is on a list by that script is done on it.

    Two statements more, however many there are. With `list_id` no other list is looked at.
    """
    on = _entries(tx, script.id, [one.contact_id for one in given], list_id)
    placed = [_placed(one, on.get(one.contact_id), list_id) for one in given]
    done = keep(tx, script, placed)
    ended = {one.said.contact_id: one for one in done if one.said.finished and not one.problem}
    ids = [on[key].id for key in ended if key in on]
    for record in tx.load(ListEntry, entry.c.id.in_(ids)) if ids else ():
        _end(tx, record, ended[record.contact_id or 0])
    return done


def _placed(one: Said, on: Any, list_id: int | None) -> Said:
    if on is None:
        return evolve(one, list_id=one.list_id or list_id)
    return evolve(one, list_id=on.list_id, about=one.about or on.about, call_id=one.call_id or on.call_id)


def _entries(tx: Transaction, script_id: int, contact_ids: Sequence[int], list_id: int | None) -> dict[int, Any]:
    """Return the entry of each contact on a list by this script: who is being called counts, then the newest."""
    e, c = entry.c, calling_list.c
    wanted = (
        select(e.id, e.contact_id, e.list_id, e.call_id, c.about)
        .join_from(entry, calling_list, c.id == e.list_id)
        .where(e.contact_id.in_(contact_ids))
        .order_by(e.status == CALLING, e.id)
    )
    if list_id is not None:
        wanted = wanted.where(c.id == list_id)
    else:
        wanted = wanted.where(c.script_id == script_id, c.status != "closed", e.status != DONE)
    return {row.contact_id: row for row in tx.rows(wanted)}


def _end(tx: Transaction, record: ListEntry, one: Done) -> None:
    if record.status != DONE:
        record.attempts += 1 if record.status == CALLING or not record.attempts else 0
    record.status, record.result, record.why, record.next_at = DONE, one.result or _REACHED, "", None
    record.owner_id = one.said.user_id or tx.actor.user_id or record.owner_id
    record.call_id = one.said.call_id or record.call_id
