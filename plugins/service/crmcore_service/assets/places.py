"""Where towns, districts and postal codes lie: imported from a table, found by name; nothing is asked of a network."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen
from sqlalchemy import select

from crmcore.api import NotFound
from crmcore_service.assets.parties import AnyReader
from crmcore_service.i18n import _
from crmcore_service.model.spots import Spot
from crmcore_service.tables import place

_PARTS = re.compile(r"(?<=[省市区县镇])|[,，;；、\s]+")
_SUFFIXES = "省市区县镇"
_DEGREES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_AT_ONCE = 5000


def key_of(text: str) -> str:
    """Return the form by which names of places are compared: NFKC, without case, spaces collapsed to one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def located(reader: AnyReader, texts: Iterable[str]) -> Mapping[str, Spot]:
    """Return where texts are: each a town or postal code, an address with one in it, or degrees (`31.30,120.58`).

    The whole text goes before its parts, a longer part before a shorter one. What is not known is left out. One
    statement for each 5,000 names.
    """
    wanted = {text: list(_names(text)) for text in texts if text.strip()}
    found = {text: spot for text in wanted if (spot := _degrees(text)) is not None}
    keys = sorted({each for text, several in wanted.items() if text not in found for each in several})
    known: dict[str, Spot] = {}
    c = place.c
    for start in range(0, len(keys), _AT_ONCE):
        some = select(c.key, c.name, c.latitude, c.longitude).where(c.key.in_(keys[start : start + _AT_ONCE]))
        for row in reader.rows(some):
            known[row.key] = Spot(latitude=row.latitude, longitude=row.longitude, name=row.name)
    for text, several in wanted.items():
        best = next((known[each] for each in several if each in known), None)
        if best is not None and text not in found:
            found[text] = best
    return found


def place_named(reader: AnyReader, text: str) -> Spot:
    """Return where one text is, as `located` does; raises `NotFound`."""
    found = located(reader, [text])
    if text not in found:
        raise NotFound(
            _("Nobody knows where “{text}” is: import places (crm service place import), or write degrees.").format(
                text=text
            )
        )
    return found[text]


@frozen(kw_only=True)
class PlaceView:
    """A place as listed."""

    id: int
    name: str
    latitude: float
    longitude: float
    source: str


def page(reader: AnyReader, *, limit: int, after: int | None = None, begins: str = "") -> list[PlaceView]:
    """Return places in the order of their ids, from the one that follows `after`: one statement."""
    c = place.c
    wanted = select(c.id, c.name, c.latitude, c.longitude, c.source).order_by(c.id).limit(limit)
    if begins:
        wanted = wanted.where(c.key.startswith(key_of(begins), autoescape=True))
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [PlaceView(**row._mapping) for row in reader.rows(wanted)]


def _names(text: str) -> Iterator[str]:
    """Yield the keys a text may be known by, the surest first."""
    yield key_of(text)
    parts = {key_of(each) for each in _PARTS.split(text)}
    parts |= {each.rstrip(_SUFFIXES) for each in parts}
    yield from sorted((each for each in parts if len(each) > 1), key=lambda each: (-len(each), each))


def _degrees(text: str) -> Spot | None:
    said = _DEGREES.fullmatch(text)
    if said is None:
        return None
    latitude, longitude = float(said[1]), float(said[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Spot(latitude=latitude, longitude=longitude, name=text.strip())
