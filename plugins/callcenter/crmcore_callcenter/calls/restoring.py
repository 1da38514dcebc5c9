"""Taking an import back: what it told of calls is forgotten, those it joined are parted, legs are as before."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, select

from crmcore.api import ApplyTransaction, Change
from crmcore_callcenter.agents import presence
from crmcore_callcenter.agents.finding import Ours
from crmcore_callcenter.calls.kept import event_of
from crmcore_callcenter.calls.parting import part
from crmcore_callcenter.calls.together import facts_of
from crmcore_callcenter.calls.whom import sides
from crmcore_callcenter.calls.writing import kept_legs, legs_of, write_legs
from crmcore_callcenter.protocol.events import CallEvent
from crmcore_callcenter.tables import call, call_key, heard

_UNDOING = "undo import "


def restore(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Forget what an import that is taken back told of calls; their own fields the core restores."""
    ids = {change.id for change in changes if change.entity == call.name and change.action != "removed"}
    if not ids or not tx.cause.startswith(_UNDOING):
        return
    batch_id = int(tx.cause.removeprefix(_UNDOING))
    back = [change.id for change in changes if change.entity == call.name and change.action == "created"]
    ids |= part(tx, batch_id, back) if back else set()
    for table in (heard, call_key):
        tx.execute(delete(table).where(table.c.call_id.in_(ids), table.c.batch_id == batch_id))
    h = heard.c
    told: dict[int, list[CallEvent]] = defaultdict(list)
    wanted = select(h.call_id, h.source, h.kind, h.at, h.data).where(h.call_id.in_(ids)).order_by(h.id)
    for row in tx.rows(wanted):
        if row.data:
            told[row.call_id].append(event_of(row.source, row.kind, row.at, row.data))
    ours = Ours(tx)
    facts = {key: facts_of(events) for key, events in told.items()}
    kept = kept_legs(tx, list(facts))
    write_legs(tx, {key: legs_of(one, sides(one, ours)) for key, one in facts.items()}, kept)
    presence.follow(tx, sorted(ids), ours)
