"""What a customer does on the status page: says more, says that it is solved, or opens it again."""

from crmcore.api import InvalidInput, NotifyTransaction, Transaction, storable
from crmcore_service.i18n import _
from crmcore_service.model.ticket import Ticket
from crmcore_service.status.standing import MESSAGE, REOPEN, SOLVED, standing
from crmcore_service.tickets.moving import close, reopen, resolve
from crmcore_service.tickets.receiving import Received, Request, receive
from crmcore_service.tickets.states import RESOLVED

LONGEST = 10_000
FORM, SOURCE = "form", "status page"


def act(tx: Transaction | NotifyTransaction, ticket_id: int, what: str, text: str, once: str) -> Received | None:
    """Do what the customer asks for (`message`, `solved`, `reopen`); return what became of what was said, if anything.

    `once` names the page that was sent, so that one that is sent twice counts once. Raises `InvalidInput` for what
    cannot be done now, and for a message without words.
    """
    said = storable(text.strip()[:LONGEST])
    now = standing(tx, ticket_id)
    if what not in now.can:
        raise InvalidInput(_("That cannot be done any more; please write to us."))
    if what == MESSAGE and not said:
        raise InvalidInput(_("Please write something."))
    record = tx.get(Ticket, now.main)
    if what == REOPEN:
        reopen(tx, record)
    received = None
    if said:
        received = receive(
            tx,
            Request(
                channel=FORM, at=tx.now, text=said, contact_id=record.contact_id, customer_id=record.customer_id,
                ticket_id=record.id, source=SOURCE,
                external_id=storable(f"{SOURCE} {ticket_id} {once[:64]}") if once else None,
            ),
        )  # fmt: skip
    if what == SOLVED:
        if record.status != RESOLVED:
            resolve(tx, record, record.resolution or _("The customer says that it is solved."))
        close(tx, record)
    return received
