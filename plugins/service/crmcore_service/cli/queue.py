"""`crm service queue`: the lines in which tickets wait."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader, Session
    from crmcore.reports.report import Report
    from crmcore_service.tickets.queues import QueueView

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def queue() -> None:
    """Keep the lines in which tickets wait for the people of a team."""


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--code", metavar="CODE", help="A short name, as in the addresses of forms."),
            click.option(
                "--team", metavar="NAME", help="Whose people work on it; without one: all of the role service."
            ),
            click.option("--skill", metavar="NAME", help="What they must know."),
            click.option("--level", metavar="NAME|CODE", help="The service level of its tickets."),
            click.option("--manager", metavar="LOGIN", help="Who is told of what waits too long."),
            click.option("--address", metavar="MAIL", help="Whom replies come from: Huaxin Service <service@…>."),
            click.option(
                "--assign", type=click.Choice(("automatic", "by_hand", "")), help="Whether tickets are given at once."
            ),
            click.option("--active/--inactive", default=None, help="Whether tickets go into it."),
            click.option("--note", metavar="TEXT"),
        )
    ):
        function = option(function)
    return function


def _fields(reader: "Reader", given: dict[str, Any]) -> dict[str, Any]:
    from crmcore.api import owner_named
    from crmcore_service.tickets.finding import level_named

    found = {
        name: given[name].strip()
        for name in ("code", "team", "skill", "address", "assign", "note")
        if given[name] is not None
    }
    if given["active"] is not None:
        found["active"] = given["active"]
    if given["level"] is not None:
        found["level_id"] = level_named(reader, given["level"]) if given["level"] else None
    if given["manager"] is not None:
        found["manager_id"] = owner_named(reader, given["manager"]) if given["manager"] else None
    return found


@queue.command()
@click.argument("name")
@_said
@as_json
def add(name: str, json_: bool, **given: Any) -> None:
    """Add a queue."""
    from crmcore.api import session
    from crmcore_service.tickets.queues import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, {**_fields(tx, given), "name": name.strip()})
        _warn(s, made.team)
        _print(s, made.id, json_=json_)


@queue.command()
@click.argument("queue_", metavar="QUEUE")
@click.option("--name", metavar="TEXT")
@_said
@as_json
def edit(queue_: str, name: str | None, json_: bool, **given: Any) -> None:
    """Change a queue; what is not said stays, an empty text takes a value away."""
    from crmcore.api import session
    from crmcore_service.model.queue import TicketQueue
    from crmcore_service.tickets.finding import queue_named
    from crmcore_service.tickets.queues import edit as change

    with session() as s:
        with s.write() as tx:
            record = tx.get(TicketQueue, queue_named(tx, queue_))
            change(tx, record, _fields(tx, given) | ({"name": name.strip()} if name else {}))
        _warn(s, given["team"] and record.team)
        _print(s, record.id, json_=json_)


def _warn(s: "Session", team: str | None) -> None:
    from crmcore.api import tell
    from crmcore_service.tickets.queues import is_empty_team

    with s.read() as reader:
        if team and is_empty_team(reader, team):
            tell(_("Nobody is in the team {team} yet.").format(team=team))


@queue.command()
@click.argument("queue_", metavar="QUEUE")
def remove(queue_: str) -> None:
    """Remove a queue that was never used; another one is made inactive."""
    from crmcore.api import session, tell
    from crmcore_service.model.queue import TicketQueue
    from crmcore_service.tickets.finding import queue_named
    from crmcore_service.tickets.queues import remove as take_away

    with session() as s, s.write() as tx:
        record = tx.get(TicketQueue, queue_named(tx, queue_))
        take_away(tx, record)
    tell(_("Queue “{name}” is removed.").format(name=record.name))


@queue.command("list")
@click.option("--all", "all_", is_flag=True, help="The inactive ones too.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, all_: bool, json_: bool, out: Path | None) -> None:
    """List queues: what waits in each, since when, what is late, and who works on it."""
    from sqlalchemy import select

    from crmcore.api import session
    from crmcore_service.tables import queue as table
    from crmcore_service.tickets.queues import views

    wanted = select(table).where(table.c.id > (after or 0)).order_by(table.c.id).limit(limit)
    with session() as s, s.read() as reader:
        found = views(reader, wanted if all_ else wanted.where(table.c.active.is_(True)))
    present(_listed(found), json_=json_, out=out)


def _listed(found: "list[QueueView]") -> "Report":
    import attrs

    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Queues"),
        columns=[
            Column(_("queue")), Column(_("code")), Column(_("open"), number=True),
            Column(_("nobody's"), number=True), Column(_("oldest")), Column(_("late"), number=True),
            Column(_("who works on it")),
        ],
        rows=[
            (
                one.name, one.code, one.open, one.waiting, one.oldest, one.breached,
                ", ".join(f"{login} {count}" for login, count in one.people.items())
                or one.team or _("all of service"),
            )
            for one in found
        ],
        data=[attrs.asdict(one) for one in found],
    )  # fmt: skip


@queue.command()
@click.argument("queue_", metavar="QUEUE")
@as_json
def show(queue_: str, json_: bool) -> None:
    """Show a queue: what waits in it, since when, and who works on it."""
    from crmcore.api import session
    from crmcore_service.tickets.finding import queue_named

    with session() as s:
        with s.read() as reader:
            key = queue_named(reader, queue_)
        _print(s, key, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import here, print_json, print_table
    from crmcore_service.tickets.queues import view

    with s.read() as reader:
        one, zone = view(reader, key), here(reader).zone
    if json_:
        print_json(one)
        return
    fields = (
        (_("name"), one.name), (_("code"), one.code), (_("team"), one.team or _("all of service")),
        (_("skill"), one.skill),
        (_("service level"), one.level and one.level.name), (_("manager"), one.manager),
        (_("address"), one.address), (_("assigned"), _(one.assign) if one.assign else ""),
        (_("active"), "" if one.active else _("no")), (_("open"), one.open), (_("nobody's"), one.waiting),
        (_("oldest"), one.oldest.astimezone(zone).strftime("%Y-%m-%d %H:%M") if one.oldest else ""),
        (_("late"), one.breached), (_("note"), one.note),
        *((login, count) for login, count in one.people.items()),
    )  # fmt: skip
    print_table([_("queue"), str(one.id)], [(name, value) for name, value in fields if value not in (None, "")])
