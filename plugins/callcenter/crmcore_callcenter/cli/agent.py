"""`crm callcenter agent`: who takes calls."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader, Session
    from crmcore.reports.report import Report
    from crmcore_callcenter.agents.people import AgentView

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def agent() -> None:
    """Keep who takes calls, and by what telephone systems know them."""


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--user", metavar="LOGIN", help="Which user they are."),
            click.option("--extension", metavar="NUMBER", help="What is dialled within the house."),
            click.option(
                "--device", "devices", multiple=True, metavar="NAME", help="Such as PJSIP/201; may be repeated."
            ),
            click.option("--line", metavar="LINE", help="The telephone system by which they call."),
            click.option("--active/--inactive", default=None, help="Whether they take calls."),
        )
    ):  # fmt: skip
        function = option(function)
    return function


def _fields(reader: "Reader", given: dict[str, Any]) -> dict[str, Any]:
    from crmcore.api import owner_named
    from crmcore_callcenter.agents.naming import line_named

    found: dict[str, Any] = {}
    if given["extension"] is not None:
        found["extension"] = given["extension"].strip()
    if given["devices"]:
        found["devices"] = [each.strip() for each in given["devices"] if each.strip()]
    if given["active"] is not None:
        found["active"] = given["active"]
    if given["user"] is not None:
        found["user_id"] = owner_named(reader, given["user"]) if given["user"] else None
    if given["line"] is not None:
        found["line_id"] = line_named(reader, given["line"]) if given["line"] else None
    return found


@agent.command()
@click.argument("name")
@_said
@as_json
def add(name: str, json_: bool, **given: Any) -> None:
    """Add an agent."""
    from crmcore.api import session
    from crmcore_callcenter.agents.people import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, {**_fields(tx, given), "name": name.strip()})
        _print(s, made.id, json_=json_)


@agent.command()
@click.argument("agent_", metavar="AGENT")
@click.option("--name", metavar="TEXT")
@_said
@as_json
def edit(agent_: str, name: str | None, json_: bool, **given: Any) -> None:
    """Change an agent; what is not said stays, an empty text takes a value away."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import agent_named
    from crmcore_callcenter.agents.people import edit as change
    from crmcore_callcenter.model.agent import CallAgent

    with session() as s:
        with s.write() as tx:
            record = tx.get(CallAgent, agent_named(tx, agent_))
            change(tx, record, _fields(tx, given) | ({"name": name.strip()} if name else {}))
        _print(s, record.id, json_=json_)


@agent.command("list")
@click.option("--all", "all_", is_flag=True, help="The inactive ones too.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, all_: bool, json_: bool, out: Path | None) -> None:
    """List agents, the queues they answer, and what they are doing."""
    from crmcore.api import session
    from crmcore_callcenter.agents.people import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, all_=all_)
    present(_listed(found), json_=json_, out=out)


def _listed(found: "list[AgentView]") -> "Report":
    import attrs

    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Agents"),
        columns=[
            Column(_("id")), Column(_("agent")), Column(_("login")), Column(_("extension")),
            Column(_("devices")), Column(_("queues")), Column(_("state")), Column(_("since")), Column(_("active")),
        ],
        rows=[
            (
                str(one.id), one.name, one.user, one.extension, ", ".join(one.devices),
                ", ".join(each.name for each in one.queues), _(one.state) if one.state else "", one.since,
                "" if one.active else _("no"),
            )
            for one in found
        ],
        data=[attrs.asdict(one) for one in found],
    )  # fmt: skip


@agent.command()
@click.argument("agent_", metavar="AGENT")
@as_json
def show(agent_: str, json_: bool) -> None:
    """Show an agent: by what telephone systems know them, which queues they answer, what they are doing."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import agent_named

    with session() as s:
        with s.read() as reader:
            key = agent_named(reader, agent_)
        _print(s, key, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import here, print_json, print_table
    from crmcore_callcenter.agents.people import view

    with s.read() as reader:
        one, zone = view(reader, key), here(reader).zone
    if json_:
        print_json(one)
        return
    since = one.since.astimezone(zone).strftime("%Y-%m-%d %H:%M") if one.since else ""
    fields = (
        (_("name"), one.name), (_("login"), one.user), (_("extension"), one.extension),
        (_("devices"), ", ".join(one.devices)), (_("line"), one.line),
        (_("state"), _(one.state) if one.state else ""), (_("reason"), one.reason), (_("since"), since),
        (_("call"), one.call), (_("active"), "" if one.active else _("no")),
        *((each.name, _("penalty {n}").format(n=each.penalty)) for each in one.queues),
    )  # fmt: skip
    print_table([_("agent"), str(one.id)], [(name, value) for name, value in fields if value not in (None, "")])
