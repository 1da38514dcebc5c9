"""Going through the list of mails that are no tickets: making a ticket of one after all, or setting it aside."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from crmcore.api import InvalidInput, NotFound, Transaction, storable
from crmcore.mail import Letter, understood
from crmcore_service.i18n import _
from crmcore_service.intake import kinds
from crmcore_service.intake.letters import house
from crmcore_service.intake.senders import contact_of
from crmcore_service.intake.taking import Box, Placed, enter
from crmcore_service.intake.tying import Tied, tie
from crmcore_service.tables import mailbox, received

_BY_MACHINES = frozenset({kinds.BOUNCE, kinds.AUTOMATIC, kinds.LIST, kinds.SPAM, kinds.FLOOD, kinds.OWN})


def make_ticket(tx: Transaction, key: int, *, ticket_id: int | None = None, queue_id: int | None = None) -> Placed:
    """Make a ticket of a mail on the list, or put it into one that is named; nobody is answered by a machine for it.

    Raises `NotFound` for a mail that is not there, and `InvalidInput` for one that is in a ticket, of which nothing is
    kept any more, or that the workspace does not take.
    """
    row = _row(tx, key)
    if row.content is None:
        raise InvalidInput(_("Nothing is kept of mail {id} but that it came.").format(id=key))
    letter = storable(understood(row.content))
    who = house(tx)
    mail = letter.mail
    if mail is None:
        raise InvalidInput(_("Mail {id} cannot be read: {reason}").format(id=key, reason=row.reason))
    tied = Tied(ticket_id=ticket_id) if ticket_id is not None else tie(tx, letter, who.domains)
    box = Box(id=row.mailbox_id, name=row.name or "", queue_id=queue_id or row.queue_id)
    done = enter(
        tx, letter, mail, row.at, box, tied=tied, user_id=who.users.get(letter.sender),
        contact_id=_contact(tx, letter), automatic=row.kind in _BY_MACHINES,
    )  # fmt: skip
    if done.kind != kinds.TICKET:
        raise InvalidInput(done.reason)
    said = _("made a ticket by hand; it was none, since {reason}").format(reason=row.reason)
    _settle(tx, key, kind=kinds.TICKET, reason=said, ticket_id=done.ticket_id, interaction_id=done.interaction_id)
    return done


def dismiss(tx: Transaction, keys: Iterable[int]) -> int:
    """Set mails on the list aside: that they came, and why they were no tickets, stays; what they said does not."""
    ids = list(dict.fromkeys(keys))
    for key in ids:
        _row(tx, key)
    for key in ids:
        _settle(tx, key)
    return len(ids)


def _row(tx: Transaction, key: int) -> Any:
    r, m = received.c, mailbox.c
    row = tx.first(
        select(r.id, r.kind, r.reason, r.at, r.content, r.ticket_id, r.settled_at, r.mailbox_id, m.name, m.queue_id)
        .outerjoin(mailbox, m.id == r.mailbox_id)
        .where(r.id == key)
    )
    if row is None:
        raise NotFound(_("There is no mail {id} that came in.").format(id=key))
    if row.kind == kinds.TICKET:
        raise InvalidInput(_("Mail {id} is in {ticket}.").format(id=key, ticket=f"T{row.ticket_id}"))
    if row.settled_at is not None:
        raise InvalidInput(_("Mail {id} was set aside.").format(id=key))
    return row


def _settle(tx: Transaction, key: int, **values: Any) -> None:
    said = {"content": None, "settled_at": tx.now, **values}
    tx.execute(update(received).where(received.c.id == key).values(**said))
    fact = "mail.made_ticket" if values else "mail.dismissed"
    tx.record(fact, received.name, key, {"ticket": values.get("ticket_id")})


def _contact(tx: Transaction, letter: Letter) -> int | None:
    return contact_of(tx, letter) if letter.sender else None
