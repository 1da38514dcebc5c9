"""When a user leaves: what they own goes to successors in the same transaction; nothing is left without an owner.

What somebody owns are the records of the core and of plugins whose tables name the user as an owner
(`crmcore.engine.owners`) and which are not over: done tasks and closed cases stay whose they were.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import field, frozen
from sqlalchemy import ColumnElement, Table, func, literal, or_, select, union_all

from crmcore.directory.finding import user_named
from crmcore.directory.users import keep_an_admin
from crmcore.directory.versions import take
from crmcore.engine.mapping import Entities
from crmcore.engine.owners import owners, under_way
from crmcore.engine.reader import Reader
from crmcore.engine.transaction import Transaction
from crmcore.engine.visibility import ALL, Scope, Visibility
from crmcore.errors import InvalidInput, Refused
from crmcore.i18n import _
from crmcore.model.user import SYSTEM, User

_ABOUT = ("customer_id", "contact_id")


@frozen(kw_only=True)
class Handover:
    """Who left, who took over, and how many records of each entity changed hands; `shares` says it by successor."""

    login: str
    successor: str
    owned: dict[str, int] = field(factory=dict)
    shares: dict[str, dict[str, int]] = field(factory=dict)


def owned(reader: Reader, entities: Entities, user_id: int) -> dict[str, int]:
    """Return how many records under way a user owns, by entity, private ones included: one statement."""
    counts = [
        select(literal(one.name).label("what"), func.count().label("n"))
        .select_from(one.table)
        .where(*_theirs(one.table, user_id))
        for one in entities.owned
    ]
    return {row.what: row.n for row in reader.connection.execute(union_all(*counts)) if row.n}


def deactivate(tx: Transaction, login: str, successor: str = "", shares: Mapping[int, str] | None = None) -> Handover:
    """Deactivate a user; what they own goes to `successor`, private records unseen by whoever does this.

    `shares` gives single records to others, by id and login. What is about a customer or contact given to somebody
    goes with it, unless it is named itself. Raises `Refused` with the counts when the user owns something and no
    successor is named, and `InvalidInput` for a successor who is not active, and for the last administrator.
    """
    leaving = take(tx, User, user_named(tx, login).id)
    if not leaving.active:
        raise InvalidInput(_("{login} is deactivated already.").format(login=login))
    if leaving.role == "admin":
        keep_an_admin(tx, leaving)
    leaving.active = False
    counts = owned(tx, tx.entities, leaving.id)
    if not counts:
        return Handover(login=login, successor="")
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    if not successor:
        raise Refused([_("{login} owns: {told}. Name who takes over with --successor.").format(login=login, told=told)])
    heirs = {each: _heir(tx, each, leaving) for each in dict.fromkeys((successor, *(shares or {}).values()))}
    by_id = {key: heirs[each] for key, each in (shares or {}).items()}
    given: Counter[tuple[int, str]] = Counter()
    with _unseen(tx):
        for name, columns, record in _all_owned(tx, leaving.id):
            heir = next((by_id[key] for key in _keys(record) if key in by_id), heirs[successor])
            for column in columns:
                if getattr(record, column) == leaving.id:
                    setattr(record, column, heir)
            given[heir, name] += 1
    parts = {each: {name: given[heir, name] for name in counts if given[heir, name]} for each, heir in heirs.items()}
    told_of = {"successor": successor, "owned": counts, **({"shares": parts} if len(parts) > 1 else {})}
    tx.record("user_account.handed_over", "user_account", leaving.id, told_of)
    return Handover(login=login, successor=successor, owned=counts, shares=parts)


def _heir(tx: Transaction, login: str, leaving: User) -> int:
    heir = user_named(tx, login)
    if not heir.active or heir.id == leaving.id:
        raise InvalidInput(_("{login} cannot take over: not active.").format(login=login))
    return int(heir.id)


def _keys(record: Any) -> Iterator[int | None]:
    """Yield the ids by which a record can be given to somebody: its own first, then those of whom it is about."""
    yield record.id
    for name in _ABOUT:
        yield getattr(record, name, None)


def _all_owned(tx: Transaction, user_id: int) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    """Yield what a user owns: the entity's name, the columns that hold owners, the record."""
    for one in tx.entities.owned:
        records: list[Any] = tx.load(one.cls, *_theirs(one.table, user_id))
        for record in records:
            yield one.name, owners(one.table), record


def _theirs(table: Table, user_id: int) -> list[ColumnElement[bool]]:
    return [or_(*(table.c[name] == user_id for name in owners(table))), *under_way(table, table.c)]


@contextmanager
def _unseen(tx: Transaction) -> Iterator[None]:
    """Let the transaction reach records that are hidden from its actor, to change their owner and show nothing."""
    own = tx.visibility
    tx.visibility = Visibility(SYSTEM, Scope(read=ALL, write=ALL), tx.connection)
    try:
        yield
    finally:
        tx.visibility = own
