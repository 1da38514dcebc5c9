"""`crm service order plan`."""

import click

from crmcore.command import as_json
from crmcore_service.cli.order_told import print_order
from crmcore_service.cli.technician_find import print_choice
from crmcore_service.i18n import _


@click.command()
@click.argument("order", metavar="ORDER")
@click.option("--technician", metavar="LOGIN", help="Who comes.")
@click.option("--at", metavar="TIME", help="When, such as 2026-11-25T09:00 or “tomorrow 9:00”.")
@click.option("--minutes", type=click.IntRange(5, 10_000), help="How long; default: service.visit_minutes.")
@click.option("--promise", metavar="DAY", help="The day the customer is told; default: that of the appointment.")
@click.option("--suggest", is_flag=True, help="Show who could come, and plan nothing.")
@click.option("--on", metavar="DAY", help="With --suggest: on which day; default: tomorrow.")
@click.option("--within", type=click.IntRange(0, 20_000), metavar="KM", help="With --suggest: how near.")
@click.option("--quiet", is_flag=True, help="Send the customer no mail.")
@as_json
def plan(
    order: str,
    technician: str | None,
    at: str | None,
    minutes: int | None,
    promise: str | None,
    suggest: bool,
    on: str | None,
    within: int | None,
    quiet: bool,
    json_: bool,
) -> None:
    """Say who comes when; the day is promised to the customer, who gets a mail with the appointment."""
    from datetime import timedelta

    from crmcore.api import InvalidInput, day_said, here, moment_said, session
    from crmcore_service.orders.keeping import order_named
    from crmcore_service.orders.planning import plan as plan_order
    from crmcore_service.orders.technicians import technician_named
    from crmcore_service.replying.appointments import invite

    with session() as s:
        if suggest:
            with s.read() as reader:
                print_choice(reader, order=order, on=on, within=within, minutes=minutes, json_=json_)
            return
        if not (technician and at):
            raise InvalidInput(_("Say who comes when: --technician and --at; or --suggest."))
        with s.write() as tx:
            place = here(tx)
            starts = moment_said("--at", at, place)
            record = plan_order(
                tx,
                order_named(tx, order),
                technician_named(tx, technician),
                starts,
                ends_at=starts + timedelta(minutes=minutes) if minutes else None,
                promised_on=day_said("--promise", promise, place.today) if promise else None,
            )
            if not quiet:
                invite(tx, record)
        print_order(s, record.id, json_=json_)
