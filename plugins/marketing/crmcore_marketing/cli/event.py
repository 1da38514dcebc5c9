"""`crm marketing event`: seminars and the like, who registered, and who came."""

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
    from crmcore_marketing.events.keeping import Moved
    from crmcore_marketing.events.views import EventView

_PEOPLE = "crmcore_marketing.cli.event_people"


@click.group(
    cls=Commands,
    lazy={
        "register": (f"{_PEOPLE}:register", "Register people; beyond the capacity they wait in line."),
        "unregister": (f"{_PEOPLE}:unregister", "Cancel registrations; who waits moves up."),
        "attend": (f"{_PEOPLE}:attend", "Note who came, registered or not."),
        "close": (f"{_PEOPLE}:close", "End an event: who had a seat and was not noted did not come."),
    },
    translate=_,
)
def event() -> None:
    """Keep events, register people, and note who came; an event is named by its id or name."""


@event.command()
@click.argument("name")
@click.option("--starts", required=True, metavar="WHEN", help="When it begins, in its zone: 2026-12-01T14:00.")
@click.option("--ends", metavar="WHEN", help="When it ends; default: two hours later.")
@click.option("--zone", default="", help="Where it takes place, such as Asia/Shanghai; default: the workspace's.")
@click.option("--place", default="", help="The address, or the room.")
@click.option("--url", default="", help="Where it is told of, or joined from afar.")
@click.option("--capacity", type=click.IntRange(0), help="How many seats there are; default: enough for everybody.")
@click.option("--campaign", default="", metavar="CAMPAIGN", help="The campaign it belongs to.")
@click.option("--owner", metavar="LOGIN", help="Whose it is; default: yours.")
@click.option("--note", default="")
@as_json
def add(
    name: str, starts: str, ends: str | None, campaign: str, owner: str | None, json_: bool, zone: str, **given: Any
) -> None:
    """Add an event."""
    from datetime import timedelta

    from crmcore.api import session, user_named
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.events.keeping import add

    with session() as s:
        with s.write() as tx:
            begin = _moment(tx, "--starts", starts, zone)
            fields = {name: value for name, value in given.items() if value not in (None, "")}
            fields |= {
                "name": name,
                "starts_at": begin,
                "ends_at": _moment(tx, "--ends", ends, zone) if ends else begin + timedelta(hours=2),
            }
            if zone:
                fields["zone"] = zone
            if campaign:
                fields["campaign_id"] = campaign_named(tx, campaign)
            if owner:
                fields["owner_id"] = user_named(tx, owner).id
            made = add(tx, fields)
        with s.read() as reader:
            _print_one(reader, made.id, json_, _("Added event {id}: {name}"))


@event.command()
@click.argument("event_", metavar="EVENT")
@click.option("--name")
@click.option("--starts", metavar="WHEN")
@click.option("--ends", metavar="WHEN")
@click.option("--zone")
@click.option("--place")
@click.option("--url")
@click.option("--capacity", type=click.IntRange(0))
@click.option("--campaign", metavar="CAMPAIGN")
@click.option("--owner", metavar="LOGIN")
@click.option("--note")
@as_json
def edit(event_: str, json_: bool, **given: Any) -> None:
    """Change an event; whoever has a seat is told of another time or place, and more seats go to those who wait."""
    from crmcore.api import session, user_named
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.keeping import edit
    from crmcore_marketing.model.event import Event

    with session() as s:
        with s.write() as tx:
            key = event_named(tx, event_)
            fields = {name: value for name, value in given.items() if value is not None}
            zone = fields.get("zone") or tx.get(Event, key).zone
            for option, name in (("starts", "starts_at"), ("ends", "ends_at")):
                if option in fields:
                    fields[name] = _moment(tx, f"--{option}", fields.pop(option), zone)
            if "zone" in fields:
                _moment(tx, "--zone", "2026-01-01T00:00", zone)
            if "campaign" in fields:
                said = fields.pop("campaign")
                fields["campaign_id"] = campaign_named(tx, said) if said else None
            if "owner" in fields:
                fields["owner_id"] = user_named(tx, fields.pop("owner")).id
            done = edit(tx, key, fields)
        with s.read() as reader:
            _print_moved(reader, done, json_, _("Changed event {id}: {name}"))


