"""Checking what definitions mean together: names exist, conditions compile, no process is a trap."""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import attrs

from crmcore.configuring.known import Known, sample
from crmcore.definitions.bodies import definitions as made
from crmcore.definitions.conditions import Condition
from crmcore.definitions.expression import RESERVED
from crmcore.definitions.reading import Body, Named, Said, near
from crmcore.errors import InvalidInput
from crmcore.fields.computing import order
from crmcore.fields.values import TEXTS, matches, read
from crmcore.i18n import _
from crmcore.model.definitions import CREATED, Automation, Definitions, Field, Process, Role, Target, Term

Problem = tuple[tuple[str | int, ...], str]
"""Where in a definition's table something is wrong, and what."""

MOMENT: Mapping[str, Any] = {"now": datetime(2026, 1, 1, tzinfo=UTC), "today": date(2026, 1, 1)}
"""Names that guards and conditions may use beside the record's fields: when it is asked."""

ACTOR: Mapping[str, Any] = {"actor": {"login": "a", "role": "a", "team": "a"}}
"""Who asks, in guards."""


def check(
    bodies: Mapping[Named, Body], said: Mapping[Named, Said], known: Known, also: Collection[Named] = ()
) -> list[str]:
    """Return a sentence for everything that is wrong with a workspace's definitions as they would be.

    `said` are those from files, whose mistakes are told with file and line; `also` names those that are wrong in
    themselves, which others may use all the same.
    """
    definitions = made(bodies)
    roles = known.roles | {name for kind, name in also if kind == "role"}
    known = attrs.evolve(known, roles=roles)
    found: list[str] = []

    def tell(kind: str, name: str, problems: Iterable[Problem]) -> None:
        for keys, reason in problems:
            one = said.get((kind, name))
            found.append(one.problem(reason, *keys) if one else f"{kind}.{name}: {reason}")

    for field in definitions.fields:
        tell("field", f"{field.entity}.{field.name}", _field(field, definitions, known))
    for entity, problem in _circles(definitions):
        first = next(one for one in definitions.fields if one.entity == entity and one.compute)
        tell("field", f"{entity}.{first.name}", [(("compute",), problem)])
    for process in definitions.processes:
        tell("process", process.name, _process(process, definitions, known))
    for automation in definitions.automations:
        tell("automation", automation.name, _automation(automation, definitions, known))
    for role in definitions.roles:
        tell("role", role.name, _role(role, definitions, known))
    for term in definitions.terms:
        tell("term", term.code, _term(term, definitions))
    for target in definitions.targets:
        tell("target", target.name, _target(target, known))
    return found


def _field(field: Field, definitions: Definitions, known: Known) -> Iterator[Problem]:
    if field.entity not in known.entities:
        yield (
            (),
            _("there is no entity {entity}").format(entity=field.entity) + near(field.entity, sorted(known.extensible)),
        )
        return
    if field.entity not in known.extensible:
        yield (
            (),
            _("{entity} takes no fields of your own").format(entity=field.entity)
            + near(field.entity, sorted(known.extensible)),
        )
        return
    if field.name in known.entities[field.entity]:
        yield (), _("{entity} has a field of its own called {name}").format(entity=field.entity, name=field.name)
    called = Counter(one.label.casefold() for one in definitions.fields_of(field.entity) if one.label)
    if field.label and called[field.label.casefold()] > 1:
        yield (
            ("label",),
            _("two fields of {entity} cannot both be called “{label}”").format(entity=field.entity, label=field.label),
        )
    yield from _constraints(field, definitions)
    if field.compute:
        names = {**known.entities[field.entity], **_samples(definitions.fields_of(field.entity))}
        yield from _expression(field.compute, names, ("compute",))


def _constraints(field: Field, definitions: Definitions) -> Iterator[Problem]:
    """Yield what is wrong with a field by itself."""
    if not field.name.isascii() or not field.name.isidentifier() or field.name != field.name.lower():
        yield (), _("a field's name is of small letters a-z, digits and _; its label may be anything")
    elif field.name in RESERVED:
        yield (), _("“{name}” is a word of the expression language").format(name=field.name)
    for key, types in _FITTING.items():
        if getattr(field, key) and field.type not in types:
            yield (key,), _("{key} is for fields of type {types}").format(key=key, types=", ".join(types))
    for key in ("minimum", "maximum"):
        if getattr(field, key) is not None and field.type not in _NUMBERS:
            yield (key,), _("{key} is for fields of type {types}").format(key=key, types=", ".join(_NUMBERS))
    if field.type == "choice" and not field.choices:
        yield (), _("the key {key} is missing").format(key="choices")
    if len({one.casefold() for one in field.choices}) < len(field.choices) or "" in field.choices:
        yield ("choices",), _("each choice must be said once, and none be empty")
    if field.type == "money" and not (
        len(field.currency) == 3 and field.currency.isalpha() and field.currency.isupper()
    ):
        yield ("currency",), _("a money field needs the currency of its amounts, such as CNY")
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield (
            ("minimum",),
            _("{minimum} is more than the maximum {maximum}").format(minimum=field.minimum, maximum=field.maximum),
        )
    for key in ("required", "default"):
        if field.compute and getattr(field, key):
            yield (key,), _("a computed field cannot have {key}").format(key=key)
    if field.unique and (field.default is not None or field.type == "boolean"):
        yield ("unique",), _("what every record has alike cannot be unique")
    yield from _pattern_and_default(field, definitions)


