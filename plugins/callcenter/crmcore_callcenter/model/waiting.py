"""How long a caller waited: a column that follows from the others of a call."""

from typing import Any


def waited(row: dict[str, Any]) -> None:
    """Fill in the whole seconds from when a call came, or entered its queue, until it was answered or given up.

    Who is greeted by a machine first waits from the queue on. None while they wait, and where a source does not say
    when the call was answered.
    """
    until = row["answered_at"] if row["answered"] else row["ended_at"]
    since = row["queued_at"] or row["started_at"]
    row["wait_seconds"] = None if until is None else max(int((until - since).total_seconds()), 0)
