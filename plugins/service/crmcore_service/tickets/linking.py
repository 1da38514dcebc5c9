"""The customer's own link to a ticket: signed, for a time, revocable; it names the link, and the link the ticket."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from crmcore.web.links import gone, opened, public, signed
from crmcore_service.assets.parties import AnyReader, AnyTransaction
from crmcore_service.tables import link

LINK_DAYS = "service.link_days"
_PURPOSE = "service status"


def status_link(tx: AnyTransaction, ticket_id: int) -> str | None:
    """Return the address of a ticket's status page, for its customer.

    It is the same until half of its time (`service.link_days`) is over, and then another one with the whole time to
    go. None where the workspace has no address on the web or no key (`web.url`, `web.key`).
    """
    days, address, c = int(tx.setting(LINK_DAYS)), public(tx), link.c
    if not address or not days:
        return None
    fresh = tx.now + timedelta(days=days) / 2
    found = tx.first(
        select(c.id, c.until)
        .where(c.ticket_id == ticket_id, c.revoked_at.is_(None), c.until > fresh)
        .order_by(c.id.desc())
    )
    if found is None:
        key, until = tx.new_id(), tx.now + timedelta(days=days)
    else:
        key, until = found.id, found.until
    token = signed(tx, _PURPOSE, key, until)
    if token is None:
        return None
    if found is None:
        tx.flush()
        values = {"id": key, "ticket_id": ticket_id, "made_at": tx.now, "until": until, "revoked_at": None}
        tx.execute(insert(link), [values])
    return f"{address}/s/{token}"


def ticket_of(reader: AnyReader, token: str) -> int:
    """Return the ticket whose link has this token; raises `NotFound` for one that does not hold, or was revoked."""
    c = link.c
    key = opened(reader, _PURPOSE, token)
    found = reader.first(select(c.ticket_id).where(c.id == key, c.revoked_at.is_(None), c.until > reader.now))
    if found is None:
        raise gone()
    return int(found.ticket_id)


def revoke(tx: AnyTransaction, ticket_id: int) -> int:
    """Let no link of a ticket made so far hold any more; return how many held."""
    c = link.c
    held = (c.ticket_id == ticket_id, c.revoked_at.is_(None), c.until > tx.now)
    return tx.execute(update(link).where(*held).values(revoked_at=tx.now)).rowcount
