"""Find the pairs of records that may be one, with the evidence, and join pairs to groups."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from crmcore.matching.compare import compare
from crmcore.matching.keys import prepared_keys
from crmcore.matching.prepared import Prepared, prepare
from crmcore.matching.record import Evidence, MatchRecord, Pair
from crmcore.matching.weights import PRIOR, PROPOSE, Rarity, rarity

_NO_COUNTS = Rarity()
_CROWD = 100  # a key shared by more records than this tells nothing


def score_pair(a: MatchRecord, b: MatchRecord, known: Rarity = _NO_COUNTS) -> Pair:
    """Compare two records, as at the entry of one; `known` says how common values are among the stored records."""
    return _pair(prepare(a), prepare(b), known)


def _pair(a: Prepared, b: Prepared, known: Rarity) -> Pair:
    if b.record.id < a.record.id:
        a, b = b, a
    evidence = tuple(compare(a, b, known)) if a.record.kind == b.record.kind else ()
    return Pair(a=a.record.id, b=b.record.id, score=_probability(evidence), evidence=evidence)


def _probability(evidence: Sequence[Evidence]) -> float:
    bits = PRIOR + sum(one.weight for one in evidence)
    return 1 / (1 + 2.0 ** -max(-60.0, min(60.0, bits)))


def find_pairs(records: Sequence[MatchRecord], threshold: float = PROPOSE) -> list[Pair]:
    """Return the pairs of `records` with a score of `threshold` or more, best first.

    Only records that share a blocking key are compared. Time grows with the number of such pairs, 40 us each.
    """
    prepared = [prepare(record) for record in records]
    known = rarity(prepared)
    found = []
    for i, j in sorted(_candidates(prepared)):
        pair = _pair(prepared[i], prepared[j], known)
        if pair.score >= threshold:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _candidates(prepared: Sequence[Prepared]) -> set[tuple[int, int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(prepared):
        for key in prepared_keys(one):
            blocks[key].append(index)
    return {pair for block in blocks.values() if len(block) <= _CROWD for pair in combinations(block, 2)}


def cluster(pairs: Iterable[Pair]) -> list[tuple[int, ...]]:
    """Join pairs to groups: whoever is linked over others belongs to one group (transitive closure)."""
    leader: dict[int, int] = {}

    def lead(record: int) -> int:
        while leader.setdefault(record, record) != record:
            leader[record] = leader[leader[record]]
            record = leader[record]
        return record

    for pair in pairs:
        first, second = sorted((lead(pair.a), lead(pair.b)))
        leader[second] = first
    groups: dict[int, list[int]] = defaultdict(list)
    for record in sorted(leader):
        groups[lead(record)].append(record)
    return sorted(tuple(group) for group in groups.values())
