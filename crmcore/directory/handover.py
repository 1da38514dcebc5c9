"""When a user leaves: what they own goes to a successor in the same transaction; nothing is left without an owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import field, frozen
from sqlalchemy import Table, func, literal, select, union_all

from crmcore.directory.finding import user_named
from crmcore.directory.users import keep_an_admin
from crmcore.directory.versions import take
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, task
from crmcore.engine.transaction import Transaction
from crmcore.engine.visibility import ALL, Scope, Visibility
from crmcore.errors import InvalidInput, Refused
from crmcore.i18n import _
from crmcore.model.interaction import Task
from crmcore.model.party import Contact, Customer
from crmcore.model.user import SYSTEM, User

_OWNED: tuple[tuple[type, Table], ...] = ((Customer, customer), (Contact, contact), (Task, task))


@frozen(kw_only=True)
class Handover:
    """Who left, who took over, and how many records of each entity changed hands."""

    login: str
    successor: str
    owned: dict[str, int] = field(factory=dict)


def owned(reader: Reader, user_id: int) -> dict[str, int]:
    """Return how many customers, contacts and open tasks a user owns, private ones included: one statement."""
    counts = [
        select(literal(table.name).label("what"), func.count().label("n")).where(
            table.c.owner_id == user_id, *([table.c.status == "open"] if table is task else [])
        )
        for _cls, table in _OWNED
    ]
    return {row.what: row.n for row in reader.connection.execute(union_all(*counts)) if row.n}


def deactivate(tx: Transaction, login: str, successor: str = "") -> Handover:
    """Deactivate a user; what they own goes to `successor`, private records unseen by whoever does this.

    Raises `Refused` with the counts when the user owns something and no successor is named, and `InvalidInput` for a
    successor who is not active, and for the last administrator.
    """
    leaving = take(tx, User, user_named(tx, login).id)
    if not leaving.active:
        raise InvalidInput(_("{login} is deactivated already.").format(login=login))
    if leaving.role == "admin":
        keep_an_admin(tx, leaving)
    leaving.active = False
    counts = owned(tx, leaving.id)
    if not counts:
        return Handover(login=login, successor="")
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    if not successor:
        raise Refused([_("{login} owns: {told}. Name who takes over with --successor.").format(login=login, told=told)])
    heir = user_named(tx, successor)
    if not heir.active or heir.id == leaving.id:
        raise InvalidInput(_("{login} cannot take over: not active.").format(login=successor))
    with _unseen(tx):
        for record in _all_owned(tx, leaving.id):
            record.owner_id = heir.id
    tx.record("user_account.handed_over", "user_account", leaving.id, {"successor": successor, "owned": counts})
    return Handover(login=login, successor=successor, owned=counts)


def _all_owned(tx: Transaction, user_id: int) -> Iterator[Any]:
    for cls, table in _OWNED:
        open_only = [table.c.status == "open"] if table is task else []
        yield from tx.load(cls, table.c.owner_id == user_id, *open_only)


@contextmanager
def _unseen(tx: Transaction) -> Iterator[None]:
    """Let the transaction reach records that are hidden from its actor, to change their owner and show nothing."""
    own = tx.visibility
    tx.visibility = Visibility(SYSTEM, Scope(read=ALL, write=ALL), tx.connection)
    try:
        yield
    finally:
        tx.visibility = own
