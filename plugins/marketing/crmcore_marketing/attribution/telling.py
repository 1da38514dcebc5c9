"""Returns as reports: what stands side by side for people, and the same for programs."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crmcore.reports.report import Cell, Column, Report, money, percent
from crmcore_marketing.attribution.crediting import FIRST, LAST, TOUCHES, Span
from crmcore_marketing.attribution.deals import Deal
from crmcore_marketing.attribution.products import NOBODY, Sold
from crmcore_marketing.attribution.returns import Line, Returns, ratio
from crmcore_marketing.attribution.sums import Sums
from crmcore_marketing.i18n import _


def touch_words() -> dict[str, str]:
    """Return what the kinds of touch are called."""
    return {FIRST: _("first touch"), LAST: _("last touch")}


def list_report(found: Returns, touch: str, limit: int) -> Report:
    """Return what each row cost and brought: by one kind of touch with more figures, or by both (`touch` is empty)."""
    shown = found.lines[:limit]
    which = [touch] if touch else list(TOUCHES)
    if not found.told:
        told: list[tuple[str, Callable[[Line], Cell]]] = [
            (_("members"), lambda one: one.members),
            (_("responses"), lambda one: one.responses),
        ]
    elif touch:
        told = [*_business(found, touch), *_each(touch)]
    else:
        told = [each for one in which for each in _business(found, one, {FIRST: _("first"), LAST: _("last")}[one])]
    whole = loose(_("all"), found.won, found.spend)
    lines = [*shown, whole, *_loose(found, which)] if found.told else shown
    return Report(
        title=_("Return by {what}").format(what=_(found.by)),
        columns=[Column(_(found.by)), Column(_("spent"), number=True), *(Column(one, number=True) for one, _v in told)],
        rows=[[one.name, rounded(one.spend), *(value(one) for _name, value in told)] for one in lines],
        bars=[(one.name, one.won[which[-1]].revenue) for one in shown if one.won[which[-1]].revenue],
        notes=notes(found, which, more=len(found.lines) - len(shown)),
        data=list_data(found, shown, touch),
    )


def _business(found: Returns, touch: str, said: str = "") -> list[tuple[str, Callable[[Line], Cell]]]:
    """Return columns of what was won: with the margin, or where it must be `said` by which touch, without."""

    def named(word: str) -> str:
        return _("{touch}: {what}").format(touch=said, what=word) if said else word

    def revenue(one: Line) -> Cell:
        amount = one.won[touch].revenue
        return None if found.hidden and not amount else rounded(amount)

    return [
        (named(_("orders")), lambda one: one.won[touch].orders),
        (named(_("revenue")), revenue),
        *([] if said else [(_("margin"), lambda one: rounded(one.won[touch].margin))]),
        (named(_("ROI")), lambda one: percent(one.roi(touch))),
    ]


def _each(touch: str) -> list[tuple[str, Callable[[Line], Cell]]]:
    """Return columns of what one cost; they say nothing of what several rows have in common."""
    return [
        (_("customers"), lambda one: one.won[touch].customers if one.key is not None else None),
        (_("cost per order"), lambda one: rounded(one.each(touch, "orders")) if one.spend else None),
        (_("cost per customer"), lambda one: rounded(one.each(touch, "customers")) if one.key is not None else None),
        (_("leads"), lambda one: one.leads[touch] if one.key is not None else None),
        (_("cost per lead"), lambda one: rounded(one.each(touch, "leads"))),
    ]


def rounded(amount: Decimal | None) -> Decimal | None:
    """Return an amount without cents, as many of them stand side by side."""
    return None if amount is None else amount.quantize(Decimal(1))


def _loose(found: Returns, which: Sequence[str]) -> list[Line]:
    """Return lines of the business that belongs to no row of the report."""
    told = ((_("other campaigns"), found.elsewhere), (_("no campaign known"), found.nowhere))
    return [loose(name, won) for name, won in told if any(won[one].orders for one in which)]


def loose(name: str, won: Mapping[str, Sums], spend: Decimal = Decimal(0)) -> Line:
    """Return a line that is no row's: of all, or of what no row accounts for."""
    nothing = dict.fromkeys(TOUCHES, 0)
    return Line(key=None, name=name, spend=spend, members=0, responses=0, leads=nothing, won=won)


