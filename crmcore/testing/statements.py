"""Counting the statements an app executes."""

from types import TracebackType

from sqlalchemy import event

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
