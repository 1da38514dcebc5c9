"""Which solved tickets are about what is asked: by the words they share, the rarer the more.

The newest 400 tickets with each word are looked at; how far back they reach tells how rare the word is, so nothing is
counted. The hundred best of them are then weighed with all words of the question. Two statements for some questions
together, whatever the number of tickets.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log1p

from attrs import frozen
from sqlalchemy import BigInteger, Integer, Select, and_, column, func, literal, select, values

from crmcore.api import PluginReader, Reader
from crmcore_service.answers.indexing import EVERY
from crmcore_service.answers.words import terms, words
from crmcore_service.tables import posting

_NEWEST = 400
"""How many tickets with a word are looked at."""
_BEST = 100
"""How many are weighed with all words of a question."""
TOGETHER = 16
"""How many questions are read together."""


@frozen(kw_only=True)
class Match:
    """A ticket that is about a question; `likeness` is 0 to 1: what of the question's words, by rarity, it shares."""

    ticket_id: int
    likeness: float


def matches(reader: Reader | PluginReader, texts: Sequence[str], shelves: Sequence[int]) -> list[list[Match]]:
    """Return for each text the tickets on some shelves that are about it, the most like first, a hundred at most."""
    found: list[list[Match]] = []
    for start in range(0, len(texts), TOGETHER):
        found += _some(reader, texts[start : start + TOGETHER], shelves)
    return found


def _some(reader: Reader | PluginReader, texts: Sequence[str], shelves: Sequence[int]) -> list[list[Match]]:
    asked = [terms(words(text)) for text in texts]
    sought = set().union(*asked)
    if not sought:
        return [[] for _text in texts]
    lists: dict[int, dict[int, int]] = defaultdict(dict)
    per_shelf: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in reader.rows(_newest(sorted(sought | {EVERY}), shelves)):
        lists[row.term][row.ticket_id] = row.weight
        per_shelf[row.shelf][row.term].append(row.ticket_id)
    rarity = _rarity(per_shelf[min(per_shelf)]) if per_shelf else {}
    best = [_best({one: lists[one] for one in some if one in lists}, rarity) for some in asked]
    ids = sorted(set().union(*best))
    exact: dict[int, dict[int, int]] = defaultdict(dict)
    for row in reader.rows(_weights(sorted(sought), ids, shelves)) if ids else ():
        exact[row.ticket_id][row.term] = row.weight
    return [_weighed(some, {key: exact[key] for key in mine}, rarity) for some, mine in zip(asked, best, strict=True)]


def _newest(sought: Sequence[int], shelves: Sequence[int]) -> Select[tuple[int, int, int, int]]:
    """Return the statement for the newest tickets with each term, on each shelf."""
    pairs = [(shelf, one) for shelf in shelves for one in sought]
    wanted = values(column("shelf", Integer), column("term", BigInteger), name="wanted").data(pairs).cte("wanted")
    p, other = posting.c, posting.alias("other").c
    oldest = (
        select(other.ticket_id)
        .where(other.shelf == wanted.c.shelf, other.term == wanted.c.term)
        .order_by(other.ticket_id.desc())
        .offset(_NEWEST - 1)
        .limit(1)
        .correlate(wanted)
        .scalar_subquery()
    )
    return (
        select(p.shelf, p.term, p.ticket_id, p.weight)
        .select_from(wanted)
        .join(posting, and_(p.shelf == wanted.c.shelf, p.term == wanted.c.term))
        .where(p.ticket_id >= func.coalesce(oldest, literal(0)))
        .limit(_NEWEST * len(pairs))
    )


def _weights(sought: Sequence[int], ids: Sequence[int], shelves: Sequence[int]) -> Select[tuple[int, int, int]]:
    p = posting.c
    said = p.ticket_id.in_(ids) & p.term.in_(sought) & p.shelf.in_(shelves)
    return select(p.ticket_id, p.term, p.weight).where(said).limit(len(ids) * len(sought) * len(shelves))


def _rarity(lists: Mapping[int, Sequence[int]]) -> dict[int, float]:
    """Return how rare each term is (as the inverse document frequency of BM25 tells), from how far its list reaches."""
    lowest = min(min(ids) for ids in lists.values())
    highest = max(max(ids) for ids in lists.values())

    def often(ids: Sequence[int]) -> float:
        reach = highest - (min(ids) if len(ids) >= _NEWEST else lowest) + 1
        return len(ids) / reach

    all_of_them = often(lists[EVERY])
    return {one: log1p(max(all_of_them / often(ids), 1) - 0.5) for one, ids in lists.items()}


def _best(lists: Mapping[int, Mapping[int, int]], rarity: Mapping[int, float]) -> list[int]:
    scores: dict[int, float] = defaultdict(float)
    for one, tickets in lists.items():
        for key, weight in tickets.items():
            scores[key] += weight * rarity.get(one, 0)
    return sorted(scores, key=lambda key: (-scores[key], -key))[:_BEST]


def _weighed(asked: set[int], tickets: Mapping[int, Mapping[int, int]], rarity: Mapping[int, float]) -> list[Match]:
    """Return tickets by what they share with a question, of the most that any text could."""
    known = max(rarity.values(), default=1)  # a word that nobody said before is as rare as any
    most = sum(rarity.get(one, known) for one in asked) * 1000 or 1
    found = [
        Match(
            ticket_id=key,
            likeness=min(sum(w * rarity.get(one, 0) for one, w in held.items() if one in asked) / most, 1),
        )
        for key, held in tickets.items()
    ]
    return sorted(found, key=lambda one: (-one.likeness, -one.ticket_id))
