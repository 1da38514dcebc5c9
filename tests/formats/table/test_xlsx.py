import subprocess
import sys
import zipfile
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
    values = [
        1,
        1.0,
        1.5,
        True,
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3, 4),  # noqa: DTZ001 - a workbook knows no zones
        time(5, 6),
        timedelta(minutes=90),
        " x ",
        None,
    ]
    path = save(tmp_path / "t.xlsx", ["h"] * len(values), values)
    rows = list(read_rows(path))
    assert rows[1][1][:9] == [
        "1",
        "1",
        "1.5",
        "true",
        "2026-01-02",
        "2026-01-02 03:04:00",
        "05:06:00",
        "1:30:00",
        " x ",
    ]


def test_short_rows_are_whole_and_long_ones_are_named(tmp_path: Path) -> None:
    path = save(
        tmp_path / "t.xlsx",
        ["name", "email", "city"],
        ["Ann"],
        ["Bob", None, "Rome", "surplus"],
        [None],
        ["Cid", "c@x"],
    )
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
        fine = all(record.line for record in read(path))
    except InvalidInput as error:
        fine = "damaged.xlsx" in str(error)
    assert fine


PEAK = """
import sys, tracemalloc
from pathlib import Path
from crmcore.formats.table.format import XLSX
from crmcore.hooks.formats import Source
count = sum(1 for _ in XLSX.read(Source(path=Path(sys.argv[1]))))
tracemalloc.start()
again = sum(1 for _ in XLSX.read(Source(path=Path(sys.argv[1]))))
print(count, tracemalloc.get_traced_memory()[1])
"""


CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def save_as_excel_does(path: Path, count: int) -> Path:
    """A workbook of `count` persons whose texts are shared strings, all different; rows have a height."""
    texts = ["name", "email", "city"]
    for n in range(count):
        texts += [f"Person number {n}", f"person{n}@example.com", f"Town {n}"]
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    rows = "".join(
        f'<row r="{r + 1}" ht="15">' + "".join(f'<c t="s"><v>{3 * r + c}</v></c>' for c in range(3)) + "</row>"
        for r in range(count + 1)
    )
    parts = {"sheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
    kinds = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
    types = {"sheet.main": "workbook.xml", "styles": "styles.xml", "worksheet": parts["sheet"]}
    types["sharedStrings"] = parts["sharedStrings"]
    overrides = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{CONTENT}.{kind}+xml"/>' for kind, part in types.items()
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{RELATION}/{kind}" Target="{part}"/>'
        for n, (kind, part) in enumerate(kinds.items(), start=1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">{overrides}</Types>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{RELATION}/officeDocument" '
            f'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        )
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}"/>')
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return path


def test_memory_does_not_grow_with_the_workbook(tmp_path: Path) -> None:
    peaks = {}
    for count in (2_000, 10_000):
        path = save_as_excel_does(tmp_path / f"{count}.xlsx", count)
        done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
        read_count, peaks[count] = map(int, done.stdout.split())
        assert read_count == count
    sys.stdout.write(f"peak, bytes of heap by rows: {peaks}\n")
    assert peaks[10_000] < peaks[2_000] * 1.2
    last = read(tmp_path / "10000.xlsx")[-1]
    assert (last.line, last.name, last.points[0].value) == (10_001, "Person number 9999", "person9999@example.com")
