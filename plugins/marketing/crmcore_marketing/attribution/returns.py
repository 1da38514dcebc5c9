"""What campaigns brought back for what was spent: revenue, margin, return, by first and last touch (row S1-11)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen

from crmcore.api import Reader, bought, currency, outcomes
from crmcore_marketing.attribution.crediting import FIRST, LAST, TOUCHES, Span
from crmcore_marketing.attribution.keys import Keys, called
from crmcore_marketing.attribution.sums import NOTHING, Sums, credited, leads, people, spent


@frozen(kw_only=True)
class Line:
    """What one campaign, type, channel or programme cost and brought; by touch (first, last) where they may differ.

    `key` is what programs know it by: an id, or a word.
    """

    key: Any
    name: str
    spend: Decimal
    members: int
    responses: int
    leads: Mapping[str, int]
    won: Mapping[str, Sums]

    def roi(self, touch: str) -> Decimal | None:
        """Return the return on what was spent: (margin - spend) / spend; None without spending or a known margin."""
        return ratio(self.won[touch].margin, self.spend)

    def each(self, touch: str, what: str) -> Decimal | None:
        """Return what one order, customer or lead cost (`what`: orders, customers, leads); None for none."""
        n = self.leads[touch] if what == "leads" else getattr(self.won[touch], what)
        return (self.spend / n).quantize(Decimal("0.01")) if n else None


def ratio(margin: Decimal | None, spend: Decimal) -> Decimal | None:
    """Return (margin - spend) / spend with four decimals; None where one of them says nothing."""
    return None if margin is None or not spend else ((margin - spend) / spend).quantize(Decimal("0.0001"))


@frozen(kw_only=True)
class Returns:
    """What campaigns brought, row by row; by touch what they brought together, and what came from none we know of.

    `told` says whether anybody tells of won business at all. `share` is the part of all revenue that is `nowhere`.
    Amounts are in `currency`. `hidden` are the fields that the reader may not see.
    """

    by: str
    span: Span
    currency: str
    lines: Sequence[Line]
    spend: Decimal
    won: Mapping[str, Sums]
    elsewhere: Mapping[str, Sums]
    nowhere: Mapping[str, Sums]
    share: Mapping[str, Decimal | None]
    told: bool
    hidden: Sequence[tuple[str, str]]

    def roi(self, touch: str) -> Decimal | None:
        """Return what all of it came to for all that was spent."""
        return ratio(self.won[touch].margin, self.spend)


def returns(reader: Reader, rows: Keys, span: Span) -> Returns:
    """Return what campaigns brought by the rows of `keys`: ten statements at most, whatever there is.

    Lines come in the order of what they brought by last touch, then of what they cost.
    """
    kept = bought(reader)
    found, asked = credited(reader, kept, rows, span), leads(reader, outcomes(reader, "lead"), rows, span)
    cost, who = spent(reader, rows, span), people(reader, rows)
    here = {*cost, *who, *(key for one in found.values() for key in one.rows), *(k for n in asked.values() for k in n)}
    names = called(reader, rows.by, here)
    lines = [
        Line(
            key=key,
            name=names.get(key, ""),
            spend=cost.get(key, Decimal(0)),
            members=who.get(key, (0, 0))[0],
            responses=who.get(key, (0, 0))[1],
            leads={which: asked[which].get(key, 0) for which in TOUCHES},
            won={which: found[which].rows.get(key, NOTHING) for which in TOUCHES},
        )
        for key in here
    ]
    lines.sort(key=lambda one: (-one.won[LAST].revenue, -one.won[FIRST].revenue, -one.spend, one.name))
    return Returns(
        by=rows.by,
        span=span,
        currency=currency(reader),
        lines=lines,
        spend=sum(cost.values(), Decimal(0)),
        won={which: sum(found[which].rows.values(), NOTHING) for which in TOUCHES},
        elsewhere={which: found[which].elsewhere for which in TOUCHES},
        nowhere={which: found[which].nowhere for which in TOUCHES},
        share={which: found[which].unattributed for which in TOUCHES},
        told=bool(kept),
        hidden=sorted(reader.withheld),
    )
