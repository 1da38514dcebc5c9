"""`crm marketing material`: brochures and the like, and who got them from whom."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_marketing.materials.finding import MaterialView


@click.group()
def material() -> None:
    """Keep materials, give them to people, and see who got them from whom; named by code, name or id."""


@material.command()
@click.argument("code")
@click.option("--name", default="", help="What it is called.")
@click.option("--kind", default="brochure", show_default=True, help="Such as brochure, sample, white paper.")
@click.option("--product", default="", help="What it is about.")
@click.option("--edition", default="")
@click.option("--file", default="", metavar="PATH|URL", help="Where it lies; its name is known in mails by this.")
@click.option("--days", type=click.IntRange(0), help="Nobody gets it again so soon; default: the workspace's.")
@click.option("--unit-cost", metavar="SUM", help="What one costs.")
@click.option("--note", default="")
@as_json
def add(code: str, unit_cost: str | None, json_: bool, **fields: Any) -> None:
    """Add a material."""
    from crmcore.api import money_said, print_json, session, tell
    from crmcore_marketing.materials.finding import materials
    from crmcore_marketing.materials.keeping import add

    with session() as s, s.write() as tx:
        cost = money_said("--unit-cost", unit_cost)[0] if unit_cost else None
        made = add(tx, code, {**fields, "unit_cost": cost})
        tx.flush()
        (found,) = materials(tx, limit=1, key=made.id)
    if json_:
        print_json(found)
    else:
        tell(_("Added material {code}.").format(code=found.code))


@material.command()
@click.argument("material_", metavar="CODE|NAME|ID")
@click.option("--name")
@click.option("--kind")
@click.option("--product")
@click.option("--edition")
@click.option("--file", metavar="PATH|URL")
@click.option("--days", type=click.IntRange(0))
@click.option("--active/--inactive", default=None)
@click.option("--note")
@as_json
def edit(material_: str, json_: bool, **given: Any) -> None:
    """Change a material; an empty text takes a value away."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.materials.finding import material_named, materials
    from crmcore_marketing.materials.keeping import edit

    with session() as s, s.write() as tx:
        key = material_named(tx, material_).id
        edit(tx, key, {name: value for name, value in given.items() if value is not None})
        tx.flush()
        (found,) = materials(tx, limit=1, key=key)
    if json_:
        print_json(found)
    else:
        tell(_("Changed material {code}.").format(code=found.code))


@material.command("list")
@click.option("--active/--inactive", default=None, help="Default: both.")
@paged
@as_json
@out_option
def list_(active: bool | None, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List materials, each with how many people got it, and when last."""
    from crmcore.api import session
    from crmcore_marketing.materials.finding import materials

    with session() as s, s.read() as reader:
        found = materials(reader, limit=limit, after=after, active=active)
    present(_report(found), json_=json_, out=out)


@material.command()
@click.argument("material_", metavar="CODE|NAME|ID")
@paged
@as_json
@out_option
def show(material_: str, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """Show a material, and who got it from whom, the latest first."""
    from crmcore.api import session
    from crmcore_marketing.materials.finding import material_named, materials
    from crmcore_marketing.materials.handouts import handouts, report

    with session() as s, s.read() as reader:
        key = material_named(reader, material_).id
        (found,) = materials(reader, limit=1, key=key)
        given = handouts(reader, material_id=key, limit=limit, after=after)
    present(report(found, given), json_=json_, out=out)


@material.command()
@click.argument("material_", metavar="CODE|NAME|ID")
@click.argument("contacts", nargs=-1, metavar="[CONTACT]...")
@click.option("--campaign", default="", metavar="CAMPAIGN", help="To its members; it counts as this campaign's.")
@click.option("--audience", default="", metavar="NAME", help="To whom this audience chooses.")
@click.option("--channel", type=click.Choice(("visit", "meeting", "letter", "email")), default="visit")
@click.option("--user", metavar="LOGIN", help="Who gives it; default: you.")
@click.option("--at", metavar="WHEN", help="Default: now.")
@click.option("--dry-run", is_flag=True, help="Only tell who would be left out.")
@as_json
def give(
    material_: str,
    contacts: tuple[str, ...],
    campaign: str,
    audience: str,
    channel: str,
    user: str | None,
    at: str | None,
    dry_run: bool,
    json_: bool,
) -> None:
    """Give a material to people; who got it lately from anyone, or wants no mail, is left out and told."""
    from crmcore.api import here, moment_said, print_json, session, user_named
    from crmcore_marketing.cli.people import chosen_contacts
    from crmcore_marketing.materials.finding import material_named
    from crmcore_marketing.materials.giving import give
    from crmcore_marketing.materials.handouts import left_out_report

    with session() as s, s.write() as tx:
        what = material_named(tx, material_)
        chosen = chosen_contacts(tx, contacts, campaign=campaign, audience=audience)
        done = give(
            tx,
            what.id,
            what.code,
            chosen.contact_ids,
            at=moment_said("--at", at, here(tx)) if at else tx.now,
            user_id=user_named(tx, user).id if user else tx.actor.user_id,
            channel=channel,
            campaign_id=chosen.campaign_id,
        )
        told = left_out_report(tx, what.code, done, only_told=dry_run)
        if dry_run:
            tx.abandon()
    if json_:
        print_json(told.data)
    else:
        present(told)


def _report(found: "Sequence[MaterialView]") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Materials"),
        columns=[
            Column(_("id"), number=True), Column(_("code")), Column(_("name")), Column(_("product")),
            Column(_("edition")), Column(_("people"), number=True), Column(_("given"), number=True),
            Column(_("last"), day=True),
            Column(_("not again for"), number=True),
        ],
        rows=[
            (
                one.id, one.code, one.name, one.product, one.edition, one.people, one.given,
                one.last_at,
                "" if one.days is None else _("{n} days").format(n=one.days),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
