"""`crm service order list|show|late|due`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.order_told import listed, print_order
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader


@click.command("list")
@click.option("--status", default="", metavar="STATE", help="new, planned, under_way, done, cancelled.")
@click.option("--all", "all_", is_flag=True, help="Those that are over, too.")
@click.option("--kind", default="", metavar="NAME")
@click.option("--customer", metavar="ID|NAME")
@click.option("--ticket", metavar="TICKET")
@click.option("--asset", metavar="ID|SERIAL")
@click.option("--technician", metavar="LOGIN")
@click.option("--mine", is_flag=True, help="Only those you are to do.")
@click.option("--unplanned", is_flag=True, help="Only those without an appointment.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None, **given: Any) -> None:
    """List work orders, those that are not over where nothing else is said."""
    from crmcore.api import party_id, session, tables
    from crmcore_service.assets.keeping import asset_named
    from crmcore_service.orders.technicians import technician_named
    from crmcore_service.orders.views import Asked, page
    from crmcore_service.tickets.finding import ticket_named

    with session() as s, s.read() as reader:
        asked = Asked(
            status=_state(reader, given["status"]),
            kind=given["kind"],
            open=not (given["all_"] or given["status"]),
            unplanned=given["unplanned"],
            technician_id=s.actor.user_id
            if given["mine"]
            else technician_named(reader, given["technician"])
            if given["technician"]
            else None,
            customer_id=party_id(reader, tables.customer, given["customer"]) if given["customer"] else None,
            ticket_id=ticket_named(reader, given["ticket"]) if given["ticket"] else None,
            asset_id=asset_named(reader, given["asset"]) if given["asset"] else None,
        )
        found = page(reader, asked, limit=limit, after=after)
    present(listed(found, _("Work orders")), json_=json_, out=out)


def _state(reader: "Reader", name: str) -> str:
    """Return the name of a state of work orders, as this workspace has them; raises `InvalidInput` for another."""
    from crmcore.api import InvalidInput
    from crmcore_service.tables import work_order

    processes = [one for one in reader.definitions.processes if one.entity == work_order.name]
    known = [state.name for one in processes for state in one.states]
    if name and name not in known:
        raise InvalidInput(
            _("Work orders have no state “{name}”; they have {known}.").format(name=name, known=", ".join(known))
        )
    return name


@click.command()
@click.argument("order", metavar="ORDER")
@as_json
def show(order: str, json_: bool) -> None:
    """Show a work order, its visits, and the parts that were used."""
    from crmcore.api import session
    from crmcore_service.orders.keeping import order_named

    with session() as s:
        with s.read() as reader:
            key = order_named(reader, order)
        print_order(s, key, json_=json_)


@click.command()
@paged
@as_json
@out_option
def late(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List the work orders to which nobody came: by when the service level says, or on the promised day."""
    from crmcore.api import session
    from crmcore_service.orders.views import Asked, page

    with session() as s, s.read() as reader:
        found = page(reader, Asked(late=True), limit=limit, after=after)
    present(listed(found, _("Nobody came")), json_=json_, out=out)


@click.command()
@click.option("--from", "since", metavar="DAY", help="Won on this day or after; default: within half a year.")
@paged
@as_json
@out_option
def due(since: str | None, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List what was sold and is not installed yet; `order add --for KIND ID` makes the work order."""
    from crmcore.api import day_said, here, session
    from crmcore.reports.report import Column, Report
    from crmcore_service.orders.installing import due as find

    with session() as s, s.read() as reader:
        day = day_said("--from", since, here(reader).today) if since else None
        found = find(reader, since=day, limit=limit, after=after)
    report = Report(
        title=_("Sold and not installed"),
        columns=[
            Column(_("id"), number=True), Column(_("kind")), Column(_("what")), Column(_("customer")),
            Column(_("won"), day=True), Column(_("products")),
        ],
        rows=[
            (
                one.id, _(one.entity), one.title, one.customer.name if one.customer else "", one.won_at,
                ", ".join(f"{each.quantity.normalize():f} {each.product}" for each in one.products),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(report, json_=json_, out=out)
