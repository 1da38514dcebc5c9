"""Opening a mailbox by an address or a path: an IMAP folder, a maildir, an mbox, a folder of .eml files."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.mail.folders import opened_path
from crmcore.mail.imap import Place, connected, folder_named
from crmcore.mail.mailbox import Mailbox
from crmcore.settings.addresses import address_problem


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
    scheme = text.partition(":")[0].lower()
    if scheme in ("imap", "imaps"):
        return _imap(text)
    path = Path(text.partition(":")[2] if scheme in ("maildir", "mbox") else text).expanduser()
    if not path.exists():
        raise InvalidInput(_("There is no mailbox {path}.").format(path=path))
    resolved = path.resolve()
    return Address(name=str(resolved), opened=lambda _password: opened_path(resolved))


def mailbox_problem(text: str) -> str:
    """Return what is wrong with the address of a mailbox, as far as can be said without looking; or an empty text.

    A maildir and an mbox need their whole path: whoever reads them stands in another folder.
    """
    kind, _colon, path = text.partition(":")
    if kind in ("maildir", "mbox") and path.startswith("/"):
        return ""
    wanted = _("write imaps://USER@HOST/FOLDER, maildir:/PATH or mbox:/PATH")
    return address_problem(text, ("imaps", "imap"), wanted)


def _imap(text: str) -> Address:
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
