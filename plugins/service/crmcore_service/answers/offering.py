"""Offering answers to who asks, and noting what came of it: it counts when the customer says that it helped.

Who asks on the web has a signed token for the answers offered; our own people name the question by its number, `D12`.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, NotFound, Reader, Transaction, names, tables
from crmcore.web.links import gone, opened, signed
from crmcore_service.answers.indexing import renew
from crmcore_service.answers.saving import minutes
from crmcore_service.answers.suggesting import BEST, Answer, suggest
from crmcore_service.i18n import _
from crmcore_service.model.answer import Deflection
from crmcore_service.tables import deflection, ticket

OFFERED, CONFIRMED, REFUSED, TICKET = "offered", "confirmed", "refused", "ticket"
VALID_DAYS = "service.answer_days"
_PURPOSE = "service answer"
_LONGEST = 10_000


@frozen(kw_only=True)
class Asked:
    """A question as it came; `contact_id` and `customer_id` say whose it is, where that is known."""

    text: str
    contact_id: int | None = None
    customer_id: int | None = None
    category_id: int | None = None


@frozen(kw_only=True)
class Offer:
    """What was offered: `id` is that of the question, `token` what the customer answers by, None without `web.key`."""

    id: int
    token: str | None
    question: str
    answers: tuple[Answer, ...]


def offer(
    tx: Transaction,
    text: str,
    *,
    channel: str = "form",
    contact_id: int | None = None,
    customer_id: int | None = None,
    category_id: int | None = None,
    public: bool = True,
    source: str = "",
) -> Offer:
    """Offer the best answers to a question, and keep what was offered; raises `InvalidInput` for an empty one.

    The answers may be none. `public` is False only where the answers go to our own people. A dozen statements.
    """
    asked = Asked(text=text, contact_id=contact_id, customer_id=customer_id, category_id=category_id)
    return offer_all(tx, [asked], channel=channel, public=public, source=source)[0]


def offer_all(
    tx: Transaction,
    questions: Sequence[Asked],
    *,
    channel: str,
    public: bool = True,
    source: str = "",
    without: int | None = None,
) -> list[Offer]:
    """Offer the best answers to many questions, as `offer` does to one; `without` is a ticket that is no answer."""
    if not all(one.text.strip() for one in questions):
        raise InvalidInput(_("A question needs a text."))
    found = suggest(tx, impersonal(tx, questions), public=public, limit=BEST, without=without)
    until = tx.now + timedelta(days=int(tx.setting(VALID_DAYS)))
    made: list[Offer] = []
    for one, answers in zip(questions, found, strict=True):
        kept = tx.add(
            Deflection(
                question=one.text.strip()[:_LONGEST], asked_at=tx.now, contact_id=one.contact_id,
                customer_id=one.customer_id, channel=channel, category_id=one.category_id, source=source,
                offered=[_kept(each) for each in answers],
            )
        )  # fmt: skip
        token = signed(tx, _PURPOSE, kept.id, until) if public and len(questions) == 1 else None
        made.append(Offer(id=kept.id, token=token, question=kept.question, answers=tuple(answers)))
    tx.flush()
    return made


def impersonal(reader: Reader | Transaction, questions: Sequence[Asked]) -> list[str]:
    """Return the texts of questions without the names of who asks and of his firm: two statements."""
    people = names(reader, tables.contact, [one.contact_id for one in questions])
    firms = names(reader, tables.customer, [one.customer_id for one in questions])
    said = []
    for one in questions:
        text = one.text
        for name in (people.get(one.contact_id or 0), firms.get(one.customer_id or 0)):
            text = text.replace(name, " ") if name else text
        said.append(text)
    return said


def confirm(tx: Transaction, token: str, place: int) -> Deflection:
    """Note that the customer says an answer helped, by the token of the offer; a second time changes nothing.

    Raises `NotFound` for a token that does not hold, and as `confirm_all` does.
    """
    key = _opened(tx, token)
    confirm_all(tx, {key: place})
    return tx.get(Deflection, key)


def refuse(tx: Transaction, token: str) -> None:
    """Note that the customer says nothing of what was offered helped; what was confirmed stays so."""
    refuse_all(tx, [_opened(tx, token)])


def became_ticket(tx: Transaction, token: str, ticket_id: int) -> None:
    """Note that a question became a ticket after all; what was confirmed before counts no more."""
    _became(tx.get(Deflection, _opened(tx, token)), ticket_id)


def confirm_all(tx: Transaction, places: dict[int, int]) -> int:
    """Note which answer helped, by the questions' ids, in the customer's own words to us; return how many are new.

    Raises `NotFound` for a question that is not there, `InvalidInput` for an answer that was not offered, and
    for a question that became a ticket. Eight statements, and the journal's.
    """
    held = _held(tx, list(places))
    fresh = [one for one in held if one.status != CONFIRMED]
    for one in fresh:
        if one.status == TICKET:
            raise InvalidInput(_("D{id} became the ticket {ticket}.").format(id=one.id, ticket=f"T{one.ticket_id}"))
        chosen = next((each for each in one.offered if each["place"] == places[one.id]), None)
        if chosen is None:
            raise InvalidInput(_("D{id} was offered no answer {place}.").format(id=one.id, place=places[one.id]))
        one.status, one.confirmed_at, one.confirmed_by_id = CONFIRMED, tx.now, tx.actor.user_id or None
        one.answer_kind, one.answer_id, one.answer_title = chosen["entity"], chosen["id"], chosen["title"]
    tickets = sorted({one.answer_id for one in fresh if one.answer_kind == ticket.name and one.answer_id})
    of = {
        row.id: row.category_id
        for row in tx.rows(select(ticket.c.id, ticket.c.category_id).where(ticket.c.id.in_(tickets)))
    }
    for one in fresh:
        if one.category_id is None and one.answer_kind == ticket.name:
            one.category_id = of.get(one.answer_id or 0)
    took = minutes(tx, {one.category_id for one in fresh}) if fresh else {}
    for one in fresh:
        one.minutes, one.basis = took[one.category_id].minutes, took[one.category_id].basis
    tx.flush()
    renew(tx, tickets)  # what helped is found among any number of others from now on
    return len(fresh)


def refuse_all(tx: Transaction, ids: Sequence[int]) -> int:
    """Note that nothing of what was offered helped; the best answer, which was read first, is what did not help."""
    count = 0
    for one in _held(tx, ids):
        if one.status == OFFERED:
            one.status = REFUSED
            if one.offered:
                best = one.offered[0]
                one.answer_kind, one.answer_id, one.answer_title = best["entity"], best["id"], best["title"]
            count += 1
    return count


def link_ticket(tx: Transaction, key: int, ticket_id: int, *, only_about: bool = False) -> None:
    """Note that a question, by its id, became a ticket; or is `only_about` one that may yet be answered by it."""
    (held,) = _held(tx, [key])
    if only_about:
        held.ticket_id = ticket_id
    else:
        _became(held, ticket_id)


def _kept(one: Answer) -> dict[str, Any]:
    """Return what is kept of an answer: what a ticket is called is read from it, for who may see it."""
    title = "" if one.entity == ticket.name else one.title
    return {"place": one.place, "entity": one.entity, "id": one.id, "title": title}


def _became(one: Deflection, ticket_id: int) -> None:
    one.status, one.ticket_id, one.confirmed_at, one.minutes, one.basis = TICKET, ticket_id, None, None, ""


def _held(tx: Transaction, ids: Sequence[int]) -> list[Deflection]:
    held = tx.load(Deflection, deflection.c.id.in_(ids))
    missing = set(ids) - {one.id for one in held}
    if missing:
        raise NotFound(_("There is no question D{id}.").format(id=min(missing)))
    return held


def _opened(tx: Transaction, token: str) -> int:
    key = opened(tx, _PURPOSE, token)
    if tx.first(select(deflection.c.id).where(deflection.c.id == key)) is None:
        raise gone()
    return int(key)
