"""`crm marketing budget`: how to spend the next sum."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_marketing.cli.returns import span_said, spanned
from crmcore_marketing.i18n import _


@click.group()
def budget() -> None:
    """Decide on the next budget by what orders cost in the past."""


@budget.command()
@click.option("--amount", required=True, metavar="SUM", help="What is to be spent, in the workspace's currency.")
@click.option(
    "--by", default="product,type", show_default=True, metavar="WORDS",
    help="What to split it by: some of product, type, channel, programme, campaign.",
)  # fmt: skip
@click.option("--touch", type=click.Choice(("first", "last")), default="last", show_default=True)
@spanned
@as_json
@out_option
def propose(
    amount: str,
    by: str,
    touch: str,
    since: str | None,
    until: str | None,
    days: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Propose how to split a sum, by the orders that money brought; with ranges, and warnings where little is known."""
    from crmcore.api import InvalidInput, currency, money_said, session
    from crmcore_marketing.budgeting.past import DIMENSIONS, past
    from crmcore_marketing.budgeting.proposing import propose
    from crmcore_marketing.budgeting.telling import proposal_report

    whole, code = money_said("--amount", amount)
    wanted = list(dict.fromkeys(each.strip() for each in by.split(",") if each.strip()))
    if not wanted or (unknown := [each for each in wanted if each not in DIMENSIONS]):
        raise InvalidInput(
            _("--by: “{text}” is none of {known}.").format(
                text=", ".join(unknown if wanted else [by]), known=", ".join(DIMENSIONS)
            )
        )
    if not whole:
        raise InvalidInput(_("--amount: there is nothing to split."))
    with session() as s, s.read() as reader:
        base = currency(reader)
        if code not in ("", base):
            raise InvalidInput(_("--amount: say it in {currency}.").format(currency=base))
        span = span_said(reader, since, until, days)
        found = propose(past(reader, wanted, span, touch), whole)
        report = proposal_report(found, wanted, span, touch, base)
    present(report, json_=json_, out=out)
