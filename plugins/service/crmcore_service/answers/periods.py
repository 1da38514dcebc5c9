"""Periods of whole days in the workspace's zone, as conditions on instants."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement


def period(column: Any, zone: ZoneInfo, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """Return the conditions that an instant lies in the days from `since` to `until`, both included."""
    found: list[ColumnElement[bool]] = []
    if since is not None:
        found.append(column >= datetime.combine(since, time(), zone))
    if until is not None:
        found.append(column < datetime.combine(until + timedelta(days=1), time(), zone))
    return found
