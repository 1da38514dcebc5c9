"""An event as calendars read it: iCalendar (RFC 5545), sent as iTIP tells (RFC 5546)."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from crmcore_marketing.model.event import Event

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@frozen(kw_only=True)
class Person:
    """A person with an e-mail address, without `mailto:`."""

    address: str
    name: str = ""


def written(record: Event, *, at: datetime, organizer: str, attendee: Person | None, method: str) -> str:
    """Return the calendar of one event for one person, as text.

    The UID is the event's own and stays, its SEQUENCE grows when it is moved, and its times are those of its zone,
    whose rules go along. A method that asks for an answer needs an organizer and an attendee; without either it is
    only published. `at` is when it is written.
    """
    from icalendar import Calendar
    from icalendar import Event as Meeting

    if method != CANCEL and not (organizer and attendee):
        method = PUBLISH
    zone = ZoneInfo(record.zone or "UTC")
    calendar, meeting = Calendar(), Meeting()
    for name, value in (("prodid", "-//crmcore//marketing//EN"), ("version", "2.0"), ("method", method)):
        calendar.add(name, value)
    meeting.add("uid", record.uid)
    meeting.add("sequence", record.sequence)
    meeting.add("dtstamp", at)
    meeting.add("dtstart", record.starts_at.astimezone(zone))
    meeting.add("dtend", record.ends_at.astimezone(zone))
    meeting.add("summary", record.name)
    for name, text in (("location", record.place), ("url", record.url)):
        if text:
            meeting.add(name, text)
    meeting.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if organizer:
        meeting.add("organizer", _address(organizer, ""))
    if attendee and method != PUBLISH:
        meeting.add("attendee", _invited(attendee, method), encode=False)
    if zone.key != "UTC":
        calendar.add_component(_rules(zone.key, record.starts_at.year))
    calendar.add_component(meeting)
    return str(calendar.to_ical().decode())


@lru_cache(maxsize=64)
def _rules(zone: str, year: int) -> Any:
    """Return the VTIMEZONE of a zone for the years around an event."""
    from datetime import date

    from icalendar import Timezone

    return Timezone.from_tzid(zone, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))


def _address(address: str, name: str) -> Any:
    from icalendar import vCalAddress, vText

    found = vCalAddress(f"mailto:{address}")
    if name:
        found.params["CN"] = vText(name)
    return found


def _invited(person: Person, method: str) -> Any:
    from icalendar import vText

    found = _address(person.address, person.name)
    found.params["ROLE"] = vText("REQ-PARTICIPANT")
    if method == REQUEST:
        found.params["PARTSTAT"] = vText("NEEDS-ACTION")
        found.params["RSVP"] = vText("TRUE")
    return found
