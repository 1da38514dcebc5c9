"""A dry run over history: for which entries of the journal an automation would have run, and what it would have done.

Nothing is written. Each condition is judged with the record as it was then (`past`), so what a dry run says of an entry
is what the automation would have said.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.automation.facts import facts
from crmcore.automation.judging import judge, listens, names_asked
from crmcore.automation.past import NOTHING, moments
from crmcore.automation.subscriber import arguments_of, plainly
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import journal
from crmcore.errors import Denied
from crmcore.i18n import _
from crmcore.model.change import Event
from crmcore.model.definitions import Automation, Definitions

_AT_ONCE = 2000


@frozen(kw_only=True)
class Match:
    """An entry for which the automation would have run, and what it would have done."""

    event_id: int
    at: datetime
    type: str
    entity: str
    subject_id: int
    actor: str
    would: list[dict[str, Any]]


@frozen(kw_only=True)
class Trial:
    """A dry run: entries looked at, those heard, for how many it would have run, and the first of these.

    `failed` counts entries for which the condition cannot be evaluated, `why_failed` has the first reason. `again`
    counts, among the runs, those for a record it had run for before.
    """

    automation: str
    since: datetime
    entries: int
    heard: int
    runs: int
    records: int
    again: int
    failed: int
    why_failed: str
    matches: list[Match]


def trial(
    reader: Reader,
    definitions: Definitions,
    entities: Entities,
    automation: Automation,
    since: datetime,
    *,
    limit: int,
) -> Trial:
    """Run an automation over the journal since an instant without doing anything; the first `limit` runs are told.

    A handful of statements for each 2,000 entries. Entries about what the actor may not see are left out. Raises
    `Denied` for an actor from whom fields are hidden: conditions and texts are made of values as they are stored.
    """
    if reader.visibility.hide:
        raise Denied(
            _("A dry run shows values as they are stored; some fields are hidden from {login} (role {role}).").format(
                login=reader.actor.login, role=reader.actor.role
            )
        )
    names = names_asked(automation)
    entries = heard = failed = 0
    why_failed = ""
    records: Counter[int] = Counter()
    matches: list[Match] = []
    for chunk in _entries(reader, since):
        entries += len(chunk)
        events = [event for event in chunk if listens(automation, event.type)]
        heard += len(events)
        found = moments(reader.connection, entities, events) if events else {}
        known = facts(reader, entities, names, events, found)
        for event in events:
            given = known.of(event, found.get(event.id, NOTHING))
            verdict = judge(automation, given)
            failed += verdict.failed
            why_failed = why_failed or (verdict.reason if verdict.failed else "")
            if not verdict.holds:
                continue
            records[event.subject_id] += 1
            if len(matches) < limit:
                would = [{"do": one.get("do"), **arguments_of(one, given)} for one in automation.actions]
                matches.append(_match(event, would))
    return Trial(
        automation=automation.name,
        since=since,
        entries=entries,
        heard=heard,
        runs=records.total(),
        records=len(records),
        again=records.total() - len(records),
        failed=failed,
        why_failed=why_failed,
        matches=matches,
    )


def _match(event: Event, would: list[dict[str, Any]]) -> Match:
    return Match(
        event_id=event.id,
        at=event.at,
        type=event.type,
        entity=event.entity,
        subject_id=event.subject_id,
        actor=event.actor,
        would=plainly(would),
    )


def _entries(reader: Reader, since: datetime) -> Iterator[Sequence[Event]]:
    """Yield the journal since an instant, in chunks."""
    c = journal.c
    columns = (c.id, c.at, c.actor, c.cause, c.type, c.entity, c.subject_id, c.data, c.cause_id, c.depth)
    statement = select(*columns).where(c.at >= since).order_by(c.id).limit(_AT_ONCE)
    last = 0
    while rows := reader.rows(statement.where(c.id > last)):
        yield [Event(**row._mapping) for row in rows]
        last = rows[-1].id
