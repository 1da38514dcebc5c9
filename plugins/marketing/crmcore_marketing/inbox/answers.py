"""Answers to invitations: calendars with the method REPLY (RFC 5546) in a mail."""

from collections.abc import Iterator
from email.message import Message

from crmcore.api import mail_leaves, mail_text, point_key
from crmcore_marketing.inbox.letter import Answer


def answers(tree: "Message[str, str]") -> Iterator[Answer]:
    """Yield who answers which invitation how; nothing for a mail without such a calendar, or a broken one."""
    for part in mail_leaves(tree):
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            yield from _in(mail_text(part)[0])


def _in(text: str) -> Iterator[Answer]:
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(text)
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            return
        for event in calendar.walk("VEVENT"):
            said = event.get("ATTENDEE", ())
            for attendee in said if isinstance(said, list) else [said]:
                address = point_key("email", str(attendee).removeprefix("mailto:").removeprefix("MAILTO:"))
                partstat = str(attendee.params.get("PARTSTAT", "")).upper()
                if address and partstat and event.get("UID"):
                    yield Answer(uid=str(event["UID"]), address=address, partstat=partstat)
    except (ValueError, KeyError, AttributeError, TypeError, IndexError):
        return  # no calendar that can be read: the mail is what it is without
