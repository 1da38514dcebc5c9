"""Publishing how a ticket was solved: cleaned of whom it was about, and read by who publishes it. Denied by default."""

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, NotFound, Reader, Transaction, names, tables
from crmcore_service.answers.cleaning import cleaned
from crmcore_service.i18n import _
from crmcore_service.model.answer import PublicAnswer
from crmcore_service.tables import post, public_answer, ticket

_PEOPLE = 200


@frozen(kw_only=True)
class Text:
    """What any customer would read of a ticket."""

    ticket_id: int
    title: str
    text: str


@frozen(kw_only=True)
class PublicView:
    """A public answer as it is listed."""

    id: int
    ticket: str
    title: str
    text: str
    published_by: str
    published_at: object


def drafted(reader: Reader | Transaction, ticket_id: int, *, title: str = "", text: str = "") -> Text:
    """Return what would be published of a ticket: its subject and resolution, or what is given, cleaned either way.

    The names of its customer, of who took part, and of our people in it are taken out: three statements. Raises
    `InvalidInput` for one without a resolution, and `NotFound` for one that the actor may not see.
    """
    t, c, f = ticket.c, tables.contact.c, tables.customer.c
    told = (
        select(
            t.subject, t.resolution, t.resolved_at, c.name.label("contact"), f.name.label("firm")
        )
        .join(tables.contact, c.id == t.contact_id, isouter=True)
        .join(tables.customer, f.id == t.customer_id, isouter=True)
        .where(t.id == ticket_id)
    )  # fmt: skip
    row = reader.first(told)
    if row is None:
        raise NotFound(_("There is no ticket {ticket}.").format(ticket=f"T{ticket_id}"))
    if not (text or row.resolution) or row.resolved_at is None:
        raise InvalidInput(
            _("{ticket} has no resolution: resolve it, saying what helped.").format(ticket=f"T{ticket_id}")
        )
    people = [row.contact or "", *_participants(reader, ticket_id)]
    firms = [row.firm or ""]
    return Text(
        ticket_id=ticket_id,
        title=cleaned(title or row.subject, people, firms),
        text=cleaned(text or row.resolution, people, firms),
    )


def publish(tx: Transaction, ticket_id: int, *, title: str = "", text: str = "") -> PublicAnswer:
    """Let customers be offered how a ticket was solved; what was published of it before is replaced."""
    told = drafted(tx, ticket_id, title=title, text=text)
    found = tx.load(PublicAnswer, public_answer.c.ticket_id == ticket_id)
    by = tx.actor.user_id or None
    if not found:
        return tx.add(
            PublicAnswer(ticket_id=ticket_id, title=told.title, text=told.text, published_by_id=by, published_at=tx.now)
        )
    (held,) = found
    held.title, held.text = told.title, told.text
    held.published_by_id, held.published_at = by, tx.now
    return held


def withdraw(tx: Transaction, ticket_id: int) -> None:
    """Offer it to customers no more; raises `NotFound` where nothing is published of a ticket."""
    found = tx.load(PublicAnswer, public_answer.c.ticket_id == ticket_id)
    if not found:
        raise NotFound(_("Nothing of {ticket} is published.").format(ticket=f"T{ticket_id}"))
    tx.remove(found[0])


def published(reader: Reader, *, limit: int, after: int | None = None) -> list[PublicView]:
    """Return public answers in the order of their ids: two statements."""
    c = public_answer.c
    wanted = select(c.id, c.ticket_id, c.title, c.text, c.published_by_id, c.published_at).order_by(c.id).limit(limit)
    if after is not None:
        wanted = wanted.where(c.id > after)
    rows = reader.rows(wanted)
    people = names(reader, tables.user_account, [row.published_by_id for row in rows])
    return [
        PublicView(
            id=row.id, ticket=f"T{row.ticket_id}", title=row.title, text=row.text, published_at=row.published_at,
            published_by=people.get(row.published_by_id, ""),
        )
        for row in rows
    ]  # fmt: skip


def _participants(reader: Reader | Transaction, ticket_id: int) -> list[str]:
    """Return the names of who took part in what was said, ours and theirs, and of its owner."""
    p, i, u, c = tables.participant.c, post.c, tables.user_account.c, tables.contact.c
    said = (
        select(p.name, c.name.label("contact"), u.name.label("user"))
        .join_from(post, tables.participant, p.interaction_id == i.interaction_id)
        .join(tables.contact, c.id == p.contact_id, isouter=True)
        .join(tables.user_account, u.id == p.user_id, isouter=True)
        .where(i.ticket_id == ticket_id)
        .limit(_PEOPLE)
    )
    owner = select(u.name).join_from(ticket, tables.user_account, u.id == ticket.c.owner_id)
    found = {name for row in reader.rows(said) for name in row if name}
    found |= {row.name for row in reader.rows(owner.where(ticket.c.id == ticket_id))}
    return sorted(found)
