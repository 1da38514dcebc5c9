"""Checking automations, roles, terms and targets: that what they speak of exists."""

from collections.abc import Iterator
from typing import Any

from crmcore.automation import checking
from crmcore.automation.facts import EVENT
from crmcore.configuring.expressions import ACTOR, MOMENT, Problem, expression, parties, samples
from crmcore.configuring.known import Known
from crmcore.definitions.conditions import Condition
from crmcore.definitions.reading import near
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.definitions import Automation, Definitions, Role, Target, Term
from crmcore.model.user import ROLES


def automation_problems(automation: Automation, definitions: Definitions, known: Known) -> Iterator[Problem]:
    """Yield what is wrong with an automation."""
    entity, dot, what = automation.on.rpartition(".")
    if not dot or not entity or not what:
        yield ("on",), _("“{event}” is not an event; write contact.changed").format(event=automation.on)
        return
    if entity not in known.entities and entity not in _OTHER_EVENTS and entity != "*":
        yield ("on",), _("there is no entity {entity}").format(entity=entity) + near(entity, sorted(known.entities))
        return
    if automation.when:
        yield from _asked_of_event(automation.when)
        yield from expression(automation.when, _event_names(entity, definitions, known), ("when",), holds=True)
    if not automation.actions:
        yield ("actions",), _("an automation needs actions")
    for at, action in enumerate(automation.actions):
        keys = ("actions", at)
        name = action.get("do")
        if name not in known.actions:
            reason = _("there is no action {name}").format(name=name) if name else _("say what to do as do = NAME")
            yield (*keys, "do"), reason + near(str(name or ""), sorted(known.actions))
            continue
        for argument in sorted(action.keys() - {"do"} - known.actions[str(name)]):
            yield (
                (*keys, argument),
                _("the action {name} takes no {argument}").format(name=name, argument=argument)
                + near(argument, sorted(known.actions[str(name)])),
            )
    around = checking.Around(definitions=definitions, entities=known.entities, users=known.users)
    names = _event_names(entity, definitions, known)
    for at, argument, reason in checking.problems(automation, names.keys(), around):
        yield ("actions", at, argument), reason


def _asked_of_event(when: str) -> Iterator[Problem]:
    """Yield what a condition asks of an event that no event has; what it tells of is in `data`."""
    try:
        paths = Condition(when).paths
    except InvalidInput:
        return  # told where the expression is tried
    for path in sorted(paths):
        first, _dot, rest = path.partition(".")
        if first == "event" and rest and rest.partition(".")[0] not in EVENT:
            yield (
                ("when",),
                _("an event has no {name}, only {known}; what it tells of is in data: data.{name}").format(
                    name=rest, known=", ".join(EVENT)
                ),
            )


_OTHER_EVENTS = frozenset({"import", "config", "policy", "plugin", "schedule", "process"})


def _event_names(entity: str, definitions: Definitions, known: Known) -> dict[str, Any]:
    """Return the names that an automation's condition may use: the event, the record now and before, and when."""
    fields: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for one in [entity] if entity in known.entities else known.entities:  # what happens may be about any record
        facts |= known.facts[one]
        fields |= {**known.entities[one], **samples(definitions.fields_of(one))}
        for process in definitions.processes:
            if process.entity == one:
                fields.update(samples(process.fields))
    about = parties(definitions, known)
    then = {"record": fields, "before": fields, "after": fields}
    return {**MOMENT, **ACTOR, **facts, **fields, **about, **then, "event": {}, "data": {}}


def role_problems(role: Role, definitions: Definitions, known: Known) -> Iterator[Problem]:
    """Yield what is wrong with a role."""
    if not role.name.replace("_", "").replace("-", "").isalnum():
        yield (), _("a role's name is of letters and digits")
    if role.name == ROLES[0]:
        yield (
            (),
            _("the role {role} sees and changes everything; that cannot be defined otherwise").format(role=role.name),
        )
        return
    if role.name not in known.roles:
        for key in ("read", "write"):
            if not getattr(role, key):
                yield (
                    (),
                    _("the role {role} is new: say how far it reads and writes ({key})").format(
                        role=role.name, key=key
                    ),
                )
    for key, name in (*(("hide", each) for each in role.hide), *(("show", each) for each in role.show)):
        entity, _dot, field = name.partition(".")
        if entity not in known.entities:
            yield (
                (key,),
                _("there is no entity {entity}").format(entity=entity) + near(entity, sorted(known.entities)),
            )
            continue
        names = {*known.entities[entity], *(one.name for one in definitions.fields_of(entity))}
        names |= {one.name for each in definitions.processes if each.entity == entity for one in each.fields}
        if field not in names:
            yield (
                (key,),
                _("{entity} has no field {field}").format(entity=entity, field=field) + near(field, sorted(names)),
            )


def term_problems(term: Term, definitions: Definitions) -> Iterator[Problem]:
    """Yield each word of a term that means another one already."""
    for other in definitions.terms:
        if other.code == term.code:
            return  # only what came before is compared: each pair is told once
        mine = {one.casefold() for one in (term.code, term.label, *term.synonyms) if one}
        theirs = {one.casefold() for one in (other.code, other.label, *other.synonyms) if one}
        for word in sorted(mine & theirs):
            yield (), _("“{word}” already means {code}").format(word=word, code=other.code)


def target_problems(target: Target, known: Known) -> Iterator[Problem]:
    """Yield what is wrong with a target."""
    if target.metric not in known.metrics:
        yield (
            ("metric",),
            _("there is no figure {metric}").format(metric=target.metric) + near(target.metric, sorted(known.metrics)),
        )
    if target.user and target.team:
        yield ("team",), _("a target is for a user or for a team, not for both")
    if target.user and target.user not in known.users:
        yield ("user",), _("there is no user {login}").format(login=target.user)
    if target.team and target.team not in known.teams:
        yield ("team",), _("nobody is in the team {team}").format(team=target.team)
