"""Who sees what: one SQL predicate per table and actor, added to every query in one place.

Denied by default: an unknown role sees nothing. Nobody but its owner sees a private contact or customer, nor what
passed with it. A role's scope (all, team, own) can be narrowed in the workspace's settings.
"""

from typing import Any

from attrs import frozen
from sqlalchemy import (
    CTE,
    Alias,
    ClauseElement,
    ColumnClause,
    ColumnElement,
    Connection,
    Exists,
    FromClause,
    ScalarSelect,
    Select,
    SelectBase,
    Subquery,
    Table,
    and_,
    false,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

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


class Visibility:
    """The predicates of one actor."""

    def __init__(self, actor: Actor, scope: Scope, connection: Connection) -> None:
        self._actor = actor
        self._scope = scope
        self._connection = connection
        self._all: bool | None = None
        self._conditions: dict[FromClause, ColumnElement[bool] | None] = {}

    def limit(self, statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
        """Return the statement with a condition for every table it reads that not everybody may see in full."""
        if self._sees_all():
            return statement
        for origin in read_from(statement):
            condition = self._condition(origin)
            if condition is not None:
                statement = statement.where(condition)
        return statement

    def _condition(self, origin: FromClause) -> ColumnElement[bool] | None:
        """Return the predicate of a table or alias, made once: readers ask of the same few tables again and again."""
        if origin not in self._conditions:
            self._conditions[origin] = self.predicate(origin)
        return self._conditions[origin]

    def _sees_all(self) -> bool:
        """Return whether there is nothing to leave out: asked once, so that most queries stay as they are."""
        if self._all is None:
            self._all = self._actor.user_id == 0 or (self._scope.read == ALL and not self._is_anything_hidden())
        return self._all

    def _is_anything_hidden(self) -> bool:
        # Written as the partial indexes have it, so that they answer it.
        private = text("private")
        theirs = (
            select(literal(1))
            .select_from(t)
            .where(private, t.c.owner_id.is_distinct_from(self._actor.user_id))
            .exists()
            for t in (contact, customer)
        )
        return bool(self._connection.execute(select(or_(*theirs))).scalar())

    def predicate(self, origin: FromClause) -> ColumnElement[bool] | None:
        """Return what the actor may see of a table or alias; None when there is no limit."""
        table = origin.element if isinstance(origin, Alias) else origin
        if self._actor.user_id == 0 or not isinstance(table, Table):
            return None
        me, c = self._actor.user_id, origin.c
        if table in (contact, customer):
            return _both(or_(c.private.is_(False), c.owner_id == me), self._scoped(c.owner_id))
        if table in (interaction, task):
            owner = c.user_id if table is interaction else c.owner_id
            return _both(self._not_about_hidden(c), self._scoped(owner))
        if table in _PARTS:
            return self._not_about_hidden(c)
        return None

    def _not_about_hidden(self, c: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
        return and_(*(or_(c[name].is_(None), ~self._hidden(party, c[name])) for party, name in _PARTIES if name in c))

    def _hidden(self, party: Table, record_id: ColumnElement[int]) -> ColumnElement[bool]:
        # Looked up for the rows read; gathering all that is hidden would read the whole table each time.
        other = party.alias()
        hidden = other.c.private.is_(True) & other.c.owner_id.is_distinct_from(self._actor.user_id)
        return select(other.c.id).where(other.c.id == record_id, hidden).exists()

    def _scoped(self, owner: ColumnElement[int]) -> ColumnElement[bool] | None:
        match self._scope.read:
            case "all":
                return None
            case "team":
                team = select(user_account.c.id).where(user_account.c.team == self._actor.team)
                return or_(owner.is_(None), owner == self._actor.user_id, owner.in_(team))
            case "own":
                return or_(owner.is_(None), owner == self._actor.user_id)
            case _:
                return false()


def _both(one: ColumnElement[bool], other: ColumnElement[bool] | None) -> ColumnElement[bool]:
    return one if other is None else one & other


def read_from(statement: Select[Any]) -> set[FromClause]:
    """Return the tables and aliases a statement itself reads from, joined ones too; not those of selects within it.

    The same as `get_final_froms`, which compiles the statement to find out and costs fifteen times as much.
    """
    found: set[FromClause] = set()
    waiting: list[ClauseElement] = [statement]
    while waiting:
        for child in waiting.pop().get_children():
            if isinstance(child, Table | Alias):
                found.add(child)
            elif isinstance(child, ColumnClause) and child.table is not None:
                found.add(child.table)
            elif not isinstance(child, SelectBase | Subquery | CTE | ScalarSelect | Exists):
                waiting.append(child)
    return found
