"""Handling a few events in one transaction, each in its own name; a failure says which of them it was."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from attrs import frozen
from sqlalchemy.exc import IntegrityError

from crmcore.delivery.consumers import Consumer
from crmcore.engine.transaction import Transaction
from crmcore.model.change import Event

BATCH = 200
"""How many events are handled in one transaction at most."""

_LONGEST = 0.25  # seconds after which a transaction takes up no further event: others wait to write


@frozen(kw_only=True)
class Outcome:
    """What a transaction did: events handled, failed, set behind others, and cut off as a loop."""

    handled: int = 0
    failed: int = 0
    behind: int = 0
    cut: int = 0
    moved: bool = False

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            handled=self.handled + other.handled,
            failed=self.failed + other.failed,
            behind=self.behind + other.behind,
            cut=self.cut + other.cut,
            moved=self.moved or other.moved,
        )


class HandlerFailedError(Exception):
    """The handler failed at the event in this place of those taken up; the transaction is rolled back."""

    def __init__(self, place: int, event_id: int, why: str) -> None:
        super().__init__(why)
        self.place = place
        self.event_id = event_id
        self.why = why


class Batch:
    """The events that one transaction takes up, in their order; `taken` are the ids of those handled."""

    def __init__(self, tx: Transaction, consumer: Consumer, taken: list[int]) -> None:
        self.tx = tx
        self.consumer = consumer
        self.taken = taken
        self._began = monotonic()

    @property
    def is_long(self) -> bool:
        """Return whether the transaction took so long that it should be committed first."""
        return monotonic() - self._began > _LONGEST

    def handle(self, place: int, event: Event) -> None:
        """Let the consumer handle an event, and write what follows from it; raises `HandlerFailedError`."""
        self.taken.append(event.id)
        try:
            self.tx.go_on(f"{self.consumer.cause} on {event.type} #{event.id}", event)
            self.consumer.handle(self.tx, event)
            self.tx.go_on("", None)
        except (Exception, SystemExit) as error:
            raise HandlerFailedError(place, event.id, told(error)) from error


@contextmanager
def committing(taken: Sequence[int]) -> Iterator[None]:
    """Put down to the events handled what the database says only at the commit; raises `HandlerFailedError`."""
    try:
        yield
    except IntegrityError as error:
        if not taken:
            raise
        place = len(taken) // 2  # one of them it was; half of them is tried next
        raise HandlerFailedError(place, taken[place], told(error)) from error


def told(error: BaseException) -> str:
    """Return what an error says, on one line."""
    first = error.orig if isinstance(error, IntegrityError) and error.orig is not None else error
    return " ".join(f"{type(first).__name__}: {first}".split())[:2000]


def narrowing(attempt: Callable[[int, HandlerFailedError | None], Outcome], most: int = BATCH) -> Outcome:
    """Attempt most events at once; after a failure those before it, which are not held up by it.

    When the first event itself fails, `attempt` is called with the failure, to set it aside.
    """
    failed: HandlerFailedError | None = None
    while True:
        try:
            return attempt(most, failed)
        except HandlerFailedError as error:
            most, failed = (error.place, None) if error.place else (1, error)
