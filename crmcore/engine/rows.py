"""Which rows of a table somebody sees, as one condition for each table; denied by default.

Nobody but its owner sees a private contact or customer, nor what passed with it, nor any part of it. Whose a record is
says its table (`owners`), the core's and plugins' alike.
"""

from collections.abc import Iterable
from typing import Any, cast

from attrs import frozen
from sqlalchemy import Alias, ColumnElement, Select, Table, and_, false, func, or_, select, text
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from crmcore.engine.owners import owners, wholes
from crmcore.engine.tables import (
    contact,
    customer,
    duplicate,
    external_id,
    import_batch,
    import_change,
    import_rejection,
    interaction,
    journal,
    link,
    merge,
    participant,
    process_item,
    task,
    user_account,
)

ALL, TEAM, OWN, NONE = "all", "team", "own", "none"
EVERY = "every"
"""How far somebody reads when nothing is private to others: every row, without asking."""

Columns = ReadOnlyColumnCollection[str, Any]
_PARTIES = ((contact, "contact_id"), (customer, "customer_id"))

_HIDEABLE = (contact, customer, interaction, task, process_item)
_OTHER = object()


@frozen(kw_only=True, cache_hash=True)
class Viewer:
    """Who reads: a user, how far the role reads, whether it manages, and the (table, column) pairs hidden from it.

    `plugins` are the tables of the records that plugins brought. `sums_up` says that the statement makes few rows of
    many, as figures do.
    """

    user_id: int
    read: str
    team: str = ""
    manages: bool = False
    hide: frozenset[tuple[str, str]] = frozenset()
    plugins: tuple[Table, ...] = ()
    sums_up: bool = False


def is_other(origin: Table | Alias) -> bool:
    """Return whether an alias is one that conditions look rows up in, which sees every row."""
    if not isinstance(origin, Alias) or not isinstance(origin.element, Table):
        return False
    return origin.element.info.get(_OTHER, {}).get(origin.name) is origin


def unlimited(table: Table, name: str) -> Alias:
    """Return a table under a name of its own, of which a statement sees every row, whoever asks.

    For tables between others that are limited: nothing of it may be told. Made once: an alias has a column for every
    column of its table.
    """
    kept: dict[str, Alias] = table.info.setdefault(_OTHER, {})
    found = kept.get(name)
    if found is not None and found.element is table:
        return found
    made = kept[name] = cast(Alias, table.alias(name))
    return made


def _other(table: Table) -> Alias:
    """Return a table to look up what is hidden, apart from what a statement itself reads."""
    return unlimited(table, f"hidden_{table.name}")


