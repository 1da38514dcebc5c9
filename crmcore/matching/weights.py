"""How much each agreement and disagreement weighs, in one table, and how rare a value is.

After Fellegi and Sunter (A Theory for Record Linkage, 1969): the weight of an observation is the logarithm, here to
base 2, of how much likelier it is for two records of one person than of two persons. For an agreement that is one over
the frequency of the value, so a rare surname counts more than a common one (Winkler 1989), within the bounds below.
"""

from collections import Counter
from collections.abc import Iterable
from math import log2

from attrs import field, frozen

from crmcore.matching.prepared import Prepared, prepare
from crmcore.matching.record import MatchRecord
from crmcore.model.pinyin import is_surname, syllables

PROPOSE = 0.5
"""Pairs from this score on are proposed to a person for review."""

CERTAIN = 0.99
"""Pairs from this score on may be merged without asking: at least 98 of 100 are right on all our sets."""

PRIOR = -12.0
"""Bits against any pair before it is compared, in a set of up to a thousand records."""


def prior(records: int) -> float:
    """Return the bits against any pair among so many records: the more there are, the more are alike by chance."""
    return min(PRIOR, -log2(records + 1) - 2)


@frozen(kw_only=True)
class Weight:
    """Bits for agreement on a value, from `least` on a common one to `most` on a rare one, and for disagreement.

    `share` is the frequency a value has if the records say nothing about it.
    """

    least: float
    most: float
    differ: float
    share: float


WEIGHTS = {
    #                       common value  rare value  different    a value's usual share
    "given name": Weight(least=3, most=8, differ=-4, share=1 / 200),
    "family name": Weight(least=3, most=10, differ=-4, share=1 / 500),
    "name": Weight(least=3, most=13, differ=-8, share=1 / 500),
    "characters": Weight(least=2, most=2, differ=-6, share=1 / 1000),
    "organisation": Weight(least=1, most=5, differ=-1, share=1 / 200),
    "birthday": Weight(least=9, most=9, differ=-5, share=1 / 20000),
    "identifier": Weight(least=4, most=13, differ=-5, share=1 / 20000),
    "email": Weight(least=2, most=12, differ=-1, share=1 / 10000),
    "phone": Weight(least=2, most=11, differ=-1, share=1 / 5000),
    "url": Weight(least=1, most=8, differ=-0.5, share=1 / 1000),
    "street": Weight(least=2, most=8, differ=-2, share=1 / 1000),
    "house number": Weight(least=2, most=4, differ=-2, share=1 / 100),
    "further address": Weight(least=1, most=5, differ=-0.5, share=1 / 500),
    "city": Weight(least=1, most=5, differ=-1.5, share=1 / 100),
    "postcode": Weight(least=1, most=5, differ=-1.5, share=1 / 300),
    "region": Weight(least=0.5, most=1, differ=-0.5, share=1 / 10),
    "country": Weight(least=0, most=1, differ=-1, share=1 / 3),
}
"""The whole model. Evidence between full agreement and disagreement is weighed in proportion."""

CONTEXT = frozenset(
    [
        "organisation",
        "phone",
        "url",
        "street",
        "house number",
        "further address",
        "city",
        "postcode",
        "region",
        "country",
    ]
)
"""What families and colleagues share."""

CONTEXT_OF_OTHERS = 4.0
"""Bits that all of the context may give together to two records whose names differ."""

DOUBTFUL = 0.98
"""The highest score of a pair with strong evidence against it, or without a whole name or number that agrees."""

_STRENGTH = 500  # so many records weigh as much as the usual share
_CHINESE_SURNAME = 1 / 40
_PINYIN = 1 / 60


@frozen
class Rarity:
    """How often values occur in a set of records; empty, it knows only the usual shares."""

    records: int = 0
    counts: Counter[tuple[str, str]] = field(factory=Counter)

    def bits(self, feature: str, value: str) -> float:
        """Return the weight of agreeing on `value` of `feature`."""
        weight = WEIGHTS[feature]
        share = weight.share
        if "name" in feature:
            if is_surname(value):
                share = _CHINESE_SURNAME
            elif len(value) < 7 and syllables(value):
                share = _PINYIN
        seen = (max(self.counts.get((feature, value), 0) - 1, 0) + share * _STRENGTH) / (self.records + _STRENGTH)
        return min(weight.most, max(weight.least, -log2(seen)))


def values(prepared: Prepared) -> Iterable[tuple[str, str]]:
    """Yield each (feature, value) of a record whose frequency counts, once."""
    record = prepared.record
    single = {
        "given name": prepared.given,
        "family name": prepared.family,
        "street": prepared.street,
        "house number": prepared.number,
        "further address": prepared.beyond,
        "city": prepared.city,
        "postcode": prepared.postcode,
        "region": prepared.region,
        "country": prepared.country,
    }
    yield from ((feature, value) for feature, value in single.items() if value)
    yield from (("name", token) for token in set(prepared.tokens))
    yield from (("organisation", token) for token in set(prepared.organisation))
    yield from (("email", email) for email in set(record.emails))
    yield from (("phone", phone) for phone in set(record.phones))
    yield from (("url", url) for url in set(record.urls))
    yield from (("identifier", number) for number in set(record.identifiers))


def count_values(records: Iterable[MatchRecord]) -> Rarity:
    """Count the values of `records`, to know in `score_pair` how common a name or number is."""
    return rarity(map(prepare, records))


def rarity(records: Iterable[Prepared]) -> Rarity:
    """Count the values of prepared `records`."""
    counts: Counter[tuple[str, str]] = Counter()
    total = 0
    for prepared in records:
        total += 1
        counts.update(values(prepared))
    return Rarity(total, counts)
