"""`crm service order add|edit`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json
from crmcore_service.cli.order_told import print_order
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import EntityType, Reader, Transaction
    from crmcore_service.model.order import WorkOrder

F = TypeVar("F", bound=Callable[..., Any])
_OWN = "A field of your workspace's own."
_TEXTS = {"kind": "kind", "place": "place", "skill": "skill", "note": "note"}


def _details(function: F) -> F:
    for option in reversed(
        (
            click.option("--ticket", metavar="TICKET", help="The ticket; whom and what it is about follow from it."),
            click.option("--asset", metavar="ID|SERIAL", help="The installed product; the customer follows from it."),
            click.option("--customer", metavar="ID|NAME"),
            click.option("--contact", metavar="ID|NAME"),
            click.option("--contract", metavar="ID|NUMBER", help="Default: the one that covers it today."),
            click.option("--kind", metavar="NAME", help="repair (the default), installation, maintenance, …"),
            click.option("--skill", metavar="NAME", help="What it takes; default: the product's model."),
            click.option("--level", type=click.IntRange(1, 5), help="How well: 1 to 5."),
            click.option("--place", metavar="TEXT", help="Where: a place, an address, or LATITUDE,LONGITUDE."),
            click.option("--owner", metavar="LOGIN", help="Whose it is; default: yours."),
            click.option("--due", metavar="TIME", help="By when somebody must come; default: by the service level."),
            click.option("--note", metavar="TEXT"),
            click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help=_OWN),
        )
    ):
        function = option(function)
    return function


@click.command()
@click.argument("subject", required=False, default="")
@click.option("--for", "sold", nargs=2, metavar="KIND ID|NAME", help="Install what was sold: --for opportunity 12.")
@click.option("--received", metavar="TIME", help="When it was asked for; default: now.")
@_details
@as_json
def add(subject: str, sold: tuple[str, str] | None, received: str | None, json_: bool, **given: Any) -> None:
    """Add a work order: for a ticket, for an installed product, or to install what was sold."""
    from crmcore.api import here, moment_said, record_named, session
    from crmcore_service.orders.installing import order_for
    from crmcore_service.orders.keeping import add as add_order

    with session() as s:
        with s.write() as tx:
            said = _said(tx, given)
            if subject.strip():
                said["subject"] = subject.strip()
            if received:
                said["opened_at"] = moment_said("--received", received, here(tx))
            if sold is None:
                record = add_order(tx, said)
            else:
                kind = _kind(tx, *sold)
                key = record_named(tx, kind.table, sold[1], called=_(kind.name))
                record = order_for(tx, kind.name, key, said)
            _assign_own(tx, record, given["values"])
        print_order(s, record.id, json_=json_)


def _kind(tx: "Transaction", name: str, record: str) -> "EntityType":
    """Return the kind of record that is installed; of what is no kind here nothing was won."""
    from crmcore.api import NotFound, entity_named

    try:
        return entity_named(tx.entities, name)
    except NotFound:
        raise NotFound(_("No plugin says that {entity} {id} was won.").format(entity=name, id=record)) from None


@click.command()
@click.argument("order", metavar="ORDER")
@click.option("--subject", metavar="TEXT")
@_details
@as_json
def edit(order: str, subject: str | None, json_: bool, **given: Any) -> None:
    """Change a work order; what is not said stays."""
    from crmcore.api import session
    from crmcore_service.orders.keeping import edit as edit_order
    from crmcore_service.orders.keeping import open_order, order_named

    with session() as s:
        with s.write() as tx:
            said = {**_said(tx, given), **({"subject": subject.strip()} if subject else {})}
            key = order_named(tx, order)
            record = edit_order(tx, key, said) if said or not given["values"] else open_order(tx, key)
            _assign_own(tx, record, given["values"])
        print_order(s, record.id, json_=json_)


def _said(reader: "Reader", given: Mapping[str, Any]) -> dict[str, Any]:
    from crmcore.api import here, moment_said, owner_named, party_id, tables
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.assets.keeping import asset_named
    from crmcore_service.tickets.finding import ticket_named

    found: dict[str, Any] = {
        name: given[option].strip() for option, name in _TEXTS.items() if given[option] is not None
    }
    if given["level"]:
        found["skill_level"] = given["level"]
    for option, find in (("ticket", ticket_named), ("asset", asset_named), ("contract", contract_named)):
        if given[option]:
            found[f"{option}_id"] = find(reader, given[option])
    for option, table in (("customer", tables.customer), ("contact", tables.contact)):
        if given[option]:
            found[f"{option}_id"] = party_id(reader, table, given[option])
    if given["owner"]:
        found["owner_id"] = owner_named(reader, given["owner"])
    if given["due"]:
        found["due_at"] = moment_said("--due", given["due"], here(reader))
    return found


def _assign_own(tx: "Transaction", record: "WorkOrder", pairs: tuple[str, ...]) -> None:
    from crmcore.api import assign, here, values_said
    from crmcore_service.tables import work_order

    if pairs:
        process = next(one for one in tx.definitions.processes if one.entity == work_order.name)
        assign(tx, process, record, values_said(tx.definitions, tx.entities, process, pairs, here(tx).region))
