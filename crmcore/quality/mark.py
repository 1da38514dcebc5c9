"""Marking ways to reach somebody as stale, invalid, or all right after all; and giving one its right value."""

from collections.abc import Sequence

from crmcore.engine.tables import contact, contact_point, customer
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.model.party import Contact, ContactPoint, Customer
from crmcore.model.points import normalise, problem

STATUSES = {"stale": "stale", "invalid": "invalid", "ok": ""}
"""What the user says, and what is stored."""


def mark(tx: Transaction, ids: Sequence[int], status: str) -> list[ContactPoint]:
    """Set the status of contact points, or of all points of a contact or customer whose id is given; return them.

    A contact marked ok is confirmed: it is not stale from now on. Raises `NotFound` for an id that is neither, or
    hidden from the actor, and `Denied` for somebody else's record where the role does not allow it.
    """
    c = contact_point.c
    points = tx.load(ContactPoint, c.id.in_(ids) | c.contact_id.in_(ids) | c.customer_id.in_(ids))
    contacts = _by_id(tx, {point.contact_id for point in points if point.contact_id} | set(ids))
    customers = {
        each.id
        for each in tx.load(Customer, customer.c.id.in_({p.customer_id for p in points if p.customer_id} | set(ids)))
    }
    seen = [point for point in points if point.contact_id in contacts or point.customer_id in customers]
    missing = set(ids) - {point.id for point in seen} - set(contacts) - customers
    if missing:
        raise NotFound(
            _("There is no contact, customer or way to reach one with the id {ids}.").format(
                ids=", ".join(map(str, sorted(missing)))
            )
        )
    for point in seen:
        point.status = STATUSES[status]
    if status == "ok":
        confirmed = {*ids, *(point.contact_id for point in seen)}
        for each in contacts.values():
            if each.id in confirmed:
                each.updated_at = tx.now
    return seen


def correct(tx: Transaction, point_id: int, value: str) -> ContactPoint:
    """Give a contact point its right value; it is normalised again, and no longer marked.

    Raises `NotFound` for a point that is absent or hidden, `InvalidInput` for a value that cannot be right either.
    """
    point = next((each for each in mark(tx, [point_id], "ok") if each.id == point_id), None)
    if point is None:
        raise NotFound(_("There is no way to reach anybody with the id {id}.").format(id=point_id))
    region = str(settings(tx.connection).get("region") or "")
    wrong = problem(point.kind, value, region)
    if wrong:
        raise InvalidInput(wrong)
    point.value = value.strip()
    point.normal = normalise(point.kind, value, region)
    return point


def _by_id(tx: Transaction, ids: set[int]) -> dict[int, Contact]:
    return {each.id: each for each in tx.load(Contact, contact.c.id.in_(ids))}
