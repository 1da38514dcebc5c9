"""What is wrong with the arguments of the core's actions: said when an automation is applied, not when it runs."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import frozen

from crmcore.automation.texts import asked
from crmcore.i18n import _
from crmcore.model.definitions import SHARED, Automation, Definitions

_OWNERS = ("", "owner", "actor")
_NEEDED = {
    "create_task": ("subject",),
    "set_field": ("field",),
    "move": ("to",),
    "start_process": ("process",),
    "log_interaction": ("text",),
}


@frozen(kw_only=True)
class Around:
    """What there is to speak of: the definitions, the own fields of each entity, and the logins of users."""

    definitions: Definitions
    entities: Mapping[str, Collection[str]]
    users: Collection[str]


def problems(automation: Automation, names: Collection[str], around: Around) -> Iterator[tuple[int, str, str]]:
    """Yield place, argument and sentence for what is wrong with the actions; `names` are those texts may ask for."""
    entity = automation.on.rpartition(".")[0]
    for at, action in enumerate(automation.actions):
        for name in sorted(asked([action]) - set(names)):
            yield at, "do", _("the text asks for the unknown name “{name}”").format(name=name)
        do = str(action.get("do") or "")
        for argument in _NEEDED.get(do, ()):
            if action.get(argument) in (None, ""):
                yield at, argument, _("the action {name} needs {argument}").format(name=do, argument=argument)
        check = _CHECKS.get(do)
        if check is not None:
            for argument, reason in check(action, entity, around):
                yield at, argument, reason


def _is_text(value: Any) -> bool:
    """Return whether an argument is given as it is: no field of the record is filled in."""
    return isinstance(value, str) and value != "" and "{" not in value


def _task(action: Mapping[str, Any], _entity: str, around: Around) -> Iterator[tuple[str, str]]:
    yield from _owner(action, around)
    due = action.get("due")
    if _is_text(due) and not str(due).lstrip("-").isdigit():
        try:
            date.fromisoformat(str(due))
        except ValueError:
            yield "due", _("“{value}” is no number of days and no date").format(value=due)


def _owner(action: Mapping[str, Any], around: Around) -> Iterator[tuple[str, str]]:
    owner = action.get("owner", "")
    if _is_text(owner) and owner not in _OWNERS and owner not in around.users:
        yield "owner", _("there is no user {login}").format(login=owner)


def _field(action: Mapping[str, Any], entity: str, around: Around) -> Iterator[tuple[str, str]]:
    of = action.get("of")
    if of not in (None, "", "customer", "contact"):
        yield "of", _("this is “customer” or “contact”")
        return
    entity = str(of or entity)
    if entity in around.entities and _is_text(action.get("field")):
        name = str(action["field"]).removeprefix("custom.")
        known = _fields(entity, around)
        if name not in known:
            yield "field", _("{entity} has no field {field}").format(entity=entity, field=name)


def _fields(entity: str, around: Around, process: str = "") -> set[str]:
    processes = [one.name for one in around.definitions.processes if one.entity == entity and process in ("", one.name)]
    defined = {one.name for each in ["", *processes] for one in around.definitions.fields_of(entity, each)}
    return defined | set(around.entities.get(entity, ()))


def _move(action: Mapping[str, Any], entity: str, around: Around) -> Iterator[tuple[str, str]]:
    concerned = [one for one in around.definitions.processes if entity in (one.entity, "process", "*")]
    if not concerned:
        yield "do", _("no process is defined for {entity}").format(entity=entity)
    elif _is_text(action.get("to")) and not any(
        state.name == action["to"] for one in concerned for state in one.states
    ):
        yield "to", _("there is no state {state}").format(state=action["to"])


def _start(action: Mapping[str, Any], _entity: str, around: Around) -> Iterator[tuple[str, str]]:
    yield from _owner(action, around)
    if not _is_text(action.get("process")):
        return
    process = around.definitions.process(str(action["process"]))
    if process is None or process.entity != SHARED:
        yield "process", _("there is no process {name} whose items could be begun").format(name=action["process"])
        return
    for name in sorted(set(action.get("set") or {}) - _fields(SHARED, around, process.name)):
        yield "set", _("{process} has no field {field}").format(process=process.name, field=name)


_CHECKS = {"create_task": _task, "set_field": _field, "move": _move, "start_process": _start}
