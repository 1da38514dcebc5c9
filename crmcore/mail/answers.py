"""Answers to invitations: calendars with the method REPLY (RFC 5546) in a mail."""

from collections.abc import Iterator
from email.message import Message

from crmcore.formats.mail.mime import leaves, text
from crmcore.mail.letter import Attendance
from crmcore.model.points import normalise


def answers(tree: "Message[str, str]") -> Iterator[Attendance]:
    """Yield who answers which invitation how; nothing for a mail without such a calendar, or a broken one."""
    for part in leaves(tree):
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            yield from _in(text(part)[0])


def _in(text: str) -> Iterator[Attendance]:
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(text)
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            return
        for event in calendar.walk("VEVENT"):
            said = event.get("ATTENDEE", ())
            for attendee in said if isinstance(said, list) else [said]:
                address = normalise("email", str(attendee).removeprefix("mailto:").removeprefix("MAILTO:"))
                partstat = str(attendee.params.get("PARTSTAT", "")).upper()
                if address and partstat and event.get("UID"):
                    yield Attendance(uid=str(event["UID"]), address=address, partstat=partstat)
    except (ValueError, KeyError, AttributeError, TypeError, IndexError):
        return  # no calendar that can be read: the mail is what it is without
