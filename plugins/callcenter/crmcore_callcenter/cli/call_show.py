"""`crm callcenter call list|show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.cli.call_told import data, listed, print_call
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.api import Reader
    from crmcore_callcenter.calls.asking import Asked

DIRECTIONS = click.Choice(["in", "out", "internal"])


@click.command("list")
@click.option("--queue", metavar="QUEUE", help="Who waited in this queue.")
@click.option("--agent", metavar="AGENT", help="Who rang at this agent's, or was called by them.")
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--contact", metavar="CONTACT")
@click.option("--customer", metavar="CUSTOMER")
@click.option("--number", metavar="NUMBER", help="From or to this number.")
@click.option("--direction", type=DIRECTIONS)
@click.option("--from", "since", default="", metavar="DAY", help="First day, such as 2026-11-01.")
@click.option("--until", default="", metavar="DAY", help="Last day.")
@click.option("--abandoned", is_flag=True, help="Only where the caller gave up.")
@click.option("--unanswered", is_flag=True, help="Only those that nobody answered.")
@click.option("--going-on", is_flag=True, help="Only those that are not over.")
@click.option("--unwrapped", is_flag=True, help="Only those that nobody has summed up.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None, **given: Any) -> None:
    """List calls, the latest first."""
    from crmcore.api import here, session
    from crmcore_callcenter.calls import asking
    from crmcore_callcenter.calls.views import views

    with session() as s, s.read() as reader:
        wanted = asking.statement(_asked(reader, given)).limit(limit)
        if after is not None:
            wanted = asking.after(reader, wanted, after)
        report = listed(views(reader, wanted), None if out else here(reader))
    present(report, json_=json_, out=out)


def _asked(reader: "Reader", given: dict[str, Any]) -> "Asked":
    from crmcore.api import here, party_id, point_key, tables
    from crmcore_callcenter.agents.naming import agent_named, own_agent, queue_named
    from crmcore_callcenter.calls.asking import Asked
    from crmcore_callcenter.cli.call_days import instants

    since, until = instants(reader, given["since"], given["until"])
    agent_id = agent_named(reader, given["agent"]) if given["agent"] else None
    number = given["number"] or ""
    return Asked(
        queue_id=queue_named(reader, given["queue"]) if given["queue"] else None,
        agent_id=own_agent(reader) if given["mine"] else agent_id,
        contact_id=party_id(reader, tables.contact, given["contact"]) if given["contact"] else None,
        customer_id=party_id(reader, tables.customer, given["customer"]) if given["customer"] else None,
        number=point_key("phone", number, here(reader).region) or number,
        direction=given["direction"] or "",
        since=since,
        until=until,
        abandoned=given["abandoned"],
        unanswered=given["unanswered"],
        going_on=given["going_on"],
        unwrapped=given["unwrapped"],
    )


@click.command()
@click.argument("call", metavar="CALL")
@click.option("--events", "events_", is_flag=True, help="Also all that was heard of it.")
@click.option("--open", "open_", is_flag=True, help="Also open its recordings in the browser.")
@as_json
def show(call: str, events_: bool, open_: bool, json_: bool) -> None:
    """Show a call, by its id or the telephone system's: who rang, who talked, how it ended, where it can be heard."""
    from crmcore.api import Denied, here, print_json, session
    from crmcore_callcenter import tables
    from crmcore_callcenter.calls.finding import call_named
    from crmcore_callcenter.calls.recorded import addresses
    from crmcore_callcenter.calls.views import events, view
    from crmcore_callcenter.calls.whom import candidates

    with session() as s, s.read() as reader:
        found = view(reader, call_named(reader, call))
        matches = candidates(reader, found.id) if found.contact is None else []
        if events_ and any(table == tables.call.name for table, _field in reader.withheld):
            raise Denied(_("Some fields of calls are hidden from you, and what was heard of them tells all."))
        told = events(reader, found.id) if events_ else []
        recordings = addresses(reader, found, here(reader).zone)
        if json_:
            more = {"events": told} if events_ else {}
            print_json({**data(found), "recordings": recordings, "candidates": matches, **more})
        else:
            print_call(reader, found, matches, told, recordings)
    if open_:
        _open(found.id, recordings)


def _open(call_id: int, recordings: "Sequence[str]") -> None:
    """Open recordings in the browser; what is no address of the web is not opened: who tells of it may be anybody."""
    import webbrowser

    from crmcore.api import InvalidInput
    from crmcore_callcenter.model.recorded import SETTING, WEB

    if not recordings:
        raise InvalidInput(_("There is no recording of call {id}.").format(id=call_id))
    for each in recordings:
        if not each.startswith(WEB):
            raise InvalidInput(
                _(
                    "“{name}” is no address of the web; `crm setting set {setting} https://PLACE/` says where files are"
                    " heard."
                ).format(name=each, setting=SETTING)
            )
        webbrowser.open(each)
