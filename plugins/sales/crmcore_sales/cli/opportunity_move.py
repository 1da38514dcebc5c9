"""`crm sales opportunity move|win|lose`."""

from typing import Any

import click

from crmcore.command import as_json
from crmcore_sales.cli.opportunity_said import assign_said, details, fields_said
from crmcore_sales.cli.opportunity_told import tell_opportunity


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.argument("stage")
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE=CONTACT", help="Who has a role in it, such as budget=Li Wei."
)
@click.option("--owner", metavar="LOGIN")
@details
@as_json
def move(opportunity: str, stage: str, roles: tuple[str, ...], json_: bool, **given: Any) -> None:
    """Move an opportunity into another stage; what the way asks for can be said along with it.

    A way that is not open is refused with all the reasons. To close it, see `win` and `lose`.
    """
    from crmcore.api import InvalidInput, party_id, session, tables
    from crmcore_sales.i18n import _
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.editing import move_on
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.pipeline.guidance import pipeline, stage_said
    from crmcore_sales.pipeline.people import role_said, set_roles

    with session() as s:
        with s.write() as tx:
            record = tx.get(Opportunity, opportunity_id(tx, opportunity))
            said = fields_said(tx, given)
            assign_said(tx, record, given["values"])
            for pair in roles:
                name, sign, who = pair.partition("=")
                if not sign:
                    raise InvalidInput(_("“{text}” is not of the form ROLE=CONTACT.").format(text=pair))
                set_roles(tx, record, party_id(tx, tables.contact, who.strip()), [role_said(name)])
            tx.flush()  # what guards ask for is found with what was said here
            move_on(tx, record, stage_said(pipeline(tx.definitions), stage), said)
        tell_opportunity(s, record.id, json_=json_)


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.option("--reason", default="", metavar="TEXT", help="Why: a term such as PRICE, or what it was.")
@click.option("--amount", metavar="AMOUNT", help="What it was won for.")
@click.option("--note", default="", metavar="TEXT", help="More about why.")
@click.option("--stage", default="", metavar="STAGE", help="Where several stages are a win.")
@as_json
def win(opportunity: str, reason: str, amount: str | None, note: str, stage: str, json_: bool) -> None:
    """Close an opportunity as won, and say why."""
    from crmcore.api import session
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.editing import win as close
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s:
        with s.write() as tx:
            record = tx.get(Opportunity, opportunity_id(tx, opportunity))
            for name, value in fields_said(tx, {"amount": amount}).items():
                setattr(record, name, value)
            close(tx, record, reason=reason, note=note, stage_text=stage)
        tell_opportunity(s, record.id, json_=json_)


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.option("--reason", default="", metavar="TEXT", help="Why: a term such as PRICE, or what it was.")
@click.option("--to", default="", metavar="COMPETITOR", help="Who won it.")
@click.option("--price", metavar="AMOUNT", help="What they asked, in the opportunity's currency.")
@click.option("--note", default="", metavar="TEXT", help="More about why.")
@click.option("--stage", default="", metavar="STAGE", help="Where several stages are a loss.")
@as_json
def lose(opportunity: str, reason: str, to: str, price: str | None, note: str, stage: str, json_: bool) -> None:
    """Close an opportunity as lost: why, to which competitor, at what price."""
    from crmcore.api import money_said, session
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.editing import lose as close
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s:
        with s.write() as tx:
            record = tx.get(Opportunity, opportunity_id(tx, opportunity))
            asked = money_said("price", price)[0] if price else None
            close(tx, record, reason=reason, note=note, to=to, price=asked, stage_text=stage)
        tell_opportunity(s, record.id, json_=json_)
