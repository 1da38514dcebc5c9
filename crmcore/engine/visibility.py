"""Who sees what: each table that a statement reads is replaced by what of it the actor may see, in one place.

Rows are left out by a condition (`rows`), hidden fields are blank (`fields`). The replacement is a table itself, so
the same holds in joins, aliases, subqueries, unions, functions, conditions and orders, and an outer join loses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from attrs import evolve, frozen
from sqlalchemy import (
    Alias,
    ClauseElement,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    Table,
    TextClause,
    bindparam,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.sql.elements import ColumnClause, TableValuedColumn
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from crmcore.engine import fields, rows
from crmcore.engine.rows import ALL, EVERY, NONE, OWN, TEAM, Viewer
from crmcore.engine.tables import contact, customer
from crmcore.model.user import Actor

__all__ = ["ALL", "DEFAULT_SCOPES", "NONE", "NO_SCOPE", "OWN", "SUMS_UP", "TEAM", "Scope", "Visibility"]

S = TypeVar("S", bound=ClauseElement)

SUMS_UP = "crm_sums_up"
"""The execution option of a select that goes through most rows of its tables, whatever it is a part of."""


@frozen(kw_only=True)
class Scope:
    """How far a role reads and writes: all, team, own or none; `manages` is leave to change users and plugins.

    `hide` are the fields hidden from it, as (table, field); `plugins` the tables of the records that plugins brought.
    """

    read: str
    write: str
    manages: bool = False
    hide: fields.Hidden = frozenset()
    plugins: tuple[Table, ...] = ()


DEFAULT_SCOPES = {
    "admin": Scope(read=ALL, write=ALL, manages=True),
    "manager": Scope(read=ALL, write=ALL),
    "rep": Scope(read=ALL, write=OWN),
    "service": Scope(read=ALL, write=OWN),
    "reader": Scope(read=ALL, write=NONE),
}
NO_SCOPE = Scope(read=NONE, write=NONE)


@frozen(kw_only=True)
class _Limited:
    """A statement as somebody may ask it, and the hidden fields it names."""

    statement: Any
    withheld: fields.Hidden


_LIMITED: WeakKeyDictionary[Any, dict[Viewer, _Limited]] = WeakKeyDictionary()


class Visibility:
    """What one actor sees. `withheld` gathers the hidden fields that statements have named."""

    def __init__(self, actor: Actor, scope: Scope, connection: Connection) -> None:
        hide = scope.hide if actor.user_id else frozenset()
        self._viewer = Viewer(
            user_id=actor.user_id,
            read=scope.read,
            team=actor.team,
            manages=scope.manages,
            hide=hide,
            plugins=scope.plugins,
        )
        self._connection = connection
        self._known: Viewer | None = None
        self.withheld: set[tuple[str, str]] = set()

    @property
    def hide(self) -> fields.Hidden:
        """The fields that are hidden from the actor, as (table, field)."""
        return self._viewer.hide

    @property
    def plugins(self) -> tuple[Table, ...]:
        """The tables of the records that plugins brought."""
        return self._viewer.plugins

    def hidden_in(self, entity: str) -> frozenset[str]:
        """Return the names of the fields of an entity that are hidden from the actor."""
        return frozenset(name for each, name in self.hide if each == entity)

    def limit(self, statement: S) -> S:
        """Return the statement as the actor may ask it.

        The answer is kept with the statement, for as long as that lives: many are made once and asked often.
        """
        viewer = self._seeing()
        return statement if viewer.read == EVERY and not viewer.hide else cast(S, self._kept(statement, viewer))

    def for_editing(self, table: Table, names: Iterable[str], *conditions: ColumnElement[bool]) -> Select[Any]:
        """Return the statement for the rows the actor sees that meet the conditions, hidden fields as they are stored.

        The conditions are met as the actor sees the rows. For records to be edited: what is hidden must not be shown.
        """
        statement = select(*[table.c[name] for name in names]).order_by(table.c.id)
        if not self.hidden_in(table.name):
            return self.limit(statement.where(*conditions))
        return statement.where(table.c.id.in_(self.limit(select(table.c.id).where(*conditions))))

    def by_id(self, table: Table, names: tuple[str, ...]) -> Select[Any]:
        """Return the statement for one record to be edited, whose id is the parameter `wanted`; made once."""
        if self.hidden_in(table.name):
            return self.for_editing(table, names, table.c.id == bindparam("wanted"))
        return self.limit(_by_id(table, names))

    def blanked(self, statement: S) -> S:
        """Return the statement with hidden fields blank and every row: for a caller that limits the rows itself."""
        viewer = Viewer(user_id=0, read=EVERY, hide=self._viewer.hide)
        return cast(S, self._kept(statement, viewer)) if viewer.hide else statement

    def predicate(self, origin: FromClause) -> ColumnElement[bool] | None:
        """Return which rows the actor sees of a table or alias; None when there is no limit."""
        if isinstance(origin, Table):
            return _of_table(origin, self._viewer)
        if isinstance(origin, Alias) and isinstance(origin.element, Table):
            return rows.condition(origin.element, origin.c, self._viewer)
        return None

    def _kept(self, statement: Any, viewer: Viewer) -> Any:
        kept = _LIMITED.get(statement)
        if kept is None:
            kept = _LIMITED[statement] = {}
        found = kept.get(viewer)
        if found is None:
            found = kept[viewer] = _limited(statement, viewer)
        self.withheld |= found.withheld
        return found.statement

    def _seeing(self) -> Viewer:
        """Return the viewer; where nothing is private to others as one who sees every row: most queries stay as is."""
        if self._known is None:
            me = self._viewer.user_id
            every = me == 0 or (
                self._viewer.read == ALL and not self._connection.execute(_is_anything_hidden(me)).scalar()
            )
            self._known = Viewer(user_id=0, read=EVERY, hide=self._viewer.hide) if every else self._viewer
        return self._known


def _limited(statement: Any, viewer: Viewer) -> _Limited:
    """Replace every table a statement reads, at whatever depth, by what the viewer sees of it."""
    if _sums_up(statement):
        viewer = evolve(viewer, sums_up=True)
    standing = _Standing(viewer, _named_in(statement))
    replaced = replacement_traverse(statement, {}, standing)
    replaced._is_clone_of = None  # else what is kept with the statement would keep the statement
    return _Limited(statement=replaced, withheld=frozenset(standing.withheld))


def _sums_up(statement: Any) -> bool:
    """Return whether a statement makes few rows of many: it groups them, or has a part that says so (`SUMS_UP`)."""
    if isinstance(statement, Select) and statement._group_by_clauses:
        return True
    return any(isinstance(each, Select) and SUMS_UP in each.get_execution_options() for each in iterate(statement))


def _named_in(statement: Any) -> dict[FromClause, set[str] | None]:
    """Return the columns that a statement names, by table or alias; None for a table it takes as a whole."""
    named: dict[FromClause, set[str] | None] = defaultdict(set)
    whole: set[FromClause] = set()
    everything = False
    for each in iterate(statement):
        if isinstance(each, ColumnClause):
            everything |= each.is_literal and not each.name.isdecimal()  # a number is one, other words may name any
            if each.table is not None:
                found = named[each.table]
                if found is not None:
                    found.add(each.key)
        elif isinstance(each, Table | Alias):
            named.setdefault(each, set())
        elif isinstance(each, Select):
            whole.update(one for one in each._raw_columns if isinstance(one, Table | Alias))
            everything |= any(join[1] is None for join in each._setup_joins)  # by foreign keys: any column
        elif isinstance(each, TextClause | TableValuedColumn):
            everything = True  # may name any column
    return {origin: None if everything or origin in whole else keys for origin, keys in named.items()}


class _Standing:
    """What stands for the tables and aliases of one statement, and for their columns."""

    def __init__(self, viewer: Viewer, named: Mapping[FromClause, set[str] | None]) -> None:
        self._viewer = viewer
        self._named = named
        self._made: dict[FromClause, Subquery | None] = {}
        self.withheld: set[tuple[str, str]] = set()

    def __call__(self, element: Any, **_options: Any) -> Any:
        """Return what stands for an element of the statement; None to leave it and look into it."""
        if isinstance(element, Table | Alias):
            return element if rows.is_other(element) else self._origin(element)
        if isinstance(element, ColumnClause) and isinstance(element.table, Table | Alias):
            origin = self._origin(element.table)
            return None if origin is None else origin.c[element.key]
        return None

    def _origin(self, origin: Table | Alias) -> Subquery | None:
        if origin not in self._made:
            self._made[origin] = self._make(origin)
        return self._made[origin]

    def _make(self, origin: Table | Alias) -> Subquery | None:
        table = origin.element if isinstance(origin, Alias) else origin
        if not isinstance(table, Table) or rows.is_other(origin):
            return None  # as of a column that is named of it
        keys = self._named.get(origin)
        hidden = {name for entity, name in self._viewer.hide if entity == table.name}
        self.withheld |= {(table.name, name) for name in hidden if keys is None or name in keys}
        wanted = None if keys is None else frozenset(keys)
        make = _standing_for if isinstance(origin, Alias) else _kept_standing_for
        return make(table, origin, self._viewer, wanted)


def _standing_for(
    table: Table, origin: Table | Alias, viewer: Viewer, wanted: frozenset[str] | None
) -> Subquery | None:
    """Return what the viewer sees of the wanted columns of a table, under the name of `origin`.

    None for one that is seen in full.
    """
    condition = rows.condition(table, origin.c, viewer)
    shown = fields.columns(table, origin.c, viewer.hide, wanted)
    if condition is None and all(
        one is other for one, other in zip(shown, (origin.c[each.key or ""] for each in shown), strict=True)
    ):
        return None
    statement: Select[Any] = select(*shown)
    if condition is not None:
        statement = statement.where(condition)
    return statement.correlate(None).subquery(origin.name)


_kept_standing_for = lru_cache(maxsize=8192)(_standing_for)  # an alias is seldom met again, a table always


@lru_cache(maxsize=1024)
def _by_id(table: Table, names: tuple[str, ...]) -> Select[Any]:
    return select(*[table.c[name] for name in names]).where(table.c.id == bindparam("wanted"))


@lru_cache(maxsize=1024)
def _is_anything_hidden(me: int) -> Select[tuple[bool]]:
    """Return the statement that tells whether others have private customers or contacts."""
    private = text("private")  # as the partial indexes have it, so that they answer it
    theirs = (
        select(literal(1)).select_from(party).where(private, party.c.owner_id.is_distinct_from(me)).exists()
        for party in (contact, customer)
    )
    return select(or_(*theirs))


@lru_cache(maxsize=8192)
def _of_table(table: Table, viewer: Viewer) -> ColumnElement[bool] | None:
    return rows.condition(table, table.c, viewer)
