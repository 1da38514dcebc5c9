"""The ledger's part of the brief: open promises, and those that contradict each other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_

from crmcore.engine.tables import task
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _
from crmcore.promises.facts import flagged
from crmcore.promises.ledger import standing

_MOST = 50


@impl
def crm_brief(subject: Subject, now: datetime, reader: Any) -> Iterable[Block]:
    """Show open promises to and by the party, the overdue ones marked, and contradictions with the reason."""
    c = task.c
    if subject.entity == "customer":
        about = or_(c.customer_id == subject.id, c.customer_id.is_(None) & c.contact_id.in_(subject.contact_ids))
    else:
        about = c.contact_id == subject.id
    found = standing(reader, about, _MOST)
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
