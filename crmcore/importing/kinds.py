"""What a plugin's entity must have to be imported, and whether what a format gives fits its fields."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import Column
from sqlalchemy import types as sql

from crmcore.engine.transaction import Transaction
from crmcore.engine.types import Amount, Fixed, Instant, Key
from crmcore.errors import InvalidInput, PluginError
from crmcore.hooks.entities import EntityType
from crmcore.i18n import _

NEEDED = ("source", "batch_id")
"""The fields by which an import tells where a record is from, and takes it back."""


def entity_of(tx: Transaction, name: str) -> EntityType:
    """Return the entity of a plugin that records are to be imported of; raises `PluginError` with what is in the way.

    What the core keeps is not imported as such records: it has its own, which know more of it.
    """
    try:
        entity = tx.entities.named(name)
    except KeyError:
        raise PluginError(
            _("A format gives records of “{entity}”, no kind of record here.").format(entity=name)
        ) from None
    absent = [each for each in NEEDED if each not in entity.fields]
    if absent:
        raise PluginError(
            _("“{entity}” cannot be imported: it has no {fields}.").format(entity=name, fields=", ".join(absent))
        )
    return entity


def check_values(entity: EntityType, values: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` for a value that is not of its field's type, `PluginError` for a field there is not."""
    for name, value in values.items():
        if name not in entity.fields:
            raise PluginError(
                _("A format gives “{field}”, which “{entity}” has not.").format(field=name, entity=entity.name)
            )
        fitting = _kind(entity.table.c[name])
        if value is None or fitting is None:
            continue
        if type(value) is not fitting or getattr(value, "tzinfo", UTC) is None:
            raise InvalidInput(
                _("{field} cannot be {value}: it is to be {kind}").format(
                    field=name, value=repr(value), kind=fitting.__name__
                )
            )


def check_complete(entity: EntityType, values: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` where a new record would lack what its entity cannot be without."""
    needed = [each.name for each in attrs.fields(entity.cls) if each.default is attrs.NOTHING and each.init]
    missing = [name for name in needed if values.get(name) is None]
    if missing:
        raise InvalidInput(_("it needs {fields}").format(fields=", ".join(missing)))


def typed(column: Column[Any], value: Any) -> Any:
    """Return a value that a ledger kept as plain JSON as the column has it: days, instants and amounts were text."""
    kind = _kind(column)
    if not isinstance(value, str) or kind not in _READ:
        return value
    return _READ[kind](value)


_KINDS: Sequence[tuple[tuple[type, ...], type]] = (
    ((Amount, Fixed, sql.Numeric), Decimal),
    ((Instant, sql.DateTime), datetime),
    ((sql.Date,), date),
    ((sql.Boolean,), bool),
    ((sql.Integer,), int),
)
_READ: Mapping[type | None, Callable[[str], Any]] = {
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


@lru_cache(maxsize=4096)
def _kind(column: Column[Any]) -> type | None:
    """Return the type of a column's values; None for one that holds several, as JSON does."""
    found = column.type
    if isinstance(found, sql.Float):
        return None
    fitting = next((kind for kinds, kind in _KINDS if isinstance(found, kinds)), None)
    return fitting or (str if isinstance(found, sql.Text | sql.String | Key) else None)
