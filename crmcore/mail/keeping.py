"""The connection of a sender that works in turns: kept from one to the next, while there is something to send."""

from collections.abc import Iterator
from contextlib import contextmanager

from crmcore.mail.outgoing import Line, Where


class KeptLine:
    """At most one connection, to the server that was asked for last."""

    def __init__(self) -> None:
        self._line: Line | None = None

    @contextmanager
    def to(self, where: Where, password: str) -> Iterator[Line]:
        """Give the connection to a server, the one there is where it is to that; it ends where the block fails."""
        if self._line is None or self._line.where != where:
            self.close()
            self._line = Line(where, password)
        try:
            yield self._line
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._line is not None:
            self._line.close()
        self._line = None
