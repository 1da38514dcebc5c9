"""Entering and editing interactions by hand."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import select

from crmcore.directory.versions import assign, take
from crmcore.engine.tables import position
from crmcore.engine.transaction import Transaction
from crmcore.errors import Denied, InvalidInput
from crmcore.fields.entering import entered
from crmcore.i18n import _
from crmcore.model.interaction import Interaction, Participant
from crmcore.model.party import Contact, Customer

NO_TEXT: Mapping[str, str] = {}
_ROLES = {"email": ("from", "to"), "letter": ("from", "to"), "chat": ("from", "to"), "call": ("caller", "callee")}
"""By channel: the role of who begins, and of who is addressed; in all others everybody is present."""


@frozen(kw_only=True)
class Passed:
    """What passed: `at` is in UTC; `contact_ids` took part, the first of them is the main partner.

    `custom` are fields that the workspace defined, as typed.
    """

    channel: str
    at: datetime
    text: str
    subject: str = ""
    direction: str = ""
    contact_ids: tuple[int, ...] = ()
    customer_id: int | None = None
    seconds: int | None = None
    location: str = ""
    private: bool = False
    zone: str = ""
    custom: Mapping[str, str] = field(factory=dict)


def add(tx: Transaction, passed: Passed) -> Interaction:
    """Add an interaction of the actor with contacts or a customer.

    The customer is that of the main contact's only current position where none is named. Raises `NotFound` for a
    contact or customer the actor may not see.
    """
    for contact_id in passed.contact_ids:
        tx.get(Contact, contact_id)
    customer_id = passed.customer_id
    if customer_id is not None:
        tx.get(Customer, customer_id)
    elif passed.contact_ids:
        customer_id = employer(tx, passed.contact_ids[0])
    me = tx.actor.user_id or None
    added = tx.add(
        Interaction(
            channel=passed.channel,
            contact_id=passed.contact_ids[0] if passed.contact_ids else None,
            customer_id=customer_id,
            user_id=me,
            direction=passed.direction,
            at=passed.at,
            zone=passed.zone,
            seconds=passed.seconds,
            subject=passed.subject,
            body=passed.text,
            location=passed.location,
            private=passed.private,
            custom=entered(tx, "interaction", {}, passed.custom) if passed.custom else {},
            source=f"entered by {tx.actor.login}",
        )
    )
    for participant in _participants(passed, added.id, me, customer_id):
        tx.add(participant)
    return added


def _participants(passed: Passed, key: int, me: int | None, customer_id: int | None) -> Iterator[Participant]:
    ours, theirs = _ROLES.get(passed.channel, ("present", "present"))
    if passed.direction == "in":
        ours, theirs = theirs, ours
    if me is not None:
        yield Participant(interaction_id=key, role=ours, user_id=me)
    for contact_id in passed.contact_ids:
        yield Participant(interaction_id=key, role=theirs, contact_id=contact_id, customer_id=customer_id)


def employer(tx: Transaction, contact_id: int) -> int | None:
    """Return the customer of a contact's current position, None where there is none or several."""
    statement = select(position.c.customer_id).where(position.c.contact_id == contact_id, position.c.ended.is_(None))
    found = {row.customer_id for row in tx.rows(statement.limit(100))}
    return found.pop() if len(found) == 1 else None


def edit(
    tx: Transaction,
    interaction_id: int,
    wanted: Mapping[str, Any],
    *,
    custom: Mapping[str, str] = NO_TEXT,
    version: int | None = None,
) -> Interaction:
    """Edit an interaction that was read at `version`; raises `Conflict` where the same fields were changed since.

    `custom` are fields that the workspace defined, as typed.

    Raises `Denied` for a private one of somebody else, and `InvalidInput` when nothing is asked.
    """
    record = take(tx, Interaction, interaction_id)
    if record.private and tx.actor.user_id not in (0, record.user_id):
        raise Denied(_("Interaction {id} is private to somebody else.").format(id=interaction_id))
    if not wanted and not custom:
        raise InvalidInput(_("Say what to change."))
    own = {"custom": entered(tx, "interaction", record.custom, custom)} if custom else {}
    assign(tx, record, {**wanted, **own}, version)
    return record
