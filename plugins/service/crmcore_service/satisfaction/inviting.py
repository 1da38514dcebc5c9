"""Asking customers, when a ticket is closed, how content they are: by mail, with a link of their own, now and then."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import InvalidInput, NotFound, NotifyTransaction, Transaction, tables
from crmcore.web.links import public, signed
from crmcore_service.i18n import _
from crmcore_service.model.answer import Rating
from crmcore_service.replying.queueing import reply
from crmcore_service.replying.states import CANCELLED, FAILED, SKIPPED, SURVEY, WITHHELD
from crmcore_service.replying.wording import language_of
from crmcore_service.satisfaction.states import ANSWERED, ASKED, PURPOSE, VALID
from crmcore_service.satisfaction.states import WITHHELD as NOT_ASKED
from crmcore_service.tables import outgoing, rating, ticket

WHETHER, DAYS = "service.survey", "service.survey_days"
_SINCE = timedelta(days=7)
"""A ticket that was closed earlier is not asked about any more."""
_AT_ONCE = 200

_LETTERS = {
    "en": "How content are you? {number}\n\nDear {name},\n\nwe have dealt with your request {number} ({subject}). How"
    " content are you with it? One click on a number and, if you like, a word help us:\n\n{page}\n",
    "zh": "请为我们的服务评分 {number}\n\n{name}，您好！\n\n您的服务请求 {number}（{subject}）已经处理。"
    "您对处理结果满意吗？请点击下面的链接评分，也欢迎留言：\n\n{page}\n",
}


@frozen(kw_only=True)
class Invited:
    """How many were asked, and how many were not, for a reason that is kept with each."""

    asked: int = 0
    withheld: int = 0


def invite(tx: NotifyTransaction | Transaction) -> Invited:
    """Ask about the tickets that were closed in the last days, once each; 200 at a time.

    Nobody is asked again within `service.survey_days` of when he was asked or answered last; nothing is done where
    `service.survey` says so, or where no links can be made. What came in by an import is not asked about. Whether a
    mail may leave is asked when it leaves: what then does not is no invitation any more (`settle`).
    """
    settle(tx)
    if not tx.setting(WHETHER) or not _link(tx, 0):
        return Invited()
    due = tx.rows(_due(tx))
    asked_before = _lately(tx, {row.contact_id for row in due})
    asked = withheld = 0
    for row in due:
        if row.contact_id in asked_before:
            _keep(tx, row, NOT_ASKED, _("asked already within {n} days").format(n=tx.setting(DAYS)))
            withheld += 1
        elif _ask(tx, row):
            asked += 1
            if int(tx.setting(DAYS)):
                asked_before.add(row.contact_id)
        else:
            withheld += 1
    return Invited(asked=asked, withheld=withheld)


def ask(tx: Transaction, ticket_id: int) -> bool:
    """Ask about a ticket now, whenever its customer was asked last; return whether a mail is queued.

    Raises `NotFound`, and `InvalidInput` for one without a contact, one that is not solved, was asked about already,
    and where no links can be made.
    """
    row = tx.first(_tickets().where(ticket.c.id == ticket_id))
    number = f"T{ticket_id}"
    if row is None:
        raise NotFound(_("There is no ticket {ticket}.").format(ticket=number))
    if row.contact_id is None:
        raise InvalidInput(_("{ticket} has no contact who could be asked.").format(ticket=number))
    if row.resolved_at is None:
        raise InvalidInput(_("{ticket} is not solved yet.").format(ticket=number))
    if tx.first(select(rating.c.id).where(rating.c.ticket_id == ticket_id, rating.c.status != NOT_ASKED)):
        raise InvalidInput(_("{ticket} was asked about already.").format(ticket=number))
    if not _link(tx, 0):
        raise InvalidInput(_("No links can be made: set web.url, and web.key by `crm web key FILE`."))
    return _ask(tx, row)


def settle(tx: NotifyTransaction | Transaction) -> int:
    """Take back the invitations whose mail did not leave, with the reason; return how many: two statements."""
    r, o = rating.c, outgoing.c
    lost = (
        select(r.id, o.reason)
        .join_from(rating, outgoing, (o.ticket_id == r.ticket_id) & (o.kind == SURVEY))
        .where(r.status == ASKED, r.asked_at >= tx.now - VALID, o.status.in_((SKIPPED, WITHHELD, FAILED, CANCELLED)))
        .limit(_AT_ONCE)
    )
    reasons = {row.id: row.reason for row in tx.rows(lost)}
    for one in tx.load(Rating, r.id.in_(reasons)) if reasons else ():
        one.status, one.reason = NOT_ASKED, reasons[one.id]
    return len(reasons)


def _due(tx: NotifyTransaction | Transaction) -> Select[Any]:
    t = ticket.c
    known = select(rating.c.id).where(rating.c.ticket_id == t.id).exists()
    return (
        _tickets()
        .where(
            t.closed_at >= tx.now - _SINCE, t.resolved_at.is_not(None), t.contact_id.is_not(None),
            t.merged_into_id.is_(None), t.batch_id.is_(None), ~known,
        )
        .order_by(t.closed_at, t.id)
        .limit(_AT_ONCE)
    )  # fmt: skip


def _tickets() -> Select[Any]:
    t, c = ticket.c, tables.contact.c
    return select(
        t.id, t.subject, t.contact_id, t.customer_id, t.resolved_at, func.coalesce(c.name, "").label("name"),
        func.coalesce(c.language, "").label("language"),
    ).join(tables.contact, c.id == t.contact_id, isouter=True)  # fmt: skip


def _lately(tx: NotifyTransaction | Transaction, contacts: Iterable[int]) -> set[int]:
    """Return who of some people was asked, or said something, in the last days."""
    r, since = rating.c, tx.now - timedelta(days=int(tx.setting(DAYS)))
    lately = func.coalesce(r.asked_at, r.answered_at) > since
    wanted = select(r.contact_id).where(r.contact_id.in_(set(contacts)), r.status.in_((ASKED, ANSWERED)), lately)
    return {row.contact_id for row in tx.rows(wanted.distinct().limit(_AT_ONCE))}


def _ask(tx: NotifyTransaction | Transaction, row: Any) -> bool:
    made = _keep(tx, row, ASKED, "")
    head, _gap, text = _LETTERS[language_of(row.language, row.name, row.subject)].partition("\n\n")
    tx.flush()
    queued = reply(
        tx, row.id, text, subject=head, kind=SURVEY, to=row.contact_id, fields={"page": _link(tx, made.id)}
    )  # fmt: skip
    if queued is None:
        made.status, made.reason = NOT_ASKED, _("nobody is named whom our mail is from")
    return queued is not None


def _keep(tx: NotifyTransaction | Transaction, row: Any, status: str, reason: str) -> Rating:
    return tx.add(
        Rating(
            ticket_id=row.id, contact_id=row.contact_id, customer_id=row.customer_id, channel="email", status=status,
            reason=reason, asked_at=tx.now, source=PURPOSE,
        )
    )  # fmt: skip


def _link(tx: NotifyTransaction | Transaction, key: int) -> str:
    """Return the address of the page on which a rating is given; empty where none can be made."""
    address = public(tx)
    token = signed(tx, PURPOSE, key, tx.now + VALID) if address else None
    return f"{address}/rate/{token}" if token else ""
