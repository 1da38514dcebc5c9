"""`crm hook`: the places where plugins join in."""

import inspect
from typing import Any

import click

from crmcore.cli.output import as_json, print_json, print_table
from crmcore.errors import NotFound
from crmcore.i18n import _


@click.group()
def hook() -> None:
    """List and explain the hooks."""


@hook.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all hooks: their kind, what they are for, and who implements them here."""
    from crmcore.cli.session import session

    with session() as s:
        found = s.app.dispatcher.hooks()
    if json_:
        names = ("name", "kind", "summary", "plugins")
        print_json([dict(zip(names, each, strict=True)) for each in found])
        return
    print_table(
        [_("name"), _("kind"), _("what for"), _("implemented by")],
        [(name, kind, summary, ", ".join(plugins)) for name, kind, summary, plugins in found],
    )


@hook.command()
@click.argument("name")
@as_json
def explain(name: str, json_: bool) -> None:
    """Explain a hook: when it is called, with what, what it answers, and who implements it, in the order of calls."""
    from crmcore.cli.session import session
    from crmcore.hooks.kinds import kind_of

    with session() as s:
        specification = _specification(name)
        callers = s.app.dispatcher.calls(name)
    signature = inspect.signature(specification)
    told: dict[str, Any] = {
        "name": name,
        "kind": kind_of(specification),
        "explanation": inspect.getdoc(specification) or "",
        "arguments": [_argument(each) for each in signature.parameters.values()],
        "returns": inspect.formatannotation(signature.return_annotation),
        "implemented_by": [
            {"plugin": call.plugin, "function": f"{call.function.__module__}.{call.function.__qualname__}"}
            for call in callers
        ],
    }
    if json_:
        print_json(told)
        return
    arguments = ", ".join(f"{each['name']}: {each['type']}" for each in told["arguments"])
    click.echo(f"{name}({arguments}) -> {told['returns']}   [{told['kind']}]\n\n{told['explanation']}\n")
    print_table([_("implemented by"), ""], [(each["plugin"], each["function"]) for each in told["implemented_by"]])


def _argument(parameter: inspect.Parameter) -> dict[str, str]:
    return {"name": parameter.name, "type": inspect.formatannotation(parameter.annotation)}


def _specification(name: str) -> Any:
    from crmcore.hooks import SPECIFICATIONS

    for module in SPECIFICATIONS:
        found = vars(module).get(name) if name.startswith("crm_") else None
        if found is not None:
            return found
    raise NotFound(_("There is no hook {name}; `crm hook list` names them.").format(name=name))
