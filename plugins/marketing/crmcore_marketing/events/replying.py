"""What people answer from their calendars (RFC 5546, 3.2.3): who declines gives the seat to the next in line."""

from sqlalchemy import select

from crmcore.api import NotifyTransaction, Transaction, tables
from crmcore_marketing.events.seats import unregister
from crmcore_marketing.tables import event, registration

DECLINED = "DECLINED"


def replied(tx: Transaction | NotifyTransaction, uid: str, address: str, partstat: str) -> int | None:
    """Take an answer to an invitation; return the id of the registration it is about.

    None where there is no event of this UID, or nobody with this address is in it. DECLINED cancels the registration
    without a message back, while the event is to come; ACCEPTED and TENTATIVE leave it as it is.
    """
    e, r, p = event.c, registration.c, tables.contact_point.c
    found = tx.first(
        select(r.id, r.event_id, r.contact_id, r.status, e.starts_at)
        .join(event, e.id == r.event_id)
        .join(tables.contact_point, p.contact_id == r.contact_id)
        .where(e.uid == uid, p.kind == "email", p.normal == address.strip().lower())
        .order_by(r.status == "cancelled", r.id)
    )
    if found is None:
        return None
    if partstat.strip().upper() == DECLINED and found.starts_at > tx.now:
        unregister(tx, found.event_id, [found.contact_id], told=False)
    return int(found.id)
