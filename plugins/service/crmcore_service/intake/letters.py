"""What a mail is to service before it is known what becomes of it: who wrote it, and what makes it the same."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256
from urllib.parse import urlsplit

from attrs import evolve, field, frozen
from sqlalchemy import select

from crmcore.api import NotFound, point_key, tables
from crmcore.mail import Letter
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.tables import mailbox, queue

_OURS = ("service.from", "marketing.from", "marketing.reply_to")
_NO_ID = "sha256:"
_ASTRAY = timedelta(days=1)
_HEAD = 65_536
_RECEIVED = re.compile(rb"^received:((?:.*\r?\n[ \t])*.*)$", re.IGNORECASE | re.MULTILINE)


@frozen(kw_only=True)
class House:
    """Who is of us: the addresses that mail of ours comes from, and our people by theirs; all in their normal form."""

    ours: frozenset[str] = frozenset()
    users: Mapping[str, int] = field(factory=dict)

    @property
    def domains(self) -> frozenset[str]:
        """Where our addresses are."""
        return frozenset(one.rpartition("@")[2] for one in self.ours)


def house(tx: AnyTransaction) -> House:
    """Return who is of us: three statements and the settings. A workspace has dozens of queues and users."""
    u = tables.user_account.c
    said = [row.address for row in tx.rows(select(queue.c.address).where(queue.c.address != ""))]
    said += [_user_of(row.address) for row in tx.rows(select(mailbox.c.address))]
    said += [_setting(tx, name) for name in _OURS]
    people = tx.rows(select(u.id, u.email).where(u.email != ""))
    return House(
        ours=frozenset(_normal(one) for one in said) - {""},
        users={normal: row.id for row in people if (normal := point_key("email", row.email))},
    )


def written(letter: Letter, who: House) -> Letter:
    """Return a letter with its real writer: a form of ours mails from our address, and names who filled it in."""
    if letter.sender not in who.ours or letter.mail is None:
        return letter
    for one in letter.mail.participants:
        normal = point_key("email", one.address)
        if one.role == "reply-to" and normal and normal not in who.ours and normal not in who.users:
            return evolve(letter, sender=normal, sender_name=one.name)
    return letter


def digest_of(letter: Letter) -> str:
    """Return what makes a letter the same wherever it is met: its Message-ID and what it says.

    One without a Message-ID is known by what it says, with its date; without a date too, by each of its bytes.
    """
    told = letter.key
    if letter.external_id.startswith(_NO_ID) and letter.at is not None:
        told = told.partition("#")[2]
    return sha256(told.encode()).hexdigest()


def instant_of(letter: Letter, raw: bytes, now: datetime) -> datetime:
    """Return when a mail was written; where its clock went wrong, when our server got it, or else now.

    A customer's clock that is years behind would have us late before we knew of anything.
    """
    at, came = letter.at, _came(raw)
    if came is not None and came <= now and (at is None or abs(at - came) > _ASTRAY):
        return came
    return at if at is not None and at <= now else now


def _came(raw: bytes) -> datetime | None:
    """Return what the last server on the way says of when it got a mail, which stands at the top of its head."""
    head = raw[:_HEAD].partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    found = _RECEIVED.search(head)
    if found is None:
        return None
    try:
        at = parsedate_to_datetime(found.group(1).decode("ascii", "replace").rpartition(";")[2].strip())
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _user_of(address: str) -> str:
    """Return the address of whom a mailbox on a server is, where its user name is one."""
    try:
        return urlsplit(address).username or ""
    except ValueError:
        return ""


def _setting(tx: AnyTransaction, name: str) -> str:
    try:
        return str(tx.setting(name))
    except NotFound:  # marketing is not enabled here
        return ""


def _normal(text: str) -> str:
    return point_key("email", parseaddr(text)[1] or text.replace("%40", "@"))
