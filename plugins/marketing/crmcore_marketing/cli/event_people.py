"""`crm marketing event register`, `unregister`, `attend` and `close`, and `crm marketing registration`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Rejection, Transaction

F = TypeVar("F", bound=Callable[..., Any])


def _people(function: F) -> F:
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    for add in (
        click.argument("contacts", nargs=-1, metavar="[CONTACT]..."),
        click.option("--contact", "more", multiple=True, metavar="CONTACT", help="May be given several times."),
        click.option("--file", type=file, help="A table (CSV, XLSX) with a column contact, email or name."),
        click.option("--channel", default="", help="How they registered or came: web, phone, mail …"),
    ):
        function = add(function)
    return function


@click.command()
@click.argument("event_", metavar="EVENT")
@_people
@as_json
def register(event_: str, json_: bool, channel: str, **said: Any) -> None:
    """Register people; each gets a confirmation with an invitation, or a place on the waiting list."""
    from crmcore.api import session
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.seats import register

    with session() as s, s.write() as tx:
        ids, rejected = _named(tx, **said)
        done = register(tx, event_named(tx, event_), ids, channel=channel, source=_source(**said))
    told = {
        "registered": done.seated, "waiting": done.waiting, "already": done.already, "unknown": done.unknown,
    }  # fmt: skip
    _print(told, rejected, json_, _("{registered} registered, {waiting} wait, {already} were in already."))


@click.command()
@click.argument("event_", metavar="EVENT")
@_people
@as_json
def unregister(event_: str, json_: bool, channel: str, **said: Any) -> None:
    """Cancel registrations; those people are told, and who waits moves up."""
    from crmcore.api import session
    from crmcore_marketing.events.finding import event_named
    from crmcore_marketing.events.seats import unregister

    with session() as s, s.write() as tx:
        ids, rejected = _named(tx, **said)
        done = unregister(tx, event_named(tx, event_), ids)
    told = {"cancelled": done.cancelled, "moved_up": done.moved_up, "not_registered": done.not_registered}
    _print(told, rejected, json_, _("{cancelled} cancelled, {moved_up} moved up, {not_registered} were not in."))


@click.command()
@click.argument("event_", metavar="EVENT")
@_people
@as_json
def attend(event_: str, json_: bool, channel: str, **said: Any) -> None:
    """Note who came, registered or not; what scanners at the door write is a table for --file."""
    from crmcore.api import session
    from crmcore_marketing.events.attending import attend
    from crmcore_marketing.events.finding import event_named

    with session() as s, s.write() as tx:
        ids, rejected = _named(tx, **said)
        done = attend(tx, event_named(tx, event_), ids, channel=channel)
    told = {
        "attended": done.noted, "walked_in": done.walked_in, "already": done.already, "unknown": done.unknown,
    }  # fmt: skip
    _print(told, rejected, json_, _("{attended} came, {walked_in} of them unregistered; {already} were noted before."))


@click.command()
@click.argument("event_", metavar="EVENT")
@as_json
def close(event_: str, json_: bool) -> None:
    """End an event: who had a seat and was not noted did not come."""
    from crmcore.api import session
    from crmcore_marketing.events.attending import close
    from crmcore_marketing.events.finding import event_named

    with session() as s, s.write() as tx:
        missing = close(tx, event_named(tx, event_))
    _print({"no_show": missing}, [], json_, _("{no_show} had a seat and did not come."))


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


def _named(
    tx: "Transaction", *, contacts: Sequence[str], more: Sequence[str], file: Path | None
) -> "tuple[list[int], list[Rejection]]":
    """Return whom a command names, and the rows of its file that name nobody.

    Raises `NotFound` and `InvalidInput` for those named on the command line, and when nobody is named at all.
    """
    from crmcore.api import InvalidInput, party_id, tables
    from crmcore_marketing.events.listed import listed

    ids = [party_id(tx, tables.contact, one) for one in (*contacts, *more)]
    if file is None:
        if not ids:
            raise InvalidInput(_("Say whom: contacts, or --file."))
        return ids, []
    found = listed(tx, file)
    return [*ids, *found.ids], list(found.rejected)


def _source(*, contacts: Sequence[str], more: Sequence[str], file: Path | None) -> str:
    return "" if file is None else file.name


def _print(told: dict[str, Any], rejected: "Sequence[Rejection]", json_: bool, said: str) -> None:
    from crmcore.api import print_json, tell

    if json_:
        problems = [{"line": one.line, "reason": one.reason, "raw": one.raw} for one in rejected]
        print_json({**{name: list(ids) for name, ids in told.items()}, "problems": problems})
        return
    tell(said.format(**{name: len(ids) for name, ids in told.items()}))
    for one in rejected:
        tell(_("line {line}: {reason}").format(line=one.line, reason=one.reason))
