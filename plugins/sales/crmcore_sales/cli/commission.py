"""`crm sales commission`: the plan by which reps earn, as data."""

from decimal import Decimal

import click

from crmcore.command import as_json
from crmcore_sales.i18n import _


@click.group()
def commission() -> None:
    """Keep the commission plan; crm sales quote bonus says what a deal adds."""


@commission.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the tiers of the plan that holds today."""
    from crmcore.api import here, print_json, print_table, session
    from crmcore.reports.report import money
    from crmcore_sales.catalogue.rates import base
    from crmcore_sales.quoting.bonus import plan

    with session() as s, s.read() as reader:
        tiers = plan(reader, here(reader).today)
        own = base(reader)
    if json_:
        kept = ("tier", "attained", "percent", "since", "period")
        print_json([{name: getattr(row, name) for name in kept} for row in tiers])
        return
    print_table(
        [_("tier"), _("from"), _("percent"), _("each"), _("since")],
        [(row.tier, money(row.attained, own), row.percent, _(row.period), row.since) for row in tiers],
    )


@commission.command("set")
@click.argument("tiers", nargs=-1, required=True, metavar="SUM:PERCENT...")
@click.option("--period", type=click.Choice(["month", "quarter", "year"]), default="quarter", show_default=True)
@click.option("--from", "since", metavar="DATE", help="Default: today.")
def set_(tiers: tuple[str, ...], period: str, since: str | None) -> None:
    """Set the plan from a day on: from each sum won in a period, the share of what lies above it, as 0:2 500000:3."""
    from crmcore.api import Denied, InvalidInput, day_said, here, money_said, session, tell
    from crmcore_sales.model.discount import Commission
    from crmcore_sales.quoting.limits import ANY, decides
    from crmcore_sales.tables import commission as table

    parsed = []
    for text in tiers:
        amount, _colon, share = text.rpartition(":")
        try:
            parsed.append((money_said("SUM", amount)[0], Decimal(share.rstrip("%"))))
        except ArithmeticError:
            raise InvalidInput(
                _("“{text}” is no tier; write SUM:PERCENT, such as 500000:3.").format(text=text)
            ) from None
    with session() as s, s.write() as tx:
        today = here(tx).today
        if not decides(tx, ANY, floor=True, day=today):
            raise Denied(_("Only a manager sets the commission plan."))
        day = day_said("--from", since, today) if since else today
        for old in tx.load(Commission, table.c.since == day):
            tx.remove(old)
        tx.flush()
        for place, (attained, percent) in enumerate(sorted(parsed), start=1):
            tx.add(Commission(tier=place, attained=attained, percent=percent, since=day, period=period))
    tell(_("The plan of {n} tiers holds from {day}.").format(n=len(parsed), day=day))
