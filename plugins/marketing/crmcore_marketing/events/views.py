"""Events as lists and programs see them: how many registered, wait, came and stayed away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import NotFound, PluginReader, Reader, logins
from crmcore_marketing.campaigns.finding import campaign_titles
from crmcore_marketing.events.seats import TAKEN
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import event, registration


@frozen(kw_only=True)
class EventView:
    """An event as listed; `free` are the seats left, None without a capacity."""

    id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    url: str
    campaign: Mapping[str, Any] | None
    status: str
    owner: str
    capacity: int | None
    free: int | None
    registered: int
    waiting: int
    attended: int
    no_show: int
    cancelled: int
    uid: str
    note: str
    version: int


_TOLD = ("id", "name", "starts_at", "ends_at", "zone", "place", "url", "status", "capacity", "uid", "note", "version")


def page(
    reader: Reader | PluginReader,
    *,
    limit: int,
    after: int | None = None,
    campaign_id: int | None = None,
    status: str = "",
    upcoming: bool = False,
) -> list[EventView]:
    """Return events in the order of their ids, after one of them: four statements."""
    c = event.c
    wanted = select(event).order_by(c.id).limit(limit)
    if after is not None:
        wanted = wanted.where(c.id > after)
    if campaign_id is not None:
        wanted = wanted.where(c.campaign_id == campaign_id)
    if status:
        wanted = wanted.where(c.status == status)
    if upcoming:
        wanted = wanted.where(c.ends_at > reader.now, c.status == "planned")
    return _views(reader, wanted)


def view(reader: Reader | PluginReader, event_id: int) -> EventView:
    """Return an event; raises `NotFound` for one that is absent or hidden."""
    found = _views(reader, select(event).where(event.c.id == event_id))
    if not found:
        raise NotFound(_("There is no event {id}.").format(id=event_id))
    return found[0]


def _views(reader: Reader | PluginReader, wanted: Select[Any]) -> list[EventView]:
    rows = reader.rows(wanted)
    counts = _counts(reader, [row.id for row in rows])
    titles = campaign_titles(reader, [row.campaign_id for row in rows])
    users = logins(reader, [row.owner_id for row in rows])
    found = []
    for row in rows:
        states = counts.get(row.id, {})
        taken = sum(states.get(one, 0) for one in TAKEN)
        found.append(
            EventView(
                **{name: getattr(row, name) for name in _TOLD},
                registered=states.get("registered", 0),
                waiting=states.get("waiting", 0),
                attended=states.get("attended", 0),
                no_show=states.get("no_show", 0),
                cancelled=states.get("cancelled", 0),
                campaign={"id": row.campaign_id, "name": titles[row.campaign_id]}
                if row.campaign_id in titles
                else None,
                owner=users.get(row.owner_id, ""),
                free=None if row.capacity is None else max(row.capacity - taken, 0),
            )
        )
    return found


def _counts(reader: Reader | PluginReader, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    c = registration.c
    statement = select(c.event_id, c.status, func.count().label("n")).where(c.event_id.in_(ids))
    found: dict[int, dict[str, int]] = {}
    for row in reader.rows(statement.group_by(c.event_id, c.status)) if ids else ():
        found.setdefault(row.event_id, {})[row.status] = row.n
    return found
