"""`crm marketing qualification` and `recontact`: what people need, and whom to ask again when."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.cli.qualify import tell_handed
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_marketing.qualifying.listing import QualificationView

_CAMPAIGN = click.option("--campaign", default="", metavar="CAMPAIGN", help="Those asked in this campaign alone.")
_AGENT = click.option("--agent", metavar="LOGIN", help="Those whom this person asked.")


@click.group()
def qualification() -> None:
    """See what people who were asked need: now, later, nothing; by agent, campaign or product."""


@qualification.command("list")
@click.option("--result", type=click.Choice(("now", "later", "none")), help="Default: all.")
@_CAMPAIGN
@_AGENT
@click.option("--contact", default="", metavar="ID|NAME")
@paged
@as_json
@out_option
def list_(
    result: str | None,
    campaign: str,
    agent: str | None,
    contact: str,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List what people answered, the latest first."""
    from crmcore.api import party_id, session, tables, user_named
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.qualifying.listing import Wanted, page

    with session() as s, s.read() as reader:
        wanted = Wanted(
            result=result or "",
            campaign_id=campaign_named(reader, campaign) if campaign else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            agent_id=user_named(reader, agent).id if agent else None,
        )
        found = page(reader, wanted, limit=limit, after=after)
        report = _report(_("What people need"), found)
    present(report, json_=json_, out=out)


@qualification.command()
@click.argument("key", type=click.IntRange(1), metavar="ID")
@as_json
def show(key: int, json_: bool) -> None:
    """Show what somebody answered, and what became of it."""
    from crmcore.api import here, print_json, print_table, session
    from crmcore.reports.report import money
    from crmcore_marketing.qualifying.listing import one

    with session() as s, s.read() as reader:
        found, zone = one(reader, key), here(reader).zone
    if json_:
        print_json(found)
        return
    told: list[tuple[str, object]] = [
        (_("contact"), found.contact.name if found.contact else ""),
        (_("customer"), found.customer.name if found.customer else ""),
        (_("campaign"), found.campaign.name if found.campaign else ""),
        (_("asked by"), found.agent),
        (_("asked at"), found.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")),
        (_("result"), _(found.result)),
        (_("need"), found.need),
        (_("product"), found.product),
        (_("quantity"), found.quantity),
        (_("need by"), found.need_by),
        (_("budget"), money(found.budget, found.currency)),
        (_("again on"), found.again_on),
        (_("task"), found.task_id),
        (_("became"), ", ".join(f"{_(each.entity)} {each.id}" for each in found.became)),
        (_("note"), found.note),
    ]
    print_table(["", ""], [(name, value) for name, value in told if value not in (None, "")])


@qualification.command()
@click.option("--by", type=click.Choice(("agent", "campaign", "product")), default="agent", show_default=True)
@click.option("--campaign", default="", metavar="CAMPAIGN", help="In this campaign and those below it.")
@click.option("--since", metavar="DAY", help="Asked from this day on.")
@click.option("--until", metavar="DAY", help="Asked before this day.")
@as_json
@out_option
def report(by: str, campaign: str, since: str | None, until: str | None, json_: bool, out: Path | None) -> None:
    """Count who needs something now, later, nothing, by the last answer of each."""
    from crmcore.api import here, moment_said, session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.qualifying.filtered import filtered
    from crmcore_marketing.qualifying.filtered import report as made

    with session() as s, s.read() as reader:
        place = here(reader)
        found = filtered(
            reader,
            by=by,
            campaign_id=campaign_named(reader, campaign) if campaign else None,
            since=moment_said("--since", since, place) if since else None,
            until=moment_said("--until", until, place) if until else None,
        )
        told = made(found, reader)
    present(told, json_=json_, out=out)


@qualification.command("hand-over")
@click.option("--campaign", default="", metavar="CAMPAIGN", help="Of this campaign alone.")
@click.option("--owner", metavar="LOGIN", help="Whose leads they are to be; default: nobody's yet.")
@as_json
def hand_over(campaign: str, owner: str | None, json_: bool) -> None:
    """Hand over those who need something now and were not handed over yet."""
    from crmcore.api import owner_named, print_json, session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.qualifying.handing import hand_over, waiting

    with session() as s, s.write() as tx:
        found = waiting(tx, campaign_named(tx, campaign) if campaign else None)
        handed = hand_over(tx, found, owner_named(tx, owner) if owner else None)
    if json_:
        taken = [{"entity": entity, "id": key} for entity, key in handed.taken]
        print_json({"handed": taken, "waiting": handed.waiting, "taken_by": handed.taker})
    else:
        tell_handed(handed)


@click.group()
def recontact() -> None:
    """Whom to ask again, on which day."""


@recontact.command("list")
@click.option("--until", metavar="DAY", help="Due by this day; default: all.")
@_CAMPAIGN
@_AGENT
@paged
@as_json
@out_option
def recontacts(
    until: str | None,
    campaign: str,
    agent: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List whom to ask again, the first day first; each is a task of who asked them."""
    from crmcore.api import day_said, here, session, user_named
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.qualifying.listing import Wanted
    from crmcore_marketing.qualifying.listing import recontacts as found_in

    with session() as s, s.read() as reader:
        wanted = Wanted(
            campaign_id=campaign_named(reader, campaign) if campaign else None,
            agent_id=user_named(reader, agent).id if agent else None,
            until=day_said("--until", until, here(reader).today) if until else None,
        )
        found = found_in(reader, wanted, limit=limit, after=after)
        report = _report(_("To be asked again"), found)
    present(report, json_=json_, out=out)


def _report(title: str, found: "Sequence[QualificationView]") -> "Report":
    from crmcore.reports.report import Column, Report, money

    return Report(
        title=title,
        columns=[
            Column(_("id")), Column(_("contact")), Column(_("result")), Column(_("need")), Column(_("product")),
            Column(_("quantity"), number=True), Column(_("need by")), Column(_("budget"), number=True),
            Column(_("again on")), Column(_("agent")), Column(_("asked"), day=True),
        ],
        rows=[
            (
                one.id, one.contact.name if one.contact else "", _(one.result), one.need, one.product, one.quantity,
                one.need_by, money(one.budget, one.currency), one.again_on, one.agent,
                one.at,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