@event.command()
@click.argument("event_", metavar="EVENT")
@as_json
def cancel(event_: str, json_: bool) -> None:
    """Call an event off; whoever registered is told."""
    from crmcore.api import session
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.keeping import cancel

    with session() as s:
        with s.write() as tx:
            done = cancel(tx, event_named(tx, event_))
        with s.read() as reader:
            _print_moved(reader, done, json_, _("Called off event {id}: {name}"))


@event.command("list")
@click.option("--upcoming", is_flag=True, help="Only those to come.")
@click.option("--status", type=click.Choice(("planned", "held", "cancelled")))
@click.option("--campaign", default="", metavar="CAMPAIGN", help="Only this campaign's.")
@paged
@as_json
@out_option
def list_(
    upcoming: bool, status: str | None, campaign: str, limit: int, after: int | None, json_: bool, out: Path | None
) -> None:
    """List events, each with how many registered, wait, came and stayed away."""
    from crmcore.api import session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.events.views import page

    with session() as s, s.read() as reader:
        key = campaign_named(reader, campaign) if campaign else None
        found = page(reader, limit=limit, after=after, campaign_id=key, status=status or "", upcoming=upcoming)
    present(_report(found), json_=json_, out=out)


@event.command()
@click.argument("event_", metavar="EVENT")
@as_json
def show(event_: str, json_: bool) -> None:
    """Show an event; `crm marketing registration list --event` shows who registered."""
    from crmcore.api import print_json, session
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.views import view

    with session() as s, s.read() as reader:
        found = view(reader, event_named(reader, event_))
    if json_:
        print_json(found)
    else:
        present(_report([found]))


def _moment(reader: "Reader", field: str, text: str, zone: str) -> Any:
    """Return the instant that is said, in the event's zone; raises `InvalidInput` for a zone there is not."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from attrs import evolve

    from crmcore.api import InvalidInput, here, moment_said

    where = here(reader)
    if zone:
        try:
            where = evolve(where, zone=ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            told = _("--zone: “{zone}” is no time zone; write one such as Asia/Shanghai.")
            raise InvalidInput(told.format(zone=zone)) from error
    return moment_said(field, text, where)


def _print_one(reader: "Reader", key: int, json_: bool, said: str) -> None:
    from crmcore.api import print_json, tell
    from crmcore_marketing.events.views import view

    found = view(reader, key)
    if json_:
        print_json(found)
    else:
        tell(said.format(id=found.id, name=found.name))


def _print_moved(reader: "Reader", done: "Moved", json_: bool, said: str) -> None:
    from attrs import asdict

    from crmcore.api import print_json, tell
    from crmcore_marketing.events.views import view

    if json_:
        told = {"told": done.told, "moved_up": list(done.moved_up)}
        print_json({**asdict(view(reader, done.event.id)), **told})
        return
    _print_one(reader, done.event.id, json_, said)
    if done.told:
        tell(_("{n} people are told.").format(n=done.told))
    if done.moved_up:
        tell(_("{n} people who waited have a seat now, and are told.").format(n=len(done.moved_up)))


def _report(found: "Sequence[EventView]") -> "Report":
    from zoneinfo import ZoneInfo

    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Events"),
        columns=[
            Column(_("id"), number=True), Column(_("name")), Column(_("begins")), Column(_("place")),
            Column(_("state")), Column(_("seats"), number=True), Column(_("registered"), number=True),
            Column(_("waiting"), number=True), Column(_("came"), number=True), Column(_("stayed away"), number=True),
        ],
        rows=[
            (
                one.id, one.name, f"{one.starts_at.astimezone(ZoneInfo(one.zone or 'UTC')):%Y-%m-%d %H:%M}", one.place,
                _(one.status), one.capacity, one.registered, one.waiting, one.attended, one.no_show,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
