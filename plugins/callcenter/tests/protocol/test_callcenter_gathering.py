"""Rows of calls brought together in constant memory."""

from collections.abc import Sequence

from crmcore_callcenter.protocol.gathering import Gathering, Piece
from hypothesis import given
from hypothesis import strategies as st

Row = tuple[int, str, str]


def gathered(rows: Sequence[Row], window: int) -> list[tuple[Row, ...] | str]:
    """Rows are line, key, and what they may have in common; those with the same first letter there belong together."""

    def same(these: Sequence[Row], those: Sequence[Row]) -> bool:
        return any(one[2] and one[2] == other[2] for one in these for other in those)

    gathering: Gathering[Row, str] = Gathering(same, window=window)
    return list(gathering.run(map(_piece, rows)))


def _piece(row: Row) -> Piece[Row] | str:
    line, key, perhaps = row
    if not key and not perhaps:
        return f"alone {line}"
    return Piece(line=line, keys=(key,) if key else (), perhaps=(perhaps,) if perhaps else (), value=row)


def test_rows_of_one_call_come_together_in_the_order_of_its_first() -> None:
    rows = [(1, "a", ""), (2, "b", "x"), (3, "a", ""), (4, "", ""), (5, "c", "x"), (6, "b", "")]
    assert gathered(rows, 100) == [
        ((1, "a", ""), (3, "a", "")),
        ((2, "b", "x"), (5, "c", "x"), (6, "b", "")),
        "alone 4",
    ]


def test_a_row_that_comes_too_late_stands_for_itself() -> None:
    rows = [(1, "a", ""), (2, "b", ""), (3, "c", ""), (4, "d", ""), (5, "a", "")]
    assert gathered(rows, 3) == [((1, "a", ""),), ((2, "b", ""),), ((3, "c", ""),), ((4, "d", ""),), ((5, "a", ""),)]


@given(
    rows=st.lists(st.tuples(st.sampled_from(["", *"abcdef"]), st.sampled_from(["", *"xyz"])), max_size=40),
    window=st.integers(1, 50),
)
def test_every_row_comes_out_once_and_the_first_lines_rise(rows: list[tuple[str, str]], window: int) -> None:
    numbered = [(place, *row) for place, row in enumerate(rows, start=1)]
    found = gathered(numbered, window)
    out = [line for one in found for line in ([row[0] for row in one] if isinstance(one, tuple) else [int(one[6:])])]
    firsts = [one[0][0] if isinstance(one, tuple) else int(one[6:]) for one in found]
    assert sorted(out) == [row[0] for row in numbered]
    assert firsts == sorted(firsts)
    if window >= len(rows):
        keys = [{row[1] for row in one if row[1]} for one in found if isinstance(one, tuple)]
        assert not any(one & other for place, one in enumerate(keys) for other in keys[place + 1 :])
