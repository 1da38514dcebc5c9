"""Searching what was said, noted and is to be done: interactions, tasks, records of plugins, notes on parties."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, Table, literal, not_, null, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, interaction, process_item, task
from crmcore.model.definitions import WORDS, Definitions
from crmcore.search.hits import Hit
from crmcore.search.index import searched
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
    """Return what holds every word of `sought`, newest id first: interactions, tasks, items, plugins' records, parties.

    Only those below `after`; parties that are found by name, address or number already are left out.
    The index finds a few that hold only the pieces of a word; they are sorted out here, in five rounds at most.
    """
    hits: list[Hit] = []
    names = {**{table.name: searched(table) for table in reader.visibility.plugins}, **_FIELDS}
    for _round in range(_ROUNDS):
        rows = sorted(_rows(reader, sought, key, region, limit, after), key=lambda row: -row.id)[:limit]
        hits += [hit for row in rows if (hit := _hit(row, sought, reader.definitions, names[row.entity])) is not None]
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
    brought = ((table, _brought(table)) for table in reader.visibility.plugins if searched(table))
    for table, statement in ((interaction, interactions), (task, tasks), (process_item, items), *parties, *brought):
        yield from reader.rows(_page(statement, table, reader, sought, limit, after))


def _brought(table: Table) -> Select[Any]:
    """Return the statement for the records of a plugin's table, with whom each is about."""
    c = table.c
    names = searched(table)
    columns = [c[name] for name in (*names, "custom") if name in c]
    moment = c.created_at if "created_at" in c else null()
    return select(
        literal(table.name).label("entity"), c.id, *columns, c[names[0]].label("called"), moment.label("moment"),
        *_about(c),
    )  # fmt: skip


def _about(c: Any) -> list[Any]:
    """Return the names of whom a record is about; who may not see them does not see the record."""
    return [
        select(party.c.name).where(party.c.id == c[f"{party.name}_id"]).scalar_subquery().label(party.name)
        if f"{party.name}_id" in c
        else null().label(party.name)
        for party in (contact, customer)
    ]


def _page(
    statement: Select[Any], table: Table, reader: Reader, sought: str, limit: int, after: int | None
) -> Select[Any]:
    statement = statement.where(contains("text_index", reader.connection.dialect.name, sought, table.c.id))
    if after is not None:
        statement = statement.where(table.c.id < after)
    return statement.order_by(table.c.id.desc()).limit(limit)


def _hit(row: Any, sought: str, definitions: Definitions, names: Sequence[str]) -> Hit | None:
    texts = {name: getattr(row, name) or "" for name in names}
    fields = definitions.fields_of(row.entity, row.kind if row.entity == "process_item" else "")
    custom = getattr(row, "custom", None) or {}
    own = (one for one in fields if one.type in WORDS and one.name in custom)
    texts |= {one.label or one.name: custom[one.name] for one in own}
    if not holds(" ".join(texts.values()), sought):
        return None
    matched = next((name for name, text in texts.items() if holds(text, sought)), next(iter(texts)))
    if row.entity in ("contact", "customer"):
        where = snippet(texts[matched], sought)
        return Hit(entity=row.entity, id=row.id, title=row.subject, matched=matched, snippet=where)
    return Hit(
        entity=row.entity,
        id=row.id,
        title=(row.subject or row.kind) if row.entity in _FIELDS else row.called,
        matched=matched,
        snippet=snippet(texts[matched], sought),
        context=", ".join(name for name in (row.contact, row.customer) if name),
        at=row.moment,
    )
