"""`crm marketing card`: business cards by the thousand, and what is done with the people on them."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmcore.reports.report import Report
    from crmcore_marketing.cards.handling import Progress

_WIDTH = 40


@click.group()
def card() -> None:
    """Take the people of imported cards into a campaign, and see that each of them is handled."""


@card.command()
@click.argument("batch", type=RECORD_ID, metavar="IMPORT")
@click.option("--campaign", required=True, metavar="CAMPAIGN", help="Where the cards come from.")
@click.option(
    "--list", "lists", multiple=True, metavar="NAME=CONDITION",
    help="Who is on which list (CEL), the first that fits; default: call, write, research by how they are reached.",
)  # fmt: skip
@as_json
def take(batch: int, campaign: str, lists: tuple[str, ...], json_: bool) -> None:
    """Sort the people of an import (`crm import list`): customers, somebody's own, and new ones on lists."""
    from crmcore.api import print_json, session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.cards.taking import said, take

    with session() as s, s.write() as tx:
        done = take(tx, batch, campaign_named(tx, campaign), said(lists))
    if json_:
        print_json(done)
        return
    known = done.standing
    click.echo(
        _("{people} people: {customers} stand for customers, {owned} are looked after, {new} are new.").format(
            people=done.people, customers=known.get("customer", 0), owned=known.get("owned", 0), new=known.get("new", 0)
        )
    )
    for name, n in done.lists.items():
        click.echo(f"{name}: {n}")


@card.command()
@click.argument("campaign", metavar="CAMPAIGN")
@as_json
@out_option
def progress(campaign: str, json_: bool, out: Path | None) -> None:
    """Show how many of the people are handled, in all and by list."""
    from crmcore.api import session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.cards.handling import progress, standings

    with session() as s, s.read() as reader:
        key = campaign_named(reader, campaign)
        found, known = progress(reader, key), standings(reader, key)
    present(_progress(found, known), json_=json_, out=out)


@card.command("list")
@click.argument("campaign", metavar="CAMPAIGN")
@click.argument("worklist", metavar="LIST")
@paged
@as_json
@out_option
def list_(campaign: str, worklist: str, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List the people of a list who wait, in the order they came."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.cards.handling import waiting

    with session() as s, s.read() as reader:
        found = waiting(reader, campaign_named(reader, campaign), worklist, limit=limit, after=after)
    told = Report(
        title=_("Waiting on {name}").format(name=worklist),
        columns=[
            Column(_("id"), number=True), Column(_("contact")), Column(_("title")), Column(_("customer")),
            Column(_("phone")), Column(_("e-mail")),
        ],
        rows=[(one.id, one.name, one.title, one.customer, one.phone, one.email) for one in found],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)


@card.command()
@click.argument("campaign", metavar="CAMPAIGN")
@click.argument("reason")
@click.argument("contacts", nargs=-1, required=True, metavar="CONTACT...")
def handle(campaign: str, reason: str, contacts: tuple[str, ...]) -> None:
    """Take people off their list, saying what was done, or why nothing is; a talk takes them off by itself."""
    from crmcore.api import session, tell
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.joining import members_named
    from crmcore_marketing.cards.handling import handle

    with session() as s, s.write() as tx:
        n = handle(tx, members_named(tx, campaign_named(tx, campaign), contacts), reason, tx.now)
    tell(_("{n} handled.").format(n=n))


def _progress(found: "Sequence[Progress]", known: "Mapping[str, int]") -> "Report":
    from crmcore.reports.report import Column, Report, percent

    people, handled = sum(one.people for one in found), sum(one.handled for one in found)
    share = handled / people if people else 0.0
    filled = int(share * _WIDTH)

    def row(name: str, of: int, done: int) -> tuple[Any, ...]:
        return name, of, done, of - done, percent(done / of) if of else ""

    return Report(
        title=_("{bar} {share} of {people} people handled").format(
            bar="█" * filled + "░" * (_WIDTH - filled), share=percent(share), people=people
        ),
        columns=[
            Column(_("list")), Column(_("people"), number=True), Column(_("handled"), number=True),
            Column(_("left"), number=True), Column("%", number=True),
        ],
        rows=[
            *(row(one.worklist or _("with somebody already"), one.people, one.handled) for one in found),
            row(_("all"), people, handled),
        ],
        bars=[(one.worklist, Decimal(one.left)) for one in found if one.left],
        notes=[
            _("When they came: {customers} stood for customers, {owned} were looked after, {new} were new.").format(
                customers=known.get("customer", 0), owned=known.get("owned", 0), new=known.get("new", 0)
            )
        ],
        data={
            "people": people, "handled": handled, "share": round(share, 4), "standing": known,
            "lists": [
                {"list": one.worklist, "people": one.people, "handled": one.handled, "left": one.left} for one in found
            ],
        },
    )  # fmt: skip
