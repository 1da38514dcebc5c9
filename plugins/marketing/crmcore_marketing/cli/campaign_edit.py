"""`crm marketing campaign add|split|edit|move|remove`."""

from pathlib import Path
from typing import Any

import click

from crmcore.command import as_json
from crmcore_marketing.cli.campaign_said import assign_said, details, fields_said
from crmcore_marketing.cli.campaign_told import print_changed
from crmcore_marketing.i18n import _


@click.command()
@click.argument("name")
@click.option("--status", metavar="STATE", help="Default: the first, planned.")
@details
@as_json
def add(name: str, status: str | None, json_: bool, **given: Any) -> None:
    """Add a campaign; one below another is like that one where nothing else is said."""
    from crmcore.api import session
    from crmcore_marketing.campaigns.editing import add as add_campaign

    with session() as s:
        with s.write() as tx:
            said = {**fields_said(tx, given), "name": name.strip(), "status": status}
            record = add_campaign(tx, said)
            assign_said(tx, record, given)
        print_changed(s, record.id, json_=json_)


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table with a column place, and perhaps name, code, from, to, planned cost.",
)
@click.option("--planned-cost", metavar="AMOUNT", help="Of each.")
@as_json
def split(campaign: str, places: tuple[str, ...], file: Path | None, planned_cost: str | None, json_: bool) -> None:
    """Make a campaign below one for each place: a tour of twenty cities is one campaign with twenty below it.

    A place that has one already is left as it is.
    """
    import attrs

    from crmcore.api import InvalidInput, money_said, print_json, session, tell
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.splitting import Place, places_in
    from crmcore_marketing.campaigns.splitting import split as make

    with session() as s, s.write() as tx:
        cost = money_said("planned cost", planned_cost)[0] if planned_cost else None
        wanted = [Place(place=one.strip()) for one in places if one.strip()]
        wanted += places_in(file) if file else []
        wanted = [attrs.evolve(one, planned_cost=one.planned_cost or cost) for one in wanted]
        if not wanted:
            raise InvalidInput(_("Name the places, or give them in a --file."))
        key = campaign_named(tx, campaign)
        made, left = make(tx, key, wanted)
        tx.flush()
        told = [{"id": one.id, "code": one.code, "name": one.name, "place": one.place} for one in made]
    if json_:
        print_json({"parent": key, "made": told, "left": left})
    else:
        tell(_("{n} campaigns made, {left} were there.").format(n=len(told), left=len(left)))


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
@click.option("--name", metavar="TEXT")
@click.option("--version", type=int, metavar="N", help="The version you read; what others changed is not overwritten.")
@details
@as_json
def edit(campaign: str, name: str | None, version: int | None, json_: bool, **given: Any) -> None:
    """Change a campaign, or say what came of it; what is not said stays, an empty text takes a value away."""
    from crmcore.api import Conflict, session
    from crmcore_marketing.campaigns.editing import edit as change
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.model.campaign import Campaign

    with session() as s:
        with s.write() as tx:
            record = tx.get(Campaign, campaign_named(tx, campaign))
            if version is not None and version != record.version:
                raise Conflict(
                    _("Campaign {id} is at version {now}, not {read}: somebody changed it.").format(
                        id=record.id, now=record.version, read=version
                    ),
                    {},
                )
            change(tx, record, fields_said(tx, given) | ({"name": name.strip()} if name else {}))
            assign_said(tx, record, given)
        print_changed(s, record.id, json_=json_)


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
@click.argument("state")
@as_json
def move(campaign: str, state: str, json_: bool) -> None:
    """Move a campaign into another state: planned, active, completed, cancelled, or what your workspace defines."""
    from crmcore.api import move as move_record
    from crmcore.api import session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.model.campaign import Campaign

    with session() as s:
        with s.write() as tx:
            record = tx.get(Campaign, campaign_named(tx, campaign))
            move_record(tx, record, state)
        print_changed(s, record.id, json_=json_)


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
def remove(campaign: str) -> None:
    """Remove a campaign entered by mistake; one with members, mailings or events is cancelled instead."""
    from crmcore.api import session, tell
    from crmcore_marketing.campaigns.editing import remove as take_away
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.model.campaign import Campaign

    with session() as s, s.write() as tx:
        record = tx.get(Campaign, campaign_named(tx, campaign))
        take_away(tx, record)
    tell(_("Campaign {id} “{name}” is removed.").format(id=record.id, name=record.name))
