"""`crm sales account`: customers as accounts, how their contact plans stand, and who is who there."""

from pathlib import Path
from typing import Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _


@click.group()
def account() -> None:
    """Put customers in tiers, see how the contact plans stand, and who of an account was not talked to."""


@account.command("list")
@click.option("--tier", default="", metavar="NAME", help="Only those in this tier.")
@click.option("--owner", default="", metavar="LOGIN")
@paged
@as_json
def list_(tier: str, owner: str, limit: int, after: int | None, json_: bool) -> None:
    """List customers as accounts, in the order of their ids."""
    from crmcore.api import print_json, print_table, session, user_named
    from crmcore_sales.accounts.listing import page

    with session() as s, s.read() as reader:
        owner_id = user_named(reader, owner).id if owner else None
        found = page(reader, limit=limit, after=after, tier=tier, owner_id=owner_id)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("customer"), _("tier"), _("region"), _("owner"), _("last talk")],
        [(one.id, one.name, one.tier, one.region, one.owner, one.last and one.last.date()) for one in found],
    )


@account.command("set")
@click.argument("customers", nargs=-1, required=True, metavar="CUSTOMER...")
@click.option("--tier", metavar="NAME")
@click.option("--region")
@click.option("--sponsor", metavar="LOGIN", help="Who of our management backs it; empty for nobody.")
@click.option("--at", "place", nargs=2, type=float, metavar="LATITUDE LONGITUDE", help="Where it lies, in degrees.")
@click.option("--note")
@as_json
def set_(customers: tuple[str, ...], json_: bool, **given: Any) -> None:
    """Say what customers are as accounts: their tier, region, sponsor."""
    from crmcore.api import owner_named, party_id, print_json, session, tables, tell
    from crmcore_sales.accounts.tiers import place

    with session() as s, s.write() as tx:
        fields = {name: value for name, value in given.items() if value is not None}
        if "sponsor" in fields:
            login = fields.pop("sponsor")
            fields["sponsor_id"] = owner_named(tx, login) if login else None
        if "place" in fields:
            fields["latitude"], fields["longitude"] = fields.pop("place")
        ids = [party_id(tx, tables.customer, each) for each in customers]
        place(tx, list(dict.fromkeys(ids)), fields)
    if json_:
        print_json({"customers": ids})
    else:
        tell(_("{n} accounts are set.").format(n=len(ids)))


@account.command()
@click.argument("customer")
@as_json
def show(customer: str, json_: bool) -> None:
    """Show a customer as an account."""
    from crmcore.api import party_id, print_json, print_table, session, tables
    from crmcore_sales.accounts.listing import page

    with session() as s, s.read() as reader:
        (found,) = page(reader, limit=1, customer_id=party_id(reader, tables.customer, customer))
    told = {
        "id": found.id, "customer": found.name, "owner": found.owner, "tier": found.tier, "region": found.region,
        "sponsor": found.sponsor, "note": found.note, "last": found.last, "latitude": found.latitude,
        "longitude": found.longitude,
    }  # fmt: skip
    if json_:
        print_json(told)
    else:
        print_table(["", ""], [(_(name), value) for name, value in told.items() if value not in ("", None)])


@account.command()
@click.option("--tier", "tier_name", default="", metavar="NAME", help="Only this tier.")
@click.option("--owner", default="", metavar="LOGIN", help="Only this person's accounts.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Overdue ones at most.")
@as_json
@out_option
def plan(tier_name: str, owner: str, limit: int, json_: bool, out: Path | None) -> None:
    """See how the contact plans stand: who was talked to in time, who is overdue, who at executive level."""
    from crmcore.api import here, session, user_named
    from crmcore_sales.accounts.plan import plan as plan_of
    from crmcore_sales.accounts.planning import report
    from crmcore_sales.accounts.tiers import named, tiers

    with session() as s, s.read() as reader:
        known, place = tiers(reader), here(reader)
        owner_id = user_named(reader, owner).id if owner else None
        wanted = [named(known, tier_name)] if tier_name else known
        plans = [plan_of(reader, one, place.zone, limit=limit, owner_id=owner_id) for one in wanted]
    present(report(plans, place.today), json_=json_, out=out)


@account.command("map")
@click.argument("customer")
@click.option("--days", type=click.IntRange(1, 10_000), default=30, show_default=True, help="How far back to look.")
@as_json
@out_option
def map_(customer: str, days: int, json_: bool, out: Path | None) -> None:
    """Show who is who at a customer, and who was not talked to in the last days."""
    from crmcore.api import here, names, party_id, session, tables
    from crmcore_sales.accounts.contacts import people
    from crmcore_sales.accounts.planning import map_report

    with session() as s, s.read() as reader:
        key = party_id(reader, tables.customer, customer)
        found, zone = people(reader, key, days), here(reader).zone
        name = names(reader, tables.customer, [key])[key]
    present(map_report(key, name, found, days, zone), json_=json_, out=out)
