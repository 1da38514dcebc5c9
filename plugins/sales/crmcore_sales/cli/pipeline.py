"""`crm sales pipeline`: open deals, each weighted by its odds."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_sales.forecasting.sums import Sums
    from crmcore_sales.forecasting.weighted import Pipeline

_BY = ("stage", "region", "owner", "team", "product", "currency", "week", "campaign", "channel")


@click.command()
@click.option("--by", default="stage", show_default=True, metavar="WHAT,...", help=f"Some of {', '.join(_BY)}.")
@click.option("--month", metavar="2026-11", help="Only what is needed in this month.")
@click.option("--since", metavar="DAY", help="Only what is needed from this day on.")
@click.option("--until", metavar="DAY", help="Only what is needed until this day.")
@click.option("--rates-of", metavar="DAY", help="The day whose exchange rates are used; default: today.")
@click.option("--owner", metavar="LOGIN")
@click.option("--team", default="", metavar="NAME")
@click.option("--region", default="", metavar="NAME")
@click.option("--product", default="", metavar="CODE|NAME")
@click.option("--currency", default="", metavar="CODE")
@out_option
@as_json
def pipeline(
    by: str,
    month: str | None,
    since: str | None,
    until: str | None,
    rates_of: str | None,
    owner: str | None,
    team: str,
    region: str,
    product: str,
    currency: str,
    out: Path | None,
    json_: bool,
) -> None:
    """Add up open deals, each times its stated odds, in the workspace's currency.

    The range goes from what is committed (odds from 80%, unless the owner says otherwise) to what is possible at best
    (odds from 50%).
    """  # fmt: skip
    from crmcore.api import InvalidInput, day_said, here, session, user_named
    from crmcore_sales.forecasting.naming import called
    from crmcore_sales.forecasting.weighted import weighted
    from crmcore_sales.pipeline.finding import Asked, Range

    wanted = tuple(dict.fromkeys(one.strip() for one in by.split(",") if one.strip()))
    if not wanted or not set(wanted) <= set(_BY):
        raise InvalidInput(_("--by takes some of {known}, not “{by}”.").format(known=", ".join(_BY), by=by))
    with session() as s, s.read() as reader:
        today = here(reader).today
        low, high = _month(month) if month else (None, None)
        span = Range(
            low=day_said("--since", since, today) if since else low,
            high=day_said("--until", until, today) if until else high,
        )
        asked = Asked(
            owner_id=user_named(reader, owner).id if owner else None, team=team, region=region, product=product,
            currency=currency.upper(), need_by=span,
        )  # fmt: skip
        found = weighted(reader, wanted, asked, day_said("--rates-of", rates_of, today) if rates_of else today)
        names = [called(reader, one, (key[place] for key in found.groups)) for place, one in enumerate(wanted)]
    present(_report(found, names, span), json_=json_, out=out)


def _month(text: str) -> tuple[date, date]:
    """Return the first and the last day of a month; raises `InvalidInput`."""
    from crmcore.api import InvalidInput

    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidInput(_("--month: “{text}” is no month; write 2026-11.").format(text=text)) from None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _report(found: "Pipeline", names: list[Any], span: Any) -> "Report":
    from crmcore.reports.report import Column, Report, money

    labels = {key: [name[one] for name, one in zip(names, key, strict=True)] for key in found.groups}
    ordered = sorted(found.groups.items(), key=lambda item: (-item[1].weighted, labels[item[0]]))
    total = found.total
    numbers = (_("deals"), _("amount"), _("weighted"), _("committed"), _("at best"))
    rows = [(*(one or "–" for one in labels[key]), *_numbers(sums)) for key, sums in ordered]
    rows.append((_("all"), *[""] * (len(found.by) - 1), *_numbers(total)))
    said = _("{n} deals: {weighted} ({low} to {high}), of {amount} in all.").format(
        n=total.deals, weighted=money(total.weighted, found.currency), low=money(total.low),
        high=money(total.high, found.currency), amount=money(total.amount, found.currency),
    )  # fmt: skip
    return Report(
        title=_("Weighted pipeline by {by}").format(by=", ".join(_(one) for one in found.by)),
        columns=[*(Column(_(one)) for one in found.by), *(Column(one, number=True) for one in numbers)],
        rows=rows,
        bars=[(" ".join(labels[key]).strip() or "–", sums.weighted) for key, sums in ordered if sums.weighted],
        notes=[said, *_span(span), *rate_notes(found.currency, found.rated_on, found.rates, found.unpriced)],
        data={
            "currency": found.currency, "rated_on": found.rated_on, "rates": found.rates,
            "since": span.low, "until": span.high, "total": told(total), "unpriced": found.unpriced,
            "groups": [
                {**dict(zip(found.by, labels[key], strict=True)), **told(sums)} for key, sums in ordered
            ],
        },
    )  # fmt: skip


def _numbers(sums: "Sums") -> tuple[int, Decimal, Decimal, Decimal, Decimal]:
    return sums.deals, sums.amount, sums.weighted, sums.low, sums.high


def told(sums: "Sums") -> dict[str, Any]:
    """Return sums for programs."""
    return {
        "deals": sums.deals, "amount": sums.amount, "weighted": sums.weighted, "low": sums.low, "high": sums.high
    }  # fmt: skip


def _span(span: Any) -> list[str]:
    if span.low is None and span.high is None:
        return []
    return [_("Needed {since} to {until}.").format(since=span.low or "…", until=span.high or "…")]


def rate_notes(currency: str, day: date, rates: Any, unpriced: Any) -> list[str]:
    """Return what is to be known of the rates of a report."""
    notes = []
    if rates:
        listed = ", ".join(f"{code} {worth:f}" for code, worth in sorted(rates.items()))
        notes.append(
            _("In {currency} at the rates of {day}: {rates}.").format(currency=currency, day=day, rates=listed)
        )
    for code, n in sorted(unpriced.items()):
        notes.append(
            _("{n} deals in {code} are left out: there is no rate to {currency} (crm sales rate add).").format(
                n=n, code=code, currency=currency
            )
        )
    return notes
