"""`crm sales offer`: what to quote, with the evidence."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore_sales.quoting.offering import Offer


@click.command()
@click.argument("customer", metavar="CUSTOMER|OPPORTUNITY")
@click.argument("product", required=False)
@click.option("--quantity", type=float, help="Default: that of the opportunity, or what they bought last.")
@click.option("--currency", default="", help="Default: that of the opportunity, or in which they paid last.")
@as_json
def offer(customer: str, product: str | None, quantity: float | None, currency: str, json_: bool) -> None:
    """Show what to quote: the prices paid, the lowest margin, the risk of losing them, and a band with evidence."""
    from decimal import Decimal

    from crmcore.api import print_json, session
    from crmcore_sales.quoting.asking import asked
    from crmcore_sales.quoting.offering import offer as make

    with session() as s, s.read() as reader:
        about = asked(reader, customer, product or "")
        found = make(
            reader,
            about.customer_id,
            about.product_id,
            quantity=Decimal(str(quantity)) if quantity else about.quantity,
            currency=currency.upper() or about.currency,
            besides=about.opportunity_id,
        )
    if json_:
        print_json(found)
        return
    _show(found, about.customer)


def _show(found: "Offer", customer: str) -> None:
    from crmcore.api import print_table
    from crmcore.reports.report import money

    click.echo(
        _("{product} for {customer}: {quantity} at {price} (list)").format(
            product=found.product, customer=customer, quantity=f"{found.quantity.normalize():f}",
            price=money(found.list_price, found.currency),
        )
    )  # fmt: skip
    if found.paid:
        print_table(
            [_("paid on"), _("price"), _("quantity")],
            [(one.day, money(one.unit_price, one.currency), f"{one.quantity.normalize():f}") for one in found.paid],
        )
    else:
        click.echo(_("They never bought it."))
    if found.floor_price is not None:
        click.echo(
            _("Lowest margin {percent}%: not below {price}").format(
                percent=f"{found.floor_percent.normalize():f}", price=money(found.floor_price, found.currency)
            )
        )
    click.echo(
        _("Churn risk {risk}: {signs}").format(risk=_(found.churn.risk), signs="; ".join(found.churn.signs) or "-")
    )
    if found.evidence is None or found.lowest is None:
        click.echo(_("Too few similar deals to propose a price; your limit is {limit}%.").format(
            limit=f"{found.limit.normalize():f}"
        ))  # fmt: skip
        return
    told = found.evidence
    click.echo(
        _("Offer {low}-{high}% below the list: {lowest} to {highest}").format(
            low=found.low_percent, high=found.high_percent, lowest=money(found.lowest, found.currency),
            highest=money(found.highest, found.currency),
        )
    )  # fmt: skip
    click.echo(_("Evidence: n={n} similar deals, {won} won ({alike})").format(n=told.n, won=told.won, alike=told.alike))
    click.echo(
        _("Won in the band {inside} of {within}, with less discount {less} of {below}").format(
            inside=told.within.won, within=told.within.n, less=told.below.won, below=told.below.n
        )
    )
    if told.change is not None:
        click.echo(_("Expected win change: {points:+d} points").format(points=told.change))
    click.echo(_("Above {percent}% it needs approval.").format(percent=f"{found.approval_above.normalize():f}"))
