"""A row becomes a contact, a customer, or both."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from crmcore.formats.table.plan import AddressColumns, Plan, PointColumn
from crmcore.formats.table.values import COMPACT, read_date
from crmcore.i18n import _
from crmcore.model.incoming import Address, Attachment, IncomingContact, IncomingCustomer, Point

SEVERAL = re.compile(r"\s*(?: ::: |[;；])\s*")
HAN = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]")
ADDRESS_ORDER = ("po_box", "street", "extended", "locality", "region", "postal_code", "country")
ROLES = {
    "customer": ("customer", "client", "客户", "客戶"),
    "supplier": ("supplier", "vendor", "供应商", "供應商"),
    "partner": ("partner", "reseller", "合作伙伴", "代理", "经销"),
}
NO_EXTRA: Mapping[str, str] = {}


class WrongCellError(ValueError):
    """A cell cannot be what its column says; the text is the reason, for the person who mends the file."""


def wrong(heading: str, value: str, what: str) -> WrongCellError:
    """Return the error for a cell of the column `heading` that is not `what` it should be."""
    return WrongCellError(_("column {heading}: {value} is not {what}").format(heading=heading, value=value, what=what))


def build_parties(plan: Plan, line: int, cells: Sequence[str]) -> tuple[IncomingContact | IncomingCustomer, ...]:
    """Return the records of a row: a contact, before it its company where the row tells more of it than its name.

    `cells` are stripped, and as many as the plan has columns. A person without a name is called by the first of e-mail,
    phone, number, address that the row has; a row with only an organisation is that organisation. Raises
    `WrongCellError` when a date cannot be one, or nothing names or reaches anybody.
    """
    values: dict[str, str] = {field: text for index, field in plan.texts if (text := cells[index])}
    extra = {key: text for index, key in plan.extras if (text := cells[index])}
    for index, field, key in plan.others:
        if (text := cells[index]) and values.setdefault(field, text) != text and key:
            extra[key] = text
    points = _points(plan, cells)
    identifiers = {key: text for index, key in plan.identifiers if (text := cells[index])}
    note = "\n".join(text for index in plan.notes if (text := cells[index]))
    categories = tuple(
        part.removeprefix("* ") for index in plan.categories for part in SEVERAL.split(cells[index]) if part
    )
    if plan.entity == "customer":
        return (_customer(line, values, points, identifiers, note, categories, extra),)
    birthday = _birthday(plan, cells, extra)
    organisation = values.get("organisation", "")
    if "name" not in values:
        name = compose_name(values)
        if not name and organisation and not any(point.kind == "email" for point in points):
            of_person = [index for index, _heading, _order in plan.birthdays] + list(plan.photos)
            extra.update({plan.columns[index].heading: cells[index] for index in of_person if cells[index]})
            return (_customer(line, {"name": organisation, **values}, points, identifiers, note, categories, extra),)
        values["name"] = name or values.get("nickname") or _name_for_want_of_one(values, points, identifiers)
    company = _company(plan.company, line, cells, values) if plan.company else ()
    contact = IncomingContact(
        line=line,
        note=note,
        birthday=birthday,
        categories=categories,
        points=points,
        photos=tuple(Attachment(url=cells[index]) for index in plan.photos if cells[index]),
        identifiers=identifiers or NO_EXTRA,
        extra=extra or NO_EXTRA,
        **values,
    )
    return (*company, contact)


def compose_name(values: Mapping[str, str]) -> str:
    """Return the displayed name from its parts: family name first and without a space where it is Chinese or Korean."""
    given, family = values.get("given", ""), values.get("family", "")
    if given and family and HAN.match(given) and HAN.match(family):
        return family + given
    parts = (given, values.get("additional", ""), family, values.get("suffix", ""))
    return " ".join(part for part in parts if part) if given or family else ""


def _name_for_want_of_one(values: Mapping[str, str], points: Sequence[Point], identifiers: Mapping[str, str]) -> str:
    by_kind = {point.kind: point.value for point in reversed(points)}
    for kind in ("email", "phone", "fax", "messenger", "url"):
        if kind in by_kind:
            return by_kind[kind]
    name = values.get("external_id") or next(iter(identifiers.values()), "") or by_kind.get("address", "")
    if not name:
        raise WrongCellError(_("the row has no name, e-mail address, phone number or other way to tell who it is"))
    return name


def _customer(
    line: int,
    values: Mapping[str, str],
    points: tuple[Point, ...],
    identifiers: Mapping[str, str],
    note: str,
    categories: tuple[str, ...],
    extra: dict[str, str],
) -> IncomingCustomer:
    name = values.get("name") or compose_name(values)
    relation = values.get("relation", "")
    roles = tuple(role for role, known in ROLES.items() if any(word in relation.casefold() for word in known))
    if relation and relation.casefold() not in roles:
        extra.setdefault("relation", relation)
    kind = values.get("kind") or ("individual" if "name" not in values and name else "organisation")
    for field in set(values) - {"name", "kind", "parent", "relation", "external_id", "owner", "organisation"}:
        extra.setdefault(field, values[field])
    return IncomingCustomer(
        line=line,
        name=name or _name_for_want_of_one(values, points, identifiers),
        kind="individual" if kind.casefold() in {"individual", "person", "个人"} else "organisation",
        parent=values.get("parent", ""),
        roles=roles,
        note=note,
        categories=categories,
        points=points,
        external_id=values.get("external_id", ""),
        identifiers=identifiers or NO_EXTRA,
        owner=values.get("owner", ""),
        extra=extra or NO_EXTRA,
    )


def _company(plan: Plan, line: int, cells: Sequence[str], person: Mapping[str, str]) -> tuple[IncomingCustomer, ...]:
    """Return the person's company, when the row says more of it than its name."""
    values = {field: text for index, field in plan.texts if (text := cells[index])}
    extra = {key: text for index, key in plan.extras if (text := cells[index])}
    points = _points(plan, cells)
    identifiers = {key: text for index, key in plan.identifiers if (text := cells[index])}
    name = values.get("name") or person.get("organisation", "")
    note = "\n".join(text for index in plan.notes if (text := cells[index]))
    categories = tuple(part for index in plan.categories for part in SEVERAL.split(cells[index]) if part)
    if not name or not (values or extra or points or identifiers or note or categories):
        return ()
    values = {"external_id": person.get("organisation_key", ""), **values, "name": name}
    return (_customer(line, values, points, identifiers, note, categories, extra),)


