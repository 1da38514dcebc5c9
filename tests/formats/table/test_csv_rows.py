import csv
import io
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crmcore.errors import InvalidInput
from crmcore.formats.table.csv_rows import open_table, read_rows
from crmcore.model.incoming import Rejection

DATA = Path(__file__).resolve().parents[3] / "tests" / "data" / "csv"


def rows_of(path: Path, **said: str) -> list[tuple[int, list[str]] | Rejection]:
    return list(read_rows(open_table(path, **said)))


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，", "^", "~"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, newline: str) -> None:
    lines = [["name", "city", "phone"], ["Ann", "a, b", "1"], ["Bob", "c; d", "2"]]
    text = newline.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    table = open_table(write(tmp_path / "t.csv", text))
    assert table.dialect.delimiter == delimiter
    assert table.dialect.header == ("name", "city", "phone")
    assert list(read_rows(table)) == [(2, ["Ann", "a, b", "1"]), (3, ["Bob", "c; d", "2"])]


def test_commas_inside_text_do_not_outvote_semicolons(tmp_path: Path) -> None:
    text = "Name;Umsatz;Ort\nA;1,50;x, y, z\nB;2,50;x, y, z\nC;3,50;x, y, z\n"
    assert open_table(write(tmp_path / "t.csv", text)).dialect.delimiter == ";"


def test_excels_first_line_says_the_delimiter(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "sep=|\r\nname|city\r\nAnn|Bern\r\n")
    assert open_table(path).dialect.header == ("name", "city")
    assert rows_of(path) == [(3, ["Ann", "Bern"])]


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "Contacts of 2026\n\nname,city\nAnn,Bern\nBob,Rome\n")
    assert open_table(path).dialect.header == ("name", "city")
    assert rows_of(path) == [(4, ["Ann", "Bern"]), (5, ["Bob", "Rome"])]


def test_lines_are_counted_through_quoted_line_ends(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", 'name,note\n"Ann","one\ntwo\n\nthree"\nBob,x\n')
    assert rows_of(path) == [(2, ["Ann", "one\ntwo\n\nthree"]), (6, ["Bob", "x"])]


def test_bad_rows_are_named_and_good_ones_kept() -> None:
    rows = rows_of(DATA / "damaged.csv")
    kept = [row[1][0].strip() for row in rows if isinstance(row, tuple)]
    assert kept == ["Ann", "Eve", "", "", "'+49 30 1", "Gus", "Hal"]
    rejected = {row.line: row.reason for row in rows if isinstance(row, Rejection)}
    assert rejected == {
        4: "2 cells, but 5 headings",
        5: "6 cells, but 5 headings",
        6: "a quotation mark is opened and not closed, or closed in the wrong place",
        8: "the row holds a NUL character",
        15: "a quotation mark is opened and not closed, or closed in the wrong place",
    }


def test_undecodable_bytes_reject_their_row_only(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        "name,city\nMüller,Köln\nGröß,Köln\nJürgen,Köln\nÄnne,Köln\n".encode() + b"F\xf6\xf6,Rome\nIda,Bonn\n"
    )
    rows = rows_of(path)
    assert [row[1][0] for row in rows if isinstance(row, tuple)] == ["Müller", "Größ", "Jürgen", "Änne", "Ida"]
    (bad,) = [row for row in rows if isinstance(row, Rejection)]
    assert (bad.line, "utf-8" in bad.reason) == (6, True)
    bad.raw.encode()  # no surrogate is handed on


def test_an_endless_line_is_no_table(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "name,city\n" + "x" * 3_000_000)
    with pytest.raises(InvalidInput, match=r"t\.csv, line 2"):
        rows_of(path)


def test_a_quotation_mark_open_for_thousands_of_lines_costs_one_line(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", 'name,city\nAnn,"Bern\n' + "Bob,Rome\n" * 30_000)
    rows = rows_of(path)
    assert len(rows) == 30_001
    assert [row.line for row in rows if isinstance(row, Rejection)] == [2]


@pytest.mark.parametrize("said", ["::", '"', ""])
def test_declared_delimiter(tmp_path: Path, said: str) -> None:
    path = write(tmp_path / "t.csv", "name:city\nAnn:Bern\n")
    if said:
        with pytest.raises(InvalidInput, match="one character"):
            open_table(path, delimiter=said)
    assert open_table(path, delimiter="tab").dialect.header == ("name:city",)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    table=st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8)),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], delimiter: str, encoding: str, newline: str
) -> None:
    width = len(table[0])
    header = [f"column {n}" for n in range(width)]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL).writerows([header, *table])
    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    declared = "" if encoding.startswith("utf") else encoding
    opened = open_table(path, encoding=declared, delimiter=delimiter)
    assume(not opened.dialect.space_after)  # a quotation mark behind delimiter and space, inside a cell
    assume(opened.dialect.escape is None)  # a backslash before a quotation mark, inside a cell
    expected = [row for row in table if any(cell.strip() for cell in row)]
    assert list(opened.dialect.header) == header
    assert [row[1] for row in read_rows(opened) if isinstance(row, tuple)] == expected


@given(st.binary(max_size=600))
def test_any_bytes_give_rows_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any_rows.csv"
    path.write_bytes(data)
    try:
        rows = list(read_rows(open_table(path)))
        lines = [row.line if isinstance(row, Rejection) else row[0] for row in rows]
        fine = lines == sorted(lines)
    except InvalidInput as error:
        fine = "any_rows.csv" in str(error)
    assert fine
