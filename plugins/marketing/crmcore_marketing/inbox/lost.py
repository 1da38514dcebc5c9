"""What follows from mail that did not arrive: the message bounced, and an address that is gone is known as bad."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from crmcore.api import ContactPoint, point_key, tables
from crmcore.mail import BOUNCE, Failure
from crmcore_marketing.inbox.people import AnyTransaction
from crmcore_marketing.inbox.tying import Tied
from crmcore_marketing.tables import message

IN_A_ROW = 3
"""So many mailings lost one after the other, for whatever reason, and the address counts as gone."""
BAD = "bounced"
"""The state of a way to reach somebody at which nothing arrives (`crmcore.api.ContactPoint`)."""


def note_lost(tx: AnyTransaction, letters: Sequence[tuple[Tied, datetime]]) -> set[str]:
    """Note on messages that they bounced, and on addresses that they are gone; return these. Three statements at most.

    Only what was sent by us can make an address bad: a report that is tied to no message changes nothing.
    """
    told = [(one, at) for one, at in letters if one.letter.kind == BOUNCE and one.message is not None]
    if not told:
        return set()
    rows = [
        {"key": one.message.id, "at": at, "why": one.letter.reason}
        for one, at in told
        if one.message.bounced_at is None
    ]
    if rows:
        c = message.c
        tx.execute(
            update(message).where(c.id == bindparam("key")).values(bounced_at=bindparam("at"), reason=bindparam("why")),
            rows,
        )
    gone = {point_key("email", one.message.address) for one, _at in told if failure_of(one).hard}
    unsure = {one.message.address for one, _at in told} - {""}
    gone |= {point_key("email", address) for address in _lost_in_a_row(tx, unsure)}
    mark(tx, gone - {""}, "", BAD)
    return gone


def failure_of(one: Tied) -> Failure:
    """Return what a report says of the address that the message went to; a relay may have sent it on to another."""
    address = point_key("email", one.message.address) if one.message is not None else ""
    named = [each for each in one.letter.failures if each.address == address]
    return next(iter(named or one.letter.failures), Failure())


def mark(tx: AnyTransaction, addresses: Iterable[str], was: str, becomes: str) -> int:
    """Change the state of addresses, whoever has them, where it is what it `was`; return of how many."""
    wanted = set(addresses)
    p = tables.contact_point.c
    points = tx.load(ContactPoint, p.kind == "email", p.normal.in_(wanted), p.status == was) if wanted else []
    for point in points:
        point.status = becomes
    return len(points)


def _lost_in_a_row(tx: AnyTransaction, addresses: set[str]) -> Iterable[str]:
    """Return the addresses at which the last mailings were all lost; what was sent after that tells nothing yet."""
    c = message.c
    rows = tx.rows(
        select(c.address, c.mailing_id, c.id, c.bounced_at)
        .where(c.address.in_(addresses), c.sent_at.is_not(None))
        .order_by(c.sent_at.desc(), c.id.desc())
    )
    sent: Mapping[str, list[Any]] = defaultdict(list)
    for row in rows:
        sent[row.address].append(row)
    for address, found in sent.items():
        lost: set[tuple[str, int]] = set()
        for row in found:
            if row.bounced_at is not None:
                lost.add(("mailing", row.mailing_id) if row.mailing_id is not None else ("message", row.id))
            elif lost:
                break
        if len(lost) >= IN_A_ROW:
            yield address
