"""What is wrong with the definition of a process, said when it is applied and not when an item meets it."""

from collections import Counter
from collections.abc import Iterator

from crmcore.definitions.conditions import Condition
from crmcore.engine.mapping import Entities
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.definitions import CREATED, SHARED, Definitions, Process
from crmcore.workflow.rules import fields_of
from crmcore.workflow.values import MOMENTS, PARTIES


def problems(process: Process, definitions: Definitions, entities: Entities) -> list[str]:
    """Return a sentence for everything that is wrong with a process; `definitions` have its fields already."""
    return [
        _("Process {name}: {problem}.").format(name=process.name, problem=one)
        for one in _all(process, definitions, entities)
    ]


def _all(process: Process, definitions: Definitions, entities: Entities) -> Iterator[str]:
    if not process.states:
        yield _("it has no state")
        return
    for name, count in Counter(state.name for state in process.states).items():
        if count > 1:
            yield _("state {state} is there twice").format(state=name)
    known = {entity.name for entity in entities}
    if process.entity not in known:
        yield _("there is no entity {entity}").format(entity=process.entity)
        return
    yield from _of_entity(process, definitions, entities)
    yield from _of_ways(process, definitions, entities)


def _of_entity(process: Process, definitions: Definitions, entities: Entities) -> Iterator[str]:
    entity = entities.named(process.entity)
    if process.field not in entity.fields or entity.table.c[process.field].type.python_type is not str:
        yield _("{entity} has no text field {field} to hold the state").format(entity=entity.name, field=process.field)
    if process.entity == SHARED and process.field != "state":
        yield _("the state of {entity} is in its field state").format(entity=SHARED)
    if process.fields and "custom" not in entity.fields:
        yield _("{entity} takes no fields: its table has no column custom").format(entity=entity.name)
    others = [
        one.name for one in definitions.processes if one.entity == process.entity != SHARED and one.name != process.name
    ]
    if others:
        yield _("{entity} has a process already: {others}").format(entity=entity.name, others=", ".join(others))


def _of_ways(process: Process, definitions: Definitions, entities: Entities) -> Iterator[str]:
    states = {state.name for state in process.states}
    own = set(entities.named(process.entity).fields) - {"custom"}
    fields = own | {one.name for one in fields_of(definitions, process)}
    for way in process.transitions:
        place = f"{way.origin or '–'} → {way.target}"
        for name in dict.fromkeys((way.origin, way.target)):
            if name not in states and (name != CREATED or way.target == CREATED):
                yield _("{way}: there is no state “{state}”").format(way=place, state=name)
        for name in way.requires:
            if name not in fields:
                yield _("{way} requires {field}, which is no field of it").format(way=place, field=name)
        if way.guard:
            try:
                Condition(way.guard).check_names(fields | set(MOMENTS) | set(PARTIES))
            except InvalidInput as error:
                yield f"{place}: {str(error).rstrip('.。')}"
    reached = {process.states[0].name}
    while onward := {w.target for w in process.transitions if w.origin in reached | {CREATED}} - reached:
        reached |= onward
    for state in process.states:
        if state.name not in reached:
            yield _("no way leads to state {state}").format(state=state.name)
