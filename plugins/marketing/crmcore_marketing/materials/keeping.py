"""Adding and changing materials."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from crmcore.api import InvalidInput, Transaction
from crmcore_marketing.i18n import _
from crmcore_marketing.model.material import Material
from crmcore_marketing.tables import material


def add(tx: Transaction, code: str, fields: Mapping[str, Any]) -> Material:
    """Add a material; raises `InvalidInput` for a code that another has, in capitals or not."""
    code = code.strip()
    if tx.first(select(material.c.id).where(func.lower(material.c.code) == code.lower())):
        raise InvalidInput(_("There is a material {code} already.").format(code=code))
    return tx.add(Material(code=code, **fields))


def edit(tx: Transaction, key: int, wanted: Mapping[str, Any]) -> Material:
    """Change fields of a material; raises `InvalidInput` when nothing is asked."""
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    record = tx.get(Material, key)
    for name, value in wanted.items():
        setattr(record, name, value)
    return record
