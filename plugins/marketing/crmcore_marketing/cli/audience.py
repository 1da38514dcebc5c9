"""`crm marketing audience`: whom we mean to reach, as saved conditions, with who is left out and why."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crmcore.api import Reader, Transaction
    from crmcore_marketing.audiences.judging import Plan

_NAME = click.argument("audience_", metavar="NAME|ID")
_PURPOSES = click.Choice(["marketing", "sales", "service", "transactional"])
_CHANNELS = click.Choice(["email", "call", "sms", "chat", "letter", "fax", "meeting", "visit"])


def _planned(function: "Callable[..., Any]") -> "Callable[..., Any]":
    """Add the options of what is to be done: with which material, when."""
    at = click.option("--at", metavar="WHEN", help="As if it were then; default: now.")
    material = click.option("--material", "materials", multiple=True, metavar="CODE", help="What goes along.")
    return material(at(function))


@click.group()
def audience() -> None:
    """Save conditions that choose people; see who is in, and who is left out and why.

    A condition is CEL over contacts, their customers, and what plugins know: contact.language == "zh" &&
    sales.won_amount > 100000 && !has(customer.custom.tier). `crm marketing audience names` tells what can be asked.
    """


@audience.command()
@click.argument("name")
@click.argument("expression", metavar="CONDITION")
@click.option("--purpose", type=_PURPOSES, default="marketing", show_default=True)
@click.option("--channel", type=_CHANNELS, default="email", show_default=True)
@click.option("--note", default="")
@as_json
def add(name: str, expression: str, json_: bool, **fields: Any) -> None:
    """Save a condition under a name."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.audiences.keeping import add
    from crmcore_marketing.audiences.listing import one_of

    with session() as s, s.write() as tx:
        made = add(tx, name, expression, owner_id=tx.actor.user_id or None, **fields)
        tx.flush()
        found = one_of(tx, made.id)
    if json_:
        print_json(found)
    else:
        tell(_("Added audience {name}; `crm marketing audience show {id}` tells who is in.").format(
            name=found.name, id=found.id
        ))  # fmt: skip


@audience.command()
@_NAME
@click.option("--name")
@click.option("--expression", metavar="CONDITION")
@click.option("--purpose", type=_PURPOSES)
@click.option("--channel", type=_CHANNELS)
@click.option("--note")
@as_json
def edit(audience_: str, json_: bool, **given: Any) -> None:
    """Change an audience."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.audiences.choosing import audience_named
    from crmcore_marketing.audiences.keeping import edit
    from crmcore_marketing.audiences.listing import one_of

    with session() as s, s.write() as tx:
        key = audience_named(tx, audience_)
        edit(tx, key, {name: value for name, value in given.items() if value is not None})
        tx.flush()
        found = one_of(tx, key)
    if json_:
        print_json(found)
    else:
        tell(_("Changed audience {name}.").format(name=found.name))


@audience.command()
@_NAME
def remove(audience_: str) -> None:
    """Remove an audience; nobody whom it chose is touched."""
    from crmcore.api import session, tell
    from crmcore_marketing.audiences.choosing import audience_named
    from crmcore_marketing.audiences.keeping import remove

    with session() as s, s.write() as tx:
        remove(tx, audience_named(tx, audience_))
    tell(_("Removed audience {name}.").format(name=audience_))


@audience.command("list")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List audiences; `show` counts one."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.audiences.listing import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after)
    columns = [_("id"), _("audience"), _("condition"), _("purpose"), _("channel"), _("owner"), _("note")]
    present(
        Report(
            title=_("Audiences"),
            columns=[Column(one) for one in columns],
            rows=[
                (str(one.id), one.name, one.expression, _(one.purpose), _(one.channel), one.owner, one.note)
                for one in found
            ],
            data=found,
        ),
        json_=json_,
        out=out,
    )


@audience.command()
@_NAME
@_planned
@as_json
@out_option
def show(audience_: str, materials: tuple[str, ...], at: str | None, json_: bool, out: Path | None) -> None:
    """Count who is in now, and who is left out and why: by each condition, and of those chosen by whose objection.

    Everybody who is chosen is asked about as at the moment of sending; nobody is contacted, and nothing is noted.
    """
    from crmcore.api import session
    from crmcore_marketing.audiences.choosing import audience_named, selection_of
    from crmcore_marketing.audiences.explaining import explained
    from crmcore_marketing.audiences.listing import one_of
    from crmcore_marketing.cli.audience_told import report

    with session() as s, s.write() as tx:
        found = one_of(tx, audience_named(tx, audience_))
        told = explained(tx, selection_of(tx, found.id), plan(tx, found.channel, found.purpose, materials, at))
    present(report(found.name, told, found), json_=json_, out=out)


@audience.command("try")
@click.argument("expression", metavar="CONDITION")
@click.option("--purpose", type=_PURPOSES, default="marketing", show_default=True)
@click.option("--channel", type=_CHANNELS, default="email", show_default=True)
@_planned
@as_json
@out_option
def try_(
    expression: str,
    purpose: str,
    channel: str,
    materials: tuple[str, ...],
    at: str | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Count whom a condition would choose, without saving it."""
    from crmcore.api import selection, session
    from crmcore_marketing.audiences.explaining import explained
    from crmcore_marketing.cli.audience_told import report

    with session() as s, s.write() as tx:
        told = explained(tx, selection(tx, expression), plan(tx, channel, purpose, materials, at))
    present(report(expression, told), json_=json_, out=out)


