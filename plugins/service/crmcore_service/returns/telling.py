"""The profit and loss as a report: what stands side by side for people, and the same for programs."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from crmcore.reports.report import Cell, Column, Report, money
from crmcore_service.i18n import _
from crmcore_service.returns.costs import WHAT, CostView
from crmcore_service.returns.gains import KINDS, RENEWAL, SALE, SAVE, GainView
from crmcore_service.returns.statement import Line, Statement


def words() -> Mapping[str, str]:
    """Return what costs and gains are called."""
    return {
        "labour": _("labour"), "parts": _("parts"), "travel": _("travel"), "other": _("other costs"),
        RENEWAL: _("renewals"), SAVE: _("churn avoided"), SALE: _("sales"),
    }  # fmt: skip


def statement_report(found: Statement) -> Report:
    """Return what every row cost and brought; claims that nobody has confirmed stand beside, and are not counted."""
    called, whole, hidden = words(), found.whole, bool(found.hidden)
    kinds = [] if hidden else [kind for kind in KINDS if whole.gains.get(kind)]
    told: list[tuple[str, Callable[[Line], Cell]]] = [(_("costs"), lambda one: one.cost)]
    told += [(called[kind], partial(_gain, kind)) for kind in kinds]
    if not hidden:
        told += [(_("gains"), lambda one: one.gained), (_("result"), lambda one: one.result)]
    if whole.claimed and not hidden:
        told.append((_("claimed"), lambda one: one.claimed))
    return Report(
        title=_("What service cost and brought"),
        columns=[Column(_(found.by)), *(Column(name, number=True) for name, _value in told)],
        rows=[[one.name, *(value(one) for _name, value in told)] for one in (*found.lines, whole)],
        bars=[(one.name, one.result) for one in found.lines if one.result > 0 and not hidden],
        notes=_notes(found),
        data=statement_data(found),
    )


def _gain(kind: str, one: Line) -> Decimal:
    return one.gains.get(kind, Decimal("0.00"))


def _notes(found: Statement) -> list[str]:
    whole, counts, called = found.whole, found.counts, words()
    spent = ", ".join(f"{called[name]} {money(amount)}" for name, amount in whole.costs.items() if amount)
    said = [_("Costs: {costs}.").format(costs=spent)] if spent else []
    said.append(
        _("Amounts in {currency}, at the rates of their days; each entry is in one row.").format(
            currency=found.currency
        )
    )
    if found.hidden:
        said.append(_("What came of tickets is not shown to you."))
    elif whole.claimed:
        n = sum(counts.get(f"claimed {kind}", 0) for kind in KINDS)
        said.append(
            _("{n} claims of {amount} wait for somebody to confirm them, and are not counted.").format(
                n=n, amount=money(whole.claimed, found.currency)
            )
        )
    said.append(_("--open labour, renewals, … lists what a figure is made of; crm trail gain ID follows each."))
    if found.more:
        said.append(_("{n} more; see --limit.").format(n=found.more))
    return said


def statement_data(found: Statement) -> dict[str, Any]:
    """Return the same for programs; what the reader may not see is null."""
    return {
        "by": found.by, "since": found.since, "until": found.until, "currency": found.currency,
        "whole": _line_data(found.whole, found), "counts": dict(found.counts),
        "rows": [_line_data(one, found) for one in found.lines], "more": found.more,
        "hidden": [f"{entity}.{name}" for entity, name in found.hidden],
    }  # fmt: skip


def _line_data(one: Line, found: Statement) -> dict[str, Any]:
    nothing = Decimal("0.00")
    gains = {kind: one.gains.get(kind, nothing) for kind in KINDS}
    claims = {kind: one.claims.get(kind, nothing) for kind in KINDS}
    return {
        "key": one.key, "name": one.name, "costs": {name: one.costs.get(name, nothing) for name in WHAT},
        "cost": one.cost, "gains": None if found.hidden else gains, "claims": None if found.hidden else claims,
        "gained": None if found.hidden else one.gained, "claimed": None if found.hidden else one.claimed,
        "result": None if found.hidden else one.result,
    }  # fmt: skip


def costs_report(found: Sequence[CostView], title: str) -> Report:
    """Return entries of the ledger one by one."""
    called = words()
    return Report(
        title=title,
        columns=[
            Column(_("id"), number=True), Column(_("day")), Column(_("what")), Column(_("about")),
            Column(_("customer")), Column(_("sum"), number=True), Column(_("note")),
        ],
        rows=[
            (
                str(one.id), one.day, called[one.what], one.work_order or one.ticket, one.customer,
                money(one.amount, one.currency), _noted(one),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip


def _noted(one: CostView) -> str:
    worked = _("{user}, {n} min").format(user=one.user, n=one.minutes) if one.minutes else one.user
    return " · ".join(each for each in (worked, one.note) if each)


def gains_report(found: Sequence[GainView], title: str) -> Report:
    """Return gains one by one, each with the ticket and the record that show it."""
    called = words()
    return Report(
        title=title,
        columns=[
            Column(_("id"), number=True), Column(_("day")), Column(_("kind")), Column(_("status")),
            Column(_("customer")), Column(_("sum"), number=True), Column(_("shown by")),
        ],
        rows=[
            (
                str(one.id), one.day, called[one.kind], _(one.status), one.customer, money(one.amount, one.currency),
                one.reason or f"{one.ticket} → {_(one.entity)} {one.record_id or ''}",
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
