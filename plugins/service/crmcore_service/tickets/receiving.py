"""The one door: a request that came by any channel joins a ticket or opens one, and is in its thread, once."""

from datetime import datetime, timedelta
from typing import Any

from attrs import field, frozen

from crmcore.api import Contact, Interaction, Transaction
from crmcore_service.assets.parties import AnyTransaction, customers_of, parties_of_asset
from crmcore_service.i18n import _
from crmcore_service.model.ticket import Ticket
from crmcore_service.tickets.joining import REOPEN_DAYS, Asked, Found, find
from crmcore_service.tickets.likeness import is_thanks
from crmcore_service.tickets.opening import Wanted, open_
from crmcore_service.tickets.posts import IN, Said, going_on, put_in, thread_of, written
from crmcore_service.tickets.states import OPEN, RESOLVED, WAITING, may_go, put

EMAIL = "email"
FOLLOWS = "follows"
_ALL = "all"


@frozen(kw_only=True)
class Request:
    """What came in: by which channel, when, in which words, from whom.

    `user_id` is who of us took it. `ticket_id` is given where it is certain which ticket it belongs to,
    `interaction_id` where it is an interaction already. `message_id` names a mail. `external_id` is its name in
    `origin` (what it came from: the channel, where nothing is said): the same request is taken in once. `automatic`
    says that no person wrote it; it changes nothing in the ticket it joins. `new` opens a ticket whatever it is about.
    """

    channel: str
    at: datetime
    text: str
    subject: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    user_id: int | None = None
    owner_id: int | None = None
    queue_id: int | None = None
    category_id: int | None = None
    priority: str = ""
    level_id: int | None = None
    asset_id: int | None = None
    contract_id: int | None = None
    ticket_id: int | None = None
    interaction_id: int | None = None
    message_id: str = ""
    external_id: str | None = None
    origin: str = ""
    source: str = ""
    automatic: bool = False
    new: bool = False
    note: str = ""
    details: dict[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Received:
    """What became of a request: its ticket and interaction, whether the ticket is new, and why it is this ticket."""

    ticket_id: int
    interaction_id: int
    new: bool
    why: str


def receive(tx: AnyTransaction, request: Request) -> Received:
    """Take in a request: in the thread of the ticket it belongs to, or in a new one; twice is as once.

    What was resolved is opened again within `service.reopen_days`; after that a new ticket follows the old one (a link
    of kind `follows`). A ticket that waited for the customer waits no longer. Two requests of one person at the same
    moment come one after the other. Some twenty-five statements at most, however much there is.
    """
    contact_id, customer_id = _party(tx, request)
    if contact_id is not None:
        tx.lock(Contact, contact_id)
    interaction_id = request.interaction_id or written(
        tx,
        Said(
            channel=request.channel, at=request.at, text=request.text, subject=request.subject, contact_id=contact_id,
            customer_id=customer_id, user_id=request.user_id, origin=request.origin or request.channel,
            external_id=request.external_id, source=request.source, details=request.details,
        ),
    )  # fmt: skip
    there = thread_of(tx, interaction_id)
    if there is not None:
        return Received(ticket_id=there.ticket_id, interaction_id=interaction_id, new=False, why=there.why)
    found = _belongs(tx, request, contact_id, customer_id)
    ticket = tx.get(Ticket, found.ticket_id) if found.ticket_id is not None else None
    former = None if ticket is None or can_go_on(tx, ticket, request.at) else ticket
    is_new = ticket is None or former is not None
    if ticket is None or former is not None:
        note = "\n".join(each for each in (request.note, _may_be(found.others) if ticket is None else "") if each)
        wanted = Wanted(
            opened_at=request.at, subject=request.subject, text=request.text, channel=request.channel,
            contact_id=contact_id, customer_id=customer_id, queue_id=request.queue_id,
            category_id=request.category_id, priority=request.priority, level_id=request.level_id,
            asset_id=request.asset_id, contract_id=request.contract_id, owner_id=request.owner_id, note=note,
            source=request.source, interaction_id=interaction_id,
        )  # fmt: skip
        ticket = open_(tx, wanted)
    why = _why(found, former, is_new)
    put_in(
        tx, ticket, interaction_id, at=request.at, channel=request.channel, direction=IN, why=why,
        message_id=request.message_id, automatic=request.automatic,
    )  # fmt: skip
    if former is not None:
        tx.link(former, ticket, FOLLOWS)
    if not is_new and not request.automatic and _may_change(tx, ticket):
        heard(tx, ticket, request.at, f"{request.subject}\n{request.text}")
    return Received(ticket_id=ticket.id, interaction_id=interaction_id, new=is_new, why=why)


def heard(tx: AnyTransaction, ticket: Ticket, at: datetime, text: str) -> None:
    """Let a ticket go on as its customer wrote: it waits no longer, nor is it resolved, unless it was mere thanks."""
    goes_on = ticket.status == WAITING or (_is_over(ticket) and not is_thanks(text))
    if goes_on and may_go(tx, ticket.status, OPEN):
        put(tx, ticket, OPEN, max(at, ticket.resolved_at or at))


def can_go_on(tx: AnyTransaction, ticket: Ticket, at: datetime) -> bool:
    """Return whether a ticket takes what is said now: it is under way, or was over lately and may be opened again."""
    if not _is_over(ticket):
        return True
    over = ticket.resolved_at or ticket.closed_at or at
    return at - over <= timedelta(days=int(tx.setting(REOPEN_DAYS))) and may_go(tx, ticket.status, OPEN)


def _is_over(ticket: Ticket) -> bool:
    return ticket.status == RESOLVED or ticket.closed_at is not None


def _may_change(tx: AnyTransaction, ticket: Ticket) -> bool:
    """Return whether the actor may change a ticket; a colleague's goes on once service hears of the interaction."""
    if not isinstance(tx, Transaction) or tx.actor.user_id == 0 or tx.scope.write == _ALL:
        return True
    return ticket.owner_id in (None, tx.actor.user_id)


def _party(tx: AnyTransaction, request: Request) -> tuple[int | None, int | None]:
    contact_id, customer_id = request.contact_id, request.customer_id
    if request.interaction_id is not None and contact_id is None:
        known = tx.get(Interaction, request.interaction_id)
        contact_id, customer_id = known.contact_id, customer_id or known.customer_id
    if contact_id is None and customer_id is None and request.asset_id is not None:
        contact_id, customer_id = parties_of_asset(tx, request.asset_id)
    if customer_id is None and contact_id is not None:
        customer_id = customers_of(tx, [contact_id]).get(contact_id)
    return contact_id, customer_id


def _belongs(tx: AnyTransaction, request: Request, contact_id: int | None, customer_id: int | None) -> Found:
    if request.ticket_id is not None:
        going = going_on(tx, tx.get(Ticket, request.ticket_id))
        return Found(ticket_id=going.id, why=_("answers in its thread"))
    if request.new:
        return Found()
    asked = Asked(
        at=request.at, subject=request.subject, text=request.text, contact_id=contact_id, customer_id=customer_id,
        asset_id=request.asset_id, name=tx.get(Contact, contact_id).name if contact_id is not None else "",
    )  # fmt: skip
    return find(tx, asked)


def _may_be(others: tuple[int, ...]) -> str:
    if not others:
        return ""
    return _("May belong to {tickets}.").format(tickets=", ".join(f"T{one}" for one in others))


def _why(found: Found, former: Ticket | None, is_new: bool) -> str:
    if former is not None:
        return _("{ticket} is over").format(ticket=f"T{former.id}")
    if is_new:
        return ""
    if found.others:
        told = ", ".join(f"T{one}" for one in found.others)
        return _("{why}; might be {others}").format(why=found.why, others=told)
    return found.why