def condition(table: Table, c: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return what the viewer sees of a table, whose columns are `c` (its own, or an alias's); None for all of it.

    What is somebody's is limited by how far the role reads; parts go with the whole. A table of a plugin that has a
    `contact_id` or `customer_id` is limited as the core's own parts are.
    """
    if viewer.user_id == 0 or viewer.read == EVERY:
        return None
    if table in (contact, customer):
        return _both(or_(c.private.is_(False), c.owner_id == viewer.user_id), _in_reach(table, c, viewer))
    if owners(table):
        return _dealing(c, _scoped(table, c, viewer), viewer)
    if table is participant:
        return _not_hidden(interaction, c.interaction_id, viewer)
    if table is external_id:
        return _about_nothing_hidden(c.record_id, viewer, (contact, customer, *viewer.plugins))
    if table is journal:
        return _about_nothing_hidden(c.subject_id, viewer, (*_HIDEABLE, *viewer.plugins))
    if table is link:
        ends = (c.from_id, c.to_id)
        return and_(*(_about_nothing_hidden(end, viewer, (*_HIDEABLE, *viewer.plugins)) for end in ends))
    if table is import_change:
        return _about_nothing_hidden(c.record_id, viewer, (contact, customer, interaction, task, *viewer.plugins))
    if table in (duplicate, merge):
        ends = (c.a, c.b) if table is duplicate else (c.winner_id, c.loser_id)
        return and_(*(_about_nothing_hidden(end, viewer, (contact, customer)) for end in ends))
    if table is import_rejection and not viewer.manages:
        batches = _other(import_batch).c
        own = select(batches.id).where(batches.id == c.batch_id, batches.user_id == viewer.user_id)
        return own.exists()
    if wholes(table):
        return _dealing(c, _of_nothing_hidden(table, c, viewer), viewer)
    return _about_seen(c, viewer)


def _dealing(c: Columns, scoped: ColumnElement[bool] | None, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return what is seen of what we do: that in reach which is about nobody private to somebody else."""
    nobodys = Viewer(user_id=viewer.user_id, read=ALL, sums_up=viewer.sums_up)
    return _both(_about_seen(c, nobodys), scoped)


def _about_seen(c: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return what is seen of what is about a contact or customer: parts of one, and plugins' records."""
    parties = [(party, name) for party, name in _PARTIES if name in c]
    return _all(_or_none(c[name], _not_hidden(party, c[name], viewer)) for party, name in parties)


def _of_nothing_hidden(table: Table, c: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return the condition that a plugin's part is of nothing hidden."""
    return _all(_or_none(c[name], _not_hidden(whole, c[name], viewer)) for name, whole in wholes(table).items())


def _about_nothing_hidden(
    record_id: ColumnElement[int], viewer: Viewer, tables: Iterable[Table]
) -> ColumnElement[bool]:
    """Return the condition that an id is no hidden record's; ids are unique in a workspace."""
    conditions = (_not_hidden(table, record_id, viewer) for table in tables)
    return and_(*(one for one in conditions if one is not None))


def _not_hidden(table: Table, record_id: ColumnElement[int], viewer: Viewer) -> ColumnElement[bool] | None:
    # Looked up for the rows read; gathering all that is hidden would read the whole table each time.
    other = _other(table).c
    seen = condition(table, other, viewer)
    if seen is None:
        return None
    if viewer.sums_up and viewer.read == ALL and (table in (contact, customer) or owners(table)):
        return and_(*(record_id.not_in(theirs) for theirs in _theirs(table, viewer)))
    return ~select(other.id).where(other.id == record_id, ~func.coalesce(seen, false())).exists()


def _theirs(table: Table, viewer: Viewer) -> list[Select[tuple[int]]]:
    """Return what is private to others, or about it: for very many rows it is cheaper to gather those few once.

    Private is said as in the partial indexes, which answer it; what is about private parties is found by its indexes,
    for each kind of party by itself.
    """
    other = _other(table)
    if table in (contact, customer):
        private = text(f"{other.name}.private")
        return [select(other.c.id).where(private, other.c.owner_id.is_distinct_from(viewer.user_id))]
    return [
        select(other.c.id).where(other.c[name].in_(theirs))
        for party, name in _PARTIES
        if name in other.c
        for theirs in _theirs(party, viewer)
    ]


def _in_reach(party: Table, c: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return which parties are in reach: one's own, and those that a case or a plugin's record in reach is about.

    Who sees an opportunity can tell whose it is.
    """
    own = _scoped(party, c, viewer)
    if own is None or viewer.read not in (TEAM, OWN):
        return own
    ways = [own]
    for table in (process_item, *viewer.plugins):
        if owners(table) and f"{party.name}_id" in table.c:
            other = _other(table).c
            about = select(other.id).where(other[f"{party.name}_id"] == c.id, _near(table, other, viewer))
            ways.append(about.exists())
    return or_(*ways)


def _scoped(table: Table, c: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return which records of a table with owners the role reaches; None for all."""
    if viewer.read == ALL:
        return None
    return _near(table, c, viewer) if viewer.read in (TEAM, OWN) else false()


def _near(table: Table, c: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """Return which records of a table with owners are nobody's, one's own, or one's team's."""
    columns: list[ColumnElement[Any]] = [c[name] for name in owners(table)]
    near = [and_(*(one.is_(None) for one in columns)), *(one == viewer.user_id for one in columns)]
    if viewer.read == TEAM:
        colleagues = select(user_account.c.id).where(user_account.c.team == viewer.team)
        near += [one.in_(colleagues) for one in columns]
    return or_(*near)


def _or_none(column: ColumnElement[Any], condition: ColumnElement[bool] | None) -> ColumnElement[bool] | None:
    return None if condition is None else or_(column.is_(None), condition)


def _all(conditions: Iterable[ColumnElement[bool] | None]) -> ColumnElement[bool] | None:
    held = [one for one in conditions if one is not None]
    return and_(*held) if held else None


def _both(one: ColumnElement[bool] | None, other: ColumnElement[bool] | None) -> ColumnElement[bool] | None:
    return _all((one, other))
