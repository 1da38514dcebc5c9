"""What is asked: in words, by a ticket, or by a file of questions."""

from pathlib import Path

from sqlalchemy import func, select

from crmcore.api import (
    InvalidInput,
    NotFound,
    Reader,
    Rejection,
    Source,
    Transaction,
    party_id,
    party_ids,
    table_rows,
    tables,
)
from crmcore_service.answers.offering import Asked
from crmcore_service.assets.parties import customers_of
from crmcore_service.i18n import _
from crmcore_service.tables import category, ticket
from crmcore_service.tickets.finding import category_named

QUESTION = ("question", "text", "message", "问题", "提问", "内容")
CONTACT = ("contact", "contact id", "email", "e-mail", "name", "联系人", "邮箱", "电子邮件", "姓名")
CATEGORY = ("category", "kind", "类别", "分类")
NUMBER = ("number", "id", "question", "编号", "问题")
ANSWER = ("answer", "place", "回答", "答案")


def asked_in(reader: Reader | Transaction, ticket_id: int) -> Asked:
    """Return what a ticket asks: its subject and its first message; raises `NotFound`."""
    t, i = ticket.c, tables.interaction.c
    row = reader.first(
        select(t.subject, t.contact_id, t.customer_id, t.category_id, func.coalesce(i.body, "").label("body"))
        .join(tables.interaction, i.id == t.interaction_id, isouter=True)
        .where(t.id == ticket_id)
    )
    if row is None:
        raise NotFound(_("There is no ticket {ticket}.").format(ticket=f"T{ticket_id}"))
    return Asked(
        text=f"{row.subject}\n{row.body}".strip(), contact_id=row.contact_id, customer_id=row.customer_id,
        category_id=row.category_id,
    )  # fmt: skip


def asked_by(reader: Reader | Transaction, text: str, contact: str = "", category_: str = "") -> Asked:
    """Return a question of somebody, who may stay unnamed; raises `NotFound` for a contact or category not there."""
    person = party_id(reader, tables.contact, contact) if contact else None
    return Asked(
        text=text,
        contact_id=person,
        customer_id=customers_of(reader, [person]).get(person) if person is not None else None,
        category_id=category_named(reader, category_) if category_ else None,
    )


def questions_in(reader: Transaction, file: Path, *, limit: int) -> tuple[list[Asked], list[Rejection]]:
    """Return the questions of a table, and the rows that cannot be taken: a few statements for all.

    Raises `InvalidInput` for a file of more than `limit` rows.
    """
    rejected: list[Rejection] = []
    rows = []
    for row in table_rows(Source(path=file)):
        if isinstance(row, Rejection):
            rejected.append(row)
        elif not row.text(*QUESTION):
            rejected.append(Rejection(line=row.line, reason=_("no question"), raw=" | ".join(row.cells.values())))
        else:
            rows.append(row)
        _not_too_many(len(rows) + len(rejected), limit)
    meant = party_ids(reader, tables.contact, [name for row in rows if (name := row.text(*CONTACT))])
    c = category.c
    known = {row.name.lower(): row.id for row in reader.rows(select(c.id, c.name).order_by(c.id.desc()).limit(limit))}
    found: list[tuple[str, int | None, int | None]] = []
    for row in rows:
        who, what = row.text(*CONTACT), row.text(*CATEGORY)
        problem = meant.problems.get(who, "")
        if what and what.lower() not in known:
            problem = problem or _("there is no category “{text}”").format(text=what)
        if problem:
            rejected.append(Rejection(line=row.line, reason=problem, raw=row.text(*QUESTION)))
        else:
            found.append((row.text(*QUESTION), meant.ids.get(who), known.get(what.lower())))
    employers = customers_of(reader, {person for _text, person, _kind in found if person is not None})
    return [
        Asked(text=text, contact_id=person, customer_id=employers.get(person or 0), category_id=kind)
        for text, person, kind in found
    ], rejected


def confirmed_in(file: Path, *, limit: int) -> dict[int, int]:
    """Return which answers helped, by the questions' ids; raises `InvalidInput` that names the line."""
    found: dict[int, int] = {}
    for row in table_rows(Source(path=file)):
        if isinstance(row, Rejection):
            raise InvalidInput(_("{file}, line {line}: {reason}").format(file=file, line=row.line, reason=row.reason))
        key, place = row.text(*NUMBER).upper().removeprefix("D"), row.text(*ANSWER) or "1"
        if not (key.isdigit() and len(key) < 19 and place.isdigit() and len(place) < 3):
            raise InvalidInput(
                _("{file}, line {line}: “{text}” is no number of a question and of an answer").format(
                    file=file, line=row.line, text=" | ".join(row.cells.values())
                )
            )
        found[int(key)] = int(place)
        _not_too_many(len(found), limit)
    return found


def _not_too_many(count: int, limit: int) -> None:
    if count > limit:
        raise InvalidInput(_("A file holds {n} rows at most.").format(n=limit))
