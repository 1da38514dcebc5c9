"""Under which name an automation listens to the journal, and from when on."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete

from crmcore.engine import positions
from crmcore.engine.tables import subscription

PREFIX = "automation."


def name(automation: str) -> str:
    """Return the name of an automation's subscription."""
    return PREFIX + automation


def follow(connection: Connection, added: Iterable[str], removed: Iterable[str] = ()) -> None:
    """Let automations hear of what happens from now on, and those that go of nothing more.

    Called in the transaction that applies definitions.
    """
    gone = [name(one) for one in removed]
    if gone:
        connection.execute(delete(subscription).where(subscription.c.name.in_(gone)))
    positions.begin(connection, [name(one) for one in added])
