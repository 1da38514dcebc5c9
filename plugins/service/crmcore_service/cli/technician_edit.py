"""`crm service technician add|edit|skill|list|show`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore_service.orders.technicians import SkillView

F = TypeVar("F", bound=Callable[..., Any])


def _details(function: F) -> F:
    for option in reversed(
        (
            click.option("--base", metavar="PLACE", help="From where they set out: a place, or LATITUDE,LONGITUDE."),
            click.option("--radius", type=click.IntRange(0, 20_000), metavar="KM", help="How far they go."),
            click.option("--calendar", metavar="NAME", help="When they work; default: as the workspace."),
            click.option("--note", metavar="TEXT"),
        )
    ):
        function = option(function)
    return function


@click.command()
@click.argument("user", metavar="LOGIN")
@_details
@as_json
def add(user: str, json_: bool, **given: Any) -> None:
    """Make a user a technician."""
    from crmcore.api import owner_named, session
    from crmcore_service.orders.technicians import add as make

    with session() as s:
        with s.write() as tx:
            key = owner_named(tx, user)
            make(tx, key, {"active": True, **_said(given)})
        _print(s, key, json_=json_)


@click.command()
@click.argument("technician", metavar="LOGIN")
@_details
@click.option("--active/--inactive", default=None, help="Who is inactive is sent nowhere.")
@as_json
def edit(technician: str, active: bool | None, json_: bool, **given: Any) -> None:
    """Change from where, how far and by which calendar a technician comes."""
    from crmcore.api import session
    from crmcore_service.orders.technicians import edit as change
    from crmcore_service.orders.technicians import technician_named

    with session() as s:
        with s.write() as tx:
            key = technician_named(tx, technician)
            change(tx, key, {**_said(given), **({} if active is None else {"active": active})})
        _print(s, key, json_=json_)


@click.command()
@click.argument("technician", metavar="LOGIN")
@click.argument("skills", nargs=-1, required=True, metavar="NAME=LEVEL...")
@click.option("--until", metavar="DAY", help="The last day, of a certificate that expires.")
@as_json
def skill(technician: str, skills: tuple[str, ...], until: str | None, json_: bool) -> None:
    """Say what a technician can do and how well: "Model Z=3"; level 0 takes it away."""
    from crmcore.api import InvalidInput, day_said, here, session
    from crmcore_service.orders.technicians import can, technician_named

    with session() as s:
        with s.write() as tx:
            day = day_said("--until", until, here(tx).today) if until else None
            said = []
            for text in skills:
                name, sign, level = text.rpartition("=")
                if not sign or not level.strip().isdigit():
                    raise InvalidInput(_("“{text}” is not of the form NAME=LEVEL.").format(text=text))
                said.append((name, int(level), day))
            key = technician_named(tx, technician)
            can(tx, key, said)
        _print(s, key, json_=json_)


@click.command("list")
@click.option("--skill", default="", metavar="NAME", help="Only who can do this.")
@click.option("--all", "everyone", is_flag=True, help="The inactive ones, and who left, too.")
@paged
@as_json
@out_option
def list_(skill: str, everyone: bool, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List technicians and what they can do."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_service.orders.technicians import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, skilled=skill, everyone=everyone)
    report = Report(
        title=_("Technicians"),
        columns=[
            Column(_("id"), number=True), Column(_("login")), Column(_("name")), Column(_("sets out from")),
            Column(_("km"), number=True), Column(_("calendar")), Column(_("skills")), Column(_("state")),
        ],
        rows=[
            (
                one.id, one.login, one.name, one.base, one.radius, one.calendar, _skills(one.skills),
                _("active") if one.active else _("inactive"),
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(report, json_=json_, out=out)


@click.command()
@click.argument("technician", metavar="LOGIN")
@as_json
def show(technician: str, json_: bool) -> None:
    """Show a technician."""
    from crmcore.api import session
    from crmcore_service.orders.technicians import technician_named

    with session() as s:
        with s.read() as reader:
            key = technician_named(reader, technician)
        _print(s, key, json_=json_)


def _print(s: "Session", user_id: int, *, json_: bool) -> None:
    from crmcore.api import print_json, print_table
    from crmcore_service.orders.technicians import one

    with s.read() as reader:
        found = one(reader, user_id)
    if json_:
        print_json(found)
        return
    fields = (
        (_("login"), found.login), (_("name"), found.name), (_("sets out from"), found.base), (_("km"), found.radius),
        (_("calendar"), found.calendar), (_("skills"), _skills(found.skills)),
        (_("state"), _("active") if found.active else _("inactive")), (_("note"), found.note),
    )  # fmt: skip
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])


def _skills(skills: "Sequence[SkillView]") -> str:
    said: list[str] = []
    for one in skills:
        until = _(" until {day}").format(day=one.until) if one.until else ""
        said.append(f"{one.name} L{one.level}{until}{' !' if one.expired else ''}")
    return ", ".join(said)


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}
