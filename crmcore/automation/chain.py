"""What led to an event, step by step, and the rule that an automation runs once in a chain for one record."""

from attrs import frozen
from sqlalchemy import Connection, and_, select

from crmcore.engine.tables import automation_run, journal
from crmcore.i18n import _

_LINKS = 100


@frozen(kw_only=True)
class Link:
    """An event of a chain: the oldest has no cause; `ran` says that the automation asked about ran for it."""

    id: int
    type: str
    cause: str
    ran: bool


def chain(connection: Connection, event_id: int, automation: str = "", subject_id: int = 0) -> list[Link]:
    """Return the events that led to an event, the oldest first and itself last: one statement."""
    c, r = journal.c, automation_run.c
    columns = (c.id, c.cause_id, c.type, c.cause)
    links = select(*columns).where(c.id == event_id).cte("links", recursive=True)
    links = links.union_all(select(*columns).where(c.id == links.c.cause_id))
    ran = and_(r.event_id == links.c.id, r.automation == automation, r.subject_id == subject_id, r.outcome == "done")
    statement = (
        select(links.c.id, links.c.type, links.c.cause, r.event_id.is_not(None).label("ran"))
        .outerjoin_from(links, automation_run, ran)
        .order_by(links.c.id)
        .limit(_LINKS)
    )
    return [Link(id=row.id, type=row.type, cause=row.cause, ran=row.ran) for row in connection.execute(statement)]


def told(links: list[Link]) -> str:
    """Return a chain as one line: `contact.created #5 → automation a on contact.created #5 → contact.changed #7`."""
    first, *rest = links
    return " → ".join([f"{first.type} #{first.id}", *(f"{one.cause} → {one.type} #{one.id}" for one in rest)])


def repeated(connection: Connection, automation: str, event_id: int, subject_id: int) -> str:
    """Return why an automation must not run for an event: it ran in its chain for the same record. Else nothing."""
    links = chain(connection, event_id, automation, subject_id)
    earlier = next((one for one in links if one.ran and one.id != event_id), None)
    if earlier is None:
        return ""
    return _("it ran on {type} #{id} already, which led here: {chain}").format(
        type=earlier.type, id=earlier.id, chain=told(links)
    )
