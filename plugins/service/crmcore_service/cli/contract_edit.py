"""`crm service contract add|edit|renew|end`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json
from crmcore_service.cli.contract_show import print_contract
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader

F = TypeVar("F", bound=Callable[..., Any])
_COVERS = click.option(
    "--asset", "assets", multiple=True, metavar="ID|SERIAL", help="What it covers; several. Default: all they have."
)


def _details(function: F) -> F:
    for option in reversed(
        (
            click.option("--number", metavar="TEXT"),
            click.option("--kind", metavar="TEXT", help="Such as full service, spare parts."),
            click.option("--customer", metavar="ID|NAME"),
            click.option("--contact", metavar="ID|NAME", help="The customer follows from it."),
            click.option("--owner", metavar="LOGIN"),
            click.option("--level", metavar="NAME|CODE", help="The service level that it promises."),
            click.option("--from", "starts", metavar="DAY", help="Default: today."),
            click.option("--until", metavar="DAY", help="Its last day; default: none."),
            click.option("--amount", metavar="AMOUNT", help="What it costs the customer: 12000, 1.2万 or $2k."),
            click.option("--hours", type=click.IntRange(0), metavar="N", help="Hours of work that are included."),
            click.option("--note", metavar="TEXT"),
        )
    ):
        function = option(function)
    return function


@click.command()
@click.argument("name")
@_details
@_COVERS
@as_json
def add(name: str, assets: tuple[str, ...], json_: bool, **given: Any) -> None:
    """Add a service contract."""
    from crmcore.api import session
    from crmcore_service.assets.contracts import add as add_contract
    from crmcore_service.assets.keeping import asset_named

    with session() as s:
        with s.write() as tx:
            covers = [asset_named(tx, one) for one in assets]
            record = add_contract(tx, {"name": name.strip(), **_said(tx, given)}, covers)
        with s.read() as reader:
            print_contract(reader, record.id, json_=json_)


@click.command()
@click.argument("contract", metavar="ID|NUMBER|NAME")
@click.option("--name", metavar="TEXT")
@_details
@_COVERS
@as_json
def edit(contract: str, name: str | None, assets: tuple[str, ...], json_: bool, **given: Any) -> None:
    """Change a contract, or let it cover more; what is not said stays."""
    from crmcore.api import session
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.assets.contracts import edit as edit_contract
    from crmcore_service.assets.keeping import asset_named

    with session() as s:
        with s.write() as tx:
            said = {**_said(tx, given), **({"name": name.strip()} if name else {})}
            key = contract_named(tx, contract)
            edit_contract(tx, key, said, [asset_named(tx, one) for one in assets])
        with s.read() as reader:
            print_contract(reader, key, json_=json_)


@click.command()
@click.argument("contract", metavar="ID|NUMBER|NAME")
@_details
@as_json
def renew(contract: str, json_: bool, **given: Any) -> None:
    """Let another contract follow: from the day after the last, for as long, on the same terms unless said."""
    from crmcore.api import session
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.assets.contracts import renew as renew_contract

    with session() as s:
        with s.write() as tx:
            record = renew_contract(tx, contract_named(tx, contract), _said(tx, given))
        with s.read() as reader:
            print_contract(reader, record.id, json_=json_)


@click.command()
@click.argument("contract", metavar="ID|NUMBER|NAME")
@click.option("--on", metavar="DAY", help="Its last day; default: today.")
@click.option("--note", default="", metavar="TEXT", help="Why.")
@as_json
def end(contract: str, on: str | None, note: str, json_: bool) -> None:
    """End a contract early."""
    from crmcore.api import day_said, here, session
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.assets.contracts import end as end_contract

    with session() as s:
        with s.write() as tx:
            day = day_said("--on", on, here(tx).today) if on else None
            record = end_contract(tx, contract_named(tx, contract), day, note)
        with s.read() as reader:
            print_contract(reader, record.id, json_=json_)


def _said(reader: "Reader", given: Mapping[str, Any]) -> dict[str, Any]:
    from crmcore.api import day_said, here, money_said, owner_named, party_id, record_named, tables
    from crmcore_service.tables import level

    today = here(reader).today
    found: dict[str, Any] = {name: given[name] for name in ("number", "kind", "note") if given[name] is not None}
    if given["hours"] is not None:
        found["hours"] = given["hours"]
    for option, name, called in (("starts", "starts_on", "--from"), ("until", "ends_on", "--until")):
        if given[option] is not None:
            found[name] = day_said(called, given[option], today) if given[option] else None
    if given["amount"]:
        found["amount"], currency = money_said("--amount", given["amount"])
        found |= {"currency": currency} if currency else {}
    for option, table in (("customer", tables.customer), ("contact", tables.contact)):
        if given[option]:
            found[f"{option}_id"] = party_id(reader, table, given[option])
    if given["owner"]:
        found["owner_id"] = owner_named(reader, given["owner"])
    if given["level"]:
        found["level_id"] = record_named(reader, level, given["level"], called=_("service level"))
    return found
