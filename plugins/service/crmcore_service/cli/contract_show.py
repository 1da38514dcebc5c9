"""`crm service contract list|show`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader


@click.command("list")
@click.option("--customer", metavar="ID|NAME")
@click.option("--asset", metavar="ID|SERIAL", help="Those that name this installed product.")
@click.option("--active", is_flag=True, help="Only those that hold today.")
@click.option("--ending", type=click.IntRange(0, 10_000), metavar="DAYS", help="Those that end so soon, not renewed.")
@paged
@as_json
@out_option
def list_(
    customer: str | None,
    asset: str | None,
    active: bool,
    ending: int | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List service contracts."""
    from datetime import timedelta

    from crmcore.api import here, party_id, session, tables
    from crmcore.reports.report import Column, Report, money
    from crmcore_service.assets.contract_views import Asked, page
    from crmcore_service.assets.keeping import asset_named

    with session() as s, s.read() as reader:
        asked = Asked(
            customer_id=party_id(reader, tables.customer, customer) if customer else None,
            asset_id=asset_named(reader, asset) if asset else None,
            active=active,
            ending=here(reader).today + timedelta(days=ending) if ending is not None else None,
        )
        found = page(reader, asked, limit=limit, after=after)
    report = Report(
        title=_("Contracts"),
        columns=[
            Column(_("id"), number=True), Column(_("name")), Column(_("customer")), Column(_("service level")),
            Column(_("last day")), Column(_("days left"), number=True), Column(_("amount"), number=True),
            Column(_("state")),
        ],
        rows=[
            (
                one.id, one.name, one.customer.name if one.customer else "", one.level.name if one.level else "",
                one.ends_on, one.days, money(one.amount, one.currency), _(one.status),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(report, json_=json_, out=out)


@click.command()
@click.argument("contract", metavar="ID|NUMBER|NAME")
@as_json
def show(contract: str, json_: bool) -> None:
    """Show a service contract, and what it covers."""
    from crmcore.api import session
    from crmcore_service.assets.contracts import contract_named

    with session() as s, s.read() as reader:
        print_contract(reader, contract_named(reader, contract), json_=json_)


def print_contract(reader: "Reader", contract_id: int, *, json_: bool) -> None:
    """Print a contract, for a person or as JSON."""
    from crmcore.api import print_json, print_table
    from crmcore.reports.report import money
    from crmcore_service.assets.contract_views import one

    found = one(reader, contract_id)
    if json_:
        print_json(found)
        return
    covers = ", ".join(f"{each.id} {each.name}" for each in found.assets) or _("all that the customer has")
    fields = (
        (_("id"), found.id), (_("name"), found.name), (_("number"), found.number), (_("kind"), found.kind),
        (_("customer"), found.customer.name if found.customer else ""),
        (_("contact"), found.contact.name if found.contact else ""), (_("owner"), found.owner),
        (_("state"), _(found.status)), (_("service level"), found.level.name if found.level else ""),
        (_("begins"), found.starts_on), (_("last day"), found.ends_on), (_("days left"), found.days),
        (_("amount"), money(found.amount, found.currency)), (_("hours"), found.hours), (_("covers"), covers),
        (_("renews"), found.renewed_from_id), (_("renewed by"), found.renewed_by_id), (_("note"), found.note),
    )  # fmt: skip
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])
