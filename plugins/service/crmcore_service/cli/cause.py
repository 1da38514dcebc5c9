"""`crm service cause`: what was behind tickets, and how much of it was user error."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.period import days, over_days
from crmcore_service.i18n import _


@click.group()
def cause() -> None:
    """See what was behind solved tickets, as `crm service ticket resolve --cause` says."""


@cause.command()
@over_days
@click.option("--by", type=click.Choice(("product", "category", "cause")), default="product", show_default=True)
@as_json
@out_option
def report(since: str, until: str, by: str, json_: bool, out: Path | None) -> None:
    """Show how many tickets were solved, of how many the cause is known, and which share was user error."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report, percent
    from crmcore_service.answers.causes import Cause, causes

    with session() as s, s.read() as reader:
        first, last = days(reader, since, until)
        whole, parts = causes(reader, since=first, until=last, by=by)

    def cells(one: Cause, name: str) -> tuple[Any, ...]:
        return name, one.solved, one.known, one.user_errors, percent(one.share)

    def data(one: Cause) -> dict[str, Any]:
        share = None if one.share is None else round(one.share, 4)
        return {
            "name": one.name, "solved": one.solved, "known": one.known, "user_errors": one.user_errors, "share": share
        }  # fmt: skip

    told = Report(
        title=_("Causes of tickets"),
        columns=[
            Column(_(by)), Column(_("solved"), number=True), Column(_("cause known"), number=True),
            Column(_("user errors"), number=True), Column("%", number=True),
        ],
        rows=[*(cells(one, one.name or "–") for one in parts), cells(whole, _("all"))],
        bars=[(one.name or "–", Decimal(one.user_errors)) for one in parts if one.user_errors],
        notes=[_("Shares are of the tickets whose cause is known.")],
        data={"total": data(whole), by: [data(one) for one in parts]},
    )  # fmt: skip
    present(told, json_=json_, out=out)


@cause.command("list")
@over_days
@click.option("--product", default="", help="Only tickets of a product.")
@click.option("--category", default="", metavar="CATEGORY", help="Only tickets of a category.")
@click.option("--cause", "cause_", default="", help="Only this cause.")
@click.option("--user-errors", is_flag=True, help="Only user errors.")
@paged
@as_json
@out_option
def list_(
    since: str, until: str, product: str, category: str, cause_: str, user_errors: bool, limit: int, after: int | None,
    json_: bool, out: Path | None,
) -> None:  # fmt: skip
    """List solved tickets whose cause is known, the latest first: the cases of the report."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_service.answers.causes import faults
    from crmcore_service.tickets.finding import category_named

    with session() as s, s.read() as reader:
        first, last = days(reader, since, until)
        found = faults(
            reader, limit=limit, after=after, since=first, until=last, product=product, cause=cause_,
            category_id=category_named(reader, category) if category else None, user_errors=user_errors,
        )  # fmt: skip
    told = Report(
        title=_("Solved tickets and their causes"),
        columns=[
            Column(_("ticket")), Column(_("solved"), day=True), Column(_("subject")), Column(_("cause")),
            Column(_("product")), Column(_("customer")),
        ],
        rows=[(one.number, one.resolved_at, one.subject, one.cause, one.product, one.customer) for one in found],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)
