"""Mailings: made, queued to people, paused, gone on with, cancelled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen
from sqlalchemy import Row, Select, func, select, update

from crmcore.api import Act, InvalidInput, NotFound, PluginReader, Reader, Transaction, record_named
from crmcore_marketing.campaigns.members import join
from crmcore_marketing.i18n import _
from crmcore_marketing.model.mailing import Mailing
from crmcore_marketing.sending.queueing import Letter, cancel_waiting, queue_messages
from crmcore_marketing.sending.recipients import AT_ONCE, reached
from crmcore_marketing.sending.rendering import Texts
from crmcore_marketing.sending.states import QUEUED, SKIPPED
from crmcore_marketing.tables import mailing, material, member, message, template

OPEN = frozenset({"draft", "queued", "paused", "sent"})
NEEDS_AN_END = frozenset({"marketing", "sales"})
"""The purposes whose mails say how to end them."""


@frozen(kw_only=True)
class LeftOut:
    """Somebody whom a mailing would not reach now, and why."""

    contact_id: int
    reason: str


@frozen(kw_only=True)
class Queued:
    """What became of queueing a mailing: how many are queued and were before, and who would not be reached now.

    `left_out` are skipped for good (no address, one that another of them has); `objected` are asked about again when
    their message is to leave.
    """

    queued: int = 0
    already: int = 0
    left_out: tuple[LeftOut, ...] = field(default=())
    objected: tuple[LeftOut, ...] = field(default=())

    @property
    def reasons(self) -> dict[str, int]:
        """Return how many are left out for each reason, the most first."""
        return dict(Counter(one.reason for one in (*self.left_out, *self.objected)).most_common())


def mailing_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the mailing that `text` names, its id or name; raises `NotFound`, or `InvalidInput` for two."""
    return record_named(reader, mailing, text, called=_("mailing"))


def members_of(campaign_id: int) -> Select[Any]:
    """Return the statement for the contacts that are members of a campaign."""
    m = member.c
    return select(m.contact_id.label("id")).where(m.campaign_id == campaign_id, m.contact_id.is_not(None))


def queue(tx: Transaction, mailing_id: int, contacts: Iterable[int], *, again: bool = False) -> Queued:
    """Queue a mailing to contacts, each once however often it is queued; with a campaign they become its members.

    `again` queues those anew who were skipped. A dozen statements for each 5,000 contacts. Raises `InvalidInput` for a
    mailing that was cancelled, and for one that does not say how to end it.
    """
    record = tx.get(Mailing, mailing_id)
    tx.lock(Mailing, mailing_id)
    if record.status not in OPEN:
        raise InvalidInput(_("Mailing {name} is {status}.").format(name=record.name, status=_(record.status)))
    row = tx.first(select(template).where(template.c.id == record.template_id))
    if row is None:
        raise NotFound(_("The template of mailing {name} is gone.").format(name=record.name))
    texts = Texts(subject=row.subject, text=row.text, html=row.html)
    if record.purpose in NEEDS_AN_END and not texts.names_unsubscribing:
        said = _(
            "Template {name} does not say how to hear no more from us; write {{{{ unsubscribe_url }}}} into its text."
        )
        raise InvalidInput(said.format(name=row.name))
    if again:
        _skipped_again(tx, mailing_id)
    total = Queued()
    wanted = list(dict.fromkeys(contacts))
    for start in range(0, len(wanted), AT_ONCE):
        total = _plus(total, _queue(tx, record, wanted[start : start + AT_ONCE]))
    record.status, record.queued_at, record.finished_at = "queued", record.queued_at or tx.now, None
    return total


def _plus(one: Queued, other: Queued) -> Queued:
    return Queued(
        queued=one.queued + other.queued,
        already=one.already + other.already,
        left_out=(*one.left_out, *other.left_out),
        objected=(*one.objected, *other.objected),
    )


def _skipped_again(tx: Transaction, mailing_id: int) -> None:
    c = message.c
    skipped = update(message).where(c.mailing_id == mailing_id, c.status == SKIPPED)
    tx.execute(skipped.values(status=QUEUED, reason="", due_at=tx.now))


