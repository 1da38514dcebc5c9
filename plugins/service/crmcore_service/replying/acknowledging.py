"""Acknowledging new tickets by mail, and never answering a machine (RFC 3834, section 2)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from crmcore.api import NotifyTransaction, tables
from crmcore.mail.automatic import is_automatic, is_list, is_servers, returns_nothing
from crmcore_service.i18n import _
from crmcore_service.replying import wording
from crmcore_service.replying.queueing import reply
from crmcore_service.replying.states import ACKNOWLEDGEMENT
from crmcore_service.tables import outgoing, post, ticket

TEXTS = {wording.ENGLISH: "service.acknowledge_en", wording.CHINESE: "service.acknowledge_zh"}
WRITTEN = frozenset({"email", "form"})
"""Channels by which nobody of us is there who says that the request has come."""
LATE = timedelta(days=1)
_BULK = frozenset({"bulk", "junk", "list"})


def acknowledge(ticket_id: int, tx: NotifyTransaction) -> None:
    """Acknowledge a new ticket that a person wrote to us, once.

    None for what was imported or is older than a day, for what a machine, a list or a server sent, and for what has no
    sender to go back to; whether it is to ourselves is looked at when it is queued.
    """
    row = _first(tx, ticket_id)
    if row is None or row.opened_at < tx.now - LATE or unanswerable(row.details, row.subject, row.address or ""):
        return
    c = outgoing.c
    if tx.value(select(c.id).where(c.ticket_id == ticket_id, c.kind == ACKNOWLEDGEMENT)) is not None:
        return
    language = wording.language_of(row.language or "", row.body, row.subject, row.name or "")
    said = str(tx.setting(TEXTS[language])) or wording.ACKNOWLEDGEMENTS[language]
    subject, _line, text = said.partition("\n")
    reply(tx, ticket_id, text, subject=subject, kind=ACKNOWLEDGEMENT)


def _first(tx: NotifyTransaction, ticket_id: int) -> Row[Any] | None:
    """Return the ticket with what it began with, unless nobody wrote that to us; one statement."""
    t, p, i, who, c = ticket.c, post.c, tables.interaction.c, tables.participant.c, tables.contact.c
    found: Row[Any] | None = tx.first(
        select(t.opened_at, i.subject, i.body, i.details, who.address, c.name, c.language)
        .join(post, p.ticket_id == t.id)
        .join(tables.interaction, i.id == p.interaction_id)
        .outerjoin(tables.participant, (who.interaction_id == i.id) & (who.role == "from"))
        .outerjoin(tables.contact, c.id == t.contact_id)
        .where(
            t.id == ticket_id, t.batch_id.is_(None), t.merged_into_id.is_(None), t.closed_at.is_(None),
            p.direction == "in", p.automatic.is_(False), p.channel.in_(WRITTEN),
        )
        .order_by(p.at, p.id)
    )  # fmt: skip
    return found


def unanswerable(headers: Mapping[str, object], subject: str, sender: str) -> str:
    """Return why no machine of ours may answer a mail with these headers; an empty text where one may."""
    said = {name: value for name, value in headers.items() if isinstance(value, str)}
    if is_automatic(said, subject, sender):
        return _("a machine wrote it")
    if is_list(said) or said.get("Precedence", "").strip().lower() in _BULK:
        return _("it came by a list or to many")
    if returns_nothing(said) or is_servers(sender):
        return _("its sender wants nothing back")
    return ""
