"""Adding campaigns, changing them, taking one away."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, func, or_, select

from crmcore.api import InvalidInput, Process, Refused, Transaction, currency
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Campaign, Spend
from crmcore_marketing.tables import campaign, event, mailing, member, spend, touch

_NAME = campaign.name
_INHERITED = ("type", "channel", "industry", "products", "currency", "programme_id", "starts_on", "ends_on")
"""What a child is like its parent in, unless it is said."""


def process_of(tx: Transaction) -> Process:
    """Return the process of campaigns, as the workspace has it."""
    return next(one for one in tx.definitions.processes if one.entity == _NAME)


def add(tx: Transaction, fields: Mapping[str, Any]) -> Campaign:
    """Add a campaign, the actor's own unless it is said whose; a child is like its parent where nothing is said.

    Without a status it begins in the first. Raises `InvalidInput` for a code that another one has.
    """
    said = {name: value for name, value in fields.items() if value not in (None, "", [])}
    filled = {"status", "currency", "owner_id"} - set(said)
    if said.get("parent_id"):
        parent = tx.get(Campaign, said["parent_id"])
        inherited = {name: getattr(parent, name) for name in _INHERITED if name not in said}
        said |= inherited
        filled |= set(inherited)
    record = Campaign(
        **{
            "status": process_of(tx).states[0].name,
            "currency": currency(tx),
            "owner_id": tx.actor.user_id or None,
            **said,
        }
    )
    _check_code(tx, record.code)
    tx.add(record)
    tx.filled[_NAME, record.id].update(filled)
    return record


def edit(tx: Transaction, record: Campaign, fields: Mapping[str, Any]) -> None:
    """Give a campaign other values; raises `InvalidInput` for a code that another one has."""
    if fields.get("code"):
        _check_code(tx, fields["code"], record.id)
    for name, value in fields.items():
        setattr(record, name, value)


def _check_code(tx: Transaction, code: str, but: int = 0) -> None:
    c = campaign.c
    tx.flush()
    taken = tx.first(select(c.id, c.name).where(func.lower(c.code) == code.lower(), c.id != but)) if code else None
    if taken is not None:
        raise InvalidInput(
            _("The code {code} is that of campaign {id}, {name}.").format(code=code, id=taken.id, name=taken.name)
        )


def remove(tx: Transaction, record: Campaign) -> None:
    """Remove a campaign entered by mistake, with what was spent on it; raises `Refused` for one that took place."""
    c = campaign.c
    happened = [
        exists().where(table.c[name] == record.id)
        for table, name in (
            (member, "campaign_id"), (touch, "campaign_id"), (mailing, "campaign_id"), (event, "campaign_id"),
            (campaign.alias("below"), "parent_id"),
        )
    ]  # fmt: skip
    if tx.value(select(c.id).where(c.id == record.id, or_(*happened))) is not None:
        raise Refused(
            [
                _("Campaign {id} has members, mailings, events or campaigns below it; cancel it instead.").format(
                    id=record.id
                )
            ]
        )
    for one in tx.load(Spend, spend.c.campaign_id == record.id):
        tx.remove(one)
    tx.remove(record)
