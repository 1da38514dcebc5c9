"""Tables without a line of headings: their columns are known by their places."""

from pathlib import Path

import pytest

from crmcore.errors import InvalidInput
from crmcore.formats.table.places import Places, first_rows
from crmcore.formats.table.rows import TableRow, table_rows
from crmcore.hooks.formats import Source
from crmcore.model.incoming import Rejection


def test_the_first_line_is_a_row_and_rows_may_end_early(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text('"a","1"\n"b\nc","2","x"\n"d"\n"e","3","y","z"\n', "utf-8")
    assert [cells for _line, cells in first_rows(Source(path=file))][:3] == [["a", "1"], ["b\nc", "2", "x"], ["d"]]
    rows = list(table_rows(Source(path=file), Places(headings=("name", "count", "note"), least=2)))
    assert [(row.line, row.text("name"), row.text("note")) for row in rows if isinstance(row, TableRow)] == [
        (1, "a", ""),
        (2, "b\nc", "x"),
    ]
    assert [one.line for one in rows if isinstance(one, Rejection)] == [4, 5]


def test_with_a_delimiter_quotation_marks_mean_nothing(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text('1|"a|x\n2|b"|y\n', "utf-8")
    places = Places(headings=("number", "name", "note"), least=2, delimiter="|")
    rows = [row for row in table_rows(Source(path=file), places) if isinstance(row, TableRow)]
    assert [row.text("name") for row in rows] == ['"a', 'b"']


def test_a_mapping_file_names_the_columns_by_number(tmp_path: Path) -> None:
    file, mapping = tmp_path / "log.csv", tmp_path / "map.toml"
    file.write_text("x,2026-11-22 09:00:00\n", "utf-8")
    mapping.write_text('zone = "Asia/Shanghai"\n[columns]\n"2" = "at"\n', "utf-8")
    source = Source(path=file, options={"mapping": str(mapping)})
    (row,) = table_rows(source, Places(headings=("1", "2"), least=2))
    assert isinstance(row, TableRow)
    at = row.instant("at")
    assert at is not None
    assert at.isoformat() == "2026-11-22T01:00:00+00:00"
    mapping.write_text('[columns]\n"3" = "at"\n', "utf-8")
    with pytest.raises(InvalidInput, match="has no column 3"):
        list(table_rows(source, Places(headings=("1", "2"), least=2)))
