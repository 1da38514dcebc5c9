"""Understanding one line: who of the address book it is about, and what it says is to be done (S0-21)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve, frozen
from sqlalchemy import func, select

from crmcore.capture.book import Entry, called, hits, partly_called, reached
from crmcore.engine.reader import Reader
from crmcore.engine.tables import customer as customer_table
from crmcore.engine.tables import interaction, position
from crmcore.language.line import LogLine, read_line
from crmcore.language.people import Lookup, NameHit
from crmcore.language.promises import FoundPromise, find_promises
from crmcore.language.reach import find_marks
from crmcore.search.naming import Named

_GUESSES = 3
_SHOWN = 20


@frozen(kw_only=True)
class Todo:
    """A task or promise that a text speaks of, as `Task` has it."""

    kind: str
    by: str
    subject: str
    due: date | None
    sentence: str
    topic: str = ""
    amount: Decimal | None = None
    unit: str = ""


@frozen(kw_only=True)
class Understood:
    """A line, understood. `name` is what the contact is called in it.

    `others` also took part. Where several contacts may be meant, `alternatives` holds them all, and `contact` the one
    the user was last in touch with, or nobody when there is none such.
    """

    line: LogLine
    name: str
    contact: Named | None
    customer: Named | None
    others: tuple[Named, ...]
    alternatives: tuple[Named, ...]
    todos: tuple[Todo, ...]


def promise(found: FoundPromise) -> Todo:
    """Return a promise found in a text as something to do."""
    return Todo(
        kind="promise",
        by=found.by,
        subject=found.what,
        due=found.due,
        sentence=found.sentence,
        topic=found.topic,
        amount=found.amount.value if found.amount else None,
        unit=found.amount.unit if found.amount else "",
    )


def understand(
    reader: Reader,
    text: str,
    now: datetime,
    *,
    region: str = "",
    contact: Named | None = None,
    customer: Named | None = None,
) -> Understood:
    """Return what a line says. `now` is aware, in the zone of who writes; seven statements at most.

    `contact` and `customer`, where they are given, go before what the line says.
    """
    spans: list[str] = []
    line = read_line(text, now, _noting(spans))
    known: dict[str, list[Entry]] = {}
    if contact is None:
        exact = called(reader, spans)
        line = read_line(text, now, lambda span: hits(exact.get(span, ())))
        known = {**exact, **reached(reader, find_marks(text), region)}
        guesses = [name for name in line.who[:_GUESSES] if name not in known]
        if guesses and not any(_of("contact", known.get(name, ())) for name in line.who):
            known.update(partly_called(reader, guesses))
    customer = customer or _customer_named(line, known)
    meant = _meant(line, known) if contact is None else []
    chosen = contact or _chosen(reader, meant, customer)
    name = chosen.name if chosen else _unknown(line, known)
    if chosen and customer is None:
        customer = _stands_for(reader, chosen.id)
    others = [] if contact else _others(line, known, meant)
    return Understood(
        line=line,
        name=name,
        contact=_plain(chosen) if chosen else None,
        customer=_plain(customer) if customer else None,
        others=tuple(_plain(one) for one in others),
        alternatives=tuple(_plain(one) for one in meant[:_SHOWN]) if len(meant) > 1 else (),
        todos=todos_of(line, text, now),
    )


def _plain(one: Named) -> Named:
    """Return an entry of the address book without the key it was found by."""
    return Named(entity=one.entity, id=one.id, name=one.name)


def _noting(spans: list[str]) -> Lookup:
    def note(span: str) -> Sequence[NameHit]:
        spans.append(span)
        return ()

    return note


def _of(entity: str, entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.entity == entity]


def _meant(line: LogLine, known: dict[str, list[Entry]]) -> list[Entry]:
    """Return the contacts that the likeliest name of the line may mean."""
    return next((found for name in line.who if (found := _of("contact", known.get(name, ())))), [])


def _others(line: LogLine, known: dict[str, list[Entry]], meant: Sequence[Entry]) -> list[Entry]:
    """Return the contacts beside the main one whose names leave no doubt."""
    clear = [found[0] for name in line.who if len(found := _of("contact", known.get(name, ()))) == 1]
    return [one for one in dict.fromkeys(clear) if one not in meant]


def _customer_named(line: LogLine, known: dict[str, list[Entry]]) -> Named | None:
    names = (line.organisation, *line.who)
    found = next((found for name in names if (found := _of("customer", known.get(name, ())))), [])
    return found[0] if len(found) == 1 else None


def _unknown(line: LogLine, known: dict[str, list[Entry]]) -> str:
    """Return the name of the person a line is about whom the address book does not know, or not for sure."""
    persons = [name for name in line.who if name != line.organisation and not _of("customer", known.get(name, ()))]
    marks = {mark.value for mark in find_marks(line.body)}
    return min(persons, key=lambda name: name in marks, default="")


def _chosen(reader: Reader, meant: Sequence[Entry], at: Named | None) -> Named | None:
    """Return the one that is meant: the only one, the only one at the customer, the one last in touch with the user."""
    if len(meant) <= 1:
        return meant[0] if meant else None
    ids = [entry.id for entry in meant]
    by_id = {entry.id: entry for entry in meant}
    if at is not None:
        p = position.c
        there = select(p.contact_id).where(p.customer_id == at.id, p.contact_id.in_(ids), p.ended.is_(None)).distinct()
        found = [row.contact_id for row in reader.rows(there)]
        if len(found) == 1:
            return by_id[found[0]]
        ids = found or ids
    i = interaction.c
    touched = (
        select(i.contact_id)
        .where(i.contact_id.in_(ids), i.user_id == reader.actor.user_id)
        .group_by(i.contact_id)
        .order_by(func.max(i.moment).desc())
    )
    last = reader.value(touched)
    return by_id.get(last) if last is not None else None


def _stands_for(reader: Reader, contact_id: int) -> Named | None:
    """Return the customer a contact stands for now: that of its oldest position that has not ended."""
    p = position.c
    row = reader.first(
        select(customer_table.c.id, customer_table.c.name)
        .join_from(position, customer_table, customer_table.c.id == p.customer_id)
        .where(p.contact_id == contact_id, p.ended.is_(None))
        .order_by(p.id)
    )
    return Named(entity="customer", id=row.id, name=row.name) if row else None


def todos_of(line: LogLine, text: str, now: datetime) -> tuple[Todo, ...]:
    """Return what a line says is to be done: tasks, and promises of ours and theirs. `now` is the writer's clock."""
    promised = {(found.sentence, found.what): promise(found) for found in find_promises(text, now)}
    todos = []
    for follow_up in line.follow_ups:
        plain = Todo(
            kind=follow_up.kind,
            by=follow_up.by,
            subject=follow_up.text,
            due=follow_up.due,
            sentence=follow_up.sentence,
        )
        told = promised.get((follow_up.sentence, follow_up.text))
        todos.append(evolve(told, due=follow_up.due) if told and follow_up.kind == "promise" else plain)
    return tuple(todos)
