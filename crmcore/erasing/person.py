"""Who is to be erased: all records of one person, and what in texts tells of that person and of nobody else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Table, or_, select

from crmcore.engine import tables as t
from crmcore.erasing.texts import Redactor
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.names import name_key
from crmcore.model.pinyin import CJK
from crmcore.model.points import normalise

TABLES: Mapping[str, Table] = {"contact": t.contact, "customer": t.customer}
_SHORTEST = 6  # characters; what is shorter stands in texts for other things too
_REACHED = ("email", "phone", "fax", "messenger", "url", "address")


@frozen(kw_only=True)
class Person:
    """A contact, or a customer that is an individual, with all records that were merged into it.

    `names` are the full names, `words` their parts, `points` the addresses and numbers that are nobody else's; `others`
    says how many points others have too. `is_alone` tells that nobody else is called so. `known_by` are (kind, text)
    pairs by which the person would be recognised.
    """

    entity: str
    ids: tuple[int, ...]
    name: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    points: tuple[str, ...]
    normals: tuple[str, ...]
    others: int
    is_alone: bool
    known_by: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The name of the column by which other tables point at the person."""
        return f"{self.entity}_id"

    @property
    def everywhere(self) -> Redactor:
        """What replaces the person in any text of the workspace."""
        return Redactor(self._unmistakable(), self.points)

    @property
    def nearby(self) -> Redactor:
        """What replaces the person in texts that are known to be about the person, among others."""
        return Redactor(self.names, self.points, self.words)

    def _unmistakable(self) -> Iterable[str]:
        if not self.is_alone:
            return ()
        return [name for name in self.names if len(name.split()) > 1 or len(CJK.findall(name.strip())) > 0]


def person(connection: Connection, entity: str, record_id: int) -> Person:
    """Return the person a contact's or customer's id stands for, wherever it was merged into.

    Raises `InvalidInput` for an organisation.
    """
    table = TABLES[entity]
    ids = _merged(connection, table, record_id)
    found_rows = connection.execute(select(table).where(table.c.id.in_(ids)).order_by(table.c.id)).mappings()
    rows: list[dict[str, Any]] = [dict(row) for row in found_rows]
    winner = next(row for row in rows if row["id"] == ids[0])
    if entity == "customer" and winner["kind"] != "individual":
        raise InvalidInput(
            _("{name} is an organisation, and no person; its people are erased one by one.").format(name=winner["name"])
        )
    found = list(_points(connection, entity, ids))
    normals = tuple(dict.fromkeys(normal for _kind, _value, normal in found if normal))
    taken = _taken(connection, entity, ids, normals)
    mine = [(kind, value, normal) for kind, value, normal in found if normal not in taken]
    names = tuple(dict.fromkeys(_names(connection, entity, ids, rows)))
    elsewhere = list(_external_ids(connection, entity, ids))
    return Person(
        entity=entity,
        ids=tuple(ids),
        name=winner["name"],
        names=names,
        words=tuple(dict.fromkeys(_words(rows))),
        points=tuple(dict.fromkeys(_written(mine, elsewhere))),
        normals=tuple(normal for normal in normals if normal not in taken),
        others=len(taken),
        is_alone=not _namesakes(connection, ids, names),
        known_by=tuple(_known_by(mine, elsewhere, winner["name"])),
    )


def _merged(connection: Connection, table: Table, record_id: int) -> list[int]:
    """Return the id of the record that stands for the person, then those of all that were merged into it."""
    winner = record_id
    seen = {winner}
    while (into := connection.execute(select(table.c.merged_into_id).where(table.c.id == winner)).scalar()) is not None:
        if into in seen:
            break
        winner = into
        seen.add(winner)
    ids, fresh = [winner], [winner]
    while fresh:
        below = connection.execute(select(table.c.id).where(table.c.merged_into_id.in_(fresh)).order_by(table.c.id))
        fresh = [one for one in below.scalars() if one not in ids]
        ids += fresh
    return ids


