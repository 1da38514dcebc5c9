"""Searching what was said, noted and is to be done: interactions, tasks, and notes on parties, the newest first."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Table, literal, not_, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, interaction, process_item, task
from crmcore.model.definitions import WORDS, Definitions
from crmcore.search.hits import Hit
from crmcore.search.matching import contains
from crmcore.search.parties import found_by_name
from crmcore.search.privacy import readable, task_seen
from crmcore.search.snippets import holds, snippet

_ROUNDS = 5
_FIELDS = {
    "interaction": ("subject", "body"), "task": ("subject", "sentence", "note"), "contact": ("note",),
    "customer": ("note",), "process_item": ("title", "note"),
}  # fmt: skip


def said(reader: Reader, sought: str, key: str, region: str, limit: int, after: int | None) -> list[Hit]:
    """Return what holds every word of `sought`, newest id first: interactions, tasks, process items, parties.

    Only those below `after`; parties that are found by name, address or number already are left out.
    The index finds a few that hold only the pieces of a word; they are sorted out here, in five rounds at most.
    """
    hits: list[Hit] = []
    for _round in range(_ROUNDS):
        rows = sorted(_rows(reader, sought, key, region, limit, after), key=lambda row: -row.id)[:limit]
        hits += [hit for row in rows if (hit := _hit(row, sought, reader.definitions)) is not None]
        if len(rows) < limit or len(hits) >= limit:
            break
        after = rows[-1].id
    return hits[:limit]


def _rows(reader: Reader, sought: str, key: str, region: str, limit: int, after: int | None) -> Iterator[Any]:
    i, t = interaction.c, task.c
    interactions = select(
        literal("interaction").label("entity"),
        i.id,
        i.subject,
        i.body,
        i.custom,
        i.channel.label("kind"),
        i.moment,
        *_about(i),
    ).where(readable(reader.actor.user_id))
    tasks = select(
        literal("task").label("entity"), t.id, t.subject, t.sentence, t.note, t.custom,
        t.kind, t.created_at.label("moment"), *_about(t),
    ).where(task_seen(reader.actor.user_id))  # fmt: skip
    parties = (
        (table, select(literal(table.name).label("entity"), table.c.id, table.c.name.label("subject"), table.c.note,
                table.c.custom)
         .where(table.c.merged_into_id.is_(None), not_(found_by_name(table, sought, key, region))))
        for table in (contact, customer)
    )  # fmt: skip
    p = process_item.c
    items = select(
        literal("process_item").label("entity"), p.id, p.title, p.title.label("subject"), p.note, p.custom,
        p.process.label("kind"), p.created_at.label("moment"), *_about(p),
    )  # fmt: skip
    for table, statement in ((interaction, interactions), (task, tasks), (process_item, items), *parties):
        yield from reader.rows(_page(statement, table, reader, sought, limit, after))


def _about(c: Any) -> tuple[Any, Any]:
    """Return the names of whom a record is about; who may not see them does not see the record."""
    return (
        select(contact.c.name).where(contact.c.id == c.contact_id).scalar_subquery().label("contact"),
        select(customer.c.name).where(customer.c.id == c.customer_id).scalar_subquery().label("customer"),
    )


def _page(
    statement: Select[Any], table: Table, reader: Reader, sought: str, limit: int, after: int | None
) -> Select[Any]:
    statement = statement.where(contains("text_index", reader.connection.dialect.name, sought, table.c.id))
    if after is not None:
        statement = statement.where(table.c.id < after)
    return statement.order_by(table.c.id.desc()).limit(limit)


def _hit(row: Any, sought: str, definitions: Definitions) -> Hit | None:
    texts = {name: getattr(row, name) for name in _FIELDS[row.entity]}
    fields = definitions.fields_of(row.entity, row.kind if row.entity == "process_item" else "")
    own = (one for one in fields if one.type in WORDS and one.name in row.custom)
    texts |= {one.label or one.name: row.custom[one.name] for one in own}
    if not holds(" ".join(texts.values()), sought):
        return None
    matched = next((name for name, text in texts.items() if holds(text, sought)), next(iter(texts)))
    if row.entity in ("contact", "customer"):
        where = snippet(texts[matched], sought)
        return Hit(entity=row.entity, id=row.id, title=row.subject, matched=matched, snippet=where)
    return Hit(
        entity=row.entity,
        id=row.id,
        title=row.subject or row.kind,
        matched=matched,
        snippet=snippet(texts[matched], sought),
        context=", ".join(name for name in (row.contact, row.customer) if name),
        at=row.moment,
    )
