"""Who sees what: one SQL predicate per table and actor, added to every query in one place.

Denied by default: an unknown role sees nothing. Nobody but its owner sees a private contact or customer, nor what
passed with it. A role's scope (all, team, own) can be narrowed in the workspace's settings.
"""

from functools import lru_cache, partial
from typing import Any, cast
from weakref import WeakKeyDictionary

from attrs import frozen
from sqlalchemy import (
    Alias,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    false,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from crmcore.engine.origins import read_from
from crmcore.engine.tables import (
    consent,
    contact,
    contact_point,
    customer,
    customer_role,
    interaction,
    position,
    preference,
    task,
    user_account,
)
from crmcore.model.user import Actor

ALL, TEAM, OWN, NONE = "all", "team", "own", "none"


@frozen(kw_only=True)
class Scope:
    """How far a role reads and writes: all, team, own or none; `manages` is leave to change users and plugins."""

    read: str
    write: str
    manages: bool = False


DEFAULT_SCOPES = {
    "admin": Scope(read=ALL, write=ALL, manages=True),
    "manager": Scope(read=ALL, write=ALL),
    "rep": Scope(read=ALL, write=OWN),
    "service": Scope(read=ALL, write=OWN),
    "reader": Scope(read=ALL, write=NONE),
}
_PARTIES = ((contact, "contact_id"), (customer, "customer_id"))
_PARTS = (contact_point, position, consent, preference, customer_role)
NO_SCOPE = Scope(read=NONE, write=NONE)


# Made once: an alias has a column for every column of its table.
_HIDDEN = {party: party.alias(f"hidden_{party.name}") for party, _column in _PARTIES}
_LIMITED: WeakKeyDictionary[Select[Any], dict[tuple[int, str, str], Select[Any]]] = WeakKeyDictionary()


_SEES_ALL = "crm_sees_all"  # marks the look-up of what is hidden, which must find it


def _is_inner(element: Any, outer: Select[Any]) -> bool:
    return isinstance(element, Select) and element is not outer and _SEES_ALL not in element.get_execution_options()


class Visibility:
    """What one actor sees."""

    def __init__(self, actor: Actor, scope: Scope, connection: Connection) -> None:
        self._viewer = (actor.user_id, scope.read, actor.team)
        self._connection = connection
        self._all: bool | None = None

    def limit(self, statement: Select[Any]) -> Select[Any]:
        """Return the statement with a condition for every table it reads that not everybody may see in full.

        The answer is kept with the statement, for as long as that lives: many are made once and asked often.
        """
        if self._sees_all():
            return statement
        kept = _LIMITED.setdefault(statement, {})
        if self._viewer not in kept:
            kept[self._viewer] = self._limited(statement)
        return kept[self._viewer]

    def _limited(self, statement: Select[Any], outer: frozenset[FromClause] = frozenset()) -> Select[Any]:
        """Limit a statement and the selects within it; `outer` is what the statements around it read from.

        A select within another that names a table of the outer one means the outer row, as SQLAlchemy has it, unless
        that would leave it nothing of its own to read.
        """
        reads = read_from(statement)
        conditions = [self.predicate(origin) for origin in (reads - outer or reads)]
        limited = statement.where(*[one for one in conditions if one is not None])
        if any(_is_inner(each, statement) for each in iterate(statement)):
            inner = partial(self._inner, limited, outer | reads)
            limited = cast(Select[Any], replacement_traverse(limited, {}, inner))
        return limited

    def _inner(
        self, around: Select[Any], outer: frozenset[FromClause], element: Any, **_options: Any
    ) -> Select[Any] | None:
        """Return the limited form of a select within another: in a FROM, a UNION, a WITH or a condition."""
        return self._limited(element, outer) if _is_inner(element, around) else None

    def predicate(self, origin: FromClause) -> ColumnElement[bool] | None:
        """Return what the actor may see of a table or alias; None when there is no limit."""
        if self._viewer[0] == 0:
            return None
        if isinstance(origin, Table):
            return _of_table(origin, *self._viewer)
        if isinstance(origin, Alias) and isinstance(origin.element, Table):
            return _predicate(origin.element, origin.c, *self._viewer)
        return None

    def _sees_all(self) -> bool:
        """Return whether there is nothing to leave out: asked once, so that most queries stay as they are."""
        if self._all is None:
            me, read, _team = self._viewer
            self._all = me == 0 or (read == ALL and not self._connection.execute(_is_anything_hidden(me)).scalar())
        return self._all


@lru_cache(maxsize=1024)
def _is_anything_hidden(me: int) -> Select[tuple[bool]]:
    """Return the statement that tells whether others have private customers or contacts."""
    private = text("private")  # as the partial indexes have it, so that they answer it
    theirs = (
        select(literal(1)).select_from(party).where(private, party.c.owner_id.is_distinct_from(me)).exists()
        for party, _column in _PARTIES
    )
    return select(or_(*theirs))


@lru_cache(maxsize=8192)
def _of_table(table: Table, me: int, read: str, team: str) -> ColumnElement[bool] | None:
    return _predicate(table, table.c, me, read, team)


def _predicate(
    table: Table, c: ReadOnlyColumnCollection[str, Any], me: int, read: str, team: str
) -> ColumnElement[bool] | None:
    if table in (contact, customer):
        return _both(or_(c.private.is_(False), c.owner_id == me), _scoped(c.owner_id, me, read, team))
    if table in (interaction, task):
        owner = c.user_id if table is interaction else c.owner_id
        return _both(_not_about_hidden(c, me), _scoped(owner, me, read, team))
    if table in _PARTS:
        return _not_about_hidden(c, me)
    return None


def _not_about_hidden(c: ReadOnlyColumnCollection[str, Any], me: int) -> ColumnElement[bool]:
    return and_(*(or_(c[name].is_(None), ~_hidden(party, c[name], me)) for party, name in _PARTIES if name in c))


def _hidden(party: Table, record_id: ColumnElement[int], me: int) -> ColumnElement[bool]:
    # Looked up for the rows read; gathering all that is hidden would read the whole table each time.
    other = _HIDDEN[party].c
    return (
        select(other.id)
        .where(other.id == record_id, other.private.is_(True), other.owner_id.is_distinct_from(me))
        .execution_options(**{_SEES_ALL: True})
        .exists()
    )


def _scoped(owner: ColumnElement[int], me: int, read: str, team: str) -> ColumnElement[bool] | None:
    match read:
        case "all":
            return None
        case "team":
            colleagues = select(user_account.c.id).where(user_account.c.team == team)
            return or_(owner.is_(None), owner == me, owner.in_(colleagues))
        case "own":
            return or_(owner.is_(None), owner == me)
        case _:
            return false()


def _both(one: ColumnElement[bool], other: ColumnElement[bool] | None) -> ColumnElement[bool]:
    return one if other is None else one & other
