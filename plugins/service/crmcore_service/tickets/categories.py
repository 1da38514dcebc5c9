"""Categories: what tickets are about, as a tree; adding, changing, and how many tickets are of each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import Change, InvalidInput, NotFound, PluginTransaction, Refused
from crmcore_service.assets.parties import AnyReader, AnyTransaction, Named, named
from crmcore_service.i18n import _
from crmcore_service.model.queue import Category
from crmcore_service.tables import category, queue, ticket

_DEEPEST = 20


@frozen(kw_only=True)
class CategoryView:
    """A category with how many tickets under way, and how many at all, are of it."""

    id: int
    name: str
    parent: Named | None
    queue: Named | None
    priority: str
    skill: str
    skill_level: int | None
    minutes: int | None
    open: int
    tickets: int
    note: str
    version: int


_TOLD = ("id", "name", "priority", "skill", "skill_level", "minutes", "note", "version")


def add(tx: AnyTransaction, fields: Mapping[str, Any]) -> Category:
    """Add a category; raises `InvalidInput` for a name that another one has."""
    made = Category(**fields)
    _must_be_free(tx, made.name)
    return tx.add(made)


def edit(tx: AnyTransaction, record: Category, fields: Mapping[str, Any]) -> None:
    """Give a category other values; raises `InvalidInput` for a name that is taken, and where it is below itself."""
    _must_be_free(tx, fields.get("name", ""), record.id)
    for name, value in fields.items():
        setattr(record, name, value)
    if fields.get("parent_id") and _is_lost(record.id, _above(tx) | {record.id: record.parent_id}):
        raise InvalidInput(_below_itself(record.name))


def _must_be_free(tx: AnyTransaction, name: str, but: int = 0) -> None:
    c = category.c
    tx.flush()
    taken = tx.value(select(c.id).where(func.lower(c.name) == name.strip().lower(), c.id != but).limit(1))
    if name.strip() and taken is not None:
        raise InvalidInput(_("Category {id} is called “{name}” already.").format(id=taken, name=name.strip()))


def remove(tx: AnyTransaction, record: Category) -> None:
    """Remove a category; raises `Refused` for one with tickets, or with categories below it."""
    if any(
        tx.value(select(table.c.id).where(table.c[name] == record.id).limit(1)) is not None
        for table, name in ((ticket, "category_id"), (category, "parent_id"))
    ):
        raise Refused([_("Category “{name}” has tickets, or categories below it.").format(name=record.name)])
    tx.remove(record)


def refuse(changes: Sequence[Change], tx: PluginTransaction) -> Iterator[str]:
    """Refuse a category below itself, whoever writes it; no statement where no category changes its place."""
    moved = [
        one for one in changes if one.entity == category.name and one.action != "removed" and one.after.get("parent_id")
    ]
    if not moved:
        return
    above = _above(tx) | {one.id: one.after["parent_id"] for one in moved}
    yield from (_below_itself(one.after["name"]) for one in moved if _is_lost(one.id, above))


def _above(reader: AnyReader) -> dict[int, int | None]:
    """Return by the id of each category that is part of another one the id of that."""
    c = category.c
    return {row.id: row.parent_id for row in reader.rows(select(c.id, c.parent_id).where(c.parent_id.is_not(None)))}


def _is_lost(key: int, above: Mapping[int, int | None]) -> bool:
    """Return whether a category is below itself, or so deep that no top is found."""
    at = above.get(key)
    for _step in range(_DEEPEST):
        if at is None or at == key:
            break
        at = above.get(at)
    return at is not None


def _below_itself(name: str) -> str:
    return _("Category “{name}” would be below itself, or more than {n} deep.").format(name=name, n=_DEEPEST)


def views(reader: AnyReader, wanted: Select[Any]) -> list[CategoryView]:
    """Return the categories that a statement selects whole, in its order: four statements, however many tickets."""
    rows = reader.rows(wanted)
    ids = [row.id for row in rows]
    if not ids:
        return []
    c, q, t = category.c, queue.c, ticket.c
    parents = {
        row.id: row.name
        for row in reader.rows(select(c.id, c.name).where(c.id.in_({row.parent_id for row in rows} - {None})))
    }
    queues = {
        row.id: row.name
        for row in reader.rows(select(q.id, q.name).where(q.id.in_({row.queue_id for row in rows} - {None})))
    }
    counts = (
        select(t.category_id, func.count().label("n"), func.count().filter(t.closed_at.is_(None)).label("open"))
        .where(t.category_id.in_(ids))
        .group_by(t.category_id)
    )
    sums = {row.category_id: (row.n, row.open) for row in reader.rows(counts)}
    return [
        CategoryView(
            **{name: getattr(row, name) for name in _TOLD},
            parent=named(parents, row.parent_id),
            queue=named(queues, row.queue_id),
            tickets=sums.get(row.id, (0, 0))[0],
            open=sums.get(row.id, (0, 0))[1],
        )
        for row in rows
    ]


def view(reader: AnyReader, key: int) -> CategoryView:
    """Return a category; raises `NotFound` for one that is absent."""
    found = views(reader, select(category).where(category.c.id == key))
    if not found:
        raise NotFound(_("There is no category {id}.").format(id=key))
    return found[0]
