"""`crm marketing visit`: who looked at our pages, by which campaign, as far as people agreed to be known."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore_marketing.web.importing import Taken

_BY = ("campaign", "day", "path")


@click.group()
def visit() -> None:
    """Count and list visits to our pages, and read them from a server's access log."""


@visit.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(file: Path, json_: bool) -> None:
    """Read an access log (Apache's or nginx's combined format): each line once, however often it is read."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.web.importing import take

    with session() as s:
        told = take(file, s.write)
    if json_:
        print_json(told)
        return
    for each in told.rejections:
        tell(_("{file}, line {line}: {reason}").format(file=file, line=each.line, reason=each.reason))
    _say(told)


def _say(told: "Taken") -> None:
    click.echo(
        _("Read {read} lines: taken {taken}, known already {known}, passed over {passed}, rejected {rejected}.").format(
            read=told.read, taken=told.taken, known=told.known, passed=told.passed_over, rejected=told.rejected
        )
    )
    click.echo(
        _("{tagged} came by a campaign's address; {machines} of all were machines'.").format(
            tagged=told.tagged, machines=told.machines
        )
    )
    if told.untied:
        click.echo(
            _("{n} tags name no campaign of ours: give a campaign their utm_campaign as its code.").format(
                n=told.untied
            )
        )


@visit.command()
@click.option("--by", type=click.Choice(_BY), default="campaign", show_default=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@as_json
@out_option
def report(by: str, limit: int, json_: bool, out: Path | None) -> None:
    """Count visits by campaign, day or page; machines apart."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.web.reading import counted

    with session() as s, s.read() as reader:
        found = counted(reader, by, limit=limit)
    told = Report(
        title=_("Visits by {what}").format(what=_(by)),
        columns=[
            Column(_(by)), Column(_("visits"), number=True), Column(_("of people"), number=True),
            Column(_("of machines"), number=True), Column(_("of known people"), number=True),
            Column(_("contacts"), number=True),
        ],
        rows=[(one.name, one.visits, one.people, one.machines, one.known, one.contacts) for one in found],
        bars=[(one.name, Decimal(one.visits)) for one in found],
        data=[
            {
                "name": one.name, "visits": one.visits, "people": one.people, "machines": one.machines,
                "known": one.known, "contacts": one.contacts,
            }
            for one in found
        ],
    )  # fmt: skip
    present(told, json_=json_, out=out)


@visit.command("list")
@click.option("--contact", default="", metavar="CONTACT", help="Only those of this contact.")
@paged
@as_json
@out_option
def list_(contact: str, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List visits, the latest first; whose they are is shown of those who agreed and said who they are."""
    from crmcore.api import party_id, session, tables
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.web.reading import visits

    with session() as s, s.read() as reader:
        whose = party_id(reader, tables.contact, contact) if contact else None
        found = visits(reader, limit=limit, after=after, contact_id=whose)
    told = Report(
        title=_("Visits"),
        columns=[
            Column(_("id"), number=True), Column(_("when")), Column(_("page")), Column(_("campaign")),
            Column(_("contact")), Column(""),
        ],
        rows=[
            (one.id, one.at, one.path, one.campaign, one.contact, _("machine") if one.machine else "") for one in found
        ],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)
