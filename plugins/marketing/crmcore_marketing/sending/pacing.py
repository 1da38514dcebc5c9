"""How fast mailings leave: evenly, so many in a minute, however many senders there are.

Time is that of the machine: it is the server that must not be flooded.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from attrs import frozen
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from crmcore.api import Desk, NotifyTransaction
from crmcore_marketing.tables import pace

ALL = "all"
"""The pace of all mailings together."""


@frozen(kw_only=True)
class Pace:
    """A rate: so many messages in a minute under a name."""

    name: str
    rate: int

    @property
    def interval(self) -> timedelta:
        """The time between two messages."""
        return timedelta(minutes=1) / self.rate


class Later(Exception):  # it is no error: the next message has its time
    """No message may leave before an instant."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at

    @property
    def seconds(self) -> float:
        """How long that is from now."""
        return max(0.0, (self.at - datetime.now(UTC)).total_seconds())


def set_up(desk: Desk, paces: Sequence[Pace]) -> None:
    """Write the rows of paces that are new; another sender may do so at the same moment."""
    names = {one.name for one in paces}
    if not names:
        return
    with desk.read() as reader:
        known = {row.name for row in reader.rows(select(pace.c.name).where(pace.c.name.in_(names)))}
    for name in sorted(names - known):
        try:
            with desk.transaction() as tx:
                tx.execute(insert(pace).values(name=name, next_at=datetime.now(UTC)))
        except IntegrityError:
            continue


def must_be_time(tx: NotifyTransaction, paces: Sequence[Pace]) -> None:
    """Raise `Later` while it is too early for any of the paces: one statement."""
    if paces:
        names = [one.name for one in paces]
        at = tx.value(select(func.max(pace.c.next_at)).where(pace.c.name.in_(names)))
        if at is not None and at > datetime.now(UTC):
            raise Later(at)


def step(tx: NotifyTransaction, paces: Sequence[Pace]) -> None:
    """Take a place in each of the paces; raises `Later` when another sender was quicker, and nothing is done then."""
    for one in paces:
        now = datetime.now(UTC)
        taken = update(pace).where(pace.c.name == one.name, pace.c.next_at <= now)
        if not tx.execute(taken.values(next_at=now + one.interval)).rowcount:
            raise Later(now + one.interval)
