"""Ids: one sequence for the whole workspace, taken in small blocks, so that ids are short and known before a write."""

from collections.abc import Iterator

from sqlalchemy import Connection, text, update

from crmcore.engine.tables import counter

_FIRST_BLOCK, _LARGEST_BLOCK = 8, 4096
_FROM_SEQUENCE = text("SELECT nextval('crm_id') FROM generate_series(1, :size)")


class Ids:
    """Hands out ids from a block; blocks grow while a process writes much, and start small for a single command."""

    def __init__(self) -> None:
        self._block: Iterator[int] = iter(())
        self._size = _FIRST_BLOCK

    def take(self, connection: Connection) -> int:
        """Return a new id; `connection` must be in the transaction that will use it."""
        for number in self._block:
            return number
        self._block = self._new_block(connection)
        return next(self._block)

    def _new_block(self, connection: Connection) -> Iterator[int]:
        size = self._size
        self._size = min(size * 2, _LARGEST_BLOCK)
        if connection.dialect.name == "postgresql":
            return iter(connection.execute(_FROM_SEQUENCE, {"size": size}).scalars().all())
        statement = update(counter).where(counter.c.name == "id").values(next=counter.c.next + size)
        end: int = connection.execute(statement.returning(counter.c.next)).scalar_one()
        return iter(range(end - size, end))

    def forget(self) -> None:
        """Drop the current block: the transaction that took it may have been rolled back, and the ids with it."""
        self._block = iter(())
        self._size = _FIRST_BLOCK
