"""Who is in an audience, and who is left out and why: counted."""

from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from crmcore.api import LeftOut, Selection, Transaction, counted
from crmcore_marketing.audiences.judging import Plan, judged


@frozen(kw_only=True)
class Reason:
    """A reason for which people who were chosen are left out: whose it is, how many, and one as it was told."""

    reason: str
    by: str
    people: int
    example: str


@frozen(kw_only=True)
class Explained:
    """An audience in figures.

    Of `people` the condition chooses `chosen`; its `conditions` say how many each leaves out, and how many it alone. Of
    those chosen, `included` may be contacted now, `excluded` not: each of these counts for its weightiest reason.
    """

    people: int
    chosen: int
    included: int
    excluded: int
    reasons: Sequence[Reason]
    conditions: Sequence[LeftOut]


def explained(tx: Transaction, one: Selection, plan: Plan) -> Explained:
    """Return who is in and why others are not: one statement for the condition, then policy in portions."""
    sums = counted(tx, one)
    included, reasons = 0, Counter[tuple[str, str]]()
    examples: dict[tuple[str, str], str] = {}
    for each in judged(tx, one, plan):
        if not each.against:
            included += 1
            continue
        first = each.against[0]
        key = (first.by, first.gist)
        reasons[key] += 1
        examples.setdefault(key, first.reason)
    return Explained(
        people=sums.total,
        chosen=included + reasons.total(),
        included=included,
        excluded=reasons.total(),
        reasons=[
            Reason(reason=gist, by=by, people=number, example=examples[by, gist])
            for (by, gist), number in reasons.most_common()
        ],
        conditions=sums.parts,
    )
