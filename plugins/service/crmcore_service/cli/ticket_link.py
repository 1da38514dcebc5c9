"""`crm service ticket link`: the customer's own link to the status of a ticket."""

import click

from crmcore.command import as_json
from crmcore_service.i18n import _


@click.command()
@click.argument("ticket")
@click.option("--revoke", "revoked", is_flag=True, help="Let no link to it made so far hold any more.")
@as_json
def link(ticket: str, revoked: bool, json_: bool) -> None:
    """Give the link by which its customer sees how a ticket stands, and nothing else; or take such links back."""
    from crmcore.api import InvalidInput, print_json, record_named, session, tell
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.tables import ticket as table
    from crmcore_service.tickets.linking import revoke, status_link

    with session() as s, s.write() as tx:
        found = tx.get(Ticket, record_named(tx, table, ticket, called=_("ticket"), prefix="T"))
        number = f"T{found.id}"
        if revoked:
            count = revoke(tx, found.id)
            tx.record("service_ticket.links_revoked", table.name, found.id, {"links": count})
            address = None
        else:
            address = status_link(tx, found.id)
            if address is None:
                raise InvalidInput(
                    _("There are no links without web.url and web.key: `crm setting set web.url`, `crm web key FILE`.")
                )
    if json_:
        print_json({"ticket": number, "link": address, **({"revoked": count} if revoked else {})})
    elif revoked:
        tell(_("{ticket}: {n} links hold no more.").format(ticket=number, n=count))
    else:
        click.echo(address)
