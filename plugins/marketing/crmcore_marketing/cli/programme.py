"""`crm marketing programme`: the customers of an industry, whom we keep, develop and win."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import Commands, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.api import Reader
    from crmcore.reports.report import Report
    from crmcore_marketing.programmes.views import ProgrammeView

_MOVING = "crmcore_marketing.cli.programme_customers"
_GOALS = ("keep", "develop", "win")


@click.group(
    cls=Commands,
    lazy={
        "place": (f"{_MOVING}:place", "Place customers in a play; each is in one at a time."),
        "result": (f"{_MOVING}:result", "Note what came of customers: lost, developed, won."),
        "notice": (f"{_MOVING}:notice", "Note who bought since; a worker does so every night."),
        "customers": (f"{_MOVING}:customers", "List the customers, each with its play and what came of it."),
        "report": (f"{_MOVING}:report", "Show a month: how many were kept, developed and won."),
    },
    translate=_,
)
def programme() -> None:
    """Keep programmes by industry; one is named by its id, its name or its industry."""


@programme.command()
@click.argument("name")
@click.option("--industry", default="", help="Whose customers it is for.")
@click.option(
    "--play", "plays", multiple=True, metavar="GOAL:NAME", help="keep:NAME, develop:NAME or win:NAME; several."
)
@click.option("--from", "since", metavar="DATE")
@click.option("--to", "until", metavar="DATE")
@click.option("--campaign", "campaigns", multiple=True, metavar="CAMPAIGN", help="One that belongs to it; several.")
@click.option("--owner", metavar="LOGIN", help="Whose it is; default: yours.")
@click.option("--note", default="")
@as_json
def add(
    name: str,
    industry: str,
    plays: tuple[str, ...],
    since: str | None,
    until: str | None,
    campaigns: tuple[str, ...],
    owner: str | None,
    note: str,
    json_: bool,
) -> None:
    """Add a programme with its plays: ways to keep, develop or win customers. Without any it has one of each."""
    from crmcore.api import session, user_named
    from crmcore_marketing.programmes.keeping import add

    with session() as s:
        with s.write() as tx:
            fields: dict[str, Any] = {"name": name, "industry": industry, "note": note, **_days(tx, since, until)}
            if owner:
                fields["owner_id"] = user_named(tx, owner).id
            made = add(tx, fields, [_play(one) for one in plays])
            _belong(tx, made.id, campaigns)
        with s.read() as reader:
            _print_one(reader, made.id, json_, _("Added programme {id}: {name}"))


@programme.command()
@click.argument("programme_", metavar="PROGRAMME")
@click.option("--name")
@click.option("--industry")
@click.option("--from", "since", metavar="DATE")
@click.option("--to", "until", metavar="DATE")
@click.option("--play", "plays", multiple=True, metavar="GOAL:NAME", help="Add a play; several.")
@click.option("--rename", multiple=True, nargs=2, metavar="PLAY NAME", help="Call a play otherwise.")
@click.option("--steps", multiple=True, nargs=2, metavar="PLAY TEXT", help="What is done in a play.")
@click.option("--campaign", "campaigns", multiple=True, metavar="CAMPAIGN", help="One that belongs to it; several.")
@click.option("--owner", metavar="LOGIN")
@click.option("--note")
@as_json
def edit(
    programme_: str,
    since: str | None,
    until: str | None,
    plays: tuple[str, ...],
    rename: tuple[tuple[str, str], ...],
    steps: tuple[tuple[str, str], ...],
    campaigns: tuple[str, ...],
    owner: str | None,
    json_: bool,
    **given: Any,
) -> None:
    """Change a programme, its plays, and which campaigns belong to it."""
    from crmcore.api import session, user_named
    from crmcore_marketing.programmes.finding import play_named, programme_named
    from crmcore_marketing.programmes.keeping import add_play, edit, edit_play

    with session() as s:
        with s.write() as tx:
            key = programme_named(tx, programme_)
            fields = {name: value for name, value in given.items() if value is not None} | _days(tx, since, until)
            if owner:
                fields["owner_id"] = user_named(tx, owner).id
            for name, pairs in (("name", rename), ("steps", steps)):
                for play, text in pairs:
                    edit_play(tx, play_named(tx, key, play), {name: text})
            for goal, called in map(_play, plays):
                add_play(tx, key, goal, called)
            _belong(tx, key, campaigns)
            if fields or not (plays or rename or steps or campaigns):
                edit(tx, key, fields)
        with s.read() as reader:
            _print_one(reader, key, json_, _("Changed programme {id}: {name}"))


@programme.command("list")
@click.option("--industry", default="", help="Only for this one.")
@paged
@as_json
@out_option
def list_(industry: str, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List programmes, each with how many customers it has."""
    from crmcore.api import session
    from crmcore_marketing.programmes.views import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, industry=industry)
    present(_report(found), json_=json_, out=out)


@programme.command()
@click.argument("programme_", metavar="PROGRAMME")
@as_json
def show(programme_: str, json_: bool) -> None:
    """Show a programme: its plays, each with how many customers it has now, and its campaigns."""
    from crmcore.api import print_json, print_table, session
    from crmcore_marketing.programmes.finding import programme_named
    from crmcore_marketing.programmes.views import view

    with session() as s, s.read() as reader:
        found = view(reader, programme_named(reader, programme_))
    if json_:
        print_json(found)
        return
    present(_report([found]))
    print_table(
        [_("play"), _("goal"), _("customers"), _("what is done")],
        [(one.name, _(one.goal), one.customers, one.steps) for one in found.plays],
    )
    if found.campaigns:
        print_table(
            [_("campaign"), _("name"), _("state")],
            [(one.code or one.id, one.name, _(one.status)) for one in found.campaigns],
        )


def _play(said: str) -> tuple[str, str]:
    goal, colon, name = said.partition(":")
    if goal.strip().lower() not in _GOALS or not (name.strip() or not colon):
        raise click.UsageError(_("--play: write “{said}” as keep:NAME, develop:NAME or win:NAME.").format(said=said))
    return goal.strip().lower(), name.strip() or goal.strip()


def _days(reader: "Reader", since: str | None, until: str | None) -> dict[str, Any]:
    from crmcore.api import day_said, here

    today = here(reader).today
    found = {}
    for option, name, said in (("--from", "starts_on", since), ("--to", "ends_on", until)):
        if said is not None:
            found[name] = day_said(option, said, today) if said else None
    return found


def _belong(tx: Any, key: int, campaigns: "Sequence[str]") -> None:
    """Let campaigns belong to a programme; each belongs to one."""
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.model.campaign import Campaign

    for one in campaigns:
        tx.get(Campaign, campaign_named(tx, one)).programme_id = key


def _print_one(reader: "Reader", key: int, json_: bool, said: str) -> None:
    from crmcore.api import print_json, tell
    from crmcore_marketing.programmes.views import view

    found = view(reader, key)
    if json_:
        print_json(found)
    else:
        tell(said.format(id=found.id, name=found.name))


def _report(found: "Sequence[ProgrammeView]") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Programmes"),
        columns=[
            Column(_("id"), number=True), Column(_("name")), Column(_("industry")), Column(_("from")), Column(_("to")),
            Column(_("owner")), Column(_("plays"), number=True), Column(_("customers"), number=True),
        ],
        rows=[
            (
                one.id, one.name, one.industry, one.starts_on, one.ends_on, one.owner, len(one.plays), one.customers,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
