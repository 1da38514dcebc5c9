"""The generation of a workspace's set-up: a number that grows whenever plugins or definitions change.

A process that is running compares it at the start of every transaction, and puts itself together anew when it grew.
"""

from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from crmcore.engine import migrate
from crmcore.engine.tables import setting

_NAME = "generation"
_CURRENT: Select[Any] = select(setting.c.value).where(setting.c.name == _NAME)
_PLAIN = "SELECT value FROM setting WHERE name = 'generation'"


def current(connection: Connection) -> int:
    """Return the generation a workspace is in."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        row = driver.execute(_PLAIN).fetchone()  # asked before every transaction: without one of its own
        return int(row[0]) if row else 0
    return int(connection.execute(_CURRENT).scalar() or 0)


def advance(connection: Connection) -> None:
    """Begin a new generation, in the transaction of the connection; two at once begin two, one after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(migrate.ONE_AT_A_TIME)
    grown = current(connection) + 1
    done = connection.execute(update(setting).where(setting.c.name == _NAME).values(value=grown))
    if not done.rowcount:
        connection.execute(insert(setting).values(name=_NAME, value=grown))
