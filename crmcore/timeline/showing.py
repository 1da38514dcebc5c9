"""How moments, lengths and people are shown in a brief."""

from datetime import date, datetime, tzinfo

from crmcore.i18n import _

_ARROWS = {"in": "←", "out": "→", "": ""}


def shown_moment(at: datetime | None, day: date | None, zone: tzinfo | None) -> str:
    """Return a moment in a zone to the minute; a date as it is, never converted."""
    if day is not None:
        return day.isoformat()
    return at.astimezone(zone).isoformat(" ")[:16] if at else ""


def shown_seconds(seconds: int | None) -> str:
    """Return a length of time in hours and minutes."""
    if not seconds:
        return ""
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    if not hours:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes:02} min").format(hours=hours, minutes=minutes)


def shown_channel(channel: str, direction: str) -> str:
    """Return a channel and its direction; one of a plugin that is not there is shown as it is called."""
    return f"{_(channel)} {_ARROWS[direction]}".rstrip()


def shown_due(due: date | None, today: date) -> str:
    """Return a due date, marked when it is over."""
    return "" if due is None else f"{due} !" if due < today else str(due)
