"""Days and moments as people say them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from crmcore.directory.moments import Here, day_said, moment_said
from crmcore.errors import InvalidInput

TODAY = date(2026, 11, 24)
HERE = Here(zone=ZoneInfo("Asia/Shanghai"), today=TODAY, region="CN")


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2026-02-30", "soon", ""])
def test_what_is_no_day_that_can_be_reckoned_with_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"--from: .* is not a date; write 2026-11-22"):
        day_said("--from", text, TODAY)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00", "soon"])
def test_what_is_no_moment_that_can_be_reckoned_with_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"--again: .* is not a point in time"):
        moment_said("--again", text, HERE)


def test_days_and_moments_of_the_years_between_are_taken() -> None:
    assert day_said("--from", "1900-01-01", TODAY) == date(1900, 1, 1)
    assert day_said("--from", "下周五", TODAY) == date(2026, 12, 4)
    assert moment_said("--again", "2026-11-24T10:00", HERE).isoformat() == "2026-11-24T02:00:00+00:00"
