"""Tables fit the terminal, and what is typed back, numbers and words stay in one piece as long as there is room."""

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from crmcore.cli.fitting import fitted

HEADINGS = ("figure", "what it is", "seen", "amount", "day", "remark")
ROWS = (
    ("service.deflection_rate", "Of all questions, those answered", "", "-1,200.00", "2026-11-22", "of the month"),
    ("service.minutes_saved", "杭州纺织有限公司的工程师没有花费的时间", "", "0.00", "2026-11-23", "engineers"),
)


def lines(width: int, headings: tuple[str, ...] = HEADINGS) -> list[str]:
    """Return the table as it is printed at a width."""
    told = StringIO()
    console = Console(file=told, width=width, highlight=False)
    console.print(fitted(console, headings, ROWS, {3}))
    return told.getvalue().splitlines()


@pytest.mark.parametrize("width", [20, 40, 60, 76, 80, 100, 200])
def test_nothing_is_lost_and_no_line_is_wider_than_the_terminal(width: int) -> None:
    found = lines(width)
    assert max(map(cell_len, found)) <= width
    kept = "".join(found).replace(" ", "")
    for row in ROWS:
        for letter in "".join(row).replace(" ", ""):
            assert letter in kept


def test_names_numbers_and_words_stay_whole_where_there_is_room() -> None:
    for whole in ("service.deflection_rate", "-1,200.00", "2026-11-22", "questions", "engineers"):
        assert any(whole in line for line in lines(80))
    assert not any("seen" in line for line in lines(80))  # nothing was
    assert any("seen" in line for line in lines(200))


def test_names_and_values_have_no_head() -> None:
    assert lines(200, ("",) * 6)[0].startswith("service.deflection_rate")
