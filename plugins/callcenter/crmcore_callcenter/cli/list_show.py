"""`crm callcenter list list|show|report`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore_callcenter.outbound.people import Added
    from crmcore_callcenter.outbound.views import ListView

_STATES = ("waiting", "calling", "done", "skipped", "exhausted")


@click.command("list")
@click.option("--status", type=click.Choice(("open", "paused", "closed")), help="Default: all.")
@paged
@as_json
@out_option
def list_(status: str | None, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List calling lists, and how far they are."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_callcenter.outbound.views import lists

    with session() as s, s.read() as reader:
        found = lists(reader, limit=limit, after=after, status=status or "")
    report = Report(
        title=_("Calling lists"),
        columns=[
            Column(_("id")), Column(_("list")), Column(_("purpose")), Column(_("for")), Column(_("script")),
            Column(_("status")),
            *((Column(_(state), number=True) for state in _STATES) if out else [Column(_("people"))]),
        ],
        rows=[
            (
                str(one.id), one.name, _(one.purpose), one.about, one.script.name if one.script else "", _(one.status),
                *((one.people.get(state, 0) for state in _STATES) if out else [_people(one)]),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(report, json_=json_, out=out)


@click.command()
@click.argument("list_", metavar="LIST")
@click.option("--status", type=click.Choice(_STATES), help="Those who are so far; default: all.")
@paged
@as_json
@out_option
def show(
    list_: str, status: str | None, limit: int, after: int | None, json_: bool, out: Path | None
) -> None:  # fmt: skip
    """Show who is on a calling list: how far each is, and why somebody is not called."""
    import attrs

    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_callcenter.outbound.lists import list_named
    from crmcore_callcenter.outbound.views import entries, one_list

    with session() as s, s.read() as reader:
        key = list_named(reader, list_)
        of, found = one_list(reader, key), entries(reader, key, limit=limit, after=after, status=status or "")
    report = Report(
        title=f"{of.name}: {_line(of)}",
        columns=[
            Column(_("entry")), Column(_("contact")), Column(_("customer")), Column(_("number")), Column(_("status")),
            Column(_("result")), Column(_("agent")), Column(_("tries"), number=True), Column(_("from")),
            Column(_("why")),
        ],
        rows=[
            (
                str(one.id), one.contact.name if one.contact else "", one.customer.name if one.customer else "",
                one.number, _(one.status), _(one.result) if one.result else "", one.agent, one.attempts, one.next_at,
                one.why,
            )
            for one in found
        ],
        data={**attrs.asdict(of), "entries": found},
    )  # fmt: skip
    present(report, json_=json_, out=out)


@click.command()
@click.argument("list_", metavar="LIST")
@as_json
@out_option
def report(list_: str, json_: bool, out: Path | None) -> None:
    """Count who was called, who was reached, and what they answered, by agent; and why others were left out."""
    from crmcore.api import session
    from crmcore_callcenter.outbound.lists import list_named
    from crmcore_callcenter.outbound.report import report as made
    from crmcore_callcenter.outbound.report import report_of
    from crmcore_callcenter.outbound.views import one_list

    with session() as s, s.read() as reader:
        of = one_list(reader, list_named(reader, list_))
        found = report_of(reader, of.id, of.name)
    present(made(found), json_=json_, out=out)


def print_list(s: "Session", list_id: int, *, json_: bool, added: "Added | None" = None) -> None:
    """Print a list as it is now, and what was just put on it."""
    import attrs

    from crmcore.api import print_json
    from crmcore_callcenter.outbound.views import one_list

    with s.read() as reader:
        of = one_list(reader, list_id)
    if json_:
        told = {} if added is None else {"added": {**attrs.asdict(added), "rejected": list(added.rejected)}}
        print_json({**attrs.asdict(of), **told})
    else:
        click.echo(f"{of.id} {of.name}: {_line(of)}")


def _line(of: "ListView") -> str:
    parts = [_(of.purpose), of.about, of.script.name if of.script else "", _(of.status)]
    return " · ".join(one for one in (*parts, _people(of)) if one)


def _people(of: "ListView") -> str:
    """Return how many are how far."""
    return " · ".join(f"{_(state)} {of.people[state]}" for state in _STATES if of.people.get(state))
