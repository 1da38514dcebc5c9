"""VTODO to tasks (RFC 5545, 3.6.2)."""

from datetime import UTC, date, timedelta

from crmcore.formats.calendar.blocks import Block
from crmcore.formats.calendar.component import Component
from crmcore.formats.calendar.people import read_participant
from crmcore.formats.calendar.scope import Scope
from crmcore.formats.calendar.times import Moment, read_duration
from crmcore.formats.calendar.zones import find_zone
from crmcore.i18n import _
from crmcore.model.incoming import IncomingTask, Rejection


def read_todo(block: Block, scope: Scope) -> IncomingTask | Rejection:
    """Turn a VTODO into a task.

    `due` is the day in the zone DUE is written in, and for a time in UTC the day in the calendar's own zone, if it has
    one. Without DUE it is DTSTART and DURATION. `done` follows STATUS, COMPLETED and PERCENT-COMPLETE. `owner` is the
    address of the first ATTENDEE (the one who is to do it), else of the ORGANIZER; `about` is CONTACT. A cancelled task
    says so in `extra["status"]`; all else is in `extra`, as for an event. A due date that cannot be read does not lose
    the task: `extra["problems"]` names it.
    """
    component = Component(block, scope)
    if component.empty:
        return Rejection(line=block.line, reason=_("{name}: it is empty.").format(name=block.name), raw=block.text)
    return IncomingTask(
        line=block.line,
        external_id=component.external_id(),
        due=_due(component),
        done=_done(component),
        subject=component.text("SUMMARY"),
        note=component.text("DESCRIPTION"),
        about=component.text("CONTACT"),
        owner=_owner(component),
        extra=component.extra() | ({"status": "cancelled"} if scope.method == "CANCEL" else {}),
    )


def _due(component: Component) -> date | None:
    due = component.moment("DUE")
    if due is not None:
        return _day(due, timedelta(), component.scope)
    start = component.moment("DTSTART")
    duration = component.peek("DURATION")
    if start is None or duration is None:
        return None
    try:
        return _day(start, read_duration(duration), component.scope)
    except (ValueError, OverflowError):
        component.note(duration)
        return None


def _day(moment: Moment, later: timedelta, scope: Scope) -> date | None:
    if moment.day is not None:
        return moment.day + later
    if moment.at is None:
        return None
    at = moment.at + later
    zone = find_zone(scope.zone if moment.zone in {"", "UTC"} else moment.zone, scope.rules)
    return at.astimezone(zone.info if zone is not None else UTC).date()


def _done(component: Component) -> bool:
    status, completed, percent = (component.peek(name) for name in ("STATUS", "COMPLETED", "PERCENT-COMPLETE"))
    if status is not None and status.text.strip().upper() != "COMPLETED":
        return False
    return status is not None or completed is not None or (percent is not None and percent.value.strip() == "100")


def _owner(component: Component) -> str:
    people = [component.peek("ATTENDEE"), component.peek("ORGANIZER")]
    return next((read_participant(one).address for one in people if one is not None), "")
