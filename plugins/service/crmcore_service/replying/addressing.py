"""Whom our mail is from, and whom it reaches."""

from email.headerregistry import Address

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, point_key, tables
from crmcore.mail import on_the_wire, parsed_address
from crmcore_service.assets.parties import AnyReader, AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.tables import queue

FROM = "service.from"
_EMAIL = "email"
_QUEUES = 1_000


@frozen(kw_only=True)
class Reached:
    """Whom a mail is to, and in which language we know him to read; without an address `reason` says why not."""

    contact_id: int | None = None
    name: str = ""
    language: str = ""
    address: str = ""
    reason: str = ""


def sender_of(reader: AnyReader, queue_address: str) -> Address:
    """Return whom mail of a queue is from: the queue's address, else the setting service.from.

    Raises `InvalidInput` where neither says it, or what is said is no address.
    """
    said = queue_address or str(reader.setting(FROM))
    if not said:
        raise InvalidInput(
            _("Nobody is named whom our mail is from; `crm setting set service.from 'NAME <ADDRESS>'` does.")
        )
    return parsed_address(said)


def ours(tx: AnyTransaction) -> frozenset[str]:
    """Return the addresses that our own mail comes from, in their normal form: whoever writes there writes to us."""
    named = select(queue.c.address).where(queue.c.address != "").limit(_QUEUES)
    said = [str(tx.setting(FROM)), *(row.address for row in tx.rows(named))]
    return frozenset(_normal(one) for one in said if one)


def _normal(text: str) -> str:
    try:
        return point_key(_EMAIL, parsed_address(text).addr_spec)
    except InvalidInput:  # such a sender is refused where it is used
        return ""


def reached(tx: AnyTransaction, contact_id: int | None, wrote_from: str) -> Reached:
    """Return where a person is reached by mail: the address he wrote from last if it works, else the preferred one.

    Who wrote is known by no more than his address where `contact_id` is None. Two statements, and those of `ours`.
    """
    if contact_id is None:
        return _checked(tx, Reached(address=wrote_from, reason="" if wrote_from else _("nobody is named to write to")))
    c, p = tables.contact.c, tables.contact_point.c
    person = tx.first(select(c.name, c.language).where(c.id == contact_id))
    if person is None:
        return Reached(reason=_("the contact is gone"))
    known = Reached(contact_id=contact_id, name=person.name, language=person.language)
    points = tx.rows(
        select(p.value, p.normal, p.status)
        .where(p.contact_id == contact_id, p.kind == _EMAIL)
        .order_by(p.status != "", p.preferred.desc(), p.id)
        .limit(50)
    )
    if not points:
        return _of(known, reason=_("no e-mail address"))
    wanted = point_key(_EMAIL, wrote_from) if wrote_from else ""
    best = next((one for one in points if one.normal == wanted and not one.status), points[0])
    if best.status:
        said = _("the address {address} is {status}").format(address=best.value, status=_(best.status))
        return _of(known, address=best.value.strip(), reason=said)
    return _checked(tx, _of(known, address=best.value.strip()))


def _of(known: Reached, *, address: str = "", reason: str = "") -> Reached:
    return Reached(
        contact_id=known.contact_id, name=known.name, language=known.language, address=address, reason=reason
    )


def _checked(tx: AnyTransaction, found: Reached) -> Reached:
    if found.reason:
        return found
    try:
        on_the_wire(found.address, "")
    except InvalidInput as error:
        return _of(found, address=found.address, reason=str(error))
    if point_key(_EMAIL, found.address) in ours(tx):
        return _of(found, address=found.address, reason=_("{address} is our own").format(address=found.address))
    return found
