"""What of every table an actor may take out of the workspace.

Nobody takes out what he cannot see: neither a hidden record nor anything that points at one. Administrators take out
everything but other people's private contacts and customers, and what is private between them and us; a whole backup
holds those too. The workspace's own records (journal, imports, merges, settings) are for administrators.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, false, func, or_, select, true

from crmcore.engine import tables as t
from crmcore.engine.owners import owners, wholes
from crmcore.engine.reader import Reader
from crmcore.engine.visibility import DEFAULT_SCOPES, NO_SCOPE
from crmcore.hooks.references import Reference

_PARTIES = {"contact": t.contact, "customer": t.customer, "interaction": t.interaction, "task": t.task}
_LINKS = {f"{name}_id": (name,) for name in _PARTIES}
# Ids are unique in a workspace: such a column may point at any record.
_ANY = dict.fromkeys(
    ("record_id", "subject_id", "winner_id", "loser_id", "a", "b", "from_id", "to_id"), tuple(_PARTIES)
)
_OF_THE_WORKSPACE = (
    t.journal, t.import_batch, t.import_change, t.import_rejection, t.duplicate, t.merge, t.plugin,
    t.setting, t.erased,
)  # fmt: skip
CLOSED_FIELDS = frozenset({"subject", "body", "quoted", "location", "details", "thread"})
"""What of a private interaction only its user sees."""


def is_allowed(table: Table, reader: Reader) -> bool:
    """Return whether the actor may take out anything of a table."""
    manages = reader.actor.user_id == 0 or DEFAULT_SCOPES.get(reader.actor.role, NO_SCOPE).manages
    return manages or table not in _OF_THE_WORKSPACE


def is_closed(row: Row[Any], reader: Reader) -> bool:
    """Return whether an interaction's content is hidden from the actor: it is private, and somebody else's."""
    return bool(row.private and reader.actor.user_id not in (0, row.user_id))


def visible(table: Table, reader: Reader, references: Iterable[Reference]) -> Select[Any]:
    """Return the statement for the rows of a table that the actor may take out, in the order of the key."""
    statement = select(table).order_by(*table.primary_key.columns)
    if reader.actor.user_id == 0:
        return statement
    if table in _PARTIES.values():
        return reader.visibility.limit(statement)
    links: dict[str, tuple[str, ...]] = {name: kinds for name, kinds in _LINKS.items() if name in table.c}
    if table.metadata is t.metadata:
        links |= {name: kinds for name, kinds in _ANY.items() if name in table.c}
    for one in references:
        if one.table.name == table.name and one.target in _PARTIES:
            links[one.column] = (*links.get(one.column, ()), one.target)
    for name, kinds in links.items():
        for kind in dict.fromkeys(kinds):
            statement = statement.where(_not_in(table.c[name], _hidden(kind, reader)))
    if table is t.journal:
        statement = statement.where(*_not_told(reader))
    if (owners(table) or wholes(table) or table is t.link) and (seen := reader.visibility.predicate(table)) is not None:
        statement = statement.where(seen)
    return reader.visibility.blanked(statement)


def _not_in(column: ColumnElement[Any], ids: Select[tuple[int]]) -> ColumnElement[bool]:
    return or_(column.is_(None), column.not_in(ids))


def _hidden(kind: str, reader: Reader) -> Select[tuple[int]]:
    table = _PARTIES[kind]
    seen = reader.visibility.predicate(table)
    return select(table.c.id).where(false() if seen is None else ~func.coalesce(seen, false()))


def _not_told(reader: Reader) -> list[ColumnElement[bool]]:
    """Return what keeps out of the journal what was private: others' interactions, records removed since."""
    me, i, j = reader.actor.user_id, t.interaction.c, t.journal.alias().c
    private = select(i.id).where(i.private.is_(True), i.user_id.is_distinct_from(me))
    removed = select(j.subject_id).where(
        and_(
            j.type.in_(("contact.removed", "customer.removed", "interaction.removed")),
            j.data["private"].as_boolean() == true(),
            func.coalesce(j.data["owner_id"].as_integer(), j.data["user_id"].as_integer(), 0) != me,
        )
    )
    return [t.journal.c.subject_id.not_in(private), t.journal.c.subject_id.not_in(removed)]
