"""The formats CSV and XLSX, as `crm import` finds them. What reads is imported when something is read."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crmcore.hooks.formats import Format, Source
from crmcore.model.incoming import Incoming, Rejection

if TYPE_CHECKING:
    from crmcore.formats.table.layouts import Layout

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_csv(source: Source, layouts: "Sequence[Layout] | None" = None) -> Iterator[Incoming | Rejection]:
    """Yield the records of a text table; `layouts` replaces the list of layouts that is known."""
    from crmcore.formats.table.reading import csv_records

    return csv_records(source, layouts)


def read_xlsx(source: Source, layouts: "Sequence[Layout] | None" = None) -> Iterator[Incoming | Rejection]:
    """Yield the records of a sheet of a workbook; `layouts` replaces the list of layouts that is known."""
    from crmcore.formats.table.reading import xlsx_records

    return xlsx_records(source, layouts)


def read_salesforce_tree(source: Source) -> Iterator[Incoming | Rejection]:
    """Yield the records of a JSON tree of Salesforce's tools."""
    from crmcore.formats.table.salesforce_tree import tree_records

    return tree_records(source)


def _sniff_csv(head: bytes, name: str) -> int:
    lower = name.lower()
    if head.startswith((ZIP, OLD_OFFICE, b"%PDF", b"SQLite")):
        return 0
    if lower.endswith((".csv", ".tsv", ".tab")):
        return 80
    if not head.strip():
        return 0
    first = head.splitlines()[0]
    if lower.endswith(".txt") and any(first.count(delimiter) > 1 for delimiter in (b",", b";", b"\t", b"|")):
        return 40
    return 0


def _sniff_xlsx(head: bytes, name: str) -> int:
    lower = name.lower()
    if head.startswith(ZIP) and (b"xl/" in head or lower.endswith((".xlsx", ".xlsm"))):
        return 95
    return 60 if lower.endswith((".xlsx", ".xlsm", ".xls")) else 0


def _sniff_tree(head: bytes, name: str) -> int:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    fits = start.startswith(b"{") and b'"records"' in start and b'"attributes"' in start and b'"type"' in start
    return 90 if fits else 0


CSV = Format(
    name="csv",
    label="CSV and other delimited text",
    extensions=(".csv", ".tsv", ".tab", ".txt"),
    sniff=_sniff_csv,
    read=read_csv,
)
XLSX = Format(
    name="xlsx",
    label="Excel workbook",
    extensions=(".xlsx", ".xlsm"),
    sniff=_sniff_xlsx,
    read=read_xlsx,
)
SALESFORCE_TREE = Format(
    name="salesforce-tree",
    label="Salesforce JSON tree",
    extensions=(".json",),
    sniff=_sniff_tree,
    read=read_salesforce_tree,
)