def _points(connection: Connection, entity: str, ids: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, value, normal form) of every way to reach the person that is, or was, on record."""
    p, q = t.contact_point.c, t.participant.c
    for row in connection.execute(select(p.kind, p.value, p.normal).where(p[f"{entity}_id"].in_(ids))):
        yield row.kind, row.value, row.normal
    met = connection.execute(select(q.address, q.normal).where(q[f"{entity}_id"].in_(ids)).distinct())
    for address, normal in met:
        if entity == "contact" and address:
            yield "email" if "@" in address else "phone", address, normal
    j = t.journal.c
    told = select(j.data).where(j.subject_id.in_(ids), j.entity == "contact_point")
    for data in connection.execute(told).scalars():
        for before_or_after in zip(*(_both(data.get(name)) for name in ("kind", "value", "normal")), strict=True):
            kind, value, normal = before_or_after
            if isinstance(value, str) and value:
                yield str(kind or "other"), value, str(normal or normalise(str(kind or ""), value))


def _both(value: Any) -> list[Any]:
    """Return a journalled value before and after its change; one that did not change twice."""
    return value if isinstance(value, list) and len(value) == 2 else [value, value]


def _external_ids(connection: Connection, entity: str, ids: Sequence[int]) -> Iterator[tuple[str, str]]:
    c = t.external_id.c
    rows = connection.execute(select(c.scheme, c.value).where(c.kind == entity, c.record_id.in_(ids)))
    yield from ((row.scheme, row.value) for row in rows)


def _taken(connection: Connection, entity: str, ids: Sequence[int], normals: Sequence[str]) -> set[str]:
    """Return those of the addresses and numbers that other people, customers or our own users have too."""
    if not normals:
        return set()
    p, q, u = t.contact_point.c, t.participant.c, t.user_account.c
    mine = p[f"{entity}_id"]
    held = select(p.normal).where(p.normal.in_(normals), or_(mine.is_(None), mine.not_in(ids)))
    met = select(q.normal).where(
        q.normal.in_(normals), or_(q.user_id.is_not(None), q.contact_id.is_not(None)),
        or_(q.contact_id.is_(None), q.contact_id.not_in(ids if entity == "contact" else [0])),
    )  # fmt: skip
    ours = {
        normalise(kind, row[0]) for kind, column in (("email", u.email), ("phone", u.phone))
        for row in connection.execute(select(column))
    }  # fmt: skip
    return {row[0] for one in (held, met) for row in connection.execute(one)} | (ours & set(normals))


def _names(connection: Connection, entity: str, ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the full names the person goes or went by, as they are written."""
    for row in rows:
        yield from _spelt(row["name"], row.get("given", ""), row.get("family", ""))
    j, q, c = t.journal.c, t.participant.c, t.import_change.c
    for data in connection.execute(select(j.data).where(j.subject_id.in_(ids), j.entity == entity)).scalars():
        for name in _both(data.get("name")):
            if isinstance(name, str) and name:
                yield name
    changed = select(c.before, c.after).where(c.record_id.in_(ids), c.entity == entity)
    for sides in connection.execute(changed):
        yield from (name for side in sides if isinstance(name := dict(side or {}).get("name"), str) and name)
    if entity == "contact":
        met = connection.execute(select(q.name).where(q.contact_id.in_(ids), q.name != "").distinct()).scalars()
        yield from (name for name in met if len(name) > 1)


def _spelt(name: str, given: str, family: str) -> Iterator[str]:
    yield name
    if given and family:
        yield from (f"{given} {family}", f"{family} {given}", f"{family}, {given}")
        if CJK.search(family):
            yield f"{family}{given}"


def _words(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        for part in (row.get("given", ""), row.get("family", "")):
            if len(part) > 2 or (len(part) > 1 and CJK.search(part)):
                yield part


def _namesakes(connection: Connection, ids: Sequence[int], names: Iterable[str]) -> bool:
    keys = {name_key(name) for name in names} - {""}
    return any(
        connection.execute(
            select(table.c.id).where(table.c.name_key.in_(keys), table.c.id.not_in(ids)).limit(1)
        ).first()
        for table in TABLES.values()
    )


def _written(points: Iterable[tuple[str, str, str]], elsewhere: Iterable[tuple[str, str]]) -> Iterator[str]:
    for kind, value, normal in points:
        forms = [value, normal]
        if kind in ("phone", "fax"):
            digits = "".join(character for character in value if character.isdigit())
            forms += [normal.lstrip("+").partition(";")[0], digits]
        yield from (form for form in forms if len(form) >= _SHORTEST)
    yield from (value for _scheme, value in elsewhere if len(value) >= _SHORTEST)


def _known_by(
    points: Iterable[tuple[str, str, str]], elsewhere: Iterable[tuple[str, str]], name: str
) -> Iterator[tuple[str, str]]:
    found = {(kind, normal) for kind, _value, normal in points if normal and kind in _REACHED and kind != "address"}
    found |= {("id", f"{scheme}:{value}") for scheme, value in elsewhere}
    yield from sorted(found) or [("name", name_key(name))]
