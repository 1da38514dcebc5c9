"""What stays of a person who was erased: keyed hashes, by which the person is recognised and not taken in again.

The key is the workspace's own, so a hash says nothing outside it; whoever has the whole database can still try out
addresses one by one, which is why only the hash, the date and what was denied are kept.
"""

import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from crmcore.engine.tables import erased, setting
from crmcore.errors import Refused
from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _

SALT, ACCEPT = "erasing.key", "erasing.accept"
"""Settings: the key of the hashes; whether somebody who was erased may be imported again (JSON `true`)."""
_MOST = 5000

Known = tuple[str, str]


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare whether somebody who was erased may come again."""
    yield Setting(name=ACCEPT, kind="boolean", title=_("Whether an import takes in again who asked to be erased"))


class AskedToBeErased(Refused):
    """A record is of somebody who asked to be erased."""

    def __init__(self, day: date) -> None:
        super().__init__([_("asked to be erased on {day}").format(day=day)])


@frozen(kw_only=True)
class Tombstone:
    """When somebody was erased, and which (channel, purpose) pairs had been denied."""

    at: datetime
    denied: tuple[tuple[str, str], ...] = ()


def keep(
    connection: Connection, record_id: int, at: datetime, known_by: Iterable[Known], denied: Collection[Any]
) -> int:
    """Keep the hashes by which a person would be recognised; return how many."""
    key = _key(connection) or _new_key(connection)
    rows = [
        {
            "hash": hashed(key, one),
            "kind": one[0],
            "record_id": record_id,
            "at": at,
            "denied": [list(d) for d in denied],
        }
        for one in known_by
    ]
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    if rows:
        statement = make(erased)
        again = {name: statement.excluded[name] for name in ("record_id", "at", "denied")}
        connection.execute(statement.on_conflict_do_update(index_elements=["hash"], set_=again), rows)
    return len(rows)


def recognised(connection: Connection, known_by: Collection[Known]) -> Mapping[Known, Tombstone]:
    """Return which of these belong to somebody who was erased: one statement, and one more once anybody was."""
    key = _key(connection)
    if not key or not known_by:
        return {}
    hashes = {hashed(key, one): one for one in known_by}
    wanted, found = list(hashes), {}
    for start in range(0, len(wanted), _MOST):
        statement = select(erased).where(erased.c.hash.in_(wanted[start : start + _MOST]))
        for row in connection.execute(statement):
            denied = tuple((channel, purpose) for channel, purpose in row.denied)
            found[hashes[row.hash]] = Tombstone(at=row.at, denied=denied)
    return found


def hashed(key: str, known: Known) -> str:
    """Return the keyed hash (HMAC, SHA-256) of an address, a number, an id or a name."""
    return hmac.new(bytes.fromhex(key), f"{known[0]}:{known[1]}".encode(), "sha256").hexdigest()


def is_accepted(connection: Connection) -> bool:
    """Return whether the workspace takes in again who was erased."""
    return connection.execute(select(setting.c.value).where(setting.c.name == ACCEPT)).scalar() is True


def _key(connection: Connection) -> str:
    return str(connection.execute(select(setting.c.value).where(setting.c.name == SALT)).scalar() or "")


def _new_key(connection: Connection) -> str:
    key = secrets.token_hex(32)
    connection.execute(insert(setting).values(name=SALT, value=key))
    return key
