"""Composing a message as it goes over the wire (RFC 5322, 2369, 2919, 8058, 3834; 6047 for invitations)."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from attrs import frozen

_RAW = frozenset({"list-unsubscribe", "list-unsubscribe-post"})


class _Wire(EmailPolicy):
    """Lines end as in SMTP, all is ASCII, and addresses in angle brackets are never written as encoded words.

    The standard library encodes what is too long for a line; those who read such a field want it as it is.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as bytes."""
        if name.lower() in _RAW:
            return f"{name}: {str(value).replace(', ', f',{self.linesep} ')}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_WIRE = _Wire(linesep="\r\n", cte_type="7bit", raise_on_defect=False)


@frozen(kw_only=True)
class Attachment:
    """A file that goes along; `type` such as application/pdf."""

    name: str
    type: str
    content: bytes


@frozen(kw_only=True)
class Calendar:
    """An invitation that goes along: an iCalendar text, whose METHOD is `method`."""

    text: str
    method: str = "REQUEST"


@frozen(kw_only=True)
class Mail:
    """What a message says, and to whom. `bulk` is of a mailing; others answer to something the person did.

    `unsubscribe` is where the person ends it: an address for mail, and one on the web or none.
    """

    sender: Address
    to: Address
    subject: str
    text: str
    html: str = ""
    language: str = ""
    message_id: str
    at: datetime
    reply_to: str = ""
    bulk: bool = False
    unsubscribe: tuple[str, str] = ("", "")
    calendar: Calendar | None = None
    attachments: Sequence[Attachment] = ()


def compose(mail: Mail) -> bytes:
    """Return a message as it is given to a server. Raises `ValueError` for what no header can hold."""
    made = EmailMessage(policy=_WIRE)
    made["From"] = mail.sender
    made["To"] = mail.to
    made["Subject"] = " ".join(mail.subject.split())
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = mail.message_id
    if mail.reply_to:
        made["Reply-To"] = mail.reply_to
    _answering(made, mail)
    made.set_content(mail.text)
    if mail.html:
        made.add_alternative(mail.html, subtype="html")
    if mail.calendar is not None:
        _invite(made, mail.calendar)
    for one in mail.attachments:
        main, _slash, sub = one.type.partition("/")
        made.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    if mail.language:  # at last: what is said of the content moves with the first part while parts are added
        made["Content-Language"] = mail.language
    return made.as_bytes()


def _answering(made: EmailMessage, mail: Mail) -> None:
    """Say what machines should know: a mailing is no reason for an answer, and how to end it."""
    if mail.bulk:
        made["Precedence"] = "bulk"
        made["List-Id"] = f"<marketing.{mail.sender.domain}>"
    else:
        made["Auto-Submitted"] = "auto-generated"
    by_mail, on_web = mail.unsubscribe
    if by_mail:
        made["List-Unsubscribe"] = ", ".join(f"<{one}>" for one in (by_mail, on_web) if one)
    if on_web.startswith("https:"):
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _invite(made: EmailMessage, calendar: Calendar) -> None:
    """Add an invitation as mail programs act on it, and as a file for those that do not."""
    made.add_alternative(calendar.text, subtype="calendar", params={"method": calendar.method})
    made.add_attachment(calendar.text.encode(), maintype="application", subtype="ics", filename="invite.ics")
