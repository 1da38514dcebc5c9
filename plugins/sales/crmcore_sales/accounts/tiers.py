"""Tiers of customers, as data of the workspace: each with its contact plan."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader, Transaction, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.account import Account, Tier
from crmcore_sales.tables import account, tier

_MOST = 100

SUGGESTED = (
    {"name": "key", "rank": 1, "times": 1, "days": 30, "executive_days": 90},
    {"name": "major", "rank": 2, "times": 1, "days": 90},
    {"name": "mass", "rank": 3, "times": 1, "days": 180, "automatic": True, "everybody_else": True},
)
"""What a workspace begins with, when it asks for it."""


def tiers(reader: Reader | PluginReader) -> list[Tier]:
    """Return the tiers by rank: one statement."""
    rows = reader.rows(select(tier).order_by(tier.c.rank, tier.c.id).limit(_MOST))
    return [Tier(**row._mapping) for row in rows]


def named(known: Sequence[Tier], name: str) -> Tier:
    """Return the tier of that name; raises `NotFound` with those there are."""
    found = next((one for one in known if one.name == name), None)
    if found is None:
        told = ", ".join(one.name for one in known) or _("none")
        raise NotFound(_("There is no tier “{name}”; there are: {known}.").format(name=name, known=told))
    return found


def set_tier(tx: Transaction, name: str, fields: Mapping[str, Any]) -> Tier:
    """Define a tier, or change what is said; one at most is for everybody else."""
    known = {one.name: one for one in tx.load(Tier)}
    made = known.get(name) or tx.add(Tier(name=name, rank=1 + max((one.rank for one in known.values()), default=0)))
    for field, value in fields.items():
        setattr(made, field, value)
    others = [one.name for one in known.values() if one is not made and one.everybody_else]
    if made.everybody_else and others:
        raise InvalidInput(_("Tier {name} is for everybody else already.").format(name=others[0]))
    return made


def suggest(tx: Transaction) -> list[Tier]:
    """Define the three tiers most begin with, where there are none yet."""
    if tx.load(Tier):
        raise InvalidInput(_("There are tiers already; change them with `crm sales tier set`."))
    return [set_tier(tx, str(one["name"]), one) for one in SUGGESTED]


def remove_tier(tx: Transaction, name: str) -> None:
    """Remove a tier that no customer is in; raises `InvalidInput` with the number of those that are."""
    found = named(tx.load(Tier), name)
    used = tx.value(select(func.count()).select_from(account).where(account.c.tier == name))
    if used:
        raise InvalidInput(
            _("{n} customers are in tier {name}; put them into another first.").format(n=used, name=name)
        )
    tx.remove(found)


def members(one: Tier) -> tuple[Table | Any, ColumnElement[bool]]:
    """Return what to read the customers of a tier from (customer, with its account if any), and the condition."""
    c = tables.customer.c
    origin = tables.customer.outerjoin(account, account.c.customer_id == c.id)
    mine: ColumnElement[bool] = account.c.tier == one.name
    if one.everybody_else:
        mine = or_(mine, account.c.id.is_(None), account.c.tier == "")
    return origin, and_(mine, c.merged_into_id.is_(None))


def place(tx: Transaction, customer_ids: Sequence[int], fields: Mapping[str, Any]) -> int:
    """Say of customers what they are as accounts: their tier, region, sponsor, place. Return how many.

    Raises `NotFound` for a tier there is not.
    """
    if fields.get("tier"):
        named(tiers(tx), fields["tier"])
    held = {one.customer_id: one for one in tx.load(Account, account.c.customer_id.in_(customer_ids))}
    for key in customer_ids:
        one = held.get(key) or tx.add(Account(customer_id=key))
        for field, value in fields.items():
            setattr(one, field, value)
    return len(customer_ids)
