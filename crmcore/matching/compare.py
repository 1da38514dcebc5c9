"""Compare two prepared records; each feature gives evidence, or none where a value is missing."""

from attrs import evolve

from crmcore.matching.agreement import OTHER
from crmcore.matching.compare_names import names
from crmcore.matching.compare_places import places
from crmcore.matching.compare_points import points
from crmcore.matching.prepared import Prepared
from crmcore.matching.record import Evidence
from crmcore.matching.weights import CONTEXT, CONTEXT_OF_OTHERS, Rarity

_PERSONAL = frozenset(["given name", "family name", "name", "characters", "birthday"])


def compare(a: Prepared, b: Prepared, rarity: Rarity) -> tuple[Evidence, ...]:
    """Return the evidence for and against `a` and `b` being one."""
    found = (*names(a, b, rarity), *points(a, b, rarity), *places(a, b, rarity))
    if not any(one.agreement < OTHER for one in found if one.feature in _PERSONAL):
        return found
    # Anna Schmidt and Anna Weber of one office, a couple, father and son: all they share is one fact, not five.
    context = sum(one.weight for one in found if one.feature in CONTEXT and one.weight > 0)
    if context <= CONTEXT_OF_OTHERS:
        return found
    part = CONTEXT_OF_OTHERS / context
    return tuple(
        evolve(one, weight=one.weight * part) if one.feature in CONTEXT and one.weight > 0 else one for one in found
    )
