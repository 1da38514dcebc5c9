"""The ledger of promises: listed, added, settled."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from crmcore.engine.open_tasks import open_of
from crmcore.engine.reader import Reader
from crmcore.engine.tables import task
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.language.amounts import find_amounts
from crmcore.language.promises import find_promises
from crmcore.language.topics import find_topic
from crmcore.model.interaction import Task
from crmcore.promises.facts import Promised, flagged, promises, read
from crmcore.search.privacy import task_seen

STATUSES = {"open": "open", "kept": "done", "broken": "broken", "all": ""}
"""By the word at the command line: the status of the task."""
_STANDING = 1000


def page(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    status: str = "open",
    by: str = "",
    customer_id: int | None = None,
    contact_id: int | None = None,
) -> list[Promised]:
    """Return promises, earliest due first and those without a date last, `limit` at most: three statements at most.

    Contradictions are looked for among the open promises of the customers and contacts listed.
    """
    c = task.c
    statement = promises().where(task_seen(reader.actor.user_id)).order_by(c.due.is_(None), c.due, c.id).limit(limit)
    equal = ((c.status, STATUSES[status]), (c.by, by), (c.customer_id, customer_id), (c.contact_id, contact_id))
    for column, value in equal:
        if value:
            statement = statement.where(column == value)
    if after is not None:
        last = reader.first(select(c.due).where(c.id == after))
        if last is None:
            raise NotFound(_("There is no promise {id}.").format(id=after))
        statement = statement.where(_follows(last.due, after))
    shown = [read(row) for row in reader.rows(statement)]
    customers = {one.customer_id for one in shown if one.customer_id}
    contacts = {one.contact_id for one in shown if one.contact_id and not one.customer_id}
    if not customers and not contacts:
        return shown
    return flagged(shown, _standing(reader, open_of(customers, contacts)))


def _standing(reader: Reader, about: ColumnElement[bool]) -> list[Promised]:
    """Return the open promises that meet a condition, earliest due first: one statement."""
    c = task.c
    statement = promises().where(about, task_seen(reader.actor.user_id))
    return [read(row) for row in reader.rows(statement.order_by(c.due.is_(None), c.due, c.id).limit(_STANDING))]


def _follows(due: date | None, after: int) -> ColumnElement[bool]:
    c = task.c
    if due is None:
        return and_(c.due.is_(None), c.id > after)
    return or_(c.due > due, and_(c.due == due, c.id > after), c.due.is_(None))


def add(
    tx: Transaction,
    text: str,
    at: datetime,
    *,
    by: str = "us",
    due: date | None = None,
    contact_id: int | None = None,
    customer_id: int | None = None,
) -> Task:
    """Add a promise as told in one sentence; topic, amount and date are read from it, `due` goes before its date.

    `at` is the teller's clock. A sentence that names no promise is taken as the thing promised.
    """
    found = next(iter(find_promises(text, at)), None)
    amount = found.amount if found else next(iter(find_amounts(text)), None)
    return tx.add(
        Task(
            kind="promise",
            subject=found.what if found else text.strip(),
            by=by,
            due=due or (found.due if found else None),
            owner_id=tx.actor.user_id or None,
            contact_id=contact_id,
            customer_id=customer_id,
            sentence=text,
            topic=found.topic if found else find_topic(text),
            amount=amount.value if amount else None,
            unit=amount.unit if amount else "",
            source=f"entered by {tx.actor.login}",
        )
    )


def settle(tx: Transaction, promise_id: int, status: str) -> Task:
    """Mark an open promise as `done` (kept) or `broken`.

    Raises `NotFound`, or `InvalidInput` for a task that is no promise and for a promise settled before.
    """
    record = tx.get(Task, promise_id)
    if record.kind != "promise":
        raise InvalidInput(_("{id} is a task, not a promise.").format(id=promise_id))
    if record.status != "open":
        raise InvalidInput(
            _("Promise {id} is settled already: {status}.").format(id=promise_id, status=_(record.status))
        )
    record.status = status
    record.closed_at = tx.now
    return record
