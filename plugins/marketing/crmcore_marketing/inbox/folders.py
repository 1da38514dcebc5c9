"""Mail in files: a maildir, an mbox, a folder of .eml files, or one file. Nothing in them is changed."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from attrs import frozen

from crmcore.api import InvalidInput, maildir_files, split_mbox
from crmcore_marketing.i18n import _
from crmcore_marketing.inbox.mailbox import LARGEST, Mailbox, Position, Raw

_CHANGED = "changed"


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
    """An mbox, or one mail: read from its beginning whenever it changed, since mail programs rewrite it."""

    path: Path
    is_mbox: bool

    def mails(self, position: Position) -> Iterator[Raw]:
        """Yield all its mails, unless it is as it was."""
        status = self.path.stat()
        now = {"size": status.st_size, _CHANGED: status.st_ctime_ns}
        if dict(position) == now:
            return
        with self.path.open("rb") as file:
            if not self.is_mbox:
                yield Raw(key=self.path.name, content=file.read(LARGEST), position=now)
                return
            held: Raw | None = None
            for line, content in split_mbox(file):
                if held is not None:
                    yield held
                held = Raw(key=str(line), content=content[:LARGEST], position=position)
            if held is not None:  # only the last one says that all is read
                yield Raw(key=held.key, content=held.content, position=now)

    def done(self, read: Sequence[Raw]) -> None:
        """Leave the file as it is."""


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
