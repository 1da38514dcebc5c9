"""Entity types: what is kept, in which table, and what else conditions may ask about it."""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

if TYPE_CHECKING:
    from sqlalchemy import Table

Row = dict[str, Any]
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _nothing_to_derive(_row: Row) -> None:
    """Leave the row as it is."""


@frozen(kw_only=True, eq=False)
class Fact:
    """What conditions may ask about records beside their own fields, such as the roles of the people in a deal.

    `of` is given a reader and the ids of records, and answers a value by id: a text, number, yes or no, date, instant,
    list or mapping. For an id it leaves out the value is empty, and a condition that needs it does not hold. It is
    asked once for all records of a transaction, and only where a condition names it; when it fails, what needs it is
    refused. `sample` is a value of its type, by which conditions are tried when they are defined.
    """

    of: Callable[[Any, Sequence[int]], Mapping[int, Any]]
    sample: Any
    title: str = ""


@frozen(kw_only=True, eq=False)
class EntityType:
    """An entity class and its table; the entity's name is the table's.

    `parents` name the fields that point at the record it is a part of, when it is a part (a phone number of a
    contact); a part is journalled under its parent. `derive` fills columns the entity does not have. Class and table
    agree field by field; `id` and `version` are on both. `facts` have small letters, digits and `_` in their names.
    `entered` says of a part that people type its fields for the record it belongs to: the data-entry meter counts them
    there, where a process is defined for that (row S2-02).

    A table with a column `owner_id` holds records that are somebody's; one with other or several owners names them,
    `Table(..., info={"owners": ("owner_id", "agent_id")})`. Such records are seen and changed as far as a role reads
    and writes (own, team, all), and so are their parts, in tables with a foreign key to the owned one, unless those say
    that they are nobody's, `info={"owners": ()}`. They go to a
    successor when an owner leaves, and nobody who left gets new ones; those with a `closed_at` (or what the table says
    instead, `info={"closed": "ended_at"}`) stay as they are.

    A column that a role need not see says so, `Column(..., info={"hidden_from": ("service",)})`; a workspace shows it
    to that role by the role's definition (`show`).

    Search finds the words of the columns that a table names, `Table(..., info={"searched": ("title", "note")})`, and of
    the workspace's own texts in `custom`; the first column is what a record is called there. What the numbers of
    records are written with is said by `info={"prefix": "T"}`: `crm trail ticket T12`.
    """

    cls: type
    table: "Table"
    parents: tuple[str, ...] = ()
    derive: Callable[[Row], None] = _nothing_to_derive
    facts: Mapping[str, Fact] = field(factory=dict)
    entered: bool = False
    name: str = field(init=False)
    fields: tuple[str, ...] = field(init=False)
    _values: Callable[[Any], tuple[Any, ...]] = field(init=False)

    @facts.validator
    def _check_facts(self, _attribute: object, value: Mapping[str, Fact]) -> None:
        for name in value:
            if not _NAME.fullmatch(name) or name in {a.name for a in attrs.fields(self.cls)}:
                raise ValueError(f"{self.table.name}: a fact cannot be called “{name}”")

    @name.default
    def _default_name(self) -> str:
        return self.table.name

    @fields.default
    def _default_fields(self) -> tuple[str, ...]:
        return tuple(a.name for a in attrs.fields(self.cls))

    @_values.default
    def _default_values(self) -> Callable[[Any], tuple[Any, ...]]:
        return attrgetter(*self.fields)

    def row(self, record: Any) -> Row:
        """Return the record's fields by name."""
        return dict(zip(self.fields, self._values(record), strict=True))

    def parent(self, row: Row) -> int | None:
        """Return the id of the record this one is a part of, or None."""
        for name in self.parents:
            if row[name]:
                return int(row[name])
        return None
