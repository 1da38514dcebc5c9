"""`crm sales play`: what has worked when a deal did not move."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_sales.guiding.advising import Advised
    from crmcore_sales.model.play import Play

_ROLE = click.Choice(["buyer", "user", "technical", "budget", "coach", "boss", "influencer"])
_days = click.option(
    "--days", type=click.IntRange(1, 3650), default=21, show_default=True, help="From how many days on a deal is stuck."
)


@click.group()
def play() -> None:
    """Keep plays, see which deals are stuck, and what worked in similar ones. Nobody types which play was made."""


@play.command()
@click.argument("deal", metavar="ID|TITLE")
@_days
@click.option("--least", type=click.IntRange(1), default=5, show_default=True, help="In how many deals it worked.")
@click.option("--most", type=click.IntRange(1), default=2, show_default=True, help="How many plays to show.")
@as_json
@out_option
def advise(deal: str, days: int, least: int, most: int, json_: bool, out: Path | None) -> None:
    """Show the plays that worked in similar deals that were stuck in the same stage, with their success rates."""
    from crmcore.api import session
    from crmcore.reports.showing import present
    from crmcore_sales.guiding.advising import advise
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.read() as reader:
        found = advise(reader, opportunity_id(reader, deal), days=days, least=least, most=most)
    present(_report(found, days, least), json_=json_, out=out)


@play.command()
@_days
@click.option("--owner", metavar="LOGIN", help="Only deals of this rep.")
@paged
@as_json
def stuck(days: int, owner: str | None, limit: int, after: int | None, json_: bool) -> None:
    """List open deals that have not moved."""
    from crmcore.api import print_json, print_table, session, user_named
    from crmcore.reports.report import money
    from crmcore_sales.guiding.stuck import stuck as stuck_deals

    with session() as s, s.read() as reader:
        owner_id = user_named(reader, owner).id if owner else None
        found = stuck_deals(reader, days=days, owner_id=owner_id, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("deal"), _("customer"), _("owner"), _("stage"), _("days"), _("amount")],
        [(o.id, o.title, o.customer, o.owner, o.stage, o.days, money(o.amount, o.currency)) for o in found],
    )


@play.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the plays, and how each is known from interactions."""
    from crmcore.api import print_json, print_table, session, tell
    from crmcore_sales.guiding.playbook import plays

    with session() as s, s.read() as reader:
        found = plays(reader, all_=True)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("play"), _("channel"), _("words"), _("with"), _("how"), _("used")],
        [
            (
                row.id or "",
                row.name,
                row.channel,
                row.words,
                _(row.role) if row.role else "",
                row.text,
                "✓" if row.active else "",
            )
            for row in found
        ],
    )
    if not any(row.id for row in found):
        tell(_("These come with sales; those you add stand in their place."))


def _told(function: "click.decorators.FC") -> "click.decorators.FC":
    """Add the options that say how a play is known."""
    options = (
        click.option("--channel", help="Of an interaction: call, email, meeting, message, visit, ..."),
        click.option("--words", help="Words in its subject or text, separated by commas; one of them is enough."),
        click.option("--role", type=_ROLE, help="With a person in this buying role."),
        click.option("--text", help="How to do it."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@play.command()
@click.argument("name")
@_told
@as_json
def add(name: str, json_: bool, **given: str | None) -> None:
    """Add a play, and say by what interaction it is known."""
    from crmcore.api import session
    from crmcore_sales.guiding import playbook

    with session() as s, s.write() as tx:
        added = playbook.add(tx, name, {key: value for key, value in given.items() if value is not None})
    _print(added, json_)


@play.command()
@click.argument("play_id", type=RECORD_ID, metavar="ID")
@click.option("--name")
@_told
@click.option("--active/--inactive", default=None, help="Whether it is looked for.")
@as_json
def edit(play_id: int, json_: bool, **given: str | bool | None) -> None:
    """Change a play."""
    from crmcore.api import session
    from crmcore_sales.guiding import playbook

    with session() as s, s.write() as tx:
        changed = playbook.edit(tx, play_id, {key: value for key, value in given.items() if value is not None})
    _print(changed, json_)


@play.command()
@click.argument("play_id", type=RECORD_ID, metavar="ID")
def remove(play_id: int) -> None:
    """Remove a play."""
    from crmcore.api import session, tell
    from crmcore_sales.model.play import Play

    with session() as s, s.write() as tx:
        tx.remove(tx.get(Play, play_id))
    tell(_("Play {id} is removed.").format(id=play_id))


def _print(one: "Play", json_: bool) -> None:
    from crmcore.api import print_json

    if json_:
        print_json(one)
    else:
        click.echo(f"{_('play')} {one.id}: {one.name}")


def _report(found: "Advised", days: int, least: int) -> "Report":
    from decimal import Decimal

    from crmcore.reports.report import Column, Report, percent

    return Report(
        title=_("{deal}: {stage} for {days} days").format(deal=found.title, stage=found.stage, days=found.days),
        columns=(
            Column(_("what worked")),
            Column(_("worked"), number=True),
            Column(_("without it"), number=True),
            Column(_("how")),
        ),
        rows=[
            (
                one.name,
                f"{percent(one.rate)} ({one.worked}/{one.tried})",
                f"{percent(one.base)} ({one.others_moved}/{one.others})",
                one.text,
            )
            for one in found.plays
        ],
        bars=[(one.name, Decimal(f"{one.rate:.2f}")) for one in found.plays],
        notes=(
            *(() if found.plays else (_("no play worked in {least} similar deals or more yet").format(least=least),)),
            _("{n} similar deals were stuck there for {days} days or more").format(n=found.stuck, days=days),
            found.likeness.said(),
            _("worked: moved forward within 30 days of it; this is what went together, not what caused what"),
        ),
        data={
            "deal_id": found.deal_id,
            "stage": found.stage,
            "days": found.days,
            "stuck": found.stuck,
            "similar": found.likeness,
            "plays": [
                {"name": one.name, "text": one.text, "n": one.tried, "worked": one.worked, "rate": round(one.rate, 4)}
                | {"without": {"n": one.others, "moved": one.others_moved}}
                for one in found.plays
            ],
        },
    )
