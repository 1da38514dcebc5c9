"""How forecasts, and how right they were, are told to people and programs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crmcore.reports.report import Column, Report, money, percent
from crmcore_sales.cli.pipeline import rate_notes
from crmcore_sales.forecasting.accuracy import Outcome, mean_error
from crmcore_sales.forecasting.calibrating import Calibration
from crmcore_sales.forecasting.frozen import FrozenWeek
from crmcore_sales.forecasting.outlook import Figures, Outlook
from crmcore_sales.forecasting.quarters import Quarter
from crmcore_sales.forecasting.units import Units
from crmcore_sales.i18n import _


def outlook_report(found: Outlook, names: Mapping[Any, str], past: Sequence[Outcome]) -> Report:
    """Return the forecast of a quarter as a report, with how far earlier ones were off."""
    total, currency = found.total, found.currency
    titles = (_("open deals"), _("won"), _("committed"), _("likely"), _("at best"), _("corrected"))
    known = _("as of {day}").format(day=found.day)
    if found.frozen_in is not None:
        known = _("as frozen in week W{week}, on {day}").format(week=found.frozen_in, day=found.day)
    headline = _("{likely} likely ({commit} committed, {best} at best), {won} of it won").format(
        likely=money(total.likely, currency), commit=money(total.commit), best=money(total.best), won=money(total.won)
    )
    rows: list[Any] = [(names[key] or "–", *_numbers(one)) for key, one in found.groups.items()]
    rows.append((_("all"), *_numbers(total)))
    return Report(
        title=_("Forecast of {quarter}, {known}: {headline}").format(
            quarter=found.quarter, known=known, headline=headline
        ),
        columns=[Column(_(found.by)), *(Column(one, number=True) for one in titles)],
        rows=rows,
        bars=[
            (_("won"), total.won), (_("committed"), total.commit), (_("likely"), total.likely),
            *([] if total.corrected is None else [(_("corrected"), total.corrected)]), (_("at best"), total.best),
        ],
        notes=[*_notes(found, past), *rate_notes(currency, found.day, found.rates, found.unpriced)],
        data={
            "quarter": str(found.quarter), "as_of": found.day, "frozen_in": _week(found.frozen_in), "by": found.by,
            "currency": currency, "rated_on": found.day, "rates": found.rates, "calibrated_on": found.calibrated_on,
            "total": total, "unpriced": found.unpriced,
            "overdue": {"deals": found.overdue.deals, "amount": found.overdue.amount},
            "groups": [{found.by: names[key], **_told(one)} for key, one in found.groups.items()],
            "past": past_told(past),
        },
    )  # fmt: skip


def _notes(found: Outlook, past: Sequence[Outcome]) -> list[str]:
    notes = []
    total = found.total
    if total.corrected is not None:
        notes.append(
            _("Corrected by what became of stated odds until {day}: {corrected}.").format(
                day=found.calibrated_on, corrected=money(total.corrected, found.currency)
            )
        )
    if total.commit > total.likely:
        notes.append(_("More is committed than the stated odds make likely."))
    if total.likely > total.best:
        notes.append(_("More is likely than at best: many deals whose odds are low, and none of them counts as best."))
    error, corrected = mean_error(one.error for one in past), mean_error(one.corrected_error for one in past)
    if error is None:
        notes.append(_("No earlier quarter was frozen, so how right forecasts are is not known yet."))
    else:
        notes.append(
            _("Past error at this time of the quarter: {error}, corrected {corrected} (n={n} quarters).").format(
                error=percent(error), corrected=percent(corrected), n=len(past)
            )
        )
    if found.overdue.deals:
        notes.append(
            _("{n} open deals were needed before {quarter} and are in no figure: {amount}.").format(
                n=found.overdue.deals, quarter=found.quarter, amount=money(found.overdue.amount, found.currency)
            )
        )
    return notes


def past_told(past: Sequence[Outcome]) -> dict[str, Any]:
    """Return the outcomes of forecasts for programs, with their mean errors."""
    return {
        "error": _share(mean_error(one.error for one in past)),
        "corrected_error": _share(mean_error(one.corrected_error for one in past)),
        "quarters": [_outcome(one, "") for one in past],
    }


def units_report(found: Sequence[Units], quarter: Quarter, names: Mapping[Any, str]) -> Report:
    """Return the units of products by week of need as a report."""
    titles = (_("won"), _("weighted"), _("at best"))
    together: dict[int, list[Decimal]] = {}
    for one in found:
        sums = together.setdefault(one.product_id, [Decimal(0)] * 3)
        together[one.product_id] = [a + b for a, b in zip(sums, (one.won, one.weighted, one.high), strict=True)]
    return Report(
        title=_("Units of products in {quarter}, by week of need").format(quarter=quarter),
        columns=[Column(_("product")), Column(_("week")), *(Column(one, number=True) for one in titles)],
        rows=[(names[one.product_id], f"W{one.week}", one.won, one.weighted, one.high) for one in found],
        bars=[(names[product], won + weighted) for product, (won, weighted, _high) in together.items()],
        data={
            "quarter": str(quarter),
            "products": [
                {"product": names[product], "won": won, "weighted": weighted, "high": high}
                for product, (won, weighted, high) in together.items()
            ],
            "weeks": [
                {"product": names[one.product_id], "week": f"W{one.week}", "won": one.won, "weighted": one.weighted,
                 "high": one.high}
                for one in found
            ],
        },
    )  # fmt: skip


def list_report(quarter: Quarter, currency: str, weeks: Sequence[FrozenWeek], won: Decimal) -> Report:
    """Return the frozen forecasts of a quarter as a report."""
    titles = (_("open deals"), _("won"), _("committed"), _("likely"), _("at best"), _("corrected"))
    return Report(
        title=_("Frozen forecasts of {quarter}").format(quarter=quarter),
        columns=[Column(_("week")), Column(_("day")), *(Column(one, number=True) for one in titles)],
        rows=[(f"W{one.week}", one.day, *_numbers(one.figures)) for one in weeks],
        bars=[(f"W{one.week}", one.figures.likely) for one in weeks],
        notes=[_("Won in the quarter as known now: {won}.").format(won=money(won, currency))],
        data={
            "quarter": str(quarter), "currency": currency, "won": won,
            "weeks": [{"week": f"W{one.week}", "day": one.day, **_told(one.figures)} for one in weeks],
        },
    )  # fmt: skip


def accuracy_report(found: Sequence[Outcome], names: Mapping[int, str]) -> Report:
    """Return how far forecasts were off as a report."""
    titles = (_("forecast"), _("corrected"), _("won"), _("error"), _("error corrected"))
    error, corrected = mean_error(one.error for one in found), mean_error(one.corrected_error for one in found)
    return Report(
        title=_("How far forecasts were off"),
        columns=[Column(_("quarter")), Column(_("week")), Column(_("rep")),
                 *(Column(one, number=True) for one in titles)],
        rows=[
            (str(one.quarter), f"W{one.week}", _rep(one, names), one.forecast, one.corrected, one.actual,
             percent(one.error), percent(one.corrected_error))
            for one in found
        ],
        bars=[(_("as stated"), _bar(error)), (_("corrected"), _bar(corrected))] if error is not None else [],
        notes=[
            _("Mean error: {error} as stated, {corrected} corrected (n={n}).").format(
                error=percent(error), corrected=percent(corrected), n=len(found)
            )
        ] if found else [_("No past quarter was frozen.")],
        data={**past_told(found), "quarters": [_outcome(one, _rep(one, names)) for one in found]},
    )  # fmt: skip


def calibration_report(made: Calibration, names: Mapping[int, str], day: date) -> Report:
    """Return how odds are corrected as a report."""
    titles = ("n", _("stated"), _("won"), _("30% is worth"), _("50% is worth"), _("80% is worth"))
    curves = [*((names.get(key, ""), one) for key, one in made.reps.items()), (_("all"), made.company)]
    return Report(
        title=_("Stated odds and what became of them, until {day}").format(day=day),
        columns=[Column(_("rep")), *(Column(one, number=True) for one in titles)],
        rows=[
            (name, one.n, percent(one.stated / one.n if one.n else None), percent(one.won / one.n if one.n else None),
             *(percent(one.odds(said)) for said in (30, 50, 80)))
            for name, one in curves
        ],
        bars=[(name, Decimal(round(one.odds(50) * 100))) for name, one in curves],
        notes=[
            _("n: how often odds were stated on deals that are closed now."),
            _("Bars: what stated odds of 50% are worth."),
        ],
        data={
            "as_of": day,
            "reps": [
                {
                    "rep": name, "n": one.n, "stated": round(one.stated / one.n, 4) if one.n else None,
                    "won": round(one.won / one.n, 4) if one.n else None,
                    "corrected": {str(said): round(one.odds(said), 4) for said in (10, 30, 50, 70, 90)},
                }
                for name, one in curves
            ],
        },
    )  # fmt: skip


def _numbers(one: Figures) -> Iterable[Any]:
    return one.deals, one.won, one.commit, one.likely, one.best, one.corrected


def _told(one: Figures) -> dict[str, Any]:
    return {
        "deals": one.deals, "won": one.won, "commit": one.commit, "likely": one.likely, "best": one.best,
        "corrected": one.corrected,
    }  # fmt: skip


def _outcome(one: Outcome, rep: str) -> dict[str, Any]:
    return {
        "quarter": str(one.quarter), "week": f"W{one.week}", "rep": rep, "forecast": one.forecast,
        "corrected": one.corrected, "actual": one.actual, "error": _share(one.error),
        "corrected_error": _share(one.corrected_error),
    }  # fmt: skip


def _rep(one: Outcome, names: Mapping[int, str]) -> str:
    return _("all") if one.rep_id is None else names.get(one.rep_id, "")


def _share(part: Decimal | None) -> float | None:
    return None if part is None else round(float(part), 4)


def _bar(error: Decimal | None) -> Decimal:
    return (100 * (error or Decimal(0))).quantize(Decimal("0.1"))


def _week(week: int | None) -> str | None:
    return None if week is None else f"W{week}"
