"""Checking processes: states that can be reached and left, ways between them, and what the ways ask for."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crmcore.configuring.check_fields import constraints
from crmcore.configuring.expressions import ACTOR, MOMENT, Problem, expression, in_circle, parties, samples
from crmcore.configuring.known import Known
from crmcore.definitions.reading import near
from crmcore.fields.computing import circle
from crmcore.i18n import _
from crmcore.model.definitions import CREATED, SHARED, Definitions, Process


def process_problems(process: Process, definitions: Definitions, known: Known) -> Iterator[Problem]:
    """Yield what is wrong with a process."""
    if process.entity not in known.entities:
        yield (
            ("entity",),
            _("there is no entity {entity}").format(entity=process.entity)
            + near(process.entity, sorted(known.entities)),
        )
        return
    other = next(
        (
            one.name
            for one in (*definitions.processes, *known.brought.values())
            if one.entity == process.entity != SHARED and one.name != process.name
        ),
        None,
    )
    if other is not None:
        yield (
            ("entity",),
            _("records of {entity} go through process {other} already; define that one otherwise").format(
                entity=process.entity, other=other
            ),
        )
    own = known.entities[process.entity]
    fields = definitions.fields_of(process.entity, process.name)
    if process.field not in own:
        yield (
            ("field",),
            _("{entity} has no field {field}").format(entity=process.entity, field=process.field)
            + near(process.field, sorted(own)),
        )
    if process.fields and process.entity not in known.extensible:
        yield ("fields",), _("{entity} takes no fields of your own").format(entity=process.entity)
    for at, field in enumerate(process.fields):
        for keys, reason in constraints(field, definitions):
            yield ("fields", at, *keys), f"{field.name}: {reason}"
        if field.name in own or field.name in known.facts[process.entity]:
            yield (
                ("fields", at),
                _("{entity} has a field of its own called {name}").format(entity=process.entity, name=field.name),
            )
        if field.compute:
            yield from expression(field.compute, {**own, **samples(fields)}, ("fields", at, "compute"))
    if names := circle(fields):
        yield ("fields",), in_circle(names)
    yield from _told(process)
    yield from _states(process)
    yield from _ways(process, {**own, **samples(fields)}, definitions, known)


def _told(process: Process) -> Iterator[Problem]:
    """Yield what is wrong with what people are told in a state."""
    certain = {"won": 100, "lost": 0}
    for at, state in enumerate(process.states):
        chance, days = state.probability, state.days
        if chance is not None and not (0 <= chance <= 100 and chance == int(chance)):
            yield ("states", at, "probability"), _("a probability is a whole number from 0 to 100")
        elif chance is not None and chance != certain.get(state.kind, chance):
            yield (
                ("states", at, "probability"),
                _("what is {kind} has the probability {n}").format(kind=_(state.kind), n=certain[state.kind]),
            )
        if days is not None and not (days >= 1 and days == int(days)):
            yield ("states", at, "days"), _("days are a whole number, 1 or more")
        if "" in state.steps:
            yield ("states", at, "steps"), _("a step says what is to do")


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
            about = parties(definitions, known)
            asked = {**MOMENT, **ACTOR, **about, **known.facts[process.entity], **names}
            yield from expression(way.guard, asked, (*keys, "guard"), holds=True)
        for name in way.requires:
            if name not in names:
                yield (*keys, "requires"), _("there is no field {name}").format(name=name) + near(name, sorted(names))
        for role in way.roles:
            if role not in roles:
                yield (*keys, "roles"), _("there is no role {role}").format(role=role) + near(role, sorted(roles))
