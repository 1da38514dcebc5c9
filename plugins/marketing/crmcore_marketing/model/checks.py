"""Checks that fields of several records share."""

from typing import Any

import attrs

from crmcore.api import InvalidInput
from crmcore_marketing.i18n import _


def currency(_instance: object, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Refuse what is no code of ISO 4217 by its form."""
    if not (len(value) == 3 and value.isascii() and value.isupper()):
        raise InvalidInput(
            _("{field} needs a currency code of ISO 4217 such as CNY, not “{value}”.").format(
                field=attribute.name, value=value
            )
        )


def not_negative(_instance: object, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Refuse an amount, count or quantity below nothing."""
    if value is not None and value < 0:
        raise InvalidInput(_("{field} cannot be negative: {value}.").format(field=attribute.name, value=value))
