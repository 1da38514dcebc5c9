"""Where mail lies: an IMAP folder, a maildir, an mbox, a folder of .eml files; opened by an address or a path."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from attrs import frozen

from crmcore.api import InvalidInput
from crmcore_marketing.i18n import _

LARGEST = 8 * 2**20
"""Bytes of a mail that are read; what a longer one has beyond is attachments."""

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


@frozen(kw_only=True)
class Address:
    """A mailbox by name: `name` is its address without what is secret, `opened(password)` opens it.

    One on a server is `locked`: it needs the password.
    """

    name: str
    opened: Callable[[str], AbstractContextManager[Mailbox]]
    locked: bool = False


def mailbox_at(text: str) -> Address:
    """Return the mailbox that an address or a path names.

    `imaps://USER@HOST/FOLDER` and `imap://...` (encrypted by STARTTLS), `maildir:/PATH`, `mbox:/PATH`, or the path of a
    maildir, of an mbox or a single mail, or of a folder of .eml files. Raises `InvalidInput` for anything else.
    """
    from crmcore_marketing.inbox.folders import opened_path

    scheme = text.partition(":")[0].lower()
    if scheme in ("imap", "imaps"):
        return _imap(text)
    path = Path(text.partition(":")[2] if scheme in ("maildir", "mbox") else text).expanduser()
    if not path.exists():
        raise InvalidInput(_("There is no mailbox {path}.").format(path=path))
    resolved = path.resolve()
    return Address(name=str(resolved), opened=lambda _password: opened_path(resolved))


def _imap(text: str) -> Address:
    from crmcore_marketing.inbox.imap import Place, connected, folder_named

    wrong = InvalidInput(_("“{text}” is no mailbox; write imaps://USER@HOST/FOLDER.").format(text=text))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise wrong from None
    if not parts.hostname or not parts.username or parts.password is not None:
        raise wrong
    place = Place(
        host=parts.hostname,
        port=port or (993 if parts.scheme.lower() == "imaps" else 143),
        user=parts.username,
        folder=folder_named(parts.path),
        implicit=parts.scheme.lower() == "imaps",
    )
    return Address(name=place.name, opened=lambda password: connected(place, password), locked=True)
