"""Find the pairs of records that may be one, with the evidence, and join pairs to groups."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import exp2

from crmcore.matching.compare import compare
from crmcore.matching.keys import prepared_keys
from crmcore.matching.prepared import Prepared, prepare
from crmcore.matching.record import Evidence, MatchRecord, Pair
from crmcore.matching.weights import DOUBTFUL, PROPOSE, Rarity, prior, rarity

_NO_COUNTS = Rarity()
_STRONG = -3.0  # bits of evidence against a pair that must not be passed over
_CLEAR = 0.7  # agreement that leaves little doubt
_CROWD = 100  # a key shared by more records than this tells nothing


def score_pair(a: MatchRecord, b: MatchRecord, known: Rarity = _NO_COUNTS) -> Pair:
    """Compare two records, as at the entry of one; `known` says how common values are among the stored records.

    The score is that of being one among those records: two that hold nothing but the same common name score low.
    Records of different kinds score 0, without evidence.
    """
    return score_prepared(prepare(a), prepare(b), known)


def score_prepared(a: Prepared, b: Prepared, known: Rarity = _NO_COUNTS) -> Pair:
    """Compare two prepared records: for an import that prepares each once, for its keys and its comparisons."""
    if b.record.id < a.record.id:
        a, b = b, a
    if a.record.kind != b.record.kind:
        return Pair(a=a.record.id, b=b.record.id, score=0.0, evidence=())
    evidence = compare(a, b, known)
    return Pair(a=a.record.id, b=b.record.id, score=_score(evidence, prior(known.records)), evidence=evidence)


def _score(evidence: Sequence[Evidence], start: float) -> float:
    bits = start + sum(one.weight for one in evidence)
    probability = 1 / (1 + exp2(-max(-60.0, min(60.0, bits))))
    return min(probability, DOUBTFUL) if _is_doubtful(evidence) else probability


def _is_doubtful(evidence: Sequence[Evidence]) -> bool:
    """Tell whether a person should look at the pair even if its score is high."""
    if any(one.weight <= _STRONG for one in evidence):
        return True
    agreed = {one.feature for one in evidence if one.agreement >= _CLEAR}
    return not (agreed & {"name", "identifier", "email", "birthday"} or {"given name", "family name"} <= agreed)


def find_pairs(records: Sequence[MatchRecord], threshold: float = PROPOSE) -> list[Pair]:
    """Return the pairs of `records` with a score of `threshold` or more, best first.

    Only records that share a blocking key are compared, except by keys that more than a hundred share.
    """
    prepared = [prepare(record) for record in records]
    known = rarity(prepared)
    found = []
    for i, j in sorted(_candidates(prepared)):
        pair = score_prepared(prepared[i], prepared[j], known)
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
