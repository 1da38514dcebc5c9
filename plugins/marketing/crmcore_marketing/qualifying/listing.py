"""Qualifications as lists and programs see them, and whom to ask again on which day."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Row, Select, literal, select, tuple_

from crmcore.api import NotFound, Reader, logins, names, tables
from crmcore_marketing.campaigns.finding import campaign_titles
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import member, qualification

_TOLD = (
    "id", "member_id", "at", "need", "product", "quantity", "need_by", "budget", "currency", "result", "again_on",
    "task_id", "note", "source",
)  # fmt: skip


@frozen(kw_only=True)
class Named:
    """A record and what it is called."""

    id: int
    name: str


@frozen(kw_only=True)
class Became:
    """What somebody who needs something now became where that was handed over, such as a lead of sales."""

    entity: str
    id: int


@frozen(kw_only=True)
class QualificationView:
    """A qualification as listed; `became` is empty while nobody took it over."""

    id: int
    contact: Named | None
    customer: Named | None
    campaign: Named | None
    member_id: int | None
    agent: str
    at: datetime
    need: str
    product: str
    quantity: Decimal | None
    need_by: date | None
    budget: Decimal | None
    currency: str
    result: str
    again_on: date | None
    task_id: int | None
    became: Sequence[Became]
    note: str
    source: str


@frozen(kw_only=True)
class Wanted:
    """Which qualifications are asked for; what is empty does not matter. `until`: to be asked again by that day."""

    result: str = ""
    campaign_id: int | None = None
    contact_id: int | None = None
    agent_id: int | None = None
    until: date | None = None


def page(reader: Reader, wanted: Wanted, *, limit: int, after: int | None = None) -> list[QualificationView]:
    """Return qualifications, the latest first, from the one that follows `after`: seven statements."""
    c = qualification.c
    statement = _narrowed(select(qualification), wanted).order_by(c.at.desc(), c.id.desc())
    if after is not None:
        statement = statement.where(tuple_(c.at, c.id) < tuple_(_value(reader, c.at, after), literal(after)))
    return views(reader, statement.limit(limit))


def recontacts(reader: Reader, wanted: Wanted, *, limit: int, after: int | None = None) -> list[QualificationView]:
    """Return whom to ask again, the first day first: those whose task to do so is open."""
    c, task = qualification.c, tables.task.c
    statement = _narrowed(select(qualification), wanted).join(tables.task, task.id == c.task_id)
    statement = statement.where(task.status == "open", c.again_on.is_not(None)).order_by(c.again_on, c.id)
    if after is not None:
        last = _value(reader, c.again_on, after)
        statement = statement.where(tuple_(c.again_on, c.id) > tuple_(last, literal(after)))
    return views(reader, statement.limit(limit))


def one(reader: Reader, key: int) -> QualificationView:
    """Return a qualification; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(qualification).where(qualification.c.id == key))
    if not found:
        raise NotFound(_("There is no qualification {id}.").format(id=key))
    return found[0]


def _value(reader: Reader, column: Any, key: int) -> Any:
    last = reader.value(select(column).where(qualification.c.id == key))
    if last is None:
        raise NotFound(_("There is no qualification {id}.").format(id=key))
    return literal(last, column.type)


def _narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    c = qualification.c
    for column, value in (
        (c.result, wanted.result), (c.campaign_id, wanted.campaign_id), (c.contact_id, wanted.contact_id),
        (c.agent_id, wanted.agent_id),
    ):  # fmt: skip
        if value:
            statement = statement.where(column == value)
    return statement if wanted.until is None else statement.where(c.again_on <= wanted.until)


def views(reader: Reader, statement: Select[Any]) -> list[QualificationView]:
    """Return the qualifications that a statement selects whole, in its order: six statements for any number."""
    rows = reader.rows(statement)
    if not rows:
        return []
    contacts = names(reader, tables.contact, (row.contact_id for row in rows))
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    users = logins(reader, (row.agent_id for row in rows))
    titles = campaign_titles(reader, (row.campaign_id for row in rows))
    became = _became(reader, rows)
    return [
        QualificationView(
            **{name: getattr(row, name) for name in _TOLD},
            contact=_named(contacts, row.contact_id),
            customer=_named(customers, row.customer_id),
            campaign=_named(titles, row.campaign_id),
            agent=users.get(row.agent_id, ""),
            became=became.get((member.name, row.member_id), became.get((qualification.name, row.id), ()))
            if row.result == "now"
            else (),
        )
        for row in rows
    ]


def _became(reader: Reader, rows: Sequence[Row[Any]]) -> dict[tuple[str, int], tuple[Became, ...]]:
    link = tables.link.c
    found: dict[tuple[str, int], tuple[Became, ...]] = {}
    wanted = {
        member.name: [row.member_id for row in rows if row.member_id is not None],
        qualification.name: [row.id for row in rows],
    }
    for entity, ids in wanted.items():
        statement = select(link.from_id, link.to_entity, link.to_id).where(
            link.from_entity == entity, link.from_id.in_(ids)
        )
        for each in reader.rows(statement.order_by(link.id)) if ids else ():
            key = (entity, each.from_id)
            found[key] = (*found.get(key, ()), Became(entity=each.to_entity, id=each.to_id))
    return found


def _named(known: Any, key: int | None) -> Named | None:
    return Named(id=key, name=known[key]) if key is not None and key in known else None
