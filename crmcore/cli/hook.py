"""`crm hook`: the places where plugins join in."""

import inspect
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, print_table
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.plugins.findings import Spent


@click.group()
def hook() -> None:
    """List and explain the hooks."""


@hook.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all hooks, the core's and those of plugins: their kind, what they are for, who implements them here."""
    from crmcore.cli.session import session

    with session() as s:
        found = s.app.dispatcher.hooks()
    if json_:
        print_json(found)
        return
    print_table(
        [_("name"), _("owner"), _("kind"), _("scope"), _("what for"), _("implemented by")],
        [(one.name, one.owner, one.kind, one.scope, one.summary, ", ".join(one.implemented_by)) for one in found],
    )


@hook.command()
@click.argument("name")
@as_json
def explain(name: str, json_: bool) -> None:
    """Explain a hook: when it is called, with what, what it answers; who implements it, in the order of calls.

    For each plugin it tells how often it was called so far, in all processes, and how many seconds that took.
    """
    from crmcore.cli.session import session
    from crmcore.hooks.kinds import kind_of, since_of
    from crmcore.lifecycle import findings
    from crmcore.plugins.findings import Spent

    with session() as s:
        specification, owner = s.app.dispatcher.specification(name), s.app.dispatcher.owner(name)
        callers = s.app.dispatcher.calls(name)
        with s.app.engine.connect() as connection:
            spent = findings.times(connection)
    signature = inspect.signature(specification)
    told: dict[str, Any] = {
        "name": name,
        "owner": owner,
        "kind": kind_of(specification),
        "since": since_of(specification),
        "explanation": inspect.getdoc(specification) or "",
        "arguments": [_argument(each) for each in signature.parameters.values()],
        "returns": inspect.formatannotation(signature.return_annotation),
        "implemented_by": [
            {
                "plugin": call.plugin,
                "version": call.version,
                "function": f"{call.function.__module__}.{call.function.__qualname__}",
                "may_take": call.deadline if call.deadline != float("inf") else None,
                **_time(spent.get((call.plugin, name), Spent())),
            }
            for call in callers
        ],
    }
    if json_:
        print_json(told)
        return
    arguments = ", ".join(f"{each['name']}: {each['type']}" for each in told["arguments"])
    click.echo(f"{name}({arguments}) -> {told['returns']}   [{owner}, {told['kind']}]\n\n{told['explanation']}\n")
    print_table(
        [_("implemented by"), "", _("calls"), _("seconds"), _("longest")],
        [
            (each["plugin"], each["function"], each["calls"], f"{each['seconds']:.3f}", f"{each['worst']:.3f}")
            for each in told["implemented_by"]
        ],
    )


def _time(spent: "Spent") -> dict[str, float]:
    return {"calls": spent.calls, "seconds": spent.seconds, "worst": spent.worst}


def _argument(parameter: inspect.Parameter) -> dict[str, str]:
    return {"name": parameter.name, "type": inspect.formatannotation(parameter.annotation)}
