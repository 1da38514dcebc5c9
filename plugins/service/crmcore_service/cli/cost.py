"""`crm service cost`: what service costs; and `crm service ticket work`: time worked on a ticket."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.returns import about_options, about_said
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore_service.returns.costs import CostView

_WHAT = click.Choice(("labour", "parts", "travel", "other"))


@click.group()
def cost() -> None:
    """Keep what service costs; visits, and the parts of work orders, are in it by themselves."""


@cost.command()
@click.argument("amount", metavar="SUM")
@click.option("--for", "what", type=_WHAT, default="other", show_default=True)
@about_options
@click.option("--on", metavar="DAY", help="Default: today.")
@click.option("--rate", metavar="RATE", help="What a unit of another currency was worth; default: as it was last.")
@click.option("--note", default="", metavar="TEXT")
@as_json
def add(
    amount: str,
    what: str,
    ticket: str,
    order: str,
    contract: str,
    customer: str,
    on: str | None,
    rate: str | None,
    note: str,
    json_: bool,
) -> None:
    """Write a sum such as 1,200 or 500EUR into the ledger."""
    from crmcore.api import day_said, here, money_said, session
    from crmcore_service.returns.costs import add, ledger

    value, code = money_said("SUM", amount)
    with session() as s, s.write() as tx:
        made = add(
            tx, value, what, about_said(tx, ticket, order, contract, customer), code=code, note=note,
            day=day_said("--on", on, here(tx).today) if on else None,
            rate=money_said("--rate", rate)[0] if rate else None,
        )  # fmt: skip
        tx.flush()
        (found,) = ledger(tx, limit=1, key=made.id)
    _noted(found, json_)


@click.command()
@click.argument("ticket")
@click.option("--minutes", type=click.IntRange(1, 100_000), required=True)
@click.option("--user", "login", default="", metavar="LOGIN", help="Who worked; default: you.")
@click.option("--on", metavar="DAY", help="Default: today.")
@click.option("--note", default="", metavar="TEXT")
@as_json
def work(ticket: str, minutes: int, login: str, on: str | None, note: str, json_: bool) -> None:
    """Note time worked on a ticket, at what an hour of who worked costs."""
    from crmcore.api import day_said, here, session, user_named
    from crmcore_service.returns.costs import ledger, work

    with session() as s, s.write() as tx:
        made = work(
            tx, minutes, about_said(tx, ticket), note=note,
            user_id=int(user_named(tx, login).id) if login else s.actor.user_id,
            day=day_said("--on", on, here(tx).today) if on else None,
        )  # fmt: skip
        tx.flush()
        (found,) = ledger(tx, limit=1, key=made.id)
    _noted(found, json_)


def _noted(found: "CostView", json_: bool) -> None:
    from crmcore.api import print_json, tell

    if json_:
        print_json(found)
    else:
        tell(_("Noted {amount} {currency} as entry {id}.").format(
            amount=f"{found.amount:,}", currency=found.currency, id=found.id
        ))  # fmt: skip


@cost.command("list")
@click.option("--for", "what", type=_WHAT)
@about_options
@click.option("--from", "since", metavar="DAY", help="Spent on this day or after.")
@click.option("--to", "until", metavar="DAY", help="Spent on this day or before.")
@paged
@as_json
@out_option
def list_(
    what: str | None,
    ticket: str,
    order: str,
    contract: str,
    customer: str,
    since: str | None,
    until: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List what was spent."""
    from crmcore.api import session
    from crmcore_service.cli.period import days
    from crmcore_service.returns.costs import ledger
    from crmcore_service.returns.telling import costs_report

    with session() as s, s.read() as reader:
        begin, end = days(reader, since, until)
        found = ledger(
            reader, limit=limit, after=after, what=what or "",
            about=about_said(reader, ticket, order, contract, customer),
            since=begin, until=end,
        )  # fmt: skip
    present(costs_report(found, _("Costs")), json_=json_, out=out)


@cost.command()
@click.argument("key", metavar="ID", type=RECORD_ID)
@as_json
def remove(key: int, json_: bool) -> None:
    """Take an entry out of the ledger; the journal keeps it."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.returns.costs import remove

    with session() as s, s.write() as tx:
        remove(tx, key)
    if json_:
        print_json({"removed": key})
    else:
        tell(_("Removed entry {id}.").format(id=key))


@cost.command()
@click.argument("amount", metavar="SUM")
@click.option("--user", "login", default="", metavar="LOGIN", help="Of this user; default: of all without an own one.")
@click.option("--from", "since", metavar="DAY", help="Default: today; what was spent before stays as it is.")
@as_json
def rate(amount: str, login: str, since: str | None, json_: bool) -> None:
    """Say what an hour costs, in the workspace's currency."""
    from crmcore.api import InvalidInput, currency, day_said, here, money_said, print_json, session, tell, user_named
    from crmcore_service.returns.rates import set_rate

    value, code = money_said("SUM", amount)
    with session() as s, s.write() as tx:
        if code not in ("", currency(tx)):
            raise InvalidInput(_("An hour costs so much in {currency}.").format(currency=currency(tx)))
        today = here(tx).today
        day = day_said("--from", since, today) if since else today
        made = set_rate(tx, value, day, int(user_named(tx, login).id) if login else None)
    if json_:
        print_json({"id": made.id, "user": login, "since": made.since, "amount": made.amount})
    else:
        tell(_("From {day} an hour costs {amount}.").format(day=made.since, amount=f"{made.amount:,}"))


@cost.command()
@as_json
def reckon(json_: bool) -> None:
    """Write the costs of visits and parts that have none yet, as their hours or currencies had no rate before."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.returns.following import reckon_missing

    with session() as s, s.write() as tx:
        count = reckon_missing(tx)
    if json_:
        print_json({"reckoned": count})
    else:
        tell(_("Wrote {n} entries.").format(n=count))
