"""`crm service level`: what we promise, and what happens when it runs out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import Commands, as_json, paged
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore_service.levels.keeping import Wanted
    from crmcore_service.levels.views import LevelView

F = TypeVar("F", bound=Callable[..., Any])

COMMANDS = {"report": ("crmcore_service.cli.level_report:report", "How often we kept what we promise, by month.")}


@click.group(cls=Commands, lazy=COMMANDS, translate=_)
def level() -> None:
    """Say by when requests have an owner, an answer, a visit and their end, and who is told when that is late."""


def _said(function: F) -> F:
    for option in (
        click.option("--note", metavar="TEXT", help="A remark."),
        click.option(
            "--step", "steps", multiple=True, metavar="STEP",
            help="[P1] CLOCK WHEN WHO [raise:P1] [assign], such as “P1 response after 30m manager”; WHEN: after 30m, "
            "due, before 15m, late 4h; WHO: owner, manager, user:LOGIN, team:NAME.",
        ),
        click.option(
            "--target", "targets", multiple=True, metavar="[P1:]CLOCK=TIME",
            help="CLOCK: owner, response, resolution, visit; TIME in working minutes, hours or days: 30m, 8h, 2d; "
            "- takes it back.",
        ),
        click.option(
            "--pause", "pauses", multiple=True, metavar="STATE",
            help="A state of tickets in which the clocks stand still; “none” for no state. Default: waiting, on_hold.",
        ),
        click.option(
            "--calendar", metavar="NAME",
            help="The business calendar; office@customer: its hours by the clocks of where the customer is.",
        ),
        click.option("--code", metavar="CODE", help="A short name."),
    ):  # fmt: skip
        function = option(function)
    return function


def _wanted(given: dict[str, Any], name: str | None, drop: tuple[int, ...] = ()) -> "Wanted":
    from crmcore_service.levels.keeping import Wanted
    from crmcore_service.levels.saying import step_said, target_said

    pauses = given["pauses"]
    return Wanted(
        name=name, code=given["code"], calendar=given["calendar"], note=given["note"], drop=drop,
        pauses=None if not pauses else [] if pauses == ("none",) else pauses,
        targets=tuple(target_said(each) for each in given["targets"]),
        steps=tuple(step_said(each) for each in given["steps"]),
    )  # fmt: skip


@level.command("list")
@paged
@as_json
def list_(limit: int, after: int | None, json_: bool) -> None:
    """List the service levels."""
    from crmcore.api import print_json, print_table, session, tell
    from crmcore_service.levels.views import views

    with session() as s, s.read() as reader:
        found = views(reader, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    if not found:
        tell(_("There are no service levels yet; `crm service level add` makes one."))
        return
    print_table(
        [_("id"), _("level"), _("calendar"), _("targets"), _("steps"), _("queues")],
        [
            (
                one.id,
                one.name,
                one.calendar or _("(this workspace's)"),
                ", ".join(each["text"] for each in one.targets),
                len(one.steps),
                ", ".join(one.queues),
            )
            for one in found
        ],
    )


@level.command()
@click.argument("name", metavar="LEVEL")
@as_json
def show(name: str, json_: bool) -> None:
    """Show a service level: its calendar, targets, and steps with their ids."""
    from crmcore.api import session
    from crmcore_service.levels.views import level_named, view

    with session() as s, s.read() as reader:
        found = view(reader, level_named(reader, name))
    _print(found, json_)


@level.command()
@click.argument("name")
@_said
@as_json
def add(name: str, json_: bool, **given: Any) -> None:
    """Add a service level."""
    from crmcore.api import session
    from crmcore_service.levels.keeping import add as add_level
    from crmcore_service.levels.views import view

    wanted = _wanted(given, name)
    with session() as s:
        with s.write() as tx:
            made = add_level(tx, wanted).id
        with s.read() as reader:
            found = view(reader, made)
    _print(found, json_)


@level.command()
@click.argument("level", metavar="LEVEL")
@click.option("--name", metavar="NAME")
@_said
@click.option("--drop-step", "drop", type=click.IntRange(1), multiple=True, metavar="ID", help="Take a step away.")
@click.option("--version", type=click.IntRange(1), metavar="N", help="The version you read.")
@as_json
def edit(level: str, name: str | None, drop: tuple[int, ...], version: int | None, json_: bool, **given: Any) -> None:
    """Change a service level; a target is put in place of that of the same clock. The worker reckons open tickets."""
    from crmcore.api import session, tell
    from crmcore_service.levels.keeping import edit as edit_level
    from crmcore_service.levels.views import level_named, view

    wanted = _wanted(given, name, drop)
    with session() as s:
        with s.write() as tx:
            level_id = level_named(tx, level)
            tickets = edit_level(tx, level_id, wanted, version)
        with s.read() as reader:
            found = view(reader, level_id)
    _print(found, json_)
    if tickets:
        tell(_("{n} open tickets are reckoned anew by `crm worker`.").format(n=tickets))


@level.command()
@click.argument("level", metavar="LEVEL")
def remove(level: str) -> None:
    """Remove a service level that no queue and no contract promises."""
    from crmcore.api import session, tell
    from crmcore_service.levels.keeping import remove as remove_level
    from crmcore_service.levels.views import level_named

    with session() as s, s.write() as tx:
        remove_level(tx, level_named(tx, level))
    tell(_("Removed {name}.").format(name=level))


def _print(found: "LevelView", json_: bool) -> None:
    from crmcore.api import print_json, print_table

    if json_:
        print_json(found)
        return
    rows: list[tuple[object, object]] = [(_("id"), found.id), (_("level"), found.name)]
    rows += [(_("code"), found.code)] if found.code else []
    rows += [(_("calendar"), found.calendar or _("(this workspace's)"))]
    rows += [(_("stands still"), ", ".join(found.pauses) or "–")]
    rows += [(_("target"), one["text"]) for one in found.targets]
    rows += [(_("step {id}").format(id=one["id"]), one["text"]) for one in found.steps]
    rows += [(_("queues"), ", ".join(found.queues))] if found.queues else []
    rows += [(_("note"), found.note)] if found.note else []
    print_table(["", ""], rows)
