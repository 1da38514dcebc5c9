"""VEVENT and VJOURNAL to interactions (RFC 5545, 3.6.1 and 3.6.3; RFC 5546 for METHOD)."""

from datetime import UTC, timedelta

from crmcore.formats.calendar.attachments import read_attachment
from crmcore.formats.calendar.blocks import Block
from crmcore.formats.calendar.component import Component
from crmcore.formats.calendar.people import beyond_participant, read_participant
from crmcore.formats.calendar.properties import Property
from crmcore.formats.calendar.scope import Scope
from crmcore.formats.calendar.times import Moment, read_duration, read_moment, seconds_between
from crmcore.i18n import _
from crmcore.model.incoming import Attachment, IncomingInteraction, IncomingParticipant, Rejection

_CHANNELS = {"VEVENT": "meeting", "VJOURNAL": "note"}
_SPELLINGS = {"canceled": "cancelled"}


def read_event(block: Block, scope: Scope) -> IncomingInteraction | Rejection:
    """Turn a VEVENT into a meeting, or a VJOURNAL into a note.

    A recurring event is one interaction, its first occurrence, with RRULE, RDATE and EXDATE in `extra`; occurrences
    that the file lists with a RECURRENCE-ID are interactions of their own. `external_id` is the UID, and for such an
    occurrence a slash and its recurrence id in UTC. `extra` holds, under lower-case names: `dtstart` and `tzid` as
    written, `floating` ("true" for a time without zone), `unknown-zone`, `alarms` (how many), `method`, `problems`,
    what the calendar says of itself (`calendar.x-wr-calname`), and every property that has no place of its own.

    An event whose DTSTART cannot be read is rejected: a meeting at the wrong time is worse than none.
    """
    component = Component(block, scope)
    if component.empty:
        return Rejection(line=block.line, reason=_("{name}: it is empty.").format(name=block.name), raw=block.text)
    start = component.take("DTSTART")
    begins = Moment()
    if start is not None:
        try:
            begins = read_moment(start, scope)
        except ValueError:
            return _unreadable(block, start)
        component.keep("dtstart", start.value)
        _keep_zone(component, start.parameters.get("TZID", ""), begins)
    return IncomingInteraction(
        line=block.line,
        channel=_CHANNELS[block.name],
        external_id=component.external_id() + _recurrence(component),
        at=begins.at,
        all_day=begins.day,
        zone=begins.zone,
        seconds=_seconds(component, begins, start) if block.name == "VEVENT" else None,
        subject=component.text("SUMMARY"),
        body=component.text("DESCRIPTION"),
        location=component.text("LOCATION"),
        status=_status(component),
        participants=_participants(component),
        attachments=_attachments(component),
        extra=component.extra(),
    )


def _unreadable(block: Block, one: Property) -> Rejection:
    reason = _("{field}: “{value}” is no date or time.").format(field=one.name, value=one.value[:80])
    return Rejection(line=one.line, reason=reason, raw=block.text)


def _keep_zone(component: Component, tzid: str, begins: Moment) -> None:
    component.keep("tzid", tzid)
    if begins.floating:
        component.keep("floating", "true")
        component.keep("unknown-zone", tzid)


def _recurrence(component: Component) -> str:
    one = component.peek("RECURRENCE-ID")
    if one is None:
        return ""
    moment = component.moment("RECURRENCE-ID")
    if moment is None:
        return f"/{one.value.strip()}"
    if moment.at is not None:
        return f"/{moment.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"/{moment.day:%Y%m%d}"


def _seconds(component: Component, begins: Moment, start: Property | None) -> int | None:
    end = component.moment("DTEND", start.parameters.get("TZID", "") if start is not None else "")
    if end is not None:
        seconds = seconds_between(begins, end)
        one = component.peek("DTEND")
        if seconds is None and one is not None and start is not None:
            component.note(one, _("line {line}: {field} does not follow on DTSTART: “{value}”"))
        return seconds
    duration = component.take("DURATION")
    if duration is None:
        return 86400 if begins.day is not None else None  # RFC 5545, 3.6.1: a date alone lasts one day
    component.keep("duration", duration.value)
    try:
        length = read_duration(duration)
    except ValueError:
        component.note(duration)
        return None
    if length < timedelta():
        component.note(duration)
        return None
    return int(length.total_seconds())


def _status(component: Component) -> str:
    status = component.text("STATUS").lower()
    if component.scope.method == "CANCEL":
        return "cancelled"
    return _SPELLINGS.get(status, status)


def _participants(component: Component) -> tuple[IncomingParticipant, ...]:
    found = []
    for one in component.take_all("ORGANIZER", "ATTENDEE"):
        component.keep(one.name.lower(), beyond_participant(one))
        participant = read_participant(one)
        if participant.address or participant.name:
            found.append(participant)
    return tuple(found)


def _attachments(component: Component) -> tuple[Attachment, ...]:
    found = []
    for one in component.take_all("ATTACH"):
        try:
            found.append(read_attachment(one))
        except ValueError:
            component.note(one)
            component.keep("attach", one.written)
    return tuple(found)
