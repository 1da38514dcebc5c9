"""`crm sales opportunity line|role|step`."""

import click

from crmcore.command import RECORD_ID, as_json
from crmcore_sales.cli.opportunity_told import tell_opportunity
from crmcore_sales.i18n import _


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.argument("lines", nargs=-1, metavar="[QUANTITY PRODUCT @PRICE]...")
@click.option("--words", is_flag=True, help="Lines are words, not products of the catalogue.")
@click.option("--remove", "gone", type=RECORD_ID, multiple=True, metavar="LINE", help="Take this line out.")
@as_json
def line(opportunity: str, lines: tuple[str, ...], words: bool, gone: tuple[int, ...], json_: bool) -> None:
    """Put products into an opportunity: “200 RT-100”, “200 RT-100 @8000”; a product said again is changed.

    A price that is not said is that of the list, for the customer's tier; the amount follows the lines as long as
    nobody said another.
    """
    from crmcore.api import session
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.pipeline.lines import line_said, remove_line, set_lines

    with session() as s:
        with s.write() as tx:
            record = tx.get(Opportunity, opportunity_id(tx, opportunity))
            for key in gone:
                remove_line(tx, record, key)
            if gone:
                tx.flush()
            if lines:
                set_lines(tx, record, [line_said(one) for one in lines], words=words)
        tell_opportunity(s, record.id, json_=json_)


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.argument("contact", metavar="CONTACT")
@click.argument("roles", nargs=-1, metavar="[ROLE]...")
@click.option("--for", "support", flag_value="for", help="They are for us.")
@click.option("--neutral", "support", flag_value="neutral", help="They are neither for nor against us.")
@click.option("--against", "support", flag_value="against", help="They are against us.")
@click.option("--note", metavar="TEXT")
@click.option("--remove", is_flag=True, help="Take the roles away, or all of them.")
@as_json
def role(
    opportunity: str,
    contact: str,
    roles: tuple[str, ...],
    support: str | None,
    note: str | None,
    remove: bool,
    json_: bool,
) -> None:
    """Say in which roles a person is in it: buyer, user, technical, budget, coach, boss, influencer."""
    from crmcore.api import NotFound, party_id, session, tables
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.pipeline.people import remove_roles, role_said, set_roles

    with session() as s:
        with s.write() as tx:
            record = tx.get(Opportunity, opportunity_id(tx, opportunity))
            who, said = party_id(tx, tables.contact, contact), [role_said(one) for one in roles]
            if not remove:
                set_roles(tx, record, who, said, support=support, note=note)
            elif not remove_roles(tx, record, who, said):
                raise NotFound(
                    _("{contact} has no such role in opportunity {id}.").format(contact=contact, id=record.id)
                )
        tell_opportunity(s, record.id, json_=json_)


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.argument("steps", nargs=-1, metavar="[NUMBER|TEXT]...")
@click.option("--undo", is_flag=True, help="It is not done after all.")
@click.option("--note", default="", metavar="TEXT")
@as_json
def step(opportunity: str, steps: tuple[str, ...], undo: bool, note: str, json_: bool) -> None:
    """Tick off steps of the stage's check list, by number or by the words they begin with; none: show it."""
    from sqlalchemy import select

    from crmcore.api import print_json, session
    from crmcore_sales.cli.opportunity_told import print_guidance
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.pipeline.guidance import guidance, pipeline
    from crmcore_sales.pipeline.ticking import tick
    from crmcore_sales.tables import opportunity as table

    with session() as s:
        if steps:
            with s.write() as tx:
                tick(tx, tx.get(Opportunity, opportunity_id(tx, opportunity)), steps, undo=undo, note=note)
        with s.read() as reader:
            key = opportunity_id(reader, opportunity)
            process = pipeline(reader.definitions)
            told = guidance(reader, process, {key: reader.value(select(table.c.stage).where(table.c.id == key))})[key]
    if json_:
        print_json(told)
    else:
        print_guidance(told)
