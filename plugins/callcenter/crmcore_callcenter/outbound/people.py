"""People on a calling list: whom a condition chooses, who stands in a file, or on another list; each once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, select

from crmcore.api import (
    Reader,
    Rejection,
    Source,
    TableRow,
    Transaction,
    here,
    party_ids,
    point_key,
    selection,
    table_rows,
    tables,
)
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.outbound import ListEntry
from crmcore_callcenter.outbound.numbers import Number, best
from crmcore_callcenter.tables import entry

WHO = ("contact", "name", "who", "email", "联系人", "姓名", "邮箱")
PHONE = ("phone", "mobile", "number", "电话", "手机")
_AT_ONCE = 5_000


@frozen(kw_only=True)
class Brought:
    """Somebody to be called: by which number, if that is said, and what is known of them as answers, by question."""

    contact_id: int
    number: Number | None = None
    known: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Added:
    """How many were put on a list, were there already, or have no telephone number; rows that say nobody."""

    added: int = 0
    already: int = 0
    no_number: int = 0
    rejected: Sequence[Rejection] = ()


def chosen(tx: Transaction, condition: str) -> Iterator[list[Brought]]:
    """Yield whom a condition chooses, 5,000 at a time in the order of their ids; raises `InvalidInput`."""
    yield from _portions(tx, selection(tx, condition).statement, tables.contact.c.id)


def of_list(tx: Transaction, list_id: int) -> Iterator[list[Brought]]:
    """Yield the people of another list, with what is known of them."""
    e = entry.c
    yield from _portions(tx, select(e.contact_id.label("id"), e.details).where(e.list_id == list_id), e.contact_id)


def of_contacts(ids: Iterable[int]) -> Iterator[list[Brought]]:
    """Yield contacts."""
    yield [Brought(contact_id=one) for one in ids]


def of_file(
    tx: Reader, path: Path, options: Mapping[str, str], questions: Iterable[str]
) -> tuple[list[Brought], list[Rejection]]:
    """Return who stands in a table, and the rows that say nobody we know.

    A column named as a question of the list's script, or otherwise, is kept as what is known of the person: the first
    are offered as answers.
    """
    told = list(table_rows(Source(path=path, options=dict(options))))
    rows = [row for row in told if isinstance(row, TableRow)]
    rejected = [row for row in told if isinstance(row, Rejection)]
    region = here(tx).region
    meant = party_ids(tx, tables.contact, [row.text(*WHO) for row in rows])
    found = [
        Brought(contact_id=meant.ids[who], number=_number(row, region), known=_known(row, questions))
        for row in rows
        if (who := row.text(*WHO)) in meant.ids
    ]
    rejected += [
        Rejection(
            line=row.line, reason=meant.problems.get(who, "") or _("It does not say who is to be called."), raw=who
        )
        for row in rows
        if (who := row.text(*WHO)) not in meant.ids
    ]
    return found, sorted(rejected, key=lambda one: one.line)


def add(tx: Transaction, list_id: int, brought: Iterable[Sequence[Brought]], *, source: str = "") -> Added:
    """Put people on a list, each once, with the number by which they are called.

    Who has none is left out, and counted. Four statements for each 5,000, and their journal; of many thousands the
    transaction lets go, so that memory does not grow with them.
    """
    added = already = no_number = 0
    for n, some in enumerate(brought):
        if n:
            tx.release()
        people = {one.contact_id: one for one in some}
        p = tables.position.c
        held = {row.contact_id for row in tx.rows(_on(list_id, list(people)))}
        new = [one for key, one in people.items() if key not in held]
        ids = [one.contact_id for one in new]
        numbers = best(tx, ids)
        worked = select(p.contact_id, p.customer_id).where(p.contact_id.in_(ids), p.ended.is_(None))
        customers = {row.contact_id: row.customer_id for row in tx.rows(worked.order_by(p.id.desc()))}
        for one in new:
            number = one.number or numbers.get(one.contact_id)
            if number is None:
                no_number += 1
                continue
            tx.add(
                ListEntry(
                    list_id=list_id, contact_id=one.contact_id, customer_id=customers.get(one.contact_id),
                    number=number.value, normal=number.normal, source=source,
                    details={"known": dict(one.known)} if one.known else {},
                )
            )  # fmt: skip
            added += 1
        already += len(held)
        tx.flush()
    return Added(added=added, already=already, no_number=no_number)


def _on(list_id: int, contact_ids: Sequence[int]) -> Select[Any]:
    e = entry.c
    return select(e.contact_id).where(e.list_id == list_id, e.contact_id.in_(contact_ids))


def _portions(tx: Transaction, statement: Select[Any], key: Any) -> Iterator[list[Brought]]:
    after = 0
    while rows := tx.rows(statement.where(key > after).order_by(key).limit(_AT_ONCE)):
        after = rows[-1].id
        yield [Brought(contact_id=row.id, known=_told(row)) for row in rows]


def _told(row: Any) -> Mapping[str, str]:
    details = getattr(row, "details", None) or {}
    return dict(details.get("known", {}))


def _number(row: TableRow, region: str) -> Number | None:
    text = row.text(*PHONE)
    normal = point_key("phone", text, region) if text else ""
    return Number(value=text, normal=normal) if normal else None


def _known(row: TableRow, questions: Iterable[str]) -> dict[str, str]:
    asked = {name: text for name in questions if (text := row.text(name))}
    return {**row.others((*WHO, *PHONE, *questions)), **asked}
