"""Taking in mails, each once: into exactly one ticket, or onto the list of those that are none, with the reason."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import insert, select

from crmcore.api import IncomingInteraction
from crmcore.mail import Letter
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.intake import kinds
from crmcore_service.intake.judging import Asked, Verdict, flooded, judged
from crmcore_service.intake.letters import House, digest_of, house, instant_of, written
from crmcore_service.intake.ours import answered_by_one_of_us, came_back
from crmcore_service.intake.senders import ORIGIN, belongs, contact_of, keep
from crmcore_service.intake.tying import Tied, root_of, tie
from crmcore_service.tables import received
from crmcore_service.tickets.receiving import Request, receive

_LONGEST = 500
_NUMBERED = re.compile(r"\[T(\d{1,18})\]", re.IGNORECASE)


@frozen(kw_only=True)
class Box:
    """The mailbox that mails are from: its id (None: another one), its name, and the queue that its mails go to.

    Mails written before `since` become no tickets.
    """

    id: int | None = None
    name: str = ""
    queue_id: int | None = None
    since: datetime | None = None


@frozen(kw_only=True)
class Arrival:
    """A mail that was read: its bytes, where it lay, and what it is."""

    key: str
    raw: bytes
    letter: Letter


@frozen(kw_only=True)
class Placed:
    """Where a mail came to be: its kind, the ticket (of one that is none: the ticket it is about), and why.

    Of one that is `forgotten` nothing is kept but that it came: its sender asked to be erased.
    """

    kind: str
    reason: str = ""
    ticket_id: int | None = None
    interaction_id: int | None = None
    new: bool = False
    forgotten: bool = False


@frozen(kw_only=True)
class Taken:
    """What was taken in: how many mails there were, how many of them had been before, and the new ones by kind."""

    read: int = 0
    before: int = 0
    kinds: Mapping[str, int] = field(factory=dict)
    tickets: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            read=self.read + other.read,
            before=self.before + other.before,
            kinds=Counter(self.kinds) + Counter(other.kinds),
            tickets=self.tickets + other.tickets,
        )


def take(tx: AnyTransaction, arrivals: Sequence[Arrival], box: Box) -> Taken:
    """Take in the mails that were not taken in before, whichever mailbox they were met in, in their order."""
    by_digest = {digest_of(one.letter): one for one in arrivals}
    r = received.c
    seen = {row.digest for row in tx.rows(select(r.digest).where(r.digest.in_(by_digest)))}
    who = house(tx)
    placed = [place(tx, one, digest, box, who) for digest, one in by_digest.items() if digest not in seen]
    return Taken(
        read=len(arrivals),
        before=len(arrivals) - len(placed),
        kinds=Counter(one.kind for one in placed),
        tickets=sum(one.new for one in placed),
    )


def place(tx: AnyTransaction, arrival: Arrival, digest: str, box: Box, who: House) -> Placed:
    """Put one mail into a ticket or onto the list, and keep which."""
    letter = written(arrival.letter, who)
    at = instant_of(letter, arrival.raw, tx.now)
    found = _placed(tx, letter, at, box, who)
    tx.execute(insert(received), [_row(tx, arrival, digest, letter, at, box, found)])
    return found


def list_only(tx: AnyTransaction, arrival: Arrival, box: Box, reason: str) -> Placed:
    """Keep a mail that cannot be taken in on the list, so that it stops no other, and is not lost."""
    at = instant_of(arrival.letter, arrival.raw, tx.now)
    found = Placed(kind=kinds.REFUSED, reason=reason)
    tx.execute(insert(received), [_row(tx, arrival, digest_of(arrival.letter), arrival.letter, at, box, found)])
    return found


def _placed(tx: AnyTransaction, letter: Letter, at: datetime, box: Box, who: House) -> Placed:
    mail = letter.mail
    if mail is None:
        return Placed(kind=kinds.UNREADABLE, reason=letter.reason)
    tied = tie(tx, letter, who.domains)
    came_back(tx, letter, tied)
    contact_id = contact_of(tx, letter) if letter.sender else None
    verdict = judged(Asked(letter=letter, tied=tied, house=who, is_known=contact_id is not None))
    if verdict is not None:
        return _listed(verdict, tied)
    if box.since is not None and at < box.since and tied.ticket_id is None:
        return Placed(kind=kinds.OLD, reason=_("it was written before the day since which the mailbox is for tickets"))
    twin = _twin(tx, letter, at)
    if twin is not None:
        return twin
    if letter.sender in who.users and tied.ticket_id is not None:
        kept = as_kept(tx, letter, mail, at)
        why, interaction_id = answered_by_one_of_us(tx, letter, kept, tied.ticket_id, who, _source(box))
        kind = kinds.REFUSED if interaction_id is None else kinds.TICKET
        return Placed(kind=kind, reason=why, ticket_id=tied.ticket_id, interaction_id=interaction_id)
    if tied.ticket_id is None and (many := flooded(tx, letter.sender, at)):
        return _listed(many, tied)
    user_id = who.users.get(letter.sender)
    return enter(tx, letter, mail, at, box, tied=tied, user_id=user_id, contact_id=contact_id)


def enter(
    tx: AnyTransaction,
    letter: Letter,
    mail: IncomingInteraction,
    at: datetime,
    box: Box,
    *,
    tied: Tied,
    user_id: int | None = None,
    contact_id: int | None = None,
    automatic: bool = False,
) -> Placed:
    """Enter a letter into the ticket that it belongs to, or into a new one; some three dozen statements."""
    mail = as_kept(tx, letter, mail, at)
    kept = keep(tx, letter, mail, source=_source(box), contact_id=contact_id, make=user_id is None)
    if kept.refused:
        return Placed(kind=kinds.REFUSED, reason=kept.refused, ticket_id=tied.ticket_id, forgotten=kept.forgotten)
    certain = tied.ticket_id
    if certain is None and kept.contact_id is not None:
        certain = root_of(tx, letter, kept.contact_id)
    foreign = _foreign(tx, letter.subject, kept.contact_id) if certain is None else None
    note = ""
    if foreign is not None:
        note = _("Its subject names {ticket}, of which {sender} is no person.").format(
            ticket=f"T{foreign}", sender=letter.sender
        )
    done = receive(
        tx,
        Request(
            channel="email", at=at, text=mail.body, subject=mail.subject, contact_id=kept.contact_id,
            customer_id=kept.customer_id, user_id=user_id, queue_id=box.queue_id, ticket_id=certain,
            interaction_id=kept.interaction_id, message_id=mail.external_id, external_id=mail.external_id,
            origin=ORIGIN, source=_source(box), automatic=automatic or _goes_to_many(letter), new=foreign is not None,
            note=note,
        ),
    )  # fmt: skip
    reason = note or done.why
    return Placed(
        kind=kinds.TICKET, reason=reason, ticket_id=done.ticket_id, interaction_id=done.interaction_id, new=done.new
    )


def as_kept(tx: AnyTransaction, letter: Letter, mail: IncomingInteraction, at: datetime) -> IncomingInteraction:
    """Return a mail as it is kept: towards us, at an instant that has been, under a name that no other mail has."""
    r = received.c
    taken = tx.first(select(r.id).where(r.message_id == letter.external_id[:_LONGEST], r.kind == kinds.TICKET).limit(1))
    name = letter.external_id if taken is None else letter.key  # some programs name all their mails alike
    return evolve(mail, at=at, direction="in", external_id=name)


def _twin(tx: AnyTransaction, letter: Letter, at: datetime) -> Placed | None:
    """Return that a mail is in a ticket already, as another copy of it said the same in other bytes: one statement.

    A list or a server on the way may have added words to one of them.
    """
    r = received.c
    row = tx.first(
        select(r.ticket_id)
        .where(
            r.message_id == letter.external_id[:_LONGEST], r.sender == letter.sender, r.at == at, r.kind == kinds.TICKET
        )
        .order_by(r.id)
        .limit(1)
    )
    if row is None or letter.at is None:
        return None
    reason = _("another copy of it is in {ticket}").format(ticket=f"T{row.ticket_id}")
    return Placed(kind=kinds.REPEATED, reason=reason, ticket_id=row.ticket_id)


def _foreign(tx: AnyTransaction, subject: str, contact_id: int | None) -> int | None:
    """Return the first ticket that a subject names as ours do, and of which the writer is no person."""
    for number in _numbers(subject):
        if belongs(tx, contact_id, number) is False:
            return number
    return None


def _numbers(subject: str) -> Iterator[int]:
    yield from (int(one) for one in _NUMBERED.findall(subject)[:3])


def _goes_to_many(letter: Letter) -> bool:
    return letter.is_list or (letter.mail is not None and "List-Unsubscribe" in letter.mail.extra)


def _listed(verdict: Verdict, tied: Tied) -> Placed:
    return Placed(kind=verdict.kind, reason=verdict.reason, ticket_id=tied.ticket_id)


def _source(box: Box) -> str:
    return f"mailbox {box.name}" if box.name else "mail"


def _row(
    tx: AnyTransaction, arrival: Arrival, digest: str, letter: Letter, at: datetime, box: Box, found: Placed
) -> dict[str, Any]:
    """Return the row that says what became of a mail; bytes are kept of what may yet become a ticket."""
    if found.forgotten:
        letter = evolve(letter, sender="", subject="", external_id="")
    content = None if found.kind in (kinds.TICKET, kinds.OLD) or found.forgotten else arrival.raw
    return {
        "id": tx.new_id(), "mailbox_id": box.id, "key": arrival.key[:_LONGEST],
        "message_id": letter.external_id[:_LONGEST], "digest": digest, "at": at, "sender": letter.sender[:_LONGEST],
        "subject": letter.subject[:_LONGEST], "kind": found.kind, "reason": found.reason[:_LONGEST],
        "ticket_id": found.ticket_id, "interaction_id": found.interaction_id,
        "content": content, "settled_at": tx.now if found.kind == kinds.OLD else None,
    }  # fmt: skip