def _queue(tx: Transaction, record: Mailing, contact_ids: Sequence[int]) -> Queued:
    c = message.c
    held = {row.contact_id for row in tx.rows(
        select(c.contact_id).where(c.mailing_id == record.id, c.contact_id.in_(contact_ids))
    )}  # fmt: skip
    new = [one for one in contact_ids if one not in held]
    due_at = max(record.starts_at, tx.now) if record.starts_at else tx.now
    queue_messages(
        tx,
        [
            Letter(
                kind="mailing", contact_id=one, purpose=record.purpose, template_id=record.template_id, due_at=due_at,
                mailing_id=record.id, campaign_id=record.campaign_id,
            )
            for one in new
        ],
    )  # fmt: skip
    doubled = _doubled(tx, record.id)
    for row in doubled:
        tx.execute(update(message).where(message.c.id == row.id).values(status=SKIPPED, reason=_same(row.first)))
    if record.campaign_id is not None:
        join(tx, record.campaign_id, new, source=tx.cause)
    where = reached(tx, new)
    left_out = [LeftOut(contact_id=one, reason=where[one].reason) for one in new if where[one].reason]
    left_out += [LeftOut(contact_id=row.contact_id, reason=_same(row.first)) for row in doubled]
    gone = {one.contact_id for one in left_out}
    objected = _objected(tx, record, [one for one in new if one not in gone], due_at)
    return Queued(queued=len(set(new) - gone), already=len(held), left_out=tuple(left_out), objected=tuple(objected))


def _same(first: int) -> str:
    return _("contact {id} has the same address").format(id=first)


def _doubled(tx: Transaction, mailing_id: int) -> Sequence[Row[Any]]:
    """Return the queued messages to an address that an earlier one of the mailing goes to, to the contact `first`."""
    c, first = message.c, message.alias("first")
    folded = func.lower(c.address)
    several = (
        select(folded.label("address"), func.min(c.id).label("id"))
        .where(c.mailing_id == mailing_id, c.address != "")
        .group_by(folded)
        .having(func.count() > 1)
        .subquery()
    )
    later = (
        select(c.id, c.contact_id, first.c.contact_id.label("first"))
        .join(several, several.c.address == folded)
        .join(first, first.c.id == several.c.id)
        .where(c.mailing_id == mailing_id, c.status == QUEUED, c.id != several.c.id)
    )
    return tx.rows(later)


def _objected(tx: Transaction, record: Mailing, contact_ids: Sequence[int], at: Any) -> list[LeftOut]:
    """Return who would be objected to when the mailing leaves, as far as that is known now; nothing is journalled."""
    code = tx.value(select(material.c.code).where(material.c.id == record.material_id)) if record.material_id else None
    acts = [
        Act(
            kind="contact", channel="email", purpose=record.purpose, at=at, contact_id=one,
            materials=(code,) if code else (),
        )
        for one in contact_ids
    ]  # fmt: skip
    return [
        LeftOut(
            contact_id=one.act.contact_id or 0,
            reason="; ".join(each.reason for _plugin, each in one.objections if each.blocks),
        )
        for one in tx.explain(acts)
        if not one.allowed
    ]


def pause(tx: Transaction, mailing_id: int) -> Mailing:
    """Let nothing more of a mailing leave for the time being; raises `InvalidInput` unless it is queued."""
    return _turn(tx, mailing_id, {"queued"}, "paused")


def resume(tx: Transaction, mailing_id: int) -> Mailing:
    """Let a paused mailing go on; raises `InvalidInput` unless it is paused."""
    return _turn(tx, mailing_id, {"paused"}, "queued")


def cancel(tx: Transaction, mailing_id: int) -> tuple[Mailing, int]:
    """Cancel what waits of a mailing; return it and how many messages that was. What left has left."""
    record = _turn(tx, mailing_id, {"draft", "queued", "paused"}, "cancelled")
    record.finished_at = tx.now
    return record, cancel_waiting(tx, message.c.mailing_id == mailing_id, reason=_("the mailing was cancelled"))


def _turn(tx: Transaction, mailing_id: int, allowed: set[str], status: str) -> Mailing:
    record = tx.get(Mailing, mailing_id)
    if record.status not in allowed:
        raise InvalidInput(_("Mailing {name} is {status}.").format(name=record.name, status=_(record.status)))
    record.status = status
    return record
