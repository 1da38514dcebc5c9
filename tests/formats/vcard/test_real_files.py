"""Every real vCard file against what mature parsers agree on, and what was read by hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmcore.formats.vcard.collected import Card
from crmcore.formats.vcard.reader import read, read_cards
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact, IncomingCustomer, Rejection

FOLDER = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld" / "vcard"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real files are not here")

Record = IncomingContact | IncomingCustomer | Rejection


def _expectations() -> dict[str, Any]:
    return json.loads((FOLDER / "expect.json").read_text("utf-8"))  # type: ignore[no-any-return]


def _values(record: Record, *kinds: str) -> list[str]:
    return [] if isinstance(record, Rejection) else [point.value for point in record.points if point.kind in kinds]


def _more(record: Record, first: str, key: str) -> list[str]:
    """The values of a property that may occur several times: the first in its field, the others in extra."""
    if isinstance(record, Rejection):
        return []
    return [text for text in (first, *record.extra.get(key, "").split("\n")) if text]


def _photo_sizes(record: Record) -> list[int | str]:
    photos = record.photos if isinstance(record, IncomingContact) else ()
    return [photo.size if photo.size is not None else f"url:{photo.url}" for photo in photos]


def _found(field: str, record: Record, card: Card) -> Any:
    """What we have for a field of the expectations; a value of the same shape."""
    person = record if isinstance(record, IncomingContact) else IncomingContact(line=0, name="")
    address = next((p.address for p in getattr(record, "points", ()) if p.address), None)
    match field:
        case "version":
            return card.first("VERSION").strip()
        case "fn":
            return "" if isinstance(record, Rejection) else record.name
        case "family" | "given" | "additional":
            return getattr(person, field)
        case "tel":
            return _values(record, "phone", "fax")
        case "email":
            return _values(record, "email")
        case "org":
            units = person.department.split(" / ") if person.department else []
            return [person.organisation or getattr(record, "name", ""), *units]
        case "title":
            return _more(record, person.title, "TITLE")
        case "note":
            return getattr(record, "note", "")
        case "uid":
            return getattr(record, "external_id", "")
        case "photos":
            return len(_photo_sizes(record))
        case "photo_bytes":
            return _photo_sizes(record)
        case "adr_street" | "adr_locality" | "adr_postal":
            part = {"adr_street": "street", "adr_locality": "locality", "adr_postal": "postal_code"}[field]
            return getattr(address, part, "")
    raise AssertionError(f"nothing compares {field}")


def _expected(field: str, value: Any) -> Any:
    """The expectation in our terms, where a record holds the same text in another shape."""
    match field:
        case "tel":  # a tel: URI is a number (RFC 3966)
            return [text.removeprefix("tel:") for text in value]
        case "note":  # several notes are one text
            return "\n".join(value)
        case "org":  # an empty unit is none, and blanks around one are none
            return [value[0], *(unit.strip() for unit in value[1:] if unit.strip())]
    return value


def _comparisons() -> Iterator[tuple[str, str, Any, Any]]:
    for name, entry in _expectations().items():
        expect = entry["expect"]
        source = Source(path=FOLDER / name)
        cards = [card for card in read_cards(source) if isinstance(card, Card)]
        records = {record.line: record for record in read(source)}
        hand = expect.get("hand_read", {})
        yield name, "cards", hand.get("cards", expect["cards"]), len(cards)
        for place, (card, listed) in enumerate(zip(cards, expect["card_list"], strict=True)):
            fields = listed["agreed"] | hand.get(f"card{place}", {})
            for field, value in fields.items():
                yield f"{name} #{place}", field, _expected(field, value), _found(field, records[card.line], card)


def test_agreed_fields_match() -> None:
    table: dict[str, list[int]] = {}
    misses = []
    for name, field, expected, found in _comparisons():
        counts = table.setdefault(field, [0, 0])
        counts[0] += expected == found
        counts[1] += 1
        if expected != found:
            misses.append(f"{name} {field}: expected {expected!r}, found {found!r}")
    right, total = sum(row[0] for row in table.values()), sum(row[1] for row in table.values())
    lines = [f"{field:14}{row[0]:5} of {row[1]}" for field, row in sorted(table.items())]
    report = "\n".join([*lines, f"{'all':14}{right:5} of {total} ({right / total:.2%})", *misses])
    print(report)  # noqa: T201 -- the table is the point of the test
    assert right / total >= 0.99, report
