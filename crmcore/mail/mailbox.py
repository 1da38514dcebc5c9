"""What a mailbox is, wherever it lies: mails that are read from a position on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from attrs import frozen

LARGEST = 8 * 2**20
"""Bytes of a mail that are read; what a longer one has beyond is attachments."""

_AT_ONCE, _BYTES = 50, 16 * 2**20

Position = Mapping[str, Any]
"""How far a mailbox was read, in its own terms."""


@frozen(kw_only=True)
class Raw:
    """A mail as it lies there: its bytes, where it is (`key`), and how far the mailbox is read when it is."""

    key: str
    content: bytes
    position: Position


class Mailbox(Protocol):
    """An open mailbox."""

    def mails(self, position: Position) -> Iterator[Raw]:
        """Yield the mails since a position, one at a time, in the order in which the position grows."""
        ...

    def done(self, read: Sequence[Raw]) -> None:
        """Mark mails as read, for people who look into the mailbox; what is kept of them is committed by then."""
        ...


def portions(
    place: Mailbox, position: Position, is_over: Callable[[], bool] = lambda: False
) -> Iterator[Sequence[Raw]]:
    """Yield the mails since a position in portions that neither memory nor a transaction is too small for.

    `is_over` says that time is short: the portion that was begun is yielded at once. So it is where the mailbox cannot
    be read any further, such as when the connection ends; what went wrong is raised after that.
    """
    portion: list[Raw] = []
    size = 0
    mails, problem = place.mails(position), None
    while True:
        try:
            one = next(mails, None)
        except Exception as error:  # noqa: BLE001 # whatever it is, it is raised below
            one, problem = None, error
        if one is None:
            break
        portion.append(one)
        size += len(one.content)
        if len(portion) >= _AT_ONCE or size >= _BYTES or is_over():
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
    if problem is not None:
        raise problem
