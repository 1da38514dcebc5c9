"""How far two values agree, and what that weighs."""

from rapidfuzz.distance import OSA, JaroWinkler

from crmcore.matching.record import Evidence
from crmcore.matching.weights import WEIGHTS, Rarity

OTHER = 0.35
"""Agreement under which it is another name or birthday."""


def weighed(feature: str, a: str, b: str, agreement: float, agree: float) -> Evidence:
    """Weigh an agreement between disagreement, from the table, and full agreement, `agree` bits."""
    differ = WEIGHTS[feature].differ
    return Evidence(feature=feature, a=a, b=b, agreement=agreement, weight=differ + agreement * (agree - differ))


def shared_bits(feature: str, a: str, b: str, rarity: Rarity) -> float:
    """Return the bits of agreeing on `a` or `b`, whichever is more common: a misspelt value is always rare."""
    first = rarity.bits(feature, a)
    return first if a == b else min(first, rarity.bits(feature, b))


def alike(a: str, b: str, start: float = 0.75) -> float:
    """Return how far two words agree, 1 if they are equal, 0 if they are no more alike than chance (`start`)."""
    if a == b:
        return 1.0
    likeness = float(JaroWinkler.similarity(a, b))
    if OSA.distance(a, b, score_cutoff=1) == 1:  # one letter added, lost, changed or swapped with the next
        likeness = max(likeness, 1 - 0.5 / max(len(a), len(b)))
    return max(0.0, (likeness - start) / (1 - start))
