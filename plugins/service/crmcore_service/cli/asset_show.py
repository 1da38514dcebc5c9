"""`crm service asset list|show`."""

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
@click.option("--contact", metavar="ID|NAME")
@click.option("--product", default="", metavar="TEXT")
@click.option("--model", default="", metavar="TEXT")
@click.option("--status", type=click.Choice(("active", "retired")), help="Default: both.")
@click.option("--ending", type=click.IntRange(0, 10_000), metavar="DAYS", help="Whose warranty ends in so many days.")
@click.option("--older", type=click.IntRange(0, 100), metavar="YEARS", help="Installed so many years ago, or earlier.")
@paged
@as_json
@out_option
def list_(
    customer: str | None,
    contact: str | None,
    product: str,
    model: str,
    status: str | None,
    ending: int | None,
    older: int | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List installed products."""
    from datetime import timedelta

    from crmcore.api import here, party_id, session, tables
    from crmcore.reports.report import Column, Report
    from crmcore_service.assets.views import Asked, page

    with session() as s, s.read() as reader:
        today = here(reader).today
        asked = Asked(
            customer_id=party_id(reader, tables.customer, customer) if customer else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            product=product,
            model=model,
            status=status or "",
            ending=today + timedelta(days=ending) if ending is not None else None,
            before=today - timedelta(days=round(365.25 * older)) if older is not None else None,
        )
        found = page(reader, asked, limit=limit, after=after)
    report = Report(
        title=_("Installed products"),
        columns=[
            Column(_("id"), number=True), Column(_("product")), Column(_("serial number")), Column(_("customer")),
            Column(_("installed")), Column(_("warranty until")), Column(_("contract")), Column(_("state")),
        ],
        rows=[
            (
                one.id, one.product, one.serial, one.customer.name if one.customer else "", one.installed_on,
                one.warranty_until, ", ".join(each.name for each in one.contracts), _(one.status),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(report, json_=json_, out=out)


@click.command()
@click.argument("asset", metavar="ID|SERIAL")
@as_json
def show(asset: str, json_: bool) -> None:
    """Show an installed product, its contracts, and its work orders."""
    from crmcore.api import session
    from crmcore_service.assets.keeping import asset_named

    with session() as s, s.read() as reader:
        print_asset(reader, asset_named(reader, asset), json_=json_)


def print_asset(reader: "Reader", asset_id: int, *, json_: bool) -> None:
    """Print an installed product with its latest work orders, for a person or as JSON."""
    from attrs import asdict

    from crmcore.api import print_json, print_table
    from crmcore_service.assets.views import one
    from crmcore_service.orders.views import Asked, page

    found = one(reader, asset_id)
    orders = page(reader, Asked(asset_id=asset_id), limit=50)
    if json_:
        told = {"id": "id", "number": "number", "subject": "subject", "status": "status"}
        print_json({**asdict(found), "orders": [{name: getattr(each, name) for name in told} for each in orders]})
        return
    warranty = _("{day} (in force)") if found.warranty else _("{day} (over)")
    fields = (
        (_("id"), found.id), (_("product"), found.product), (_("model"), found.model),
        (_("serial number"), found.serial), (_("customer"), found.customer.name if found.customer else ""),
        (_("contact"), found.contact.name if found.contact else ""), (_("owner"), found.owner),
        (_("state"), _(found.status)), (_("installed"), found.installed_on),
        (_("warranty until"), warranty.format(day=found.warranty_until) if found.warranty_until else ""),
        (_("contract"), ", ".join(f"{each.id} {each.name}" for each in found.contracts)),
        (_("place"), found.place), (_("out of service"), found.retired_on), (_("note"), found.note),
    )  # fmt: skip
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])
    if orders:
        print_table(
            [_("order"), _("what"), _("state"), _("promised"), _("technician"), _("result")],
            [
                (each.number, each.subject, _(each.status), each.promised_on, each.technician, each.result)
                for each in orders
            ],
            title=_("Work orders"),
        )
