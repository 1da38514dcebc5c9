"""Counting the statements an app executes."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import Engine, event

from crmcore.app import App


class Statements(list[str]):
    """The statements an app executes within a block, in order; those that begin a transaction are not counted."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._engine = app.engine

    def _note(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            self.append(statement)

    def __enter__(self) -> "Statements":
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)


@contextmanager
def executed_anywhere(*but: str) -> Iterator[list[str]]:
    """Gather what is executed within a block, on whatever connection, but for statements with a word of `but`."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not any(word in statement for word in but):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
