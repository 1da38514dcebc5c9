"""The ledger of runs: what each automation did for which event, what was cut off, what failed.

An event for which the condition did not hold leaves no row: there are as many as changes in the workspace, and `crm
automation why` tells them from the journal, exactly. So the ledger grows only with what automations do.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, func, insert, select

from crmcore.engine.tables import automation_run
from crmcore.model.change import Event

DONE, CUT, FAILED = "done", "cut", "failed"


@frozen(kw_only=True)
class Run:
    """A run as the ledger has it; `made` tells each action with its arguments, and the record it made or changed."""

    automation: str
    event_id: int
    entity: str
    subject_id: int
    outcome: str
    reason: str
    made: list[Any]
    at: datetime


def write(
    connection: Connection,
    automation: str,
    event: Event,
    outcome: str,
    at: datetime,
    *,
    reason: str = "",
    made: Any = (),
) -> None:
    """Note a run, in the transaction that did it: a second one for the same event would not be stored."""
    connection.execute(
        insert(automation_run).values(
            automation=automation, event_id=event.id, entity=event.entity, subject_id=event.subject_id,
            outcome=outcome, reason=reason, made=list(made), at=at,
        )
    )  # fmt: skip


def of_event(connection: Connection, automation: str, event_id: int) -> Run | None:
    """Return an automation's run for an event, None when there was none."""
    c = automation_run.c
    row = connection.execute(select(automation_run).where(c.automation == automation, c.event_id == event_id)).first()
    return None if row is None else Run(**row._mapping)


def of_record(connection: Connection, automation: str, record_id: int, limit: int) -> Sequence[Run]:
    """Return an automation's last runs for a record, the newest first."""
    c = automation_run.c
    statement = select(automation_run).where(c.automation == automation, c.subject_id == record_id)
    rows = connection.execute(statement.order_by(c.event_id.desc()).limit(limit))
    return [Run(**row._mapping) for row in rows]


def counts(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return by automation how often it ran with each outcome, and when last: one statement."""
    c = automation_run.c
    statement = select(c.automation, c.outcome, func.count().label("n"), func.max(c.at).label("last"))
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(statement.group_by(c.automation, c.outcome)):
        one = found.setdefault(row.automation, {"last": None})
        one[row.outcome] = row.n
        one["last"] = row.last if one["last"] is None else max(one["last"], row.last)
    return found
