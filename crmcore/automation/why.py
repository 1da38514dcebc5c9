"""Why an automation did or did not run for an event: one plain answer for every way it can have gone."""

from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import and_, or_, select

from crmcore.automation import ledger, listening
from crmcore.automation.facts import facts
from crmcore.automation.judging import explained_pattern, judge, listens, names_asked
from crmcore.automation.past import NOTHING, moments
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import delivery, journal, subscription
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.model.change import Event
from crmcore.model.definitions import Automation, Definitions
from crmcore.workflow.values import hidden_paths

_APPLIED = ("config.applied", "config.reverted")
_LOOKED_BACK = 1000


@frozen(kw_only=True)
class Answer:
    """Why an automation ran for an event or not.

    `outcome` is done, not (the condition did not hold), deaf (it does not listen to such events), before (it was not
    in force), waiting (to be delivered, or to be tried again), parked, cut (a loop), or failed.
    """

    event_id: int
    at: datetime
    type: str
    entity: str
    subject_id: int
    outcome: str
    reason: str
    made: list[Any]


def named(definitions: Definitions, reader: Reader, name: str) -> Automation:
    """Return the automation of that name; raises `NotFound`, which says when it was taken away if it was."""
    found = next((one for one in definitions.automations if one.name == name), None)
    if found is not None:
        return found
    for row in _applications(reader):
        for change in row.data["changes"]:
            if change["kind"] == "automation" and change["name"] == name and change["action"] == "removed":
                raise NotFound(
                    _("Automation {name} is not in force: {actor} took it away on {date} ({cause}).").format(
                        name=name, actor=row.actor, date=row.at.date(), cause=row.cause or "–"
                    )
                )
    known = ", ".join(one.name for one in definitions.automations) or _("none")
    raise NotFound(_("There is no automation “{name}”; there are: {known}.").format(name=name, known=known))


def of_event(
    reader: Reader, definitions: Definitions, entities: Entities, automation: Automation, event_id: int
) -> Answer:
    """Return why an automation ran for an event or not; raises `NotFound` for an event that is none or is hidden."""
    found = _events(reader, journal.c.id == event_id, 1)
    if not found:
        raise NotFound(_("There is no entry #{id} in the journal.").format(id=event_id))
    return _answers(reader, definitions, entities, automation, found)[0]


def of_record(
    reader: Reader, definitions: Definitions, entities: Entities, automation: Automation, record_id: int, limit: int
) -> list[Answer]:
    """Return why an automation ran or not for the last events of a record, the newest first.

    Those it does not listen to are left out, unless there are no others.
    """
    found = _events(reader, journal.c.subject_id == record_id, limit)
    if not found:
        raise NotFound(_("There is no record {id}.").format(id=record_id))
    answers = _answers(reader, definitions, entities, automation, found)
    return [one for one in answers if one.outcome != "deaf"] or answers


def _events(reader: Reader, condition: Any, limit: int) -> list[Event]:
    c = journal.c
    columns = (c.id, c.at, c.actor, c.cause, c.type, c.entity, c.subject_id, c.data, c.cause_id, c.depth)
    rows = reader.rows(select(*columns).where(condition).order_by(c.id.desc()).limit(limit))
    return [Event(**row._mapping) for row in rows]


def _answers(
    reader: Reader, definitions: Definitions, entities: Entities, automation: Automation, events: list[Event]
) -> list[Answer]:
    heard = [event for event in events if listens(automation, event.type)]
    found = moments(reader.connection, entities, heard) if heard else {}
    known = facts(reader, entities, names_asked(automation), heard, found)
    began = _began(reader, automation)
    return [
        _answer(event, *_told(reader, automation, event, began, lambda e=event: known.of(e, found.get(e.id, NOTHING))))
        for event in events
    ]


def _answer(event: Event, outcome: str, reason: str, made: list[Any]) -> Answer:
    return Answer(
        event_id=event.id,
        at=event.at,
        type=event.type,
        entity=event.entity,
        subject_id=event.subject_id,
        outcome=outcome,
        reason=reason,
        made=made,
    )


def _told(reader: Reader, automation: Automation, event: Event, began: Any, given: Any) -> tuple[str, str, list[Any]]:
    """Return the outcome, the reason and what was made: the first that applies."""
    if not listens(automation, event.type):
        return "deaf", explained_pattern(automation, event.type), []
    run = ledger.of_event(reader.connection, automation.name, event.id)
    if run is not None:
        return run.outcome, run.reason, run.made
    if began is not None and event.id < began.id:
        told = _("it was applied on {at}, and hears only of what happens from then on")
        return "before", told.format(at=began.at.isoformat(timespec="minutes")), []
    late = _delivery(reader, automation, event)
    if late is not None:
        return late
    verdict = judge(automation, given(), hidden_paths(reader.visibility, event.entity))
    if not verdict.holds:
        return ("failed" if verdict.failed else "not"), verdict.reason, []
    return "not", _("its condition holds as it is defined now; when this happened it was defined otherwise"), []


def _applications(reader: Reader) -> Any:
    c = journal.c
    statement = select(c.id, c.at, c.actor, c.cause, c.data).where(c.type.in_(_APPLIED), c.entity == "definition")
    return reader.connection.execute(statement.order_by(c.id.desc()).limit(_LOOKED_BACK)).all()


def _began(reader: Reader, automation: Automation) -> Any:
    """Return the journal entry by which the automation came into force last."""
    for row in _applications(reader):
        for change in row.data["changes"]:
            if (change["kind"], change["name"], change["action"]) == ("automation", automation.name, "added"):
                return row
    return None


def _delivery(reader: Reader, automation: Automation, event: Event) -> tuple[str, str, list[Any]] | None:
    """Return what holds the event up on its way to the automation; None when it was delivered."""
    name = listening.name(automation.name)
    d, s, j = delivery.c, subscription.c, journal.c
    late = reader.connection.execute(select(delivery).where(d.subscription == name, d.event_id == event.id)).first()
    if late is not None:
        if late.state == "cut":
            return "cut", late.error, []
        if late.state == "parked":
            told = _("it failed {n} times and is set aside: {error}; `crm delivery retry` tries it again")
            return "parked", told.format(n=late.attempts, error=late.error), []
        if late.attempts:
            told = _("it failed {n} times: {error}; it is tried again at {at}")
            at = late.next_at.isoformat(timespec="minutes") if late.next_at else "–"
            return "waiting", told.format(n=late.attempts, error=late.error, at=at), []
        return "waiting", _("it waits behind an earlier event of the same record, which failed"), []
    ahead = or_(j.xid >= s.until, and_(j.xid >= s.xid, j.id > s.event_id))
    statement = select(j.id).join_from(journal, subscription, s.name == name).where(j.id == event.id, ahead)
    if reader.connection.execute(statement).first() is not None:
        return "waiting", _("it is waiting to be delivered: run a command, or `crm worker`"), []
    return None
