"""The rows of a spreadsheet (Office Open XML, ECMA-376), one after the other, with the number of each row.

openpyxl streams the sheet itself but holds all shared strings in memory; here they lie in unnamed temporary
files that are mapped, so that memory does not grow with the file.
"""

import mmap
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError, iterparse

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from crmcore.errors import InvalidInput
from crmcore.formats.table.csv_rows import Row
from crmcore.i18n import _

PLACE = struct.Struct("<Q")
SHEET_DATA = f"{{{SHEET_MAIN_NS}}}sheetData"
DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
)
"""What openpyxl and zipfile raise on a file that is damaged or is no workbook."""


class SharedStrings:
    """The strings of a workbook by their index, on disk: the text in one file, where each ends in another."""

    def __init__(self, source: IO[bytes]) -> None:
        text, places = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - live as long as their maps
        end = 0
        places.write(PLACE.pack(0))
        root = None
        for event, node in iterparse(source, events=("start", "end")):  # noqa: S314 - as above
            if root is None:
                root = node
            if event == "end" and node.tag == f"{{{SHEET_MAIN_NS}}}si":
                text_of = Text.from_tree(node)
                content = (text_of.content if text_of else "").encode("utf-8", "surrogatepass")
                end += text.write(content)
                places.write(PLACE.pack(end))
                root.clear()
        text.write(b"\0")  # an empty file cannot be mapped
        text.flush()
        places.flush()
        self._text = mmap.mmap(text.fileno(), 0, access=mmap.ACCESS_READ)
        self._places = mmap.mmap(places.fileno(), 0, access=mmap.ACCESS_READ)
        text.close()
        places.close()

    def __getitem__(self, index: int) -> str:
        """Return the string at `index`."""
        at = index * PLACE.size
        start, end = struct.unpack_from("<QQ", self._places, at)
        return self._text[start:end].decode("utf-8", "surrogatepass")


class _Reader(ExcelReader):
    """openpyxl's reader of workbooks: shared strings on disk, and sheets not touched before they are asked for."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = SharedStrings(source)  # type: ignore[assignment]  # read by index only

    def read(self) -> None:
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)  # which numbers are dates

    def sheets(self) -> dict[str, tuple[str, bool]]:
        """Return where each sheet is in the archive, and whether it is visible, by its title."""
        return {
            sheet.name: (place.target, sheet.state == "visible")
            for sheet, place in self.parser.find_sheets()
            if place.target in self.valid_files and "chartsheet" not in place.Type
        }


class _Sheet(WorkSheetParser):
    """openpyxl's parser of a sheet, without what it keeps of every row that has been read."""

    def rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Yield the number and the cells of each row that is there."""
        above = None
        for event, element in iterparse(self.source, events=("start", "end")):  # noqa: S314 - as above
            if event == "start":
                above = element if element.tag == SHEET_DATA else above
            elif element.tag == ROW_TAG:
                yield self.parse_row(element)
                self.row_dimensions.clear()
                if above is not None:
                    above.clear()


def read_rows(path: Path, sheet: str = "") -> Iterator[Row]:
    """Yield the rows of `sheet` (else the first visible sheet that has any) that are not blank, as text.

    Dates are ISO 8601, whole numbers have no decimal point. Raises `InvalidInput` for what is no workbook, is
    protected by a password, or has no such sheet.
    """
    try:
        reader = _Reader(path, read_only=True, data_only=True, keep_links=False)
    except DAMAGE as error:
        raise InvalidInput(_unreadable(path)) from error
    try:
        with warnings.catch_warnings(action="ignore"):  # what openpyxl says of styles and extensions is not for users
            reader.read()
            sheets = reader.sheets()
        if sheet and sheet not in sheets:
            raise InvalidInput(
                _("{file}: there is no sheet {sheet}; there are: {sheets}").format(
                    file=path.name, sheet=sheet, sheets=", ".join(sheets)
                )
            )
        for place in [sheets[sheet][0]] if sheet else [place for place, visible in sheets.values() if visible]:
            some = False
            for row in _rows(reader, place):
                some = True
                yield row
            if some:
                return
    except DAMAGE as error:
        raise InvalidInput(_unreadable(path)) from error
    finally:
        reader.archive.close()


def _rows(reader: _Reader, place: str) -> Iterator[Row]:
    """Yield the rows of a sheet that are not blank."""
    book: Any = reader.wb  # its formats of dates are not in its types
    with reader.archive.open(place) as source:
        parser = _Sheet(
            source,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.rows():
            row = [""] * (cells[-1]["column"] if cells else 0)
            for cell in cells:
                row[cell["column"] - 1] = _text(cell["value"])
            if any(map(str.strip, row)):
                yield number, row


def _unreadable(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _("{file}: an old .xls workbook, or protected by a password; save it as .xlsx without one").format(
            file=path.name
        )
    return _("{file}: this is no workbook (.xlsx), or it is damaged").format(file=path.name)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
    return str(value)
