"""`crm marketing spend`: the ledger of what campaigns cost."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_marketing.attribution.spending import SpendView


@click.group()
def spend() -> None:
    """Keep what was spent on campaigns: each sum on its day, in its currency, at the rate of that day."""


@spend.command()
@click.argument("campaign")
@click.argument("amount", metavar="SUM")
@click.option("--on", metavar="DAY", help="Default: today.")
@click.option("--for", "what", default="", metavar="TEXT", help="What it was spent on.")
@click.option("--supplier", default="")
@click.option("--rate", metavar="RATE", help="What a unit of another currency was worth; default: as it was last.")
@as_json
def add(campaign: str, amount: str, on: str | None, what: str, supplier: str, rate: str | None, json_: bool) -> None:
    """Write a sum such as 1,000,000 or 500EUR into the ledger of a campaign."""
    from crmcore.api import day_said, here, money_said, print_json, session, tell
    from crmcore_marketing.attribution.spending import add, ledger
    from crmcore_marketing.campaigns.finding import campaign_named

    value, code = money_said("SUM", amount)
    with session() as s, s.write() as tx:
        today = here(tx).today
        made = add(
            tx, campaign_named(tx, campaign), value, day_said("--on", on, today) if on else today,
            code=code, rate=money_said("--rate", rate)[0] if rate else None, what=what, supplier=supplier,
        )  # fmt: skip
        tx.flush()
        (found,) = ledger(tx, limit=1, key=made.id)
    if json_:
        print_json(found)
    else:
        tell(_("Spent {amount} {currency} on {campaign}.").format(
            amount=f"{found.amount:,}", currency=found.currency, campaign=found.campaign
        ))  # fmt: skip


@spend.command("list")
@click.argument("campaign", required=False, default="")
@click.option("--from", "since", metavar="DAY", help="Spent on this day or after.")
@click.option("--to", "until", metavar="DAY", help="Spent on this day or before.")
@paged
@as_json
@out_option
def list_(
    campaign: str,
    since: str | None,
    until: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List what was spent, on a campaign and those below it or on all."""
    from crmcore.api import day_said, here, session
    from crmcore_marketing.attribution.spending import ledger
    from crmcore_marketing.campaigns.finding import campaign_named

    with session() as s, s.read() as reader:
        today = here(reader).today
        found = ledger(
            reader, limit=limit, after=after, campaign_id=campaign_named(reader, campaign) if campaign else None,
            since=day_said("--from", since, today) if since else None,
            until=day_said("--to", until, today) if until else None,
        )  # fmt: skip
    present(_report(found), json_=json_, out=out)


@spend.command()
@click.argument("key", metavar="ID", type=RECORD_ID)
@as_json
def remove(key: int, json_: bool) -> None:
    """Take an entry out of the ledger; the journal keeps it."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.model.campaign import Spend

    with session() as s, s.write() as tx:
        tx.remove(tx.get(Spend, key))
    if json_:
        print_json({"removed": key})
    else:
        tell(_("Removed entry {id}.").format(id=key))


def _report(found: "Sequence[SpendView]") -> "Report":
    from crmcore.reports.report import Column, Report, money

    return Report(
        title=_("Spent"),
        columns=[
            Column(_("id"), number=True), Column(_("day")), Column(_("campaign")), Column(_("for")),
            Column(_("supplier")), Column(_("sum"), number=True), Column(_("worth"), number=True),
        ],
        rows=[
            (
                str(one.id), one.day, one.campaign, one.what, one.supplier, money(one.amount, one.currency),
                money(one.worth),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
