"""`crm callcenter call new`."""

import click

from crmcore.command import as_json
from crmcore_callcenter.cli.call_told import data, who
from crmcore_callcenter.i18n import _


@click.command()
@click.argument("call", metavar="CALL")
@click.argument("name", nargs=-1)
@click.option("--customer", metavar="CUSTOMER", help="For whom they called; added if it is new.")
@as_json
def new(call: str, name: tuple[str, ...], customer: str | None, json_: bool) -> None:
    """Add whoever calls to the address book, with the number; the call is theirs.

    Without a name it is the one that the telephone shows, else the number.
    """
    from crmcore.api import print_json, session
    from crmcore_callcenter.calls.finding import call_named
    from crmcore_callcenter.calls.views import view
    from crmcore_callcenter.desk.choosing import add, customer_named

    with session() as s:
        with s.write() as tx:
            key = call_named(tx, call)
            customer_id = customer_named(tx, customer) if customer else None
            made = add(tx, key, " ".join(name), customer_id)
        with s.read() as reader:
            found = view(reader, key)
    if json_:
        print_json(data(found))
    else:
        click.echo(_("{id}: {who}, call {call}").format(id=made.id, who=who(found), call=key))
