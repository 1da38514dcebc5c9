"""What an event does to its campaign: members move with their registrations, and who did something is a touch."""

from collections.abc import Sequence
from datetime import datetime

from crmcore.api import NotifyTransaction, Transaction
from crmcore_marketing.campaigns.members import join, move_on
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.tables import member, registration

WAITING = "responded"
"""How far a member came who has no seat."""


def stand(
    tx: Transaction | NotifyTransaction, record: Event, people: Sequence[EventRegistration], status: str, at: datetime
) -> None:
    """Let the members of the event's campaign stand where their registrations do; who was none becomes one."""
    contacts = [one.contact_id for one in people if one.contact_id]
    if record.campaign_id is None or not contacts:
        return
    source = f"event {record.id}"
    joined = join(tx, record.campaign_id, contacts, status=status, source=source, at=at, touched=False)
    wanted = [joined.members[one] for one in contacts if one in joined.members]
    for one in tx.load(Member, member.c.id.in_(wanted)):
        if one.status != status:
            move_on(one, status, at)


def met(
    tx: Transaction | NotifyTransaction, record: Event, people: Sequence[EventRegistration], kind: str, at: datetime
) -> None:
    """Note that these people registered, or came: a touch each."""
    touch(
        tx,
        [
            Touch(
                campaign_id=record.campaign_id, kind=kind, at=at, contact_id=one.contact_id,
                customer_id=one.customer_id, channel=one.channel or "event", entity=registration.name,
                record_id=one.id,
            )
            for one in people
        ],
    )  # fmt: skip
