"""What people allow: stated, listed, asked at the moment of acting, and the decisions that were made."""

from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import or_, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import consent, contact, customer, journal
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


@frozen(kw_only=True)
class Asked:
    """A decision of the past: who asked to do what, whether it was allowed, and the objections with who raised each."""

    id: int
    at: datetime
    actor: str
    cause: str
    allowed: bool
    entity: str
    subject_id: int
    act: dict[str, Any]
    objections: list[list[str]]


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


def log(reader: Reader, *, limit: int, after: int | None = None, contact_id: int | None = None) -> list[Asked]:
    """Return the decisions of the past, newest first, from the one that follows the entry `after`.

    Decisions about contacts and customers that are hidden from the actor are left out.
    """
    c = journal.c
    statement = select(journal).where(c.type.in_(["policy.allowed", "policy.refused"])).order_by(c.id.desc())
    if contact_id is not None:
        statement = statement.where(c.subject_id == contact_id)
    if after is not None:
        statement = statement.where(c.id < after)
    for party in (contact, customer):
        condition = reader.visibility.predicate(party)
        if condition is not None:
            seen = select(party.c.id).where(party.c.id == c.subject_id, condition).exists()
            statement = statement.where(or_(c.entity != party.name, seen))
    return [
        Asked(
            id=row.id,
            at=row.at,
            actor=row.actor,
            cause=row.cause,
            allowed=row.type == "policy.allowed",
            entity=row.entity,
            subject_id=row.subject_id,
            act=row.data["act"],
            objections=row.data["objections"],
        )
        for row in reader.rows(statement.limit(limit))
    ]
