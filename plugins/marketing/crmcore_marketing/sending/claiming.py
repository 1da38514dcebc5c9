"""Taking a message up: whether it may leave is asked, and that it is on its way is said, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import Row, Select, select, update

from crmcore.api import Act, Decision, InvalidInput, NotifyTransaction, own_name
from crmcore.mail import on_the_wire
from crmcore_marketing.i18n import _
from crmcore_marketing.sending.addressing import Ours
from crmcore_marketing.sending.composing import Calendar, Mail, compose
from crmcore_marketing.sending.links import LINKS, Tracked, agrees, tracked
from crmcore_marketing.sending.pacing import Pace, must_be_time, step
from crmcore_marketing.sending.recipients import Recipient, reached, recipients
from crmcore_marketing.sending.rendering import Filled, Renderer, Texts
from crmcore_marketing.sending.states import DEFERRED, SENDING, SKIPPED, WAITING
from crmcore_marketing.tables import campaign, mailing, material, message, template

ACTIVE = "queued"
"""The state of a mailing whose messages leave."""
SHORT = timedelta(days=1)
"""Who is not to be reached now, but within this time, gets the message then; for longer he is left out."""
_UNSUBSCRIBED = frozenset({"marketing", "sales"})


@frozen(kw_only=True)
class Taken:
    """A message that is on its way: what is given to the server, and what is to be noted then."""

    id: int
    row: Row[Any]
    recipient: Recipient
    address: str
    sender: str
    external_id: str
    subject: str
    text: str
    content: bytes


@frozen(kw_only=True)
class Queue:
    """Messages that leave in their order: those of a mailing, or those that belong to none.

    `until` is up to when they are due; the statement for the next one is made once.
    """

    mailing_id: int | None = None
    ours: Ours
    until: datetime
    paces: Sequence[Pace] = ()
    following: Select[Any] = field(init=False)

    @following.default
    def _default_following(self) -> Select[Any]:
        return _following(self.mailing_id, self.until)


def take(tx: NotifyTransaction, queue: Queue, renderer: Renderer) -> Taken | int | None:
    """Take up the next message of a queue that is due, and mark it: about fifteen statements.

    Answers the id of one that is not to leave, which is marked so, and None where nothing is due. Raises `Later` when
    it is too early for the next one.
    """
    must_be_time(tx, queue.paces)
    found = tx.rows(queue.following)
    if not found:
        return None
    row = found[0]
    person = recipients(tx, [row.contact_id]).get(row.contact_id) if row.contact_id is not None else None
    if person is None:
        return _skip(tx, row, _("the contact is gone"))
    where = reached(tx, [person.contact_id])[person.contact_id]
    if not where.address:
        return _skip(tx, row, where.reason)
    try:
        to = on_the_wire(where.address, person.name)
        filled = _filled(row, person, where.address, queue.ours, renderer)
    except InvalidInput as error:
        return _skip(tx, row, str(error))
    if filled.missing:
        return _skip(tx, row, _("not known: {names}").format(names=", ".join(filled.missing)))
    decision = tx.permit_all([_act(tx, row, person)])[0]
    if not decision.allowed:
        return _left_out(tx, row, decision)
    parts = Tracked(text=filled.text, html=filled.html)
    if queue.ours.url and row.purpose in _UNSUBSCRIBED and agrees(tx, person.contact_id, tx.now):
        parts = tracked(filled.text, filled.html, queue.ours.url, row.token)
    try:
        content = compose(_mail(tx, row, queue.ours, to, filled.subject, parts))
    except (ValueError, MessageError) as error:
        return _skip(tx, row, _("it cannot be written as a mail: {why}").format(why=error))
    step(tx, queue.paces)
    _mark(
        tx, row, status=SENDING, reason="", worker=own_name(), taken_at=tx.now, address=where.address,
        customer_id=row.customer_id or person.customer_id, attempts=row.attempts + 1,
        details={**row.details, LINKS: list(parts.links)} if parts.links else row.details,
    )  # fmt: skip
    return Taken(
        id=row.id, row=row, recipient=person, address=f"{to.username}@{to.domain}",
        sender=queue.ours.envelope(row.token), external_id=queue.ours.external_id(row.token),
        subject=filled.subject, text=filled.text, content=content,
    )  # fmt: skip


def _following(mailing_id: int | None, until: datetime) -> Select[Any]:
    """Return the statement for the first message that is due and that no other sender has at this moment."""
    c, t, g, m, k = message.c, template.c, mailing.c, material.c, campaign.c
    of_queue = c.mailing_id.is_(None) if mailing_id is None else c.mailing_id == mailing_id
    statement = (
        select(
            c.id, c.kind, c.contact_id, c.customer_id, c.mailing_id, c.campaign_id, c.purpose, c.token, c.attempts,
            c.details, t.subject, t.text, t.html, t.language, g.owner_id, g.material_id,
            m.code.label("material"), m.name.label("material_name"), m.product, m.edition, m.file,
            k.name.label("campaign_name"), k.code.label("campaign_code"), k.place.label("campaign_place"),
        )
        .select_from(message)
        .outerjoin(template, t.id == c.template_id)
        .outerjoin(mailing, g.id == c.mailing_id)
        .outerjoin(material, m.id == g.material_id)
        .outerjoin(campaign, k.id == c.campaign_id)
        .where(of_queue, c.status.in_(WAITING), c.due_at <= until)
        .order_by(c.due_at, c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=message)
    )  # fmt: skip
    return statement if mailing_id is None else statement.where(g.status == ACTIVE)


def _filled(row: Row[Any], person: Recipient, address: str, ours: Ours, renderer: Renderer) -> Filled:
    said = row.details
    by_mail, on_web = ours.unsubscribing(row.token)
    texts = Texts(
        subject=said.get("subject") or row.subject or "",
        text=said.get("text") or row.text or "",
        html=said.get("html") or row.html or "",
    )
    given = {
        **person.given,
        "contact": {**person.given["contact"], "email": address},
        "campaign": {"name": row.campaign_name, "code": row.campaign_code, "place": row.campaign_place},
        "material": {
            "code": row.material, "name": row.material_name, "product": row.product, "edition": row.edition,
            "file": row.file,
        },
        "unsubscribe_url": on_web or by_mail,
        **said.get("fields", {}),
    }  # fmt: skip
    return renderer.fill(texts, given)


def _act(tx: NotifyTransaction, row: Row[Any], person: Recipient) -> Act:
    return Act(
        kind="contact", channel="email", purpose=row.purpose, at=tx.now, contact_id=person.contact_id,
        customer_id=row.customer_id or person.customer_id, materials=(row.material,) if row.material else (),
    )  # fmt: skip


def _left_out(tx: NotifyTransaction, row: Row[Any], decision: Decision) -> int:
    """Leave a person out, or wait where that is over soon, as quiet hours are."""
    blocking = "; ".join(one.reason for _plugin, one in decision.objections if one.blocks)
    until = decision.until
    if until is None or until > tx.now + SHORT:
        return _skip(tx, row, blocking)
    return _mark(tx, row, status=DEFERRED, due_at=max(until, tx.now + timedelta(seconds=1)), reason=blocking)


def _skip(tx: NotifyTransaction, row: Row[Any], reason: str) -> int:
    return _mark(tx, row, status=SKIPPED, reason=reason)


def _mark(tx: NotifyTransaction, row: Row[Any], **values: Any) -> int:
    tx.execute(update(message).where(message.c.id == row.id).values(**values))
    return int(row.id)


def _mail(tx: NotifyTransaction, row: Row[Any], ours: Ours, to: Address, subject: str, parts: Tracked) -> Mail:
    said = row.details
    mail = Mail(
        sender=ours.sender, to=to, subject=subject, text=parts.text, html=parts.html, language=row.language or "",
        message_id=ours.message_id(row.token), at=tx.now, reply_to=ours.reply_to,
        bulk=row.mailing_id is not None,
        unsubscribe=ours.unsubscribing(row.token) if row.purpose in _UNSUBSCRIBED else ("", ""),
    )  # fmt: skip
    if not said.get("calendar"):
        return mail
    return evolve(mail, calendar=Calendar(text=said["calendar"], method=said["calendar_method"]))
