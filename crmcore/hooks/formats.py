"""Formats: reading files into records."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from crmcore.model.incoming import Incoming, Rejection


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
