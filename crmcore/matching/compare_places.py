"""Compare postal addresses, part by part."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from crmcore.matching.agreement import alike, shared_bits, weighed
from crmcore.matching.prepared import Prepared
from crmcore.matching.record import Evidence
from crmcore.matching.weights import Rarity


def places(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    """Yield what the addresses say."""
    if (a.street or a.beyond) and (b.street or b.beyond):
        yield from _streets(a, b, rarity)
    if a.number and b.number:
        agreement = 1.0 if a.number == b.number else 0.0
        yield weighed(
            "house number", a.number, b.number, agreement, shared_bits("house number", a.number, b.number, rarity)
        )
    if a.postcode and b.postcode:
        near = OSA.distance(a.postcode, b.postcode, score_cutoff=1)
        agreement = {0: 1.0, 1: 0.6}.get(near, 0.0)
        yield weighed(
            "postcode", a.postcode, b.postcode, agreement, shared_bits("postcode", a.postcode, b.postcode, rarity)
        )
    if a.city and b.city:
        yield weighed("city", a.city, b.city, alike(a.city, b.city), shared_bits("city", a.city, b.city, rarity))
    for feature, mine, theirs in (("region", a.region, b.region), ("country", a.country, b.country)):
        if mine and theirs:
            agreement = 1.0 if mine == theirs else 0.0
            yield weighed(feature, mine, theirs, agreement, shared_bits(feature, mine, theirs, rarity))


def _streets(a: Prepared, b: Prepared, rarity: Rarity) -> Iterator[Evidence]:
    if a.street and b.street:
        straight = _street_alike(a.street, b.street)
        crossed = max(_street_alike(a.street, b.beyond), _street_alike(a.beyond, b.street)) if straight < 0.8 else 0.0
        bits = shared_bits("street", a.street, b.street, rarity)
        yield weighed("street", a.street, b.street, max(straight, crossed), bits)
    if a.beyond and b.beyond:
        agreement = alike(a.beyond, b.beyond)
        bits = shared_bits("further address", a.beyond, b.beyond, rarity)
        yield weighed("further address", a.beyond, b.beyond, agreement, bits)


def _street_alike(a: str, b: str) -> float:
    if a == b:
        return 1.0 if a else 0.0
    return max(0.0, (float(ratio(a, b)) / 100 - 0.65) / 0.35)
