"""By when a lead must have an owner, and be contacted: in hours of the days on which we work."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import field, frozen
from sqlalchemy import delete, insert

from crmcore.api import Denied, InvalidInput, PluginReader, Reader, Transaction, here, tables
from crmcore_sales.i18n import _

_SETTING = "sales.lead.clocks"
_EVERY_DAY = "1234567"


def _positive(_instance: object, _attribute: object, value: float) -> None:
    if not 0 < value <= 24 * 90:
        raise InvalidInput(_("A lead waits more than 0 hours, and at most {most}.").format(most=24 * 90))


def _week(_instance: object, _attribute: object, value: str) -> None:
    if not value or set(value) - set(_EVERY_DAY):
        told = _("The days we work on are digits from 1 (Monday) to 7 (Sunday), not “{days}”.")
        raise InvalidInput(told.format(days=value))


@frozen(kw_only=True)
class Clocks:
    """How many hours a lead may be without an owner, and without our first word (row S1-04).

    Only hours of `days` count: ISO weekdays in `zone`, 1 is Monday; “12345” stops the clocks over the weekend.
    """

    zone: ZoneInfo
    owner_hours: float = field(default=1.0, validator=_positive)
    contact_hours: float = field(default=24.0, validator=_positive)
    days: str = field(default=_EVERY_DAY, validator=_week)

    def before(self, now: datetime, hours: float) -> datetime:
        """Return the instant from which `hours` have passed until now: what came earlier waits too long.

        All leads are judged by this one instant, so that a database can find those that are late.
        """
        day, end, left = now.astimezone(self.zone).date(), now.astimezone(UTC), timedelta(hours=hours)
        while True:
            begin = self._midnight(day)
            if self._counts(day):
                if left <= end - begin:
                    return end - left
                left -= end - begin
            end, day = begin, day - timedelta(days=1)

    def due(self, since: datetime, hours: float) -> datetime:
        """Return the instant at which `hours` have passed since another."""
        if self.days == _EVERY_DAY:
            return since + timedelta(hours=hours)
        day, begin, left = since.astimezone(self.zone).date(), since.astimezone(UTC), timedelta(hours=hours)
        while True:
            end = self._midnight(day + timedelta(days=1))
            if self._counts(day):
                if left <= end - begin:
                    return begin + left
                left -= end - begin
            begin, day = end, day + timedelta(days=1)

    def _counts(self, day: date) -> bool:
        return str(day.isoweekday()) in self.days

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def clocks(reader: Reader | PluginReader) -> Clocks:
    """Return the clocks of this workspace: an hour to an owner, a day to the first word, unless set otherwise."""
    said = reader.settings().get(_SETTING)
    known: Mapping[str, object] = said if isinstance(said, Mapping) else {}
    return Clocks(
        zone=here(reader).zone,
        owner_hours=float(str(known.get("owner_hours", 1))),
        contact_hours=float(str(known.get("contact_hours", 24))),
        days=str(known.get("days", _EVERY_DAY)),
    )


def set_clocks(
    tx: Transaction, *, owner_hours: float | None = None, contact_hours: float | None = None, days: str | None = None
) -> Clocks:
    """Set what is given of the workspace's clocks, and return them.

    Raises `Denied` for who may not change all leads.
    """
    if tx.scope.write != "all" and tx.actor.user_id:
        raise Denied(_("The clocks of leads are set by those who may change all of them."))
    before = clocks(tx)
    after = Clocks(
        zone=before.zone,
        owner_hours=before.owner_hours if owner_hours is None else owner_hours,
        contact_hours=before.contact_hours if contact_hours is None else contact_hours,
        days=before.days if days is None else "".join(sorted(set(days))),
    )
    told = [_told(before), _told(after)]
    tx.begin()
    tx.connection.execute(delete(tables.setting).where(tables.setting.c.name == _SETTING))
    tx.connection.execute(insert(tables.setting).values(name=_SETTING, value=told[1]))
    tx.record("setting.changed", "setting", 0, {_SETTING: told})
    return after


def _told(one: Clocks) -> dict[str, object]:
    return {"owner_hours": one.owner_hours, "contact_hours": one.contact_hours, "days": one.days}
