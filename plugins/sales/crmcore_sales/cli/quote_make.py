"""`crm sales quote add` and `revise`."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_sales.cli.quote_told import print_quotes, sent, tell_holds

if TYPE_CHECKING:
    from crmcore.api import Transaction


@click.command()
@click.argument("for_", metavar="OPPORTUNITY|CUSTOMER")
@click.argument("lines", nargs=-1, metavar="[QUANTITY PRODUCT @PRICE]...")
@click.option("--customer", "direct", is_flag=True, help="The first word names a customer, not an opportunity.")
@click.option("--contact", metavar="ID|NAME", help="Default: that of the opportunity, or whom we talked with last.")
@click.option("--currency", default="", help="ISO 4217; default: that of the opportunity, or the customer's last.")
@click.option("--until", metavar="DATE", help="Valid until; default: 30 days from today.")
@click.option("--channel", default="", help="Such as a partner's name.")
@click.option("--note", default="")
@click.option("--send", "at_once", is_flag=True, help="Send it at once.")
@click.option("--reason", default="", help="With --send: why it may contradict another quote.")
@as_json
def add(
    for_: str,
    lines: tuple[str, ...],
    direct: bool,
    contact: str | None,
    currency: str,
    until: str | None,
    channel: str,
    note: str,
    at_once: bool,
    reason: str,
    json_: bool,
) -> None:
    """Quote an opportunity with its lines, or others; or a customer directly. What is not typed is filled in.

    A line is “200 RT-100 @8000”: the quantity is 1 where it is left out, the price that of the list; a price of -5%
    is so much below it.
    """
    from crmcore.api import day_said, here, party_id, session, tables
    from crmcore_sales.quoting.lines import said
    from crmcore_sales.quoting.making import make
    from crmcore_sales.quoting.views import one

    with session() as s:
        with s.write() as tx:
            key = None if direct else _opportunity(tx, for_)
            made = make(
                tx,
                opportunity_id=key,
                customer_id=party_id(tx, tables.customer, for_) if key is None else None,
                contact_id=party_id(tx, tables.contact, contact) if contact else None,
                typed=said(tx, lines),
                currency=currency.upper(),
                valid_until=day_said("--until", until, here(tx).today) if until else None,
                channel=channel,
                note=note,
            )
        done = sent(s, made.id, reason) if at_once else None
        with s.read() as reader:
            view = one(reader, made.id)
    print_quotes([view], json_, single=True)
    if done is not None:
        tell_holds(done)


def _opportunity(tx: "Transaction", text: str) -> int | None:
    """Return the opportunity that was named; None where a customer was."""
    from crmcore.api import NotFound
    from crmcore_sales.pipeline.finding import opportunity_id

    try:
        return opportunity_id(tx, text)
    except NotFound:
        return None


@click.command()
@click.argument("quote", metavar="QUOTE")
@click.argument("lines", nargs=-1, metavar="[QUANTITY PRODUCT @PRICE]...")
@click.option("--until", metavar="DATE", help="Valid until; default: 30 days from today.")
@click.option("--note", default="")
@click.option("--send", "at_once", is_flag=True, help="Send it at once.")
@click.option("--reason", default="", help="With --send: why it may contradict another quote.")
@as_json
def revise(
    quote: str, lines: tuple[str, ...], until: str | None, note: str, at_once: bool, reason: str, json_: bool
) -> None:
    """Make the next version of a quote; products that are not named stay as they are.

    The version before it is valid until this one is sent, and then gives way.
    """
    from crmcore.api import day_said, here, session
    from crmcore_sales.model.quote import Quote
    from crmcore_sales.quoting.lines import said
    from crmcore_sales.quoting.making import revise as next_version
    from crmcore_sales.quoting.views import one, quote_id

    with session() as s:
        with s.write() as tx:
            made = next_version(
                tx,
                tx.get(Quote, quote_id(tx, quote)),
                typed=said(tx, lines),
                valid_until=day_said("--until", until, here(tx).today) if until else None,
                note=note,
            )
        done = sent(s, made.id, reason) if at_once else None
        with s.read() as reader:
            view = one(reader, made.id)
    print_quotes([view], json_, single=True)
    if done is not None:
        tell_holds(done)
