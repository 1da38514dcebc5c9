"""`crm service order start|done|part|cancel`."""

from decimal import Decimal

import click

from crmcore.command import as_json
from crmcore_service.cli.order_told import print_order
from crmcore_service.i18n import _

_AT = click.option("--at", metavar="TIME", help="Such as 2026-11-22T09:30; default: now.")


@click.command()
@click.argument("order", metavar="ORDER")
@click.option("--technician", metavar="LOGIN", help="Default: who is planned.")
@_AT
@as_json
def start(order: str, technician: str | None, at: str | None, json_: bool) -> None:
    """Note that the technician is there: a visit begins."""
    from crmcore.api import here, moment_said, session
    from crmcore_service.orders.doing import start as begin
    from crmcore_service.orders.keeping import order_named
    from crmcore_service.orders.technicians import technician_named

    with session() as s:
        with s.write() as tx:
            key = order_named(tx, order)
            who = technician_named(tx, technician) if technician else None
            begin(tx, key, at=moment_said("--at", at, here(tx)) if at else None, technician_id=who)
        print_order(s, key, json_=json_)


@click.command()
@click.argument("order", metavar="ORDER")
@click.option("--result", required=True, metavar="TEXT", help="What was done.")
@click.option("--fixed/--not-fixed", default=True, help="What is not fixed stays open, for another visit.")
@click.option("--cause", default="", metavar="TEXT", help="What was behind it: wear, user error, defect, …")
@click.option("--note", default="", metavar="TEXT", help="Of this visit.")
@click.option("--serial", "serials", multiple=True, metavar="[PRODUCT=]SERIAL", help="Of what was installed; several.")
@click.option("--warranty", type=click.IntRange(0, 600), metavar="MONTHS", help="Of what was installed.")
@click.option("--model", default="", metavar="TEXT", help="Of what was installed.")
@_AT
@as_json
def done(
    order: str,
    result: str,
    fixed: bool,
    cause: str,
    note: str,
    serials: tuple[str, ...],
    warranty: int | None,
    model: str,
    at: str | None,
    json_: bool,
) -> None:
    """End a visit. An installation that is done makes the installed products, with serial numbers and warranty."""
    from crmcore.api import InvalidInput, here, moment_said, session, tell
    from crmcore_service.orders.doing import Came
    from crmcore_service.orders.doing import done as end
    from crmcore_service.orders.installing import install
    from crmcore_service.orders.keeping import INSTALLATION, order_named

    with session() as s:
        with s.write() as tx:
            key = order_named(tx, order)
            when = moment_said("--at", at, here(tx)) if at else None
            record = end(tx, key, Came(result=result, fixed=fixed, cause=cause, note=note, at=when))
            installs = record.kind == INSTALLATION and fixed
            if (serials or warranty or model) and not installs:
                raise InvalidInput(_("--serial, --warranty and --model are for installations that are done."))
            made = install(tx, record, serials, months=warranty, model=model) if installs else []
            ids = [one.id for one in made]
            ticket = record.ticket_id
        print_order(s, key, json_=json_, more={"installed": ids})
    if json_:
        return
    if ids:
        tell(_("{n} products are installed.").format(n=len(ids)))
    if ticket is not None and fixed:
        tell(_("Its ticket T{id} is to be resolved: crm service ticket resolve T{id}.").format(id=ticket))


@click.command()
@click.argument("order", metavar="ORDER")
@click.argument("name")
@click.option("--number", default="", metavar="TEXT", help="The number of the part.")
@click.option("--quantity", default="1", show_default=True, metavar="N")
@click.option("--cost", metavar="AMOUNT", help="What one costs us: 120, $15.")
@click.option("--warranty", is_flag=True, help="It is not billed.")
@as_json
def part(order: str, name: str, number: str, quantity: str, cost: str | None, warranty: bool, json_: bool) -> None:
    """Note a part that was used."""
    from crmcore.api import InvalidInput, money_said, session
    from crmcore_service.orders.doing import use
    from crmcore_service.orders.keeping import order_named

    with session() as s:
        with s.write() as tx:
            key = order_named(tx, order)
            try:
                said = {"name": name.strip(), "number": number, "quantity": Decimal(quantity), "warranty": warranty}
            except ArithmeticError as error:
                raise InvalidInput(_("--quantity: “{text}” is no number.").format(text=quantity)) from error
            if cost:
                said["unit_cost"], currency = money_said("--cost", cost)
                said |= {"currency": currency} if currency else {}
            use(tx, key, said)
        print_order(s, key, json_=json_)


@click.command()
@click.argument("order", metavar="ORDER")
@click.option("--reason", required=True, metavar="TEXT")
@as_json
def cancel(order: str, reason: str, json_: bool) -> None:
    """Call a work order off; the customer is told where an appointment was."""
    from crmcore.api import session
    from crmcore_service.orders.doing import cancel as call_off
    from crmcore_service.orders.keeping import order_named
    from crmcore_service.replying.appointments import withdraw

    with session() as s:
        with s.write() as tx:
            record = call_off(tx, order_named(tx, order), reason)
            withdraw(tx, record)
        print_order(s, record.id, json_=json_)
