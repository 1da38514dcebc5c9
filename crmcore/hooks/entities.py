"""Entity types: what is kept, and in which table."""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

if TYPE_CHECKING:
    from sqlalchemy import Table

Row = dict[str, Any]


def _nothing_to_derive(_row: Row) -> None:
    """Leave the row as it is."""


@frozen(kw_only=True, eq=False)
class EntityType:
    """An entity class and its table; the entity's name is the table's.

    `parents` name the fields that point at the record it is a part of, when it is a part (a phone number of a
    contact); a part is journalled under its parent. `derive` fills columns the entity does not have. Class and table
    agree field by field; `id` and `version` are on both.
    """

    cls: type
    table: "Table"
    parents: tuple[str, ...] = ()
    derive: Callable[[Row], None] = _nothing_to_derive
    name: str = field(init=False)
    fields: tuple[str, ...] = field(init=False)
    _values: Callable[[Any], tuple[Any, ...]] = field(init=False)

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
