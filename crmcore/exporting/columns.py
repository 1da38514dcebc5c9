"""Contacts and customers as rows of a table, under headings that `crm import` and other programs understand.

Contacts have the headings of Google Contacts (a value and its label side by side), customers those of our vocabulary.
What an import brought beyond our fields keeps its heading; one that would be read as something else gets `x-` before.
"""

from collections.abc import Iterable, Sequence

from attrs import asdict, field, frozen

from crmcore.formats.table.known import LAYOUTS
from crmcore.formats.table.layouts import Layout, columns_of, find_layout, guess_layout
from crmcore.model.incoming import Address, IncomingContact, IncomingCustomer, Point

_NAMED = {
    "ID": "external_id", "Name": "name", "Name Prefix": "prefix", "Given Name": "given",
    "Additional Name": "additional", "Family Name": "family", "Name Suffix": "suffix",
    "Nickname": "nickname", "Birthday": "birthday",
    "Organization Name": "organisation", "Organization Title": "title", "Organization Department": "department",
    "Role": "role", "Language": "language", "Owner": "owner", "Notes": "note",
}  # fmt: skip
_CUSTOMER = {
    "ID": "external_id", "Name": "name", "Parent Company": "parent", "Owner": "owner", "Notes": "note",
}  # fmt: skip
_KINDS = {"email": "E-mail", "phone": "Phone", "messenger": "IM", "url": "Website"}
_PARTS = {
    "Street": "street", "City": "locality", "PO Box": "po_box", "Region": "region", "Postal Code": "postal_code",
    "Country": "country", "Extended Address": "extended",
}  # fmt: skip
_FAX = {"": "Fax", "home": "Home Fax", "work": "Work Fax"}
_OTHER_FAX = "Other Fax"
_OTHER_ADDRESSES = "Other addresses"
_SEVERAL = " ::: "


@frozen(kw_only=True)
class Shape:
    """How wide a table is: the most ways of each kind that a record has, and the keys of what is beyond our fields."""

    most: dict[str, int] = field(factory=dict)
    extra: tuple[str, ...] = ()


@frozen(kw_only=True)
class Sheet:
    """The headings of a table, and by key those of what is beyond our fields."""

    headings: tuple[str, ...]
    extra: dict[str, str]


def measure(records: Iterable[IncomingContact | IncomingCustomer]) -> Shape:
    """Return the shape of the table that holds all `records`."""
    most: dict[str, int] = {}
    extra: dict[str, None] = {}
    for record in records:
        for kind in (*_KINDS, "address"):
            most[kind] = max(most.get(kind, 0), sum(1 for point in record.points if point.kind == kind))
        extra.update(dict.fromkeys(_beyond(record)))
    return Shape(most=most, extra=tuple(extra))


def contact_sheet(shape: Shape) -> Sheet:
    """Return the headings of a table of contacts."""
    found = [*_NAMED, "Labels", *_FAX.values(), _OTHER_FAX]
    for kind, name in _KINDS.items():
        for number in range(1, max(1, shape.most.get(kind, 0)) + 1):
            found += [f"{name} {number} - Label", f"{name} {number} - Value"]
    for number in range(1, shape.most.get("address", 0) + 1):
        found += [f"Address {number} - {part}" for part in ("Label", "Formatted", *_PARTS)]
    return _sheet(found, shape)


def contact_row(record: IncomingContact, sheet: Sheet) -> list[str]:
    """Return a contact as a row under the headings of a sheet."""
    cells = {heading: getattr(record, name) for heading, name in _NAMED.items()}
    cells["Labels"] = _SEVERAL.join(record.categories)
    for kind, name in _KINDS.items():
        for number, point in enumerate(_of(record.points, kind), start=1):
            cells[f"{name} {number} - Label"] = _label(point)
            cells[f"{name} {number} - Value"] = _value(point)
    for number, point in enumerate(_of(record.points, "address"), start=1):
        cells[f"Address {number} - Label"] = _label(point)
        cells[f"Address {number} - Formatted"] = point.value
        parts = asdict(point.address or Address())
        cells.update({f"Address {number} - {part}": parts[name] for part, name in _PARTS.items()})
    return _row(cells, record, sheet)


def customer_sheet(shape: Shape) -> Sheet:
    """Return the headings of a table of customers; the website is always there, it tells companies from people."""
    found = [*_CUSTOMER, "Account Type", "Categories", *_FAX.values(), _OTHER_FAX, *_PARTS, _OTHER_ADDRESSES]
    for kind, name in _KINDS.items():
        found += [_numbered(name, number) for number in range(1, max(1, shape.most.get(kind, 0)) + 1)]
    return _sheet(found, shape)


def customer_row(record: IncomingCustomer, sheet: Sheet) -> list[str]:
    """Return a customer as a row under the headings of a sheet."""
    cells = {heading: getattr(record, name) for heading, name in _CUSTOMER.items()}
    cells["Account Type"] = ", ".join(record.roles)
    cells["Categories"] = "; ".join(record.categories)
    for kind, name in _KINDS.items():
        for number, point in enumerate(_of(record.points, kind), start=1):
            cells[_numbered(name, number)] = _value(point)
    addresses = _of(record.points, "address")
    for first in addresses[:1]:
        parts = asdict(first.address or Address(street=first.value))
        cells.update({part: parts[name] for part, name in _PARTS.items()})
    cells[_OTHER_ADDRESSES] = _SEVERAL.join(point.value for point in addresses[1:])
    return _row(cells, record, sheet)


def _row(cells: dict[str, str], record: IncomingContact | IncomingCustomer, sheet: Sheet) -> list[str]:
    for point in _of(record.points, "fax"):
        heading = _FAX.get(point.label, _OTHER_FAX)
        cells[heading] = "; ".join(filter(None, [cells.get(heading), _value(point)]))
    cells.update({sheet.extra[key]: value for key, value in _beyond(record).items()})
    return [cells.get(heading, "") for heading in sheet.headings]


def _beyond(record: IncomingContact | IncomingCustomer) -> dict[str, str]:
    """Return what a record holds that no field is for; that a customer is a person, too."""
    beyond = {**record.extra, **record.identifiers}
    if isinstance(record, IncomingCustomer) and record.kind != "organisation":
        beyond["Kind"] = record.kind
    return beyond


def _sheet(headings: list[str], shape: Shape) -> Sheet:
    extra = _unmistakable(shape.extra, headings)
    return Sheet(headings=(*headings, *extra.values()), extra=extra)


def _of(points: Sequence[Point], kind: str) -> list[Point]:
    """Return the points of a kind, the preferred first."""
    return sorted((point for point in points if point.kind == kind), key=lambda point: not point.preferred)


def _label(point: Point) -> str:
    return f"* {point.label}" if point.preferred and point.label else point.label


def _value(point: Point) -> str:
    """Return the value; a semicolon before an extension would be read as the end of a number (RFC 3966)."""
    return point.value.replace(";ext=", " ext. ") if point.kind in ("phone", "fax") else point.value


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _unmistakable(keys: Sequence[str], headings: Sequence[str]) -> dict[str, str]:
    """Return by key the heading under which it comes back as itself."""
    layout = find_layout(headings, LAYOUTS) or guess_layout(headings) or Layout(name="generic")
    found: dict[str, str] = {}
    for key, column in zip(keys, columns_of(keys, layout), strict=True):
        own = not column.target or column.target.startswith("identifier")
        heading = key.strip() if own and key.strip() else f"x-{key.strip()}"
        while heading in headings or heading in found.values():
            heading = f"x-{heading}"
        found[key] = heading
    return found
