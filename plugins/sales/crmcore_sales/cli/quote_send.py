"""`crm sales quote send`, `accept`, `decline` and `withdraw`."""

import click

from crmcore.command import as_json
from crmcore_sales.cli.quote_told import print_quotes, released, sent, tell_holds
from crmcore_sales.i18n import _

_QUOTE = click.argument("quote", metavar="QUOTE")


@click.command()
@_QUOTE
@click.option("--reason", default="", help="Why it may contradict another quote, which then gives way to it.")
@as_json
def send(quote: str, reason: str, json_: bool) -> None:
    """Send a quote: the customer has it then.

    It is held while it gives the customer a second price for a product and nobody says why, and while a discount waits
    for approval; whom it concerns is told.
    """
    from crmcore.api import session
    from crmcore_sales.quoting.views import one, quote_id

    with session() as s:
        with s.read() as reader:
            key = quote_id(reader, quote)
        done = sent(s, key, reason)
        with s.read() as reader:
            view = one(reader, key)
    print_quotes([view], json_, single=True)
    tell_holds(done)


@click.command()
@_QUOTE
@click.option("--reason", default="", help="Why they chose us.")
@as_json
def accept(quote: str, reason: str, json_: bool) -> None:
    """Close a quote as accepted: the opportunity is won, with the lines of the quote."""
    from crmcore.api import session, tell
    from crmcore_sales.model.quote import Quote
    from crmcore_sales.quoting import closing
    from crmcore_sales.quoting.views import one, quote_id

    with session() as s:
        with s.write() as tx:
            key = quote_id(tx, quote)
            deal = closing.accept(tx, tx.get(Quote, key), reason)
        with s.read() as reader:
            view = one(reader, key)
    print_quotes([view], json_, single=True)
    tell(_("Opportunity {id} is won.").format(id=deal.id))


@click.command()
@_QUOTE
@click.argument("reason")
@as_json
def decline(quote: str, reason: str, json_: bool) -> None:
    """Close a quote as declined by the customer, and say why."""
    from crmcore.api import session
    from crmcore_sales.model.quote import Quote
    from crmcore_sales.quoting import closing
    from crmcore_sales.quoting.views import one, quote_id

    with session() as s:
        with s.write() as tx:
            key = quote_id(tx, quote)
            closing.decline(tx, tx.get(Quote, key), reason)
        with s.read() as reader:
            view = one(reader, key)
    print_quotes([view], json_, single=True)


@click.command()
@_QUOTE
@click.option("--reason", default="")
@as_json
def withdraw(quote: str, reason: str, json_: bool) -> None:
    """Take a quote back, sent or not."""
    from crmcore.api import session
    from crmcore_sales.model.quote import HELD, Quote
    from crmcore_sales.quoting import closing
    from crmcore_sales.quoting.views import one, quote_id

    with session() as s:
        with s.write() as tx:
            key = quote_id(tx, quote)
            record = tx.get(Quote, key)
            was_held = record.status == HELD
            closing.withdraw(tx, record, reason)
        if was_held:
            released(s, key)
        with s.read() as reader:
            view = one(reader, key)
    print_quotes([view], json_, single=True)
