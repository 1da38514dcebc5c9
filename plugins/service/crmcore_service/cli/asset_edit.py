"""`crm service asset add|edit|retire|import`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json
from crmcore_service.cli.asset_show import print_asset
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader

F = TypeVar("F", bound=Callable[..., Any])


def _details(function: F) -> F:
    for option in reversed(
        (
            click.option("--model", metavar="TEXT", help="What technicians must know: the type or series."),
            click.option("--serial", metavar="TEXT", help="Unique among those of the product."),
            click.option("--customer", metavar="ID|NAME"),
            click.option("--contact", metavar="ID|NAME", help="Who has to do with it; the customer follows from it."),
            click.option("--owner", metavar="LOGIN"),
            click.option("--installed", metavar="DAY", help="When it was installed."),
            click.option("--warranty", metavar="DAY", help="The last day of the warranty."),
            click.option(
                "--place", metavar="TEXT", help="Where it stands: a place, an address, or LATITUDE,LONGITUDE."
            ),
            click.option("--note", metavar="TEXT"),
        )
    ):
        function = option(function)
    return function


@click.command()
@click.argument("product")
@_details
@as_json
def add(product: str, json_: bool, **given: Any) -> None:
    """Add an installed product."""
    from crmcore.api import session
    from crmcore_service.assets.keeping import add as add_asset

    with session() as s:
        with s.write() as tx:
            record = add_asset(tx, {"product": product.strip(), **_said(tx, given)})
        with s.read() as reader:
            print_asset(reader, record.id, json_=json_)


@click.command()
@click.argument("asset", metavar="ID|SERIAL")
@click.option("--product", metavar="TEXT")
@_details
@as_json
def edit(asset: str, product: str | None, json_: bool, **given: Any) -> None:
    """Change an installed product; what is not said stays."""
    from crmcore.api import session
    from crmcore_service.assets.keeping import asset_named
    from crmcore_service.assets.keeping import edit as edit_asset

    with session() as s:
        with s.write() as tx:
            said = {**_said(tx, given), **({"product": product.strip()} if product else {})}
            record = edit_asset(tx, asset_named(tx, asset), said)
        with s.read() as reader:
            print_asset(reader, record.id, json_=json_)


@click.command()
@click.argument("asset", metavar="ID|SERIAL")
@click.option("--on", metavar="DAY", help="Default: today.")
@as_json
def retire(asset: str, on: str | None, json_: bool) -> None:
    """Take an installed product out of service; its history stays."""
    from crmcore.api import day_said, here, session
    from crmcore_service.assets.keeping import asset_named
    from crmcore_service.assets.keeping import retire as retire_asset

    with session() as s:
        with s.write() as tx:
            day = day_said("--on", on, here(tx).today) if on else None
            record = retire_asset(tx, asset_named(tx, asset), day)
        with s.read() as reader:
            print_asset(reader, record.id, json_=json_)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(file: Path, json_: bool) -> None:
    """Take installed products from a table (CSV, XLSX); a known product and serial number is brought up to date.

    Columns: product, model, serial, customer, contact, installed, warranty until, place, note; Chinese headings too.
    """
    from crmcore.api import print_json, session, tell
    from crmcore_service.assets.asset_table import take_assets

    with session() as s, s.write() as tx:
        done = take_assets(tx, file)
    if json_:
        print_json(done)
        return
    tell(_("{added} installed products are new, {changed} known.").format(added=done.added, changed=done.changed))
    for one in done.problems:
        tell(_("line {line}: {reason}").format(line=one.line, reason=one.reason))


def _said(reader: "Reader", given: Mapping[str, Any]) -> dict[str, Any]:
    from crmcore.api import day_said, here, owner_named, party_id, tables

    today = here(reader).today
    found = {name: given[name].strip() for name in ("model", "serial", "place", "note") if given[name] is not None}
    for option, name in (("installed", "installed_on"), ("warranty", "warranty_until")):
        if given[option] is not None:
            found[name] = day_said(f"--{option}", given[option], today) if given[option] else None
    for option, table in (("customer", tables.customer), ("contact", tables.contact)):
        if given[option]:
            found[f"{option}_id"] = party_id(reader, table, given[option])
    if given["owner"]:
        found["owner_id"] = owner_named(reader, given["owner"])
    return found
