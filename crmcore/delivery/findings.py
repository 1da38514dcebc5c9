"""What an administrator should know of deliveries: set aside, or cut off; written with them, for `crm doctor`."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, update

from crmcore.delivery.consumers import HOOK, Consumer
from crmcore.delivery.states import CUT, PARKED
from crmcore.engine.tables import finding
from crmcore.engine.transaction import Transaction
from crmcore.i18n import _
from crmcore.plugins.findings import ERROR, LOOP


def note_aside(tx: Transaction, consumer: Consumer, aside: Sequence[Mapping[str, Any]]) -> None:
    """Note what of these deliveries is set aside or cut off, in their transaction."""
    for state, kind, said in (
        (PARKED, PARKED, _("delivery {name} is set aside: {error}; `crm delivery retry {name}`, or `drop`")),
        (CUT, LOOP, _("delivery {name}: {error}")),
    ):
        those = [one for one in aside if one["state"] == state]
        if those:
            name = f"{consumer.name}:{those[0]['event_id']}"
            message = said.format(name=name, error=those[0]["error"])
            note(tx, consumer.plugin, HOOK, kind, message, times=len(those))


def note(tx: Transaction, plugin: str, hook: str, kind: str, message: str, *, times: int = 1) -> None:
    """Note a finding, or count one more of its kind."""
    c = finding.c
    said = {"message": message[:2000], "at": tx.now}
    here = (c.plugin == plugin, c.hook == hook, c.kind == kind)
    again = tx.connection.execute(update(finding).where(*here).values(count=c.count + times, **said))
    if not again.rowcount:
        fresh = {"plugin": plugin, "hook": hook, "kind": kind, "severity": ERROR, "count": times, "since": tx.now}
        tx.connection.execute(insert(finding).values(**fresh, **said))