_NUMBERS = ("number", "money")
_WORDS = tuple(sorted(TEXTS - {"choice", "term"}))
_FITTING = {"choices": ("choice",), "currency": ("money",), "pattern": _WORDS}


def _pattern_and_default(field: Field, definitions: Definitions) -> Iterator[Problem]:
    if field.pattern:
        try:
            matches(field.pattern, "")
        except InvalidInput:
            yield ("pattern",), _("“{pattern}” is not a pattern (RE2)").format(pattern=field.pattern)
            return
    if field.default is not None:
        try:
            read(field, field.default, definitions)
        except InvalidInput as error:
            yield ("default",), str(error)


def _samples(fields: Iterable[Field]) -> dict[str, Any]:
    return {one.name: sample(one) for one in fields}


def _expression(
    source: str, names: Mapping[str, Any], keys: tuple[str | int, ...], *, holds: bool = False
) -> Iterator[Problem]:
    """Yield what is wrong with an expression; `holds` when it must give true or false. It is tried with `names`."""
    try:
        condition = Condition(source)
        condition.check_names(names)
        found = condition.value(names)
    except InvalidInput as error:
        if error.__cause__ is None or isinstance(error.__cause__, TypeError | ValueError):
            yield keys, str(error).rstrip(".")
        return
    if holds and not isinstance(found, bool | None):
        yield (
            keys,
            _("“{source}” is not a condition: it gives {value}, not true or false").format(source=source, value=found),
        )


def _circles(definitions: Definitions) -> Iterator[tuple[str, str]]:
    for entity in dict.fromkeys(one.entity for one in definitions.fields if one.compute):
        try:
            order(definitions.fields_of(entity))
        except InvalidInput as error:
            if "→" in str(error):
                yield entity, str(error).rstrip(".")


def _process(process: Process, definitions: Definitions, known: Known) -> Iterator[Problem]:
    if process.entity not in known.entities:
        yield (
            ("entity",),
            _("there is no entity {entity}").format(entity=process.entity)
            + near(process.entity, sorted(known.entities)),
        )
        return
    own = known.entities[process.entity]
    fields = definitions.fields_of(process.entity, process.name)
    if process.field not in own:
        yield (
            ("field",),
            _("{entity} has no field {field}").format(entity=process.entity, field=process.field)
            + near(process.field, sorted(own)),
        )
    for at, field in enumerate(process.fields):
        for keys, reason in _constraints(field, definitions):
            yield ("fields", at, *keys), f"{field.name}: {reason}"
        if field.name in own:
            yield (
                ("fields", at),
                _("{entity} has a field of its own called {name}").format(entity=process.entity, name=field.name),
            )
        if field.compute:
            yield from _expression(field.compute, {**own, **_samples(fields)}, ("fields", at, "compute"))
    try:
        order(fields)
    except InvalidInput as error:
        if "→" in str(error):
            yield ("fields",), str(error).rstrip(".")
    yield from _states(process)
    yield from _ways(process, {**own, **_samples(fields)}, definitions, known)


def _states(process: Process) -> Iterator[Problem]:
    names = [one.name for one in process.states]
    for name, count in Counter(names).items():
        if count > 1:
            yield ("states",), _("the state {state} is said {n} times").format(state=name, n=count)
    if not names:
        yield ("states",), _("a process needs states; the first is where a record begins")
        return
    ways: dict[str, set[str]] = {}
    for way in process.transitions:
        if way.origin in names and way.target in names:
            ways.setdefault(way.origin, set()).add(way.target)
    reached = _reachable({names[0], *(way.target for way in process.transitions if way.origin == CREATED)}, ways)
    for name in names:
        if name not in reached:
            yield ("states",), _("no way leads to the state {state}").format(state=name)
    ends = {one.name for one in process.states if one.kind != "open"}
    back: dict[str, set[str]] = {}
    for origin, targets in ways.items():
        for target in targets:
            back.setdefault(target, set()).add(origin)
    leading = _reachable(ends, back)
    if not ends:
        yield ("states",), _("no state is an end: give one the kind won, lost or done")
        return
    for name in names:
        if name in reached and name not in leading:
            yield ("states",), _("from the state {state} no way leads to an end").format(state=name)


