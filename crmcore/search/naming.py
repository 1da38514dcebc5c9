"""Whom a person means: a customer or contact by id, name in any order or script, address, or a part of the name."""

from collections.abc import Iterable, Sequence

from attrs import frozen
from sqlalchemy import ColumnElement, Table, literal, select, union_all

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.model.names import name_key
from crmcore.model.points import normalise
from crmcore.search.matching import contains, name_contains

PARTIES = (contact, customer)
_SHOWN = 10


@frozen(kw_only=True)
class Named:
    """A customer or contact: `entity` says which."""

    entity: str
    id: int
    name: str


def the_one(reader: Reader, text: str, *, region: str = "", tables: Sequence[Table] = PARTIES) -> Named:
    """Return the one party that `text` means; raises `NotFound`, or `InvalidInput` that lists the candidates."""
    found = meant(reader, text, region=region, tables=tables)
    if not found:
        raise NotFound(_("Nobody here is called “{text}”.").format(text=text))
    if len(found) > 1:
        listed = "".join(f"\n  {_(one.entity)} {one.id}  {one.name}" for one in found[:_SHOWN])
        more = "\n  …" if len(found) > _SHOWN else ""
        raise InvalidInput(
            _("“{text}” may be one of several; give the id:{listed}").format(text=text, listed=listed + more)
        )
    return found[0]


def meant(reader: Reader, text: str, *, region: str = "", tables: Sequence[Table] = PARTIES) -> list[Named]:
    """Return the parties that `text` may mean, eleven at most, by the first of these that finds any.

    An id; a whole e-mail address or number; the name, in any order and script, written exactly so or else by its key;
    a part of the name. One statement for each that is tried.
    """
    text = text.strip()
    if text.isdigit() and len(text) < 19:
        found = _named(reader, [(table, table.c.id == int(text)) for table in tables])
        if found:
            return found
    reached = _normals(text, region)
    if reached:
        found = _named(reader, [(table, _reached(table, reached) & _alive(table)) for table in tables])
        if found or "@" in text:
            return found
    key = name_key(text)
    if not key:
        return []
    found = _named(reader, [(table, (table.c.name_key == key) & _alive(table)) for table in tables])
    if found:
        exactly = [one for one in found if one.name == text]
        return exactly if len(exactly) == 1 else found
    dialect = reader.connection.dialect.name
    return _named(
        reader,
        [
            (
                table,
                contains("name_index", dialect, text, table.c.id) & name_contains(table.c.search, text) & _alive(table),
            )
            for table in tables
        ],
    )


def _alive(table: Table) -> ColumnElement[bool]:
    return table.c.merged_into_id.is_(None)


def _normals(text: str, region: str) -> list[tuple[str, str]]:
    if "@" in text:
        return [("email", normalise("email", text))]
    if sum(character.isdigit() for character in text) >= 5 and not any(c.isalpha() for c in text):
        return [("phone", normalise("phone", text, region))]
    return []


def _reached(table: Table, wanted: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    """Return the condition that a party has one of the contact points, given as (kind, normal form)."""
    c = contact_point.c
    owner = c.contact_id if table is contact else c.customer_id
    kinds, normals = zip(*wanted, strict=True)
    return table.c.id.in_(select(owner).where(c.normal.in_(normals), c.kind.in_(kinds), owner.is_not(None)))


def _named(reader: Reader, wanted: Iterable[tuple[Table, ColumnElement[bool]]]) -> list[Named]:
    """Return the parties that meet the condition given for their table, in one statement."""
    parts = []
    for table, condition in wanted:
        parts.append(
            select(literal(table.name).label("entity"), table.c.id, table.c.name)
            .where(condition)
            .order_by(table.c.id)
            .limit(_SHOWN + 1)
            .subquery()
        )
    whole = union_all(*(select(part.c.entity, part.c.id, part.c.name) for part in parts))
    return [
        Named(entity=row.entity, id=row.id, name=row.name)
        for row in reader.connection.execute(reader.visibility.limit(whole))
    ]
