"""Keeping audiences: a condition is tried when it is saved."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from crmcore.api import InvalidInput, Transaction, selection
from crmcore_marketing.i18n import _
from crmcore_marketing.model.audience import Audience
from crmcore_marketing.tables import audience


def add(tx: Transaction, name: str, expression: str, **fields: Any) -> Audience:
    """Save a condition under a name; raises `InvalidInput` for one that cannot be asked, and a name that is taken."""
    _must_be_free(tx, name)
    selection(tx, expression)
    return tx.add(Audience(name=name.strip(), expression=expression, **fields))


def edit(tx: Transaction, audience_id: int, fields: Mapping[str, Any]) -> Audience:
    """Change what is given of an audience; raises as `add` does, and `NotFound`."""
    record = tx.get(Audience, audience_id)
    if "name" in fields and fields["name"].strip().lower() != record.name.lower():
        _must_be_free(tx, fields["name"])
    if "expression" in fields:
        selection(tx, fields["expression"])
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def remove(tx: Transaction, audience_id: int) -> None:
    """Remove an audience; mailings that were for it have their messages, and name it no more."""
    tx.remove(tx.get(Audience, audience_id))


def _must_be_free(tx: Transaction, name: str) -> None:
    if name.strip().isdigit():
        raise InvalidInput(_("An audience's name is not a number: ids are."))
    if tx.value(select(audience.c.id).where(func.lower(audience.c.name) == name.strip().lower())) is not None:
        raise InvalidInput(_("There is an audience “{name}” already.").format(name=name.strip()))