def _reachable(start: Iterable[str], ways: Mapping[str, set[str]]) -> set[str]:
    found = set(start)
    queue = deque(found)
    while queue:
        for one in ways.get(queue.popleft(), set()) - found:
            found.add(one)
            queue.append(one)
    return found


def _ways(process: Process, names: Mapping[str, Any], definitions: Definitions, known: Known) -> Iterator[Problem]:
    states = [one.name for one in process.states]
    roles = known.roles | {one.name for one in definitions.roles}
    for at, way in enumerate(process.transitions):
        keys = ("transitions", at)
        for key, state in (("from", way.origin), ("to", way.target)):
            if state not in states and not (key == "from" and state == CREATED):
                yield (*keys, key), _("there is no state {state}").format(state=state) + near(state, states)
        if way.origin == way.target:
            yield keys, _("a way leads from {state} to itself").format(state=way.origin)
        if way.guard:
            about = _parties(definitions, known)
            yield from _expression(way.guard, {**MOMENT, **ACTOR, **about, **names}, (*keys, "guard"), holds=True)
        for name in way.requires:
            if name not in names:
                yield (*keys, "requires"), _("there is no field {name}").format(name=name) + near(name, sorted(names))
        for role in way.roles:
            if role not in roles:
                yield (*keys, "roles"), _("there is no role {role}").format(role=role) + near(role, sorted(roles))


def _automation(automation: Automation, definitions: Definitions, known: Known) -> Iterator[Problem]:
    entity, dot, what = automation.on.rpartition(".")
    if not dot or not entity or not what:
        yield ("on",), _("“{event}” is not an event; write contact.changed").format(event=automation.on)
        return
    if entity not in known.entities and entity not in _OTHER_EVENTS and entity != "*":
        yield ("on",), _("there is no entity {entity}").format(entity=entity) + near(entity, sorted(known.entities))
        return
    if automation.when:
        yield from _expression(automation.when, _event_names(entity, definitions, known), ("when",), holds=True)
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


_OTHER_EVENTS = frozenset({"import", "config", "policy", "plugin", "schedule", "process"})


def _event_names(entity: str, definitions: Definitions, known: Known) -> dict[str, Any]:
    """Return the names that an automation's condition may use: the event, the record now and before, and when."""
    fields: dict[str, Any] = {}
    for one in [entity] if entity in known.entities else known.entities:  # what happens may be about any record
        fields |= {**known.entities[one], **_samples(definitions.fields_of(one))}
        for process in definitions.processes:
            if process.entity == one:
                fields.update(_samples(process.fields))
    about = _parties(definitions, known)
    then = {"record": fields, "before": fields, "after": fields}
    return {**MOMENT, **ACTOR, **fields, **about, **then, "event": {}, "data": {}}


def _parties(definitions: Definitions, known: Known) -> dict[str, Any]:
    """Return whom a record is about, as conditions may ask of it."""
    return {
        one: {**known.entities[one], **_samples(definitions.fields_of(one))} for one in ("customer", "contact")
    }


def _role(role: Role, definitions: Definitions, known: Known) -> Iterator[Problem]:
    if not role.name.replace("_", "").replace("-", "").isalnum():
        yield (), _("a role's name is of letters and digits")
    if role.name not in known.roles:
        for key in ("read", "write"):
            if not getattr(role, key):
                yield (
                    (),
                    _("the role {role} is new: say how far it reads and writes ({key})").format(
                        role=role.name, key=key
                    ),
                )
    for name in role.hide:
        entity, _dot, field = name.partition(".")
        if entity not in known.entities:
            yield (
                ("hide",),
                _("there is no entity {entity}").format(entity=entity) + near(entity, sorted(known.entities)),
            )
            continue
        names = {*known.entities[entity], *(one.name for one in definitions.fields_of(entity))}
        names |= {one.name for each in definitions.processes if each.entity == entity for one in each.fields}
        if field not in names:
            yield (
                ("hide",),
                _("{entity} has no field {field}").format(entity=entity, field=field) + near(field, sorted(names)),
            )


def _term(term: Term, definitions: Definitions) -> Iterator[Problem]:
    for other in definitions.terms:
        if other.code == term.code:
            return  # only what came before is compared: each pair is told once
        mine = {one.casefold() for one in (term.code, term.label, *term.synonyms) if one}
        theirs = {one.casefold() for one in (other.code, other.label, *other.synonyms) if one}
        for word in sorted(mine & theirs):
            yield (), _("“{word}” already means {code}").format(word=word, code=other.code)


def _target(target: Target, known: Known) -> Iterator[Problem]:
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
