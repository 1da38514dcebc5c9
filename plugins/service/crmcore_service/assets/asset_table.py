"""Taking installed products from a table; what has a product and serial number that is known is brought up to date."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import field, frozen
from sqlalchemy import Table

from crmcore.api import InvalidInput, Rejection, Source, TableRow, Transaction, party_ids, table_rows, tables
from crmcore_service.assets.parties import customers_of
from crmcore_service.assets.places import located
from crmcore_service.i18n import _
from crmcore_service.model.asset import Asset
from crmcore_service.tables import asset

_PRODUCT = ("product", "product name", "asset name", "name", "产品", "产品名称", "设备", "设备名称")
_SERIAL = ("serial", "serial number", "serial no", "serial no.", "sn", "s/n", "序列号", "出厂编号", "编号")
_TEXTS = {
    "model": ("model", "type", "型号"),
    "place": ("place", "address", "location", "city", "地址", "安装地点", "地点"),
    "note": ("note", "notes", "description", "备注"),
}
_DAYS = {
    "installed_on": ("installed", "installed on", "install date", "installation date", "安装日期", "投运日期"),
    "warranty_until": (
        "warranty until",
        "warranty end",
        "warranty",
        "usage end date",
        "保修到期",
        "质保到期",
        "保修期至",
    ),
}
_PARTIES = {
    "customer_id": ("customer", "customer name", "account", "account name", "company", "客户", "客户名称", "公司"),
    "contact_id": ("contact", "contact name", "email", "e-mail", "联系人", "邮箱"),
}
_TABLES: dict[str, Table] = {"customer_id": tables.customer, "contact_id": tables.contact}
_PORTION = 1000


@frozen(kw_only=True)
class Taken:
    """How many are new, how many were brought up to date, and the rows that were left out."""

    added: int = 0
    changed: int = 0
    problems: list[Rejection] = field(factory=list)


@frozen(kw_only=True)
class _Read:
    line: int
    raw: str
    fields: dict[str, Any]
    parties: dict[str, str]


def take_assets(tx: Transaction, path: Path) -> Taken:
    """Take the installed products of a table (CSV, XLSX); a cell that is empty changes nothing.

    At most ten statements for each 1,000 rows, and their journal. A row whose customer or contact is not known is left
    out, with the reason; so is the second with a serial number. One without a number is always a new one. Raises
    `InvalidInput` for what is no table.
    """
    rows = iter(table_rows(Source(path=path)))
    added, changed = 0, 0
    problems: list[Rejection] = []
    seen: set[tuple[str, str]] = set()
    while portion := list(islice(rows, _PORTION)):
        read: list[_Read] = []
        for row in portion:
            one = row if isinstance(row, Rejection) else _read(row, seen)
            if isinstance(one, Rejection):
                problems.append(one)
            else:
                read.append(one)
        new, old = _keep(tx, read, path.name, problems)
        added, changed = added + new, changed + old
    return Taken(added=added, changed=changed, problems=sorted(problems, key=lambda one: one.line))


def _read(row: TableRow, seen: set[tuple[str, str]]) -> _Read | Rejection:
    raw = " | ".join(row.cells.values())
    try:
        fields: dict[str, Any] = {"product": row.text(*_PRODUCT), "serial": row.text(*_SERIAL)}
        fields |= {name: row.text(*headings) for name, headings in _TEXTS.items()}
        fields |= {name: row.day(*headings) for name, headings in _DAYS.items()}
    except InvalidInput as error:
        return Rejection(line=row.line, reason=str(error), raw=raw)
    if not fields["product"]:
        return Rejection(line=row.line, reason=_("it names no product"), raw=raw)
    key = fields["product"], fields["serial"]
    if fields["serial"] and key in seen:
        return Rejection(line=row.line, reason=_("its serial number stands in the table before"), raw=raw)
    seen.add(key)
    parties = {name: text for name, headings in _PARTIES.items() if (text := row.text(*headings))}
    return _Read(line=row.line, raw=raw, fields={k: v for k, v in fields.items() if v}, parties=parties)


def _keep(tx: Transaction, read: Sequence[_Read], source: str, problems: list[Rejection]) -> tuple[int, int]:
    meant = {
        name: party_ids(tx, table, {one.parties[name] for one in read if name in one.parties})
        for name, table in _TABLES.items()
    }
    sure: list[_Read] = []
    for one in read:
        against = [meant[name].problems[text] for name, text in one.parties.items() if text in meant[name].problems]
        if against:
            problems.append(Rejection(line=one.line, reason=" ".join(against), raw=one.raw))
            continue
        one.fields.update({name: meant[name].ids[text] for name, text in one.parties.items()})
        sure.append(one)
    employers = customers_of(tx, {one.fields["contact_id"] for one in sure if "contact_id" in one.fields})
    spots = located(tx, {one.fields["place"] for one in sure if "place" in one.fields})
    known = _known(tx, sure)
    added = 0
    for one in sure:
        if "contact_id" in one.fields and employers.get(one.fields["contact_id"]):
            one.fields.setdefault("customer_id", employers[one.fields["contact_id"]])
        where = spots.get(one.fields.get("place", ""))
        if where is not None:
            one.fields.update(latitude=where.latitude, longitude=where.longitude)
        old = known.get((one.fields["product"], one.fields.get("serial", "")))
        if old is None:
            tx.add(Asset(**one.fields, source=source))
            added += 1
        else:
            for name, value in one.fields.items():
                setattr(old, name, value)
    tx.flush()
    return added, len(sure) - added


def _known(tx: Transaction, read: Sequence[_Read]) -> dict[tuple[str, str], Asset]:
    serials = {one.fields["serial"] for one in read if "serial" in one.fields}
    found = tx.load(Asset, asset.c.serial.in_(serials)) if serials else []
    return {(one.product, one.serial): one for one in found}
