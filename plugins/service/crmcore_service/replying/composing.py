"""Composing a mail as it goes over the wire (RFC 5322; 3834 for automatic ones; 5545 and 6047 for appointments)."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from attrs import frozen

_NAMES = frozenset({"message-id", "in-reply-to", "references"})


class _Wire(EmailPolicy):
    """Lines end as in SMTP, all is ASCII, and names of messages are never written as encoded words.

    The standard library encodes what is too long for a line; then no mail program finds the thread any more.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as bytes."""
        if name.lower() in _NAMES:
            return f"{name}: {str(value).replace(' ', f'{self.linesep} ')}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_WIRE = _Wire(linesep="\r\n", cte_type="7bit", raise_on_defect=False)
REPLIED, GENERATED = "auto-replied", "auto-generated"
"""What RFC 3834 calls an automatic mail: an answer to one, or one of itself."""


@frozen(kw_only=True)
class Mail:
    """What a mail says, and to whom. Names of messages are without angle brackets.

    `automatic` is empty for what a person wrote. `calendar` is an iCalendar text, whose METHOD is `method`.
    """

    sender: Address
    to: Address
    subject: str
    text: str
    language: str
    message_id: str
    in_reply_to: str = ""
    references: Sequence[str] = ()
    at: datetime
    automatic: str = ""
    calendar: str = ""
    method: str = ""


def compose(mail: Mail) -> bytes:
    """Return a mail as it is given to a server. Raises `ValueError` for what no header can hold."""
    made = EmailMessage(policy=_WIRE)
    made["From"] = mail.sender
    made["To"] = mail.to
    made["Subject"] = " ".join(mail.subject.split())
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.message_id}>"
    if mail.in_reply_to:
        made["In-Reply-To"] = f"<{mail.in_reply_to}>"
    if mail.references:
        made["References"] = " ".join(f"<{one}>" for one in mail.references)
    if mail.automatic:
        made["Auto-Submitted"] = mail.automatic
        made["X-Auto-Response-Suppress"] = "OOF, AutoReply, DR, RN, NRN"
    made.set_content(mail.text)
    if mail.calendar:
        _invite(made, mail.calendar, mail.method)
    made["Content-Language"] = mail.language  # at last: what is said of the content moves with the first part
    return made.as_bytes()


def _invite(made: EmailMessage, calendar: str, method: str) -> None:
    """Add an appointment as mail programs act on it, and as a file for those that do not."""
    made.add_alternative(calendar, subtype="calendar", params={"method": method})
    made.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="appointment.ics")
