"""Formats: reading files into records."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from attrs import field, frozen

from crmcore.model.incoming import Incoming, IncomingOwn, Rejection


@frozen(kw_only=True)
class Source:
    """A file (or a maildir folder) to read, and what the user said about it.

    `options` may hold `mapping` (path of a mapping file), `encoding`, `delimiter`, `sheet`, `entity`
    (contact or customer), as given on the command line; `region`, `zone` and `currency` (ISO 4217), the
    workspace's own.
    """

    path: Path
    options: Mapping[str, str] = field(factory=dict)


def _never(_head: bytes, _name: str) -> int:
    """Return that a file is not of the format."""
    return 0


class Ledger(Protocol):
    """What an import keeps of the records that a plugin writes itself: each must be told of by one of these.

    `line` is that of the `IncomingOwn`. For several things that were made or changed for one line it counts once.
    """

    @property
    def batch_id(self) -> int | None:
        """The import; to be kept in the `batch_id` of what is made, so that it can be taken back."""
        ...

    def source(self, line: int) -> str:
        """Return where a value came from, for people; to be kept in the `source` of what is made."""
        ...

    def created(self, record: Any, line: int) -> None:
        """Count a record that was added."""
        ...

    def changed(self, record: Any, line: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Count one that was there, with its changed fields: taking the import back restores them."""
        ...

    def removed(self, record: Any, into: int, line: int) -> None:
        """Tell of one that was there and is removed, for it goes on in the record `into`.

        Taking the import back brings it back as it is now; what is told of last is brought back first.
        """
        ...

    def kept(self, line: int) -> None:
        """Count one of which rows were kept that are no record: news, such as who came to work."""
        ...

    def same(self, line: int) -> None:
        """Count one that told nothing new."""
        ...

    def refuse(self, line: int, reason: str) -> None:
        """Reject one; nothing may have been written of it."""
        ...


@frozen(kw_only=True)
class Format:
    """A file format that `crm import` reads.

    `sniff(head, name)` sees the first 64 KiB and the file's name and answers 0 (no) to 100 (certain); the highest
    answer wins. `read(source)` yields records in the order of the file, in constant memory, the same each time (a
    resumed import counts on that); a bad record becomes a `Rejection` and reading goes on. A file that cannot be read
    as this format at all raises `crmcore.errors.InvalidInput`.

    `scheme` names the system that the ids in such files belong to, so that two formats of one system share them.
    With `rows`, records of the same line are one row of a table, and counted once.

    `late` says that its records point at those of other files: of a folder, such files are read after the others.

    `headings(headings)` is for formats that are tables, as CSV or XLSX: it sees their headings and answers 0 to 100.
    Above 50 it is taken before the core's own reading of a table as contacts or customers.

    `take(tx, records, ledger)` writes what only the plugin understands (`IncomingOwn`): all such of a chunk, at most
    1,000, in one transaction of the import's, with what a `notify` hook is lent.
    """

    name: str
    label: str
    extensions: tuple[str, ...]
    read: Callable[[Source], Iterator[Incoming | Rejection]]
    sniff: Callable[[bytes, str], int] = _never
    scheme: str = ""
    rows: bool = False
    late: bool = False
    headings: Callable[[Sequence[str]], int] | None = None
    take: Callable[[Any, Sequence[IncomingOwn], Ledger], None] | None = field(default=None, eq=False)
