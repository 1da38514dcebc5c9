"""`crm sales opportunity list|show`."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore_sales.cli.opportunity_told import print_card, print_list

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore_sales.pipeline.finding import Asked


@click.command("list")
@click.option("--status", type=click.Choice(["open", "won", "lost", "all"]), default="open", show_default=True)
@click.option("--stage", "stages", multiple=True, metavar="STAGE")
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--owner", metavar="LOGIN")
@click.option("--team", default="", metavar="NAME")
@click.option("--customer", metavar="ID|NAME")
@click.option("--contact", metavar="ID|NAME")
@click.option("--product", default="", metavar="CODE|NAME", help="With a line of this product.")
@click.option("--quantity", metavar="FROM..TO", help="Of that product, or of all: 200, 100..500, 200.. .")
@click.option("--amount", metavar="FROM..TO", help="Such as 1M..2M.")
@click.option("--odds", metavar="FROM..TO", help="In per cent, such as 40..60.")
@click.option("--need-by", metavar="FROM..TO", help="Days, such as ..2026-09-30.")
@click.option("--closed", metavar="FROM..TO", help="Days; with --status won, lost or all.")
@click.option("--competitor", default="", metavar="NAME")
@click.option("--region", default="", metavar="NAME")
@click.option("--campaign", default="", metavar="NAME")
@click.option("--channel", default="", metavar="NAME")
@click.option("--currency", default="", metavar="CODE")
@click.option("--reason", default="", metavar="TEXT", help="Why it was won or lost.")
@click.option("--title", default="", metavar="TEXT", help="With this in the title.")
@click.option("--must-win", is_flag=True)
@click.option("--stuck", is_flag=True, help="Longer in their stage than it should take.")
@paged
@as_json
def list_(limit: int, after: int | None, json_: bool, **given: Any) -> None:
    """List opportunities by any of what they hold: amount, quantity, need-by day, competitor, odds."""
    from crmcore.api import print_json, session
    from crmcore_sales.pipeline.finding import statement
    from crmcore_sales.pipeline.views import views
    from crmcore_sales.tables import opportunity

    with session() as s, s.read() as reader:
        wanted = statement(_asked(reader, s.actor.user_id, given)).limit(limit)
        if after is not None:
            wanted = wanted.where(opportunity.c.id > after)
        found = views(reader, wanted)
    if json_:
        print_json(found)
    else:
        print_list(found)


def _asked(reader: "Reader", me: int, given: dict[str, Any]) -> "Asked":
    from crmcore.api import day_said, here, money_said, party_id, tables, user_named
    from crmcore_sales.pipeline.editing import reason_said
    from crmcore_sales.pipeline.finding import NO_RANGE, Asked, number_said, range_said
    from crmcore_sales.pipeline.guidance import limits, pipeline, stage_said

    process, today = pipeline(reader.definitions), here(reader).today

    def ranged(option: str, read: Any) -> Any:
        return range_said(option.replace("_", " "), given[option], read) if given[option] else NO_RANGE

    return Asked(
        status="" if given["status"] == "all" else given["status"],
        stages=[stage_said(process, one).name for one in given["stages"]],
        owner_id=me if given["mine"] else user_named(reader, given["owner"]).id if given["owner"] else None,
        team=given["team"],
        customer_id=party_id(reader, tables.customer, given["customer"]) if given["customer"] else None,
        contact_id=party_id(reader, tables.contact, given["contact"]) if given["contact"] else None,
        product=given["product"],
        competitor=given["competitor"],
        region=given["region"],
        campaign=given["campaign"],
        channel=given["channel"],
        currency=given["currency"].upper(),
        reason=reason_said(reader.definitions, given["reason"]) if given["reason"] else "",
        text=given["title"],
        must_win=given["must_win"],
        entered_before=limits(process, reader.now) if given["stuck"] else {},
        amount=ranged("amount", lambda text: money_said("amount", text)[0]),
        quantity=ranged("quantity", lambda text: number_said("quantity", text)),
        odds=ranged("odds", lambda text: number_said("odds", text.rstrip("%"))),
        need_by=ranged("need_by", lambda text: day_said("need by", text, today)),
        closed_on=ranged("closed", lambda text: day_said("closed", text, today)),
    )


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@as_json
def show(opportunity: str, json_: bool) -> None:
    """Show an opportunity: what it holds, what to do in its stage and whom to ask, and the ways on."""
    from crmcore.api import print_json, session
    from crmcore_sales.guiding.promised import clashes
    from crmcore_sales.pipeline.card import card
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.quoting import bonus as bonuses

    with session() as s, s.read() as reader:
        found = card(s.app, reader, opportunity_id(reader, opportunity))
        of = found.opportunity
        said = clashes(reader, [of.customer.id]) if of.customer and of.status == "open" else []
        earns = bonuses.of_deal(reader, of.id) if of.status == "open" else None
    if json_:
        print_json({**found.data(), "promised_otherwise": said, "bonus": earns})
    else:
        print_card(found)
        for one in said:
            click.echo(f"⚠ {one.reason}")
        if earns is not None:
            click.echo(bonuses.told(earns))