def notes(found: Returns, which: Sequence[str], *, more: int = 0) -> list[str]:
    """Return on what the figures rest, and what they leave open."""
    if not found.told:
        return [
            _("Nobody tells of won business here: enable a plugin that keeps deals or orders, such as sales."),
            _("Amounts in {currency}.").format(currency=found.currency),
        ]
    said = [_span(found.span, found.currency)]
    said += [
        _("By {touch}: {share} of the revenue, {amount}, came from no campaign we know of.").format(
            touch=touch_words()[one], share=percent(found.share[one]), amount=money(found.nowhere[one].revenue)
        )
        for one in which
        if found.share[one]
    ]
    whole = found.won[which[-1]]
    if whole.margin is not None and whole.costed != whole.revenue and whole.revenue:
        known = percent(whole.costed / whole.revenue)
        said.append(_("The costs of {share} of the revenue are known; margins are of that.").format(share=known))
    unpriced = sum(one.unpriced for one in (whole, found.nowhere[which[-1]], found.elsewhere[which[-1]]))
    if unpriced and not found.hidden:
        said.append(_("{n} orders have no amount, or no rate of their currency.").format(n=unpriced))
    if found.hidden:
        said.append(_("Amounts of deals are not shown to you."))
    if more > 0:
        said.append(_("{n} more; see --limit.").format(n=more))
    return said


def _span(span: Span, base: str) -> str:
    said = _(
        "First and last are the touches that business is credited to, up to {days} days before the win. "
        "Amounts in {currency}, at the rates of their days."
    )
    return said.format(days=span.days, currency=base)


def list_data(found: Returns, shown: Sequence[Line], touch: str) -> dict[str, Any]:
    """Return the same for programs; amounts are of the workspace's currency, shares and ROI are of one."""
    return {
        "by": found.by, "touch": touch or "both", "days": found.span.days, "since": found.span.since,
        "until": found.span.until, "currency": found.currency, "told": found.told, "spend": found.spend,
        "whole": {which: sums_data(found.won[which], found.spend, found) for which in TOUCHES},
        "elsewhere": {which: sums_data(found.elsewhere[which], None, found) for which in TOUCHES},
        "unattributed": {
            which: {**sums_data(found.nowhere[which], None, found), "share": _share(found.share[which])}
            for which in TOUCHES
        },
        "hidden": [f"{entity}.{name}" for entity, name in found.hidden],
        "rows": [line_data(one, found) for one in shown],
        "more": len(found.lines) - len(shown),
    }  # fmt: skip


def line_data(one: Line, found: Returns) -> dict[str, Any]:
    """Return a row for programs."""
    return {
        "key": one.key, "name": one.name, "spend": one.spend, "members": one.members, "responses": one.responses,
        **{
            which: {
                **sums_data(one.won[which], one.spend, found),
                "customers": one.won[which].customers,
                "leads": one.leads[which],
                "cost_per_order": one.each(which, "orders"),
                "cost_per_customer": one.each(which, "customers"),
                "cost_per_lead": one.each(which, "leads"),
            }
            for which in TOUCHES
        },
    }  # fmt: skip


def sums_data(sums: Sums, spend: Decimal | None, found: Returns) -> dict[str, Any]:
    """Return sums for programs: what the reader may not see, or nobody tells of, is null."""
    seen = found.told and not (found.hidden and not sums.revenue)
    told: dict[str, Any] = {
        "orders": sums.orders, "revenue": sums.revenue if seen else None, "margin": sums.margin,
        "costed": sums.costed if seen else None, "unpriced": sums.unpriced,
    }  # fmt: skip
    return told if spend is None else {**told, "roi": ratio(sums.margin, spend)}


def _share(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.0001"))


def deals_report(found: Sequence[Deal], title: str, base: str) -> Report:
    """Return orders one by one."""
    return Report(
        title=title,
        columns=[
            Column(_("id"), number=True), Column(_("order")), Column(_("customer")), Column(_("won"), day=True),
            Column(_("revenue"), number=True), Column(_("margin"), number=True), Column(_("first touch")),
            Column(_("last touch")),
        ],
        rows=[
            (
                str(one.id), one.title, one.customer, one.won_at, money(one.revenue),
                money(one.margin), one.first_name, one.last_name,
            )
            for one in found
        ],
        notes=[_("Amounts in {currency}.").format(currency=base)],
        data=found,
    )  # fmt: skip


def products_data(products: Sequence[Sold], keys: Sequence[Any]) -> list[dict[str, Any]]:
    """Return products with their buyers by row, for programs."""
    return [
        {
            "id": one.id, "code": one.code, "name": one.name, "family": one.family,
            "bought": [
                {"key": key, "customers": each.customers, "orders": each.orders, "quantity": each.quantity,
                 "revenue": each.revenue}
                for key in keys for each in (one.bought.get(key, NOBODY),)
            ],
        }
        for one in products
    ]  # fmt: skip
