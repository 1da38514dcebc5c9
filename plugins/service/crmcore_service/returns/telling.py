"""The profit and loss as a report: what stands side by side for people, and the same for programs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
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
    called = words()
    spent = [name for name in WHAT if found.whole.costs.get(name) or name == "labour"]
    names = (*(called[one] for one in spent), _("costs"), *(called[one] for one in KINDS), _("gains"), _("result"))
    hidden = bool(found.hidden)
    return Report(
        title=_("What service cost and brought"),
        columns=[Column(_(found.by)), *(Column(one, number=True) for one in (*names, _("claimed")))],
        rows=[[one.name, *_cells(one, spent, hidden)] for one in (*found.lines, found.whole)],
        bars=[(one.name, one.result) for one in found.lines if one.result > 0 and not hidden],
        notes=_notes(found),
        data=statement_data(found),
    )


def _cells(one: Line, spent: Sequence[str], hidden: bool) -> list[Cell]:
    nothing = Decimal("0.00")
    costs: list[Cell] = [one.costs.get(name, nothing) for name in spent]
    gains: list[Cell] = [one.gains.get(name, nothing) for name in KINDS]
    brought: list[Cell] = [*gains, one.gained, one.result, one.claimed]
    return [*costs, one.cost, *([None] * len(brought) if hidden else brought)]


def _notes(found: Statement) -> list[str]:
    whole, counts = found.whole, found.counts
    said = [
        _("Amounts in {currency}, at the rates of their days; each entry is in one row.").format(
            currency=found.currency
        )
    ]
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
            Column(_("id"), number=True), Column(_("day")), Column(_("what")), Column(_("ticket")), Column(_("order")),
            Column(_("customer")), Column(_("user")), Column(_("minutes"), number=True), Column(_("sum"), number=True),
            Column(_("worth"), number=True), Column(_("note")),
        ],
        rows=[
            (
                str(one.id), one.day, called[one.what], one.ticket, one.work_order, one.customer, one.user,
                one.minutes, money(one.amount, one.currency), money(one.worth), one.note,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip


def gains_report(found: Sequence[GainView], title: str) -> Report:
    """Return gains one by one, each with the ticket and the record that show it."""
    called = words()
    return Report(
        title=title,
        columns=[
            Column(_("id"), number=True), Column(_("day")), Column(_("kind")), Column(_("status")),
            Column(_("ticket")), Column(_("shown by")), Column(_("customer")), Column(_("sum"), number=True),
            Column(_("worth"), number=True), Column(_("confirmed by")), Column(_("reason")),
        ],
        rows=[
            (
                str(one.id), one.day, called[one.kind], _(one.status), one.ticket,
                f"{_(one.entity)} {one.record_id}" if one.record_id else "", one.customer,
                money(one.amount, one.currency), money(one.worth), one.confirmed_by, one.reason,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
