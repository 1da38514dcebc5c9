"""A proposed budget as a report."""

from collections.abc import Sequence
from decimal import Decimal

from crmcore.reports.report import Column, Report, money, percent
from crmcore_marketing.attribution.crediting import Span
from crmcore_marketing.attribution.telling import touch_words
from crmcore_marketing.budgeting.proposing import FEW, Part, Proposal, Range
from crmcore_marketing.i18n import _


def proposal_report(found: Proposal, by: Sequence[str], span: Span, touch: str, base: str) -> Report:
    """Return what to spend on what, with what it rests on."""
    few = [one for one in found.parts if one.few]
    notes = [
        _("{amount} {currency} may bring {orders} orders, nine times of ten {low} to {high}.").format(
            amount=money(found.amount), currency=base, orders=round(found.orders.expected),
            low=round(found.orders.low), high=round(found.orders.high),
        ),
        _("Split in proportion to the orders that money brought, by {touch}, {days} days before the win.").format(
            touch=touch_words()[touch], days=span.days
        ),
    ]  # fmt: skip
    if few:
        notes.append(
            _("Fewer than {n} orders to judge by, little more than a guess: {names}.").format(
                n=FEW, names=", ".join(" × ".join(one.cell.names) for one in few)
            )
        )
    return Report(
        title=_("Proposal for {amount} {currency}").format(amount=money(found.amount), currency=base),
        columns=[
            *(Column(_(one)) for one in by), Column(_("spent"), number=True), Column(_("orders"), number=True),
            Column(_("cost per order"), number=True), Column(_("range of that"), number=True),
            Column(_("proposed"), number=True), Column(_("share"), number=True), Column(_("may bring"), number=True),
            Column(""),
        ],
        rows=[
            (
                *(name or _("not said") for name in one.cell.names), money(one.cell.cost), one.cell.orders,
                money(_cost(one)), _said(one.cost_per_order), money(one.amount), percent(one.amount / found.amount, 1),
                _said(one.orders, digits=1), _("n < {n}").format(n=FEW) if one.few else "",
            )
            for one in found.parts
        ],
        bars=[(" × ".join(one.cell.names), one.amount) for one in found.parts],
        notes=notes,
        data={
            "amount": found.amount, "currency": base, "by": list(by), "touch": touch, "days": span.days,
            "since": span.since, "until": span.until, "orders": found.orders,
            "parts": [
                {
                    **{name: {"key": key, "name": said} for name, key, said in zip(
                        by, one.cell.key, one.cell.names, strict=True
                    )},
                    "spent": one.cell.cost, "n": one.cell.orders, "cost_per_order": _cost(one),
                    "cost_per_order_range": one.cost_per_order, "amount": one.amount,
                    "share": (one.amount / found.amount).quantize(Decimal("0.0001")), "orders": one.orders,
                    "few": one.few,
                }
                for one in found.parts
            ],
            "warnings": [" × ".join(one.cell.names) for one in few],
        },
    )  # fmt: skip


def _cost(one: Part) -> Decimal | None:
    """Return what an order did cost; None where there was none."""
    return (one.cell.cost / one.cell.orders).quantize(Decimal("0.01")) if one.cell.orders else None


def _said(one: Range, digits: int = 0) -> str:
    return f"{one.low:,.{digits}f}–{one.high:,.{digits}f}"
