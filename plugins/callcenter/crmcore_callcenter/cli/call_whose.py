"""`crm callcenter call whose`."""

import click

from crmcore.command import as_json
from crmcore_callcenter.cli.call_told import data, who
from crmcore_callcenter.i18n import _


@click.command()
@click.argument("call", metavar="CALL")
@click.argument("contact", metavar="CONTACT")
@click.option("--customer", metavar="CUSTOMER", help="For whom they called; default: whom they stand for.")
@click.option("--keep-number", is_flag=True, help="Keep the number with the contact, so that they are known next time.")
@as_json
def whose(call: str, contact: str, customer: str | None, keep_number: bool, json_: bool) -> None:
    """Say whose a call was; its interaction follows, and what is heard of the call later does not change it."""
    from crmcore.api import party_id, print_json, session, tables
    from crmcore_callcenter.calls.belonging import belongs
    from crmcore_callcenter.calls.finding import call_named
    from crmcore_callcenter.calls.views import view
    from crmcore_callcenter.model.call import Call

    with session() as s:
        with s.write() as tx:
            key = call_named(tx, call)
            tx.lock(Call, key)  # news of it may come at any moment
            record = tx.get(Call, key)
            contact_id = party_id(tx, tables.contact, contact)
            customer_id = party_id(tx, tables.customer, customer) if customer else None
            belongs(tx, record, contact_id, customer_id, keep_number=keep_number)
        with s.read() as reader:
            found = view(reader, key)
    if json_:
        print_json(data(found))
    else:
        click.echo(_("Call {id} was {who}'s.").format(id=found.id, who=who(found)))
