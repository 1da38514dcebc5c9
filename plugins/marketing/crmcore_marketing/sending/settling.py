"""Noting what became of a message that was on its way, with everything that follows from it, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from crmcore.api import Interaction, NotifyTransaction, Participant, Transaction, is_alive, own_name
from crmcore.mail import Answer
from crmcore_marketing.campaigns.members import comes_after, move_on
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.sending.claiming import Taken
from crmcore_marketing.sending.states import DEFERRED, FAILED, SENDING, SENT, UNKNOWN
from crmcore_marketing.tables import member, message

Noted = Callable[[NotifyTransaction, Taken, int], None]
"""Told of a message that was sent, with the id of its interaction, in the same transaction."""

FIRST_WAIT, LONGEST_WAIT, ATTEMPTS = timedelta(minutes=5), timedelta(hours=8), 12
"""How long to wait after a server said “later”: three times as long each time; after so many attempts it failed."""
GONE = timedelta(minutes=10)
"""After this time a sender on another machine that did not say what became of a message is taken to be gone."""


def settle(tx: NotifyTransaction, taken: Taken, answer: Answer, noted: Sequence[Noted] = ()) -> None:
    """Note what the server answered. A message that was sent is an interaction, and a touch where it has a campaign."""
    if answer.status == SENT:
        _sent(tx, taken, noted)
    elif answer.status == DEFERRED and taken.row.attempts + 1 < ATTEMPTS:
        due_at = tx.now + min(FIRST_WAIT * 3**taken.row.attempts, LONGEST_WAIT)
        _mark(tx, taken.id, status=DEFERRED, reason=answer.said, due_at=due_at)
    elif answer.status == UNKNOWN:
        _mark(tx, taken.id, status=UNKNOWN, reason=answer.said)
        told(tx, taken.id, UNKNOWN, answer.said)
    else:
        _mark(tx, taken.id, status=FAILED, reason=answer.said)


def _mark(tx: NotifyTransaction, key: int, **values: Any) -> bool:
    """Say what became of a message that this process has on its way; False when somebody else settled it."""
    c = message.c
    mine = (c.id == key, c.status.in_((SENDING, UNKNOWN)), c.worker == own_name())
    return bool(tx.execute(update(message).where(*mine).values(**values)).rowcount)


def told(tx: Transaction | NotifyTransaction, key: int, status: str, reason: str) -> None:
    """Tell the journal of a message what nobody sees in it later."""
    tx.record(f"message.{status}", message.name, key, {"reason": reason})


def _sent(tx: NotifyTransaction, taken: Taken, noted: Sequence[Noted]) -> None:
    row, person = taken.row, taken.recipient
    written = interaction(
        tx, at=tx.now, subject=taken.subject, body=taken.text, external_id=taken.external_id, user_id=row.owner_id,
        contact_id=person.contact_id, customer_id=row.customer_id or person.customer_id, name=person.name,
        address=taken.address, message_id=taken.id,
    )  # fmt: skip
    tx.flush()
    _mark(tx, taken.id, status=SENT, reason="", sent_at=tx.now, interaction_id=written.id)
    if row.campaign_id is not None:
        in_campaign(tx, row.campaign_id, person.contact_id, written.customer_id, taken.id, tx.now)
    for note in noted:
        note(tx, taken, written.id)


def interaction(
    tx: Transaction | NotifyTransaction,
    *,
    at: datetime,
    subject: str,
    body: str,
    external_id: str,
    user_id: int | None,
    contact_id: int,
    customer_id: int | None,
    name: str,
    address: str,
    message_id: int,
) -> Interaction:
    """Write what a person got as an interaction, named on the wire as the message is, and return it."""
    written = tx.add(
        Interaction(
            channel="email", direction="out", at=at, subject=subject, body=body, user_id=user_id,
            contact_id=contact_id, customer_id=customer_id, origin="email", external_id=external_id,
            thread=external_id, source=tx.cause, details={"message": message_id},
        )
    )  # fmt: skip
    tx.add(
        Participant(
            interaction_id=written.id, role="to", contact_id=contact_id, customer_id=customer_id, name=name,
            address=address, normal=address.lower(),
        )
    )  # fmt: skip
    return written


def in_campaign(
    tx: Transaction | NotifyTransaction,
    campaign_id: int,
    contact_id: int,
    customer_id: int | None,
    message_id: int,
    at: datetime,
) -> None:
    """Note the touch, and that the member was sent to."""
    touch(
        tx,
        [
            Touch(
                campaign_id=campaign_id, kind="sent", at=at, contact_id=contact_id, customer_id=customer_id,
                channel="email", entity=message.name, record_id=message_id,
            )
        ],
    )  # fmt: skip
    for one in tx.load(Member, member.c.campaign_id == campaign_id, member.c.contact_id == contact_id):
        if comes_after("sent", one.status):
            move_on(one, "sent", at)


def report_lost(tx: NotifyTransaction) -> int:
    """Report what is on its way and whose sender is gone as unknown: it may have arrived, or not. Return how many.

    Called where this process has nothing on its way. Such a message is never sent again by itself.
    """
    c = message.c
    found = tx.rows(select(c.id, c.worker, c.taken_at).where(c.status == SENDING).with_for_update(skip_locked=True))
    lost = [row.id for row in found if row.worker == own_name() or not is_alive(row.worker, row.taken_at, GONE)]
    reason = _("the sender ended in the middle; it may have arrived or not")
    if lost:
        tx.execute(update(message).where(c.id.in_(lost)).values(status=UNKNOWN, reason=reason))
    for key in lost:
        told(tx, key, UNKNOWN, reason)
    return len(lost)
