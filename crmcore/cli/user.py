"""`crm user`: our own people."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.cli.party_options import version_read
from crmcore.i18n import _

F = TypeVar("F", bound=Callable[..., Any])
_ROLE_HELP = "admin, manager, rep, service, reader, or a role that this workspace defined."


@click.group()
def user() -> None:
    """List, show, add, edit, deactivate and remove our own people."""


def _options(function: F) -> F:
    for name in ("language", "zone", "department", "team", "phone", "email", "name"):
        function = click.option(f"--{name}")(function)
    function = click.option("--manager", metavar="LOGIN")(function)
    function = click.option("--skill", multiple=True, help="May be given several times.")(function)
    return click.option("--role", metavar="ROLE", help=_ROLE_HELP)(function)


@user.command("list")
@click.option("--role", metavar="ROLE", help="Only who has this role.")
@click.option("--team", default="")
@click.option("--all", "everyone", is_flag=True, help="Who left, too.")
@paged
@as_json
def list_(role: str | None, team: str, everyone: bool, limit: int, after: int | None, json_: bool) -> None:
    """List users in the order of their logins."""
    from crmcore.cli.session import session
    from crmcore.directory.users import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, role=role or "", team=team, everyone=everyone)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("login"), _("name"), _("role"), _("team"), _("department"), _("e-mail"), ""],
        [
            (
                one.id,
                one.login,
                one.name,
                one.role,
                one.team,
                one.department,
                one.email,
                "" if one.active else _("left"),
            )
            for one in found
        ],
    )


@user.command()
@click.argument("login")
@as_json
def show(login: str, json_: bool) -> None:
    """Show everything about a user, and how much is theirs."""
    from crmcore.cli.session import session
    from crmcore.directory.handover import owned
    from crmcore.directory.users import one
    from crmcore.model.entity import values

    with session() as s, s.read() as reader:
        view = one(reader, login)
        told = {**values(view), "owned": owned(reader, s.app.assembly.entities, view.id)}
    if json_:
        print_json(told)
        return
    theirs = ", ".join(f"{_(name)} {count}" for name, count in told.pop("owned").items())
    rows = [(_(name), value) for name, value in told.items() if value not in (None, "", [])]
    print_table(["", ""], [*rows, (_("owns"), theirs or _("nothing"))])


@user.command()
@click.argument("login")
@_options
@as_json
def add(login: str, json_: bool, **given: Any) -> None:
    """Add a user; LOGIN is the name the person logs in with at the computer."""
    from crmcore.cli.session import session
    from crmcore.directory.users import add as add_user
    from crmcore.directory.users import one

    with session() as s:
        with s.write() as tx:
            add_user(tx, login, _fields(tx, given))
        with s.read() as reader:
            view = one(reader, login.strip())
    _print_one(view, json_)


@user.command()
@click.argument("login")
@_options
@click.option("--active", is_flag=True, help="Let somebody who left come back.")
@version_read
@as_json
def edit(login: str, active: bool, version: int | None, json_: bool, **given: Any) -> None:
    """Edit a user."""
    from crmcore.cli.session import session
    from crmcore.directory.users import edit as edit_user
    from crmcore.directory.users import one

    with session() as s:
        with s.write() as tx:
            wanted = _fields(tx, given)
            if active:
                wanted["active"] = True
            edit_user(tx, login, wanted, version=version)
        with s.read() as reader:
            view = one(reader, login)
    _print_one(view, json_)


def _fields(tx: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return what was said as the fields of a user."""
    from crmcore.directory.finding import owner_named
    from crmcore.directory.party_editing import check_zone

    manager, skills = given.pop("manager"), given.pop("skill")
    found = {name: value for name, value in given.items() if value is not None}
    if found.get("zone"):
        check_zone(found["zone"])
    if manager is not None:
        found["manager_id"] = owner_named(tx, manager) if manager else None
    if skills:
        found["skills"] = list(skills)
    return found


@user.command()
@click.argument("login")
@click.option("--successor", default="", metavar="LOGIN", help="Who takes over what the user owns.")
@as_json
def deactivate(login: str, successor: str, json_: bool) -> None:
    """Let a user go: nobody can work in that name, and what they own goes to the successor."""
    from crmcore.cli.session import session
    from crmcore.directory.handover import deactivate as deactivate_user

    with session() as s, s.write() as tx:
        done = deactivate_user(tx, login, successor)
    if json_:
        print_json(done)
        return
    tell(_("{login} is deactivated.").format(login=login))
    if done.owned:
        print_table([_("handed over to {login}").format(login=successor), ""], list(done.owned.items()))


@user.command()
@click.argument("login")
def remove(login: str) -> None:
    """Remove a user who was added by mistake and has done nothing; who worked here is deactivated."""
    from crmcore.cli.session import session
    from crmcore.directory.removal import remove_user

    with session() as s, s.write() as tx:
        remove_user(tx, login)
    tell(_("User {login} is removed.").format(login=login))


def _print_one(view: Any, json_: bool) -> None:
    if json_:
        print_json(view)
    else:
        click.echo(f"{_('user')} {view.id}: {view.login}, {view.role}, {_('version')} {view.version}")
