"""Writing vCard 4.0 (RFC 6350), so that every program can read it and we get back the same records.

What vCard has no property for goes to properties of our own (X-CRMCORE-...), which other programs pass over.
"""

import re
from collections.abc import Iterable, Iterator

from attrs import astuple

from crmcore.formats.vcard import names
from crmcore.formats.vcard.collected import NAME_PARTS
from crmcore.formats.vcard.media import HASH, NAME, SIZE
from crmcore.formats.vcard.points import messenger_scheme, readable
from crmcore.formats.vcard.properties import escape, parameter
from crmcore.model.incoming import Address, Attachment, IncomingContact, IncomingCustomer, Point

_LINE_OCTETS = 75
_TYPES = {"home": "home", "work": "work", "mobile": "cell", "pager": "pager", "video": "video", "text": "text"}
_POINTS = {"email": "EMAIL", "phone": "TEL", "fax": "TEL", "messenger": "IMPP", "url": "URL"}
_NAME = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_FULL_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def write_vcard(cards: Iterable[IncomingContact | IncomingCustomer]) -> Iterator[str]:
    """Yield the text of each card, lines ended by CR LF and folded at 75 octets of UTF-8.

    The reader gives back the same records, save that the line ends in their texts are LF.
    """
    for card in cards:
        lines = _contact(card) if isinstance(card, IncomingContact) else _customer(card)
        whole = ["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"]
        yield "".join(_folded(line) for line in whole)


def _contact(card: IncomingContact) -> Iterator[str]:
    yield "KIND:individual"
    yield f"FN:{escape(card.name, ',;')}"
    parts = [getattr(card, part) for part in NAME_PARTS]
    if any(parts):
        yield "N:" + ";".join(escape(part, ",;") for part in parts)
    yield from _text("NICKNAME", card.nickname)
    if card.organisation or card.department:
        units = [card.organisation, *filter(None, [card.department])]
        yield "ORG:" + ";".join(escape(unit, ",;") for unit in units)
    yield from _text("TITLE", card.title)
    yield from _text("ROLE", card.role)
    yield from _text("LANG", card.language)
    if card.birthday:
        yield "BDAY:" + _FULL_DATE.sub(r"\1\2\3", card.birthday)
    for photo in card.photos:
        yield _photo(photo)
    yield from _text(names.ORGANISATION_KEY, card.organisation_key)
    yield from _common(card)


def _customer(card: IncomingCustomer) -> Iterator[str]:
    if card.kind == "individual":
        yield "KIND:individual"
        yield f"{names.RECORD}:customer"
    else:
        yield "KIND:org"
        yield f"ORG:{escape(card.name, ',;')}"
    yield f"FN:{escape(card.name, ',;')}"
    yield from _text(names.PARENT, card.parent)
    if card.roles:
        yield f"{names.ROLES}:" + ",".join(escape(role, ",;") for role in card.roles)
    yield from _common(card)


def _common(card: IncomingContact | IncomingCustomer) -> Iterator[str]:
    for number, point in enumerate(card.points, start=1):
        yield from _point(point, number)
    yield from _text("NOTE", card.note)
    if card.categories:
        yield "CATEGORIES:" + ",".join(escape(category, ",;") for category in card.categories)
    yield from _text("UID", card.external_id)
    yield from _text(names.OWNER, card.owner)
    for key, value in card.identifiers.items():
        yield f"{names.IDENTIFIER}{parameter(names.NAME, key)}:{escape(value)}"
    for key, value in card.extra.items():
        if _may_stand_alone(key, value):
            yield f"{key}:{escape(value)}"
        else:
            yield f"{names.EXTRA}{parameter(names.NAME, key)}:{escape(value)}"


def _text(name: str, value: str) -> Iterator[str]:
    if value:
        yield f"{name}:{escape(value, ',;')}"


def _may_stand_alone(key: str, value: str) -> bool:
    upper = key.upper()
    if not _NAME.fullmatch(key) or not value.strip() or upper in names.MAPPED or upper.startswith(names.OWN):
        return False
    return messenger_scheme(upper) is None


def _point(point: Point, number: int) -> Iterator[str]:
    words = point.label.split()
    types = ["fax"] if point.kind == "fax" else []
    group = ""
    if all(word in _TYPES for word in words):
        types += [_TYPES[word] for word in words]
    else:
        group = f"item{number}."
    parameters = f";TYPE={','.join(types)}" if types else ""
    parameters += ";PREF=1" if point.preferred else ""
    if point.kind == "address":
        address = point.address or Address()
        parts = astuple(address)
        if point.value != readable(address):
            parameters += parameter("LABEL", point.value)
        yield f"{group}ADR{parameters}:" + ";".join(escape(part, ",;") for part in parts)
    else:
        # Values of URI type must not have their commas and semicolons escaped.
        also = ",;" if point.kind in ("email", "phone", "fax") else ""
        yield f"{group}{_POINTS[point.kind]}{parameters}:{escape(point.value, also)}"
    if group:
        yield f"{group}X-ABLabel:{escape(point.label, ',;')}"


def _photo(photo: Attachment) -> str:
    parameters = parameter("MEDIATYPE", photo.media_type) if photo.media_type else ""
    parameters += parameter(NAME, photo.name) if photo.name else ""
    parameters += f";{SIZE}={photo.size}" if photo.size is not None else ""
    if not photo.url:
        return f"{names.PHOTO}{parameters}:{escape(photo.sha256)}"
    parameters += parameter(HASH, photo.sha256) if photo.sha256 else ""
    return f"PHOTO{parameters}:{escape(photo.url)}"


def _folded(line: str) -> str:
    octets = line.encode()
    if len(octets) <= _LINE_OCTETS:
        return line + "\r\n"
    pieces = []
    start, room = 0, _LINE_OCTETS
    while start < len(octets):
        end = min(start + room, len(octets))
        # Not inside a letter: the following octets of one are 10xxxxxx.
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[start:end].decode())
        start, room = end, _LINE_OCTETS - 1
    return "\r\n ".join(pieces) + "\r\n"
