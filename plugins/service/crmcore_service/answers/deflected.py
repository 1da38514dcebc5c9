"""What was answered without an engineer: how many questions, how many hours, and each case of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select

from crmcore.api import NotFound, PluginReader, Reader, here, names, tables
from crmcore_service.answers.offering import CONFIRMED, OFFERED, REFUSED, TICKET
from crmcore_service.answers.periods import period
from crmcore_service.i18n import _
from crmcore_service.tables import category, deflection, ticket

BY = ("category", "channel", "answer")
STATES = (OFFERED, CONFIRMED, REFUSED, TICKET)
_ROWS = 500


@frozen(kw_only=True)
class Saved:
    """What came of questions; `hours` are those of the confirmed ones, of which `unknown` are reckoned with none.

    `unanswered` were offered no answer.
    """

    name: str
    asked: int
    confirmed: int
    refused: int
    tickets: int
    undecided: int
    unanswered: int
    minutes: int
    unknown: int

    @property
    def share(self) -> float | None:
        """Return the share of all questions that was answered, 0 to 1."""
        return self.confirmed / self.asked if self.asked else None

    @property
    def hours(self) -> float:
        """Return what engineers did not have to work."""
        return self.minutes / 60


@frozen(kw_only=True)
class Case:
    """A question, and what came of it: a case of the report."""

    id: int
    number: str
    asked_at: datetime
    channel: str
    contact_id: int | None
    contact: str
    customer: str
    question: str
    status: str
    answer_entity: str
    answer_id: int | None
    answer: str
    confirmed_at: datetime | None
    confirmed_by: str
    minutes: int | None
    basis: str
    category: str
    ticket: str
    offered: Sequence[dict[str, Any]]


def saved(
    reader: Reader | PluginReader, *, since: date | None = None, until: date | None = None, by: str = ""
) -> tuple[Saved, list[Saved]]:
    """Return what came of the questions asked in a period, as a whole and by category, channel or answer.

    Days are those of the workspace's zone. Three statements.
    """
    within = _within(reader, since, until)
    (whole,) = (Saved(**row._mapping) for row in reader.rows(_counts(literal(""), within, grouped=False)))
    if not by:
        return whole, []
    keys: dict[str, ColumnElement[Any]] = {
        "category": func.coalesce(category.c.name, ""), "channel": deflection.c.channel,
        "answer": _answer(),
    }  # fmt: skip
    return whole, [Saved(**row._mapping) for row in reader.rows(_counts(keys[by], within, grouped=True))]


def cases(
    reader: Reader | PluginReader,
    *,
    limit: int,
    after: int | None = None,
    since: date | None = None,
    until: date | None = None,
    status: str = "",
    category_id: int | None = None,
    answer: tuple[str, int] | None = None,
    key: int | None = None,
) -> list[Case]:
    """Return the questions asked in a period, the latest first: four statements."""
    d = deflection.c
    wanted: Select[Any] = (
        select(
            d.id, d.asked_at, d.channel, d.contact_id, d.customer_id, d.question, d.status, d.answer_kind, d.answer_id,
            _answer().label("answer"), d.confirmed_at, d.confirmed_by_id, d.minutes, d.basis, d.ticket_id, d.offered,
            func.coalesce(category.c.name, "").label("category"),
            func.coalesce(tables.contact.c.name, "").label("contact"),
        )
        .join(category, category.c.id == d.category_id, isouter=True)
        .join(tables.contact, tables.contact.c.id == d.contact_id, isouter=True)
        .join(ticket, _of_ticket(), isouter=True)
        .where(*_within(reader, since, until))
        .order_by(d.id.desc())
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        wanted = wanted.where(d.id < after)
    if status:
        wanted = wanted.where(d.status == status)
    if category_id is not None:
        wanted = wanted.where(d.category_id == category_id)
    if answer is not None:
        wanted = wanted.where(d.answer_kind == answer[0], d.answer_id == answer[1])
    if key is not None:
        wanted = wanted.where(d.id == key)
    rows = reader.rows(wanted)
    users = names(reader, tables.user_account, [row.confirmed_by_id for row in rows])
    firms = names(reader, tables.customer, [row.customer_id for row in rows])
    offered = {each["id"] for row in rows for each in row.offered if each["entity"] == ticket.name}
    titles = reader.rows(select(ticket.c.id, ticket.c.subject).where(ticket.c.id.in_(offered))) if offered else ()
    return [_case(row, users, firms, {each.id: each.subject for each in titles}) for row in rows]


def case_numbered(reader: Reader, text: str) -> int:
    """Return the id of a question named `D12` or `12`; raises `NotFound`."""
    number = text.strip().upper().removeprefix("D")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = reader.value(select(deflection.c.id).where(deflection.c.id == int(number)))
        if found is not None:
            return int(found)
    raise NotFound(_("There is no question “{text}”.").format(text=text))


def _titled(offered: Sequence[dict[str, Any]], titles: dict[int, str]) -> list[dict[str, Any]]:
    return [{**each, "title": each["title"] or titles.get(each["id"], "")} for each in offered]


def _case(row: Any, users: dict[int, str], firms: dict[int, str], titles: dict[int, str]) -> Case:
    return Case(
        id=row.id, number=f"D{row.id}", asked_at=row.asked_at, channel=row.channel, contact_id=row.contact_id,
        contact=row.contact, customer=firms.get(row.customer_id, ""), question=row.question, status=row.status,
        answer_entity=row.answer_kind, answer_id=row.answer_id, answer=row.answer, confirmed_at=row.confirmed_at,
        confirmed_by=users.get(row.confirmed_by_id, ""), minutes=row.minutes, basis=row.basis, category=row.category,
        ticket=f"T{row.ticket_id}" if row.ticket_id is not None else "", offered=_titled(row.offered, titles),
    )  # fmt: skip


def _of_ticket() -> ColumnElement[bool]:
    """Return the condition that a ticket is the answer that was chosen."""
    return (ticket.c.id == deflection.c.answer_id) & (deflection.c.answer_kind == ticket.name)


def _answer() -> ColumnElement[str]:
    """Return what the answer that was chosen is called."""
    return func.coalesce(ticket.c.subject, deflection.c.answer_title)


def _within(reader: Reader | PluginReader, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    return period(deflection.c.asked_at, here(reader).zone, since, until)


def _counts(name: ColumnElement[Any], within: Sequence[ColumnElement[bool]], *, grouped: bool) -> Select[Any]:
    d = deflection.c
    confirmed = d.status == CONFIRMED
    counted: Select[Any] = (
        select(
            name.label("name"),
            func.count().label("asked"),
            func.count().filter(confirmed).label("confirmed"),
            func.count().filter(d.status == REFUSED).label("refused"),
            func.count().filter(d.status == TICKET).label("tickets"),
            func.count().filter(d.status == OFFERED).label("undecided"),
            func.count().filter(cast(d.offered, String) == "[]").label("unanswered"),
            func.coalesce(func.sum(d.minutes).filter(confirmed), 0).label("minutes"),
            func.count().filter(confirmed, d.minutes.is_(None)).label("unknown"),
        )
        .select_from(deflection)
        .join(category, category.c.id == d.category_id, isouter=True)
        .join(ticket, _of_ticket(), isouter=True)
        .where(*within)
    )
    return counted.group_by(name).order_by(func.count().desc(), name).limit(_ROWS) if grouped else counted
