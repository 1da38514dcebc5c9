import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from crmcore.errors import InvalidInput
from crmcore.formats.table.format import XLSX
from crmcore.formats.table.xlsx_rows import read_rows
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingCustomer, Rejection

DATA = Path(__file__).resolve().parents[3] / "tests" / "data" / "xlsx"


def save(path: Path, *rows: list[Any], sheet: str = "Sheet") -> Path:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def read(path: Path, **options: str) -> list[Any]:
    return list(XLSX.read(Source(path=path, options=options)))


def test_a_chinese_workbook_with_two_sheets() -> None:
    first, second = read(DATA / "contacts.xlsx")
    assert (first.line, first.name, first.organisation, first.birthday) == (4, "张三", "北京贸易公司", "1980-05-06")
    assert [(point.kind, point.label, point.value) for point in first.points] == [
        ("phone", "mobile", "13800138000"),
        ("email", "", "zhangsan@example.cn"),
    ]
    assert (second.line, second.name) == (6, "Ann Lee")
    (company,) = read(DATA / "contacts.xlsx", sheet="公司")
    assert isinstance(company, IncomingCustomer)
    assert company.name == "上海科技公司"
    with pytest.raises(InvalidInput, match=r"contacts\.xlsx.*Nowhere.*联系人, 公司"):
        read(DATA / "contacts.xlsx", sheet="Nowhere")


def test_values_as_a_person_sees_them(tmp_path: Path) -> None:
    values = [1, 1.0, 1.5, True, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), time(5, 6), timedelta(minutes=90), " x ", None]
    path = save(tmp_path / "t.xlsx", ["h"] * len(values), values)
    rows = list(read_rows(path))
    assert rows[1][1][:9] == ["1", "1", "1.5", "true", "2026-01-02", "2026-01-02 03:04:00", "05:06:00", "1:30:00", " x "]


def test_short_rows_are_whole_and_long_ones_are_named(tmp_path: Path) -> None:
    path = save(tmp_path / "t.xlsx", ["name", "email", "city"], ["Ann"], ["Bob", None, "Rome", "surplus"], [None], ["Cid", "c@x"])
    ann, bob, cid = read(path)
    assert (ann.name, cid.line) == ("Ann", 5)
    assert isinstance(bob, Rejection)
    assert (bob.line, bob.reason) == (3, "4 cells, but 3 headings")


def test_what_is_no_workbook(tmp_path: Path) -> None:
    for name, content in (
        ("text.xlsx", b"name,city\n"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("cut.xlsx", (DATA / "contacts.xlsx").read_bytes()[:2000]),
        ("empty.xlsx", b""),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InvalidInput, match=name.replace(".", r"\.")):
            read(path)
    with pytest.raises(InvalidInput, match="headings"):
        read(save(tmp_path / "blank.xlsx"))


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_workbook_gives_records_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    content = bytearray((DATA / "contacts.xlsx").read_bytes())
    content[place % len(content)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    path.write_bytes(content)
    try:
        read(path)
    except InvalidInput as error:
        assert "damaged.xlsx" in str(error)


PEAK = """
import resource, sys
from pathlib import Path
from crmcore.formats.table.format import XLSX
from crmcore.hooks.formats import Source
count = sum(1 for _ in XLSX.read(Source(path=Path(sys.argv[1]))))
import tracemalloc
tracemalloc.start()
again = sum(1 for _ in XLSX.read(Source(path=Path(sys.argv[1]))))
print(count, tracemalloc.get_traced_memory()[1])
"""


def test_memory_does_not_grow_with_the_workbook(tmp_path: Path) -> None:
    peaks = {}
    for count in (1_000, 10_000):
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(["name", "email", "city"])
        for number in range(count):
            sheet.append([f"Person number {number}", f"person{number}@example.com", f"Town {number}"])
        path = tmp_path / f"{count}.xlsx"
        book.save(path)
        done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
        read_count, peaks[count] = map(int, done.stdout.split())
        assert read_count == count
    print(f"peak, bytes of heap by rows: {peaks}")
    assert peaks[10_000] < peaks[1_000] * 1.2
