"""A visit as calendars read it: iCalendar (RFC 5545), sent as iTIP tells (RFC 5546); its times are in UTC."""

from datetime import datetime

from attrs import frozen

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@frozen(kw_only=True)
class Visit:
    """What a calendar is told of a visit; `sequence` grows with every change, `uid` stays."""

    uid: str
    sequence: int
    summary: str
    place: str
    starts_at: datetime
    ends_at: datetime


def written(visit: Visit, *, method: str, at: datetime, organizer: str, attendee: str, name: str) -> str:
    """Return the calendar of a visit for one person, as text, written `at` an instant.

    `organizer` and `attendee` are bare addresses, `name` is the attendee's.
    """
    from icalendar import Calendar, Event, vCalAddress, vText

    calendar, event = Calendar(), Event()
    for key, value in (("prodid", "-//crmcore//service//EN"), ("version", "2.0"), ("method", method)):
        calendar.add(key, value)
    event.add("uid", visit.uid)
    event.add("sequence", visit.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at)
    event.add("summary", visit.summary)
    if visit.place:
        event.add("location", visit.place)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    invited = vCalAddress(f"mailto:{attendee}")
    invited.params["CN"] = vText(name or attendee)
    invited.params["ROLE"] = vText("REQ-PARTICIPANT")
    if method == REQUEST:
        invited.params["PARTSTAT"] = vText("NEEDS-ACTION")
        invited.params["RSVP"] = vText("TRUE")
    event.add("attendee", invited, encode=False)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())
