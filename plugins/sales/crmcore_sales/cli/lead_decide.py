"""`crm sales lead accept|reject|return`."""

import click

from crmcore.command import as_json
from crmcore_sales.cli.lead_show import lead_meant, tell_lead
from crmcore_sales.cli.opportunity_told import tell_opportunity


@click.command()
@click.argument("lead", metavar="ID|TITLE")
@click.option("--title", default="", metavar="TEXT", help="Default: the lead's.")
@click.option("--amount", metavar="AMOUNT", help="Default: the lead's.")
@click.option("--need-by", metavar="DAY", help="When the customer needs it: 2026-09-30, “30 Sep”, 下周五.")
@click.option("--owner", metavar="LOGIN", help="Whose opportunity it is; default: the lead's owner, else you.")
@as_json
def accept(lead: str, title: str, amount: str | None, need_by: str | None, owner: str | None, json_: bool) -> None:
    """Accept a lead: it becomes an opportunity, in which all that the lead says is filled in."""
    from crmcore.api import day_said, here, money_said, owner_named, session
    from crmcore_sales.leads.deciding import Better
    from crmcore_sales.leads.deciding import accept as accept_lead
    from crmcore_sales.model.lead import Lead

    with session() as s:
        with s.write() as tx:
            value, currency = money_said("amount", amount) if amount else (None, "")
            better = Better(
                title=title.strip(),
                amount=value,
                currency=currency,
                need_by=day_said("need by", need_by, here(tx).today) if need_by else None,
                owner_id=owner_named(tx, owner) if owner else None,
            )
            made = accept_lead(tx, tx.get(Lead, lead_meant(tx, lead)), better)
        tell_opportunity(s, made.id, json_=json_)


@click.command()
@click.argument("lead", metavar="ID|TITLE")
@click.argument("reason")
@click.option("--note", default="", metavar="TEXT", help="More about why.")
@as_json
def reject(lead: str, reason: str, note: str, json_: bool) -> None:
    """Reject a lead, and say why: a registered reason where the workspace has them, marketing learns from it."""
    from crmcore.api import session
    from crmcore_sales.leads.deciding import reject as reject_lead
    from crmcore_sales.model.lead import Lead

    with session() as s:
        with s.write() as tx:
            key = lead_meant(tx, lead)
            reject_lead(tx, tx.get(Lead, key), reason, note)
        tell_lead(s, key, json_=json_)


@click.command("return")
@click.argument("lead", metavar="ID|TITLE")
@click.option("--reason", default="", metavar="TEXT", help="Why; the journal keeps it.")
@as_json
def return_(lead: str, reason: str, json_: bool) -> None:
    """Give a lead back to the pool, where its clocks begin anew; somebody else gets it."""
    from crmcore.api import session
    from crmcore_sales.leads.keeping import give_back
    from crmcore_sales.model.lead import Lead

    with session() as s:
        with s.write() as tx:
            key = lead_meant(tx, lead)
            give_back(tx, tx.get(Lead, key), reason)
        tell_lead(s, key, json_=json_)
