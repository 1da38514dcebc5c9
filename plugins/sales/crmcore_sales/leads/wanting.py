"""What a lead was said to want when it was handed over: kept in its details until it is an opportunity."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crmcore.api import InvalidInput, NotFound, Prospect, Transaction
from crmcore_sales.catalogue import products
from crmcore_sales.model.lead import Lead
from crmcore_sales.pipeline.lines import SaidLine

_NAMES = ("product", "quantity", "need_by")


def kept(one: Prospect) -> dict[str, str]:
    """Return what a prospect wants, as a lead's details keep it."""
    said = {name: getattr(one, name) for name in ("product", "need_by")}
    quantity = {} if one.quantity is None else {"quantity": f"{one.quantity.normalize():f}"}
    return {**{name: str(value) for name, value in said.items() if value}, **quantity}


def wanted(details: Mapping[str, Any]) -> dict[str, str]:
    """Return what the details of a lead say that it wants: product, quantity, need_by."""
    return {name: str(details[name]) for name in _NAMES if details.get(name)}


def needed(record: Lead) -> date | None:
    """Return by when a lead needs what it wants, None where that is not known."""
    said = wanted(record.details).get("need_by")
    return date.fromisoformat(said) if said else None


def line(tx: Transaction, record: Lead) -> tuple[SaidLine | None, bool]:
    """Return the line of an opportunity that a lead wants, None for none, and whether it is words and no product."""
    said = wanted(record.details)
    if "product" not in said:
        return None, False
    quantity = Decimal(said["quantity"]) if "quantity" in said else None
    try:
        products.found(tx, [said["product"]])
    except (NotFound, InvalidInput):
        return SaidLine(what=said["product"], quantity=quantity), True
    return SaidLine(what=said["product"], quantity=quantity), False