def _birthday(plan: Plan, cells: Sequence[str], extra: dict[str, str]) -> str:
    for index, heading, order in plan.birthdays:
        text = cells[index]
        if not text:
            continue
        iso = read_date(text, order, plan.layout.date_format)
        if iso is not None and "%y" in plan.layout.date_format and iso > date.today().isoformat():  # noqa: DTZ011
            iso = f"{int(iso[:4]) - 100:04}{iso[4:]}"  # nobody is born in the future: the century before
        if iso is not None:
            return iso
        if plan.layout.date_format or not COMPACT.match(text):
            raise wrong(heading, text, _("a date"))
        # Eight digits without a meaning, as old systems export unknown months and days: kept as they are.
        extra[heading] = text
    return ""


def _points(plan: Plan, cells: Sequence[str]) -> tuple[Point, ...]:
    points: list[Point] = []
    for column in plan.points:
        text = cells[column.index]
        if not text:
            continue
        label = column.label
        if column.label_at >= 0 or ";" in text or ":::" in text or "；" in text:
            points.extend(_several(column, text, cells))
        else:
            points.append(Point(kind=column.kind, value=text, label=label))
    for address in plan.addresses:
        point = _address(address, cells)
        if point:
            points.append(point)
    return tuple(points)


def _several(column: PointColumn, text: str, cells: Sequence[str]) -> list[Point]:
    written = cells[column.label_at] if column.label_at >= 0 else column.label
    label = written.removeprefix("* ").lower()
    values = SEVERAL.split(text) if column.kind in {"email", "phone", "fax"} or ":::" in text else [text]
    return [
        Point(kind=column.kind, value=value, label=label, preferred=written.startswith("*"))
        for value in values
        if value
    ]


def _address(columns: AddressColumns, cells: Sequence[str]) -> Point | None:
    parts: dict[str, str] = {}
    for index, name in columns.parts:
        if text := cells[index]:
            parts[name] = f"{parts[name]}, {text}" if name in parts else text
    whole = cells[columns.whole] if columns.whole >= 0 else ""
    if not parts and not whole:
        return None
    number, place = parts.pop("street_number", ""), parts.pop("place", "")
    if number:
        parts["street"] = f"{number} {parts.get('street', '')}".rstrip()
    if place:
        parts.setdefault("locality", place.rpartition(", ")[0] or place)
    label = cells[columns.label_at].removeprefix("* ").lower() if columns.label_at >= 0 else columns.label
    value = whole or place or ", ".join(parts[name] for name in ADDRESS_ORDER if name in parts)
    return Point(kind="address", value=value, label=label, address=Address(**parts) if parts else None)