@audience.command()
@_NAME
@click.option("--excluded", "which", flag_value="excluded", help="Those chosen who are left out, with the reasons.")
@click.option("--not-chosen", "which", flag_value="not chosen", help="Those not chosen, with what is not met.")
@_planned
@paged
@as_json
@out_option
def members(
    audience_: str,
    which: str | None,
    materials: tuple[str, ...],
    at: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List who is in now, or who is left out and why."""
    from crmcore.api import session
    from crmcore_marketing.audiences.choosing import audience_named, selection_of
    from crmcore_marketing.audiences.listing import not_chosen, one_of, people
    from crmcore_marketing.cli.audience_told import listed

    with session() as s, s.write() as tx:
        found = one_of(tx, audience_named(tx, audience_))
        chosen = selection_of(tx, found.id)
        if which == "not chosen":
            told = not_chosen(tx, chosen, limit=limit, after=after)
        else:
            doing = plan(tx, found.channel, found.purpose, materials, at)
            told = people(tx, chosen, doing, excluded=which == "excluded", limit=limit, after=after)
    present(listed(found.name, told), json_=json_, out=out)


@audience.command()
@_NAME
@click.option("--campaign", required=True, metavar="CAMPAIGN")
@click.option("--allowed", is_flag=True, help="Only those who may be contacted now; others are asked about later.")
@click.option("--source", default="", metavar="TEXT", help="Where they come from; default: the audience's name.")
@as_json
def materialise(audience_: str, campaign: str, allowed: bool, source: str, json_: bool) -> None:
    """Make whom it chooses now the members of a campaign; who is one already stays as far as he is."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.audiences.choosing import audience_named, selection_of
    from crmcore_marketing.audiences.judging import judged
    from crmcore_marketing.audiences.listing import one_of
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.members import join

    with session() as s, s.write() as tx:
        found = one_of(tx, audience_named(tx, audience_))
        key, chosen = campaign_named(tx, campaign), selection_of(tx, found.id)
        doing = plan(tx, found.channel, found.purpose, (), None)
        some = [one.contact_id for one in judged(tx, chosen, doing) if not one.against] if allowed else chosen.statement
        done = join(tx, key, some, source=source or found.name)
    told = {"campaign": key, "audience": found.id, "added": done.added, "moved": done.moved, "left": done.left}
    if json_:
        print_json(told)
    else:
        tell(_("{added} are new, {moved} moved on, {left} were there.").format(**told))


@audience.command("names")
@click.argument("part", default="", metavar="[PART]")
@as_json
@out_option
def names_(part: str, json_: bool, out: Path | None) -> None:
    """List what conditions can ask: fields, the workspace's own fields, and what plugins know."""
    from crmcore.api import askable, session
    from crmcore_marketing.cli.audience_told import named

    with session() as s, s.read() as reader:
        found = [one for one in askable(reader) if part.lower() in f"{one.name} {one.title}".lower()]
    present(named(found), json_=json_, out=out)


def plan(tx: "Transaction", channel: str, purpose: str, materials: "Sequence[str]", at: str | None) -> "Plan":
    """Return what is to be done, with the codes of materials; raises `NotFound` for one that is not there."""
    from crmcore_marketing.audiences.judging import Plan
    from crmcore_marketing.materials.finding import material_named

    codes = tuple(material_named(tx, one).code for one in materials)
    return Plan(channel=channel, purpose=purpose, materials=codes, at=_when(tx, at))


def _when(reader: "Reader", at: str | None) -> datetime:
    from crmcore.api import here, moment_said

    return moment_said("--at", at, here(reader)) if at else reader.now
