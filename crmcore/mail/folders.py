"""Mail in files: a maildir, an mbox, a folder of .eml files, or one file. Nothing in them is changed."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.formats.mail.mailbox import maildir_files, split_mbox
from crmcore.i18n import _
from crmcore.mail.mailbox import LARGEST, Mailbox, Position, Raw

_CHANGED, _LINE, _DIGEST = "changed", "line", "digest"


@frozen(kw_only=True)
class Folder:
    """Files of one mail each. The position is when the last one read was last changed or moved (its ctime).

    No copying and no mail program can set that back, so that what comes later is always found, whatever its dates say.
    """

    path: Path
    is_maildir: bool

    def mails(self, position: Position) -> Iterator[Raw]:
        """Yield the mails in files that came or were moved since; those of the same instant once more."""
        files = maildir_files(self.path) if self.is_maildir else self._files()
        since = int(position.get(_CHANGED, 0))
        dated = sorted((changed, path) for path in files if (changed := _changed(path)) >= since)
        for changed, path in dated:
            content = _content(path)
            if content is not None:
                yield Raw(key=path.name, content=content, position={_CHANGED: max(changed, since)})

    def done(self, read: Sequence[Raw]) -> None:
        """Leave the files as they are: to mark one would move it, and make it look new."""

    def _files(self) -> list[Path]:
        return [path for path in self.path.iterdir() if path.suffix.lower() == ".eml" and path.is_file()]


@frozen(kw_only=True)
class File:
    """An mbox, or one mail. The position is the line of the last mail read, and its digest.

    While that mail stands where it stood, what lies before it was read; where a mail program wrote the file anew, it
    is read from its beginning.
    """

    path: Path
    is_mbox: bool

    def mails(self, position: Position) -> Iterator[Raw]:
        """Yield the mails after the position."""
        since = int(position.get(_LINE, 0))
        if not any(line == since and _digest(content) == position.get(_DIGEST) for line, content in self._split()):
            since = 0
        for line, content in self._split():
            if line > since:
                yield Raw(key=str(line), content=content[:LARGEST], position={_LINE: line, _DIGEST: _digest(content)})

    def done(self, read: Sequence[Raw]) -> None:
        """Leave the file as it is."""

    def _split(self) -> Iterator[tuple[int, bytes]]:
        with self.path.open("rb") as file:
            if self.is_mbox:
                yield from split_mbox(file)
            else:
                yield 1, file.read(LARGEST)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def opened_path(path: Path) -> AbstractContextManager[Mailbox]:
    """Open the mailbox at a path; raises `InvalidInput` for what cannot be read."""
    try:
        if path.is_dir():
            is_maildir = all((path / each).is_dir() for each in ("cur", "new", "tmp"))
            return nullcontext(Folder(path=path, is_maildir=is_maildir))
        with path.open("rb") as file:
            return nullcontext(File(path=path, is_mbox=file.read(5) == b"From "))
    except OSError as error:
        raise InvalidInput(_("{file} cannot be read: {reason}").format(file=path, reason=error.strerror)) from error


def _changed(path: Path) -> int:
    try:
        return path.stat().st_ctime_ns
    except OSError:  # moved or removed by a mail program at this moment
        return 0


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST)
    except FileNotFoundError:
        return None
