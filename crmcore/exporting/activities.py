"""Interactions and tasks as rows of a table, under headings that `crm import` reads again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, interaction, task, user_account
from crmcore.exporting.schemes import scheme
from crmcore.exporting.visible import is_closed
from crmcore.fields.entering import as_text

INTERACTION_HEADINGS = (
    "ID", "Date and time", "Channel", "Direction", "Subject", "Body", "Duration", "Location", "Status", "Contact",
    "Company", "Owner",
)  # fmt: skip
TASK_HEADINGS = ("ID", "Subject", "Due", "Status", "About", "Note", "Owner", "Promise by", "Sentence")

_AT_ONCE = 500


def interactions(reader: Reader) -> Iterator[list[str]]:
    """Yield the interactions the actor may see, in the order of ids; what is closed to the actor stays empty."""
    for rows in _batches(reader, interaction):
        people, firms, users = _all_names(reader, rows, "user_id")
        for row in rows:
            closed = is_closed(row, reader)
            yield [
                _id(row),
                _when(row.at) or (row.day.isoformat() if row.day else ""),
                row.channel,
                row.direction,
                "" if closed else row.subject,
                "" if closed else row.body,
                "" if row.seconds is None else str(row.seconds),
                "" if closed else row.location,
                row.status,
                people.get(row.contact_id, ""),
                firms.get(row.customer_id, ""),
                users.get(row.user_id, ""),
                *own_cells(reader, "interaction", {} if closed else row.custom),
            ]


def tasks(reader: Reader) -> Iterator[list[str]]:
    """Yield the tasks and promises the actor may see, in the order of ids."""
    for rows in _batches(reader, task):
        people, firms, users = _all_names(reader, rows, "owner_id")
        for row in rows:
            yield [
                _id(row),
                row.subject,
                row.due.isoformat() if row.due else "",
                row.status,
                people.get(row.contact_id) or firms.get(row.customer_id, ""),
                row.note,
                users.get(row.owner_id, ""),
                row.by if row.kind == "promise" else "",
                row.sentence,
                *own_cells(reader, "task", row.custom),
            ]


def headings(reader: Reader, entity: str) -> tuple[str, ...]:
    """Return the headings of a table of interactions or tasks, with a column for each field the workspace defined."""
    fixed = INTERACTION_HEADINGS if entity == "interaction" else TASK_HEADINGS
    own = (one.label or one.name for one in reader.definitions.fields_of(entity))
    return (*fixed, *(f"x-{heading}" if heading in fixed else heading for heading in own))


def own_cells(reader: Reader, entity: str, custom: Mapping[str, Any]) -> list[str]:
    """Return the cells of the fields that the workspace defined, in their order."""
    said = {one.name: text for one, text in as_text(reader.definitions, entity, custom)}
    return [said.get(one.name, "") for one in reader.definitions.fields_of(entity)]


def _batches(reader: Reader, table: Table) -> Iterator[Sequence[Row[Any]]]:
    last = 0
    statement = select(table).order_by(table.c.id).limit(_AT_ONCE)
    while rows := reader.rows(statement.where(table.c.id > last)):
        yield rows
        last = rows[-1].id


def _all_names(
    reader: Reader, rows: Sequence[Row[Any]], owner: str
) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    return (
        _names(reader, contact, "name", {row.contact_id for row in rows}),
        _names(reader, customer, "name", {row.customer_id for row in rows}),
        _names(reader, user_account, "login", {getattr(row, owner) for row in rows}),
    )


def _names(reader: Reader, table: Table, column: str, ids: set[int | None]) -> dict[int, str]:
    statement = select(table.c.id, table.c[column].label("called")).where(table.c.id.in_(ids - {None}))
    return {row.id: row.called for row in reader.rows(statement)}


def _id(row: Row[Any]) -> str:
    """Return the id a table gave the record, else its id here: so that a table read twice is stored once."""
    return str(row.external_id) if row.external_id and row.origin == scheme("csv") else str(row.id)


def _when(at: datetime | None) -> str:
    return at.isoformat(sep=" ") if at else ""
