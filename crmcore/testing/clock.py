"""The time of a test."""

from datetime import datetime, timedelta

import pytest

BEGINNING = "2026-11-24T10:00+08:00"


class Clock:
    """What time it is for crmcore; it stands still until it is moved. Processes that the test starts see it, too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.set(BEGINNING)

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self._now

    def set(self, instant: str | datetime) -> None:
        """Say what time it is: an aware instant, or one in ISO 8601 with an offset."""
        self._now = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        self._monkeypatch.setenv("CRM_NOW", self._now.isoformat())

    def advance(self, **by: float) -> datetime:
        """Let time pass, as `advance(days=1, hours=2)`; return the instant it is then."""
        self.set(self._now + timedelta(**by))
        return self._now
