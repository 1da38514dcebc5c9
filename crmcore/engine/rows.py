"""Which rows of a table somebody sees, as one condition for each table; denied by default.

Nobody but its owner sees a private contact or customer, nor what passed with it, nor any part of it.
"""

from collections.abc import Iterable
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Table, and_, false, func, or_, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

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

# Under names of their own, so that they stay apart from what a statement itself reads. Made once: an alias has a column
# for every column of its table.
_HIDEABLE = (contact, customer, interaction, task, process_item)
OTHERS = {table: table.alias(f"hidden_{table.name}") for table in (*_HIDEABLE, import_batch)}


@frozen(kw_only=True)
class Viewer:
    """Who reads: a user, how far the role reads, whether it manages, and the (table, column) pairs hidden from it."""

    user_id: int
    read: str
    team: str = ""
    manages: bool = False
    hide: frozenset[tuple[str, str]] = frozenset()


def condition(table: Table, c: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return what the viewer sees of a table, whose columns are `c` (its own, or an alias's); None for all of it.

    A table of a plugin that has a `contact_id` or `customer_id` is limited as the core's own parts are.
    """
    if viewer.user_id == 0 or viewer.read == EVERY:
        return None
    if table in (contact, customer):
        return _both(or_(c.private.is_(False), c.owner_id == viewer.user_id), _scoped(c.owner_id, viewer))
    if table in (interaction, task, process_item):
        return _dealing(c, c.user_id if table is interaction else c.owner_id, viewer)
    if table is participant:
        return ~_is_hidden(interaction, c.interaction_id, viewer)
    if table is external_id:
        return _about_nothing_hidden(c.record_id, viewer, (contact, customer))
    if table is journal:
        return _about_nothing_hidden(c.subject_id, viewer, _HIDEABLE)
    if table is import_change:
        return _about_nothing_hidden(c.record_id, viewer, (contact, customer, interaction, task))
    if table in (duplicate, merge):
        ends = (c.a, c.b) if table is duplicate else (c.winner_id, c.loser_id)
        return and_(*(_about_nothing_hidden(end, viewer, (contact, customer)) for end in ends))
    if table is import_rejection and not viewer.manages:
        batches = OTHERS[import_batch].c
        own = select(batches.id).where(batches.id == c.batch_id, batches.user_id == viewer.user_id)
        return own.exists()
    return _about_seen(c, viewer)


def _dealing(c: Columns, owner: ColumnElement[int], viewer: Viewer) -> ColumnElement[bool] | None:
    """Return what is seen of what we do: that in reach which is about nobody private to somebody else."""
    return _both(_about_seen(c, Viewer(user_id=viewer.user_id, read=ALL)), _scoped(owner, viewer))


def _about_seen(c: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Return what is seen of what is about a contact or customer: parts of one, and plugins' records."""
    parties = [(party, name) for party, name in _PARTIES if name in c]
    seen = (or_(c[name].is_(None), ~_is_hidden(party, c[name], viewer)) for party, name in parties)
    return and_(*seen) if parties else None


def _about_nothing_hidden(
    record_id: ColumnElement[int], viewer: Viewer, tables: Iterable[Table]
) -> ColumnElement[bool]:
    """Return the condition that an id is no hidden record's; ids are unique in a workspace."""
    return and_(*(~_is_hidden(table, record_id, viewer) for table in tables))


def _is_hidden(table: Table, record_id: ColumnElement[int], viewer: Viewer) -> ColumnElement[bool]:
    # Looked up for the rows read; gathering all that is hidden would read the whole table each time.
    other = OTHERS[table].c
    seen = condition(table, other, viewer)
    return select(other.id).where(other.id == record_id, ~func.coalesce(seen, false())).exists()


def _scoped(owner: ColumnElement[int], viewer: Viewer) -> ColumnElement[bool] | None:
    match viewer.read:
        case "all":
            return None
        case "team":
            colleagues = select(user_account.c.id).where(user_account.c.team == viewer.team)
            return or_(owner.is_(None), owner == viewer.user_id, owner.in_(colleagues))
        case "own":
            return or_(owner.is_(None), owner == viewer.user_id)
        case _:
            return false()


def _both(one: ColumnElement[bool] | None, other: ColumnElement[bool] | None) -> ColumnElement[bool] | None:
    return other if one is None else one if other is None else one & other
