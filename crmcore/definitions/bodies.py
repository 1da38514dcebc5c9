"""Definitions as values, from the bodies of their tables, and the other way round."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from crmcore.definitions.reading import Body, Named
from crmcore.definitions.shapes import SHAPES
from crmcore.model.definitions import (
    Automation,
    Definitions,
    Field,
    Process,
    Role,
    State,
    Target,
    Term,
    Transition,
    WorkingHours,
)

Definition = Field | Process | Automation | Role | Term | Target | WorkingHours


def definitions(bodies: Mapping[Named, Body]) -> Definitions:
    """Return the definitions that checked bodies mean, in their order."""
    found: dict[str, list[Any]] = {kind: [] for kind in SHAPES}
    for (kind, name), body in bodies.items():
        found[kind].append(_MADE[kind](name, body))
    return Definitions(
        fields=tuple(found["field"]),
        processes=tuple(found["process"]),
        automations=tuple(found["automation"]),
        roles=tuple(found["role"]),
        terms=tuple(found["term"]),
        targets=tuple(found["target"]),
        calendars=tuple(found["calendar"]),
    )


def _field(entity: str, name: str, body: Mapping[str, Any]) -> Field:
    said = {**body, "choices": tuple(body.get("choices", ()))}
    return Field(entity=entity, name=name, **said)


def _workspace_field(name: str, body: Mapping[str, Any]) -> Field:
    entity, own = name.split(".", 1)
    return _field(entity, own, body)


def _process(name: str, body: Mapping[str, Any]) -> Process:
    said = dict(body)
    states = [State(**{**each, "steps": tuple(each.get("steps", ()))}) for each in said.pop("states", ())]
    transitions = [_transition(each) for each in said.pop("transitions", ())]
    fields = said.pop("fields", ())
    found = Process(name=name, states=tuple(states), transitions=tuple(transitions), **said)
    own = (_field(found.entity, one["name"], {k: v for k, v in one.items() if k != "name"}) for one in fields)
    return attrs.evolve(found, fields=tuple(own))


def _transition(body: Mapping[str, Any]) -> Transition:
    return Transition(
        origin=body["from"],
        target=body["to"],
        guard=body.get("guard", ""),
        requires=tuple(body.get("requires", ())),
        roles=tuple(body.get("roles", ())),
    )


def _automation(name: str, body: Mapping[str, Any]) -> Automation:
    return Automation(name=name, **{**body, "actions": tuple(body.get("actions", ()))})


def _role(name: str, body: Mapping[str, Any]) -> Role:
    return Role(name=name, **{**body, "hide": tuple(body.get("hide", ())), "show": tuple(body.get("show", ()))})


def _term(name: str, body: Mapping[str, Any]) -> Term:
    return Term(code=name, **{**body, "synonyms": tuple(body.get("synonyms", ()))})


def _target(name: str, body: Mapping[str, Any]) -> Target:
    return Target(name=name, **body)


def _calendar(name: str, body: Mapping[str, Any]) -> WorkingHours:
    pairs = {key: tuple(sorted(body.get(key, {}).items())) for key in ("hours", "workdays")}
    return WorkingHours(name=name, zone=body.get("zone", ""), holidays=tuple(body.get("holidays", ())), **pairs)


_MADE: Mapping[str, Any] = {
    "field": _workspace_field,
    "process": _process,
    "automation": _automation,
    "role": _role,
    "term": _term,
    "target": _target,
    "calendar": _calendar,
}


def in_order(bodies: Iterable[tuple[Named, Body]]) -> dict[Named, Body]:
    """Return bodies by kind in the order of the shapes; within a kind they stay as they are."""
    kinds = list(SHAPES)
    return dict(sorted(bodies, key=lambda one: kinds.index(one[0][0])))
