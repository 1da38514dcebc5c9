"""Mail on an IMAP server (RFC 3501, 9051): read by number from where it was left, then marked as seen.

The position is the number of the last mail read (its UID) and the server's word for how long such numbers hold
(UIDVALIDITY): what a person opened in another program before is read all the same.
"""

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.mail.mailbox import LARGEST, Position, Raw

TIMEOUT = 60.0
"""Seconds to wait for a server."""
_AT_ONCE = 500
_SPAN = 50_000
_VALIDITY, _LAST = "validity", "uid"


@frozen(kw_only=True)
class Place:
    """A folder on a server; `implicit` is TLS from the first byte, otherwise STARTTLS."""

    host: str
    port: int
    user: str
    folder: str
    implicit: bool

    @property
    def name(self) -> str:
        """What it is called: its address, which holds no password."""
        scheme, usual = ("imaps", 993) if self.implicit else ("imap", 143)
        port = "" if self.port == usual else f":{self.port}"
        return f"{scheme}://{self.user}@{self.host}{port}/{self.folder}"


@frozen(kw_only=True)
class Server:
    """A connection with the folder selected: its UIDVALIDITY, and the number that the next mail to come will have."""

    connection: imaplib.IMAP4
    validity: int
    following: int

    def mails(self, position: Position) -> Iterator[Raw]:
        """Yield the mails with a number above the position, the lowest first."""
        last = int(position.get(_LAST, 0)) if position.get(_VALIDITY) == self.validity else 0
        for start in range(last + 1, self.following, _SPAN):  # an answer of any length would be too long for imaplib
            for uid in sorted(self._numbers("SEARCH", "UID", f"{start}:{min(start + _SPAN, self.following) - 1}")):
                content = self._content(uid)
                if content is not None:
                    yield Raw(key=str(uid), content=content, position={_VALIDITY: self.validity, _LAST: uid})

    def done(self, read: Sequence[Raw]) -> None:
        """Mark mails as seen, as far as the folder may be written to."""
        for start in range(0, len(read), _AT_ONCE):
            numbers = ",".join(one.key for one in read[start : start + _AT_ONCE])
            with suppress(imaplib.IMAP4.readonly):
                self.connection.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Seen)")

    def _numbers(self, *command: str) -> list[int]:
        _answer, data = self.connection.uid(*command)
        return [int(number) for line in data if line for number in line.split()]

    def _content(self, uid: int) -> bytes | None:
        """Return the bytes of a mail, up to the largest; None for one that was deleted meanwhile."""
        _answer, data = self.connection.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{LARGEST}>)")
        parts: list[Any] = list(data)
        for part in parts:
            if isinstance(part, tuple) and len(part) > 1:
                return bytes(part[1])
        return None


@contextmanager
def connected(place: Place, password: str) -> Iterator[Server]:
    """Open a folder; raises `InvalidInput` with one sentence when it cannot be, or when the connection breaks."""
    try:
        connection = _connection(place)
        try:
            connection.login(place.user, password)
            _introduce(connection)
            yield _selected(connection, place.folder)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise InvalidInput(
            _("The mailbox {mailbox} cannot be read: {reason}").format(mailbox=place.name, reason=_said(error))
        ) from error


def _connection(place: Place) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if place.implicit:
        return imaplib.IMAP4_SSL(place.host, place.port, ssl_context=context, timeout=TIMEOUT)
    connection = imaplib.IMAP4(place.host, place.port, timeout=TIMEOUT)
    if "STARTTLS" in connection.capabilities:
        connection.starttls(context)
    elif not _is_here(place.host):
        raise imaplib.IMAP4.error(_("the server offers no encryption, and the password would be read by others"))
    return connection


def _introduce(connection: imaplib.IMAP4) -> None:
    """Say who we are (RFC 2971): some servers, such as those of NetEase, let nobody in who does not."""
    if "ID" in connection.capability()[1][0].decode("ascii", "replace").split():
        connection.xatom("ID", '("name" "crmcore" "version" "1")')


def _selected(connection: imaplib.IMAP4, folder: str) -> Server:
    """Open the folder."""
    answer, data = connection.select(quoted(folder))
    if answer != "OK":
        raise imaplib.IMAP4.error(data[0] or b"")
    validity, following = (_number(connection, name) for name in ("UIDVALIDITY", "UIDNEXT"))
    if not following:  # RFC 3501 asks for it; one that says none tells it in the number of the last mail
        _answer, found = connection.uid("SEARCH", "UID", "*")
        following = max([int(each) for line in found if line for each in line.split()], default=0) + 1
    return Server(connection=connection, validity=validity, following=following)


def _number(connection: imaplib.IMAP4, name: str) -> int:
    said = connection.response(name)[1]
    return int(said[-1]) if said and said[-1] else 0


def folder_named(path: str) -> str:
    """Return the folder in the path of an address; INBOX where there is none."""
    return unquote(path.lstrip("/")) or "INBOX"


def quoted(folder: str) -> str:
    """Return a folder's name as IMAP writes it: in modified UTF-7 (RFC 3501, 5.1.3), in quotes."""
    parts = re.split(r"([^\x20-\x7e]+)", folder)
    written = "".join(_shifted(part) if place % 2 else part.replace("&", "&-") for place, part in enumerate(parts))
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(text: str) -> str:
    return "&" + b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _said(error: Exception) -> str:
    """Return what a server or the system said."""
    told = error.args[0] if error.args and isinstance(error.args[0], bytes) else None
    return told.decode("utf-8", "replace") if told is not None else str(error) or type(error).__name__
