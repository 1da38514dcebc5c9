"""By when a lead must have an owner, and be contacted: in hours of a business calendar."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import field, frozen
from sqlalchemy import delete, insert

from crmcore.api import Calendar, Denied, InvalidInput, PluginReader, Reader, Transaction, calendar_named, tables
from crmcore_sales.i18n import _

_SETTING = "sales.lead.clocks"
_EVERY_HOUR = "always"


def _positive(_instance: object, _attribute: object, value: float) -> None:
    if not 0 < value <= 24 * 90:
        raise InvalidInput(_("A lead waits more than 0 hours, and at most {most}.").format(most=24 * 90))


@frozen(kw_only=True)
class Clocks:
    """How many hours a lead may be without an owner, and without our first word (row S1-04).

    Only hours of the calendar count; those of `always` are all.
    """

    calendar: Calendar
    owner_hours: float = field(default=1.0, validator=_positive)
    contact_hours: float = field(default=24.0, validator=_positive)

    def before(self, now: datetime, hours: float) -> datetime:
        """Return the instant from which `hours` have passed until now: what came earlier waits too long.

        All leads are judged by this one instant, so that a database can find those that are late.
        """
        return self.calendar.add(now, -timedelta(hours=hours))

    def due(self, since: datetime, hours: float) -> datetime:
        """Return the instant at which `hours` have passed since another."""
        return self.calendar.add(since, timedelta(hours=hours))


def clocks(reader: Reader | PluginReader) -> Clocks:
    """Return the clocks of this workspace: an hour to an owner, a day to the first word, unless set otherwise."""
    said = reader.settings().get(_SETTING)
    known: Mapping[str, object] = said if isinstance(said, Mapping) else {}
    return Clocks(
        calendar=calendar_named(reader, str(known.get("calendar", _EVERY_HOUR))),
        owner_hours=float(str(known.get("owner_hours", 1))),
        contact_hours=float(str(known.get("contact_hours", 24))),
    )


def set_clocks(
    tx: Transaction,
    *,
    owner_hours: float | None = None,
    contact_hours: float | None = None,
    calendar: str | None = None,
) -> Clocks:
    """Set what is given of the workspace's clocks, and return them.

    Raises `Denied` for who may not change all leads, and `NotFound` for a calendar that nobody defines.
    """
    if tx.scope.write != "all" and tx.actor.user_id:
        raise Denied(_("The clocks of leads are set by those who may change all of them."))
    before = clocks(tx)
    after = Clocks(
        calendar=before.calendar if calendar is None else calendar_named(tx, calendar),
        owner_hours=before.owner_hours if owner_hours is None else owner_hours,
        contact_hours=before.contact_hours if contact_hours is None else contact_hours,
    )
    told = [_told(before), _told(after)]
    tx.begin()
    tx.connection.execute(delete(tables.setting).where(tables.setting.c.name == _SETTING))
    tx.connection.execute(insert(tables.setting).values(name=_SETTING, value=told[1]))
    tx.record("setting.changed", "setting", 0, {_SETTING: told})
    return after


def _told(one: Clocks) -> dict[str, object]:
    return {
        "owner_hours": one.owner_hours, "contact_hours": one.contact_hours, "calendar": one.calendar.name
    }  # fmt: skip
