"""Letters of people as interactions in the timeline, each once however often it is captured."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import asdict
from sqlalchemy import select

from crmcore.api import IncomingInteraction, Interaction, Participant, point_key, tables
from crmcore_marketing.inbox.people import AnyTransaction, People
from crmcore_marketing.inbox.tying import Tied

ORIGIN = "email"
"""What `crm import` calls the origin of all mail: a letter that it brought as well is one and the same."""


def keep(tx: AnyTransaction, letters: Sequence[tuple[Tied, datetime]], known: People) -> dict[str, int]:
    """Keep what people wrote as interactions; return their ids by the id of the letter. One statement and the writing.

    A letter that was captured before, by whichever way, stays as it is.
    """
    i = tables.interaction.c
    keys = [one.letter.external_id for one, _at in letters]
    rows = tx.rows(select(i.external_id, i.id).where(i.origin == ORIGIN, i.external_id.in_(keys))) if keys else ()
    found: dict[str, int] = {row.external_id: row.id for row in rows}
    for one, at in letters:
        if one.letter.external_id not in found and one.letter.mail is not None:
            found[one.letter.external_id] = _added(tx, one, one.letter.mail, at, known)
    return found


def _added(tx: AnyTransaction, one: Tied, mail: IncomingInteraction, at: datetime, known: People) -> int:
    row = one.message
    same = row is not None and one.contact_id == row.contact_id
    customer_id = row.customer_id if same else known.customers.get(one.contact_id or 0)
    written = tx.add(
        Interaction(
            channel="email", direction="in", at=at, zone=mail.zone, subject=mail.subject, body=mail.body,
            quoted=mail.quoted, contact_id=one.contact_id, customer_id=customer_id, origin=ORIGIN,
            user_id=row.owner_id if row is not None else None, external_id=one.letter.external_id,
            thread=mail.thread[0] if mail.thread else one.letter.external_id, details=_details(mail), source=tx.cause,
        )
    )  # fmt: skip
    for person in mail.participants:
        normal = point_key("email", person.address)
        is_writer = person.role == "from" and normal == one.letter.sender
        contact_id = one.writer if is_writer else next(iter(known.contacts.get(normal, ())), None)
        tx.add(
            Participant(
                interaction_id=written.id, role=person.role, name=person.name, address=person.address, normal=normal,
                contact_id=contact_id, customer_id=known.customers.get(contact_id or 0),
                user_id=known.users.get(normal),
            )
        )  # fmt: skip
    return written.id


def _details(mail: IncomingInteraction) -> dict[str, Any]:
    """Return what else the mail says, as an import keeps it."""
    details: dict[str, Any] = dict(mail.extra)
    if mail.attachments:
        details["attachments"] = [
            asdict(one, filter=lambda _field, value: value not in ("", None)) for one in mail.attachments
        ]
    if mail.thread:
        details["references"] = list(mail.thread)
    return details
