"""What is due: tasks and promises, overdue, today, this week, later."""

from datetime import date, timedelta

from attrs import frozen
from sqlalchemy import and_, or_, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, task, user_account
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.search.privacy import task_seen

OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "this week", "later"


@frozen(kw_only=True)
class Due:
    """A task or promise that is due; `when` is overdue, today, this week or later."""

    id: int
    when: str
    due: date
    kind: str
    by: str
    subject: str
    owner: str
    contact_id: int | None
    contact: str
    customer_id: int | None
    customer: str
    interaction_id: int | None
    sentence: str


def week_end(today: date) -> date:
    """Return the Sunday of the week."""
    return today + timedelta(days=6 - today.weekday())


def due(
    reader: Reader, today: date, *, until: date, owner_id: int | None, limit: int, after: int | None = None
) -> list[Due]:
    """Return open tasks and promises due up to a day, earliest first: one statement, two for a further page."""
    t = task.c
    statement = (
        select(
            t.id, t.due, t.kind, t.by, t.subject, t.contact_id, t.customer_id, t.interaction_id, t.sentence,
            select(user_account.c.login).where(user_account.c.id == t.owner_id).scalar_subquery().label("owner"),
            select(contact.c.name).where(contact.c.id == t.contact_id).scalar_subquery().label("contact"),
            select(customer.c.name).where(customer.c.id == t.customer_id).scalar_subquery().label("customer"),
        )
        .where(t.status == "open", t.due <= until, task_seen(reader.actor.user_id))
        .order_by(t.due, t.id)
        .limit(limit)
    )  # fmt: skip
    if owner_id is not None:
        statement = statement.where(t.owner_id == owner_id)
    if after is not None:
        last = reader.first(select(t.due).where(t.id == after))
        if last is None or last.due is None:
            raise NotFound(_("There is no task {id} with a date.").format(id=after))
        statement = statement.where(or_(t.due > last.due, and_(t.due == last.due, t.id > after)))
    return [
        Due(
            id=row.id,
            when=_when(row.due, today),
            due=row.due,
            kind=row.kind,
            by=row.by,
            subject=row.subject,
            owner=row.owner or "",
            contact_id=row.contact_id,
            contact=row.contact or "",
            customer_id=row.customer_id,
            customer=row.customer or "",
            interaction_id=row.interaction_id,
            sentence=row.sentence,
        )
        for row in reader.rows(statement)
    ]


def _when(day: date, today: date) -> str:
    if day < today:
        return OVERDUE
    if day == today:
        return TODAY
    return WEEK if day <= week_end(today) else LATER
