"""Taking places from a table: names, postal codes, latitude, longitude."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from attrs import field, frozen

from crmcore.api import InvalidInput, Rejection, Source, TableRow, Transaction, table_rows
from crmcore_service.assets.places import key_of
from crmcore_service.i18n import _
from crmcore_service.model.order import Place
from crmcore_service.tables import place

_NAME = ("name", "place", "place name", "city", "town", "district", "地名", "名称", "城市", "区县")
_CODE = ("postal code", "postcode", "zip", "zip code", "zipcode", "邮编", "邮政编码")
_LATITUDE = ("latitude", "lat", "纬度")
_LONGITUDE = ("longitude", "lon", "lng", "long", "经度")
_PORTION = 1000


@frozen(kw_only=True)
class Taken:
    """How many names and codes are new, how many lie elsewhere now, and the rows that were left out."""

    added: int = 0
    moved: int = 0
    problems: list[Rejection] = field(factory=list)


def take_places(tx: Transaction, path: Path) -> Taken:
    """Take the places of a table (CSV, XLSX); each row gives its name, and its postal code, where they lie.

    What is known under a name moves to where the table says. Of two rows with one name the first counts. One statement
    for each 1,000 rows, and their journal. Raises `InvalidInput` for what is no table.
    """
    rows = iter(table_rows(Source(path=path)))
    seen: set[str] = set()
    done = Taken()
    while portion := list(islice(rows, _PORTION)):
        done = _portion(tx, portion, path.name, seen, done)
    return done


def _portion(tx: Transaction, rows: list[TableRow | Rejection], source: str, seen: set[str], done: Taken) -> Taken:
    problems = list(done.problems)
    wanted: dict[str, Place] = {}
    for row in rows:
        if isinstance(row, Rejection):
            problems.append(row)
            continue
        try:
            for one in _read(row, source):
                if one.key not in seen:
                    wanted[one.key] = one
                    seen.add(one.key)
        except InvalidInput as error:
            problems.append(Rejection(line=row.line, reason=str(error), raw=" | ".join(row.cells.values())))
    known = {one.key: one for one in tx.load(Place, place.c.key.in_(list(wanted)))}
    moved = 0
    for key, one in wanted.items():
        old = known.get(key)
        if old is None:
            tx.add(one)
        elif (old.latitude, old.longitude) != (one.latitude, one.longitude):
            old.latitude, old.longitude, old.source = one.latitude, one.longitude, source
            moved += 1
    tx.flush()
    return Taken(added=done.added + len(wanted) - len(known), moved=done.moved + moved, problems=problems)


def _read(row: TableRow, source: str) -> Iterator[Place]:
    names = [text for text in (row.text(*_NAME), row.text(*_CODE)) if text]
    if not names:
        raise InvalidInput(_("it has neither a name nor a postal code"))
    latitude, longitude = row.number(*_LATITUDE), row.number(*_LONGITUDE)
    if latitude is None or longitude is None:
        raise InvalidInput(_("it has no latitude and longitude"))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise InvalidInput(
            _("{latitude}, {longitude} are no degrees of a place").format(latitude=latitude, longitude=longitude)
        )
    for name in names:
        yield Place(name=name, key=key_of(name), latitude=float(latitude), longitude=float(longitude), source=source)
