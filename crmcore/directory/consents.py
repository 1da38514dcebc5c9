"""What people allow: stated, listed and asked at the moment of acting."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import consent
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.hooks.policy import Act, Decision
from crmcore.i18n import _
from crmcore.model.party import Contact
from crmcore.model.permission import Consent
from crmcore.policy.permit import permit

_SHOWN = 200


@frozen(kw_only=True)
class Statement:
    """What somebody allowed or denied, when, until when, and on what evidence."""

    id: int
    state: str
    channel: str
    purpose: str
    at: datetime
    until: datetime | None
    evidence: str
    source: str


def state(
    tx: Transaction,
    contact_id: int,
    state: str,
    *,
    channel: str,
    purpose: str,
    evidence: str,
    at: datetime | None = None,
    until: datetime | None = None,
) -> Consent:
    """Record that a contact granted or denied a channel and a purpose (`*` for any), on evidence.

    Raises `NotFound` for a contact the actor may not see, and `InvalidInput` without evidence for a grant, or when the
    statement ends before it begins.
    """
    record = tx.get(Contact, contact_id)
    if state == "granted" and not evidence.strip():
        raise InvalidInput(_("Say what {name}'s consent rests on: --evidence.").format(name=record.name))
    begins = at or tx.now
    if until is not None and until <= begins:
        raise InvalidInput(_("The consent would end before it begins."))
    return tx.add(
        Consent(
            contact_id=contact_id,
            state=state,
            channel=channel,
            purpose=purpose,
            at=begins,
            until=until,
            evidence=evidence,
            source=f"entered by {tx.actor.login}",
        )
    )


def statements(reader: Reader, *, contact_id: int | None = None, customer_id: int | None = None) -> list[Statement]:
    """Return what a contact or customer stated, newest first; the first that applies decides."""
    c = consent.c
    about = c.contact_id == contact_id if contact_id is not None else c.customer_id == customer_id
    found = select(c.id, c.state, c.channel, c.purpose, c.at, c.until, c.evidence, c.source).where(about)
    rows = reader.rows(found.order_by(c.at.desc(), c.id.desc()).limit(_SHOWN))
    return [Statement(**row._mapping) for row in rows]


def ask(tx: Transaction, contact_id: int, *, channel: str, purpose: str, at: datetime) -> Decision:
    """Ask whether a contact may be contacted; the decision is journalled. Raises `NotFound`."""
    tx.get(Contact, contact_id)
    return permit(tx, Act(kind="contact", at=at, channel=channel, purpose=purpose, contact_id=contact_id))
