"""Taking a mail up: whether it may leave is asked, and that it is on its way is said, in one transaction."""

from datetime import timedelta
from email.errors import MessageError
from typing import Any

from attrs import frozen
from sqlalchemy import Row, func, select, update

from crmcore.api import Act, Contact, Decision, InvalidInput, NotifyTransaction, own_name, point_key, tables
from crmcore.mail import on_the_wire, parsed_address
from crmcore_service.i18n import _
from crmcore_service.replying.composing import GENERATED, REPLIED, Mail, compose
from crmcore_service.replying.queueing import AFTER, CALENDAR, LANGUAGE, METHOD, NAME
from crmcore_service.replying.settling import mark, not_left
from crmcore_service.replying.states import (
    ACKNOWLEDGEMENT,
    COUNTED,
    DEFERRED,
    REPLY,
    SENDING,
    SENT,
    SKIPPED,
    UNKNOWN,
    UNSETTLED,
    WITHHELD,
)
from crmcore_service.replying.wording import ENGLISH
from crmcore_service.tables import outgoing

MOST = "service.acknowledge_most"
DAY = timedelta(days=1)
"""In this time so many automatic mails reach an address; who is not to be reached for no longer gets his then."""


@frozen(kw_only=True)
class Taken:
    """A mail that is on its way: what is given to the server, from and to which address."""

    row: Row[Any]
    sender: str
    address: str
    content: bytes


def take(tx: NotifyTransaction) -> Taken | int | None:
    """Take up the next mail that is due, and mark it: about fifteen statements.

    Answers the id of one that is not to leave now, which is marked so, and None where nothing is due.
    """
    c = outgoing.c
    found = tx.rows(
        select(outgoing)
        .where(c.status.in_(UNSETTLED), c.status != SENDING, c.due_at <= tx.now)
        .order_by(c.due_at, c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if not found:
        return None
    row = found[0]
    reason = _lost(tx, row)
    if reason:
        return not_left(tx, row, SKIPPED, reason)
    if row.kind in COUNTED and _too_many(tx, row):
        said = _("so many automatic mails went to {address} in a day; is it a machine that answers?")
        return not_left(tx, row, WITHHELD, said.format(address=row.address))
    decision = _asked(tx, row)
    if decision is not None and not decision.allowed:
        return _objected(tx, row, decision)
    try:
        taken = _composed(tx, row)
    except (InvalidInput, ValueError, MessageError) as error:
        said = str(error) if isinstance(error, InvalidInput) else _("it cannot be written as a mail: {why}")
        return not_left(tx, row, SKIPPED, said.format(why=error) if "{why}" in said else said)
    values = {"status": SENDING, "reason": "", "worker": own_name(), "taken_at": tx.now, "attempts": row.attempts + 1}
    tx.execute(update(outgoing).where(c.id == row.id).values(**values))
    return taken


def _lost(tx: NotifyTransaction, row: Row[Any]) -> str:
    """Return why the address works no more since the mail was queued, if it does not."""
    p = tables.contact_point.c
    if row.contact_id is None:
        return ""
    said = tx.first(
        select(p.status)
        .where(p.contact_id == row.contact_id, p.kind == "email", p.normal == point_key("email", row.address))
        .order_by(p.status)
    )
    if said is None or not said.status:
        return ""
    return _("the address {address} is {status}").format(address=row.address, status=_(said.status))


def _too_many(tx: NotifyTransaction, row: Row[Any]) -> bool:
    """Return whether an address got as many automatic mails in a day as it may, by whichever worker.

    All who have the address are locked, so that two workers count one after the other.
    """
    c, p = outgoing.c, tables.contact_point.c
    whose = tx.rows(
        select(p.contact_id)
        .where(p.normal == point_key("email", row.address), p.kind == "email", p.contact_id.is_not(None))
        .limit(100)
    )
    if whose:
        tx.lock(Contact, *{one.contact_id for one in whose})
    left = select(func.count()).where(
        c.address == row.address, c.kind.in_(COUNTED), c.status.in_((SENDING, SENT, UNKNOWN)), c.taken_at > tx.now - DAY
    )
    return int(tx.value(left)) >= int(tx.setting(MOST))


def _asked(tx: NotifyTransaction, row: Row[Any]) -> Decision | None:
    """Ask whether the mail may leave; None where nobody is known to ask about, who wrote to us himself."""
    if row.contact_id is None and row.customer_id is None:
        return None
    return tx.permit(
        Act(
            kind="contact", channel="email", purpose=row.purpose, at=tx.now, contact_id=row.contact_id,
            customer_id=row.customer_id,
        )
    )  # fmt: skip


def _objected(tx: NotifyTransaction, row: Row[Any], decision: Decision) -> int:
    """Leave a person out, or wait where that is over soon, as quiet hours are."""
    reason = "; ".join(one.reason for _plugin, one in decision.objections if one.blocks)
    until = decision.until
    if until is None or until > tx.now + DAY:
        return not_left(tx, row, SKIPPED, reason)
    mark(tx, row.id, status=DEFERRED, due_at=max(until, tx.now + timedelta(seconds=1)), reason=reason)
    return int(row.id)


def _composed(tx: NotifyTransaction, row: Row[Any]) -> Taken:
    said, sender = row.details, parsed_address(row.sender)
    to = on_the_wire(row.address, said.get(NAME, ""))
    after = said.get(AFTER, "")
    content = compose(
        Mail(
            sender=sender, to=to, subject=row.subject, text=f"{row.text.rstrip()}\n\n{after}\n" if after else row.text,
            language=said.get(LANGUAGE, ENGLISH), message_id=row.message_id, in_reply_to=row.in_reply_to,
            references=row.references.split(), at=tx.now, automatic=_automatic(row.kind),
            calendar=said.get(CALENDAR, ""), method=said.get(METHOD, ""),
        )
    )  # fmt: skip
    # An automatic answer comes from nobody: what cannot be delivered, or answers by itself, sends nothing back.
    back = "" if row.kind == ACKNOWLEDGEMENT else sender.addr_spec
    return Taken(row=row, sender=back, address=to.addr_spec, content=content)


def _automatic(kind: str) -> str:
    if kind == REPLY:
        return ""
    return REPLIED if kind == ACKNOWLEDGEMENT else GENERATED
