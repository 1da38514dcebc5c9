"""`crm setting`: what a workspace can set, the core's and plugins', and what it has set."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.engine.settings import Known


@click.group()
def setting() -> None:
    """List, show, set and unset what this workspace can say about how it works."""


@setting.command("list")
@click.argument("word", required=False, default="")
@click.option("--set", "only_set", is_flag=True, help="Only those that are set.")
@as_json
def list_(word: str, only_set: bool, json_: bool) -> None:
    """List the settings of the core and of the enabled plugins; with WORD those whose name has it."""
    from crmcore.cli.session import session
    from crmcore.engine.settings import catalogue

    with session() as s, s.read() as reader:
        kept = reader.settings()
        known = [one for one in catalogue(s.app.dispatcher).values() if word.casefold() in one.name]
    found = [_told(one, kept) for one in known if not only_set or kept.get(one.kept) not in (None, "")]
    if json_:
        print_json(found)
        return
    print_table(
        [_("setting"), _("value"), "", _("what it is")],
        [(one["name"], _shown(one["value"]), _("set") if one["set"] else "", one["title"]) for one in found],
    )


@setting.command()
@click.argument("name")
@as_json
def show(name: str, json_: bool) -> None:
    """Show a setting: its value, its default and what it can be."""
    from crmcore.cli.session import session
    from crmcore.engine.settings import named

    with session() as s, s.read() as reader:
        told = _told(named(s.app.dispatcher, name), reader.settings())
    if json_:
        print_json(told)
        return
    print_table(["", ""], [(_(key), _shown(value)) for key, value in told.items() if value not in (None, "", [])])


@setting.command("set")
@click.argument("name")
@click.argument("value")
@as_json
def set_(name: str, value: str, json_: bool) -> None:
    """Set NAME to VALUE; of a secret say where it is: env:VARIABLE, or file:/PATH. Needs an administrator."""
    _change(name, value, json_)


@setting.command()
@click.argument("name")
@as_json
def unset(name: str, json_: bool) -> None:
    """Take back what was set, so that the default holds. Needs an administrator."""
    _change(name, None, json_)


def _change(name: str, said: str | None, json_: bool) -> None:
    from crmcore.cli.session import session
    from crmcore.engine.settings import named
    from crmcore.errors import InvalidInput
    from crmcore.settings.changing import change
    from crmcore.settings.secrets import secret

    with session() as s:
        with s.write() as tx:
            change(tx, name, said)
        with s.read() as reader:
            known = named(s.app.dispatcher, name)
            told = _told(known, reader.settings())
            if known.setting.secret:
                try:
                    secret(reader, name)
                except InvalidInput as error:  # it may be there for the worker, if not for whoever types this
                    tell(str(error))
    if json_:
        print_json(told)
    else:
        tell(_("{name} is now {value}.").format(name=name, value=_shown(told["value"]) or _("nothing")))


def _told(known: "Known", kept: dict[str, object]) -> dict[str, Any]:
    from crmcore.engine.settings import meant

    one, found = known.setting, kept.get(known.kept)
    return {
        "name": known.name,
        "title": one.title,
        "value": meant(known, found),
        "set": found not in (None, ""),
        "default": one.otherwise,
        "kind": one.kind,
        "choices": list(one.choices),
        "minimum": one.minimum,
        "maximum": one.maximum,
        "secret": one.secret,
        "plugin": known.plugin,
    }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
