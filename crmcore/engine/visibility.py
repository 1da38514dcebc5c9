"""Who sees what: one SQL predicate per table and actor, added to every query in one place.

Denied by default: an unknown role sees nothing. Nobody but its owner sees a private contact or customer, nor what
passed with a private contact. A role's scope (all, team, own) can be narrowed in the workspace's settings.
"""

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, Select, Table, false, or_, select
from sqlalchemy.sql.selectable import Alias, Join

from crmcore.engine.tables import contact, customer, interaction, task, user_account
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
NO_SCOPE = Scope(read=NONE, write=NONE)


class Visibility:
    """The predicates of one actor."""

    def __init__(self, actor: Actor, scope: Scope) -> None:
        self._actor = actor
        self._scope = scope

    def limit(self, statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
        """Return the statement with a condition for every table it reads that not everybody may see in full."""
        if self._actor.user_id == 0:
            return statement
        for origin in statement.get_final_froms():
            for one in _parts(origin):
                condition = self.predicate(one)
                if condition is not None:
                    statement = statement.where(condition)
        return statement

    def predicate(self, origin: FromClause) -> ColumnElement[bool] | None:
        """Return what the actor may see of a table or alias; None when there is no limit."""
        table = origin.element if isinstance(origin, Alias) else origin
        if self._actor.user_id == 0 or not isinstance(table, Table):
            return None
        me, c = self._actor.user_id, origin.c
        if table in (contact, customer):
            not_hidden = or_(c.private.is_(False), c.owner_id == me)
            scoped = self._scoped(c.owner_id)
            return not_hidden if scoped is None else not_hidden & scoped
        if table is interaction:
            not_hidden = or_(c.contact_id.is_(None), ~self._hidden(c.contact_id))
            scoped = self._scoped(c.user_id)
            return not_hidden if scoped is None else not_hidden & scoped
        if table is task:
            return self._scoped(c.owner_id)
        return None

    def _hidden(self, contact_id: ColumnElement[int]) -> ColumnElement[bool]:
        # Looked up for the rows read; gathering all hidden contacts would read the whole table each time.
        other = contact.alias()
        hidden = other.c.private.is_(True) & other.c.owner_id.is_distinct_from(self._actor.user_id)
        return select(other.c.id).where(other.c.id == contact_id, hidden).exists()

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


def _parts(origin: FromClause) -> list[FromClause]:
    if isinstance(origin, Join):
        return _parts(origin.left) + _parts(origin.right)
    return [origin]
