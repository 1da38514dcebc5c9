"""Queueing: messages that are to leave, in the transaction of what they tell of. Whether they may is asked later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import asdict, field, frozen
from sqlalchemy import ColumnElement, insert, update

from crmcore.api import InvalidInput, NotifyTransaction, Transaction, one_of
from crmcore.hooks.policy import PURPOSES
from crmcore_marketing.i18n import _
from crmcore_marketing.sending.recipients import AT_ONCE, reached
from crmcore_marketing.sending.states import CANCELLED, QUEUED, SKIPPED, WAITING
from crmcore_marketing.tables import message

KINDS = ("mailing", "confirmation", "reminder", "waiting", "change", "cancellation", "survey")


@frozen(kw_only=True)
class Letter:
    """A message that is to leave: to whom, of what kind and for which purpose, and what it says.

    What it says is a template (`template_id`), or a subject and a text, which are templates too; `fields` brings more
    names for them, as JSON: ``{"event": {"name": "Lecture"}}``. `calendar` is an iCalendar text that goes along, as an
    invitation of `calendar_method`. It leaves at `due_at` (now) or after.
    """

    contact_id: int
    kind: str = field(default="mailing", validator=one_of(*KINDS))
    purpose: str = field(default="transactional", validator=one_of(*PURPOSES))
    template_id: int | None = None
    subject: str = ""
    text: str = ""
    html: str = ""
    fields: Mapping[str, Any] = field(factory=dict)
    calendar: str = ""
    calendar_method: str = "REQUEST"
    due_at: datetime | None = None
    mailing_id: int | None = None
    campaign_id: int | None = None
    registration_id: int | None = None
    customer_id: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a letter that says nothing."""
        if self.template_id is None and not (self.subject and self.text):
            raise InvalidInput(_("A message needs a template, or a subject and a text."))


_SAID = ("subject", "text", "html", "fields", "calendar", "calendar_method")


def queue_messages(tx: Transaction | NotifyTransaction, letters: Sequence[Letter]) -> list[int]:
    """Queue messages, and return their ids in the same order: two statements for each 5,000.

    Who has no address that works is skipped, which the message says.
    """
    ids: list[int] = []
    for start in range(0, len(letters), AT_ONCE):
        some = letters[start : start + AT_ONCE]
        where = reached(tx, list(dict.fromkeys(one.contact_id for one in some)))
        rows = [_row(tx, one, where[one.contact_id].address, where[one.contact_id].reason) for one in some]
        tx.execute(insert(message), rows)
        ids += [row["id"] for row in rows]
    return ids


def queue_message(tx: Transaction | NotifyTransaction, **said: Any) -> int:
    """Queue one message; `said` are the fields of its `Letter`."""
    return queue_messages(tx, [Letter(**said)])[0]


def _row(tx: Transaction | NotifyTransaction, one: Letter, address: str, reason: str) -> dict[str, Any]:
    from crmcore.mail import new_token  # a command that queues nothing does without mail

    said = asdict(one, recurse=False)
    given = {name: said[name] for name in _SAID if said[name]} if one.template_id is None or one.fields else {}
    if one.calendar:
        given |= {"calendar": one.calendar, "calendar_method": one.calendar_method}
    return {
        "id": tx.new_id(), "kind": one.kind, "mailing_id": one.mailing_id, "campaign_id": one.campaign_id,
        "registration_id": one.registration_id, "template_id": one.template_id, "contact_id": one.contact_id,
        "customer_id": one.customer_id, "address": address, "purpose": one.purpose,
        "status": SKIPPED if reason else QUEUED, "reason": reason, "token": new_token(),
        "due_at": one.due_at or tx.now, "attempts": 0, "worker": "", "details": given,
    }  # fmt: skip


def cancel_waiting(tx: Transaction | NotifyTransaction, *conditions: ColumnElement[bool], reason: str = "") -> int:
    """Cancel what waits of the messages that meet all conditions; return how many. What is on its way goes on."""
    waiting = update(message).where(message.c.status.in_(WAITING), *conditions)
    return tx.execute(waiting.values(status=CANCELLED, reason=reason)).rowcount
