"""What the host's reader and transaction are to those who lend them out: less than they are to the core."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select

from crmcore.engine.mapping import Entities
from crmcore.hooks.forms import Answered, Kept
from crmcore.hooks.handing import Prospect
from crmcore.hooks.policy import Act, Decision
from crmcore.model.change import Event
from crmcore.model.definitions import Definitions
from crmcore.model.user import Actor

E = TypeVar("E")


class ReadingHost(Protocol):
    """Reads in an actor's name: a `Reader`."""

    actor: Actor
    definitions: Definitions
    now: datetime

    def settings(self) -> dict[str, object]:
        """Return the workspace's settings by name."""
        ...

    def setting(self, name: str) -> Any:
        """Return what a declared setting is."""
        ...

    def ask(self, hook: str, **given: Any) -> list[Any]:
        """Ask a hook that a plugin owns."""
        ...

    def declared(self, hook: str) -> list[Any]:
        """Return what is declared for a hook of the core's."""
        ...

    def declared_by_plugin(self, hook: str) -> list[tuple[str, Any]]:
        """Return the same, each with the plugin it came from."""
        ...

    def rows(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return all rows that the actor may see; `values` fill the statement's parameters."""
        ...

    def first(self, statement: Select[Any]) -> Row[Any] | None:
        """Return the first of them, or None."""
        ...

    def value(self, statement: Select[Any]) -> Any:
        """Return the first column of the first of them, or None."""
        ...


class WritingHost(ReadingHost, Protocol):
    """Writes in an actor's name: a `Transaction`, whose methods say what each does."""

    connection: Connection
    cause: str
    caused_by: Event | None
    entities: Entities
    filled: Any

    def as_read(self, entity: str, record_id: int) -> Mapping[str, Any] | None:
        """Return the values of a record as they were read."""
        ...

    def new_id(self) -> int:
        """Return a fresh id."""
        ...

    def lock(self, cls: type, *record_ids: int) -> None:
        """Let nobody else lock or change these records until the transaction ends."""
        ...

    def add(self, record: E) -> E:
        """Take a new record."""
        ...

    def get(self, cls: type[E], record_id: int) -> E:
        """Return a record to read or change."""
        ...

    def load(self, cls: type[E], *conditions: ColumnElement[bool]) -> list[E]:
        """Return the records that meet all conditions."""
        ...

    def remove(self, record: object) -> None:
        """Remove a record that was read."""
        ...

    def record(self, kind: str, entity: str, subject_id: int, data: dict[str, Any]) -> None:
        """Tell the journal of something."""
        ...

    def flush(self) -> None:
        """Write what was collected so far."""
        ...

    def permit(self, act: Act) -> Decision:
        """Decide on an act, and journal the decision."""
        ...

    def permit_all(self, acts: Sequence[Act]) -> tuple[Decision, ...]:
        """Decide on any number of acts."""
        ...

    def link(self, origin: object, target: object, kind: str = ...) -> None:
        """Keep that one record became another, or led to it."""
        ...

    def hand_over(self, prospects: Sequence[Prospect]) -> tuple[tuple[str, int], ...]:
        """Let whoever takes over go on with prospects."""
        ...

    def fill_in(self, form: str, answers: Sequence[Answered]) -> tuple[Kept, ...]:
        """Let a form keep answers."""
        ...
