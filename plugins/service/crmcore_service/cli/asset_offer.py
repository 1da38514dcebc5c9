"""`crm service asset ending|offer`, and `crm service contract offer`: what ends is handed over to sales."""

from collections.abc import Sequence

import click

from crmcore.command import as_json
from crmcore_service.i18n import _


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@as_json
def ending(limit: int, json_: bool) -> None:
    """Show which warranties and contracts end soon, or products are old, and were not handed over to sales.

    Soon is within service.offer_days, old after service.asset_years. The worker hands them over every morning.
    """
    from crmcore.api import names, print_json, print_table, session, tables, tell
    from crmcore_service.assets.offering import ending as find

    with session() as s, s.read() as reader:
        found = find(reader, limit=limit)
        customers = names(reader, tables.customer, (one.customer_id for one in found))
    if json_:
        print_json(found)
        return
    if not found:
        tell(_("Nothing ends soon that was not handed over to sales."))
        return
    print_table(
        [_("id"), _("kind"), _("what"), _("customer")],
        [(one.id, _(one.what), one.title, customers.get(one.customer_id or 0, "")) for one in found],
    )


@click.command()
@click.argument("assets", nargs=-1, required=True, metavar="ID|SERIAL...")
@click.option("--note", default="", metavar="TEXT", help="Why they should hear from sales.")
@as_json
def offer(assets: tuple[str, ...], note: str, json_: bool) -> None:
    """Hand installed products over to sales, each linked to what becomes of it; each once."""
    from crmcore.api import session
    from crmcore_service.assets.keeping import asset_named
    from crmcore_service.assets.offering import offer as hand_over

    with session() as s, s.write() as tx:
        made = hand_over(tx, assets=[asset_named(tx, one) for one in assets], note=note)
    print_handed(made, json_=json_)


@click.command("offer")
@click.argument("contracts", nargs=-1, required=True, metavar="ID|NUMBER...")
@click.option("--note", default="", metavar="TEXT", help="Why they should hear from sales.")
@as_json
def offer_contracts(contracts: tuple[str, ...], note: str, json_: bool) -> None:
    """Hand contracts that end over to sales, each linked to what becomes of it; each once."""
    from crmcore.api import session
    from crmcore_service.assets.contracts import contract_named
    from crmcore_service.assets.offering import offer as hand_over

    with session() as s, s.write() as tx:
        made = hand_over(tx, contracts=[contract_named(tx, one) for one in contracts], note=note)
    print_handed(made, json_=json_)


def print_handed(made: Sequence[tuple[str, int]], *, json_: bool) -> None:
    """Print what became of what was handed over."""
    from crmcore.api import print_json, tell

    if json_:
        print_json([{"entity": entity, "id": key} for entity, key in made])
        return
    for entity, key in made:
        tell(_("Handed over: {entity} {id}.").format(entity=_(entity), id=key))
