"""Ids: one sequence for the whole workspace, taken in small blocks, so that ids are short and known before a write."""

from collections import deque
from collections.abc import Iterator
from operator import length_hint

from sqlalchemy import Connection, text, update

from crmcore.engine.tables import counter

_FIRST_BLOCK, _LARGEST_BLOCK = 8, 4096
_FROM_SEQUENCE = text("SELECT nextval('crm_id') FROM generate_series(1, :size)")


class Ids:
    """The blocks of ids a process has taken for good and not used up; shared by its transactions, and threads.

    Blocks grow while a process writes much, and start small for a single command.
    """

    def __init__(self) -> None:
        self._spare: deque[Iterator[int]] = deque()
        self._size = _FIRST_BLOCK

    def block(self, connection: Connection) -> Iterator[int]:
        """Return a block nobody else has: a spare one, or a new one that is the transaction's own until it commits."""
        try:
            return self._spare.pop()
        except IndexError:
            size = self._size
            self._size = min(size * 2, _LARGEST_BLOCK)
        if connection.dialect.name == "postgresql":
            return iter(connection.execute(_FROM_SEQUENCE, {"size": size}).scalars().all())
        statement = update(counter).where(counter.c.name == "id").values(next=counter.c.next + size)
        end: int = connection.execute(statement.returning(counter.c.next)).scalar_one()
        return iter(range(end - size, end))

    def spare(self, block: Iterator[int]) -> None:
        """Take back what is left of a block, once the taking of it is committed."""
        self._spare.append(block)


class Draw:
    """The ids of one transaction. What it takes from the counter is shared only when it is committed (SQLite)."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._block: Iterator[int] = iter(())

    def take(self, connection: Connection) -> int:
        """Return a new id; `connection` must be in the transaction that will use it."""
        for number in self._block:
            return number
        self._block = self._ids.block(connection)
        return self.take(connection)

    def keep(self) -> None:
        """Leave the rest of the block to other transactions: it is committed."""
        if length_hint(self._block):
            self._ids.spare(self._block)
            self._block = iter(())

    def forget(self) -> None:
        """Drop the block: the transaction was rolled back, and perhaps the taking of the block with it."""
        self._block = iter(())
