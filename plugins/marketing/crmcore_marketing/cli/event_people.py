"""`crm marketing event register`, `unregister`, `attend` and `close`, and `crm marketing registration`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

F = TypeVar("F", bound=Callable[..., Any])


def _people(function: F) -> F:
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    for add in (
        click.argument("contacts", nargs=-1, metavar="[CONTACT]..."),
        click.option("--contact", "more", multiple=True, metavar="CONTACT", help="May be given several times."),
        click.option("--file", type=file, help="A table (CSV, XLSX) with a column contact, email or name."),
    ):
        function = add(function)
    return function


_CHANNEL = click.option("--channel", default="", help="How they registered or came: web, phone, mail …")


@click.command()
@click.argument("event_", metavar="EVENT")
@_people
@_CHANNEL
@as_json
def register(
    event_: str, contacts: tuple[str, ...], more: tuple[str, ...], file: Path | None, channel: str, json_: bool
) -> None:
    """Register people; each gets a confirmation with an invitation, or a place on the waiting list."""
    from crmcore.api import session, tables
    from crmcore_marketing.cli.listed import named, print_done
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.seats import register

    with session() as s, s.write() as tx:
        people = named(tx, [*contacts, *more], file, tables.contact)
        done = register(tx, event_named(tx, event_), people.ids, channel=channel, source=file.name if file else "")
    told = {
        "registered": done.seated, "waiting": done.waiting, "already": done.already, "unknown": done.unknown,
    }  # fmt: skip
    print_done(
        told, people.rejected, _("{registered} registered, {waiting} wait, {already} were in already."), json_=json_
    )


@click.command()
@click.argument("event_", metavar="EVENT")
@_people
@as_json
def unregister(event_: str, contacts: tuple[str, ...], more: tuple[str, ...], file: Path | None, json_: bool) -> None:
    """Cancel registrations; those people are told, and who waits moves up."""
    from crmcore.api import session, tables
    from crmcore_marketing.cli.listed import named, print_done
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.seats import unregister

    with session() as s, s.write() as tx:
        people = named(tx, [*contacts, *more], file, tables.contact)
        done = unregister(tx, event_named(tx, event_), people.ids)
    told = {"cancelled": done.cancelled, "moved_up": done.moved_up, "not_registered": done.not_registered}
    print_done(
        told,
        people.rejected,
        _("{cancelled} cancelled, {moved_up} moved up, {not_registered} were not in."),
        json_=json_,
    )


@click.command()
@click.argument("event_", metavar="EVENT")
@_people
@_CHANNEL
@as_json
def attend(
    event_: str, contacts: tuple[str, ...], more: tuple[str, ...], file: Path | None, channel: str, json_: bool
) -> None:
    """Note who came, registered or not; what scanners at the door write is a table for --file."""
    from crmcore.api import session, tables
    from crmcore_marketing.cli.listed import named, print_done
    from crmcore_marketing.events.attending import attend
    from crmcore_marketing.events.finding import event_named

    with session() as s, s.write() as tx:
        people = named(tx, [*contacts, *more], file, tables.contact)
        done = attend(tx, event_named(tx, event_), people.ids, channel=channel)
    told = {
        "attended": done.noted, "walked_in": done.walked_in, "already": done.already, "unknown": done.unknown,
    }  # fmt: skip
    print_done(
        told,
        people.rejected,
        _("{attended} came, {walked_in} of them unregistered; {already} were noted before."),
        json_=json_,
    )


@click.command()
@click.argument("event_", metavar="EVENT")
@as_json
def close(event_: str, json_: bool) -> None:
    """End an event: who had a seat and was not noted did not come."""
    from crmcore.api import session
    from crmcore_marketing.cli.listed import print_done
    from crmcore_marketing.events.attending import close
    from crmcore_marketing.events.finding import event_named

    with session() as s, s.write() as tx:
        missing = close(tx, event_named(tx, event_))
    print_done({"no_show": missing}, [], _("{no_show} had a seat and did not come."), json_=json_)


@click.group()
def registration() -> None:
    """Who registered for events."""


@registration.command("list")
@click.option("--event", "event_", metavar="EVENT", help="Only for this event.")
@click.option("--contact", metavar="CONTACT", help="Only this person's.")
@click.option("--status", type=click.Choice(("registered", "waiting", "cancelled", "attended", "no_show")))
@paged
@as_json
@out_option
def list_(
    event_: str | None,
    contact: str | None,
    status: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List registrations, each with how far its confirmation came."""
    from crmcore.api import party_id, session, tables
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.people import registrations

    with session() as s, s.read() as reader:
        found = registrations(
            reader,
            limit=limit,
            after=after,
            event_id=event_named(reader, event_) if event_ else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            status=status or "",
        )
    told = Report(
        title=_("Registrations"),
        columns=[
            Column(_("id"), number=True), Column(_("event")), Column(_("contact")), Column(_("customer")),
            Column(_("state")), Column(_("registered")), Column(_("confirmation")), Column(_("reminded")),
        ],
        rows=[
            (
                one.id, one.event, one.contact, one.customer, _(one.status),
                one.registered_at.date() if one.registered_at else None, one.confirmation and _(one.confirmation),
                ", ".join(f"T-{days}" for days in one.reminded),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)
