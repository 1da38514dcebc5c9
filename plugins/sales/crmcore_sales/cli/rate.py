"""`crm sales rate`: what currencies are worth, from day to day."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore_sales.catalogue.listing import RateView


@click.group()
def rate() -> None:
    """Keep what one unit of a currency is worth in the workspace's own, from a day on."""


@rate.command("list")
@click.argument("currency", required=False, default="")
@paged
@as_json
def list_(currency: str, limit: int, after: int | None, json_: bool) -> None:
    """List rates."""
    from crmcore.api import session
    from crmcore_sales.catalogue.listing import listed_rates
    from crmcore_sales.catalogue.rates import base

    with session() as s, s.read() as reader:
        found = listed_rates(reader, base(reader), limit=limit, after=after, currency=currency.upper())
    _print(found, json_)


@rate.command()
@click.argument("currency")
@click.argument("value", metavar="RATE")
@click.option("--from", "since", metavar="DATE", help="The day it holds from; default: today.")
@as_json
def add(currency: str, value: str, since: str | None, json_: bool) -> None:
    """Set what one unit is worth from a day on; the rate of that very day is corrected."""
    from crmcore.api import InvalidInput, day_said, here, session
    from crmcore_sales.catalogue.listing import RateView
    from crmcore_sales.catalogue.rates import base
    from crmcore_sales.model.product import Rate
    from crmcore_sales.tables import rate as table

    try:
        worth = Decimal(value)
    except InvalidOperation:
        worth = Decimal("NaN")
    if not worth.is_finite() or worth <= 0:
        raise InvalidInput(
            _("RATE: “{text}” is no rate; write what one unit is worth, such as 7.1.").format(text=value)
        )
    code = currency.upper()
    with session() as s, s.write() as tx:
        own = base(tx)
        if code == own:
            raise InvalidInput(_("{currency} is the workspace's own currency.").format(currency=code))
        today = here(tx).today
        day = day_said("--from", since, today) if since else today
        same = tx.load(Rate, table.c.currency == code, table.c.day == day)
        record = same[0] if same else tx.add(Rate(currency=code, day=day, rate=worth))
        record.rate = worth
        found = RateView(id=record.id, currency=code, day=day, rate=worth, base=own)
    _print([found], json_, single=True)


@rate.command()
@click.argument("amount", metavar="SUM")
@click.option("--on", metavar="DATE", help="Default: today.")
@click.option("--to", default="", help="ISO 4217; default: the workspace's currency.")
@as_json
def convert(amount: str, on: str | None, to: str, json_: bool) -> None:
    """Convert a sum such as 1000USD at the rate of a day."""
    from crmcore.api import day_said, here, money_said, print_json, session
    from crmcore.reports.report import money
    from crmcore_sales.catalogue.rates import rates

    value, said = money_said("SUM", amount)
    with session() as s, s.read() as reader:
        today = here(reader).today
        day = day_said("--on", on, today) if on else today
        known = rates(reader, day)
        target = to.upper() or known.base
        worth = known.convert(value, said or known.base, day, target)
    if json_:
        print_json({"amount": worth, "currency": target, "day": day})
        return
    click.echo(money(worth, target))


def _print(found: "Sequence[RateView]", json_: bool, *, single: bool = False) -> None:
    from crmcore.api import print_json, print_table

    if json_:
        print_json(found[0] if single else found)
        return
    print_table(
        [_("id"), _("from"), _("currency"), _("worth")],
        [(each.id, each.day, each.currency, f"{each.rate} {each.base}") for each in found],
    )
