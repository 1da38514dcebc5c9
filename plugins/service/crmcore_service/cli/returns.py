"""`crm service return`: what service cost and what it brought, every figure with the records it is made of."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader, Transaction
    from crmcore_service.returns.costs import About

F = TypeVar("F", bound=Callable[..., Any])
_OPENED = ("labour", "parts", "travel", "other", "costs", "renewals", "saves", "sales", "gains", "claims")


def about_options(function: F) -> F:
    """Add the options that say what money was spent on: --ticket, --order, --contract, --customer."""
    for name in ("customer", "contract", "order", "ticket"):
        function = click.option(f"--{name}", default="", metavar=name.upper())(function)
    return function


def about_said(
    reader: "Reader | Transaction", ticket: str = "", order: str = "", contract: str = "", customer: str = ""
) -> "About":
    """Return what the options say."""
    from crmcore.api import party_id, record_named, tables
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.returns.costs import About
    from crmcore_service.tables import work_order
    from crmcore_service.tickets.finding import ticket_named

    return About(
        ticket_id=ticket_named(reader, ticket) if ticket else None,
        work_order_id=record_named(reader, work_order, order, called=_("work order"), prefix="W") if order else None,
        contract_id=contract_named(reader, contract) if contract else None,
        customer_id=party_id(reader, tables.customer, customer) if customer else None,
    )


@click.group("return")
def returns() -> None:
    """Show what service brought for what it cost: renewals, customers who stayed, and sales that tickets led to."""


@returns.command()
@click.option("--from", "since", metavar="DAY", help="Spent and gained on this day or after.")
@click.option("--to", "until", metavar="DAY", help="Spent and gained on this day or before.")
@click.option(
    "--by", type=click.Choice(("month", "queue", "category", "product", "customer")), default="month",
    show_default=True, help="What to group by: the ticket's queue, category, product; the customer; the month.",
)  # fmt: skip
@click.option("--open", "opened", type=click.Choice(_OPENED), help="List what a figure is made of.")
@paged
@as_json
@out_option
def show(
    since: str | None,
    until: str | None,
    by: str,
    opened: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Put costs, confirmed gains and what is left side by side; what is claimed stands beside, and is not counted."""
    from crmcore.api import session
    from crmcore_service.cli.period import days
    from crmcore_service.returns.opening import opened_report
    from crmcore_service.returns.statement import statement
    from crmcore_service.returns.telling import statement_report

    with session() as s, s.read() as reader:
        begin, end = days(reader, since, until)
        if opened:
            report = opened_report(reader, opened, begin, end, limit=limit, after=after)
        else:
            report = statement_report(statement(reader, by, begin, end, limit=limit))
    present(report, json_=json_, out=out)
