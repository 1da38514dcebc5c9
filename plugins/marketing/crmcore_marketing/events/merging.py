"""Two contacts that turn out to be one have one seat: the other goes to the next in line."""

from sqlalchemy import select

from crmcore.api import Event as Happening
from crmcore.api import NotifyTransaction
from crmcore_marketing.events.letters import withdraw
from crmcore_marketing.events.seats import held, move_up, people_of
from crmcore_marketing.tables import event, registration

HEARS = ("contact.merged",)
_HOLDING = ("registered", "waiting")


def contacts_met(happened: Happening, tx: NotifyTransaction) -> None:
    """Give back the second seat in each event to come; who has one seat and one place in line has the seat.

    One statement where the two were in no event together.
    """
    if happened.type not in HEARS:
        return
    winner, loser = happened.subject_id, int(happened.data["loser"])
    r, e = registration.c, event.c
    left = select(r.event_id).join(event, e.id == r.event_id).where(r.contact_id == loser, r.status.in_(_HOLDING))
    for row in tx.rows(left.where(e.status == "planned", e.starts_at > tx.now).order_by(r.event_id)):
        record, both = held(tx, row.event_id), people_of(tx, row.event_id, [winner, loser])
        spare, own = both[loser], both.get(winner)
        if own is None:
            continue
        if spare.status == "registered" and own.status != "registered":
            own.status, own.confirmed_at, own.registered_at = "registered", spare.confirmed_at, spare.registered_at
        withdraw(tx, [spare])
        spare.status, spare.confirmed_at = "cancelled", None
        tx.flush()
        move_up(tx, record)
