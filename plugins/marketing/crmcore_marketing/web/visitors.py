"""Visitors of our pages: counted without being known; known only who agreed, and then said who it is."""

from collections.abc import Sequence
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from crmcore.api import ApplyTransaction, Transaction
from crmcore_marketing.campaigns.members import customers_of, engaged
from crmcore_marketing.campaigns.touching import Touch
from crmcore_marketing.tables import visit, visitor
from crmcore_marketing.web.cleaning import clean
from crmcore_marketing.web.tags import campaign_of, campaigns_tagged, tags_of_address

_LONGEST, _MOST = 500, 10_000


def welcome(tx: Transaction) -> str:
    """Let a browser be known from now on, which its user agreed to; returns the secret that its cookie holds.

    Only a digest of it is kept.
    """
    secret = token_urlsafe(24)
    tx.execute(
        insert(visitor),
        [
            {
                "id": tx.new_id(), "token": _digest(secret), "contact_id": None, "seen_at": tx.now,
                "consented_at": tx.now, "tied_at": None, "tied_by": "",
            }
        ],
    )  # fmt: skip
    return secret


def forget(tx: Transaction, secret: str) -> None:
    """Take an agreement back: the visits stay as numbers, whose they were is gone."""
    found = known(tx, secret)
    if found is not None:
        tx.execute(update(visit).where(visit.c.visitor_id == found.id).values(visitor_id=None))
        tx.execute(delete(visitor).where(visitor.c.id == found.id))


def forget_all(tx: ApplyTransaction, contact_ids: Sequence[int]) -> None:
    """Forget the browsers of contacts: their visits stay as numbers."""
    theirs = visitor.c.contact_id.in_(contact_ids)
    ids = select(visitor.c.id).where(theirs)
    tx.execute(update(visit).where(visit.c.visitor_id.in_(ids)).values(visitor_id=None))
    tx.execute(delete(visitor).where(theirs))


def known(tx: Transaction, secret: str) -> Any:
    """Return the row of the visitor whose cookie holds this; None for one we do not know, or who agreed to nothing."""
    if not secret:
        return None
    c = visitor.c
    return tx.first(select(visitor).where(c.token == _digest(secret), c.consented_at.is_not(None)))


def note(tx: Transaction, address: str, referrer: str, *, secret: str = "", machine: bool = False) -> None:
    """Count a page that was looked at; whose visit it was is kept only of a visitor who agreed."""
    found = known(tx, secret)
    tags = tags_of_address(address)
    key = tx.new_id()
    tx.execute(
        insert(visit),
        [
            {
                "id": key, "visitor_id": None if found is None else found.id, "at": tx.now,
                "path": _path(address), "referrer": _path(referrer), "product": "",
                "campaign_id": campaign_of(tags, campaigns_tagged(tx, [tags])) if tags else None, "utm": tags,
                "machine": machine, "external_id": token_urlsafe(16), "source": "page",
            }
        ],
    )  # fmt: skip
    if found is not None:
        tx.execute(update(visitor).where(visitor.c.id == found.id).values(seen_at=tx.now))
        if found.contact_id is not None:
            _touch(tx, found.contact_id, visit.c.id == key)


def tie(tx: Transaction, secret: str, contact_id: int, *, by: str) -> bool:
    """Say whose a visitor's visits are, those of before too; `by` is how they said so: form or link.

    Only who agreed is tied, and whoever came first: a link that was passed on makes nobody another. Returns whether it
    is tied to this contact now.
    """
    found = known(tx, secret)
    if found is None:
        return False
    if found.contact_id is None:
        values = {"contact_id": contact_id, "tied_at": tx.now, "tied_by": by}
        tx.execute(update(visitor).where(visitor.c.id == found.id).values(**values))
        _touch(tx, contact_id, visit.c.visitor_id == found.id)
        return True
    return bool(found.contact_id == contact_id)


def _touch(tx: Transaction, contact_id: int, which: ColumnElement[bool]) -> None:
    """Note visits by a campaign's address as touches of a contact: whose they are is known now."""
    v = visit.c
    came = tx.rows(select(v.id, v.at, v.campaign_id, v.product).where(which, v.campaign_id.is_not(None)).limit(_MOST))
    customer = customers_of(tx, [contact_id]).get(contact_id) if came else None
    engaged(
        tx,
        [
            Touch(
                campaign_id=row.campaign_id, kind="visit", at=row.at, contact_id=contact_id, customer_id=customer,
                channel="web", product=row.product, entity=visit.name, record_id=row.id,
            )
            for row in came
        ],
    )  # fmt: skip


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _path(address: str) -> str:
    """Return an address without its query: what people type into forms may be in there."""
    return clean(address.partition("?")[0].partition("#")[0], _LONGEST)
