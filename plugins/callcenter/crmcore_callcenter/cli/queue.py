"""`crm callcenter queue`: the lines in which callers wait, and who answers them."""

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
    from crmcore_callcenter.agents.queues import QueueView

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def queue() -> None:
    """Keep the lines in which callers wait, and who answers them."""


def _said(function: F) -> F:
    for option in reversed(
        (
            click.option("--code", metavar="CODE", help="What telephone systems call it; default: as its name."),
            click.option(
                "--purpose", type=click.Choice(("sales", "marketing", "service", "transactional")),
                help="What one talks about; policy asks for it.",
            ),
            click.option("--calendar", metavar="NAME", help="When callbacks are due; default: as the workspace."),
            click.option(
                "--number", "numbers", multiple=True, metavar="NUMBER", help="What one dials; may be repeated."
            ),
            click.option(
                "--answer-seconds", type=click.IntRange(0), metavar="N", help="Who is answered later waited too long."
            ),
            click.option(
                "--callback-minutes", type=click.IntRange(0), metavar="N", help="When who gave up is called back."
            ),
            click.option("--manager", metavar="LOGIN", help="Who answers for it."),
            click.option("--active/--inactive", default=None, help="Whether it is in use."),
        )
    ):  # fmt: skip
        function = option(function)
    return function


def _fields(reader: "Reader", given: dict[str, Any]) -> dict[str, Any]:
    from crmcore.api import owner_named

    found = {name: given[name].strip() for name in ("code", "purpose", "calendar") if given[name] is not None}
    plain = ("answer_seconds", "callback_minutes", "active")
    found |= {name: given[name] for name in plain if given[name] is not None}
    if given["numbers"]:
        found["numbers"] = [each.strip() for each in given["numbers"] if each.strip()]
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
    from crmcore_callcenter.agents.queues import add as make

    with session() as s:
        with s.write() as tx:
            made = make(tx, {**_fields(tx, given), "name": name.strip()})
        _print(s, made.id, json_=json_)


@queue.command()
@click.argument("queue_", metavar="QUEUE")
@click.option("--name", metavar="TEXT")
@_said
@as_json
def edit(queue_: str, name: str | None, json_: bool, **given: Any) -> None:
    """Change a queue; what is not said stays, an empty text takes a value away."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import queue_named
    from crmcore_callcenter.agents.queues import edit as change
    from crmcore_callcenter.model.agent import CallQueue

    with session() as s:
        with s.write() as tx:
            record = tx.get(CallQueue, queue_named(tx, queue_))
            change(tx, record, _fields(tx, given) | ({"name": name.strip()} if name else {}))
        _print(s, record.id, json_=json_)


@queue.command("list")
@click.option("--all", "all_", is_flag=True, help="The inactive ones too.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, all_: bool, json_: bool, out: Path | None) -> None:
    """List queues and who answers them."""
    from crmcore.api import session
    from crmcore_callcenter.agents.queues import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, all_=all_)
    present(_listed(found), json_=json_, out=out)


def _listed(found: "list[QueueView]") -> "Report":
    import attrs

    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Queues"),
        columns=[
            Column(_("id")), Column(_("queue")), Column(_("code")), Column(_("numbers")),
            Column(_("purpose")), Column(_("answered in time"), number=True), Column(_("called back in"), number=True),
            Column(_("agents")), Column(_("active")),
        ],
        rows=[
            (
                str(one.id), one.name, one.code, ", ".join(one.numbers), _(one.purpose), f"{one.answer_seconds} s",
                f"{one.callback_minutes} min", ", ".join(each.name for each in one.members),
                "" if one.active else _("no"),
            )
            for one in found
        ],
        data=[attrs.asdict(one) for one in found],
    )  # fmt: skip


@queue.command()
@click.argument("queue_", metavar="QUEUE")
@as_json
def show(queue_: str, json_: bool) -> None:
    """Show a queue: how fast it is answered, when who gave up is called back, who answers."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import queue_named

    with session() as s:
        with s.read() as reader:
            key = queue_named(reader, queue_)
        _print(s, key, json_=json_)


@queue.group()
def member() -> None:
    """Say who answers a queue."""


@member.command("add")
@click.argument("queue_", metavar="QUEUE")
@click.argument("agents", nargs=-1, required=True, metavar="AGENT...")
@click.option("--penalty", type=click.IntRange(0), default=0, show_default=True, help="The lower, the earlier rung.")
@as_json
def member_add(queue_: str, agents: tuple[str, ...], penalty: int, json_: bool) -> None:
    """Let agents answer a queue, or give them another penalty."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import agent_named, queue_named
    from crmcore_callcenter.agents.queues import join

    with session() as s:
        with s.write() as tx:
            key = queue_named(tx, queue_)
            for one in agents:
                join(tx, key, agent_named(tx, one), penalty)
        _print(s, key, json_=json_)


@member.command("remove")
@click.argument("queue_", metavar="QUEUE")
@click.argument("agents", nargs=-1, required=True, metavar="AGENT...")
@as_json
def member_remove(queue_: str, agents: tuple[str, ...], json_: bool) -> None:
    """Let agents answer a queue no more."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import agent_named, queue_named
    from crmcore_callcenter.agents.queues import leave

    with session() as s:
        with s.write() as tx:
            key = queue_named(tx, queue_)
            for one in agents:
                leave(tx, key, agent_named(tx, one))
        _print(s, key, json_=json_)


def _print(s: "Session", key: int, *, json_: bool) -> None:
    from crmcore.api import print_json, print_table
    from crmcore_callcenter.agents.queues import view

    with s.read() as reader:
        one = view(reader, key)
    if json_:
        print_json(one)
        return
    fields = (
        (_("name"), one.name), (_("code"), one.code), (_("numbers"), ", ".join(one.numbers)),
        (_("purpose"), _(one.purpose)), (_("calendar"), one.calendar),
        (_("answered in time"), _("within {n} seconds").format(n=one.answer_seconds)),
        (_("called back in"), _("{n} working minutes").format(n=one.callback_minutes)),
        (_("manager"), one.manager), (_("active"), "" if one.active else _("no")),
        *((each.name, _("penalty {n}").format(n=each.penalty)) for each in one.members),
    )  # fmt: skip
    print_table([_("queue"), str(one.id)], [(name, value) for name, value in fields if value not in (None, "")])
