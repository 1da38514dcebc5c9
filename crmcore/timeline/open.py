"""The brief's block of what is open."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from crmcore.engine.open_tasks import OPEN_ABOUT
from crmcore.engine.reader import Reader
from crmcore.engine.tables import task, user_account
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _
from crmcore.search.privacy import ME, task_seen
from crmcore.timeline.showing import shown_due

_TASKS = 50


def _name(column: Any, name: Any, label: str) -> Any:
    return select(name).where(name.table.c.id == column).scalar_subquery().label(label)


def _tasks(about: ColumnElement[bool]) -> Select[Any]:
    t = task.c
    return (
        select(
            t.id, t.subject, t.due, t.contact_id, t.customer_id, t.interaction_id,
            _name(t.owner_id, user_account.c.login, "owner"),
        )
        .where(t.kind == "task", about, task_seen(ME))
        .order_by(t.due.is_(None), t.due, t.id)
        .limit(_TASKS)
    )  # fmt: skip


_OPEN = {entity: _tasks(about) for entity, about in OPEN_ABOUT.items()}


def open_tasks(subject: Subject, now: datetime, reader: Reader) -> Iterator[Block]:
    """Show open tasks, the earliest due first: one statement. Promises are in the ledger's own block."""
    values: dict[str, object] = {"id": subject.id, "me": reader.actor.user_id}
    if subject.entity == "customer":
        values["people"] = list(subject.contact_ids)
    rows = reader.rows(_OPEN[subject.entity], values)
    if rows:
        yield Block(
            title=_("Open tasks"),
            weight=30,
            headings=(_("due"), _("who"), _("what"), _("id")),
            rows=tuple((shown_due(r.due, now.date()), r.owner or "", r.subject, str(r.id)) for r in rows),
            data=[dict(row._mapping) for row in rows],
        )
