"""The decisions of the past, from the journal."""

from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Text, cast, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import journal

ALLOWED, REFUSED = "policy.allowed", "policy.refused"


@frozen(kw_only=True)
class Asked:
    """A decision of the past: who asked to do what, and whether it was allowed.

    `objections` are [plugin, reason, blocks or warns, until when].
    """

    id: int
    at: datetime
    actor: str
    cause: str
    allowed: bool
    entity: str
    subject_id: int
    act: dict[str, Any]
    objections: list[list[Any]]


def page(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    subject_id: int | None = None,
    refused: bool = False,
    plugin: str = "",
    since: datetime | None = None,
) -> list[Asked]:
    """Return the decisions of the past, newest first, from the one that follows the entry `after`: one statement.

    `plugin` keeps those that this plugin objected to. Decisions about parties hidden from the actor are left out.
    """
    c = journal.c
    statement = select(journal).where(c.type.in_([REFUSED] if refused else [ALLOWED, REFUSED])).order_by(c.id.desc())
    if subject_id is not None:
        statement = statement.where(c.subject_id == subject_id)
    if after is not None:
        statement = statement.where(c.id < after)
    if since is not None:
        statement = statement.where(c.at >= since)
    if plugin:  # as both databases write the beginning of an objection
        statement = statement.where(cast(c.data, Text).contains(f'["{plugin}",', autoescape=True))
    return [
        Asked(
            id=row.id,
            at=row.at,
            actor=row.actor,
            cause=row.cause,
            allowed=row.type == ALLOWED,
            entity=row.entity,
            subject_id=row.subject_id,
            act=row.data["act"],
            objections=row.data["objections"],
        )
        for row in reader.rows(statement.limit(limit))
    ]
