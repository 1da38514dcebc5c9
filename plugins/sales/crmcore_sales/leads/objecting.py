"""What speaks against contacting or visiting somebody now: asked of everybody who may object, before it is done."""

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from crmcore.api import Act, Transaction
from crmcore_sales.leads.listing import LeadView

CHANNELS = ("call", "email")
_PURPOSE = "sales"


@frozen(kw_only=True)
class Said:
    """An objection: who raised it and why, whether it blocks or warns, until when, and what would lift it."""

    by: str
    reason: str
    blocks: bool
    until: datetime | None
    lift: str


def objections(tx: Transaction, acts: Sequence[Act]) -> list[list[Said]]:
    """Return what speaks against each act, what weighs most first; each plugin is asked once for all of them.

    Nothing is journalled: nothing is done yet.
    """
    return [
        [
            Said(by=by, reason=one.reason, blocks=one.blocks, until=one.until, lift=one.lift)
            for by, one in decision.objections
        ]
        for decision in tx.explain(acts)
    ]


def against(tx: Transaction, one: LeadView) -> dict[str, list[Said]]:
    """Return what speaks against calling and writing to whom a lead is about, by channel; empty for nobody known."""
    if one.contact is None and one.customer is None:
        return {}
    acts = [
        Act(
            kind="contact",
            at=tx.now,
            channel=channel,
            purpose=_PURPOSE,
            contact_id=one.contact.id if one.contact else None,
            customer_id=one.customer.id if one.customer else None,
        )
        for channel in CHANNELS
    ]
    return dict(zip(CHANNELS, objections(tx, acts), strict=True))
