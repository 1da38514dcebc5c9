"""A request from the web: what was typed or told by another system becomes a ticket, or joins the one it is about."""

from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotFound, NotifyTransaction, PluginReader, Reader, Transaction, here, storable
from crmcore_service.i18n import _
from crmcore_service.intake.callers import Caller, asset_of, problem
from crmcore_service.model.queue import TicketQueue
from crmcore_service.tables import queue, ticket
from crmcore_service.tickets.linking import status_link
from crmcore_service.tickets.persons import person
from crmcore_service.tickets.receiving import Request, receive

QUEUES = "service.web_queues"
FORM = "form"
_SHORT, _LONG = 200, 20_000


@frozen(kw_only=True)
class Asking:
    """What is asked: by whom, about what. `external_id` is its name where it came from: the same one is taken once."""

    caller: Caller
    text: str
    subject: str = ""
    product: str = ""
    channel: str = FORM
    at: datetime | None = None
    external_id: str | None = None
    details: dict[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Taken:
    """What became of it. `opened` says that this request opened the ticket, and `link` is its customer's own."""

    ticket_id: int
    interaction_id: int
    contact_id: int
    opened: bool
    why: str
    link: str | None

    @property
    def number(self) -> str:
        """The number that its customer is told."""
        return f"T{self.ticket_id}"


def asked(said: dict[str, str], **more: Any) -> Asking:
    """Return what a form or another system says, cut to sensible lengths."""
    short = {
        name: _one_line(said.get(name, "")) for name in ("name", "email", "phone", "company", "subject", "product")
    }
    return Asking(
        caller=Caller(
            name=short["name"], email=short["email"], phone=short["phone"], company=short["company"]
        ),
        text=storable(said.get("text", "").strip()[:_LONG]), subject=short["subject"], product=short["product"], **more,
    )  # fmt: skip


def _one_line(text: str) -> str:
    return storable(" ".join(text.split())[:_SHORT])


def queue_open(reader: Reader | PluginReader, key: str) -> tuple[int, str]:
    """Return the id and name of the queue whose requests come from the web under a code or name.

    Raises `NotFound` for one that is not there, does not work any more, or is not among `service.web_queues`.
    """
    said, q = storable(key.strip().lower()), queue.c
    only = [each.strip().lower() for each in str(reader.setting(QUEUES)).split(",") if each.strip()]
    rows = reader.rows(
        select(q.id, q.code, q.name)
        .where((func.lower(q.code) == said) | (func.lower(q.name) == said), q.active.is_(True))
        .order_by(q.id)
        .limit(1)
    )
    if not said or not rows or (only and not {rows[0].code.lower(), rows[0].name.lower()} & set(only)):
        raise NotFound(_("There is nothing here."))
    return rows[0].id, rows[0].name


def wrong(reader: Reader | PluginReader, asking: Asking) -> str:
    """Return why a request cannot be taken, in a sentence for who made it; or an empty text."""
    if not asking.text:
        return _("Please say what it is about.")
    return problem(asking.caller, here(reader).region)


def take(tx: Transaction | NotifyTransaction, asking: Asking, queue_id: int, source: str) -> Taken:
    """Take in a request; raises `InvalidInput` with a sentence for who made it.

    The product is looked for among what the person or their customer has; where it is not known it is kept with the
    words.
    """
    reason = wrong(tx, asking)
    if reason:
        raise InvalidInput(reason)
    tx.lock(TicketQueue, queue_id)  # who presses the button twice is one person, with one request
    who = asking.caller
    contact_id = person(tx, name=who.name, email=who.email, phone=who.phone, company=who.company, source=source)
    asset_id = asset_of(tx, asking.product, contact_id)
    text = asking.text
    if asking.product and asset_id is None:
        text += "\n\n" + _("Product: {product}").format(product=asking.product)
    typed = {"name": who.name, "email": who.email, "phone": who.phone}
    done = receive(
        tx,
        Request(
            channel=asking.channel, at=asking.at or tx.now, text=text, subject=asking.subject, contact_id=contact_id,
            queue_id=queue_id, asset_id=asset_id, external_id=asking.external_id, origin=asking.channel, source=source,
            details={**{name: value for name, value in typed.items() if value}, **asking.details},
        ),
    )  # fmt: skip
    tx.flush()
    first = tx.value(select(ticket.c.interaction_id).where(ticket.c.id == done.ticket_id))
    return Taken(
        ticket_id=done.ticket_id, interaction_id=done.interaction_id, contact_id=contact_id,
        opened=first == done.interaction_id, why=done.why, link=status_link(tx, done.ticket_id),
    )  # fmt: skip
