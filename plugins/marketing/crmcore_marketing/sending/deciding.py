"""What a person decides about messages of which nobody knows whether they arrived."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from crmcore.api import InvalidInput, NotFound, NotifyTransaction, Transaction
from crmcore_marketing.i18n import _
from crmcore_marketing.sending.recipients import recipients
from crmcore_marketing.sending.settling import in_campaign, interaction, told
from crmcore_marketing.sending.states import FAILED, QUEUED, SENT, SKIPPED, UNKNOWN
from crmcore_marketing.tables import mailing, message, template

AGAIN = frozenset({UNKNOWN, FAILED, SKIPPED})
"""What a person can let leave again; whether it may is asked then."""


def settle_sent(tx: Transaction | NotifyTransaction, ids: Sequence[int], domain: str) -> int:
    """Say of messages that they arrived, which makes interactions of them; return how many. Raises `InvalidInput`."""
    rows = _those(tx, ids, frozenset({UNKNOWN}))
    people = recipients(tx, [row.contact_id for row in rows if row.contact_id is not None])
    for row in rows:
        at = row.taken_at or tx.now
        person = people.get(row.contact_id)
        key = None
        if person is not None:
            subject = row.details.get("subject") or row.subject or ""
            written = interaction(
                tx, at=at, subject=subject, body="", external_id=f"crm-{row.token}@{domain}", user_id=row.owner_id,
                contact_id=person.contact_id, customer_id=row.customer_id, name=person.name, address=row.address,
                message_id=row.id,
            )  # fmt: skip
            tx.flush()
            key = written.id
            if row.campaign_id is not None:
                in_campaign(tx, row.campaign_id, person.contact_id, row.customer_id, row.id, at)
        said = _("said to have arrived")
        settled = update(message).where(message.c.id == row.id)
        tx.execute(settled.values(status=SENT, reason=said, sent_at=at, interaction_id=key))
        told(tx, row.id, SENT, said)
    return len(rows)


def settle_again(tx: Transaction, ids: Sequence[int]) -> int:
    """Queue messages again that did not arrive; return how many. Raises `InvalidInput` for one that left or waits."""
    rows = _those(tx, ids, AGAIN)
    for row in rows:
        tx.execute(update(message).where(message.c.id == row.id).values(status=QUEUED, reason="", due_at=tx.now))
        told(tx, row.id, QUEUED, _("to be sent again"))
    return len(rows)


def _those(tx: Transaction | NotifyTransaction, ids: Sequence[int], states: frozenset[str]) -> Sequence[Row[Any]]:
    c, t, g = message.c, template.c, mailing.c
    statement = (
        select(
            c.id, c.status, c.token, c.contact_id, c.customer_id, c.campaign_id, c.address, c.taken_at, c.details,
            t.subject, g.owner_id,
        )
        .outerjoin(template, t.id == c.template_id)
        .outerjoin(mailing, g.id == c.mailing_id)
        .where(c.id.in_(ids))
        .order_by(c.id)
    )  # fmt: skip
    rows = tx.rows(statement)
    for missing in sorted(set(ids) - {row.id for row in rows}):
        raise NotFound(_("There is no message {id}.").format(id=missing))
    for row in rows:
        if row.status not in states:
            raise InvalidInput(
                _("Message {id} is {status}; there is nothing to settle.").format(id=row.id, status=_(row.status))
            )
    return rows
