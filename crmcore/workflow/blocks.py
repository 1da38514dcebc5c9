"""The processes' part of the brief and of timelines: what is under way with a party, and each step it took."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, select, true, union_all

from crmcore.engine.tables import journal, process_item, user_account
from crmcore.engine.types import Id, Instant
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Block, Entry, Subject
from crmcore.i18n import _

_MOST = 50
_KEY: BindParameter[int] = bindparam("id", type_=Id)
_BEFORE: BindParameter[datetime] = bindparam("before", type_=Instant)
_OWNER = select(user_account.c.login).where(user_account.c.id == process_item.c.owner_id).scalar_subquery()


def _either(*about: ColumnElement[bool]) -> ColumnElement[bool]:
    # One select for each link: with OR, a database would read every item of the workspace.
    found: list[Any] = [select(process_item.c.id).where(one) for one in about]
    return process_item.c.id.in_(union_all(*found)) if len(found) > 1 else about[0]


_ABOUT = {
    "contact": _either(process_item.c.contact_id == _KEY),
    "customer": _either(
        process_item.c.customer_id == _KEY,
        process_item.c.contact_id.in_(bindparam("people", expanding=True)) & process_item.c.customer_id.is_(None),
    ),
}


def _open(about: ColumnElement[bool]) -> Select[Any]:
    c = process_item.c
    return (
        select(c.id, c.process, c.title, c.state, c.entered_at, c.customer_id, c.contact_id, _OWNER.label("owner"))
        .where(about, c.closed_at.is_(None))
        .order_by(c.entered_at.desc(), c.id.desc())
        .limit(_MOST)
    )


def _steps(about: ColumnElement[bool], until: ColumnElement[bool]) -> Select[Any]:
    c = process_item.c
    return (
        select(journal.c.at, journal.c.actor, journal.c.data, c.id, c.process, c.title)
        .join_from(process_item, journal, journal.c.subject_id == c.id)
        .where(about, until, journal.c.type == "process.moved")
        .order_by(journal.c.at.desc(), journal.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


_UNDER_WAY = {entity: _open(about) for entity, about in _ABOUT.items()}
_LAST = {entity: _steps(about, true()) for entity, about in _ABOUT.items()}
_UNTIL = {entity: _steps(about, journal.c.at <= _BEFORE) for entity, about in _ABOUT.items()}


def _values(subject: Subject) -> dict[str, object]:
    values: dict[str, object] = {"id": subject.id}
    if subject.entity == "customer":
        values["people"] = list(subject.contact_ids)
    return values


@impl
def crm_brief(subject: Subject, now: datetime, reader: Any) -> Iterable[Block]:
    """Show what is under way, the newest step first: one statement, where there are processes."""
    if not reader.definitions.under_way:
        return
    rows = reader.rows(_UNDER_WAY[subject.entity], _values(subject))
    if rows:
        yield Block(
            title=_("Under way"),
            weight=25,
            headings=(_("process"), _("what"), _("state"), _("since"), _("who"), _("id")),
            rows=tuple((r.process, r.title, r.state, _day(r.entered_at, now), r.owner or "", str(r.id)) for r in rows),
            data=[dict(row._mapping) for row in rows],
        )


def _day(at: datetime, now: datetime) -> str:
    return at.astimezone(now.tzinfo).date().isoformat()


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: Any) -> Iterable[Entry]:
    """Contribute each step of the party's items: one statement, where there are processes."""
    if not reader.definitions.under_way:
        return
    if before is None:
        rows = reader.rows(_LAST[subject.entity], {**_values(subject), "most": limit})
    else:
        rows = reader.rows(_UNTIL[subject.entity], {**_values(subject), "most": limit, "before": before})
    for row in rows:
        step = f"{row.data['from']} → {row.data['to']}" if row.data["from"] else f"→ {row.data['to']}"
        yield Entry(
            at=row.at,
            kind=row.process,
            who=row.actor,
            text=f"{row.title}: {step}",
            entity="process_item",
            id=row.id,
            data={"process": row.process, "title": row.title, "from": row.data["from"], "to": row.data["to"]},
        )
