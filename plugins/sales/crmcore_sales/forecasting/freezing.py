"""Freezing the forecast of a quarter, once in each of its weeks: added, never changed or removed."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select

from crmcore.api import ApplyTransaction, Change, PluginTransaction, Transaction, here
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.forecasting.calibrating import calibrate
from crmcore_sales.forecasting.cells import of_quarter, open_cells, won_cells
from crmcore_sales.forecasting.history import keep as keep_calibration
from crmcore_sales.forecasting.history import stated_odds
from crmcore_sales.forecasting.outlook import used, won_sums
from crmcore_sales.forecasting.quarters import Quarter, quarter_of, quarter_said
from crmcore_sales.forecasting.sums import Sums, fold
from crmcore_sales.forecasting.units import units
from crmcore_sales.i18n import _
from crmcore_sales.model.forecast import Freeze
from crmcore_sales.tables import freeze, frozen_row, frozen_unit

_NOTHING = Decimal("0.00")
_BY = ("week", "region", "owner", "currency")


def freeze_now(tx: Transaction) -> Freeze | None:
    """Freeze the forecast of the present quarter for its present week; None where that was done before.

    What is frozen is read with the eyes of the transaction's actor: let it be the system.
    """
    day = here(tx).today
    quarter = quarter_of(day)
    week = quarter.week(day)
    taken = select(freeze.c.id).where(freeze.c.quarter == str(quarter), freeze.c.week == week)
    if tx.value(taken) is not None:
        return None
    known = rates(tx, day)
    worth = {code: format(rate, "f") for code, rate in used(known, day).items()}
    return tx.add(Freeze(quarter=str(quarter), week=week, day=day, taken_at=tx.now, currency=known.base, rates=worth))


def refuse(changes: Sequence[Change], _tx: PluginTransaction) -> Iterator[str]:
    """Refuse to change or remove what was frozen."""
    if any(one.entity == freeze.name and one.action != "created" for one in changes):
        yield _("A frozen forecast stays as it was frozen.")


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write what belongs to a forecast that is being frozen: its figures, its units, and how odds are corrected."""
    for one in changes:
        if one.entity == freeze.name and one.action == "created":
            _keep(tx, one.id, quarter_said(one.after["quarter"]), one.after["day"])


def _keep(tx: ApplyTransaction, freeze_id: int, quarter: Quarter, day: date) -> None:
    made = calibrate(stated_odds(tx, day))
    keep_calibration(tx, made, day)
    span, known = of_quarter(quarter), rates(tx, day, quarter.start)
    still = fold(open_cells(tx, _BY, needed=span, per_rep=True), known, day, made.correct).groups
    won, _unknown = won_sums(won_cells(tx, _BY, span), known)
    rows = []
    for key in {*still, *won}:
        week, region, owner_id, currency = key
        sums = still.get(key, Sums())
        rows.append({
            "id": tx.new_id(), "freeze_id": freeze_id, "owner_id": owner_id, "week": week, "region": region,
            "currency": currency, "deals": sums.deals, "won": won.get(key, _NOTHING), "low": sums.low,
            "high": sums.high, "weighted": sums.weighted, "corrected": sums.corrected or _NOTHING,
        })  # fmt: skip
    if rows:
        tx.execute(insert(frozen_row), rows)
    pieces = [
        {
            "id": tx.new_id(), "freeze_id": freeze_id, "product_id": one.product_id, "week": one.week, "won": one.won,
            "weighted": one.weighted, "high": one.high,
        }
        for one in units(tx, quarter)
    ]  # fmt: skip
    if pieces:
        tx.execute(insert(frozen_unit), pieces)
