"""`crm callcenter ring`."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session


@click.command()
@click.argument("call_", default="", metavar="[CALL]")
@click.option("--agent", "agent_", metavar="AGENT", help="What rings at somebody else's; default: at yours.")
@as_json
def ring(call_: str, agent_: str | None, json_: bool) -> None:
    """Show who rings, and all there is to know of them; without CALL, what you have on your desk now."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import agent_named, own_agent
    from crmcore_callcenter.calls.finding import call_named

    with session() as s:
        with s.read() as reader:
            call_id = call_named(reader, call_) if call_ else None
            agent_id = None if call_ else agent_named(reader, agent_) if agent_ else own_agent(reader)
        show(s, call_id=call_id, agent_id=agent_id, json_=json_)


def show(s: "Session", *, call_id: int | None = None, agent_id: int | None = None, json_: bool) -> None:
    """Show a call, or the one that an agent has before them."""
    from crmcore.api import here, print_json, tell
    from crmcore_callcenter.desk import telling
    from crmcore_callcenter.desk.present import present
    from crmcore_callcenter.desk.ringing import ring as seen

    with s.read() as reader:
        found = present(reader, agent_id) if agent_id is not None else None
        key = found.call_id if found is not None else call_id
        zone = here(reader).zone
        shown = seen(s.app, reader, key) if key is not None else None
    if shown is None:
        if json_:
            print_json([])
        else:
            tell(_("Nothing rings."))
        return
    state = found.state if found is not None else shown.call.status
    if json_:
        print_json([telling.data(shown, state)])
        return
    for line in telling.lines(shown, state, zone):
        click.echo(line)
