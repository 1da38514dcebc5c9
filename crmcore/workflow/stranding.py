"""Which items a change of a definition would leave in a state that is no more (a change that is refused)."""

from sqlalchemy import Connection, func, select

from crmcore.engine.mapping import Entities
from crmcore.engine.tables import process_item
from crmcore.i18n import _
from crmcore.model.definitions import SHARED, Definitions, Process


def stranded(connection: Connection, entities: Entities, old: Definitions, new: Definitions) -> list[str]:
    """Return a sentence for each state with records in it that the new definitions take away, with how many.

    One statement for each process that loses a state. A process that goes as a whole strands its records too, unless
    they have an end: closed ones stay readable.
    """
    sentences = []
    for before in old.processes:
        after = new.process(before.name)
        gone = _gone(before, after)
        if not gone or before.entity not in entities.tables:
            continue
        for state, count in _standing(connection, entities, before, gone):
            sentences.append(
                _(
                    "{n} records of process {process} are in state {state}, which is taken away: move them first."
                ).format(n=count, process=before.name, state=state)
            )
    return sentences


def _gone(before: Process, after: Process | None) -> list[str]:
    """Return the states that a process loses; of one that goes as a whole those that are no end."""
    if after is None:
        return [state.name for state in before.states if state.kind == "open"]
    if (after.entity, after.field) != (before.entity, before.field):
        return [state.name for state in before.states]
    kept = {state.name for state in after.states}
    return [state.name for state in before.states if state.name not in kept]


def _standing(connection: Connection, entities: Entities, process: Process, states: list[str]) -> list[tuple[str, int]]:
    table = entities.tables[process.entity]
    column = table.c[process.field]
    statement = select(column, func.count()).where(column.in_(states)).group_by(column).order_by(column)
    if process.entity == SHARED:
        statement = statement.where(process_item.c.process == process.name)
    return [(state, count) for state, count in connection.execute(statement).tuples()]
