"""Who wrote a mail: a contact that is known by the address, or a new one, taken in as an import does; never twice."""

from attrs import frozen
from sqlalchemy import and_, or_, select

from crmcore.api import IncomingContact, IncomingInteraction, Point, Position, tables, take_in
from crmcore.mail import Letter
from crmcore_service.assets.parties import AnyTransaction, customers_of
from crmcore_service.tables import ticket

ORIGIN = "email"
"""What `crm import` calls the origin of all mail: a letter that it brought as well is one and the same."""


@frozen(kw_only=True)
class Kept:
    """A letter as it is kept: who wrote it, and its interaction; `refused` is why the workspace does not take it.

    `forgotten` says that it is from somebody who asked to be erased: nothing of it may be kept.
    """

    contact_id: int | None = None
    customer_id: int | None = None
    interaction_id: int | None = None
    refused: str = ""
    forgotten: bool = False


def contact_of(tx: AnyTransaction, letter: Letter) -> int | None:
    """Return the contact that has the sender's address; of several the one of the same name. One statement.

    An address with no normal form, since no mail could go to it, is known by how it is written.
    """
    p, c = tables.contact_point.c, tables.contact.c
    rows = tx.rows(
        select(c.id, c.name)
        .join(tables.contact_point, p.contact_id == c.id)
        .where(p.kind == ORIGIN, c.merged_into_id.is_(None))
        .where(or_(p.normal == letter.sender, and_(p.normal == "", p.value == letter.sender)))
        .order_by(c.id)
        .limit(20)
    )
    wanted = letter.sender_name.casefold()
    return next((row.id for row in rows if row.name.casefold() == wanted), rows[0].id if rows else None)


def keep(
    tx: AnyTransaction, letter: Letter, mail: IncomingInteraction, *, source: str, contact_id: int | None, make: bool
) -> Kept:
    """Keep a letter as an interaction, and its writer as a contact where `make` says so and nobody has the address.

    The interaction is what `crm import` makes of the same mail: attachments by name, size and digest, what is quoted
    cut off, everybody who took part. One that is there already stays as it is.
    """
    new = [_person(letter)] if make and contact_id is None else []
    report = take_in(tx, [*new, mail], source=source, scheme=ORIGIN)
    if report.rejections:
        reasons = dict.fromkeys(one.reason for one in report.rejections)
        return Kept(refused=" ".join(reasons), forgotten=not any(one.raw for one in report.rejections))
    i = tables.interaction.c
    interaction_id = tx.value(select(i.id).where(i.origin == ORIGIN, i.external_id == mail.external_id))
    if not make:
        return Kept(interaction_id=interaction_id)
    contact_id = contact_id or contact_of(tx, letter)
    customer_id = customers_of(tx, [contact_id]).get(contact_id) if contact_id is not None else None
    if new and contact_id is not None and customer_id is None:
        customer_id = _employed(tx, letter.sender, contact_id)
    return Kept(contact_id=contact_id, customer_id=customer_id, interaction_id=interaction_id)


def belongs(tx: AnyTransaction, contact_id: int | None, ticket_id: int) -> bool | None:
    """Return whether a contact is of a ticket: its person, or one of its customer's; None where there is none such."""
    t = ticket.c
    row = tx.first(select(t.contact_id, t.customer_id).where(t.id == ticket_id))
    if row is None:
        return None
    if contact_id is None:
        return False
    theirs = customers_of(tx, [contact_id]).get(contact_id)
    return row.contact_id == contact_id or (theirs is not None and row.customer_id == theirs)


def _person(letter: Letter) -> IncomingContact:
    point = Point(kind="email", value=letter.sender, preferred=True)
    return IncomingContact(line=1, name=letter.sender_name.strip() or letter.sender, points=(point,))


def _employed(tx: AnyTransaction, address: str, contact_id: int) -> int | None:
    """Let a new contact stand for the customer whose own address it writes from, such as office@..."""
    p = tables.contact_point.c
    found: int | None = tx.value(
        select(p.customer_id).where(p.normal == address, p.kind == ORIGIN, p.customer_id.is_not(None)).limit(1)
    )
    if found is not None:
        tx.add(Position(contact_id=contact_id, customer_id=found))
    return found
