"""What every entity has in common, and the checks its fields share.

An entity is a plain attrs class: it knows no database. Its fields are checked when it is built and on every
assignment, so a wrong value never reaches a transaction.
"""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

import attrs
from attrs import field

from crmcore.errors import InvalidInput
from crmcore.i18n import _

C = TypeVar("C")


@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field, field))
def entity(cls: type[C]) -> type[C]:
    """Make `cls` an entity: keyword-only, mutable, checked on assignment, compared by identity."""
    return attrs.define(cls, kw_only=True, eq=False)


def required(instance: object, attribute: "attrs.Attribute[str]", value: str) -> None:
    """Refuse a blank text."""
    if not value.strip():
        raise InvalidInput(_("{entity} needs a {field}.").format(entity=type(instance).__name__, field=attribute.name))


def one_of(*allowed: str) -> Callable[[object, "attrs.Attribute[str]", str], None]:
    """Refuse a text that is not one of `allowed`."""

    def check(instance: object, attribute: "attrs.Attribute[str]", value: str) -> None:
        if value not in allowed:
            raise InvalidInput(
                _("{entity}: {field} cannot be “{value}”; it is one of {allowed}.").format(
                    entity=type(instance).__name__, field=attribute.name, value=value, allowed=", ".join(allowed)
                )
            )

    return check


def currency_code(_instance: object, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Refuse what is no code of ISO 4217 by its form."""
    if not (len(value) == 3 and value.isascii() and value.isupper()):
        raise InvalidInput(
            _("{field} needs a currency code of ISO 4217 such as CNY, not “{value}”.").format(
                field=attribute.name, value=value
            )
        )


def not_negative(_instance: object, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Refuse an amount, count or quantity below nothing; None is none."""
    if value is not None and value < 0:
        raise InvalidInput(_("{field} cannot be negative: {value}.").format(field=attribute.name, value=value))


def values(record: Any) -> dict[str, Any]:
    """Return the fields of an entity or frozen value by name, not copied."""
    return {a.name: getattr(record, a.name) for a in attrs.fields(type(record))}
