"""`crm callcenter presence`: whether an agent takes calls."""

import click

from crmcore.command import as_json, paged
from crmcore_callcenter.i18n import _


@click.group()
def presence() -> None:
    """Say whether you take calls, and see what agents do."""


_of = click.option("--agent", "agent_", metavar="AGENT", help="Of somebody else; default: you.")


@presence.command()
@_of
@as_json
def available(agent_: str | None, json_: bool) -> None:
    """Take calls, from now on."""
    _say("available", "", agent_, json_=json_)


@presence.command()
@click.argument("reason", default="")
@_of
@as_json
def pause(reason: str, agent_: str | None, json_: bool) -> None:
    """Take no calls for a while, and why."""
    _say("paused", reason, agent_, json_=json_)


@presence.command()
@_of
@as_json
def offline(agent_: str | None, json_: bool) -> None:
    """Take no calls any more: the end of work."""
    _say("offline", "", agent_, json_=json_)


@presence.command()
@click.argument("agent_", metavar="[AGENT]", default="")
@paged
@as_json
def show(agent_: str, limit: int, after: int | None, json_: bool) -> None:
    """Show what an agent did, the latest first; without AGENT, what you did."""
    from crmcore.api import here, print_json, print_table, session
    from crmcore_callcenter.agents.naming import agent_named, own_agent
    from crmcore_callcenter.agents.people import did

    with session() as s, s.read() as reader:
        key = agent_named(reader, agent_) if agent_ else own_agent(reader)
        found, zone = did(reader, key, limit=limit, after=after), here(reader).zone
    if json_:
        print_json(found)
        return
    print_table(
        [_("since"), _("until"), _("state"), _("reason"), _("call")],
        [
            (
                one.from_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
                one.until_at.astimezone(zone).strftime("%H:%M:%S") if one.until_at else "",
                _(one.state), one.reason, one.call,
            )
            for one in found
        ],
    )  # fmt: skip


def _say(state: str, reason: str, agent_: str | None, *, json_: bool) -> None:
    from crmcore.api import print_json, session, tell
    from crmcore_callcenter.agents.naming import agent_named, own_agent
    from crmcore_callcenter.agents.people import view
    from crmcore_callcenter.agents.presence import say

    with session() as s:
        with s.write() as tx:
            key = agent_named(tx, agent_) if agent_ else own_agent(tx)
            say(tx, key, state, reason)
        with s.read() as reader:
            one = view(reader, key)
    if json_:
        print_json(one)
    else:
        tell(_("{name}: {state}").format(name=one.name, state=_(one.state)))
