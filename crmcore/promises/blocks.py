"""The ledger's part of the brief: open promises, and those that contradict each other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crmcore.engine.open_tasks import OPEN_ABOUT
from crmcore.engine.tables import task
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _
from crmcore.promises.facts import flagged, promises, read
from crmcore.search.privacy import ME, task_seen

_MOST = 50
_OPEN = {
    entity: promises().where(about, task_seen(ME)).order_by(task.c.due.is_(None), task.c.due, task.c.id).limit(_MOST)
    for entity, about in OPEN_ABOUT.items()
}


@impl
def crm_brief(subject: Subject, now: datetime, reader: Any) -> Iterable[Block]:
    """Show open promises to and by the party, the overdue ones marked, and contradictions with the reason."""
    values: dict[str, object] = {"id": subject.id, "me": reader.actor.user_id}
    if subject.entity == "customer":
        values["people"] = list(subject.contact_ids)
    found = [read(row) for row in reader.rows(_OPEN[subject.entity], values)]
    if not found:
        return
    found = flagged(found, found)
    today = now.date()
    yield Block(
        title=_("Promises"),
        weight=20,
        headings=(_("due"), _("who"), _("to"), _("what")),
        rows=tuple(
            (
                (one.due.isoformat() if one.due else "") + (" !" if one.due and one.due < today else ""),
                one.who,
                one.to,
                ("⚠ " if one.conflicts else "") + one.what,
            )
            for one in found
        ),
        data=found,
    )
    reasons = tuple(dict.fromkeys(reason for one in found for reason in one.conflicts))
    if reasons:
        yield Block(
            title=_("Contradictions"),
            weight=21,
            rows=tuple(("⚠", reason) for reason in reasons),
            data=list(reasons),
        )
