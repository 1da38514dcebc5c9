"""What an automation's condition and its texts may ask: the event, the record then, whom it is about, who did it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen
from sqlalchemy import select

from crmcore.automation.past import Moment
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import user_account
from crmcore.engine.workspace import settings
from crmcore.fields.computing import values
from crmcore.hooks.entities import Row
from crmcore.model.change import Event
from crmcore.model.definitions import SHARED, Definitions
from crmcore.workflow.values import MOMENTS, PARTIES, facts_of, parties_of

_ACTOR = "actor"
EVENT = ("id", "type", "entity", "subject_id", "actor", "cause")
"""What conditions may ask of an event itself."""


@frozen(kw_only=True)
class Facts:
    """What is known around some events: parties by kind and id, facts by id, people by login, and the zone."""

    definitions: Definitions
    parties: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(factory=dict)
    people: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    facts: Mapping[int, Mapping[str, Any]] = field(factory=dict)
    zone: ZoneInfo

    def of(self, event: Event, moment: Moment) -> dict[str, Any]:
        """Return what may be asked about an event, by name.

        The record's own and custom fields stand by themselves and in `record` and `after`, what they were in `before`;
        `event` has id, type, entity, subject_id, actor and cause, `data` what the journal tells. Facts are those of
        now: of the past the journal tells only fields.
        """
        after, before = self._values(moment, moment.after), self._values(moment, moment.before)
        row = moment.after or moment.before or {}
        about = {kind: found.get(_party(moment, row, kind) or 0) for kind, found in self.parties.items()}
        return {
            **self.facts.get(event.subject_id, {}),
            **after,
            **about,
            "record": after,
            "after": after,
            "before": before,
            "event": {name: getattr(event, name) for name in EVENT},
            "data": event.data,
            "actor": self.people.get(event.actor, {"login": event.actor, "role": "", "team": ""}),
            "now": event.at,
            "today": event.at.astimezone(self.zone).date(),
        }

    def _values(self, moment: Moment, row: Row | None) -> dict[str, Any]:
        known = row or moment.after or moment.before
        if known is None:
            return {}
        process = str(known.get("process") or "") if moment.entity == SHARED else ""
        found = values(self.definitions.fields_of(moment.entity, process), known)
        return found if row is not None else dict.fromkeys(found)


def _party(moment: Moment, row: Row, kind: str) -> int | None:
    return row.get("id") if moment.entity == kind else row.get(f"{kind}_id")


def facts(
    reader: Reader, entities: Entities, names: Iterable[str], events: Sequence[Event], moments: Mapping[int, Moment]
) -> Facts:
    """Return what conditions that use `names` ask for around some events: set-wise, for all of them at once.

    Four statements at most, and one for each fact of an entity's that is named.
    """
    connection, definitions = reader.connection, reader.definitions
    asked = set(names)
    zone = str(settings(connection).get("zone") or "UTC") if asked & set(MOMENTS) else "UTC"
    parties: dict[str, Mapping[int, Mapping[str, Any]]] = {}
    for kind in asked & PARTIES.keys():
        found = (moment for event in events if (moment := moments.get(event.id)) is not None)
        ids = {_party(each, each.after or each.before or {}, kind) for each in found} - {None}
        parties[kind] = parties_of(connection, definitions, kind, ids)  # type: ignore[arg-type] # None was taken out
    people: dict[str, Mapping[str, Any]] = {}
    if _ACTOR in asked:
        c = user_account.c
        logins = {event.actor for event in events}
        rows = connection.execute(select(c.login, c.role, c.team).where(c.login.in_(logins))).mappings()
        people = {row["login"]: dict(row) for row in rows}
    naming: dict[str, dict[str, list[int]]] = {}
    for event in events:
        moment = moments.get(event.id)
        if moment is not None and moment.after is not None:
            for name in asked:
                naming.setdefault(moment.entity, {}).setdefault(name, []).append(event.subject_id)
    known = facts_of(reader, entities, naming)
    return Facts(definitions=definitions, parties=parties, people=people, facts=known, zone=ZoneInfo(zone))
